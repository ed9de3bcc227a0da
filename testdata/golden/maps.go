// golden: run arm64
package main

type key struct {
	a int
	b string
}

type named interface{ name() string }
type counted interface {
	named
	count() int
}
type item struct{ n int }

func (*item) name() string { return "item" }
func (i *item) count() int { return i.n }

// Keys of interface type are equal whether compiled code or the runtime made their method tables.
//
//go:noinline
func converted(m map[named]int, c counted) (int, int) {
	type pair struct{ a, b named }
	p := map[pair]int{{c, nil}: 4}
	return m[c], p[pair{c.(named), nil}]
}

func main() {
	it := &item{1}
	println(converted(map[named]int{it: 3}, it))
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	m["four"]++
	m["four"] += 3
	v, ok := m["five"]
	println(len(m), m["four"], v, ok)
	delete(m, "one")
	delete(m, "none")
	sum := 0
	for k, v := range m {
		sum += len(k) * v
	}
	println(len(m), sum)
	big := make(map[int]int, 100)
	for i := range 10000 {
		big[i*7] = i
	}
	for i := range 5000 {
		delete(big, i*14)
	}
	n := 0
	for k, v := range big {
		if k != v*7 {
			println("bad", k, v)
		}
		n++
	}
	println(n, len(big))
	s := map[key][]int{}
	s[key{1, "x"}] = append(s[key{1, "x"}], 5, 6)
	println(len(s[key{1, "x"}]), len(s[key{1, "y"}]))
	var i map[any]string = map[any]string{1: "int", "a": "string", 2.5: "float", key{1, "q"}: "struct", [2]int{1, 2}: "array"}
	println(i[1], i["a"], i[2.5], i[key{1, "q"}], i[[2]int{1, 2}])
	nan := 0.0
	nan /= nan
	f := map[float64]int{nan: 1, 0: 2}
	f[nan] = 3
	println(len(f), f[0])
	clear(f)
	println(len(f))
	var nilmap map[int]int
	println(len(nilmap), nilmap[3])
	seen := map[int]bool{}
	for k := range big {
		if len(seen) > 10 {
			break
		}
		seen[k] = true
		delete(big, k)
	}
	println(len(seen), len(big))
}
/* golden
stderr:
3 4
4 4 0 false
3 37
5000 5000
2 0
int string float struct array
3 2
0
0 0
11 4989
*/
