// golden: tool -p main
package main

import _ "embed"

// Who has the compiler called says what is embedded, which nobody did.
//
//go:embed main.go
//go:embed other.go
var a string

//go:embed blank.go
var _ string

var (
	//go:embed none.go
	b []byte
)

func main() { println(a, b) }
/* golden
exit 2
stderr:
./diag_embed.go:8:3: invalid go:embed: build system did not supply embed configuration
./diag_embed.go:12:3: invalid go:embed: build system did not supply embed configuration
./diag_embed.go:16:4: invalid go:embed: build system did not supply embed configuration
*/
