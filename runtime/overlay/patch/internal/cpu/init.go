package cpu

// Why: gc's runtime calls Initialize before it initializes packages, and keeps what compiled code asks for.
func init() {
	Initialize(godebug())
	setFeatures(X86.HasSSE41, X86.HasPOPCNT, X86.HasFMA)
}

func setFeatures(sse41, popcnt, fma bool)

// godebug is the environment's GODEBUG.
func godebug() string
