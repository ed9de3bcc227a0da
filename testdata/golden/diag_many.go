// golden: build
package main

func main() {
	a1()
	a2()
	a3()
	a4()
	a5()
	a6()
	a7()
	a8()
	a9()
	a10()
	a11()
	a12()
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_many.go:5:2: undefined: a1
./diag_many.go:6:2: undefined: a2
./diag_many.go:7:2: undefined: a3
./diag_many.go:8:2: undefined: a4
./diag_many.go:9:2: undefined: a5
./diag_many.go:10:2: undefined: a6
./diag_many.go:11:2: undefined: a7
./diag_many.go:12:2: undefined: a8
./diag_many.go:13:2: undefined: a9
./diag_many.go:14:2: undefined: a10
./diag_many.go:14:2: too many errors
*/
