// golden: run
// Booleans and bits that branches and loops choose: what is made of a branch's condition must be the value of the edge last taken.
package main

import "fmt"

func yes(x int) bool { return x%3 == 1 }

//go:noinline
func loopFlag(n int) (int, bool) {
	count, found := 0, false
	for i := 0; i < n; i++ {
		found = false
		if yes(i) {
			found = true
			count++
		}
		if found && i > 4 {
			break
		}
	}
	return count, found
}

// The join is the head of a loop: the branch before it says nothing of later rounds.
//
//go:noinline
func head(a bool, n int) string {
	first, s := true, ""
	if a {
		first = true
	}
again:
	if n > 0 {
		s += fmt.Sprint(first, ",")
		first = false
		n--
		goto again
	}
	return s
}

//go:noinline
func either(a, b bool, p *int) (or, and bool) {
	or, and = b, false
	if a {
		or = true
		and = b
		*p++
	}
	return
}

//go:noinline
func nested(a, b, c bool) (x bool, n int) {
	if a {
		if b {
			n = 1
		}
		x = true
	} else if c {
		n = 0
	} else {
		n = 1
	}
	return
}

//go:noinline
func three(k int) bool {
	r := false
	switch k {
	case 1:
		r = true
	case 2:
		r = k > 1
	}
	return r
}

//go:noinline
func carry(bits []uint8) (out []int8) {
	last := int8(0)
	for _, b := range bits {
		x := int8(1)
		if b&1 == 0 {
			x = 0
		}
		out = append(out, x-last, ^x&1)
		last = x
	}
	return
}

//go:noinline
func shifts(x int32, y uint8, z int64, k uint) (int32, uint8, int64, uint8, int16) {
	x |= 0b1100
	x &^= 0b0011
	return x << (k & 1) & 0b1000, y << (k | 8), z >> (k | 64) & 1, y >> (k &^ 7), int16(int8(y|0x80)) >> (k | 3)
}

//go:noinline
func grows(n int) uint {
	x := uint(1)
	for range n {
		x = x<<1 | 1
		if x&1 == 0 {
			panic("lost a bit")
		}
	}
	return x & 3
}

func main() {
	for n := range 9 {
		fmt.Println(loopFlag(n))
	}
	fmt.Println(head(true, 3), head(false, 2))
	for i := range 8 {
		a, b, c := i&1 != 0, i&2 != 0, i&4 != 0
		n := 0
		or, and := either(a, b, &n)
		x, k := nested(a, b, c)
		fmt.Println(a, b, c, or, and, n, x, k)
	}
	fmt.Println(three(0), three(1), three(2), three(3))
	fmt.Println(carry([]uint8{1, 3, 2, 0, 7}))
	for _, k := range []uint{0, 1, 7, 8, 63, 64, 200} {
		fmt.Println(shifts(-5, 0xff, -1, k))
		fmt.Println(shifts(19, 1, 1<<40, k))
	}
	fmt.Println(grows(0), grows(1), grows(5))
}

/* golden
stdout:
0 false
0 false
1 true
1 false
1 false
2 true
2 false
2 false
3 true
true,false,false, true,false,
false false false false false 0 false 1
true false false true false 1 true 0
false true false true false 0 false 1
true true false true true 1 true 1
false false true false false 0 false 0
true false true true false 1 true 0
false true true true false 0 false 0
true true true true true 1 true 1
false true true false
[1 0 0 0 -1 1 0 1 1 0]
8 0 1 255 -1
8 0 0 1 -16
8 0 1 255 -1
8 0 0 1 -16
8 0 1 255 -1
8 0 0 1 -1
8 0 1 0 -1
8 0 0 0 -1
8 0 1 0 -1
8 0 0 0 -1
8 0 1 0 -1
8 0 0 0 -1
8 0 1 0 -1
8 0 0 0 -1
1 3 3
*/
