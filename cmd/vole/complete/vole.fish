# fish completion of vole: goes into ~/.config/fish/completions or share/fish/vendor_completions.d.
# Commands and flags are what vole's own help names.
function __vole_flags
    set -l cmd (commandline -opc)[2]
    set -l commands $cmd
    contains -- $cmd install run test; and set -a commands build
    for c in $commands
        vole help $c 2>/dev/null
    end | sed -nE '/^\t-/p' | grep -oE -- '-[A-Za-z0-9]+' | sort -u
end
complete -c vole -n __fish_use_subcommand -f -a "(vole help 2>/dev/null | sed -nE 's/^\t([a-z]+) +(.*)/\1\t\2/p')"
complete -c vole -n __fish_use_subcommand -f -a help -d 'explain a command'
complete -c vole -n 'not __fish_use_subcommand; and string match -q -- "-*" (commandline -ct)' -f -a '(__vole_flags)'
complete -c vole -n '__fish_seen_subcommand_from tool' -f -a '(vole tool 2>/dev/null)'
complete -c vole -n '__fish_seen_subcommand_from clean' -f -a '-cache -testcache'
complete -c vole -n '__fish_seen_subcommand_from env' -f -a "(vole env 2>/dev/null | sed 's/=.*//')"
complete -c vole -n '__fish_seen_subcommand_from help' -f -a "(vole help 2>/dev/null | sed -nE 's/^\t([a-z]+) .*/\1/p')"
