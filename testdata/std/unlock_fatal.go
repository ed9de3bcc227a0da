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
	/work/main/build/deps/gc/usr/lib/go-1.27/src/runtime/panic.go:1207
internal/sync.(*Mutex).unlockSlow(...)
	/work/main/build/deps/gc/usr/lib/go-1.27/src/internal/sync/mutex.go:204
internal/sync.(*Mutex).Unlock(...)
	/work/main/build/deps/gc/usr/lib/go-1.27/src/internal/sync/mutex.go:198
sync.(*Mutex).Unlock(...)
	/work/main/build/deps/gc/usr/lib/go-1.27/src/sync/mutex.go:65
main.main(...)
	/tmp/g/unlock_fatal.go:10
*/
