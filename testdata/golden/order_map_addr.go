package main

// &map[K]V{…} between calls: the map's variable is made where the literal stands.

var log string

//go:noinline
func name(s string) string { log += s; return s }

type named map[string]int
type row struct {
	name string
	in   any
	p    *named
}

func main() {
	x := 1
	rows := []row{
		{name("a"), &map[string]int{"M": x}, nil},
		{name("b"), &map[string]*int{"M": &x}, &named{name("k"): x}},
		{name("c"), nil, &named{"fixed": 7}},
		{name("d"), &map[string]any{name("e"): &named{"x": x}}, &named{}},
	}
	x = 5
	println(log, len(rows))
	println((*rows[0].in.(*map[string]int))["M"], *(*rows[1].in.(*map[string]*int))["M"])
	println((*rows[1].p)["k"], (*rows[2].p)["fixed"], len(*rows[3].p))
	println((*(*rows[3].in.(*map[string]any))["e"].(*named))["x"])
	p, q := &named{name("p"): x}, &named{name("q"): x + 1}
	(*p)["more"] = 3
	println(log, len(*p), len(*q), (*q)["q"])
}
/* golden
stderr:
abkcde 4
1 5
1 7 0
1
abkcdepq 2 1 6
*/
