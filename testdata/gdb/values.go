package main

import (
	"fmt"
	"time"
)

type point struct{ x, y int }
type shape interface{ area() int }
type names map[string]int

func (p point) area() int { return p.x * p.y }

//go:noinline
func show(s string, xs []int, m names, big map[int]point, c chan string, e any, sh shape, err error) int {
	n := len(s) + len(xs)
	fmt.Println(n, m["one"], len(big), len(c), e, sh.area(), err)
	return n
}

func waiter(c chan int) { fmt.Println(<-c) }

func main() {
	big := map[int]point{}
	for i := range 100 {
		big[i] = point{i, i}
	}
	c := make(chan string, 4)
	c <- "a"
	c <- "b"
	w := make(chan int)
	go waiter(w)
	time.Sleep(20 * time.Millisecond)
	show("gopher", []int{1, 2, 3}, names{"one": 1}, big, c, 42, &point{6, 7}, fmt.Errorf("bad"))
	w <- 1
	time.Sleep(10 * time.Millisecond)
}
