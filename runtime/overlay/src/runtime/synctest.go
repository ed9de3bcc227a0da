package runtime

// testing/synctest, whose bubbles are the C side's (runtime/synctest.c).

type synctestBubble struct{ _ uintptr }

func currentBubble() *synctestBubble
func setBubble(b *synctestBubble) *synctestBubble
func startBubble(f func())
func stepBubble() bool
func endBubble() (remaining int, mainExited bool)
func waitBubble() bool
func holdBubble(b *synctestBubble, delta int)

type synctestDeadlockError struct {
	reason string
	bubble *synctestBubble
}

func (e synctestDeadlockError) Error() string { return e.reason }

//go:linkname synctest_Run internal/synctest.Run
func synctest_Run(f func()) {
	if currentBubble() != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	defer setBubble(nil)
	startBubble(f)
	for stepBubble() {
	}
	remaining, mainExited := endBubble()
	if remaining == 0 {
		return
	}
	reason := "deadlock: all goroutines in bubble are blocked"
	if mainExited {
		reason = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
	}
	panic(synctestDeadlockError{reason, currentBubble()})
}

//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	if currentBubble() == nil {
		panic("goroutine is not in a bubble")
	}
	if !waitBubble() {
		panic("wait already in progress")
	}
}

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool { return currentBubble() != nil }

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	b := currentBubble()
	if b == nil {
		return nil
	}
	holdBubble(b, 1)
	return b
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) { holdBubble(b.(*synctestBubble), -1) }

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(b any, f func()) {
	if currentBubble() != nil {
		panic("goroutine is already bubbled")
	}
	defer setBubble(nil)
	setBubble(b.(*synctestBubble))
	f()
}

// outsideBubble calls f as if the goroutine were in none: what the runtime does for all is no
// bubble's.
func outsideBubble(f func()) {
	b := setBubble(nil)
	f()
	setBubble(b)
}
