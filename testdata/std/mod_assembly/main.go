// golden: run arm64
// Packages with assembly: Go is chosen where there is some, and golang.org/x/sys/unix's calls get bodies.
package main

import (
	"m/half"

	"golang.org/x/sys/unix"
)

func main() {
	println(half.Of(6), unix.Getpid() > 1)
	_, err := unix.Open()
	println(err.Error())
}
/* golden
stderr:
3 true
bad address
*/
