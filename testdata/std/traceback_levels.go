package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// What GOTRACEBACK and GODEBUG=tracebackancestors add to tracebacks, and that user-level ones name
// Go's files alone.

//go:noinline
func fail(n int) {
	if n > 0 {
		fail(n - 1)
		return
	}
	panic("failed")
}

//go:noinline
func generation(n int) {
	if n == 0 {
		fail(1)
	}
	done := make(chan bool)
	go generation(n - 1)
	<-done
}

func wait() {
	var mu sync.Mutex
	mu.Lock()
	var wg sync.WaitGroup
	wg.Add(1)
	cond := sync.NewCond(&sync.Mutex{})
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go mu.Lock()
	go wg.Wait()
	go func() { cond.L.Lock(); cond.Wait() }()
	go l.Accept()
	go func() { select {} }()
	go func() { <-make(chan int) }()
	go func() { <-time.After(time.Hour) }()
	go time.Sleep(time.Hour)
	time.Sleep(20 * time.Millisecond)
	fail(0)
}

func run(arg string, env ...string) string {
	self, _ := os.Executable()
	c := exec.Command(self, arg)
	c.Env = append(os.Environ(), env...)
	out, _ := c.CombinedOutput()
	return string(out)
}

var masks = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\t/.*/(\w+\.(go|s)):`), "\t$1:"},
	{regexp.MustCompile(`((runtime|panic|proc|asm_\w+)\.(go|s)):\d+`), "$1:N"},
	{regexp.MustCompile(`0x[0-9a-f]+`), "0xN"},
	{regexp.MustCompile(`goroutine \d+`), "goroutine N"},
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "fail":
			fail(2)
		case "generations":
			generation(3)
		case "wait":
			wait()
		}
	}
	system := run("fail", "GOTRACEBACK=system")
	first, _, _ := strings.Cut(system, "\n\ngoroutine 2 ")
	first, _, _ = strings.Cut(first, "runtime.main(")
	above := ""
	for _, m := range regexp.MustCompile(`fp=(\w+) sp=(\w+) pc=\w+`).FindAllStringSubmatch(first, -1) {
		if above != "" && m[2] != above {
			fmt.Println("a frame begins at", m[2], "and not where the one above it ends,", above)
		}
		above = m[1]
	}
	fmt.Println(regexp.MustCompile(`goroutine \d+ gp=0x[0-9a-f]+ m=nil \[`).MatchString(system))
	for _, text := range []string{first, run("generations", "GODEBUG=tracebackancestors=2"), run("fail", "GOTRACEBACK=none")} {
		for _, m := range masks {
			text = m.from.ReplaceAllString(text, m.to)
		}
		fmt.Println(text)
	}
	all := run("wait", "GOTRACEBACK=all")
	fmt.Println(strings.Count(all, "\ngoroutine "), regexp.MustCompile(`.*\.c:.*`).FindAllString(all, -1))
}
/* golden
stdout:
true
panic: failed

goroutine N gp=0xN m=0 mp=0xN [running]:
panic(...)
	panic.go:N +0xN fp=0xN sp=0xN pc=0xN
main.fail(...)
	traceback_levels.go:23 +0xN fp=0xN sp=0xN pc=0xN
main.fail(...)
	traceback_levels.go:20 +0xN fp=0xN sp=0xN pc=0xN
main.fail(...)
	traceback_levels.go:20 +0xN fp=0xN sp=0xN pc=0xN
main.main(...)
	traceback_levels.go:77 +0xN fp=0xN sp=0xN pc=0xN

panic: failed

goroutine N [running]:
main.fail(...)
	traceback_levels.go:23 +0xN
main.fail(...)
	traceback_levels.go:20 +0xN
main.generation(...)
	traceback_levels.go:29 +0xN
created by main.generation in goroutine N
	traceback_levels.go:32 +0xN
[originating from goroutine N]:
main.generation(...)
	traceback_levels.go:32 +0xN
created by main.generation
	traceback_levels.go:32 +0xN
[originating from goroutine N]:
main.generation(...)
	traceback_levels.go:32 +0xN
created by main.generation
	traceback_levels.go:32 +0xN

panic: failed

9 []
*/
