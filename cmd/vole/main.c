// vole: the command. Dispatches to subcommands; exit codes are go's: 0, 1 for failures, 2 for
// usage.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define VOLE_VERSION "0.1.0"

static const char usage[] = "vole is a Go 1.27 compiler.\n"
                            "\n"
                            "Usage:\n"
                            "\n"
                            "\tvole <command> [arguments]\n"
                            "\n"
                            "The commands are:\n"
                            "\n"
                            "\tbuild       compile packages and dependencies\n"
                            "\trun         compile and run Go program\n"
                            "\tclean       remove cached files (-cache)\n"
                            "\tenv         print Go environment information\n"
                            "\ttest        test packages\n"
                            "\ttool        run a specified tool (compile, or one of GOROOT's)\n"
                            "\tversion     print vole's and Go's version\n"
                            "\n"
                            "Use \"vole help <command>\" for more information about a command.\n";

static const char build_help[] =
    "usage: vole build [-o output] [build flags] [packages]\n"
    "\n"
    "Build compiles the packages named by the import paths, or the .go files, along with\n"
    "their dependencies. A main package becomes an executable.\n"
    "\n"
    "\t-C DIR           change to the folder first; before all other flags\n"
    "\t-o FILE          the output; a folder, or with / behind it: programs go there. What is no "
    "object is not replaced\n"
    "\t-O0 … -O3        optimisation level (default -O2)\n"
    "\t-p N             packages compiled at once (default: the number of CPUs)\n"
    "\t-a               rebuild packages that are in the cache\n"
    "\t-v, -x, -work    names of packages; commands; keep the temporary folder\n"
    "\t-n               print the commands but do not run them\n"
    "\t-json            what is said of packages, as events: one JSON object per line\n"
    "\t-tags a,b        build tags\n"
    "\t-mod MODE        readonly or mod: from the module cache; vendor: from the vendor folder "
    "(default where there is one)\n"
    "\t-trimpath        no names of folders in programs\n"
    "\t-gcflags '[pattern=]flags'  -m, -l, -N, -B, -e, -C, -lang=…, -d=…, -trimpath=…, -json=…, "
    "-bench=FILE as for go tool "
    "compile\n"
    "\t-ldflags '[pattern=]flags'  -s and -w leave out debug information; -X importpath.name=value "
    "sets a string variable\n"
    "\t-goarch ARCH     amd64 or arm64 (default: $GOARCH, else amd64); $GOAMD64 (v1 … v4) and "
    "$GOARM64 (v8.0 … v9.5,\n"
    "\t                 with ,lse and ,crypto) say which processors programs are for, as for go\n"
    "\t-explain FILE    write a page of what was decided about the packages named, and why\n"
    "\t--emit=STAGE     print tokens, ast, types, ir, ssa, llvm or asm, or write obj, instead\n"
    "\n"
    "Flags of go build that mean what holds anyway are taken (-buildmode=exe, -buildvcs=false, "
    "-compiler=gc, -modcacherw,\n"
    "-pgo=off), all others refused, as are flags of the compiler and linker that do nothing here. "
    "$GOFLAGS is read first.\n";

static const char run_help[] =
    "usage: vole run [build flags] [-exec xprog] package [arguments...]\n"
    "\n"
    "Run compiles and runs the named main package, or the .go files. Build flags are those of vole "
    "build.\n"
    "\n"
    "\t-exec XPROG      run xprog with the program and its arguments behind it\n";

