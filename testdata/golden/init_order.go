// golden: run
// Package variables are initialised in dependency order, then init functions run in order.
package main

var (
	a = b + 1
	b = f("b", c*2)
	c = f("c", 5)
	d, e = two()
	_ = f("blank", 0)
)

func two() (int, int) { println("two", a); return a, b }
func f(s string, n int) int {
	println("init", s, n)
	return n
}

func init() { println("init 1", a, b, c, d, e) }
func init() { println("init 2", table["x"], len(primes), primes[3]) }

var table = map[string]int{"x": f("x", 24)}
var primes = [...]int{2, 3, 5, 7, 11}

func main() { println("main") }
/* golden
stderr:
init c 5
init b 10
two 11
init blank 0
init x 24
init 1 11 10 5 11 10
init 2 24 5 7
main
*/
