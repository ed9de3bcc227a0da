// golden: run
package main

var sink []int

func grow() {
	s := make([]int, 1)
	last := -1
	for i := 0; i < 2000; i++ {
		s = append(s, i)
		if cap(s) != last {
			last = cap(s)
			print(last, " ")
		}
	}
	sink = s
	println()
	var b []byte
	b = append(b, "hello"...)
	println(len(b), cap(b))
	b = append(b, make([]byte, 100)...)
	println(len(b), cap(b))
}

func main() {
	grow()
	a := [5]int{1, 2, 3, 4, 5}
	s := a[1:3]
	t := a[1:3:3]
	s = append(s, 40)
	t = append(t, 400)
	println(a[3], s[2], t[2], len(s), cap(s), len(t))
	b := a
	b[0] = 100
	println(a[0], b[0], a == b, a == [5]int{1, 2, 3, 40, 5})
	p := &a
	for i := range p {
		p[i] *= 2
	}
	for i, v := range a {
		a[4] = 0
		print(i, "=", v, " ")
	}
	println()
	m := [3][2]int{{1, 2}, {3, 4}, {5, 6}}
	m[1][1] += 10
	for _, row := range m {
		print(row[0]+row[1], " ")
	}
	println(len(m), len(m[0]))
	x := []int{0, 1, 2, 3, 4, 5, 6, 7}
	copy(x[2:], x)
	for _, v := range x {
		print(v, " ")
	}
	println(copy(x, x[6:]))
	k := [...]string{3: "three", 1: "one", "two"}
	println(len(k), k[1], k[2], k[3])
	arr := [4]int(x[:4])
	ptr := (*[2]int)(x)
	ptr[0] = 77
	println(arr[0], x[0])
	clear(x)
	println(x[0] + x[7])
	var n []int
	println(n == nil, len(n[:0]), n[:0] == nil)
	println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
}
/* golden
stderr:
2 4 8 16 32 64 128 256 512 848 1280 1792 2560 
5 8
105 112
40 40 400 3 4 3
1 100 false true
0=2 1=4 2=6 3=80 4=10 
3 17 11 3 2
0 1 0 1 2 3 4 5 2
4 one two three
4 77
0
true 0 true
1 2.5 a
*/
