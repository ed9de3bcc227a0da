// A client of the debug adapter protocol, which editors speak with Delve (dlv dap), for delve.sh: dap ADDRESS PROGRAM SOURCE LINE… starts the
// program, stops at the lines, and prints what an editor would show there: threads, stack, variables of the innermost scope.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

type message struct {
	Seq        int             `json:"seq"`
	Type       string          `json:"type"`
	Command    string          `json:"command,omitempty"`
	Arguments  any             `json:"arguments,omitempty"`
	Event      string          `json:"event,omitempty"`
	RequestSeq int             `json:"request_seq,omitempty"`
	Success    bool            `json:"success,omitempty"`
	Message    string          `json:"message,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"`
}

type client struct {
	conn   net.Conn
	r      *bufio.Reader
	seq    int
	events []message
}

func must(err error) {
	if err != nil {
		fmt.Println("dap:", err)
		os.Exit(1)
	}
}

func (c *client) read() (m message) {
	n := 0
	for {
		line, err := c.r.ReadString('\n')
		must(err)
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			n, err = strconv.Atoi(v)
			must(err)
		}
	}
	text := make([]byte, n)
	_, err := io.ReadFull(c.r, text)
	must(err)
	must(json.Unmarshal(text, &m))
	return m
}

// ask sends a request and gives the body of its response; events that come before it are kept.
func (c *client) ask(command string, arguments, body any) {
	c.seq++
	text, err := json.Marshal(message{Seq: c.seq, Type: "request", Command: command, Arguments: arguments})
	must(err)
	_, err = fmt.Fprintf(c.conn, "Content-Length: %d\r\n\r\n%s", len(text), text)
	must(err)
	for {
		m := c.read()
		if m.Type == "event" {
			c.events = append(c.events, m)
			continue
		}
		if m.RequestSeq != c.seq {
			continue
		}
		if !m.Success {
			fmt.Printf("%s fails: %s %s\n", command, m.Message, m.Body)
			os.Exit(1)
		}
		if body != nil {
			must(json.Unmarshal(m.Body, body))
		}
		return
	}
}

// await gives the next event of a name, or the program's end.
func (c *client) await(name string) string {
	for {
		for i, m := range c.events {
			if m.Event == name || m.Event == "terminated" {
				c.events = append(c.events[:i], c.events[i+1:]...)
				return m.Event
			}
		}
		if m := c.read(); m.Type == "event" {
			c.events = append(c.events, m)
		}
	}
}

type object = map[string]any

func (c *client) show(reference, depth int) {
	var of struct {
		Variables []struct {
			Name, Value, Type  string
			VariablesReference int
		}
	}
	c.ask("variables", object{"variablesReference": reference}, &of)
	for _, v := range of.Variables {
		fmt.Printf("%*s%s %s = %s\n", 4+2*depth, "", v.Name, v.Type, v.Value)
		if v.VariablesReference > 0 && depth < 1 && v.Name != "big" {
			c.show(v.VariablesReference, depth+1)
		}
	}
}

func (c *client) stopped() {
	var threads struct {
		Threads []struct {
			Id   int
			Name string
		}
	}
	c.ask("threads", nil, &threads)
	here := 0
	for _, t := range threads.Threads {
		fmt.Println("thread", t.Name)
		if strings.HasPrefix(t.Name, "* ") {
			here = t.Id
		}
	}
	var stack struct {
		StackFrames []struct {
			Id, Line int
			Name     string
		}
	}
	c.ask("stackTrace", object{"threadId": here, "levels": 3}, &stack)
	for _, f := range stack.StackFrames {
		fmt.Println("frame", f.Name, f.Line)
	}
	var scopes struct {
		Scopes []struct {
			Name               string
			VariablesReference int
		}
	}
	c.ask("scopes", object{"frameId": stack.StackFrames[0].Id}, &scopes)
	for _, s := range scopes.Scopes {
		fmt.Println("scope", s.Name)
		c.show(s.VariablesReference, 0)
	}
	var value struct{ Result, Type string }
	c.ask("evaluate", object{"expression": "len(s)", "frameId": stack.StackFrames[0].Id, "context": "watch"}, &value)
	fmt.Println("len(s) =", value.Result)
}

func main() {
	conn, err := net.Dial("tcp", os.Args[1])
	must(err)
	c := &client{conn: conn, r: bufio.NewReader(conn)}
	c.ask("initialize", object{"adapterID": "go", "pathFormat": "path", "linesStartAt1": true}, nil)
	c.ask("launch", object{"mode": "exec", "program": os.Args[2], "hideSystemGoroutines": true}, nil)
	c.await("initialized")
	var lines []object
	for _, line := range os.Args[4:] {
		n, err := strconv.Atoi(line)
		must(err)
		lines = append(lines, object{"line": n})
	}
	var set struct {
		Breakpoints []struct {
			Verified bool
			Line     int
		}
	}
	c.ask("setBreakpoints", object{"source": object{"path": os.Args[3]}, "breakpoints": lines}, &set)
	for _, b := range set.Breakpoints {
		fmt.Println("breakpoint", b.Line, b.Verified)
	}
	c.ask("configurationDone", nil, nil)
	for c.await("stopped") == "stopped" {
		c.stopped()
		c.ask("continue", object{"threadId": 1}, nil)
	}
	c.ask("disconnect", object{"terminateDebuggee": true}, nil)
	fmt.Println("ended")
}
