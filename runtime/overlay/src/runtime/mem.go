package runtime

import (
	"internal/abi"
	"unsafe"
)

// Memory: statistics, collections, finalizers, cleanups, pinning.

type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

type heapStatistics struct {
	heap, free, unmapped, cycles, mallocs, bytes, liveObjects, liveBytes, goal, last, pauses uint64
	stacks, collector, other                                                                 uint64
	pauseNs, pauseEnd                                                                        *[256]uint64
}

//go:noescape
func heapStats(s *heapStatistics)
func gcCollect()
func gcCollectAndUnmap()
func clearStack()

var forcedGCs uint32

// ReadMemStats counts live objects of the last collection and what was allocated since.
func ReadMemStats(m *MemStats) {
	var s heapStatistics
	heapStats(&s)
	*m = MemStats{}
	m.HeapSys = s.heap
	m.HeapReleased = s.unmapped
	m.HeapIdle = s.free
	m.HeapInuse = s.heap - s.free
	m.TotalAlloc = s.bytes
	m.HeapAlloc = min(s.liveBytes, s.bytes) // the runtime's own objects are not the program's
	m.Alloc = m.HeapAlloc
	m.StackInuse, m.StackSys = s.stacks, s.stacks
	m.GCSys = s.collector
	m.OtherSys = s.other
	m.Sys = m.HeapSys + m.StackSys + m.GCSys + m.OtherSys
	m.Mallocs = s.mallocs
	m.HeapObjects = min(s.liveObjects, s.mallocs)
	m.Frees = m.Mallocs - m.HeapObjects
	m.NextGC = s.goal
	m.LastGC = s.last
	m.NumGC = uint32(s.cycles)
	m.NumForcedGC = forcedGCs
	m.PauseTotalNs = s.pauses
	m.PauseNs = *s.pauseNs
	m.PauseEnd = *s.pauseEnd
	m.EnableGC = true
}

func heapDump(fd uintptr, stats *uint64, arch, version string)

//go:linkname debug_WriteHeapDump runtime/debug.WriteHeapDump
func debug_WriteHeapDump(fd uintptr) {
	var m MemStats
	ReadMemStats(&m)
	stats := append([]uint64{
		m.Alloc, m.TotalAlloc, m.Sys, m.Lookups, m.Mallocs, m.Frees, m.HeapAlloc, m.HeapSys, m.HeapIdle, m.HeapInuse, m.HeapReleased, m.HeapObjects,
		m.StackInuse, m.StackSys, m.MSpanInuse, m.MSpanSys, m.MCacheInuse, m.MCacheSys, m.BuckHashSys, m.GCSys, m.OtherSys, m.NextGC, m.LastGC,
		m.PauseTotalNs,
	}, m.PauseNs[:]...)
	stats = append(stats, uint64(m.NumGC))
	heapDump(fd, &stats[0], GOARCH, Version())
}

//go:noinline
func GC() {
	beforeGC()
	gcCollect()
	afterGC()
}

func beforeGC() {
	clearStack()
	forcedGCs++
	clearPools()
}

func afterGC() {
	if uniqueCleanup != nil {
		outsideBubble(uniqueCleanup)
	}
}

// What packages sync and unique want done around collections. Pools are cleared while nobody uses
// one.
var poolCleanup, uniqueCleanup func()

func clearPools() {
	if poolCleanup == nil {
		return
	}
	stopWorld("GC sweep termination")
	poolCleanup()
	startWorld()
}

// collected reports whether there was a collection since the last call that the program did not ask
// for.
func collected() bool

// finalizers --------------------------------------------------------------------------------------

// setfinalizer0 adds (kind 1: replaces) a function that the collector queues when the object that p
// points into is unreachable; nil removes that of kind 1. It must not reach the object itself: it
// is called with its start. False: p is not in the heap.
func setfinalizer0(p unsafe.Pointer, f func(unsafe.Pointer), kind uint64) bool
func dropcleanup(p unsafe.Pointer, id uint64)
func heapBase(p unsafe.Pointer) unsafe.Pointer
func nextFinalizer() (f func(unsafe.Pointer), object unsafe.Pointer)
func waitFinalizers()

var finalizersStarted bool

func startFinalizers() {
	if finalizersStarted {
		return
	}
	finalizersStarted = true
	goSystem(runFinalizers)
}

func runFinalizers() {
	for {
		if collected() {
			clearPools()
			if uniqueCleanup != nil {
				uniqueCleanup()
			}
		}
		f, object := nextFinalizer()
		if f == nil {
			waitFinalizers()
			continue
		}
		f(object)
	}
}

type eface struct {
	typ  *abi.Type
	data unsafe.Pointer
}

