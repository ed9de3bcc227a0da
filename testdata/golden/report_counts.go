// golden: tool -m
package main

import "sync/atomic"

type node struct{ a, b, c int }

type iface interface {
	get() iface
	num(int) int
	add(a, b, c int) int
}

// What stands behind a return, a panic or a goto is no part of the body; neither is a branch that a constant rules out.
func dead(x int) int {
	if true {
		return x
	}
	for i := 0; i < x; i++ {
		x += dead2(x) * dead2(x+1) * dead2(x+2) * dead2(x+3) * dead2(x+4) * dead2(x+5) * dead2(x+6) * dead2(x+7) * dead2(x+8) * dead2(x+9)
	}
	return x
}

const debug = false

func dead2(x int) int {
	if debug && x > 3 {
		panic("debug")
	}
	if x == 0 || debug {
		return 1
	}
	return x
}

// A receive in a select clause assigns two values.
func sel(a, b, c, d chan int) int {
	select {
	case <-a:
	case <-b:
	case <-c:
	case <-d:
	case <-a:
	case <-b:
	case <-c:
	case <-d:
	case <-a:
	case <-b:
	case <-c:
	}
	return 0
}

// Without the pointer operations being loads and stores.
var p atomic.Pointer[node]

func swap(n *node) bool { return p.CompareAndSwap(p.Load(), n) }

// A generic call from a generic function gets its dictionary from the caller's.
func each[T any](s []T, f func(T)) {
	for _, x := range s {
		f(x)
	}
}
func nested[T any](s []T, f func(T), n, m, k int) int {
	each(s, f)
	return n*m + m*k + k*n + n*3 + 4*m
}

// A call of an interface that a call gives goes by way of a temporary.
func chain(i iface) any { return i.get().num(1) + i.num(2) }

// Method values and expressions are functions named for the method, and do not number the literals.
func (n *node) sum() int        { return n.a + n.b + n.c }
func (n node) swapped() node    { n.a, n.b = n.b, n.a; return n }
func run(f func() int) int      { return f() }
func values(n *node) (int, int) {
	f := n.sum
	g := iface.num
	h := func() int { return n.a }
	_ = g
	return run(f), run(n.sum) + run(h)
}

// Wrappers for promoted methods are made where a type is declared.
type outer struct{ *node }
type embedder struct {
	pad int
	outer
}

var _ iface = (*impl)(nil)
var _ iface = impl{}

type impl struct{}

func (impl) get() iface          { return nil }
func (impl) num(x int) int       { return x }
func (impl) add(a, b, c int) int { return a + b + c }

func id(x int) int { return x }

func texts(x any, n int) (any, any) {
	s := make([]int, id(n)-1)
	switch v := x.(type) {
	case []int, *node:
		return &v, n
	case map[string]*node:
		return &v, string("a\x00" + string(rune(n)))
	}
	return id(n) + 1, s[n<<1:]
}

