// golden: run
// A lock-free counter.
package main

import "sync/atomic"

type Counter struct{ value int64 }

func (c *Counter) Inc()       { atomic.AddInt64(&c.value, 1) }
func (c *Counter) Get() int64 { return atomic.LoadInt64(&c.value) }

func main() {
	var c Counter
	done := make(chan bool)
	for range 8 {
		go func() {
			for range 10000 {
				c.Inc()
			}
			done <- true
		}()
	}
	for range 8 {
		<-done
	}
	println(c.Get())
	var old int64
	for {
		old = atomic.LoadInt64(&c.value)
		if atomic.CompareAndSwapInt64(&c.value, old, old*2) {
			break
		}
	}
	println(c.Get(), atomic.SwapInt64(&c.value, 5), c.Get())
}
/* golden
stderr:
80000
160000 160000 5
*/
