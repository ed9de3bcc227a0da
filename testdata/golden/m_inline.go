// golden: tool -m=2
package main

func add(a, b int) int { return a + b }

func mustInline() {}

//go:noinline
func noInline() {}

func recursive(n int) int {
	if n == 0 {
		return 0
	}
	return recursive(n-1) + 1
}

type point struct{ x, y int }

func (p *point) move(dx int) { p.x = add(p.x, dx) }

func main() {
	p := point{1, 2}
	p.move(add(3, 4))
	mustInline()
	noInline()
	println(p.x, recursive(3))
}
/* golden
stderr:
./m_inline.go:4:6: can inline add with cost 4 as: func(int, int) int { return a + b }
./m_inline.go:6:6: can inline mustInline with cost 0 as: func() {  }
./m_inline.go:9:6: cannot inline noInline: marked go:noinline
./m_inline.go:11:6: can inline recursive with cost 71 as: func(int) int { if n == 0 { return 0 }; return recursive(n - 1) + 1 }
./m_inline.go:20:6: can inline (*point).move with cost 12 as: method(*point) func(int) { p.x = add(p.x, dx) }
./m_inline.go:22:6: cannot inline main: function too complex: cost 170 exceeds budget 80
./m_inline.go:15:18: inlining call to recursive
./m_inline.go:15:18: cannot inline recursive into recursive: repeated recursive cycle
./m_inline.go:15:18: cannot inline recursive into recursive: repeated recursive cycle
./m_inline.go:20:41: inlining call to add
./m_inline.go:24:12: inlining call to add
./m_inline.go:24:8: inlining call to (*point).move
./m_inline.go:25:12: inlining call to mustInline
./m_inline.go:27:24: inlining call to recursive
./m_inline.go:24:8: inlining call to add
./m_inline.go:27:24: cannot inline recursive into main: repeated recursive cycle
./m_inline.go:27:24: cannot inline recursive into main: repeated recursive cycle
./m_inline.go:20:7: p does not escape
*/
