// golden: run
// net: TCP, UDP and Unix sockets, deadlines, many connections at once on the netpoller, blocking calls beside them.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func serve(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			io.Copy(c, c)
		}()
	}
}

func ask(network, addr, msg string) string {
	c, err := net.Dial(network, addr)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	fmt.Fprintln(c, msg)
	line, err := bufio.NewReader(c).ReadString('\n')
	return fmt.Sprintf("%q %v", line, err)
}

func main() {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go serve(tcp)
	fmt.Println(ask("tcp", tcp.Addr().String(), "over tcp"))

	dir, _ := os.MkdirTemp("", "vole")
	defer os.RemoveAll(dir)
	unix, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		panic(err)
	}
	go serve(unix)
	fmt.Println(ask("unix", unix.Addr().String(), "over unix"))

	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		b := make([]byte, 100)
		n, from, _ := udp.ReadFrom(b)
		udp.WriteTo(b[:n], from)
	}()
	fmt.Println(ask("udp", udp.LocalAddr().String(), "over udp"))

	c, _ := net.Dial("tcp", tcp.Addr().String())
	c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	var ne net.Error
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &ne) && ne.Timeout())
	go func() { time.Sleep(5 * time.Millisecond); c.Close() }()
	c.SetReadDeadline(time.Time{})
	_, err = c.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, net.ErrClosed))

	var wg sync.WaitGroup
	var right atomic.Int32
	for i := range 200 {
		wg.Go(func() {
			c, err := net.Dial("tcp", tcp.Addr().String())
			if err != nil {
				panic(err)
			}
			defer c.Close()
			for j := range 5 {
				msg := fmt.Sprintf("%d-%d", i, j)
				io.WriteString(c, msg)
				b := make([]byte, len(msg))
				if _, err := io.ReadFull(c, b); err == nil && string(b) == msg {
					right.Add(1)
				}
			}
		})
	}
	// Calls that block their thread leave the processors to others.
	for range 20 {
		wg.Go(func() {
			ts := syscall.Timespec{Nsec: 20e6}
			syscall.Nanosleep(&ts, nil)
		})
	}
	wg.Wait()
	tcp.Close()
	unix.Close()
	fmt.Println(right.Load(), runtime.GOMAXPROCS(0) > 0)
	ip, cidr, err := net.ParseCIDR("10.1.2.3/8")
	fmt.Println(ip, cidr, err, cidr.Contains(net.IPv4(10, 9, 9, 9)), net.JoinHostPort("::1", "80"))
	_, _, err = net.SplitHostPort("nope")
	fmt.Println(err)
}
/* golden
stdout:
"over tcp\n" <nil>
"over unix\n" <nil>
"over udp\n" <nil>
true true
true
1000 true
10.1.2.3 10.0.0.0/8 <nil> true [::1]:80
address nope: missing port in address
*/
