// robust: does the compiler survive any text? Comes in: Go files, each taken as a package of its
// own, and import paths. A file is parsed and checked whole and cut off at every 97th byte, or with
// --mutants as texts in which random tokens were deleted, repeated or replaced; a package is taken
// as it is. With --compile what has no errors goes on to an object file, which is thrown away. Goes
// out: a line for each text on which the compiler crashed, hung or met a broken invariant; exit
// status 1 if there was one.
//
// A forked child goes through texts and keeps in shared memory which one it is at, so that its end
// can be attributed; the next child goes on behind it. Children are replaced after some megabytes
// of text, since nothing is ever freed, and after each object, since the backend compiles one unit
// in a process. What the files import is checked before the first fork.
//
// A large file is parsed once for all its cuts from a quarter of a megabyte on: before the parser
// gets the token that reads up to a cut or across it, the child forks, and in the fork the text
// ends there. So a cut costs a fork and what comes after it, not the parsing of all that stands
// before it.
//   robust [--broken] [--compile] [--dump] [--cuts N | --mutants N [--seed S]] [--seconds S]
//   [--budget S] [--keep DIR] [--O N]
//          [compiler flags] FILE.go… PACKAGE…
//     --cuts N     at most so many cuts a file, evenly spread; 0: whole files alone
//     --mutants N  so many mutants of each file; the same ones for the same seed
//     --broken     what has errors of syntax is checked, too, which the compiler does not do
//     --dump       what --emit prints is made, too
//     --seconds, --budget  limits for a text and for the whole run
//     --keep DIR   writes the texts that failed
//     --take N     only so many of the files, drawn by the seed
//     --against GC --importcfg FILE  what gc's compiler GC says is compared, and what differs
//                                    printed by class; a file of GOROOT/src is
//                  taken with the rest of its package. Nothing comes to a backend; --keep writes
//                  what differs.
//     --O N        LLVM's level (0); our own passes are on, but for compiler flags as `vole tool
//                  compile` takes them
#include "backend/backend.h"
#include "cmd/robust/robust.h"
#include "cmd/vole/vole.h"
#include "frontend/lexer.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__has_include) && __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum { STEP = 97, CHILD_BYTES = 32 << 20, FORK_FROM = 256 << 10 };
enum { PEEK = 8 }; // more than the lexer looks at behind a token

typedef struct Subject {
    const char *path; // of a file
    Str text;         // its whole text
    PathVec files;    // of the package that it belongs to, with itself; none: it is one of its own
    const char *in;   // that package's import path, or the file's own path
    Package *pkg;     // or a package
} Subject;

typedef struct Progress {
    uint32_t subject, variant;
    uint64_t texts, bytes, objects, failures;
} Progress;

static Progress *at;
static Vec(Subject) subjects;
static bool cut = true, check_broken, compile, dump;
static size_t max_cuts;
static uint32_t mutants;
static uint64_t seed = 1;
static int seconds = 20, budget, llvm_level;
static const char *keep;
static uint32_t take;
static Against *against; // or NULL
static char *said;       // what vole says of a text that is compared
static FILE *null;

// ---- cuts and mutants of a text ----

static size_t step_of(size_t len) {
    size_t step = STEP;
    if (max_cuts && len / STEP > max_cuts) step = (len / max_cuts / STEP + 1) * STEP;
    return step;
}

static uint32_t cut_count(Str s) {
    return cut && s.len ? (uint32_t)((s.len - 1) / step_of(s.len)) : 0;
}
// Text 0 is the whole one.
static size_t cut_at(Str s, uint32_t variant) { return variant ? variant * step_of(s.len) : s.len; }

static Str variant_text(const Subject *sub, uint32_t variant) {
    return mutants ? mutate(sub->path, sub->text, seed, variant)
                   : str_make(sub->text.p, cut_at(sub->text, variant));
}

// In memory of exactly its size, so that reads past the end are found.
static Str copy_text(Str s) {
    char *copy = malloc(s.len + 1);
    memcpy(copy, s.p, s.len);
    copy[s.len] = 0;
    return str_make(copy, s.len);
}

// ---- cuts, each a fork of the process that parses the whole file ----

static const Subject *being_cut;
static char *cut_text; // a copy of its text
static bool in_cut;    // this is such a fork

static void report(int status);

static bool cuts_left(void) { return being_cut && at->variant <= cut_count(being_cut->text); }