func efaceOf(p *any) *eface { return (*eface)(unsafe.Pointer(p)) }

func SetFinalizer(obj any, finalizer any) {
	e := efaceOf(&obj)
	if e.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if e.typ.Kind() != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + abiString(e.typ) + ", not pointer")
	}
	ot := (*abi.PtrType)(unsafe.Pointer(e.typ))
	if e.data == nil {
		throw("nil elem type!")
	}
	p := e.data
	base := heapBase(p)
	if base == nil { // a variable of a package
		return
	}
	if base != p && (ot.Elem.Pointers() || ot.Elem.Size_ >= 16 || uintptr(p)-uintptr(base) >= 16) {
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
	f := efaceOf(&finalizer)
	if f.typ == nil {
		setfinalizer0(p, nil, 1)
		return
	}
	if f.typ.Kind() != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + abiString(f.typ) + ", not a function")
	}
	ft := (*abi.FuncType)(unsafe.Pointer(f.typ))
	if ft.IsVariadic() {
		throw("runtime.SetFinalizer: cannot pass " + abiString(e.typ) + " to finalizer " + abiString(f.typ) + " because dotdotdot")
	}
	if ft.NumIn() != 1 {
		throw("runtime.SetFinalizer: cannot pass " + abiString(e.typ) + " to finalizer " + abiString(f.typ))
	}
	in := ft.In(0)
	word := unsafe.Pointer(nil) // of an interface that f takes
	switch {
	case in == e.typ, in.Kind() == abi.Pointer && (*abi.PtrType)(unsafe.Pointer(in)).Elem == ot.Elem:
	case in.Kind() == abi.Interface && (*abi.InterfaceType)(unsafe.Pointer(in)).NumMethod() == 0:
		word = unsafe.Pointer(e.typ)
	default:
		if in.Kind() == abi.Interface {
			word = assertE2I2((*abi.InterfaceType)(unsafe.Pointer(in)), e.typ)
		}
		if word == nil {
			throw("runtime.SetFinalizer: cannot pass " + abiString(e.typ) + " to finalizer " + abiString(f.typ))
		}
	}
	fn, offset := f.data, uintptr(p)-uintptr(base)
	call := func(base unsafe.Pointer) {
		arg := [2]unsafe.Pointer{word, unsafe.Add(base, offset)}
		at := unsafe.Pointer(&arg)
		if word == nil {
			at = unsafe.Pointer(&arg[1])
		}
		results := make([]unsafe.Pointer, ft.NumOut()+1)
		for i, t := range ft.OutSlice() {
			results[i] = newobject(t)
		}
		callFunc(ft, fn, nil, false, &at, &results[0])
	}
	startFinalizers()
	setfinalizer0(p, call, 1)
}

// callFunc calls a closure of any type with arguments and results in memory (runtime/reflect.c).
func callFunc(t *abi.FuncType, fn, rcvr unsafe.Pointer, method bool, args, results *unsafe.Pointer)

func abiString(t *abi.Type) string { return typeString(unsafe.Pointer(t)) }

func assertE2I2(inter *abi.InterfaceType, t *abi.Type) unsafe.Pointer

// A Cleanup can be stopped.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

var cleanupID uint64 = 1

func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	p := unsafe.Pointer(ptr)
	if p == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	if q, ok := any(arg).(*T); ok && q == ptr {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	id := newCleanupID()
	addCleanup(p, func(unsafe.Pointer) { cleanup(arg) }, id)
	return Cleanup{id, ^uintptr(p)}
}

func newCleanupID() uint64 {
	cleanupID++
	return cleanupID
}

func addCleanup(p unsafe.Pointer, f func(unsafe.Pointer), id uint64) {
	startFinalizers()
	setfinalizer0(p, f, id)
}

func (c Cleanup) Stop() {
	if c.id != 0 {
		dropcleanup(unsafe.Pointer(^c.ptr), c.id)
	}
}

// A Pinner keeps objects reachable; they never move.
type Pinner struct{ refs []any }

func (p *Pinner) Pin(pointer any) {
	k := efaceOf(&pointer).typ
	if k == nil || (k.Kind() != abi.Pointer && k.Kind() != abi.UnsafePointer) {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + kindName(k)))
	}
	p.refs = append(p.refs, pointer)
	pin(efaceOf(&pointer).data, 1)
}

func pin(p unsafe.Pointer, times int)

func kindName(t *abi.Type) string {
	if t == nil {
		return "nil"
	}
	return abiString(t)
}
func (p *Pinner) Unpin() {
	for i := range p.refs {
		pin(efaceOf(&p.refs[i]).data, -1)
	}
	p.refs = nil
}
