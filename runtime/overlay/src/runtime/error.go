package runtime

import "unsafe"

// Error identifies a run time error: what panics that the language itself raises hold.
type Error interface {
	error
	RuntimeError()
}

// errorString is an error whose text is prefixed with "runtime error: ".
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is an error whose text stands as it is.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	_ [0]func()
}

func (*PanicNilError) Error() string { return "runtime error: panic called with nil argument" }
func (*PanicNilError) RuntimeError() {}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	iface, concrete, asserted unsafe.Pointer // type descriptors; nil where unknown
	missingMethod             string
}

func (*TypeAssertionError) RuntimeError() {}

func typeString(t unsafe.Pointer) string
func typePkgPath(t unsafe.Pointer) string

func (e *TypeAssertionError) Error() string {
	inter := "interface"
	if e.iface != nil {
		inter = typeString(e.iface)
	}
	as := typeString(e.asserted)
	if e.concrete == nil {
		return "interface conversion: " + inter + " is nil, not " + as
	}
	cs := typeString(e.concrete)
	if e.missingMethod == "" {
		msg := "interface conversion: " + inter + " is " + cs + ", not " + as
		if cs == as {
			if typePkgPath(e.concrete) != typePkgPath(e.asserted) {
				msg += " (types from different packages)"
			} else {
				msg += " (types from different scopes)"
			}
		}
		return msg
	}
	return "interface conversion: " + cs + " is not " + as + ": missing method " + e.missingMethod
}

// boundsError is an index or slice bound out of range; code is how the access was written.
type boundsError struct {
	x      int64
	y      int
	signed bool
	code   uint8
}

func (boundsError) RuntimeError() {}

// For each code the words with a bound (x index, y bound) and, for negative indices, without.
var boundsWords = [...][2]string{
	{"index out of range [%x] with length %y", "index out of range [%x]"},
	{"slice bounds out of range [:%x] with length %y", "slice bounds out of range [:%x]"},
	{"slice bounds out of range [:%x] with capacity %y", "slice bounds out of range [:%x]"},
	{"slice bounds out of range [%x:%y]", "slice bounds out of range [%x:]"},
	{"slice bounds out of range [::%x] with length %y", "slice bounds out of range [::%x]"},
	{"slice bounds out of range [::%x] with capacity %y", "slice bounds out of range [::%x]"},
	{"slice bounds out of range [:%x:%y]", "slice bounds out of range [:%x:]"},
	{"slice bounds out of range [%x:%y:]", "slice bounds out of range [%x::]"},
	{"cannot convert slice with length %y to array or pointer to array with length %x", "cannot convert slice with length %y to array or pointer to array with length %x"},
}

func (e boundsError) Error() string {
	negative := e.signed && e.x < 0
	words := boundsWords[e.code][0]
	if negative {
		words = boundsWords[e.code][1]
	}
	b := make([]byte, 0, 100)
	b = append(b, "runtime error: "...)
	start := 0
	for i := 0; i+1 < len(words); i++ {
		if words[i] != '%' {
			continue
		}
		b = append(b, words[start:i]...)
		if words[i+1] == 'x' {
			b = appendDecimal(b, uint64(e.x), e.signed)
		} else {
			b = appendDecimal(b, uint64(e.y), true)
		}
		start = i + 2
	}
	return string(append(b, words[start:]...))
}

func appendDecimal(to []byte, v uint64, signed bool) []byte {
	var b [20]byte
	i := len(b)
	neg := signed && int64(v) < 0
	if neg {
		v = -v
	}
	for {
		i--
		b[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	if neg {
		i--
		b[i] = '-'
	}
	return append(to, b[i:]...)
}

var (
	divideError   = error(errorString("integer divide by zero"))
	shiftError    = error(errorString("negative shift amount"))
	memoryError   = error(errorString("invalid memory address or nil pointer dereference"))
	overflowError = error(errorString("integer overflow"))
)

func panicBounds(x int64, y int, signed bool, code int32) { panicBounds64(x, y, signed, code) }

//go:noinline
func panicBounds64(x int64, y int, signed bool, code int32) {
	panic(boundsError{x, y, signed, uint8(code)})
}
func panicdivide()   { panic(divideError) }
func panicshift()    { panic(shiftError) }
func panicmem()      { panic(memoryError) }
func panicoverflow() { panic(overflowError) }

func panicunsafeslicelen()      { panic(errorString("unsafe.Slice: len out of range")) }
func panicunsafeslicenilptr()   { panic(errorString("unsafe.Slice: ptr is nil and len is not zero")) }
func panicunsafestringlen()     { panic(errorString("unsafe.String: len out of range")) }
func panicunsafestringnilptr()  { panic(errorString("unsafe.String: ptr is nil and len is not zero")) }
func panicPlain(s string)       { panic(plainError(s)) }
func panicErrorString(s string) { panic(errorString(s)) }

func makeUncomparableError(t unsafe.Pointer) any {
	return errorString("comparing uncomparable type " + typeString(t))
}
func makeUnhashableError(t unsafe.Pointer) any { return errorString("hash of unhashable type " + typeString(t)) }

func panicTypeAssert(concrete, asserted unsafe.Pointer, missing string) {
	panic(&TypeAssertionError{nil, concrete, asserted, missing})
}
func panicdottypeE(have, want, iface unsafe.Pointer) {
	panic(&TypeAssertionError{iface, have, want, ""})
}
func panicnildottype(want unsafe.Pointer) { panic(&TypeAssertionError{nil, nil, want, ""}) }

func panicwrap(pkg, typ, meth string) {
	panic(plainError("value method " + pkg + "." + typ + "." + meth + " called using nil *" + typ + " pointer"))
}

// panicrangestate reports the misuse of a range-over-func body; state is one of abi.RF_*.
func panicrangestate(state int) {
	switch state {
	case 0:
		panic(errorString("range function continued iteration after function for loop body returned false"))
	case 2:
		panic(errorString("range function continued iteration after loop body panic"))
	case 3:
		panic(errorString("range function continued iteration after whole loop exit"))
	case 4:
		panic(errorString("range function recovered a loop body panic and did not resume panicking"))
	}
	panic(errorString("unexpected state set by defer and recover in range-over-func"))
}
