#!/usr/bin/env bash
# vtest: runs `vole test` in the module testdata/test and compares with what is expected.
#   vtest.sh VOLE [-update]
# Each line of testdata/test/commands.txt is a folder and the arguments of vole test there; expected.txt holds, for each in turn, the line, exit status,
# standard output and standard error. Times and addresses are replaced ((cached) is a time), and tracebacks cut, before comparing.
set -u
vole=$(realpath "$1")
here=$(cd "$(dirname "$0")/test" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mask() {
    sed -E -e 's/\(cached\)/0.00s/' -e "s,$here/,,g" -e '/^goroutine [0-9]+ \[/,/^(FAIL|ok|exit status)/{/^(FAIL|ok|exit status)/!d}' -e 's/[0-9]+\.[0-9]+s/0.00s/g' -e 's/"Elapsed":[0-9.e-]+/"Elapsed":0/g' \
        -e 's/"Time":"[^"]*"/"Time":"now"/g' -e 's/^cpu: .*/cpu: one/' -e 's/ +[0-9.]+ ns\/op/ 1 ns\/op/' -e 's/^(Benchmark[^ -]*)-[0-9]+/\1-N/' "$1"
}

while read -r dir args; do
    case $dir in ''|'#'*) continue ;; esac
    echo "== $dir $args"
    # shellcheck disable=SC2086
    (cd "$here/$dir" && TMPDIR=$work timeout 120 "$vole" test $args) >"$work/out" 2>"$work/err" </dev/null
    echo "exit $?"
    mask "$work/out"
    if [ -s "$work/err" ]; then
        echo "stderr:"
        mask "$work/err"
    fi
done <"$here/commands.txt" >"$work/got"
if [ "${2:-}" = -update ]; then
    cp "$work/got" "$here/expected.txt"
elif ! diff -u "$here/expected.txt" "$work/got"; then
    exit 1
fi
