// golden: run arm64
// An unbuffered channel is a synchronisation point: what happened before the send is seen after the receive.
package main

func main() {
	ch := make(chan int)
	done := make(chan bool)
	var shared [3]int
	go func() {
		for i := range 3 {
			shared[i] = i * 10
			ch <- i
		}
		close(ch)
		done <- true
	}()
	for i := range ch {
		println("received", i, "sees", shared[i])
	}
	<-done
	v, ok := <-ch
	println(v, ok)
}
/* golden
stderr:
received 0 sees 0
received 1 sees 10
received 2 sees 20
0 false
*/
