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
func stopWorld()
func startWorld()

func NumCPU() int           { return int(numCPU()) }
func NumGoroutine() int     { return int(gcount()) }
func NumCgoCall() int64

//go:noinline
func GOMAXPROCS(n int) int { return int(setProcs(int32(n))) }

func SetDefaultGOMAXPROCS() { setProcs(numCPU()) }
func KeepAlive(x any)       {}

func StartTrace() error { return errorString("tracing is not supported") }
func ReadTrace() []byte { return nil }
func StopTrace()        {}
