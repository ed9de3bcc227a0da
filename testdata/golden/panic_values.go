// golden: run
package main

import "errors"

type myErr struct{ a int }

func main() {
	defer func() {
		panic(myErr{1})
	}()
	defer func() {
		panic(errors.New("multi\nline"))
	}()
	c := make(chan int)
	close(c)
	close(c)
}
/* golden
exit 2
stderr:
panic: close of closed channel
	panic: multi
	line
	panic: (main.myErr) 0x?

goroutine N [running]:
main.main.func1(...)
	panic_values.go:10
panic(...)
	runtime/panic.go
main.main.func2(...)
	panic_values.go:13
panic(...)
	runtime/panic.go
main.main(...)
	panic_values.go:17
*/
