// build: from a program that is loaded and checked (program.c) to an executable. Each package that
// is not in the cache is compiled in a forked child, which inherits the checked packages, several
// at once; the objects are linked.
#include "cmd/vole/actiongraph.h"
#include "cmd/vole/cacheprog.h"
#include "cmd/vole/cgo.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- File names in programs ----

// As go tool compile's -trimpath rewrites them: prefix, or prefix=>other, with semicolons between.
static const char *rewrite(const char *path, const char *rules) {
    while (*rules) {
        size_t n = strcspn(rules, ";");
        char *prefix = xstrndup(rules, n), *arrow = strstr(prefix, "=>");
        if (arrow) *arrow = 0;
        if (has_path_prefix(path, prefix)) {
            const char *rest = path + strlen(prefix), *to = arrow ? arrow + 2 : "";
            return *to ? xsprintf("%s%s", to, rest) : *rest ? rest + 1 : rest;
        }
        rules += n + (rules[n] == ';');
    }
    return path;
}

// With -trimpath: module@version/file for what another module provides, vendored or replaced as it
// may be, else the import path. Up to go 1.16 go.mod does not name all modules; the cache's folders do.
const char *trimmed_dir(const Package *p) {
    const char *cached = strstr(p->dir, "/pkg/mod/");
    LoadModule m;
    if (!strcmp(program_heading(p), "command-line-arguments")) return ".";
    if (!p->in_goroot && load_module_of(p, &m) && !m.main)
        return xsprintf("%s@%s%s", m.path, m.version, p->path + strlen(m.path));
    if (p->in_goroot || !cached) return program_heading(p);
    Buf b = {0};
    for (const char *s = cached + strlen("/pkg/mod/"); *s; s++) { // !x is a capital there
        bool capital = s[0] == '!' && s[1];
        s += capital;
        buf_putc(&b, (char)(capital && *s >= 'a' && *s <= 'z' ? *s - 32 : *s));
    }
    return buf_str(&b);
}

static bool made_by_cgo(const SourceFile *src) {
    const char *slash = strrchr(src->path, '/');
    return src->recorded && !strcmp(src->recorded, slash ? slash + 1 : src->path);
}

const char *recorded_name(const Package *p, const SourceFile *src) {
    const char *slash = strrchr(src->path, '/'), *base = slash ? slash + 1 : src->path;
    if (made_by_cgo(src)) return base;
    if (options.trim_prefix) return rewrite(src->path, options.trim_prefix);
    if (options.trimpath) return xsprintf("%s/%s", trimmed_dir(p), base);
    // A file of the overlay's stands for one of GOROOT's.
    if (load_config.overlay && has_path_prefix(src->path, load_config.overlay))
        return xsprintf("%s/src/%s/%s", load_config.goroot, p->path, base);
    return src->path;
}

static void record_names(const Program *prog) {
    for (vec_each(Package *, p, &prog->all))
        for (vec_each(File *, f, &(*p)->files)) (*f)->src->recorded = recorded_name(*p, (*f)->src);
}

// ---- Compiling ----

// -json=0,DIR and -m=json.
static bool write_log(const Package *p, const char *records) {
    const char *path = p->is_main ? "main"
                       : options.compile_only && !options.import_path && p->path &&
                               !strcmp(p->path, "command-line-arguments")
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
    b.level = options.level;
    b.opt = midend_options.no_opt ? 0 : options.opt;
    b.race = options.race;
    b.listing = options.listing ? stderr : NULL;
    b.cgo_check = load_has_experiment("cgocheck2");
    b.pic = options.pic;
    const char *convert =
        midend_options.debug ? strstr(midend_options.debug, "converthash=") : NULL;
    b.saturate = convert && strchr("qy", convert[strlen("converthash=")]) &&
                 convert[strcspn(convert, ",y")] == 'y';
    return b;
}

