package y

import "q/trace"

func init() { trace.Add("y") }
