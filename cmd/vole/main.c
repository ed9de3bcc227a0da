// main: build, install, run, clean and version, which are short. Exit codes are go's: 0, 1 for
// failures, 2 for usage.
#define _GNU_SOURCE 1
#include "cmd/vole/cacheprog.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define VOLE_VERSION "0.1.0"

static bool as_go; // called as go

// Which packages a -buildmode is for: programs, all others, or one program, of which a library or a
// plugin is made.
static bool keep_packages(Program *prog, bool install) {
    uint32_t n = 0, before = prog->roots.len;
    if (options.mode == MODE_DEFAULT || options.mode == MODE_PIE) return true;
    for (vec_each(Package *, p, &prog->roots))
        if ((*p)->is_main == (options.mode != MODE_ARCHIVE)) prog->roots.data[n++] = *p;
    prog->roots.len = n;
    bool one = options.mode >= MODE_C_ARCHIVE || (options.mode == MODE_EXE && options.output);
    if (one && (n != 1 || before != 1)) {
        fprintf(stderr, "-buildmode=%s requires exactly one main package\n", options.buildmode);
        return false;
    }
    if (!n && !install) fprintf(stderr, "vole: no packages to build\n");
    return n > 0;
}

// Loads what args name; false after a message.
static bool load(Program *prog, bool need_main, const char *command, int argc, char **argv) {
    buildinfo_begin();
    return fetch_begin() && fetch_end(program_load(prog, need_main), command, argc, argv);
}

// The same, of packages at a version as well, which have nothing to do with the module at hand.
static bool load_or_fetch(Program *prog, bool need_main, const char *command, int argc,
                          char **argv) {
    if (!outside_wanted(&options.args)) return load(prog, need_main, command, argc, argv);
    return outside_enter(&options.args) && program_load(prog, need_main) && outside_check(prog);
}

bool check_program_mode(const char *command) {
    if (options.mode < MODE_ARCHIVE) return true;
    fprintf(stderr, "vole: -buildmode=%s is not supported by vole %s: it makes no program\n",
            options.buildmode, command);
    return false;
}

// Where one program is to be linked the linker starts before its packages are checked, and waits
// for its arguments.
int cmd_build(int argc, char **argv) {
    if (!flags_parse(SUB_BUILD, argc, argv)) return 2;
    Program prog = {0};
    if (options.emit && options.explain) {
        fprintf(stderr, "vole: -explain and --emit cannot be used together\n");
        return 2;
    }
    if (options.explain && !explain_check()) return 2;
    if (options.emit) return emit_stage(&prog, options.emit);
    if (uptodate_check(argc, argv)) return 0;
    if (!load(&prog, false, "build", argc, argv) || !keep_packages(&prog, false) ||
        !output_choose(&prog))
        return 1;
    if (prog.outputs.len == 1 && prog.outputs.data[0] && prog.roots.data[0]->is_main)
        backend_link_prepare(options.goarch);
    int status = program_check(&prog) ? program_build(&prog) : 1;
    if (!status) uptodate_keep(&prog);
    return status;
}

// False after go's hint: outside of a module packages of others need a version.
static bool install_has_module(void) {
    Buf hint = {0};
    bool missing = false;
    load_config.work_dir = current_dir();
    if (!options.args.len || strcmp(load_module_file(), "/dev/null") || load_work_file())
        return true;
    for (vec_each(const char *, a, &options.args)) {
        if (strchr(".-/", **a) || strpbrk(*a, "@") || strstr(*a, "...") || ends_with(*a, ".go"))
            return true;
        missing |= memchr(*a, '.', strcspn(*a, "/")) != NULL;
        buf_printf(&hint, " %s@latest", *a);
    }
    if (missing)
        fprintf(stderr,
                "vole: 'vole install' requires a version when current directory is not in a "
                "module\n\tTry 'vole install%s' to install the latest version\n",
                buf_str(&hint));
    return !missing;
}

int cmd_install(int argc, char **argv) {
    if (!flags_parse(SUB_INSTALL, argc, argv)) return 2;
    Program prog = {0};
    if (!install_has_module()) return 1;
    if (!load_or_fetch(&prog, false, "install", argc, argv)) return 1;
    if (!keep_packages(&prog, true)) return 0;
    if (!output_install(&prog) || !program_check(&prog)) return 1;
    return program_build(&prog);
}

// Runs a program as a child, not in our place: its temporary folder is removed afterwards. The pipe
// tells that it could not be run: nothing comes through it else.
static int run_program(const StrVec *cmd) {
    int failure[2], ws;
    fflush(NULL);
    pid_t pid = pipe2(failure, O_CLOEXEC) ? -1 : fork();
    if (pid < 0) {
        fprintf(stderr, "vole: fork: %s\n", strerror(errno));
        return 1;
    }
    if (pid == 0) {
        signal(SIGXFSZ, SIG_DFL);
        env_restore();
        execvp(cmd->data[0], (char *const *)cmd->data);
        bool path = strchr(cmd->data[0], '/') != NULL;
        fprintf(stderr, "exec: \"%s\": %s\n", cmd->data[0],
                path ? go_error(errno) : "executable file not found in $PATH");
        _exit(write(failure[1], "", 1) < 0);
    }
    close(failure[1]);
    char byte;
    bool failed = read(failure[0], &byte, 1) > 0;
    close(failure[0]);
    while (waitpid(pid, &ws, 0) < 0 && errno == EINTR) {}
    if (failed) return 1;
    if (WIFSIGNALED(ws)) fprintf(stderr, "signal: %s\n", go_signal(WTERMSIG(ws)));
    if (WIFEXITED(ws) && WEXITSTATUS(ws)) fprintf(stderr, "exit status %d\n", WEXITSTATUS(ws));
    return WIFSIGNALED(ws) || WEXITSTATUS(ws) ? 1 : 0;
}

