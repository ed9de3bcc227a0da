// golden: run
// The calls in the literals of a list run from left to right, also those in literals with keys.
package main

type N struct {
	v int
	a *N
}

var k int

func f(n *N) *N { k++; println("f", n.v); return n }
func g() *N     { k++; println("g"); return nil }

var t = []*N{f(&N{v: 1}), {v: 2, a: g()}}
var u = []*N{{v: 2, a: g()}, f(&N{v: 3})}

func main() {
	x := []*N{f(&N{v: 1}), {v: 2, a: g()}}
	println(len(x), len(t), len(u))
}
/* golden
stderr:
f 1
g
g
f 3
f 1
g
2 2 2
*/
