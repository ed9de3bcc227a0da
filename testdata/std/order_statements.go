// What a statement reads of variables is read after its calls, receives, slices and the like: one case of
// each kind of statement and operand.
package main

import "fmt"

var gm map[string]int
var gs []int
var gc chan int
var gi any
var gp *int
var gx int
var gstr string
var garr [3]int
var gb []byte
var gf func(int) int

type T struct{ a, b int }

var gt T
var gpt *T

func reset() {
	gm = map[string]int{"a": 1, "b": 2}
	gs = []int{1, 2, 3}
	gc = make(chan int, 5)
	gi = 1
	gx = 1
	gp = &gx
	gstr = "abc"
	garr = [3]int{1, 2, 3}
	gb = []byte("key")
	gt = T{1, 2}
	gpt = &T{1, 2}
	gf = func(i int) int { return i + 1 }
}

//go:noinline
func newm() string { gm = map[string]int{"a": 10, "b": 20}; return "a" }

//go:noinline
func news() int { gs = []int{7, 8, 9}; return 1 }

//go:noinline
func newss() []int { gs = []int{7, 8, 9}; return gs }

//go:noinline
func modss() []int { gs[0] = 50; return []int{gs[0]} }

//go:noinline
func mods() int { gs[0], gs[1], gs[2] = 70, 80, 90; return 1 }

//go:noinline
func newc() int { gc = make(chan int, 7); return 5 }

//go:noinline
func newi() int { gi = 99; return 4 }

//go:noinline
func newi2() int { gi = "str"; return 4 }

//go:noinline
func newp() int { gp = new(int); *gp = 33; return 2 }

//go:noinline
func modx() int { gx = 44; return 2 }

//go:noinline
func newstr() string { gstr = "xyz"; return "_" }

//go:noinline
func newstri() int { gstr = "xyz"; return 1 }

//go:noinline
func modarr() int { garr = [3]int{10, 20, 30}; return 1 }

//go:noinline
func modb() string { gb[0] = 'K'; return "q" }

//go:noinline
func modt() int { gt = T{11, 22}; gpt = &T{13, 24}; return 1 }

//go:noinline
func modf() int { gf = func(i int) int { return i * 100 }; return 3 }

//go:noinline
func mod2() (int, int) { gs = []int{7, 8, 9}; gm = map[string]int{"z": 5}; return 0, 1 }

//go:noinline
func show(a ...any) { fmt.Println(a...) }

//go:noinline
func two(a, b any) { fmt.Println(a, b) }

//go:noinline
func twos(a []int, b int) { fmt.Println(a, b) }

//go:noinline
func twostr(a string, b string) { fmt.Println(a, b) }

//go:noinline
func twoint(a int, b int) { fmt.Println(a, b) }

