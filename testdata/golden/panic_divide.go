// golden: run
package main

//go:noinline
func div(a, b int) int { return a / b }

func main() {
	println(div(7, 2), div(-7, 2))
	println(div(1, 0))
}
/* golden
exit 2
stderr:
3 -3
panic: runtime error: integer divide by zero

goroutine N [running]:
main.div(...)
	panic_divide.go:5
main.main(...)
	panic_divide.go:9
*/
