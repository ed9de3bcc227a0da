#!/usr/bin/env bash
# driver: what vole's driver refuses, keeps and leaves behind: outputs, the cache, full disks, killed builds, flags that are not there, JSON.
#   driver.sh VOLE
set -u
vole=$(realpath "$1")
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
shared=${VOLECACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vole} # where GOROOT's tools may be already
export VOLECACHE=$work/cache TMPDIR=$work/tmp GOFLAGS=
mkdir "$work/tmp" "$work/src"; cd "$work/src" || exit 1
failed=0
fail() { echo "FAIL $*"; failed=1; }
# check NAME STATUS PATTERN COMMAND…: its exit status, and an extended regular expression that its output has ('': no output)
check() {
    local name=$1 want=$2 pattern=$3 status
    shift 3
    timeout 300 "$@" >"$work/out" 2>&1 </dev/null
    status=$?
    [ $status = "$want" ] || { fail "$name: exit status $status, not $want"; head -n 5 "$work/out"; }
    if [ -z "$pattern" ]; then
        [ ! -s "$work/out" ] || { fail "$name: output"; head -n 5 "$work/out"; }
    else
        grep -qE -- "$pattern" "$work/out" || { fail "$name: no line like $pattern"; head -n 5 "$work/out"; }
    fi
}
runs() { [ "$("$1" 2>&1)" = "$2" ] || fail "$1 does not print $2"; }

cat >go.mod <<E
module example.com/m
go 1.27
E
mkdir -p hello other/v2 lib bad embed/real asm cgo sub
printf 'package main\n\nfunc main() { println("hello") }\n' >hello/hello.go
printf 'package main\n\nimport "example.com/m/lib"\n\nfunc main() { println(lib.Name) }\n' >other/v2/other.go
printf 'package lib\n\nvar Name = "lib"\n' >lib/lib.go
printf 'package bad\n\nconst x = y\n' >bad/bad.go
cp hello/hello.go m.go; echo keep >notes.txt; ln -s notes.txt link; ln -s none dangling

# ---- Where code comes from: whatever was stripped ----
mkdir where
cat >where/where.go <<'E'
package main

import "runtime"

func inlined() (string, int) {
	pc, _, line, _ := runtime.Caller(0)
	return runtime.FuncForPC(pc).Name(), line
}

func main() {
	println(inlined())
	panic("end")
}
E
for f in '' -w '-s -w' -s; do
    check "build -ldflags='$f'" 0 '' "$vole" build -ldflags="$f" -o where.prog ./where
    cp where.prog stripped; strip stripped
    for p in ./where.prog ./stripped; do
        check "$p, -ldflags='$f'" 2 '^main.inlined 6$' $p
        check "$p, -ldflags='$f'" 2 '^	.*/src/where/where.go:12 \+0x' $p
    done
done
[ -z "$(nm where.prog 2>/dev/null)" ] || fail "-ldflags=-s leaves symbols"

# ---- Outputs ----
check "build" 0 '' "$vole" build -o h ./hello
runs ./h hello
for f in m.go notes.txt link; do
    before=$(sha256sum <"$f")
    check "-o $f" 1 "build output \"$f\" already exists and is not an object file" "$vole" build -o "$f" ./hello
    check "--emit=obj -o $f" 1 "already exists and is not an object file" "$vole" build --emit=obj -o "$f" ./hello
    check "tool compile -o $f" 2 "already exists and is not an object file" "$vole" tool compile -o "$f" hello/hello.go
    [ "$(sha256sum <"$f")" = "$before" ] || fail "$f was changed"
