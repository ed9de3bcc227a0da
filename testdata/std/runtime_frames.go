// The runtime's frames have gc's names, in runtime.Callers of deferred functions and in a traceback of every frame.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type far struct {
	pad [5000]byte
	x   int
}

var (
	nilFar  *far
	nilMap  map[string]int
	zero    int
	ints    []int
	nothing any
)

//go:noinline
func frames() string {
	pcs := make([]uintptr, 50)
	f := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var names []string
	for more := true; more; {
		var frame runtime.Frame
		frame, more = f.Next()
		names = append(names, frame.Function)
	}
	return strings.Join(names, " ")
}

func try(what string, f func()) {
	defer func() {
		recover()
		fmt.Println(what+":", frames())
	}()
	f()
}

func main() {
	c := make(chan int)
	go func() {
		fmt.Println("goroutine:", frames())
		c <- 1
	}()
	<-c
	try("panic", func() { panic(1) })
	try("nil", func() { nilFar.pad[0] = 1 })
	try("nil, far", func() { nilFar.x = 1 })
	try("nil func", func() { var f func(); f() })
	try("nil map", func() { nilMap["a"] = 1 })
	try("divide", func() { zero = 1 / zero })
	try("index", func() { zero = ints[5] })
	try("slice", func() { ints = ints[5:] })
	try("assert", func() { zero = nothing.(int) })
	try("close", func() { close(c); close(c) })
	try("hash", func() { m := map[any]int{}; m[func() {}] = 1 })
	try("compare", func() { var a, b any = func() {}, func() {}; zero = map[bool]int{true: 1}[a == b] })
	try("makeslice", func() { ints = make([]int, zero-1) })
	try("Goexit", func() {
		done := make(chan bool)
		go func() {
			defer close(done)
			defer func() { fmt.Println("in it:", frames()) }()
			runtime.Goexit()
		}()
		<-done
	})
	debug.SetTraceback("system")
	defer func() { panic(2) }()
	nilFar.x = 1
}
/* golden
exit 2
stdout:
goroutine: main.main.func1 runtime.goexit
panic: main.try.func1 runtime.gopanic main.main.func2 main.try main.main runtime.main runtime.goexit
nil: main.try.func1 runtime.gopanic runtime.panicmem runtime.sigpanic main.main.func3 main.try main.main runtime.main runtime.goexit
nil, far: main.try.func1 runtime.gopanic runtime.panicmem runtime.sigpanic main.main.func4 main.try main.main runtime.main runtime.goexit
nil func: main.try.func1 runtime.gopanic runtime.panicmem runtime.sigpanic main.main.func5 main.try main.main runtime.main runtime.goexit
nil map: main.try.func1 runtime.gopanic runtime.mapassign_faststr main.main.func6 main.try main.main runtime.main runtime.goexit
divide: main.try.func1 runtime.gopanic runtime.panicdivide main.main.func7 main.try main.main runtime.main runtime.goexit
index: main.try.func1 runtime.gopanic runtime.panicBounds64 runtime.panicBounds main.main.func8 main.try main.main runtime.main runtime.goexit
slice: main.try.func1 runtime.gopanic runtime.panicBounds64 runtime.panicBounds main.main.func9 main.try main.main runtime.main runtime.goexit
assert: main.try.func1 runtime.gopanic runtime.panicdottypeE main.main.func10 main.try main.main runtime.main runtime.goexit
close: main.try.func1 runtime.gopanic runtime.closechan main.main.func11 main.try main.main runtime.main runtime.goexit
hash: main.try.func1 runtime.gopanic runtime.nilinterhash runtime.mapassign main.main.func12 main.try main.main runtime.main runtime.goexit
compare: main.try.func1 runtime.gopanic runtime.efaceeq main.main.func13 main.try main.main runtime.main runtime.goexit
makeslice: main.try.func1 runtime.gopanic runtime.panicmakeslicelen runtime.makeslice main.main.func14 main.try main.main runtime.main runtime.goexit
in it: main.main.func15.1.1 runtime.Goexit main.main.func15.1 runtime.goexit
Goexit: main.try.func1 main.try main.main runtime.main runtime.goexit
stderr:
panic: runtime error: invalid memory address or nil pointer dereference
	panic: 2
[signal SIGSEGV: segmentation violation code=0x? addr=0x? pc=0x?]

goroutine N gp=0x? m=N mp=0x? [running]:
panic(...)
	runtime/panic.go
main.main.func16(...)
	runtime_frames.go:75
panic(...)
	runtime/panic.go
runtime.panicmem(...)
	runtime/error.go
runtime.sigpanic(...)
	runtime/signal_unix.go
main.main(...)
	runtime_frames.go:76
runtime.main(...)
	runtime/proc.go
runtime.goexit(...)
	runtime/asm_ARCH.s
*/
