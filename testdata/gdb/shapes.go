// What a debugger sees: breakpoints by function and line, steps, arguments, locals, a traceback.
package main

import "fmt"

type point struct{ x, y int }

func weigh(xs []int, by int) int {
	t := 0
	for _, x := range xs {
		t += x * by
	}
	return t
}

func main() {
	p := point{3, 4}
	name := "gopher"
	total := weigh([]int{1, 2, 3}, 2)
	fmt.Println(p, name, total)
}
