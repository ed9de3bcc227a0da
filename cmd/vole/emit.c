// emit: --emit=STAGE prints what a stage made of the packages named, to -o or standard output.
#include "cmd/vole/vole.h"
#include <errno.h>

static BackendKind kind_of(const char *stage) {
    return !strcmp(stage, "llvm") ? BACKEND_LLVM : !strcmp(stage, "asm") ? BACKEND_ASM : BACKEND_OBJ;
}

// Tokens and trees need no package that loads, later stages need it checked, and those behind the
// midend need its imports' summaries.
int emit_stage(Program *prog, const char *stage) {
    static const char *const stages[] = {"tokens", "ast", "types", "ir", "ssa", "llvm", "asm", "obj"};
    int at = -1;
    for (int i = 0; i < 8; i++)
        if (!strcmp(stage, stages[i])) at = i;
    if (at < 0) {
        fprintf(stderr, "vole: unknown stage --emit=%s (tokens, ast, types, ir, ssa, llvm, asm, obj)\n", stage);
        return 2;
    }
    if (at == 7 && !options.output) {
        fprintf(stderr, "vole: --emit=obj needs -o\n");
        return 2;
    }
    // Texts replace texts, but no source.
    if (options.output && (at == 7 || ends_with(options.output, ".go")) && !output_check(options.output)) return 1;
    FILE *out = stdout;
    if (at < 5 && options.output && !(out = fopen(options.output, "w"))) {
        fprintf(stderr, "vole: open %s: %s\n", options.output, strerror(errno));
        return 1;
    }
    bool only_parse = at <= 1;
    options.compile_only = true;
    if (only_parse && options.args.len) { // no package needed: each file by itself
        int status = 0;
        for (vec_each(const char *, a, &options.args)) {
            Str text;
            if (!read_file(*a, &text)) {
                fprintf(stderr, "vole: open %s: %s\n", *a, strerror(errno));
                return 1;
            }
            SourceFile *src = source_add(*a, *a, text);
            if (at == 0)
                dump_tokens(out, src);
            else
                dump_ast(out, parse_file(src, PARSE_ALL));
        }
        if (diagnostics.list.len) status = (diagnostics_print(stderr, options.all_errors ? 0 : 10), 1);
        return status;
    }
    if (!program_load(prog, false) || !program_check(prog)) return 1;
    if (at > 2 && !program_build_imports(prog)) return 1;
    for (vec_each(Package *, pp, &prog->roots)) {
        Package *p = *pp;
        flags_for_package(p, true);
        if (at == 2) {
            check_package_bodies(p);
            dump_types(out, p);
            continue;
        }
        Unit *u = midend_run(p);
        if (diagnostics.list.len) {
            diagnostics_print(stderr, 10);
            return 1;
        }
        if (at == 3 || at == 4) {
            for (vec_each(Func *, f, &u->funcs)) {
                if (at == 3)
                    dump_ir(out, *f);
                else if ((*f)->ssa)
                    dump_ssa(out, (*f)->ssa);
            }
            continue;
        }
        BackendOptions b = {0};
        backend_options_default(&b);
        b.goarch = options.goarch;
        b.opt = options.opt;
        b.debug_info = !options.no_debug;
        const char *err = NULL;
        if (!backend_compile(u, &b, kind_of(stage), options.output ? options.output : "/dev/stdout", &err)) {
            fprintf(stderr, "vole: %s\n", err);
            return 1;
        }
    }
    return 0;
}