done
[ -L link ] || fail "link was replaced"
check "-o dangling" 0 '' "$vole" build -o dangling ./hello
[ ! -e none ] && [ ! -L dangling ] && [ -x dangling ] || fail "-o followed a dangling link"
: >empty; check "-o empty" 0 '' "$vole" build -o empty ./hello; runs ./empty hello
cp m.go page.go; check "-explain page.go" 2 'page.go already exists and is not a page of -explain' "$vole" build -explain page.go ./hello
for i in 1 2; do check "--emit=ssa -o text" 0 '' "$vole" build --emit=ssa -o text hello/hello.go; done
check "--emit=ssa -o m.go" 1 'already exists and is not an object file' "$vole" build --emit=ssa -o m.go hello/hello.go
ln -s h tool; check "-o link to a program" 0 '' "$vole" build -o tool ./other/v2
runs ./h hello; runs ./tool lib
check "-o dir/" 0 '' "$vole" build -o new/dir/ ./hello ./other/v2 ./lib
runs new/dir/hello hello; runs new/dir/other lib; [ "$(ls new/dir | wc -l)" = 2 ] || fail "-o dir/ wrote $(ls new/dir)"
check "-o of several" 1 'cannot write multiple packages to non-directory x$' "$vole" build -o x ./hello ./other/v2
check "-o dir/ of none" 1 'no main packages to build' "$vole" build -o new/ ./lib
check "-o of a library" 0 '' "$vole" build -o lib.o ./lib
[ "$(head -c 4 lib.o)" = $'\x7fELF' ] || fail "-o of a library is no object"
check "-buildmode=exe" 1 'no packages to build' "$vole" build -buildmode=exe ./lib
check "-C" 0 '' "$vole" build -C hello -o ../c
runs ./c hello

# ---- Full disks, killed builds ----
check "a limit on files" 1 '^vole: .*[Ff]ile too large' bash -c "ulimit -f 100; '$vole' build -o big ./hello"
[ -e big ] && fail "a build that failed left its output"
if mkdir small && mount -t tmpfs -o size=300k none small 2>/dev/null; then
    check "a full disk" 1 '^vole: writing small/h: No space left on device$' "$vole" build -o small/h ./hello
    [ -z "$(ls -A small)" ] || fail "a full disk is left with $(ls -A small)"
    check "a full temporary folder" 1 'vole: link: writing .*: No space left on device' env TMPDIR="$PWD/small" "$vole" build -o another ./hello
    check "a full cache" 0 'vole: build cache .*: No space left on device; building without it' env VOLECACHE="$PWD/small/c" "$vole" build -o full ./hello
    runs ./full hello; runs ./h hello
    umount small
fi
touch h.vole-999999999
( "$vole" build -a -o killed ./hello & pid=$!; sleep 0.3; kill -TERM $pid; wait $pid ) 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do [ -n "$(ls -A "$TMPDIR"; find "$VOLECACHE" -name 'build.*')" ] || break; sleep 0.3; done
[ $i != 10 ] || fail "a build that was ended left $(ls -A "$TMPDIR"; find "$VOLECACHE" -name 'build.*')"
( "$vole" build -a -o killed ./hello & pid=$!; sleep 0.3; kill -KILL $pid; wait $pid ) 2>/dev/null
[ -z "$(ls -d killed* 2>/dev/null)" ] || fail "a killed build left $(ls -d killed*)"
check "after killed builds" 0 '' "$vole" build -o killed ./hello
runs ./killed hello; rm -f h.vole-999999999

# ---- The cache ----
check "no HOME" 1 'build cache is required, but could not be located: VOLECACHE is not defined and neither' env -u HOME -u XDG_CACHE_HOME -u VOLECACHE "$vole" build -o h ./hello
check "relative VOLECACHE" 1 'VOLECACHE is not an absolute path' env VOLECACHE=rel "$vole" build -o h ./hello
check "relative XDG_CACHE_HOME" 1 'path in .XDG_CACHE_HOME is relative' env -u VOLECACHE XDG_CACHE_HOME=rel "$vole" build -o h ./hello
[ -e rel ] && fail "a relative cache was made"
check "unwritable cache" 0 'vole: build cache /dev/null/c: Not a directory; building without it' env VOLECACHE=/dev/null/c "$vole" build -o h ./hello
check "the object" 0 '' "$vole" build -o h ./other/v2
damage() { # HOW FILE…
    local how=$1; shift
    for f in "$@"; do
        case $how in
        truncated) truncate -s $(($(stat -c %s "$f") / 2)) "$f" ;;
        zeroed) head -c "$(stat -c %s "$f")" /dev/zero >"$f.z"; mv "$f.z" "$f" ;;
        flipped) printf '\x55' | dd of="$f" bs=1 seek=$(($(stat -c %s "$f") / 3)) conv=notrunc status=none ;;
        removed) rm "$f" ;;
        esac
    done
}
objects() { find "$VOLECACHE" -name '*.o' -size -40k | sort | head -n 6; }
sum=$(sha256sum <h)
for how in truncated zeroed flipped removed; do
    damage $how $(objects)
    check "$how objects" 0 '' "$vole" build -o h ./other/v2
    [ "$(sha256sum <h)" = "$sum" ] || fail "$how objects give another program"
