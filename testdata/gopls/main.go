// gopls: an editor as gopls sees one. It starts the server that its arguments name in the working directory, opens the Go files named on
// standard input, one a line, prints what the server reports of each as `file:line:col: source: message`, sorted, and shuts it down.
// -toggle asks for the compiler's optimisation log of the first file's folder; -edit FILE=OLD=NEW changes a file that is not saved.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

type message struct {
	ID     *json.RawMessage `json:"id,omitempty"`
	Method string           `json:"method,omitempty"`
	Params json.RawMessage  `json:"params,omitempty"`
	Result json.RawMessage  `json:"result,omitempty"`
	Error  json.RawMessage  `json:"error,omitempty"`
}

type client struct {
	in     io.Writer
	next   int
	msgs   chan message
	report map[string][]string // what is said of each file now
}

func (c *client) send(v map[string]any) {
	v["jsonrpc"] = "2.0"
	b, err := json.Marshal(v)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(b), b)
}

func (c *client) notify(method string, params any) {
	c.send(map[string]any{"method": method, "params": params})
}

// call waits for its answer, and answers what the server asks meanwhile.
func (c *client) call(method string, params any) json.RawMessage {
	c.next++
	c.send(map[string]any{"id": c.next, "method": method, "params": params})
	for {
		m, ok := c.take(2 * time.Minute)
		if !ok {
			log.Fatalf("%s: no answer", method)
		}
		if m.Method == "" && m.ID != nil && string(*m.ID) == strconv.Itoa(c.next) {
			if m.Error != nil {
				log.Fatalf("%s: %s", method, m.Error)
			}
			return m.Result
		}
	}
}

func (c *client) take(wait time.Duration) (message, bool) {
	select {
	case m, ok := <-c.msgs:
		if !ok {
			log.Fatal("the server has ended")
		}
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			c.diagnostics(m.Params)
		case m.Method == "workspace/configuration":
			var p struct{ Items []any }
			json.Unmarshal(m.Params, &p)
			c.send(map[string]any{"id": m.ID, "result": make([]any, len(p.Items))})
		case m.Method != "" && m.ID != nil:
			c.send(map[string]any{"id": m.ID, "result": nil})
		}
		return m, true
	case <-time.After(wait):
		return message{}, false
	}
}

func (c *client) diagnostics(params json.RawMessage) {
	var p struct {
		URI         string
		Diagnostics []struct {
			Range           struct{ Start struct{ Line, Character int } }
			Source, Message string
		}
	}
	if err := json.Unmarshal(params, &p); err != nil {
		log.Fatal(err)
	}
	var lines []string
	for _, d := range p.Diagnostics {
		lines = append(lines, fmt.Sprintf("%d:%d: %s: %s", d.Range.Start.Line+1, d.Range.Start.Character+1, d.Source, d.Message))
	}
	c.report[p.URI] = lines
}

func read(r *bufio.Reader, to chan<- message) {
	defer close(to)
	for {
		length := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimSpace(line)
			if line == "" {
				break
			}
			if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				length, _ = strconv.Atoi(v)
			}
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			log.Fatal(err)
		}
		to <- m
	}
}

func main() {
	log.SetFlags(0)
	toggle, edit := flag.Bool("toggle", false, ""), flag.String("edit", "", "")
	flag.Parse()
	dir, _ := os.Getwd()
	uri := func(name string) string { return "file://" + filepath.Join(dir, name) }
	cmd := exec.Command(flag.Arg(0), flag.Args()[1:]...)
	cmd.Stderr = os.Stderr
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	c := &client{in: in, msgs: make(chan message, 100), report: map[string][]string{}}
	go read(bufio.NewReader(out), c.msgs)
	c.call("initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": uri(""),
		"capabilities": map[string]any{"workspace": map[string]any{"configuration": true},
			"window": map[string]any{"workDoneProgress": false}},
		"workspaceFolders": []any{map[string]any{"uri": uri(""), "name": "w"}},
	})
	c.notify("initialized", map[string]any{})
	names := strings.Fields(string(must(io.ReadAll(os.Stdin))))
	for _, name := range names {
		text := string(must(os.ReadFile(name)))
		if e := strings.SplitN(*edit, "=", 3); len(e) == 3 && e[0] == name {
			text = strings.ReplaceAll(text, e[1], e[2])
		}
		c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
			"uri": uri(name), "languageId": "go", "version": 1, "text": text}})
	}
	if *toggle {
		c.call("workspace/executeCommand", map[string]any{"command": "gopls.gc_details", "arguments": []any{uri(names[0])}})
	}
	// The server says when it has looked at all that is open: it answers this after that.
	c.call("workspace/executeCommand", map[string]any{"command": "gopls.workspace_stats", "arguments": []any{}})
	for quiet := 0; quiet < 3; {
		if _, ok := c.take(time.Second); ok {
			quiet = 0
		} else {
			quiet++
		}
	}
	var all []string
	for file, lines := range c.report {
		name, _ := filepath.Rel(dir, strings.TrimPrefix(file, "file://"))
		for _, l := range lines {
			all = append(all, name+":"+l)
		}
	}
	slices.Sort(all)
	for _, l := range all {
		fmt.Println(l)
	}
	c.call("shutdown", nil)
	c.notify("exit", nil)
	cmd.Wait()
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
