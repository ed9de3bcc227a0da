// golden: build
package main

//go:nosplit // errors that gc's parser finds without stopping the checker
var a int

type T struct {
	a int 5
}

type I interface{ m[T any]() }

func dots(a ...int, b int) {}

func main() {
	for {
	_:
		for {
			break _
		}
	}
	switch {
	case true:
		{
			fallthrough
		}
	case false:
		fallthrough
	}
L:
	for {
		func() { break L }()
	}
	var s string = recover()
	                                                                                                                                                                                                                                                                  undefined()
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_parser.go:8:8: invalid syntax tree: incorrect tag syntax: "5"
./diag_parser.go:11:20: interface method must have no type parameters
./diag_parser.go:13:13: can only use ... with final parameter
./diag_parser.go:19:10: break label not defined: _
./diag_parser.go:25:4: fallthrough statement out of place
./diag_parser.go:28:3: cannot fallthrough final case in switch
./diag_parser.go:30:1: label L defined and not used
./diag_parser.go:32:18: break label not defined: L
./diag_parser.go:34:17: cannot use recover() (value of type interface{}) as string value in variable declaration: need type assertion
./diag_parser.go:35: undefined: undefined
./diag_parser.go:35: too many errors
*/
