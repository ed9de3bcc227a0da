package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// Profiles: what runtime/profile.c collects, in the form of the API and of package runtime/pprof.

// MemProfileRate is how many bytes lie between sampled allocations on average; 1 samples all, 0
// none.
var MemProfileRate int = 512 * 1024

type StackRecord struct{ Stack0 [32]uintptr }

func stackOf(s []uintptr) []uintptr {
	for i, pc := range s {
		if pc == 0 {
			return s[:i]
		}
	}
	return s
}

func (r *StackRecord) Stack() []uintptr { return stackOf(r.Stack0[:]) }

type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

func (r *MemProfileRecord) InUseBytes() int64   { return r.AllocBytes - r.FreeBytes }
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }
func (r *MemProfileRecord) Stack() []uintptr    { return stackOf(r.Stack0[:]) }

type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// A bucket's pcs (depth of them) follow it.
type bucket struct {
	next, all                  *bucket
	hash                       uint64
	size, count, frees, cycles int64
	kind, depth                int
}

const (
	memBuckets = iota
	blockBuckets
	mutexBuckets
)

func nextBucket(kind int, b *bucket) *bucket
func setBlockProfileRate(rate int)
func setMutexProfileFraction(rate int) int

// The bucket's stack with a pc for each frame of the source.
func (b *bucket) stack() []uintptr {
	pcs := expand(unsafe.Slice((*uintptr)(unsafe.Add(unsafe.Pointer(b), unsafe.Sizeof(*b))), b.depth))
	if b.kind != memBuckets {
		pcs = pcs[min(int(b.size), len(pcs)):] // of package sync
	}
	return pcs
}

func expand(phys []uintptr) []uintptr {
	var locs [maxDepth]location
	pcs := make([]uintptr, 0, len(phys)+8)
	for _, pc := range phys {
		if pc, ok := isCPC(pc); ok {
			pcs = append(pcs, pc)
			continue
		}
		for i := range symbolize0(pc-1, &locs[0], maxDepth) {
			pcs = append(pcs, pc|uintptr(i)<<depthShift)
		}
	}
	return pcs
}

func buckets(kind int) (all []*bucket) {
	for b := nextBucket(kind, nil); b != nil; b = nextBucket(kind, b) {
		all = append(all, b)
	}
	return
}

func memBucketsOf(inuseZero bool) (all []*bucket) {
	for _, b := range buckets(memBuckets) {
		if inuseZero || b.count != b.frees {
			all = append(all, b)
		}
	}
	return
}

func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) {
	all := memBucketsOf(inuseZero)
	if len(all) > len(p) {
		return len(all), false
	}
	for i, b := range all {
		p[i] = MemProfileRecord{AllocBytes: b.count * b.size, FreeBytes: b.frees * b.size, AllocObjects: b.count, FreeObjects: b.frees}
		copy(p[i].Stack0[:], b.stack())
	}
	return len(all), true
}

func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	all := memBucketsOf(inuseZero)
	if len(all) > len(p) {
		return len(all), false
	}
	for i, b := range all {
		p[i] = profilerecord.MemProfileRecord{ObjectSize: b.size, AllocObjects: b.count, FreeObjects: b.frees, Stack: b.stack()}
	}
	return len(all), true
}

type event struct {
	count, cycles int64
	stack         []uintptr
}

// Buckets that differ in frames that are left out alone are one event.
func events(kind int) (all []event) {
	found := map[uintptr]int{} // by hash, of those that have it the last one
	for _, b := range buckets(kind) {
		e := event{b.count, b.cycles, b.stack()}
		hash := uintptr(len(e.stack))
		for _, pc := range e.stack {
			hash = (hash ^ pc) * 0x9e3779b97f4a7c15
		}
		if i, ok := found[hash]; ok && equal(all[i].stack, e.stack) {
			all[i].count += e.count
			all[i].cycles += e.cycles
			continue
		}
		found[hash] = len(all)
		all = append(all, e)
	}
	return
}

func equal(a, b []uintptr) bool {
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

func eventProfile(kind int, p []BlockProfileRecord) (n int, ok bool) {
	all := events(kind)
	if len(all) > len(p) {
		return len(all), false
	}
	for i, e := range all {
		p[i] = BlockProfileRecord{Count: e.count, Cycles: e.cycles}
		copy(p[i].Stack0[:], e.stack)
	}
	return len(all), true
}

func eventProfileInternal(kind int, p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	all := events(kind)
	if len(all) > len(p) {
		return len(all), false
	}
	for i, e := range all {
		p[i] = profilerecord.BlockProfileRecord{Count: e.count, Cycles: e.cycles, Stack: e.stack}
	}
	return len(all), true
}

func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return eventProfile(blockBuckets, p) }
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return eventProfile(mutexBuckets, p) }
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return eventProfileInternal(blockBuckets, p)
}
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return eventProfileInternal(mutexBuckets, p)
}

