#!/usr/bin/env bash
# std-tests: runs the standard library's own tests, each package's under `vole test -short`.
#   std-tests.sh VOLE [-j N] [-logs DIR] [PKG…]
# Without PKG every package of GOROOT that has tests and is built for this machine. Each prints a line, ok, FAIL or known (a failure that
# std-known-failures.txt lists), and a last line counts. What FAIL packages print follows their line; -logs keeps all output in files.
# Tests run GOROOT's bin/go, which is not among its sources: they see a GOROOT of links to the same files that has vole there.
set -u
vole=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd)
jobs=$(nproc) logs='' names=()
while [ $# -gt 0 ]; do
    case $1 in
    -j) jobs=$2; shift ;;
    -logs) mkdir -p "$2"; logs=$(realpath "$2"); shift ;;
    *) names+=("$1") ;;
    esac
    shift
done
# Package testing's tests make relative paths of it: no symbolic links.
goroot=$(realpath "$("$vole" env GOROOT)") GOROOT=$(dirname "$vole")/../std-goroot
rm -rf "$GOROOT"; cp -al "$goroot" "$GOROOT" 2>/dev/null || cp -a "$goroot" "$GOROOT"
GOROOT=$(realpath "$GOROOT")
export GOROOT
mkdir -p "$GOROOT/bin"; ln -sf "$vole" "$GOROOT/bin/go"
"$vole" build -o "$GOROOT/bin/gofmt" cmd/gofmt || exit 1
src=$GOROOT/src

one() { # PKG: prints its line and, where it fails, the end of its output
    local out status name=${1//\//_}
    out=$(timeout 900 "$vole" test -short -timeout 300s "$1" 2>&1 </dev/null)
    status=$?
    [ -n "$logs" ] && echo "$out" >"$logs/$name.log"
    case $out in *'build constraints exclude all Go files'* | *'[no test files]'*) return ;; esac
    if [ $status = 0 ]; then echo "ok $1"; return; fi
    if grep -q "^$1 " "$here/std-known-failures.txt"; then echo "known $1"; return; fi
    out=$(grep -vE '^=== |^ *--- (PASS|SKIP)' <<<"$out" | head -n 40 | cut -c 1-160 | sed 's/^/    /')
    printf 'FAIL %s\n%s\n' "$1" "${out:0:4000}" # one write, so that packages side by side do not mix
}
export -f one; export vole here logs

if [ ${#names[@]} = 0 ]; then
    mapfile -t names < <(cd "$src" && find -L . -name '*_test.go' -not -path '*/testdata/*' -not -path '*/_*' -not -path './cmd/*' \
        -not -path './vendor/*' -printf '%h\n' | sed 's,^\./,,' | sort -u)
fi
ok=0 all=0 failed=0
while IFS= read -r line; do
    echo "$line"
    case $line in
    'ok '*) ok=$((ok + 1)) all=$((all + 1)) ;;
    'known '*) all=$((all + 1)) ;;
    'FAIL '*) failed=$((failed + 1)) all=$((all + 1)) ;;
    esac
done < <(printf '%s\0' "${names[@]}" | xargs -0 -n 1 -P "$jobs" bash -c 'one "$1"' _)
echo "std: $ok/$all"
[ "$failed" = 0 ] && [ "$ok" -gt 0 ]
