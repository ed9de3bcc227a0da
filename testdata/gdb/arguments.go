package main

import (
	"fmt"
	"os"
)

type T struct {
	a int
	b string
}

type big struct{ x [12]int }

//go:noinline
func f(n int, xs []int, s string, b bool) int {
	if n == 0 {
		return xs[n+5]
	}
	return f(n-1, xs, s, !b) + 1
}

//go:noinline
func (t *T) method(x uint8, f float64, e any) int {
	return t.a / int(x) * int(f)
}

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l int) int { return f / (a - 1) }

//go:noinline
func structs(t T, b big, p [3]int8) int { return t.a / (t.a - 7) }

//go:noinline
func nothing() { var m map[string]int; m["x"] = 1 }

//go:noinline
func used(n int, s string) {
	fmt.Fprintln(os.Stderr, "n", n)
	deep(n + 1)
	fmt.Fprintln(os.Stderr, s)
}

//go:noinline
func unused(n int, s string) {
	deep(3)
}

//go:noinline
func deep(n int) { panic(n) }

func variadic(xs ...any) { panic(len(xs)) }

func gen[T any](x T, y []T) { panic("gen") }

func main() {
	switch os.Args[1] {
	case "f":
		f(2, []int{1, 2, 3}, "hello", true)
	case "method":
		(&T{1, "x"}).method(0, 2.5, 42)
	case "many":
		many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
	case "structs":
		structs(T{7, "seven"}, big{}, [3]int8{1, 2, 3})
	case "nothing":
		nothing()
	case "used":
		used(41, "late")
	case "unused":
		unused(41, "late")
	case "variadic":
		variadic(1, "x")
	case "gen":
		gen("a", []string{"b"})
	case "go":
		c := make(chan int)
		go func() { f(1, nil, "", false) }()
		<-c
	}
}
