#!/usr/bin/env bash
# modules: the tests of real modules must pass where they pass with go.
#   modules.sh VOLE GC -gopath DIR [PKG…]
# Runs each package's tests with both and compares the names of the tests, subtests and examples that pass, as -json tells. Prints for each
# package how many pass with go, how many of these with vole, and those that do not. DIR/src has the packages (`./dev modules` fetches them).
set -u
vole=$(realpath "$1") gc=$(realpath "$2") gopath=$(realpath "$4")
shift 4
[ $# -gt 0 ] || set -- gopkg.in/yaml.v3 go.uber.org/zap go.uber.org/zap/zapcore go.etcd.io/bbolt github.com/klauspost/compress/flate \
    golang.org/x/net/http2 golang.org/x/text/collate google.golang.org/protobuf/proto github.com/prometheus/client_golang/prometheus/promhttp \
    github.com/lib/pq go.opentelemetry.io/otel/sdk/trace
export GO111MODULE=off GOPATH=$gopath GOTOOLCHAIN=local GOFLAGS=
unset GOROOT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

passed() { # COMMAND…: names of what passed
    timeout 1200 "$@" 2>"$work/stderr" | sed -nE 's/^\{.*"Action":"pass".*"Test":"([^"]*)".*/\1/p' | LC_ALL=C sort -u
}

failed=0
for p in "$@"; do
    passed "$gc" test -json -vet=off "$p" >"$work/go"
    passed "$vole" test -json "$p" >"$work/vole"
    missing=$(LC_ALL=C comm -23 "$work/go" "$work/vole")
    echo "$p: $(wc -l <"$work/go") pass with go, $(LC_ALL=C comm -12 "$work/go" "$work/vole" | wc -l) of them with vole"
    [ -s "$work/go" ] && [ -z "$missing" ] || { failed=$((failed + 1)); sed 's/^/    /' <<<"${missing:-nothing passes with go}" | head -n 40; head -n 5 "$work/stderr"; }
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
