// What is dropped is collected: the heap stays near what is live, as GOGC says.
package main

import (
	"runtime"
	"runtime/debug"
)

type node struct {
	next *node
	data [6]int
}

var keep *node
var sink []byte

func churn() (collections uint32, grown bool) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 4_000_000 {
		n := &node{data: [6]int{i}}
		if i%1000 == 0 {
			n.next = keep
			keep = n
		}
		if i%4000 == 0 {
			sink = make([]byte, 100<<10)
		}
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC, after.HeapSys > 64<<20
}

func main() {
	n, grown := churn()
	println(n > 5, grown)
	debug.SetGCPercent(400)
	fewer, grown := churn()
	println(fewer < n, grown)
	length := 0
	for n := keep; n != nil; n = n.next {
		length++
	}
	println(length)
}
/* golden
stderr:
true false
true false
8000
*/
