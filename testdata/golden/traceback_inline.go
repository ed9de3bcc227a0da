// golden: run
package main

// Frames of inlined calls are told as if they were calls.

type T struct{ n int }

func (t *T) get(i int) int { return index(i, t.n) }

func index(i, n int) int {
	a := []int{1, 2, 3}
	return a[i*n]
}

func noargs() int { return index(four(), 2) }

//go:noinline
func four() int { return 4 }

func outer(t *T) int {
	f := func(k int) int {
		return t.get(k) + noargs()
	}
	return f(1)
}

func main() {
	defer func() { // frames of deferred calls lie above the panic's
		e := recover()
		defer func() {
			println(outer(&T{1}), e)
		}()
		panic(e)
	}()
	panic("first")
}
/* golden
exit 2
stderr:
panic: first [recovered, repanicked]
	panic: runtime error: index out of range [8] with length 3

goroutine N [running]:
main.index(...)
	traceback_inline.go:12
main.noargs(...)
	traceback_inline.go:15
main.outer.func1(...)
	traceback_inline.go:22
main.outer(...)
	traceback_inline.go:24
main.main.func1.1(...)
	traceback_inline.go:31
panic(...)
	runtime/panic.go
main.main.func1(...)
	traceback_inline.go:33
panic(...)
	runtime/panic.go
main.main(...)
	traceback_inline.go:35
*/
