package shapes

import "example.com/drawing/internal/names"

var Count = count()

func init() { println("init shapes", names.Of("x")) }

func count() int { return 2 }

type Shape interface{ Area() int }
type Square struct{ Side int }

func (s Square) Area() int { return s.Side * s.Side }