// SetBlockProfileRate's unit is nanoseconds, which are the cycles here.
func SetBlockProfileRate(rate int)         { setBlockProfileRate(max(rate, 0)) }
func SetMutexProfileFraction(rate int) int { return setMutexProfileFraction(rate) }

// Threads are the runtime's own; nothing is known of who made one necessary.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool)                      { return 0, true }
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) { return 0, true }

type goroutineRecord struct {
	labels unsafe.Pointer
	depth  int
	pcs    [128]uintptr
}

func goroutineStacks(p *goroutineRecord, max int, leaked bool) int

func goroutineRecords(limit int, leaked bool) (all []goroutineRecord, n int) {
	all = make([]goroutineRecord, limit+1)
	stopWorld("goroutine profile")
	n = goroutineStacks(&all[0], limit, leaked)
	startWorld()
	return all[:min(n, limit)], n
}

func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	all, n := goroutineRecords(len(p), false)
	if n > len(p) {
		return n, false
	}
	for i := range all {
		p[i] = StackRecord{}
		copy(p[i].Stack0[:], expand(all[i].pcs[:all[i].depth]))
	}
	return n, true
}

func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return labelledRecords(p, labels, false)
}

func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return labelledRecords(p, labels, true)
}

func labelledRecords(p []profilerecord.StackRecord, labels []unsafe.Pointer, leaked bool) (n int, ok bool) {
	all, n := goroutineRecords(len(p), leaked)
	if n > len(p) {
		return n, false
	}
	for i := range all {
		p[i].Stack = expand(all[i].pcs[:all[i].depth])
		if len(labels) == len(p) {
			labels[i] = all[i].labels
		}
	}
	return n, true
}

// CPU time ----------------------------------------------------------------------------------------

func setCPUProfile(hz int)
func nextCPUSample(pcs *uintptr) (depth int, time int64, labels unsafe.Pointer)
func lostCPUSamples() int64

var cpuProfile struct {
	hz     int
	header int // the rate, until it is read
}

// SetCPUProfileRate says how many samples a second of CPU time gets; 0 ends the profile.
func SetCPUProfileRate(hz int) {
	hz = min(max(hz, 0), 1000000)
	if hz > 0 && cpuProfile.hz > 0 {
		print("runtime: cannot set CPU profile rate until previous profile has finished.\n")
		return
	}
	if hz > 0 {
		cpuProfile.header = hz
	}
	cpuProfile.hz = hz
	setCPUProfile(hz)
}

func CPUProfile() []byte { panic("CPUProfile no longer available") }

// What ran when there was no goroutine's stack to look at.
//
//go:noinline
func _System()       { _System() }
func _ExternalCode() { _ExternalCode() }

var noTag unsafe.Pointer

// pprof_readProfile returns records {length, time, count, stack…}, the first of them {3, 0, rate},
// and a tag for each. It waits for some.
//
//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	for {
		stopped := cpuProfile.hz == 0
		if cpuProfile.header > 0 {
			data, tags = append(data, 3, 0, uint64(cpuProfile.header)), append(tags, nil)
			cpuProfile.header = 0
		}
		data, tags = appendCPUSamples(data, tags)
		if stopped || len(data) > 0 {
			return data, tags, len(data) == 0
		}
		sleep(10_000_000)
	}
}

func appendCPUSamples(data []uint64, tags []unsafe.Pointer) ([]uint64, []unsafe.Pointer) {
	var pcs [64]uintptr
	for {
		depth, time, labels := nextCPUSample(&pcs[0])
		if depth < 0 {
			break
		}
		stack := expand(pcs[:depth])
		if c, ok := isCPC(pcs[0]); ok && depth == 1 { // a thread of C's
			f := _ExternalCode
			stack = append(stack[:0], c, **(**uintptr)(unsafe.Pointer(&f))+1)
		}
		if len(stack) == 0 {
			f := _System
			stack = append(stack, **(**uintptr)(unsafe.Pointer(&f))+1)
		}
		data = append(data, uint64(3+len(stack)), uint64(time), 1)
		for _, pc := range stack {
			data = append(data, uint64(pc))
		}
		tags = append(tags, labels)
	}
	if n := lostCPUSamples(); n > 0 {
		data, tags = append(data, 4, uint64(nanotime()), 0, uint64(n)), append(tags, nil)
	}
	return data, tags
}

//go:linkname sleep time.Sleep
func sleep(ns int64)

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string { return f.Function }

// Stacks have a pc for each inlined frame already.
//
//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }

func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }
func pprof_makeProfStack() []uintptr              { return make([]uintptr, 128) }
