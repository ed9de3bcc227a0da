package main

import "fmt"

// What it is built with is optimised: its variables are in registers.
//
//go:noinline
func sums(name string, xs []int) (int, int) {
	total, most := 0, 0
	for i, x := range xs {
		if x > most {
			most = x
		}
		fmt.Println(name, i, x)
		total += x
	}
	return total, most
}

func main() { fmt.Println(sums("numbers", []int{1, 2, 3, 4, 5})) }
