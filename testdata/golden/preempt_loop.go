// golden: run
package main

import "time"

func main() {
	go func() {
		for {
		}
	}()
	time.Sleep(50 * time.Millisecond)
	println("ok")
}
/* golden
stderr:
ok
*/
