// golden: tool -m
package main

type Result struct{ a, b, c int }

func process() Result { return Result{1, 2, 3} } // a value: on the stack

func foo() { // x does not escape
	x := 42
	use(&x)
}

func use(p *int) { *p++ }

func bar() *int { // x escapes
	x := 42
	return &x
}

var kept *int

func global() {
	x := 1
	kept = &x
}

func boxed() (any, any, any) {
	var i any = int32(42)
	var j any = [1024]byte{}
	var k any = []int{1, 2, 3}
	return i, j, k
}

func notBoxed(x int) bool {
	var i any = x
	_, ok := i.(int)
	return ok
}

func counter() func() int { // n is captured by what is returned
	n := 0
	return func() int { n++; return n }
}

func sum(xs []int) (n int) { // the literal stays, and so does n
	each(xs, func(x int) { n += x })
	return n
}

//go:noinline
func each(xs []int, f func(int)) {
	for _, x := range xs {
		f(x)
	}
}

func large() byte {
	var a [256 << 10]byte
	s := make([]byte, 100<<10)
	t := make([]byte, 64)
	return a[len(s)] + s[len(t)] + t[0]
}

func unknown(f func(*int)) {
	x := 1
	f(&x)
}

func main() {
	foo()
	println(process().b, *bar(), notBoxed(1), counter()(), sum(nil), large())
	global()
	boxed()
	unknown(nil)
}
/* golden
stderr:
./m_escape.go:6:6: can inline process
./m_escape.go:13:6: can inline use
./m_escape.go:8:6: can inline foo
./m_escape.go:15:6: can inline bar
./m_escape.go:22:6: can inline global
./m_escape.go:27:6: can inline boxed
./m_escape.go:34:6: can inline notBoxed
./m_escape.go:40:6: can inline counter
./m_escape.go:42:9: can inline counter.func1
./m_escape.go:45:6: can inline sum
./m_escape.go:46:11: can inline sum.func1
./m_escape.go:57:6: can inline large
./m_escape.go:64:6: can inline unknown
./m_escape.go:10:5: inlining call to use
./m_escape.go:70:5: inlining call to foo
./m_escape.go:71:17: inlining call to process
./m_escape.go:71:27: inlining call to bar
./m_escape.go:71:39: inlining call to notBoxed
./m_escape.go:71:51: inlining call to counter
./m_escape.go:42:9: can inline counter.func1
./m_escape.go:71:53: inlining call to counter.func1
./m_escape.go:71:60: inlining call to sum
./m_escape.go:71:72: inlining call to large
./m_escape.go:72:8: inlining call to global
./m_escape.go:73:7: inlining call to boxed
./m_escape.go:74:9: inlining call to unknown
./m_escape.go:70:5: inlining call to use
./m_escape.go:13:10: p does not escape
./m_escape.go:16:2: moved to heap: x
./m_escape.go:23:2: moved to heap: x
./m_escape.go:28:19: int32(42) escapes to heap
./m_escape.go:29:24: [1024]byte{} escapes to heap
./m_escape.go:30:19: []int{...} escapes to heap
./m_escape.go:30:19: []int{...} escapes to heap
./m_escape.go:35:14: x does not escape
./m_escape.go:41:2: moved to heap: n
./m_escape.go:42:9: func literal escapes to heap
./m_escape.go:51:11: xs does not escape
./m_escape.go:51:21: f does not escape
./m_escape.go:45:10: xs does not escape
./m_escape.go:46:11: func literal does not escape
./m_escape.go:58:6: moved to heap: a
./m_escape.go:59:11: make([]byte, 102400) escapes to heap
./m_escape.go:60:11: make([]byte, 64) does not escape
./m_escape.go:64:14: f does not escape
./m_escape.go:65:2: moved to heap: x
./m_escape.go:71:72: moved to heap: a
./m_escape.go:72:8: moved to heap: x
./m_escape.go:74:9: moved to heap: x
./m_escape.go:71:39: 1 does not escape
./m_escape.go:71:60: func literal does not escape
./m_escape.go:71:72: make([]byte, 102400) escapes to heap
./m_escape.go:71:72: make([]byte, 64) does not escape
./m_escape.go:73:7: int32(42) does not escape
./m_escape.go:73:7: [1024]byte{} does not escape
./m_escape.go:73:7: []int{...} does not escape
./m_escape.go:73:7: []int{...} does not escape
*/
