// golden: run
// What gc does without allocations: keys for sync.Map.Load and strings for maphash.Comparable stay on the stack, a second weak pointer is the first.
package main

import (
	"fmt"
	"hash/maphash"
	"os"
	"sync"
	"testing"
	"weak"
)

type pair struct {
	n int
	s string
}

func main() {
	seed, x := maphash.MakeSeed(), os.Args[0][:1]
	show := func(what string, f func()) { fmt.Println(what, testing.AllocsPerRun(10, f)) }
	show("string", func() {
		s := "s" + x
		maphash.Comparable(seed, s)
	})
	show("struct", func() { maphash.Comparable(seed, pair{1, "s" + x}) })
	show("pointer", func() {
		var n int
		maphash.Comparable(seed, &n)
	})
	var m sync.Map
	m.Store(x, 1)
	show("sync.Map", func() {
		if v, ok := m.Load(x); !ok || v != 1 {
			panic(v)
		}
	})
	p := new(pair)
	w := weak.Make(p)
	show("weak", func() {
		if weak.Make(p) != w || w.Value() != p {
			panic(w)
		}
	})
}
/* golden
stdout:
string 0
struct 0
pointer 1
sync.Map 0
weak 0
*/