static const char test_help[] =
    "usage: vole test [build/test flags] [packages] [build/test flags & test binary flags]\n"
    "\n"
    "Test compiles each package with its _test.go files, runs its tests, benchmarks and examples "
    "in the package's folder,\n"
    "and prints a summary. Build flags are those of vole build; results are not cached, and vet is "
    "not run.\n"
    "\n"
    "\t-c               compile the test binary to PKG.test, but do not run it\n"
    "\t-o FILE          the test binary; it is run all the same without -c\n"
    "\t-exec XPROG      run xprog with the test binary and its arguments behind it\n"
    "\t-json            events, one JSON object per line, as go tool test2json makes them\n"
    "\t-vet off         is what holds\n"
    "\t-args            what follows is the test binary's\n"
    "\t-run, -skip, -bench, -list REGEXP; -v, -short, -failfast, -benchmem, -fullpath, "
    "-artifacts;\n"
    "\t-count, -cpu, -parallel N; -timeout, -benchtime, -fuzztime, -fuzzminimizetime D; -shuffle "
    "…;\n"
    "\t-cpuprofile, -memprofile, -blockprofile, -mutexprofile FILE; -memprofilerate, "
    "-blockprofilerate,\n"
    "\t-mutexprofilefraction N; -outputdir DIR  as for go test\n";

// -buildmode=exe: programs alone.
static bool keep_programs(Program *prog) {
    if (!options.buildmode || strcmp(options.buildmode, "exe")) return true;
    uint32_t n = 0;
    for (vec_each(Package *, p, &prog->roots))
        if ((*p)->is_main) prog->roots.data[n++] = *p;
    prog->roots.len = n;
    if (!n) fprintf(stderr, "vole: no packages to build\n");
    return n > 0;
}

static int cmd_build(int argc, char **argv) {
    if (!flags_parse(SUB_BUILD, argc, argv)) return 2;
    Program prog = {0};
    if (options.emit && options.explain) {
        fprintf(stderr, "vole: -explain and --emit cannot be used together\n");
        return 2;
    }
    if (options.explain && !explain_check()) return 2;
    if (options.emit) return emit_stage(&prog, options.emit);
    if (!program_load(&prog, false) || !keep_programs(&prog) || !output_choose(&prog)) return 1;
    if (prog.outputs.len == 1 && prog.outputs.data[0] && prog.roots.data[0]->is_main)
        backend_link_prepare(options.goarch);
    if (!program_check(&prog)) return 1;
    return program_build(&prog);
}

// The program runs as a child, not in our place: its temporary folder is removed afterwards.
static int cmd_run(int argc, char **argv) {
    if (!flags_parse(SUB_RUN, argc, argv)) return 2;
    uint32_t n = 0; // leading .go files, or one package
    while (n < options.args.len) {
        size_t len = strlen(options.args.data[n]);
        if (len < 4 || strcmp(options.args.data[n] + len - 3, ".go")) break;
        n++;
    }
    if (n == 0 && options.args.len) n = 1;
    if (n == 0) {
        fprintf(stderr, "vole: no go files listed\n");
        return 1;
    }
    StrVec rest = {0};
    for (uint32_t i = n; i < options.args.len; i++) vec_push(&rest, options.args.data[i]);
    options.args.len = n;
    Program prog = {0};
    if (!program_load(&prog, true)) return 1;
    backend_link_prepare(options.goarch);
    if (!program_check(&prog)) return 1;
    const char *exe = xsprintf("%s/exe", temp_dir());
    vec_push(&prog.outputs, exe);
    int status = program_build(&prog);
    if (status || options.dry_run) return status;
    StrVec cmd = program_command(exe);
    for (vec_each(const char *, a, &rest)) vec_push(&cmd, *a);
    vec_push(&cmd, NULL);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_DFL);
        execvp(cmd.data[0], (char *const *)cmd.data);
        fprintf(stderr, "vole: cannot run %s: %s\n", cmd.data[0], strerror(errno));
        _exit(127);
    }
    int ws;
    while (waitpid(pid, &ws, 0) < 0 && errno == EINTR) {}
    if (WIFSIGNALED(ws)) {
        fprintf(stderr, "signal: %s\n", strsignal(WTERMSIG(ws)));
        return 1;
    }
    if (WEXITSTATUS(ws)) {
        fprintf(stderr, "exit status %d\n", WEXITSTATUS(ws));
        return 1;
    }
    return 0;
}

