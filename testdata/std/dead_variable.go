// golden: arm64
// A variable that its function no longer uses keeps nothing alive: q holds the beginning of a list
// that goes on, head its first element.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next *node
	pad  [6]int
}
type queue struct{ first, last *node }

func (q *queue) push(n *node) {
	if q.last == nil {
		q.first = n
	} else {
		q.last.next = n
	}
	q.last = n
}

//go:noinline
func fill(q *queue) { q.push(&node{}); q.push(&node{}) }

//go:noinline
func look(n *node) bool { return n.pad[0] == 0 && n.pad[5] == 0 }

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

const elements = 300_000

func keepsQueue() bool {
	var q queue
	fill(&q)
	last := q.last
	for range elements {
		last.next = &node{}
		last = last.next
	}
	runtime.GC()
	return heap() > elements*8 || !look(last)
}

func keepsHead() bool {
	head := &node{}
	tail := head
	for range elements {
		tail.next = &node{}
		tail = tail.next
		if !look(head) {
			panic("head")
		}
		head = head.next
	}
	runtime.GC()
	return heap() > elements*8 || !look(head)
}

// A register that a call has kept may hold it now and then, but not always.
func always(keeps func() bool) bool {
	for range 5 {
		if !keeps() {
			return false
		}
	}
	return true
}

func main() {
	fmt.Println(always(keepsQueue), always(keepsHead))
}

/* golden
stdout:
false false
*/
