// golden: run
// The position of a nil dereference is the access's own, whatever the compiler moves.
package main

var x byte
var p *byte

//go:noinline
func f() {
	q := p
	x = 11 
	*q = 12
}
func main() {
	f()
}
/* golden
exit 2
stderr:
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x? addr=0x? pc=0x?]

goroutine N [running]:
main.f(...)
	nil_line.go:12
main.main(...)
	nil_line.go:15
*/
