package main

import (
	"sync"
	"sync/atomic"
)

// A contended Mutex, an RWMutex with many readers, and a compare-and-swap loop, by 8 goroutines.
func main() {
	var mu sync.Mutex
	var rw sync.RWMutex
	var cas atomic.Int64
	var wg sync.WaitGroup
	m, r := 0, map[int]int{1: 1}
	for g := range 8 {
		wg.Add(1)
		go func() {
			for i := range 300_000 {
				mu.Lock()
				m++
				mu.Unlock()
				if i%64 == g {
					rw.Lock()
					r[1]++
					rw.Unlock()
				} else {
					rw.RLock()
					_ = r[1]
					rw.RUnlock()
				}
				for {
					old := cas.Load()
					if cas.CompareAndSwap(old, old+1) {
						break
					}
				}
			}
			wg.Done()
		}()
	}
	wg.Wait()
	println(m, r[1], cas.Load())
}
