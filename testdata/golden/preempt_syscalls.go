// golden: run
package main

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// Neither loops nor system calls, channels or allocations without end keep others from running.

var sink []byte

func main() {
	runtime.GOMAXPROCS(1)
	var stop atomic.Bool
	var n atomic.Int32
	c := make(chan int, 1)
	for _, f := range []func(){
		func() { syscall.Getppid() },
		func() { c <- 1; <-c },
		func() { sink = make([]byte, 100) },
		func() {},
	} {
		go func() {
			n.Add(1)
			for !stop.Load() {
				f()
			}
			n.Add(-1)
		}()
	}
	time.Sleep(30 * time.Millisecond)
	for n.Load() != 4 {
		runtime.Gosched()
	}
	runtime.GC()
	stop.Store(true)
	for n.Load() != 0 {
		runtime.Gosched()
	}
	println("done")
}
/* golden
stderr:
done
*/
