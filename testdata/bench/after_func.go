package main

import (
	"sync"
	"time"
)

// Storms of timers that are due at once and each start a goroutine.
func main() {
	for _, n := range []int{20_000, 200_000} {
		var wg sync.WaitGroup
		wg.Add(n)
		for range n {
			time.AfterFunc(time.Millisecond, wg.Done)
		}
		wg.Wait()
	}
	println("done")
}
