// golden: run arm64
package main

func counter() (inc func() int, get func() int) {
	n := 0
	return func() int { n++; return n }, func() int { return n }
}

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }

type acc struct{ total int }

func (a *acc) add(n int) { a.total += n }

func main() {
	inc, get := counter()
	inc()
	inc()
	println(inc(), get())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		print(f(), " ", f(), " ")
	}
	println()
	h := compose(func(n int) string { return "xxxxxxxx"[:n] }, func(s string) int { return len(s) * 2 })
	println(h(3))
	a := &acc{}
	add := a.add
	for i := range 5 {
		add(i)
	}
	println(a.total)
	fact := func() func(int) int {
		var self func(int) int
		self = func(n int) int {
			if n == 0 {
				return 1
			}
			return n * self(n-1)
		}
		return self
	}()
	println(fact(10))
}
/* golden
stderr:
3 3
0 0 10 100 20 200 
6
10
3628800
*/
