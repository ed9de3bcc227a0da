// test: `vole test`. Every package is loaded, compiled and run in a forked child of its own: the
// package under test has its test files there, under its usual import path, so that whatever else
// imports it gets it with them.
#define _GNU_SOURCE 1
#include "cmd/vole/test.h"
#include "cmd/vole/cacheprog.h"
#include "cmd/vole/cover.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool no_packages; // none named: the working directory's, whose output is not held back
    bool one;         // a single package
    bool files;       // files were named, which are one
    StrVec args;      // for the test binary
} test;

static const char *const profiles[] = {"blockprofile", "cpuprofile", "memprofile", "mutexprofile",
                                       "trace"};

// ---- Arguments ----

static const char *absolute(const char *path) {
    return path[0] == '/' ? path : xsprintf("%s/%s", current_dir(), path);
}

// What the binary gets before the arguments that are its own.
static void inject_arguments(void) {
    const TestOptions *o = &options.test;
    if (options.json) vec_push(&test.args, "-test.v=test2json");
    if (!o->timeout_set) vec_push(&test.args, "-test.timeout=10m0s");
    if (o->outputs && !o->output_dir)
        vec_push(&test.args, xsprintf("-test.outputdir=%s", current_dir()));
    for (vec_each(const char *, a, &o->args))
        if (!options.json || !starts_with(*a, "-test.v=")) vec_push(&test.args, *a);
}

// Sorts the arguments into flags that vole knows, packages and what is the test binary's. Behind
// the packages a word that is no flag, and no value of one that vole does not know, begins what is
// the binary's alone.
static bool read_arguments(int argc, char **argv) {
    if (!flags_begin(SUB_TEST)) return false;
    bool in_packages = false, no_more = false, may_be_value = false;
    const char *unknown = NULL;
    int i = 0;
    for (; i < argc; i++) {
        char *a = argv[i];
        bool value = may_be_value;
        may_be_value = false;
        if (!strcmp(a, "--")) break;
        if (!strcmp(a, "-args") || !strcmp(a, "--args")) {
            i++;
            break;
        }
        FlagResult r = flags_take(SUB_TEST, argc, argv, &i);
        if (r == FLAG_BAD) return false;
        if (r == FLAG_NONE && no_more && !in_packages) {
            if (!value) break;
            vec_push(&options.test.args, a);
            continue;
        }
        in_packages = r == FLAG_NONE;
        if (in_packages) vec_push(&options.args, a);
        no_more |= in_packages || r == FLAG_UNKNOWN;
        if (r != FLAG_UNKNOWN) continue;
        if (!unknown) unknown = a;
        vec_push(&options.test.args, a);
        may_be_value = !strchr(a, '=');
    }
    for (; i < argc; i++) vec_push(&options.test.args, argv[i]);
    if (unknown && options.test.compile) {
        fprintf(stderr, "vole: unknown flag %s cannot be used with -c\n", unknown);
        flags_usage(SUB_TEST);
        return false;
    }
    inject_arguments();
    return flags_end(SUB_TEST);
}

// ---- Building ----

static void begin_events(const char *path) {
    if (options.json) test_json_begin(path);
}

// To standard output, or with -json to the events.
static void say(const char *fmt, ...) VOLE_PRINTF(1, 2);
static void say(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *text = xvsprintf(fmt, ap);
    va_end(ap);
    if (options.json)
        test_json_write(text, strlen(text));
    else
        fputs(text, stdout);
}

static int end_events(int status) {
    if (options.json) test_json_end(status == 0);
    return status;
}

enum { NO_MODULE = 3 }; // a package's process ends so where nobody else need be asked
static bool no_module;

