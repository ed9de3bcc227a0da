// Literals of mostly zeros: cleared and filled, not written out in full.
package main

var pkg = []int{1 << 24: 7}
var _ = []int{1 << 31: 1}
var arr = [1 << 24]byte{5: 3}

func f(i int) int {
	x := []int{1 << 20: 1}
	x[i] = 4
	return x[i/2] + x[1<<20]
}

func main() {
	println(f(8), len(pkg), pkg[1<<24], pkg[5], arr[5], arr[6])
	c := make(chan int)
	for i := 0; i < 8; i++ {
		go func() { c <- f(i) }()
	}
	n := 0
	for i := 0; i < 8; i++ {
		n += <-c
	}
	println(n)
}
/* golden
stderr:
1 16777217 7 0 3 0
12
*/
