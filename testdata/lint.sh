#!/usr/bin/env bash
# clang-tidy by .clang-tidy over every C file: the compiler's as compile_commands.json states, the runtime's with its own flags.
# What Go programs of testdata/std have of C is theirs.
#   lint.sh BUILD [-analyze] [FILE…]    -analyze adds clang's path-sensitive analyzer: half an hour instead of a minute
set -u
build=$(realpath "$1"); shift
cd "$(dirname "$0")/.."
checks=
if [ "${1:-}" = -analyze ]; then checks=clang-analyzer-core.*,clang-analyzer-deadcode.*,clang-analyzer-unix.*; shift; fi
tidy() {
    case $2 in
    runtime/*) flags=(-- $(cat "$build/runtime/lint_flags") -Wno-everything) ;;
    *) flags=(-p "$build") ;;
    esac
    clang-tidy-22 -quiet ${1:+--checks=$1} "$2" "${flags[@]}" 2>&1 | grep -v 'warnings\? generated\|warnings\? treated as errors\?\|^Suppressed\|^Use -header-filter'
    [ "${PIPESTATUS[0]}" = 0 ]
}
export -f tidy; export build
if [ $# -gt 0 ]; then printf '%s\0' "$@"; else git ls-files -z '*.c' ':!testdata/std'; fi | xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy "$1" "$2"' _ "$checks"
