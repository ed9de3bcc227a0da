package runtime

import "unsafe"

// What debuggers that know gc's runtime ask for, by gc's names: Delve's goroutines are allgs, whose
// fields it knows; types that interfaces hold are found by their distance from firstmoduledata.types.
// The C side has the variables and uses them; types mirror its own as far as somebody reads them, which
// sched.c asserts.

type stack struct{ lo, hi uintptr }

// Of a goroutine that doesn't run: pc is a place in vole_switch, where unwind information says what
// registers it has left on its stack.
type gobuf struct{ sp, pc uintptr }

type g struct {
	stack        stack
	guard        uintptr
	sched        gobuf
	far          unsafe.Pointer
	hopSP, limit uintptr
	use          uint32
	m            *m
	atomicstatus uint32
	schedlink    *g
	sleepTimer   unsafe.Pointer
	fiber        unsafe.Pointer
	goid         uint64
	parentGoid   uint64
	fn           unsafe.Pointer
	gopc         uintptr
	startpc      uintptr
	waitreason   uint8
	waitsince    int64
	defers       unsafe.Pointer
	_panic       *_panic
	lockedm      *m
	param        unsafe.Pointer
	waiting      unsafe.Pointer
	sema         unsafe.Pointer
	leaked       bool
	selectDone   uint32
	paniconfault uint8
	system       uint8
	lockedExt    int32
	lockedInt    int32
	sig          uint32
	sigcode0     uintptr
	sigcode1     uintptr
	sigpc        uintptr
	syscallpc    uintptr
	syscallfp    uintptr
	labels       unsafe.Pointer
}

type m struct {
	g0sp, g0lo, g0hi uintptr
	curg             *g
}

var (
	allgs   **g
	allglen uintptr
)

type moduledata struct {
	text, etext   uintptr
	types, etypes uintptr
	typemap       map[int32]unsafe.Pointer // gc's, for types that modules share: there are none
	next          *moduledata
}

var firstmoduledata moduledata
