// A list's first node that does not escape does not keep what follows it.
package main

import "runtime"

type node struct {
	next *node
	pad  [10]int
}

func main() {
	head := &node{}
	tail := head
	for range 2_000_000 {
		tail.next = &node{}
		tail = tail.next
		head = head.next
	}
	queue := new(node)
	for last := queue; queue.pad[0] < 2_000_000; queue = queue.next {
		last.next = &node{pad: [10]int{queue.pad[0] + 1}}
		last = last.next
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	println(m.HeapSys < 64<<20, head.next == nil, queue.pad[0])
}

/* golden
stderr:
true true 2000000
*/
