// golden: run
package main

func main() {
	defer func() {
		recover()
		panic("again")
	}()
	panic("outer")
}
/* golden
exit 2
stderr:
panic: outer [recovered]
	panic: again

goroutine N [running]:
main.main.func1(...)
	panic_recovered.go:7
panic(...)
	runtime/panic.go
main.main(...)
	panic_recovered.go:9
*/
