// Interface values of variables whose parts are assigned after their definition, in every form of assignment.
package main

import "fmt"

type req struct {
	a, b int
	s    [3]string
}

//go:noinline
func show(x any) { fmt.Println(x) }

func two() (int, string) { return 7, "seven" }

func main() {
	v := req{}
	v.a = 1
	show(v)
	w := req{a: 1, b: 2}
	w.s[1] = "x"
	show(w)
	x := req{b: 3}
	x.a, x.s[0] = two()
	show(x)
	y := req{b: 4}
	y.b += 5
	show(y)
	z := req{b: 6}
	func() { z.a = 9 }()
	show(z)
	u := [2]int{1, 2}
	u[1], u[0] = u[0], u[1]
	show(u)
	for q, c := (req{a: 1}), 0; c < 2; c++ {
		show(q)
		q.b++
	}
	r := [2]int{}
	for r[0] = range 3 {
		show(r)
	}
	k := req{a: 8}
	show(k)
	ch := make(chan int, 1)
	ch <- 4
	m := req{}
	m.a = <-ch
	show(m)
	n := req{}
	select {
	case n.b = <-ch:
	default:
		n.a = 2
	}
	show(n)
}
/* golden
stdout:
{1 0 [  ]}
{1 2 [ x ]}
{7 3 [seven  ]}
{0 9 [  ]}
{9 6 [  ]}
[2 1]
{1 0 [  ]}
{1 1 [  ]}
[0 0]
[1 0]
[2 0]
{8 0 [  ]}
{4 0 [  ]}
{2 0 [  ]}
*/
