//go:build gc

TEXT ·Syscall(SB), 4, $0-56
	B syscall·Syscall(SB)

TEXT ·RawSyscallNoError(SB), 4, $0-48
	MOVD trap+0(FP), R8
	SVC
	MOVD R0, r1+32(FP)
	MOVD R1, r2+40(FP)
	RET
