# bash completion of vole: source it, or put it into /usr/share/bash-completion/completions/vole.
_vole() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} cmd=${COMP_WORDS[1]}
    local build='-C -o -O0 -O1 -O2 -O3 -p -a -n -v -x -work -json -tags -mod -gcflags -ldflags -goarch -trimpath -explain'
    local test='-run -skip -bench -benchmem -benchtime -count -cpu -short -failfast -list -parallel -timeout -shuffle -fullpath -artifacts -outputdir -fuzztime
        -fuzzminimizetime -cpuprofile -memprofile -memprofilerate -blockprofile -blockprofilerate -mutexprofile -mutexprofilefraction -exec -vet -c -args'
    local stages='tokens ast types ir ssa llvm asm obj'
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W 'build run test tool env clean version help' -- "$cur"))
        return
    fi
    case $prev in
    -mod) COMPREPLY=($(compgen -W 'mod readonly vendor' -- "$cur")); return ;;
    -vet) COMPREPLY=($(compgen -W off -- "$cur")); return ;;
    -goarch) COMPREPLY=($(compgen -W 'amd64 arm64' -- "$cur")); return ;;
    -gcflags) COMPREPLY=($(compgen -W '-m -m=2 -l -N -B' -- "$cur")); return ;;
    help) COMPREPLY=($(compgen -W 'build run test' -- "$cur")); return ;;
    esac
    case $cur in
    --emit=*) COMPREPLY=($(compgen -W "$stages" -- "${cur#--emit=}")); return ;;
    esac
    case $cmd in
    build) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "$build --emit=" -- "$cur")) ;;
    run) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "$build -exec" -- "$cur")) ;;
    test) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "$build $test" -- "$cur")) ;;
    tool) COMPREPLY=($(compgen -W "$(vole tool)" -- "$cur")) ;;
    clean) COMPREPLY=($(compgen -W -cache -- "$cur")) ;;
    env) COMPREPLY=($(compgen -W 'GOAMD64 GOARCH GOARM64 GOEXPERIMENT GOFLAGS GOOS GOROOT GOVERSION VOLECACHE VOLEOVERLAY VOLERUNTIME' -- "$cur")) ;;
    esac
    [ ${#COMPREPLY[@]} = 0 ] && COMPREPLY=($(compgen -f -X '!*.go' -- "$cur") $(compgen -d -- "$cur"))
}
complete -o filenames -F _vole vole
