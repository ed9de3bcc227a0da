package main

import (
	"iter"
	"slices"
)

// What a range body keeps of its values outlives the iterator that made them, inlined or not.
func pairs(n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for i := range n {
			if !yield([]int{i, i * i}) {
				return
			}
		}
	}
}

func odd(n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for p := range pairs(n) {
			if p[0]%2 == 1 && !yield([]int{p[0], p[1]}) {
				return
			}
		}
	}
}

//go:noinline
func overwrite(n int) int {
	var a [100]int
	for i := range a {
		a[i] = n - i
	}
	return a[n%100]
}

func main() {
	for _, p := range slices.Collect(odd(8)) {
		overwrite(p[0])
		println(p[0], p[1])
	}
}
/* golden
stderr:
1 1
3 9
5 25
7 49
*/
