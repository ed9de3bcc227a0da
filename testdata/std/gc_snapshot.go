// Collections that mark in a child process: what is reachable stays, what weak pointers give stays, what is not goes, and other children
// of the program are none of theirs.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"weak"
)

type node struct {
	left, right *node
	text        string
}

func grow(depth int, name string) *node {
	if depth == 0 {
		return &node{text: strings.Repeat(name, 3)}
	}
	return &node{grow(depth-1, name+"l"), grow(depth-1, name+"r"), name}
}

func (n *node) check(depth int, name string) bool {
	if depth == 0 {
		return n.left == nil && n.right == nil && n.text == strings.Repeat(name, 3)
	}
	return n.text == name && n.left.check(depth-1, name+"l") && n.right.check(depth-1, name+"r")
}

type cell struct {
	value [8]int
}

func main() {
	if os.Getenv("GODEBUG") != "gcsnapshot=2" {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "GODEBUG=gcsnapshot=2")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			fmt.Println(err)
		}
		return
	}
	var wg sync.WaitGroup
	var finalized, cleaned, revived, damaged atomic.Int64
	for w := range 4 {
		wg.Go(func() {
			trees := map[int]*node{}
			var weaks []weak.Pointer[cell]
			for i := range 400 {
				k := i * 7 % 23
				if t := trees[k]; t != nil && !t.check(9, fmt.Sprint(w, k)) {
					damaged.Add(1)
				}
				trees[k] = grow(9, fmt.Sprint(w, k))
				c := &cell{[8]int{i, w}}
				runtime.SetFinalizer(c, func(c *cell) { finalized.Add(1) })
				runtime.AddCleanup(trees[k], func(int) { cleaned.Add(1) }, 0)
				weaks = append(weaks, weak.Make(&cell{[8]int{i, w}}))
				for j := range weaks {
					if c := weaks[j].Value(); c != nil {
						if c.value != [8]int{j, w} {
							damaged.Add(1)
						}
						revived.Add(1)
					}
				}
				if i%100 == 50 { // who waits for any child must not meet the collector's
					if out, err := exec.Command("/bin/echo", "x").Output(); err != nil || string(out) != "x\n" {
						fmt.Println(string(out), err)
					}
				}
			}
		})
	}
	wg.Wait()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("damaged", damaged.Load())
	fmt.Println("collected", m.NumGC > 5, "finalized", finalized.Load() > 0, "cleaned", cleaned.Load() > 0, "revived", revived.Load() > 0)
	fmt.Println("small", m.HeapSys < 200<<20)
}
/* golden
stdout:
damaged 0
collected true finalized true cleaned true revived true
small true
*/
