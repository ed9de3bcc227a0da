// golden: run arm64
// Packages with assembly: it is taken as gc takes it, with its tags; golang.org/x/sys/unix's calls
// get bodies in its place.
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
