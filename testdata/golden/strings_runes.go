// golden: run arm64
package main

func main() {
	s := "héllo, 世界\xff!"
	for i, r := range s {
		print(i, ":", r, " ")
	}
	println(len(s))
	b := []byte(s)
	b[0] = 'H'
	r := []rune(s)
	println(string(b) == "H"+s[1:], len(r), string(r[7:9]), string(rune(0x4e16)), string(rune(-1)) == "\uFFFD")
	println("a" < "b", "abc" < "abd", "ab" < "abc", "" < "a", "b" > "abc", s[1:3] == "é")
	t := ""
	for i := range 5 {
		t += string(rune('a'+i)) + "-"
	}
	println(t, len(t))
	x, y, z := "x", "y", "z"
	println(x+y+z+x+y+z+"end", x+y == "xy")
	switch t[:2] {
	case "a-", "b-":
		println("matched")
	default:
		println("missed")
	}
	const c = "constant"[3]
	println(c, `raw\n`, '\x41', "\u00e9\U0001F600\101")
	copy(b, "HEY")
	println(string(b[:5]))
}
/* golden
exit 1
stderr:
# command-line-arguments
./strings_runes.go:28:12: "constant"[3] (value of type byte) is not constant
*/
