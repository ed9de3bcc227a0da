// The signal's line stands under every nil dereference: one that is told by a comparison, a call through nil, one that is panicked with again.
package main

type far struct {
	pad [1 << 20]byte
	x   int
}

//go:noinline
func load(p *far) int { return p.x }

//go:noinline
func call(f func()) { f() }

func try(f func()) {
	defer func() {
		println(recover().(error).Error())
	}()
	f()
}

func main() {
	try(func() { load(nil) })
	defer func() {
		e := recover()
		defer func() { panic(e) }() // the signal is the outer panic's as well
		try(func() { call(nil) })
	}()
	load(nil)
}
/* golden
exit 2
stderr:
runtime error: invalid memory address or nil pointer dereference
runtime error: invalid memory address or nil pointer dereference
panic: runtime error: invalid memory address or nil pointer dereference [recovered, repanicked]
[signal SIGSEGV: segmentation violation code=0x? addr=0x? pc=0x?]

goroutine N [running]:
main.main.func2.1(...)
	nil_signal.go:26
main.main.func2(...)
	nil_signal.go:28
panic(...)
	runtime/panic.go
main.load(...)
	nil_signal.go:10
main.main(...)
	nil_signal.go:29
*/
