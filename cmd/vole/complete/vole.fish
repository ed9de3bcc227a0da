# fish completion of vole: goes into ~/.config/fish/completions or share/fish/vendor_completions.d.
complete -c vole -n __fish_use_subcommand -f -a build -d 'compile packages and dependencies'
complete -c vole -n __fish_use_subcommand -f -a run -d 'compile and run Go program'
complete -c vole -n __fish_use_subcommand -f -a test -d 'test packages'
complete -c vole -n __fish_use_subcommand -f -a tool -d 'run a specified tool'
complete -c vole -n __fish_use_subcommand -f -a env -d 'print Go environment information'
complete -c vole -n __fish_use_subcommand -f -a clean -d 'remove cached files'
complete -c vole -n __fish_use_subcommand -f -a version -d "print vole's and Go's version"
complete -c vole -n __fish_use_subcommand -f -a help -d 'explain a command'
set -l build '__fish_seen_subcommand_from build run test'
complete -c vole -n $build -o C -r -d 'change to the folder first'
complete -c vole -n $build -o o -r -d 'the output'
complete -c vole -n $build -o json -d 'events'
complete -c vole -n $build -o n -d 'print commands only'
complete -c vole -n $build -o trimpath -d 'no names of folders in programs'
complete -c vole -n $build -o mod -x -a 'mod readonly vendor' -d 'where modules come from'
complete -c vole -n $build -o explain -r -d 'page of decisions'
complete -c vole -n '__fish_seen_subcommand_from run test' -o exec -x -d 'runs the program'
for level in 0 1 2 3
    complete -c vole -n $build -o O$level -d 'optimization'
end
complete -c vole -n $build -o p -x -d 'packages at once'
complete -c vole -n $build -o a -d 'rebuild all'
complete -c vole -n $build -o v -d 'names of packages'
complete -c vole -n $build -o x -d 'commands'
complete -c vole -n $build -o work -d 'keep the temporary folder'
complete -c vole -n $build -o tags -x -d 'build tags'
complete -c vole -n $build -o gcflags -x -a '-m -m=2 -l -N -B' -d 'for the compiler'
complete -c vole -n $build -o ldflags -x -a '-s -w' -d 'for the linker'
complete -c vole -n $build -o goarch -x -a 'amd64 arm64' -d 'architecture'
complete -c vole -n $build -l emit -x -a 'tokens ast types ir ssa llvm asm obj' -d 'print a stage'
for name in run skip bench benchtime count cpu list parallel timeout shuffle outputdir fuzztime fuzzminimizetime cpuprofile memprofile memprofilerate \
    blockprofile blockprofilerate mutexprofile mutexprofilefraction vet
    complete -c vole -n '__fish_seen_subcommand_from test' -o $name -x
end
for name in benchmem short failfast fullpath artifacts c args
    complete -c vole -n '__fish_seen_subcommand_from test' -o $name
end
complete -c vole -n '__fish_seen_subcommand_from tool' -f -a '(vole tool)'
complete -c vole -n '__fish_seen_subcommand_from clean' -f -a -cache
complete -c vole -n '__fish_seen_subcommand_from env' -f -a 'GOAMD64 GOARCH GOARM64 GOEXPERIMENT GOFLAGS GOOS GOROOT GOVERSION VOLECACHE VOLEOVERLAY VOLERUNTIME'
complete -c vole -n '__fish_seen_subcommand_from help' -f -a 'build run test'
