#!/usr/bin/env bash
# cache-keys: what a change of one package compiles again, and that what is not compiled again need not be: each program
# is, byte for byte, the one that a cache without the module's packages gives.
#   cache-keys.sh VOLE
#
# mid/ inlines and instantiates from leaf/ and shows leaf's types; top/ knows mid/ alone; apart/ uses deep/ in opaque bodies
# alone, so that what changes in deep/ compiles it, and nothing that imports it.
set -u
vole=$(realpath "$1")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
shared=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole}
export TMPDIR=$work/tmp GOFLAGS=
mkdir -p "$work/tmp" "$work/src" "$work/std"; cd "$work/src" || exit 1
failed=0
fail() { echo "FAIL $*"; failed=1; }

mkdir leaf deep mid top apart
echo 'module m
go 1.27' >go.mod
cat >leaf/leaf.go <<'E'
package leaf //HEAD

import "errors"

const Size = 4

type Point struct {
	X, Y   int
	hidden int8
}

func (p Point) Sum() int { return p.X + p.Y }

func (p *Point) Grow(n int) int {
	defer func() {}()
	for i := range n {
		p.X += i
		p.Y += p.X //GROW
	}
	return p.X
}

type Shape interface{ Sum() int }

var errBad = errors.New("bad")

func Small(n int) int { return n*3 + helper(n) } //SMALL

func helper(n int) int {
	defer func() {}()
	for i := range n { //HELPER
		n += i * n
	}
	return n
}

//DIRECTIVE
func Odd(n int) int { return n*5 + 1 }

func Map[T any](s []T, f func(T) T) []T {
	var out []T
	for _, x := range s {
		out = append(out, f(x)) //MAP
	}
	return out
}

var sink *int

func Take(p *int) int {
	n := 0
	for i := range *p {
		n += i
	}
	//TAKE
	return n
}

func Guard() {
	for i := range 3 {
		println("guard", i)
	}
	//GUARD
}

func Local() any {
	type T struct{ a int }
	return T{7}
}

type Stack struct{ list []int }

func (s *Stack) Push(n int) { s.list = append(s.list, n) }

func Describe(s Shape) error {
	for i := range s.Sum() {
		if i > 1000 {
			return errBad
		}
	}
	return nil
}

var Table = [4]int{1, 2, 3, 4} //TABLE

//TAIL
E
cat >leaf/more.go <<'E'
package leaf

//MORE
func More(n int) int { return n + Table[n&3] }
E
cat >deep/deep.go <<'E'
package deep

func Inlined(n int) int { return n + 1 }

//TAIL
E
cat >mid/mid.go <<'E'
package mid

import "m/leaf"

type Box struct {
	leaf.Point
	Extra [leaf.Size]int
}

func Twice(n int) int { return leaf.Small(n) + leaf.Small(n+1) }

func Run() (n int) {
	defer leaf.Guard()
	x := 5
	b := Box{Point: leaf.Point{X: 1, Y: 2}}
	var s leaf.Shape = b
	for _, v := range leaf.Map([]int{1, 2, 3}, func(i int) int { return i + leaf.Odd(i) }) {
		n += v
	}
	if leaf.Describe(s) != nil {
		return -1
	}
	return n + leaf.Take(&x) + b.Grow(3) + s.Sum() + leaf.More(n)
}
E
cat >top/top.go <<'E'
package top

import "m/mid"

func All() int {
	var b mid.Box
	b.X = 3
	total := 0
	for i := range len(b.Extra) {
		total += mid.Twice(i) + b.Sum()
	}
	return total + mid.Run()
}
E
cat >apart/apart.go <<'E'
package apart

import (
	"m/deep"
	"m/leaf"
)

func Count(n int) int {
	defer func() {}()
	var s leaf.Stack
	for i := range n {
		s.Push(deep.Inlined(i) + leaf.Small(i))
	}
	return n
}
E
cat >main.go <<'E'
package main

import (
	"fmt"
	"m/apart"
	"m/leaf"
	"m/top"
)

func main() {
	fmt.Println(top.All(), apart.Count(4))
	fmt.Printf("%T %v\n", leaf.Local(), leaf.Local())
}
E
mkdir orig; cp -r leaf deep orig

VOLECACHE=$work/std; export VOLECACHE
cp -al "$shared/." "$work/std/" 2>/dev/null || cp -a "$shared/." "$work/std/" 2>/dev/null
printf 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("") }\n' >"$work/std.go"
"$vole" build -o std "$work/std.go" || fail "building fmt"
cp -al "$work/std" "$work/used" && cp -al "$work/std" "$work/first"

