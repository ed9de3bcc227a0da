package main

import (
	"io"
	"net"
	"sync"
)

// An echo server and 100 clients over the loopback interface.
func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				b := make([]byte, 64)
				for {
					if _, err := io.ReadFull(c, b); err != nil {
						c.Close()
						return
					}
					c.Write(b)
				}
			}()
		}
	}()
	var wg sync.WaitGroup
	for range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				panic(err)
			}
			b := make([]byte, 64)
			for range 500 {
				c.Write(b)
				if _, err := io.ReadFull(c, b); err != nil {
					panic(err)
				}
			}
			c.Close()
		}()
	}
	wg.Wait()
	println("done")
}