// Prints what was found wrong so far under the package's name.
static bool setup_failed(const char *path, const char *err) {
    if (load_refused) err = load_refused;
    if (load_refused || (err && starts_with(err, "go: "))) { // of no package: there is no module
        fprintf(stderr, "%s\n", err);
        no_module = true;
        return false;
    }
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    bool listed = false;                          // what go list says stands under a heading each
    bool compiled = !err && diagnostics.list.len; // the compiler would say it, not go list
    for (vec_each(Diagnostic, d, &diagnostics.list)) {
        compiled = compiled && d->pos && !ends_with(source_of(d->pos)->path, "_test.go");
        if (!d->pos) fprintf(out, "# %s\n%s\n", path, d->msg);
        listed |= !d->pos;
    }
    if (!listed) fprintf(out, "# %s\n", path);
    if (err && !diagnostics.list.len) fprintf(out, "%s\n", err);
    if (!listed) diagnostics_print(out, options.all_errors ? 0 : 10);
    fclose(out);
    program_say(path, text, n);
    program_failed(path);
    begin_events(path);
    say("FAIL\t%s [%s failed]\n", path, compiled ? "build" : "setup");
    end_events(1);
    return false;
}

typedef struct Tested {
    Package *pkg, *external, *main;
    bool any;
} Tested;

// The package with its tests, the external test package, and the main package made for both, as
// far as there are any.
static bool load_tested(const char *pattern, Program *prog, Tested *t) {
    const char *err = NULL;
    t->pkg = test.files ? load_files(options.args.data, options.args.len, NULL)
                        : load_package(pattern, &err);
    bool none =
        t->pkg && diagnostics.list.len && starts_with(diagnostics.list.data[0].msg, "no Go");
    if (!t->pkg || t->pkg->fake) return setup_failed(t->pkg && !none ? t->pkg->path : pattern, err);
    options.for_test = t->pkg->path;
    t->external = load_external_tests(t->pkg);
    t->any = t->external || t->pkg->test_files;
    if (t->pkg->files.len) vec_push(&prog->roots, t->pkg);
    if (t->external) vec_push(&prog->roots, t->external);
    if (t->any && !diagnostics.list.len) {
        Str text = test_main_source(t->pkg, t->external);
        if (!diagnostics.list.len) {
            FILE *f =
                fopen(xsprintf("%s/_testmain.go", temp_sub("b001")), "w"); // for who looks beside
            if (f) fwrite(text.p, 1, text.len, f);
            if (f) fclose(f);
            vec_push(&prog->roots, t->main = load_test_main(t->pkg, t->external, text));
        }
    }
    if (diagnostics.list.len > diagnostics.lexical_errors || diagnostics.syntax_errors)
        return setup_failed(t->pkg->path, NULL);
    return program_order(prog);
}

// ---- Running ----

