// golden: build
package main

import _ "embed"

//go:embed "unterminated
var a string

//go:embed
var b string

//go:embed "main.go"go
var c string

//go:embed `main.go` "\z"
var d string

//go:embed x
func main() { //go:noinline
	//go:noinline
	x := 1
	_ = x
}

//go:linkname f g h
//go:embed x
/* golden
exit 1
stderr:
diag_embed_lines.go:18:12: pattern x: no matching files found
*/
