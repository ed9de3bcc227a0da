// golden: run arm64
// Dispatch through interfaces, embedded interfaces, type switches and assertions.
package main

type Shape interface{ Area() int }
type Named interface{ Name() string }
type NamedShape interface {
	Shape
	Named
}
type Square struct{ s int }
type Rect struct{ w, h int }

func (q Square) Area() int    { return q.s * q.s }
func (q Square) Name() string { return "square" }
func (r *Rect) Area() int     { return r.w * r.h }

type Loud struct{ Shape }

func (l Loud) Area() int { return l.Shape.Area() * 100 }

func describe(x any) {
	switch v := x.(type) {
	case nil:
		println("nil")
	case int, int64:
		println("integer")
	case string:
		println("string of", len(v))
	case NamedShape:
		println(v.Name(), v.Area())
	case Shape:
		println("shape", v.Area())
	case error:
		println("error", v.Error())
	case func() int:
		println("func", v())
	case []int:
		println("slice", len(v))
	default:
		println("other")
	}
}

type myErr string

func (e myErr) Error() string { return string(e) }

func main() {
	for _, x := range []any{nil, 1, int64(2), "three", Square{4}, &Square{5}, &Rect{2, 3}, Rect{1, 1}, Loud{Square{2}}, myErr("bad"), func() int { return 7 }, []int{1, 2}, 1.5} {
		describe(x)
	}
	var s Shape = Square{3}
	if n, ok := s.(Named); ok {
		println(n.Name())
	}
	_, ok := s.(*Rect)
	println(ok, s == Shape(Square{3}), s != Shape(Square{4}))
	f := Shape.Area
	g := (*Rect).Area
	h := s.Area
	s = &Rect{5, 5}
	println(f(s), g(&Rect{6, 6}), h())
}
/* golden
stderr:
nil
integer
integer
string of 5
square 16
square 25
shape 6
other
shape 400
error bad
func 7
slice 2
other
square
false true true
25 36 9
*/