// True in the fork, where the text is to end at the cut; false when the fork is over.
static bool fork_cut(void) {
    alarm(0);
    pid_t pid = fork();
    if (pid == 0) {
        in_cut = true;
        alarm((unsigned)seconds);
        return true;
    }
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid) ice("%s", strerror(errno));
    if (status) report(status);
    at->variant++;
    alarm((unsigned)seconds);
    return false;
}

static Str cut_off(void) {
    Str s = str_make(cut_text, cut_at(being_cut->text, at->variant));
    cut_text[s.len] = 0;
    ASAN_POISON_MEMORY_REGION(cut_text + s.len + 1, being_cut->text.len - s.len);
    being_cut = NULL;
    return s;
}

// The linker lets the parser's calls of lexer_next come to lexer_next_or_cut (--wrap).
void lexer_next_uncut(Lexer *l) __asm__("__real_lexer_next");
void lexer_next_or_cut(Lexer *l) __asm__("__wrap_lexer_next");

static size_t reads_up_to(Lexer l) {
    Diagnostics before = diagnostics;
    l.again = true;
    l.directive = NULL;
    lexer_next_uncut(&l);
    diagnostics = before;
    return (size_t)(l.p - l.text);
}

void lexer_next_or_cut(Lexer *l) {
    if (being_cut && l->text == cut_text) {
        size_t reach = reads_up_to(*l);
        while (cuts_left() && cut_at(being_cut->text, at->variant) < reach + PEEK) {
            if (!fork_cut()) continue;
            l->src->text = cut_off();
            l->end = l->text + l->src->text.len;
        }
    }
    lexer_next_uncut(l);
}

// ---- the stages ----

static char scratch[] = "/tmp/robust-XXXXXX"; // what compiling writes

static void dump_unit(const Unit *u) {
    for (vec_each(Func *, f, &u->funcs)) {
        dump_ir(null, *f);
        if ((*f)->ssa) dump_ssa(null, (*f)->ssa);
    }
}

// Beside gc the frontend's verdict is asked for alone, so no object is made.
static void compile_package(Package *p) {
    flags_for_package(p, true);
    Unit *u = midend_run(p);
    report_print(null);
    if (diagnostics.list.len) return;
    if (dump) dump_unit(u);
    if (against) return;
    // Renames what it wrote, which a device must not be replaced by.
    summary_write(u, scratch);
    BackendOptions b = {0};
    backend_options_default(&b);
    b.goarch = options.goarch;
    b.opt = llvm_level;
    b.debug_info = true;
    const char *err = NULL;
    if (!backend_compile(u, &b, BACKEND_OBJ, scratch, &err)) ice("%s", err);
    at->objects++;
}

// Did it come to a backend?
static bool try_package(Package *p) {
    at->texts++;
    bool parsed = diagnostics.list.len == diagnostics.lexical_errors && !diagnostics.syntax_errors;
    if (parsed || check_broken) check_package_bodies(p);
    if (dump && !diagnostics.list.len) dump_types(null, p);
    bool compiles = compile && !diagnostics.list.len;
    if (compiles) compile_package(p);
    size_t len;
    FILE *out = against ? open_memstream(&said, &len) : null;
    diagnostics_print(out, 10);
    if (against) fclose(out);
    diagnostics = (Diagnostics){0};
    return compiles;
}

// A text and, by children forked while it is parsed, all that it could have been cut off to.
static bool try_text(const Subject *sub, Str text) {
    const char *path = sub->path;
    load_config.std = sub->files.len > 0;
    Package *p = load_text(sub->in, path, text, &sub->files);
    while (cuts_left()) // the parser gave up before them
        if (fork_cut()) p = load_text(sub->in, path, cut_off(), &sub->files);
    if (being_cut) {
        being_cut = NULL;
        diagnostics = (Diagnostics){0};
        return false; // whole it was tried before
    }
    const SourceFile *src = p->files.data[0]->src;
    if (dump) {
        Diagnostics before = diagnostics;
        dump_tokens(null, source_add(path, path, src->text));
        diagnostics = before;
        dump_ast(null, p->files.data[0]);
    }
    p->incomplete = !options.complete; // as for `vole tool compile`
    p->std = load_config.std;
    at->bytes += src->text.len;
    return try_package(p);
}

static bool forks(Str s, uint32_t variant) {
    return !mutants && variant && cut_at(s, variant) >= FORK_FROM;
}

static void next_text(void) {
    const Subject *sub = &subjects.data[at->subject];
    uint32_t last = !sub->path ? 0 : mutants ? mutants - 1 : cut_count(sub->text);
    if (at->variant < last && !forks(sub->text, at->variant)) {
        at->variant++;
    } else {
        at->subject++;
        at->variant = 0;
    }
}

