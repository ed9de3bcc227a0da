// test: `vole test`. Every package is loaded, compiled and run in a forked child of its own: the package under test has its test
// files there, under its usual import path, so that whatever else imports it gets it with them.
#define _GNU_SOURCE 1
#include "cmd/vole/test.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool compile, json, verbose, list, bench, fail_fast;
    bool no_packages; // none named: the working directory's, whose output is not held back
    bool one;         // a single package
    double timeout;   // seconds; 0: none
    bool timeout_set;
    StrVec args; // for the test binary
} test = {.timeout = 600};

// ---- Flags ----

static const char *const value_flags[] = {"bench",
                                          "benchtime",
                                          "blockprofile",
                                          "blockprofilerate",
                                          "count",
                                          "cpu",
                                          "cpuprofile",
                                          "fuzz",
                                          "fuzztime",
                                          "fuzzminimizetime",
                                          "list",
                                          "memprofile",
                                          "memprofilerate",
                                          "mutexprofile",
                                          "mutexprofilefraction",
                                          "outputdir",
                                          "parallel",
                                          "run",
                                          "skip",
                                          "shuffle",
                                          "timeout",
                                          "trace"};
static const char *const bool_flags[] = {"benchmem", "failfast", "short", "v", "fullpath", "artifacts"};

static bool among(const char *s, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(s, list[i])) return true;
    return false;
}

// A duration as Go writes it: 1h2m3.5s; -1 for others.
static double parse_duration(const char *s) {
    if (!strcmp(s, "0")) return 0;
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};
    double total = 0;
    if (!*s) return -1;
    while (*s) {
        char *end;
        double v = strtod(s, &end);
        if (end == s || v < 0) return -1;
        size_t best = 0, unit = 0;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            size_t n = strlen(units[i].name);
            if (n > best && !strncmp(end, units[i].name, n)) best = n, unit = i;
        }
        if (!best) return -1;
        total += v * units[unit].seconds;
        s = end + best;
    }
    return total;
}

static bool test_flag(const char *key, const char *value) {
    if (!strcmp(key, "v"))
        test.verbose = !value || strcmp(value, "false") != 0;
    else if (!strcmp(key, "list"))
        test.list = true;
    else if (!strcmp(key, "bench"))
        test.bench = *value != 0;
    else if (!strcmp(key, "failfast"))
        test.fail_fast = !value || strcmp(value, "false") != 0;
    else if (!strcmp(key, "timeout")) {
        test.timeout = parse_duration(value);
        test.timeout_set = true;
        if (test.timeout < 0) {
            fprintf(stderr, "invalid value \"%s\" for flag -timeout: parse error\n", value);
            return false;
        }
    }
    if (!strcmp(key, "v") && test.json) return true; // said differently there
    vec_push(&test.args, xsprintf("-test.%s=%s", key, value ? value : "true"));
    return true;
}

static const char *absolute(const char *path) { return path[0] == '/' ? path : xsprintf("%s/%s", getcwd(NULL, 0), path); }

// Sorts the arguments into the build's flags, packages and the test binary's flags. Behind a flag that neither knows, everything
// is the binary's.
static bool read_flags(int argc, char **argv) {
    Vec(char *) build = {0}, rest = {0};
    StrVec packages = {0};
    bool after_packages = false;
    int i = 0;
    for (; i < argc; i++) {
        char *a = argv[i];
        if (a[0] != '-' || !a[1]) {
            if (after_packages) break;
            while (i < argc && (argv[i][0] != '-' || !argv[i][1])) vec_push(&packages, argv[i++]);
            i--;
            after_packages = true;
            continue;
        }
        const char *name = a[1] == '-' ? a + 2 : a + 1, *eq = strchr(name, '=');
        const char *key = eq ? xstrndup(name, (size_t)(eq - name)) : name, *value = eq ? eq + 1 : NULL;
        if (!strcmp(key, "args")) {
            i++;
            break;
        }
        if (!strncmp(key, "test.", 5)) key += 5;
        if (among(key, value_flags, sizeof value_flags / sizeof *value_flags)) {
            if (!value && i + 1 < argc) value = argv[++i];
            if (!value) {
                fprintf(stderr, "flag needs an argument: -%s\n", key);
                return false;
            }
            if (!strcmp(key, "outputdir")) value = absolute(value);
            if (!test_flag(key, value)) return false;
        } else if (among(key, bool_flags, sizeof bool_flags / sizeof *bool_flags)) {
            if (!test_flag(key, value)) return false;
        } else if (!strcmp(key, "c")) {
            test.compile = true;
        } else if (!strcmp(key, "json")) {
            test.json = true;
            vec_push(&test.args, "-test.v=test2json");
        } else if (!strcmp(key, "vet")) {
            if (!value) i++;
        } else if (flags_take_value(key) || among(key,
                                                  (const char *const[]){"a", "x", "work", "trimpath", "race", "msan", "asan",
                                                                        "cover", "O0", "O1", "O2", "O3"},
                                                  12)) {
            vec_push(&build, a);
            if (!value && flags_take_value(key) && i + 1 < argc) vec_push(&build, argv[++i]);
        } else {
            vec_push(&rest, a);
            after_packages = true;
        }
    }
    for (; i < argc; i++) vec_push(&rest, argv[i]);
    if (!flags_parse(SUB_TEST, (int)build.len, build.data)) return false;
    options.args = packages;
    if (!test.timeout_set) vec_push(&test.args, "-test.timeout=10m0s");
    for (vec_each(char *, r, &rest)) vec_push(&test.args, *r);
    return true;
}

