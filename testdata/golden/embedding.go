// golden: run
package main

type Base struct{ id int }

func (b Base) ID() int      { return b.id }
func (b *Base) SetID(n int) { b.id = n }
func (b Base) Who() string  { return "base" }

type Mid struct {
	*Base
	name string
}

func (m Mid) Who() string { return "mid of " + m.Base.Who() }

type Top struct {
	Mid
	extra int
}

type IDer interface {
	ID() int
	SetID(int)
	Who() string
}

type Logger interface{ Log(string) }
type stdLogger struct{ prefix string }

func (l stdLogger) Log(s string) { println(l.prefix + s) }

type Service struct {
	Logger
	IDer
}

func main() {
	t := Top{Mid{&Base{1}, "m"}, 2}
	t.SetID(42)
	println(t.ID(), t.id, t.Mid.Base.id, t.Who(), t.name)
	var i IDer = t
	i.SetID(7)
	println(i.ID(), t.ID(), i.Who())
	var j IDer = &t
	println(j.ID())
	s := Service{stdLogger{"> "}, i}
	s.Log(s.Who())
	f := s.Log
	s.Logger = stdLogger{"# "}
	f("bound early")
	g := Top.Who
	h := (*Top).SetID
	h(&t, 9)
	println(g(t), t.ID())
	anon := struct {
		Base
		x int
	}{Base{5}, 6}
	println(anon.ID(), anon.x)
}
/* golden
stderr:
42 42 42 mid of base m
7 7 mid of base
7
> mid of base
> bound early
mid of base 9
5 6
*/
