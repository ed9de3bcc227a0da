// golden: run
package main

import "runtime"

// A deadlock is told too when the blocked goroutine owns its thread, and after timers have run out.

import "time"

func main() {
	runtime.LockOSThread()
	<-time.After(5 * time.Millisecond)
	c := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		runtime.Goexit()
	}()
	<-c
}
/* golden
exit 2
stderr:
fatal error: all goroutines are asleep - deadlock!

goroutine N [chan receive, locked to thread]:
main.main(...)
	deadlock_locked.go:18
*/
