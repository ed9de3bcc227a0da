// golden: run
// os/exec: a pipeline, arguments that no shell sees, exit status, environment, cancellation.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

func main() {
	sorted := exec.Command("sort", "-r")
	head := exec.Command("head", "-n", "2")
	sorted.Stdin = strings.NewReader("pear\napple\nplum\n")
	pipe, err := sorted.StdoutPipe()
	if err != nil {
		panic(err)
	}
	head.Stdin = pipe
	var out bytes.Buffer
	head.Stdout = &out
	for _, c := range []*exec.Cmd{sorted, head} {
		if err := c.Start(); err != nil {
			panic(err)
		}
	}
	fmt.Println(head.Wait(), sorted.Wait(), strings.Fields(out.String()))

	text, err := exec.Command("echo", "; rm -rf $HOME", "`id`").Output()
	fmt.Printf("%q %v\n", text, err)
	cmd := exec.Command("sh", "-c", "echo out; echo err >&2; echo $COLOUR; exit 3")
	cmd.Env = []string{"COLOUR=blue"}
	text, err = cmd.CombinedOutput()
	var exit *exec.ExitError
	fmt.Printf("%q %v %v\n", text, err, errors.As(err, &exit) && exit.ExitCode() == 3)
	_, err = exec.LookPath("no-such-program")
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))

	ctx, cancel := context.WithCancel(context.Background())
	sleep := exec.CommandContext(ctx, "sleep", "30")
	fmt.Println(sleep.Start())
	cancel()
	fmt.Println(sleep.Wait(), ctx.Err(), sleep.ProcessState.Exited())

	cat := exec.Command("cat")
	in, _ := cat.StdinPipe()
	res, _ := cat.StdoutPipe()
	cat.Start()
	go func() {
		for range 1000 {
			io.WriteString(in, strings.Repeat("x", 1000))
		}
		in.Close()
	}()
	n, err := io.Copy(io.Discard, res)
	fmt.Println(n, err, cat.Wait(), cat.ProcessState)
}
/* golden
stdout:
<nil> <nil> [plum pear]
"; rm -rf $HOME `id`\n" <nil>
"out\nerr\nblue\n" exit status 3 true
exec: "no-such-program": executable file not found in $PATH true
<nil>
signal: killed context canceled false
1000000 <nil> <nil> exit status 0
*/
