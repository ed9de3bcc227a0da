// What the values of return, of assignments to interfaces, and of lists read before and after a call.
package main

import (
	"fmt"
	"sync/atomic"
)

var gx = 1
var g8 uint8 = 1
var gb = true
var gs = []int{1, 2, 3}
var gp = &gx
var gm = map[int]int{1: 5}
var gstr = "abc"
var gf32 float32 = 1.5
var gc128 = 1 + 2i
var gi any = 1

type St struct {
	a int
	b string
	c [2]int
}

var gt = St{1, "a", [2]int{1, 2}}

//go:noinline
func reset() {
	gx = 1
	g8 = 1
	gb = true
	gs = []int{1, 2, 3}
	gp = &gx
	gm = map[int]int{1: 5}
	gstr = "abc"
	gf32 = 1.5
	gc128 = 1 + 2i
	gi = 1
	gt = St{1, "a", [2]int{1, 2}}
}

//go:noinline
func mod() int {
	gx = 44
	g8 = 45
	gb = false
	gs = []int{7, 8, 9}
	gp = new(int)
	gm = map[int]int{1: 50}
	gstr = "xyz"
	gf32 = 9
	gc128 = 7
	gi = "s"
	gt = St{9, "z", [2]int{8, 9}}
	return 2
}

func r1() (any, int)                  { return gx, mod() }
func r2() (any, any)                  { return g8, mod() }
func r3() (any, any, any)             { return gt, mod(), gt.c }
func r4() (a any, b int)              { a, b = gt.b, mod(); return }
func r5() (a any, b int)              { return gs[0], mod() }
func r6() (a any, b int)              { return gs[:2], mod() }
func r7() (string, int)               { return gstr + "!", mod() }
func r8() (string, int)               { return gstr[1:] + gstr, mod() }
func r9() (bool, int)                 { return gb && gx == 1, mod() }
func r10() (bool, int)                { return gx == 1, mod() }
func r11() (float64, int)             { return float64(gf32), mod() }
func r12() (complex128, float64, int) { return gc128, real(gc128), mod() }
func r13() (func() int, int)          { x := gx; return func() int { return x }, mod() }
func r14() (St, *St, int)             { return gt, &gt, mod() }
func r15() (St, int)                  { return St{gx, gstr, [2]int{gx, 2}}, mod() }
func r16() (*St, int)                 { return &St{gx, gstr, gt.c}, mod() }
func r17() (error, int)               { return fmt.Errorf("%d", gx), mod() }
func r18() (int, int)                 { return gm[1], mod() }
func r19() (int, int)                 { return *gp, mod() }
func r20() (int, int)                 { return len(gs) + gx, mod() }
func r21() (n int, e error)           { defer func() { n++ }(); return gx, func() error { mod(); return nil }() }
func r22() (int, bool)                { v, ok := gi.(int); mod(); return v, ok }
func r23() (int, int)                 { return gi.(int), mod() }
func r24() ([]byte, int)              { return []byte(gstr), mod() }
func r25() (string, int)              { return string([]rune(gstr)), mod() }
func r26() (int, int)                 { return -gx, ^mod() }
func r27() (int, int)                 { return gx << 1, mod() }
func r28() ([2]int, int)              { return gt.c, mod() }
func r29() (int, int)                 { return gt.c[gx&1], mod() }
func r30() (x [2]any, n int)          { return [2]any{gx, g8}, mod() }
func r31() (x map[string]any, n int)  { return map[string]any{gstr: gx}, mod() }
func r32() (x chan int, n int)        { c := make(chan int, gx); return c, mod() }
func r33() (x int32, n int)           { var a atomic.Int32; a.Store(3); return a.Load(), int(a.Add(2)) }
func r34() (x int, n int) {
	a := [3]int{1, 2, 3}
	p := &a
	return p[1], func() int { a[1] = 9; return 1 }()
}
func r35() (x int, n int) { v := 1; p := &v; return v, func() int { *p = 9; return 1 }() }
func r36() (x int, n int) { v := St{a: 1}; f := func() int { v.a = 9; return 1 }; return v.a, f() }
func r37() (x St, n int)  { v := St{a: 1}; f := func() int { v.a = 9; return 1 }; return v, f() }
func r38() (x any, n int) { v := St{a: 1}; f := func() int { v.a = 9; return 1 }; return v, f() }
func r39() (x bool, n int) {
	v := St{a: 1}
	w := v
	f := func() int { v.a = 9; return 1 }
	return v == w, f()
}
func r40() (x string, n int) {
	v := []string{"a"}
	f := func() int { v[0] = "z"; return 1 }
	return v[0] + "b", f()
}
func r41() (x uint8, n int)        { return uint8(gx) + g8, mod() }
func r42() (x any, n int)          { return any(gi), mod() }
func r43() (x fmt.Stringer, n int) { s, _ := gi.(fmt.Stringer); return s, mod() }
func r44() (x unsafeless, n int)   { return unsafeless(gx), mod() }
func r45() (x int, y int)          { return min(gx, 3), mod() }
func r46() (x int, y int)          { return cap(gs[:1:2]), mod() }
func r47() (x any, y int)          { return (*[2]int)(gs), mod() }
func r48() (x [2]int, y int)       { return [2]int(gs), mod() }

type unsafeless int

