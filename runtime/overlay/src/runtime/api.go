package runtime

import "unsafe"

// The public API besides errors, stacks and memory. Bodyless functions are the C side's.

func Version() string { return "go1.27" }

// GOROOT is the environment's GOROOT, or empty: programs are compiled without one in mind.
func GOROOT() string { return gogetenv("GOROOT") }

func gogetenv(key string) string
func exit(code int32)
func throw(s string)
func nanotime() int64

func Gosched()
func Goexit()
func LockOSThread()
func UnlockOSThread()
func Breakpoint()

func numCPU() int32
func gcount() int32
func setProcs(n int32) int32
func goid() uint64
func goSystem(f func())
func stopWorld()
func startWorld()

func NumCPU() int             { return int(numCPU()) }
func NumGoroutine() int       { return int(gcount()) }
func NumCgoCall() int64       { return 0 }
func GOMAXPROCS(n int) int    { return int(setProcs(int32(n))) }
func SetDefaultGOMAXPROCS()   { setProcs(numCPU()) }
func KeepAlive(x any)         {}

// profiles: there are none; the functions say so.

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

func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }
func BlockProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func MutexProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func ThreadCreateProfile(p []StackRecord) (n int, ok bool)             { return 0, true }
func SetBlockProfileRate(rate int)                                     {}
func SetCPUProfileRate(hz int)                                         {}
func CPUProfile() []byte                                               { panic("CPUProfile no longer available") }
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {
}

var mutexFraction int

func SetMutexProfileFraction(rate int) int {
	old := mutexFraction
	if rate >= 0 {
		mutexFraction = rate
	}
	return old
}

// GoroutineProfile knows the calling goroutine only.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = NumGoroutine()
	if n > len(p) {
		return n, false
	}
	if n > 0 {
		Callers(1, p[0].Stack0[:])
	}
	return n, true
}

func StartTrace() error  { return errorString("tracing is not supported") }
func ReadTrace() []byte  { return nil }
func StopTrace()         {}
