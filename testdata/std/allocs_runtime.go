// golden: run
// Allocations that the runtime does without: a channel and its buffer are one object, records of defers are used again, the text of an error is
// made in one piece, a switch and len look at bytes where they are.
package main

import (
	"fmt"
	"os"
	"testing"
)

var (
	long  = []byte("no more than thirty-two bytes are in a frame, \xff, äöü")
	sinkE error
	sinkC chan int
	sinkP chan *int
)

//go:noinline
func deferred(n int) (list int) {
	defer func() { list = list*10 + 7 }()
	for i := range n {
		defer count(&list, i)
	}
	return 0
}

func count(list *int, i int) { *list = *list*10 + i }

//go:noinline
func panics(n int) (text int) {
	defer func() {
		err := recover().(error)
		text = len(err.Error())
	}()
	return int(long[len(long)+n])
}

//go:noinline
func unwinds(n int) (list int) {
	defer func() {
		recover()
		list *= 10
	}()
	for i := range n {
		defer count(&list, i)
	}
	for i := range n {
		defer func() {
			defer count(&list, i)
			recover()
			panic(nil)
		}()
	}
	panic(sinkE)
}

//go:noinline
func switched(b []byte) int {
	switch string(b) {
	case "one":
		return 1
	case "no more than thirty-two bytes are in a frame, \xff, äöü":
		return 2
	}
	return 3
}

//go:noinline
func switchedVariable(b []byte, s string) int {
	switch string(b) {
	case func() string { b[0] = 'N'; return s }():
		b[0] = 'n'
		return 1
	}
	return 2
}

func main() {
	one := len(os.Args[0][:1])
	text := string(long)
	show := func(what string, f func() int) {
		result := 0
		allocs := testing.AllocsPerRun(10, func() { result = f() })
		fmt.Println(what, result, allocs)
	}
	show("chan", func() int {
		sinkC = make(chan int, 3)
		sinkC <- 4
		sinkC <- 5
		return <-sinkC*100 + <-sinkC*10 + cap(sinkC)
	})
	show("chan unbuffered", func() int { sinkC = make(chan int); return cap(sinkC) })
	show("chan of pointers", func() int { sinkP = make(chan *int, 1); sinkP <- &one; return *<-sinkP })
	show("runes", func() int { return len([]rune(text)) })
	show("switch", func() int { return switched(long) })
	fmt.Println(switchedVariable(long, text), len([]rune("\xffä\xe4\xb8日")), len([]rune(string(long[:0]))))
	fmt.Println(deferred(5), unwinds(3))
	deferAllocs := testing.AllocsPerRun(10, func() { deferred(20) })
	fmt.Println("one for each deferred call", deferAllocs <= 22)
	panicAllocs := testing.AllocsPerRun(10, func() { panics(one) })
	fmt.Println("error and text", panics(one), panicAllocs <= 2)
}
/* golden
stdout:
chan 453 1
chan unbuffered 0 1
chan of pointers 1 2
runes 52 0
switch 2 0
1 5 0
432107 2102100
one for each deferred call true
error and text 53 true
*/
