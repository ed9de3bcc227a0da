// A receive that does not block finds the element of a channel that is closed, and drained by another goroutine, at that moment.
package main

import "sync/atomic"

func main() {
	bad := 0
	var work atomic.Pointer[chan int]
	var done atomic.Int32
	go func() {
		for {
			p := work.Load()
			if p == nil {
				continue
			}
			work.Store(nil)
			close(*p)
			<-*p
			done.Add(1)
		}
	}()
	for i := 0; i < 20000; i++ {
		c := make(chan int, 1)
		c <- 1
		work.Store(&c)
		for j := 0; j < i%200; j++ {
		}
		select {
		case <-c:
		default:
			bad++
		}
		for done.Load() != int32(i+1) {
		}
	}
	println(bad)
}
/* golden
stderr:
0
*/
