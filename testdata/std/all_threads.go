// golden: run
// A system call that changes the thread alone is made by all threads: busy ones, those in system calls, and new ones inherit it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const setName = 15

var name = []byte("each\x00")

func named() (with, without int) {
	files, _ := filepath.Glob("/proc/self/task/*/comm")
	for _, f := range files {
		text, err := os.ReadFile(f)
		switch {
		case err != nil:
		case string(text) == "each\n":
			with++
		default:
			without++
		}
	}
	return
}

func main() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	runtime.GOMAXPROCS(4)
	r, w, _ := os.Pipe()
	started := make(chan bool)
	for i := range 6 {
		wg.Go(func() {
			runtime.LockOSThread()
			started <- true
			if i%2 == 0 {
				syscall.Read(int(r.Fd()), make([]byte, 1))
				return
			}
			for !stop.Load() {
			}
		})
		<-started
	}
	before, others := named()
	fmt.Println(before, others > 6)
	fmt.Println(syscall.AllThreadsSyscall(syscall.SYS_PRCTL, setName, uintptr(unsafe.Pointer(&name[0])), 0))
	after, others := named()
	fmt.Println(after > 6, others)
	fmt.Println(syscall.AllThreadsSyscall(syscall.SYS_PRCTL, setName, 0, 0))
	stop.Store(true)
	w.Close()
	wg.Wait()
}
/* golden
stdout:
0 true
0 0 errno 0
true 0
18446744073709551615 0 bad address
*/