// The text that at says, or all from that cut on.
static bool try_subject(const Subject *sub) {
    if (!sub->path) {
        for (vec_each(File *, f, &sub->pkg->files)) at->bytes += (*f)->src->text.len;
        return try_package(sub->pkg);
    }
    bool all = forks(sub->text, at->variant);
    Str text = copy_text(all ? sub->text : variant_text(sub, at->variant));
    if (all) {
        being_cut = sub;
        cut_text = (char *)text.p;
    }
    if (!against) return try_text(sub, text);
    const char *in = sub->in == sub->path ? "p" : sub->in;
    said = NULL;
    against_start(against, sub->path, text, in, &sub->files);
    bool compiled = try_text(sub, text);
    alarm(0);
    against_compare(against, said);
    return compiled;
}

static void child(void) {
    uint64_t before = at->bytes;
    bool compiled = false;
    while (at->subject < subjects.len && at->bytes - before < CHILD_BYTES && !compiled) {
        const Subject *sub = &subjects.data[at->subject];
        alarm((unsigned)seconds);
        compiled = try_subject(sub);
        alarm(0);
        if (in_cut) _exit(0);
        next_text();
    }
    _exit(0);
}

// ---- the run ----

// The package of a file of GOROOT/src; false if it is no file of one that gc has in the same form.
static bool find_package(Subject *sub) {
    const char *src = xsprintf("%s/src/", load_config.goroot), *err = NULL;
    if (strncmp(sub->path, src, strlen(src))) return true;
    const char *dir = sub->path + strlen(src), *end = strrchr(dir, '/');
    Package *p = end ? load_package(xstrndup(dir, (size_t)(end - dir)), &err) : NULL;
    diagnostics = (Diagnostics){0};
    if (!p || p->fake || p->overlay || p->is_main) return false;
    bool found = false;
    for (vec_each(File *, f, &p->files)) {
        const char *path = (*f)->src->path;
        if (strncmp(path, src, strlen(src))) return false; // patched
        found |= !strcmp(path, sub->path);
        vec_push(&sub->files, path);
    }
    sub->in = p->path;
    return found;
}

static void load_file(const char *path) { // with what it imports
    Subject sub = {.path = path, .in = path};
    if (!read_file(path, &sub.text)) {
        fprintf(stderr, "robust: open %s: %s\n", path, strerror(errno));
        exit(2);
    }
    if (against && !find_package(&sub)) return;
    Package *p = load_text(sub.in, path, sub.text, &sub.files);
    for (vec_each(Package *, i, &p->imports)) check_package_decls(*i);
    diagnostics = (Diagnostics){0};
    vec_push(&subjects, sub);
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = hash_bytes(*(const char *const *)a, strlen(*(const char *const *)a), seed);
    uint64_t y = hash_bytes(*(const char *const *)b, strlen(*(const char *const *)b), seed);
    return x < y ? -1 : x > y;
}

// Files are tried damaged, packages as they are. --take picks by hash, so that a seed picks the
// same ones.
static bool load_subjects(void) {
    const char *err = NULL;
    PathVec patterns = {0};
    if (take) qsort(options.args.data, options.args.len, sizeof *options.args.data, by_hash);
    for (vec_each(const char *, a, &options.args)) {
        if (!ends_with(*a, ".go"))
            vec_push(&patterns, *a);
        else if (!take || subjects.len < take)
            load_file(*a);
    }
    if (!patterns.len) return true;
    PackageVec roots = {0}, all = {0};
    if (!load_patterns(patterns.data, patterns.len, &roots, &err)) {
        fprintf(stderr, "robust: %s\n", err ? err : "packages do not load");
        diagnostics_print(stderr, 10);
        return false;
    }
    load_dependency_order(roots.data, roots.len, &all);
    for (vec_each(Package *, p, &all)) {
        if (*p == package_unsafe) continue;
        check_package_decls(*p);
        vec_push(&subjects, ((Subject){.pkg = *p}));
    }
    if (!diagnostics.list.len) return true;
    diagnostics_print(stderr, 10);
    return false;
}

