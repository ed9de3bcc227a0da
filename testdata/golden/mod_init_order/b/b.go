package b

import "q/trace"

var _ = trace.Add("b")
