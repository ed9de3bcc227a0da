// golden: build
package main

//go:build linux

//go:embed x
//go:embed y
func f() {}

//go:embed x
type T int

//go:nointerface
func (T) m() {}

//go:noinline
var x int

//go:linkname
//go:noinline	x
const c = 1

//go:build ignore
func main() {
	//go:noinline
	var y int
	_ = y
}

//go:notinheap
type U struct{}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_directives.go:4:3: misplaced compiler directive
./diag_directives.go:6:3: misplaced go:embed directive
./diag_directives.go:7:3: misplaced go:embed directive
./diag_directives.go:10:3: misplaced go:embed directive
./diag_directives.go:16:3: misplaced compiler directive
./diag_directives.go:23:3: misplaced compiler directive
./diag_directives.go:25:4: misplaced compiler directive
*/
