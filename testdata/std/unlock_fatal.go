// golden: run
// Unlocking an unlocked mutex cannot be recovered from.
package main

import "sync"

func main() {
	defer func() { recover() }()
	var mu sync.Mutex
	mu.Unlock()
}
/* golden
exit 2
stderr:
fatal error: sync: unlock of unlocked mutex

goroutine N [running]:
internal/sync.fatal(...)
	runtime/sema.go
internal/sync.(*Mutex).unlockSlow(...)
	GOROOT/src/internal/sync/mutex.go:204
internal/sync.(*Mutex).Unlock(...)
	GOROOT/src/internal/sync/mutex.go:198
sync.(*Mutex).Unlock(...)
	GOROOT/src/sync/mutex.go:65
main.main(...)
	unlock_fatal.go:10
*/
