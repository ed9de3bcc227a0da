// golden: run
// Objects without pointers from several threads at once, across collections that one of them starts while another is getting memory: none is lost.
package main

import "runtime"

type record struct{ a, b, c, d int }

func fill(n int) []*record {
	list := make([]*record, 40)
	for i := range list {
		list[i] = &record{n, n, n, n}
	}
	return list
}

func main() {
	runtime.GOMAXPROCS(2)
	lost := make(chan int)
	for range 4 {
		go func() {
			var all [][]*record
			for n := range 10000 {
				all = append(all, fill(n))
			}
			bad := 0
			for n, list := range all {
				for _, r := range list {
					if *r != (record{n, n, n, n}) {
						bad++
					}
				}
			}
			lost <- bad
		}()
	}
	sum := 0
	for range 4 {
		sum += <-lost
	}
	println("lost:", sum)
}

/* golden
stderr:
lost: 0
*/
