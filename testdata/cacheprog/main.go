// cacheprog: a store for GOCACHEPROG: a folder, or with -redis SOCKET a Redis server beside which the
// folder holds what was asked for. -log FILE: a line for each request. Faults on demand: -hang answers
// nothing after the first message, -mute not even that, -die ends at the first request, -garble answers
// what is no JSON, -flip changes a byte of each body.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type request struct {
	ID                 int64
	Command            string
	ActionID, OutputID []byte
	BodySize           int64
}

type response struct {
	ID            int64
	Err           string   `json:",omitempty"`
	KnownCommands []string `json:",omitempty"`
	Miss          bool     `json:",omitempty"`
	OutputID      []byte   `json:",omitempty"`
	Size          int64    `json:",omitempty"`
	DiskPath      string   `json:",omitempty"`
}

// store keeps bodies by key.
type store interface {
	get(key string) ([]byte, bool)
	put(key string, body []byte) error
}

type folder string

func (f folder) get(key string) ([]byte, bool) {
	b, err := os.ReadFile(filepath.Join(string(f), key))
	return b, err == nil
}

func (f folder) put(key string, body []byte) error {
	tmp := filepath.Join(string(f), key+"."+strconv.Itoa(os.Getpid()))
	if err := os.WriteFile(tmp, body, 0o666); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(string(f), key))
}

// redis speaks RESP.
type redis struct {
	conn net.Conn
	r    *bufio.Reader
}

func (s *redis) do(words ...string) (string, bool, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(s.conn, b.String()); err != nil {
		return "", false, err
	}
	line, err := s.r.ReadString('\n')
	if err != nil {
		return "", false, err
	}
	line = strings.TrimSuffix(line, "\r\n")
	switch line[0] {
	case '+':
		return line[1:], true, nil
	case '$':
		n, err := strconv.Atoi(line[1:])
		if err != nil || n < 0 {
			return "", false, err
		}
		body := make([]byte, n+2)
		_, err = io.ReadFull(s.r, body)
		return string(body[:n]), true, err
	}
	return "", false, fmt.Errorf("redis: %s", line)
}

func (s *redis) get(key string) ([]byte, bool) {
	v, ok, err := s.do("GET", key)
	return []byte(v), ok && err == nil
}

func (s *redis) put(key string, body []byte) error {
	_, _, err := s.do("SET", key, string(body))
	return err
}

func main() {
	dir := flag.String("dir", "", "where bodies are")
	socket := flag.String("redis", "", "a server's socket")
	logFile := flag.String("log", "", "a line for each request")
	hang, mute := flag.Bool("hang", false, ""), flag.Bool("mute", false, "")
	die, garble, flip := flag.Bool("die", false, ""), flag.Bool("garble", false, ""), flag.Bool("flip", false, "")
	flag.Parse()
	log.SetFlags(0)

	local := folder(*dir)
	var s store = local
	if *socket != "" {
		conn, err := net.Dial("unix", *socket)
		if err != nil {
			log.Fatal(err)
		}
		s = &redis{conn, bufio.NewReader(conn)}
	}
	out := bufio.NewWriter(os.Stdout)
	answer := func(r response) {
		b, _ := json.Marshal(r)
		out.Write(append(b, '\n'))
		out.Flush()
	}
	note := func(string, ...any) {}
	if *logFile != "" {
		f, err := os.OpenFile(*logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			log.Fatal(err)
		}
		note = func(format string, args ...any) { fmt.Fprintf(f, format+"\n", args...) }
	}
	if *mute {
		time.Sleep(time.Hour)
	}
	answer(response{KnownCommands: []string{"get", "put", "close"}})
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var q request
		if err := in.Decode(&q); err != nil {
			return
		}
		if *die {
			os.Exit(1)
		}
		if *hang {
			time.Sleep(time.Hour)
		}
		if *garble {
			fmt.Println("what?")
			continue
		}
		key := hex.EncodeToString(q.ActionID)
		r := response{ID: q.ID}
		switch q.Command {
		case "close":
			answer(r)
			return
		case "get":
			body, ok := s.get(key)
			if ok && *flip {
				body[len(body)/2] ^= 1
				key += ".flipped"
			}
			if ok && (s != store(local) || *flip) {
				ok = local.put(key, body) == nil
			}
			r.Miss = !ok
			if ok {
				r.DiskPath, r.Size, r.OutputID = filepath.Join(*dir, key), int64(len(body)), q.ActionID
			}
			note("get %s %t", key[:8], ok)
		case "put":
			var text string
			if q.BodySize > 0 {
				if err := in.Decode(&text); err != nil {
					log.Fatal(err)
				}
			}
			body, err := base64.StdEncoding.DecodeString(text)
			if err == nil && int64(len(body)) != q.BodySize {
				err = fmt.Errorf("%d bytes, not %d", len(body), q.BodySize)
			}
			if err == nil {
				err = s.put(key, body)
			}
			if err == nil && s != store(local) {
				err = local.put(key, body)
			}
			if err != nil {
				r.Err = err.Error()
			}
			r.DiskPath = filepath.Join(*dir, key)
			note("put %s", key[:8])
		}
		answer(r)
	}
}
