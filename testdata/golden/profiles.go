// Package runtime/pprof: every profile names who allocates, blocks, contends and runs.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"time"
)

var kept [][]byte

//go:noinline
func allocate() {
	for range 100 {
		kept = append(kept, make([]byte, 100<<10))
	}
}

//go:noinline
func spin(until func() bool) (n int) {
	for !until() {
		for i := range 100_000 {
			n += i * n
		}
	}
	return
}

func show(name string, want ...string) {
	var text, proto bytes.Buffer
	if err := pprof.Lookup(name).WriteTo(&text, 1); err != nil {
		fmt.Println(err)
	}
	for _, w := range want {
		fmt.Println(name, w, strings.Contains(text.String(), w))
	}
	if err := pprof.Lookup(name).WriteTo(&proto, 0); err != nil {
		fmt.Println(err)
	}
	fmt.Println(name, proto.Len() > 0)
}

func main() {
	runtime.SetBlockProfileRate(1)
	fmt.Println(runtime.SetMutexProfileFraction(1), runtime.SetMutexProfileFraction(-1))

	var cpu bytes.Buffer
	fmt.Println(pprof.StartCPUProfile(&cpu), pprof.StartCPUProfile(&cpu) != nil)
	end := time.Now().Add(300 * time.Millisecond)
	spin(func() bool { return time.Now().After(end) })
	pprof.StopCPUProfile()
	fmt.Println("cpu", cpu.Len() > 0)

	allocate()
	var mu sync.Mutex
	mu.Lock()
	done := make(chan bool)
	go func() { mu.Lock(); mu.Unlock(); done <- true }()
	time.Sleep(20 * time.Millisecond)
	mu.Unlock()
	<-done
	go func() { select {} }()
	time.Sleep(10 * time.Millisecond)
	runtime.GC()

	show("heap", "main.allocate")
	show("allocs", "main.allocate")
	show("goroutine", "main.main.func3", "main.show")
	show("block", "main.main.func2", "sync.(*Mutex).Lock")
	show("mutex", "main.main", "sync.(*Mutex).Unlock")
	show("threadcreate")

	records := make([]runtime.MemProfileRecord, 10000)
	n, ok := runtime.MemProfile(records, true)
	for _, r := range records[:n] {
		frames := runtime.CallersFrames(r.Stack())
		for more := true; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			if frame.Function == "main.allocate" && r.AllocBytes > 1<<20 {
				fmt.Println(ok, frame.Line, r.InUseBytes() > 1<<20) // still kept
			}
		}
	}
}
/* golden
stdout:
0 1
<nil> true
cpu true
heap main.allocate true
heap true
allocs main.allocate true
allocs true
goroutine main.main.func3 true
goroutine main.show true
goroutine true
block main.main.func2 true
block sync.(*Mutex).Lock true
block true
mutex main.main true
mutex sync.(*Mutex).Unlock true
mutex true
threadcreate true
true 19 true
*/
