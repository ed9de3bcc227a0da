package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"unsafe"
)

// WriteHeapDump, read again: objects with their contents and pointers, goroutines, data, finalizers, statistics.

type node struct {
	next  *node
	magic [4]uint64
}

type reader struct{ r *bufio.Reader }

func (r reader) num() uint64 {
	v, err := binary.ReadUvarint(r.r)
	if err != nil {
		panic(err)
	}
	return v
}

func (r reader) str() string {
	b := make([]byte, r.num())
	if _, err := io.ReadFull(r.r, b); err != nil {
		panic(err)
	}
	return string(b)
}

func (r reader) nums(n int) (v []uint64) {
	for range n {
		v = append(v, r.num())
	}
	return v
}

func (r reader) fields() (v []uint64) {
	for r.num() != 0 {
		v = append(v, r.num())
	}
	return v
}

var list *node
var text = "a variable"
var values = []any{stringer{}}

//go:noinline
func waitFor(c, ready chan bool) {
	ready <- true
	<-c
}

func main() {
	runtime.MemProfileRate = 1
	list = &node{magic: [4]uint64{1, 2, 3, 0xfeedface}}
	list = &node{next: list, magic: [4]uint64{5, 6, 7, 0xfeedface}}
	runtime.SetFinalizer(list.next, func(*node) {})
	e := any(values[0]).(fmt.Stringer)
	c, ready := make(chan bool), make(chan bool)
	go waitFor(c, ready)
	<-ready
	f, err := os.CreateTemp("", "heapdump")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	debug.WriteHeapDump(f.Fd())
	c <- true
	f.Seek(0, 0)
	r := reader{bufio.NewReader(f)}
	header := make([]byte, 16)
	io.ReadFull(r.r, header)
	fmt.Printf("%q\n", header)
	counts := map[uint64]int{}
	nodes, linked, finalizers := 0, false, 0
	goroutines := map[string]string{}
	var reason string
	for {
		tag := r.num()
		counts[tag]++
		switch tag {
		case 0:
			fmt.Println("nodes", nodes, "linked", linked, "finalizers", finalizers)
			fmt.Println("waiting:", goroutines["main.waitFor"])
			fmt.Println("itabs:", counts[8] > 0, "types:", counts[3] > 0, "threads:", counts[9] > 0, "statistics:", counts[10], "data:", counts[12] > 0, counts[13] > 0)
			fmt.Println("profile:", counts[16] > 0, counts[17] > 0)
			if _, err := r.r.ReadByte(); err != io.EOF {
				fmt.Println("more after the end")
			}
			fmt.Println(e)
			return
		case 1:
			at, s, ptrs := r.num(), r.str(), r.fields()
			if len(s) >= 40 && binary.LittleEndian.Uint64([]byte(s[32:])) == 0xfeedface {
				nodes++
				if at == uint64(uintptr(unsafe.Pointer(list))) {
					linked = len(ptrs) > 0 && ptrs[0] == 0 && binary.LittleEndian.Uint64([]byte(s)) == uint64(uintptr(unsafe.Pointer(list.next)))
				}
			}
		case 2:
			r.str()
			r.num()
		case 3:
			r.nums(2)
			r.str()
			r.num()
		case 4:
			r.nums(8)
			reason = r.str()
			r.nums(4)
		case 5:
			r.nums(3)
			r.str()
			r.nums(3)
			goroutines[r.str()] = reason
			r.fields()
		case 6:
			if big, size := r.num(), r.num(); big != 0 || size != 8 {
				fmt.Println("params", big, size)
			}
			lo, hi := r.num(), r.num()
			at := uint64(uintptr(unsafe.Pointer(list)))
			fmt.Println(lo <= at && at < hi, r.str() == runtime.GOARCH, strings.HasPrefix(r.str(), "go1."), r.num() == uint64(runtime.NumCPU()))
		case 7:
			if v := r.nums(5); v[0] == uint64(uintptr(unsafe.Pointer(list.next))) {
				finalizers++
			}
		case 11:
			r.nums(5)
		case 8:
			r.nums(2)
		case 9:
			r.nums(3)
		case 10:
			r.nums(24 + 256 + 1)
		case 12, 13:
			r.num()
			r.str()
			r.fields()
		case 14:
			r.nums(7)
		case 15:
			r.nums(6)
		case 16:
			r.nums(2)
			for range r.num() {
				r.str()
				r.str()
				r.num()
			}
			r.nums(2)
		case 17:
			r.nums(2)
		default:
			fmt.Println("unknown tag", tag)
			return
		}
	}
}

type stringer struct{}

func (stringer) String() string { return text }
/* golden
stdout:
"go1.7 heap dump\n"
true true true true
nodes 2 linked true finalizers 1
waiting: chan receive
itabs: true types: true threads: true statistics: 1 data: true true
profile: true true
a variable
*/
