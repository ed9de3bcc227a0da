package main

// #include "length.h"
import "C"

func main() {
	println(C.cxx_length(C.CString("c++")))
}
/* golden
stderr:
3
*/
