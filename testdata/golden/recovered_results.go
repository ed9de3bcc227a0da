// What stood in results and captured variables when a panic came, whole or in part, is what deferred functions and callers find.
package main

import "fmt"

type T struct {
	a, b int
	pad  [40]int
}

//go:noinline
func places(p *T, i int, s []int) (r T) {
	x := 1
	defer func() { fmt.Println(x, recover() != nil, r.a, r.b, r.pad[3]) }()
	r = T{a: 1}
	r.pad[3] = 7
	x = 2
	x += p.b
	r = T{b: 1}
	x = 3
	x = s[i]
	r.pad[3] = 9
	x = 4
	r = T{a: 5}
	x = 5 / (i - 1)
	x = 6
	return
}

func fault(p *T) (r [9]int) {
	defer func() { recover() }()
	for i := range r {
		r[i] = i
		if i == 5 {
			r = [9]int{8: 1}
			r[0] = p.a
			r = [9]int{}
		}
	}
	return
}

//go:noinline
func zero[T any]() (z T) { return }

var minus int8 = -1

func conversion() (r [5]int8) {
	defer func() { recover() }()
	r[uint(0)] = minus
	x := zero[[]int]()
	_ = [4]int(x)
	return
}

func main() {
	for _, r := range []T{places(nil, 0, nil), places(new(T), 2, []int{1}), places(new(T), 1, []int{1, 2})} {
		fmt.Println(r.a, r.b, r.pad[3])
	}
	fmt.Println(fault(nil), conversion())
}

/* golden
stdout:
2 true 1 0 7
3 true 0 1 0
4 true 5 0 0
1 0 7
0 1 0
5 0 0
[0 0 0 0 0 0 0 0 1] [-1 0 0 0 0]
*/
