// conformance: runs the files of GOROOT/test by their directives (// run, // errorcheck -0 -m, …)
// against vole, and go/types' own tests (kind types2).
//
// Comes in: GOROOT, the vole binary, kinds and names to run, the lists of tests that are not ours
// and of known failures. Goes out: a line for each failure with its reason, a line `kind:
// passed/total` for each kind, exit status 0 if every failure is a known one. Each test runs in a
// forked child, in a folder of its own, several at once, each command under a time limit; the child
// reports by its exit status and a reason file.
//   conformance --vole BIN [--goroot DIR] [--kind K]… [--imports none] [--opt N] [--list FILE] [-j
//   N] [-v] [--timeout S] [NAME…]
#include "errors.h"
#include "frontend/load.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef Vec(const char *) Args;

typedef struct Test {
    const char *name;   // fixedbugs/bug000.go
    const char *action; // run, errorcheck, …
    const char *kind;   // action, or errorcheck-m / errorcheck-d for those with such flags
    Args flags, args;
    bool want_error, want_auto, single_file_packages;
    int seconds;
    int columns; // types2: how far a message may be from its comment; else -1
    const char *run_env[4];
    int nenv;
    const char *go_version;
    Str src;
    const char *not_ours, *known;
    pid_t pid;
    bool passed, ran;
    const char *reason;
} Test;
typedef Vec(Test) TestVec;

static struct {
    const char *vole, *goroot, *test_dir, *root, *opt, *tmp;
    Args kinds, names;
    bool no_imports, verbose;
    int jobs, timeout;
} conf = {.jobs = 2, .timeout = 60};

static void die(const char *msg) {
    fprintf(stderr, "conformance: %s\n", msg);
    exit(2);
}

// ---- one test, in its own process ---------------------------------------------------------------

typedef struct Output {
    Str text;
    int status;
    bool timed_out;
} Output;
static int time_limit;
static const char *reason_path, *work; // of this test

static void fail(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *s = xvsprintf(fmt, ap);
    va_end(ap);
    FILE *f = fopen(reason_path, "w");
    if (f) {
        fwrite(s, 1, strlen(s) < 20000 ? strlen(s) : 20000, f);
        fclose(f);
    }
    exit(1);
}

// In a process group of its own, so that what it leaves running ends with it; stopped when it
// takes too long or writes without end.
static Output run_command(Args *cmd, const char *dir, bool split_stderr) {
    const char *out_path = xsprintf("%s/.output", work);
    vec_push(cmd, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        if (chdir(dir)) _exit(126);
        int fd = open(out_path, O_CREAT | O_TRUNC | O_WRONLY, 0666),
            null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(fd, 1);
        if (!split_stderr) dup2(fd, 2);
        execvp(cmd->data[0], (char *const *)cmd->data);
        _exit(127);
    }
    setpgid(pid, pid);
    Output o = {0};
    struct timespec step = {0, 5000000};
    int status = 0;
    for (double waited = 0;; waited += 0.005) {
        pid_t r = waitpid(pid, &status, WNOHANG);
        if (r == pid) break;
        struct stat st;
        if (waited > time_limit || (stat(out_path, &st) == 0 && st.st_size > 50 << 20)) {
            kill(-pid, SIGKILL);
            waitpid(pid, &status, 0);
            o.timed_out = true;
            break;
        }
        nanosleep(&step, NULL);
    }
    kill(-pid, SIGKILL);
    o.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (!read_file(out_path, &o.text)) o.text = str_c("");
    return o;
}

// Runs it; an exit status other than 0 or a time-out fails the test.
static Str must_run(Args *cmd, const char *dir) {
    Output o = run_command(cmd, dir, false);
    if (o.timed_out)
        fail("%s timed out after %d s", cmd->data[0] == conf.vole ? "compiler" : "program",
             time_limit);
    if (o.status)
        fail("%s: exit status %d\n%s", cmd->data[0] == conf.vole ? "compiler" : "program", o.status,
             o.text.p);
    return o.text;
}

static void push_all(Args *to, const Args *from) {
    for (uint32_t i = 0; i < from->len; i++) vec_push(to, from->data[i]);
}

static Args vole_args(const char *a, const char *b) {
    Args v = {0};
    vec_push(&v, conf.vole);
    vec_push(&v, a);
    if (b) vec_push(&v, b);
    if (conf.opt) vec_push(&v, conf.opt);
    return v;
}

