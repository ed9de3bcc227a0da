package main

import (
	"os"
	"runtime"
	"sync"
)

// 100,000 goroutines that wait at once, and what memory they take, page tables included.
func main() {
	var started, ended sync.WaitGroup
	stop := make(chan bool)
	for range 100_000 {
		started.Add(1)
		ended.Add(1)
		go func() {
			started.Done()
			<-stop
			ended.Done()
		}()
	}
	started.Wait()
	if len(os.Args) > 1 {
		b, _ := os.ReadFile("/proc/self/status")
		os.Stdout.Write(b)
	}
	close(stop)
	ended.Wait()
	println(runtime.NumGoroutine())
}
