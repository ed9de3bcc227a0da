#!/usr/bin/env bash
# cacheprog: two machines, which are two cache folders, share what they compile and test through $GOCACHEPROG's program: the second compiles nothing.
# A store that is broken or slow breaks no build.
#   cacheprog.sh VOLE
# The program is testdata/cacheprog, compiled by vole: a folder, or a Redis server that is started here.
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'if [ -n "$redis" ]; then kill "$redis"; wait "$redis"; fi; rm -rf "$work"' EXIT
redis='' failed=0
fail() { echo "cacheprog: $1"; failed=1; }
cd "$work" || exit 1
export VOLECACHE=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole}
unset GOCACHEPROG GOFLAGS
"$vole" build -o prog "$here/cacheprog/main.go" || exit 1

mkdir -p one/lib one/hello store
printf 'module example.com/m\n\ngo 1.27\n' >one/go.mod
printf 'package lib\n\nfunc Text() string { return "text" }\n' >one/lib/lib.go
printf 'package lib\n\nimport "testing"\n\nfunc Test(t *testing.T) {\n\tif Text() == "" {\n\t\tt.Fatal()\n\t}\n}\n' >one/lib/lib_test.go
printf 'package main\n\nimport "example.com/m/lib"\n\nfunc main() { println(lib.Text()) }\n' >one/hello/hello.go
mkdir two; cp -a one two/m # the second machine's, elsewhere

# What a machine's build says: the packages that it compiles, then its programs' output.
on() { # CACHE FOLDER STORE COMMAND…
    local cache=$1 dir=$2 store=$3; shift 3
    (cd "$dir" && VOLECACHE=$work/$cache GOCACHEPROG=$store timeout 300 "$vole" "$@" 2>&1)
}
build() { on "$1" "$2" "$3" build -O0 -trimpath -v -o "$work/$1.out" ./hello && "$work/$1.out" 2>&1; }

share() { # NAME STORE
    build "$1-a" one "$2" >first || fail "$1: the first machine does not build: $(cat first)"
    grep -qx example.com/m/lib first || fail "$1: the first machine compiles nothing"
    build "$1-b" two/m "$2" >second || fail "$1: the second machine does not build: $(cat second)"
    [ "$(cat second)" = text ] || fail "$1: the second machine compiles: $(cat second)"
    cmp -s "$1-a.out" "$1-b.out" || fail "$1: the programs differ"
}

share folder "$work/prog -dir $work/store -log $work/log"
grep -q ^put log || fail "nothing was put"
[ "$(grep -c ' true$' log)" = "$(grep -c ^put log)" ] || fail "$(grep -c ^put log) packages were put, $(grep -c ' true$' log) found"

# Results of tests.
sleep 2; tests=(test -O0 -trimpath -vet=off ./lib)
on folder-a one "$work/prog -dir $work/store" "${tests[@]}" >first
grep -q '^ok.*[0-9]s$' first || fail "the first machine's test: $(cat first)"
on folder-b two/m "$work/prog -dir $work/store" "${tests[@]}" >second
grep -q '^ok.*(cached)$' second || fail "the second machine's test is not known: $(cat second)"
sed -i 's/"text"/"other"/' two/m/lib/lib.go
on folder-b two/m "$work/prog -dir $work/store" "${tests[@]}" >second
grep -q '^ok.*[0-9]s$' second || fail "another test's result is known: $(cat second)"

# Without names that differ the folder counts: programs have it.
on folder-b one "$work/prog -dir $work/store" build -O0 -v ./lib | grep -qx example.com/m/lib || fail "without -trimpath a folder's names are another's"

# Faults. A build each with a package that is new.
number=0
broken() { # FAULT MESSAGE
    number=$((number + 1))
    sed -i "s/return .*/return \"fault $number\" }/" one/lib/lib.go
    local since=$SECONDS
    build folder-a one "$work/prog -dir $work/store $1" >said || fail "$1 breaks the build: $(cat said)"
    [ "$(tail -n 1 said)" = "fault $number" ] || fail "$1: $(cat said)"
    [ "$(grep -c "$2.*; building without it" said)" = 1 ] || fail "$1 is not told of: $(cat said)"
    [ $((SECONDS - since)) -lt 60 ] || fail "$1 holds the build up for $((SECONDS - since)) seconds"
}
broken -hang 'GOCACHEPROG: it does not answer'
broken -mute 'GOCACHEPROG: it does not answer'
broken -die 'GOCACHEPROG: it has ended'
broken -garble 'GOCACHEPROG: its answer is not understood'
broken -nosuch 'GOCACHEPROG: it has ended'
build folder-a one "$work/no/such/program" >said || fail "a program that there is not breaks the build: $(cat said)"
cp -a folder-a folder-c
sed -i 's/return .*/return "flipped" }/' one/lib/lib.go
build folder-a one "$work/prog -dir $work/store" >said || fail "$(cat said)"
build folder-c one "$work/prog -dir $work/store -flip" >said || fail "a damaged store breaks the build: $(cat said)"
[ "$(tail -n 1 said)" = flipped ] && grep -qx example.com/m/lib said || fail "damaged packages are taken: $(cat said)"

# Redis keeps what a team shares; the folder is each machine's.
command -v redis-server >/dev/null || { fail "no redis-server (./dev setup installs it)"; exit 1; }
redis-server --port 0 --unixsocket "$work/redis" --save '' --dir "$work" >redis.log 2>&1 & redis=$!
for _ in $(seq 100); do [ -S redis ] && break; sleep 0.1; done
cp -a two/m/lib/lib.go one/lib/lib.go; mkdir here there
build redis-a one "$work/prog -dir $work/here -redis $work/redis" >first || fail "with Redis: $(cat first)"
grep -qx example.com/m/lib first || fail "with Redis the first machine compiles nothing"
build redis-b two/m "$work/prog -dir $work/there -redis $work/redis" >second || fail "with Redis: $(cat second)"
[ "$(cat second)" = other ] || fail "with Redis the second machine compiles: $(cat second)"
[ $failed = 0 ] && echo "two machines share packages and results through a folder and through Redis; 7 faults break no build"
exit $failed
