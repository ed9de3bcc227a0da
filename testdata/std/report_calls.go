// golden: tool -m
package main

import (
	"bytes"
	"math"
	"math/bits"
	"os"
	"sort"
)

// math.Abs and the like are functions of Go for gc's inliner on amd64, math.Floor and math/bits' most operations.
func floats(x float64) (float64, uint64, int) {
	return math.Copysign(math.Abs(x), math.Floor(x)) + math.Sqrt(x), math.Float64bits(x), bits.LeadingZeros64(uint64(x)) + bits.Len8(3)
}

// slices.Sort passes its dictionary on: too much for sort.Strings.
func order(s []string) { sort.Strings(s) }

// os.File holds an atomic.Pointer: its methods are compiled here as well.
func file(f *os.File, b *bytes.Buffer) string { return f.Name() + b.String() }

func main() {
	println(floats(2))
	order(nil)
	println(file(os.Stdout, &bytes.Buffer{}))
}
/* golden
stderr:
GOROOT/src/sync/atomic/type.go:58:6: can inline atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Load
GOROOT/src/sync/atomic/type.go:58:6: inlining call to atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Load
GOROOT/src/sync/atomic/type.go:58:6: can inline atomic.(*Pointer[os.dirInfo]).Load
GOROOT/src/sync/atomic/type.go:61:6: can inline atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Store
GOROOT/src/sync/atomic/type.go:61:6: inlining call to atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Store
GOROOT/src/sync/atomic/type.go:61:6: can inline atomic.(*Pointer[os.dirInfo]).Store
GOROOT/src/sync/atomic/type.go:64:6: can inline atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Swap
GOROOT/src/sync/atomic/type.go:64:6: inlining call to atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).Swap
GOROOT/src/sync/atomic/type.go:64:6: can inline atomic.(*Pointer[os.dirInfo]).Swap
GOROOT/src/sync/atomic/type.go:67:6: can inline atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).CompareAndSwap
GOROOT/src/sync/atomic/type.go:67:6: inlining call to atomic.(*Pointer[go.shape.struct { os.mu sync.Mutex; os.buf *[]uint8; os.nbuf int; os.bufp int }]).CompareAndSwap
GOROOT/src/sync/atomic/type.go:67:6: can inline atomic.(*Pointer[os.dirInfo]).CompareAndSwap
./report_calls.go:13:6: can inline floats
./report_calls.go:18:6: can inline order
./report_calls.go:21:6: can inline file
./report_calls.go:14:31: inlining call to math.Abs
./report_calls.go:14:22: inlining call to math.Copysign
./report_calls.go:14:62: inlining call to math.Sqrt
./report_calls.go:14:83: inlining call to math.Float64bits
./report_calls.go:14:107: inlining call to bits.LeadingZeros64
./report_calls.go:14:31: inlining call to math.Float64frombits
./report_calls.go:14:31: inlining call to math.Float64bits
./report_calls.go:14:22: inlining call to math.Float64frombits
./report_calls.go:14:22: inlining call to math.Float64bits
./report_calls.go:14:22: inlining call to math.Float64bits
./report_calls.go:21:62: inlining call to os.(*File).Name
./report_calls.go:21:75: inlining call to bytes.(*Buffer).String
./report_calls.go:24:16: inlining call to floats
./report_calls.go:25:7: inlining call to order
./report_calls.go:26:14: inlining call to file
./report_calls.go:24:16: inlining call to math.Abs
./report_calls.go:24:16: inlining call to math.Copysign
./report_calls.go:24:16: inlining call to math.Sqrt
./report_calls.go:24:16: inlining call to math.Float64bits
./report_calls.go:24:16: inlining call to bits.LeadingZeros64
./report_calls.go:26:14: inlining call to os.(*File).Name
./report_calls.go:26:14: inlining call to bytes.(*Buffer).String
./report_calls.go:24:16: inlining call to math.Float64frombits
./report_calls.go:24:16: inlining call to math.Float64bits
./report_calls.go:24:16: inlining call to math.Float64frombits
./report_calls.go:24:16: inlining call to math.Float64bits
./report_calls.go:24:16: inlining call to math.Float64bits
./report_calls.go:18:12: s does not escape
./report_calls.go:21:11: f does not escape
./report_calls.go:21:23: b does not escape
./report_calls.go:21:65: ~r0 + ~r0 escapes to heap
./report_calls.go:21:75: string(bytes.b.buf[bytes.b.off:]) does not escape
./report_calls.go:26:26: &bytes.Buffer{} does not escape
./report_calls.go:26:14: ~r0 + ~r0 does not escape
./report_calls.go:26:14: string(bytes.b.buf[bytes.b.off:]) does not escape
*/
