// Pointers that a //go:uintptrescapes function gets as numbers, variadic ones too, keep their objects until it returns.
package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

//go:noinline
func object(s string) unsafe.Pointer {
	p := new(string)
	*p = s
	runtime.SetFinalizer(p, func(p *string) { *p = "finalized" })
	return unsafe.Pointer(p)
}

//go:noinline
//go:uintptrescapes
func use(what string, p uintptr, rest ...uintptr) int {
	for range 4 {
		runtime.GC()
		runtime.Gosched()
	}
	fmt.Print(what, ": ", *(*string)(unsafe.Pointer(p)))
	for _, r := range rest {
		fmt.Print(" ", *(*string)(unsafe.Pointer(r)))
	}
	fmt.Println()
	return len(rest)
}

//go:noinline
func returned() int {
	return use("return", uintptr(object("a")), uintptr(object("b")), uintptr(object("c")), uintptr(object("d")))
}

//go:noinline
func deferred() {
	defer use("defer", uintptr(object("e")), uintptr(object("f")), uintptr(object("g")))
}

func main() {
	for range 5 {
		fmt.Println(returned())
		deferred()
	}
}
/* golden
stdout:
return: a b c d
3
defer: e f g
return: a b c d
3
defer: e f g
return: a b c d
3
defer: e f g
return: a b c d
3
defer: e f g
return: a b c d
3
defer: e f g
*/
