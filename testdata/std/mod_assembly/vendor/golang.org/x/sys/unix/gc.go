//go:build gc

package unix

import "syscall"

func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func RawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)