func main() {
	t := func(name string, f func()) {
		reset()
		defer func() {
			if r := recover(); r != nil {
				fmt.Println(name, "panic", r)
			}
			fmt.Println(name, gm, gs, len(gc), cap(gc), gi, *gp, gx, gstr, garr, string(gb), gt, *gpt)
		}()
		f()
	}
	t("delete", func() { om := gm; delete(gm, newm()); show(om) })
	t("clear", func() { om := gm; clear(func() map[string]int { r := gm; newm(); return r }()); show(om) })
	t("copy", func() { os := gs; show(copy(gs, newss())); show(os) })
	t("copy2", func() { os := gs; copy(gs, newss()); show(os) })
	t("copy3", func() { os := gs; copy(gs[1:], newss()); show(os) })
	t("copy4", func() { os := gs; copy(gs[news():], gs); show(os) })
	t("copy5", func() { os := gs; copy(gs, gs[news():]); show(os) })
	t("append1", func() { r := append(gs, news()); show(r) })
	t("append2", func() { r := append(gs, newss()...); show(r) })
	t("append3", func() { r := append(gs[:1], newss()...); show(r) })
	t("append4", func() { gs = append(gs[:1], news()); show(gs) })
	t("append5", func() { gs = append(gs, gs[2], news(), gs[0]); show(gs) })
	t("append6", func() { gs = append(gs[:1], mods()); show(gs) })
	t("append7", func() { gs = append(gs, make([]int, news())...); show(gs) })
	t("send", func() { oc := gc; gc <- newc(); show(len(oc)) })
	t("send2", func() { oc := gc; gc <- gx + modx(); show(<-oc) })
	t("print", func() { two(gx, modx()) })
	t("println", func() { twoint(gx, modx()) })
	t("slicearg", func() { twos(gs[:2], news()) })
	t("slicearg2", func() { twos(gs[1:], mods()) })
	t("slicearg3", func() { twos(gs, news()) })
	t("slicearr", func() { twos(garr[:], modarr()) })
	t("slicestr", func() { twostr(gstr[1:], newstr()) })
	t("strcat", func() { twostr(gstr+"!", newstr()) })
	t("strcat2", func() { show(gstr + newstr()) })
	t("strcat3", func() { show(gstr[:1] + newstr() + gstr) })
	t("strb", func() { twostr(string(gb), modb()) })
	t("strb2", func() { show(string(gb) + modb()) })
	t("bstr", func() { two([]byte(gstr), newstr()) })
	t("assert", func() { twoint(gi.(int), newi()) })
	t("assert2", func() { twoint(gi.(int), newi2()) })
	t("assert3", func() { v, ok := gi.(int); show(v, ok) })
	t("assertp", func() { gi = gp; two(*gi.(*int), func() int { gi = new(int); return 3 }()) })
	t("minmax", func() { show(min(gx, modx()), max(gx, 3)) })
	t("minmax2", func() { twoint(min(gx, 100), modx()) })
	t("minmax3", func() { show(max(gx, modx(), gx)) })
	t("opmap", func() { om := gm; gm[newm()] += 5; show(om) })
	t("opmap2", func() { om := gm; gm["a"] += len(newm()); show(om) })
	t("opmap3", func() { om := gm; gm["a"] /= len(newm()) + 1; show(om) })
	t("opmap4", func() { om := gm; gm[newm()]++; show(om) })
	t("opmap5", func() { om := gm; gm["a"] = len(newm()); show(om) })
	t("opmap6", func() { om := gm; gm["a"] = gm["b"] + len(newm()); show(om) })
	t("opmap7", func() { om := gm; gm[newm()] = gm["b"]; show(om) })
	t("opmap8", func() { om := gm; gm["a"] -= gm["b"] - len(newm()); show(om) })
	t("opidx", func() { os := gs; gs[news()] += 5; show(os) })
	t("opidx2", func() { os := gs; gs[0] += news(); show(os) })
	t("opidx3", func() { os := gs; gs[news()] = gs[0]; show(os) })
	t("opidx4", func() { os := gs; gs[0] = gs[1] + news(); show(os) })
	t("opidx5", func() { os := gs; gs[0] += mods(); show(os) })
	t("oparr", func() { garr[0] += modarr() })
	t("oparr2", func() { garr[modarr()] += garr[0] })
	t("opp", func() { op := gp; *gp += newp(); show(*op) })
	t("opp2", func() { op := gp; *gp = gx + newp(); show(*op) })
	t("opx", func() { gx += modx() })
	t("opx2", func() { gx = gx + modx() })
	t("opx3", func() { gx = modx() + gx })
	t("opx4", func() { gx -= gx*2 - modx() })
	t("field", func() { gt.a += modt() })
	t("field2", func() { ot := gpt; gpt.a += modt(); show(*ot) })
	t("field3", func() { ot := gpt; gpt.a, gpt.b = gpt.b, modt(); show(*ot) })
	t("callf", func() { show(gf(modf())) })
	t("as2", func() { gs[0], gs[1] = news(), gs[0] })
	t("as2b", func() { os := gs; gs[0], gm["x"] = mod2(); show(os) })
	t("as2c", func() { os := gs; gs[news()], gs[0] = 100, gs[2]; show(os) })
	t("as2d", func() { a, b := gs[:2], news(); show(a, b) })
	t("as2e", func() { a, b := gs[1], news(); show(a, b) })
	t("as2f", func() { a, b, c := gx, modx(), gx; show(a, b, c) })
	t("as2g", func() { a, b := garr, modarr(); show(a, b) })
	t("as2h", func() { a, b := gt, modt(); show(a, b) })
	t("as2i", func() { a, b := &gt, modt(); show(a, b) })
	t("as2j", func() { a, b := gm["a"], newm(); show(a, b) })
	t("as2k", func() { a, b := len(gm), newm(); show(a, b) })
	t("as2l", func() { a, b := len(gs), func() int { gs = nil; return 1 }(); show(a, b) })
	t("as2m", func() { a, b := gm[string(gb)], modb(); show(a, b) })
	t("maplit", func() { show(map[int]int{gx: modx(), gx + 1: gx}) })
	t("slicelit", func() { show([]int{gx, modx(), gx}) })
	t("arrlit", func() { show([3]int{gx, modx(), gx}) })
	t("structlit", func() { show(T{gx, modx()}) })
	t("structlit2", func() { a, b := T{gx, 1}, modx(); show(a, b) })
	t("pstructlit", func() { show(*&T{gx, modx()}) })
	t("pstructlit2", func() { a, b := &T{gx, 1}, modx(); show(*a, b) })
	t("new", func() { a, b := new(gx), modx(); show(*a, b) })
	t("slit2", func() { a, b := []int{gx}, modx(); show(a, b) })
	t("mlit2", func() { a, b := map[int]int{gx: 1}, modx(); show(a, b) })
	t("iface", func() { var a any; var b int; a, b = any(gx), modx(); show(a, b) })
	t("iface2", func() { two(gt, modt()) })
	t("closure", func() { a, b := func() int { return gx }, modx(); show(a(), b) })
	t("methval", func() { a, b := gt.get, modt(); show(a(), b) })
	t("methval2", func() { a, b := gpt.pget, modt(); show(a(), b) })
	t("methcall", func() { show(gt.add(modt())) })
	t("methcall2", func() { show(gpt.padd(modt())) })
	t("methcall3", func() { show(gpt.add(modt())) })
	t("recv", func() { gc <- 9; a, b := <-gc, newc(); show(a, b) })
	t("recv2", func() { gc <- 9; gc <- 10; show(gx, <-gc, modx(), <-gc) })
	t("defer", func() { defer twos(gs[:2], news()) })
	t("defer2", func() { defer twoint(gx, modx()) })
	t("ifcond", func() {
		if gx < modx() {
			show("lt", gx)
		} else {
			show("ge", gx)
		}
	})
	t("switch", func() {
		switch gx {
		case modx() + 42:
			show("44")
		case 1:
			show("one")
		default:
			show("def")
		}
	})
	t("switch2", func() {
		switch gx + modx() {
		case 3:
			show("3")
		case 46:
			show("46")
		default:
			show("def")
		}
	})
	t("range", func() {
		for i, v := range gs {
			if i == 0 {
				news()
			}
			show(i, v)
		}
	})
	t("range2", func() {
		for i, v := range garr {
			if i == 0 {
				modarr()
			}
			show(i, v)
		}
	})
	t("range3", func() {
		for i, v := range &garr {
			if i == 0 {
				modarr()
			}
			show(i, v)
		}
	})
	t("range4", func() {
		for i := range garr[news():] {
			show(i)
		}
	})
	t("range5", func() {
		gx = 0
		for gx, gs[gx] = range []int{5, 6, 7} {
		}
		show(gs)
	})
	t("range6", func() {
		for gs[news()-1] = range 3 {
			show(gs)
		}
	})
	t("ret", func() { show(ret()); show(ret2()); show(ret3()); show(ret4()) })
	t("andor", func() { show(gx == 1 && modx() == 2 && gx == 44, gx == 44 || modx() == 2) })
	t("andor2", func() { show(gx, gx == 1 && modx() == 2, gx) })
	t("cmp", func() {
		show(gx == modx())
		reset()
		show(gt == T{modt(), 2})
		reset()
		show(garr == [3]int{modarr(), 2, 3})
	})
	t("cmp2", func() { show(gt == mkt()) })
	t("div", func() { show(gx / modx()) })
	t("shift", func() { show(gx<<modx(), gx>>modx()) })
	t("conv", func() { show(float64(gx) + float64(modx())) })
	t("conv2", func() { show(uint8(gx), modx()) })
	t("complex", func() { a, b := complex(float64(gx), 1), modx(); show(a, b) })
	t("real", func() { c := complex(1, 2); p := &c; a, b := real(c), func() int { *p = 5; return 1 }(); show(a, b) })
	t("s2a", func() { a, b := [2]int(gs), mods(); show(a, b) })
	t("s2ap", func() { a, b := (*[2]int)(gs), news(); show(*a, b) })
	t("deref", func() { a, b := *gp, modx(); show(a, b) })
	t("deref2", func() { a, b := *gp, newp(); show(a, b) })
	t("idxstr", func() { a, b := gstr[0], newstr(); show(a, b) })
	t("nested", func() { show(gs[gs[0]+news()*0], gs[news()], gs[0]) })
	t("panic", func() { panic(fmt.Sprint(gx, modx(), gx)) })
	t("panic2", func() { panic(gs[news()]) })
	t("go", func() { d := make(chan int); go func(a []int, b int) { show(a, b); close(d) }(gs[:2], news()); <-d })
	t("close", func() { oc := gc; close(func() chan int { newc(); return gc }()); show(len(oc)) })
	t("selsend", func() {
		oc := gc
		select {
		case gc <- newc():
		}
		show(len(oc))
	})
	t("selsend2", func() {
		oc := gc
		select {
		case gc <- newc():
		case <-make(chan int):
		default:
		}
		show(len(oc))
	})
	t("selrecv", func() {
		gc <- 5
		select {
		case gs[news()] = <-gc:
		}
		show(gs)
	})
	t("selrecv2", func() {
		gc <- 5
		var ok bool
		select {
		case gs[news()], ok = <-gc:
		default:
		}
		show(gs, ok)
	})
	t("as2recv", func() { gc <- 5; var ok bool; gs[news()], ok = <-gc; show(gs, ok) })
	t("as2recv2", func() { gc <- 5; os := gs; gs[0], gm[newm()] = <-gc, news(); show(gs, os) })
	t("as2map", func() { var ok bool; os := gs; gs[0], ok = gm[newm()]; show(gs, ok, os) })
	t("as2map2", func() { var ok bool; os := gs; gs[news()], ok = gm["a"]; show(gs, ok, os) })
	t("as2assert", func() { var ok bool; os := gs; gs[news()], ok = gi.(int); show(gs, ok, os) })
	t("mapidxslice", func() {
		m := map[string][]int{"a": {1, 2, 3}}
		r := m["a"][:2]
		x, y := m["a"][:2], func() int { m["a"] = []int{9, 9, 9}; return 0 }()
		show(r, x, y)
	})
	t("incdec", func() { gs[news()]++; gx++ })
	t("append8", func() {
		m := map[string][]int{}
		m["a"] = append(m["a"], func() int { m["a"] = []int{5}; return 6 }())
		show(m)
	})
	t("append9", func() {
		m := map[string][]int{}
		k := "a"
		m[k] = append(m[k], func() int { k = "b"; return 6 }())
		show(m, k)
	})
	t("append10", func() {
		m := map[string][]int{}
		mm := m
		m["a"] = append(m["a"], func() int { m = map[string][]int{"a": {1}}; return 6 }())
		show(m, mm)
	})
	t("append11", func() { var s [2][]int; i := 0; s[i] = append(s[i], func() int { i = 1; return 6 }()); show(s, i) })
	t("append12", func() {
		type S struct{ s []int }
		p := &S{}
		op := p
		p.s = append(p.s, func() int { p = &S{[]int{4}}; return 6 }())
		show(*p, *op)
	})
	t("append13", func() { x := []int{1, 2, 3}; x = append(x[:1], x[2], func() int { x[2] = 100; return 1 }()); show(x) })
	t("append14", func() {
		x := []int{1, 2, 3}
		y := append(x[:0], func() int { x = []int{9, 9}; return 1 }())
		show(x, y)
	})
}

