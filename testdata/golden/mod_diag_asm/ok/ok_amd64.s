TEXT ·F(SB), 4, $0
	RET
