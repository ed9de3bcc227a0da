// golden: run arm64
// A goroutine that comes back to its small stack on another thread leaves it again when it must.
package main

import (
	"runtime"
	"sync"
)

//go:noinline
func at(n int, f func()) int {
	if n == 0 {
		f()
		return 0
	}
	return at(n-1, f) + 1
}

func main() {
	runtime.GOMAXPROCS(4)
	var wg sync.WaitGroup
	for range 32 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 30 {
				if at(20000, runtime.Gosched) != at(20000, func() {}) {
					panic("depth")
				}
			}
		}()
	}
	wg.Wait()
	println("done")
}
/* golden
stderr:
done
*/
