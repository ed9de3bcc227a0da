// golden: run arm64
// A buffered channel takes cap values without a receiver and keeps their order; len and cap tell its state.
package main

func main() {
	ch := make(chan string, 3)
	for _, s := range []string{"a", "b", "c"} {
		ch <- s
		println(s, len(ch), cap(ch))
	}
	select {
	case ch <- "d":
		println("no room for d")
	default:
		println("full")
	}
	close(ch)
	for s := range ch {
		println(s, len(ch))
	}
	s, ok := <-ch
	println(s == "", ok)
}
/* golden
stderr:
a 1 3
b 2 3
c 3 3
full
a 2
b 1
c 0
true false
*/
