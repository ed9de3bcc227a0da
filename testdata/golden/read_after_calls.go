// Calls and receives run before the variables, indirections and index expressions of their statement are read.
package main

type T struct{ a, b int }

func (t *T) set(n int) int { t.a, t.b = n, n; return n }

func set(p *int, n int) int { *p = n; return n }

//go:noinline
func ret() (int, int) {
	x := 1
	return x, set(&x, 2)
}

//go:noinline
func retT() (T, int) {
	var t T
	return t, t.set(5)
}

//go:noinline
func retNamed() (t T, n int) {
	return t, t.set(5)
}

//go:noinline
func retField() (int, int) {
	var t T
	return t.a, t.set(5)
}

type S struct{ p []int }

func (s *S) set() error { s.p = []int{1, 2, 3}; return nil }

//go:noinline
func retS() (S, error) {
	var s S
	return s, s.set()
}

var g int

func setg(n int) int { g = n; return n }

//go:noinline
func retG() (int, int) { g = 0; return g, setg(6) }

//go:noinline
func two(a, b int) { println("two", a, b) }

//go:noinline
func twoT(a T, b int) { println("twoT", a.a, b) }

//go:noinline
func retDeref(p *int) (int, int) { return *p, set(p, 9) }

//go:noinline
func retIdx(p []int) (int, int) { return p[0], set(&p[0], 9) }

//go:noinline
func retConv() (any, int) {
	x := 1
	return x, set(&x, 2)
}

func main() {
	println(ret())
	t, n := retT()
	println(t.a, n)
	t, n = retNamed()
	println(t.a, n)
	println(retField())
	s, _ := retS()
	println(len(s.p))
	println(retG())
	x := 1
	two(x, set(&x, 3))
	x = 1
	two(x+1, set(&x, 3))
	x = 1
	println(x, set(&x, 3))
	x = 1
	y := x + set(&x, 3)
	println(y)
	x = 1
	a, b := x, set(&x, 3)
	println(a, b)
	x = 1
	a, b = x, set(&x, 3)
	println(a, b)
	x = 1
	v := T{x, set(&x, 3)}
	println(v.a, v.b)
	x = 1
	ar := [...]int{x, set(&x, 3)}
	println(ar[0], ar[1])
	x = 1
	sl := []int{x, set(&x, 3)}
	println(sl[0], sl[1])
	t = T{}
	twoT(t, t.set(4))
	z := 1
	println(retDeref(&z))
	println(retIdx([]int{1}))
	i, _ := retConv()
	println(i.(int))
	x = 1
	m := map[int]int{1: 10, 2: 20}
	println(m[x]+set(&x, 2), m[x])
	x = 1
	c := x == set(&x, 2)
	println(c)
	p := &T{}
	println(p.a, p.set(3))
	p = &T{}
	two(p.a, p.set(3))
	g = 0
	two(g, setg(8))
	g = 0
	y = g + setg(8)
	println(y)
}
/* golden
stderr:
2 2
5 5
5 5
5 5
3
6 6
two 3 3
two 4 3
3 3
6
3 3
3 3
3 3
3 3
3 3
twoT 4 4
9 9
9 9
2
22 20
true
3 3
two 3 3
two 8 8
16
*/
