package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/exithook"
	"internal/runtime/maps"
	"unsafe"
)

// What GOROOT's packages pull from their runtime and what needs Go to say it. The rest is in C.

func init() {
	maps.UseAeshash = true // the C side's hash function stands in for the assembly
	exithook.Gosched = Gosched
	exithook.Goid = goid
	exithook.Throw = throw
}

// process -----------------------------------------------------------------------------------------

func runExitHooks(code int) { exithook.Run(code) }

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(code int) {
	exithook.Run(code)
	if code == 0 {
		racefini()
	}
}

// racefini tells how many races there were in a program that is built with -race; with some it ends
// the program. It does nothing in others.
func racefini()

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) { exit(int32(code)) }

//go:linkname addExitHook internal/runtime/exithook.addFromRuntime
func addExitHook(f func()) { exithook.Add(exithook.Hook{F: f, RunOnFailure: true}) }

// settings ----------------------------------------------------------------------------------------

var godebugUpdate func(def, env string)

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	update(godebugDefault(), gogetenv("GODEBUG"))
}

// godebugDefault holds for what $GODEBUG does not set.
func godebugDefault() string

func setenv(key, value string)
func unsetenv(key string)
func clearenv()

// rereadDebug reads anew those settings of the runtime's own that may change while the program
// runs.
func rereadDebug()

// nilPanics is what GODEBUG=panicnil=1 asks for: panic(nil) panics with nil.
func nilPanics() bool

func envChanged(key string) {
	if key != "GODEBUG" {
		return
	}
	rereadDebug()
	if godebugUpdate != nil {
		godebugUpdate(godebugDefault(), gogetenv("GODEBUG"))
	}
}

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	setenv(key, value)
	envChanged(key)
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	unsetenv(key)
	envChanged(key)
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	clearenv()
	envChanged("GODEBUG")
}

// What internal/godebug counts, for runtime/metrics.
type godebugMetric struct {
	name string
	read func() uint64
	next *godebugMetric
}

var godebugMetrics atomic.Pointer[godebugMetric]

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	m := &godebugMetric{name: name, read: read}
	for {
		m.next = godebugMetrics.Load()
		if godebugMetrics.CompareAndSwap(m.next, m) {
			return
		}
	}
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newIncNonDefault func(string) func()) {}

// sync --------------------------------------------------------------------------------------------

//go:linkname sync_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_registerPoolCleanup(f func()) {
	poolCleanup = f
	startFinalizers() // after collections it clears the pools
}

//go:linkname unique_registerCleanup unique.runtime_registerUniqueMapCleanup
func unique_registerCleanup(f func()) { uniqueCleanup = f }

// blockUntilEmptyCleanupQueue waits at most timeout ns for finalizers and cleanups that are ready;
// false: they were not all run.
func blockUntilEmptyCleanupQueue(timeout int64) bool {
	for start := nanotime(); finalizersStarted && !finalizersIdle(); {
		if nanotime()-start > timeout {
			return false
		}
		Gosched()
	}
	return true
}

func finalizersIdle() bool

//go:linkname unique_runtime_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyCleanupQueue(timeout)
}

//go:linkname sync_test_runtime_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyCleanupQueue(timeout)
}

// maps --------------------------------------------------------------------------------------------

//go:linkname reflect_makemap reflect.makemap
func reflect_makemap(t *abi.MapType, n int) *maps.Map { return makemap(t, n, nil) }

func mapaccess2(t *abi.MapType, m *maps.Map, key unsafe.Pointer) (unsafe.Pointer, bool)
func mapassign(t *abi.MapType, m *maps.Map, key unsafe.Pointer) unsafe.Pointer
func mapaccess2_faststr(t *abi.MapType, m *maps.Map, key string) (unsafe.Pointer, bool)
func mapassign_faststr(t *abi.MapType, m *maps.Map, key string) unsafe.Pointer

//go:linkname reflect_mapaccess reflect.mapaccess
func reflect_mapaccess(t *abi.MapType, m *maps.Map, key unsafe.Pointer) unsafe.Pointer {
	if p, ok := mapaccess2(t, m, key); ok {
		return p
	}
	return nil
}

