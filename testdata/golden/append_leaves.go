// golden: run arm64
package main

// Slices that append builds in the frame and that leave it: what they hold, and what cap says.

type pair struct{ a, b *int }

//go:noinline
func build(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return s
}

//go:noinline
func named(n int) (s []string, ok bool) {
	for i := range n {
		s = append(s, string(rune('a'+i)))
	}
	if n == 2 {
		return s, true
	}
	return s[:len(s):len(s)], false
}

//go:noinline
func bare(n int) (s []int) {
	for i := range n {
		s = append(s, i)
	}
	return
}

//go:noinline
func seen(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
		print(" ", cap(s))
	}
	println()
	return s
}

//go:noinline
func param(s []byte, n int) []byte {
	for range n {
		s = append(s, 'x')
	}
	return s
}

var global []int

//go:noinline
func assigned(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	global = s
	s = append(s, 100)
	if len(s) > 0 {
		s[0] = -1
	}
	return len(s)
}

//go:noinline
func ranged(n int) (sum int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	for i, v := range s {
		s = append(s, v)
		s[i] = 0
		sum += v
	}
	return sum + len(s)
}

//go:noinline
func pairs(n int) []pair {
	var s []pair
	for i := range n {
		v := i
		s = append(s, pair{&v, nil})
		s[len(s)-1].b = &v
	}
	return s
}

//go:noinline
func again(n int) (all [][]int) {
	for k := range 3 {
		var s []int
		for i := range n {
			s = append(s, i*k)
		}
		all = append(all, s)
	}
	return all
}

//go:noinline
func sliced(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
		if len(s) == 3 {
			s = s[1:]
		}
	}
	return s
}

//go:noinline
func emptied(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	s = s[len(s):]
	return s
}

//go:noinline
func recovered(n int) (s []int) {
	defer func() { recover() }()
	for i := range n {
		s = append(s, i)
		if i == 2 {
			panic("stop")
		}
	}
	return s
}

//go:noinline
func count(s []int) int { return len(s) + cap(s) }

//go:noinline
func passed(n int) []int {
	var s []int
	total := 0
	for i := range n {
		s = append(s, i)
		total += count(s)
	}
	println("passed", total)
	return s
}

//go:noinline
func backward(n int) (r [2][]int) {
	var s []int
	i := 0
next:
	s = nil
	for j := range n {
		s = append(s, j+i*10)
	}
	r[i] = s
	if i++; i < 2 {
		goto next
	}
	return r
}

func show(s []int) {
	print(len(s), "/", cap(s), ":")
	for _, v := range s {
		print(" ", v)
	}
	println()
}

//go:noinline
func spoil() byte { // what was in the frame is gone
	var b [512]byte
	for i := range b {
		b[i] = 0xff
	}
	return b[global[0]&511]
}

func main() {
	for n := range 10 {
		s := build(n)
		global = []int{n}
		spoil()
		show(s)
		println(s == nil)
	}
	for n := range 5 {
		s, ok := named(n)
		global = []int{n}
		spoil()
		print(len(s), "/", cap(s), ok)
		for _, v := range s {
			print(" ", v)
		}
		println()
	}
	show(bare(3))
	show(seen(9))
	println(string(param([]byte("ab"), 3)), string(param(nil, 5)), cap(param(nil, 5)), cap(param(make([]byte, 0, 3), 3)))
	for n := range 6 {
		println(assigned(n))
		show(global)
		println(ranged(n))
	}
	ps := pairs(5)
	spoil()
	for _, p := range ps {
		print(*p.a, *p.b, " ")
	}
	println(len(ps), cap(ps))
	for _, s := range again(3) {
		show(s)
	}
	show(sliced(7))
	show(emptied(3))
	show(recovered(5))
	show(passed(5))
	r := backward(3)
	spoil()
	show(r[0])
	show(r[1])
}
/* golden
stderr:
0/0:
true
1/1: 0
false
2/2: 0 1
false
3/3: 0 1 2
false
4/4: 0 1 2 3
false
5/8: 0 1 2 3 4
false
6/8: 0 1 2 3 4 5
false
7/8: 0 1 2 3 4 5 6
false
8/8: 0 1 2 3 4 5 6 7
false
9/16: 0 1 2 3 4 5 6 7 8
false
0/0false
1/1false a
2/2true a b
3/3false a b c
4/4false a b c d
3/3: 0 1 2
 1 2 3 4 8 8 8 8 16
9/16: 0 1 2 3 4 5 6 7 8
abxxx xxxxx 8 3
1
0/0:
0
2
1/1: 0
2
3
2/2: 0 1
5
4
3/3: 0 1 2
9
5
4/4: 0 1 2 3
14
6
5/8: -1 1 2 3 4
20
00 11 22 33 44 5 8
3/4: 0 0 0
3/4: 0 1 2
3/4: 0 2 4
2/2: 5 6
0/0:
3/4: 0 1 2
passed 33
5/8: 0 1 2 3 4
3/3: 0 1 2
3/4: 10 11 12
*/
