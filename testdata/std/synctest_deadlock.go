// golden: run
// testing/synctest: goroutines that only their bubble could wake, and nobody is left to: Run panics, and tells about them.
package main

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
)

func main() {
	all := func(_, _ string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "T", F: func(t *testing.T) {
		func() {
			defer func() { fmt.Println(recover()) }()
			synctest.Test(t, func(t *testing.T) { select {} })
		}()
		func() {
			defer func() { fmt.Println(recover()) }()
			synctest.Wait()
		}()
		synctest.Test(t, func(t *testing.T) {
			defer func() { fmt.Println(recover()) }()
			synctest.Test(t, func(t *testing.T) {})
		})
		var leak chan int
		synctest.Test(t, func(t *testing.T) {
			leak = make(chan int, 1)
			var wg sync.WaitGroup
			wg.Add(1)
			go wg.Wait()
			synctest.Wait()
			wg.Done()
		})
		leak <- 1
	}}}, nil, nil)
}
/* golden
exit 2
stdout:
deadlock: all goroutines in bubble are blocked
goroutine is not in a bubble
synctest.Run called from within a synctest bubble
stderr:
fatal error: send on synctest channel from outside bubble

goroutine N [running]:
main.main.func2(...)
	synctest_deadlock.go:36
testing.tRunner(...)
	GOROOT/src/testing/testing.go:2195
created by testing.(*T).Run in goroutine N
	GOROOT/src/testing/testing.go:2260
*/
