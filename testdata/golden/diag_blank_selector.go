// golden: build
package main

import "unsafe"

type T struct{ _ int }

var _ = unsafe._

func main() {
	var t T
	unsafe._(1)
	t._ = 1
	t._()
	_ = T._
	var x unsafe._
	_ = unsafe.nope
	_ = unsafe.pointer
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_blank_selector.go:8:16: undefined: unsafe._
./diag_blank_selector.go:12:9: undefined: unsafe._
./diag_blank_selector.go:13:4: t._ undefined (type T has no field or method _)
./diag_blank_selector.go:14:4: t._ undefined (type T has no field or method _)
./diag_blank_selector.go:15:8: T._ undefined (type T has no field or method _)
./diag_blank_selector.go:16:6: declared and not used: x
./diag_blank_selector.go:16:15: undefined: unsafe._
./diag_blank_selector.go:17:13: undefined: unsafe.nope
./diag_blank_selector.go:18:13: undefined: unsafe.pointer (but have Pointer)
*/
