// golden: tool -p main
package main

import (
	"unsafe" // "tool compile" names files as it was told to, and exits with 2
	v
)
/* golden
exit 2
stderr:
./diag_tool.go:6:3: syntax error: missing import path
*/
