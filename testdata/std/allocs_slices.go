// golden: run
// Slices that do not escape: an array of variable size, or one that append begins with, is in the frame while it has at most 32 bytes.
package main

import (
	"fmt"
	"os"
	"testing"
)

type pair struct{ a, b int }

//go:noinline
func total(s []int) (sum int) {
	for _, v := range s {
		sum += v
	}
	return sum
}

//go:noinline
func size(b []byte) int { return len(b)<<16 | cap(b) }

//go:noinline
func appended(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return total(s)
}

//go:noinline
func appendedTwice(n int) int {
	var s []int
	s = append(s, n)
	s = append(s, n)
	t := append([]int(nil), n, n+1)
	t = append(t[:0], s...)
	return total(s) + total(t)
}

//go:noinline
func bytes(n int) int {
	var b []byte
	for i := range n {
		b = append(b, byte(i), byte(i))
	}
	return size(b)
}

//go:noinline
func rounds(n int) (sum int) {
	for i := range n {
		var s []string
		s = append(s, "a")
		s = append(s, os.Args[0][:i])
		sum += len(s[0]) + len(s[1])
	}
	return sum
}

//go:noinline
func emptied(n int) int {
	var s, old []int
	for i := range n {
		s = append(s, i)
		if i == 1 {
			old = s
			s = nil
		}
	}
	return total(old)*100 + total(s)
}

//go:noinline
func pairs(n int) (sum int) {
	var s []pair
	for i := range n {
		s = append(s, pair{i, i})
	}
	for i := 0; i < len(s); i++ {
		sum += s[i].a * s[i].b
	}
	return sum
}

//go:noinline
func wide(n int) int {
	var s [][5]int
	s = append(s, [5]int{n})
	return s[0][0]
}

//go:noinline
func made(n int) int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return total(s)
}

//go:noinline
func madeRounds(n int) (sum int) {
	for i := range n {
		b := make([]byte, i, i+2)
		for _, c := range b {
			sum += int(c)
		}
		b = append(b, 1, 2)
		sum += size(b)
		b = b[:cap(b)]
		for i := range b {
			b[i] = 9
		}
	}
	return sum
}

//go:noinline
func outOfRange(n, c int) (err any) {
	defer func() { err = recover() }()
	b := make([]byte, n, c)
	return size(b)
}

var kept []int

//go:noinline
func escapes(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	kept = s
	return total(s)
}

func main() {
	one := len(os.Args[0][:1])
	show := func(what string, f func(int) int, n int) {
		result := 0
		allocs := testing.AllocsPerRun(10, func() { result = f(n) })
		fmt.Println(what, n, result, allocs)
	}
	for _, n := range []int{1, 3, 4, 5, 20} {
		show("appended", appended, n*one)
		show("bytes", bytes, n*one)
		show("made", made, n*one)
		show("pairs", pairs, n*one)
		show("madeRounds", madeRounds, n*one)
		show("emptied", emptied, n*one)
	}
	show("appendedTwice", appendedTwice, one)
	show("rounds", rounds, one)
	show("rounds", rounds, 5*one)
	show("wide", wide, one)
	show("escapes", escapes, 1*one)
	fmt.Println(outOfRange(2*one, 1*one), outOfRange(-one, 1*one), outOfRange(0*one, -one), outOfRange(-one, -one), outOfRange(one-1, one-1))
}
/* golden
stdout:
appended 1 0 0
bytes 1 131104 0
made 1 0 0
pairs 1 0 0
madeRounds 1 131074 0
emptied 1 0 0
appended 3 3 0
bytes 3 393248 0
made 3 3 0
pairs 3 5 1
madeRounds 3 589833 0
emptied 3 102 1
appended 4 6 0
bytes 4 524320 0
made 4 6 0
pairs 4 14 1
madeRounds 4 917518 0
emptied 4 105 2
appended 5 10 1
bytes 5 655392 0
made 5 10 1
pairs 5 30 2
madeRounds 5 1310740 0
emptied 5 109 3
appended 20 190 3
bytes 20 2621504 1
made 20 190 1
pairs 20 2470 4
madeRounds 20 15073510 0
emptied 20 289 6
appendedTwice 1 4 0
rounds 1 1 0
rounds 5 15 8
wide 1 1 1
escapes 1 0 1
runtime error: makeslice: cap out of range runtime error: makeslice: len out of range runtime error: makeslice: cap out of range runtime error: makeslice: len out of range <nil>
*/
