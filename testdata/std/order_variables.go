// Package variables' values: a literal's elements are statements of their own, all else is one.
package main

import "fmt"

type T struct{ a, b int }
type N struct {
	t *T
	s []int
	m map[string]int
	i any
	f func() int
}

func (t T) Get() int { return t.a }

var gx int
var gs []int
var gt T
var gi any

//go:noinline
func mod() int { gx = 44; gs = []int{7, 8, 9}; gt = T{5, 6}; gi = "new"; return 2 }

//go:noinline
func reset() int { gx = 1; gs = []int{1, 2, 3}; gt = T{1, 2}; gi = "old"; return 0 }

//go:noinline
func two(a, b int) (int, int) { return a, b }

var (
	r0           = reset()
	v0           = gx + mod()
	r1           = reset()
	v1           = map[int]int{gx: mod(), gx + 1: gx}
	r2           = reset()
	v2           = fmt.Sprint(gs, gx, mod(), gs, gx)
	r3           = reset()
	v3, v4       = two(gx, mod())
	r4           = reset()
	_, v5        = two(mod(), gx)
	r5           = reset()
	v6           = &N{&T{gx, mod()}, []int{gx, gs[0]}, map[string]int{"a": gx, "b": mod()}, gx, nil}
	r6           = reset()
	v7           = []any{gx, gt, mod(), gt, gx + gx}
	r7           = reset()
	v8           = [...]N{2: {i: gt.Get(), t: &T{gx, gx + mod()}}, 0: {i: T{gx, 0}}}
	r8           = reset()
	v9       any = N{s: gs[:1], i: []int{mod()}, t: &gt}
	r9           = reset()
	v10          = gs[0] + func() int { mod(); return gs[0] }()
	r10          = reset()
	v11          = append(gs, mod(), gx)
	r11          = reset()
	v12          = gi == any(fmt.Sprint("new", mod()))
	r12          = reset()
	v13          = gt.Get
	v14, v15     = gt, mod()
	r13          = reset()
	v16          = T{gx, mod()} == T{1, 2}
	r14          = reset()
	v17          = [][]int{{gx, mod()}, gs, {gx}}
	r15          = reset()
	v18          = struct {
		f func() int
		x int
	}{gt.Get, mod()}
	r16      = reset()
	v19      = gx == 1 && mod() == 2 && gx == 44
	r17      = reset()
	v20, v21 = gi.(string)
	v22      = min(gx, mod()) + gx
	r18      = reset()
	_        = mod()
	v23      = len(gs) + gx
)

func main() {
	fmt.Println(r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17, r18)
	fmt.Println(v0, v1, v2, v3, v4, v5)
	fmt.Println(*v6.t, v6.s, v6.m, v6.i, v7, *v8[2].t, v8[2].i, v8[0])
	n := v9.(N)
	fmt.Println(*n.t, n.s, n.i, v10, v11, v12, v13(), v14, v15, v16, v17, v18.f(), v18.x, v19, v20, v21, v22, v23)
}
/* golden
stdout:
0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
46 map[44:2 45:44] [7 8 9] 44 2 [7 8 9] 44 44 2 44
{1 2} [44 7] map[a:44 b:2] 44 [1 {1 2} 2 {5 6} 88] {1 46} 1 {<nil> [] map[] {44 0} <nil>}
{5 6} [1] [2] 14 [7 8 9 2 44] false 1 {1 2} 2 false [[1 2] [7 8 9] [44]] 1 2 true old true 46 47
*/
