// Children, pipes, signals and files from many goroutines.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func fail(args ...any) {
	fmt.Println(append([]any{"FAIL:"}, args...)...)
	os.Exit(1)
}

func main() {
	signals := make(chan os.Signal, 100)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGWINCH)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 5 {
				c := exec.Command("cat")
				text := strings.Repeat(fmt.Sprint(g, i, " "), 2000)
				c.Stdin = strings.NewReader(text)
				out, err := c.Output()
				if err != nil || string(out) != text {
					fail("cat", err, len(out), len(text))
				}
				syscall.Kill(os.Getpid(), []syscall.Signal{syscall.SIGUSR1, syscall.SIGWINCH}[i%2])
			}
		})
		wg.Go(func() {
			r, w, err := os.Pipe()
			if err != nil {
				fail(err)
			}
			go func() {
				for i := range 200 {
					fmt.Fprintf(w, "%d:%d\n", g, i)
				}
				w.Close()
			}()
			b, err := io.ReadAll(r)
			if n := bytes.Count(b, []byte("\n")); err != nil || n != 200 {
				fail("pipe", err, n)
			}
			r.Close()
		})
		wg.Go(func() {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				fail(err)
			}
			go func() {
				c, err := l.Accept()
				if err != nil {
					fail(err)
				}
				io.Copy(c, c)
				c.Close()
			}()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				fail(err)
			}
			b := make([]byte, 1000)
			for i := range 50 {
				b[i] = byte(i)
				c.Write(b)
				if _, err := io.ReadFull(c, b); err != nil || b[i] != byte(i) {
					fail("echo", err, i)
				}
			}
			c.Close()
			l.Close()
		})
	}
	wg.Wait()
	select {
	case <-signals:
	case <-time.After(10 * time.Second):
		fail("no signal")
	}
	fmt.Println("ok")
}
