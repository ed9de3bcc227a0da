#!/usr/bin/env bash
# golden: runs the programs of testdata/golden, or of testdata/FOLDER, and compares with what each file expects of itself.
#   golden.sh VOLE [-in FOLDER] [-update] [-O N]… [-arch ARCH] [-j N] [NAME…]
# A golden program is NAME.go, or a folder NAME with a main.go (and go.mod). Its first line may be a directive:
#   // golden: build           only compiled: expects diagnostics and exit status
#   // golden: run ARGS…       (the default) built, then run
#   // golden: tool FLAGS…     vole tool compile FLAGS file: -m reports and logs (-m=json)
# with words arm64 (also run for arm64 under qemu), levels (the answer is the same for each GOAMD64 that this processor has, and where GODEBUG
# hides its features), flaky-order (output lines are sorted first). The expectation is the file's last comment:
#   /* golden
#   exit 2
#   stdout:
#   …
#   stderr:
#   …
#   */
# Sections that are empty are left out. Folder names, addresses, registers, goroutine numbers and tracebacks' argument words are replaced before comparing.
set -u
vole=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd)
folder=golden update=0 opts=() arch=amd64 jobs=$(nproc) names=()
while [ $# -gt 0 ]; do
    case $1 in
    -in) folder=$2; shift ;;
    -update) update=1 ;;
    -O) opts+=("$2"); shift ;;
    -arch) arch=$2; shift ;;
    -j) jobs=$2; shift ;;
    *) names+=("$1") ;;
    esac
    shift