leaf="m/leaf " users="m m/apart m/leaf m/mid m/top " all="m m/apart m/deep m/leaf m/mid m/top "
# build CACHE OUT: which packages are compiled
build() { VOLECACHE=$work/$1 "$vole" build -v -o "$2" . 2>&1 | grep '^m/\|^m$' | sort | tr '\n' ' '; }
# change NAME WANT: with the sources as they are now, this is compiled, and the program is that of a new cache.
change() {
    local name=$1 want=$2 got compiled
    got=$(build used now)
    [ "$got" = "$want" ] || fail "$name compiles '$got', not '$want'"
    rm -rf "$work/new"; cp -al "$work/std" "$work/new"
    compiled=$(build new fresh)
    [ "$compiled" = "$all" ] || fail "$name: a new cache compiles '$compiled'"
    cmp -s now fresh || fail "$name: the program is not that of a new cache"
    ./now >said 2>&1 || fail "$name: the program fails: $(head -n 3 said)"
}
back() { cp -r orig/. .; build used now >"$work/back"; [ ! -s "$work/back" ] || fail "the sources of before compile $(cat "$work/back")"; }
# edit NAME WANT FILE SED: a change of a file, and back
edit() {
    local name=$1 want=$2
    sed -i "$4" "$3"
    cmp -s "$3" "orig/$3" && fail "$name changes nothing"
    change "$name" "$want"
    back
}

build used now >/dev/null
change nothing ""
edit "a comment at the end" "$leaf" leaf/leaf.go 's|//TAIL|// more words|'
edit "a comment in an opaque body" "$leaf" leaf/leaf.go 's|//GROW|// more words|'
edit "a comment on a line" "$leaf" leaf/more.go '$a // the end'
edit "an opaque body" "$leaf" leaf/leaf.go 's|n += i \* n|n += i * 7|'
edit "an opaque method" "$leaf" leaf/leaf.go 's|p.X += i|p.X += i * 2|'
edit "a private function" "$users" leaf/leaf.go 's|//TAIL|func unused() { for { println() } }|'
edit "an init function" "$users" leaf/leaf.go 's|//TAIL|func init() { println("init") }|'
edit "a comment that moves lines" "$users" leaf/leaf.go 's|//HEAD|\n\n// moved|'
edit "a comment that moves a body that one package inlines" "m/leaf m/mid " leaf/more.go "2s/^/\n/"
edit "a comment in an inlined body" "m m/apart m/leaf m/mid " leaf/leaf.go 's|//SMALL|\n|'
edit "an inlined body" "m/apart m/leaf m/mid " leaf/leaf.go 's|return n\*3|return n*4|'
edit "an inlined body that is so no longer" "$users" leaf/leaf.go 's|return n\*3|for range n { println(n, n, n, n) }; defer println(); return n*3|'
edit "an opaque body that is inlined now" "$users" leaf/leaf.go 's|defer func() {}()|func() {}()|'
edit "a generic body" "m/leaf m/mid " leaf/leaf.go 's|out = append(out, f(x)) //MAP|out = append(out, f(f(x)))|'
edit "a constant" "$users" leaf/leaf.go 's|Size = 4|Size = 5|'
edit "a field" "$users" leaf/leaf.go 's|hidden int8|hidden int64|'
edit "a method" "$users" leaf/leaf.go 's|//TAIL|func (p Point) Name() string { return "p" }|'
edit "an interface" "$users" leaf/leaf.go 's|interface{ Sum() int }|interface{ Sum() int; Grow(int) int }|; s|^func (p \*Point) Grow(n int) int {|func (p Point) Grow(n int) int {|'
edit "a variable" "$users" leaf/leaf.go 's|1, 2, 3, 4|1, 2, 3, 5|'
edit "a parameter that escapes now" "$users" leaf/leaf.go 's|//TAKE|sink = p|'
edit "a body that recovers now" "$users" leaf/leaf.go 's|//GUARD|recover()|'
edit "go:noinline" "$users" leaf/leaf.go 's|//DIRECTIVE|//go:noinline|'
edit "a type in an opaque body" "$users" leaf/leaf.go 's|//HELPER|; type U int; println(U(1))|'
edit "go:linkname" "$users" leaf/more.go 's|//MORE|import _ "unsafe"\n\n//go:linkname now runtime.nanotime\nfunc now() int64\n|; $a var Now = now() > 0'
edit "what opaque bodies alone inline" "m/apart m/deep " deep/deep.go 's|n + 1|n + 2|'
edit "a declaration that opaque bodies alone name" "m/apart m/deep " deep/deep.go 's|//TAIL|const C = 1|'
[ $failed = 0 ] && echo "PASS cache keys"
exit $failed
