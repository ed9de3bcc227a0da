// Which operands are kept where a call follows on them, and which are read after it: method values, values
// converted to interfaces, comparisons, keys, what go and defer evaluate, places.
package main

import "fmt"

type I interface{ M(int) int }
type T struct{ a int }

func (t T) M(i int) int  { fmt.Println("M", t.a, i); return t.a + i }
func (t *T) P(i int) int { fmt.Println("P", t.a, i); return t.a + i }

//go:noinline
func tr(s string, v int) int { fmt.Println("tr", s, v); return v }

//go:noinline
func getI(s string, i I) I { fmt.Println("getI", s); return i }

//go:noinline
func getT(s string, i int) T { fmt.Println("getT", s); return T{i} }

//go:noinline
func getP(s string, i int) *T { fmt.Println("getP", s); return &T{i} }

//go:noinline
func call(a int, f func(int) int, b int) { fmt.Println("call", a, f(1), b) }

//go:noinline
func call2(a int, f func(int) int, g func(int) int) { fmt.Println("call2", a, f(1), g(2)) }

//go:noinline
func nilI() I { return nil }

var g8 uint8 = 1
var gbool = true
var gx = 1
var gm8 = map[string]uint8{"a": 1}
var gt3 = [3]int{1, 2, 3}
var gmap3 = map[[3]int]int{{1, 2, 3}: 5, {9, 9, 9}: 6}
var gms = map[string]string{"a": "x"}
var gstr = "s"

func reset() {
	g8 = 1
	gbool = true
	gx = 1
	gm8 = map[string]uint8{"a": 1}
	gt3 = [3]int{1, 2, 3}
	gms = map[string]string{"a": "x"}
	gstr = "s"
}

//go:noinline
func mod() int {
	g8 = 77
	gbool = false
	gx = 88
	gm8["a"] = 99
	gt3 = [3]int{9, 9, 9}
	gms["a"] = "y"
	gstr = "S"
	return 1
}

//go:noinline
func show(a ...any) { fmt.Println(a...) }

type S2 struct{ a, b int }
type B1 struct{ s string }
type W struct{ p *int }

func pair() (int, int)   { fmt.Println("pair"); return 1, 2 }
func pair2() (*T, error) { return nil, fmt.Errorf("x") }

