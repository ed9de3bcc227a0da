#!/usr/bin/env bash
# bisect.sh [-p PKG] COMMAND: which run of a pass over which function of package PKG (main) is at fault. COMMAND builds with vole and
# succeeds where the fault shows; VOLE_BISECT (midend/bisect.c) in its environment lets N runs happen. Prints the run without which it
# does not show. (C-Reduce's convention, as for reduce.)
set -uo pipefail
package=main
[ "${1:-}" = -p ] && { package=$2; shift 2; }
[ $# = 1 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
log=$(mktemp); trap 'rm -f "$log"' EXIT
shows() { : >"$log"; VOLE_BISECT=$package:$1:$log sh -c "$command" >/dev/null 2>&1; }
command=$1
sh -c "$command" >/dev/null 2>&1 || { echo "bisect: the fault does not show: the command fails"; exit 2; }
shows 0 && { echo "bisect: the fault shows with all passes left out: lowering, code generation or the runtime, or not package $package"; exit 1; }
good=0 bad=1
until shows $bad; do
    good=$bad bad=$((bad * 2))
    [ -s "$log" ] || { echo "bisect: the command builds no package $package, or the fault comes and goes"; exit 1; }
done
while [ $((bad - good)) -gt 1 ]; do
    mid=$(((good + bad) / 2))
    if shows $mid; then bad=$mid; else good=$mid; fi
done
shows $bad
cat "$log"