//go:linkname reflect_mapaccess_faststr reflect.mapaccess_faststr
func reflect_mapaccess_faststr(t *abi.MapType, m *maps.Map, key string) unsafe.Pointer {
	if p, ok := mapaccess2_faststr(t, m, key); ok {
		return p
	}
	return nil
}

//go:linkname reflect_mapassign0 reflect.mapassign0
func reflect_mapassign0(t *abi.MapType, m *maps.Map, key, elem unsafe.Pointer) {
	typedmemmove(t.Elem, mapassign(t, m, key), elem)
}

//go:linkname reflect_mapassign_faststr0 reflect.mapassign_faststr0
func reflect_mapassign_faststr0(t *abi.MapType, m *maps.Map, key string, elem unsafe.Pointer) {
	typedmemmove(t.Elem, mapassign_faststr(t, m, key), elem)
}

//go:linkname reflect_mapdelete reflect.mapdelete
func reflect_mapdelete(t *abi.MapType, m *maps.Map, key unsafe.Pointer) { m.Delete(t, key) }

//go:linkname reflect_mapdelete_faststr reflect.mapdelete_faststr
func reflect_mapdelete_faststr(t *abi.MapType, m *maps.Map, key string) {
	m.Delete(t, unsafe.Pointer(&key))
}

//go:linkname reflect_maplen reflect.maplen
func reflect_maplen(m *maps.Map) int { return maplen(m) }

//go:linkname reflectlite_maplen internal/reflectlite.maplen
func reflectlite_maplen(m *maps.Map) int { return maplen(m) }

//go:linkname reflect_mapclear reflect.mapclear
func reflect_mapclear(t *abi.MapType, m *maps.Map) { m.Clear(t) }

//go:linkname maps_clone maps.clone
func maps_clone(m any) any {
	e := efaceOf(&m)
	e.data = unsafe.Pointer((*maps.Map)(e.data).Clone((*abi.MapType)(unsafe.Pointer(e.typ))))
	return m
}

// reflect -----------------------------------------------------------------------------------------

func objectRest(p unsafe.Pointer) uintptr

// reflect_gcbits tells which words of the object that x points to hold pointers: one or more values
// of x's type.
//
//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	const word = unsafe.Sizeof(uintptr(0))
	t := (*abi.PtrType)(unsafe.Pointer(efaceOf(&x).typ)).Elem
	if t.PtrBytes == 0 {
		return nil
	}
	n := max(1, objectRest(efaceOf(&x).data)/t.Size_)
	bits := make([]byte, ((n-1)*t.Size_+t.PtrBytes)/word)
	for i := range n {
		pointerWords(t, bits[i*t.Size_/word:])
	}
	return bits
}

func pointerWords(t *abi.Type, bits []byte) {
	const word = unsafe.Sizeof(uintptr(0))
	if t.PtrBytes == 0 {
		return
	}
	switch t.Kind() {
	case abi.Struct:
		for _, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			if f.Typ.PtrBytes != 0 {
				pointerWords(f.Typ, bits[f.Offset/word:])
			}
		}
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := range a.Len {
			pointerWords(a.Elem, bits[i*a.Elem.Size_/word:])
		}
	case abi.Interface:
		bits[0], bits[1] = 1, 1
	default: // strings and slices begin with theirs
		bits[0] = 1
	}
}

// memory ------------------------------------------------------------------------------------------

//go:linkname debug_freeOSMemory runtime/debug.freeOSMemory
func debug_freeOSMemory() {
	beforeGC()
	gcCollectAndUnmap()
	afterGC()
}

//go:linkname debug_readGCStats runtime/debug.readGCStats
func debug_readGCStats(p *[]uint64) {
	var s heapStatistics
	heapStats(&s)
	r := (*p)[:0]
	n := min(s.cycles, 256)
	for i := range n {
		r = append(r, s.pauseNs[(s.cycles-1-i)%256])
	}
	for i := range n {
		r = append(r, s.pauseEnd[(s.cycles-1-i)%256])
	}
	*p = append(r, s.last, s.cycles, s.pauses)
}

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { fatal(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { fatal(s) }

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { fatal(s) }

//go:linkname cgroup_throw internal/runtime/cgroup.throw
func cgroup_throw(s string) { throw(s) }
