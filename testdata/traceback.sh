#!/usr/bin/env bash
# traceback: arguments in tracebacks, which gc's have in hex: without optimisation (-N -l) all are in memory and shown, as gc shows them; otherwise those
# that are in memory, or (...) where none is.
#   traceback.sh VOLE [GO]: with GO, gc's are the same but for addresses
set -u
vole=$(realpath "$1")
go=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
cd "$here/gdb" || exit 1
"$vole" build -gcflags='all=-N -l' -o "$work/arguments" arguments.go && "$vole" build -o "$work/fast" arguments.go || exit 1
[ -z "$go" ] || "$go" build -gcflags='all=-N -l' -o "$work/gc" arguments.go || exit 1
calls() { "$@" 2>&1 | grep '^main\.' | sed -E 's/0x[0-9a-f]{5,16}/ADDRESS/g'; }
# f and the like panic: 0x4004000000000000 is 2.5, which is no address.
check() {
    calls "$work/arguments" "$1" >"$work/out"
    cat >"$work/want"
    cmp -s "$work/want" "$work/out" || { echo "FAIL $1:"; diff "$work/want" "$work/out"; failed=1; }
    [ -z "$go" ] || calls "$work/gc" "$1" | cmp -s - "$work/out" || { echo "FAIL gc has another $1"; failed=1; }
}
check f <<'END'
main.f(0x0, {ADDRESS, 0x3, 0x3}, {ADDRESS, 0x5}, 0x1)
main.f(0x1, {ADDRESS, 0x3, 0x3}, {ADDRESS, 0x5}, 0x0)
main.f(0x2, {ADDRESS, 0x3, 0x3}, {ADDRESS, 0x5}, 0x1)
main.main()
END
check method <<'END'
main.(*T).method(ADDRESS, 0x0, ADDRESS, {ADDRESS, ADDRESS})
main.main()
END
check many <<'END'
main.many(0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xa, ...)
main.main()
END
check structs <<'END'
main.structs({0x7, {ADDRESS, 0x5}}, {{0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, ...}}, ...)
main.main()
END
check nothing <<'END'
main.nothing()
main.main()
END
check used <<'END'
main.deep(0x2a)
main.used(0x29, {ADDRESS, 0x4})
main.main()
END
check variadic <<'END'
main.variadic({ADDRESS, 0x2, 0x2})
main.main()
END
check gen <<'END'
main.gen[...]({ADDRESS, 0x1}, {ADDRESS, 0x1, 0x1})
main.main()
END
# Optimised: in registers, of which nobody knows by then.
calls "$work/fast" used >"$work/out"
grep -q '^main\.used(\.\.\.)$' "$work/out" || { echo "FAIL optimised:"; cat "$work/out"; failed=1; }
[ $failed = 0 ] && echo "traceback: passed"
exit $failed
