// Types that Go's memory may not hold: as type arguments, in maps and channels, on stacks, in allocations.
package main

import (
	"runtime/cgo"
	"sync/atomic"
)

type opaque struct{ _ cgo.Incomplete }
type key map[opaque]int
type value map[int][2]opaque
type element chan struct{ x opaque }

var pointer atomic.Pointer[cgo.Incomplete]
var fine atomic.Pointer[*cgo.Incomplete]

func generic[T any](*T) {}

func main() {
	var local opaque
	generic(&local)
	_ = new(opaque)
	_ = make([]opaque, 3)
	_ = append([]opaque{}, local)
}

/* golden
exit 1
stderr:
# command-line-arguments
./diag_not_in_heap.go:14:20: cannot use incomplete (or unallocatable) type as a type argument: runtime/cgo.Incomplete
./diag_not_in_heap.go:21:2: cannot use incomplete (or unallocatable) type as a type argument: main.opaque
*/