done
damage zeroed $(find "$VOLECACHE" -name '*.esc' -size +0 | head -n 4) $(find "$VOLECACHE" -name '*.sum' | head -n 4)
check "zeroed summaries" 0 '' "$vole" build -o h ./other/v2
[ "$(sha256sum <h)" = "$sum" ] || fail "zeroed summaries give another program"
set -- $(objects); cp "$1" "$2"; cp "$1.sum" "$2.sum"; cp "$1.esc" "$2.esc"
touch h.before
check "swapped entries" 0 '' "$vole" build -o h ./other/v2
[ "$(sha256sum <h)" = "$sum" ] || fail "swapped entries give another program"
for _ in $(seq 50); do # it goes while the build ends
    [ -n "$(find "$VOLECACHE" -name 'build.*' -newer h.before)" ] || break
    sleep 0.1
done
[ -z "$(find "$VOLECACHE" -name 'build.*' -newer h.before)" ] || fail "the build's own folder stays"
echo mine >"$VOLECACHE/notes"; mkdir "$VOLECACHE/folder"; echo mine >"$VOLECACHE/folder/notes"
cp -r "$VOLECACHE" "$work/cleaned"
check "clean" 0 '' env VOLECACHE="$work/cleaned" "$vole" clean -cache
[ "$(cd "$work/cleaned" && find . -type f | sort | tr '\n' ' ')" = "./folder/notes ./notes " ] || fail "clean -cache leaves $(find "$work/cleaned" -type f | head -n 3)"

# ---- Nothing changed ----
# A program that is linked again is another file.
mkdir -p again/part again/text; printf 'package main\n\nimport (\n\t_ "embed"\n\t"example.com/m/again/part"\n)\n\n//go:embed text/*.txt\nvar text string\n\nfunc main() { println(part.Name + text) }\n' >again/main.go
printf 'package part\n\nconst Name = "one "\n' >again/part/part.go; printf 1 >again/text/a.txt
rebuilt() { # WHETHER WHAT: is the program built again?
    local before after
    sleep 0.1 # what has just changed is not trusted
    before=$(stat -c %i p 2>/dev/null)
    check "build after $2" 0 '' "$vole" build -o p ./again
    after=$(stat -c %i p)
    if [ "$before" = "$after" ]; then [ "$1" = no ] || fail "nothing was built after $2"; else [ "$1" = yes ] || fail "built again after $2"; fi
}
rebuilt yes "a fresh tree"; rebuilt no nothing; runs ./p "one 1"
sed -i 's/one/two/' again/part/part.go; rebuilt yes "a change of a package"; runs ./p "two 1"; rebuilt no nothing
printf 2 >again/text/a.txt; rebuilt yes "a change of an embedded file"; runs ./p "two 2"
printf 'package part\n\nfunc init() { println("init") }\n' >again/part/init.go; rebuilt yes "a new file"; runs ./p "init
two 2"; rebuilt no nothing
rm again/part/init.go; rebuilt yes "a file less"; runs ./p "two 2"; rebuilt no nothing
mv again/text/a.txt again/text/b.txt; rebuilt yes "another name"; rebuilt no nothing
touch again/main.go; rebuilt yes "a touch"; rebuilt no nothing
sed -i 's/go 1.27/go 1.26/' go.mod; rebuilt yes "a change of go.mod"; sed -i 's/go 1.26/go 1.27/' go.mod; rebuilt yes "a change back"; rebuilt no nothing
echo >>p; rebuilt yes "a change of the program"; rm p; rebuilt yes "its removal"; rebuilt no nothing
printf 'replaced\n' >go.work; check "go.work" 1 'go.work' "$vole" build -o p ./again; rm go.work; rebuilt no "go.work came and went"
export GOFLAGS=-trimpath; rebuilt yes "\$GOFLAGS"; export GOFLAGS=; rebuilt yes "\$GOFLAGS as before"
printf 'package part\n\nconst Name = 1 +\n' >again/part/part.go; check "an error" 1 'part.go:4:1: syntax error' "$vole" build -o p ./again
check "the error again" 1 'part.go:4:1: syntax error' "$vole" build -o p ./again
rm -rf again p

# ---- Names of copied closures ----
mkdir copies; cat >copies/copies.go <<'E'
package main

