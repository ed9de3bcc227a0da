package runtime

import "unsafe"

// Package runtime/metrics. Every metric that it describes has a value of the right kind; what has
// no counterpart here is 0 or an empty histogram.

type metricKind int

const (
	metricBad metricKind = iota
	metricUint64
	metricFloat64
	metricHistogram
)

type metricValue struct {
	kind    metricKind
	scalar  uint64
	pointer unsafe.Pointer
}

type metricSample struct {
	name  string
	value metricValue
}

type metricHistogramValue struct {
	counts  []uint64
	buckets []float64
}

//go:linkname metrics_read runtime/metrics.runtime_readMetrics
func metrics_read(p unsafe.Pointer, n, _ int) {
	var s heapStatistics
	heapStats(&s)
	for i := range unsafe.Slice((*metricSample)(p), n) {
		m := &unsafe.Slice((*metricSample)(p), n)[i]
		m.value = readMetric(m.name, &s)
	}
}

func readMetric(name string, s *heapStatistics) metricValue {
	const godebug = "/godebug/non-default-behavior/"
	if len(name) > len(godebug) && name[:len(godebug)] == godebug {
		v := metricValue{kind: metricUint64}
		for m := godebugMetrics.Load(); m != nil; m = m.next {
			if m.name == name {
				v.scalar = m.read()
			}
		}
		return v
	}
	live, objects := min(s.liveBytes, s.bytes), min(s.liveObjects, s.mallocs)
	n := uint64(0)
	switch name {
	case "/gc/cycles/automatic:gc-cycles":
		n = s.cycles - min(s.cycles, uint64(forcedGCs))
	case "/gc/cycles/forced:gc-cycles":
		n = uint64(forcedGCs)
	case "/gc/cycles/total:gc-cycles":
		n = s.cycles
	case "/gc/gogc:percent":
		n = uint64(gcPercent())
	case "/gc/gomemlimit:bytes":
		n = uint64(memoryLimit(-1))
	case "/gc/heap/allocs:bytes":
		n = s.bytes
	case "/gc/heap/allocs:objects":
		n = s.mallocs
	case "/gc/heap/frees:bytes":
		n = s.bytes - live
	case "/gc/heap/frees:objects":
		n = s.mallocs - objects
	case "/gc/heap/goal:bytes":
		n = s.goal
	case "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes", "/gc/scan/heap:bytes", "/gc/scan/total:bytes":
		n = live
	case "/gc/heap/objects:objects":
		n = objects
	case "/memory/classes/heap/free:bytes":
		n = s.free - s.unmapped
	case "/memory/classes/heap/released:bytes":
		n = s.unmapped
	case "/memory/classes/heap/unused:bytes":
		n = s.heap - s.free - min(live, s.heap-s.free)
	case "/memory/classes/heap/stacks:bytes":
		n = s.stacks
	case "/memory/classes/metadata/other:bytes":
		n = s.collector
	case "/memory/classes/other:bytes":
		n = s.other
	case "/memory/classes/total:bytes":
		n = s.heap + s.stacks + s.collector + s.other
	case "/sched/gomaxprocs:threads":
		n = uint64(GOMAXPROCS(0))
	case "/sched/goroutines:goroutines":
		n = uint64(NumGoroutine())
	case "/cgo/go-to-c-calls:calls", "/gc/cleanups/executed:cleanups", "/gc/cleanups/queued:cleanups", "/gc/finalizers/executed:finalizers",
		"/gc/finalizers/queued:finalizers", "/gc/heap/tiny/allocs:objects", "/gc/limiter/last-enabled:gc-cycle", "/gc/scan/globals:bytes",
		"/gc/scan/stack:bytes", "/gc/stack/starting-size:bytes", "/memory/classes/metadata/mcache/free:bytes",
		"/memory/classes/metadata/mcache/inuse:bytes", "/memory/classes/metadata/mspan/free:bytes", "/memory/classes/metadata/mspan/inuse:bytes",
		"/memory/classes/os-stacks:bytes",
		"/memory/classes/profiling/buckets:bytes", "/sched/goroutines-created:goroutines", "/sched/goroutines/not-in-go:goroutines",
		"/sched/goroutines/runnable:goroutines", "/sched/goroutines/running:goroutines", "/sched/goroutines/waiting:goroutines",
		"/sched/threads/total:threads":
	case "/cpu/classes/gc/mark/assist:cpu-seconds", "/cpu/classes/gc/mark/dedicated:cpu-seconds", "/cpu/classes/gc/mark/idle:cpu-seconds",
		"/cpu/classes/idle:cpu-seconds", "/cpu/classes/scavenge/assist:cpu-seconds", "/cpu/classes/scavenge/background:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds", "/cpu/classes/total:cpu-seconds", "/cpu/classes/user:cpu-seconds", "/sync/mutex/wait/total:seconds":
		return metricValue{kind: metricFloat64}
	case "/cpu/classes/gc/pause:cpu-seconds", "/cpu/classes/gc/total:cpu-seconds":
		seconds := float64(s.pauses) / 1e9
		return metricValue{kind: metricFloat64, scalar: *(*uint64)(unsafe.Pointer(&seconds))}
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds":
		return metricValue{kind: metricHistogram, pointer: unsafe.Pointer(pauseHistogram(s))}
	case "/gc/heap/allocs-by-size:bytes", "/gc/heap/frees-by-size:bytes", "/sched/latencies:seconds", "/sched/pauses/stopping/gc:seconds",
		"/sched/pauses/stopping/other:seconds", "/sched/pauses/total/other:seconds":
		return metricValue{kind: metricHistogram, pointer: unsafe.Pointer(&metricHistogramValue{make([]uint64, 1), []float64{0, 1}})}
	default:
		return metricValue{kind: metricBad}
	}
	return metricValue{kind: metricUint64, scalar: n}
}

// Of the last 256 pauses, in powers of two from a microsecond on.
func pauseHistogram(s *heapStatistics) *metricHistogramValue {
	const n = 24
	h := &metricHistogramValue{make([]uint64, n), make([]float64, n+1)}
	for i := 1; i <= n; i++ {
		h.buckets[i] = float64(uint64(1000)<<uint(i-1)) / 1e9
	}
	for i := range min(s.cycles, 256) {
		k := 0
		for k < n-1 && float64(s.pauseNs[i])/1e9 >= h.buckets[k+1] {
			k++
		}
		h.counts[k]++
	}
	return h
}

func gcPercent() int32

//go:linkname memoryLimit runtime/debug.setMemoryLimit
func memoryLimit(v int64) int64
