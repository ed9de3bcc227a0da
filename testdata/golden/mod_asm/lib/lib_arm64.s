#include "textflag.h"

TEXT ·Twice(SB), NOSPLIT, $0-16
	MOVD n+0(FP), R0
	ADD  R0, R0
	MOVD R0, ret+8(FP)
	RET