func (t T) get() int        { return t.a }
func (t *T) pget() int      { return t.a }
func (t T) add(i int) int   { return t.a + i }
func (t *T) padd(i int) int { return t.a + i }

//go:noinline
func mkt() T             { gt = T{11, 22}; return T{1, 2} }
func ret() (int, int)    { return gx, modx() }
func ret2() ([]int, int) { return gs[:1], news() }
func ret3() (r T, n int) { r = T{5, 6}; defer func() { r.b++ }(); return gt, modt() }
func ret4() (a, b int)   { a = 1; return b + 5, func() int { a = 70; b = 80; return a }() }
/* golden
stdout:
map[a:1 b:2]
delete map[b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[]
clear map[a:10 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
3
[1 2 3]
copy map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
copy2 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 7 8]
copy3 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
copy4 map[a:1 b:2] [7 7 8] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
copy5 map[a:1 b:2] [8 9 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8 9 1]
append1 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8 9 7 8 9]
append2 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 7 8 9]
append3 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 1]
append4 map[a:1 b:2] [1 1] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8 9 9 1 7]
append5 map[a:1 b:2] [7 8 9 9 1 7] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[70 1]
append6 map[a:1 b:2] [70 1] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8 9 0]
append7 map[a:1 b:2] [7 8 9 0] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
0
send map[a:1 b:2] [1 2 3] 1 7 1 1 1 abc [1 2 3] key {1 2} {1 2}
46
send2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
44 2
print map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
44 2
println map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[1 2] 1
slicearg map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[80 90] 1
slicearg2 map[a:1 b:2] [70 80 90] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8 9] 1
slicearg3 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[10 20 30] 1
slicearr map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 20 30] key {1 2} {1 2}
bc _
slicestr map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
xyz! _
strcat map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
xyz_
strcat2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
a_xyz
strcat3 map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
Key q
strb map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] Key {1 2} {1 2}
Keyq
strb2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] Key {1 2} {1 2}
[97 98 99] _
bstr map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
1 4
assert map[a:1 b:2] [1 2 3] 0 5 99 1 1 abc [1 2 3] key {1 2} {1 2}
1 4
assert2 map[a:1 b:2] [1 2 3] 0 5 str 1 1 abc [1 2 3] key {1 2} {1 2}
1 true
assert3 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
0 3
assertp map[a:1 b:2] [1 2 3] 0 5 0x? 1 1 abc [1 2 3] key {1 2} {1 2}
2 44
minmax map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
1 2
minmax2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
44
minmax3 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap map[a:15 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap2 map[a:11 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap3 map[a:5 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap4 map[a:11 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap5 map[a:1 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap6 map[a:21 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap7 map[a:20 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:1 b:2]
opmap8 map[a:-9 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
opidx map[a:1 b:2] [7 13 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
opidx2 map[a:1 b:2] [8 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
opidx3 map[a:1 b:2] [7 7 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
opidx4 map[a:1 b:2] [9 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[71 80 90]
opidx5 map[a:1 b:2] [71 80 90] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
oparr map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [11 20 30] key {1 2} {1 2}
oparr2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 30 30] key {1 2} {1 2}
1
opp map[a:1 b:2] [1 2 3] 0 5 1 35 1 abc [1 2 3] key {1 2} {1 2}
1
opp2 map[a:1 b:2] [1 2 3] 0 5 1 3 1 abc [1 2 3] key {1 2} {1 2}
opx map[a:1 b:2] [1 2 3] 0 5 1 46 46 abc [1 2 3] key {1 2} {1 2}
opx2 map[a:1 b:2] [1 2 3] 0 5 1 46 46 abc [1 2 3] key {1 2} {1 2}
opx3 map[a:1 b:2] [1 2 3] 0 5 1 46 46 abc [1 2 3] key {1 2} {1 2}
opx4 map[a:1 b:2] [1 2 3] 0 5 1 -42 -42 abc [1 2 3] key {1 2} {1 2}
field map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {12 22} {13 24}
{1 2}
field2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {14 24}
{1 2}
field3 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {24 1}
300
callf map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
as2 map[a:1 b:2] [1 7 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
as2b map[x:1 z:5] [0 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2 3]
as2c map[a:1 b:2] [9 100 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2] 1
as2d map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
8 1
as2e map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
44 2 44
as2f map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[10 20 30] 1
as2g map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 20 30] key {1 2} {1 2}
{11 22} 1
as2h map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
&{11 22} 1
as2i map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
10 a
as2j map[a:10 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
2 a
as2k map[a:10 b:20] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
3 1
as2l map[a:1 b:2] [] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
0 q
as2m map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] Key {1 2} {1 2}
map[44:2 45:44]
maplit map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[44 2 44]
slicelit map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[44 2 44]
arrlit map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
{44 2}
structlit map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
{44 1} 2
structlit2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
{44 2}
pstructlit map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
{44 1} 2
pstructlit2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
1 2
new map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[44] 2
slit2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
map[1:1] 2
mlit2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
44 2
iface map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
{11 22} 1
iface2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
44 2
closure map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
11 1
methval map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
13 1
methval2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
12
methcall map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
14
methcall2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
14
methcall3 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {13 24}
9 5
recv map[a:1 b:2] [1 2 3] 0 7 1 1 1 abc [1 2 3] key {1 2} {1 2}
44 9 2 10
recv2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
[1 2] 1
defer map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
44 2
defer2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
ge 44
ifcond map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
one
switch map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
46
switch2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
0 1
1 2
2 3
range map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
0 1
1 2
2 3
range2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 20 30] key {1 2} {1 2}
0 1
1 20
2 30
range3 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 20 30] key {1 2} {1 2}
0
1
range4 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[6 7 3]
range5 map[a:1 b:2] [6 7 3] 0 5 1 2 2 abc [1 2 3] key {1 2} {1 2}
[0 8 9]
[1 8 9]
[2 8 9]
range6 map[a:1 b:2] [2 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
44 2
[1] 1
{11 23} 1
85 70
ret map[a:1 b:2] [7 8 9] 0 5 1 44 44 abc [1 2 3] key {11 22} {13 24}
true true
andor map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
44 true 44
andor2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
false
false
false
cmp map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [10 20 30] key {1 2} {1 2}
false
cmp2 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {11 22} {1 2}
22
div map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
176 11
shift map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
46
conv map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
1 2
conv2 map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
(1+1i) 2
complex map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
1 1
real map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[70 80] 1
s2a map[a:1 b:2] [70 80 90] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 8] 1
s2ap map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
44 2
deref map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
33 2
deref2 map[a:1 b:2] [1 2 3] 0 5 1 33 1 abc [1 2 3] key {1 2} {1 2}
120 _
idxstr map[a:1 b:2] [1 2 3] 0 5 1 1 1 xyz [1 2 3] key {1 2} {1 2}
nested panic runtime error: index out of range [7] with length 3
nested map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
panic panic 44 2 44
panic map[a:1 b:2] [1 2 3] 0 5 1 44 44 abc [1 2 3] key {1 2} {1 2}
panic2 panic 8
panic2 map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2] 1
go map[a:1 b:2] [7 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
0
close map[a:1 b:2] [1 2 3] 0 7 1 1 1 abc [1 2 3] key {1 2} {1 2}
1
selsend map[a:1 b:2] [1 2 3] 0 7 1 1 1 abc [1 2 3] key {1 2} {1 2}
1
selsend2 map[a:1 b:2] [1 2 3] 0 7 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 5 9]
selrecv map[a:1 b:2] [7 5 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 5 9] true
selrecv2 map[a:1 b:2] [7 5 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 5 9] true
as2recv map[a:1 b:2] [7 5 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[5 8 9] [1 2 3]
as2recv2 map[a:1 b:20] [5 8 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[10 2 3] true [10 2 3]
as2map map[a:10 b:20] [10 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 1 9] true [1 2 3]
as2map2 map[a:1 b:2] [7 1 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[7 1 9] true [1 2 3]
as2assert map[a:1 b:2] [7 1 9] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 2] [1 2] 0
mapidxslice map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
incdec map[a:1 b:2] [7 9 9] 0 5 1 2 2 abc [1 2 3] key {1 2} {1 2}
map[a:[5 6]]
append8 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[b:[6]] b
append9 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
map[a:[1 6]] map[]
append10 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[[] [6]] 1
append11 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
{[4 6]} {[]}
append12 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[1 100 1]
append13 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
[9 9] [1]
append14 map[a:1 b:2] [1 2 3] 0 5 1 1 1 abc [1 2 3] key {1 2} {1 2}
*/
