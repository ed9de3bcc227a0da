// golden: build
package main

type big struct {
	b [1500000000]byte
}

func (b big) size() int { return len(b.b) }

//go:noinline
func three() (a, b [400e6]byte, n int) { return }

//go:noinline
func use(a, b [400e6]byte, n int) {}

//go:noinline
func slice(i int) int {
	x := []int{1 << 28: 1}
	return x[i]
}

func fine() int {
	x := []int{1 << 24: 1}
	return x[3]
}

func main() {
	a, b, n := three()
	use(a, b, n)
	println(slice(3), fine())
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_frames.go:8:6: stack frame too large (>1GB): 0 MB locals + 1430 MB args
./diag_frames.go:17:6: stack frame too large (>1GB): 2048 MB locals + 0 MB args
./diag_frames.go:27:6: stack frame too large (>1GB): 762 MB locals + 0 MB args + 762 MB callee
*/
