# bash completion of vole: source it, or put it into /usr/share/bash-completion/completions/vole.
# Commands and flags are what vole's own help names.
_vole_commands() { vole help 2>/dev/null | sed -nE 's/^\t([a-z]+) .*/\1/p'; }
_vole_flags() { # COMMAND
    local shared=
    case $1 in install | run | test) shared=build ;; esac
    for c in $1 $shared; do vole help "$c" 2>/dev/null; done | sed -nE '/^\t-/p' | grep -oE -- '-[A-Za-z0-9]+' | sort -u
}
_vole() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} cmd=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "$(_vole_commands) help" -- "$cur"))
        return
    fi
    case $prev in
    -mod) COMPREPLY=($(compgen -W 'mod readonly vendor' -- "$cur")); return ;;
    -vet) COMPREPLY=($(compgen -W 'all off' -- "$cur")); return ;;
    -goarch) COMPREPLY=($(compgen -W 'amd64 arm64' -- "$cur")); return ;;
    -gcflags) COMPREPLY=($(compgen -W '-m -m=2 -l -N -B' -- "$cur")); return ;;
    -emit) COMPREPLY=($(compgen -W 'tokens ast types ir ssa llvm asm obj' -- "$cur")); return ;;
    esac
    if [[ $cur == -* ]]; then
        case $cmd in
        clean) COMPREPLY=($(compgen -W '-cache -testcache' -- "$cur")) ;;
        *) COMPREPLY=($(compgen -W "$(_vole_flags "$cmd")" -- "$cur")) ;;
        esac
        return
    fi
    case $cmd in
    tool) COMPREPLY=($(compgen -W "$(vole tool 2>/dev/null)" -- "$cur")) ;;
    env) COMPREPLY=($(compgen -W "$(vole env 2>/dev/null | sed 's/=.*//')" -- "$cur")) ;;
    help) COMPREPLY=($(compgen -W "$(_vole_commands)" -- "$cur")) ;;
    esac
    [ ${#COMPREPLY[@]} = 0 ] && COMPREPLY=($(compgen -f -X '!*.go' -- "$cur") $(compgen -d -- "$cur"))
}
complete -o filenames -F _vole vole
