// golden: build
package main

type Big [1 << 31]byte

var a chan [70000]byte
var b, c = make(chan [70000]byte), 2

type t struct {
	i int
	f func(chan [70000]byte)
}

func (t) method(x chan [70000]byte) {}

var m map[string]Big

func body(k map[Big]int) {
	var w [1 << 40][1 << 40]byte
	x, y := 1, make(map[int]Big)
	for v := range (chan [70000]byte)(nil) {
		_ = v
	}
	_, _, _ = w, x, y
}

func main() {}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_type_sizes.go:6:5: channel element type too large (>64kB)
./diag_type_sizes.go:7:5: channel element type too large (>64kB)
./diag_type_sizes.go:9:6: channel element type too large (>64kB)
./diag_type_sizes.go:16:5: map element type too large
./diag_type_sizes.go:18:6: map key type too large
./diag_type_sizes.go:19:6: type [1099511627776][1099511627776]byte larger than address space
./diag_type_sizes.go:20:5: map element type too large
./diag_type_sizes.go:21:6: channel element type too large (>64kB)
*/
