// golden: run
// Appending to a variable in memory stores its pointer and capacity only when they change, whatever the elements' values do to it.
package main

import "fmt"

type T struct {
	pad int
	xs  []int
}

var global []string

func push(p *[]int, x int)        { *p = append(*p, x) }
func (t *T) add(x, y int)         { t.xs = append(t.xs, x, y) }
func ends(p *[]int)               { *p = append(*p, (*p)[0], (*p)[len(*p)-1]) }
func fails(p *[]int, i int)       { *p = append(*p, (*p)[i]) }
func named(p *[][3]int)           { *p = append(*p, [3]int{len(*p), cap(*p), 9}) }
func nothing(p *[]struct{})       { *p = append(*p, struct{}{}, struct{}{}) }
func whole(s []int) []int         { return s[:] }
func wholeString(s string) string { return s[0:] }

func main() {
	var a []int
	for i := range 5 {
		push(&a, i)
	}
	fmt.Println(a, len(a), cap(a) >= 5)
	shared := make([]int, 1, 8)
	b, c := shared, shared
	push(&b, 1)
	push(&c, 2)
	fmt.Println(b, c, &b[0] == &c[0], shared[:3])
	t := &T{}
	t.add(1, 2)
	t.add(3, 4)
	u := T{}
	u.xs = append(u.xs, 5)
	u.xs = append(u.xs, 6)
	fmt.Println(t.xs, u.xs)
	global = append(global, "x")
	global = append(global, "y", global[0])
	fmt.Println(global)
	e := []int{4, 5}
	ends(&e)
	fmt.Println(e)
	func() {
		defer func() { fmt.Println(recover() != nil, e) }()
		fails(&e, 10)
	}()
	var f [][3]int
	named(&f)
	named(&f)
	fmt.Println(len(f), f[1][0], f[1][2])
	var g []struct{}
	nothing(&g)
	fmt.Println(len(g))
	fmt.Println(whole(e)[1], cap(whole(shared)), wholeString("abc"))
	func() {
		defer func() { fmt.Println(recover() != nil) }()
		push(nil, 1)
	}()
}

/* golden
stdout:
[0 1 2 3 4] 5 true
[0 2] [0 2] true [0 2 0]
[1 2 3 4] [5 6]
[x y x]
[4 5 4 5]
true [4 5 4 5]
2 1 9
2
5 8 abc
true
*/
