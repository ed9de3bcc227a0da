// golden: build
package main

import _ "unsafe"

//go:linkname missing nowhere.missing
func missing() int

//go:noinline
func twice() int { return missing() + missing() }

func main() { println(missing(), twice()) }
/* golden
exit 1
stderr:
# command-line-arguments
main.twice: relocation target nowhere.missing not defined
main.main: relocation target nowhere.missing not defined
*/
