// golden: run
// Fan-out to workers, fan-in of their results.
package main

func worker(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- v * v
		}
	}()
	return out
}

func fanOut(in <-chan int, workers int) []<-chan int {
	outs := make([]<-chan int, workers)
	for i := range outs {
		outs[i] = worker(in)
	}
	return outs
}

func fanIn(ins ...<-chan int) <-chan int {
	out := make(chan int)
	left := make(chan struct{}, len(ins))
	for _, in := range ins {
		go func(ch <-chan int) {
			for v := range ch {
				out <- v
			}
			left <- struct{}{}
		}(in)
	}
	go func() {
		for range ins {
			<-left
		}
		close(out)
	}()
	return out
}

func main() {
	in := make(chan int)
	go func() {
		for i := 1; i <= 1000; i++ {
			in <- i
		}
		close(in)
	}()
	sum := 0
	for v := range fanIn(fanOut(in, 8)...) {
		sum += v
	}
	println(sum)
}
/* golden
stderr:
333833500
*/
