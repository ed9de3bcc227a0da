// golden: run
package main

func main() {
	ch := make(chan int)
	ch <- 1
}
/* golden
exit 2
stderr:
fatal error: all goroutines are asleep - deadlock!

goroutine N [chan send]:
main.main(...)
	deadlock.go:6
*/
