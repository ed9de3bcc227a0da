// golden: run arm64
// math/big: integers, rationals, floats.
package main

import (
	"fmt"
	"math/big"
)

func main() {
	f := big.NewInt(1)
	for i := int64(2); i <= 60; i++ {
		f.Mul(f, big.NewInt(i))
	}
	fmt.Println(f, f.BitLen(), f.Text(36))
	a, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	b := big.NewInt(-987654321)
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	d, m := new(big.Int).DivMod(a, b, new(big.Int))
	fmt.Println(q, r, d, m, a.Cmp(b), new(big.Int).GCD(nil, nil, big.NewInt(48), big.NewInt(36)))
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 127), big.NewInt(1))
	fmt.Println(p.ProbablyPrime(20), new(big.Int).Exp(big.NewInt(3), a, p), new(big.Int).ModInverse(b, p), new(big.Int).Sqrt(a))
	x := big.NewRat(1, 3)
	x.Add(x, big.NewRat(1, 6))
	fmt.Println(x, x.FloatString(5))
	two := new(big.Float).SetPrec(200).SetInt64(2)
	fmt.Println(new(big.Float).SetPrec(200).Sqrt(two).Text('f', 50))
	fmt.Printf("%x %d %s\n", a, b, new(big.Int).Not(b))
	big1 := new(big.Int).Exp(big.NewInt(7), big.NewInt(5000), nil)
	s := new(big.Int).Mul(big1, big1).String()
	fmt.Println(len(s), s[:20], s[len(s)-20:])
}
/* golden
stdout:
8320987112741390144276341183223364380754172606361245952449277696409600000000000000 273 9tshp0ovh8ef526ig6vhpt5lifzshl6l1nzutj400000000000000
-124999998873437499901 574845669 -124999998873437499901 574845669 1 12
true 36946043679099746350648273527394211056 145730326124516428859751124340027330453 351364182882014
1/2 0.50000
1.41421356237309504880168872420969807856967187537695
18ee90ff6c373e0ee4e3f0ad2 -987654321 987654320
8451 95587288567444097027 12549213512806000001
*/
