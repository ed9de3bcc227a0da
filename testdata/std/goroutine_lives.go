// A goroutine starts afresh, whatever the one that ran on its stack before had set.
package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"unsafe"
)

// run runs f in a goroutine to its end.
func run(f func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		f()
	}()
	<-done
	runtime.Gosched()
}

func fault() {
	page, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	defer func() {
		err := recover().(interface{ Addr() uintptr })
		fmt.Println("fault at the page:", err.Addr() == uintptr(unsafe.Pointer(&page[0])))
	}()
	page[0]++
}

func main() {
	run(func() {
		debug.SetPanicOnFault(true)
		fault()
	})
	run(func() {
		debug.SetPanicOnFault(true)
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("key", "value")))
		runtime.LockOSThread()
		defer runtime.Goexit()
		panic("gone with it")
	})
	left := 0
	for range 100 {
		run(func() {
			if debug.SetPanicOnFault(false) {
				left++
			}
			runtime.UnlockOSThread() // not locked: nothing happens
		})
	}
	fmt.Println("left of earlier lives:", left)
}
/* golden
stdout:
fault at the page: true
left of earlier lives: 0
*/
