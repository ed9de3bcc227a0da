// golden: run arm64 levels
// Operations that depend on what the processor has, beside slow code, on what is special and on random bits.
package main

import (
	"math"
	"math/bits"
)

var special = []float64{
	0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 0.5, -0.5, 1, -1, 1.5, -1.5, 2.5, -2.5, 3.5, -3.5,
	0.49999999999999994, -0.49999999999999994, 0.9999999999999999, -0.9999999999999999, 1 << 51, 1<<51 + 0.5, -1<<51 - 0.5,
	1<<52 - 0.5, -1<<52 + 0.5, 1 << 52, 1<<52 + 1, 1 << 53, -1 << 53, 1 << 62, -1 << 63, 1e300, -1e300,
	math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022, -0x1p-1022, 0x1.fffffffffffffp-1023,
}

var state = uint64(88172645463325252)

func random() uint64 {
	state ^= state << 13
	state ^= state >> 7
	state ^= state << 17
	return state
}

// Random bits, or a number of moderate size.
func number() float64 {
	r := random()
	if r&1 == 0 {
		return math.Float64frombits(random())
	}
	return float64(int64(random())>>(r>>1&63)) / 64
}

func signbit(x float64) bool { return math.Float64bits(x)>>63 != 0 }

// The part of x before the point: its other bits cleared.
func trunc(x float64) float64 {
	b := math.Float64bits(x)
	switch e := int(b>>52&0x7ff) - 1023; {
	case e < 0:
		b &= 1 << 63
	case e < 52:
		b &^= 1<<(52-e) - 1
	}
	return math.Float64frombits(b)
}

func floor(x float64) float64 {
	t := trunc(x)
	if x < t {
		return t - 1
	}
	return t
}

func ceil(x float64) float64 {
	t := trunc(x)
	if x > t {
		if t == 0 && signbit(x) {
			return t
		}
		return t + 1
	}
	return t
}

func even(x float64) float64 {
	t := trunc(x)
	d := x - t
	if signbit(x) {
		d = -d
	}
	if d < 0.5 || d == 0.5 && trunc(t/2)*2 == t || x != x || t == x {
		return t
	}
	if signbit(x) {
		return t - 1
	}
	return t + 1
}

func mathMax(x, y float64) float64 {
	switch {
	case x > math.MaxFloat64 || y > math.MaxFloat64:
		return math.Inf(1)
	case x != x || y != y:
		return math.NaN()
	case x == y:
		if signbit(x) {
			return y
		}
		return x
	case x > y:
		return x
	}
	return y
}

func mathMin(x, y float64) float64 { return -mathMax(-x, -y) }

func builtinMax(x, y float64) float64 {
	if x != x || y != y {
		return math.NaN()
	}
	return mathMax(x, y)
}

func ones(x uint64) (n int) {
	for ; x != 0; x >>= 1 {
		n += int(x & 1)
	}
	return n
}

var (
	sum    uint64
	checks int
)

func check(name string, got, want float64, args ...float64) {
	checks++
	if got != got {
		got = 0x1p1000
	}
	if want != want {
		want = 0x1p1000
	}
	sum = sum*31 + math.Float64bits(got)
	if math.Float64bits(got) == math.Float64bits(want) {
		return
	}
	print(name, " of")
	for _, a := range args {
		print(" ", a)
	}
	println(" is", got, "not", want)
}

func checkInt(name string, got, want int) {
	checks++
	sum = sum*31 + uint64(got)
	if got != want {
		println(name, "is", got, "not", want)
	}
}

func rounding(x float64) {
	check("Floor", math.Floor(x), floor(x), x)
	check("Ceil", math.Ceil(x), ceil(x), x)
	check("Trunc", math.Trunc(x), trunc(x), x)
	check("RoundToEven", math.RoundToEven(x), even(x), x)
}

func extremes(x, y float64) {
	check("Max", math.Max(x, y), mathMax(x, y), x, y)
	check("Min", math.Min(x, y), mathMin(x, y), x, y)
	check("max", max(x, y), builtinMax(x, y), x, y)
	check("min", min(x, y), -builtinMax(-x, -y), x, y)
	a, b := float32(x), float32(y)
	check("max", float64(max(a, b)), builtinMax(float64(a), float64(b)), float64(a), float64(b))
	check("min", float64(min(a, b)), -builtinMax(-float64(a), -float64(b)), float64(a), float64(b))
}

var fma = math.FMA // Go's own, not an instruction

func counts(x uint64) {
	checkInt("OnesCount", bits.OnesCount(uint(x)), ones(x))
	checkInt("OnesCount64", bits.OnesCount64(x), ones(x))
	checkInt("OnesCount32", bits.OnesCount32(uint32(x)), ones(x&(1<<32-1)))
	checkInt("OnesCount16", bits.OnesCount16(uint16(x)), ones(x&(1<<16-1)))
	checkInt("OnesCount8", bits.OnesCount8(uint8(x)), ones(x&(1<<8-1)))
}

// Over slices, where tests leave loops and operations become those of vectors.
//
//go:noinline
func slices(r, x, y, z []float64, u []uint64) (n int) {
	y, z, r = y[:len(x)], z[:len(x)], r[:len(x)]
	for i, v := range x {
		r[i] = math.Floor(v)
	}
	for i, v := range x {
		r[i] += math.Ceil(v) + float64(math.Trunc(v)*math.RoundToEven(v))
	}
	for i, v := range x {
		r[i] += math.FMA(v, y[i], z[i])
	}
	for i, v := range x {
		r[i] += math.Max(v, y[i]) - min(y[i], z[i])
	}
	for _, v := range u {
		n += bits.OnesCount64(v)
	}
	return n
}

func main() {
	for _, x := range special {
		rounding(x)
		for _, y := range special {
			extremes(x, y)
			for _, z := range special {
				check("FMA", math.FMA(x, y, z), fma(x, y, z), x, y, z)
			}
		}
	}
	println(checks, sum)
	for range 20000 {
		x, y, z := number(), number(), number()
		rounding(x)
		extremes(x, y)
		check("FMA", math.FMA(x, y, z), fma(x, y, z), x, y, z)
		check("FMA", math.FMA(x, y, -x*y), fma(x, y, -x*y), x, y, -x*y)
		counts(random())
	}
	counts(0)
	counts(1<<64 - 1)
	println(checks, sum)

	const n = 1001
	var r, x, y, z [n]float64
	var u [n]uint64
	for i := range x {
		x[i], y[i], z[i], u[i] = float64(int32(random()))/16, float64(int32(random()))/16, float64(int32(random()))/16, random()
	}
	count := 0
	for _, v := range u {
		count += ones(v)
	}
	checkInt("sum of OnesCount64", slices(r[:], x[:], y[:], z[:], u[:]), count)
	for i, v := range x {
		want := floor(v) + float64(ceil(v)+float64(trunc(v)*even(v)))
		want += fma(v, y[i], z[i])
		want += mathMax(v, y[i]) - mathMin(y[i], z[i])
		check("slices", r[i], want, v, y[i], z[i])
	}
	println(checks, sum)

	// constants
	println(math.Floor(-2.5), math.Ceil(-2.5), math.Trunc(-2.5), math.RoundToEven(-2.5), math.FMA(2, 3, 4), bits.OnesCount(255),
		math.Max(2, 3), math.Min(2, 3), math.Max(math.NaN(), math.Inf(1)), math.Min(math.Inf(-1), math.NaN()))
}
/* golden
stderr:
68601 17735297626562604856
408611 6884360312345220724
409613 17170724205794749944
-3 -2 -2 -2 10 8 3 2 +Inf -Inf
*/
