// No memory left: gc's report, with a traceback, of small objects, large ones and one that is larger than all; and while a collection by
// snapshot is under way.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"syscall"
)

type node struct {
	next *node
	rest [6]int
}

var kept [][]byte

func small() {
	var list *node
	for {
		list = &node{next: list}
	}
}

func large() {
	for {
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
}

func huge() {
	kept = append(kept, make([]byte, 1<<40))
}

func main() {
	cases := map[string]func(){"small": small, "large": large, "huge": huge}
	if len(os.Args) > 1 {
		var pages uint64
		statm, _ := os.ReadFile("/proc/self/statm")
		fmt.Sscan(string(statm), &pages)
		limit := pages*uint64(os.Getpagesize()) + 300<<20
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			fmt.Println(err)
		}
		cases[os.Args[1]]()
		return
	}
	report := regexp.MustCompile(`^runtime: out of memory: cannot allocate \d+-byte block \(\d+ in use\)\nfatal error: out of memory\n`)
	for _, name := range []string{"small", "large", "huge"} {
		for _, setting := range []string{"gcsnapshot=1", "gcsnapshot=2"} {
			cmd := exec.Command(os.Args[0], name)
			cmd.Env = append(os.Environ(), "GODEBUG="+setting)
			out, err := cmd.CombinedOutput()
			fmt.Println(name, setting, err, report.Match(out), bytes.Contains(out, []byte("main."+name)))
			if !report.Match(out) {
				fmt.Printf("%s\n", out)
			}
		}
	}
}
/* golden
stdout:
small gcsnapshot=1 exit status 2 true true
small gcsnapshot=2 exit status 2 true true
large gcsnapshot=1 exit status 2 true true
large gcsnapshot=2 exit status 2 true true
huge gcsnapshot=1 exit status 2 true true
huge gcsnapshot=2 exit status 2 true true
*/