func counter() func() int { n := 0; return func() int { n++; return n } }

func main() { f, g := counter(), counter(); println(f(), g(), f()) }
E
copies() { grep -oE 'main\.[A-Za-z0-9_.]+#[0-9a-f]{16}#' "$1" | sort -u; }
check "copies" 0 '' "$vole" build --emit=llvm -o copies1.ll ./copies
check "copies from their folder" 0 '' "$vole" build -C copies --emit=llvm -o ../copies2.ll .
[ "$(copies copies1.ll | wc -l)" = 2 ] && [ "$(copies copies1.ll)" = "$(copies copies2.ll)" ] || fail "copied closures are called after the folder"

# ---- -trimpath ----
mkdir -p "$work/a" "$work/b/c"; cp -r go.mod lib other "$work/a"; cp -r go.mod lib other "$work/b/c"
check "-trimpath" 0 '' "$vole" build -C "$work/a" -trimpath -o "$work/1" ./other/v2
check "-trimpath elsewhere" 0 '' "$vole" build -C "$work/b/c" -trimpath -o "$work/2" ./other/v2
cmp "$work/1" "$work/2" || fail "-trimpath gives different programs in two folders"
root=$("$vole" env GOROOT)
for p in "$work" "$root" "$(dirname "$(dirname "$vole")")"; do
    grep -qaF "$p" "$work/1" && fail "-trimpath leaves $p"
done
grep -qa 'other/v2/other.go\|example.com/m/other/v2' "$work/1" || fail "-trimpath: no import path"
strings -a h | grep -F "$top/" | grep -v -e /goroot/ -e "/goroot\$" -e /overlay/ | head -n 3 | grep . && fail "a program names the runtime's folder"

# ---- Profiles ----
mkdir guided plain
printf 'package main\n\ntype adder interface{ add(n int) int }\ntype one struct{}\n\nfunc (one) add(n int) int { return n + 1 }\n\n//go:noinline\nfunc sum(a adder) int {\n\treturn a.add(41)\n}\n\nfunc main() { println(sum(one{})) }\n' >guided/main.go
cp guided/main.go plain/
printf 'GO PREPROFILE V1\nmain.sum\nmain.one.add\n1 5\n' >guided/default.pgo
setting() { grep -qa "^build.-pgo=$2\$" "$1"; }
check "default.pgo" 0 'guided/main.go:10:14: PGO devirtualizing interface call a.add to one.add' "$vole" build -gcflags=-m -o g ./guided
runs ./g 42; setting g "$PWD/guided/default.pgo" || fail "-pgo is no setting"
grep -a '^build.[^=]*=' g | sed 's/=.*//' | sed -n '/-buildmode/,/GOOS/p' | awk '!seen[$0]++' >"$work/keys"; LC_ALL=C sort -c "$work/keys" || fail "settings with -pgo are not sorted"
"$vole" build -pgo=off -gcflags=-m -o p ./guided 2>&1 | grep PGO && fail "-pgo=off minds a profile"
setting p '.*' && fail "-pgo=off is a setting"
check "-pgo of another folder" 0 '' "$vole" build -pgo=guided/default.pgo -trimpath -o q ./plain
setting q default.pgo || fail "-trimpath leaves a profile's folder"
check "programs with and without a profile" 0 '' "$vole" build -o both/ ./guided ./plain
runs both/guided 42; runs both/plain 42
{ setting both/guided '.*' && ! setting both/plain '.*'; } || fail "a profile is not its program's alone"
"$vole" build -o g ./guided; sed -i 's/1 5/1 6/' guided/default.pgo
[ "$("$vole" build -v -o g ./guided 2>&1)" = example.com/m/guided ] || fail "another profile compiles more than it names"
check "-pgo of no file" 1 'open .*/none.pgo: no such file or directory' "$vole" build -pgo=none.pgo -o g ./guided
printf 'GO PREPROFILE V1\nmain.sum\n' >bad.pgo
check "-pgo of a damaged file" 1 'bad.pgo: malformed entry in preprocessed profile' "$vole" build -pgo=bad.pgo -o g ./guided

