package runtime

import (
	"internal/abi"
	"internal/race"
	"internal/runtime/maps"
	"internal/runtime/sys"
	"unsafe"
)

// What GOROOT's Swiss-table maps pull from their runtime, and the entry points that compiled code
// calls.

//go:linkname maps_errNilAssign internal/runtime/maps.errNilAssign
var maps_errNilAssign error = plainError("assignment to entry in nil map")

//go:linkname zeroVal runtime.zeroVal
var zeroVal [abi.ZeroValSize]byte

func makemap_small() *maps.Map { return maps.NewEmptyMap() }

func makemap(t *abi.MapType, hint int, m *maps.Map) *maps.Map {
	if hint < 0 {
		hint = 0
	}
	return maps.NewMap(t, uintptr(hint), m, 1<<47)
}

func mapdelete(t *abi.MapType, m *maps.Map, key unsafe.Pointer) {
	if race.Enabled && m != nil {
		caller, self := sys.GetCallerPC(), abi.FuncPCABIInternal(mapdelete)
		race.WritePC(unsafe.Pointer(m), caller, self)
		race.ReadObjectPC(t.Key, key, caller, self)
	}
	m.Delete(t, key)
}

func mapclear(t *abi.MapType, m *maps.Map) {
	if race.Enabled && m != nil {
		race.WritePC(unsafe.Pointer(m), sys.GetCallerPC(), abi.FuncPCABIInternal(mapclear))
	}
	m.Clear(t)
}

func mapIterStart(t *abi.MapType, m *maps.Map, it *maps.Iter) {
	if race.Enabled && m != nil {
		race.ReadPC(unsafe.Pointer(m), sys.GetCallerPC(), abi.FuncPCABIInternal(mapIterStart))
	}
	it.Init(t, m)
	it.Next()
}

func mapIterNext(it *maps.Iter) {
	if race.Enabled && it.Map() != nil {
		race.ReadPC(unsafe.Pointer(it.Map()), sys.GetCallerPC(), abi.FuncPCABIInternal(mapIterNext))
	}
	it.Next()
}

func maplen(m *maps.Map) int {
	if m == nil {
		return 0
	}
	return int(m.Used())
}

func newarray(t *abi.Type, n int) unsafe.Pointer
func newobject(t *abi.Type) unsafe.Pointer
func typedmemmove(t *abi.Type, dst, src unsafe.Pointer)
func typedmemclr(t *abi.Type, p unsafe.Pointer)

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(t *abi.Type, n int) unsafe.Pointer { return newarray(t, n) }

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(t *abi.Type) unsafe.Pointer { return newobject(t) }

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(t *abi.Type, dst, src unsafe.Pointer) { typedmemmove(t, dst, src) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(t *abi.Type, p unsafe.Pointer) { typedmemclr(t, p) }

//go:linkname maps_fatal internal/runtime/maps.fatal
func maps_fatal(s string) { fatal(s) }

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 { return rand() }

// The maps' typed fast paths hash by what they take for assembly, which is the C side's own hash:
// the one that map types' hashers use.
func init() { maps.UseAeshash = true }
