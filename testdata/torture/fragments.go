// Some 16 MB of which parts die everywhere, so that free memory lies in pieces between what lives: objects of many sizes, each with a
// check of what it holds and of what it points to, replaced by chance by several goroutines, with large ones among them. Collections by
// snapshot withhold and supply such memory.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"weak"
)

func fail(args ...any) {
	fmt.Println(append([]any{"FAIL:"}, args...)...)
	os.Exit(1)
}

type chain struct {
	seed uint32
	data []byte
	next *chain
}

type random uint32

func (r *random) next(n int) int {
	*r = *r*1664525 + 1013904223
	return int(uint32(*r)>>8) % n
}

var sizes = []int{1, 24, 60, 200, 500, 700, 1500, 3000, 5000, 9000, 20000, 33000, 70000}

func size(r *random) int {
	k := r.next(len(sizes) * 4)
	if k >= len(sizes) {
		k = r.next(8)
	}
	return sizes[k]
}

func grow(r *random, n int) (c *chain) {
	for range n {
		seed := uint32(r.next(1 << 20))
		data := make([]byte, size(r))
		for i, b := range data {
			if b != 0 {
				fail("not zero", len(data), i)
			}
			data[i] = byte(seed + uint32(i)*7)
		}
		c = &chain{seed, data, c}
	}
	return c
}

func (c *chain) check(n int) {
	for ; c != nil; c, n = c.next, n-1 {
		for i, b := range c.data {
			if b != byte(c.seed+uint32(i)*7) {
				fail("damaged", len(c.data), i)
			}
		}
	}
	if n != 0 {
		fail("a chain has lost", n)
	}
}

func main() {
	const workers, chains, length, rounds = 4, 60, 20, 150
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			r := random(w + 1)
			live := make([]*chain, chains)
			weaks := make([]weak.Pointer[chain], chains)
			for i := range live {
				live[i] = grow(&r, length)
			}
			for round := range rounds {
				i := r.next(chains)
				live[i].check(length)
				// What only a weak pointer leads to comes to life, or is gone.
				if c := weaks[r.next(chains)].Value(); c != nil {
					c.check(length)
				}
				weaks[i] = weak.Make(live[i])
				live[i] = grow(&r, length)
				// Old objects are written to: a part of another chain moves.
				j, k := r.next(chains), r.next(chains)
				live[j].next, live[k].next = live[k].next, live[j].next
				if round%50 == 49 {
					runtime.GC()
				}
			}
			for _, c := range live {
				c.check(length)
			}
		})
	}
	wg.Wait()
	fmt.Println("ok")
}
