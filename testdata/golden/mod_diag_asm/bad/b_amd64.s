#include "textflag.h"

TEXT ·F(SB), NOSPLIT, $0
	NOSUCH AX
	MOVQ AX
	RET
