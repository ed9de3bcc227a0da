// tool: `vole tool compile`, which takes go tool compile's flags and compiles one package to an object, without the packages that it imports
// (those are only checked).
#include "cmd/vole/vole.h"

int cmd_tool(int argc, char **argv) {
    if (argc < 1) {
        puts("compile");
        return 0;
    }
    if (strcmp(argv[0], "compile")) {
        fprintf(stderr, "vole: no such tool \"%s\"\n", argv[0]);
        return 2;
    }
    if (!flags_parse(SUB_COMPILE, argc - 1, argv + 1)) return 2;
    options.compile_only = true;
    if (!options.args.len) {
        fprintf(stderr, "usage: vole tool compile [options] file.go...\n");
        return 2;
    }
    Program prog = {0};
    if (options.emit) return emit_stage(&prog, options.emit);
    if (!program_load(&prog, false) || !program_check(&prog)) return 1;
    return program_build(&prog, NULL);
}
