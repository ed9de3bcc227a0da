#!/usr/bin/env bash
# bench: wall time of each program built by vole and by gc, alternating in one run, best of N; below 1.00 vole is faster.
#   run.sh VOLE [-n N] [NAME…]
#   run.sh VOLE http […]       requests per second of a server instead: see http/run.sh
set -u
vole=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd); root=$(cd "$here/../.." && pwd)
n=3 names=()
while [ $# -gt 0 ]; do case $1 in -n) n=$2; shift ;; *) names+=("$1") ;; esac; shift; done
go=$(command -v go || true)
if [ -z "$go" ] && [ -x "$root/build/deps/gc/usr/lib/go-1.27/bin/go" ]; then
    export GOROOT=$root/build/deps/gc/usr/lib/go-1.27; go=$GOROOT/bin/go
fi
if [ "${names[0]:-}" = http ]; then exec "$here/http/run.sh" "$vole" "$go" -n "$n" "${names[@]:1}"; fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
secs() { local s e; s=$(date +%s%N); "$@" >/dev/null 2>&1 || echo "FAILED: $*" >&2; e=$(date +%s%N); echo $(((e - s) / 1000)); }
best() { if [ -z "$2" ] || [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi; }
printf '%-16s %9s %9s %7s\n' program vole gc ratio
product=1 count=0
for f in "$here"/*.go; do
    name=$(basename "$f" .go)
    if [ ${#names[@]} -gt 0 ]; then case " ${names[*]} " in *" $name "*) ;; *) continue ;; esac; fi
    "$vole" build -o "$work/v" "$f" || { echo "$name: vole cannot build it"; continue; }
    v= g=
    [ -n "$go" ] && GOTOOLCHAIN=local "$go" build -o "$work/g" "$f"
    for _ in $(seq "$n"); do
        v=$(best "$(secs "$work/v")" "$v")
        [ -n "$go" ] && g=$(best "$(secs "$work/g")" "$g")
    done
    awk -v n="$name" -v v="$v" -v g="${g:-0}" 'BEGIN { printf "%-16s %8.3fs %8.3fs %7s\n", n, v / 1e6, g / 1e6, g ? sprintf("%.2f", v / g) : "-" }'
    [ -n "$g" ] && product=$(awk -v p="$product" -v v="$v" -v g="$g" 'BEGIN { print p * v / g }') && count=$((count + 1))
done
[ "$count" -gt 0 ] && awk -v p="$product" -v c="$count" 'BEGIN { printf "%-36s %7.2f\n", "geometric mean", p ^ (1 / c) }'
lines=$("$vole" tool check -v std 2>&1 | tail -n 1)
echo "parse and check, standard library: $lines"
