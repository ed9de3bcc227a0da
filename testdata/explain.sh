#!/usr/bin/env bash
# explain: the reports that go beyond -m: the page of `vole build -explain` in headless Chromium, and the files of -json=0,DIR.
#   explain.sh VOLE
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
check() { # WHAT COMMAND…
    local what=$1; shift
    if "$@" >"$work/out" 2>&1; then return; fi
    echo "FAIL $what"; head -n 5 "$work/out" | cut -c1-300; failed=1
}
has() { grep -q -- "$1" "$work/$2"; }
lacks() { ! grep -q -- "$1" "$work/$2"; }
count() { [ "$(grep -o -- "$1" "$work/$2" | wc -l)" "$3" "$4" ]; }
status() { local want=$1; shift; "$@" >"$work/said" 2>&1; [ $? = "$want" ]; }

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "FAIL: no chromium; ./dev test installs it"; exit 1; }
visit() { # HASH FILE: the page after its script has run
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
        --disable-sync --user-data-dir="$work/profile$2" --enable-logging=stderr --dump-dom "file://$work/page.html$1" >"$work/$2" 2>"$work/$2.log"
    check "page $1: console" lacks CONSOLE "$2.log"
}

cd "$here/explain" || exit 1
check "build" status 0 "$vole" build -explain "$work/page.html" -o "$work/shapes" shapes.go
check "the program is built too" test -x "$work/shapes"
check "reproducible" status 0 "$vole" build -explain "$work/again.html" -o "$work/shapes" shapes.go
check "reproducible" cmp "$work/page.html" "$work/again.html"
check "nothing from outside" lacks 'src="\|https\?://\|@import\|url(' page.html
check "nothing of the machine" lacks "$here\|$work\|$HOME/" page.html

visit "" all & visit "#show=bounds" bounds & wait
visit "#L25&func=main.sumFirst&value=v9&pass=all" deep &  visit "#show=heap&q=rect" found & wait
line() { grep -n "func $1" shapes.go | head -n 1 | cut -d: -f1; }
push=$(($(line push) + 1)) first=$(($(line sumFirst) + 3))
check "a row per line" count 'class="l[ "][^>]*data-l="0:' all -eq "$(wc -l <shapes.go)"
check "allocation at its line" has "id=\"L$push\".*data-kind=\"heap\"[^>]*>heap &amp;list{...}" all
check "bounds check that stays" has "id=\"L$first\".*data-kind=\"bounds\"[^>]*>bounds check<" all
for kind in heap leak inlined noinline dynamic direct bounds nobounds nil; do check "decisions: $kind" has "class=\"chip\" data-kind=\"$kind\"" all; done
check "functions listed" has '>sumFirst<' all
check "final SSA beside" has 'class="col" data-pass="late dce"' all
check "assembly beside, with lines" has 'data-pass="asm".*data-l="0:' all
check "filter in the hash" count 'class="chip"' bounds -eq 1
check "filter in the hash" has 'data-kind="heap"[^>]*aria-pressed="false"' bounds
check "deep link marks its line" has "class=\"l at\" id=\"L25\"" deep
check "deep link tells the flow" has 'flow: ~r0 ← &amp;{storage for &amp;list{...}}:' deep
check "the function of the hash" has '<h2>main.sumFirst</h2>' deep
check "all passes" count 'class="col" data-pass=' deep -eq 12
check "a value everywhere" count '<i data-t="v9">' deep -gt 3
check "a value highlighted" has '\[data-t="v9"\]{background' deep
check "search" count 'class="l hit"' found -gt 3

check "-explain without a file" status 2 "$vole" build -explain
check "-explain into no folder" status 2 "$vole" build -explain "$work/none/page.html" shapes.go
check "-explain is a folder" status 2 "$vole" build -explain "$work" shapes.go
check "-explain with --emit" status 2 "$vole" build -explain "$work/page.html" --emit=ssa shapes.go
check "-explain is build's" status 2 "$vole" run -explain "$work/page.html" shapes.go
printf 'package main\nfunc main() { x }\n' >"$work/bad.go"
check "errors" status 1 "$vole" build -explain "$work/page.html" -o /dev/null "$work/bad.go"
check "errors leave the page as it was" cmp "$work/page.html" "$work/again.html"
check "nothing left behind" test "$(ls "$work" | grep -c '^page.html')" = 1

check "-json" status 0 "$vole" build -gcflags="-json=0,$work/log" -o /dev/null shapes.go
check "-json: header" has '^{"version":0,"package":"main","goos":"linux","goarch":"amd64","gc_version":"go1.27[.0-9]*","file":".*/shapes.go"}$' log/main/shapes.json
check "-json: again from the cache" status 0 "$vole" build -gcflags="-json=0,file://$work/log2" -o /dev/null shapes.go
check "-json: the same again" diff -r "$work/log" "$work/log2"
check "-json: version" status 2 "$vole" build -gcflags="-json=1,$work/log" -o /dev/null shapes.go
check "-json: no folder" status 2 "$vole" build -gcflags="-json=0" -o /dev/null shapes.go
[ $failed = 0 ] && echo "explain: passed"
exit $failed
