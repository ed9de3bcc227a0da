// golden: run
// The k-th receive on a channel of capacity C happens before the (k+C)-th send completes; a close happens before a receive of zero.
package main

var a, b int

func main() {
	c := make(chan int)
	go func() {
		a, b = 1, 2
		close(c)
	}()
	<-c
	println(a, b)

	limit := make(chan int, 1)
	x := 0
	fin := make(chan bool)
	for range 100 {
		go func() {
			limit <- 1
			x++
			<-limit
			fin <- true
		}()
	}
	for range 100 {
		<-fin
	}
	println(x)
}
/* golden
stderr:
1 2
100
*/
