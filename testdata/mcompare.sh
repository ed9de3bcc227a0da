#!/usr/bin/env bash
# mcompare: how much of what gc says with -m vole says too, line for line.
#   mcompare.sh VOLE GC [-v] PACKAGE...     for example: mcompare.sh build/release/bin/vole /usr/lib/go-1.27/bin/go strings encoding/json net/http
# Both build the package with -gcflags=PACKAGE=-m; lines are compared by file (from the last src/ on), position and text, as multisets. Prints for each package how many
# lines each has, how many are the same and their share, then the heap allocations ("escapes to heap", "moved to heap") that each keeps. -v: the lines that differ,
# < gc's, > vole's.
set -u
vole=$(realpath "$1") gc=$2
shift 2
verbose=0
[ "${1:-}" = -v ] && verbose=1 && shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

normal() { sed -nE 's,^.*/src/([^ ]+\.go:[0-9]+:[0-9]+: ),\1,;/^[^ ]+:[0-9]+(:[0-9]+)?: /p' | LC_ALL=C sort; }
heap() { grep -cE '(escapes|moved) to heap' "$1"; }

for p in "$@"; do
    GOROOT='' GOTOOLCHAIN=local "$gc" build "-gcflags=$p=-m" "$p" 2>&1 | normal >"$work/gc"
    "$vole" build "-gcflags=$p=-m" "$p" 2>&1 | normal >"$work/vole"
    LC_ALL=C comm -12 "$work/gc" "$work/vole" >"$work/both"
    g=$(wc -l <"$work/gc") v=$(wc -l <"$work/vole") b=$(wc -l <"$work/both")
    awk -v p="$p" -v g="$g" -v v="$v" -v b="$b" -v hg="$(heap "$work/gc")" -v hv="$(heap "$work/vole")" \
        'BEGIN { m = g > v ? g : v; printf "%s: gc %d lines, vole %d, the same %d (%.1f%%); heap allocations: gc %d, vole %d\n", p, g, v, b, m ? 100 * b / m : 100, hg, hv }'
    [ $verbose = 1 ] && diff "$work/gc" "$work/vole" | grep '^[<>]'
done
exit 0
