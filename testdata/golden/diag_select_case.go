// golden: build
package main

type T struct{ c chan int }

func f() chan int { return nil }

func main() {
	t, n, ok := T{}, 1, true
	select {
	case t.c:
	case f():
	case <-f() + 1:
	case (t).c:
	case n++:
	case ok && ok:
	case []int{1}:
	case n = f():
	case -n:
	}
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_select_case.go:9:2: declared and not used: t
./diag_select_case.go:11:8: select case must be send or receive (possibly with assignment)
./diag_select_case.go:12:8: select case must be send or receive (possibly with assignment)
./diag_select_case.go:13:13: select case must be send or receive (possibly with assignment)
./diag_select_case.go:14:10: select case must be send or receive (possibly with assignment)
./diag_select_case.go:15:7: select case must be send or receive (possibly with assignment)
./diag_select_case.go:16:10: select case must be send or receive (possibly with assignment)
./diag_select_case.go:17:12: select case must be send or receive (possibly with assignment)
./diag_select_case.go:18:7: select case must be send or receive (possibly with assignment)
./diag_select_case.go:19:7: select case must be send or receive (possibly with assignment)
./diag_select_case.go:9:2: too many errors
*/
