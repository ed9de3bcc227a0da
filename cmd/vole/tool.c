// tool: `vole tool compile` takes go tool compile's flags and compiles one package to an object, without the packages that it imports (those are
// only checked); `vole tool check` parses and checks whole packages, bodies included, and tells how fast.
#include "cmd/vole/vole.h"
#include <time.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// check [-v] [packages]: every package named and all that they import.
static int tool_check(int argc, char **argv) {
    if (!flags_parse(SUB_BUILD, argc, argv)) return 2;
    Program prog = {0};
    double t0 = seconds();
    if (!program_load(&prog, false)) return 1;
    double t1 = seconds();
    uint64_t lines = 0, bytes = 0;
    int status = 0;
    for (vec_each(Package *, p, &prog.all)) {
        if (*p == package_unsafe) continue;
        check_package_bodies(*p);
        if (diagnostics.list.len) {
            fprintf(stderr, "# %s\n", (*p)->path);
            diagnostics_print(stderr, options.all_errors ? 0 : 10);
            diagnostics.list.len = 0;
            status = 1;
        }
        for (vec_each(File *, f, &(*p)->files)) {
            lines += (*f)->src->lines.len;
            bytes += (*f)->src->text.len;
        }
    }
    double t2 = seconds();
    if (options.verbose)
        fprintf(stderr, "%u packages, %llu lines, %.1f MB: load and parse %.3f s, check %.3f s, %.2f million lines/s\n",
                prog.all.len, (unsigned long long)lines, (double)bytes / 1e6, t1 - t0, t2 - t1, (double)lines / 1e6 / (t2 - t0));
    return status;
}

static int tool_compile(int argc, char **argv) {
    if (!flags_parse(SUB_COMPILE, argc, argv)) return 2;
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

int cmd_tool(int argc, char **argv) {
    if (argc < 1) {
        puts("check\ncompile");
        return 0;
    }
    if (!strcmp(argv[0], "compile")) return tool_compile(argc - 1, argv + 1);
    if (!strcmp(argv[0], "check")) return tool_check(argc - 1, argv + 1);
    fprintf(stderr, "vole: no such tool \"%s\"\n", argv[0]);
    return 2;
}
