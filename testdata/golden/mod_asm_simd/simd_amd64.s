#include "textflag.h"

TEXT ·add(SB), NOSPLIT, $0-24
    MOVQ a+0(FP), AX
    ADDQ b+8(FP), AX
    MOVQ AX, ret+16(FP)
    RET

TEXT ·searchAVX2(SB), NOSPLIT, $0-20
    MOVQ needle+0(FP), SI
    MOVQ haystack+8(FP), DI
    // Load needle into YMM register
    VMOVDQU (SI), Y0
    // Compare 32 bytes at once
    VPCMPEQB (DI), Y0, Y1
    // Extract match mask
    VPMOVMSKB Y1, AX
    MOVL AX, ret+16(FP)
    VZEROUPPER
    RET

TEXT ·indexAVX2(SB), NOSPLIT, $0-40
    MOVQ p_base+0(FP), SI
    MOVQ p_len+8(FP), CX
    VPBROADCASTB c+24(FP), Y0
    XORQ DX, DX
wide:
    LEAQ 32(DX), BX
    CMPQ BX, CX
    JGT bytes
    VPCMPEQB (SI)(DX*1), Y0, Y1
    VPMOVMSKB Y1, AX
    TESTL AX, AX
    JNE found
    MOVQ BX, DX
    JMP wide
found:
    BSFL AX, AX
    ADDQ AX, DX
    JMP done
bytes:
    MOVB c+24(FP), AX
next:
    CMPQ DX, CX
    JGE none
    CMPB (SI)(DX*1), AX
    JEQ done
    INCQ DX
    JMP next
none:
    MOVQ $-1, DX
done:
    MOVQ DX, ret+32(FP)
    VZEROUPPER
    RET

TEXT ·hasAVX2(SB), NOSPLIT, $0-1
    MOVB $0, ret+0(FP)
    MOVL $0, AX
    MOVL $0, CX
    CPUID
    CMPL AX, $7
    JLT no
    MOVL $1, AX
    MOVL $0, CX
    CPUID
    ANDL $(1<<27 | 1<<28), CX
    CMPL CX, $(1<<27 | 1<<28)
    JNE no
    MOVL $0, CX
    XGETBV
    ANDL $6, AX
    CMPL AX, $6
    JNE no
    MOVL $7, AX
    MOVL $0, CX
    CPUID
    SHRL $5, BX
    ANDL $1, BX
    MOVB BX, ret+0(FP)
no:
    RET
