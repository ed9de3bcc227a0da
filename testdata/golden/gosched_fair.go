// golden: run
package main

import "runtime"

func main() {
	runtime.GOMAXPROCS(1)
	var n [4]int
	done := make(chan bool)
	stop := false
	for i := range n {
		go func() {
			for !stop {
				n[i]++
				runtime.Gosched()
			}
			done <- true
		}()
	}
	for n[0] < 10000 {
		runtime.Gosched()
	}
	stop = true
	for range n {
		<-done
	}
	for i := range n {
		println(n[i] > 9000 && n[i] < 11000)
	}
}
/* golden
stderr:
true
true
true
true
*/
