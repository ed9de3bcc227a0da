// Goroutines that hand each other pointers, end in every way, are deep, tied to threads, many, while
// the number of processors changes.
package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func fail(args ...any) {
	fmt.Println(append([]any{"FAIL:"}, args...)...)
	os.Exit(1)
}

type message struct {
	id, check int
	back      chan *message
}

func pipeline() {
	in := make(chan *message)
	c := in
	for range 20 {
		out := make(chan *message, 2)
		go func(c chan *message) {
			for m := range c {
				if m.check != m.id*3 {
					fail("message", m.id, m.check)
				}
				out <- &message{m.id, m.id * 3, m.back}
			}
			close(out)
		}(c)
		c = out
	}
	go func() {
		for i := range 300 {
			in <- &message{id: i, check: 3 * i}
		}
		close(in)
	}()
	n := 0
	for m := range c {
		if m.id != n {
			fail("order", m.id, n)
		}
		n++
	}
	if n != 300 {
		fail("lost", n)
	}
}

func selects() {
	var wg sync.WaitGroup
	a, b, stop := make(chan *int), make(chan string, 3), make(chan bool)
	var sent, got atomic.Int64
	for g := range 6 {
		wg.Go(func() {
			for i := range 200 {
				x := g*1000 + i
				select {
				case a <- &x:
				case b <- fmt.Sprint(x):
				}
				sent.Add(int64(x))
			}
		})
	}
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case p := <-a:
					got.Add(int64(*p))
				case s := <-b:
					x := 0
					fmt.Sscan(s, &x)
					got.Add(int64(x))
				case <-time.After(10 * time.Second):
					fail("select hangs")
				case <-stop:
					for { // what is left, which the others take from as well
						select {
						case s := <-b:
							x := 0
							fmt.Sscan(s, &x)
							got.Add(int64(x))
						default:
							return
						}
					}
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	readers.Wait()
	if sent.Load() != got.Load() {
		fail("select", sent.Load(), got.Load())
	}
}

//go:noinline
func deep(n int, p *message, f func()) int {
	m := &message{id: n, check: 3 * n}
	if n == 0 {
		f()
		return p.check
	}
	k := deep(n-1, m, f)
	if m.check != 3*n || p.check != 3*p.id {
		fail("deep", n, m.check)
	}
	return k
}

func deeps() {
	var wg sync.WaitGroup
	for g := range 10 {
		wg.Go(func() {
			for i := range 10 {
				d := 1 + g*i*30
				if deep(d, &message{}, func() { runtime.Gosched(); _ = fmt.Sprint(make([]int, g)) }) != 3 {
					fail("depth", d)
				}
			}
		})
	}
	wg.Wait()
}

func ends() {
	var wg sync.WaitGroup
	var n atomic.Int64
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer n.Add(1)
			switch i % 4 {
			case 0:
				runtime.Goexit()
			case 1:
				defer func() {
					if e := recover(); e != i {
						fail("recover", e, i)
					}
				}()
				deep(i*20, &message{}, func() { panic(i) })
			case 2:
				runtime.LockOSThread()
				deep(i*10, &message{}, runtime.Gosched)
				if i%8 == 2 {
					runtime.UnlockOSThread()
				}
			case 3:
				defer func() {
					var e runtime.Error
					if !errors.As(recover().(error), &e) {
						fail("nil")
					}
				}()
				var m *message
				m.id++
			}
		}()
	}
	wg.Wait()
	if n.Load() != 100 {
		fail("ends", n.Load())
	}
}

func numbers(n int) iter.Seq[*message] {
	return func(yield func(*message) bool) {
		for i := range n {
			if !yield(&message{id: i, check: 3 * i}) {
				return
			}
		}
	}
}

func pulls() {
	next, stop := iter.Pull(numbers(500))
	other, end := iter.Pull(numbers(200))
	defer end()
	for i := range 200 {
		m, _ := next()
		o, ok := other()
		if m.id != i || !ok || o.check != 3*i {
			fail("pull", i)
		}
	}
	stop()
}

func locks() {
	var mu sync.Mutex
	var rw sync.RWMutex
	cond := sync.NewCond(&mu)
	m := map[int]*message{}
	var wg sync.WaitGroup
	turn := 0
	for g := range 5 {
		wg.Go(func() {
			for i := range 40 {
				mu.Lock()
				for turn%5 != g {
					cond.Wait()
				}
				turn++
				cond.Broadcast()
				mu.Unlock()
				rw.Lock()
				m[g*100+i] = &message{id: i, check: 3 * i}
				rw.Unlock()
				rw.RLock()
				if x := m[g*100+i/2]; x.check != 3*x.id {
					fail("locks", g, i)
				}
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	if turn != 200 {
		fail("turns", turn)
	}
}

func timers() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	var n atomic.Int64
	for i := range 50 {
		wg.Add(1)
		time.AfterFunc(time.Duration(i%7)*100*time.Microsecond, func() { n.Add(1); wg.Done() })
		wg.Go(func() {
			t := time.NewTicker(time.Duration(1+i%3) * 100 * time.Microsecond)
			defer t.Stop()
			for range 5 {
				select {
				case <-t.C:
				case <-ctx.Done():
					fail("ticker")
				}
			}
		})
	}
	wg.Wait()
	if n.Load() != 50 {
		fail("timers", n.Load())
	}
}

func main() {
	done := make(chan bool)
	changed := make(chan bool)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				close(changed)
				return
			case <-time.After(3 * time.Millisecond):
				runtime.GOMAXPROCS(1 + i%5)
			}
		}
	}()
	for range 2 {
		for _, f := range []func(){pipeline, selects, deeps, ends, pulls, locks, timers} {
			f()
		}
	}
	close(done)
	<-changed
	fmt.Println("ok")
}
