// golden: run
// net/http: a server with health checks that ends gracefully on SIGTERM, and its client.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

type requestKey struct{}

func main() {
	var ready atomic.Bool
	slow := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "OK") })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) {
		if !ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /echo/{name}", func(w http.ResponseWriter, r *http.Request) {
		var v map[string]any
		if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		v["name"], v["id"] = r.PathValue("name"), r.Context().Value(requestKey{})
		json.NewEncoder(w).Encode(v)
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		close(slow)
		time.Sleep(100 * time.Millisecond)
		io.WriteString(w, "finished")
	})
	gone := make(chan error, 1)
	mux.HandleFunc("/gone", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		gone <- r.Context().Err()
	})
	mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	middleware := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, r.Header.Get("X-Request-Id"))))
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: middleware, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 1 << 20}
	served := make(chan error)
	go func() { served <- server.Serve(ln) }()
	url := "http://" + ln.Addr().String()

	get := func(path string) {
		resp, err := http.Get(url + path)
		if err != nil {
			fmt.Println(path, "failed", errors.Is(err, io.EOF))
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		fmt.Printf("%s %s %q %v\n", path, resp.Status, body, err)
	}
	get("/healthz")
	get("/readyz")
	ready.Store(true)
	get("/readyz")
	get("/none")
	get("/panic")
	req, _ := http.NewRequest("POST", url+"/echo/bob", strings.NewReader(`{"x":[1,2]}`))
	req.Header.Set("X-Request-Id", "r1")
	resp, err := http.DefaultClient.Do(req)
	body, _ := io.ReadAll(resp.Body)
	fmt.Printf("%d %s %s%v\n", resp.StatusCode, resp.Header.Get("Content-Type"), body, err)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	req, _ = http.NewRequestWithContext(ctx, "GET", url+"/gone", nil)
	_, err = http.DefaultClient.Do(req)
	fmt.Println(errors.Is(err, context.DeadlineExceeded), <-gone)
	cancel()

	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGINT, syscall.SIGTERM)
	last := make(chan struct{})
	go func() { get("/slow"); close(last) }()
	<-slow
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	fmt.Println(<-quit)
	ctx, cancel = context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = server.Shutdown(ctx)
	<-last
	fmt.Println(err, <-served == http.ErrServerClosed)
	_, err = net.Dial("tcp", ln.Addr().String())
	fmt.Println(errors.Is(err, syscall.ECONNREFUSED))
}
/* golden
stdout:
/healthz 200 OK "OK" <nil>
/readyz 503 Service Unavailable "" <nil>
/readyz 200 OK "" <nil>
/none 404 Not Found "404 page not found\n" <nil>
/panic failed true
200 text/plain; charset=utf-8 {"id":"r1","name":"bob","x":[1,2]}
<nil>
true context canceled
terminated
/slow 200 OK "finished" <nil>
<nil> true
true
*/
