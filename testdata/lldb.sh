#!/usr/bin/env bash
# lldb: breakpoints by function and line, stacks, steps and threads of a program of ours. lldb has no plugin for Go, whoever compiled it: it shows no
# variables of such units, and says so.
#   lldb.sh VOLE
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
lldb=$(command -v lldb-22 || command -v lldb) || { echo "lldb: no lldb, which ./dev setup installs"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work
failed=0
cd "$here/gdb" || exit 1
"$vole" build -gcflags='all=-N -l' -o "$work/more" more.go || exit 1
printf '%s\n' 'process handle -s false -n false SIGURG SIGSEGV SIGPWR SIGXCPU' 'breakpoint set -n main.apply' run bt 'thread list' next finish \
    'breakpoint set -f more.go -l 40' continue bt 'breakpoint delete -f' continue >"$work/commands"
timeout 120 "$lldb" --batch -s "$work/commands" "$work/more" >"$work/out" 2>&1 </dev/null
at=0
while IFS= read -r line; do
    n=$(tail -n +$((at + 1)) "$work/out" | grep -nE -m 1 -- "$line" | cut -d: -f1)
    [ "$n" ] || { echo "FAIL lldb does not say: $line"; failed=1; break; }
    at=$((at + n))
done <<'END'
^Breakpoint 1: where = more`main\.apply
stop reason = breakpoint 1\.1
frame #0: 0x[0-9a-f]+ more`main\.apply at more\.go:2[45]
frame #0: 0x[0-9a-f]+ more`main\.apply at more\.go:2[45]
frame #1: 0x[0-9a-f]+ more`main\.main at more\.go:46
frame #[0-9]+: 0x[0-9a-f]+ more`runtime\.main
thread #1: tid = [0-9]+, 0x[0-9a-f]+ more`main\.apply at more\.go:2[45]
stop reason = step over
frame #0: 0x[0-9a-f]+ more`main\.apply at more\.go:26
stop reason = step out
frame #0: 0x[0-9a-f]+ more`main\.main at more\.go:46
^Breakpoint 2: where = more`main\.fact
stop reason = breakpoint 2\.1
frame #0: 0x[0-9a-f]+ more`main\.fact at more\.go:40
^192 2
exited with status = 0
END
[ $failed = 0 ] && echo "lldb: passed" || cat "$work/out"
exit $failed