// As go test: not in what fuzzing itself uses all the time.
bool package_counts_branches(const Package *p) {
    static const char not[] = "context internal/fuzz internal/godebug internal/runtime/maps "
                              "internal/sync reflect runtime sync sync/atomic syscall testing time";
    return options.fuzz && !flags_holds(not, p->path);
}

typedef struct Job {
    Package *pkg;
    // Where the object is made, its log beside it, and where both will be.
    const char *staged, *object, *log;
    const char *records, *part; // what -m=json prints; the package's part of -explain's page
    pid_t pid;
    uint32_t index;
    bool root, own, started, done; // own: tool compile's, which is not for the cache
    int status;
    const char *socket; // for -toolexec
    struct timespec begun, ended;
} Job;
typedef Vec(Job) JobVec;

// A child ends with this and errno when it could not write its files into the cache.
enum { NO_CACHE = 100 };

// gc takes no larger variables; neither would our linker, with less clear words.
static void check_symbols(const Unit *u) {
    static const int64_t most = 2000000000;
    for (vec_each(Global *, g, &u->globals)) {
        int64_t size = (*g)->external ? 0 : type_size((*g)->type);
        if (size <= most) continue;
        error_at((*g)->pos, "%s: symbol too large (%lld bytes > %lld bytes)", (*g)->symbol,
                 (long long)size, (long long)most);
    }
}

// Ends a child: _exit, for what the parent registered to be done at its own end is not the child's.
VOLE_NORETURN static void leave(const Job *j, int status) {
    fflush(NULL);
    if (!j->own && ferror(stderr) && !cache_given_up()) status = NO_CACHE + ENOSPC; // half a log
    _exit(status);
}

VOLE_NORETURN static void leave_unwritten(const Job *j, const char *path) {
    int e = errno;
    if (!j->own && !cache_given_up()) leave(j, NO_CACHE + e);
    fprintf(stderr, "vole: writing %s: %s\n", path, strerror(e));
    leave(j, 1);
}

static void describe_program(Package *p, BackendOptions *b) {
    load_init_order(p, &b->init_order);
    b->is_main = true;
    b->plugin = p->plugin_path != NULL;
    for (uint32_t i = 0; b->plugin && i < b->init_order.len; i++)
        vec_push(&b->init_keys, cache_key(b->init_order.data[i]));
    b->goroot = options.trimpath ? "" : load_config.goroot;
}

// It makes the key of the object known.
static bool write_uses(const Package *p, const char *path) {
    Str text = summary_uses();
    FILE *f = fopen(path, "wx");
    bool ok = f && fwrite(text.p, 1, text.len, f) == text.len;
    cache_set_uses(p, text);
    return f && fclose(f) == 0 && ok;
}

// In the child: compiles a package. What it made gets its final names when all of it is whole.
// Exits.
VOLE_NORETURN static void compile_child(Program *prog, Job *j) {
    Package *p = j->pkg;
    bool is_root = j->root;
    temp_forget();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    options.json = false; // the parent tells what stands in the log
    flags_for_package(p, is_root);
    record_names(prog);
    if (midend_options.bench) phase_begin();
    check_package_bodies(p);
    if (diagnostics.list.len) {
        program_report(p, NULL); // the heading stands above the log
        leave(j, 1);
    }
    Unit *u = midend_run(p);
    const char *summary = xsprintf("%s.esc", j->staged);
    if (!j->own && !summary_write(u, summary)) leave_unwritten(j, summary);
    const char *uses = xsprintf("%s.uses", j->staged);
    if (!j->own && !write_uses(p, uses)) leave_unwritten(j, uses);
    report_print(stderr);
    if (!is_root && options.compile_only) { // nobody asked for its object
        if (diagnostics.list.len) leave(j, 1);
        if (!cache_publish(p, j->staged)) leave_unwritten(j, j->object);
        leave(j, 0);
    }
    check_symbols(u);
    if (diagnostics.list.len) {
        program_report(p, NULL); // the heading stands above the log
        leave(j, 1);
    }
    BackendOptions b = backend_options_of();
    b.fuzz = package_counts_branches(p);
    if (!assembly_build(p, xsprintf("%s.asm", j->staged), &b)) leave(j, 1);
    if (optlog_enabled() && !write_log(p, j->records)) leave(j, 1);
    if (midend_options.explain && !explain_package(u, &b, j->part)) leave(j, 1);
    if (p->is_main && !options.compile_only) describe_program(p, &b);
    if (b.pic && !options.compile_only) b.key = cache_key(p);
    const char *err = NULL;
    errno = 0;
    if (!backend_compile(u, &b, BACKEND_OBJ, j->staged, &err)) {
        if (errno) leave_unwritten(j, j->staged);
        fprintf(stderr, "vole: %s: %s\n", p->path, err);
        leave(j, 1);
    }
    if (midend_options.bench) phase_write(midend_options.bench, p->path);
    if (!j->own && !cache_publish(p, j->staged)) leave_unwritten(j, j->object);
    leave(j, 0);
}

