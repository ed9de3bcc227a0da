// tool: `vole tool compile` takes go tool compile's flags and compiles one package to an object,
// without the packages that it imports (those are only checked), or with -pack to an archive of
// export data; `vole tool check` parses and
// checks whole packages, bodies included, and tells how fast; all other tools are GOROOT's or the
// module's (tool_goroot.c), which -n builds without running them.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t package_size(const Package *p) {
    uint64_t n = 0;
    for (vec_each(File *, f, &p->files)) n += (*f)->src->text.len;
    return n;
}

typedef struct CheckStats {
    uint32_t packages;
    uint64_t lines, bytes;
    double loaded; // when
} CheckStats;

// Loads everything, then checks the bodies of the packages that fall to this share: each package
// falls to the one that has least so far.
static int check_share(int share, CheckStats *stats) {
    Program prog = {0};
    if (!program_load(&prog, false)) return 1;
    stats->loaded = seconds();
    for (vec_each(Package *, p, &prog.all)) check_package_decls(*p);
    uint64_t *load = NEW_ARRAY(uint64_t, options.jobs);
    int status = 0;
    for (vec_each(Package *, p, &prog.all)) {
        if (*p == package_unsafe) continue;
        int to = 0;
        for (int i = 1; i < options.jobs; i++)
            if (load[i] < load[to]) to = i;
        load[to] += package_size(*p);
        if (to != share) continue;
        check_package_bodies(*p);
        if (!diagnostics.list.len) continue;
        fprintf(stderr, "# %s\n", (*p)->path);
        diagnostics_print(stderr, options.all_errors ? 0 : 10);
        diagnostics.list.len = 0;
        status = 1;
    }
    stats->packages = prog.all.len;
    for (vec_each(Package *, p, &prog.all))
        for (vec_each(File *, f, &(*p)->files)) {
            stats->lines += (*f)->src->lines.len;
            stats->bytes += (*f)->src->text.len;
        }
    return status;
}

