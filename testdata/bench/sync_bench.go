package main

import (
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var mu sync.Mutex
	var rw sync.RWMutex
	var count atomic.Int64
	m := map[int]int{}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 200000 {
				mu.Lock()
				m[i&255] += w
				mu.Unlock()
				rw.RLock()
				count.Add(int64(i & 1))
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	a, b, done := make(chan int), make(chan int, 16), make(chan bool)
	go func() {
		for i := range 300000 {
			if i&1 == 0 {
				a <- i
			} else {
				b <- i
			}
		}
		close(done)
	}()
	sum := 0
	tick := time.NewTicker(time.Hour)
	for open := true; open; {
		select {
		case x := <-a:
			sum += x
		case x := <-b:
			sum -= x
		case <-tick.C:
			sum = 0
		case <-done:
			open = false
		}
	}
	var sm sync.Map
	pool := sync.Pool{New: func() any { return new([64]byte) }}
	for i := range 1000000 {
		sm.Store(i&1023, i)
		if v, ok := sm.Load((i + 1) & 1023); ok {
			sum += v.(int) & 1
		}
		p := pool.Get().(*[64]byte)
		p[0]++
		pool.Put(p)
	}
	println(len(m), count.Load(), sum != 0)
}
