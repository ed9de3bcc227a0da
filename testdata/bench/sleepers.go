package main

import (
	"sync"
	"time"
)

// 10,000 goroutines that sleep a millisecond each, many times.
func main() {
	var wg sync.WaitGroup
	for range 10_000 {
		wg.Add(1)
		go func() {
			for range 20 {
				time.Sleep(time.Millisecond)
			}
			wg.Done()
		}()
	}
	wg.Wait()
	println("done")
}
