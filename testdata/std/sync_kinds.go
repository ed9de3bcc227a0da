// golden: run
// sync: Pool, Once and its functions, RWMutex, WaitGroup, Cond, Map.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type singleton struct{ made int }

var (
	instance *singleton
	once     sync.Once
	calls    atomic.Int32
)

func get() *singleton {
	once.Do(func() { instance = &singleton{int(calls.Add(1))} })
	return instance
}

func main() {
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if get().made != 1 {
				panic("made twice")
			}
		})
	}
	wg.Wait()
	fmt.Println("once", calls.Load())

	value := sync.OnceValue(func() int { return int(calls.Add(1)) })
	fmt.Println("value", value(), value())
	func() {
		bad := sync.OnceFunc(func() { panic("no") })
		for range 2 {
			func() {
				defer func() { fmt.Println("again", recover()) }()
				bad()
			}()
		}
	}()

	var rw sync.RWMutex
	shared, reads := 0, atomic.Int64{}
	for i := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				if i%10 == 0 {
					rw.Lock()
					shared++
					runtime.Gosched()
					shared++
					rw.Unlock()
				} else {
					rw.RLock()
					if shared%2 != 0 {
						panic("read while written")
					}
					reads.Add(1)
					rw.RUnlock()
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println("rwmutex", shared, reads.Load(), rw.TryLock(), rw.TryRLock())
	rw.Unlock()

	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready, woken := false, 0
	for range 10 {
		wg.Go(func() {
			mu.Lock()
			for !ready {
				cond.Wait()
			}
			woken++
			mu.Unlock()
		})
	}
	mu.Lock()
	ready = true
	mu.Unlock()
	cond.Broadcast()
	wg.Wait()
	fmt.Println("cond", woken)

	var m sync.Map
	for i := range 100 {
		wg.Go(func() { m.Store(i%10, i); m.LoadOrStore("s", 1) })
	}
	wg.Wait()
	n := 0
	m.Range(func(k, v any) bool { n++; return true })
	v, loaded := m.LoadAndDelete("s")
	_, there := m.Load("s")
	fmt.Println("map", n, v, loaded, there, m.CompareAndSwap(3, -1, 0))

	made := atomic.Int32{}
	pool := sync.Pool{New: func() any { made.Add(1); b := make([]byte, 4096); return &b }}
	for range 1000 {
		b := pool.Get().(*[]byte)
		(*b)[0]++
		pool.Put(b)
	}
	fmt.Println("pool", made.Load() < 100)

	defer func() { fmt.Println("negative:", recover()) }()
	wg.Done()
}
/* golden
stdout:
once 1
value 2 2
again no
again no
rwmutex 800 3600 true false
cond 10
map 11 1 true false false
pool true
negative: sync: negative WaitGroup counter
*/
