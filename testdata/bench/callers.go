package main

import (
	"io"
	"log"
	"runtime"
)

func at(depth int, f func()) {
	if depth == 0 {
		f()
		return
	}
	at(depth-1, f)
}

// Stacks as errors and profiles keep them, and lines as loggers write them.
func main() {
	frames := 0
	for range 200_000 {
		at(20, func() {
			var pcs [32]uintptr
			fs := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
			for more := true; more; {
				_, more = fs.Next()
				frames++
			}
		})
	}
	l := log.New(io.Discard, "", log.Lshortfile)
	for range 1_000_000 {
		l.Print("x")
		_, _, line, _ := runtime.Caller(0)
		frames += line
	}
	println(frames > 0)
}
