// golden: run arm64
// Build constraints, files named for a platform, //go:linkname, //go:generate that only go generate reads.
package main

import "example.com/platform/clock"

//go:generate stringer -type=Status
type Status int

func main() {
	println(clock.Platform, clock.Named, clock.Now() > 0, clock.Tagged)
}
/* golden
stderr:
linux by constraint linux by name true new enough
*/
