#!/usr/bin/env bash
# install: `cmake --install BUILD` into an empty folder gives a vole that builds and runs a program there, with its files found beside the binary,
# and everything that says Go's version says GOROOT's. cpack's packages do so wherever they are unpacked; what they need and is not there is named
# in a sentence; nothing that is installed names a folder of the machine that it was built on.
#   install.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd) build=$(realpath "$1") top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/second" # found by the binary's place, not by the prefix
for f in bin/vole lib/vole/amd64/libvole_rt.a lib/vole/amd64/pic/libgc.a lib/vole/amd64/pic/library.o lib/vole/tools/compile lib/vole/tools/bin/go lib/vole/setup lib/vole/debian.sh lib/vole/overlay/src/runtime/api.go share/man/man1/vole.1 share/bash-completion/completions/vole; do
    [ -f "$work/second/$f" ] || { echo "not installed: $f"; exit 1; }
done
cd "$work"
root=$("$build/bin/vole" env GOROOT)
export GOROOT=$root # set-up's is in the build tree
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

# ---- Packages ----
(cd "$build" && cpack -B "$work/packages" >"$work/cpack" 2>&1) || { cat cpack; exit 1; }
mkdir deb tgz
dpkg -x packages/vole_*.deb deb
tar -C tgz --strip-components=1 -xzf packages/vole-*.tar.gz
depends=$(dpkg-deb -f packages/vole_*.deb Depends)
for p in lld-22 libc6-dev libgcc-12-dev libgmp10 libmpfr6; do
    case $depends in *$p*) ;; *) echo "the package does not depend on $p: $depends"; exit 1 ;; esac
done
mv deb/usr "deb/else where"
for vole in "$work/deb/else where/bin/vole" "$work/tgz/bin/vole"; do
    "$vole" build -o hello2 hello.go
    [ "$(./hello2 2>&1)" = "hello, world" ]
done
for name in "$top" "$build"; do
    if grep -rlF "$name/" deb tgz; then echo "these name $name"; exit 1; fi
done
[ "$(readlink -f tgz/lib/vole/tools/bin/go)" = "$work/tgz/bin/vole" ] || { echo "tools/bin/go leads elsewhere"; exit 1; }

# ---- What may be missing ----
says() { # SENTENCE COMMAND…
    local sentence=$1; shift
    if "$@" >said 2>&1; then echo "succeeds: $*"; exit 1; fi
    [ "$(grep -cE "^$sentence\$" said)" = 1 ] && [ "$(wc -l <said)" = 1 ] || { echo "wanted: $sentence"; echo "said:"; cat said; exit 1; }
}
mkdir home
vole=$work/tgz/bin/vole without="env -u GOROOT -u XDG_DATA_HOME HOME=$work/home VOLECACHE=$work/home/cache PATH=/usr/bin:/bin"
if [ ! -e /usr/share/go-1.27/VERSION ] && [ ! -e /usr/lib/go-1.27/VERSION ] && [ ! -e /usr/local/go/VERSION ] && ! PATH=/usr/bin:/bin command -v go >/dev/null; then
    says "vole: no Go 1.27 source tree found: set GOROOT, or run $work/tgz/lib/vole/setup, which fetches it" $without "$vole" build hello.go
    mkdir -p home/.local/share/vole && ln -s "$root" home/.local/share/vole/goroot
    same "$($without "$vole" env GOROOT)" "$work/home/.local/share/vole/goroot" # where set-up puts it without rights
else
    echo "a Go is installed: what vole says without one was not tried"
fi
says "vole: GOROOT=$work/home is not a Go source tree \(no VERSION\), or run .*" env GOROOT="$work/home" "$vole" build hello.go
says "vole: link: cannot run /no/lld: No such file or directory \(install lld-22\)" env VOLE_LD=/no/lld "$vole" build hello.go
if [ ! -e /usr/aarch64-linux-gnu/lib/crt1.o ]; then
    says "vole: link: no C library for arm64 \(crt1.o\): install libc6-dev-arm64-cross" "$vole" build -goarch arm64 hello.go
fi
ln -s "$top/build/deps/arm64" tgz/lib/vole/sysroot-arm64 # a folder of C's libraries may stand there
"$vole" build -goarch arm64 -o hello3 hello.go
if tgz/lib/vole/setup -x 2>said; then exit 1; fi
grep -q '^  setup \[DIR\]' said || { cat said; exit 1; }
