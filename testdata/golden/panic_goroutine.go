// golden: run
package main

func worker(n int) {
	var m map[string]int
	m["x"] = n
}

func start() { go worker(1) }

func main() {
	start()
	select {}
}
/* golden
exit 2
stderr:
panic: assignment to entry in nil map

goroutine N [running]:
main.worker(...)
	panic_goroutine.go:6
created by main.start in goroutine N
	panic_goroutine.go:9
*/
