// golden: run arm64
// Assembly and Go call each other: parameters and results of every kind, variables of both, static
// symbols, go_asm.h, calls back into Go that grow the stack, assembly that recurses, and faults.
package main

import (
	"m/lib"
	_ "unsafe"
)

type point struct {
	x, y int32
	name string
}

type large struct{ a, b, c, d, e, f, g int64 }

const limit = 7

var (
	counter int64
	shared  = [4]int32{1, 2, 3, 4}
	table   [2]uint64 // assembly gives its contents
)

func add(a, b int64) int64

//go:noescape
func sum(p []int64) (total int64, n int32, ok bool)
func bump(by int64)
func name(p *point) string
func floats(a float32, b float64, c uint8) (float64, float32)
func small(a int8, b bool, c uint16, d int32) (int32, bool, int8)
func swap(l large, i any) (any, large)
func callGo(n int64) int64
func deep(n int64) int64
func bounce(n int64) int64
func limits() int
func load(p *int64) int64
func sharedAt(i int) int32
func clobber(a, b int64) int64
func move(to, from *byte, n int)

func triple(n int64) int64 { return n * 3 }

// A frame that does not fit where goroutines begin.
func bounceGo(n int64) int64 {
	var big [20000]byte
	big[n%int64(len(big))] = 1
	if n == 0 {
		return int64(big[0])
	}
	return bounce(n-1) + int64(big[n%int64(len(big))])
}

// The wrapper is left out, and the frame of assembly is there.
func fault() (err any) {
	defer func() { err = recover() }()
	load(nil)
	return nil
}

func main() {
	println(add(2, 3))
	println(sum([]int64{1, 2, 3, 40}))
	bump(5)
	bump(6)
	println(counter, table[0], table[1], sharedAt(2))
	println(name(&point{1, 2, "abc"}), limits())
	println(floats(1.5, 2.25, 200))
	println(small(-3, true, 40000, -5))
	i, l := swap(large{1, 2, 3, 4, 5, 6, 7}, "any")
	println(i.(string), l.a, l.g)
	println(callGo(14), deep(10), deep(100000), bounce(50))
	done := make(chan int64)
	for n := range 4 {
		go func() { done <- deep(int64(n*5000)) + bounce(int64(n*20)) }()
	}
	println(<-done + <-done + <-done + <-done)
	a, b, c, d, e, f := add(1, 1), add(2, 2), add(3, 3), add(4, 4), add(5, 5), add(6, 6)
	println(clobber(3, 4), a, b, c, d, e, f)
	to := []byte("......")
	move(&to[1], &[]byte("abc")[0], 3)
	println(string(to), lib.Twice(21))
	f2 := add
	println(f2(40, 2))
	println(fault().(error).Error())
}
/* golden
stderr:
5
46 4 true
13 11 22 3
abc 107
203.75 3
39992 false -9
any 7 1
42 10 100000 51
30124
12 2 4 6 8 10 12
.abc.. 42
42
runtime error: invalid memory address or nil pointer dereference
*/
