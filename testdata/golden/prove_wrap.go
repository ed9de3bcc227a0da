// golden: run
// Indexes that wrap around, huge strides, conversions of signs and widths: no check may be taken for superfluous that is not.
package main

const (
	maxInt = int(^uint(0) >> 1)
	minInt = -maxInt - 1
)

// try says what f does: its result, or the run-time error it panics with.
func try(name string, arg int, f func() int) {
	defer func() {
		if e := recover(); e != nil {
			println(name, arg, "panics:", e.(error).Error())
		}
	}()
	println(name, arg, f())
}

//go:noinline
func next(a []int, i int) int {
	if i >= 0 {
		j := i + 1
		if j < len(a) {
			return a[j] // i + 1 can wrap
		}
	}
	return -1
}

//go:noinline
func before(a []int, i int) int {
	if i < len(a) {
		return a[i-1] // i - 1 can wrap, or be negative
	}
	return -1
}

//go:noinline
func huge(a []int, stride int) (n int) {
	for i := 0; i < len(a); i += stride {
		n += a[i] // i can become negative when the stride is huge
		if n > 1000 {
			break
		}
	}
	return
}

//go:noinline
func strideConst(a []int) (n int) {
	for i := 1; i < len(a); i += maxInt {
		n += a[i]
	}
	return
}

//go:noinline
func down(a []int) (n int) {
	for i := len(a) - 1; i >= minInt; i-- { // always true: runs into -1
		n += a[i]
	}
	return
}

//go:noinline
func downUint(a []int) (n int) {
	for i := uint(len(a)) - 1; i >= 0; i-- { // never negative: wraps to the largest
		n += a[i]
	}
	return
}

//go:noinline
func toUnsigned(a []int, i int) int {
	if uint(i) < uint(len(a)) {
		return a[i]
	}
	return -1
}

//go:noinline
func toUnsignedOff(a []int, i int) int {
	if uint(i) <= uint(len(a)) {
		return a[i]
	}
	return -1
}

//go:noinline
func narrow(a []int, i int) int {
	if k := uint8(i); int(k) < len(a) {
		return a[i] // i is not k
	}
	return -1
}

//go:noinline
func narrowSigned(a []int, i uint8) int { return a[int8(i)] }

//go:noinline
func int8Loop(a []int) (n int) {
	for i := int8(0); int(i) < len(a); i++ { // wraps to -128 after 127
		n += a[i]
	}
	return
}

//go:noinline
func uint8Loop(a []int) (n int) {
	for i := uint8(0); int(i) < len(a); i++ { // wraps to 0 after 255
		n += a[i]
		if n > 600 {
			break
		}
	}
	return
}

//go:noinline
func negate(a []int, i int) int {
	if i < 0 {
		return a[-i] // -minInt is minInt
	}
	return a[0]
}

//go:noinline
func abs(a [4]int, i int) int {
	if i < 0 {
		i = -i
	}
	return a[i%4] // minInt stays negative, but minInt % 4 is 0
}

//go:noinline
func abs3(a [3]int, i int) int {
	if i < 0 {
		i = -i
	}
	return a[i%3] // minInt % 3 is -2
}

//go:noinline
func mul(a []int, i, j int) int {
	if i > 0 && j > 0 && i*j < len(a) {
		return a[i*j] // the product can wrap below 0
	}
	return -1
}

//go:noinline
func average(a []int, lo, hi int) int {
	if 0 <= lo && lo < hi {
		if m := (lo + hi) / 2; m < len(a) {
			return a[m] // the sum can wrap
		}
	}
	return -1
}

//go:noinline
func shift(a []int, k uint) int {
	if i := 1 << k; i < len(a) {
		return a[i] // 1 << 63 is negative
	}
	return -1
}

//go:noinline
func rem(a []int, i int) int { return a[i%len(a)] }

//go:noinline
func equal(a []int, i, j int) int {
	if i == j && j < len(a) {
		return a[i]
	}
	return -1
}

//go:noinline
func difference(s string, i, j int) string {
	if j-i >= 0 && j <= len(s) {
		return s[i:j] // j - i can wrap
	}
	return "-"
}

//go:noinline
func sum(s []byte, off, n int) int {
	if off >= 0 && n >= 0 && off+n <= len(s) {
		return len(s[off : off+n]) // the sum can wrap
	}
	return -1
}

//go:noinline
func shrinking(a []int) (n int) {
	for i := range a {
		n += a[i]
		if i == 1 {
			a = a[:2]
		}
	}
	return
}

//go:noinline
func capOnly(a []int, n int) int {
	if n <= cap(a) {
		return len(a[:n])
	}
	return -1
}

//go:noinline
func beyondLen(a []int) int {
	b := a[:cap(a)]
	return b[len(a)] // len may be cap
}

