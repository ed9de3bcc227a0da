// golden: build
package main

func main() {
	x := [3]int{1, 2, 3
	if x == nil {
	}
	for i := 0; i < 10; i++
	{
	}
	var 1a int
}

func g( {
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_syntax.go:5:21: syntax error: unexpected newline in composite literal; possibly missing comma or }
./diag_syntax.go:6:2: syntax error: unexpected keyword if at end of statement
./diag_syntax.go:8:25: syntax error: unexpected newline, expected { after for clause
./diag_syntax.go:11:6: syntax error: unexpected literal 1, expected name
./diag_syntax.go:14:9: syntax error: unexpected {, expected )
*/
