// golden: run
// SIGHUP and SIGINT that were ignored when the process started are ignored whenever os/signal does not ask for them.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

var stops = []syscall.Signal{syscall.SIGHUP, syscall.SIGINT}

func raise() {
	for _, s := range stops {
		syscall.Kill(os.Getpid(), s)
	}
}

func child() {
	fmt.Println(signal.Ignored(syscall.SIGHUP), signal.Ignored(syscall.SIGINT), signal.Ignored(syscall.SIGTERM))
	raise()
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP, syscall.SIGINT)
	fmt.Println(signal.Ignored(syscall.SIGHUP), signal.Ignored(syscall.SIGINT))
	for _, s := range stops {
		syscall.Kill(os.Getpid(), s)
		fmt.Println(<-c)
	}
	signal.Stop(c)
	raise()
	fmt.Println("still here")
	signal.Notify(c, syscall.SIGHUP)
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	fmt.Println(<-c)
	signal.Reset(syscall.SIGHUP)
	raise()
	fmt.Println("and here")
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	for _, script := range []string{`trap '' HUP INT; exec "$0" child`, `trap '' HUP; exec "$0" child`} {
		out, err := exec.Command("sh", "-c", script, os.Args[0]).CombinedOutput()
		fmt.Printf("%s%v\n", out, err)
	}
}
/* golden
stdout:
true true false
false false
hangup
interrupt
still here
hangup
and here
<nil>
true false false
signal: interrupt
*/
