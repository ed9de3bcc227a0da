#!/usr/bin/env bash
# gopls: gopls, built by vole and with vole as its go command, reports a module's errors as it does with go.
#   gopls.sh VOLE GC -gopath DIR[:DIR…]
# DIR/src/golang.org/x/tools/gopls is its source, with what it imports there or in the others; Debian 12 has none that is for Go 1.27.
set -u
vole=$(realpath "$1") gc=$(realpath "$2") gopath=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
unset GOROOT GOFLAGS
export GOTOOLCHAIN=local GOPROXY=off GOTELEMETRY=off GOENV=off
GO111MODULE=off GOPATH=$gopath "$vole" build -o "$work/gopls" golang.org/x/tools/gopls || exit 1
"$vole" build -o "$work/client" "$here/gopls/main.go" || exit 1
mkdir -p "$work/vole" "$work/go" "$work/m/lib"
ln -s "$vole" "$work/vole/go"; ln -s "$gc" "$work/go/go"
cd "$work/m" || exit 1
printf 'module example.com/m\n\ngo 1.27\n' >go.mod
printf 'package lib\n\nfunc Two() int { return 2 }\n' >lib/lib.go
cat >main.go <<'END'
package main

import (
	"fmt"

	"example.com/m/lib"
)

func main() {
	var s string = lib.Two()
	fmt.Printf("%d\n", s)
	undefined()
}
END
status=0
ask() { # WHOSE FLAGS FILE…: what gopls says with that go command
    local whose=$1 flags=$2 root=; shift 2
    [ "$whose" = vole ] || root=$("$gc" env GOROOT)
    printf '== %s\n' "$flags"
    printf '%s\n' "$@" | HOME=$work/$whose PATH=$work/$whose:/usr/bin:/bin GOROOT="$root" timeout 300 "$work/client" $flags "$work/gopls"
}
export VOLECACHE=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole}
for whose in go vole; do
    {
        ask $whose '' main.go
        ask $whose '-edit main.go=undefined()=println()' main.go # not saved
        ask $whose -toggle lib/lib.go # the compiler's optimisation log
    } >"$work/$whose.out" 2>"$work/$whose.err"
done
grep -q '^main.go:10:17: compiler: cannot use lib.Two() (value of type int) as string value in variable declaration$' "$work/vole.out" || { echo "gopls: no error is reported:"; cat "$work/vole.out" "$work/vole.err"; status=1; }
grep -q '^lib/lib.go:3:6: optimizer details: canInlineFunction' "$work/vole.out" || { echo "gopls: nothing of the optimisation log"; cat "$work/vole.out"; status=1; }
diff -u --label "with go" --label "with vole" "$work/go.out" "$work/vole.out" || status=1
[ $status = 0 ] && echo "gopls reports $(wc -l <"$work/vole.out") lines, the same with vole as with go"
exit $status
