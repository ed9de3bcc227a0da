// Package cgo is what programs use of GOROOT's package of this path: its C is the runtime's
// (runtime/cgo.c). That it is linked tells the runtime that there is C.
package cgo

import (
	"internal/runtime/sys"
	"sync"
)

// Incomplete is what cmd/cgo makes of C types that are declared but not defined: C has their
// values, Go has pointers to them.
type Incomplete struct {
	_ sys.NotInHeap
}

// A Handle is a number that C may keep in place of a Go value, which it holds until it is deleted.
// No handle is zero.
type Handle uintptr

var held struct {
	sync.RWMutex
	values map[Handle]any
	last   Handle
}

// NewHandle gives the value a handle that it has from now on.
func NewHandle(v any) Handle {
	held.Lock()
	defer held.Unlock()
	if held.values == nil {
		held.values = make(map[Handle]any)
	}
	held.last++
	if held.last == 0 {
		panic("runtime/cgo: ran out of handle space")
	}
	held.values[held.last] = v
	return held.last
}

// Value gives the value back. It panics for a handle that is none.
func (h Handle) Value() any {
	held.RLock()
	defer held.RUnlock()
	v, ok := held.values[h]
	if !ok {
		panic("runtime/cgo: misuse of an invalid Handle")
	}
	return v
}

// Delete lets the value go: the handle is none after that. It panics for one that is none already.
func (h Handle) Delete() {
	held.Lock()
	defer held.Unlock()
	if _, ok := held.values[h]; !ok {
		panic("runtime/cgo: misuse of an invalid Handle")
	}
	delete(held.values, h)
}
