// An HTTP server as wrk loads it: a plain answer, a JSON one, a health check. Prints its address.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
)

type answer struct {
	ID    int      `json:"id"`
	Name  string   `json:"name"`
	Items []string `json:"items"`
}

func main() {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "OK") })
	http.HandleFunc("/json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(answer{42, r.URL.Path, []string{"a", "b", "c"}})
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(ln.Addr())
	panic(http.Serve(ln, nil))
}
