#!/usr/bin/env bash
# bench: wall time of each program built by vole and by gc, alternating in one run, best of N, and the ratios of wall time, CPU time
# and memory; below 1.00 vole needs less.
#   run.sh VOLE [-n N] [NAME…]
#   run.sh VOLE http […]       requests per second of a server instead: see http/run.sh
#   run.sh VOLE pause [SIZE…]  how long the collector stops a program instead: see pause/run.sh
set -u
vole=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd); root=$(cd "$here/../.." && pwd)
n=3 names=()
while [ $# -gt 0 ]; do case $1 in -n) n=$2; shift ;; *) names+=("$1") ;; esac; shift; done
go=$(command -v go || true)
if [ -z "$go" ] && [ -x "$root/build/deps/gc/usr/lib/go-1.27/bin/go" ]; then
    export GOROOT=$root/build/deps/gc/usr/lib/go-1.27; go=$GOROOT/bin/go
fi
case ${names[0]:-} in http | pause) exec "$here/${names[0]}/run.sh" "$vole" "$go" -n "$n" "${names[@]:1}" ;; esac
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# Wall and CPU time in ms, memory at its highest in KB.
measure() {
    command time -o "$work/time" -f '%e %U %S %M' "$@" >/dev/null 2>&1 || echo "FAILED: $*" >&2
    awk 'END { printf "%d %d %d\n", $1 * 1000, ($2 + $3) * 1000, $4 }' "$work/time"
}
# Of each column the smaller one.
best() { awk '{ for (i = 1; i <= NF; i++) if (NR == 1 || $i < m[i]) m[i] = $i } END { print m[1], m[2], m[3] }'; }
printf '%-16s %9s %9s %7s %7s %7s\n' program vole gc wall cpu memory
for f in "$here"/*.go; do
    name=$(basename "$f" .go)
    if [ ${#names[@]} -gt 0 ]; then case " ${names[*]} " in *" $name "*) ;; *) continue ;; esac; fi
    "$vole" build -o "$work/v" "$f" || { echo "$name: vole cannot build it"; continue; }
    [ -n "$go" ] && GOTOOLCHAIN=local "$go" build -o "$work/g" "$f"
    : >"$work/vs"; : >"$work/gs"
    for _ in $(seq "$n"); do
        measure "$work/v" >>"$work/vs"
        [ -n "$go" ] && measure "$work/g" >>"$work/gs"
    done
    echo "$name $(best <"$work/vs") $(best <"$work/gs")"
done | awk '
    function ratio(i, a, b) { b = b > 0 ? b : 1; product[i] += log(a > 0 ? a / b : 1 / b); return sprintf("%.2f", a / b) }
    NF == 7 { printf "%-16s %8.3fs %8.3fs %7s %7s %7s\n", $1, $2 / 1e3, $5 / 1e3, ratio(1, $2, $5), ratio(2, $3, $6), ratio(3, $4, $7); count++; fflush(); next }
    NF == 4 { printf "%-16s %8.3fs %9s\n", $1, $2 / 1e3, "-"; next }
    { print }
    END { if (count) printf "%-36s %7.2f %7.2f %7.2f\n", "geometric mean", exp(product[1] / count), exp(product[2] / count), exp(product[3] / count) }'
lines=$("$vole" tool check -v std 2>&1 | tail -n 1)
echo "parse and check, standard library: $lines"
