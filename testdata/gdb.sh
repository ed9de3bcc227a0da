#!/usr/bin/env bash
# gdb: what a debugger says about a program of ours: breakpoints by function and line, steps, arguments, variables, a traceback.
#   gdb.sh VOLE
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
cd "$here/gdb" || exit 1
"$vole" build -O0 -o "$work/shapes" shapes.go || exit 1
# The collector finds the ends of its roots by faults.
script=('handle SIGSEGV nostop noprint pass' 'break main.main' run next next 'print p' next 'print name' 'break main.weigh' 'break shapes.go:13'
    continue 'print by' 'print xs' continue 'print t' backtrace finish next 'print total' continue)
commands=()
for c in "${script[@]}"; do commands+=(-ex "$c"); done
timeout 120 gdb -q -nx -batch "${commands[@]}" "$work/shapes" >"$work/out" 2>&1
while IFS= read -r line; do
    grep -qE -- "$line" "$work/out" || { echo "FAIL gdb does not say: $line"; failed=1; }
done <<'END'
Breakpoint 1, main\.main \(\) at .*shapes\.go:16
^17.*p := point\{3, 4\}
^\$1 = \{x = 3, y = 4\}
^\$2 = .*"gopher"
Breakpoint 2, main\.weigh \(xs=\.\.\., by=2\) at .*shapes\.go:8
^\$3 = 2
^\$4 = \{array = 0x[0-9a-f]+, len = 3, cap = 3\}
Breakpoint 3, .*shapes\.go:13
^\$5 = 12
^#1 .* in main\.main \(\) at .*shapes\.go:19
^\$6 = 12
^\{3 4\} gopher 12
END
[ $failed = 0 ] && echo "gdb: passed" || cat "$work/out"
exit $failed
