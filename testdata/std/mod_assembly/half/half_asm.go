//go:build !noasm && amd64

package half

func half(n int) int
