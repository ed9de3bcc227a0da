#!/usr/bin/env bash
# delve: what Delve says of a program of ours: breakpoints by function and line, with conditions, tracepoints, arguments, variables, strings, slices,
# maps by their elements, interfaces by what they hold, closures, generic types, package variables, goroutines and their stacks, steps, an unrecovered
# panic; and what an editor is told by `dlv dap`.
#   delve.sh VOLE [DLV]
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
dlv=${2:-$(command -v dlv || echo "$here/../build/deps/delve/usr/bin/dlv")}
[ -x "$dlv" ] || { echo "delve: no $dlv, which ./dev test fetches"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work # it keeps a history there
failed=0
cd "$here/gdb" || exit 1
"$vole" build -gcflags='all=-N -l' -o "$work/values" values.go && "$vole" build -gcflags='all=-N -l' -o "$work/more" more.go &&
    "$vole" build -gcflags='all=-N -l' -o "$work/dap" dap.go || exit 1

# delve PROGRAM ARG… : a command of Delve's in each line that comes in; what it says is in out.
delve() {
    cat >"$work/commands"
    local program=$1
    shift
    timeout 120 "$dlv" exec --allow-non-terminal-interactive=true --init "$work/commands" "$work/$program" -- "$@" </dev/null 2>&1 |
        sed 's/\x1b\[[0-9;]*m//g' >"$work/out"
}
# says WHAT: the lines that come in are in out, in this order.
says() {
    local line at=0 n
    while IFS= read -r line; do
        n=$(tail -n +$((at + 1)) "$work/out" | grep -nE -m 1 -- "$line" | cut -d: -f1)
        [ "$n" ] || { echo "FAIL delve does not say of $1: $line"; failed=1; cat "$work/out"; return; }
        at=$((at + n))
    done
    grep -q 'too old\|optimized function' "$work/out" && { echo "FAIL delve warns"; failed=1; }
}

printf '%s\n' 'break main.show' continue args 'print xs[1]' 'print m["one"]' 'print big[46]' 'print len(c)' 'print c' 'print e' 'print e.(int) + 1' 'print sh' \
    'print sh.(*main.point).y' 'print err' bt goroutines 'goroutine 3 bt' 'goroutine 1' next next locals stepout 'break values.go:36' continue exit | delve values
says values <<'END'
Breakpoint 1 set at 0x[0-9a-f]+ for main\.show\(\) .*values\.go:15
> \[Breakpoint 1\] main\.show\(\) .*values\.go:15
^s = "gopher"$
^xs = \[\]int len: 3, cap: 3, \[\.\.\.\]
^m = main\.names \[
^c = chan string 2/4
^2$
^1$
^main\.point \{x: 46, y: 46\}
^2$
buf: \*\[4\]string \["a","b","",""\]
^interface \{\}\(int\) 42$
^43$
^main\.shape\(\*main\.point\) \*\{x: 6, y: 7\}$
^7$
^error\(\*errors\.errorString\) \*\{s: "bad"\}$
^0 +0x[0-9a-f]+ in main\.show
^1 +0x[0-9a-f]+ in main\.main
^\* Goroutine 1 - User: .*values\.go:15 main\.show .*\(thread [0-9]+\)
^  Goroutine 2 - User: .* \[finalizer wait\]
^  Goroutine 3 - User: .*values\.go:21 main\.waiter .* \[chan receive\]
^[0-9]+ +0x[0-9a-f]+ in main\.waiter
^[0-9]+ +0x[0-9a-f]+ in main\.main\.gowrap1
> main\.show\(\) .*values\.go:17
^n = 9$
^9 1 100 2 42 42 bad
> main\.main\(\) .*values\.go:35
> \[Breakpoint 2\] main\.main\(\) .*values\.go:36
END
printf '%s\n' 'break values.go:26' 'condition 1 i == 46' continue 'print i' 'print len(big)' exit | delve values
says "conditions" <<<'^46$'

printf '%s\n' 'break main.apply' continue args step step args locals stepout 'print main.counter' 'print main.table' 'break more.go:50' continue 'print p' \
    'print list' 'print e' 'break main.main.func2' continue 'print i' 'clear 3' 'trace more.go:40' continue exit | delve more
says more <<'END'
> \[Breakpoint 1\] main\.apply\(\) .*more\.go:24
^f = main\.main\.func1$
^x = 5$
> main\.main\.func1\(\) .*more\.go:45
^n = 5$
^base = 10$
> main\.apply\(\) .*more\.go:25
^42$
^map\[string\]\[\]int \[
^.*"a": \[1,2\],
> \[Breakpoint 2\] main\.main\(\) .*more\.go:50
^main\.pair\[string,int\] \{key: "k", val: 7\}
^\*main\.node \{
data: interface \{\}\(main\.pair\[string,int\]\) \{key: "k", val: 7\},\}
^interface \{\}\(\[\]string\) \["x","y"\]
> \[Breakpoint 3\] main\.main\.func2\(\) .*more\.go:54 \(hits goroutine
^[012]$
^> goroutine\([0-9]+\): main\.fact\([2-5]\)
^192 2$
END
printf '%s\n' continue 'goroutine 1 bt' exit | delve more panics
says "a panic" <<'END'
^> \[unrecovered-panic\] runtime\.fatalpanic\(\)
runtime\.curg\._panic\.arg: interface \{\}\(string\) "unrecovered"
^[0-9]+ +0x[0-9a-f]+ in main\.main
END

# The debug adapter protocol.
: >"$work/server"
timeout 120 "$dlv" dap --listen=127.0.0.1:0 >"$work/server" 2>&1 &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/.*listening at: //p' "$work/server")
    [ "$address" ] && break
    sleep 0.1
done
timeout 100 "$work/dap" "$address" "$work/values" "$here/gdb/values.go" 17 18 >"$work/out" 2>&1
kill "$server" 2>/dev/null
wait "$server" 2>/dev/null
says "dap" <<'END'
^breakpoint 17 true
^breakpoint 18 true
^thread \* \[Go 1\] main\.show
^thread \[Go 3\] main\.waiter
^frame main\.show 17
^frame main\.main 34
^scope Locals
^    s  = "gopher"
^      \[1\]  = 2
^      "one"  = 1
^    e  = interface \{\}\(int\) 42
^      data  = \*main\.point \{x: 6, y: 7\}
^    n  = 9
^len\(s\) = 6
^frame main\.show 18
^ended
END
[ $failed = 0 ] && echo "delve: passed"
exit $failed
