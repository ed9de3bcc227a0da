// fetch: modules that are missing. The loader downloads nothing and changes no go.mod; where a module
// that go.mod requires is not in the module cache, or -mod=mod is given, GOROOT's go command lists the
// packages that are to be built, which downloads and writes what it takes, or says what is wrong.
//
// What the loader said of missing modules is held back meanwhile, and told where that does not help.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static bool fetched; // this process was begun again
static FILE *real;   // standard error, while what goes there is held
static char *held;
static size_t held_len;

static void tell(void) {
    if (!real) return;
    fclose(stderr);
    stderr = real;
    real = NULL;
    fwrite(held, 1, held_len, stderr);
    fflush(stderr);
}

static void hold(void) {
    static bool at_exit;
    FILE *f = open_memstream(&held, &held_len);
    if (!f) return;
    real = stderr;
    stderr = f;
    if (!at_exit) atexit(tell); // the loader ends some runs itself
    at_exit = true;
}

void fetch_init(void) {
    fetched = getenv("VOLE_FETCHED") != NULL;
    unsetenv("VOLE_FETCHED");
}

// ---- Is there a need? ----

static bool asked_for(void) {
    const char *modules = getenv("GO111MODULE");
    return options.mod && !strcmp(options.mod, "mod") && !(modules && !strcmp(modules, "off"));
}

// ---- Fetching ----

static int go_list(const StrVec *words) {
    env_forget("GOCACHEPROG"); // nothing is compiled; a store that fails would end it
    return gocmd_run_with("list", (int)words->len, (char **)words->data);
}

// The flags of ours that say which packages there are.
static void add_flags(StrVec *words) {
    Buf tags = {0};
    if (options.mod) vec_push(words, xsprintf("-mod=%s", options.mod));
    if (options.modfile) vec_push(words, xsprintf("-modfile=%s", options.modfile));
    if (options.overlay) vec_push(words, xsprintf("-overlay=%s", options.overlay));
    for (vec_each(const char *, t, &options.tags))
        buf_printf(&tags, "%s%s", tags.len ? "," : "", *t);
    if (tags.len) vec_push(words, xsprintf("-tags=%s", buf_str(&tags)));
    vec_push(words, "--");
}

static void go_words(bool tests, bool tolerant, StrVec *out) {
    vec_push(out, "-deps");
    if (tests) vec_push(out, "-test");
    if (tolerant) vec_push(out, "-e");
    vec_push(out, "-f=");
    add_flags(out);
    for (vec_each(const char *, a, &options.args)) vec_push(out, *a);
}

static bool list(bool tests) {
    Process p = {.inside = go_list, .out = open("/dev/null", O_WRONLY | O_CLOEXEC)};
    go_words(tests, tests, &p.words); // what is wrong is said later, by package
    bool ok = !process_run(&p);
    if (p.out > 0) close(p.out);
    return ok;
}

// go writes a workspace's hashes where nothing is wrong.
static bool list_workspace(void) {
    Process p = {.inside = go_list, .out = open("/dev/null", O_WRONLY | O_CLOEXEC)};
    Buf said = {0};
    go_words(true, false, &p.words);
    bool ok = !process_read(&p, PROCESS_ERR, &said);
    if (ok && said.len) fwrite(said.p, 1, said.len, stderr);
    if (p.out > 0) close(p.out);
    return ok;
}

// ---- Names for many packages ----

static bool stands_for_many(const char *arg) { return flags_holds("all tool work", arg); }

bool fetch_any_many(const StrVec *args) {
    for (vec_each(const char *, a, args))
        if (stands_for_many(*a)) return true;
    return false;
}

bool fetch_many(const char *name, StrVec *out) {
    Process p = {.inside = go_list};
    Buf said = {0};
    add_flags(&p.words);
    vec_push(&p.words, name);
    if (process_read(&p, PROCESS_OUT, &said)) return false;
    for (const char *l = buf_str(&said); *l; l += strcspn(l, "\n"), l += *l == '\n')
        vec_push(out, xstrndup(l, strcspn(l, "\n")));
    return true;
}

// In place of words that stand for many packages these: the loader knows none. Where they stand for
// none there is nothing to do, and go has said so.
static bool expand_many(StrVec *args) {
    StrVec all = {0};
    if (!fetch_any_many(args)) return true;
    for (vec_each(const char *, a, args))
        if (!stands_for_many(*a))
            vec_push(&all, *a);
        else if (!fetch_many(*a, &all))
            return false;
    if (!all.len) exit(0);
    args->data = all.data;
    args->len = all.len;
    return true;
}

// Before packages are loaded; false: they cannot be, and that was said.
bool fetch_begin(void) {
    load_config.work_dir = current_dir();
    if (asked_for() && !fetched && !list(false)) return false;
    if (!expand_many(&options.args)) return false;
    hold();
    return true;
}

// The loader ended. Where it failed and a module is missing, vole begins again once that is there: a
// process loads packages once. Returns whether they are loaded.
bool fetch_end(bool loaded, const char *command, int argc, char **argv) {
    bool retry = !loaded && !options.json && !fetched && load_missing();
    if (retry) held_len = 0;
    if (retry && real) {
        fclose(stderr);
        stderr = real;
        real = NULL;
    }
    tell();
    if (!retry) return loaded;
    if (!list(false)) return false;
    StrVec words = {0};
    vec_push(&words, program_invocation_name);
    vec_push(&words, command);
    for (int i = 0; i < argc; i++) vec_push(&words, argv[i]);
    vec_push(&words, NULL);
    temp_cleanup();
    env_restore();
    setenv("VOLE_FETCHED", "1", 1);
    fflush(NULL);
    execv("/proc/self/exe", (char *const *)words.data);
    fprintf(stderr, "vole: cannot run vole: %s\n", strerror(errno));
    return false;
}

// vole test loads packages in processes of their own, so it looks before.
bool fetch_begin_tests(void) {
    load_config.work_dir = current_dir();
    return (!asked_for() || list(true)) && expand_many(&options.args);
}

static const char *fetched_key(const char *missing) {
    Buf key = {0};
    const char *work = load_work_file();
    buf_printf(&key, "fetched %s %s", work ? work : load_module_file(),
               cache_hash(missing, strlen(missing)));
    for (vec_each(const char *, a, &options.args)) buf_printf(&key, " %s", *a);
    return buf_str(&key);
}

// What go.mod requires and nothing needs is never there: it asks once for each state of what is still
// missing then.
void fetch_for_tests(void) {
    Str known;
    const char *missing = asked_for() ? NULL : load_missing();
    if (!missing || cache_result(fetched_key(missing), &known)) return;
    bool ok = (load_work_file() && list_workspace()) || list(true);
    load_forget_sums();
    missing = load_missing();
    if (ok && missing) cache_keep_result(fetched_key(missing), str_c(""));
}
