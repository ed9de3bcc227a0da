package main

import "unsafe"

// Of two objects of a size the later one mostly lies higher: some programs order by address.

type node struct {
	next *node
	n    [3]int
}

var keep []*node

func main() {
	up := 0
	const N = 20000
	last := uintptr(0)
	for i := 0; i < N; i++ {
		p := &node{n: [3]int{i}}
		if i%3 != 0 { // what is free again is taken upward too
			keep = append(keep, p)
		}
		if at := uintptr(unsafe.Pointer(p)); at > last {
			up++
		}
		last = uintptr(unsafe.Pointer(p))
	}
	println(up > N*9/10)
}
/* golden
stderr:
true
*/