// What a child died of, and the text that it died of where that can be made again.
static void report(int status) {
    at->failures++;
    const char *what = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
                           ? xsprintf("no end after %d s", seconds)
                       : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                             : xsprintf("exit status %d", WEXITSTATUS(status));
    const Subject *sub = &subjects.data[at->subject];
    if (!sub->path) {
        printf("FAIL %s: %s\n", sub->pkg->path, what);
        fflush(stdout);
        return;
    }
    Str text = variant_text(sub, at->variant);
    if (mutants)
        printf("FAIL %s mutant %u of seed %llu: %s\n", sub->path, at->variant,
               (unsigned long long)seed, what);
    else
        printf("FAIL %s cut at %zu: %s\n", sub->path, text.len, what);
    fflush(stdout);
    if (!keep) return;
    const char *base = strrchr(sub->path, '/') ? strrchr(sub->path, '/') + 1 : sub->path;
    FILE *f = fopen(xsprintf("%s/%u_%u_%s", keep, at->subject, at->variant, base), "w");
    if (!f || fwrite(text.p, 1, text.len, f) != text.len || fclose(f)) perror(keep);
}

static void *shared(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) ice("%s", strerror(errno));
    return p;
}

// Takes our own flags out of the arguments; what is left is the compiler's.
static void read_flags(int argc, char **argv) {
    Vec(char *) rest = {0};
    const char *gc = NULL, *importcfg = NULL;
    for (int i = 1; i < argc; i++) {
        char *flag = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        bool valued = true;
        if (!strcmp(flag, "--cuts"))
            max_cuts = (size_t)atol(value);
        else if (!strcmp(flag, "--mutants"))
            mutants = (uint32_t)atol(value);
        else if (!strcmp(flag, "--seed"))
            seed = (uint64_t)atol(value);
        else if (!strcmp(flag, "--seconds"))
            seconds = atoi(value);
        else if (!strcmp(flag, "--budget"))
            budget = atoi(value);
        else if (!strcmp(flag, "--keep"))
            keep = value;
        else if (!strcmp(flag, "--take"))
            take = (uint32_t)atol(value);
        else if (!strcmp(flag, "--against")) {
            gc = value;
            vec_push(&rest, "-l"); // as gc is told: frames are of other sizes
        } else if (!strcmp(flag, "--importcfg"))
            importcfg = value;
        else if (!strcmp(flag, "--O"))
            llvm_level = atoi(value);
        else
            valued = false;
        if (!strcmp(flag, "--cuts"))
            cut = max_cuts > 0;
        else if (!strcmp(flag, "--compile"))
            compile = true;
        else if (!strcmp(flag, "--broken"))
            check_broken = true;
        else if (!strcmp(flag, "--dump"))
            dump = true;
        else if (!valued)
            vec_push(&rest, flag);
        i += valued;
    }
    if (!flags_parse(SUB_COMPILE, (int)rest.len, rest.data)) exit(2);
    if (!gc) return;
    load_config.importcfg = load_config.no_embed = true;
    against = shared(sizeof *against);
    *against = (Against){.compiler = gc, .importcfg = importcfg, .keep = keep};
    against_begin(against);
    compile = true;
}

// A child goes through the texts until it dies of one; the next goes on behind that.
static int run(int argc, char **argv) {
    read_flags(argc, argv);
    const char *err = NULL;
    universe_init();
    null = fopen("/dev/null", "w");
    load_config.goarch = options.goarch;
    load_config.overlay = VOLE_SOURCE_DIR "/runtime/overlay";
    load_config.goroot = load_find_goroot(VOLE_SOURCE_DIR "/build/deps/goroot", &err);
    if (!load_config.goroot) {
        fprintf(stderr, "robust: %s\n", err);
        return 2;
    }
    if (!load_subjects()) return 2;
    int scratch_fd = mkstemp(scratch);
    if (!null || scratch_fd < 0) ice("%s", strerror(errno));
    close(scratch_fd);
    at = shared(sizeof *at);
    time_t start = time(NULL);
    while (at->subject < subjects.len && !(budget && time(NULL) - start > budget)) {
        pid_t pid = fork();
        if (pid == 0) child();
        int status;
        if (pid < 0 || waitpid(pid, &status, 0) != pid) {
            perror("robust");
            return 2;
        }
        if (status == 0) continue;
        report(status);
        next_text();
    }
    unlink(scratch);
    if (against && !against_end(against)) at->failures++;
    printf("%u of %u files and packages, %llu texts, %.1f MB, %llu objects, %llu failures\n",
           at->subject, subjects.len, (unsigned long long)at->texts, (double)at->bytes / 1e6,
           (unsigned long long)at->objects, (unsigned long long)at->failures);
    return at->failures != 0;
}

int main(int argc, char **argv) { return run_on_deep_stack(run, argc, argv); }
