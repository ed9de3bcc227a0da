// golden: run arm64
// Goroutines leave their small stacks for a large segment wherever the depth of calls wants it.
package main

import (
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"sync"
)

type words struct{ a, b, c, d, e, f, g, h int }

//go:noinline
func sum(n int, s string, x float64, w words, more ...int) (int, string, float64, words) {
	if n == 0 {
		return len(more), s, x, w
	}
	w.h++
	r, s, x, w := sum(n-1, s, x+1, w, more...)
	return r + 1, s, x, w
}

func in(f func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// at calls f at a depth of n frames.
//
//go:noinline
func at(n int, f func()) int {
	if n == 0 {
		f()
		return 0
	}
	return at(n-1, f) + 1
}

func callers() []string {
	pcs := make([]uintptr, 1000)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	var names []string
	for {
		f, more := frames.Next()
		names = append(names, f.Function)
		if !more {
			return names
		}
	}
}

type node struct {
	next *node
	v    int
}

// Each frame holds a list's node alone.
//
//go:noinline
func garbage(n int) int {
	x := &node{v: 1}
	if n%500 == 0 {
		runtime.GC()
	}
	k := 0
	if n > 0 {
		k = garbage(n - 1)
	}
	make([]byte, 100)[0] = 1
	return k + x.v
}

//go:noinline
func large(n int, fill byte) (int, [5000]byte) {
	var a [5000]byte
	a[n] = fill
	if n == 0 {
		return 0, a
	}
	k, b := large(n-1, fill)
	for i, x := range b {
		a[i] |= x
	}
	return k + 1, a
}

func count(a [5000]byte) (n int) {
	for _, x := range a {
		n += int(x)
	}
	return
}

//go:noinline
func recovering(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int) + 1
		}
	}()
	if n == 0 {
		panic(0)
	}
	panic(recovering(n - 1))
}

type shape interface{ area(int) int }
type square struct{ side int }

func (s *square) area(n int) int { return s.side * n }

//go:noinline
func wide(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t string) string {
	return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t
}

type catcher struct{ k *int }

func (c catcher) Catch() { *c.k += recover().(int) }

func selects(n int) int {
	c := make(chan int, 1)
	c <- n
	cases := make([]reflect.SelectCase, n)
	for i := range cases {
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(make(chan int))}
	}
	cases[n/2].Chan = reflect.ValueOf(c)
	i, v, _ := reflect.Select(cases)
	if i != n/2 {
		return -1
	}
	return int(v.Int())
}

func twice(f func(int) int, v int) int { return f(v) + f(v) }

func main() {
	in(func() {
		a, s, x, w := sum(19997, "s", 0.5, words{}, 1, 2)
		fmt.Println("sum", a, w.h+2)
		if s != "s" || x != 19997.5 {
			panic("arguments")
		}
	})

	// The same frames are seen from home and from beyond it.
	var near, far []string
	in(func() { at(100, func() { near = callers() }) })
	in(func() { at(99, func() { at(5000, func() { sum(1, "", 0, words{}); far = callers() }) }) })
	same := "same"
	for i, f := range near[:102] {
		if i != 2 && f != far[i] { // 2: the literal
			same = "other"
		}
	}
	in(func() {
		for d := 0; d < 2000; d += 10 {
			at(d, func() {
				c := callers()
				if d < 990 && (c[len(c)-1] != "runtime.goexit" || len(c) != d+7) {
					same = fmt.Sprint(d, len(c), c[len(c)-1])
				}
			})
		}
	})
	fmt.Println("crossed 199 frames:", same, "callers")

	// Whatever is done at whatever depth.
	var n [8]int
	for d := 0; d < 97; d++ {
		in(func() {
			at(d*25, func() {
				if fmt.Sprintf("%v %5.2f %q", []any{d, "x"}, 1.5, "y") == fmt.Sprintf(`[%d x]  1.50 "y"`, d) {
					n[0]++
				}
				m := map[any]int{}
				for i := range 50 {
					m[[2]any{i, "k"}] = i
				}
				n[1] += m[[2]any{7, "k"}] / 7
				func() {
					defer func() { recover(); n[2]++ }()
					var p *node
					p.v++
				}()
				func() {
					defer reflect.ValueOf(catcher{&n[3]}).Method(0).Interface().(func())()
					panic(1)
				}()
				c := make(chan int, 1)
				select {
				case c <- 1:
				case <-make(chan int):
				}
				n[4] += <-c
				n[5] += int(reflect.ValueOf(twice).Call([]reflect.Value{reflect.ValueOf(func(x int) int { return x }), reflect.ValueOf(1)})[0].Int()) / 2
				var s shape = &square{1}
				n[6] += twice(s.area, 1) / 2
				f := reflect.MakeFunc(reflect.TypeOf(func(int, string) int { return 0 }), func(a []reflect.Value) []reflect.Value { return a[:1] })
				n[7] += f.Interface().(func(int, string) int)(1, "")
			})
		})
	}
	fmt.Println("sweep", n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7])

	in(func() {
		var args []reflect.Value
		for i := range 20 {
			args = append(args, reflect.ValueOf(fmt.Sprint(i)))
		}
		fmt.Println("wide", reflect.ValueOf(wide).Call(args)[0], selects(1000), selects(60000))
	})

	var wg sync.WaitGroup
	ran := 0
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { ran++ }()
		at(5000, func() { runtime.Goexit() })
	}()
	wg.Wait()
	fmt.Println("goexit", ran == 1, ran)

	in(func() { fmt.Println("garbage", garbage(3999)) })
	in(func() {
		k, a := large(300, 1)
		fmt.Println("large", k, count(a)-1)
	})

	// With very many others.
	stop := make(chan bool)
	for range 40000 {
		wg.Add(1)
		go func() { <-stop; wg.Done() }()
	}
	in(func() {
		k := runtime.NumGoroutine()
		a, _, _, _ := sum(1000000, "", 0, words{}, 1)
		fmt.Println("many", k-1, a)
	})
	close(stop)
	wg.Wait()

	in(func() {
		at(3000, func() {
			next, end := iter.Pull(func(yield func(int) bool) {
				at(3000, func() { yield(7) })
			})
			v, ok := next()
			end()
			fmt.Println("pull", v, ok)
		})
	})

	// Calls to and fro over the end of the small stack.
	in(func() {
		k := 0
		for d := range 1000 {
			at(d, func() {
				for range 1000 {
					s, _, _, _ := sum(0, "", 0, words{}, 1)
					k += s
				}
			})
		}
		fmt.Println("boundary", k)
	})

	in(func() { fmt.Println("recursive recover", recovering(399)+0) })

	// Others write to a deep frame's variables.
	in(func() {
		k := 0
		at(10000, func() {
			var mu sync.Mutex
			for range 20 {
				wg.Go(func() {
					at(2000, func() {
						for range 1000 {
							mu.Lock()
							k++
							mu.Unlock()
						}
					})
				})
			}
			wg.Wait()
		})
		fmt.Println("shared", k)
	})
}

/* golden
stdout:
sum 19999 19999
crossed 199 frames: same callers
sweep 97 97 97 97 97 97 97 97
wide 012345678910111213141516171819 1000 60000
goexit true 1
garbage 4000
large 300 300
many 40001 1000001
pull 7 true
boundary 1000000
recursive recover 400
shared 20000
*/
