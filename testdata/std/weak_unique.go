// golden: run
// unique, weak, finalizers and cleanups: what the collector tells.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
	"unique"
	"weak"
)

type blob struct {
	data [4096]byte
	id   int
}

//go:noinline
func make1(n int, done chan int) (weak.Pointer[blob], weak.Pointer[blob]) {
	b := &blob{id: n}
	runtime.SetFinalizer(b, func(b *blob) { done <- b.id })
	c := &blob{id: n + 1}
	runtime.AddCleanup(c, func(id int) { done <- id }, n+1)
	if weak.Make(b).Value() != b || weak.Make(b) != weak.Make(b) || weak.Make(b) == weak.Make(c) {
		panic("weak pointers of live objects")
	}
	return weak.Make(b), weak.Make(c)
}

//go:noinline
func clobber(n int) int {
	var a [512]int
	for i := range a {
		a[i] = n + i
	}
	if n > 0 {
		return clobber(n-1) + a[n]
	}
	return a[0]
}

func main() {
	a, b := unique.Make(strings.Repeat("ab", 3)), unique.Make("ababab")
	fmt.Println(a == b, a.Value(), a != unique.Make("other"), unique.Make([2]int{1, 2}) == unique.Make([2]int{1, 2}))

	done := make(chan int, 200)
	weaks := make([]weak.Pointer[blob], 0, 200)
	func() {
		for i := range 100 {
			x, y := make1(i*2, done)
			weaks = append(weaks, x, y)
		}
	}()
	clobber(20)
	ended := 0
	for range 50 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
		for len(done) > 0 {
			<-done
			ended++
		}
		if ended >= 190 {
			break
		}
	}
	gone := 0
	for _, w := range weaks {
		if w.Value() == nil {
			gone++
		}
	}
	// The collector is conservative: a few may look alive.
	fmt.Println(ended >= 190, gone >= 190)
	kept := &blob{id: 1}
	w := weak.Make(kept)
	runtime.AddCleanup(kept, func(int) { fmt.Println("too early") }, 0).Stop()
	runtime.GC()
	fmt.Println(w.Value() == kept)
	runtime.KeepAlive(kept)
}
/* golden
stdout:
true ababab true true
true true
true
*/