// ---- Building ----

// Prints what was found wrong so far under the package's name.
static bool setup_failed(const char *path, const char *err) {
    fprintf(stderr, "# %s\n", path);
    if (err && !diagnostics.list.len) fprintf(stderr, "%s\n", err);
    diagnostics_print(stderr, options.all_errors ? 0 : 10);
    printf("FAIL\t%s [setup failed]\n", path);
    return false;
}

typedef struct Tested {
    Package *pkg, *external, *main;
    bool any;
} Tested;

static bool load_tested(const char *pattern, Program *prog, Tested *t) {
    const char *err = NULL;
    t->pkg = load_package(pattern, &err);
    if (!t->pkg || t->pkg->fake) return setup_failed(t->pkg ? t->pkg->path : pattern, err);
    options.for_test = t->pkg->path;
    t->external = load_external_tests(t->pkg);
    t->any = t->external || t->pkg->test_files;
    if (t->pkg->files.len) vec_push(&prog->roots, t->pkg);
    if (t->external) vec_push(&prog->roots, t->external);
    if (t->any && !diagnostics.list.len) {
        Str text = test_main_source(t->pkg, t->external);
        if (!diagnostics.list.len) vec_push(&prog->roots, t->main = load_test_main(t->pkg, t->external, text));
    }
    if (diagnostics.list.len > diagnostics.lexical_errors || diagnostics.syntax_errors) return setup_failed(t->pkg->path, NULL);
    return program_order(prog);
}

// ---- Running ----

typedef struct Run {
    Buf out;
    int status;
    double seconds;
    bool killed;
} Run;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Runs the binary in dir. Its output is copied to standard output as it comes (echo), or kept.
static Run run_binary(const char *exe, const char *dir, bool echo, bool keep, void (*each)(const char *p, size_t n)) {
    Run r = {0};
    StrVec cmd = program_command(exe);
    vec_push(&cmd, "-test.paniconexit0");
    for (vec_each(const char *, a, &test.args)) vec_push(&cmd, *a);
    vec_push(&cmd, NULL);
    int fds[2];
    bool piped = keep || each;
    if (piped && pipe2(fds, O_CLOEXEC)) ice("pipe: %s", strerror(errno));
    fflush(NULL);
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        if (piped) dup2(fds[1], 1);
        dup2(1, 2);
        setenv("PWD", dir, 1);
        if (load_config.goroot) setenv("GOROOT", load_config.goroot, 1);
        if (chdir(dir)) _exit(127);
        execvp(cmd.data[0], (char *const *)cmd.data);
        printf("vole: cannot run %s: %s\n", cmd.data[0], strerror(errno));
        fflush(stdout);
        _exit(127);
    }
    // The binary ends itself when its time is over; one that hangs is ended a minute later.
    double limit = test.timeout > 0 ? start + test.timeout + 60 : 0;
    if (piped) close(fds[1]);
    int ws = 0;
    bool open = piped, exited = false;
    double drain = 0; // when to stop waiting for output that children hold open
    while (!exited || open) {
        if (open) {
            struct pollfd p = {.fd = fds[0], .events = POLLIN};
            char buf[65536];
            if (poll(&p, 1, exited ? 100 : 20) > 0) {
                ssize_t n = read(fds[0], buf, sizeof buf);
                if (n <= 0)
                    open = false;
                else {
                    if (each)
                        each(buf, (size_t)n);
                    else if (echo && write(1, buf, (size_t)n) < 0)
                        open = false;
                    buf_write(&r.out, buf, (size_t)n);
                }
            } else if (exited && now() > drain) {
                open = false;
            }
        } else {
            usleep(1000);
        }
        if (!exited && waitpid(pid, &ws, WNOHANG) == pid) {
            exited = true;
            r.seconds = now() - start;
            drain = now() + 1;
        }
        if (!exited && limit && now() > limit && !r.killed) {
            kill(pid, SIGQUIT);
            r.killed = true;
            limit += 5;
        } else if (!exited && limit && now() > limit) {
            kill(pid, SIGKILL);
        }
    }
    if (piped) close(fds[0]);
    r.status = ws;
    return r;
}

