// golden: build

// The settings in go.mod are wrong.
package main

func main() {}
/* golden
exit 1
stderr:
go: errors parsing go.mod:
go.mod:8:2: usage: godebug key=value
go.mod:9:2: usage: godebug key=value
*/
