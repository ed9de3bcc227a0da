// golden: run arm64
package main

/*
#cgo CFLAGS: -DSCALE=3
#cgo CPPFLAGS: -I${SRCDIR}/include
#cgo LDFLAGS: -lm
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "shapes.h"

typedef struct { int x; double y; char name[8]; } point;
static point mk(int x) { point p = {x, x * 1.5, "hi"}; return p; }
static int fail(int x) { errno = x ? ENOENT : 0; return x; }
static void nothing(void) { errno = EPERM; }
enum color { RED, GREEN = 5 };
#define LIMIT 42
#define RATIO 0.25
#define GREETING "hello macro"
union either { int i; float f; };
struct bits { unsigned a : 3; int type; };
typedef int (*binary)(int, int);
static int plus(int a, int b) { return a + b; }
static binary get_plus(void) { return plus; }
static int apply(binary f, int a, int b) { return f(a, b); }
static int sum(int n, ...) { va_list l; va_start(l, n); int s = 0; while (n--) s += va_arg(l, int); va_end(l); return s; }
static int sum3(int a, int b, int c) { return sum(3, a, b, c); }
static long mix(char a, short b, int c, long d, float e, double f, unsigned char g) { return a + b + c + d + (long)e + (long)f + g; }
static _Bool is_even(int x) { return x % 2 == 0; }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

//export goCallback
func goCallback(n C.int) C.int {
	if n > 0 {
		return n + C.call_go(n-1)
	}
	return 1
}

//export goText
func goText(s string, b []byte, ok bool) (int, *C.char) {
	return len(s) + len(b), C.CString(s + string(b) + fmt.Sprint(ok))
}

// deep calls C and is called by it again, with a frame that fills a small stack soon.
func deep(n int) int {
	var room [512]int
	room[n%512] = n
	if n == 0 {
		return 0
	}
	return int(C.call_deep(C.int(n-1))) + room[n%512] - n + 1
}

//export goDeep
func goDeep(n C.int) C.int { return C.int(deep(int(n))) }

func main() {
	p := C.mk(4)
	fmt.Println(p.x, p.y, C.GoString(&p.name[0]))
	r, err := C.fail(9)
	fmt.Println(r, err)
	r, err = C.fail(0)
	fmt.Println(r, err)
	_, err = C.nothing()
	fmt.Println(err)
	fmt.Println(C.RED, C.GREEN, C.LIMIT, C.RATIO, C.GREETING, C.counter, C.sqrt(2))
	C.counter += 2
	fmt.Println(C.next_counter(), C.sizeof_point, C.scaled(5))
	s := C.CString("some text")
	fmt.Println(C.GoString(s), C.GoStringN(s, 4), C.GoBytes(unsafe.Pointer(s), 3), C.strlen_of(s))
	C.free(unsafe.Pointer(s))
	data := C.CBytes([]byte{1, 2, 3})
	fmt.Println(unsafe.Slice((*byte)(data), 3))
	C.free(data)
	var u C.union_either
	*(*float32)(unsafe.Pointer(&u)) = 1
	fmt.Printf("%d %x\n", len(u), *(*int32)(unsafe.Pointer(&u)))
	b := C.struct_bits{_type: 7}
	fmt.Println(b._type, C.apply(C.get_plus(), 3, 4), C.sum3(1, 2, 3), C.mix(1, 2, 3, 4, 5.5, 6.5, 7), C.is_even(4))
	fmt.Println(C.call_go(10), C.from_assembly())
	numbers := []C.int{5, 6, 7}
	fmt.Println(C.total(&numbers[0], C.int(len(numbers))), C.shape_area(&C.struct_shape{w: 3, h: 5}))
	fmt.Println(C.GoString(C.call_text()))
	fmt.Println(deep(2000))
	done := make(chan int)
	for i := range 20 {
		go func() { done <- deep(i * 10) }()
	}
	all := 0
	for range 20 {
		all += <-done
	}
	fmt.Println(all)
	C.fputs(C.CString("C's stdout\n"), C.stdout)
	C.fflush(C.stdout)
}
/* golden
stdout:
4 6 hi
9 no such file or directory
0 <nil>
operation not permitted
0 5 42 0.25 hello macro 7 1.4142135623730951
10 24 15
some text some [115 111 109] 9
[1 2 3]
4 3f800000
7 7 6 28 true
6120 77
18 15
text bytes true
2000
1900
C's stdout
*/
