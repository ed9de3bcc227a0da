// golden: run arm64
package main

// Calls of C that are over at once, while others stop the world and take processors away, and calls
// that last: both end with a processor, and no goroutine waits for them.

/*
#include <unistd.h>
#cgo noescape marked
#cgo nocallback marked
static int next(int x) { return x + 1; }
static int marked(int *x) { return ++*x; }
static void last(int us) { usleep(us); }
*/
import "C"

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

func quick(calls int) (sum int) {
	var x C.int
	for range calls {
		x = C.next(x)
		if C.marked(&x)%1000 == 0 {
			sum += len(make([]byte, 100))
		}
	}
	return sum + int(x)
}

func run(procs, quickOnes, longOnes int) {
	runtime.GOMAXPROCS(procs)
	var wg sync.WaitGroup
	var total, slept atomic.Int64
	stop := make(chan bool)
	for range longOnes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 20 {
				C.last(200)
				slept.Add(1)
			}
		}()
	}
	for range quickOnes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			total.Add(int64(quick(100000)))
		}()
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				runtime.Gosched()
			}
		}
	}()
	wg.Wait()
	close(stop)
	<-done
	fmt.Println(procs, total.Load(), slept.Load())
}

// A call that lasts holds nobody up.
func alone() {
	runtime.GOMAXPROCS(1)
	began := time.Now()
	go C.last(3000000)
	time.Sleep(time.Millisecond) // it has begun
	n := 0
	for range 100 {
		runtime.Gosched()
		n += quick(10)
	}
	fmt.Println(n, time.Since(began) < 2*time.Second)
}

func main() {
	debug.SetGCPercent(50)
	for _, procs := range []int{1, 2, 4} {
		run(procs, 6, 6)
	}
	alone()
}
/* golden
stdout:
1 1320000 120
2 1320000 120
4 1320000 120
2000 true
*/
