// Each of runtime.Callers' counters stands for one frame, inlined or not: FuncForPC names its function and FileLine its line there.
package main

import "runtime"

func callers() []uintptr {
	var pcs [4]uintptr
	return append([]uintptr(nil), pcs[:runtime.Callers(2, pcs[:])]...)
}

func inner() []uintptr {
	return callers()
}

func outer() []uintptr {
	return inner()
}

func main() {
	for _, pc := range outer() {
		f := runtime.FuncForPC(pc - 1)
		file, line := f.FileLine(pc - 1)
		for i := len(file) - 1; i >= 0; i-- {
			if file[i] == '/' {
				file = file[i+1:]
				break
			}
		}
		if f.Name() != "runtime.goexit" && f.Name() != "runtime.main" {
			println(f.Name(), file, line)
		}
	}
}
/* golden
stderr:
main.inner func_for_pc.go 12
main.outer func_for_pc.go 16
main.main func_for_pc.go 20
*/
