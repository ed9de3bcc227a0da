// golden: build
package main

//line foo/bar.y:4
func f() {
//line yacc:297
	var x int
//line foo/bar.y:60
	g(
)
//line /abs/bar.y:60
	g()
//line ../bar.y:60:3
	g()
//line ./bar.y:60:3
	g()
/*line bar.y:60:3*/ g()
}

func main() {}
/* golden
exit 1
stderr:
# command-line-arguments
./foo/bar.y:60: undefined: g
/abs/bar.y:60: undefined: g
../bar.y:60:4: undefined: g
./bar.y:60:4: undefined: g
./yacc:297: declared and not used: x
*/