// What go env prints of the variables that mean something here, and our own.
static int cmd_env(int argc, char **argv) {
    const char *err = NULL,
               *root = load_config.goroot = load_find_goroot(install_setup_goroot(), &err);
    const char *cache = cache_find(&err), *flags = getenv("GOFLAGS");
    const char *arch = getenv("GOARCH");
    options.goarch = arch && *arch ? arch : "amd64";
    if (!target_check()) return 2;
    const char *other = strcmp(target_variable(), "GOAMD64") ? "GOAMD64" : "GOARM64";
    const char *experiments = getenv("GOEXPERIMENT");
    const struct {
        const char *key, *value;
    } vars[] = {{"GOAMD64", target_setting("GOAMD64")},
                {"GOARCH", options.goarch},
                {"GOARM64", target_setting("GOARM64")},
                {"GOEXPERIMENT", experiments ? experiments : ""},
                {"GOFLAGS", flags ? flags : ""},
                {"GOOS", "linux"},
                {"GOROOT", root ? root : ""},
                {"GOVERSION", load_go_version()},
                {"VOLECACHE", cache ? cache : ""},
                {"VOLEOVERLAY", install_overlay()},
                {"VOLERUNTIME", install_runtime(options.goarch)}};
    for (size_t i = 0; i < sizeof vars / sizeof *vars; i++) {
        if (argc == 0 && strcmp(vars[i].key, other))
            printf("%s='%s'\n", vars[i].key, vars[i].value);
        for (int k = 0; k < argc; k++)
            if (!strcmp(argv[k], vars[i].key)) puts(vars[i].value);
    }
    return 0;
}

static int cmd_version(void) {
    const char *err = NULL;
    load_config.goroot = load_find_goroot(install_setup_goroot(), &err);
    printf("vole version %s (%s) linux/amd64\n", VOLE_VERSION, load_go_version());
    return 0;
}

// On a stack as deep as deeply nested sources need (main).
static int run(int argc, char **argv) {
    escape_summary_path = cache_summary;
    signal(SIGXFSZ, SIG_IGN); // writes fail instead
    const char *cmd = argc > 1 ? argv[1] : "help";
    int n = argc > 2 ? argc - 2 : 0, status = 2;
    char **rest = argv + 2;
    if (!strcmp(cmd, "build"))
        status = cmd_build(n, rest);
    else if (!strcmp(cmd, "run"))
        status = cmd_run(n, rest);
    else if (!strcmp(cmd, "test"))
        status = cmd_test(n, rest);
    else if (!strcmp(cmd, "tool"))
        status = cmd_tool(n, rest);
    else if (!strcmp(cmd, "env"))
        status = cmd_env(n, rest);
    else if (!strcmp(cmd, "version"))
        status = cmd_version();
    else if (!strcmp(cmd, "clean")) {
        status = n == 1 && !strcmp(rest[0], "-cache")
                     ? cache_clean()
                     : (fprintf(stderr, "usage: vole clean -cache\n"), 2);
    } else if (!strcmp(cmd, "help") || !strcmp(cmd, "-h") || !strcmp(cmd, "--help")) {
        const char *what = n ? rest[0] : "";
        fputs(!strcmp(what, "build")  ? build_help
              : !strcmp(what, "run")  ? run_help
              : !strcmp(what, "test") ? test_help
                                      : usage,
              argc > 1 ? stdout : stderr);
        status = argc > 1 ? 0 : 2;
    } else {
        fprintf(stderr, "vole %s: unknown command\nRun 'vole help' for usage.\n", cmd);
    }
    backend_link_cancel();
    temp_cleanup();
    return status;
}

int main(int argc, char **argv) {
    // LLVM allocates and frees without end: memory goes back to the kernel when a job ends.
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    return run_on_deep_stack(run, argc, argv);
}
