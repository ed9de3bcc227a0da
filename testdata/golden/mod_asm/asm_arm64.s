#include "textflag.h"
#include "go_asm.h"
#include "macros.h"

TEXT ·add(SB), NOSPLIT, $0-24
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	ADD  R1, R0
	MOVD R0, ret+16(FP)
	RET

TEXT ·sum(SB), NOSPLIT, $0-37
	MOVD p_base+0(FP), R1
	MOVD p_len+8(FP), R2
	MOVD ZR, R0
	MOVD ZR, R3
loop:
	CMP  R2, R3
	BGE  done
	MOVD.P 8(R1), R4
	ADD  R4, R0
	ADD  $1, R3
	B    loop
done:
	MOVD R0, total+24(FP)
	MOVW R3, n+32(FP)
	MOVD $1, R5
	MOVB R5, ok+36(FP)
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
	MOVD by+0(FP), R0
	MOVD one<>(SB), R1
	ADD  R1, R0
	MOVD $·counter(SB), R2
	MOVD (R2), R3
	ADD  R0, R3
	MOVD R3, ·counter(SB)
	RET

TEXT ·sharedAt(SB), NOSPLIT, $0-12
	MOVD where<>(SB), R0
	MOVD i+0(FP), R1
	ADD  R1<<2, R0
	MOVW (R0), R0
	MOVW R0, ret+8(FP)
	RET

TEXT ·name(SB), NOSPLIT, $0-24
	MOVD p+0(FP), R0
	MOVD (point_name+0)(R0), R1
	MOVD (point_name+8)(R0), R2
	MOVD R1, ret_base+8(FP)
	MOVD R2, ret_len+16(FP)
	RET

TEXT ·limits(SB), NOSPLIT, $0-8
	MOVD $(const_limit+MORE), R0
	MOVD R0, ret+0(FP)
	RET

TEXT ·floats(SB), NOSPLIT, $0-36
	FMOVS  a+0(FP), F0
	FCVTSD F0, F1
	FMOVD  b+8(FP), F2
	FADDD  F2, F1
	MOVBU  c+16(FP), R0
	UCVTFD R0, F3
	FADDD  F3, F1
	FMOVD  F1, ret+24(FP)
	FADDS  F0, F0
	FMOVS  F0, ret1+32(FP)
	RET

TEXT ·small(SB), NOSPLIT, $0-14
	MOVB  a+0(FP), R0
	MOVHU c+2(FP), R1
	ADD   R1, R0
	MOVW  d+4(FP), R1
	ADD   R1, R0
	MOVW  R0, ret+8(FP)
	MOVBU b+1(FP), R2
	EOR   $1, R2
	MOVB  R2, ret1+12(FP)
	MOVD  $-9, R3
	MOVB  R3, ret2+13(FP)
	RET

TEXT ·swap(SB), NOSPLIT, $0-144
	MOVD i_type+56(FP), R0
	MOVD i_data+64(FP), R1
	MOVD R0, ret_type+72(FP)
	MOVD R1, ret_data+80(FP)
	MOVD l_g+48(FP), R0
	MOVD R0, ret1_a+88(FP)
	MOVD l_a+0(FP), R0
	MOVD R0, ret1_g+136(FP)
	RET

TEXT ·callGo(SB), $16-16
	MOVD n+0(FP), R0
	MOVD R0, 8(RSP)
	CALL ·triple(SB)
	MOVD 16(RSP), R0
	MOVD R0, ret+8(FP)
	RET

TEXT ·deep(SB), $216-16
	NO_LOCAL_POINTERS
	MOVD n+0(FP), R0
	CBZ  R0, zero
	SUB  $1, R0
	MOVD R0, 8(RSP)
	CALL ·deep(SB)
	MOVD 16(RSP), R0
	ADD  $1, R0
	MOVD R0, ret+8(FP)
	RET
zero:
	MOVD ZR, ret+8(FP)
	RET

TEXT ·bounce(SB), $16-16
	NO_LOCAL_POINTERS
	MOVD n+0(FP), R0
	MOVD R0, 8(RSP)
	CALL ·bounceGo(SB)
	MOVD 16(RSP), R0
	MOVD R0, ret+8(FP)
	RET

TEXT ·load(SB), NOSPLIT, $0-16
	MOVD p+0(FP), R0
	MOVD (R0), R0
	MOVD R0, ret+8(FP)
	RET

// No register is kept.
TEXT ·clobber(SB), NOSPLIT|NOFRAME, $0-24
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	MUL  R1, R0
	MOVD R0, ret+16(FP)
	MOVD $1, R19
	MOVD $2, R20
	MOVD $3, R21
	MOVD $4, R22
	MOVD $5, R23
	MOVD $6, R24
	MOVD $7, R25
	MOVD $8, R26
	MOVD $9, R27
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V15.B16, V15.B16, V15.B16
	RET

TEXT ·move(SB), $24-24
	NO_LOCAL_POINTERS
	MOVD to+0(FP), R0
	MOVD from+8(FP), R1
	MOVD n+16(FP), R2
	MOVD R0, 8(RSP)
	MOVD R1, 16(RSP)
	MOVD R2, 24(RSP)
	CALL runtime·memmove(SB)
	RET
