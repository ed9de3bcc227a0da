// A function that is inlined from another package keeps its file, whose name without the folder is the same here and there.
package main

import (
	"files/q"
	"files/q/r"
)

func main() {
	defer func() {
		recover()
		r.Fail(nil)
	}()
	q.Fail(nil)
}
/* golden
exit 2
stderr:
panic: runtime error: invalid memory address or nil pointer dereference [recovered, repanicked]
[signal SIGSEGV: segmentation violation code=0x? addr=0x? pc=0x?]

goroutine N [running]:
files/q/r.Fail(...)
	q/r/doc.go:3
main.main.func1(...)
	main.go:12
panic(...)
	runtime/panic.go
files/q.Fail(...)
	q/doc.go:3
main.main(...)
	main.go:14
*/
