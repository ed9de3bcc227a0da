// golden: run
package main

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// Statistics, collections by hand, pools that collections empty.

// Each alone: a word that is left over somewhere keeps one of them, not all.
var keep [1000][]byte

//go:noinline
func fill() {
	for i := range keep {
		keep[i] = make([]byte, 10000)
	}
}

//go:noinline
func clobber(a [1000]int) int { return a[3] }

func stats() (m runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(&m)
	return
}

func memStats() {
	a := stats()
	fill()
	b := stats()
	println(b.Mallocs-a.Mallocs >= 1000, b.Mallocs-a.Mallocs < 2000, b.TotalAlloc-a.TotalAlloc >= 10000000, b.TotalAlloc-a.TotalAlloc < 14000000)
	println(b.HeapAlloc-a.HeapAlloc > 9000000, b.HeapAlloc-a.HeapAlloc < 15000000, b.NumGC > a.NumGC, b.NumForcedGC-a.NumForcedGC == 1)
	clear(keep[:])
	clobber([1000]int{})
	c := stats()
	println(c.HeapAlloc < b.HeapAlloc-9000000, c.HeapObjects > 0, c.Sys >= c.HeapSys, c.HeapInuse >= c.HeapAlloc, c.Mallocs-c.Frees == c.HeapObjects)
}

func pools() {
	p := sync.Pool{New: func() any { print("new "); return new(int) }}
	x := p.Get()
	p.Put(x)
	println(p.Get() == x)
	p.Put(x)
	runtime.GC()
	println(p.Get() == x) // from the victims
	p.Put(x)
	runtime.GC()
	runtime.GC()
	println(p.Get() == x)
}

// Collections clear the pool while it is used.
func busyPool() {
	p := sync.Pool{New: func() any { return new([10]int) }}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20000 {
				t := p.Get().(*[10]int)
				t[3]++
				p.Put(t)
			}
		})
	}
	for range 20 {
		runtime.GC()
	}
	wg.Wait()
}

func main() {
	memStats()
	println(debug.SetGCPercent(50), debug.SetGCPercent(-1), debug.SetGCPercent(100))
	println(debug.SetMemoryLimit(-1) == 1<<63-1)
	debug.FreeOSMemory()
	pools()
	runtime.GOMAXPROCS(4)
	busyPool()
	println(runtime.NumGoroutine())
}
/* golden
stderr:
true true true true
true true true true
true true true true true
100 50 -1
true
new true
true
new false
1
*/
