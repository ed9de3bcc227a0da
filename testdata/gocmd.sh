#!/usr/bin/env bash
# gocmd: command lines that go and vole must answer alike.
#   gocmd.sh VOLE [-record GO] [CHAPTER…]
# A chapter is a file testdata/gocmd/NAME.txt: lines `$ COMMAND` for a shell in which `go` is vole, then files for the folder that they run in, as
# `-- NAME --` and its text. Lines that begin with # are comments; `#! REASON` above a command says why vole's answer is not go's. NAME.out holds
# for each command output and exit status: go's where it has no reason, vole's where it has one. -record writes it by running GO for the former.
# Folders, times and addresses are replaced before comparing, and vole's own name. What either compiles is kept in the user's caches.
set -u
vole=$(realpath "$1"); shift
go=
if [ "${1:-}" = -record ]; then go=$(realpath "$2"); shift 2; fi
here=$(cd "$(dirname "$0")/gocmd" && pwd)
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOCACHE=${GOCACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/go-build} VOLECACHE=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole}
mkdir -p "$work/vole"; ln -s "$vole" "$work/vole/go"
root=$("$vole" env GOROOT)
"$vole" tool -n go >"$work/tool" || exit 1 # once, before two chapters at a time ask for it
if [ -n "$go" ]; then "$go" clean -testcache; mkdir "$work/go"; ln -s "$go" "$work/go/go"; goroot=$("$go" env GOROOT); fi

mask() { # HOME
    sed -E -e "s,$1/w,\$WORK,g" -e "s,$1,\$HOME,g" -e "s,${goroot:-$root},\$GOROOT,g" -e "s,$root,\$GOROOT,g" -e 's,/tmp/(go|vole)-build[.0-9A-Za-z]+,$TMP,g' \
        -e 's/\bvole\b/go/g' -e 's/\bVole\b/Go/g' -e 's/[0-9]+\.[0-9]+s\b/0.00s/g' -e 's/go1\.27\.[0-9]+/go1.27/g' -e 's/0x[0-9a-f]+/0xN/g' -e 's/(atomic\.c):[0-9]+/\1:N/' -e 's/[0-9]{14}-[0-9a-f]{12}/TIME-HASH/' -e 's/(vcs.revision=).*/\1HASH/; s/(vcs.time=).*/\1TIME/' \
        -e 's/"Time":"[^"]*"/"Time":"now"/g' -e 's/"Elapsed":[0-9.e-]+/"Elapsed":0/g' -e '/^goroutine [0-9]+ \[/,/^(FAIL|ok|exit status)/{/^(FAIL|ok|exit status)/!d}' \
        -e 's/^cpu: .*/cpu: one/' -e 's/ +[0-9.]+ ns\/op/ 1 ns\/op/'
}

# Runs a command in the folder of a chapter, by go or by vole.
answer() { # WHOSE HOME COMMAND
    echo "== $3"
    (
        cd "$2/w" || exit
        export HOME=$2 PATH=$work/$1:/usr/bin:/bin TMPDIR=/tmp GOTOOLCHAIN=local GOTELEMETRY=off CGO_ENABLED=0 GOPROXY=off GOFLAGS= LC_ALL=C.UTF-8
        unset GOPATH GOBIN GOMODCACHE GOENV XDG_CONFIG_HOME XDG_CACHE_HOME GOOS GOARCH GOAMD64 GOEXPERIMENT
        [ "$1" = go ] && export GOROOT=$goroot
        [ "$1" = vole ] && unset GOROOT
        timeout 900 bash -c "$3" </dev/null 2>&1
        echo "[$?]"
    ) | mask "$2"
}

# The files of a chapter, below the folder w.
unpack() { # CHAPTER HOME
    mkdir -p "$2/w"
    (cd "$2/w" && awk '/^-- .* --$/ { file = $2; dir = file; if (sub(/\/[^\/]*$/, "", dir)) system("mkdir -p " dir); printf "" >file; next }
        file { print >file }' "$here/$1.txt")
}

chapter() { # CHAPTER: a line for each command: its name, same, listed (with a reason) or other
    local name=$1 reason='' line whose=vole
    mkdir -p "$work/$name"
    for w in vole ${go:+go}; do unpack "$name" "$work/$name/$w"; done
    while IFS= read -r line; do
        case $line in
        '-- '*) break ;;
        '#! '*) reason=${line#'#! '} ;;
        '$ '*)
            answer vole "$work/$name/vole" "${line#'$ '}" >"$work/$name/one"
            cat "$work/$name/one" >>"$work/$name/got"
            if [ -n "$go" ]; then
                answer go "$work/$name/go" "${line#'$ '}" >"$work/$name/other"
                whose=go; [ -n "$reason" ] && whose=vole
                if [ $whose = go ]; then cat "$work/$name/other"; else cat "$work/$name/one"; fi >>"$work/$name/want"
                [ -n "$reason" ] && cmp -s "$work/$name/one" "$work/$name/other" && echo "$name: no reason is needed: ${line#'$ '}" >>"$work/$name/notes"
            fi
            echo "${reason:+listed}" >>"$work/$name/kinds"
            reason= ;;
        esac
    done <"$here/$name.txt"
    [ -n "$go" ] && cp "$work/$name/want" "$here/$name.out"
    diff -u --label "$name: wanted" --label "$name: got" "$here/$name.out" "$work/$name/got" >"$work/$name/diff" || : >"$work/$name/failed"
}

[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.txt | sed 's,^./,,; s,\.txt$,,')
pids=
for c in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    chapter "$c" & pids="$pids $!"
done
wait
status=0 lines=0 listed=0
for c in "$@"; do
    lines=$((lines + $(wc -l <"$work/$c/kinds"))) listed=$((listed + $(grep -c listed "$work/$c/kinds")))
    cat "$work/$c/notes" 2>/dev/null
    [ -e "$work/$c/failed" ] || continue
    status=1
    cat "$work/$c/diff"
done
echo "$lines command lines, $listed of them answered otherwise than by go, with a reason"
exit $status
