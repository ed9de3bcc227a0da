// golden: build
package main

import (
	"os"
	"unsafe"
)

func f() int {
	for {
		break
	}
}

func main() {
	x := 1
	var y, z = 2, 3
	_ = z
L:
	for {
	}
	switch t := any(x).(type) {
	case int:
	}
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_unused.go:5:2: "os" imported and not used
./diag_unused.go:6:2: "unsafe" imported and not used
./diag_unused.go:13:1: missing return
./diag_unused.go:17:6: declared and not used: y
./diag_unused.go:19:1: label L defined and not used
./diag_unused.go:22:9: t declared and not used
*/
