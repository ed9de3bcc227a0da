#!/usr/bin/env bash
# modules: the tests of real modules must pass where they pass with go, and vet say of them what it says there.
#   modules.sh VOLE GC -gopath DIR [PKG…]
# Runs each package's tests with both and compares the names of the tests, subtests and examples that pass, as -json tells; then `vet` of all packages of
# its module, line by line, and its exit status. Prints for each package how many pass with go, how many of these with vole, and those that do
# not, and how many lines vet has. Of a program, FILE.go, what it prints is compared. DIR/src has the packages (`./dev modules` fetches them).
set -u
vole=$(realpath "$1") gc=$(realpath "$2") gopath=$(realpath "$4")
shift 4
[ $# -gt 0 ] || set -- gopkg.in/yaml.v3 go.uber.org/zap go.uber.org/zap/zapcore go.etcd.io/bbolt github.com/klauspost/compress/flate \
    golang.org/x/net/http2 golang.org/x/text/collate google.golang.org/protobuf/proto github.com/prometheus/client_golang/prometheus/promhttp \
    github.com/lib/pq go.opentelemetry.io/otel/sdk/trace github.com/google/go-cmp/cmp github.com/mitchellh/mapstructure github.com/pkg/errors \
    github.com/mattn/go-sqlite3 testdata/modules/users.go
export GO111MODULE=off GOPATH=$gopath GOTOOLCHAIN=local GOFLAGS=
unset GOROOT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

passed() { # COMMAND…: names of what passed
    timeout 1200 "$@" 2>"$work/stderr" | sed -nE 's/^\{.*"Action":"pass".*"Test":"([^"]*)".*/\1/p' | LC_ALL=C sort -u
}

vet() { # COMMAND…: what it says, and its exit status
    timeout 1200 "$@" 2>&1 | sed "s,$("$1" env GOROOT),\$GOROOT,g" | LC_ALL=C sort
    echo "exit status ${PIPESTATUS[0]}"
}

program() { # FILE: built by both
    timeout 1200 "$gc" build -o "$work/a" "$1" && "$work/a" >"$work/go" 2>&1
    timeout 1200 "$vole" build -o "$work/b" "$1" && "$work/b" >"$work/vole" 2>&1
    [ -s "$work/go" ] && cmp -s "$work/go" "$work/vole" && echo "$1: $(wc -l <"$work/go") lines, vole's the same" && return
    echo "$1: vole's program prints something else"
    diff "$work/go" "$work/vole" | head -n 40
    failed=$((failed + 1))
}

failed=0
for p in "$@"; do
    case $p in *.go)
        program "$p"
        continue ;;
    esac
    passed "$gc" test -json -vet=off "$p" >"$work/go"
    passed "$vole" test -json -vet=off "$p" >"$work/vole"
    missing=$(LC_ALL=C comm -23 "$work/go" "$work/vole")
    vet "$gc" vet "$p/..." >"$work/govet"
    vet "$vole" vet "$p/..." >"$work/volevet"
    same=$(cmp -s "$work/govet" "$work/volevet" && echo "the same" || echo "something else")
    echo "$p: $(wc -l <"$work/go") pass with go, $(LC_ALL=C comm -12 "$work/go" "$work/vole" | wc -l) of them with vole; go vet has $(($(wc -l <"$work/govet") - 1)) lines, vole $same"
    [ -s "$work/go" ] && [ -z "$missing" ] && [ "$same" = "the same" ] && continue
    failed=$((failed + 1))
    sed 's/^/    /' <<<"${missing:-$([ -s "$work/go" ] || echo nothing passes with go)}" | grep . | head -n 40
    diff "$work/govet" "$work/volevet" | head -n 20
    head -n 5 "$work/stderr"
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