typedef struct Run {
    Buf out;
    int status;
    double seconds;
    bool killed;
    double incomplete; // how long was its output waited for, in vain; 0: it came
    bool cached;       // it was run before
} Run;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Where go keeps what fuzzing finds of a package, and go clean -fuzzcache looks.
static const char *fuzz_dir(const char *package) {
    const char *cache = getenv("GOCACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (!cache || !*cache)
        cache = xdg && *xdg ? xsprintf("%s/go-build", xdg)
                            : xsprintf("%s/.cache/go-build", home ? home : "");
    return xsprintf("%s/fuzz/%s", cache, package);
}

// Runs the binary in dir. Its output is copied to standard output as it comes (echo), or kept.
static Run run_binary(const char *exe, const char *dir, bool echo, bool keep,
                      void (*each)(const char *p, size_t n)) {
    Run r = {0};
    StrVec cmd = program_command(exe);
    if (test_cache_log()) vec_push(&cmd, xsprintf("-test.testlogfile=%s", test_cache_log()));
    vec_push(&cmd, "-test.paniconexit0");
    if (options.fuzz) vec_push(&cmd, xsprintf("-test.fuzzcachedir=%s", fuzz_dir(options.for_test)));
    StrVec args = cover_tests_arguments(&test.args);
    for (vec_each(const char *, a, &args)) vec_push(&cmd, *a);
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
        env_restore();
        setenv("PWD", dir, 1);
        const char *path = getenv("PATH"), *tools = xsprintf("%s/bin", install_tools());
        setenv("PATH", path && *path ? xsprintf("%s:%s", tools, path) : tools, 1);
        if (load_config.goroot && !options.trimpath) setenv("GOROOT", load_config.goroot, 1);
        if (chdir(dir)) _exit(127);
        signal(SIGXFSZ, SIG_DFL);
        execvp(cmd.data[0], (char *const *)cmd.data);
        printf("vole: cannot run %s: %s\n", cmd.data[0], strerror(errno));
        fflush(stdout);
        _exit(127);
    }
    // The binary ends itself when its time is over; one that hangs is ended a minute later.
    bool endless = options.fuzz || options.test.bench;
    double limit = options.test.timeout > 0 && !endless ? start + options.test.timeout + 60 : 0;
    if (piped) close(fds[1]);
    int ws = 0;
    bool open = piped, exited = false;
    // When to stop waiting for output that children hold open, and how long that is; 0: never.
    double drain = 0, delay = endless ? 0 : options.test.timeout / 10;
    if (delay > 0 && delay < 5) delay = 5;
    while (!exited || open) {
        if (open) {
            struct pollfd p = {.fd = fds[0], .events = POLLIN};
            char buf[65536];
            if (poll(&p, 1, exited ? 100 : 20) > 0) { // ms; often enough to see its end at once
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
            } else if (exited && drain && now() > drain) {
                open = false;
                r.incomplete = delay;
            }
        } else {
            usleep(1000); // output is closed, or inherited: its end alone is waited for
        }
        if (!exited && waitpid(pid, &ws, WNOHANG) == pid) {
            exited = true;
            r.seconds = now() - start;
            drain = delay > 0 ? now() + delay : 0;
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
        const char *at =
            r->out.len ? memmem(r->out.p, r->out.len, notes[i].text, strlen(notes[i].text)) : NULL;
        if (at && (at == r->out.p || at[-1] == '\n')) return notes[i].note;
    }
    return "";
}

// The summary behind a run, as go test words it. false: failed.
static bool summarize(const char *path, const Run *r, bool echoed) {
    bool passed = WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0 && !r->incomplete,
         show = options.test.verbose || options.test.list;
    if (!echoed && (show || !passed)) fwrite(r->out.p, 1, r->out.len, stdout);
    bool ended = !r->out.len || r->out.p[r->out.len - 1] == '\n';
    if (passed) {
        if (!ended && !options.json && (show || echoed)) say("\n");
        const char *time = r->cached ? "(cached)" : xsprintf("%.3fs", r->seconds);
        say("ok  \t%s\t%s%s%s\n", path, time, cover_tests_percentage(&r->out), no_run_note(r));
        return true;
    }
    if (r->killed)
        say("*** Test killed with quit: ran too long (%s).\n",
            flags_duration(options.test.timeout + 60));
    if (r->incomplete) {
        say("*** Test I/O incomplete %s after exiting.\nexec: WaitDelay expired before I/O "
            "complete\n",
            flags_duration(r->incomplete));
    } else if (WIFSIGNALED(r->status)) {
        if (!ended) say("\n");
        say("signal: %s%s\n", go_signal(WTERMSIG(r->status)),
            WCOREDUMP(r->status) ? " (core dumped)" : "");
    } else if (!r->out.len)
        say("exit status %d\n", WEXITSTATUS(r->status));
    else if (!ended)
        say("\n");
    say("%sFAIL\t%s\t%.3fs\n", options.json ? "\x16" : "", path, r->seconds);
    return false;
}

// Where the binary goes: PKG.test here, the file named, or in the folder named; without -c, -o or
// profiles that want it nowhere that stays. NULL after a message.
static const char *binary_path(const Package *p) {
    const char *name = test.files ? p->name : output_program_name(p->path);
    const char *base = xsprintf("%s.test", name), *o = options.output;
    bool nowhere = o && !strcmp(o, "/dev/null");
    if (nowhere && options.test.compile) return o;
    if (nowhere || !o || !*o) {
        if (!nowhere && (options.test.compile || options.test.keep)) return base;
        const char *dir = temp_sub("b001");
        return dir ? xsprintf("%s/%s", dir, base) : NULL;
    }
    struct stat st;
    bool folder = stat(o, &st) == 0 && S_ISDIR(st.st_mode);
    return ends_with(o, "/") ? xsprintf("%s%s", o, base) : folder ? xsprintf("%s/%s", o, base) : o;
}

// One package is built at a time, with as many processes as -p allows; tests of those before it run
// meanwhile. Who builds, or does something else for which there must be one alone, has a lock on this
// file, which its end takes off; -1: there is one package at a time anyway.
static int build_lock = -1;

static void lock_build(bool on) {
    struct flock l = {.l_type = on ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET};
    while (build_lock >= 0 && fcntl(build_lock, F_SETLKW, &l) && errno == EINTR) {}
}

// Runs the tests, or tells again what is known of their last run; false: failed.
static bool run_tests(const Package *p, const char *exe, const Str *known) {
    bool direct = !options.json && (test.no_packages || options.test.bench || options.fuzz),
         show = options.test.verbose || options.test.list, echo = show && test.one && !known;
    Run r = {.cached = known != NULL};
    if (known) {
        if (options.json) test_json_write(known->p, known->len);
        buf_write(&r.out, known->p, known->len);
    } else {
        lock_build(false);
        r = run_binary(exe[0] == '/' ? exe : absolute(exe), p->dir, echo, !direct,
                       options.json ? test_json_write : NULL);
        if (options.cover.on || cacheprog_on()) lock_build(true);
        cover_tests_merge();
        bool passed = WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0 && !r.incomplete;
        if (passed) test_cache_keep(str_make(r.out.p, r.out.len));
    }
    return summarize(p->path, &r, direct || options.json || echo);
}

// Fuzzing writes into the package's folder: one of another module, or GOROOT's, may be none's to
// write to.
static bool may_fuzz(const Package *p) {
    LoadModule m;
    bool goroot =
        p->in_goroot && !has_path_prefix(current_dir(), xsprintf("%s/src", load_config.goroot));
    if (!options.fuzz || !*load_module_file() || (load_module_of(p, &m) ? m.main : !goroot))
        return true;
    fprintf(stderr, "cannot use -fuzz flag on package outside the main module\n");
    return false;
}

// In the child: everything about one package. Returns the exit status.
static int test_package(const char *pattern) {
    Program prog = {0};
    Tested t = {0};
    Str known = {0};
    if (!load_tested(pattern, &prog, &t)) return no_module ? NO_MODULE : 1;
    if (!may_fuzz(t.pkg)) return 1;
    const char *path = t.pkg->path, *exe = t.main ? binary_path(t.pkg) : NULL;
    for (uint32_t i = 0; i < prog.roots.len; i++)
        vec_push(&prog.outputs, prog.roots.data[i] == t.main ? exe : NULL);
    if (t.main && !(exe && output_check(exe))) return 1;
    if (exe) backend_link_prepare(options.goarch);
    bool built = program_check(&prog);
    bool cached = false;
    int vet = -1;
    if (built) {
        cache_program_keys(&prog);
        vet = test_vet_start(t.pkg, t.external);
        if (t.main && !test.no_packages && !test.files) test_cache_begin(t.pkg, t.main, &test.args);
        cached = test_cache_find(&known);
    }
    built = built && (cached || !program_build(&prog));
    built = test_vet_end(vet, t.pkg) && built;
    if (!options.test.compile) begin_events(path);
    if (!built) {
        if (options.test.compile) return 1;
        say("FAIL\t%s [build failed]\n", path);
        return end_events(1);
    }
    if (!t.any) {
        const char *none = options.test.compile ? NULL : cover_tests_none();
        say("%s", none ? none : xsprintf("?   \t%s\t[no test files]\n", path));
        return options.test.compile ? 0 : end_events(0);
    }
    if (options.test.compile || options.dry_run) return 0;
    return end_events(run_tests(t.pkg, exe, cached ? &known : NULL) ? 0 : 1);
}

// The first of the flags given that write a profile; NULL: none.
static const char *profile_flag(void) {
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        for (vec_each(const char *, a, &options.test.args)) {
            const char *set = xsprintf("-test.%s=", profiles[i]);
            if (starts_with(*a, set) && strcmp(*a, set) != 0) return profiles[i];
        }
    return NULL;
}

// What cannot be with -fuzz, in go's words.
static bool check_fuzz(uint32_t packages) {
    if (!options.fuzz) return true;
    const char *profile = profile_flag();
    if (packages != 1)
        fprintf(stderr, "cannot use -fuzz flag with multiple packages\n");
    else if (options.cover.profile && *options.cover.profile)
        fprintf(stderr, "vole: cannot use -coverprofile flag with -fuzz flag\n");
    else if (profile)
        fprintf(stderr, "vole: cannot use -%s flag with -fuzz flag\n", profile);
    else
        return true;
    return false;
}

// The import path of a package that was named by its folder in the main module.
static const char *path_of(const char *pattern) {
    const char *dir = absolute(pattern), *file = load_module_file(), *slash = strrchr(file, '/');
    if (pattern[0] != '.' || !slash) return pattern;
    const char *root = xstrndup(file, (size_t)(slash - file)), *module = load_module_path(root);
    dir = path_join("/", dir);
    return module && has_path_prefix(dir, root) ? xsprintf("%s%s", module, dir + strlen(root))
                                                : pattern;
}

// The test binaries of two packages may not be one file.
static bool check_names(const PathVec *named) {
    const char *o = options.output;
    PathVec all = {0}, *paths = &all;
    for (vec_each(const char *, p, named)) vec_push(paths, path_of(*p));
    if ((!options.test.compile && !(o && *o)) || (o && !strcmp(o, "/dev/null"))) return true;
    for (uint32_t i = 0; i < paths->len; i++) {
        const char *name = output_program_name(paths->data[i]);
        Buf others = {0};
        for (uint32_t k = i + 1; k < paths->len; k++)
            if (!strcmp(output_program_name(paths->data[k]), name))
                buf_printf(&others, "%s\n", paths->data[k]);
        if (!others.len) continue;
        fprintf(stderr, "cannot write test binary %s.test for multiple packages:\n%s\n%s", name,
                paths->data[i], buf_str(&others));
        return false;
    }
    return true;
}

// Packages whose paths differ in case alone from those of others before them are not tested. Are there
// any?
static bool drop_collisions(PathVec *paths) {
    uint32_t n = 0, all = paths->len;
    for (uint32_t i = 0; i < all; i++) {
        const char *path = path_of(paths->data[i]), *other = load_note_path(path);
        if (other)
            setup_failed(path, xsprintf("case-insensitive import collision: \"%s\" and \"%s\"",
                                        path, other));
        else
            paths->data[n++] = paths->data[i];
    }
    paths->len = n;
    return n < all;
}

static bool check_outputs(const PathVec *paths) {
    struct stat st;
    const char *o = options.output;
    if (paths->len < 2) return true;
    const char *profile = profile_flag();
    if (o && *o && strcmp(o, "/dev/null") && !ends_with(o, "/") &&
        (stat(o, &st) || !S_ISDIR(st.st_mode)))
        fprintf(stderr, "with multiple packages, -o must refer to a directory or /dev/null\n");
    else if (profile)
        fprintf(stderr, "cannot use -%s flag with multiple packages\n", profile);
    else
        return check_names(paths);
    return false;
}

static bool file_exists(const char *path) {
    struct stat st;
    return fsys_stat(absolute(path), &st);
}

static bool names_files(void) {
    return options.args.len && ends_with(options.args.data[0], ".go") &&
           file_exists(options.args.data[0]);
}

static bool check_files(void) {
    for (vec_each(const char *, a, &options.args)) {
        const char *why = !ends_with(*a, ".go") ? xsprintf("named files must be .go files: %s", *a)
                          : !file_exists(*a)    ? xsprintf("stat %s: %s", *a, go_error(errno))
                                                : NULL;
        if (why) fprintf(stderr, "%s\n", why);
        if (why) return false;
    }
    return true;
}

typedef struct Child {
    pid_t pid;
    int out, err; // files of what it prints, while others before it still do; or -1
    bool ended;
    int status;
} Child;

static Child start_package(const char *pattern, bool direct) {
    Child c = {.out = -1, .err = -1, .status = 1};
    if (!direct) {
        c.out = memfd_create("out", MFD_CLOEXEC);
        c.err = memfd_create("err", MFD_CLOEXEC);
    }
    fflush(NULL);
    c.pid = fork();
    c.ended = c.pid < 0;
    if (c.pid < 0) fprintf(stderr, "vole: fork: %s\n", strerror(errno));
    if (c.pid) return c;
    if (c.out >= 0) dup2(c.out, 1);
    if (c.err >= 0) dup2(c.err, 2);
    temp_forget();
    lock_build(true);
    int status = test_package(pattern);
    backend_link_cancel();
    fflush(NULL);
    temp_cleanup();
    _exit(status);
}

static void tell_again(int from, int to) {
    char buf[65536];
    ssize_t n;
    if (from < 0) return;
    for (off_t at = 0; (n = pread(from, buf, sizeof buf, at)) > 0; at += n)
        for (ssize_t done = 0, k; done < n; done += k)
            if ((k = write(to, buf + done, (size_t)(n - done))) < 0) break;
    close(from);
}

static void wait_for(Child *c, bool block) {
    int ws;
    pid_t pid;
    if (c->ended) return;
    while ((pid = waitpid(c->pid, &ws, block ? 0 : WNOHANG)) < 0 && errno == EINTR) {}
    c->ended = pid != 0;
    if (pid > 0) c->status = WIFEXITED(ws) ? WEXITSTATUS(ws) : 1;
}

// What can run beside others; benchmarks would measure them.
static uint32_t at_a_time(uint32_t packages) {
    const TestOptions *o = &options.test;
    bool alone = packages < 2 || o->bench || o->compile || o->fail_fast || options.fuzz ||
                 options.print_commands;
    if (alone || options.jobs < 2) return 1;
    build_lock = open(xsprintf("%s/building", temp_dir()), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    return build_lock < 0 ? 1 : (uint32_t)options.jobs;
}

// A child for each package: with its test files a package is another one than its importers have. They
// tell in order what became of them. The exit status.
static int test_packages(const PathVec *paths) {
    uint32_t most = at_a_time(paths->len), started = 0, running = 0;
    Vec(Child) children = {0};
    int status = 0;
    for (uint32_t next = 0; next < paths->len;) {
        while (running < most && started < paths->len) {
            vec_push(&children, start_package(paths->data[started], next == started));
            started++;
            running++;
        }
        running = 0;
        for (uint32_t i = next; i < started; i++) {
            wait_for(&children.data[i], most == 1);
            running += !children.data[i].ended;
        }
        Child *c = &children.data[next];
        if (!c->ended) {
            if (running == most || started == paths->len) usleep(2000);
            continue;
        }
        tell_again(c->err, 2);
        tell_again(c->out, 1);
        next++;
        if (c->status) status = c->status == NO_MODULE ? NO_MODULE : 1;
        if (status == NO_MODULE || (status && options.test.fail_fast)) break;
    }
    for (vec_each(Child, c, &children))
        if (!c->ended) kill(c->pid, SIGTERM);
    return status;
}

int cmd_test(int argc, char **argv) {
    if (!read_arguments(argc, argv) || !check_program_mode("test")) return 2;
    test.no_packages = options.args.len == 0;
    if (!fetch_begin_tests() || !program_setup()) return 1;
    fetch_for_tests();
    load_config.tests = true;
    LinkString is_test = {"testing", {"testBinary", "1"}}; // testing.Testing reads it
    vec_push(&options.strings, is_test);
    static const char *here = ".";
    PathVec paths = {0};
    const char *err = NULL;
    test.files = names_files();
    if (test.files && !check_files()) return 1;
    if (test.files)
        vec_push(&paths, options.args.data[0]);
    else if (!load_expand(test.no_packages ? &here : options.args.data,
                          test.no_packages ? 1 : options.args.len, &paths, &err)) {
        const char *what = starts_with(err, "pattern ") ? err + strlen("pattern ") : NULL;
        if (!what) fprintf(stderr, "%s\n", err);
        if (what) setup_failed(xstrndup(what, strcspn(what, ":")), err);
        if (what && !options.json && !test.no_packages) puts("FAIL");
        return 1;
    }
    test.one = paths.len == 1;
    test_vet_begin();
    if (!check_fuzz(paths.len) || !check_outputs(&paths) || !cache_open() ||
        !cover_tests_begin(&paths))
        return 1;
    cacheprog_begin(); // for the packages' processes as well
    bool collides = drop_collisions(&paths);
    int status = test_packages(&paths);
    if (status == NO_MODULE) return 1;
    if (collides) status = 1;
    if (status && !options.json && !options.test.compile && !options.fuzz && !test.no_packages)
        puts("FAIL");
    return status;
}
