// golden: run
// runtime/debug and runtime: stacks, limits, build information, statistics, a leak of goroutines that is seen.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

//go:noinline
func inner() string { return string(debug.Stack()) }

func outer() string { return inner() }

func settles(want int) bool {
	for range 200 {
		if runtime.NumGoroutine() <= want {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

func main() {
	s := outer()
	fmt.Println(strings.HasPrefix(s, "goroutine 1 [running]:\nruntime/debug.Stack()"), strings.Contains(s, "main.inner()"), strings.Contains(s, "main.outer("), strings.Contains(s, "debug_info.go:"))
	fmt.Println(debug.SetGCPercent(50), debug.SetGCPercent(100), debug.SetMemoryLimit(-1) > 1<<60, debug.SetMaxThreads(10000))
	fmt.Println(debug.SetMemoryLimit(4<<30) > 1<<60, debug.SetMemoryLimit(-1))
	debug.SetTraceback("all")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	keep := make([][]byte, 0, 100)
	for range 100 {
		keep = append(keep, make([]byte, 1<<16))
	}
	runtime.GC()
	debug.FreeOSMemory()
	runtime.ReadMemStats(&after)
	fmt.Println(after.NumGC > before.NumGC, after.TotalAlloc-before.TotalAlloc >= 100<<16, after.HeapAlloc >= 100<<16, after.Mallocs > before.Mallocs, len(keep))
	runtime.KeepAlive(keep)

	base := runtime.NumGoroutine()
	stop := make(chan struct{})
	for range 10 {
		go func() { <-stop }()
	}
	fmt.Println(runtime.NumGoroutine()-base, settles(base+5))
	close(stop)
	fmt.Println(settles(base))

	pc, file, line, ok := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name(), file[strings.LastIndex(file, "/")+1:], line, ok)
	bi, ok := debug.ReadBuildInfo()
	fmt.Println(ok, bi != nil && strings.HasPrefix(bi.GoVersion, "go1.27"), strings.HasPrefix(runtime.Version(), "go1.27"), runtime.GOOS, runtime.Compiler != "")
	func() {
		defer func() { fmt.Println(recover()) }()
		old := debug.SetPanicOnFault(true)
		defer debug.SetPanicOnFault(old)
		var p *int
		*p = 1
	}()
}
/* golden
stdout:
true true true true
100 50 true 10000
true 4294967296
true true true true 100
10 false
true
main.main debug_info.go 55 true
true true true linux true
runtime error: invalid memory address or nil pointer dereference
*/