static void check_output(const Test *t, Str got) {
    const char *file = xsprintf("%s/%.*s.out", conf.test_dir, (int)(strlen(t->name) - 3), t->name);
    Str want;
    bool have = read_file(file, &want);
    if (!have) want = str_c("");
    if (!str_eq(got, want))
        fail("output is not as expected%s. got:\n%s", have ? "" : " (nothing)", got.p);
}

typedef struct DirPackage {
    const char *name;
    Args files;
} DirPackage;
typedef Vec(DirPackage) DirPackages;

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static Args list_dir(const char *dir, const char *suffix) {
    Args out = {0};
    DIR *d = opendir(dir);
    if (!d) return out;
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.' && ends_with(e->d_name, suffix)) vec_push(&out, xstrdup(e->d_name));
    closedir(d);
    if (out.len) qsort(out.data, out.len, sizeof *out.data, by_name);
    return out;
}

static const char *package_name_of(const char *path) {
    Str s;
    if (!read_file(path, &s)) fail("cannot read %s", path);
    const char *p = strncmp(s.p, "package ", 8) == 0 ? s.p : strstr(s.p, "\npackage ");
    if (!p) fail("no package name in %s", path);
    p += *p == '\n' ? 9 : 8;
    return xstrndup(p, strcspn(p, " \t\r\n;/"));
}

// Files of one package name belong together, unless each is a package (-s).
static DirPackages dir_packages(const char *dir, bool single) {
    DirPackages out = {0};
    Args files = list_dir(dir, ".go");
    for (vec_each(const char *, f, &files)) {
        const char *name = package_name_of(xsprintf("%s/%s", dir, *f));
        DirPackage *p = NULL;
        for (vec_each(DirPackage, q, &out))
            if (!single && strcmp(q->name, name) == 0) p = q;
        if (!p) {
            vec_push(&out, ((DirPackage){.name = name}));
            p = &vec_last(&out);
        }
        vec_push(&p->files, *f);
    }
    return out;
}

static const char *stem(const char *file) { return xstrndup(file, strlen(file) - 3); }

// importcfg with a line `packagesource test/a=/dir/a.go,…` for each package of the folder.
static const char *write_importcfg(const char *dir, const DirPackages *pkgs) {
    const char *path = xsprintf("%s/importcfg", work);
    FILE *f = fopen(path, "w");
    for (vec_each(DirPackage, p, pkgs)) {
        fprintf(f, "packagesource test/%s=", stem(p->files.data[0]));
        for (uint32_t i = 0; i < p->files.len; i++)
            fprintf(f, "%s%s/%s", i ? "," : "", dir, p->files.data[i]);
        fputc('\n', f);
    }
    fclose(f);
    return path;
}

static Args compile_args(const Test *t, const char *p) {
    Args v = vole_args("tool", "compile");
    vec_push(&v, "-e");
    vec_push(&v, xsprintf("-p=%s", p));
    push_all(&v, &t->flags);
    return v;
}