# ---- -S ----
check "-S" 0 '^main.main STEXT size=[0-9]+ align=0x10 locals=0x[0-9a-f]+$' "$vole" build -gcflags=-S -o s ./other/v2
cp "$work/out" "$work/listing"
[ "$(head -n 1 "$work/listing")" = "# example.com/m/other/v2" ] || fail "-S: no heading"
check "-S from the cache" 0 '^main.main STEXT' "$vole" build -gcflags=-S -o s ./other/v2
cmp "$work/out" "$work/listing" || fail "-S: told otherwise the second time"
place=$'\t0x[0-9a-f]{4,} [0-9]{5,} [(]([^()]+:[0-9]+|<unknown line number>)[)]\t[a-z]'
bytes=$'\t0x[0-9a-f]{4,}( [0-9a-f]{2}){1,16}  +.{1,16}'
rel=$'\trel [0-9]+[+][0-9]+ t=R_X86_64_[A-Z0-9]+ [^ ]+[+][0-9a-f]+'
heading='[^ ]+ (STEXT|SRODATA|SDATA|SBSS|SNOPTRDATA)( static)?( dupok)? size=[0-9]+ align=0x[0-9a-f]+( locals=0x[0-9a-f]+)?'
grep -vE -e "^# example.com/m/other/v2$" -e "^$place" -e "^$bytes\$" -e "^$rel\$" -e "^$heading\$" "$work/listing" | head -n 3 | grep . && fail "-S: lines in no form of gc's"
grep -qF $'('"$PWD"$'/other/v2/other.go:5)\tcallq\truntime.printstring' "$work/listing" || fail "-S: no line of a call"
awk '/ S[A-Z]+ / { check(); name = $1; want = 0; n = 0; if ($2 != "SBSS") for (i = 3; i <= NF; i++) if ($i ~ /^size=/) want = substr($i, 6) }
    /^\t0x/ && $2 !~ /^[0-9][0-9][0-9]/ { s = substr($0, 2 + length($1) + 1, 48); n += split(s, x, " ") }
    function check() { if (name != "" && n != want) { print name ": " n " bytes of " want; bad = 1 } }
    END { check(); exit bad }' "$work/listing" || fail "-S: not all bytes"
objdump -d --no-show-raw-insn --disassemble=main.main s | grep -cE '^ +[0-9a-f]+:' >"$work/linked"
awk '/^main.main STEXT/ { on = 1; next } !/^\t/ { on = 0 } on && /^\t0x[0-9a-f]+ [0-9][0-9][0-9][0-9][0-9]/ { n++ } END { print n }' "$work/listing" | cmp - "$work/linked" || fail "-S: other instructions than the program has"
check "-S of packages that are named" 0 '^# example.com/m/lib$' "$vole" build -gcflags=example.com/m/lib=-S -o s ./other/v2
grep -q 'main.main' "$work/out" && fail "-S of others"
check "-S with -trimpath" 0 '^	0x0000 00000 \(example.com/m/other/v2/other.go:5\)	pushq	%rbp$' "$vole" build -trimpath -gcflags=-S -o s ./other/v2
"$vole" tool compile -S -o s.o hello/hello.go 2>"$work/err" | grep -q '^main.main STEXT' || fail "tool compile -S: not to standard output"
check "-S for arm64" 0 '	bl	runtime.printstring$' "$vole" tool compile -goarch arm64 -S -o s.o hello/hello.go
check "-S for arm64" 0 ', :lo12:' "$vole" tool compile -goarch arm64 -S -o s.o hello/hello.go
check "-S twice" 2 'S twice of go tool compile is not supported' "$vole" build -gcflags='-S -S' -o s ./other/v2

# ---- Tests at a time ----
mkdir -p slow/a slow/b slow/c
for d in a b c; do printf 'package %s\n\nimport (\n\t"testing"\n\t"time"\n)\n\nfunc TestSlow(t *testing.T) {\n\ttime.Sleep(2 * time.Second)\n\tprintln("%s")\n}\n' $d $d >slow/$d/slow_test.go; done
"$vole" test -vet=off -run Nosuch ./slow/... >"$work/out" 2>&1
began=$(date +%s%N); "$vole" test -p 3 -vet=off -v ./slow/... >"$work/out" 2>&1; took=$((($(date +%s%N) - began) / 1000000))
[ $took -lt 5500 ] || fail "tests of three packages do not run at a time: $took ms"
[ "$(grep -xE '[abc]' "$work/out" | tr -d '\n')" = abc ] || fail "what packages print is not in order"
awk '$1 == "ok" { print $2 }' "$work/out" | LC_ALL=C sort -c || fail "packages are told of out of order"

