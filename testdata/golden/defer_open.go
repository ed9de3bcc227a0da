// golden: run arm64
package main

// Defers that the function calls itself where it returns, beside those that the runtime calls.

var log []string

func say(s string) { log = append(log, s) }
func flush(name string) {
	print(name, ":")
	for _, s := range log {
		print(" ", s)
	}
	println()
	log = nil
}

func conditional(n int) (r int) {
	if n == 0 {
		return 7
	}
	defer say("a")
	if n&1 != 0 {
		defer func() { say("b"); r *= 2 }()
	}
	if n&2 != 0 {
		defer say("c")
		if n&4 != 0 {
			return n
		}
	}
	defer func() { r++ }()
	return n * 10
}

func first(yes bool) {
	if yes {
		defer say("first")
	}
	defer say("second")
	say("body")
}

func panics(at int) (r int, err any) {
	defer func() { err = recover(); say("last") }()
	if at == 0 {
		panic("0")
	}
	defer func() {
		say("middle")
		if at == 2 {
			panic("2")
		}
	}()
	r = 1
	if at == 1 {
		panic("1")
	}
	defer say("top")
	r = 2
	return r + 1, nil
}

func through(p *int) int { // runs its deferred call for a panic that others recover
	defer say("through")
	return *p
}

func recoversNil(p *int) (s string) {
	defer func() {
		if e := recover(); e != nil {
			s = e.(error).Error()
		}
	}()
	return string(rune('a' + through(p)))
}

func nilFunc() (s string) {
	defer func() { s = recover().(error).Error() }()
	var f func()
	defer f()
	say("before")
	return "not reached?"
}

func itself() (r any) {
	defer func() { r = recover() }()
	func() {
		defer func() {
			defer recover() // recovers: as if this function called it
		}()
		panic("inner")
	}()
	say("went on")
	panic("outer")
}

func notItself() (r any) {
	defer func() { r = recover() }()
	defer func() {
		func() {
			defer recover() // not called by the deferred function
		}()
	}()
	panic("kept")
}

func again(n int) (s string) { // a panic in a deferred call on the way out
	defer func() { s += recover().(string) }()
	defer func() {
		defer func() { s = recover().(string) + "," }()
		panic("one")
	}()
	if n > 0 {
		return "x"
	}
	defer func() { panic("three") }()
	return "y"
}

type lock struct{ n int }

func (l *lock) lock()   { l.n++ }
func (l *lock) unlock() { l.n-- }

func locked(l *lock, f func()) {
	l.lock()
	defer l.unlock()
	f()
}

type closer interface{ close(string) }
type file struct{ name string }

func (f file) close(s string) { say(f.name + s) }

func methods(c closer) {
	defer c.close("!")
	f := file{"g"}
	defer f.close("?")
	f.name = "changed"
	go1 := f.close
	defer go1(".")
}

func many(n int) (r int) {
	for i := range n {
		defer func() { r = r*10 + i }()
	}
	defer func() { r = 0 }()
	return 99
}

func back(n int) {
	i := 0
again:
	defer say("loop")
	if i++; i < n {
		goto again
	}
}

func eight() (s string) {
	defer func() { s += "1" }()
	defer func() { s += "2" }()
	defer func() { s += "3" }()
	defer func() { s += "4" }()
	defer func() { s += "5" }()
	defer func() { s += "6" }()
	defer func() { s += "7" }()
	defer func() { s += "8" }()
	return ""
}

func nine() (s string) {
	defer func() { s += eight() }()
	defer func() { s += "2" }()
	defer func() { s += "3" }()
	defer func() { s += "4" }()
	defer func() { s += "5" }()
	defer func() { s += "6" }()
	defer func() { s += "7" }()
	defer func() { s += "8" }()
	defer func() { s += "9" }()
	return ""
}

func deep(n int) (sum int) {
	defer func() { sum += n }()
	if n == 0 {
		return 0
	}
	return deep(n - 1)
}

func large() (r [40]int) {
	defer func() { r[39]++ }()
	r[39] = 5
	return r
}

func seq(yield func(int) bool) {
	defer say("seq")
	_ = yield(1) && yield(2)
}

func ranged() {
	defer say("outer")
	for i := range seq {
		defer say(string(rune('0' + i)))
	}
	say("end")
}

func main() {
	for n := range 8 {
		println(n, conditional(n))
		flush("conditional")
	}
	first(true)
	first(false)
	flush("first")
	for at := range 4 {
		r, err := panics(at)
		if s, ok := err.(string); ok {
			println(r, s)
		} else {
			println(r, err == nil)
		}
		flush("panics")
	}
	x := 2
	println(recoversNil(&x), recoversNil(nil))
	flush("through")
	println(nilFunc())
	flush("nil")
	println(itself().(string), notItself().(string))
	flush("itself")
	println(again(0))
	func() {
		defer func() { println("again:", recover() != nil) }()
		println(again(1))
	}()
	var l lock
	locked(&l, func() { println("locked", l.n) })
	func() {
		defer func() { recover() }()
		locked(&l, func() { panic("x") })
	}()
	println("unlocked", l.n)
	methods(file{"f"})
	flush("methods")
	println(many(4))
	back(3)
	flush("back")
	println(eight(), nine(), deep(10000), large()[39])
	ranged()
	flush("ranged")
	done := make(chan bool)
	go func() {
		defer close(done)
		defer say("goexit")
		func() {
			defer say("inner")
			runtime_goexit()
		}()
	}()
	<-done
	flush("goexit")
}

func runtime_goexit() { // as runtime.Goexit, which needs an import: a panic that is recovered
	defer func() { recover() }()
	panic("goexit")
}
/* golden
stderr:
0 7
conditional:
1 22
conditional: b a
2 21
conditional: c a
3 62
conditional: c b a
4 41
conditional: a
5 102
conditional: b a
6 6
conditional: c a
7 14
conditional: c b a
first: body second first body second
0 0
panics: last
1 1
panics: middle last
3 2
panics: top middle last
3 true
panics: top middle last
c runtime error: invalid memory address or nil pointer dereference
through: through through
runtime error: invalid memory address or nil pointer dereference
nil: before
outer kept
itself: went on
one,three
again: true
locked 1
unlocked 0
methods: changed. g? f!
3210
back: loop loop loop
87654321 9876543287654321 50005000 6
ranged: seq end 2 1 outer
goexit: inner goexit
*/
