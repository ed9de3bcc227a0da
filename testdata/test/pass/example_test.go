package sum_test

import (
	"fmt"

	sum "example.com/m/pass"
)

func ExampleSum() {
	fmt.Println("the \"sum\"", '"')
	fmt.Println("\n// Output: no", sum.Sum(1, 2, 3)) // not this one

	// Output: the "sum" 34
	//
	// // Output: no 6
}

func ExampleSum_unordered() {
	fmt.Println(2)
	fmt.Println(1)
	// Unordered output:
	// 1
	// 2
}

func ExampleSum_notRun() { panic("no output: only compiled") }
