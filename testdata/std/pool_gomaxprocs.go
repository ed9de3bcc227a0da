// golden: run
// A sync.Pool has a place for each processor: goroutines that use one know of none that is not there, while their number changes.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	pools := make([]sync.Pool, 64)
	for w := range 8 {
		wg.Go(func() {
			for i := 0; !stop.Load(); i++ {
				p := &pools[(i*7+w)%len(pools)]
				b, _ := p.Get().(*[64]byte)
				if b == nil {
					b = new([64]byte)
				}
				b[i%64]++
				p.Put(b)
			}
		})
	}
	procs := []int{1, 4, 2, 8, 1, 3, 16}
	for i := range 300 {
		n := procs[i%len(procs)]
		runtime.GOMAXPROCS(n)
		if got := runtime.GOMAXPROCS(0); got != n {
			fmt.Println(got, "is not", n)
		}
	}
	stop.Store(true)
	wg.Wait()
	fmt.Println("done")
}
/* golden
stdout:
done
*/
