// golden: run arm64
package main

/*
#include <stdint.h>
struct node { struct node *next; int n; };
static void take(void *p) {}
static void take_node(struct node *n) {}
static void take_list(char **p) {}
extern void *goPointer(void);
static void get(void) { goPointer(); }
#cgo noescape touch
#cgo nocallback touch
static void touch(void *p) {}
#cgo noescape quiet
#cgo nocallback quiet
extern void goNothing(void);
static void quiet(void *p) { if (p) goNothing(); }
*/
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

var inData = [...]C.char{'o', 'k'}
var kept *int

//export goPointer
func goPointer() unsafe.Pointer {
	kept = new(int)
	return unsafe.Pointer(kept)
}

//export goNothing
func goNothing() {}

func try(name string, f func()) {
	defer func() {
		text := fmt.Sprint(recover())
		for i := range text { // the place of an exported function is a file of cmd/cgo's
			if text[i:] > "result" && text[i:] < "resulu" {
				text = text[i:]
				break
			}
		}
		fmt.Println(name, text)
	}()
	f()
}

func main() {
	try("plain memory:", func() { C.take(unsafe.Pointer(new(int))) })
	try("a pointer to Go's:", func() {
		p := &C.struct_node{next: &C.struct_node{}}
		C.take_node(p)
	})
	try("pinned:", func() {
		var pin runtime.Pinner
		defer pin.Unpin()
		p := &C.struct_node{next: &C.struct_node{}}
		pin.Pin(p.next)
		C.take_node(p)
	})
	try("no longer:", func() {
		var pin runtime.Pinner
		p := &C.struct_node{next: &C.struct_node{}}
		pin.Pin(p.next)
		pin.Unpin()
		C.take_node(p)
	})
	try("one element of a slice:", func() {
		p := []*C.char{nil, new(C.char)}
		C.take_list(&p[0])
	})
	try("a variable's address:", func() {
		p := [1]*C.char{&inData[0]}
		C.take_list(&p[0])
	})
	try("a map:", func() { C.take(unsafe.Pointer(&map[int]int{})) })
	try("a result:", func() { C.get() })
	try("nocallback:", func() { C.quiet(nil) })
	fmt.Println(allocated())
	C.quiet(unsafe.Pointer(new(int)))
}

// allocated tells how many allocations a call costs: noescape keeps arguments on the stack.
func allocated() uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		var x [100]int
		C.touch(unsafe.Pointer(&x))
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 1000
}
/* golden
exit 2
stdout:
plain memory: <nil>
a pointer to Go's: runtime error: argument of cgo function has Go pointer to unpinned Go pointer
pinned: <nil>
no longer: runtime error: argument of cgo function has Go pointer to unpinned Go pointer
one element of a slice: runtime error: argument of cgo function has Go pointer to unpinned Go pointer
a variable's address: <nil>
a map: runtime error: argument of cgo function has Go pointer to unpinned Go map
a result: result of Go function goPointer called from cgo is unpinned Go unsafe pointer or points to unpinned Go unsafe pointer
nocallback: <nil>
0
stderr:
panic: runtime: function marked with #cgo nocallback called back into Go

goroutine N [running, locked to thread]:
main._Cfunc_quiet(...)
	_cgo_gotypes.go:67
main.main.func10(...)
	cgo_rules.go:86
main.main(...)
	cgo_rules.go:86
*/
