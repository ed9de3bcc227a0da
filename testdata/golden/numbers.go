// golden: run arm64
// Integers wrap, shifts saturate, division truncates; conversions and floats as Go defines them.
package main

//go:noinline
func id[T any](x T) T { return x }

func main() {
	var i8 int8 = id(int8(127))
	i8++
	var u8 uint8 = id(uint8(0))
	u8--
	println(i8, u8, -id(int8(-128)), id(int8(-128))/id(int8(-1)), id(int64(-1<<63))%id(int64(-1)))
	println(id(-7)/2, id(-7)%2, id(7)/-2, id(7)%-2, id(-7)>>1, uint32(id(-7))>>28)
	var s uint = id(uint(70))
	println(1<<s == 0, id(-1)>>s, id(uint64(1))<<63>>s, int32(id(1))<<31, int8(id(-1))>>200)
	println(id(0xF0)&^0x30, id(6)^3, ^id(5), id(6)|1, id(6)&3)
	f := id(3.75)
	println(int(f), int(-f), uint8(f), float32(f), int64(float32(16777217)))
	println(f, -f, 1/f, f*1e300*1e10, 1e-310, float32(0.1))
	z := id(0.0)
	println(z/z, 1/z, -1/z, z == -z, z/z == z/z, z/z != z/z, z/z < 1)
	c := complex(id(1.0), 2)
	println(c*c, real(c), imag(c), c == complex(1, 2), c/complex(0, 1))
	println(0x1p-2, 0b101, 0o17, 1_000_000, 'a', 07)
	const big = 1 << 100
	println(big>>98, float64(big), uint64(id(uint32(1)))<<40)
	x := id(10)
	x += 5
	x <<= 2
	x &^= 4
	x %= 13
	x |= 64
	x ^= 3
	println(x)
	println(int8(id(300)), uint16(id(-1)), int32(id(int64(1)<<40+5)), uint64(id(int8(-1))))
	println(id(uint64(1<<63)) > 1<<62, float64(id(uint64(1<<63+1<<11))), uint64(id(1.5e19)))
}
/* golden
stderr:
-128 255 -128 -128 0
-3 -1 -3 1 -4 15
true -1 0 -2147483648 -1
192 5 -6 7 2
3 -3 3 3.75 16777216
3.75 -3.75 0.26666666666666666 +Inf 1e-310 0.1
NaN +Inf -Inf true false true false
(-3+4i) 1 2 true (2-1i)
0.25 5 15 1000000 97 7
4 1.2676506002282294e+30 1099511627776
71
44 65535 5 18446744073709551615
true 9.223372036854778e+18 15000000000000000000
*/