// Packages in the order of their files, each imported by those after it; the last is the program,
// or the one that must not compile.
static void run_dir(const Test *t, bool link) {
    const char *dir = xsprintf("%s/%s.dir", conf.test_dir, stem(t->name));
    DirPackages pkgs = dir_packages(dir, t->single_file_packages);
    if (!pkgs.len) fail("no packages in %s", dir);
    const char *cfg = write_importcfg(dir, &pkgs);
    bool check = strncmp(t->action, "errorcheck", 10) == 0;
    uint32_t err_pkg = pkgs.len - 1;
    if (t->want_error && strcmp(t->action, "errorcheckandrundir") == 0) err_pkg--;
    for (uint32_t i = 0; i < pkgs.len && (check || !link); i++) {
        DirPackage *p = &pkgs.data[i];
        Args cmd = compile_args(
            t, strcmp(p->name, "main") == 0 ? "main" : xsprintf("test/%s", stem(p->files.data[0])));
        CheckedFileVec files = {0};
        vec_push(&cmd, "-D=test");
        vec_push(&cmd, xsprintf("-importcfg=%s", cfg));
        vec_push(&cmd, xsprintf("-o=%s/p%u.o", work, i));
        for (vec_each(const char *, f, &p->files)) {
            vec_push(&cmd, xsprintf("%s/%s", dir, *f));
            vec_push(&files, ((CheckedFile){vec_last(&cmd), *f}));
        }
        Output o = run_command(&cmd, work, false);
        if (o.timed_out) fail("compiler timed out");
        if (o.status > 2 || strstr(o.text.p, "internal compiler error"))
            fail("compiler: exit status %d\n%s", o.status, o.text.p);
        bool may_fail = check && i == err_pkg && t->want_error;
        if (may_fail && o.status == 0) fail("compilation succeeded unexpectedly\n%s", o.text.p);
        if (!may_fail && o.status) fail("compiler: exit status %d\n%s", o.status, o.text.p);
        if (check) {
            int m, w;
            const char *why = errors_match(o.text, t->want_auto, &files, &m, &w);
            if (why) fail("%s: %s", p->name, why);
        }
    }
    if (!link) return;
    Args cmd = vole_args("build", NULL);
    const char *gc = "";
    for (uint32_t i = 0; i < t->flags.len; i++) gc = xsprintf("%s %s", gc, t->flags.data[i]);
    vec_push(&cmd, xsprintf("-gcflags=%s", gc));
    vec_push(&cmd, "-D=test");
    vec_push(&cmd, xsprintf("-importcfg=%s", cfg));
    vec_push(&cmd, xsprintf("-o=%s/a.exe", work));
    for (vec_each(const char *, f, &pkgs.data[pkgs.len - 1].files))
        vec_push(&cmd, xsprintf("%s/%s", dir, *f));
    must_run(&cmd, work);
    Args prog = {0};
    vec_push(&prog, xsprintf("%s/a.exe", work));
    push_all(&prog, &t->args);
    check_output(t, must_run(&prog, work));
}

static void build_and_run(const Test *t, const char *const *files, uint32_t n, const char *dir,
                          bool run) {
    Args cmd = vole_args("build", NULL);
    push_all(&cmd, &t->flags);
    vec_push(&cmd, xsprintf("-o=%s/a.exe", work));
    for (uint32_t i = 0; i < n; i++) vec_push(&cmd, files[i]);
    must_run(&cmd, dir);
    if (!run) return;
    Args prog = {0};
    vec_push(&prog, xsprintf("%s/a.exe", work));
    push_all(&prog, &t->args);
    check_output(t, must_run(&prog, dir));
}

// Compiles and runs a generator; its output becomes work/tmp__.go.
static const char *generate(const Test *t) {
    Args cmd = vole_args("run", NULL);
    vec_push(&cmd, t->name); // as go's runner writes it, beside ./others.go
    push_all(&cmd, &t->args);
    Str out = must_run(&cmd, conf.test_dir);
    const char *path = xsprintf("%s/tmp__.go", work);
    FILE *f = fopen(path, "w");
    fwrite(out.p, 1, out.len, f);
    fclose(f);
    return path;
}

// base: the name that messages have where it is not the file's (a program that was generated).
static void error_check(const Test *t, const char *file, const char *base) {
    Args cmd = compile_args(t, "p");
    if (!base) {
        base = strrchr(file, '/') + 1;
        vec_push(&cmd, "-C");
    }
    vec_push(&cmd, "-d=panic");
    vec_push(&cmd, xsprintf("-o=%s/a.o", work));
    vec_push(&cmd, file);
    Output o = run_command(&cmd, work, false);
    if (o.timed_out) fail("compiler timed out");
    if (o.status > 2 || strstr(o.text.p, "internal compiler error"))
        fail("compiler: exit status %d\n%s", o.status, o.text.p);
    if (t->want_error && o.status == 0) fail("compilation succeeded unexpectedly\n%s", o.text.p);
    if (!t->want_error && o.status) fail("compiler: exit status %d\n%s", o.status, o.text.p);
    CheckedFileVec files = {0};
    int m = 0, w = 0;
    vec_push(&files, ((CheckedFile){file, base}));
    const char *why = errors_match(o.text, t->want_auto, &files, &m, &w);
    if (why) fail("%d of %d expected messages\n%s", m, w, why);
}

