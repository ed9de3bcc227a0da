#!/usr/bin/env bash
# delve: what Delve says of a program of ours: breakpoints by function and line, with conditions, arguments, variables, strings, slices and maps by
# their elements, traces, steps.
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
"$vole" build -gcflags='all=-N -l' -o "$work/values" values.go || exit 1
printf '%s\n' 'break main.show' continue args 'print xs[1]' 'print m["one"]' 'print big[46]' 'print len(c)' bt next next locals stepout \
    'break values.go:36' continue exit >"$work/commands"
timeout 120 "$dlv" exec --allow-non-terminal-interactive=true --init "$work/commands" "$work/values" </dev/null >"$work/out" 2>&1
printf '%s\n' 'break values.go:26' 'condition 1 i == 46' continue 'print i' 'print len(big)' exit >"$work/commands"
timeout 120 "$dlv" exec --allow-non-terminal-interactive=true --init "$work/commands" "$work/values" </dev/null >>"$work/out" 2>&1
while IFS= read -r line; do
    grep -qE -- "$line" "$work/out" || { echo "FAIL delve does not say: $line"; failed=1; }
done <<'END'
Breakpoint 1 set at 0x[0-9a-f]+ for main\.show\(\) .*values\.go:15
> \[Breakpoint 1\] main\.show\(\) .*values\.go:15
^s = "gopher"$
^xs = \[\]int len: 3, cap: 3, \[\.\.\.\]
^c = chan string 2/4
^2$
^1$
^main\.point \{x: 46, y: 46\}
^1 +0x[0-9a-f]+ in .*main\.main
> main\.show\(\) .*values\.go:17
^n = 9$
^9 1 100 2 42 42 bad
> main\.main\(\) .*values\.go:35
> \[Breakpoint 2\] main\.main\(\) .*values\.go:36
^46$
END
grep -q 'too old\|optimized function' "$work/out" && { echo "FAIL delve warns"; failed=1; }
[ $failed = 0 ] && echo "delve: passed" || cat "$work/out"
exit $failed
