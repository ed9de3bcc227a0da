// golden: build
package main

var x uint16 := 1

func g(a int b) {}

func h(a int, // c
b) {

func

func main() {
	~x
	a, b
	f(a ... b)
	for i := range 10 // c
	{
	}
	y = a.b.c{1}
	z = s[1, 2]
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_recovery.go:4:14: syntax error: unexpected :=, expected =
./diag_recovery.go:6:14: syntax error: unexpected name b in parameter list; possibly missing comma or )
./diag_recovery.go:9:2: syntax error: missing parameter type
./diag_recovery.go:13:1: syntax error: unexpected keyword func, expected (
./diag_recovery.go:17:24: syntax error: unexpected newline, expected { after for clause
./diag_recovery.go:21:11: syntax error: unexpected literal 2, expected ]
*/