//go:noinline
func both(a []int, i, step int) (n int) {
	for j := 0; j < 4; j++ {
		if i < 0 || i >= len(a) {
			break
		}
		n += a[i]
		i += step
	}
	return n*100 + a[i]
}

//go:noinline
func farLimit(s string) (n int) {
	j := int64(len(s)) - 123
	for i := int64(0); i < j+122+int64(-1<<63); i++ { // wraps to the largest when s is empty
		n += len(s[i:])
	}
	return
}

//go:noinline
func mayBeNegative(a []int, n int) int {
	j := len(a) - n
	if j > -5 {
		k := j + 4
		return a[k] // k can be beyond the end
	}
	return -1
}

//go:noinline
func distance(a []int, i, j int) int {
	if i < j && j < len(a) {
		return a[j-i] // i can be far below 0
	}
	return -1
}

//go:noinline
func clamp(a []int, i int) int {
	ok := i >= 0 || len(a) == 0
	if ok && i < len(a) {
		return a[i]
	}
	return -1
}

func main() {
	a := []int{1, 2, 3, 4, 5}
	for _, i := range []int{0, 3, 4, maxInt, -1} {
		try("next", int(i), func() int { return next(a, i) })
	}
	for _, i := range []int{1, 0, minInt} {
		try("before", int(i), func() int { return before(a, i) })
	}
	for _, s := range []int{1, 3, maxInt, maxInt - 1, minInt, 0, -1} {
		try("huge", int(s), func() int { return huge(a, s) })
	}
	try("strideConst", 0, func() int { return strideConst(a) })
	try("down", 0, func() int { return down(a) })
	try("downUint", 0, func() int { return downUint(a) })
	for _, i := range []int{0, 4, 5, 256, 257, -1, minInt} {
		try("toUnsigned", int(i), func() int { return toUnsigned(a, i) })
		try("toUnsignedOff", int(i), func() int { return toUnsignedOff(a, i) })
		try("narrow", int(i), func() int { return narrow(a, i) })
		try("negate", int(i), func() int { return negate(a, i) })
		try("abs", int(i), func() int { return abs([4]int{1, 2, 3, 4}, i) })
		try("abs3", int(i), func() int { return abs3([3]int{1, 2, 3}, i) })
		try("rem", int(i), func() int { return rem(a, i) })
		try("equal", int(i), func() int { return equal(a, i, i) })
		try("capOnly", int(i), func() int { return capOnly(a, i) })
		try("both", int(i), func() int { return both(a, i, 2) })
	}
	try("narrowSigned 3", 0, func() int { return narrowSigned(a, 3) })
	try("narrowSigned 255", 0, func() int { return narrowSigned(a, 255) })
	ones := make([]int, 300)
	for i := range ones {
		ones[i] = 1
	}
	try("int8Loop", 0, func() int { return int8Loop(ones) })
	try("int8Loop short", 0, func() int { return int8Loop(a) })
	try("uint8Loop", 0, func() int { return uint8Loop(ones) })
	try("mul", 0, func() int { return mul(a, 2, 2) })
	try("mul wraps", 0, func() int { return mul(a, 1<<32+1, 1<<31) })
	try("average", 0, func() int { return average(a, 1, 4) })
	try("average wraps", 0, func() int { return average(a, maxInt-1, maxInt) })
	for _, k := range []uint{1, 2, 3, 63, 64} {
		try("shift", int(k), func() int { return shift(a, k) })
	}
	try("difference", 0, func() int { return len(difference("hello", 1, 3)) })
	try("difference wraps", 0, func() int { return len(difference("hello", maxInt, minInt+5)) })
	try("sum", 0, func() int { return sum(make([]byte, 9), 3, 4) })
	try("sum wraps", 0, func() int { return sum(make([]byte, 9), maxInt, 2) })
	try("shrinking", 0, func() int { return shrinking([]int{1, 2, 3}) })
	try("farLimit", 0, func() int { return farLimit("") })
	try("farLimit x", 0, func() int { return farLimit("x") })
	for _, n := range []int{0, 5, 9, 10, maxInt, minInt} {
		try("mayBeNegative", n, func() int { return mayBeNegative(a, n) })
	}
	for _, i := range []int{0, 3, -1, -2, minInt, minInt + 4} {
		try("distance", i, func() int { return distance(a, i, 3) })
		try("clamp", i, func() int { return clamp(a, i) })
		try("clamp empty", i, func() int { return clamp(nil, i) })
	}
	try("beyondLen", 0, func() int { return beyondLen(a) })
	try("beyondLen room", 0, func() int { return beyondLen(a[:2]) })
}
/* golden
stderr:
next 0 2
next 3 5
next 4 -1
next 9223372036854775807 panics: runtime error: index out of range [-9223372036854775808]
next -1 -1
before 1 1
before 0 panics: runtime error: index out of range [-1]
before -9223372036854775808 panics: runtime error: index out of range [9223372036854775807] with length 5
huge 1 15
huge 3 5
huge 9223372036854775807 1
huge 9223372036854775806 1
huge -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
huge 0 1001
huge -1 panics: runtime error: index out of range [-1]
strideConst 0 panics: runtime error: index out of range [-9223372036854775808]
down 0 panics: runtime error: index out of range [-1]
downUint 0 panics: runtime error: index out of range [18446744073709551615] with length 5
toUnsigned 0 1
toUnsignedOff 0 1
narrow 0 1
negate 0 1
abs 0 1
abs3 0 1
rem 0 1
equal 0 1
capOnly 0 0
both 0 panics: runtime error: index out of range [6] with length 5
toUnsigned 4 5
toUnsignedOff 4 5
narrow 4 5
negate 4 1
abs 4 1
abs3 4 2
rem 4 5
equal 4 5
capOnly 4 4
both 4 panics: runtime error: index out of range [6] with length 5
toUnsigned 5 -1
toUnsignedOff 5 panics: runtime error: index out of range [5] with length 5
narrow 5 -1
negate 5 1
abs 5 2
abs3 5 3
rem 5 1
equal 5 -1
capOnly 5 5
both 5 panics: runtime error: index out of range [5] with length 5
toUnsigned 256 -1
toUnsignedOff 256 -1
narrow 256 panics: runtime error: index out of range [256] with length 5
negate 256 1
abs 256 1
abs3 256 2
rem 256 2
equal 256 -1
capOnly 256 -1
both 256 panics: runtime error: index out of range [256] with length 5
toUnsigned 257 -1
toUnsignedOff 257 -1
narrow 257 panics: runtime error: index out of range [257] with length 5
negate 257 1
abs 257 2
abs3 257 3
rem 257 3
equal 257 -1
capOnly 257 -1
both 257 panics: runtime error: index out of range [257] with length 5
toUnsigned -1 -1
toUnsignedOff -1 -1
narrow -1 -1
negate -1 2
abs -1 2
abs3 -1 2
rem -1 panics: runtime error: index out of range [-1]
equal -1 panics: runtime error: index out of range [-1]
capOnly -1 panics: runtime error: slice bounds out of range [:-1]
both -1 panics: runtime error: index out of range [-1]
toUnsigned -9223372036854775808 -1
toUnsignedOff -9223372036854775808 -1
narrow -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
negate -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
abs -9223372036854775808 1
abs3 -9223372036854775808 panics: runtime error: index out of range [-2]
rem -9223372036854775808 panics: runtime error: index out of range [-3]
equal -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
capOnly -9223372036854775808 panics: runtime error: slice bounds out of range [:-9223372036854775808]
both -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
narrowSigned 3 0 4
narrowSigned 255 0 panics: runtime error: index out of range [-1]
int8Loop 0 panics: runtime error: index out of range [-128]
int8Loop short 0 15
uint8Loop 0 601
mul 0 5
mul wraps 0 panics: runtime error: index out of range [-9223372034707292160]
average 0 3
average wraps 0 panics: runtime error: index out of range [-1]
shift 1 3
shift 2 5
shift 3 -1
shift 63 panics: runtime error: index out of range [-9223372036854775808]
shift 64 1
difference 0 2
difference wraps 0 panics: runtime error: slice bounds out of range [:-9223372036854775803]
sum 0 4
sum wraps 0 panics: runtime error: slice bounds out of range [:-9223372036854775807]
shrinking 0 panics: runtime error: index out of range [2] with length 2
farLimit 0 panics: runtime error: slice bounds out of range [1:0]
farLimit x 0 0
mayBeNegative 0 panics: runtime error: index out of range [9] with length 5
mayBeNegative 5 5
mayBeNegative 9 1
mayBeNegative 10 -1
mayBeNegative 9223372036854775807 -1
mayBeNegative -9223372036854775808 -1
distance 0 4
clamp 0 1
clamp empty 0 -1
distance 3 -1
clamp 3 4
clamp empty 3 -1
distance -1 5
clamp -1 -1
clamp empty -1 panics: runtime error: index out of range [-1]
distance -2 panics: runtime error: index out of range [5] with length 5
clamp -2 -1
clamp empty -2 panics: runtime error: index out of range [-2]
distance -9223372036854775808 panics: runtime error: index out of range [-9223372036854775805]
clamp -9223372036854775808 -1
clamp empty -9223372036854775808 panics: runtime error: index out of range [-9223372036854775808]
distance -9223372036854775804 panics: runtime error: index out of range [9223372036854775807] with length 5
clamp -9223372036854775804 -1
clamp empty -9223372036854775804 panics: runtime error: index out of range [-9223372036854775804]
beyondLen 0 panics: runtime error: index out of range [5] with length 5
beyondLen room 0 3
*/