// As go: leading .go files, or one package, then the program's own arguments.
int cmd_run(int argc, char **argv) {
    if (!flags_parse(SUB_RUN, argc, argv) || !check_program_mode("run")) return 2;
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
    const char *here = current_dir();
    if (!load_or_fetch(&prog, true, "run", argc, argv)) return 1;
    backend_link_prepare(options.goarch);
    if (!program_check(&prog)) return 1;
    const char *dir = temp_sub("b001") ? temp_sub("b001/exe") : NULL; // it can read its name
    if (!dir) return 1;
    const char *exe = xsprintf("%s/%s", dir, output_name(prog.roots.data[0]));
    vec_push(&prog.outputs, exe);
    int status = program_build(&prog);
    if (status || options.dry_run) return status;
    StrVec cmd = program_command(exe);
    for (vec_each(const char *, a, &rest)) vec_push(&cmd, *a);
    vec_push(&cmd, NULL);
    if (here && chdir(here)) return 1; // it was loaded elsewhere
    return run_program(&cmd);
}

int cmd_version(int argc, char **argv) {
    const char *err = NULL;
    if (!flags_parse(SUB_VERSION, argc, argv)) return 2;
    if (options.version || options.args.len) return gocmd_run_with("version", argc, argv);
    load_config.goroot = install_goroot(&err);
    if (as_go)
        printf("go version %s linux/%s\n", load_go_version(), TARGET_HOST);
    else
        printf("vole version %s (%s) linux/%s\n", VOLE_VERSION, load_go_version(), TARGET_HOST);
    return 0;
}

// go's part of it, which knows what the words mean: in a child.
static int clean_as_go(int argc, char **argv) {
    fflush(NULL);
    pid_t child = fork();
    if (!child) _exit(gocmd_run_with("clean", argc, argv));
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return 2;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

// vole's own cache is cleaned here; -cache and -testcache with other flags mean go's as well.
int cmd_clean(int argc, char **argv) {
    bool cache = false, tests = false, dry = false;
    for (int i = 0; i < argc; i++) {
        FlagWord w = flags_word(argv[i]);
        if (w.name && flags_holds("h help", w.name)) {
            flags_usage(SUB_CLEAN);
            return 2;
        }
        cache |= w.name && !strcmp(w.name, "cache");
        tests |= w.name && !strcmp(w.name, "testcache");
        dry |= w.name && !strcmp(w.name, "n");
    }
    int status = 0;
    if (!(cache || tests) || argc > 1) status = clean_as_go(argc, argv);
    return status || dry ? status : cache ? cache_clean() : tests ? cache_clean_tests() : 0;
}

// ---- In go's place ----

// Called as go, vole speaks as go: what stands for its own name in messages.
static ssize_t write_as_go(void *cookie, const char *p, size_t n) {
    (void)cookie;
    static const char own[] = "vole";
    Buf b = {0};
    bool begins = true; // a word does here
    for (size_t i = 0; i < n; i++) {
        bool named = begins && n - i > 4 && !memcmp(p + i, own, 4) && strchr(": ", p[i + 4]);
        if (named)
            buf_puts(&b, "go");
        else
            buf_putc(&b, p[i]);
        i += named ? 3 : 0;
        begins = strchr("\n' ", p[i]) != NULL;
    }
    for (size_t at = 0; at < b.len;) {
        ssize_t k = write(2, b.p + at, b.len - at);
        if (k < 0 && errno != EINTR) return 0;
        at += k > 0 ? (size_t)k : 0;
    }
    return (ssize_t)n;
}

static void speak_as_go(const char *called) {
    const char *slash = strrchr(called, '/');
    as_go = !strcmp(slash ? slash + 1 : called, "go");
    FILE *f = as_go ? fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_as_go}) : NULL;
    if (!f) return;
    setvbuf(f, NULL, _IONBF, 0);
    stderr = f;
}

// On a stack as deep as deeply nested sources need (main).
static int run(int argc, char **argv) {
    summary_path = cache_summary;
    summary_seen = cache_seen;
    signal(SIGXFSZ, SIG_IGN); // writes fail instead
    speak_as_go(argv[0]);
    fetch_init();
    env_load();
    int status = command_run(argc > 1 ? argv[1] : "", argc > 2 ? argc - 2 : 0, argv + 2);
    backend_link_cancel();
    cacheprog_end();
    temp_cleanup();
    return status;
}

int main(int argc, char **argv) {
    // LLVM allocates and frees without end: memory goes back to the kernel when a job ends.
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    return run_on_deep_stack(run, argc, argv);
}
