#include "textflag.h"
#include "go_asm.h"
#include "macros.h"

TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), AX
	ADDQ b+8(FP), AX
	MOVQ AX, ret+16(FP)
	RET

TEXT ·sum(SB), NOSPLIT, $0-37
	MOVQ p_base+0(FP), SI
	MOVQ p_len+8(FP), CX
	XORQ AX, AX
	XORQ DX, DX
loop:
	CMPQ DX, CX
	JGE  done
	ADDQ (SI)(DX*8), AX
	INCQ DX
	JMP  loop
done:
	MOVQ AX, total+24(FP)
	MOVL DX, n+32(FP)
	MOVB $1, ok+36(FP)
	RET

DATA one<>+0(SB)/8, $1
GLOBL one<>(SB), RODATA, $8

DATA ·table+0(SB)/8, $11
DATA ·table+8(SB)/8, $22
GLOBL ·table(SB), NOPTR, $16

// A pointer to data.
DATA where<>+0(SB)/8, $·shared(SB)
GLOBL where<>(SB), NOPTR, $8

TEXT ·bump(SB), NOSPLIT, $0-8
	MOVQ by+0(FP), AX
	ADDQ one<>(SB), AX
	ADDQ AX, ·counter(SB)
	RET

TEXT ·sharedAt(SB), NOSPLIT, $0-12
	MOVQ where<>(SB), AX
	MOVQ i+0(FP), CX
	MOVL (AX)(CX*4), AX
	MOVL AX, ret+8(FP)
	RET

TEXT ·name(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), AX
	MOVQ (point_name+0)(AX), BX
	MOVQ (point_name+8)(AX), CX
	MOVQ BX, ret_base+8(FP)
	MOVQ CX, ret_len+16(FP)
	RET

TEXT ·limits(SB), NOSPLIT, $0-8
	MOVQ $(const_limit+MORE), AX
	MOVQ AX, ret+0(FP)
	RET

TEXT ·floats(SB), NOSPLIT, $0-36
	MOVSS    a+0(FP), X0
	CVTSS2SD X0, X1
	ADDSD    b+8(FP), X1
	MOVBQZX  c+16(FP), AX
	CVTSQ2SD AX, X2
	ADDSD    X2, X1
	MOVSD    X1, ret+24(FP)
	ADDSS    X0, X0
	MOVSS    X0, ret1+32(FP)
	RET

TEXT ·small(SB), NOSPLIT, $0-14
	MOVBLSX a+0(FP), AX
	MOVWLZX c+2(FP), BX
	ADDL    BX, AX
	ADDL    d+4(FP), AX
	MOVL    AX, ret+8(FP)
	MOVBLZX b+1(FP), CX
	XORL    $1, CX
	MOVB    CX, ret1+12(FP)
	MOVB    $-9, ret2+13(FP)
	RET

TEXT ·swap(SB), NOSPLIT, $0-144
	MOVQ i_type+56(FP), AX
	MOVQ i_data+64(FP), BX
	MOVQ AX, ret_type+72(FP)
	MOVQ BX, ret_data+80(FP)
	MOVQ l_g+48(FP), AX
	MOVQ AX, ret1_a+88(FP)
	MOVQ l_a+0(FP), AX
	MOVQ AX, ret1_g+136(FP)
	RET

TEXT ·callGo(SB), $16-16
	MOVQ n+0(FP), AX
	MOVQ AX, 0(SP)
	CALL ·triple(SB)
	MOVQ 8(SP), AX
	MOVQ AX, ret+8(FP)
	RET

TEXT ·deep(SB), $216-16
	NO_LOCAL_POINTERS
	MOVQ n+0(FP), AX
	CMPQ AX, $0
	JEQ  zero
	DECQ AX
	MOVQ AX, 0(SP)
	CALL ·deep(SB)
	MOVQ 8(SP), AX
	INCQ AX
	MOVQ AX, ret+8(FP)
	RET
zero:
	MOVQ $0, ret+8(FP)
	RET

TEXT ·bounce(SB), $16-16
	NO_LOCAL_POINTERS
	MOVQ n+0(FP), AX
	MOVQ AX, 0(SP)
	CALL ·bounceGo(SB)
	MOVQ 8(SP), AX
	MOVQ AX, ret+8(FP)
	RET

TEXT ·load(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), AX
	MOVQ (AX), AX
	MOVQ AX, ret+8(FP)
	RET

// No register is kept, not even the frame pointer of a function without a frame.
TEXT ·clobber(SB), NOSPLIT|NOFRAME, $0-24
	MOVQ a+0(FP), AX
	MOVQ b+8(FP), BX
	IMULQ BX, AX
	MOVQ AX, ret+16(FP)
	MOVQ $1, BX
	MOVQ $2, BP
	MOVQ $3, R12
	MOVQ $4, R13
	MOVQ $5, R14
	MOVQ $6, R15
	PXOR X15, X15
	RET

TEXT ·move(SB), $24-24
	NO_LOCAL_POINTERS
	MOVQ to+0(FP), AX
	MOVQ from+8(FP), BX
	MOVQ n+16(FP), CX
	MOVQ AX, 0(SP)
	MOVQ BX, 8(SP)
	MOVQ CX, 16(SP)
	CALL runtime·memmove(SB)
	RET
