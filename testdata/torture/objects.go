// Objects that are held by one word only: interior pointers, ends of slices, maps' keys, pools, weak
// pointers, finalizers and cleanups, closures, interfaces. Each is checked when it is found again.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unique"
	"weak"
)

func fail(args ...any) {
	fmt.Println(append([]any{"FAIL:"}, args...)...)
	os.Exit(1)
}

type box struct {
	pad  [5]int
	v, w int
	next *box
}

func (b *box) sum() int { return b.v + b.w }

//go:noinline
func newBox(i int) *box { return &box{v: i, w: -i} }

func garbage(n int) {
	for i := range n {
		s := make([]byte, 1+i*37%3000)
		s[len(s)-1] = 0xff
		_ = append(s, s...)
	}
}

func interior() {
	var ps []*int
	var ends [][]int
	var texts []string
	for i := range 300 {
		ps = append(ps, &newBox(i).w)
		s := make([]int, i%40+1)
		s[len(s)-1] = i
		ends = append(ends, s[len(s)-1:])
		texts = append(texts, strings.Repeat("x", i)[i/2:])
		if i%30 == 0 {
			garbage(20)
		}
	}
	for i, p := range ps {
		if *p != -i || ends[i][0] != i || len(texts[i]) != i-i/2 || strings.Trim(texts[i], "x") != "" {
			fail("interior", i, *p, ends[i], texts[i])
		}
	}
}

func lists() {
	var head *box
	for i := range 2000 {
		b := newBox(i)
		b.next = head
		head = b
	}
	n := 1999
	for b := head; b != nil; b = b.next {
		if b.v != n || b.sum() != 0 {
			fail("list", b.v, n)
		}
		n--
	}
}

func maps() {
	m := map[string]*box{}
	k := map[any][]int{}
	for i := range 3000 {
		key := fmt.Sprint("key", i%500)
		if b := m[key]; b != nil {
			if b.v%500 != i%500 || b.sum() != 0 {
				fail("map", key, b.v, i)
			}
			delete(m, key)
		} else {
			m[key] = newBox(i)
		}
		switch i % 3 {
		case 0:
			k[i] = append(k[i], i)
		case 1:
			k[key] = append(k[key], i%500)
		case 2:
			k[[2]any{i % 7, key}] = []int{i % 500}
		}
		if i%100 == 0 {
			for key, v := range k {
				switch key := key.(type) {
				case int:
					if v[0] != key {
						fail("key", key, v)
					}
				case string:
					if key != fmt.Sprint("key", v[0]) {
						fail("key", key, v)
					}
				case [2]any:
					if key[1] != fmt.Sprint("key", v[0]) {
						fail("key", key, v)
					}
				}
			}
		}
	}
}

func closures() {
	var fs []func() int
	var is []fmt.Stringer
	for i := range 500 {
		b := newBox(i)
		fs = append(fs, func() int { return b.v }, b.sum)
		is = append(is, str{b, i})
		if i%50 == 0 {
			garbage(10)
		}
	}
	for i := range 500 {
		if fs[2*i]() != i || fs[2*i+1]() != 0 || is[i].String() != fmt.Sprint(i) {
			fail("closure", i)
		}
	}
}

type str struct {
	*box
	i int
}

func (s str) String() string { return fmt.Sprint(s.v) }

var finalized, cleaned atomic.Int64

func collected() {
	const n = 300
	var ws []weak.Pointer[box]
	var keep []*box
	for i := range n {
		b := newBox(i)
		runtime.SetFinalizer(b, func(b *box) {
			if b.sum() != 0 {
				fail("finalizer", b.v, b.w)
			}
			finalized.Add(1)
		})
		c := newBox(i)
		runtime.AddCleanup(c, func(i int) {
			if i < 0 || i >= n {
				fail("cleanup", i)
			}
			cleaned.Add(1)
		}, i)
		ws = append(ws, weak.Make(c))
		if i%2 == 0 {
			keep = append(keep, c)
		}
	}
	for range 3 {
		runtime.GC()
		garbage(50)
	}
	for i, c := range keep {
		if ws[2*i].Value() != c || c.v != 2*i {
			fail("weak", i)
		}
	}
	for i, w := range ws {
		if c := w.Value(); c != nil && (c.v != i || c.sum() != 0) {
			fail("weak value", i, c.v)
		}
	}
	runtime.KeepAlive(keep)
	h := unique.Make("torture" + fmt.Sprint(len(keep)))
	garbage(20)
	if unique.Make("torture150") != h || h.Value() != "torture150" {
		fail("unique")
	}
}

var pool = sync.Pool{New: func() any { return &[]int{} }}

func pools() {
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 300 {
				p := pool.Get().(*[]int)
				if len(*p) != 0 {
					fail("pool", *p)
				}
				*p = append(*p, g, i)
				if i%10 == 0 {
					garbage(3)
				}
				if (*p)[0] != g || (*p)[1] != i {
					fail("pool used twice", *p, g, i)
				}
				*p = (*p)[:0]
				pool.Put(p)
			}
		})
	}
	wg.Wait()
}

func main() {
	for range 3 {
		interior()
		lists()
		maps()
		closures()
		collected()
		pools()
	}
	fmt.Println("ok")
}
