package main

type shape interface {
	area() int
	name() string
}

type square struct{ side int }

func (s square) area() int    { return s.side * s.side }
func (s square) name() string { return "square" }

type rect struct{ w, h int }

func (r *rect) area() int    { return r.w * r.h }
func (r *rect) name() string { return "rect" }

type list struct {
	next *list
	val  int
}

// push allocates: the node outlives the call.
func push(l *list, v int) *list {
	return &list{next: l, val: v}
}

func total(l *list) int {
	t := 0
	for ; l != nil; l = l.next {
		t += l.val
	}
	return t
}

func sumFirst(x []int, n int) int {
	t := 0
	for i := 0; i < n; i++ {
		t += x[i]
	}
	return t
}

func sumAll(x []int) int {
	t := 0
	for i := range x {
		t += x[i]
	}
	return t
}

func middle(x []int) int {
	if len(x) < 8 {
		return 0
	}
	return x[3] + x[7] + x[3]
}

func areas(shapes []shape) int {
	t := 0
	for _, s := range shapes {
		t += s.area()
	}
	return t
}

func max[T int | float64](a, b T) T {
	if a > b {
		return a
	}
	return b
}

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	var l *list
	for i := 0; i < 10; i++ {
		l = push(l, i)
	}
	println(total(l))
	x := make([]int, 10)
	x[5] = 2
	println(sumFirst(x, 4), sumAll(x), middle(x[1:]))
	var s shape = square{4}
	println(s.area(), s.name())
	println(areas([]shape{square{2}, &rect{2, 3}}))
	println(max(1, 2), max(2.5, 1.5))
	c := counter()
	c()
	println(c(), fib(10))
	local := &rect{3, 4}
	println(local.area())
}
