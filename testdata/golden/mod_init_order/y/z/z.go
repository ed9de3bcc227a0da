package z

import (
	"q/trace"
	_ "q/zero"
)

func init() { trace.Add("y/z") }
