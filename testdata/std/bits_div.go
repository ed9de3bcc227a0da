package main

import (
	"fmt"
	"math/bits"
)

// Division of 128 bits by 64: an instruction where there is one, checked first.

func try(hi, lo, y uint64) (s string) {
	defer func() {
		if e := recover(); e != nil {
			s = fmt.Sprint(e)
		}
	}()
	q, r := bits.Div64(hi, lo, y)
	return fmt.Sprint(q, r)
}

//go:noinline
func quotient(hi, lo, y uint64) uint64 {
	q, _ := bits.Div64(hi, lo, y)
	return q
}

func main() {
	fmt.Println(try(0, 100, 7), "/", try(1, 0, 2), "/", try(1, 0, 1), "/", try(5, 0, 0), "/", try(^uint64(0)-1, ^uint64(0), ^uint64(0)))
	x, wrong := uint64(88172645463325252), 0
	next := func() uint64 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		return x
	}
	for range 100000 {
		hi, lo, y := next(), next(), next()>>(next()&63)|1
		hi %= y
		q, r := bits.Div64(hi, lo, y)
		h, l := bits.Mul64(q, y)
		l, c := bits.Add64(l, r, 0)
		if h+c != hi || l != lo || r >= y || bits.Rem64(hi, lo, y) != r || quotient(hi, lo, y) != q {
			wrong++
		}
		q1, r1 := bits.Div(uint(hi), uint(lo), uint(y))
		if uint64(q1) != q || uint64(r1) != r {
			wrong++
		}
	}
	fmt.Println("wrong:", wrong)
}
/* golden
stdout:
14 2 / 9223372036854775808 0 / runtime error: integer overflow / runtime error: integer divide by zero / 18446744073709551615 18446744073709551614
wrong: 0
*/
