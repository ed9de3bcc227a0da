package unix

import "syscall"

func Getpid() int {
	pid, _ := RawSyscallNoError(syscall.SYS_GETPID, 0, 0, 0)
	return int(pid)
}

func Open() (int, error) {
	fd, _, err := Syscall(syscall.SYS_OPENAT, 0, 0, 0)
	return int(fd), err
}

type Timeval struct{ Sec, Usec int64 }
