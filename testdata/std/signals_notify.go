// golden: run
// os/signal: delivery, contexts that a signal cancels, ignoring and resetting.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGHUP)
	for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGHUP} {
		syscall.Kill(os.Getpid(), s)
		fmt.Println(<-c)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx))
	stop()
	signal.Ignore(syscall.SIGUSR2)
	syscall.Kill(os.Getpid(), syscall.SIGUSR2)
	fmt.Println(signal.Ignored(syscall.SIGUSR2), signal.Ignored(syscall.SIGUSR1))
	signal.Stop(c)
	signal.Reset()
	select {
	case s := <-c:
		fmt.Println("stray", s)
	case <-time.After(10 * time.Millisecond):
	}
	child := exec.Command("sh", "-c", "kill -TERM $$; sleep 10") // its action is the default again, for children too
	fmt.Println(child.Run())
}
/* golden
stdout:
user defined signal 1
hangup
context canceled terminated signal received
true false
signal: terminated
*/
