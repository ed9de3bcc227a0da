// println of floats and complex numbers says what strconv says: the shortest decimals that read back, at every exponent of both widths.
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"
)

func text(f float64, bits int) string { return strconv.FormatFloat(f, 'g', -1, bits) }

func main() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	syscall.Dup3(int(w.Fd()), 2, 0)
	w.Close()
	lines := bufio.NewScanner(r)
	n, bad := 0, 0
	check := func(want string) {
		lines.Scan()
		n++
		if got := lines.Text(); got != want && bad < 10 {
			bad++
			fmt.Println("println says", got, "strconv", want)
		}
	}
	for e := range uint64(2048) {
		for _, m := range []uint64{0, 1, 1<<52 - 1, 1 << 51, 0x5bd1e995cafe7 * e & (1<<52 - 1)} {
			f := math.Float64frombits(e<<52 | m)
			println(f, -f, complex(f, -f))
			check(text(f, 64) + " " + text(-f, 64) + " " + strconv.FormatComplex(complex(f, -f), 'g', -1, 128))
		}
	}
	for e := range uint32(256) {
		for _, m := range []uint32{0, 1, 1<<23 - 1, 1 << 22, 0x5bd1e995 * e & (1<<23 - 1)} {
			f := math.Float32frombits(e<<23 | m)
			println(f, -f, complex(-f, f))
			check(text(float64(f), 32) + " " + text(float64(-f), 32) + " " + strconv.FormatComplex(complex128(complex(-f, f)), 'g', -1, 64))
		}
	}
	fmt.Println(n, "lines compared")
}
/* golden
stdout:
11520 lines compared
*/
