// golden: build
package main

type T struct{ a int }

func (t T) M() {}

type I interface{ M(); N() }

func f(a int, s string) (int, error) { return a, nil }

func main() {
	var x int = "hello"
	y := 5 + "a"
	f(1)
	f(1, 2)
	a, b, c := f(1, "s")
	var i I = T{}
	T{}.Foo()
	undefined1()
	x.y = 3
	return 1
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_types.go:13:14: cannot use "hello" (untyped string constant) as int value in variable declaration
./diag_types.go:14:7: invalid operation: 5 + "a" (mismatched types untyped int and untyped string)
./diag_types.go:15:4: not enough arguments in call to f
	have (number)
	want (int, string)
./diag_types.go:16:7: cannot use 2 (untyped int constant) as string value in argument to f
./diag_types.go:17:13: assignment mismatch: 3 variables but f returns 2 values
./diag_types.go:18:12: cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (missing method N)
./diag_types.go:19:6: T{}.Foo undefined (type T has no field or method Foo)
./diag_types.go:20:2: undefined: undefined1
./diag_types.go:21:4: x.y undefined (type int has no field or method y)
./diag_types.go:22:9: too many return values
	have (number)
	want ()
./diag_types.go:22:9: too many errors
*/