// A file of go/types' tests, or a folder whose files make up a package.
static void run_types2(const Test *t) {
    const char *path = xsprintf("%s/src/%s", conf.goroot, t->name);
    Args files = {0};
    if (ends_with(path, ".go"))
        vec_push(&files, path);
    else {
        Args names = list_dir(path, ".go");
        for (vec_each(const char *, f, &names)) vec_push(&files, xsprintf("%s/%s", path, *f));
    }
    const char *lang =
        t->flags.len && !strncmp(t->flags.data[0], "-lang=", 6) ? t->flags.data[0] + 6 : "";
    const char *why = types2_check(files.data, files.len, package_name_of(files.data[0]), lang,
                                   (uint32_t)t->columns);
    if (why) fail("%s", why);
    exit(0);
}

// A module of its own: the folder is copied, since go.mod is written into it.
static void run_in_dir(const Test *t) {
    const char *src = xsprintf("%s/%s.dir", conf.test_dir, stem(t->name)),
               *mod = strrchr(src, '/') + 1;
    const char *dst = xsprintf("%s/%s", work, mod);
    Args cp = {0};
    vec_push(&cp, "cp");
    vec_push(&cp, "-rL");
    vec_push(&cp, src);
    vec_push(&cp, dst);
    must_run(&cp, work);
    FILE *f = fopen(xsprintf("%s/go.mod", dst), "w");
    fprintf(f, "module %s\ngo %s\n", mod, t->go_version ? t->go_version : "1.14");
    fclose(f);
    Args cmd = vole_args("run", NULL);
    push_all(&cmd, &t->flags);
    vec_push(&cmd, ".");
    check_output(t, must_run(&cmd, dst));
}

// Programs that run "go" get vole.
static void put_go_on_path(void) {
    const char *bin = xsprintf("%s/.bin", work), *path = getenv("PATH");
    mkdir(bin, 0777);
    if (symlink(conf.vole, xsprintf("%s/go", bin)) && errno != EEXIST)
        fail("cannot link %s/go", bin);
    setenv("PATH", xsprintf("%s:%s", bin, path ? path : "/usr/bin:/bin"), 1);
}

// By the test's directive, as GOROOT's runner does. In a child, which exits by what happened.
static void run_test(Test *t) {
    if (t->columns >= 0) run_types2(t);
    put_go_on_path();
    const char *file = xsprintf("%s/%s", conf.test_dir, t->name);
    for (int i = 0; i < t->nenv; i++) putenv((char *)t->run_env[i]);
    time_limit = t->seconds ? t->seconds * 3 : conf.timeout;
    const char *a = t->action;
    if (!strcmp(a, "run") || !strcmp(a, "buildrun")) {
        Args files = {0}, rest = {0}; // as with go run, further files come first
        vec_push(&files, file);
        for (vec_each(const char *, w, &t->args)) {
            if (!rest.len && ends_with(*w, ".go"))
                vec_push(&files, xsprintf("%s/%s", conf.test_dir, *w));
            else
                vec_push(&rest, *w);
        }
        t->args = rest;
        build_and_run(t, files.data, files.len, conf.test_dir, true);
    } else if (!strcmp(a, "build"))
        build_and_run(t, &file, 1, work, false);
    else if (!strcmp(a, "errorcheck"))
        error_check(t, file, NULL);
    else if (!strcmp(a, "compile")) {
        Args cmd = compile_args(t, "p");
        vec_push(&cmd, xsprintf("-o=%s/a.o", work));
        vec_push(&cmd, file);
        must_run(&cmd, work);
    } else if (!strcmp(a, "compiledir") || !strcmp(a, "errorcheckdir"))
        run_dir(t, false);
    else if (!strcmp(a, "rundir") || !strcmp(a, "errorcheckandrundir"))
        run_dir(t, true);
    else if (!strcmp(a, "runoutput")) {
        const char *out = generate(t);
        build_and_run(t, &out, 1, conf.test_dir, true);
    } else if (!strcmp(a, "errorcheckoutput"))
        error_check(t, generate(t), "tmp__.go");
    else if (!strcmp(a, "runindir"))
        run_in_dir(t);
    else if (!strcmp(a, "builddir") || !strcmp(a, "buildrundir")) {
        const char *dir = xsprintf("%s/%s.dir", conf.test_dir, stem(t->name));
        Args files = list_dir(dir, ".go"), paths = {0};
        if (list_dir(dir, ".s").len) fail("the folder holds assembly in gc's own syntax");
        for (vec_each(const char *, f, &files)) vec_push(&paths, xsprintf("%s/%s", dir, *f));
        build_and_run(t, paths.data, paths.len, work, !strcmp(a, "buildrundir"));
    } else
        fail("directive %s is not supported", a);
    exit(0);
}

