// build: from arguments to an executable. Everything is loaded and checked in this process; each package that is not in the cache is then
// compiled in a forked child, which inherits the checked packages, several at once; the objects are linked.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The finished file tmp becomes out. A device or pipe is written to, never replaced: `-o /dev/null` is how one builds for the diagnostics alone.
static int put_output(const char *tmp, const char *out) {
    struct stat st;
    bool exists = stat(out, &st) == 0, ok = false;
    if (exists && S_ISDIR(st.st_mode)) {
        fprintf(stderr, "vole: build output \"%s\" already exists and is a directory\n", out);
        unlink(tmp);
        return 1;
    }
    if (!exists || S_ISREG(st.st_mode)) {
        ok = rename(tmp, out) == 0;
    } else {
        int from = open(tmp, O_RDONLY), to = open(out, O_WRONLY);
        char buf[1 << 16];
        ssize_t n = from < 0 || to < 0 ? -1 : 0;
        while (n >= 0 && (n = read(from, buf, sizeof buf)) > 0)
            for (ssize_t k, at = 0; at < n; at += k)
                if ((k = write(to, buf + at, (size_t)(n - at))) < 0) {
                    n = -1;
                    break;
                }
        ok = n == 0;
    }
    if (!ok) fprintf(stderr, "vole: %s: %s\n", out, strerror(errno));
    unlink(tmp);
    return !ok;
}

static const char *exe_dir(void) {
    static char dir[4096];
    if (dir[0]) return dir;
    ssize_t n = readlink("/proc/self/exe", dir, sizeof dir - 1);
    if (n <= 0) return ".";
    dir[n] = 0;
    *strrchr(dir, '/') = 0;
    return dir;
}
const char *install_runtime(const char *goarch) { return xsprintf("%s/../lib/vole/%s", exe_dir(), goarch); }
const char *install_overlay(void) { return xsprintf("%s/../lib/vole/overlay", exe_dir()); }
const char *install_setup_goroot(void) { return VOLE_SETUP_GOROOT; }

static int report(const char *heading) {
    // What the loader says has no position of its own; go list stops there, and nothing is compiled.
    uint32_t kept = 0, listed = 0;
    for (vec_each(Diagnostic, d, &diagnostics.list)) listed += !d->pos;
    for (uint32_t i = 0; listed && i < diagnostics.list.len; i++)
        if (!diagnostics.list.data[i].pos) diagnostics.list.data[kept++] = diagnostics.list.data[i];
    if (listed) diagnostics.list.len = kept, heading = NULL;
    if (heading) fprintf(stderr, "# %s\n", heading);
    diagnostics_print(stderr, options.all_errors ? 0 : 10);
    return 1;
}

// What stands above a package's diagnostics.
static const char *heading_of(const Package *p) {
    const char *t = options.for_test;
    if (t && (!strcmp(p->path, t) ? p->test_files != 0 : !strcmp(p->path, xsprintf("%s_test", t))))
        return xsprintf("%s [%s.test]", p->path, t);
    bool files = options.args.len && ends_with(options.args.data[0], ".go");
    return files && p->is_main ? "command-line-arguments" : p->path;
}

// importcfg lines `packagesource path=file,file`: packages that exist only for this build (local imports of Go's test folders).
static bool read_importcfg(const char *path) {
    Str s;
    if (!read_file(path, &s)) {
        fprintf(stderr, "vole: open %s: %s\n", path, strerror(errno));
        return false;
    }
    for (const char *p = s.p; *p;) {
        size_t n = strcspn(p, "\n");
        char *line = xstrndup(p, n);
        p += n + (p[n] == '\n');
        char *eq = strchr(line, '=');
        if (strncmp(line, "packagesource ", 14) || !eq) continue;
        *eq = 0;
        StrVec files = {0};
        for (char *f = strtok(eq + 1, ","); f; f = strtok(NULL, ",")) vec_push(&files, xstrdup(f));
        Package *pkg = load_files(files.data, files.len, line + 14);
        if (!pkg) continue;
        pkg->incomplete = !options.complete;
        ptrmap_put(&load_config.extra, intern_c(line + 14), pkg);
        const char *prefix = options.local_prefix;
        if (prefix && !strncmp(line + 14, prefix, strlen(prefix)) && line[14 + strlen(prefix)] == '/')
            ptrmap_put(&load_config.extra, intern_c(xsprintf("./%s", line + 14 + strlen(prefix) + 1)), pkg);
    }
    return true;
}

