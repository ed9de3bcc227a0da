// golden: run
package main

type E struct{ code int }

func (e E) Error() string { return "custom error" }

func main() {
	defer println("deferred")
	defer func() {
		panic("second")
	}()
	panic(E{3})
}
/* golden
exit 2
stderr:
deferred
panic: custom error
	panic: second

goroutine N [running]:
main.main.func1(...)
	panic_custom.go:11
panic(...)
	runtime/panic.go
main.main(...)
	panic_custom.go:13
*/
