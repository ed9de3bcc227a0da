// golden: run
//
// The profile beside it says of each line what is called there most. The choice between that and the
// call as it was has to give the same as that alone: operands once and in order, results, panics.
package main

import "fmt"

type shape interface {
	area(scale int) (int, string)
	name() string
}

type square struct{ side int }

func (s square) area(scale int) (int, string) { return s.side * s.side * scale, "square" }
func (s square) name() string                 { return "square" }

type circle struct{ r int }

func (c *circle) area(scale int) (int, string) {
	if c == nil {
		return -1, "nil circle"
	}
	return 3 * c.r * c.r * scale, "circle"
}
func (c *circle) name() string { return "circle" }

var order []string

func pick(s shape, what string) shape {
	order = append(order, what)
	return s
}

func number(n int, what string) int {
	order = append(order, what)
	return n
}

//go:noinline
func measure(s shape, scale int) (int, string) {
	a, n := pick(s, "receiver").area(number(scale, "argument"))
	return a + 1, n
}

//go:noinline
func names(list []shape) (out string) {
	for _, s := range list {
		out += s.name() + " "
	}
	return
}

func double(n int) int { return 2 * n }
func triple(n int) int { return 3 * n }

//go:noinline
func apply(f func(int) int, n int) int {
	return f(n)
}

//go:noinline
func statement(f func()) {
	f()
}

var count int

func add() { count += 10 }

// Cost 80 and more: inlined in hot calls alone.
func large(a, b, c, d int) int {
	x := a*b + c*d
	y := a*c + b*d
	z := a*d + b*c
	if x > y {
		x, y = y, x
	}
	if y > z {
		y, z = z, y
	}
	if x > y {
		x, y = y, x
	}
	for i := range a {
		x += i*y - z*b + i*i*i - y*y*z
		y ^= x*z + i*c - d*x*y
		z -= x&y | i&d | z>>3&c
	}
	return x + y + z
}

//go:noinline
func hot(n int) int {
	return large(n, 2, 3, 4)
}

func try(f func()) {
	defer func() { fmt.Println("panic:", recover()) }()
	f()
}

func main() {
	c := &circle{2}
	fmt.Println(measure(c, 5))
	fmt.Println(measure(square{3}, 5))
	fmt.Println(measure((*circle)(nil), 5))
	fmt.Println(order)
	fmt.Println(names([]shape{c, square{1}, &circle{}}))
	order = nil
	try(func() { measure(nil, 1) })
	fmt.Println(order)
	k := 7
	fmt.Println(apply(double, 4), apply(triple, 4), apply(func(n int) int { return n + k }, 4))
	try(func() { apply(nil, 1) })
	statement(add)
	statement(func() { count++ })
	fmt.Println(count, hot(3))
}
/* golden
stdout:
61 circle
46 square
0 nil circle
[receiver argument receiver argument receiver argument]
circle square circle 
panic: runtime error: invalid memory address or nil pointer dereference
[receiver argument]
8 12 11
panic: runtime error: invalid memory address or nil pointer dereference
11 -303062398353207384
*/
