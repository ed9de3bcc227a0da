package y1

import "q/trace"

func init() { trace.Add("y-1") }
