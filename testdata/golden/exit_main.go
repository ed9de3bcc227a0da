// golden: run
// The program ends with main; other goroutines do not keep it.
package main

func main() {
	go func() {
		for {
		}
	}()
	println("done")
}
/* golden
stderr:
done
*/
