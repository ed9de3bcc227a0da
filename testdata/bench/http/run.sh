#!/usr/bin/env bash
# http: requests per second of one server built by vole and by gc, under wrk on the loopback: 64 connections kept alive, the two alternating in rounds
# of 10 s. Below 1.00 vole is slower. A request that fails, fails the run.
#   run.sh VOLE [GO] [-n ROUNDS] [-d SECONDS] [PATH…]
set -u
vole=$1 go=${2:-}; shift 2
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 seconds=10 paths=()
while [ $# -gt 0 ]; do case $1 in -n) rounds=$2; shift ;; -d) seconds=$2; shift ;; *) paths+=("$1") ;; esac; shift; done
[ ${#paths[@]} = 0 ] && paths=(/healthz /json)
work=$(mktemp -d); pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT
"$vole" build -o "$work/vole" "$here/main.go" || exit 1
builders=(vole)
if [ -n "$go" ]; then GOTOOLCHAIN=local "$go" build -o "$work/gc" "$here/main.go" || exit 1; builders+=(gc); fi
declare -A addr rate failed=([vole]=0 [gc]=0)
for b in "${builders[@]}"; do
    "$work/$b" >"$work/$b.addr" & pids+=($!)
    until [ -s "$work/$b.addr" ]; do sleep 0.05; done
    addr[$b]=$(cat "$work/$b.addr")
done
printf '%-16s %9s %9s %7s\n' 'requests/s' vole gc ratio
for path in "${paths[@]}"; do
    rate=([vole]=0 [gc]=0)
    for _ in $(seq "$rounds"); do
        for b in "${builders[@]}"; do
            wrk -t 2 -c 64 -d "${seconds}s" "http://${addr[$b]}$path" >"$work/out" || exit 1
            r=$(sed -n 's,^Requests/sec: *,,p' "$work/out")
            rate[$b]=$(awk -v a="${rate[$b]}" -v r="$r" -v n="$rounds" 'BEGIN { print a + r / n }')
            if grep -qE 'Socket errors|Non-2xx' "$work/out"; then failed[$b]=1; grep -E 'Socket errors|Non-2xx' "$work/out" | sed "s,^,$b:," >&2; fi
        done
    done
    awk -v p="$path" -v v="${rate[vole]}" -v g="${rate[gc]}" 'BEGIN { printf "%-16s %9.0f %9.0f %7s\n", p, v, g, g ? sprintf("%.2f", v / g) : "-" }'
done
[ "${failed[vole]}" = 0 ]
