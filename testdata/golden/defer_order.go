// golden: run
// Deferred calls run last to first; arguments are evaluated at the defer; loops defer each round.
package main

type T struct{ n int }

func (t T) show()   { println("T", t.n) }
func (t *T) showp() { println("*T", t.n) }

func trace(s string) string {
	println("enter", s)
	return s
}
func un(s string) { println("leave", s) }

func f() (r int) {
	defer un(trace("f"))
	t := T{1}
	defer t.show()
	defer t.showp()
	t.n = 2
	for i := 0; i < 3; i++ {
		defer println("loop", i)
	}
	defer func() { r *= 2 }()
	if t.n == 2 {
		defer println("conditional")
	}
	return 21
}

func main() {
	println(f())
	func() {
		defer print("a", "b\n")
		var g func(int)
		g = func(n int) {
			if n > 0 {
				defer g(n - 1)
				println("g", n)
			}
		}
		g(3)
	}()
}
/* golden
stderr:
enter f
conditional
loop 2
loop 1
loop 0
*T 2
T 1
leave f
42
g 3
g 2
g 1
ab
*/
