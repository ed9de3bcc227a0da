// Values too large for a variable on the stack (128 kB), where the compiler needs a place for them.
package main

type T [200000]byte

type pair struct{ a, b T }

var g T

//go:noinline
func two(x byte) (a, b T) { a[1], b[1] = x, x+1; return }

//go:noinline
func sum(a, b T) byte { return a[1]*10 + b[1] }

func id(t T) T { return t }

//go:noinline
func assign(p, q *T) {
	*p, *q = two(1)
	*p, *q = *q, *p
}

//go:noinline
func assert(x any) bool {
	t, ok := x.(T)
	g = t
	return ok
}

//go:noinline
func lookup(m map[int]pair, k int) (byte, bool) {
	s, ok := m[k]
	return s.b[1], ok
}

//go:noinline
func later(p *T) {
	defer func(t T) { println("deferred", t[1]) }(*p)
	p[1]++
}

//go:noinline
func deep(n int, t T) byte {
	u, ok := any(id(t)).(T)
	if n == 0 || !ok {
		return u[1]
	}
	u[1]++
	return deep(n-1, u)
}

func main() {
	var p, q T
	assign(&p, &q)
	println(p[1], q[1], sum(two(4)))
	ok := assert(p)
	println(ok, g[1])
	println(assert(1))
	m := map[int]pair{1: {p, q}}
	println(lookup(m, 1))
	println(lookup(m, 2))
	later(&q)
	println(q[1])
	c := make(chan byte)
	for range 20 {
		go func() { c <- deep(3, q) }()
	}
	var all int
	for range 20 {
		all += int(<-c)
	}
	println(all)
}
/* golden
stderr:
2 1 45
true 2
false
1 true
0 false
deferred 1
2
100
*/