func main() {
	show := func(n int, a ...any) {
		for i := range a {
			if p, ok := a[i].(*St); ok {
				a[i] = *p
			}
			if f, ok := a[i].(func() int); ok {
				a[i] = f()
			}
			if _, ok := a[i].(chan int); ok {
				a[i] = cap(a[i].(chan int))
			}
			if p, ok := a[i].(*[2]int); ok {
				a[i] = *p
			}
		}
		fmt.Println(n, fmt.Sprint(a...))
		reset()
	}
	w := func(a ...any) []any { return a }
	show(1, w(r1())...)
	show(2, w(r2())...)
	show(3, w(r3())...)
	show(4, w(r4())...)
	show(5, w(r5())...)
	show(6, w(r6())...)
	show(7, w(r7())...)
	show(8, w(r8())...)
	show(9, w(r9())...)
	show(10, w(r10())...)
	show(11, w(r11())...)
	show(12, w(r12())...)
	show(13, w(r13())...)
	show(14, w(r14())...)
	show(15, w(r15())...)
	show(16, w(r16())...)
	show(17, w(r17())...)
	show(18, w(r18())...)
	show(19, w(r19())...)
	show(20, w(r20())...)
	show(21, w(r21())...)
	show(22, w(r22())...)
	show(23, w(r23())...)
	show(24, w(r24())...)
	show(25, w(r25())...)
	show(26, w(r26())...)
	show(27, w(r27())...)
	show(28, w(r28())...)
	show(29, w(r29())...)
	show(30, w(r30())...)
	show(31, w(r31())...)
	show(32, w(r32())...)
	show(33, w(r33())...)
	show(34, w(r34())...)
	show(35, w(r35())...)
	show(36, w(r36())...)
	show(37, w(r37())...)
	show(38, w(r38())...)
	show(39, w(r39())...)
	show(40, w(r40())...)
	show(41, w(r41())...)
	show(42, w(r42())...)
	show(43, w(r43())...)
	show(44, w(r44())...)
	show(45, w(r45())...)
	show(46, w(r46())...)
	show(47, w(r47())...)
	show(48, w(r48())...)
	// the same in lists of assignments, to other types
	var a, b any
	a, b = gx, mod()
	show(100, a, b)
	a, b = gt.c, mod()
	show(101, a, b)
	a, b = gb, mod()
	show(102, a, b)
	a, b = !gb, mod()
	show(103, a, b)
	var c [3]any
	c[0], c[1], c[2] = g8+1, mod(), g8
	show(104, c[:]...)
	var e error
	var s string
	s, e = gstr, fmt.Errorf("%d", mod())
	show(105, s, e)
	l := []any{gx, gb, mod(), gx == 44, gstr[:1]}
	show(106, l...)
	m := map[any]any{gx: gb, mod(): gx, gstr: len(gstr)}
	show(107, m)
	x := gx + gs[0]*mod() - gs[1]
	show(108, x)
	x = gs[gx&1] + gm[gx]*mod() + gm[1]
	show(109, x)
	y := gb || mod() == 2
	show(110, y, gb)
	y = !gb || mod() == 2 && gx == 44
	show(111, y, gb)
	str := gstr + fmt.Sprint(mod()) + gstr
	show(112, str)
	for i, v := 0, mod(); i < 1; i++ {
		show(113, i, v, gx)
	}
	if v, w := gx, mod(); v < w {
		show(114, v, w)
	}
	switch v := gi.(type) {
	case int:
		mod()
		show(115, v, gi)
	}
	func(a ...any) { show(116, a...) }(gx, gs, mod(), gs[1:])
	func(a int, b []int, c int, d St) { show(117, a, b, c, d) }(gx, gs, mod(), gt)
	f := func(p *int, v int, n int) { show(118, *p, v, n) }
	f(gp, *gp, mod())
	defer func(a ...any) { show(119, a...) }(gx, gb, mod(), gt, gx == 44)
}
/* golden
stdout:
1 44 2
2 45 2
3 {9 z [8 9]} 2 [8 9]
4 z2
5 7 2
6 [1 2] 2
7 xyz!2
8 bcxyz2
9 true 2
10 false 2
11 9 2
12 (7+0i) 1 2
13 1 2
14 {9 z [8 9]} {9 z [8 9]} 2
15 {44 xyz [44 2]} 2
16 {44 xyz [8 9]} 2
17 1 2
18 50 2
19 0 2
20 47 2
21 45 <nil>
22 1 true
23 1 2
24 [97 98 99] 2
25 abc2
26 -44 -3
27 88 2
28 [8 9] 2
29 8 2
30 [44 45] 2
31 map[abc:1] 2
32 1 2
33 3 5
34 9 1
35 9 1
36 9 1
37 {9  [0 0]} 1
38 {9  [0 0]} 1
39 false 1
40 zb1
41 89 2
42 s2
43 <nil> 2
44 44 2
45 1 2
46 2 2
47 [1 2] 2
48 [7 8] 2
100 44 2
101 [8 9] 2
102 false 2
103 false 2
104 2 2 45
105 xyz2
106 44 false 2 truex
107 map[xyz:3 1:true 2:44]
108 50
109 57
110 true true
111 true false
112 xyz2xyz
113 0 2 44
116 44 [7 8 9] 2 [8 9]
117 44 [7 8 9] 2 {9 z [8 9]}
118 0 0 2
119 44 false 2 {9 z [8 9]} true
*/
