#!/usr/bin/env bash
# selfbuild: GOROOT's own compiler, built by vole, must make the same objects as gc's, byte for byte.
#   selfbuild.sh VOLE GC [PACKAGE…]      GC: a go command of the same version as GOROOT
# Prints for each package whether the objects are the same, their size, and the CPU seconds that each compiler took (-c=1: one thread).
set -euo pipefail
vole=$(realpath "$1") gc=$(realpath "$2")
shift 2
[ $# -gt 0 ] || set -- strconv fmt go/types net/http cmd/compile/internal/ssa
export GOTOOLCHAIN=local GOFLAGS= GO111MODULE=on
goroot=$("$vole" env GOROOT)
unset GOROOT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$goroot/src/cmd/compile" && "$vole" build -o "$work/compile" .)
theirs=$("$gc" env GOTOOLDIR)/compile

cpu() { # FILE COMMAND…: runs it, leaves user and system seconds in FILE
    local out=$1 TIMEFORMAT='%U %S'
    shift
    { time "$@" 2>&3; } 2>"$out" 3>&2
}

failed=0
for p in "$@"; do
    { "$gc" list -f '{{range $k, $v := .ImportMap}}importmap {{$k}}={{$v}}
{{end}}' "$p"
      "$gc" list -deps -export -f '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}' "$p"; } >"$work/importcfg"
    dir=$("$gc" list -f '{{.Dir}}' "$p")
    mapfile -t files < <("$gc" list -f '{{join .GoFiles "\n"}}' "$p")
    (
        cd "$dir"
        for c in ours theirs; do
            tool=$work/compile
            [ $c = theirs ] && tool=$theirs
            cpu "$work/$c.time" "$tool" -c=1 -std -complete -p "$p" -importcfg "$work/importcfg" -pack -o "$work/$c.a" "${files[@]}"
        done
    )
    same=same
    cmp -s "$work/ours.a" "$work/theirs.a" || same=DIFFERENT failed=$((failed + 1))
    awk -v p="$p" -v same=$same -v size="$(stat -c %s "$work/theirs.a")" \
        'FNR == NR { a = $1 + $2; next } { b = $1 + $2 } END { printf "%s: %s, %d bytes, %.2f s of CPU, gc %.2f s (%.2f)\n", p, same, size, a, b, a / b }' \
        "$work/ours.time" "$work/theirs.time"
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
