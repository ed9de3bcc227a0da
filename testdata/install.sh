#!/usr/bin/env bash
# install: `cmake --install BUILD` into an empty folder gives a vole that builds and runs a program there, with its files found beside the binary,
# and everything that says Go's version says GOROOT's.
#   install.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/second" # found by the binary's place, not by the prefix
for f in bin/vole lib/vole/amd64/libvole_rt.a lib/vole/amd64/pic/libgc.a lib/vole/amd64/pic/library.o lib/vole/tools/compile lib/vole/tools/bin/go lib/vole/overlay/src/runtime/api.go share/man/man1/vole.1 share/bash-completion/completions/vole; do
    [ -f "$work/second/$f" ] || { echo "not installed: $f"; exit 1; }
done
cd "$work"
[ "$(./second/bin/vole env VOLERUNTIME | xargs realpath)" = "$work/second/lib/vole/amd64" ]
cp "$here/golden/hello.go" .
./second/bin/vole build -o hello hello.go
[ "$(./hello 2>&1)" = "hello, world" ]

go=$(head -n 1 "$(./second/bin/vole env GOROOT)/VERSION")
same() { [ "$1" = "$2" ] || { echo "says $1, not $2"; exit 1; }; }
same "$(./second/bin/vole env GOVERSION)" "$go"
same "$(./second/bin/vole version | cut -d ' ' -f 4)" "($go)"
printf 'package main\nimport ("runtime"; "runtime/debug")\nfunc main() { i, _ := debug.ReadBuildInfo(); println(runtime.Version(), i.GoVersion) }\n' >version.go
same "$(./second/bin/vole run version.go 2>&1)" "$go $go"
same "$(./second/bin/vole run -ldflags '-X runtime.buildVersion=go1.99' version.go 2>&1)" "go1.99 go1.99"