bool program_setup(void) {
    const char *err = NULL;
    universe_init();
    load_config.goroot = load_find_goroot(install_setup_goroot(), &err);
    if (!load_config.goroot) {
        fprintf(stderr, "vole: %s\n", err);
        return false;
    }
    load_config.overlay = install_overlay();
    load_config.goarch = options.goarch;
    load_config.work_dir = getcwd(NULL, 0);
    load_config.std = options.std;
    load_config.importcfg = options.importcfg != NULL;
    for (vec_each(const char *, t, &options.tags)) vec_push(&load_config.tags, *t);
    const char *experiments = getenv("GOEXPERIMENT");
    if (!load_experiments(experiments ? experiments : "", &err)) {
        fprintf(stderr, "vole: %s\n", err);
        exit(2); // as for flags that there are not
    }
    if (!options.compile_only && (err = load_module_error())) {
        fprintf(stderr, "%s\n", err);
        return false;
    }
    return !options.importcfg || read_importcfg(options.importcfg);
}

static bool names_files(void) { return options.args.len && (options.files_only || ends_with(options.args.data[0], ".go")); }

static bool has_errors(void) { return diagnostics.list.len > diagnostics.lexical_errors || diagnostics.syntax_errors; }

bool program_load(Program *prog, bool need_main) {
    const char *err = NULL;
    if (!program_setup()) return false;
    if (names_files()) {
        for (vec_each(const char *, a, &options.args)) {
            if (!options.files_only && !ends_with(*a, ".go")) {
                fprintf(stderr, "named files must be .go files: %s\n", *a);
                return false;
            }
            if (access(*a, R_OK)) {
                fprintf(stderr, "no required module provides package %s; to add it:\n\tgo get %s\n", *a, *a);
                return false;
            }
        }
        Package *p =
            load_files(options.args.data, options.args.len, options.import_path ? options.import_path : "command-line-arguments");
        if (p) {
            // As go tool compile without -complete; who names the packages to import by a file stands in for go build.
            p->incomplete = (options.compile_only || options.importcfg) && !options.complete;
            p->std = options.std;
            if (options.lang) p->go_version = options.lang;
            vec_push(&prog->roots, p);
        }
    } else {
        static const char *here = ".";
        const char **pats = options.args.len ? options.args.data : &here;
        if (!load_patterns(pats, options.args.len ? options.args.len : 1, &prog->roots, &err) && err) {
            fprintf(stderr, "%s\n", err);
            return false;
        }
    }
    if (has_errors()) {
        report(prog->roots.len && diagnostics.syntax_errors && !options.compile_only ? heading_of(prog->roots.data[0]) : NULL);
        return false;
    }
    if (!prog->roots.len) return false;
    if (need_main && !prog->roots.data[0]->is_main) {
        fprintf(stderr, "package %s is not a main package\n", prog->roots.data[0]->path);
        return false;
    }
    return program_order(prog);
}

bool program_order(Program *prog) {
    const char *err = NULL;
    PackageVec roots = {0};
    Package *rt = load_package("runtime", &err);
    if (rt)
        vec_push(&roots, rt);
    else if (!options.compile_only) {
        fprintf(stderr, "vole: %s\n", err);
        return false;
    }
    for (vec_each(Package *, p, &prog->roots)) vec_push(&roots, *p);
    load_dependency_order(roots.data, roots.len, &prog->all);
    if (diagnostics.list.len > diagnostics.lexical_errors) {
        report(NULL);
        return false;
    }
    bool program = false;
    for (vec_each(Package *, p, &prog->roots)) program |= (*p)->is_main;
    prog->godebug = "";
    if (!program || options.compile_only) return true;
    uint32_t before = diagnostics.list.len;
    prog->godebug = load_godebug(prog->roots.data, prog->roots.len);
    if (diagnostics.list.len == before) return true;
    report(heading_of(prog->roots.data[0]));
    return false;
}

// -X sets strings only.
static bool check_link_strings(Program *prog) {
    bool ok = true;
    for (vec_each(LinkString, s, &options.strings))
        for (vec_each(Package *, p, &prog->all)) {
            if (strcmp(s->path, (*p)->is_main ? "main" : (*p)->path)) continue;
            for (vec_each(Object *, o, &(*p)->scope->objects)) {
                if ((*o)->kind != O_VAR || strcmp((*o)->name, s->def.name) || under((*o)->type)->kind == T_STRING) continue;
                if (ok) fprintf(stderr, "# %s\n", heading_of(*p));
                fprintf(stderr, "%s.%s: cannot set with -X: not a var of type string (type:%s)\n", s->path, s->def.name,
                        type_string((*o)->type));
                ok = false;
            }
        }
    return ok;
}

