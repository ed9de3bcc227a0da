// golden: run
package main

import (
	"runtime"
	"time"
	"weak"
)

type T struct {
	a int
	p *T
}

//go:noinline
func mk(done chan int) {
	for i := 0; i < 100; i++ {
		t := &T{a: i}
		runtime.SetFinalizer(t, func(t *T) { done <- t.a })
	}
}

//go:noinline
func mkc(done chan int) {
	for i := 0; i < 100; i++ {
		t := &T{a: i}
		runtime.AddCleanup(t, func(x int) { done <- x }, i)
	}
}

//go:noinline
func mkw() []weak.Pointer[T] {
	var r []weak.Pointer[T]
	for i := 0; i < 100; i++ {
		r = append(r, weak.Make(&T{a: i}))
	}
	return r
}

func clobber() { var a [1000]int; use(&a) }

//go:noinline
func use(a *[1000]int) { a[3] = 1 }

func main() {
	done := make(chan int, 1000)
	mk(done)
	clobber()
	runtime.GC()
	time.Sleep(20 * time.Millisecond)
	println("fin", len(done) > 90)
	for len(done) > 0 {
		<-done
	}
	mkc(done)
	clobber()
	runtime.GC()
	time.Sleep(20 * time.Millisecond)
	println("cleanup", len(done) > 90)
	w := mkw()
	clobber()
	runtime.GC()
	n := 0
	for _, p := range w {
		if p.Value() == nil {
			n++
		}
	}
	println("weak", n > 90)
	t := &T{a: 1}
	wp := weak.Make(t)
	println(wp.Value() == t, weak.Make(t) == wp)
	runtime.KeepAlive(t)
}
/* golden
stderr:
fin true
cleanup true
weak true
true true
*/
