// golden: run
// A closed done channel cancels a generator; the generator cleans up.
package main

func generator(done <-chan struct{}, cleaned chan<- string) <-chan int {
	out := make(chan int)
	go func() {
		defer func() { cleaned <- "clean" }()
		defer close(out)
		for i := 0; ; i++ {
			select {
			case out <- i:
			case <-done:
				return
			}
		}
	}()
	return out
}

func main() {
	done, cleaned := make(chan struct{}), make(chan string, 1)
	out := generator(done, cleaned)
	for v := range out {
		println(v)
		if v == 4 {
			break
		}
	}
	close(done)
	println(<-cleaned)
}
/* golden
stderr:
0
1
2
3
4
clean
*/
