// golden: run
// testing/synctest: a bubble's clock moves only when all its goroutines wait for it, then at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var tests []testing.InternalTest

func bubble(name string, f func(t *testing.T)) {
	tests = append(tests, testing.InternalTest{Name: name, F: func(t *testing.T) {
		fmt.Println(name)
		synctest.Test(t, f)
	}})
}

func since(start time.Time) string { return time.Since(start).String() }

func main() {
	real := time.Now()

	bubble("clock", func(t *testing.T) {
		start := time.Now()
		fmt.Println(start.UTC(), start)
		time.Sleep(24 * time.Hour)
		fmt.Println(since(start))
		tm := time.NewTimer(time.Hour)
		fmt.Println((<-tm.C).Sub(start), tm.Stop(), tm.Reset(0), len(tm.C))
		fmt.Println((<-tm.C).Sub(start))
		tm.Reset(time.Minute)
		time.Sleep(time.Hour)
		fmt.Println("sent when it was due:", (<-tm.C).Sub(start), since(start))
		tick := time.NewTicker(time.Second)
		for range 3 {
			fmt.Print((<-tick.C).Sub(start), " ")
		}
		tick.Reset(time.Minute)
		fmt.Println((<-tick.C).Sub(start))
		tick.Stop()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		<-ctx.Done()
		fmt.Println(errors.Is(ctx.Err(), context.DeadlineExceeded), since(start))
	})

	bubble("wait", func(t *testing.T) {
		var steps []string
		ch := make(chan string)
		go func() {
			steps = append(steps, "blocked")
			steps = append(steps, <-ch)
			time.Sleep(time.Second)
			steps = append(steps, "slept")
		}()
		synctest.Wait()
		fmt.Println(steps)
		ch <- "received"
		synctest.Wait()
		fmt.Println(steps)
		time.Sleep(time.Second)
		synctest.Wait()
		fmt.Println(steps)
		time.AfterFunc(time.Second, func() { steps = append(steps, "after") })
		time.Sleep(time.Second - 1)
		synctest.Wait()
		n := len(steps)
		time.Sleep(1)
		synctest.Wait()
		fmt.Println(n, len(steps))
	})

	bubble("what blocks", func(t *testing.T) {
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { time.Sleep(time.Second) })
		wg.Wait()
		fmt.Println("WaitGroup", since(start))

		var mu sync.Mutex
		cond := sync.NewCond(&mu)
		time.AfterFunc(time.Second, cond.Broadcast)
		mu.Lock()
		cond.Wait()
		mu.Unlock()
		fmt.Println("Cond", since(start))

		never := make(chan int)
		select {
		case <-never:
		case <-time.After(time.Second):
		}
		fmt.Println("select", since(start))

		next, stop := iter.Pull(func(yield func(time.Duration) bool) {
			for yield(time.Since(start)) {
				time.Sleep(time.Second)
			}
		})
		next()
		d, _ := next()
		stop()
		fmt.Println("iter.Pull", d)

		var nilChan chan int
		done := make(chan bool)
		go func() {
			defer close(done)
			select {
			case <-nilChan:
			case <-t.Context().Done():
			case <-time.After(365 * 24 * time.Hour):
			}
		}()
		<-done
		fmt.Println("a year", since(start))
	})

	bubble("outside", func(t *testing.T) {
		// What is outside is not waited for by the clock.
		start, slow := time.Now(), make(chan bool)
		_ = slow
		var mu sync.Mutex
		mu.Lock()
		go func() {
			time.Sleep(time.Second)
			mu.Unlock()
		}()
		time.Sleep(2 * time.Second)
		mu.Lock()
		fmt.Println(since(start))
	})
	tests = append(tests, testing.InternalTest{Name: "real", F: func(t *testing.T) { fmt.Println(time.Since(real) < time.Minute) }})
	testing.Main(func(_, _ string) (bool, error) { return true, nil }, tests, nil, nil)
}
/* golden
stdout:
clock
2000-01-01 00:00:00 +0000 UTC 2000-01-01 00:00:00 +0000 UTC
24h0m0s
25h0m0s false false 0
25h0m0s
sent when it was due: 25h1m0s 26h0m0s
26h0m1s 26h0m2s 26h0m3s 26h1m3s
true 26h1m8s
wait
[blocked]
[blocked received]
[blocked received slept]
3 4
what blocks
WaitGroup 1s
Cond 2s
select 3s
iter.Pull 4s
a year 8760h0m4s
outside
2s
true
PASS
*/
