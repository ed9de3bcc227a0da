// What package runtime/debug sets and reads, and package runtime/metrics.
package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

var sink []byte

func churn(n int) {
	for range n {
		sink = make([]byte, 64<<10)
	}
}

func collections() uint32 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.NumGC
}

func main() {
	fmt.Println(debug.SetGCPercent(-1), debug.SetMemoryLimit(-1) == math.MaxInt64)
	n := collections()
	churn(1000)
	fmt.Println("off", collections()-n)
	debug.SetMemoryLimit(100 << 20)
	churn(3000)
	fmt.Println("limit", collections() > n, debug.SetMemoryLimit(math.MaxInt64))
	runtime.GC()
	debug.FreeOSMemory()

	var s debug.GCStats
	s.PauseQuantiles = nil
	debug.ReadGCStats(&s)
	fmt.Println("stats", s.NumGC > 2, len(s.Pause) == int(s.NumGC), len(s.PauseEnd) == len(s.Pause), s.PauseTotal >= s.Pause[0], s.LastGC.Equal(s.PauseEnd[0]))
	fmt.Println(debug.SetGCPercent(100))

	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	big := make([]byte, 10<<20)
	many := make([]*[2]int, 100_000)
	for i := range many {
		many[i] = new([2]int)
	}
	runtime.ReadMemStats(&after)
	fmt.Println("live", (after.HeapAlloc-before.HeapAlloc)>>20 >= 11, after.HeapObjects-before.HeapObjects > 99_000, after.Mallocs-before.Mallocs >= 100_000)
	runtime.KeepAlive(big)
	runtime.KeepAlive(many)

	var samples []metrics.Sample
	for _, d := range metrics.All() {
		samples = append(samples, metrics.Sample{Name: d.Name})
	}
	metrics.Read(samples)
	for i, d := range metrics.All() {
		v := samples[i].Value
		if v.Kind() != d.Kind {
			fmt.Println(d.Name, v.Kind(), d.Kind)
		}
		switch d.Name {
		case "/gc/gogc:percent":
			fmt.Println(d.Name, v.Uint64())
		case "/gc/heap/live:bytes", "/gc/cycles/forced:gc-cycles", "/memory/classes/total:bytes":
			fmt.Println(d.Name, v.Uint64() > 0)
		}
	}
}
/* golden
stdout:
100 true
off 0
limit true 104857600
stats true true true true true
-1
live true true true
/gc/cycles/forced:gc-cycles true
/gc/gogc:percent 100
/gc/heap/live:bytes true
/memory/classes/total:bytes true
*/
