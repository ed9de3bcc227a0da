// golden: run arm64
// math, math/bits, math/cmplx, math/rand with a seed.
package main

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
	"math/rand"
	randv2 "math/rand/v2"
)

func main() {
	for _, x := range []float64{0, 0.5, -2.5, 1e300, math.Inf(-1), math.NaN(), math.Copysign(0, -1)} {
		fmt.Println(math.Floor(x), math.Ceil(x), math.Trunc(x), math.Round(x), math.RoundToEven(x), math.Abs(x), math.Sqrt(x), math.Signbit(x))
	}
	fmt.Printf("%.12f %.12f %.12f %.12f %.12f\n", math.Sin(1), math.Cos(1e6), math.Tan(0.5), math.Atan2(-1, -1), math.Asinh(2))
	fmt.Printf("%.12f %.12f %.12f %.12f %.12f\n", math.Exp(1.5), math.Log(10), math.Log1p(1e-10)*1e10, math.Pow(2, 0.5), math.Cbrt(27))
	fmt.Printf("%.10f %.10f %.10f %.10f\n", math.Gamma(5.5), math.Erf(0.3), math.J0(2), math.Hypot(3e200, 4e200)/1e200)
	fmt.Println(math.FMA(2, 3, 4), math.Mod(-7, 3), math.Remainder(7, 4), math.MaxInt64, math.Float64bits(-1), math.Float32frombits(0x40490fdb))
	frac, exp := math.Frexp(1000)
	whole, part := math.Modf(-3.25)
	fmt.Println(frac, exp, whole, part, math.Ldexp(0.5, 4), math.Nextafter(1, 2), math.Min(math.NaN(), 1), math.Max(0, math.Copysign(0, -1)))

	x := uint64(0x00f0_0000_0000_0100)
	fmt.Println(bits.LeadingZeros64(x), bits.TrailingZeros64(x), bits.OnesCount64(x), bits.Len64(x), bits.Reverse8(0x13), bits.RotateLeft32(0x80000001, 4), bits.LeadingZeros32(0), bits.TrailingZeros16(0))
	hi, lo := bits.Mul64(1<<63, 6)
	sum, carry := bits.Add64(math.MaxUint64, 1, 1)
	quo, rem := bits.Div64(1, 0, 3)
	fmt.Println(hi, lo, sum, carry, quo, rem, bits.ReverseBytes32(0x01020304))
	fmt.Println(cmplx.Abs(3+4i), cmplx.Sqrt(-1), cmplx.Phase(-1))

	r := rand.New(rand.NewSource(42))
	fmt.Println(r.Intn(100), r.Intn(100), r.Float64(), r.Perm(5), r.Int63(), r.NormFloat64())
	p := randv2.New(randv2.NewPCG(1, 2))
	fmt.Println(p.IntN(1000), p.Uint64(), p.Float32(), p.Perm(4))
	c := randv2.New(randv2.NewChaCha8([32]byte{1, 2, 3}))
	fmt.Println(c.Uint64(), c.IntN(10))
	seen := map[int]bool{}
	for range 1000 {
		seen[rand.Intn(4)] = true
		if n := randv2.IntN(10); n < 0 || n > 9 {
			panic(n)
		}
	}
	fmt.Println(len(seen))
}
/* golden
stdout:
0 0 0 0 0 0 0 false
0 1 0 1 0 0.5 0.7071067811865476 false
-3 -2 -2 -3 -2 2.5 NaN true
1e+300 1e+300 1e+300 1e+300 1e+300 1e+300 1e+150 false
-Inf -Inf -Inf -Inf -Inf +Inf NaN true
NaN NaN NaN NaN NaN NaN NaN false
-0 -0 -0 -0 -0 0 -0 true
0.841470984808 0.936752127533 0.546302489844 -2.356194490192 1.443635475179
4.481689070338 2.302585092994 0.999999999950 1.414213562373 3.000000000000
52.3427777846 0.3286267595 0.2238907791 5.0000000000
10 -1 -1 9223372036854775807 13830554455654793216 3.1415927
0.9765625 10 -3 -0.25 8 1.0000000000000002 NaN 0
8 8 5 56 200 24 32 16
3 0 1 1 6148914691236517205 1 67305985
5 (0+1i) 3.141592653589793
5 87 0.604093851558642 [0 4 1 2 3] 3532963341805492868 -0.834259977430416
769 11371241257079532652 0.8135684 [1 3 0 2]
18307998996574457915 6
4
*/