// ---- finding tests ------------------------------------------------------------------------------

// Words of a directive; quotes of both kinds group.
static Args split_quoted(const char *s) {
    Args out = {0};
    while (*s) {
        while (*s == ' ' || *s == '\t') s++;
        if (!*s) break;
        Buf b = {0};
        buf_puts(&b, "");
        for (char quote = 0; *s && (quote || (*s != ' ' && *s != '\t')); s++) {
            if (quote ? *s == quote : *s == '"' || *s == '\'')
                quote = quote ? 0 : *s;
            else
                buf_putc(&b, *s);
        }
        vec_push(&out, buf_str(&b));
    }
    return out;
}

static bool is_constraint(const char *line) {
    return !strncmp(line, "//go:build", 10) || !strncmp(line, "// +build", 9);
}

static bool in_list(const Args *list, const char *s) {
    for (uint32_t i = 0; i < list->len; i++)
        if (!strcmp(list->data[i], s)) return true;
    return false;
}

// Flags that ask gc's compiler about itself, which vole refuses: the tests have something to show
// without them.
static bool is_gcs_own(const char *w) {
    static const char *const own[] = {"-live", "-wb=0", "-dynlink", "-smallframes"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(w, own[i])) return true;
    return false;
}

// The same of -d's keys, alone or within -gcflags. NULL: none stays.
static const char *without_debug_keys(const char *w) {
    static const char *const own[] = {"escapealias",
                                      "libfuzzer",
                                      "maymorestack",
                                      "softfloat",
                                      "ssa/check",
                                      "ssa/cpufeatures",
                                      "ssa/opt",
                                      "ssa/insert_resched_checks",
                                      "ssa/likelyadjust",
                                      "ssa/late_fuse",
                                      "ssa/tighten",
                                      "tailcall",
                                      "wb",
                                      "ssa/rewrite_tern"};
    const char *at = strstr(w, "-d="), *kept = "";
    if (!at) return w;
    for (const char *p = at + 3; *p; p += strcspn(p, ","), p += *p == ',') {
        bool drop = false;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
            size_t n = strlen(own[i]);
            drop |= !strncmp(p, own[i], n) && (!p[n] || strchr("/=,", p[n]));
        }
        if (!drop) kept = xsprintf("%s%s%.*s", kept, *kept ? "," : "", (int)strcspn(p, ","), p);
    }
    return *kept ? xsprintf("%.*s-d=%s", (int)(at - w), w, kept) : NULL;
}

// A test's first line that is neither empty nor a constraint says what to do with it.
static const char *first_action(const char *p) {
    const char *action = "";
    while (!*action && *p) {
        size_t n = strcspn(p, "\n");
        const char *line = xstrndup(p, n);
        p += n + (p[n] == '\n');
        if (is_constraint(line)) continue;
        if (!strncmp(line, "//", 2)) line += 2;
        while (*line == ' ' || *line == '\t') line++;
        size_t m = strlen(line);
        while (m && strchr(" \t\r", line[m - 1])) m--;
        action = xstrndup(line, m);
    }
    return action;
}

// The action's flags, from words[1] on, some of which are the test runner's own; what is left is
// the compiler's and the program's.
static void read_test_flags(Test *t, const Args *words) {
    uint32_t i = 1;
    bool m = false, d = false;
    for (; i < words->len && words->data[i][0] == '-'; i++) {
        const char *w = words->data[i], *value = i + 1 < words->len ? words->data[i + 1] : "";
        bool valued = true;
        if (!strcmp(w, "-t"))
            t->seconds = atoi(value);
        else if (!strcmp(w, "-goexperiment"))
            t->run_env[t->nenv++] = xsprintf("GOEXPERIMENT=%s", value);
        else if (!strcmp(w, "-godebug"))
            t->run_env[t->nenv++] = xsprintf("GODEBUG=%s", value);
        else if (!strcmp(w, "-gomodversion"))
            t->go_version = value;
        else
            valued = false;
        if (valued)
            i++;
        else if (!strcmp(w, "-1"))
            t->want_error = true;
        else if (!strcmp(w, "-0"))
            t->want_error = false;
        else if (!strcmp(w, "-s"))
            t->single_file_packages = true;
        else if (!strcmp(w, "-ldflags")) { // those of gc's own linker: -k, -strictdups
            while (i + 1 < words->len && words->data[i + 1][0] == '-') i++;
        } else if (is_gcs_own(w)) {
            d |= !strncmp(w, "-live", 5);
        } else {
            const char *kept = without_debug_keys(w);
            if (kept) vec_push(&t->flags, kept);
            m |= !strncmp(w, "-m", 2);
            d |= !strncmp(w, "-d", 2) || !strncmp(w, "-live", 5);
        }
    }
    for (; i < words->len; i++) vec_push(&t->args, words->data[i]);
    t->kind = t->action;
    if (!strncmp(t->action, "errorcheck", 10) && m)
        t->kind = xsprintf("%s-m", t->action);
    else if (!strncmp(t->action, "errorcheck", 10) && d)
        t->kind = xsprintf("%s-d", t->action);
}

