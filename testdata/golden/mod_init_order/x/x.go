package x

import (
	"q/trace"
	"q/zero"
)

func init() { trace.Add("x") }
func init() { trace.Add("x2") }

var N = *zero.Table[0].X