func main() {
	t := func(name string, f func()) {
		reset()
		defer func() {
			if r := recover(); r != nil {
				fmt.Println(name, "panic", r)
			}
			fmt.Println("--", name)
		}()
		f()
	}
	t("mv1", func() { call(tr("a", 1), getI("i", T{5}).M, tr("b", 2)) })
	t("mv2", func() { call(tr("a", 1), getT("t", 5).M, tr("b", 2)) })
	t("mv3", func() { call(tr("a", 1), getP("p", 5).P, tr("b", 2)) })
	t("mv4", func() { call(tr("a", 1), getP("p", 5).M, tr("b", 2)) })
	t("mv5", func() { call(tr("a", 1), nilI().M, tr("b", 2)) })
	t("mv6", func() { var i I; call(tr("a", 1), i.M, tr("b", 2)) })
	t("mv7", func() { var p *T; call(tr("a", 1), p.M, tr("b", 2)) })
	t("mv8", func() { var i I; call2(tr("a", 1), getI("q", T{1}).M, i.M) })
	t("mv9", func() { x := T{1}; call2(func() int { x.a = 9; return 3 }(), x.M, x.P) })
	t("mv10", func() { x := T{1}; f, n := x.M, func() int { x.a = 9; return 3 }(); show(f(0), n) })
	t("mv11", func() { x := &T{1}; f, n := x.M, func() int { x.a = 9; return 3 }(); show(f(0), n) })
	t("mv12", func() { x := &T{1}; f, n := x.P, func() int { x = &T{9}; return 3 }(); show(f(0), n) })
	t("mv13", func() { var i I = T{1}; f, n := i.M, func() int { i = T{9}; return 3 }(); show(f(0), n) })
	t("mv14", func() {
		a := []T{{1}, {2}}
		f, n := a[1].M, func() int { a = []T{{7}, {8}}; return 3 }()
		show(f(0), n)
	})
	t("mv15", func() {
		a := []T{{1}, {2}}
		f, n := a[tr("idx", 1)].P, func() int { a = []T{{7}, {8}}; return 3 }()
		show(f(0), n)
	})
	t("mv16", func() {
		a := []T{{1}, {2}}
		fs := []func(int) int{a[0].M, getT("z", 4).M, a[tr("i", 1)].P}
		for _, f := range fs {
			f(0)
		}
	})
	t("any1", func() { show(uint8(gx), mod()) })
	t("any2", func() { show(gx == 1, mod()) })
	t("any3", func() { show(gm8["a"], mod()) })
	t("any4", func() { show(g8, mod()) })
	t("any5", func() { show(g8+1, mod()) })
	t("any6", func() { show(int32(gx), int16(gx), int64(gx), float32(gx), mod()) })
	t("any7", func() { show(S2{gx, 2}, mod()) })
	t("any8", func() { show(&S2{gx, 2}, *&S2{gx, 3}, mod()) })
	t("any9", func() { show(B1{gstr}, gms["a"], gstr+"t", mod()) })
	t("any10", func() { show(B1(B1{gstr}), [1]string{gstr}, mod()) })
	t("any11", func() { show(complex(float64(gx), 1), complex64(complex(float64(gx), 1)), mod()) })
	t("any12", func() { var a any = gx; b := []any{a, gx, gbool, !gbool, mod()}; show(b...) })
	t("any13", func() { p := &gx; q := &g8; b := []any{*p, *q, *p + 1, *q + 1, mod()}; show(b...) })
	t("any15", func() { l := [3]int{1}; b := []any{l, l[0], func() int { l[0] = 50; return 2 }()}; show(b...) })
	t("cmp1", func() { show(gt3 == [3]int{gx, 2, 3}, mod()) })
	t("cmp2", func() { show(gt3 == [3]int{1, 2, 2 + mod()}) })
	t("cmp3", func() { show([3]int{gx, 2, 3} == [3]int{1, 2, 2 + mod()}) })
	t("cmp4", func() { show(S2{gx, 2} == S2{1, 1 + mod()}, S2(S2{gx, 1}) != S2{1, mod()}) })
	t("cmp5", func() { show(any(gx) == any(1), any(gx) == any(mod()), any(g8) == any(uint8(1+mod()-1))) })
	t("key1", func() { show(gmap3[gt3], mod()) })
	t("key2", func() { show(gmap3[[3]int{gx, 2, 3}], mod()) })
	t("key3", func() { a, b := gmap3[[3]int{gx, 2, 3}], mod(); show(a, b) })
	t("key4", func() { delete(gmap3, [3]int{gx, 2, 2 + mod()}); show(len(gmap3)); gmap3[[3]int{1, 2, 3}] = 5 })
	t("vardecl", func() { var a, b = gx, mod(); show(a, b) })
	t("vardecl2", func() { var a, b any = gx, mod(); show(a, b) })
	t("vardecl3", func() { var a, b, c = gt3, mod(), gt3; show(a, b, c) })
	t("vardecl4", func() { var a, _, c = tr("a", 1), tr("b", 2), tr("c", 3); show(a, c) })
	t("deferi", func() { var i I; defer i.M(tr("arg", 1)) })
	t("deferi2", func() { defer I(nil).M(tr("arg", 1)) })
	t("deferi3", func() { var i I = T{4}; defer i.M(func() int { i = T{6}; return tr("arg", 1) }()) })
	t("deferf", func() { var f func(int); defer f(tr("arg", 1)); fmt.Println("body") })
	t("deferf2", func() {
		f := func(i int) { fmt.Println("f1", i) }
		defer f(func() int { f = func(i int) { fmt.Println("f2", i) }; return 1 }())
	})
	t("defercopy", func() {
		a, b := []int{1, 2}, []int{3, 4}
		func() { defer copy(a, func() []int { a = []int{5, 6}; return b }()) }()
		show(a)
	})
	t("deferdel", func() {
		m := map[int]int{1: 1}
		o := m
		func() { defer delete(m, func() int { m = map[int]int{1: 2}; return 1 }()) }()
		show(m, o)
	})
	t("deferprint", func() { defer show(gx, gbool, mod(), gx) })
	t("deferlit", func() { defer show(S2{gx, gx}, []int{gx}, mod()) })
	t("deferm", func() { x := T{1}; defer x.M(func() int { x.a = 5; return 2 }()); x.a = 7 })
	t("defermp", func() { x := &T{1}; defer x.P(func() int { x = &T{5}; return 2 }()) })
	t("lhs1", func() { a := []int{1, 2, 3}; a[tr("i", 0)], a[tr("j", 1)] = pair(); show(a) })
	t("lhs2", func() { var m map[string]int; m[fmt.Sprint(tr("i", 0))], gx = pair() })
	t("lhs3", func() { a := []int{1}; a[0], a[tr("i", 1)] = pair() })
	t("lhs4", func() { a := []int{1}; defer func() { show(a) }(); a[0], a[tr("i", 1)] = 7, 8 })
	t("lhs5", func() { a := []int{1}; defer func() { show(a) }(); a[0], a[1] = pair() })
	t("lhs6", func() { var p *T; a := []int{1}; defer func() { show(a) }(); a[0], p.a = pair() })
	t("lhs7", func() { var p *T; a := []int{1}; defer func() { show(a) }(); p.a, a[0] = pair() })
	t("lhs8", func() { var p *T; a := []int{1}; defer func() { show(a) }(); a[0], p.a = 7, tr("x", 5) })
	t("lhs9", func() { var p *T; p.a = tr("x", 5) })
	t("lhs10", func() { var p *[3]int; p[tr("i", 1)] = tr("x", 5) })
	t("lhs11", func() { var a []int; a[tr("i", 1)] = tr("x", 5) })
	t("lhs12", func() { var m map[int]int; m[tr("i", 1)] = tr("x", 5) })
	t("lhs13", func() { var a []int; a[5] += tr("x", 5) })
	t("lhs14", func() { var m map[any]int; m[[]int{1}] = tr("x", 5) })
	t("lhs15", func() { m := map[any]int{}; m[any([]int{1})], gx = pair() })
	t("lhs16", func() { var e error; p := &T{1}; p, e = pair2(); show(p, e) })
	t("lhs17", func() { i := 0; a := []int{1, 2, 3}; i, a[i] = pair(); show(i, a) })
	t("lhs18", func() { i := 0; a := []int{1, 2, 3}; i, a[i] = 2, 9; show(i, a) })
	t("lhs19", func() {
		type N struct {
			next *N
			v    int
		}
		n := &N{v: 1, next: &N{v: 2}}
		o := n
		n, n.next = n.next, nil
		show(n.v, o.next == nil)
	})
	t("lhs20", func() { a := [3]int{1, 2, 3}; i := 0; i, a[i], a[i+1] = 1, a[2], a[0]; show(i, a) })
	t("lhs21", func() {
		var x any = 5
		var ok bool
		var arr [2]int
		i := 1
		arr[i], ok = x.(int)
		show(arr, ok)
	})
	t("lhs22", func() { var x any = "5"; var arr [2]any; arr[1], arr[0] = x.(int); show(arr) })
	t("lhs23", func() { m := map[string]int{"a": 1}; mm := map[string]any{}; mm["v"], mm["ok"] = m["a"]; show(mm) })
	t("lhs24", func() { c := make(chan int, 1); c <- 4; mm := map[string]any{}; mm["v"], mm["ok"] = <-c; show(mm) })
}
/* golden
stdout:
tr a 1
getI i
tr b 2
M 5 1
call 1 6 2
-- mv1
tr a 1
getT t
tr b 2
M 5 1
call 1 6 2
-- mv2
tr a 1
getP p
tr b 2
P 5 1
call 1 6 2
-- mv3
tr a 1
getP p
tr b 2
M 5 1
call 1 6 2
-- mv4
tr a 1
tr b 2
mv5 panic runtime error: invalid memory address or nil pointer dereference
-- mv5
tr a 1
tr b 2
mv6 panic runtime error: invalid memory address or nil pointer dereference
-- mv6
tr a 1
tr b 2
mv7 panic runtime error: invalid memory address or nil pointer dereference
-- mv7
tr a 1
getI q
mv8 panic runtime error: invalid memory address or nil pointer dereference
-- mv8
M 9 1
P 9 2
call2 3 10 11
-- mv9
M 9 0
9 3
-- mv10
M 9 0
9 3
-- mv11
P 9 0
9 3
-- mv12
M 9 0
9 3
-- mv13
M 8 0
8 3
-- mv14
tr idx 1
P 8 0
8 3
-- mv15
getT z
tr i 1
M 1 0
M 4 0
P 2 0
-- mv16
1 1
-- any1
true 1
-- any2
1 1
-- any3
77 1
-- any4
2 1
-- any5
88 88 88 88 1
-- any6
{1 2} 1
-- any7
&{1 2} {88 3} 1
-- any8
{S} y St 1
-- any9
{S} [S] 1
-- any10
(1+1i) (1+1i) 1
-- any11
1 88 false false 1
-- any12
88 77 89 2 1
-- any13
[50 0 0] 50 2
-- any15
true 1
-- cmp1
false
-- cmp2
false
-- cmp3
false true
-- cmp4
true false false
-- cmp5
6 1
-- key1
5 1
-- key2
5 1
-- key3
2
-- key4
88 1
-- vardecl
88 1
-- vardecl2
[9 9 9] 1 [9 9 9]
-- vardecl3
tr a 1
tr b 2
tr c 3
1 3
-- vardecl4
tr arg 1
deferi panic runtime error: invalid memory address or nil pointer dereference
-- deferi
tr arg 1
deferi2 panic runtime error: invalid memory address or nil pointer dereference
-- deferi2
tr arg 1
M 6 1
-- deferi3
tr arg 1
body
deferf panic runtime error: invalid memory address or nil pointer dereference
-- deferf
f2 1
-- deferf2
[3 4]
-- defercopy
map[] map[1:1]
-- deferdel
88 false 1 88
-- deferprint
{1 1} [88] 1
-- deferlit
M 5 2
-- deferm
P 5 2
-- defermp
tr i 0
tr j 1
pair
[1 2 3]
-- lhs1
tr i 0
pair
lhs2 panic assignment to entry in nil map
-- lhs2
tr i 1
pair
lhs3 panic runtime error: index out of range [1] with length 1
-- lhs3
tr i 1
[7]
lhs4 panic runtime error: index out of range [1] with length 1
-- lhs4
pair
[1]
lhs5 panic runtime error: index out of range [1] with length 1
-- lhs5
pair
[1]
lhs6 panic runtime error: invalid memory address or nil pointer dereference
-- lhs6
pair
[1]
lhs7 panic runtime error: invalid memory address or nil pointer dereference
-- lhs7
tr x 5
[7]
lhs8 panic runtime error: invalid memory address or nil pointer dereference
-- lhs8
tr x 5
lhs9 panic runtime error: invalid memory address or nil pointer dereference
-- lhs9
tr i 1
tr x 5
lhs10 panic runtime error: invalid memory address or nil pointer dereference
-- lhs10
tr i 1
tr x 5
lhs11 panic runtime error: index out of range [1] with length 0
-- lhs11
tr i 1
tr x 5
lhs12 panic assignment to entry in nil map
-- lhs12
tr x 5
lhs13 panic runtime error: index out of range [5] with length 0
-- lhs13
tr x 5
lhs14 panic assignment to entry in nil map
-- lhs14
pair
lhs15 panic runtime error: hash of unhashable type []int
-- lhs15
<nil> x
-- lhs16
pair
1 [2 2 3]
-- lhs17
2 [9 2 3]
-- lhs18
2 true
-- lhs19
1 [3 1 3]
-- lhs20
[0 5] true
-- lhs21
[false 0]
-- lhs22
map[ok:true v:1]
-- lhs23
map[ok:true v:4]
-- lhs24
*/
