#!/usr/bin/env bash
# cgo-tests: cmd/cgo's own tests (GOROOT/src/cmd/cgo/internal) through vole.
#   cgo-tests.sh VOLE GOROOT [FOLDER…]
# Each folder prints a line with what passes, and the tests that fail though cgo-known-failures.txt does not list them. testshared and testsanitizers
# are for what vole refuses.
set -u
vole=$(realpath "$1") goroot=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
shift 2
[ $# -gt 0 ] || set -- test testcarchive testcshared testerrors testfortran testgodefs testlife testnocgo testout testplugin testso teststdio testtls
export PATH=$(dirname "$vole")/../lib/vole/tools/bin:$PATH # where vole is go
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# testplugin runs bin/go of the tree that it lies in: it runs in a copy that has one.
copy=$work/goroot/src/cmd/cgo/internal
mkdir -p "$work/goroot/bin" "$copy"; cp -r "$goroot/src/cmd/cgo/internal/testplugin" "$copy"
ln -s "$vole" "$work/goroot/bin/go"
printf '#!/bin/sh\ncd %s/testplugin && exec "$@"\n' "$copy" >"$work/there"
chmod +x "$work/there"
failed=0
for t in "$@"; do
    flags=
    [ "$t" = testplugin ] && flags=-exec=$work/there
    (cd "$goroot/src/cmd/cgo/internal/$t" && timeout 1200 "$vole" test $flags -v .) >"$work/out" 2>&1
    status=$?
    unknown=$(sed -nE 's/^ *--- FAIL: ([^ ]+).*/\1/p' "$work/out" | while read -r name; do
        grep -qE "^$name[ /]" "$here/cgo-known-failures.txt" || echo "$name"
    done)
    # It may end before any test does.
    [ $status = 0 ] || { [ $status -lt 124 ] && grep -qE '^ *--- FAIL' "$work/out"; } || unknown="$unknown (exit $status)"
    echo "$t: $(grep -cE '^--- PASS' "$work/out") pass, $(grep -cE '^--- FAIL' "$work/out") fail"
    [ -z "$unknown" ] || { failed=$((failed + 1)); sed 's/^/    /' <<<"$unknown"; }
done
[ $failed = 0 ]
