package main

// Packages are initialised in the order of their paths, each as soon as its imports are: not depth first.
import (
	_ "q/c"
	_ "q/a"
	_ "q/b"
	"q/x"
	_ "q/y"
	_ "q/y-1"
	_ "q/y/z"
)

func main() { println(x.N) }
/* golden
stderr:
b x x2 y-1 y a c y/z 3
*/
