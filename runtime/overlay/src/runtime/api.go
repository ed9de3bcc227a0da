package runtime

import "unsafe"

// The public API besides errors, stacks and memory. Bodyless functions are the C side's.

// buildVersion is what GOROOT's VERSION says: the driver sets it, as -ldflags=-X does.
var buildVersion string

func Version() string { return buildVersion }

// GOROOT is the environment's GOROOT, or the one that the program was built from.
func GOROOT() string {
	if s := gogetenv("GOROOT"); s != "" {
		return s
	}
	return defaultGOROOT()
}

func defaultGOROOT() string

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
func stopWorld(why string)
func startWorld()

func NumCPU() int           { return int(numCPU()) }
func NumGoroutine() int     { return int(gcount()) }
func NumCgoCall() int64

// The names of those that change it are gc's: traces show them.
//
//go:noinline
func GOMAXPROCS(n int) int { return startTheWorldGC(n) }

//go:noinline
func startTheWorldGC(n int) int { return startTheWorld(n) }

//go:noinline
func startTheWorld(n int) int { return int(setProcs(int32(n))) }

func SetDefaultGOMAXPROCS() { setProcs(numCPU()) }
func KeepAlive(x any)       {}

// traceStart reports false where a trace is under way.
func traceStart() bool
func traceAdvance(stop bool)
func traceTick() bool
func traceNeedsTicks() bool

// StartTrace begins a trace, which ReadTrace gives piece by piece.
func StartTrace() error {
	if !traceStart() {
		return errorString("tracing is already enabled")
	}
	if traceNeedsTicks() {
		goSystem(func() {
			for traceTick() {
				traceAdvance(false)
			}
		})
	}
	return nil
}

// ReadTrace waits for the next piece, which is the caller's until its next call; nil after the last
// one.
func ReadTrace() []byte

// StopTrace comes back when all has been read.
func StopTrace() { traceAdvance(true) }