func main() {
	println(dead(1), swap(nil), sel(nil, nil, nil, nil), nested([]int{1}, func(int) {}, 1, 2, 3))
	println(values(&node{}))
	chain(impl{})
	texts(nil, 1)
	println(embedder{}.outer.node == nil)
}
/* golden
stderr:
GOROOT/src/sync/atomic/type.go:58:6: can inline atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Load
GOROOT/src/sync/atomic/type.go:58:6: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Load
GOROOT/src/sync/atomic/type.go:58:6: can inline atomic.(*Pointer[main.node]).Load
GOROOT/src/sync/atomic/type.go:67:6: can inline atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).CompareAndSwap
GOROOT/src/sync/atomic/type.go:67:6: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).CompareAndSwap
GOROOT/src/sync/atomic/type.go:67:6: can inline atomic.(*Pointer[main.node]).CompareAndSwap
GOROOT/src/sync/atomic/type.go:61:6: can inline atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Store
GOROOT/src/sync/atomic/type.go:61:6: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Store
GOROOT/src/sync/atomic/type.go:61:6: can inline atomic.(*Pointer[main.node]).Store
GOROOT/src/sync/atomic/type.go:64:6: can inline atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Swap
GOROOT/src/sync/atomic/type.go:64:6: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Swap
GOROOT/src/sync/atomic/type.go:64:6: can inline atomic.(*Pointer[main.node]).Swap
./report_counts.go:15:6: can inline dead
./report_counts.go:27:6: can inline dead2
./report_counts.go:38:6: can inline sel
./report_counts.go:58:6: can inline swap
./report_counts.go:75:6: can inline (*node).sum
./report_counts.go:76:6: can inline node.swapped
./report_counts.go:77:6: can inline run
./report_counts.go:81:7: can inline values.func1
./report_counts.go:98:6: can inline impl.get
./report_counts.go:99:6: can inline impl.num
./report_counts.go:100:6: can inline impl.add
./report_counts.go:102:6: can inline id
./report_counts.go:104:6: can inline texts
./report_counts.go:61:6: can inline each[go.shape.int]
./report_counts.go:66:6: can inline nested[go.shape.int]
./report_counts.go:66:6: inlining call to nested[go.shape.int]
./report_counts.go:66:6: can inline nested[int]
./report_counts.go:116:72: can inline main.func1
./report_counts.go:58:57: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Load
./report_counts.go:58:50: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).CompareAndSwap
./report_counts.go:83:12: inlining call to run
./report_counts.go:83:20: inlining call to run
./report_counts.go:83:33: inlining call to run
./report_counts.go:83:33: inlining call to values.func1
./report_counts.go:105:21: inlining call to id
./report_counts.go:112:11: inlining call to id
./report_counts.go:67:6: inlining call to each[go.shape.int]
./report_counts.go:66:6: inlining call to each[go.shape.int]
./report_counts.go:116:14: inlining call to dead
./report_counts.go:116:23: inlining call to swap
./report_counts.go:116:33: inlining call to sel
./report_counts.go:116:61: inlining call to nested[go.shape.int]
./report_counts.go:119:7: inlining call to texts
./report_counts.go:116:23: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).Load
./report_counts.go:116:23: inlining call to atomic.(*Pointer[go.shape.struct { main.a int; main.b int; main.c int }]).CompareAndSwap
./report_counts.go:116:61: inlining call to each[go.shape.int]
./report_counts.go:119:7: inlining call to id
./report_counts.go:119:7: inlining call to id
./report_counts.go:116:61: inlining call to main.func1
<autogenerated>:1: inlining call to (*node).sum
<autogenerated>:1: inlining call to node.swapped
<autogenerated>:1: inlining call to (*node).sum
<autogenerated>:1: inlining call to node.swapped
<autogenerated>:1: inlining call to (*node).sum
<autogenerated>:1: inlining call to node.swapped
<autogenerated>:1: inlining call to (*node).sum
<autogenerated>:1: inlining call to (*node).sum
<autogenerated>:1: inlining call to node.swapped
<autogenerated>:1: inlining call to node.swapped
<autogenerated>:1: inlining call to impl.add
<autogenerated>:1: inlining call to impl.get
<autogenerated>:1: inlining call to impl.num
./report_counts.go:38:10: a does not escape
./report_counts.go:38:13: b does not escape
./report_counts.go:38:16: c does not escape
./report_counts.go:38:19: d does not escape
./report_counts.go:58:11: leaking param: n
./report_counts.go:72:12: leaking param: i
./report_counts.go:72:49: .autotmp_2.num(1) + i.num(2) escapes to heap
./report_counts.go:75:7: n does not escape
./report_counts.go:76:44: node.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
./report_counts.go:76:44: node.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
./report_counts.go:77:10: f does not escape
./report_counts.go:78:13: n does not escape
./report_counts.go:79:8: n.sum does not escape
./report_counts.go:83:22: n.sum does not escape
./report_counts.go:104:12: leaking param: x
./report_counts.go:107:15: moved to heap: v
./report_counts.go:109:19: moved to heap: v
./report_counts.go:105:11: make([]int, (~r0) - 1) escapes to heap
./report_counts.go:108:14: n escapes to heap
./report_counts.go:110:20: string("a\x00" + string(rune(n))) escapes to heap
./report_counts.go:110:29: "a\x00" + string(rune(n)) escapes to heap
./report_counts.go:110:42: string(rune(n)) does not escape
./report_counts.go:112:15: (~r0) + 1 escapes to heap
./report_counts.go:112:21: s[n << uint(1):] escapes to heap
./report_counts.go:116:67: []int{...} does not escape
./report_counts.go:117:17: &node{} does not escape
./report_counts.go:118:12: impl{} escapes to heap
./report_counts.go:119:7: make([]int, (~r0) - 1) does not escape
./report_counts.go:119:7: 1 does not escape
./report_counts.go:119:7: string("a\x00" + string(rune(n))) does not escape
./report_counts.go:119:7: "a\x00" + string(rune(n)) does not escape
./report_counts.go:119:7: string(rune(n)) does not escape
./report_counts.go:119:7: (~r0) + 1 does not escape
./report_counts.go:119:7: s[n << uint(1):] does not escape
<autogenerated>:1: (*node).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: (*node).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: outer.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: outer.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: (*outer).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: (*outer).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: (*embedder).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: (*embedder).swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: embedder.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
<autogenerated>:1: embedder.swapped ignoring self-assignment in n.a, n.b = n.b, n.a
*/
