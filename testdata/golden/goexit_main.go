// golden: run
package main

import "runtime"

func main() {
	go func() { println("other") }()
	runtime.Goexit()
}
/* golden
exit 2
stderr:
other
fatal error: no goroutines (main called runtime.Goexit) - deadlock!
*/
