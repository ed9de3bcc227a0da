package main

import "runtime"

// Names in //line directives are relative to the file's folder, and lexically short.
func where() {
	_, file, line, _ := runtime.Caller(1)
	println(file, line)
}

func main() {
	where()
//line foo/bar.y:60
	where()
//line ./foo//../bar.y:60:3
	where()
//line /x/../y.go:5
	where()
/*line :10:1*/ where()
//line :7
	where()
}
/* golden
stderr:
line_directives.go 12
foo/bar.y 60
bar.y 60
/y.go 5
/y.go 10
?? 7
*/
