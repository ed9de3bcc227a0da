#!/usr/bin/env bash
# fuzztargets: `vole test -fuzz` finds within a minute what is wrong with three small targets, and writes down what finds it again, as go does.
#   fuzztargets.sh VOLE [GO]: with GO, go finds the same
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for tool in "$(realpath "$1")" ${2:+"$(realpath "$2")"}; do
    while IFS='|' read -r target message; do
        rm -rf "$work/m"
        cp -r "$here/fuzztargets" "$work/m"
        cd "$work/m" || exit 1
        "$tool" test -fuzz="^$target\$" -fuzztime=60s -run='^$' >"$work/out" 2>&1
        again=$(cat testdata/fuzz/"$target"/* 2>/dev/null)
        if ! grep -q -- "$message" "$work/out" || [ -z "$again" ]; then
            echo "FAIL $tool: $target"; cat "$work/out"; failed=1
        elif "$tool" test -run="^$target\$" >"$work/out" 2>&1 || ! grep -q -- "$message" "$work/out"; then
            echo "FAIL $tool: $target does not fail again"; cat "$work/out"; failed=1
        fi
        cd "$work" || exit 1
    done <<'END'
FuzzMagic|panic: found
FuzzDepth|nil pointer dereference
FuzzSize|index out of range
END
done
[ $failed = 0 ] && echo "fuzztargets: passed"
exit $failed
