// golden: run
package main

type T struct{ a, b int }

//go:noinline
func (t *T) get() int { return t.b }

func main() {
	var t *T
	println(t.get())
}
/* golden
exit 2
stderr:
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x? addr=0x? pc=0x?]

goroutine N [running]:
main.(*T).get(...)
	panic_nil.go:7
main.main(...)
	panic_nil.go:11
*/
