// emit: --emit=STAGE prints what a stage made of the packages named, to -o or standard output.
#include "cmd/vole/vole.h"
#include <errno.h>

enum { TOKENS, AST, TYPES, IR, SSA, LLVM, ASM, OBJ, STAGES };
static const char *const stages[STAGES] = {"tokens", "ast",  "types", "ir",
                                           "ssa",    "llvm", "asm",   "obj"};

// Each file by itself: no package is needed.
static int emit_files(FILE *out, int stage) {
    for (vec_each(const char *, a, &options.args)) {
        Str text;
        if (!read_file(*a, &text)) {
            fprintf(stderr, "vole: open %s: %s\n", *a, strerror(errno));
            return 1;
        }
        SourceFile *src = source_add(*a, *a, text);
        if (stage == TOKENS)
            dump_tokens(out, src);
        else
            dump_ast(out, parse_file(src, PARSE_ALL));
    }
    if (!diagnostics.list.len) return 0;
    diagnostics_print(stderr, options.all_errors ? 0 : 10);
    return 1;
}

// What LLVM makes of a package.
static int emit_code(Unit *u, int stage) {
    if (u->pkg->assembly.len && !assembly_prepare()) return 1;
    BackendKind kind = stage == LLVM ? BACKEND_LLVM : stage == ASM ? BACKEND_ASM : BACKEND_OBJ;
    BackendOptions b = {0};
    backend_options_default(&b);
    b.goarch = options.goarch;
    b.level = options.level;
    b.opt = options.opt;
    b.race = options.race;
    const char *err = NULL;
    if (!assembly_build(u->pkg, xsprintf("%s/asm", temp_dir()), &b)) return 1;
    if (backend_compile(u, &b, kind, options.output ? options.output : "/dev/stdout", &err))
        return 0;
    fprintf(stderr, "vole: %s\n", err);
    return 1;
}

// Loading checks declarations only, so bodies are checked here for their types. Functions without
// SSA have no code here.
static int emit_package(FILE *out, Package *p, int stage) {
    flags_for_package(p, true);
    if (stage == TYPES) {
        check_package_bodies(p);
        dump_types(out, p);
        return 0;
    }
    Unit *u = midend_run(p);
    if (diagnostics.list.len) {
        diagnostics_print(stderr, 10);
        return 1;
    }
    if (stage > SSA) return emit_code(u, stage);
    for (vec_each(Func *, f, &u->funcs)) {
        if (stage == IR)
            dump_ir(out, *f);
        else if ((*f)->ssa)
            dump_ssa(out, (*f)->ssa);
    }
    return 0;
}

// Tokens and trees need no package that loads, later stages need it checked, and those behind the
// midend need its imports' summaries.
int emit_stage(Program *prog, const char *name) {
    int stage = 0;
    while (stage < STAGES && strcmp(name, stages[stage])) stage++;
    if (stage == STAGES) {
        fprintf(stderr,
                "vole: unknown stage --emit=%s (tokens, ast, types, ir, ssa, llvm, asm, obj)\n",
                name);
        return 2;
    }
    if (stage == OBJ && !options.output) {
        fprintf(stderr, "vole: --emit=obj needs -o\n");
        return 2;
    }
    // Texts replace texts, but no source.
    if (options.output && (stage == OBJ || ends_with(options.output, ".go")) &&
        !output_check(options.output))
        return 1;
    FILE *out = stdout;
    if (stage <= SSA && options.output && !(out = fopen(options.output, "w"))) {
        fprintf(stderr, "vole: open %s: %s\n", options.output, strerror(errno));
        return 1;
    }
    options.compile_only = true;
    if (stage <= AST && options.args.len) return emit_files(out, stage);
    if (!program_load(prog, false) || !program_check(prog)) return 1;
    if (stage > TYPES && !program_build_imports(prog)) return 1;
    for (vec_each(Package *, p, &prog->roots)) {
        int status = emit_package(out, *p, stage);
        if (status) return status;
    }
    return 0;
}
