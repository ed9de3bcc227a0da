// golden: run arm64
// A module of several packages: init order across packages, exported generics, interfaces and embedded types of another package.
package main

import (
	"example.com/drawing/internal/names"
	"example.com/drawing/shapes"
)

type labelled struct {
	shapes.Square
	label string
}

func init() { println("init main") }

func main() {
	l := labelled{shapes.Square{Side: 3}, names.Of("square")}
	var s shapes.Shape = l
	println(l.label, s.Area(), shapes.Count)
	println(shapes.Largest([]shapes.Shape{shapes.Square{Side: 2}, l, shapes.New(4, 5)}).Area())
	println(shapes.Max(3, 9), shapes.Max("a", "b"))
}
/* golden
stderr:
init names
init shapes the x
init main
the square 9 2
20
9 b
*/
