//go:build gc

TEXT ·Syscall(SB), 4, $0-56
	JMP syscall·Syscall(SB)

TEXT ·RawSyscallNoError(SB), 4, $0-48
	MOVQ trap+0(FP), AX
	SYSCALL
	MOVQ AX, r1+32(FP)
	MOVQ DX, r2+40(FP)
	RET
