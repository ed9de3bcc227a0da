// golden: run arm64
package main

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
extern void goFromThread(int, uintptr_t);
extern void goPanics(int);
static void *body(void *p) { uintptr_t h = *(uintptr_t *)p; for (int i = 0; i < 1000; i++) goFromThread(i, h); return 0; }
static void threads(int n, uintptr_t h) {
	pthread_t t[64];
	for (int i = 0; i < n; i++) pthread_create(&t[i], 0, body, &h);
	for (int i = 0; i < n; i++) pthread_join(t[i], 0);
}
static void panics(int x) { goPanics(x); }
static uint64_t spin(uint64_t n) { volatile uint64_t s = 0; for (uint64_t i = 0; i < n; i++) s += i; return s; }
static void say(const char *s) { fputs(s, stdout); fflush(stdout); }
*/
import "C"

import (
	"fmt"
	"runtime"
	"runtime/cgo"
	"sync"
	"sync/atomic"
	"time"
)

type counter struct {
	n    atomic.Int64
	mu   sync.Mutex
	seen map[int]int
}

//export goFromThread
func goFromThread(i C.int, h C.uintptr_t) {
	c := cgo.Handle(h).Value().(*counter)
	c.n.Add(1)
	c.mu.Lock()
	c.seen[int(i)]++
	c.mu.Unlock()
	if i%100 == 0 {
		runtime.GC()
		time.Sleep(time.Microsecond)
	}
}

//export goPanics
func goPanics(x C.int) {
	if x == 2 {
		runtime.Goexit()
	}
	panic(fmt.Sprint("panic ", x))
}

func try(x int) {
	defer func() { fmt.Println("recovered", recover()) }()
	C.panics(C.int(x))
}

func main() {
	c := &counter{seen: map[int]int{}}
	h := cgo.NewHandle(c)
	C.threads(8, C.uintptr_t(h))
	fmt.Println(c.n.Load(), len(c.seen), c.seen[999])
	h.Delete()
	for i := 0; i < 3; i++ {
		try(1)
	}
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if r := recover(); r != "panic 7" {
					panic(r)
				}
			}()
			for range 100 {
				func() {
					defer func() { recover() }()
					C.panics(5)
				}()
			}
			C.panics(7)
		}()
	}
	wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("goexit's defer")
		C.panics(2)
	}()
	wg.Wait()
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() { C.spin(300000000); wg.Done() }()
	}
	ticks := 0
	done := make(chan bool)
	go func() { wg.Wait(); close(done) }()
loop:
	for {
		select {
		case <-done:
			break loop
		case <-time.After(time.Millisecond):
			ticks++
		}
	}
	fmt.Println(ticks > 10, runtime.NumCgoCall() > 5000)
	try(9)
	cs := C.CString("from C\n")
	C.say(cs)
}
/* golden
stdout:
8000 1000 8
recovered panic 1
recovered panic 1
recovered panic 1
goexit's defer
true true
recovered panic 9
from C
*/