# ---- What is not there ----
for f in -buildmode=shared -gcflags=-S=2 -gcflags=-live -ldflags=-E=x -msan \
    -debug-runtime-trace=x -gccgoflags=x -linkshared -compiler=gccgo; do
    check "$f" 2 'is not supported' "$vole" build "$f" -o x ./hello
done
for f in -debug-actiongraph=x; do check "test $f" 2 'is not supported' "$vole" test "$f" ./lib; done
check "-race on arm64" 2 '-race is not supported on linux/arm64' env GOARCH=arm64 "$vole" build -race ./hello
check "unknown flag" 2 'flag provided but not defined: -nope' "$vole" build -nope ./hello
check "unknown key" 2 'unknown debug key nope' "$vole" build -gcflags=-d=nope ./hello
check "bad boolean" 2 'invalid boolean value "x" for -a: parse error' "$vole" build -a=x ./hello
check "GOFLAGS" 1 'GOFLAGS: unknown flag -nope' env GOFLAGS=-nope "$vole" build ./hello
check "GOFLAGS" 1 'GOFLAGS: non-flag "nope"' env GOFLAGS=nope "$vole" build ./hello
check "GOFLAGS" 2 '-msan is not supported \(from .GOFLAGS\)' env GOFLAGS=-msan "$vole" build ./hello
check "GOFLAGS of another command" 0 '' env GOFLAGS='-count=1 -v=false -trimpath' "$vole" build -o x ./hello
cmp -s x h; "$vole" build -trimpath -o y ./hello; cmp x y || fail "GOFLAGS=-trimpath is not -trimpath"
echo 'package cgo; import "C"' >cgo/cgo.go
check "cgo" 1 'cgo/cgo.go:1:21: import "C": cgo is off \(CGO_ENABLED=1 turns it on\)' env CGO_ENABLED=0 "$vole" build ./cgo
check "cgo, a file" 1 'cgo/cgo.go:1:21: import "C": cgo is off \(CGO_ENABLED=1 turns it on\)' env CGO_ENABLED=0 "$vole" build cgo/cgo.go
echo 'secret' >embed/real/passwd; ln -s real embed/d
printf 'package embed\n\nimport _ "embed"\n\n//go:embed d/passwd\nvar s string\n' >embed/embed.go
check "embed through a link" 1 'embed/embed.go:5:12: pattern d/passwd: cannot embed file d/passwd: in non-directory d' "$vole" build ./embed

# ---- Levels of the architecture ----
mkdir level
for i in 1 2 3 4; do
    next=$([ $i = 4 ] || echo " && !amd64.v$((i + 1))")
    printf '//go:build amd64.v%d%s\n\npackage main\n\nconst level = %d\n' $i "$next" $i >level/v$i.go
done
printf '//go:build arm64.v8.1 && !arm64.v8.2\n\npackage main\n\nconst level = 81\n' >level/v81.go
cat >level/level.go <<'E'
package main

import "runtime/debug"

func main() {
	println("level", level)
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "GOAMD64" || s.Key == "GOARM64" {
			println(s.Key, s.Value)
		}
	}
}
E
for v in v5 v 1 v33 V1; do check "GOAMD64=$v" 2 '^vole: invalid GOAMD64: must be v1, v2, v3, v4$' env GOAMD64=$v "$vole" build ./hello; done
for v in v8 v8.x v9.6 v8.0, v8.0,sve v8.00; do
    check "GOARM64=$v" 2 '^vole: invalid GOARM64: must start with v8.\{0-9\} or v9.\{0-5\} and may optionally end in ",lse" and/or ",crypto"$' env GOARM64=$v "$vole" build ./hello
done
[ "$("$vole" env GOAMD64)" = v1 ] && [ "$(GOAMD64=v3 "$vole" env GOAMD64)" = v3 ] && [ "$(GOARCH=arm64 "$vole" env GOARM64)" = v8.0 ] || fail "env GOAMD64, GOARM64"
"$vole" env | grep -q GOARM64 && fail "env has another architecture's variable"
says() { # NAME LINES COMMAND…
    local name=$1 lines=$2; shift 2
    [ "$("$@" 2>&1)" = "$(printf "$lines")" ] || fail "$name"
}
check "no GOAMD64" 0 '' "$vole" build -o l1 ./level
says "no GOAMD64" 'level 1\nGOAMD64 v1' ./l1
for i in 2 3 4; do
    check "GOAMD64=v$i" 0 '' env GOAMD64=v$i "$vole" build -o l$i ./level
    check "v$i without it" 1 "^This program can only be run on AMD64 processors with v$i microarchitecture support.\$" qemu-x86_64 -cpu core2duo ./l$i
