// golden: build
package main

import (
	"bufio"
	"fmt"
)

func main() {
	fmt.fmt("a type that export data does not hold")
	fmt.println("a function")
	var e error = recover()
	var w bufio.readWriter
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_export.go:10:6: undefined: fmt.fmt
./diag_export.go:11:6: undefined: fmt.println (but have Println)
./diag_export.go:12:6: declared and not used: e
./diag_export.go:12:16: cannot use recover() (value of type interface{}) as error value in variable declaration: interface{} does not implement error (missing method Error)
./diag_export.go:13:6: declared and not used: w
./diag_export.go:13:14: undefined: bufio.readWriter (but have ReadWriter)
*/
