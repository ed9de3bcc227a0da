// golden: build
package main

var small [1 << 20]byte
var large [1 << 40]byte

func main() { large[1] = small[1] }

/* golden
exit 1
stderr:
# command-line-arguments
./diag_large_variable.go:5:5: main.large: symbol too large (1099511627776 bytes > 2000000000 bytes)
*/
