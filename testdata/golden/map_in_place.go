package main

import "unsafe"

// What m[k] op= v and m[k] = append(m[k], …) do when something panics or touches the map on the way.

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				r = e.Error()
			}
			println(name, "panics:", r.(string))
		}
	}()
	f()
	println(name, "done")
}

type pair struct {
	a, b any
}

func main() {
	zero, minus := 0, -1

	m := map[string]int{"a": 7}
	try("new /= 0", func() { m["x"] /= zero })
	try("new %= 0", func() { m["x"] %= zero })
	try("old /= 0", func() { m["a"] /= zero })
	println(len(m), m["a"])
	m["a"] /= 2
	m["b"] /= 2
	m["b"] %= 3
	println(len(m), m["a"], m["b"])
	try("new <<= -1", func() { m["shift"] <<= minus })
	_, ok := m["shift"]
	println(ok)

	f := map[string]float64{}
	f["x"] /= float64(zero)
	f["y"] -= 1.5
	f["y"] /= 3
	println(len(f), f["x"] != f["x"], f["y"])

	var none map[string]int
	say := func(v int) int { println("operand", v); return v }
	try("nil map", func() { none["k"] += say(1) })
	try("nil map ++", func() { none["k"]++ })
	try("nil map /= 0", func() { none["k"] /= zero })
	try("nil map /= 1", func() { none["k"] /= say(1) })
	short := []int{1}
	try("operand out of range", func() { m["new"] += short[len(m)] })
	try("nil map, operand out of range", func() { none["k"] += short[len(m)] })
	_, ok = m["new"]
	println(ok)

	// The operand grows, empties or writes the same map.
	g := map[int]int{1: 10}
	grow := func() int {
		for i := range 1000 {
			g[i+100]++
		}
		return 5
	}
	g[1] += grow()
	println(len(g), g[1], g[100])
	g[2] += func() int { g[2] = 40; return 2 }()
	println(g[2])
	g[3] += func() int { clear(g); return 3 }()
	println(len(g), g[3])
	g[4] += len(g)
	g[5] += g[6] + len(g)
	println(len(g), g[4], g[5])
	g[g[4]] -= g[4]
	println(len(g), g[1])

	i := map[any]int{}
	i[1]++
	i["1"]++
	i[1] += 2
	i[pair{1, "x"}] |= 4
	i[pair{1, "x"}] |= 1
	try("unhashable", func() { i[[]int{1}] += say(2) })
	try("unhashable within", func() { i[pair{1, func() {}}]++ })
	println(len(i), i[1], i["1"], i[pair{1, "x"}])

	nan := map[float64]int{}
	n := f["x"]
	nan[n]++
	nan[n]++
	nan[-0.0] += 2
	nan[0] += 3
	println(len(nan), nan[0], nan[n])

	s := map[string]string{}
	for _, k := range []string{"a", "b", "a"} {
		s[k] += k + "."
		s[k] += s[k]
	}
	println(s["a"], s["b"])
	c := map[uint8]complex128{}
	c[1] += 2i
	c[1] *= 2i
	println(c[1])
	type big [40]int64
	lots := map[big]int{}
	lots[big{3}]++
	lots[big{3}]++
	lots[big{4}]--
	println(len(lots), lots[big{3}], lots[big{4}])

	// The key's bytes change later; the map has a copy of them.
	b := []byte("key")
	w := map[string]int{}
	type name string
	nw := map[name][]int{}
	w[string(b)]++
	w[string(b)] += 2
	nw[name(b)] = append(nw[name(b)], 1)
	nw[name(b)] = append(nw[name(b)], 2, 3)
	b[0] = 'K'
	w[string(b)] += func() int { b[0] = 'Z'; return 5 }()
	println(len(w), w["key"], w["Key"], w["Zey"], len(nw), len(nw["key"]), nw["key"][2])
	try("nil map, bytes", func() { none[string(b)]++ })
	k1 := func() string {
		for k := range map[string]int{"q": 1} {
			return k
		}
		return ""
	}()
	w[k1]++
	first := unsafe.StringData(k1)
	for k := range w {
		if k == "q" {
			println(unsafe.StringData(k) == first)
		}
	}

	a := map[int][]int{}
	a[1] = append(a[1], 1, 2)
	a[1] = append(a[1], 3)
	a[1] = append(a[1], a[1]...)
	a[2] = append(a[2], len(a), len(a[2]))
	a[3] = append(a[3], make([]int, 3)...)
	a[4] = append(a[4])
	a[5] = append(a[5], nil...)
	println(len(a), len(a[1]), a[1][5], len(a[2]), a[2][0], len(a[3]), a[4] == nil, a[5] == nil)
	try("append out of range", func() { a[7] = append(a[7], short[len(a)]) })
	try("append make", func() { a[7] = append(a[7], make([]int, minus)...) })
	_, ok = a[7]
	println(ok)
	var nothing map[int][]int
	try("append to nil map", func() { nothing[1] = append(nothing[1], say(3)) })
	at := 1
	a[at] = append(a[at], func() int { at = 2; return 9 }())
	println(len(a[1]), len(a[2]), a[1][len(a[1])-1], a[2][len(a[2])-1])
	a[8] = append(a[8], func() int {
		for i := range 100 {
			a[i+100] = append(a[i+100], i)
		}
		a[8] = append(a[8], 70)
		return 80
	}())
	println(len(a), len(a[8]), a[8][0], a[8][1], len(a[150]), a[150][0])
	shared := a[1]
	a[9] = append(a[1], 5)
	a[10] = append(a[10-1], 6)
	a[short[0]] = append(a[short[0]], 44)
	println(len(shared), len(a[9]), len(a[10]), a[1][len(a[1])-1])

	deep := map[string]map[string][]string{"x": {}}
	deep["x"]["y"] = append(deep["x"]["y"], "z")
	deep["x"]["y"] = append(deep["x"]["y"], "z")
	try("append in missing map", func() { deep["q"]["y"] = append(deep["q"]["y"], "z") })
	println(len(deep["x"]["y"]), len(deep))
	text := map[string][]byte{}
	text["t"] = append(text["t"], "hello "...)
	text["t"] = append(text["t"], "world"...)
	println(string(text["t"]))
	grid := [][]int{nil, {1}}
	grid[0] = append(grid[0], 1, 2)
	grid[at-1] = append(grid[at-1], grid[0]...)
	println(len(grid[0]), len(grid[1]), grid[1][2])
	wide := map[string][][20]int{}
	wide["w"] = append(wide["w"], [20]int{19: 1})
	wide["w"] = append(wide["w"], wide["w"][0], [20]int{19: 2})
	println(len(wide["w"]), wide["w"][1][19], wide["w"][2][19])
	empty := map[int][]struct{}{}
	empty[1] = append(empty[1], struct{}{}, struct{}{})
	empty[1] = append(empty[1], empty[1]...)
	println(len(empty[1]))
}
/* golden
stderr:
new /= 0 panics: runtime error: integer divide by zero
new %= 0 panics: runtime error: integer divide by zero
old /= 0 panics: runtime error: integer divide by zero
1 7
2 3 0
new <<= -1 panics: runtime error: negative shift amount
true
2 true -0.5
operand 1
nil map panics: assignment to entry in nil map
nil map ++ panics: assignment to entry in nil map
nil map /= 0 panics: runtime error: integer divide by zero
operand 1
nil map /= 1 panics: assignment to entry in nil map
operand out of range panics: runtime error: index out of range [3] with length 1
nil map, operand out of range panics: runtime error: index out of range [3] with length 1
false
1001 15 1
42
1 3
3 1 2
4 -1
operand 2
unhashable panics: runtime error: hash of unhashable type []int
unhashable within panics: runtime error: hash of unhashable type func()
3 3 1 5
3 5 0
a.a.a.a.a.a. b.b.
(-4+0i)
2 2 -1
2 3 0 5 1 3 3
nil map, bytes panics: assignment to entry in nil map
true
5 6 3 2 1 3 true true
append out of range panics: runtime error: index out of range [5] with length 1
append make panics: runtime error: makeslice: len out of range
false
operand 3
append to nil map panics: assignment to entry in nil map
7 2 9 0
106 2 70 80 1 50
7 8 9 44
append in missing map panics: assignment to entry in nil map
2 1
hello world
2 3 2
3 1 2
4
*/
