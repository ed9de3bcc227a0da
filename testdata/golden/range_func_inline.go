// golden: tool -m=1
package p

// The body of a range over a function is inlined where the iterator is.

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func unknown(yield func(int, *int) bool)

var g int

func sum(n int) (s int) {
	for v := range count(n) {
		if v == 3 {
			continue
		}
		s += v
	}
	return s
}

func find(n int) int {
	for v := range count(n) {
		if v*v > 100 {
			return v
		}
	}
	return -1
}

func nested(n int) (s int) {
outer:
	for v := range count(n) {
		for w := range count(v) {
			if w == 7 {
				break outer
			}
			s += w
		}
	}
	return s
}

func literal() {
	for v := range count(10) {
		func() { g = v }()
	}
}

func deferred() {
	for v := range count(10) {
		defer println(v)
	}
}

func escapes() {
	for v := range unknown {
		g = v
	}
}
/* golden
stderr:
./range_func_inline.go:6:6: can inline count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:21:2: can inline sum-range1
./range_func_inline.go:31:2: can inline find-range1
./range_func_inline.go:42:3: can inline nested-range1-range1
./range_func_inline.go:41:2: can inline nested-range1
./range_func_inline.go:53:2: can inline literal-range1
./range_func_inline.go:54:3: can inline literal-range1.1
./range_func_inline.go:60:3: can inline deferred-range1.deferwrap1
./range_func_inline.go:65:2: can inline escapes-range1
./range_func_inline.go:21:22: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:21:2: inlining call to count.func1
./range_func_inline.go:21:2: inlining call to sum-range1
./range_func_inline.go:31:22: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:31:2: inlining call to count.func1
./range_func_inline.go:31:2: inlining call to find-range1
./range_func_inline.go:41:22: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:41:2: inlining call to count.func1
./range_func_inline.go:42:23: inlining call to count
./range_func_inline.go:7:9: can inline count.1
./range_func_inline.go:42:3: inlining call to count.1
./range_func_inline.go:41:2: inlining call to nested-range1
./range_func_inline.go:42:3: inlining call to nested-range1-range1
./range_func_inline.go:41:2: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:41:2: inlining call to count.func1
./range_func_inline.go:42:3: can inline nested-range1-range1
./range_func_inline.go:41:2: inlining call to nested-range1-range1
./range_func_inline.go:53:22: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:53:2: inlining call to count.func1
./range_func_inline.go:54:19: inlining call to literal-range1.1
./range_func_inline.go:53:2: inlining call to literal-range1
./range_func_inline.go:54:3: can inline literal-range1.func1
./range_func_inline.go:53:2: inlining call to literal-range1.func1
./range_func_inline.go:59:22: inlining call to count
./range_func_inline.go:7:9: can inline count.func1
./range_func_inline.go:59:2: inlining call to count.func1
./range_func_inline.go:16:14: leaking param: yield
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:7:9: func literal escapes to heap
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:21:22: func literal does not escape
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:31:22: func literal does not escape
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:41:22: func literal does not escape
./range_func_inline.go:41:2: func literal does not escape
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:53:22: func literal does not escape
./range_func_inline.go:7:14: yield does not escape
./range_func_inline.go:59:22: func literal does not escape
./range_func_inline.go:59:2: func literal does not escape
./range_func_inline.go:65:2: moved to heap: #state1
./range_func_inline.go:65:2: func literal escapes to heap
*/