// Checks p after what it imports, unless that has errors. False if some package that was not seen before has.
static bool check_from(Program *prog, Package *p, PtrMap *seen) {
    if (ptrmap_has(seen, p)) return true;
    ptrmap_put(seen, p, p);
    bool ok = true;
    for (vec_each(Package *, i, &p->imports)) {
        ok &= check_from(prog, *i, seen);
        p->has_errors |= (*i)->has_errors;
    }
    if (p->has_errors) return ok;
    if (p->in_goroot)
        check_package_decls(p);
    else
        check_package_bodies(p);
    bool root = false;
    for (vec_each(Package *, r, &prog->roots)) root |= *r == p;
    if (diagnostics.list.len <= (root ? 0 : diagnostics.lexical_errors)) return ok;
    report(options.compile_only ? NULL : heading_of(p));
    diagnostics = (Diagnostics){0};
    p->has_errors = true;
    return false;
}

bool program_check(Program *prog) {
    PtrMap seen = {0};
    bool ok = true;
    for (vec_each(Package *, p, &prog->roots)) ok &= check_from(prog, *p, &seen); // in go's order
    for (vec_each(Package *, p, &prog->all)) ok &= check_from(prog, *p, &seen);
    return ok && check_link_strings(prog);
}

// -json=0,DIR and -m=json.
static bool write_log(const Package *p, const char *records) {
    const char *path = p->is_main ? "main"
                       : options.compile_only && !options.import_path && p->path && !strcmp(p->path, "command-line-arguments")
                           ? "<unlinkable>"
                           : p->path;
    LogHeader h = {path, options.goarch, load_go_version()};
    const char *err = NULL;
    if (midend_options.log_dir && !optlog_write(midend_options.log_dir, &h, &err)) {
        fprintf(stderr, "vole: %s\n", err);
        return false;
    }
    if (!midend_options.log_print) return true;
    FILE *f = fopen(records, "w");
    if (f) optlog_print(f, &h);
    return f && !fclose(f);
}

static BackendOptions backend_options_of(void) {
    BackendOptions b = {0};
    backend_options_default(&b);
    b.goarch = options.goarch;
    b.opt = midend_options.no_opt ? 0 : options.opt;
    b.debug_info = !options.no_debug;
    const char *convert = midend_options.debug ? strstr(midend_options.debug, "converthash=") : NULL;
    b.saturate = convert && strchr("qy", convert[strlen("converthash=")]) && convert[strcspn(convert, ",y")] == 'y';
    return b;
}

typedef struct Job {
    Package *pkg;
    const char *object, *log, *new_log;
    const char *records, *part; // what -m=json prints; the package's part of -explain's page
    pid_t pid;
    bool root, started, done;
    int status;
} Job;
typedef Vec(Job) JobVec;

// gc's linker takes no larger variables; neither would ours, with less clear words.
static bool check_symbols(const Unit *u) {
    static const int64_t most = 2000000000;
    bool ok = true;
    for (vec_each(Global *, g, &u->globals)) {
        int64_t size = (*g)->external ? 0 : type_size((*g)->type);
        if (size <= most) continue;
        fprintf(stderr, "%s: symbol too large (%lld bytes > %lld bytes)\n", (*g)->symbol, (long long)size, (long long)most);
        ok = false;
    }
    return ok;
}

// Ends a child: _exit, for what the parent registered to be done at its own end is not the child's.
VOLE_NORETURN static void leave(int status) {
    fflush(NULL);
    _exit(status);
}

