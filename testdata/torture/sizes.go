// Objects of the sizes around each of the allocator's classes, to 33 KB: held by interior pointers, by
// slices of their last element, by a loop that runs to their end, by weak pointers, finalizers and
// cleanups, while others of the same sizes come and go.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"weak"
)

func fail(args ...any) {
	fmt.Println(append([]any{"FAIL:"}, args...)...)
	os.Exit(1)
}

type node struct {
	v    int
	next *node
}

//go:noinline
func bytesOf(n, seed int) []byte {
	s := make([]byte, n)
	for i, b := range s {
		if b != 0 {
			fail("not zero", n, i)
		}
		s[i] = byte(seed + i)
	}
	return s
}

//go:noinline
func nodesOf(n, seed int) []*node {
	s := make([]*node, n)
	for i, p := range s {
		if p != nil {
			fail("not nil", n, i)
		}
	}
	for i := 0; i < n; i += 1 + n/7 {
		s[i] = &node{v: seed + i}
	}
	s[n-1] = &node{v: seed}
	return s
}

// All that compiled code keeps of s towards the end may be where it ends.
//
//go:noinline
func sum(s []byte, churn int) (t int) {
	for i, b := range s {
		if i == len(s)/2 {
			drop(len(s), churn)
		}
		t += int(b)
	}
	return t
}

//go:noinline
func drop(n, times int) {
	for i := range times {
		bytesOf(n, i)
		nodesOf(n/8+1, i)
	}
}

type held struct {
	n, seed  int
	last     []byte // one byte
	middle   *byte  // of the same object
	nodes    **node // the last of them
	empty    []byte // past another object's end
	weakly   weak.Pointer[[600]byte]
	strongly *[600]byte
}

func hold(n, seed int) held {
	a, b := bytesOf(n, seed), nodesOf(n/8+1, seed)
	other := bytesOf(n, seed)
	w := new([600]byte)
	w[seed%600] = 1
	return held{n, seed, a[n-1:], &a[n/2], &b[n/8], other[n:], weak.Make(w), w}
}

func (h *held) check() {
	if h.last[0] != byte(h.seed+h.n-1) || *h.middle != byte(h.seed+h.n/2) || (*h.nodes).v != h.seed {
		fail("interior", h.n, h.seed)
	}
	if len(h.empty) != 0 || cap(h.empty) != 0 {
		fail("empty", h.n)
	}
	if w := h.weakly.Value(); w != h.strongly || w[h.seed%600] != 1 {
		fail("weak", h.n)
	}
	h.empty = append(h.empty, 1, 2, 3)
	if string(h.empty) != "\x01\x02\x03" {
		fail("appended", h.n)
	}
	h.empty = h.empty[3:][:0:0]
}

var finalized, cleaned atomic.Int32

type large struct {
	v    int
	data [1500]int
	end  int
}

//go:noinline
func dropFinalized(i int) {
	l := &large{v: i, end: ^i}
	runtime.SetFinalizer(l, func(l *large) {
		if l.v != ^l.end {
			fail("finalizer", l.v, l.end)
		}
		finalized.Add(1)
	})
	c := &large{v: i}
	runtime.AddCleanup(c, func(v int) {
		if v != i {
			fail("cleanup", v)
		}
		cleaned.Add(1)
	}, i)
}

// Rows of a matrix whose only words are those of the slice of them.
func rows(n int) {
	m := make([][]uint16, 24)
	for i := range m {
		m[i] = make([]uint16, n)
		for j := range m[i] {
			m[i][j] = uint16(i ^ j)
		}
		m = append(m[:0:0], m...)
	}
	for j := range n {
		for i := range m {
			if m[i][j] != uint16(i^j) {
				fail("row", n, i, j)
			}
		}
	}
}

// Each growth leaves an object of another class behind.
func grow() {
	var s []*node
	for i := range 5000 {
		s = append(s, &node{v: i})
		if s[i/2].v != i/2 {
			fail("grown", i)
		}
	}
}

func main() {
	var sizes []int
	for last, n := 0, 200; n < 33000; n++ {
		if c := cap(append([]byte(nil), make([]byte, n)...)); c != last {
			sizes = append(sizes, c-1, c, c+1)
			last = c
			n = c
		}
	}
	var all []held
	for i, n := range sizes {
		all = append(all, hold(n, i))
		drop(n, 1)
		dropFinalized(i)
		if len(all) > 60 {
			all[i%60] = all[len(all)-1]
			all = all[:60]
		}
		all[i%len(all)].check()
		s := bytesOf(n, 1)
		want := 0
		for k := range n {
			want += int(byte(1 + k))
		}
		if got := sum(s, 2); got != want {
			fail("sum", n, got, want)
		}
	}
	for i := range all {
		all[i].check()
	}
	for _, n := range []int{300, 1000, 2048, 3000, 4096, 8000, 15000} {
		rows(n)
	}
	grow()
	for range 100 {
		runtime.GC()
		if finalized.Load() > 50 && cleaned.Load() > 50 {
			fmt.Println("ok", len(sizes) > 100)
			return
		}
		runtime.Gosched()
	}
	fail("finalized", finalized.Load(), "cleaned", cleaned.Load())
}
