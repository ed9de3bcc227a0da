// What ends the process is written to debug.SetCrashOutput's file, too; what was printed before is not.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
)

func crash(name string) {
	f, err := os.Create(name)
	if err != nil {
		panic(err)
	}
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		panic(err)
	}
	f.Close()
	println("before")
	panic("the end")
}

func main() {
	if len(os.Args) > 1 {
		crash(os.Args[1])
	}
	dir, err := os.MkdirTemp("", "crash")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "output")
	cmd := exec.Command(os.Args[0], name)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	fmt.Println(cmd.Run())
	output, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	before, rest, _ := bytes.Cut(stderr.Bytes(), []byte("\n"))
	fmt.Printf("%s, the same: %t\n", before, bytes.Equal(rest, output))
	first, _, _ := bytes.Cut(output, []byte("\n"))
	fmt.Printf("%s; main.crash: %t\n", first, bytes.Contains(output, []byte("main.crash(")))
}
/* golden
stdout:
exit status 2
before, the same: true
panic: the end; main.crash: true
*/
