package a

import (
	"q/trace"
	_ "q/y"
)

var _ = trace.Add("a")
