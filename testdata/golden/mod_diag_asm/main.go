// golden: build
// Errors of assembly have its file and line; what it does not define is named as gc's linker does.
package main

import (
	_ "m/bad"
	_ "m/ok"
)

func main() {}
/* golden
exit 1
stderr:
# m/bad
bad/a_amd64.s:4: unrecognized instruction "NOSUCH"
asm: assembly of bad/a_amd64.s failed
*/
