// golden: run -port 9090 -name=svc -v -t 1m30s rest -x
// Configuration: flags over environment over defaults.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func env[T any](key string, fallback T, parse func(string) (T, error)) T {
	s, ok := os.LookupEnv(key)
	if !ok {
		return fallback
	}
	v, err := parse(s)
	if err != nil {
		fmt.Printf("%s: %v\n", key, err)
		return fallback
	}
	return v
}

func main() {
	os.Setenv("APP_PORT", "8080")
	os.Setenv("APP_TIMEOUT", "soon")
	port := flag.Int("port", env("APP_PORT", 80, strconv.Atoi), "`number` to listen on")
	timeout := flag.Duration("t", env("APP_TIMEOUT", time.Second, time.ParseDuration), "timeout")
	name := flag.String("name", "app", "its name")
	verbose := flag.Bool("v", false, "say more")
	flag.Parse()
	fmt.Println(*port, *timeout, *name, *verbose, flag.Args(), flag.NFlag())
	flag.Visit(func(f *flag.Flag) { fmt.Print(f.Name, "=", f.Value, " ") })
	fmt.Println()

	fs := flag.NewFlagSet("sub", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	var l list
	fs.Var(&l, "tag", "may be given more than once")
	fs.Uint("n", 3, "count")
	fmt.Println(fs.Parse([]string{"-tag", "a", "-tag=b", "--", "-c"}), l, fs.Args())
	fmt.Println(fs.Parse([]string{"-n", "-1"}))
	fmt.Println(errors.Is(fs.Parse([]string{"-h"}), flag.ErrHelp))
}
/* golden
stdout:
APP_TIMEOUT: time: invalid duration "soon"
9090 1m30s svc true [rest -x] 4
name=svc port=9090 t=1m30s v=true 
<nil> [a b] [-c]
invalid value "-1" for flag -n: parse error
Usage of sub:
  -n uint
    	count (default 3)
  -tag value
    	may be given more than once
invalid value "-1" for flag -n: parse error
Usage of sub:
  -n uint
    	count (default 3)
  -tag value
    	may be given more than once
true
*/
