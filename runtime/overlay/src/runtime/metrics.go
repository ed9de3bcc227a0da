package runtime

import (
	"internal/godebugs"
	"unsafe"
)

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

type schedStatistics struct {
	created, threads, runnable, running, waiting, notInGo uint64
	wallNs, cpuNs                                         int64 // since the start: of all processors, of the process
}

func schedStats(s *schedStatistics)

type statistics struct {
	heap  heapStatistics
	sched schedStatistics
}

type metric struct {
	name string
	kind metricKind
	read func(s *statistics) uint64 // nil: 0
	hist func(s *statistics) *metricHistogramValue
}

func count(name string, read func(s *statistics) uint64) metric {
	return metric{name, metricUint64, read, nil}
}

func seconds(name string, ns func(s *statistics) int64) metric {
	if ns == nil {
		return metric{name, metricFloat64, nil, nil}
	}
	return metric{name, metricFloat64, func(s *statistics) uint64 {
		v := float64(max(ns(s), 0)) / 1e9
		return *(*uint64)(unsafe.Pointer(&v))
	}, nil}
}

func histogram(name string, hist func(s *statistics) *metricHistogramValue) metric {
	return metric{name, metricHistogram, nil, hist}
}

func live(s *statistics) uint64 { return min(s.heap.liveBytes, s.heap.bytes) }

func pauses(s *statistics) int64 { return int64(s.heap.pauses) }

// metrics is a function's result, so that programs that do not ask for it are without the table.
func metrics() []metric {
	return []metric{
		count("/cgo/go-to-c-calls:calls", func(*statistics) uint64 { return uint64(NumCgoCall()) }),
		seconds("/cpu/classes/gc/mark/assist:cpu-seconds", nil),
		seconds("/cpu/classes/gc/mark/dedicated:cpu-seconds", nil),
		seconds("/cpu/classes/gc/mark/idle:cpu-seconds", nil),
		seconds("/cpu/classes/gc/pause:cpu-seconds", pauses),
		seconds("/cpu/classes/gc/total:cpu-seconds", pauses),
		seconds("/cpu/classes/idle:cpu-seconds", func(s *statistics) int64 { return s.sched.wallNs - s.sched.cpuNs }),
		seconds("/cpu/classes/scavenge/assist:cpu-seconds", nil),
		seconds("/cpu/classes/scavenge/background:cpu-seconds", nil),
		seconds("/cpu/classes/scavenge/total:cpu-seconds", nil),
		seconds("/cpu/classes/total:cpu-seconds", func(s *statistics) int64 { return max(s.sched.wallNs, s.sched.cpuNs) }),
		seconds("/cpu/classes/user:cpu-seconds", func(s *statistics) int64 { return s.sched.cpuNs - pauses(s) }),
		count("/gc/cleanups/executed:cleanups", nil),
		count("/gc/cleanups/queued:cleanups", nil),
		count("/gc/cycles/automatic:gc-cycles", func(s *statistics) uint64 { return s.heap.cycles - min(s.heap.cycles, uint64(forcedGCs)) }),
		count("/gc/cycles/forced:gc-cycles", func(*statistics) uint64 { return uint64(forcedGCs) }),
		count("/gc/cycles/total:gc-cycles", func(s *statistics) uint64 { return s.heap.cycles }),
		count("/gc/finalizers/executed:finalizers", nil),
		count("/gc/finalizers/queued:finalizers", nil),
		count("/gc/gogc:percent", func(*statistics) uint64 { return uint64(gcPercent()) }),
		count("/gc/gomemlimit:bytes", func(*statistics) uint64 { return uint64(memoryLimit(-1)) }),
		histogram("/gc/heap/allocs-by-size:bytes", nil),
		count("/gc/heap/allocs:bytes", func(s *statistics) uint64 { return s.heap.bytes }),
		count("/gc/heap/allocs:objects", func(s *statistics) uint64 { return s.heap.mallocs }),
		histogram("/gc/heap/frees-by-size:bytes", nil),
		count("/gc/heap/frees:bytes", func(s *statistics) uint64 { return s.heap.bytes - live(s) }),
		count("/gc/heap/frees:objects", func(s *statistics) uint64 { return s.heap.mallocs - min(s.heap.liveObjects, s.heap.mallocs) }),
		count("/gc/heap/goal:bytes", func(s *statistics) uint64 { return s.heap.goal }),
		count("/gc/heap/live:bytes", live),
		count("/gc/heap/objects:objects", func(s *statistics) uint64 { return min(s.heap.liveObjects, s.heap.mallocs) }),
		count("/gc/heap/tiny/allocs:objects", nil),
		count("/gc/limiter/last-enabled:gc-cycle", nil),
		histogram("/gc/pauses:seconds", pauseHistogram),
		count("/gc/scan/globals:bytes", nil),
		count("/gc/scan/heap:bytes", live),
		count("/gc/scan/stack:bytes", nil),
		count("/gc/scan/total:bytes", live),
		count("/gc/stack/starting-size:bytes", nil),
		count("/memory/classes/heap/free:bytes", func(s *statistics) uint64 { return s.heap.free - s.heap.unmapped }),
		count("/memory/classes/heap/objects:bytes", live),
		count("/memory/classes/heap/released:bytes", func(s *statistics) uint64 { return s.heap.unmapped }),
		count("/memory/classes/heap/stacks:bytes", func(s *statistics) uint64 { return s.heap.stacks }),
		count("/memory/classes/heap/unused:bytes", func(s *statistics) uint64 { return s.heap.heap - s.heap.free - min(live(s), s.heap.heap-s.heap.free) }),
		count("/memory/classes/metadata/mcache/free:bytes", nil),
		count("/memory/classes/metadata/mcache/inuse:bytes", nil),
		count("/memory/classes/metadata/mspan/free:bytes", nil),
		count("/memory/classes/metadata/mspan/inuse:bytes", nil),
		count("/memory/classes/metadata/other:bytes", func(s *statistics) uint64 { return s.heap.collector }),
		count("/memory/classes/os-stacks:bytes", nil),
		count("/memory/classes/other:bytes", func(s *statistics) uint64 { return s.heap.other }),
		count("/memory/classes/profiling/buckets:bytes", nil),
		count("/memory/classes/total:bytes", func(s *statistics) uint64 { return s.heap.heap + s.heap.stacks + s.heap.collector + s.heap.other }),
		count("/sched/gomaxprocs:threads", func(*statistics) uint64 { return uint64(GOMAXPROCS(0)) }),
		count("/sched/goroutines-created:goroutines", func(s *statistics) uint64 { return s.sched.created }),
		count("/sched/goroutines/not-in-go:goroutines", func(s *statistics) uint64 { return s.sched.notInGo }),
		count("/sched/goroutines/runnable:goroutines", func(s *statistics) uint64 { return s.sched.runnable }),
		count("/sched/goroutines/running:goroutines", func(s *statistics) uint64 { return s.sched.running }),
		count("/sched/goroutines/waiting:goroutines", func(s *statistics) uint64 { return s.sched.waiting }),
		count("/sched/goroutines:goroutines", func(*statistics) uint64 { return uint64(NumGoroutine()) }),
		histogram("/sched/latencies:seconds", nil),
		histogram("/sched/pauses/stopping/gc:seconds", nil),
		histogram("/sched/pauses/stopping/other:seconds", nil),
		histogram("/sched/pauses/total/gc:seconds", pauseHistogram),
		histogram("/sched/pauses/total/other:seconds", nil),
		count("/sched/threads/total:threads", func(s *statistics) uint64 { return s.sched.threads }),
		seconds("/sync/mutex/wait/total:seconds", nil),
	}
}

