#!/usr/bin/env bash
# torture: runs programs that check what they do under GODEBUG=torture=N, which collects at every Nth allocation or so and preempts all
# the time, with N, the number of processors and whether collections mark in a child process by chance: golden programs, GOROOT/test's
# chan, ken and typeparam, testdata/torture. They must say what they say without it.
#   torture.sh VOLE [-minutes M] [-runs N] [-arch ARCH] [-seed S] [NAME…]
# What cannot hold under torture stands in torture.txt with its reason.
set -u
vole=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd); root=$(cd "$here/.." && pwd)
minutes=30 limit=0 arch=amd64 seed=$(date +%s) names=()
while [ $# -gt 0 ]; do
    case $1 in
    -minutes) minutes=$2; shift ;;
    -runs) limit=$2; shift ;;
    -arch) arch=$2; shift ;;
    -seed) seed=$2; shift ;;
    *) names+=("$1") ;;
    esac
    shift
done
goroot=$("$vole" env GOROOT)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
exempt=" $(sed -n 's/^\([^# ][^ ]*\).*/\1/p' "$here/torture.txt" | tr '\n' ' ')"
export work vole arch here root

execute() { # PROGRAM OUTPUT
    local run=()
    [ "$arch" = arm64 ] && run=(qemu-aarch64 -L "$root/build/deps/arm64")
    (cd "$work" && timeout 300 "${run[@]}" "$1" >"$2" 2>&1 </dev/null; echo "exit $?" >>"$2")
    # What differs from run to run.
    sed -i -E 's/0x[0-9a-f]+/0x?/g; s/ m=[0-9]+ / m=? /; s/goroutine [0-9]+/goroutine ?/g; s/\[[a-z ,]*(running|runnable)[a-z ,]*\]/[running]/' "$2"
}
prepare() { # FILE: a program whose answer is always the same
    local name=${1#"$here"/}; name=${name#"$goroot"/}; name=${name%.go}
    local p=$work/${name//\//_}
    "$vole" build -goarch "$arch" -o "$p" "$1" >/dev/null 2>&1 || return 0
    execute "$p" "$p.want"; execute "$p" "$p.again"
    cmp -s "$p.want" "$p.again" || { rm -f "$p"; echo "not always the same: $name"; }
}
export -f execute prepare
export goroot
for f in "$here"/torture/*.go "$here"/golden/*.go "$goroot"/test/{chan,ken,typeparam}/*.go; do
    name=${f#"$here"/}; name=${name#"$goroot"/}; name=${name%.go}
    if [ ${#names[@]} -gt 0 ]; then case " ${names[*]} " in *" ${name##*/} "*) ;; *) continue ;; esac; fi
    case $f in
    "$here"/golden/*) case $(head -n 1 "$f") in "// golden: build"* | "// golden: tool"*) continue ;; esac ;;
    "$goroot"/*) grep -q '^// run$' "$f" || continue ;;
    esac
    case $exempt in *" $name "*) continue ;; esac
    echo "$f"
done | xargs -P "$(nproc)" -I{} bash -c 'prepare {}'
programs=()
for p in "$work"/*.want; do [ -x "${p%.want}" ] && programs+=("${p%.want}"); done
echo "seed $seed, ${#programs[@]} programs"
[ ${#programs[@]} -gt 0 ] || exit 1

end=$(($(date +%s) + minutes * 60)) runs=0 failures=0
RANDOM=$((seed % 32768))
intervals=(20 100 1000 2 5) # the last two for our own programs, which are small
mapfile -t programs < <(printf '%s\n' "${programs[@]}" | sort)
while [ "$(date +%s)" -lt "$end" ] && { [ "$limit" = 0 ] || [ "$runs" -lt "$limit" ]; }; do
    batch=()
    for _ in $(seq "$(nproc)"); do
        p=${programs[$((RANDOM % ${#programs[@]}))]}
        case $p in */torture_*) k=5 ;; *) k=3 ;; esac
        n=${intervals[$((RANDOM % k))]} procs=$((1 << RANDOM % 4)) snapshot=$((1 + RANDOM % 2))
        out=$p.got$runs
        (GODEBUG=torture=$n,gcsnapshot=$snapshot GOMAXPROCS=$procs execute "$p" "$out") &
        batch+=("$p $n,gcsnapshot=$snapshot $procs $out")
        runs=$((runs + 1))
    done
    wait
    for b in "${batch[@]}"; do
        read -r p n procs out <<<"$b"
        if ! cmp -s "$p.want" "$out"; then
            failures=$((failures + 1))
            echo "FAIL ${p#"$work"/} GODEBUG=torture=$n GOMAXPROCS=$procs"
            diff "$p.want" "$out" | head -n 20 | sed 's/^/    /'
        fi
        rm -f "$out"
    done
done
echo "$runs runs, $failures failed"
[ "$failures" = 0 ]
