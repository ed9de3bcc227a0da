// golden: run
package main

func main() {
	var g func(); go g()
	select {}
}
/* golden
exit 2
stderr:
fatal error: go of nil func value

goroutine N [running]:
main.main(...)
	go_nil.go:5
*/