// Fills t from its file; false: not a test for this system, or not selected.
static bool read_test(Test *t) {
    if (!read_file(xsprintf("%s/%s", conf.test_dir, t->name), &t->src)) return false;
    Args words = split_quoted(first_action(t->src.p));
    if (!words.len) return false;
    const char *head_end = strstr(t->src.p, "\npackage");
    Str head = str_make(t->src.p, head_end ? (size_t)(head_end - t->src.p) + 1 : 0);
    // The loader's own constraint evaluation wants a package clause after the header.
    const char *text = xsprintf("%.*spackage p\n", (int)head.len, head.p);
    vec_push(&load_config.tags,
             "cgo"); // vole itself has it, what is loaded here for types2 has not
    bool matches = load_file_matches("x.go", str_c(text));
    load_config.tags.len--;
    if (!matches) return false;
    t->action = words.data[0];
    t->want_error = !strcmp(t->action, "errorcheck") || !strcmp(t->action, "errorcheckdir") ||
                    !strcmp(t->action, "errorcheckoutput") ||
                    !strcmp(t->action, "errorcheckwithauto");
    if (!strcmp(t->action, "errorcheckwithauto")) {
        t->action = "errorcheck";
        t->want_auto = true;
    }
    static const char *const actions[] = {"compile",    "compiledir",    "build",
                                          "builddir",   "buildrundir",   "run",
                                          "buildrun",   "runoutput",     "rundir",
                                          "runindir",   "asmcheck",      "errorcheckandrundir",
                                          "errorcheck", "errorcheckdir", "errorcheckoutput"};
    bool known = false;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        known |= !strcmp(actions[i], t->action);
    if (!known) return false; // "skip", or a file that is no test
    read_test_flags(t, &words);
    if (conf.kinds.len && !in_list(&conf.kinds, t->kind)) return false;
    if (conf.no_imports && (strstr(t->src.p, "\nimport ") || strstr(t->src.p, "\nimport(") ||
                            strstr(t->src.p, ";import ")))
        return false;
    return true;
}

// "name reason…" lines; # starts a comment. Values are reasons.
static void read_list(const char *path, PtrMap *out) {
    Str s;
    if (!read_file(path, &s)) die(xsprintf("cannot read %s", path));
    for (const char *p = s.p; *p;) {
        size_t n = strcspn(p, "\n"), w = strcspn(p, " \t\n");
        if (*p != '#' && w) {
            const char *r = p + w;
            while (r < p + n && (*r == ' ' || *r == '\t')) r++;
            strmap_put(out, intern(p, w), xstrndup(r, (size_t)(p + n - r)));
        }
        p += n + (p[n] == '\n');
    }
}

// go/types' own tests: files, and folders whose files are a package. columns is what types2's
// check_test.go grants each folder.
static void find_types2(const PtrMap *not_ours, const PtrMap *known, TestVec *tests) {
    static const struct {
        const char *dir;
        int columns;
    } dirs[] = {{"internal/types/testdata/check", 50},
                {"internal/types/testdata/spec", 20},
                {"internal/types/testdata/examples", 125},
                {"internal/types/testdata/fixedbugs", 100},
                {"cmd/compile/internal/types2/testdata/local", 0}};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        Args names = list_dir(xsprintf("%s/src/%s", conf.goroot, dirs[i].dir), "");
        for (vec_each(const char *, f, &names)) {
            Test t = {.name = xsprintf("%s/%s", dirs[i].dir, *f),
                      .action = "types2",
                      .kind = "types2",
                      .columns = dirs[i].columns};
            if (conf.names.len && !in_list(&conf.names, t.name)) continue;
            const char *path = xsprintf("%s/src/%s", conf.goroot, t.name);
            if (read_file(path, &t.src)) {
                if (!load_file_matches("x.go", t.src)) continue;
                if (!strncmp(t.src.p, "// -", 4))
                    t.flags = split_quoted(xstrndup(t.src.p + 3, strcspn(t.src.p + 3, "\n")));
            }
            t.not_ours = strmap_get(not_ours, intern_c(t.name));
            t.known = strmap_get(known, intern_c(t.name));
            vec_push(tests, t);
        }
    }
}

