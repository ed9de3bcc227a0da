package main

import "sync"

// 8 producers and 4 consumers over one buffered channel.
func main() {
	c := make(chan int, 128)
	var producers, consumers sync.WaitGroup
	var sums [4]int
	for p := range 8 {
		producers.Add(1)
		go func() {
			for i := range 250_000 {
				c <- p ^ i
			}
			producers.Done()
		}()
	}
	for k := range sums {
		consumers.Add(1)
		go func() {
			s := 0
			for v := range c {
				s += v
			}
			sums[k] = s
			consumers.Done()
		}()
	}
	producers.Wait()
	close(c)
	consumers.Wait()
	println(sums[0] + sums[1] + sums[2] + sums[3])
}
