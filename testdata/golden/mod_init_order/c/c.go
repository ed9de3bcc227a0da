package c

import (
	_ "q/a"
	"q/trace"
	_ "q/x"
)

func init() { trace.Add("c") }
