package reflect

import (
	"internal/abi"
	"unsafe"
)

// Why: GOROOT's versions place arguments by gc's calling convention and do not tell the runtime the
// function's type. Ours hand over memory, one piece for each argument and result; runtime/reflect.c
// places it.

// What these are given as args and results they do not keep; what lies there escapes (memoryOf,
// newMemory), and so do closure and receiver.

// callFunc calls the closure fn of type t. rcvr is the receiver's data word if method is set.
//
//go:noescape
//go:linkname callFunc runtime.callFunc
func callFunc(t *funcType, fn, rcvr unsafe.Pointer, method bool, args, results *unsafe.Pointer)

// loadArgs copies the arguments that a stub found to *args.
//
//go:noescape
func loadArgs(t *funcType, regs unsafe.Pointer, args *unsafe.Pointer)

// storeResults copies the results to where the stub's caller wants them.
//
//go:noescape
func storeResults(t *funcType, regs unsafe.Pointer, results *unsafe.Pointer)

// beTransparent makes recover work in what its caller calls, if the stub that called that was
// deferred.
func beTransparent()

// newMemory puts the addresses of fresh memory for a value of each type into mem.
func newMemory(mem []unsafe.Pointer, types []*abi.Type) {
	for i, t := range types {
		mem[i] = unsafe_New(t)
	}
}

// valueAt is the value of type t in memory that nothing else writes to.
func valueAt(t *abi.Type, p unsafe.Pointer) Value {
	if t.Size() == 0 {
		return Zero(toRType(t))
	}
	if t.IsDirectIface() {
		return Value{t, *(*unsafe.Pointer)(p), flag(t.Kind())}
	}
	return Value{t, p, flagIndir | flag(t.Kind())}
}

// memoryOf is memory that holds v.
func memoryOf(v Value) unsafe.Pointer {
	escapes(v.ptr)
	if v.flag&flagIndir != 0 {
		return v.ptr
	}
	p := new(unsafe.Pointer)
	*p = v.ptr
	escapes(p)
	return unsafe.Pointer(p)
}

// packVariadic is in with the values from n on put into a slice of the function's last parameter's
// type.
func packVariadic(op string, t *funcType, in []Value, n int) []Value {
	st := toRType(t.In(n))
	rest := MakeSlice(st, len(in)-n, len(in)-n)
	for i, x := range in[n:] {
		if !x.Type().AssignableTo(st.Elem()) {
			panic("reflect: cannot use " + x.Type().String() + " as type " + st.Elem().String() + " in " + op)
		}
		rest.Index(i).Set(x)
	}
	return append(append(make([]Value, 0, n+1), in[:n]...), rest)
}

func (v Value) call(op string, in []Value) []Value {
	t := (*funcType)(unsafe.Pointer(v.typ()))
	var fn, rcvr unsafe.Pointer
	method := v.flag&flagMethod != 0
	if method {
		_, t, fn = methodReceiver(op, v, int(v.flag)>>flagMethodShift)
		storeRcvr(v, unsafe.Pointer(&rcvr))
	} else if fn = v.ptr; v.flag&flagIndir != 0 {
		fn = *(*unsafe.Pointer)(v.ptr)
	}
	if fn == nil {
		panic("reflect.Value.Call: call of nil function")
	}
	n := t.NumIn()
	pack := t.IsVariadic()
	if op == "CallSlice" {
		if !pack {
			panic("reflect: CallSlice of non-variadic function")
		}
		pack = false
	} else if pack {
		n--
	}
	if len(in) < n {
		panic("reflect: " + op + " with too few input arguments")
	}
	if !pack && len(in) > n {
		panic("reflect: " + op + " with too many input arguments")
	}
	for _, x := range in {
		if x.Kind() == Invalid {
			panic("reflect: " + op + " using zero Value argument")
		}
	}
	for i, x := range in[:n] {
		if !x.Type().AssignableTo(toRType(t.In(i))) {
			panic("reflect: " + op + " using " + x.Type().String() + " as type " + stringFor(t.In(i)))
		}
	}
	if pack {
		in = packVariadic(op, t, in, n)
	}
	args := make([]unsafe.Pointer, len(in)+1) // never empty: its first element's address is taken
	for i, x := range in {
		x.mustBeExported()
		args[i] = memoryOf(x.assignTo("reflect.Value.Call", t.In(i), nil))
	}
	results := make([]unsafe.Pointer, t.NumOut()+1)
	newMemory(results, t.OutSlice())
	escapes(fn)
	escapes(rcvr)
	callFunc(t, fn, rcvr, method, &args[0], &results[0])
	var out []Value
	for i, typ := range t.OutSlice() {
		if out == nil {
			out = make([]Value, 0, t.NumOut())
		}
		out = append(out, valueAt(typ, results[i]))
	}
	return out
}

// callReflect is what a function made by MakeFunc does; makeFuncStub calls it.
func callReflect(ctxt *makeFuncImpl, regs unsafe.Pointer) {
	t := ctxt.ftyp
	args := make([]unsafe.Pointer, t.NumIn()+1)
	newMemory(args, t.InSlice())
	loadArgs(t, regs, &args[0])
	in := make([]Value, 0, t.NumIn())
	for i, typ := range t.InSlice() {
		in = append(in, valueAt(typ, args[i]))
	}
	beTransparent()
	out := ctxt.fn(in)
	if len(out) != t.NumOut() {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	results := make([]unsafe.Pointer, len(out)+1)
	for i, typ := range t.OutSlice() {
		v := out[i]
		if v.typ() == nil {
			panic("reflect: function created by MakeFunc using " + funcName(ctxt.fn) + " returned zero Value")
		}
		if v.flag&flagRO != 0 {
			panic("reflect: function created by MakeFunc using " + funcName(ctxt.fn) + " returned value obtained from unexported field")
		}
		results[i] = memoryOf(v.assignTo("reflect.MakeFunc", typ, nil))
	}
	storeResults(t, regs, &results[0])
}

// callMethod is what a method value made by reflection does; methodValueCall calls it.
func callMethod(ctxt *methodValue, regs unsafe.Pointer) {
	_, t, fn := methodReceiver("call", ctxt.rcvr, ctxt.method)
	var rcvr unsafe.Pointer
	storeRcvr(ctxt.rcvr, unsafe.Pointer(&rcvr))
	args := make([]unsafe.Pointer, t.NumIn()+1)
	newMemory(args, t.InSlice())
	loadArgs(t, regs, &args[0])
	results := make([]unsafe.Pointer, t.NumOut()+1)
	newMemory(results, t.OutSlice())
	escapes(rcvr)
	callFunc(t, fn, rcvr, true, &args[0], &results[0])
	storeResults(t, regs, &results[0])
}
