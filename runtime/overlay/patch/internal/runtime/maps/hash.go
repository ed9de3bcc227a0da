package maps

import _ "unsafe"

// Why: GOROOT has these in assembly. They must agree with hash64 of runtime/alg.c, which hashes the
// same keys by their types' descriptors.

//go:linkname hashKey runtime.hashKey
var hashKey [4]uint64

func hash64(v uint64, seed uintptr) uintptr {
	return mix(uintptr(v^hashKey[1]), uintptr(uint64(seed)^hashKey[0]^8))
}

func memHash32AES(k uint32, h uintptr) uintptr { return hash64(uint64(k), h) }
func memHash64AES(k uint64, h uintptr) uintptr { return hash64(k, h) }
