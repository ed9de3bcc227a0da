// pause LIVE RATE SECONDS: how long is nobody served while LIVE MB of small objects are live and RATE MB a second are allocated, a quarter
// of which replaces what is live? Prints: the collections, the longest stop and all of them together as the runtime tells them; of a
// goroutine that sleeps for 200 us again and again how much later than that it ran, at the 99th and 99.9th percentile and worst; the
// megabytes that the system has given; those allocated.
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

type tree struct {
	left, right *tree
	value       [2]int
}

const depth = 10 // 2,047 nodes of 32 bytes: 64 KB

func grow(d int) *tree {
	if d == 0 {
		return &tree{}
	}
	return &tree{left: grow(d - 1), right: grow(d - 1)}
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

var sink *tree

func main() {
	arg := func(i int) int { n, _ := strconv.Atoi(os.Args[i]); return n }
	live, rate, seconds := arg(1)*16, arg(2)*16, arg(3)
	var trees []*tree
	for range live {
		trees = append(trees, grow(depth))
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var stop atomic.Bool
	done := make(chan int)
	go func() {
		made, start := 0, time.Now()
		for !stop.Load() {
			for due := int(time.Since(start).Seconds() * float64(rate)); made < due; made++ {
				sink = grow(depth)
				if made%4 == 0 {
					trees[made/4*7919%len(trees)] = grow(depth)
				}
			}
			time.Sleep(time.Millisecond)
		}
		done <- made
	}()
	var late []time.Duration
	for end := time.Now().Add(time.Duration(seconds) * time.Second); ; {
		t := time.Now()
		if t.After(end) {
			break
		}
		time.Sleep(200 * time.Microsecond)
		late = append(late, time.Since(t)-200*time.Microsecond)
	}
	stop.Store(true)
	made := <-done
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	n := 0
	for _, t := range trees {
		n += t.count()
	}
	if n != len(trees)*2047 {
		panic("a tree is damaged")
	}
	var longest uint64
	for i := before.NumGC; i < m.NumGC; i++ {
		longest = max(longest, m.PauseNs[i%256])
	}
	slices.Sort(late)
	at := func(share float64) float64 { return late[int(share*float64(len(late)-1))].Seconds() * 1e3 }
	fmt.Printf("%d %.2f %.1f %.2f %.2f %.2f %d %d\n", m.NumGC-before.NumGC, float64(longest)/1e6, float64(m.PauseTotalNs-before.PauseTotalNs)/1e6,
		at(0.99), at(0.999), at(1), (m.HeapSys-m.HeapReleased)>>20, made/16*5/4)
}
