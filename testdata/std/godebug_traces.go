package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// What GODEBUG's settings of package runtime write, in the form that tools read.

var sink [][]byte

func child() {
	for i := 0; i < 3000; i++ {
		if sink = append(sink, make([]byte, 10000)); len(sink) > 500 {
			sink = sink[300:]
		}
	}
	runtime.GC()
	time.Sleep(60 * time.Millisecond)
}

// For long, without a call.
func compute() {
	runtime.GOMAXPROCS(1)
	ran := false
	go func() { ran = true }()
	x := uint32(1)
	for i := 0; i < 200_000_000; i++ {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
	}
	fmt.Println(ran && x != 0)
}

const ms = `\d+(\.\d+)?`

var forms = map[string]string{
	"gctrace=1":                  `^gc \d+ @\d+\.\d{3}s \d+%: ` + ms + `\+` + ms + `\+` + ms + ` ms clock, ` + ms + `\+` + ms + `/` + ms + `/` + ms + `\+` + ms + ` ms cpu, \d+->\d+->\d+ MB, \d+ MB goal, \d+ MB stacks, \d+ MB globals, \d+ P( \(forced\))?$`,
	"schedtrace=5":               `^SCHED \d+ms: gomaxprocs=\d+ idleprocs=\d+ threads=\d+ spinningthreads=\d+ needspinning=\d+ idlethreads=\d+ runqueue=\d+ +\[ (\d+ )+\] schedticks=\[ (\d+ )+\]$`,
	"schedtrace=5,scheddetail=1": `^(SCHED \d+ms: gomaxprocs=\d+ idleprocs=\d+ threads=\d+ spinningthreads=\d+ needspinning=\d+ idlethreads=\d+ runqueue=\d+ gcwaiting=(true|false) nmidlelocked=\d+ stopwait=\d+ sysmonwait=(true|false)|  P\d+: status=\d schedtick=\d+ syscalltick=\d+ m=(\d+|nil) runqsize=\d+ gfreecnt=\d+ timerslen=\d+|  M\d+: p=(\d+|nil) curg=(\d+|nil) mallocing=\d+ throwing=\d+ preemptoff= locks=\d+ dying=\d+ spinning=(true|false) blocked=(true|false) lockedg=(\d+|nil)|  G\d+: status=\d\([^)]*\) m=(\d+|nil) lockedm=(\d+|nil))$`,
	"inittrace=1":                `^init [\w/]+ @` + ms + ` ms, ` + ms + ` ms clock, \d+ bytes, \d+ allocs$`,
}

func nilPanic() {
	defer func() { fmt.Println(recover()) }()
	panic(nil)
}

func main() {
	if len(os.Args) > 1 {
		if os.Args[1] == "compute" {
			compute()
		} else {
			child()
		}
		return
	}
	self, _ := os.Executable()
	for _, setting := range []string{"gctrace=1", "schedtrace=5", "schedtrace=5,scheddetail=1", "inittrace=1", "gctrace=1,gctrace=0", "gctrace", "gctrace=2"} {
		c := exec.Command(self, "child")
		c.Env = append(os.Environ(), "GODEBUG="+setting)
		out, err := c.CombinedOutput()
		form, wrong := regexp.MustCompile(forms[setting]), 0
		lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		for _, l := range lines {
			if forms[setting] != "" && !form.MatchString(l) {
				if wrong++; wrong == 1 {
					fmt.Println(l)
				}
			}
		}
		fmt.Println(setting, err, "lines:", len(out) > 0, "several:", len(lines) > 3, "wrong:", wrong)
	}
	for _, setting := range []string{"asyncpreemptoff=0", "asyncpreemptoff=1"} {
		c := exec.Command(self, "compute")
		c.Env = append(os.Environ(), "GODEBUG="+setting)
		out, err := c.CombinedOutput()
		fmt.Print(setting, " ", err, " others ran meanwhile: ", string(out))
	}
	nilPanic()
	os.Setenv("GODEBUG", "gctrace=1,panicnil=1")
	nilPanic()
	runtime.GC() // gctrace is what it was at the start
	os.Unsetenv("GODEBUG")
	nilPanic()
}

/* golden
stdout:
gctrace=1 <nil> lines: true several: true wrong: 0
schedtrace=5 <nil> lines: true several: true wrong: 0
schedtrace=5,scheddetail=1 <nil> lines: true several: true wrong: 0
inittrace=1 <nil> lines: true several: true wrong: 0
gctrace=1,gctrace=0 <nil> lines: false several: false wrong: 0
gctrace <nil> lines: false several: false wrong: 0
gctrace=2 <nil> lines: true several: true wrong: 0
asyncpreemptoff=0 <nil> others ran meanwhile: true
asyncpreemptoff=1 <nil> others ran meanwhile: false
runtime error: panic called with nil argument
<nil>
runtime error: panic called with nil argument
*/
