// Literals of structs whose fields stand in another order than the type's, or are promoted, and those of package
// variables, which are made element by element.
package main

import "fmt"

type E struct{ p, q int }
type S struct {
	a int
	E
	b int
	s []int
	_ int
	c any
}
type X struct {
	a int
	_ int
	b int
}

var gx = 1
var gs = []int{1, 2, 3}

//go:noinline
func tr(s string, v int) int { fmt.Print(s, " "); return v }

//go:noinline
func mod() int { gx = 44; gs = []int{7, 8, 9}; return 2 }

//go:noinline
func reset() int { gx = 1; gs = []int{1, 2, 3}; return 0 }

var r0 = reset()
var g1 = S{b: gx, s: gs[:1], a: mod(), c: gx}
var r1 = reset()
var g3 = &S{s: gs[1:], E: E{gx, mod()}, c: gs[1:], a: gx}
var r2 = reset()

func main() {
	fmt.Println(g1, *g3)
	fmt.Println(S{b: tr("b", 1), a: tr("a", 2), E: E{q: tr("q", 3), p: tr("p", 4)}, s: []int{tr("s", 1)}})
	fmt.Println(S{q: tr("q", 1), b: tr("b", 1), p: tr("p", 2), a: tr("a", 2)})
	fmt.Println(X{tr("a", 1), tr("b", 2), tr("c", 3)})
	fmt.Println(S{b: gx, s: gs[:1], a: mod(), c: gx})
	reset()
	fmt.Println(S{s: gs[1:], E: E{gx, mod()}, c: gs[1:], a: gx})
	reset()
	x := S{c: any(gs).([]int), s: append(gs, gx), b: len(gs), a: mod(), E: E{len(gs), gx}}
	fmt.Println(x)
	reset()
	x = S{b: x.a + 1, a: x.b + tr("m", mod()), s: x.s[:1], c: x.E}
	fmt.Println(x)
	reset()
	m := map[string]S{"k": {b: gx, a: mod(), s: gs}, "l": {s: gs[:1], b: 1, a: tr("l", 2)}}
	fmt.Println(m)
}
/* golden
stdout:
{2 {0 0} 1 [1] 0 44} {44 {1 2} 0 [2 3] 0 [8 9]}
b a q p s {2 {4 3} 1 [1] 0 <nil>}
q b p a {2 {2 1} 1 [] 0 <nil>}
a b c {1 0 3}
{2 {0 0} 44 [1] 0 44}
{44 {44 2} 0 [2 3] 0 [8 9]}
{2 {3 44} 3 [1 2 3 1] 0 [1 2 3]}
m {5 {0 0} 3 [1] 0 {3 44}}
l map[k:{2 {0 0} 44 [7 8 9] 0 <nil>} l:{2 {0 0} 1 [7] 0 <nil>}]
*/
