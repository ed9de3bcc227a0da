package main

// A range over an array or a pointer to one with at most one variable (a blank one counts) evaluates its operand only if that holds a call or a receive; len
// and cap do the same. Nothing is read from the array.

type T struct {
	p *[3]int
	a [3]int
}

func f(p *[3]int) *[3]int { print("f "); return p }
func g(t *T) *T           { print("g "); return t }
func try(what string, do func() int) {
	defer func() {
		if r := recover(); r != nil {
			println(what, "panics:", r.(error).Error())
		}
	}()
	println(what, do())
}

func main() {
	var t *T
	var p *[3]int
	var pp **[3]int
	var m map[int]*[3]int
	var ps []*[3]int
	var a any
	ch := make(chan *[3]int, 3)
	ch <- nil
	ch <- nil
	ch <- nil
	try("p", func() (n int) {
		for i := range p {
			n += i
		}
		return
	})
	try("t.p", func() (n int) {
		for i := range t.p {
			n += i
		}
		return
	})
	try("*pp", func() (n int) {
		for range *pp {
			n++
		}
		return
	})
	try("m[3]", func() (n int) {
		for i := range m[3] {
			n += i
		}
		return
	})
	try("ps[2]", func() (n int) {
		for i := range ps[2] {
			n += i
		}
		return
	})
	try("*ps[2]", func() (n int) {
		for i, _ := range *ps[2] {
			n += i
		}
		return
	})
	try("assertion", func() (n int) {
		for i := range a.(*[3]int) {
			n += i
		}
		return
	})
	try("conversion", func() (n int) {
		for i := range (*[3]int)(make([]int, 2)) {
			n += i
		}
		return
	})
	try("f", func() (n int) {
		for i := range f(p) {
			n += i
		}
		return
	})
	try("*f", func() (n int) {
		for i := range *f(p) {
			n += i
		}
		return
	})
	try("g.p", func() (n int) {
		for i := range g(t).p {
			n += i
		}
		return
	})
	try("<-ch", func() (n int) {
		for i := range <-ch {
			n += i
		}
		return
	})
	try("*<-ch", func() (n int) {
		for i := range *<-ch {
			n += i
		}
		return
	})
	try("two", func() (n int) {
		for i, x := range p {
			n += i + x
		}
		return
	})
	try("len *f", func() (n int) { return len(*f(p)) })
	try("len f", func() (n int) { return len(f(p)) })
	try("cap g.p", func() (n int) { return cap(g(t).p) })
	try("len g.p", func() (n int) { return len(g(t).p) })
	try("len t.p", func() (n int) { return len(t.p) + cap(*t.p) + len(m[3]) + len(ps[7]) + len(*ps[3]) })
	try("len *<-ch", func() (n int) { return len(*<-ch) })
	try("len g.p[f]", func() (n int) { return len([2][3]int{}[f(&[3]int{})[0]]) })
	try("len conversion", func() (n int) { return len((*[3]int)(make([]int, 2))) })
	try("len assertion", func() (n int) { return len(a.(*[3]int)) })
	println(len(ch))
	two()
}

func two() {
	var pp **[3]int
	p1 := new(*[3]int)
	var t *T
	var ps []*[3]int
	var as [][3]int
	try("**pp", func() (n int) {
		for i, _ := range **pp {
			n += i
		}
		return
	})
	try("**p1", func() (n int) {
		for i, _ := range **p1 {
			n += i
		}
		return
	})
	try("*pp _", func() (n int) {
		for i, _ := range *pp {
			n += i
		}
		return
	})
	try("*p1 _", func() (n int) {
		for i, _ := range *p1 {
			n += i
		}
		return
	})
	try("t.a", func() (n int) {
		for i, _ := range t.a {
			n += i
		}
		return
	})
	try("t.p", func() (n int) {
		for i, _ := range t.p {
			n += i
		}
		return
	})
	try("t.a", func() (n int) {
		for i := range t.a {
			n += i
		}
		return
	})
	try("as[1]", func() (n int) {
		for i, _ := range as[1] {
			n += i
		}
		return
	})
	try("as[1]", func() (n int) {
		for _, _ = range as[1] {
			n++
		}
		return
	})
	try("as[1]", func() (n int) {
		for _ = range as[1] {
			n++
		}
		return
	})
	try("ps[1]", func() (n int) {
		for i, _ := range ps[1] {
			n += i
		}
		return
	})
	try("*pp", func() (n int) {
		for _, _ = range *pp {
			n++
		}
		return
	})
}
/* golden
stderr:
p 3
t.p 3
*pp 3
m[3] 3
ps[2] 3
*ps[2] panics: runtime error: index out of range [2] with length 0
assertion 3
conversion panics: runtime error: cannot convert slice with length 2 to array or pointer to array with length 3
f f 3
f *f panics: runtime error: invalid memory address or nil pointer dereference
g g.p panics: runtime error: invalid memory address or nil pointer dereference
<-ch 3
*<-ch panics: runtime error: invalid memory address or nil pointer dereference
two panics: runtime error: invalid memory address or nil pointer dereference
f len *f panics: runtime error: invalid memory address or nil pointer dereference
f len f 3
g cap g.p panics: runtime error: invalid memory address or nil pointer dereference
g len g.p panics: runtime error: invalid memory address or nil pointer dereference
len t.p 15
len *<-ch panics: runtime error: invalid memory address or nil pointer dereference
f len g.p[f] 3
len conversion panics: runtime error: cannot convert slice with length 2 to array or pointer to array with length 3
len assertion 3
0
**pp panics: runtime error: invalid memory address or nil pointer dereference
**p1 panics: runtime error: invalid memory address or nil pointer dereference
*pp _ panics: runtime error: invalid memory address or nil pointer dereference
*p1 _ 3
t.a panics: runtime error: invalid memory address or nil pointer dereference
t.p panics: runtime error: invalid memory address or nil pointer dereference
t.a 3
as[1] panics: runtime error: index out of range [1] with length 0
as[1] panics: runtime error: index out of range [1] with length 0
as[1] 3
ps[1] panics: runtime error: index out of range [1] with length 0
*pp panics: runtime error: invalid memory address or nil pointer dereference
*/
