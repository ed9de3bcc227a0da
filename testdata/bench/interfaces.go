package main

type shape interface{ area() int }
type square struct{ s int }
type rect struct{ w, h int }
type circle struct{ r int }

func (s square) area() int  { return s.s * s.s }
func (r *rect) area() int   { return r.w * r.h }
func (c circle) area() int  { return 3 * c.r * c.r }

func kind(x any) int {
	switch v := x.(type) {
	case int:
		return v
	case string:
		return len(v)
	case shape:
		return v.area()
	}
	return 0
}

func main() {
	var shapes []shape
	for i := range 1000 {
		switch i % 3 {
		case 0:
			shapes = append(shapes, square{i})
		case 1:
			shapes = append(shapes, &rect{i, 2})
		default:
			shapes = append(shapes, circle{i})
		}
	}
	total := 0
	for range 100000 {
		for _, s := range shapes {
			total += s.area()
		}
	}
	xs := []any{1, "abc", square{3}, &rect{2, 2}, 2.5}
	for i := range 30000000 {
		total += kind(xs[i%len(xs)])
	}
	println(total)
}
