package main

import "sync"

// The last of 12,000 goroutines recurse 4 MB deep.
//
//go:noinline
func depth(n int, last *[100]int) int {
	var pad [100]int
	pad[n%100] = last[(n+1)%100] + 1
	if n == 0 {
		return pad[0]
	}
	return depth(n-1, &pad) + pad[n%100] - last[(n+1)%100]
}

func main() {
	var started, ended sync.WaitGroup
	gate := make(chan bool)
	var mu sync.Mutex
	total := 0
	for i := range 12_000 {
		started.Add(1)
		ended.Add(1)
		go func() {
			started.Done()
			<-gate
			if i >= 11_990 {
				mu.Lock()
				total += depth(5000, new([100]int))
				mu.Unlock()
			}
			ended.Done()
		}()
	}
	started.Wait()
	close(gate)
	ended.Wait()
	println(total)
}
/* golden
stderr:
100010
*/
