package runtime

import (
	"internal/strconv"
	"unsafe"
)

// print and println of floats: the shortest decimals that read back as the same value. The rest is
// in runtime/print.c.

// The longest texts have sign, digits, point, e, sign and exponent.
const (
	float64Bytes = 1 + 17 + 1 + 1 + 1 + 3
	float32Bytes = 1 + 9 + 1 + 1 + 1 + 2
)

func printBytes(b []byte) { print(unsafe.String(unsafe.SliceData(b), len(b))) }

func printfloat64(v float64) {
	var b [float64Bytes]byte
	printBytes(strconv.AppendFloat(b[:0], v, 'g', -1, 64))
}

func printfloat32(v float32) {
	var b [float32Bytes]byte
	printBytes(strconv.AppendFloat(b[:0], float64(v), 'g', -1, 32))
}

func printcomplex128(v complex128) {
	var b [2*float64Bytes + len("(i)")]byte
	printBytes(strconv.AppendComplex(b[:0], v, 'g', -1, 128))
}

func printcomplex64(v complex64) {
	var b [2*float32Bytes + len("(i)")]byte
	printBytes(strconv.AppendComplex(b[:0], complex128(v), 'g', -1, 64))
}
