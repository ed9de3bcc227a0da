package unix

import (
	"syscall"
	"unsafe"
)

func gettimeofday(tv *Timeval) (err syscall.Errno) {
	e := syscall.Gettimeofday((*syscall.Timeval)(unsafe.Pointer(tv)))
	err, _ = e.(syscall.Errno)
	return err
}
