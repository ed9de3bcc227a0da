// golden: build

//go:debug nosuchsetting=1
//go:debug panicnil
//go:debug panicnil=0
//go:debug panicnil=1
//go:debug default=1.20
/*
//go:debug nosuchsetting=2
*/
    //go:debug nosuchsetting=3
package main

func main() {}
/* golden
exit 1
stderr:
# command-line-arguments
./godebug_errors.go:3:1: invalid //go:debug: unknown //go:debug setting "nosuchsetting"
./godebug_errors.go:4:1: invalid //go:debug: missing key=value
./godebug_errors.go:6:1: repeated //go:debug for panicnil
	./godebug_errors.go:5:1: previous //go:debug
./godebug_errors.go:7:1: invalid //go:debug: value for default= must be goVERSION
./godebug_errors.go:11:5: invalid //go:debug: unknown //go:debug setting "nosuchsetting"
*/