// check [-v] [packages]: every package named and all that they import, in as many processes as
// there are jobs. Each loads all of them: declarations are little work beside bodies, and memory
// shared after a fork costs more, page by page, than it saves.
static int tool_check(int argc, char **argv) {
    if (!flags_parse(SUB_BUILD, argc, argv)) return 2;
    double start = seconds();
    int n = options.jobs, status = 0;
    CheckStats *stats = mmap(NULL, sizeof *stats * (size_t)n, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t *pids = NEW_ARRAY(pid_t, n);
    FILE **out = NEW_ARRAY(FILE *, n);
    for (int i = 0; i < n; i++) {
        out[i] = tmpfile();
        if (stats == MAP_FAILED || !out[i] || (pids[i] = fork()) < 0)
            ice("check: %s", strerror(errno));
        if (pids[i]) continue;
        dup2(fileno(out[i]), 2);
        int failed = check_share(i, &stats[i]);
        fflush(NULL);
        _exit(failed);
    }
    for (int i = 0; i < n; i++) {
        int ws;
        while (waitpid(pids[i], &ws, 0) < 0 && errno == EINTR) {}
        bool load_failed = !stats[i].packages; // all say the same
        int st = WIFEXITED(ws) ? WEXITSTATUS(ws) : 2;
        if (st > status) status = st;
        if (load_failed && i) continue;
        fseek(out[i], 0, SEEK_SET);
        for (int c; (c = getc(out[i])) != EOF;) putc(c, stderr);
    }
    double end = seconds();
    if (options.verbose && stats->packages)
        fprintf(stderr,
                "%u packages, %llu lines, %.1f MB: load %.3f s, parse and check %.3f s in %d "
                "processes, %.2f million lines/s\n",
                stats->packages, (unsigned long long)stats->lines, (double)stats->bytes / 1e6,
                stats->loaded - start, end - stats->loaded, n,
                (double)stats->lines / 1e6 / (end - start));
    return status;
}

static bool write_export(const Package *p) {
    const char *path = options.output ? options.output : "export.a",
               *made = xsprintf("%s/export.a", temp_dir());
    Str data = export_data(p, options.build_id);
    FILE *f = fopen(made, "w");
    bool ok = f && fwrite(data.p, 1, data.len, f) == data.len;
    if (f && fclose(f)) ok = false;
    if (ok) return output_put(made, path) == 0;
    fprintf(stderr, "vole: writing %s: %s\n", made, strerror(errno));
    return false;
}

// gc's compiler exits with 2 whatever is wrong.
static int tool_compile(int argc, char **argv) {
    if (!flags_parse(SUB_COMPILE, argc, argv)) return 2;
    options.compile_only = options.files_only = true;
    if (!options.args.len) {
        fprintf(stderr, "usage: vole tool compile [options] file.go...\n");
        return 2;
    }
    Program prog = {0};
    if (options.emit) return emit_stage(&prog, options.emit);
    if (options.output && !output_check(options.output)) return 2;
    vec_push(&prog.outputs, options.pack ? NULL : options.output);
    bool ok =
        program_load(&prog, false) && program_check(&prog) &&
        (options.pack ? write_export(prog.roots.data[0]) : !program_build(&prog)) &&
        (!options.asm_header || assembly_write_header(prog.roots.data[0], options.asm_header));
    return ok ? 0 : 2;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int list_tools(void) {
    StrVec tools = {0};
    goroot_tools(&tools);
    vec_push(&tools, "check");
    vec_push(&tools, "compile");
    qsort(tools.data, tools.len, sizeof *tools.data, by_name);
    for (vec_each(const char *, t, &tools)) puts(*t);
    module_tools_print(&tools);
    return 0;
}

// Where a tool is; the compiler is the one that go's build logic finds.
static int print_tool(const char *name, const StrVec *words) {
    if (!strcmp(name, "compile")) return printf("%s/compile\n", install_tools()) < 0;
    if (goroot_has_tool(name)) return goroot_tool_print(name);
    return module_tool_run(name, true, words, 0, NULL);
}

static int run_tool(int argc, char **argv, const StrVec *words) {
    const char *name = argv[0];
    argc--, argv++;
    if (!strcmp(name, "compile")) return tool_compile(argc, argv);
    if (!strcmp(name, "check")) return tool_check(argc, argv);
    if (toolexec_waits() && (!strcmp(name, "cmd/compile") || !strcmp(name, "cmd/link")) &&
        !(argc == 1 && !strcmp(argv[0], "-V=full")))
        return toolexec_tool(argc, argv);
    if (!strcmp(name, "cmd/asm")) return tool_export_asm(argc, argv);
    if (!strcmp(name, "cmd/compile")) return tool_export(argc, argv);
    if (starts_with(name, "cmd/")) return goroot_tool_run(name + 4, argc, argv);
    if (goroot_has_tool(name)) return goroot_tool_run(name, argc, argv);
    return module_tool_run(name, false, words, argc, argv);
}

int cmd_tool(int argc, char **argv) {
    StrVec words = {0};
    for (int i = 0; i < argc; i++) vec_push(&words, argv[i]);
    bool print = false;
    // What builds GOROOT's tools: no flag or setting of the user's bears on it.
    if (argc == 2 && !strcmp(argv[0], "-n") && starts_with(argv[1], "cmd/"))
        return goroot_tool_print(argv[1] + 4);
    if (argc && argv[0][0] == '-') {
        if (!flags_parse(SUB_TOOL, argc, argv)) return 2;
        argc = (int)options.args.len;
        argv = (char **)options.args.data;
        options.args = (StrVec){0};
        print = options.dry_run;
        options.dry_run = options.print_commands = false;
    }
    if (!argc) return list_tools();
    return print ? print_tool(argv[0], &words) : run_tool(argc, argv, &words);
}
