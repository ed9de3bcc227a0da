// golden: run arm64
package main

//go:noinline
func get(s []int, i int) int {
	return s[i]
}

func main() {
	println(get([]int{1, 2, 3}, 2))
	println(get([]int{1, 2, 3}, 5))
}
/* golden
exit 2
stderr:
3
panic: runtime error: index out of range [5] with length 3

goroutine N [running]:
main.get(...)
	panic_index.go:6
main.main(...)
	panic_index.go:11
*/
