package runtime

import "unsafe"

// What the C side makes of its own panics.
func makePlainError(s string) any   { return plainError(s) }
func makeErrorString(s string) any  { return errorString(s) }
func makePanicNilError() any {
	if nilPanics() {
		return nil
	}
	return new(PanicNilError)
}
func panicmemAddr(addr uintptr)     { panic(errorAddressString{"invalid memory address or nil pointer dereference", addr}) }
func panicfloat()                   { panic(errorString("floating point error")) }

// errorAddressString is an error about a memory access, which tells its address
// (debug.SetPanicOnFault).
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.msg }
func (e errorAddressString) Addr() uintptr { return e.addr }

// _panic is runtime/panic.h's struct Panic.
type _panic struct {
	arg                                      any
	link                                     *_panic
	frame                                    uintptr
	recovered, goexit, repanicked, deferring bool
}

// tracebackBubble has the process, when it dies now, tell about the bubble's goroutines too.
func tracebackBubble(b *synctestBubble)

type stringer interface{ String() string }

// preprintPanics turns the values to be printed into text while the program's own methods may still
// run.
func preprintPanics(p *_panic) {
	defer func() {
		const text = "panic while printing panic value"
		switch r := recover().(type) {
		case nil:
		case string:
			throw(text + ": " + r)
		default:
			throw(text + ": type " + abiString(efaceOf(&r).typ))
		}
	}()
	markRepanicked(p)
	for ; p != nil; p = p.link {
		if p.link != nil && p.link.repanicked {
			continue
		}
		switch v := p.arg.(type) {
		case synctestDeadlockError:
			tracebackBubble(v.bubble)
			p.arg = v.Error()
		case error:
			p.arg = v.Error()
		case stringer:
			p.arg = v.String()
		}
	}
}

// markRepanicked marks panics whose value the next panic has again: it is told once.
func markRepanicked(p *_panic) {
	for ; p != nil; p = p.link {
		if p.link != nil && *efaceOf(&p.link.arg) == *efaceOf(&p.arg) {
			p.link.repanicked = true
		}
	}
}

// printPreFatalPanics tells about the panics that deferred calls ran for when one of them made a
// fatal error. No method of the program runs any more.
func printPreFatalPanics(p *_panic) {
	markRepanicked(p)
	printPanics(p)
	print("\t")
}

// fatalpanic is where debuggers stop for a panic that nobody recovered, by this name.
//
//go:noinline
func fatalpanic(p *_panic) { printPanics(p) }

func printPanics(p *_panic) {
	if p.link != nil {
		printPanics(p.link)
		if p.link.repanicked {
			return
		}
		if !p.link.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printPanicValue(p.arg)
	if p.recovered && p.repanicked {
		print(" [recovered, repanicked]")
	} else if p.recovered {
		print(" [recovered]")
	}
	print("\n")
}

func printIndented(s string) {
	start := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			print(s[start:i+1], "\t")
			start = i + 1
		}
	}
	print(s[start:])
}

func printPanicValue(v any) {
	switch v := v.(type) {
	case nil:
		print("nil")
	case bool:
		print(v)
	case int:
		print(v)
	case int8:
		print(v)
	case int16:
		print(v)
	case int32:
		print(v)
	case int64:
		print(v)
	case uint:
		print(v)
	case uint8:
		print(v)
	case uint16:
		print(v)
	case uint32:
		print(v)
	case uint64:
		print(v)
	case uintptr:
		print(v)
	case float32:
		print(v)
	case float64:
		print(v)
	case complex64:
		print(v)
	case complex128:
		print(v)
	case string:
		printIndented(v)
	default:
		printCustom(v)
	}
}

// typeHead is the head of a type descriptor.
type typeHead struct {
	size, ptrBytes            uintptr
	hash                      uint32
	tflag, align, field, kind uint8
}

// printCustom prints values of defined basic types as type(value), others by address.
func printCustom(v any) {
	e := (*struct {
		typ  *typeHead
		data unsafe.Pointer
	})(unsafe.Pointer(&v))
	s := typeString(unsafe.Pointer(e.typ))
	p := e.data
	switch e.typ.kind {
	case 1:
		print(s, "(", *(*bool)(p), ")")
	case 2, 6:
		print(s, "(", *(*int64)(p), ")")
	case 3:
		print(s, "(", *(*int8)(p), ")")
	case 4:
		print(s, "(", *(*int16)(p), ")")
	case 5:
		print(s, "(", *(*int32)(p), ")")
	case 7, 11, 12:
		print(s, "(", *(*uint64)(p), ")")
	case 8:
		print(s, "(", *(*uint8)(p), ")")
	case 9:
		print(s, "(", *(*uint16)(p), ")")
	case 10:
		print(s, "(", *(*uint32)(p), ")")
	case 13:
		print(s, "(", *(*float32)(p), ")")
	case 14:
		print(s, "(", *(*float64)(p), ")")
	case 15:
		print(s, *(*complex64)(p))
	case 16:
		print(s, *(*complex128)(p))
	case 24:
		print(s, `("`)
		printIndented(*(*string)(p))
		print(`")`)
	default:
		print("(", s, ") ", p)
	}
}