// The folders that cmd/internal/testdir has. The two lists hold a reason for each name.
static void find_tests(TestVec *tests) {
    static const char *const dirs[] = {
        ".",         "ken",     "chan", "interface", "internal/runtime/sys", "syntax", "dwarf",
        "fixedbugs", "codegen", "abi",  "typeparam", "typeparam/mdempsky",   "arenas", "simd"};
    PtrMap not_ours = {0}, known = {0};
    read_list(xsprintf("%s/testdata/conformance/not-ours.txt", conf.root), &not_ours);
    read_list(xsprintf("%s/testdata/conformance/known-failures.txt", conf.root), &known);
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        Args files = list_dir(xsprintf("%s/%s", conf.test_dir, dirs[i]), ".go");
        for (vec_each(const char *, f, &files)) {
            Test t = {.columns = -1, .name = i ? xsprintf("%s/%s", dirs[i], *f) : *f};
            if (conf.names.len && !in_list(&conf.names, t.name)) continue;
            if (!read_test(&t)) continue;
            t.not_ours = strmap_get(&not_ours, intern_c(t.name));
            t.known = strmap_get(&known, intern_c(t.name));
            vec_push(tests, t);
        }
    }
    if (!conf.kinds.len || in_list(&conf.kinds, "types2")) find_types2(&not_ours, &known, tests);
}

// ---- running them -------------------------------------------------------------------------------

static const char *test_dir_of(uint32_t i) { return xsprintf("%s/%u", conf.tmp, i); }

static void start(Test *t, uint32_t i) {
    const char *dir = test_dir_of(i);
    mkdir(dir, 0777);
    fflush(stdout);
    t->pid = fork();
    if (t->pid == 0) {
        work = dir;
        reason_path = xsprintf("%s/.reason", dir);
        run_test(t);
    }
}

// The child has left its reason in a file. A known failure that passes is told as well: its line
// can go.
static void finish(Test *t, uint32_t i, int status) {
    Str reason;
    const char *dir = test_dir_of(i);
    t->ran = true;
    t->passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!t->passed)
        t->reason = read_file(xsprintf("%s/.reason", dir), &reason)
                        ? reason.p
                        : "the runner's own child failed";
    Args rm = {0};
    vec_push(&rm, "rm");
    vec_push(&rm, "-rf");
    vec_push(&rm, dir);
    vec_push(&rm, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execvp("rm", (char *const *)rm.data);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    if (t->passed && conf.verbose) printf("ok %s [%s]\n", t->name, t->kind);
    if (t->passed && t->known)
        printf("PASS %s (listed as known failure: %s)\n", t->name, t->known);
    else if (!t->passed) {
        const char *r = t->reason;
        if (conf.verbose)
            printf("FAIL%s %s [%s]: %s\n", t->known ? " (known)" : "", t->name, t->kind, r);
        else
            printf("FAIL%s %s [%s]: %.*s\n", t->known ? " (known)" : "", t->name, t->kind,
                   (int)(strcspn(r, "\n") < 300 ? strcspn(r, "\n") : 300), r);
        if (!conf.verbose && !t->known && r[strcspn(r, "\n")]) { // one more line tells most
            r += strcspn(r, "\n") + 1;
            printf("\t%.*s\n", (int)(strcspn(r, "\n") < 300 ? strcspn(r, "\n") : 300), r);
        }
    }
    fflush(stdout);
}

