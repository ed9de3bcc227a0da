#!/usr/bin/env bash
# linknames: GOROOT says in comments ("hall of shame") which names well-known modules pull by //go:linkname. A program that pulls them all must link.
#   linknames.sh VOLE
set -eu
vole=$(realpath "$1")
goroot=$("$vole" env GOROOT)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# Lines "kind symbol": what the first go:linkname after such a comment gives away, and whether the declaration below is a variable.
cd "$goroot/src"
grep -rlZ --include='*.go' 'hall of shame' . | xargs -0 -n 1 | sort |
    grep -vE '^./cmd/|_test\.go$|_(darwin|windows|arm|arm64|loong64|mipsx|mips64x|ppc64x|riscv64|s390x|wasm)\.go$' | while read -r f; do
    awk -v pkg="$(dirname "${f#./}")" '
        function flush() { if (name != "") print (var ? "var" : "func"), name; name = ""; var = 0 }
        /hall of shame/ { shamed = 1 }
        name != "" && /^var / { var = 1 }
        name != "" && !/^\/\// { flush() }
        shamed && /^\/\/go:linkname / { flush(); name = NF > 2 ? $3 : pkg "." $2; shamed = 0 }
        END { flush() }' "$f"
done | sort -u >"$work/names"
echo 'var go:fipsinfo' >>"$work/names" # which crypto/internal/fips140 pulls, a name without a package

cd "$work"
{
    echo 'package main'
    for p in bytes crypto/tls crypto/x509 database/sql debug/buildinfo go/build go/types math/big net/http net/textproto reflect runtime/pprof unsafe; do
        echo "import _ \"$p\""
    done
    awk '{ print "//go:linkname x" NR " " $2; print $1 == "var" ? "var x" NR " byte" : "func x" NR "()" }' names
    echo 'var pulled = []any{'
    awk '{ print ($1 == "var" ? "&" : "") "x" NR "," }' names
    echo '}'
    echo 'func main() { println(len(pulled)) }'
} >pull.go
"$vole" build -o pull pull.go >said 2>&1 || { grep -oE 'undefined symbol: .*|.*not defined.*' said || head -n 20 said; echo "FAIL: of $(wc -l <names) names some do not link"; exit 1; }
[ "$(./pull 2>&1)" = "$(wc -l <names)" ] || { ./pull; exit 1; }
echo "$(wc -l <names) names link"
