// golden: run
package main

import (
	"runtime"
	"syscall"
	"time"
)

// SIGQUIT tells what all goroutines do.

func work(c chan int) { <-c }

func main() {
	runtime.LockOSThread() // the process's first thread gets the signal
	go work(make(chan int))
	time.Sleep(500 * time.Millisecond)
	println(syscall.Kill(syscall.Getpid(), syscall.SIGQUIT) == nil)
	for {
	}
}
/* golden
exit 2
stderr:
SIGQUIT: quit
PC=0x? m=0 sigcode=0

goroutine N gp=0x? m=N mp=0x? [running, locked to thread]:
internal/runtime/syscall/linux.Syscall6(...)
	internal/runtime/syscall/linux/asm_linux_amd64.s
syscall.RawSyscall6(...)
	GOROOT/src/syscall/syscall_linux.go:65
syscall.RawSyscall(...)
	GOROOT/src/syscall/syscall_linux.go:56
syscall.Kill(...)
	GOROOT/src/syscall/zsyscall_linux_amd64.go:611
main.main(...)
	quit_dump.go:18
runtime.main(...)
	runtime/proc.go
runtime.goexit(...)
	runtime/asm_ARCH.s

goroutine N [chan receive]:
main.work(...)
	quit_dump.go:12
created by main.main in goroutine N
	quit_dump.go:16

*/
