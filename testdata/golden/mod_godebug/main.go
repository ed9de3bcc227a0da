// golden: build

// The settings in go.mod are wrong.
package main

func main() {}
/* golden
exit 1
stderr:
go: error loading go.mod:
go.mod:8: unknown godebug "nosuchsetting"
go: error loading go.mod:
go.mod:9: removed GODEBUG "tls3des" set to old value "1" (https://go.dev/doc/godebug#go-127)
go: error loading go.mod:
go.mod:11: value for default= must be goVERSION
*/
