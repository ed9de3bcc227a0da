#!/usr/bin/env bash
# pause: how long the collector stops programs built by vole and by gc, alternating, at sizes of live memory in MB.
#   run.sh VOLE GO -n N [SIZE…]     N rounds; VOLE_RATE: MB allocated a second (100), VOLE_SECONDS: how long each (20)
set -u
vole=$1 go=$2 n=$4; shift 4
[ $# -gt 0 ] || set -- 50 200 500 2000
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
"$vole" build -o "$work/vole" "$here/main.go" || exit 1
[ -z "$go" ] || GOTOOLCHAIN=local "$go" build -o "$work/gc" "$here/main.go" || exit 1
printf '%8s %6s %6s %12s %12s %10s %10s %10s %8s %8s\n' 'live MB' '' cycles 'longest ms' 'all stops' 'p99 late' 'p99.9' worst 'heap MB' 'made MB'
for size; do
    for _ in $(seq "$n"); do
        for who in vole gc; do
            [ ! -x "$work/$who" ] || "$work/$who" "$size" "${VOLE_RATE:-100}" "${VOLE_SECONDS:-20}" | { read -r -a f
                printf '%8s %6s %6s %12s %12s %10s %10s %10s %8s %8s\n' "$size" $who "${f[@]}"; }
        done
    done
done
