package main

type node struct{ l, r *node }

func build(d int) *node {
	if d == 0 {
		return &node{}
	}
	return &node{build(d - 1), build(d - 1)}
}
func (n *node) check() int {
	if n.l == nil {
		return 1
	}
	return n.l.check() + n.r.check() + 1
}

func main() {
	const max = 18
	println(build(max + 1).check())
	long := build(max)
	for d := 4; d <= max; d += 4 {
		n := 1 << uint(max-d+4)
		c := 0
		for range n {
			c += build(d).check()
		}
		println(n, d, c)
	}
	println(long.check())
}
