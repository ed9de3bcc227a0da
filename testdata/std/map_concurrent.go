// golden: run
// Concurrent writes to a map are detected, and fatal: nothing recovers from it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"
)

func main() {
	if len(os.Args) == 1 {
		var stderr bytes.Buffer
		cmd := exec.Command(os.Args[0], "race")
		cmd.Stderr = &stderr
		err := cmd.Run()
		fmt.Println(err, bytes.HasPrefix(stderr.Bytes(), []byte("fatal error: concurrent map")))
		return
	}
	m := map[int]int{}
	for range 4 {
		go func() {
			defer func() { recover() }()
			for i := 0; ; i++ {
				m[i%1000] = i
			}
		}()
	}
	time.Sleep(20 * time.Second)
}
/* golden
stdout:
exit status 2 true
*/
