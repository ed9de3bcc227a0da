// golden: run
package main

type S struct{}

func main() {
	println(true, 1, -1, uint8(200), 1.5, "s", 'x', nil == any(nil))
	print("no", "space", 1, 2, "\n")
	println(1e100, float32(1)/3, 2+3i, 1<<40)
	println()
	print()
	var e error
	println(e == nil, len("tab\t"), "a\x00b" == "a\x00b")
	println(int64(-9223372036854775808), uint64(18446744073709551615))
}
/* golden
stderr:
true 1 -1 200 1.5 s 120 true
nospace12
1e+100 0.33333334 (2+3i) 1099511627776

true 4 true
-9223372036854775808 18446744073709551615
*/
