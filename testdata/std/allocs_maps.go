// golden: run
// Maps that do not escape: header and first eight entries lie in the frame, further ones on the heap; each round of a loop has a map of its own.
package main

import (
	"fmt"
	"os"
	"testing"
)

type key struct {
	a, b int
}

type large [200]byte

type void struct{}

//go:noinline
func literal(k string) int {
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	return m[k]
}

//go:noinline
func made(n int) (sum int) {
	m := make(map[int]int)
	for i := range n {
		m[i%8] += i
	}
	for k, v := range m {
		sum += k * v
	}
	return sum + len(m)
}

//go:noinline
func hinted(hint, n int) int {
	m := make(map[int64]*int, hint)
	for i := range n {
		m[int64(i)] = nil
	}
	return len(m)
}

//go:noinline
func rounds(n int) (sum int) {
	var last map[key]void
	for i := range n {
		m := map[key]void{{i, 1}: {}, {1, i}: {}}
		if _, ok := m[key{i - 1, 1}]; ok && i != 2 {
			panic("an entry of the round before")
		}
		sum += len(m)
		last = m
		_ = last
	}
	return sum
}

//go:noinline
func fresh(n int) (sum int) {
	for i := range n {
		m := make(map[uint32]string, 4)
		m[uint32(i)] = "x"
		delete(m, uint32(i+1))
		sum += len(m)
		clear(m)
		m[0] = "y"
		sum += len(m)
	}
	return sum
}

//go:noinline
func kept(n int) (sum int) {
	var first map[int]bool
	for i := range n {
		m := map[int]bool{i: true}
		if first == nil {
			first = m
		}
		sum += len(first)
	}
	if !first[0] || len(first) != 1 {
		panic("the first map was made again")
	}
	return sum
}

//go:noinline
func jumps(n int) (sum int) {
	var old map[int]int
again:
	m := map[int]int{n: n}
	if old != nil {
		sum += old[n+1]
	}
	old = m
	if n--; n > 0 {
		goto again
	}
	return sum
}

//go:noinline
func indirect(n byte) int {
	m := map[large]large{}
	for i := range n {
		m[large{i}] = large{199: i}
	}
	return int(m[large{n - 1}][199])
}

//go:noinline
func empty() int {
	m := map[void]void{}
	m[void{}] = void{}
	return len(m)
}

//go:noinline
func grows(n int) (sum int) {
	m := map[int]int{}
	for i := range n {
		m[i] = i
		if i == 7 {
			for k := range m {
				if k%2 == 0 {
					delete(m, k)
					m[k+100] = k
				}
			}
		}
	}
	for k := range n {
		sum += m[k]
	}
	return sum
}

//go:noinline
func nested(n int) (sum int) {
	m := map[string]map[string]int{"a": {"b": 1}, "c": {}}
	m["c"]["d"] = n
	for _, inner := range m {
		for _, v := range inner {
			sum += v
		}
	}
	return sum
}

//go:noinline
func visit(n int, seen map[int]bool) int {
	if n == 0 || seen[n] {
		return len(seen)
	}
	seen[n] = true
	return visit(n/2, seen)
}

//go:noinline
func recursive(n int) int { return visit(n, map[int]bool{}) + visit(n, make(map[int]bool, 8)) }

//go:noinline
func recovered(n int) (size int) {
	m := map[any]int{}
	defer func() {
		if recover() == nil {
			panic("a function is no key")
		}
		size = len(m)
	}()
	for i := range n {
		m[byte(i)] = i
	}
	m[recovered] = 1
	return 0
}

//go:noinline
func captured(n int) int {
	m := map[int]int{}
	add := func(k int) { m[k]++ }
	for i := range n {
		add(i % 3)
	}
	return m[0]
}

var global map[int]int

//go:noinline
func escapes() int {
	m := map[int]int{1: 2}
	global = m
	return m[1]
}

func main() {
	one := len(os.Args[0][:1])
	show := func(what string, f func() int) {
		result := 0
		allocs := testing.AllocsPerRun(10, func() { result = f() })
		fmt.Println(what, result, allocs)
	}
	show("literal", func() int { return literal("two") })
	show("made", func() int { return made(20) })
	show("hinted", func() int { return hinted(one, 1) })
	show("hinted negative", func() int { return hinted(-one, 8) })
	show("hinted eight", func() int { return hinted(8*one, 8) })
	show("hinted nine", func() int { return hinted(9*one, 1) })
	show("hinted twenty", func() int { return hinted(20*one, 20) })
	show("rounds", func() int { return rounds(5) })
	show("fresh", func() int { return fresh(5) })
	show("kept", func() int { return kept(5) })
	show("jumps", func() int { return jumps(5) })
	show("indirect", func() int { return indirect(2) })
	show("empty", empty)
	show("grows", func() int { return grows(8) })
	show("grows more", func() int { return grows(50) })
	show("nested", func() int { return nested(4) })
	show("recursive", func() int { return recursive(40) })
	show("recovered", func() int { return recovered(8) })
	show("captured", func() int { return captured(8) })
	show("escapes", escapes)
}
/* golden
stdout:
literal 2 0
made 622 0
hinted 1 0
hinted negative 8 0
hinted eight 8 0
hinted nine 1 3
hinted twenty 20 3
rounds 9 10
fresh 10 0
kept 5 10
jumps 14 10
indirect 1 4
empty 1 0
grows 16 0
grows more 1213 7
nested 5 4
recursive 12 0
recovered 8 2
captured 3 0
escapes 2 2
*/
