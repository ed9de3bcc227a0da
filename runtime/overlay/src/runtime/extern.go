// Package runtime is vole's own: GOROOT's is bound to gc's scheduler, collector and calling
// convention. The work is done in C (runtime/*.c); what the language sees as Go values (error
// types, maps' entry points) is here.
package runtime

const (
	GOOS     = "linux"
	Compiler = "gc"
)

func fatal(s string)
func rand() uint64
func bootstrapRand() uint64 { return rand() }
