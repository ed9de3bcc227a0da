// golden: tool -d=ssa/prove/debug=1,ssa/check_bce/debug=1
package main

func sum(data []int) int {
	total := 0
	for i := 0; i < len(data); i++ {
		total += data[i]
	}
	return total
}

func hinted(data []int, n int) int {
	total := 0
	_ = data[:n]
	for i := range data[:n] {
		total += data[i]
	}
	return total
}

func hintedRange(data []int, n int) int {
	total := 0
	for i, v := range data[:n] {
		total += data[i] * v
	}
	return total
}

func last(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func kept(data []int, i int) int { return data[i] }

func main() {
	xs := []int{1, 2, 3}
	println(sum(xs), hinted(xs, 2), hintedRange(xs, 2), last([]byte("abcd")), kept(xs, 1))
}
/* golden
stderr:
./m_bce.go:6:16: Induction variable: limits [0,?), increment 1
./m_bce.go:6:16: Induction variable: limits [0,3), increment 1
./m_bce.go:7:16: Proved IsInBounds
./m_bce.go:14:10: Found IsSliceInBounds
./m_bce.go:15:2: Induction variable: limits [0,?), increment 1
./m_bce.go:15:2: Induction variable: limits [0,2), increment 1
./m_bce.go:15:21: Proved IsSliceInBounds
./m_bce.go:16:16: Found IsInBounds
./m_bce.go:16:16: Proved IsInBounds
./m_bce.go:23:2: Induction variable: limits [0,?), increment 1
./m_bce.go:23:2: Induction variable: limits [0,2), increment 1
./m_bce.go:23:24: Found IsSliceInBounds
./m_bce.go:24:16: Found IsInBounds
./m_bce.go:24:16: Proved IsInBounds
./m_bce.go:30:7: Found IsInBounds
./m_bce.go:31:17: Proved IsInBounds
./m_bce.go:31:32: Proved IsInBounds
./m_bce.go:31:50: Proved IsInBounds
./m_bce.go:31:69: Proved IsInBounds
./m_bce.go:34:47: Found IsInBounds
*/
