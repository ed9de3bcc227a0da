// A program whose data looks like pointers into the heap's surroundings, as starlark's small integers do: pages that the collector
// would rather not use are everywhere then, and large objects were looked a place for in all free memory, without an end.
package main

import (
	"fmt"
	"syscall"
	"unsafe"
)

var (
	keep [][]byte
	sink []byte
)

func main() {
	for i := range 4096 { // a heap above
		keep = append(keep, make([]byte, 16384+i))
	}
	const size = 4 << 30
	region, err := syscall.Mmap(-1, 0, size, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		panic(err)
	}
	keep = keep[:2000]
	var words []unsafe.Pointer
	x := uint32(1)
	for range 100000 {
		x = x*1664525 + 1013904223
		words = append(words, unsafe.Add(unsafe.Pointer(unsafe.SliceData(region)), x))
	}
	for i := range 3000 { // and one below
		keep = append(keep, make([]byte, 20000+i))
	}
	for _, n := range []int{64, 8192, 32000, 100000, 800000} {
		for range 200 << 20 / n {
			sink = make([]byte, n)
			sink[n-1] = 1
		}
		fmt.Println(n)
	}
	fmt.Println(len(words), len(keep))
}
/* golden
stdout:
64
8192
32000
100000
800000
100000 5000
*/
