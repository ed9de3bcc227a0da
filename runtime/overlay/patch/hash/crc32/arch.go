package crc32

// Why: GOROOT has these in assembly. Here they are in C (runtime/vector.c).
func archAvailableIEEE() bool
func archInitIEEE() {}

//go:noescape
func archUpdateIEEE(crc uint32, p []byte) uint32

func archAvailableCastagnoli() bool
func archInitCastagnoli() {}

//go:noescape
func archUpdateCastagnoli(crc uint32, p []byte) uint32
