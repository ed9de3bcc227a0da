// golden: run
// What ranges make simpler keeps its value at the ends of the ranges: products with a bit, masks that change nothing, comparisons with 1,
// constants where a variable is known.
package main

import "fmt"

//go:noinline
func product(a uint, b int8) (uint, int8, int8) {
	if a > 1 || b < 0 || b > 1 {
		return 99, 99, 99
	}
	c := int8(a) * -7
	return a * uint(b), b * int8(a*3+40), c * b
}

//go:noinline
func masks(x uint16, y int32) (uint16, uint16, int32, int32) {
	x = min(max(x, 0x0f0), 0x0ff)
	y = max(y, -1)
	if y > 6 {
		y = 6
	}
	return x & 0xff, x | 0xf0, y & 7, y | 0
}

//go:noinline
func compares(x uint8, y int) (a, b, c, d bool) {
	x = min(x, 1)
	if y < -1 || y > 1 {
		return
	}
	return x == 1, x != 1, y == 1, y != 1
}

//go:noinline
func known(x uint8, s []int) (uint8, int, []int) {
	if x+250 == 4 {
		return x, int(x) * 2, s[:x-x]
	}
	switch x {
	case 3:
		return x + 1, s[x-3], s[x-2:]
	}
	return 0, len(s), nil
}

func main() {
	for a := range uint(3) {
		for b := int8(-1); b < 3; b++ {
			fmt.Print(product(a, b))
			fmt.Print("; ")
		}
		fmt.Println(".")
	}
	for _, x := range []uint16{0, 0xef, 0xf0, 0xf7, 0xff, 0x100, 0xffff} {
		fmt.Println(masks(x, int32(int16(x))))
	}
	for x := range 3 {
		fmt.Println(compares(uint8(x), x-1))
		fmt.Println(compares(uint8(255-x), 1-x*3))
	}
	for _, x := range []uint8{0, 3, 9, 10, 11, 255} {
		fmt.Println(known(x, []int{5, 6, 7}))
	}
}

/* golden
stdout:
99 99 99; 0 0 0; 0 40 0; 99 99 99; .
99 99 99; 0 0 0; 1 43 -7; 99 99 99; .
99 99 99; 99 99 99; 99 99 99; 99 99 99; .
240 240 0 0
240 240 6 6
240 240 6 6
247 247 6 6
255 255 6 6
255 255 6 6
255 255 7 -1
false true false true
true false true false
true false false true
false false false false
true false true false
false false false false
0 3 []
4 5 [6 7]
0 3 []
10 20 []
0 3 []
0 3 []
*/
