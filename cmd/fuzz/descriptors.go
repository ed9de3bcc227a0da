// descriptors: does the hash of a map's key and each way of comparing it look at the bytes that make the value, and at no others?
// A case gives a key type and its layout, a letter for each byte: p is a plain byte, _ padding or a blank field; s, i and f begin a
// string, an interface and a float64, g a float32, whose other bytes are dots.
package main

import (
	"math"
	"os"
	"unsafe"
)

type descriptor struct {
	size, ptrBytes                  uintptr
	hash                            uint32
	tflag, align, fieldAlign, kind  uint8
	equal                           func(a, b unsafe.Pointer) bool
	gcdata                          *byte
	str, ptrToThis                  int32
}

type mapDescriptor struct {
	descriptor
	key, elem, group *descriptor
	hasher           func(key unsafe.Pointer, seed uintptr) uintptr
}

type face struct {
	descriptor *mapDescriptor
	data       unsafe.Pointer
}

type sample struct {
	name, layout string
	table        any // a map[K]int
	equal        func(a, b unsafe.Pointer) bool
	found        func(a, b unsafe.Pointer) bool // a map that holds *a has *b
}

func of[K comparable](name, layout string) sample {
	if int(unsafe.Sizeof(*new(K))) != len(layout) {
		panic(name + ": layout and size differ")
	}
	return sample{name, layout, map[K]int(nil),
		func(a, b unsafe.Pointer) bool { return *(*K)(a) == *(*K)(b) },
		func(a, b unsafe.Pointer) bool {
			_, ok := map[K]int{*(*K)(a): 1}[*(*K)(b)]
			return ok
		}}
}

var (
	failures int // key types
	failed   string
)

func (s sample) fail(what string, at int) {
	if s.layout == failed {
		return
	}
	failed = s.layout
	println("descriptors:", s.name, s.layout, what, "at byte", at)
	failures++
}

// Memory that the collector scans, aligned as any value is.
type memory [64]any

func (s sample) expect(a, b unsafe.Pointer, same bool, at int) {
	d := (*face)(unsafe.Pointer(&s.table)).descriptor
	if d.key.equal(a, b) != same {
		s.fail("descriptor's equality", at)
	}
	if s.equal(a, b) != same {
		s.fail("==", at)
	}
	var boxes [2]any
	boxes[0], boxes[1] = box(d.key, a), box(d.key, b)
	if (boxes[0] == boxes[1]) != same {
		s.fail("interface equality", at)
	}
	if (d.hasher(a, 1) == d.hasher(b, 1)) != same {
		s.fail("hash", at)
	}
	if s.found(a, b) != same {
		s.fail("map", at)
	}
}

func box(d *descriptor, p unsafe.Pointer) (v any) {
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&v)) = [2]unsafe.Pointer{unsafe.Pointer(d), p}
	return
}

func set(p unsafe.Pointer, layout string, i int, variant int) {
	at := unsafe.Add(p, i)
	switch layout[i] {
	case 'p', '_':
		*(*byte)(at) = byte(i*37+1) ^ byte(variant)
	case 's':
		*(*string)(at) = string([]byte{byte(i), byte(variant)})
	case 'i':
		*(*any)(at) = []any{i + variant<<20, string([]byte{byte(i), byte(variant)}), float64(i + variant<<20)}[i/8%3]
	case 'f':
		*(*float64)(at) = float64(i + variant*1000)
	case 'g':
		*(*float32)(at) = float32(i + variant*1000)
	}
}

func (s sample) check() {
	var first, second memory
	a, b := unsafe.Pointer(&first), unsafe.Pointer(&second)
	for i := range s.layout {
		set(a, s.layout, i, 0)
		set(b, s.layout, i, 0)
	}
	s.expect(a, b, true, -1)
	for i := range s.layout {
		switch s.layout[i] {
		case '.':
			continue
		case 'f':
			s.zeros(a, b, i, func(p unsafe.Pointer, v float64) { *(*float64)(p) = v })
		case 'g':
			s.zeros(a, b, i, func(p unsafe.Pointer, v float64) { *(*float32)(p) = float32(v) })
		}
		set(b, s.layout, i, 1<<(i%8))
		s.expect(a, b, s.layout[i] == '_', i)
		set(b, s.layout, i, 0)
	}
	s.expect(a, b, true, -1)
}

// Zeros of both signs are equal, and a NaN is not equal to itself.
func (s sample) zeros(a, b unsafe.Pointer, i int, put func(unsafe.Pointer, float64)) {
	put(unsafe.Add(a, i), 0)
	put(unsafe.Add(b, i), math.Copysign(0, -1))
	s.expect(a, b, true, i)
	put(unsafe.Add(b, i), math.NaN())
	s.expect(b, b, false, i)
	set(a, s.layout, i, 0)
}

func main() {
	for _, s := range samples {
		s.check()
	}
	println(len(samples), "key types,", failures, "failures")
	if failures > 0 {
		os.Exit(1)
	}
}
