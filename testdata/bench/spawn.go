package main

import "sync"

// The guide's first example: a million goroutines that do little, spawned as fast as one goroutine can.
func main() {
	var wg sync.WaitGroup
	var counts [16]struct {
		n int
		_ [7]int
	}
	wg.Add(1_000_000)
	for i := 0; i < 1_000_000; i++ {
		go func() {
			counts[i%16].n = i
			wg.Done()
		}()
	}
	wg.Wait()
	println("done")
}
