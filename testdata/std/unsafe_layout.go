// golden: run arm64
// unsafe: sizes and offsets, headers laid over bytes, pointer arithmetic, strings and slices from pointers, words of interfaces.
package main

import "unsafe"

type header struct {
	magic uint32
	size  uint32
}
type request struct {
	id       int64
	status   int32
	_        [4]byte
	metadata string
	tags     []string
}
type eface struct {
	typ  unsafe.Pointer
	data unsafe.Pointer
}

func parseHeader(data []byte) *header {
	if len(data) < int(unsafe.Sizeof(header{})) {
		return nil
	}
	return (*header)(unsafe.Pointer(&data[0]))
}

func main() {
	var r request
	println(unsafe.Sizeof(r), unsafe.Alignof(r.status), unsafe.Offsetof(r.metadata), unsafe.Offsetof(r.tags), unsafe.Sizeof(any(nil)))
	data := []byte{0xef, 0xbe, 0, 0, 8, 0, 0, 0, 1}
	h := parseHeader(data)
	println(h.magic, h.size, parseHeader(data[:7]) == nil)
	data[4] = 9
	println(h.size)
	arr := [3]int{1, 2, 3}
	p := unsafe.Pointer(&arr[0])
	p = unsafe.Add(p, unsafe.Sizeof(int(0)))
	println(*(*int)(p), *(*int)(unsafe.Pointer(uintptr(p) + 8)))
	s := "hello"
	println(string(unsafe.Slice(unsafe.StringData(s), 4)), unsafe.String(&data[8], 0) == "", len(unsafe.Slice(&arr[1], 2)))
	x := int64(-1)
	*(*int32)(unsafe.Pointer(&x)) = 100
	println(x)
	var a, b any = 42, "x"
	ea, eb := (*eface)(unsafe.Pointer(&a)), (*eface)(unsafe.Pointer(&b))
	println(*(*int)(ea.data), *(*string)(eb.data), ea.typ != eb.typ)
	f := 1.5
	println(*(*uint64)(unsafe.Pointer(&f)) == 0x3ff8000000000000)
	words := (*[2]uintptr)(unsafe.Pointer(&s))
	println(words[1])
}
/* golden
stderr:
56 4 16 32 16
48879 8 true
9
2 3
hell true 2
-4294967196
42 x true
true
5
*/
