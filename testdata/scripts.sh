#!/usr/bin/env bash
# scripts: cmd/go's own script tests (GOROOT/src/cmd/go/testdata/script), run by cmd/go's own runner with vole as go.
#   scripts.sh VOLE GC [-logs DIR] [NAME…]
# NAME is a script's, or a pattern (mod_*); without one those of the families below. testdata/scripts.txt lists scripts that fail, with reasons; a
# script that fails and is not listed, or is listed and passes, is a failure. The runner is GOROOT's, compiled by gc, with three lines changed: what
# `go` is, that VOLECACHE reaches scripts, and that nobody counts telemetry.
set -u
vole=$(realpath "$1") gc=$(realpath "$2"); shift 2
logs=
if [ "${1:-}" = -logs ]; then logs=$2; rm -rf "$logs"; mkdir -p "$logs"; logs=$(realpath "$logs"); shift 2; fi
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
goroot=$("$gc" env GOROOT)
src=$goroot/src/cmd/go
export VOLECACHE=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole} GOCACHE=${GOCACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/go-build}
[ $# -gt 0 ] || set -- 'list_*' 'mod_*' 'work_*' 'work' 'vet*' 'test_*' 'build_*' 'generate*' 'embed*' 'version*' 'env*'

sed 's|testExe, err := os.Executable()|testExe, err := os.Getenv("VOLE"), error(nil)|' "$src/go_test.go" >"$work/go_test.go"
sed 's|^const disabledOnPlatform = false|const disabledOnPlatform = true|; s|^\t"SYSTEMROOT",|\t"VOLECACHE", "SYSTEMROOT",|' "$src/script_test.go" >"$work/script_test.go"
for f in go_test.go script_test.go; do
    cmp -s "$src/$f" "$work/$f" && { echo "scripts: $f is not as it was when this was written" >&2; exit 1; }
done
printf '{"Replace": {"%s": "%s", "%s": "%s"}}\n' "$src/go_test.go" "$work/go_test.go" "$src/script_test.go" "$work/script_test.go" >"$work/overlay.json"
(cd "$src" && CGO_ENABLED=0 GOFLAGS='' "$gc" test -c -overlay="$work/overlay.json" -o "$work/go.test" cmd/go) || exit 1
mkdir "$work/bin" "$work/tmp"; ln -s "$vole" "$work/bin/go"
"$vole" tool -n go >"$work/tool" && "$vole" tool -n vet >>"$work/tool" || exit 1 # once, before many scripts at a time ask for them

names=
for pattern in "$@"; do
    for f in "$src/testdata/script/"$pattern.txt; do
        [ -e "$f" ] || { echo "scripts: no script $pattern" >&2; exit 2; }
        grep -q "net:" "$f" && continue # needs a network
        names="$names${names:+|}$(basename "$f" .txt)"
    done
done
# A root of sources alone, as vole's set-up leaves it, has no bin; there the runner looks for go in $PATH.
(
    cd "$src" || exit
    export VOLE=$vole PATH=$work/bin:/usr/bin:/bin TMPDIR=$work/tmp CGO_ENABLED=0 GOROOT
    GOROOT=$("$vole" env GOROOT)
    "$work/go.test" -test.run "^TestScript\$/^($names)\$" -test.v -test.timeout 100m -test.parallel "$(nproc)" >"$work/log" 2>&1 </dev/null
)
awk '/^ *--- (PASS|FAIL|SKIP): TestScript\// { sub(/.*TestScript\//, "", $3); print $3, tolower(substr($2, 1, 4)) }' "$work/log" | sort >"$work/got"
if [ -n "$logs" ]; then # a file for each that failed
    cp "$work/got" "$logs/results"; cp "$work/log" "$logs/log"
    awk -v dir="$logs" '/^=== (RUN|NAME|CONT)/ { out = $3 ~ /^TestScript\// ? dir "/" substr($3, 12) : ""; next }
        out { print >>out; close(out) }' "$work/log"
    awk '$2 != "fail" { print $1 }' "$work/got" | (cd "$logs" && xargs -r rm -f)
fi
if [ ! -s "$work/got" ]; then cat "$work/log"; exit 1; fi
sed 's/#.*//; /^ *$/d' "$here/scripts.txt" 2>/dev/null | awk '{ print $1 }' | sort >"$work/known"
awk '$2 == "fail" { print $1 }' "$work/got" >"$work/failed"
awk '$2 == "pass" { print $1 }' "$work/got" >"$work/passed"
status=0
comm -23 "$work/failed" "$work/known" | sed 's/^/fails, and is not listed: /' >"$work/new"
comm -12 "$work/passed" "$work/known" | sed 's/^/is listed, and passes: /' >>"$work/new"
if [ -s "$work/new" ]; then status=1; cat "$work/new"; fi
ran=$(grep -c -E ' (pass|fail)$' "$work/got") passed=$(wc -l <"$work/passed")
echo "$passed of $ran scripts pass ($((100 * passed / (ran ? ran : 1))) %), $(grep -c 'skip$' "$work/got") are skipped by their own conditions"
exit $status