// In the child: compiles a package. Its log, then its object get their final names when they are whole. Exits.
static void compile_child(Program *prog, Job *j) {
    Package *p = j->pkg;
    bool is_root = j->root;
    const char *out = j->object;
    flags_for_package(p, is_root);
    if (midend_options.bench) phase_begin();
    check_package_bodies(p);
    if (diagnostics.list.len) {
        report(NULL); // the heading stands above the log
        leave(1);
    }
    Unit *u = midend_run(p);
    if (!is_root || !options.compile_only) escape_write_summary(u, cache_summary(p));
    report_print(stderr);
    if (!is_root && options.compile_only) leave(diagnostics.list.len > 0); // nobody asked for its object
    if (diagnostics.list.len) {
        report(NULL); // the heading stands above the log
        leave(1);
    }
    if (!options.compile_only && !check_symbols(u)) leave(1);
    BackendOptions b = backend_options_of();
    if (optlog_enabled() && !write_log(p, j->records)) leave(1);
    if (midend_options.explain && !explain_package(u, &b, j->part)) leave(1);
    if (p->is_main && !options.compile_only) {
        load_init_order(p, &b.init_order);
        b.is_main = true;
        const char *godebug = *prog->godebug ? xsprintf("build\tDefaultGODEBUG=%s\n", prog->godebug) : "";
        b.build_info = xsprintf("path\t%s\nbuild\t-compiler=gc\n%sbuild\tGOARCH=%s\nbuild\tGOOS=linux\n", heading_of(p), godebug,
                                options.goarch);
        b.goroot = options.trimpath ? "" : load_config.goroot;
    }
    const char *tmp = xsprintf("%s.%d", out, (int)getpid());
    const char *err = NULL;
    if (!backend_compile(u, &b, BACKEND_OBJ, tmp, &err)) {
        fprintf(stderr, "vole: %s: %s\n", p->path, err);
        unlink(tmp);
        leave(1);
    }
    if (midend_options.bench) phase_write(midend_options.bench, p->path);
    fflush(NULL);
    rename(j->new_log, j->log);
    int status = put_output(tmp, out);
    leave(status);
}

static void copy_log(const Package *p, const char *path) {
    Str s;
    if (!read_file(path, &s) || !s.len) return;
    if (!options.compile_only) fprintf(stderr, "# %s\n", heading_of(p));
    fwrite(s.p, 1, s.len, stderr);
}

static bool is_root(Program *prog, Package *p) {
    for (vec_each(Package *, r, &prog->roots))
        if (*r == p) return true;
    return false;
}

static void progress(uint32_t done, uint32_t total, bool *shown, double since) {
    if (!isatty(2) || since < 1) return;
    fprintf(stderr, "\r\033[K%u of %u packages", done, total);
    *shown = true;
}

static void mark_imports(const Package *p, PtrMap *seen) {
    for (vec_each(Package *, i, &p->imports)) {
        if (ptrmap_has(seen, *i)) continue;
        ptrmap_put(seen, *i, *i);
        mark_imports(*i, seen);
    }
}

// The packages to compile, in dependency order. Those that are only compiled need what they import for its summaries (escape_write_summary).
static void find_jobs(Program *prog, bool roots, JobVec *jobs) {
    PtrMap imported = {0};
    for (vec_each(Package *, r, &prog->roots)) mark_imports(*r, &imported);
    for (vec_each(Package *, p, &prog->all)) {
        bool root = is_root(prog, *p);
        if (*p == package_unsafe || (root && !roots) || (!root && options.compile_only && !ptrmap_has(&imported, *p))) continue;
        Job j = {.pkg = *p, .object = cache_object(*p), .root = root};
        j.log = xsprintf("%s.log", j.object);
        if (options.compile_only && root) {
            j.object = options.output ? options.output : xsprintf("%s/_go_.o", temp_dir());
            j.log = xsprintf("%s/_go_.log", temp_dir());
        }
        flags_for_package(*p, root);
        if (optlog_enabled()) { // must be compiled to be told of
            j.records = xsprintf("%s/records%u", temp_dir(), jobs->len);
            j.part = xsprintf("%s/part%u", temp_dir(), jobs->len);
        } else if (!(options.compile_only && root) && !options.rebuild &&
                   cache_has(options.compile_only ? cache_summary(*p) : j.object)) {
            j.started = j.done = true;
            if (midend_options.m || j.root) copy_log(*p, j.log);
        }
        j.new_log = xsprintf("%s.%d", j.log, (int)getpid());
        vec_push(jobs, j);
    }
}

static void start_job(Program *prog, Job *j) {
    if (options.verbose) fprintf(stderr, "%s\n", j->pkg->path);
    if (options.print_commands) {
        fprintf(stderr, "vole tool compile -o %s -p %s", j->object, j->pkg->path);
        for (vec_each(File *, f, &j->pkg->files)) fprintf(stderr, " %s", (*f)->src->display);
        fputc('\n', stderr);
    }
    j->started = true;
    if (options.dry_run) {
        j->done = true;
        return;
    }
    j->pid = fork();
    if (j->pid) return;
    int fd = open(j->new_log, O_CREAT | O_TRUNC | O_WRONLY, 0666);
    if (fd >= 0) dup2(fd, 2);
    compile_child(prog, j);
}

