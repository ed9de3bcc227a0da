package main

// Calls, receives and method values run from left to right, also where an operand to their right needs statements of its own: literals whose
// keys are not in the order of the fields, method values, calls that spread the results of a call, && and ||.

var log []string

func f(s string) string { log = append(log, s); return s }
func n(s string, v int) int {
	log = append(log, s)
	return v
}
func b(s string, v bool) bool { log = append(log, s); return v }
func two(s string) (string, string) {
	log = append(log, s)
	return s, s
}
func pair(a, b string) string { log = append(log, "pair"); return a }

func show(what string) {
	print(what, ":")
	for _, s := range log {
		print(" ", s)
	}
	println()
	log = nil
}

type Node struct {
	A, v string
	K    int
	P    *Node
	L    []*Node
}

type T struct{ s string }

func (t T) m()                 { log = append(log, "m"+t.s) }
func (t *T) p(...string) *T    { log = append(log, "p"+t.s); return t }
func (t T) arg(s string) T     { return t }
func (t T) join(a, b string) T { log = append(log, "join"); return t }

type I interface{ m() }

func mk(s string) T    { log = append(log, s); return T{s} }
func ptr(s string) *T  { log = append(log, s); return &T{s} }
func iface(s string) I { log = append(log, s); return T{s} }
func take(...any)      { log = append(log, "take") }
func takef(s string, g func()) {
	log = append(log, "takef")
	g()
}

type Outer struct {
	Node
	*T
	X, Y string
}

func literals() {
	_ = []*Node{{A: f("1")}, {v: "y", K: 3, A: f("2")}}
	show("slice")
	_ = []Node{{A: f("1")}, {K: n("2", 1), A: f("3")}, {A: f("4"), v: f("5")}}
	show("slice of values")
	take(f("a"), Node{A: f("b"), K: 1})
	show("argument")
	take(f("a"), Node{K: n("b", 1), A: f("c")}, f("d"))
	show("argument between")
	_ = map[string]*Node{f("1"): {K: n("2", 1), A: f("3")}, f("4"): {v: f("5"), A: f("6")}}
	show("map")
	_ = [...]Node{2: {K: n("1", 1), A: f("2")}, 0: {A: f("3")}, 1: {K: n("4", 1), A: f("5")}}
	show("array with keys")
	_ = Node{L: []*Node{{K: n("1", 0), A: f("2")}, {A: f("3")}}, A: f("4"), P: &Node{v: f("5"), A: f("6")}}
	show("nested")
	x := f("x") + Node{K: n("1", 1), A: f("2")}.A + f("3")
	show("sum " + x)
	_ = Outer{Y: f("1"), X: f("2"), T: ptr("3"), Node: Node{K: n("4", 0), A: f("5")}}
	show("embedded")
	s, t := f("1"), Node{K: n("2", 0), A: f("3")}
	_, _ = s, t
	show("define")
	var u, v any = f("1"), Node{K: n("2", 0), A: f("3")}
	_, _ = u, v
	show("var")
	var arr [3]Node
	arr[n("1", 0)], arr[n("2", 1)] = Node{K: n("3", 0), A: f("4")}, Node{A: f("5")}
	show("assign")
	_ = f("a") == (Node{K: n("b", 1), A: f("c")}).A
	show("compare")
	if f("a") == (Node{K: n("b", 1), A: f("c")}).A || b("d", true) && f("e") == (Node{K: n("f", 1), A: f("g")}).A {
		show("if")
	}
	switch f("a") + (Node{K: n("b", 1), A: f("c")}).A {
	case f("d") + (Node{K: n("e", 1), A: f("f")}).A, f("ac"):
		show("switch")
	}
	for i := 0; n("a", i) < (Node{A: f("c"), K: n("b", 2)}).K; i++ {
	}
	show("for")
	ch := make(chan Node, 1)
	(func() chan Node { f("ch"); return ch }()) <- Node{K: n("1", 1), A: f("2")}
	show("send")
	defer take(f("1"), Node{K: n("2", 1), A: f("3")}, f("4"))
	show("defer")
}

func values() {
	takef(f("1"), mk("2").m)
	show("method value")
	takef(f("1"), ptr("2").m)
	show("method value through pointer")
	takef(f("1"), iface("2").m)
	show("method value of interface")
	takef(f("1")+f("2"), func() func() { f("3"); return mk("4").m }())
	show("function")
	fs := []func(){mk("1").m, iface("2").m, ptr("3").m}
	show("list")
	for _, g := range fs {
		g()
	}
	show("called")
	g, h := mk("1").m, iface("2").m
	g()
	h()
	show("define")
	m := map[string]func(){f("1"): mk("2").m, f("3"): iface("4").m}
	_ = m
	show("map")
	func() {
		defer func() { recover(); show("nil interface") }()
		var i I
		take(f("1"), i.m, f("2"))
	}()
	func() {
		defer func() { recover(); show("nil pointer") }()
		var p *T
		take(f("1"), p.m, f("2"))
	}()
}

