// golden: run
package main

type E struct{}

func (E) Error() string { panic("in Error") }

func main() { panic(E{}) }
/* golden
exit 2
stderr:
fatal error: panic while printing panic value: in Error

goroutine N [running]:
main.E.Error(...)
	panic_in_error.go:6
panic(...)
	runtime/panic.go
main.main(...)
	panic_in_error.go:8
*/