// The first package whose imports are all compiled, or NULL.
static Job *ready_job(JobVec *jobs, const PtrMap *job_of) {
    for (vec_each(Job, j, jobs)) {
        if (j->started) continue;
        bool ready = true;
        for (vec_each(Package *, i, &j->pkg->imports)) {
            Job *k = ptrmap_get(job_of, *i);
            ready = ready && (!k || k->done);
        }
        if (ready) return j;
    }
    return NULL;
}

static void end_job(Job *j, int ws, int *status) {
    j->pid = 0;
    j->done = true;
    j->status = WIFEXITED(ws) ? WEXITSTATUS(ws) : 2;
    bool quiet = options.compile_only && !j->root; // then it has no summary
    if (!quiet) copy_log(j->pkg, access(j->new_log, F_OK) ? j->log : j->new_log);
    unlink(j->new_log);
    if (quiet) return;
    if (!WIFEXITED(ws))
        fprintf(stderr, "%s: internal compiler error: %s; please report it\n", j->pkg->path, strsignal(WTERMSIG(ws)));
    if (j->status > *status) *status = j->status;
}

static int run_jobs(Program *prog, JobVec *jobs) {
    PtrMap job_of = {0};
    uint32_t running = 0, finished = 0;
    for (vec_each(Job, j, jobs)) {
        ptrmap_put(&job_of, j->pkg, j);
        finished += j->done;
    }
    int status = 0;
    bool shown = false;
    struct timespec t0, now;
    clock_gettime(CLOCK_MONOTONIC, &t0);
    fflush(NULL);
    for (;;) {
        Job *next;
        while (running < (uint32_t)options.jobs && !status && (next = ready_job(jobs, &job_of))) {
            start_job(prog, next);
            if (options.dry_run) continue;
            if (next->pid < 0) {
                fprintf(stderr, "vole: fork: %s\n", strerror(errno));
                return 1;
            }
            running++;
        }
        if (!running) break;
        int ws;
        pid_t pid = wait(&ws);
        for (vec_each(Job, j, jobs)) {
            if (j->pid != pid) continue;
            running--;
            finished++;
            if (shown) fprintf(stderr, "\r\033[K");
            end_job(j, ws, &status);
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        progress(finished, jobs->len, &shown, (double)(now.tv_sec - t0.tv_sec));
    }
    if (shown) fprintf(stderr, "\r\033[K");
    for (vec_each(Job, j, jobs)) {
        Str s;
        if (j->records && read_file(j->records, &s)) fwrite(s.p, 1, s.len, stdout);
    }
    return status;
}

void program_build_imports(Program *prog) {
    JobVec jobs = {0};
    cache_program_keys(prog);
    find_jobs(prog, false, &jobs);
    run_jobs(prog, &jobs);
}

// What gc's linker says; nobody else knows by then whether there is one.
static bool has_main_function(Package *p) {
    for (vec_each(Decl *, d, &p->funcs))
        if (!(*d)->func.recv && !strcmp((*d)->func.name->name.name, "main")) return true;
    fprintf(stderr, "# %s\nruntime.main_main·f: function main is undeclared in the main package\n", heading_of(p));
    return false;
}

int program_build(Program *prog, const char *out) {
    JobVec jobs = {0};
    cache_program_keys(prog);
    find_jobs(prog, true, &jobs);
    int status = run_jobs(prog, &jobs);
    if (!status && options.explain) {
        StrVec parts = {0};
        for (vec_each(Job, j, &jobs))
            if (j->root) vec_push(&parts, j->part);
        status = explain_page(&parts);
    }
    if (status || !out || options.compile_only) return status;
    for (vec_each(Package *, r, &prog->roots)) // tested packages stand beside the main that runs them
        if ((*r)->is_main && !has_main_function(*r)) return 1;
    LinkOptions link = {0};
    link.goarch = options.goarch;
    link.output = xsprintf("%s.%d", out, (int)getpid());
    link.runtime_dir = install_runtime(options.goarch);
    link.sysroot = !strcmp(options.goarch, "arm64") ? VOLE_ARM64_SYSROOT : NULL;
    link.strip_debug = options.no_debug;
    link.verbose = options.print_commands;
    link.dry_run = options.dry_run;
    for (vec_each(Job, j, &jobs)) vec_push(&link.objects, j->object);
    const char *err = NULL;
    if (!backend_link(&link, &err)) {
        fprintf(stderr, "vole: link: %s\n", err);
        unlink(link.output);
        return 1;
    }
    if (options.dry_run) return 0;
    cache_trim();
    return put_output(link.output, out);
}
