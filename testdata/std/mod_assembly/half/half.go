package half

func Of(n int) int { return half(n) }
