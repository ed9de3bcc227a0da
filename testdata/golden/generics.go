// golden: run arm64
package main

type Number interface {
	~int | ~int64 | ~float64
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type List[T any] struct {
	head *node[T]
	len  int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head}; l.len++ }
func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.v) {
				return
			}
			i++
		}
	}
}

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) Swap() (V, K) { return p.Val, p.Key }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T)           { s[v] = struct{}{} }
func (s Set[T]) Has(v T) bool      { _, ok := s[v]; return ok }
func Keys[M ~map[K]V, K comparable, V any](m M) int { return len(m) }

type Tree[T interface{ Less(T) bool }] struct {
	left, right *Tree[T]
	v           T
}

func (t *Tree[T]) Insert(v T) *Tree[T] {
	if t == nil {
		return &Tree[T]{v: v}
	}
	if v.Less(t.v) {
		t.left = t.left.Insert(v)
	} else {
		t.right = t.right.Insert(v)
	}
	return t
}
func (t *Tree[T]) Walk(f func(T)) {
	if t != nil {
		t.left.Walk(f)
		f(t.v)
		t.right.Walk(f)
	}
}

type Int int

func (a Int) Less(b Int) bool { return a < b }

type MyInt int

func main() {
	println(Sum(1, 2, 3), Sum(1.5, 2.5) == 4, Sum[MyInt](4, 5))
	for _, s := range Map([]int{1, 2, 3}, func(i int) string { return "abc"[:i] }) {
		println(s)
	}
	var l List[string]
	l.Push("x")
	l.Push("y")
	for i, v := range l.All() {
		println(i, v)
	}
	v, k := Pair[string, int]{"k", 9}.Swap()
	println(v, k)
	s := Set[rune]{}
	s.Add('q')
	println(s.Has('q'), s.Has('z'), Keys(s))
	var t *Tree[Int]
	for _, n := range []Int{5, 2, 8, 1, 9, 3} {
		t = t.Insert(n)
	}
	t.Walk(func(n Int) { print(n, " ") })
	println()
}
/* golden
stderr:
6 true 9
a
ab
abc
0 y
1 x
9 k
true false 1
1 2 3 5 8 9 
*/
