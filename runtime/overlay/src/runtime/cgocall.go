package runtime

import (
	"internal/abi"
	"unsafe"
)

// What cmd/cgo's Go files pull by linkname: strings of C, and the check of the rule that memory
// passed to C holds no pointers to Go memory that is not pinned.

var cgoAlwaysFalse bool

func cgoUse(any)       {}
func cgoKeepAlive(any) {}
func cgoNoCallback(bool)

func cStringLength(p *byte) int

func gostring(p *byte) string {
	n := cStringLength(p)
	if n == 0 {
		return ""
	}
	return string(unsafe.Slice(p, n))
}

func gostringn(p *byte, n int) string {
	if n == 0 {
		return ""
	}
	return string(unsafe.Slice(p, n))
}

func gobytes(p *byte, n int) []byte {
	if n == 0 {
		return make([]byte, 0)
	}
	return append([]byte(nil), unsafe.Slice(p, n)...)
}

// cgoPanic is _cgo_panic's, which C calls.
func cgoPanic(a *struct{ text *byte }) { panic(gostring(a.text)) }

// isGoPointer: does p point into memory of Go's: the heap, variables, a stack? isPinned: has a Pinner
// the object, or is it a variable? holdsGoPointer: does the object hold a pointer to one that is not
// pinned? Which variables have pointers is not known: of one the word at p counts.
func isGoPointer(p unsafe.Pointer) bool
func isPinned(p unsafe.Pointer) bool
func holdsGoPointer(p unsafe.Pointer) bool
func cgoCheckLevel() int32

// cgoCheck is a check under way: of a call's argument, or of what Go gave C.
type cgoCheck struct{ result bool }

// cgoCheckPointer is called with an argument of a call to C. arg is what it was made from where that
// says how much of memory it means: true for the address of a variable or field, a slice, an array or
// a pointer to one for the address of an element.
func cgoCheckPointer(ptr any, arg any) {
	if cgoCheckLevel() == 0 {
		return
	}
	var c cgoCheck
	e := efaceOf(&ptr)
	t := e.typ
	if t == nil {
		return
	}
	if k := t.Kind(); arg != nil && (k == abi.Pointer || k == abi.UnsafePointer) {
		p := e.data
		if !t.IsDirectIface() {
			p = *(*unsafe.Pointer)(p)
		}
		if !isGoPointer(p) {
			return
		}
		a := efaceOf(&arg)
		switch a.typ.Kind() {
		case abi.Bool:
			if k == abi.Pointer {
				c.value((*abi.PtrType)(unsafe.Pointer(t)).Elem, p, false)
				return
			}
		case abi.Slice:
			c.value(a.typ, a.data, true)
			return
		case abi.Array:
			c.word(a.typ, a.data, false)
			return
		case abi.Pointer:
			c.value((*abi.PtrType)(unsafe.Pointer(a.typ)).Elem, a.data, false)
			return
		}
	}
	c.word(t, e.data, true)
}

// cgoCheckResult is called with what a Go function gives C.
func cgoCheckResult(val any) {
	if e := efaceOf(&val); e.typ != nil && cgoCheckLevel() != 0 {
		(&cgoCheck{result: true}).word(e.typ, e.data, false)
	}
}

// word checks what an interface's data word is or points to.
func (c *cgoCheck) word(t *abi.Type, data unsafe.Pointer, top bool) {
	if t.IsDirectIface() {
		if data != nil {
			c.value(t, unsafe.Pointer(&data), top)
		}
	} else {
		c.value(t, data, top)
	}
}

// pointer checks one of that kind in memory: at the top one to Go memory is right.
func (c *cgoCheck) pointer(kind abi.Kind, p unsafe.Pointer, top bool) (goes bool) {
	if !isGoPointer(p) {
		return false
	}
	if !top && !isPinned(p) {
		c.fail(kind)
	}
	return true
}

// value checks a value of type t at p.
func (c *cgoCheck) value(t *abi.Type, p unsafe.Pointer, top bool) {
	if !t.Pointers() || p == nil {
		return
	}
	switch k := t.Kind(); k {
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := range a.Len {
			c.value(a.Elem, add(p, i*a.Elem.Size_), top)
		}
	case abi.Struct:
		for _, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			c.value(f.Typ, add(p, f.Offset), top)
		}
	case abi.Chan, abi.Map:
		c.fail(k)
	case abi.Func:
		if isGoPointer(*(*unsafe.Pointer)(p)) {
			c.fail(k)
		}
	case abi.Interface:
		w := *(*[2]unsafe.Pointer)(p)
		if w[0] == nil || !c.pointer(k, w[1], top) {
			return
		}
		dynamic := (*abi.Type)(w[0])
		if (*abi.InterfaceType)(unsafe.Pointer(t)).NumMethod() > 0 {
			dynamic = (*abi.ITab)(w[0]).Type
		}
		c.word(dynamic, w[1], false)
	case abi.Slice:
		s := *(*[3]uintptr)(p)
		if elem := (*abi.SliceType)(unsafe.Pointer(t)).Elem; c.pointer(k, *(*unsafe.Pointer)(p), top) && elem.Pointers() {
			for i := range s[2] {
				c.value(elem, add(*(*unsafe.Pointer)(p), i*elem.Size_), false)
			}
		}
	case abi.String:
		c.pointer(k, *(*unsafe.Pointer)(p), top)
	case abi.Pointer, abi.UnsafePointer:
		to := *(*unsafe.Pointer)(p)
		if c.pointer(k, to, top) && holdsGoPointer(to) {
			c.fail(abi.Pointer)
		}
	}
}

// fail panics in gc's words. The function that C called is the one above cgoCheckResult's caller's
// caller, by the name that cmd/cgo gave it: a prefix of 21 bytes.
func (c *cgoCheck) fail(kind abi.Kind) {
	name := "pointer"
	switch kind {
	case abi.Chan:
		name = "channel"
	case abi.Func:
		name = "function"
	case abi.Interface, abi.Map, abi.Slice, abi.String, abi.Struct:
		name = kind.String()
	case abi.UnsafePointer:
		name = "unsafe pointer"
	}
	if !c.result {
		panic(errorString("argument of cgo function has Go pointer to unpinned Go " + name))
	}
	const prefix = len("_cgoexp_0123456789ab_")
	function, place := "unknown", ""
	for skip := 1; ; skip++ {
		pc, file, line, ok := Caller(skip)
		if !ok {
			break
		}
		f := FuncForPC(pc)
		if f == nil {
			continue
		}
		if n := f.Name(); len(n) > prefix && n[:8] == "_cgoexp_" {
			function, place = n[prefix:], string(appendDecimal([]byte(file+":"), uint64(line), false))
			break
		}
	}
	panic(errorString(place + ": result of Go function " + function +
		" called from cgo is unpinned Go " + name + " or points to unpinned Go " + name))
}
