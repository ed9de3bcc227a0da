// golden: run arm64
// Padding keeps two counters on different cache lines.
package main

import "unsafe"

type Shared struct{ a, b int64 }
type Padded struct {
	a int64
	_ [7]int64
	b int64
}
type Request struct {
	id       int64
	status   int32
	_        [4]byte
	metadata string
	tags     []string
}

func main() {
	var s Shared
	var p Padded
	var r Request
	println(unsafe.Offsetof(s.a), unsafe.Offsetof(s.b), unsafe.Sizeof(s))
	println(unsafe.Offsetof(p.a), unsafe.Offsetof(p.b), unsafe.Sizeof(p))
	println(unsafe.Offsetof(r.status), unsafe.Offsetof(r.metadata), unsafe.Offsetof(r.tags), unsafe.Sizeof(r), unsafe.Alignof(r))
	done := make(chan bool)
	go func() {
		for range 1000 {
			p.a++
		}
		done <- true
	}()
	go func() {
		for range 1000 {
			p.b++
		}
		done <- true
	}()
	<-done
	<-done
	println(p.a, p.b)
}
/* golden
stderr:
0 8 16
0 64 72
8 16 32 56 8
1000 1000
*/
