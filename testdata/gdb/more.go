package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

type pair[K comparable, V any] struct {
	key K
	val V
}

type node struct {
	next *node
	name string
	data any
}

var counter = 42
var table = map[string][]int{"a": {1, 2}, "b": {3}}

func apply(f func(int) int, x int) int {
	y := f(x)
	return y
}

func sum[T int | float64](xs ...T) (total T) {
	for _, x := range xs {
		total += x
	}
	return total
}

func fact(n int) int {
	if n < 2 {
		return 1
	}
	return n * fact(n-1)
}

func main() {
	base := 10
	add := func(n int) int { return base + n }
	fmt.Println(apply(add, 5))
	p := pair[string, int]{"k", 7}
	list := &node{&node{nil, "second", 2.5}, "first", p}
	var e any = []string{"x", "y"}
	fmt.Println(p, list.name, sum(1, 2, 3), sum(1.5, 2), e)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			counter += fact(i + 3)
		}()
	}
	wg.Wait()
	fmt.Println(counter, len(table))
	if len(os.Args) > 1 {
		panic(errors.New("unrecovered"))
	}
}
