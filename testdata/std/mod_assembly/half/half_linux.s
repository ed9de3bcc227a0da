//go:build !noasm && amd64

TEXT ·half(SB), 4, $0-16
	MOVQ n+0(FP), AX
	SARQ $1, AX
	MOVQ AX, ret+8(FP)
	RET
