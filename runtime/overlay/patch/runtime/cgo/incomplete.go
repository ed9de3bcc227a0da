package cgo

import "internal/runtime/sys"

// Incomplete, which GOROOT has in a file that imports "C".
type Incomplete struct {
	_ sys.NotInHeap
}
