// golden: run
// A lock-free stack: compare-and-swap on the head; the collector rules out ABA.
package main

import (
	"sync/atomic"
	"unsafe"
)

type Node struct {
	value int
	next  unsafe.Pointer
}

type Stack struct{ head unsafe.Pointer }

func (s *Stack) Push(v int) {
	node := &Node{value: v}
	for {
		old := atomic.LoadPointer(&s.head)
		node.next = old
		if atomic.CompareAndSwapPointer(&s.head, old, unsafe.Pointer(node)) {
			return
		}
	}
}

func (s *Stack) Pop() (int, bool) {
	for {
		old := atomic.LoadPointer(&s.head)
		if old == nil {
			return 0, false
		}
		node := (*Node)(old)
		if atomic.CompareAndSwapPointer(&s.head, old, atomic.LoadPointer(&node.next)) {
			return node.value, true
		}
	}
}

func main() {
	var s Stack
	done := make(chan int)
	const per = 5000
	for w := range 4 {
		go func() {
			for i := range per {
				s.Push(w*per + i)
			}
			done <- 0
		}()
	}
	for range 4 {
		<-done
	}
	for range 4 {
		go func() {
			sum := 0
			for {
				v, ok := s.Pop()
				if !ok {
					break
				}
				sum += v
			}
			done <- sum
		}()
	}
	total := 0
	for range 4 {
		total += <-done
	}
	n := 4 * per
	println(total == n*(n-1)/2)
	_, ok := s.Pop()
	println(ok)
}
/* golden
stderr:
true
false
*/
