package runtime

import "unsafe"

// The rest of the public API. What is declared without a body is the C side's; what answers nothing yet (profiles) has nothing to tell.

func Version() string { return "go1.27" }
func GOROOT() string  { return "" }
func NumCgoCall() int64 { return 0 }
func Breakpoint()     {}

func LockOSThread()
func UnlockOSThread()
func Goexit()
func numCPU() int
func gcount() int
func setProcs(n int) int

func NumCPU() int       { return numCPU() }
func NumGoroutine() int { return gcount() }
func GOMAXPROCS(n int) int { return setProcs(n) }
func SetDefaultGOMAXPROCS() {}

// A Frame is one function call of a stack.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	startLine int
	Entry    uintptr
	funcInfo unsafe.Pointer
}

// Frames turns program counters into Frames.
type Frames struct{ callers []uintptr }

func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }
func (f *Frames) Next() (frame Frame, more bool) {
	if len(f.callers) == 0 {
		return
	}
	frame.PC = f.callers[0]
	f.callers = f.callers[1:]
	return frame, len(f.callers) > 0
}

type Func struct{ name string }

func FuncForPC(pc uintptr) *Func                            { return nil }
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}
func (f *Func) Entry() uintptr                              { return 0 }
func (f *Func) FileLine(pc uintptr) (file string, line int) { return }

func Caller(skip int) (pc uintptr, file string, line int, ok bool) { return }
func Callers(skip int, pc []uintptr) int                           { return 0 }
func Stack(buf []byte, all bool) int                               { return 0 }

func SetFinalizer(obj, finalizer any) {}

type Cleanup struct{ id uint64 }

func (c Cleanup) Stop()                                        {}
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup { return Cleanup{} }

type Pinner struct{ refs []any }

func (p *Pinner) Pin(pointer any) { p.refs = append(p.refs, pointer) }
func (p *Pinner) Unpin()          { p.refs = nil }

type MemStats struct {
	Alloc, TotalAlloc, Sys, Lookups, Mallocs, Frees                                           uint64
	HeapAlloc, HeapSys, HeapIdle, HeapInuse, HeapReleased, HeapObjects                        uint64
	StackInuse, StackSys, MSpanInuse, MSpanSys, MCacheInuse, MCacheSys                        uint64
	BuckHashSys, GCSys, OtherSys, NextGC, LastGC, PauseTotalNs                                uint64
	PauseNs                                                                                   [256]uint64
	PauseEnd                                                                                  [256]uint64
	NumGC, NumForcedGC                                                                        uint32
	GCCPUFraction                                                                             float64
	EnableGC, DebugGC                                                                         bool
	BySize                                                                                    [61]struct {
		Size           uint32
		Mallocs, Frees uint64
	}
}

func ReadMemStats(m *MemStats) {}

var MemProfileRate int = 512 * 1024

type StackRecord struct{ Stack0 [32]uintptr }

func (r *StackRecord) Stack() []uintptr { return r.Stack0[:0] }

type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

func (r *MemProfileRecord) InUseBytes() int64   { return r.AllocBytes - r.FreeBytes }
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }
func (r *MemProfileRecord) Stack() []uintptr    { return r.Stack0[:0] }

type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }
func BlockProfile(p []BlockProfileRecord) (n int, ok bool)            { return 0, true }
func MutexProfile(p []BlockProfileRecord) (n int, ok bool)            { return 0, true }
func GoroutineProfile(p []StackRecord) (n int, ok bool)               { return 0, true }
func ThreadCreateProfile(p []StackRecord) (n int, ok bool)            { return 0, true }
func SetBlockProfileRate(rate int)                                    {}
func SetMutexProfileFraction(rate int) int                            { return 0 }
func SetCPUProfileRate(hz int)                                        {}
func CPUProfile() []byte                                              { panic("CPUProfile no longer available") }
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}
