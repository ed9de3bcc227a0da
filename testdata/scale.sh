#!/usr/bin/env bash
# scale: does the compiler stay upright, and linear, on programs that are large in one way each (scale.awk)?
#   scale.sh VOLE -quick              the test: each at its smaller size within bounds of time and memory, with the verdict that is expected
#   scale.sh VOLE GC [NAME[=N]…]      the table: CPU seconds and megabytes of both compilers, and vole's share of gc's. GC is gc's go command.
# Both compile one package to an object, with their usual settings. SCALE_SECONDS bounds the CPU time of each (default 120).
set -u
vole=$(realpath "$1") gc=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME N SMALLER, and "error" where the program is none.
cases() {
    grep -v '^ *#' <<'END'
# chains
oror 100000 15000
andand 100000 15000
add 100000 20000
add_float 100000 10000
concat 100000 10000
add_const 100000 100000
concat_const 100000 100000
compare 100000 10000
not 100000 20000
deref 100000 5000
index 30000 5000
calls 30000 5000
select 30000 5000
methods_chained 30000 1000
var_chain 20000 5000
var_cycle 20000 5000 error
const_chain 20000 20000
const_cycle 20000 20000 error
type_chain 20000 2000
type_cycle 20000 20000 error
alias_chain 20000 20000
struct_chain 20000 2000
struct_cycle 20000 20000 error
pointer_chain 20000 2000
embed_chain 2000 500
interface_chain 20000 1000
func_chain 20000 1000
func_cycle 500 50
# nesting
parens 100000 100000
blocks 50000 50000
ifs 20000 2000
fors 20000 1000
else_ifs 20000 2000
literals 10000 10000
any_literals 10000 1000
args 50000 5000
func_literals 2000 100
slice_types 50000 1000
func_types 50000 1000
struct_types 10000 500
# many of one thing
fields 100000 20000
string_cases 100000 5000
int_cases 100000 10000
bool_cases 50000 5000
type_cases 20000 500
select_cases 20000 500
methods 20000 500
interface_methods 20000 2000
results 20000 2000
params 20000 2000
functions 50000 500
closures 20000 500
generics 10000 200
statements 50000 5000
assigns 300000 20000
calls_in_a_row 100000 5000
appends 20000 1000
stores 100000 5000
map_stores 20000 1000
locals 20000 2000
live_locals 10000 1000
labels 300000 10000
gotos 50000 2000
defers 300000 10000
vars 100000 10000
dynamic_vars 50000 5000
consts 300000 100000
types 20000 500
ints 1000000 200000
strings 300000 10000
map_literal 100000 2000
structs_literal 100000 5000
dynamic_literal 100000 5000
local_literal 100000 5000
# texts
long_line 4600000 500000
long_string 5000000 500000
long_comment 5000000 500000
long_name 5000000 500000
errors 50000 50000 error
semicolons 5000000 500000
imports 50000 20000
END
}

# measure FILE SECONDS COMMAND…: prints CPU seconds, megabytes, status; what the command says is left in $work/said.
measure() {
    local file=$1 seconds=$2
    shift 2
    (ulimit -t "$seconds"; /usr/bin/time -q -o "$work/time" -f '%U %S %M' "$@" "$file") >"$work/said" 2>&1
    local status=$?
    awk -v st=$status '{ printf "%.2f %d %d\n", $1 + $2, $3 / 1024, st }' "$work/time"
}

# The verdict on status and text: what is wrong, or nothing.
judge() { # STATUS EXPECTED
    if grep -q -E 'internal compiler error|stack exceeds|fatal error' "$work/said" || [ "$1" -ge 124 ]; then
        echo "status $1: $(head -c 200 "$work/said" | head -1)"
    elif [ "$1" = 0 ] && [ -n "$2" ]; then
        echo "no error"
    elif [ "$1" != 0 ] && [ -z "$2" ]; then
        echo "$(head -c 200 "$work/said" | head -1)"
    fi
}

generate() { echo "$1 $2" | awk -f "$here/scale.awk" >"$work/p.go"; }

quick() {
    local failed=0 n=0 name size small expected seconds mb status wrong
    while read -r name size small expected; do
        generate "$name" "$small"
        read -r seconds mb status < <(measure "$work/p.go" 20 "$vole" tool compile -p p -o "$work/v.o")
        wrong=$(judge "$status" "$expected")
        [ "$mb" -gt 1500 ] && wrong="$mb MB"
        n=$((n + 1))
        [ -z "$wrong" ] && continue
        echo "FAIL $name $small: $wrong ($seconds s, $mb MB)"
        failed=1
    done < <(cases)
    echo "scale: $n programs"
    return $failed
}

table() {
    local bound=${SCALE_SECONDS:-120} compile name size small expected v gcs
    compile=$("$gc" tool -n compile)
    printf '%-18s %8s %9s %7s %9s %7s %6s %6s\n' program size 'vole s' MB 'gc s' MB time memory
    while read -r name size small expected; do
        if [ $# -gt 0 ]; then
            local hit=0 a
            for a in "$@"; do
                [ "${a%=*}" = "$name" ] || continue
                hit=1
                [ "$a" = "$name" ] || size=${a#*=}
            done
            [ $hit = 1 ] || continue
        fi
        generate "$name" "$size"
        v=$(measure "$work/p.go" "$bound" "$vole" tool compile -p p -o "$work/v.o")
        gcs=$(measure "$work/p.go" "$bound" "$compile" -p p -complete=false -o "$work/g.o")
        awk -v n="$name" -v k="$size" -v v="$v" -v g="$gcs" 'BEGIN {
            split(v, a, " "); split(g, b, " ")
            vs = a[3] >= 3 ? "fails" : sprintf("%.2f", a[1]); gs = b[3] >= 3 ? "fails" : sprintf("%.2f", b[1])
            both = a[3] < 3 && b[3] < 3
            printf "%-18s %8d %9s %7d %9s %7d %6s %6s\n", n, k, vs, a[2], gs, b[2], both ? sprintf("%.2f", a[1] / b[1]) : "-", both ? sprintf("%.2f", a[2] / b[2]) : "-"
        }'
    done < <(cases)
}

if [ "$gc" = -quick ]; then quick; else table "$@"; fi
