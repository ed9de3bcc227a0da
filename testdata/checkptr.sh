#!/usr/bin/env bash
# checkptr: what -d=checkptr finds in GOROOT's programs for it, in the words that runtime's TestCheckPtr wants; where it is on by
# itself, and where it is not.
#   checkptr.sh VOLE
set -u
vole=$(realpath "$1")
progs=$("$vole" env GOROOT)/src/runtime/testdata/testprog
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() { echo "FAIL $*"; failed=1; }
cd "$work" || exit 1
cp "$progs/main.go" "$progs/checkptr.go" . && printf 'package main\n\nvar sink2 any\n' >sink.go || exit 1

# want PROGRAM TEST TEXT: the first line is TEXT's; without TEXT there is no output.
want() {
    local out
    out=$(timeout 60 "./$1" "CheckPtr$2" 2>&1)
    [ "${out%%$'\n'*}" = "${3:+fatal error: checkptr: }$3" ] || fail "$1 $2 says: $(head -n 3 <<<"$out")"
}
invalid='pointer arithmetic result points to invalid allocation' straddles='straddles multiple allocations'
"$vole" build -gcflags=-d=checkptr=1 -o one ./*.go || exit 1
want one AlignmentPtr 'misaligned pointer conversion'
for t in AlignmentNoPtr AlignmentNilPtr SliceOK StringOK AlignmentNested; do want one $t ''; done
for t in Arithmetic Arithmetic2 ArithmeticUnsafeAdd; do want one $t "$invalid"; done
want one Size "converted pointer $straddles"
want one Small 'pointer arithmetic computed bad pointer value'
want one SliceFail "unsafe.Slice result $straddles"
want one StringFail "unsafe.String result $straddles"
"$vole" build -gcflags=-d=checkptr=2 -o two ./*.go || exit 1
want two AlignmentNested "converted pointer $straddles"

# Without it nothing is found; -race brings it unless it is told not to.
"$vole" build -o none ./*.go || exit 1
for t in Size Small; do want none $t ''; done
if [ "$(uname -m)" = x86_64 ]; then
    "$vole" build -race -o race ./*.go && want race Size "converted pointer $straddles"
    "$vole" build -race -gcflags=-d=checkptr=0 -o unchecked ./*.go && want unchecked Size ''
fi

# What is marked is not checked, wherever it is called.
cat >sink.go <<'END'
package main

import "unsafe"

var sink2 any

//go:nocheckptr
func unchecked(p *int64) *[100]int64 { return (*[100]int64)(unsafe.Pointer(p)) }

//go:nosplit
func nosplit(p *int64) *[100]int64 { return (*[100]int64)(unsafe.Pointer(p)) }

func init() {
	register("CheckPtrMarked", func() {
		p := new(int64)
		sink2 = p
		sink2 = unchecked(p)
	})
	register("CheckPtrNosplit", func() {
		p := new(int64)
		sink2 = p
		sink2 = nosplit(p)
	})
}
END
"$vole" build -gcflags=-d=checkptr -o marked ./*.go || exit 1
want marked Marked ''
want marked Nosplit ''
[ $failed = 0 ] && echo "checkptr: passed"
exit $failed
