package sha256

// Why: GOROOT has it in assembly. Here it is in C (runtime/vector.c), with blockGeneric where the processor has nothing better.
//
//go:noescape
func block(dig *Digest, p []byte)