typedef struct Compiling {
    Program *prog;
    Job *job;
    int ws; // how it ended
} Compiling;

static int compile_beside(void *of) {
    Compiling *c = of;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) compile_child(c->prog, c->job);
    c->ws = 2 << 8;
    while (pid > 0 && waitpid(pid, &c->ws, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(c->ws) ? WEXITSTATUS(c->ws) : 2;
}

static void compile_words(const Job *j, StrVec *out) {
    const char *words[] = {"-o", j->staged, "-p", j->pkg->path};
    for (int i = 0; i < 4; i++) vec_push(out, words[i]);
    for (vec_each(File *, f, &j->pkg->files)) vec_push(out, (*f)->src->path);
}

// In the child: compiles where -toolexec's command runs the compiler.
VOLE_NORETURN static void compile_by_command(Program *prog, Job *j) {
    Compiling c = {prog, j, 0};
    StrVec words = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    compile_words(j, &words);
    int status = toolexec_run("compile", &words, program_id(j->pkg), j->socket, compile_beside, &c);
    fflush(NULL);
    if (WIFEXITED(c.ws) && WEXITSTATUS(c.ws) >= NO_CACHE) _exit(WEXITSTATUS(c.ws));
    if (WIFSIGNALED(c.ws)) { // an internal error is told by that
        signal(WTERMSIG(c.ws), SIG_DFL);
        raise(WTERMSIG(c.ws));
    }
    _exit(status);
}

static void copy_log(const Package *p, const char *path) {
    Str s;
    if (!read_file(path, &s) || !s.len) return;
    const char *heading = xsprintf("# %s\n", program_heading(p));
    if (options.compile_only && options.listing) { // where gc's has it
        fwrite(s.p, 1, s.len, stdout);
        return;
    }
    if (!options.compile_only) program_say(program_heading(p), heading, strlen(heading));
    program_say(program_heading(p), s.p, s.len);
}

static void progress(uint32_t done, uint32_t total, bool *shown, double since) {
    if (!isatty(2) || since < 1) return;
    fprintf(stderr, "\r\033[K%u of %u packages", done, total);
    *shown = true;
}

// Where a job's files are made and will be, once that is known.
static void place_job(Job *j) {
    if (j->own) {
        j->object = j->staged = xsprintf("%s/_go_.o", temp_dir());
        j->log = xsprintf("%s.log", j->staged);
        return;
    }
    j->object = cache_object(j->pkg);
    j->log = j->object ? xsprintf("%s.log", j->object) : NULL;
}

static bool is_job(const Program *prog, const Package *p, bool roots, const PtrMap *imported) {
    bool root = program_is_root(prog, p);
    return p != package_unsafe && (roots || !root) &&
           (root || !options.compile_only || ptrmap_has(imported, p));
}

// Is the job done, by what the cache has? Once its key is known.
static bool find_in_cache(Job *j) {
    flags_for_package(j->pkg, j->root);
    if (optlog_enabled() || j->own || options.rebuild)
        return false; // must be compiled to be told of
    if (!cache_has(j->pkg, !options.compile_only) || !cache_learn(j->pkg)) return false;
    j->started = j->done = true;
    if (midend_options.m || options.listing || j->root) copy_log(j->pkg, j->log);
    return true;
}

// The packages to compile, in dependency order. Those that are only compiled need what they import
// for its summaries (summary_write).
static void find_jobs(Program *prog, bool roots, JobVec *jobs) {
    PtrMap imported = {0};
    PackageVec missing = {0};
    for (vec_each(Package *, r, &prog->roots)) program_mark_imports(*r, &imported);
    for (vec_each(Package *, p, &prog->all)) {
        bool job = is_job(prog, *p, roots, &imported),
             own = options.compile_only && program_is_root(prog, *p);
        if (!job || own)
            cache_learn_whole(*p);
        else if (cacheprog_on() && !options.rebuild && !cache_has(*p, !options.compile_only))
            vec_push(&missing, *p);
    }
    cache_fetch(&missing);
    for (vec_each(Package *, p, &prog->all)) {
        bool root = program_is_root(prog, *p);
        if (!is_job(prog, *p, roots, &imported)) continue;
        Job j = {.pkg = *p, .root = root, .own = options.compile_only && root, .index = jobs->len};
        place_job(&j);
        flags_for_package(*p, root);
        if (optlog_enabled()) {
            j.records = xsprintf("%s/records%u", temp_dir(), jobs->len);
            j.part = xsprintf("%s/part%u", temp_dir(), jobs->len);
        }
        if (j.object) find_in_cache(&j);
        vec_push(jobs, j);
    }
}

// Gives a job that is about to start its place in the cache, or in what stands for it.
static bool stage_job(Job *j) {
    if (j->own) return true;
    if (!(j->staged = cache_stage(j->index))) {
        cache_give_up(strerror(errno));
        j->staged = cache_stage(j->index);
    }
    if (!j->staged) {
        fprintf(stderr, "vole: cannot write to %s: %s\n", temp_dir(), strerror(errno));
        return false;
    }
    cache_moved(j->pkg);
    place_job(j);
    return true;
}

// The name of the file that was read for src, -overlay's perhaps.
static const char *read_from(const SourceFile *src) {
    const char *actual = fsys_actual(src->path);
    return actual && strcmp(actual, src->path) != 0 ? load_display_path(actual) : src->display;
}

// Forks, so that the child has all checked packages at hand; its messages go into a log that is
// kept with the object and told again when the object is reused.
static bool start_job(Program *prog, Job *j) {
    if (options.verbose)
        program_say(program_heading(j->pkg), xsprintf("%s\n", j->pkg->path),
                    strlen(j->pkg->path) + 1);
    if (options.print_commands) {
        fprintf(stderr, "vole tool compile -o %s -p %s",
                j->object ? j->object : xsprintf("$WORK/%u.o", j->index), j->pkg->path);
        if (options.profile) fprintf(stderr, " -pgoprofile=%s", options.profile);
        for (vec_each(File *, f, &j->pkg->files)) fprintf(stderr, " %s", read_from((*f)->src));
        fputc('\n', stderr);
        flags_for_package(j->pkg, j->root);
        assembly_print(j->pkg);
    }
    j->started = true;
    if (options.dry_run) {
        cache_learn_whole(j->pkg);
        j->done = true;
        return true;
    }
    if (!stage_job(j)) return false;
    if (toolexec_on()) j->socket = xsprintf("%s/tool%u", temp_dir(), j->index);
    clock_gettime(CLOCK_REALTIME, &j->begun);
    fflush(NULL);
    j->pid = fork();
    if (j->pid) return true;
    int fd = open(xsprintf("%s.log", j->staged), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0666);
    if (fd < 0) leave_unwritten(j, j->staged);
    dup2(fd, 2);
    if (j->socket) compile_by_command(prog, j);
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

// The cache could not be written: the package is compiled once more, for a folder of this build's.
static void restart_job(Job *j, int reason) {
    cache_give_up(strerror(reason));
    j->started = j->done = false;
}

// A child that could not write into the cache asks for its package to be compiled once more,
// outside of it.
static void end_job(Job *j, int ws, int *status) {
    j->pid = 0;
    j->done = true;
    clock_gettime(CLOCK_REALTIME, &j->ended);
    j->status = WIFEXITED(ws) ? WEXITSTATUS(ws) : 2;
    if (j->status >= NO_CACHE) {
        restart_job(j, j->status - NO_CACHE);
        return;
    }
    Str uses;
    if (!j->status && !j->own && read_file(xsprintf("%s.uses", j->staged), &uses)) {
        cache_set_uses(j->pkg, uses);
        place_job(j);
    }
    if (j->status || j->own || !cache_learn(j->pkg)) cache_learn_whole(j->pkg);
    const char *log = xsprintf("%s.log", j->staged);
    bool quiet = options.compile_only && !j->root; // then it has no summary
    flags_for_package(j->pkg, j->root);
    if (!quiet) copy_log(j->pkg, access(log, F_OK) ? j->log : log);
    if (quiet) return;
    if (!WIFEXITED(ws)) {
        const char *text = xsprintf("%s: internal compiler error: %s; please report it\n",
                                    j->pkg->path, go_signal(WTERMSIG(ws)));
        program_say(program_heading(j->pkg), text, strlen(text));
    }
    if (j->status) program_failed(program_heading(j->pkg));
    if (j->status > *status) *status = j->status;
}

// Built before the packages that need it, by another process. Where the cache cannot be written, that
// is for this build alone.
static bool find_assembler(const JobVec *jobs) {
    bool wanted = false;
    for (vec_each(Job, j, jobs))
        wanted |= !j->done && j->pkg->assembly.len && !(options.compile_only && !j->root);
    if (wanted && !cache_stage(0)) cache_give_up(strerror(errno));
    return !wanted || assembly_prepare();
}

// As many children at a time as -p allows, each begun when what it imports is done; a failure lets
// those that run end.
static int run_jobs(Program *prog, JobVec *jobs) {
    PtrMap job_of = {0};
    uint32_t running = 0, finished = 0;
    for (vec_each(Job, j, jobs)) {
        ptrmap_put(&job_of, j->pkg, j);
        finished += j->done;
    }
    int status = 0;
    bool shown = false;
    if (!options.dry_run && !find_assembler(jobs)) return 1;
    struct timespec t0, now;
    clock_gettime(CLOCK_MONOTONIC, &t0);
    fflush(NULL);
    for (;;) {
        Job *next;
        while (running < (uint32_t)options.jobs && !status && (next = ready_job(jobs, &job_of))) {
            if (!next->object) { // what it imports is compiled, and may be to importers what it was
                place_job(next);
                if (find_in_cache(next)) {
                    finished++;
                    continue;
                }
            }
            if (!start_job(prog, next)) return 1;
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
            if (shown) fprintf(stderr, "\r\033[K");
            end_job(j, ws, &status);
            finished += j->done;
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        progress(finished, jobs->len, &shown, (double)(now.tv_sec - t0.tv_sec));
    }
    if (shown) fprintf(stderr, "\r\033[K");
    for (vec_each(Job, j, jobs)) {
        Str s;
        if (j->records && read_file(j->records, &s)) fwrite(s.p, 1, s.len, stdout);
    }
    cache_end_stage();
    return status;
}

// Gives what was compiled to $GOCACHEPROG's store.
static void share(const JobVec *jobs) {
    PackageVec compiled = {0};
    if (!cacheprog_on()) return;
    for (vec_each(Job, j, jobs))
        if (j->begun.tv_sec && j->done && !j->status && !j->own) vec_push(&compiled, j->pkg);
    cache_share(&compiled);
}

bool program_build_imports(Program *prog) {
    JobVec jobs = {0};
    if (!cache_open()) return false;
    cache_program_keys(prog);
    find_jobs(prog, false, &jobs);
    run_jobs(prog, &jobs);
    share(&jobs);
    return true;
}

// What gc's linker says; nobody else knows by then whether there is one.
static bool has_main_function(Package *p) {
    for (vec_each(Decl *, d, &p->funcs))
        if (!(*d)->func.recv && !strcmp((*d)->func.name->name.name, "main")) return true;
    const char *text =
        xsprintf("# %s\nruntime.main_main·f: function main is undeclared in the main package\n",
                 program_heading(p));
    program_say(program_heading(p), text, strlen(text));
    program_failed(program_heading(p));
    return false;
}

// What is left that nothing defines, in the words of gc's linker: a line for each function that
// refers to it. NULL: that is not why.
static const char *undefined_symbols(const Package *main, const char *said) {
    static const char begins[] = "error: undefined symbol: ", refers[] = ".o:(";
    Buf b = {0};
    const char *symbol = NULL;
    for (const char *line = said, *end; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        const char *text = xstrndup(line, (size_t)(end - line)), *at;
        if ((at = strstr(text, begins))) symbol = at + strlen(begins);
        if (!symbol || !(at = strstr(text, refers))) continue;
        at += strlen(refers);
        const char *close = strrchr(at, ')');
        if (!close) continue;
        int shown = (int)strcspn(symbol, "#"); // what follows keeps it apart from C's names
        text = xsprintf("%.*s: relocation target %.*s not defined\n", (int)(close - at), at, shown,
                        symbol);
        if (!b.len) buf_printf(&b, "# %s\n", program_heading(main));
        if (!strstr(buf_str(&b), text)) buf_puts(&b, text);
    }
    return b.len ? buf_str(&b) : NULL;
}

LinkKind program_link_kind(void) {
    switch (options.mode) {
    case MODE_PIE: return LINK_PIE;
    case MODE_PLUGIN: return LINK_PLUGIN;
    case MODE_C_SHARED: return LINK_C_SHARED;
    case MODE_C_ARCHIVE: return LINK_C_OBJECT;
    default: return LINK_PROGRAM;
    }
}

// What cmd/cgo wrote for C, beside the library.
static int put_header(const Package *main, const char *out) {
    if (!main->objects.len) return 0;
    const char *object = main->objects.data[0], *copy = xsprintf("%s/header", temp_dir());
    const char *made =
        xsprintf("%.*s/_cgo_install.h", (int)(strrchr(object, '/') - object), object);
    const char *dot = strrchr(out, '.'), *slash = strrchr(out, '/');
    int stem = (int)(dot && (!slash || dot > slash) ? dot - out : (long)strlen(out));
    if (access(made, F_OK)) return 0; // nothing is exported
    const char *to = xsprintf("%.*s.h", stem, out);
    if (output_copy(made, copy, O_CREAT | O_TRUNC)) return output_put_text(copy, to);
    fprintf(stderr, "vole: writing %s: %s\n", copy, strerror(errno));
    return 1;
}

// The archive for C: Go's object and C's. ar makes the index that linkers want.
static bool make_archive(const LinkOptions *link, const char *made, const char **err) {
    StrVec w = {0};
    const char *set = options.link.extar ? options.link.extar : getenv("AR");
    const char *said = xsprintf("%s.said", made);
    vec_push(&w, set && *set ? set : "ar");
    if (!(set && *set) && link->sysroot)
        w.data[0] = "llvm-ar-22";                 // knows objects of each architecture
    const char *how[] = {"-q", "-c", "-s", made}; // gc's order, for those who wrap it
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) vec_push(&w, how[i]);
    vec_push(&w, link->output);
    for (vec_each(const char *, o, &link->c_objects)) vec_push(&w, *o);
    int status = cgo_run(&w, temp_dir(), said, NULL);
    Str text = {0};
    if (status && status != 127) read_file(said, &text);
    if (status == 127)
        *err = xsprintf("cannot run %s, which makes archives (binutils has it; $AR names another)",
                        w.data[0]);
    else if (status)
        *err = xsprintf("%s: %s", w.data[0], text.len ? text.p : "failed");
    return !status;
}

typedef struct Linking {
    const LinkOptions *options;
    const char *made; // what comes out: the linker's output, or the archive of it
    const char *err;
} Linking;

static int link_here(void *of) {
    Linking *l = of;
    if (!backend_link(l->options, &l->err)) return 1;
    if (l->made == l->options->output || l->options->dry_run) return 0;
    unlink(l->made);
    return make_archive(l->options, l->made, &l->err) ? 0 : 1;
}

// 0: it is linked; else l->err says why not, or is NULL where that was said.
static int link_or_command(Linking *l, const Package *main) {
    if (!toolexec_on()) return link_here(l);
    StrVec words = {0};
    vec_push(&words, "-o");
    vec_push(&words, l->options->output);
    for (vec_each(const char *, o, &l->options->objects)) vec_push(&words, *o);
    return toolexec_run("link", &words, program_id(main), xsprintf("%s/link", temp_dir()),
                        link_here, l);
}

// A linker's message is told in gc's words where we know what lies behind it.
static int link_program(const Program *prog, const JobVec *jobs, const Package *main,
                        const char *out) {
    LinkOptions link = {0};
    link.goarch = options.goarch;
    link.output = xsprintf("%s/%s", temp_dir(), options.mode == MODE_C_ARCHIVE ? "go.o" : "a.out");
    link.runtime_dir = install_runtime(options.goarch);
    link.sysroot = install_sysroot(options.goarch);
    link.strip_debug = options.no_debug;
    link.strip_symbols = options.no_symbols;
    link.verbose = options.print_commands;
    link.dry_run = options.dry_run;
    PackageVec all = program_packages(prog, main);
    link.kind = program_link_kind();
    link.pic = options.pic;
    link.host = link.kind <= LINK_PIE && program_opens_plugins(&all);
    PtrMap wanted = {0};
    for (vec_each(Package *, p, &all)) ptrmap_put(&wanted, *p, *p);
    for (vec_each(Job, j, jobs))
        if (ptrmap_has(&wanted, j->pkg)) vec_push(&link.objects, j->object);
    for (vec_each(Package *, p, &all)) {
        for (vec_each(const char *, o, &(*p)->objects)) vec_push(&link.c_objects, *o);
        for (vec_each(const char *, f, &(*p)->ldflags)) vec_push(&link.c_flags, *f);
        for (vec_each(File *, f, &(*p)->files))
            for (vec_each(Name, e, &(*f)->exports)) vec_push(&link.exports, *e);
    }
    if (options.link.extldflags) {
        StrVec words = {0};
        flags_split(options.link.extldflags, &words);
        for (vec_each(const char *, w, &words)) vec_push(&link.ext_flags, *w);
    }
    link.rpath = options.link.rpath;
    const char *info = buildinfo_object(prog, main, &link);
    if (!info) return 1;
    if (options.race) // as gc's linker takes it from package runtime/race
        vec_push(&link.objects, xsprintf("%s/src/runtime/race/internal/amd64v%d/race_linux.syso",
                                         load_config.goroot, options.level.amd64 < 3 ? 1 : 3));
    vec_push(&link.objects, info);
    const char *made =
        link.kind == LINK_C_OBJECT ? xsprintf("%s/archive.a", temp_dir()) : link.output;
    Linking linking = {&link, made, NULL};
    if (link_or_command(&linking, main)) {
        const char *err = linking.err, *text = err ? undefined_symbols(main, err) : "";
        if (!text) text = xsprintf("vole: link: %s\n", err);
        program_say(program_heading(main), text, strlen(text));
        program_failed(program_heading(main));
        unlink(link.output);
        return 1;
    }
    if (options.dry_run) return 0;
    int status = output_put(made, out);
    bool for_c = link.kind == LINK_C_OBJECT || link.kind == LINK_C_SHARED;
    return status || !for_c ? status : put_header(main, out);
}

// An object goes to where -o says by a copy: it stays in the cache.
static int put_object(const Job *j, const char *out) {
    if (options.dry_run) return 0;
    if (j->own) return output_put(j->object, out);
    const char *copy = xsprintf("%s/object", temp_dir());
    if (output_copy(j->object, copy, O_CREAT | O_EXCL)) return output_put(copy, out);
    fprintf(stderr, "vole: writing %s: %s\n", copy, strerror(errno));
    return 1;
}

// Programs are linked to their places, objects of other packages copied out of the cache.
static int put_outputs(const Program *prog, const JobVec *jobs, ActionVec *links) {
    int status = 0;
    for (uint32_t i = 0; i < prog->roots.len && !status; i++) {
        Package *p = prog->roots.data[i];
        const char *out = i < prog->outputs.len ? prog->outputs.data[i] : NULL;
        if (p->is_main && !options.compile_only) {
            // Tested packages stand beside the main that runs them.
            if (!p->plugin_path && !has_main_function(p)) return 1;
            if (!out) continue;
            Action a = {.mode = "link", .package = program_heading(p), .target = out};
            clock_gettime(CLOCK_REALTIME, &a.ready);
            a.start = a.ready;
            status = link_program(prog, jobs, p, out);
            clock_gettime(CLOCK_REALTIME, &a.done);
            a.compiled = true;
            a.failed = status != 0;
            vec_push(links, a);
        } else if (out) {
            for (vec_each(Job, j, jobs))
                if (j->pkg == p) status = put_object(j, out);
        }
    }
    return status;
}

// -debug-actiongraph: the build as a whole, programs linked, packages.
static bool write_actions(const JobVec *jobs, ActionVec *links, bool failed) {
    ActionVec all = {0};
    PtrMap job_of = {0};
    uint32_t first = 1 + links->len;
    if (!options.actiongraph && !options.debug_trace) return true;
    for (vec_each(Job, j, jobs)) ptrmap_put(&job_of, j->pkg, j);
    vec_push(&all, ((Action){.mode = "build", .package = "", .failed = failed}));
    for (uint32_t i = 1; i < first; i++) vec_push(&all.data[0].deps, i);
    for (vec_each(Job, j, jobs))
        if (j->root) vec_push(&all.data[0].deps, first + j->index);
    for (vec_each(Action, l, links)) {
        for (vec_each(Job, j, jobs)) vec_push(&l->deps, first + j->index);
        vec_push(&all, *l);
    }
    for (vec_each(Job, j, jobs)) {
        Action a = {.mode = "build", .package = program_heading(j->pkg), .target = j->object};
        if (j->object) a.key = strrchr(j->object, '/') + 1;
        a.compiled = j->begun.tv_sec != 0;
        a.failed = j->status != 0;
        a.ready = a.start = j->begun;
        a.done = j->ended;
        for (vec_each(Package *, i, &j->pkg->imports)) {
            const Job *k = ptrmap_get(&job_of, *i);
            if (k) vec_push(&a.deps, first + k->index);
        }
        vec_push(&all, a);
    }
    return actiongraph_write(&all);
}

// Compiles what is not in the cache, then puts together what was asked for.
int program_build(Program *prog) {
    JobVec jobs = {0};
    ActionVec links = {0};
    if (!cache_open()) return 1;
    if (prog->profiles_differ) return pgo_build_apart(prog);
    cache_program_keys(prog);
    find_jobs(prog, true, &jobs);
    int status = run_jobs(prog, &jobs);
    if (!status && options.explain) {
        StrVec parts = {0};
        for (vec_each(Job, j, &jobs))
            if (j->root) vec_push(&parts, j->part);
        status = explain_page(&parts);
    }
    if (!status) status = put_outputs(prog, &jobs, &links);
    share(&jobs);
    if (!write_actions(&jobs, &links, status != 0)) status = 1;
    if (!status && !options.dry_run && prog->outputs.len) cache_trim();
    return status;
}
