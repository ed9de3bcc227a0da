package lib

// Twice is all assembly: other packages call it as any function.
func Twice(n int) int
