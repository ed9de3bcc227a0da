// golden: tool -d=ssa/known_bits/debug=1,ssa/phiopt/debug=1,escapedebug=1,typeassert,append,slice
package main

var sink any

func masked(x, y uint16) bool {
	x |= 1
	y &^= 1
	return x == y
}

func shifted(x uint8, k uint) uint8 {
	x &^= 2
	return x << (k | 8)
}

func chosen(a, b bool) bool {
	x := false
	if a {
		x = b
	}
	return x
}

// A loop may choose anew.
func again(n int) bool {
	x := false
	for i := 0; i < n; i++ {
		if i&3 == 2 {
			x = true
		}
	}
	return x
}

func boxed(n int, p *[]string) {
	v := struct{ a, b int }{1, n - n}
	sink = v
	w := [2]int{1, 2}
	sink = w
	*p = append(*p, sink.(string))
	sink = (*p)[:]
}
/* golden
stderr:
./m_bits.go:9:11: known value of v23 (Eq16): false
./m_bits.go:14:11: known value of v20 (Lsh8x64): 0
./m_bits.go:22:2: converted OpPhi to AndB
./m_bits.go:29:3: converted OpPhi to OrB
./m_bits.go:40:9: convert: using global for interface value: [2]int{...}
./m_bits.go:41:13: append: len-only update
./m_bits.go:41:22: type assertion inlined
./m_bits.go:42:13: slice: omit slice operation
*/