done
[ ${#opts[@]} = 0 ] && opts=(0 2)

levels() { # of one: other answers than the baseline's are told of on stderr
    local l e
    for l in v1 v2 v3 v4; do
        [ $l = v1 ] && e=GODEBUG=cpu.all=off || e=GOAMD64=$l
        (cd "$dir" && { [ $l = v1 ] || env $e timeout 600 "$vole" build "-O$opt" -o "$work/a.out" "$target"; } && env $e timeout 60 "$work/a.out" $args) \
            >"$work/stdout.$l" 2>"$work/stderr.$l" </dev/null
        grep -q '^This program can only be run on AMD64 processors' "$work/stderr.$l" && continue
        { cmp -s "$work/stdout" "$work/stdout.$l" && cmp -s "$work/stderr" "$work/stderr.$l"; } || echo "$e: another answer" >>"$work/other"
    done
    [ ! -f "$work/other" ] || cat "$work/other" >>"$work/stderr"
}

one() { # FILE OPT: prints PASS or FAIL with the difference
    local file=$1 opt=$2 name dir work main directive mode words
    name=${file#"$here/$folder"/}; name=${name%.go}; name=${name%/main}
    main=$file; dir=$(dirname "$file")
    work=$(mktemp -d)
    directive=$(sed -n '1s,^// golden: *,,p' "$file")
    words=" $directive "
    mode=run
    case $words in *" build "*) mode=build ;; *" tool "*) mode=tool ;; esac
    if [ "$arch" = arm64 ]; then # cgo is on for other machines only where it is asked for
        export CGO_ENABLED=1 CC="clang-22 --target=aarch64-linux-gnu --sysroot=$here/../build/deps/arm64"
        grep -q '^import "C"' "$file" || CGO_ENABLED=0
        case $words in *" arm64 "*) ;; *) rm -rf "$work"; return 0 ;; esac
    fi
    local args=${directive#*run} status=0
    [ "$args" = "$directive" ] && args=
    args=${args//arm64/}; args=${args//flaky-order/}; args=${args//levels/}
    local target=$(basename "$file")
    [ "$(basename "$file")" = main.go ] && target=.
    (
        cd "$dir" || exit 99
        case $mode in
        tool) timeout 60 "$vole" tool compile ${directive#*tool} -o "$work/a.o" "./$target" ;;
        build) timeout 600 "$vole" build -goarch "$arch" "-O$opt" -o "$work/a.out" "$target" ;;
        run)
            timeout 600 "$vole" build -goarch "$arch" "-O$opt" -o "$work/a.out" "$target" || exit
            if [ "$arch" = arm64 ]; then timeout 120 qemu-aarch64 -L "$here/../build/deps/arm64" "$work/a.out" $args
            else timeout 60 "$work/a.out" $args; fi ;;
        esac
    ) >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    if [ "$arch" = amd64 ]; then case $words in *" levels "*) levels ;; esac; fi
    {
        echo "/* golden"
        [ $status != 0 ] && echo "exit $status"
        for s in stdout stderr; do
            [ -s "$work/$s" ] || continue
            echo "$s:"
            case $words in *" flaky-order "*) sort "$work/$s" ;; *) cat "$work/$s" ;; esac |
                sed -E "s|$dir/||g; s/\"gc_version\":\"[^\"]*\"/\"gc_version\":\"go\"/; s| \\+0x[0-9a-f]+( fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+)?\$||; s|^(goroutine [0-9]+) gp=0x[0-9a-f]+ m=[0-9]+ mp=0x[0-9a-f]+ |\\1 gp=0x? m=N mp=0x? |; /^(r[a-z0-9]+|[cfg]s) +0x[0-9a-f]+\$/d; s#^\t/.*/goroot/src/(runtime/[a-z_0-9]+\.(go|c|s)|[a-z/]*/asm_[a-z0-9_]+\.s):[0-9]+#\t\1#; s#^\truntime/asm_(amd64|arm64)\.#\truntime/asm_ARCH.#; s#^\t/.*/goroot/src/#\tGOROOT/src/#; s#^[^ ]*/src/([^ ]+\.go:[0-9]+:[0-9]+: )#GOROOT/src/\1#; s|0x[0-9a-f]{4,}|0x?|g; s/^([A-Za-z_][^ ]*)\\((0x[^()]*|\\{[^()]*|\\.\\.\\.)?\\)\$/\\1(...)/; s|^goroutine [0-9]+ |goroutine N |; s/^\.\.\.[0-9]+ frames/...N frames/; s|in goroutine [0-9]+\$|in goroutine N|; s/(addr|pc|code)=0x[0-9a-f]+/\\1=0x?/g"
        done
        echo "*/"
    } >"$work/got"
    sed -n '/^\/\* golden$/,$p' "$file" >"$work/want"
    if cmp -s "$work/got" "$work/want"; then
        echo "PASS $name -O$opt"
    elif [ "$update" = 1 ]; then
        { sed '/^\/\* golden$/,$d' "$file"; cat "$work/got"; } >"$work/new" && cat "$work/new" >"$file"
        echo "UPDATED $name -O$opt"
    else
        echo "FAIL $name -O$opt"
        diff "$work/want" "$work/got" | head -n 40 | sed 's/^/    /'
    fi
    rm -rf "$work"
}
export -f one levels; export vole here folder update arch

files=()
while IFS= read -r f; do
    n=${f#"$here/$folder"/}; n=${n%.go}; n=${n%/main}
    if [ ${#names[@]} -gt 0 ]; then case " ${names[*]} " in *" $n "*) ;; *) continue ;; esac; fi
    files+=("$f")
done < <({ find "$here/$folder" -maxdepth 2 -name '*.go' -not -path '*/mod_*'; find "$here/$folder" -path '*/mod_*/main.go'; } | sort)

[ "$update" = 1 ] && jobs=1
out=$(for o in "${opts[@]}"; do for f in "${files[@]}"; do printf '%s\0%s\0' "$f" "$o"; done; done |
    xargs -0 -n 2 -P "$jobs" bash -c 'one "$1" "$2"' _)
grep -v '^PASS' <<<"$out"
pass=$(grep -c '^PASS' <<<"$out"); fail=$(grep -c '^FAIL' <<<"$out")
echo "$pass passed, $fail failed"
[ "$fail" = 0 ]
