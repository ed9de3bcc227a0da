package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// What only modules pull by linkname: GOROOT's runtime lists it in comments ("hall of shame",
// testdata/linknames.sh reads them). What tells of gc's own tables says that it knows nothing.

func stringHash(s string, seed uintptr) uintptr {
	return strhash(unsafe.Pointer(&s), seed)
}

func strhash(p unsafe.Pointer, h uintptr) uintptr

func add(p unsafe.Pointer, x uintptr) unsafe.Pointer { return unsafe.Add(p, x) }

func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

func cheaprand64() int64         { return int64(rand()) }
func cheaprandn(n uint32) uint32 { return randn(n) }
func randn(n uint32) uint32
func cputicks() int64 { return nanotime() }

// callers skips like Callers, counted from the function that calls it.
//
//go:noinline
func callers(skip int, pcs []uintptr) int {
	if len(pcs) == 0 {
		return 0
	}
	return walk(skip+2, pcs)
}

// maps --------------------------------------------------------------------------------------------

// linknameIter is what callers of mapiterinit have room for: the head of an iterator of before Go
// 1.24, whose first two words they read.
type linknameIter struct {
	key, elem unsafe.Pointer
	typ       *abi.MapType
	it        *maps.Iter
}

func (it *linknameIter) advance() {
	it.it.Next()
	it.key, it.elem = it.it.Key(), it.it.Elem()
}

func mapiterinit(t *abi.MapType, m *maps.Map, it *linknameIter) {
	*it = linknameIter{typ: t, it: new(maps.Iter)}
	it.it.Init(t, m)
	it.advance()
}

func mapiternext(it *linknameIter) { it.advance() }

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t *abi.MapType, m *maps.Map, it *linknameIter) { mapiterinit(t, m, it) }

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *linknameIter) { it.advance() }

//go:linkname reflect_mapiterkey reflect.mapiterkey
func reflect_mapiterkey(it *linknameIter) unsafe.Pointer { return it.key }

//go:linkname reflect_mapiterelem reflect.mapiterelem
func reflect_mapiterelem(it *linknameIter) unsafe.Pointer { return it.elem }

// types -------------------------------------------------------------------------------------------

//go:linkname compiledTypelinks reflect.compiledTypelinks
func compiledTypelinks() (types, rest []*abi.Type)

// reflect_typelinks gives the offsets of the types that reflection can find, from the first one; those
// of plugins that lie too far away are left out.
//
//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() (sections []unsafe.Pointer, offsets [][]int32) {
	types, _ := compiledTypelinks()
	if len(types) == 0 {
		return nil, nil
	}
	base := unsafe.Pointer(types[0])
	at := make([]int32, 0, len(types))
	for _, t := range types {
		off := int64(uintptr(unsafe.Pointer(t)) - uintptr(base))
		if off == int64(int32(off)) {
			at = append(at, int32(off))
		}
	}
	return []unsafe.Pointer{base}, [][]int32{at}
}

// tables and stacks of gc's -----------------------------------------------------------------------

type funcInfo struct{ fn, module unsafe.Pointer }
type srcFunc struct {
	module    unsafe.Pointer
	nameOff   int32
	startLine int32
	funcID    uint8
}
type inlineUnwinder struct {
	f    funcInfo
	tree unsafe.Pointer
}
type inlineFrame struct {
	pc    uintptr
	index int32
}

var lastmoduledatap unsafe.Pointer

func moduledataverify1(module unsafe.Pointer)                                        {}
func findfunc(pc uintptr) (none funcInfo)                                            { return }
func funcline1(f funcInfo, pc uintptr, strict bool) (string, int32)                  { return "?", 0 }
func newInlineUnwinder(f funcInfo, pc uintptr) (u inlineUnwinder, frame inlineFrame) { return }

//go:linkname funcInfo_entry runtime.funcInfo.entry
func funcInfo_entry(funcInfo) uintptr { return 0 }

//go:linkname srcFunc_name runtime.srcFunc.name
func srcFunc_name(srcFunc) string { return "" }

//go:linkname inlineUnwinder_srcFunc runtime.(*inlineUnwinder).srcFunc
func inlineUnwinder_srcFunc(*inlineUnwinder, inlineFrame) (none srcFunc) { return }

// What gc has of cgo, write barriers and growing stacks.
var (
	iscgo                                      bool
	_cgo_setenv, _cgo_unsetenv, set_crosscall2 unsafe.Pointer
	overrideWrite                              func(fd uintptr, p unsafe.Pointer, n int32) int32
	goarm                                      uint8
	sched                                      [1024]byte
	writeBarrier                               struct {
		enabled bool
		pad     [3]byte
		alignme uint64
	}
)

func atomicwb(p *unsafe.Pointer, new unsafe.Pointer) {}
func gcWriteBarrier2()                               {}
func morestack_noctxt()                              {}
func cgocallback(fn, frame, ctxt uintptr)            { throw("no cgo") }
