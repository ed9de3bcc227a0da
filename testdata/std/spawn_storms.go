package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Who makes goroutines faster than they run lets them run: few are there at a time.
var most atomic.Int64

func look() {
	if n := int64(runtime.NumGoroutine()); n > most.Load() {
		most.Store(n)
	}
}

func spawn(n int) {
	var wg sync.WaitGroup
	wg.Add(n)
	for i := 0; i < n; i++ {
		go wg.Done()
		look()
	}
	wg.Wait()
}

func timers(n int) {
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		time.AfterFunc(time.Millisecond, func() {
			look()
			wg.Done()
		})
	}
	wg.Wait()
}

// The one that spawns runs on, although its children do not end before it says so.
func spinners(n int) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for !stop.Load() {
			}
		})
	}
	stop.Store(true)
	wg.Wait()
}

func main() {
	for _, procs := range []int{1, 4} {
		runtime.GOMAXPROCS(procs)
		most.Store(0)
		spawn(100_000)
		println("spawn: few at a time:", most.Load() < 5000)
		most.Store(0)
		timers(20_000)
		println("timers: few at a time:", most.Load() < 5000)
		spinners(200)
		println("spinners: done")
	}
}
/* golden
stderr:
spawn: few at a time: true
timers: few at a time: true
spinners: done
spawn: few at a time: true
timers: few at a time: true
spinners: done
*/
