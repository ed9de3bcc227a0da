// golden: run
// maphash.Comparable keeps pointers on the heap for its sake; strings may stay on the stack.
package main

import (
	"fmt"
	"hash/maphash"
	"os"
	"testing"
)

type pair struct {
	n int
	s string
}

func main() {
	seed, x := maphash.MakeSeed(), os.Args[0][:1]
	fmt.Println(testing.AllocsPerRun(10, func() {
		s := "s" + x
		maphash.Comparable(seed, s)
	}), testing.AllocsPerRun(10, func() {
		maphash.Comparable(seed, pair{1, "s" + x})
	}), testing.AllocsPerRun(10, func() {
		var n int
		maphash.Comparable(seed, &n)
	}))
}
/* golden
stdout:
0 0 1
*/
