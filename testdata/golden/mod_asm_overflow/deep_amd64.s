#include "textflag.h"
#include "funcdata.h"

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
