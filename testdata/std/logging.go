// golden: run
// log and log/slog: prefixes, flags, structured records as text and JSON, groups, levels, values that log themselves.
package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"time"
)

type secret string

func (secret) LogValue() slog.Value { return slog.StringValue("REDACTED") }

func main() {
	log.SetFlags(log.Lshortfile)
	log.SetPrefix("app: ")
	log.Println("to stderr")
	l := log.New(os.Stdout, "[x] ", log.Lmsgprefix)
	l.Printf("%d items", 3)

	strip := func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.Attr{}
		}
		return a
	}
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: strip}
	text := slog.New(slog.NewTextHandler(os.Stdout, opts))
	text.Info("user login", "user_id", "123", "ip", "192.168.1.1", slog.Duration("duration", time.Second))
	text.With("pid", 1).WithGroup("req").Warn("slow path", "attempt", 3, "err", errors.New("time out"), "password", secret("x"))
	json := slog.New(slog.NewJSONHandler(os.Stdout, opts))
	json.LogAttrs(context.Background(), slog.LevelError, "failed", slog.Group("http", slog.String("method", "GET"), slog.Int("status", 500)), slog.Any("v", []int{1}))
	json.Debug("odd", "key")
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: strip, Level: slog.LevelWarn})))
	slog.Info("not shown")
	slog.Warn("shown", "enabled", slog.Default().Enabled(context.Background(), slog.LevelDebug))
	log.SetOutput(os.Stderr)
	log.Fatalf("fatal: %v", errors.New("ends with status 1"))
}
/* golden
exit 1
stdout:
[x] 3 items
level=INFO msg="user login" user_id=123 ip=192.168.1.1 duration=1s
level=WARN msg="slow path" pid=1 req.attempt=3 req.err="time out" req.password=REDACTED
{"level":"ERROR","msg":"failed","http":{"method":"GET","status":500},"v":[1]}
{"level":"DEBUG","msg":"odd","!BADKEY":"key"}
level=WARN msg=shown enabled=false
stderr:
app: logging.go:21: to stderr
app: fatal: ends with status 1
*/