static const char *no_run_note(const Run *r) {
    static const struct {
        const char *text, *note;
    } notes[] = {
        {"testing: warning: no tests to run\n", " [no tests to run]"},
        {"testing: warning: no fuzz tests to fuzz\n", " [no fuzz tests to fuzz]"},
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        const char *at = r->out.len ? memmem(r->out.p, r->out.len, notes[i].text, strlen(notes[i].text)) : NULL;
        if (at && (at == r->out.p || at[-1] == '\n')) return notes[i].note;
    }
    return "";
}

// The summary behind a run, as go test words it. false: failed.
static bool summarize(const char *path, const Run *r, bool echoed) {
    bool passed = WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0, show = test.verbose || test.list;
    if (!echoed && (show || !passed)) fwrite(r->out.p, 1, r->out.len, stdout);
    bool ended = !r->out.len || r->out.p[r->out.len - 1] == '\n';
    if (passed) {
        if (!ended && (show || echoed)) putchar('\n');
        printf("ok  \t%s\t%.3fs%s\n", path, r->seconds, no_run_note(r));
        return true;
    }
    if (r->killed) printf("*** Test killed with quit: ran too long (%gs).\n", test.timeout + 60);
    if (WIFSIGNALED(r->status)) {
        if (!ended) putchar('\n');
        printf("signal: %s%s\n", strsignal(WTERMSIG(r->status)), WCOREDUMP(r->status) ? " (core dumped)" : "");
    } else if (!r->out.len)
        printf("exit status %d\n", WEXITSTATUS(r->status));
    else if (!ended)
        putchar('\n');
    printf("FAIL\t%s\t%.3fs\n", path, r->seconds);
    return false;
}

// The file for -c and -o: PKG.test here, the file named, or in the folder named.
static const char *binary_path(const Package *p) {
    const char *name = strrchr(p->path, '/') ? strrchr(p->path, '/') + 1 : p->path;
    const char *base = xsprintf("%s.test", name), *o = options.output;
    if (!o) return test.compile ? base : xsprintf("%s/%s", temp_dir(), base);
    size_t n = strlen(o);
    return n && o[n - 1] == '/' ? xsprintf("%s%s", o, base) : o;
}

// In the child: everything about one package. Returns the exit status.
static int test_package(const char *pattern) {
    Program prog = {0};
    Tested t = {0};
    if (!load_tested(pattern, &prog, &t)) return 1;
    const char *path = t.pkg->path, *exe = t.main ? binary_path(t.pkg) : NULL;
    if (exe) backend_link_prepare(options.goarch);
    if (!program_check(&prog) || program_build(&prog, exe)) {
        if (!test.compile) printf("FAIL\t%s [build failed]\n", path);
        return 1;
    }
    if (!t.any) {
        printf("?   \t%s\t[no test files]\n", path);
        return 0;
    }
    if (test.compile) return 0;
    bool direct = test.no_packages || test.bench, show = test.verbose || test.list;
    Run r = run_binary(exe[0] == '/' ? exe : absolute(exe), t.pkg->dir, show && test.one, !direct, NULL);
    return summarize(path, &r, direct || (show && test.one)) ? 0 : 1;
}

int cmd_test(int argc, char **argv) {
    if (!read_flags(argc, argv)) return 2;
    test.no_packages = options.args.len == 0;
    if (!program_setup()) return 1;
    load_config.tests = true;
    LinkString is_test = {"testing", {"testBinary", "1"}}; // testing.Testing reads it
    vec_push(&options.strings, is_test);
    static const char *here = ".";
    PathVec paths = {0};
    const char *err = NULL;
    if (!load_expand(test.no_packages ? &here : options.args.data, test.no_packages ? 1 : options.args.len, &paths, &err)) {
        fprintf(stderr, "%s\n", err);
        return 1;
    }
    test.one = paths.len == 1;
    int status = 0;
    for (vec_each(const char *, p, &paths)) {
        fflush(NULL);
        pid_t pid = fork();
        if (pid == 0) {
            int st = test_package(*p);
            backend_link_cancel();
            fflush(NULL);
            temp_cleanup();
            _exit(st);
        }
        int ws;
        while (waitpid(pid, &ws, 0) < 0 && errno == EINTR) {}
        if (!WIFEXITED(ws) || WEXITSTATUS(ws)) status = 1;
        if (status && test.fail_fast) break;
    }
    if (status && !test.json && !test.compile) puts("FAIL");
    return status;
}
