// Package runtime/pprof: every profile names who allocates, blocks, contends and runs.
package main

import (
	"bytes"
	"fmt"
	"io"
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
func allocateAll() {
	for i := range 100 {
		kept[i] = make([]byte, 100<<10)
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

// Until a goroutine is parked in that state.
func waitFor(state string) {
	stacks := make([]byte, 64<<10)
	for !bytes.Contains(stacks[:runtime.Stack(stacks, true)], []byte(state)) {
		time.Sleep(time.Millisecond)
	}
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
	for range 3 { // ends before anything was sampled
		fmt.Println(pprof.StartCPUProfile(io.Discard))
		pprof.StopCPUProfile()
	}
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
	waitFor("[sync.Mutex.Lock")
	mu.Unlock()
	<-done
	go func() { select {} }()
	waitFor("[select (no cases)")
	runtime.GC()

	show("heap", "main.allocate")
	show("allocs", "main.allocate")
	show("goroutine", "main.main.func3", "main.show")
	show("block", "main.main.func2", "sync.(*Mutex).Lock")
	show("mutex", "main.main", "sync.(*Mutex).Unlock")
	show("threadcreate")

	// How many of 100 objects are sampled is chance; at rate 1 all of them are.
	runtime.MemProfileRate = 1
	allocateAll()
	runtime.MemProfileRate = 512 << 10
	clear(kept[:40])
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 10000)
	n, ok := runtime.MemProfile(records, true)
	for _, r := range records[:n] {
		frames := runtime.CallersFrames(r.Stack())
		for more := true; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			if frame.Function == "main.allocateAll" {
				fmt.Println(ok, frame.Line, r.AllocObjects, r.AllocBytes, r.InUseObjects() > 50, r.FreeObjects > 30)
			}
		}
	}
}
/* golden
stdout:
0 1
<nil>
<nil>
<nil>
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
true 27 100 10649600 true true
*/
