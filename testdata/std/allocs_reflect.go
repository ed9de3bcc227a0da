// golden: run
// Calls through reflect allocate what the values need and no lists of addresses; what they are given escapes.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
)

var kept []*int

//go:noinline
func keep(p *int, f func() int) int {
	kept = append(kept[:0], p)
	return f()
}

//go:noinline
func callKeep(n int) {
	local := n
	reflect.ValueOf(keep).Call([]reflect.Value{reflect.ValueOf(&local), reflect.ValueOf(func() int { local++; return local })})
	reflect.ValueOf(func() { kept = append(kept, &n) }).Call(nil)
}

//go:noinline
func fill(n int) (sum int) {
	var a [512]int
	for i := range a {
		a[i] = n
	}
	for _, v := range a {
		sum += v
	}
	return sum
}

func main() {
	show := func(what string, f func()) { fmt.Println(what, testing.AllocsPerRun(10, f)) }
	empty := reflect.ValueOf(func() {})
	show("func()", func() { empty.Call(nil) })
	length := reflect.ValueOf(func(s string) int { return len(s) })
	text := []reflect.Value{reflect.ValueOf("text")}
	show("func(string) int", func() { length.Call(text) })
	swap := reflect.MakeFunc(reflect.TypeFor[func(a, b *int) (*int, *int)](), func(in []reflect.Value) []reflect.Value {
		in[0], in[1] = in[1], in[0]
		return in
	}).Interface().(func(a, b *int) (*int, *int))
	one, two := 1, 2
	x, y := swap(&one, &two)
	fmt.Println(*x, *y)

	callKeep(7)
	fill(9)
	runtime.GC()
	fmt.Println(*kept[0], *kept[1])
}
/* golden
stdout:
func() 0
func(string) int 2
2 1
8 7
*/
