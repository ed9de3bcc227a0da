package main

import "sync"

type node interface{ eval() int }
type num int
type add struct{ l, r node }
type mul struct{ l, r node }

func (n num) eval() int { return int(n) }
func (a add) eval() int { return a.l.eval() + a.r.eval() }
func (m mul) eval() int { return m.l.eval() * m.r.eval() & 0xffff }

func kind(n node) int {
	switch n := n.(type) {
	case num:
		return int(n) & 1
	case add:
		return kind(n.l) + kind(n.r)
	case mul:
		return kind(n.l) * kind(n.r)
	}
	return 0
}

func build(d int) node {
	if d == 0 {
		return num(3)
	}
	if d&1 == 0 {
		return add{build(d - 1), build(d - 1)}
	}
	return mul{build(d - 1), build(d - 1)}
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }
func (s *stack[T]) pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return x, false
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func fold[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

func locked(mu *sync.Mutex, n *int) {
	mu.Lock()
	defer mu.Unlock()
	*n++
}

func recovered(i int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int)
		}
	}()
	if i%16 == 0 {
		panic(i)
	}
	return i
}

func adders(n int) []func(int) int {
	var fs []func(int) int
	for i := range n {
		fs = append(fs, func(x int) int { return x + i })
	}
	return fs
}

func main() {
	total := 0
	tree := build(14)
	for range 100 {
		total += tree.eval() + kind(tree)
	}
	var s stack[int]
	for i := range 5000000 {
		s.push(i)
		if i%3 == 0 {
			x, _ := s.pop()
			total += x
		}
	}
	xs := s.items
	for range 10 {
		total += fold(xs, 0, func(a, x int) int { return a ^ x })
	}
	var mu sync.Mutex
	n := 0
	for range 20000000 {
		locked(&mu, &n)
	}
	for i := range 1000000 {
		total += recovered(i)
	}
	fs := adders(1000)
	for range 20000 {
		for _, f := range fs {
			total = f(total) & 0xffffff
		}
	}
	println(total, n)
}