// Status 0 as long as all failures are known ones; what is not ours counts nowhere.
static int report(const TestVec *tests) {
    Args kinds = {0};
    int passed = 0, failed = 0, known = 0, skipped = 0;
    for (vec_each(Test, t, tests))
        if (!in_list(&kinds, t->kind)) vec_push(&kinds, t->kind);
    if (kinds.len) qsort(kinds.data, kinds.len, sizeof *kinds.data, by_name);
    for (vec_each(const char *, k, &kinds)) {
        int p = 0, n = 0, other = 0;
        for (vec_each(Test, t, tests)) {
            if (strcmp(t->kind, *k)) continue;
            if (t->not_ours)
                other++;
            else {
                n++;
                p += t->passed;
            }
        }
        printf("%s: %d/%d", *k, p, n);
        if (other) printf(" (%d not ours)", other);
        putchar('\n');
    }
    for (vec_each(Test, t, tests)) {
        if (t->not_ours)
            skipped++;
        else if (t->passed)
            passed++;
        else if (t->known)
            known++;
        else
            failed++;
    }
    if (known) printf("known failures: %d\n", known);
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}

// Reads flags into conf; returns the file that lists the tests to run, or NULL for all.
static const char *read_arguments(int argc, char **argv) {
    const char *list = NULL;
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        bool valued = true;
        if (!strcmp(a, "--vole"))
            conf.vole = value;
        else if (!strcmp(a, "--goroot"))
            conf.goroot = value;
        else if (!strcmp(a, "--root"))
            conf.root = value;
        else if (!strcmp(a, "--kind"))
            vec_push(&conf.kinds, value);
        else if (!strcmp(a, "--imports"))
            conf.no_imports = !strcmp(value, "none");
        else if (!strcmp(a, "--opt"))
            conf.opt = xsprintf("-O%s", value);
        else if (!strcmp(a, "--list"))
            list = value;
        else if (!strcmp(a, "--timeout"))
            conf.timeout = atoi(value);
        else if (!strcmp(a, "-j"))
            conf.jobs = atoi(value);
        else
            valued = false;
        if (valued)
            i++;
        else if (!strcmp(a, "-v"))
            conf.verbose = true;
        else if (a[0] == '-')
            die(xsprintf("unknown flag %s", a));
        else
            vec_push(&conf.names, a);
    }
    return list;
}

// As many tests at a time as conf.jobs says, each in a child.
static void run_tests(TestVec *tests) {
    int running = 0;
    for (uint32_t next = 0; next < tests->len || running;) {
        while (next < tests->len && running < conf.jobs) {
            if (!tests->data[next].not_ours) {
                start(&tests->data[next], next);
                running++;
            }
            next++;
        }
        if (!running) break;
        int status;
        pid_t pid = wait(&status);
        for (uint32_t i = 0; i < tests->len; i++)
            if (tests->data[i].pid == pid && !tests->data[i].ran) {
                finish(&tests->data[i], i, status);
                running--;
            }
    }
}

// load_config is for the runner itself, which reads //go:build lines of tests with testdir's tags.
int main(int argc, char **argv) {
    const char *list = read_arguments(argc, argv);
    if (!conf.vole) die("--vole BIN is needed");
    if (!conf.root) conf.root = VOLE_SOURCE_DIR;
    if (!conf.goroot) {
        const char *err = NULL;
        conf.goroot = load_find_goroot(xsprintf("%s/build/deps/goroot", conf.root), &err);
        if (!conf.goroot) die(err);
    }
    conf.vole = realpath(conf.vole, NULL);
    if (!conf.vole) die("no such vole");
    conf.test_dir = xsprintf("%s/test", conf.goroot);
    if (access(conf.test_dir, R_OK)) die(xsprintf("%s is not there", conf.test_dir));
    if (list) {
        PtrMap names = {0};
        read_list(list, &names);
        for (uint32_t i = 0; i < names.cap; i++)
            if (names.keys[i]) vec_push(&conf.names, (const char *)names.keys[i]);
    }
    load_config.goarch = "amd64";
    load_config.goroot = conf.goroot;
    vec_push(&load_config.tags, "gc");
    vec_push(&load_config.tags, "test_run");
    setenv("GOROOT", conf.goroot, 1);
    // Tests hand it to the compiler, which finds the library without it.
    setenv("STDLIB_IMPORTCFG", "/dev/null", 1);
    char tmp[] = "/tmp/conformance.XXXXXX";
    if (!mkdtemp(tmp)) die("cannot make a temporary folder");
    conf.tmp = tmp;
    TestVec tests = {0};
    find_tests(&tests);
    run_tests(&tests);
    rmdir(tmp);
    return report(&tests);
}