const godebugPrefix = "/godebug/non-default-behavior/"

//go:linkname metrics_readNames runtime/metrics_test.runtime_readMetricNames
func metrics_readNames() []string {
	var names []string
	for _, m := range metrics() {
		names = append(names, m.name)
	}
	for _, info := range godebugs.All {
		if !info.Opaque {
			names = append(names, godebugPrefix+info.Name+":events")
		}
	}
	return names
}

//go:linkname metrics_read runtime/metrics.runtime_readMetrics
func metrics_read(p unsafe.Pointer, n, _ int) {
	var s statistics
	heapStats(&s.heap)
	schedStats(&s.sched)
	all := metrics()
	for i := range unsafe.Slice((*metricSample)(p), n) {
		m := &unsafe.Slice((*metricSample)(p), n)[i]
		m.value = readMetric(m.name, all, &s)
	}
}

func readMetric(name string, all []metric, s *statistics) metricValue {
	if len(name) > len(godebugPrefix) && name[:len(godebugPrefix)] == godebugPrefix {
		v := metricValue{kind: metricUint64}
		for m := godebugMetrics.Load(); m != nil; m = m.next {
			if m.name == name {
				v.scalar = m.read()
			}
		}
		return v
	}
	for i := range all {
		m := &all[i]
		if m.name != name {
			continue
		}
		v := metricValue{kind: m.kind}
		if m.read != nil {
			v.scalar = m.read(s)
		}
		if m.kind == metricHistogram {
			h := &metricHistogramValue{make([]uint64, 1), []float64{0, 1}}
			if m.hist != nil {
				h = m.hist(s)
			}
			v.pointer = unsafe.Pointer(h)
		}
		return v
	}
	return metricValue{kind: metricBad}
}

// Of the last 256 pauses, in powers of two from a microsecond on.
func pauseHistogram(s *statistics) *metricHistogramValue {
	const n = 24
	h := &metricHistogramValue{make([]uint64, n), make([]float64, n+1)}
	for i := 1; i <= n; i++ {
		h.buckets[i] = float64(uint64(1000)<<uint(i-1)) / 1e9
	}
	for i := range min(s.heap.cycles, 256) {
		k := 0
		for k < n-1 && float64(s.heap.pauseNs[i])/1e9 >= h.buckets[k+1] {
			k++
		}
		h.counts[k]++
	}
	return h
}

func gcPercent() int32

//go:linkname memoryLimit runtime/debug.setMemoryLimit
func memoryLimit(v int64) int64
