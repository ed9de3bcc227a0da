// golden: run
package main

import "runtime"

func main() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() {
			runtime.Goexit()
		}()
		panic("lost")
	}()
	<-done
	println("done")
	go func() {
		defer func() { panic("after goexit") }()
		runtime.Goexit()
	}()
	select {}
}
/* golden
exit 2
stderr:
done
panic: after goexit

goroutine N [running]:
main.main.func2.1(...)
	goexit_panic.go:18
runtime.Goexit(...)
	runtime/panic.go
main.main.func2(...)
	goexit_panic.go:19
created by main.main in goroutine N
	goexit_panic.go:17
*/
