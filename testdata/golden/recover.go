// golden: run arm64
// recover works in the deferred function itself and nowhere else; named results survive.
package main

func safe(f func()) (err string) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = e.Error()
			} else {
				err = r.(string)
			}
		}
	}()
	f()
	return "fine"
}

func helper() any { return recover() }

func nested() (s string) {
	defer func() {
		if helper() == nil {
			s += "helper cannot; "
		}
		s += recover().(string)
	}()
	panic("boom")
}

func again() (n int) {
	defer func() { n = n*10 + 3 }()
	defer func() {
		recover()
		n = n*10 + 2
	}()
	n = 1
	panic(0)
}

func main() {
	var m map[string]int
	var p *[4]int
	a := []int{1, 2, 3}
	n := -1
	println(safe(func() {}))
	println(safe(func() { panic("text") }))
	println(safe(func() { m["a"] = 1 }))
	println(safe(func() { p[2] = 1 }))
	println(safe(func() { println(a[len(a)+n+1]) }))
	println(safe(func() { println(len(a[3:n+3])) }))
	println(safe(func() { println(cap(a[: 2 : n+9])) }))
	println(safe(func() { _ = make([]int, n) }))
	println(safe(func() { var c chan int; close(c) }))
	println(safe(func() { c := make(chan int); close(c); close(c) }))
	println(safe(func() { c := make(chan int); close(c); c <- 1 }))
	println(safe(func() { _ = [4]int(a) }))
	println(safe(func() { var x, y any = a, a; println(x == y) }))
	println(safe(func() { println(1 << n) }))
	println(nested())
	println(again())
}
/* golden
stderr:
fine
text
assignment to entry in nil map
runtime error: invalid memory address or nil pointer dereference
runtime error: index out of range [3] with length 3
runtime error: slice bounds out of range [3:2]
runtime error: slice bounds out of range [::8] with capacity 3
runtime error: makeslice: len out of range
close of nil channel
close of closed channel
send on closed channel
runtime error: cannot convert slice with length 3 to array or pointer to array with length 4
runtime error: comparing uncomparable type []int
runtime error: negative shift amount
helper cannot; boom
123
*/
