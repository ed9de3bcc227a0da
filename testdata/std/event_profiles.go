package main

import (
	"bytes"
	"fmt"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"time"
)

// Profiles of blocking and contention begin where gc's do: with the runtime's function that a channel
// operation is, with the method of package sync that the program called.

func block() {
	c := make(chan int)
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	later := func(f func()) { go func() { time.Sleep(5 * time.Millisecond); f() }() }
	later(func() { c <- 1 })
	<-c
	later(func() { <-c })
	c <- 1
	later(func() { c <- 1 })
	select {
	case <-c:
	case c <- 2:
	}
	mu.Lock()
	later(func() { mu.Unlock() })
	mu.Lock()
	later(func() { mu.Lock(); cond.Signal(); mu.Unlock() })
	cond.Wait()
	var wg sync.WaitGroup
	wg.Add(1)
	later(wg.Done)
	wg.Wait()
}

var frame = regexp.MustCompile(`^#\t0x\w+\t([^+]+)\+`)

// The functions of each sample's two innermost frames.
func show(name string) {
	var b bytes.Buffer
	pprof.Lookup(name).WriteTo(&b, 1)
	seen := map[string]bool{}
	for sample := range strings.SplitSeq(b.String(), "\n\n") {
		var stack []string
		for line := range strings.SplitSeq(sample, "\n") {
			if m := frame.FindStringSubmatch(line); m != nil && len(stack) < 2 {
				stack = append(stack, m[1])
			}
		}
		seen[strings.Join(stack, " < ")] = true
	}
	for _, want := range []string{"runtime.chanrecv1 < main.block", "runtime.chansend1 < main.block", "runtime.selectgo < main.block",
		"sync.(*Mutex).Lock < main.block", "sync.(*Cond).Wait < main.block", "sync.(*WaitGroup).Wait < main.block", "sync.(*Mutex).Unlock < main.block.func5"} {
		if seen[want] {
			fmt.Println(name, want)
		}
	}
}

func main() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	block()
	runtime.SetBlockProfileRate(0)
	fmt.Println(runtime.SetMutexProfileFraction(0), runtime.SetMutexProfileFraction(-1))
	show("block")
	show("mutex")
}
/* golden
stdout:
1 0
block runtime.chanrecv1 < main.block
block runtime.chansend1 < main.block
block runtime.selectgo < main.block
block sync.(*Mutex).Lock < main.block
block sync.(*Cond).Wait < main.block
block sync.(*WaitGroup).Wait < main.block
mutex sync.(*Mutex).Unlock < main.block.func5
*/