done
says "GOAMD64=v3" 'level 3\nGOAMD64 v3' qemu-x86_64 -cpu max ./l3
if [ -d "$(dirname "$vole")/../lib/vole/arm64" ]; then
    check "GOARM64" 0 '' env GOARM64=v8.1,crypto "$vole" build -goarch arm64 -o l81 ./level
    check "v8.1 without LSE" 1 '^This program can only run on ARM64 processors with LSE support.$' qemu-aarch64 -cpu cortex-a53 ./l81
    says "GOARM64=v8.1,crypto" 'level 81\nGOARM64 v8.1,crypto' qemu-aarch64 -cpu max ./l81
    check "PIE for arm64" 0 '' "$vole" build -goarch arm64 -buildmode=pie -o pie.arm ./hello
    check "PIE for arm64 runs" 0 '^hello$' qemu-aarch64 ./pie.arm
    sysroot=$top/build/deps/arm64
    cc="clang-22 --target=aarch64-linux-gnu --sysroot=$sysroot"
    mkdir sum
    printf 'package main\n\nimport "C"\n\n//export Add\nfunc Add(a, b int) int { return a + b }\n\nfunc main() {}\n' >sum/sum.go
    printf '#include "libsum.h"\n#include <stdio.h>\nint main(void) { printf("%%d\\n", (int)Add(40, 2)); return 0; }\n' >use.c
    for lib in c-archive/libsum.a c-shared/libsum.so; do
        check "${lib%/*} for arm64" 0 '' env VOLECACHE="$shared" CGO_ENABLED=1 CC="$cc" "$vole" build -goarch arm64 -buildmode="${lib%/*}" -o "${lib#*/}" ./sum
        check "C with it" 0 '' $cc -fuse-ld=lld-22 -B/usr/lib/llvm-22/bin use.c "./${lib#*/}" -o use.arm
        check "${lib%/*} for arm64 runs" 0 '^42$' qemu-aarch64 -L "$sysroot" ./use.arm
    done
fi

# ---- GOROOT's tools ----
check "tool" 0 '^asm$' "$vole" tool
check "tool" 0 '^compile$' "$vole" tool
check "no tool" 2 '^vole: no such tool "nosuch"$' "$vole" tool nosuch
check "no program" 2 '^vole: no such tool "internal"$' "$vole" tool internal
check "tool -x" 2 '^usage: vole tool' "$vole" tool -x asm
check "an unwritable cache for tools" 1 '^vole: tool asm is built into the build cache, which cannot be written: Not a directory$' env VOLECACHE=/dev/null/c "$vole" tool -n asm
export VOLECACHE=$shared
check "tool asm" 0 '^asm version go1.27' env GOFLAGS=-tags=x GOARCH=arm64 GO111MODULE=off "$vole" tool asm -V=full
asm=$(cd /tmp && "$vole" tool -n asm)
[ "${asm##*/}" = asm ] && [ "$asm" = "$("$vole" tool -n asm)" ] || fail "tool -n asm"
printf 'TEXT ·f(SB), 4, $0\n\tNOSUCH\n' >bad.s
check "tool asm bad.s" 1 '^bad.s:2: unrecognized instruction "NOSUCH"$' "$vole" tool asm bad.s
touch -d '2 days ago' "$asm"; printf x | dd of="$asm" bs=1 seek=9999 conv=notrunc status=none
check "a damaged tool" 0 '^asm version go1.27' "$vole" tool asm -V=full
printf 'package asm\n\nconst Two, pi, S = 2, 3.14, "a\\n"\n\ntype T struct{ a int8; b struct{ c int64 } }\n\nfunc Add(a, b int) int\nfunc Sub(a, b int) int\n' >asm/asm.go
printf '#include "x.h"\nTEXT ·Add(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tADDQ $X, AX\n\tMOVQ AX, ret+16(FP)\n\tRET\n' >asm/add_amd64.s
echo '#define X 0' >asm/x.h
printf 'package main\n\nimport "example.com/m/asm"\n\nfunc main() { println(asm.Add(1, 2)) }\n' >sub/sub.go
check "assembly" 0 '' "$vole" build -o x ./sub
runs ./x 3
echo '#define X 4' >asm/x.h
check "a header of assembly" 0 '^vole tool asm -p example.com/m/asm .*asm/add_amd64.s$' "$vole" build -x -o x ./sub
runs ./x 7
check "an object with assembly" 0 '' "$vole" build --emit=obj -o asm.o ./asm
grep -q 'm/asm.Add#abi0#' asm.o || fail "--emit=obj leaves assembly out"
sed -i s/Add/Sub/ sub/sub.go
check "not in assembly" 1 '^main.main: relocation target example.com/m/asm.Sub not defined$' "$vole" build -o x ./sub
check "-asmhdr" 0 '' "$vole" tool compile -asmhdr=asm.h -p asm -o asm.o asm/asm.go
[ "$(sed 1,2d asm.h)" = "$(printf '#define const_Two 2\n#define const_S "a\\n"\n#define T__size 16\n#define T_a 0\n#define T_b 8')" ] || fail "-asmhdr writes $(cat asm.h)"
printf 'package main\n\nimport "example.com/m/asm"\n\nfunc main() { println(asm.Add(1, 2)) }\n' >sub/sub.go
check "-trimpath of assembly" 0 '' "$vole" build -trimpath -o x ./sub
grep -q "$PWD" x && fail "-trimpath leaves names of folders"
export VOLECACHE=$work/cache

