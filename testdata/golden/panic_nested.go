// golden: run
package main

func main() {
	defer func() {
		defer func() { panic("three") }()
		panic("two")
	}()
	panic("one")
}
/* golden
exit 2
stderr:
panic: one
	panic: two
	panic: three

goroutine N [running]:
main.main.func1.1(...)
	panic_nested.go:6
panic(...)
	runtime/panic.go
main.main.func1(...)
	panic_nested.go:7
panic(...)
	runtime/panic.go
main.main(...)
	panic_nested.go:9
*/
