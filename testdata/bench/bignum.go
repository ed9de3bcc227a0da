package main

import "math/big"

func pi(digits int) *big.Int {
	one := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits+10)), nil)
	arctan := func(x int64) *big.Int {
		sum, t := new(big.Int), new(big.Int).Div(one, big.NewInt(x))
		sum.Set(t)
		xx := big.NewInt(x * x)
		d := new(big.Int)
		for n := int64(3); t.Sign() != 0; n += 2 {
			t.Div(t, xx)
			d.Div(t, big.NewInt(n))
			if n&2 != 0 {
				sum.Sub(sum, d)
			} else {
				sum.Add(sum, d)
			}
		}
		return sum
	}
	a := arctan(5)
	a.Mul(a, big.NewInt(4)).Sub(a, arctan(239)).Mul(a, big.NewInt(4))
	return a
}

func main() {
	p := pi(6000)
	f := big.NewInt(1)
	for i := int64(1); i < 6000; i++ {
		f.Mul(f, big.NewInt(i))
	}
	m := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1279), big.NewInt(1))
	x := big.NewInt(3)
	for range 20 {
		x.Exp(x, p, m)
	}
	println(len(p.String()), len(f.String()), x.BitLen())
}
