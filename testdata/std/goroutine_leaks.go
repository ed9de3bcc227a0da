// golden: run
package main

import (
	"bytes"
	"fmt"
	"regexp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"
)

var global = make(chan int)

func leakSend() { c := make(chan int); go func() { c <- 1 }() }
func leakMutex() {
	var m sync.Mutex
	m.Lock()
	go func() { m.Lock() }()
}
func leakWG() {
	wg := new(sync.WaitGroup)
	wg.Add(1)
	go func() { wg.Wait() }()
}
func leakCond() {
	m := new(sync.Mutex)
	c := sync.NewCond(m)
	go func() { m.Lock(); c.Wait() }()
}
func leakNil() { go func() { var c chan int; <-c }() }
func leakSelect() {
	a, b := make(chan int), make(chan int)
	go func() {
		select {
		case <-a:
		case b <- 1:
		}
	}()
}
func leakPair() { // each waits for the other
	a, b := make(chan int), make(chan int)
	go func() { <-a; b <- 1 }()
	go func() { <-b; a <- 1 }()
}
func okGlobal() { go func() { <-global }() }
func okTimer()  { c := time.After(time.Hour); go func() { <-c }() }
func okHeld() chan int {
	c := make(chan int)
	go func() { <-c }()
	return c
}
func okByRunnable() {
	c := make(chan int)
	go func() { time.Sleep(time.Hour); c <- 1 }()
	go func() { <-c }()
}

func main() {
	leakSend()
	leakMutex()
	leakWG()
	leakCond()
	leakNil()
	leakSelect()
	leakPair()
	okGlobal()
	okTimer()
	held := okHeld()
	okByRunnable()
	time.Sleep(50 * time.Millisecond)
	p := pprof.Lookup("goroutineleak")
	var text bytes.Buffer
	p.WriteTo(&text, 1)
	leaked := regexp.MustCompile(`main\.leak\w+\.func\d`).FindAllString(text.String(), -1)
	slices.Sort(leaked)
	fmt.Println(p.Count(), strings.Join(leaked, " "))
	fmt.Println(strings.Contains(text.String(), "main.ok"))
	text.Reset()
	p.WriteTo(&text, 2)
	headers := regexp.MustCompile(`\[.* \(leaked\)\]`).FindAllString(text.String(), -1)
	slices.Sort(headers)
	fmt.Println(strings.Join(headers, "\n"))
	runtime.KeepAlive(held)
}
/* golden
stdout:
8 main.leakCond.func1 main.leakMutex.func1 main.leakNil.func1 main.leakPair.func1 main.leakPair.func2 main.leakSelect.func1 main.leakSend.func1 main.leakWG.func1
false
[chan receive (leaked)]
[chan receive (leaked)]
[chan receive (nil chan) (leaked)]
[chan send (leaked)]
[select (leaked)]
[sync.Cond.Wait (leaked)]
[sync.Mutex.Lock (leaked)]
[sync.WaitGroup.Wait (leaked)]
*/
