// golden: run
package main

type E struct{}

func (E) Error() string { panic("in Error") }

func main() { panic(E{}) }
/* golden
exit 2
stderr:
fatal error: panic while printing panic value: in Error

goroutine N gp=0x? m=N mp=0x? [running]:
runtime.throw(...)
	runtime/panic.go
runtime.preprintPanics.func1(...)
	runtime/panic.go
panic(...)
	runtime/panic.go
main.E.Error(...)
	panic_in_error.go:6
main.(*E).Error(...)
	panic_in_error.go:6
runtime.preprintPanics(...)
	runtime/panic.go
panic(...)
	runtime/panic.go
main.main(...)
	panic_in_error.go:8
runtime.main(...)
	runtime/proc.go
runtime.goexit(...)
	runtime/asm_ARCH.s
*/
