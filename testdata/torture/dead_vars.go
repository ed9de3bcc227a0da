// Variables in frames that their functions no longer use, while others still have pointers to them:
// through parameters, closures, PHIs, other such variables, channels, deferred calls, panics. Each
// must keep what it holds; node.check would find memory that was given to something else.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	magic int
	next  *node
}

func mk(n int) *node { return &node{magic: n} }

func (n *node) check(want int) {
	if n.magic != want {
		panic(fmt.Sprint("lost: ", n.magic, " for ", want))
	}
}

var sink []*node

//go:noinline
func churn() {
	for i := range 20 {
		sink = append(sink[:0], mk(-i))
	}
}

type pair struct {
	a, b *node
	pad  [4]int
}

//go:noinline
func useLater(p *pair, n int) {
	churn()
	p.a.check(n)
	churn()
	p.b.check(n + 1)
}

// The last use of v is the call.
//
//go:noinline
func passed(n int) {
	v := pair{a: mk(n), b: mk(n + 1)}
	useLater(&v, n)
}

// v lies in one of two variables.
//
//go:noinline
func merged(n int) {
	v, w := pair{a: mk(n), b: mk(n + 1)}, pair{a: mk(n + 2), b: mk(n + 3)}
	p := &v
	if n%2 == 0 {
		p = &w
		n += 2
	}
	churn()
	for i := 0; i < 2; i++ {
		useLater(p, n)
	}
}

type holder struct{ p *pair }

//go:noinline
func deep(h *holder, n int) {
	churn()
	useLater(h.p, n)
}

// Found only through another variable.
//
//go:noinline
func nested(n int) {
	v := pair{a: mk(n), b: mk(n + 1)}
	h := holder{&v}
	deep(&h, n)
}

//go:noinline
func call(f func()) { churn(); f(); churn(); f() }

//go:noinline
func captured(n int) {
	v := pair{a: mk(n), b: mk(n + 1)}
	k := 0
	call(func() {
		v.a.check(n + k)
		v.a = mk(n + k + 1)
		churn()
		k++
		v.a.check(n + k)
	})
}

//go:noinline
func deferred(n int) (r *node) {
	v := pair{a: mk(n), b: mk(n + 1)}
	defer func() {
		churn()
		v.a.check(n)
		if e := recover(); e != nil {
			churn()
			v.b.check(n + 1)
			r = v.b
		}
	}()
	if n%2 == 0 {
		panic(n)
	}
	var p *pair
	_ = p.a
	return nil
}

//go:noinline
func deferredInLoop(n int) {
	for i := range 3 {
		v := pair{a: mk(n + i)}
		defer useA(&v, n+i)
	}
	churn()
}

//go:noinline
func useA(v *pair, n int) { churn(); v.a.check(n) }

// A list whose first element lies in the frame.
//
//go:noinline
func list(n int) {
	first := &node{magic: n}
	last := first
	for i := 1; i < 20; i++ {
		last.next = mk(n + i)
		last = last.next
		churn()
	}
	i := n
	for e := first; e != nil; e = e.next {
		e.check(i)
		i++
		churn()
	}
}

//go:noinline
func array(n int) {
	var a [9]*node
	for i := range a {
		a[i] = mk(n + i)
	}
	sum(a[:], n)
	for i, e := range a[3:] {
		churn()
		e.check(n + i + 3)
	}
	backwards(&a, n)
}

//go:noinline
func sum(s []*node, n int) {
	for i := 1; i < len(s); i++ {
		churn()
		s[i].check(n + i)
		s[i-1].check(n + i - 1)
	}
}

//go:noinline
func backwards(a *[9]*node, n int) {
	for i := len(a) - 1; i >= 0; i-- {
		churn()
		a[i].check(n + i)
	}
}

//go:noinline
func large(v [6]*node, n int) {
	churn()
	for i := range v {
		v[i].check(n + i)
	}
}

//go:noinline
func byValue(n int) {
	var v [6]*node
	for i := range v {
		v[i] = mk(n + i)
	}
	large(v, n)
}

func channels(n int) {
	c, done := make(chan pair), make(chan bool)
	go func() {
		runtime.Gosched()
		churn()
		var v pair
		v = <-c
		churn()
		v.b.check(n + 1)
		v = <-c
		v.a.check(n + 2)
		done <- true
	}()
	send(c, n)
	select {
	case c <- pair{a: mk(n + 2)}:
	case <-done:
	}
	<-done
}

//go:noinline
func send(c chan pair, n int) {
	v := pair{a: mk(n), b: mk(n + 1)}
	c <- v
}

func seq(n int) func(func(*node) bool) {
	return func(yield func(*node) bool) {
		v := pair{a: mk(n), b: mk(n + 1)}
		p := &v
		churn()
		if yield(p.a) {
			churn()
			yield(p.b)
		}
	}
}

//go:noinline
func iterate(n int) {
	i := n
	for e := range seq(n) {
		churn()
		e.check(i)
		i++
	}
}

//go:noinline
func recursive(p *pair, depth, n int) {
	v := pair{a: mk(n + depth), b: p.a}
	if depth == 0 {
		churn()
		p.a.check(n + 1)
		return
	}
	recursive(&v, depth-1, n)
	churn()
	p.a.check(n + depth + 1)
}

func main() {
	for n := 0; n < 200; n += 7 {
		passed(n)
		merged(n)
		nested(n)
		captured(n)
		deferred(n).check(n + 1)
		deferredInLoop(n)
		list(n)
		array(n)
		byValue(n)
		channels(n)
		iterate(n)
		recursive(&pair{a: mk(n + 51)}, 50, n)
	}
	fmt.Println("ok")
}
