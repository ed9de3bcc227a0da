// golden: run
package main

// What each goroutine of a deadlock waits for.

import (
	"sync"
	"time"
)

func none()              { select {} }
func recv(c chan int)    { <-c }
func send(c chan int)    { c <- 1 }
func nilRecv()           { var c chan int; <-c }
func nilSend()           { var c chan int; c <- 1 }
func drain(c chan int)   { for range c {} }
func lock(m *sync.Mutex) { m.Lock() }

func either(c, d chan int) {
	select {
	case <-c:
	case d <- 1:
	}
}

func start(f func()) {
	go f()
	time.Sleep(time.Millisecond)
}

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	var mu sync.Mutex
	mu.Lock()
	c := make(chan int)
	start(none)
	start(func() { recv(c) })
	start(func() { send(make(chan int)) })
	start(func() { either(make(chan int), nil) })
	start(nilRecv)
	start(nilSend)
	start(func() { drain(c) })
	start(func() { lock(&mu) })
	wg.Wait()
}
/* golden
exit 2
stderr:
fatal error: all goroutines are asleep - deadlock!

goroutine N [sync.WaitGroup.Wait]:
sync.runtime_SemacquireWaitGroup(...)
	runtime/sema.go
sync.(*WaitGroup).Wait(...)
	GOROOT/src/sync/waitgroup.go:206
main.main(...)
	wait_reasons.go:45

goroutine N [select (no cases)]:
main.none(...)
	wait_reasons.go:11
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [chan receive]:
main.recv(...)
	wait_reasons.go:12
main.main.func1(...)
	wait_reasons.go:38
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [chan send]:
main.send(...)
	wait_reasons.go:13
main.main.func2(...)
	wait_reasons.go:39
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [select]:
main.either(...)
	wait_reasons.go:20
main.main.func3(...)
	wait_reasons.go:40
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [chan receive (nil chan)]:
main.nilRecv(...)
	wait_reasons.go:14
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [chan send (nil chan)]:
main.nilSend(...)
	wait_reasons.go:15
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [chan receive]:
main.drain(...)
	wait_reasons.go:16
main.main.func4(...)
	wait_reasons.go:43
created by main.start in goroutine N
	wait_reasons.go:27

goroutine N [sync.Mutex.Lock]:
internal/sync.runtime_SemacquireMutex(...)
	runtime/sema.go
internal/sync.(*Mutex).lockSlow(...)
	GOROOT/src/internal/sync/mutex.go:149
internal/sync.(*Mutex).Lock(...)
	GOROOT/src/internal/sync/mutex.go:70
sync.(*Mutex).Lock(...)
	GOROOT/src/sync/mutex.go:46
main.lock(...)
	wait_reasons.go:17
main.main.func5(...)
	wait_reasons.go:44
created by main.start in goroutine N
	wait_reasons.go:27
*/
