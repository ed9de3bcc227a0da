package abi

// Why: gc's compiler knows this function. Here, what is given to it always escapes.
func EscapeNonString[T any](v T) { Escape(v) }
