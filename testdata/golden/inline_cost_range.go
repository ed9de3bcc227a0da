// golden: tool -m=2
package p

// A blank variable of a range statement costs nothing beyond its name.

var g int

func value(p []byte) {
	for _, b := range p {
		g = int(b)
	}
}

func key(p []byte) {
	for i := range p {
		if i > 3 {
			continue
		}
		g = i
	}
}

func both(s string) (int, rune) {
	for i, r := range s {
		return i, r
	}
	return 0, 0
}
/* golden
stderr:
./inline_cost_range.go:8:6: can inline value with cost 10 as: func([]byte) { for loop }
./inline_cost_range.go:14:6: can inline key with cost 13 as: func([]byte) { for loop }
./inline_cost_range.go:23:6: can inline both with cost 14 as: func(string) (int, rune) { for loop; return 0, '\x00' }
./inline_cost_range.go:8:12: p does not escape
./inline_cost_range.go:14:10: p does not escape
./inline_cost_range.go:23:11: s does not escape
*/