func spreads() {
	take(f("1"), pair(two("2")), f("3"))
	show("spread")
	_ = f("1") + pair(two("2")) + f("3")
	show("sum")
	_ = []string{f("1"), pair(two("2")), f("3")}
	show("list")
	take(f("1"), mk("2").join(two("3")), f("4"))
	show("method")
	take(f("1"), b("2", true) && pair(two("3")) == f("4"), f("5"))
	show("and")
	_ = b("1", false) || b("2", true) && pair(two("3")) == f("4")
	show("or")
	take(f("1"), func() func(a, b string) string { f("2"); return pair }()(two("3")))
	show("function")
	ptr(f("1")).p(two("2")).p(f("3"), pair(two("4"))).p()
	show("chain")
	var a [4]string
	a[n("1", 1)], a[n("2", 2)] = two("3")
	show("places")
	sl := []Node{{}, {}}
	sl[n("1", 1)].A, sl[n("2", 0)].v = two("3")
	show("fields of elements")
	mp := map[string]string{}
	mp[f("1")], mp[pair(two("2"))] = two("3")
	show("map elements")
	pp := func(s string) *Node { f(s); return &Node{L: []*Node{{}}} }
	pp("1").A, pp("2").L[n("3", 0)].v = two("4")
	show("through pointers")
	var aa [2][2]string
	aa[n("1", 0)][n("2", 1)], aa[n("3", 1)][n("4", 0)] = two("5")
	show("arrays of arrays")
	var ok bool
	aa[n("1", 0)][n("2", 1)], ok = mp[f("3")]
	_ = ok
	show("comma ok")
	var as [2]struct{ i I }
	as[n("1", 0)].i, ok = any(iface("2")).(I)
	show("assertion")
	c := make(chan string, 1)
	c <- "x"
	aa[n("1", 0)][n("2", 1)], ok = <-func() chan string { f("3"); return c }()
	show("receive")
}

var global = "g"

func change(s string) string { global = s; return s }
func late() {
	_ = true
	r := b("1", true) && global == change("h")
	println(r)
	global = "g"
	r = global == change("h") && b("2", true)
	println(r)
	log = nil
}

func ret() (string, Node, func()) {
	return f("1"), Node{K: n("2", 0), A: f("3")}, mk("4").m
}

var (
	p1 = f("1") + Node{K: n("2", 0), A: f("3")}.A
	p2 = []Node{{A: f("4")}, {K: n("5", 0), A: f("6")}}
	p3 = func() func() { return mk("7").m }
	p4 = p3()
)

func main() {
	show("package")
	literals()
	show("deferred")
	values()
	spreads()
	late()
	ret()
	show("return")
}
/* golden
stderr:
package: 1 2 3 4 5 6 7
slice: 1 2
slice of values: 1 2 3 4 5
argument: a b take
argument between: a b c d take
map: 1 2 3 4 5 6
array with keys: 1 2 3 4 5
nested: 1 2 3 4 5 6
sum x23: x 1 2 3
embedded: 1 2 3 4 5
define: 1 2 3
var: 1 2 3
assign: 1 2 3 4 5
compare: a b c
switch: a b c d e f g a b c d e f ac
for: a c b a c b a c b
send: ch 1 2
defer: 1 2 3 4
deferred: take
method value: 1 2 takef m2
method value through pointer: 1 2 takef m2
method value of interface: 1 2 takef m2
function: 1 2 3 4 takef m4
list: 1 2 3
called: m1 m2 m3
define: 1 2 m1 m2
map: 1 2 3 4
nil interface: 1
nil pointer: 1
spread: 1 2 pair 3 take
sum: 1 2 pair 3
list: 1 2 pair 3
method: 1 2 3 join 4 take
and: 1 2 3 pair 4 5 take
or: 1 2 3 pair 4
function: 1 2 3 pair take
chain: 1 1 2 p1 3 4 pair p1 p1
places: 1 2 3
fields of elements: 1 2 3
map elements: 1 2 pair 3
through pointers: 1 2 3 4
arrays of arrays: 1 2 3 4 5
comma ok: 1 2 3
assertion: 1 2
receive: 1 2 3
true
true
return: 1 2 3 4
*/