# ---- What is there, and what is said to be ----
known() { # COMMAND FLAG: does it know the flag?
    local name=$1; shift
    timeout 20 "$vole" $name "-$1=" nosuch.go 2>&1 | grep -q 'not defined' && fail "vole $name does not know -$1"
}
for f in $(sed -n '/^\/\/ The build flags are shared/,/^\/\/ The -asmflags/p' "$root/src/cmd/go/alldocs.go" | sed -nE 's,^//\t-([a-z]+).*,\1,ip'); do known build "$f"; done
for f in $(sed -n '/^\/\/ The following flags are recognized by the .go test/,/^\/\/ Each of these flags/p' "$root/src/cmd/go/alldocs.go" | sed -nE 's,^//\t-([a-z]+).*,\1,p') c exec json o; do
    known test "$f"
done
for f in $(sed -nE '/^type CmdFlags struct/,/^}/{s/^\t.*flag:\\"([^"\\]+)\\".*/\1/p;t;s/^\tLower([A-Z]) .*help:.*/\L\1/p;t;s/^\t([A-Z]) .*help:.*/\1/p;t;s/^\t([A-Z][A-Za-z]+) .*help:.*/\L\1/p}' \
    "$root/src/cmd/compile/internal/base/flag.go"); do
    known "tool compile" "$f"
done
for f in $(for c in build env install run test; do "$vole" help $c; done | sed -nE '/^\t-/p' | grep -oE -- '-[A-Za-z]+' | sort -u); do
    grep -qE -- "$f([^a-z]|\$)" "$top/docs/vole.1" || fail "$f is not in the man page"
done

completed() ( # WORD…: what the shell offers for the last one
    export PATH=$(dirname "$vole"):$PATH
    . "$top/cmd/vole/complete/vole.bash"
    COMP_WORDS=(vole "$@") COMP_CWORD=$#; _vole
    echo "${COMPREPLY[*]}"
)
[ "$(completed ins)" = install ] && [ "$(completed test -be)" = "-bench -benchmem -benchtime" ] && [ "$(completed install -trim)" = -trimpath ] &&
    [ "$(completed env GOMODC)" = GOMODCACHE ] || fail "completion offers $(completed ins), $(completed test -be), $(completed install -trim), $(completed env GOMODC)"

# ---- JSON, -exec ----
check "build -json" 1 '^\{"ImportPath":"example.com/m/bad","Action":"build-output","Output":"bad/bad.go:3:11: undefined: y\\n"\}$' "$vole" build -json ./bad
check "build -json" 1 '^\{"ImportPath":"example.com/m/bad","Action":"build-fail"\}$' "$vole" build -json ./bad
check "run -exec" 0 '^-with .*/exe/hello an$' "$vole" run -exec 'echo -with' ./hello an
exit $failed
