#!/usr/bin/env bash
# gdb: what a debugger says about a program of ours: breakpoints by function and line, steps, arguments, variables, optimised ones too, a traceback.
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

# vole-gdb.py: with everything in memory, and with optimisation what is in registers.
# says PROGRAM: the lines that come in say what gdb prints.
says() {
    local c commands=()
    for c in 'break main.show' run 'print s' 'print xs' 'print m' 'print big' 'print c' 'print e' 'print sh' 'print err' 'info goroutines' \
        'goroutine 3 bt' 'goroutine 1 bt' next 'print m' continue; do commands+=(-ex "$c"); done
    timeout 120 gdb -q -nx -batch -iex "add-auto-load-safe-path $work" "${commands[@]}" "$1" >"$work/out2" 2>&1
    while IFS= read -r line; do
        grep -qE -- "$line" "$work/out2" || { echo "FAIL gdb does not say of $1: $line"; failed=1; cat "$work/out2"; }
    done
}
"$vole" build -gcflags='all=-N -l' -o "$work/plain" values.go && "$vole" build -o "$work/fast" values.go || exit 1
both='Breakpoint 1, main\.show \(.*values\.go:15
^\$3 = main\.names len 1 = \{\["one"\] = 1\}
^\$4 = map\[int\]main\.point len 100 = .*\[46\] = \{x = 46, y = 46\}
^\$5 = chan string len 2 cap 4 = \{"a", "b"\}
^\$6 = \(int\) 42
^\$7 = \(\*main\.point\) 0x[0-9a-f]+
^\$8 = \(\*errors\.errorString\) 0x[0-9a-f]+
^\*   1  running  +main\.show at .*values\.go:15
^    3  chan receive  +main\.waiter at .*values\.go:21
main\.waiter \(c=.*values\.go:21
^#1 .* main\.main \(\) at .*values\.go:34
^9 1 100 2 42 42 bad'
says "$work/plain" <<END
$both
^\\\$1 = "gopher"
^\\\$2 = \[\]int len 3 cap 3 = \{1, 2, 3\}
^\\\$9 = main\.names len 1
END
says "$work/fast" <<<"$both"

# Variables of optimised functions while they live; func values, package variables; where a panic ends the program.
"$vole" build -gcflags='all=-N -l' -o "$work/more" more.go && "$vole" build -o "$work/sums" sums.go || exit 1
asks() { # PROGRAM ARGUMENT COMMAND…
    local c commands=() program=$1 argument=$2
    shift 2
    for c in "$@"; do commands+=(-ex "$c"); done
    timeout 120 gdb -q -nx -batch -iex "add-auto-load-safe-path $work" "${commands[@]}" --args "$work/$program" "$argument" >"$work/out3" 2>&1
    while IFS= read -r line; do
        grep -qE -- "$line" "$work/out3" || { echo "FAIL gdb does not say of $program: $line"; failed=1; cat "$work/out3"; }
    done
}
asks more x 'break main.apply' run 'print f' 'print main.table' 'break runtime.fatalpanic' continue bt <<'END'
^\$1 = main\.main\.func1
^\$2 = map\[string\]\[\]int len 2 = \{\["a"\] = .*\["b"\] = 
Breakpoint 2, runtime\.fatalpanic
 main\.main \(\) at .*more\.go:62
END
asks sums x 'break sums.go:14' 'condition 1 i == 3' run 'print i' 'print total' 'print most' 'print x' 'print xs' <<'END'
^\$1 = 3
^\$2 = 6
^\$3 = 4
^\$4 = 4
^\$5 = .*len 5
END
[ $failed = 0 ] && echo "gdb: passed" || cat "$work/out"
exit $failed
