// golden: run
package main

import "runtime"

// Callers, Caller and FuncForPC know inlined calls and leave out wrappers.

func where() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

func a() int { return where() }
func b() int { return a() }

func names(skip int) {
	var pcs [20]uintptr
	fr := runtime.CallersFrames(pcs[:runtime.Callers(skip, pcs[:])])
	for {
		f, more := fr.Next()
		print(" ", f.Function)
		if f.Function == "runtime.main" || !more {
			break
		}
		print(":", f.Line)
	}
	println()
}
func mid(skip int) { names(skip) }
func top(skip int) { mid(skip) }

type T struct{}

func (T) m(skip int) { top(skip) }

type I interface{ m(int) }
type E struct{ I }

func fault() {
	defer func() {
		recover()
		top(1)
	}()
	var p *int
	*p = 1
}

func main() {
	println(b())
	for i := 1; i < 6; i++ {
		top(i)
	}
	var v I = &T{}
	v.m(1)
	E{v}.m(1)
	I.m(E{v}, 1)
	for i := 0; i < 3; i++ {
		pc, _, line, ok := runtime.Caller(i)
		if f := runtime.FuncForPC(pc); ok && i != 1 {
			println(f.Name(), line > 0)
		}
	}
}
/* golden
stderr:
13
 main.names:18 main.mid:29 main.top:30 main.main:51 runtime.main
 main.mid:29 main.top:30 main.main:51 runtime.main
 main.top:30 main.main:51 runtime.main
 main.main:51 runtime.main
 runtime.main
 main.names:18 main.mid:29 main.top:30 main.T.m:34 main.main:54 runtime.main
 main.names:18 main.mid:29 main.top:30 main.T.m:34 main.main:55 runtime.main
 main.names:18 main.mid:29 main.top:30 main.T.m:34 main.main:56 runtime.main
main.main true
runtime.goexit true
*/
