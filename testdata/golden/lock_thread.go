// golden: run
package main

import (
	"runtime"
	"syscall"
)

func main() {
	runtime.LockOSThread()
	id := syscall.Gettid()
	c := make(chan int)
	for i := 0; i < 10; i++ {
		go func() {
			runtime.LockOSThread()
			a := syscall.Gettid()
			runtime.Gosched()
			if a != syscall.Gettid() || a == id {
				println("bad")
			}
			c <- 1
		}()
	}
	for i := 0; i < 10; i++ {
		<-c
		if syscall.Gettid() != id {
			println("moved")
		}
	}
	println("ok")
	runtime.LockOSThread()
	<-c
}
/* golden
exit 2
stderr:
ok
fatal error: all goroutines are asleep - deadlock!

goroutine N [chan receive, locked to thread]:
main.main(...)
	lock_thread.go:32
*/
