// golden: run
package main

func main() {
	defer func() {
		e := recover()
		println("rec")
		panic(e)
	}()
	defer func() {
		defer func() { println(recover().(string)) }()
		panic("inner")
	}()
	panic("outer")
}
/* golden
exit 2
stderr:
inner
rec
panic: outer [recovered, repanicked]

goroutine N [running]:
main.main.func1(...)
	panic_repanic.go:8
panic(...)
	runtime/panic.go
main.main(...)
	panic_repanic.go:14
*/
