// golden: build
package main

const big = 1 << 64

var a int8 = 128
var b uint = -1
var c = 1 / 0
var d int = 1.5
var e byte = 'ab'
var f = "x"[5]
var g [-1]int
var h = [2]int{1, 2, 3}
var i = map[string]int{"a": 1, "a": 2}

func main() {
	println(big)
	switch 1 {
	case 1:
	case 1:
	}
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_consts.go:6:14: cannot use 128 (untyped int constant) as int8 value in variable declaration (overflows)
./diag_consts.go:7:14: cannot use -1 (untyped int constant) as uint value in variable declaration (overflows)
./diag_consts.go:8:13: invalid operation: division by zero
./diag_consts.go:9:13: cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)
./diag_consts.go:10:14: more than one character in rune literal
./diag_consts.go:11:13: invalid argument: index 5 out of bounds [0:1]
./diag_consts.go:12:8: invalid array length -1 (untyped int constant)
./diag_consts.go:13:22: index 2 is out of bounds (>= 2)
./diag_consts.go:14:32: duplicate key "a" in map literal
./diag_consts.go:17:10: cannot use big (untyped int constant 18446744073709551616) as int value in argument to built-in println (overflows)
./diag_consts.go:17:10: too many errors
*/
