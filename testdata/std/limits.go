package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
)

// The limits that a program sets itself: memory, threads, stacks.

var (
	live [][]byte
	sink []byte
)

func memory() {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const limit = 64 << 20
	fmt.Println("no limit at first:", debug.SetMemoryLimit(limit) == 1<<63-1, debug.SetMemoryLimit(-1) == limit)
	fill(20)
	most := uint64(0)
	for i := range 1000000 {
		sink = make([]byte, 1000)
		if i%100000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
		}
	}
	fmt.Println("stays near it:", most < limit+limit/8, len(live))
	debug.SetMemoryLimit(1<<63 - 1)
	fill(100)
	live = nil
	debug.FreeOSMemory()
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	fmt.Println("goes back to the system:", after.HeapReleased > 60<<20, after.Sys-after.HeapReleased < 32<<20)
}

//go:noinline
func fill(n int) {
	for range n {
		live = append(live, make([]byte, 1<<20))
	}
}

func threads() {
	fmt.Println(debug.SetMaxThreads(20))
	for range 50 {
		go func() {
			runtime.LockOSThread()
			select {}
		}()
	}
	for range 10000 {
		runtime.Gosched()
	}
	select {}
}

func depth(n int) int {
	var a [64]int
	if n == 0 {
		return 0
	}
	a[n%64] = n
	return depth(n-1) + a[(n+1)%64] + 1
}

func stack() {
	fmt.Println(debug.SetMaxStack(4 << 20))
	fmt.Println("within", depth(1000))
	done := make(chan int)
	go func() { done <- depth(1000) }()
	fmt.Println("within", <-done)
	go func() { done <- depth(100000) }()
	fmt.Println("beyond", <-done)
}

func main() {
	if len(os.Args) > 1 {
		map[string]func(){"threads": threads, "stack": stack, "malformed": func() {}}[os.Args[1]]()
		return
	}
	memory()
	for _, what := range []string{"threads", "stack", "malformed"} {
		cmd := exec.Command(os.Args[0], what)
		if what == "malformed" {
			cmd.Env = append(os.Environ(), "GOMEMLIMIT=64MB")
		}
		out, err := cmd.CombinedOutput()
		fmt.Println(what, err)
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "runtime: sp=") {
				continue
			}
			if line == "\n" {
				break
			}
			fmt.Print("\t", line)
		}
	}
}
/* golden
stdout:
no limit at first: true true
stays near it: true 20
goes back to the system: true true
threads exit status 2
	10000
	runtime: program exceeds 20-thread limit
	fatal error: thread exhaustion
stack exit status 2
	1000000000
	within 1000
	within 1000
	runtime: goroutine stack exceeds 4194304-byte limit
	fatal error: stack overflow
malformed exit status 2
	GOMEMLIMIT=64MB
	fatal error: malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`
*/
