// test_cache: results of tests are kept, and told again as (cached) where nothing changed that they
// depend on, as go test has it: the test program, its flags, and the files and environment
// variables that it read, which package testing writes down.
//
// It takes two steps: a key of program and flags leads to what the last such run read; that as it
// is now, and the key, lead to the output. The program's key is that of all that it is linked of:
// a test that is told again is neither compiled nor linked.
#define _GNU_SOURCE 1
#include "cmd/vole/cover.h"
#include "cmd/vole/test.h"
#include "frontend/sha256.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char log_head[] = "# test log\n";

static struct {
    const char *id; // NULL: what is run now is not for the cache
    const char *root, *dir;
    const char *log;
} now;

// ---- When ----

// Flags that do not change what a passing run means; all others, and arguments of the test's own,
// keep it from the cache.
static const char cacheable[] = "benchtime cpu list parallel run short skip timeout failfast v "
                                "fullpath";

static bool add_arguments(Buf *b, const StrVec *args) {
    for (vec_each(const char *, a, args)) {
        const char *eq = strchr(*a, '=');
        if (!starts_with(*a, "-test.") || !eq) return false;
        const char *name = xstrndup(*a + 6, (size_t)(eq - *a - 6));
        if (flags_holds("outputdir coverprofile", name)) continue;
        if (!flags_holds(cacheable, name)) return false;
        buf_printf(b, " %s", *a);
    }
    return true;
}

// The folder whose files count: others are as if they never changed.
static const char *root_of(const Package *p) {
    if (p->in_goroot) return load_config.goroot;
    for (const char *dir = p->dir; strlen(dir) > 1;) {
        if (!access(xsprintf("%s/go.mod", dir), F_OK)) return dir;
        const char *slash = strrchr(dir, '/');
        dir = xstrndup(dir, (size_t)(slash - dir));
    }
    return NULL;
}

void test_cache_begin(const Package *p, const Package *main, const StrVec *args) {
    Buf b = {0};
    now.id = NULL;
    now.dir = p->dir;
    now.root = root_of(p);
    if (!now.root || options.exec.len || options.output || options.test.keep ||
        options.test.compile || options.dry_run || options.rebuild)
        return;
    const char *shared = cache_shared_program(main);
    buf_printf(&b, "test %s%s%s", cache_program(main), shared ? " " : "", shared ? shared : "");
    if (options.ldflags_text) buf_printf(&b, " %s", options.ldflags_text);
    cover_tests_key(&b);
    if (add_arguments(&b, args)) now.id = buf_str(&b);
}

// ---- What was read ----

static void put_stat(Buf *b, const struct stat *st) {
    buf_printf(b, " %lld %o %lld.%09ld", (long long)st->st_size, st->st_mode,
               (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
}

static void put_file(Buf *b, const char *path) {
    struct stat st;
    if (stat(path, &st))
        buf_printf(b, " error %d", errno);
    else
        put_stat(b, &st);
    if (lstat(path, &st))
        buf_printf(b, " error %d", errno);
    else
        put_stat(b, &st);
}

// Files are told apart by size and time. False: a file is so new that another change would not
// show.
static bool put_opened(Buf *b, const char *path) {
    struct stat st;
    struct timespec t;
    if (stat(path, &st)) {
        buf_printf(b, " error %d", errno);
        return true;
    }
    put_stat(b, &st);
    clock_gettime(CLOCK_REALTIME, &t);
    double age =
        (double)(t.tv_sec - st.st_mtim.tv_sec) + (double)(t.tv_nsec - st.st_mtim.tv_nsec) * 1e-9;
    if (S_ISREG(st.st_mode) && age < 2) return false;
    if (!S_ISDIR(st.st_mode)) return true;
    struct dirent **list = NULL;
    int n = scandir(path, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        buf_printf(b, "\n %s", list[i]->d_name);
        if (strcmp(list[i]->d_name, "..")) put_file(b, xsprintf("%s/%s", path, list[i]->d_name));
        free(list[i]);
    }
    free(list);
    return true;
}

static void put_variable(Buf *b, const char *name) {
    const char *v = !strcmp(name, "PWD")      ? now.dir
                    : !strcmp(name, "GOROOT") ? load_config.goroot
                                              : env_original(name);
    buf_printf(b, "\ngetenv %s %s", name, v ? xsprintf("=%s", v) : "");
}

// A hash of all that the log names, as it is now; NULL: that cannot be relied on.
static const char *inputs(Str log) {
    Buf b = {0};
    const char *pwd = now.dir;
    if (!starts_with(log.p, log_head) || log.p[log.len - 1] != '\n') return NULL;
    put_variable(&b, "GODEBUG");
    for (const char *line = log.p + strlen(log_head), *end; (end = strchr(line, '\n'));
         line = end + 1) {
        const char *blank = memchr(line, ' ', (size_t)(end - line));
        if (end == line) continue;
        if (!blank) return NULL;
        const char *op = xstrndup(line, (size_t)(blank - line)),
                   *name = xstrndup(blank + 1, (size_t)(end - blank - 1));
        if (!strcmp(op, "getenv")) {
            put_variable(&b, name);
            continue;
        }
        if (!strcmp(op, "chdir")) pwd = name;
        const char *path = path_join(pwd, name);
        bool file = !strcmp(op, "stat") || !strcmp(op, "open");
        if (!file && strcmp(op, "chdir") != 0) return NULL;
        if (file && !has_path_prefix(path, now.root)) continue;
        bool below = file || has_path_prefix(path, now.root); // where the module is does not count
        buf_printf(&b, "\n%s %s", op, below ? path + strlen(now.root) : path);
        if (strcmp(op, "open") != 0)
            put_file(&b, path);
        else if (!put_opened(&b, path))
            return NULL;
    }
    return sha256_text(b.p, b.len);
}

// ---- Keeping ----

static const char *profile_key(const char *key) { return xsprintf("%s\nprofile", key); }

bool test_cache_find(Str *output) {
    Str log;
    if (!now.id || !cache_result(now.id, &log)) return false;
    const char *in = inputs(str_make(xstrndup(log.p, log.len), log.len));
    const char *key = xsprintf("%s\n%s", now.id, in ? in : "");
    Str profile;
    if (!in || !cache_result(key, output)) return false;
    if (!cover_tests_profile(&profile)) return true;
    if (!cache_result(profile_key(key), &profile)) return false;
    cover_tests_set_profile(profile);
    return true;
}

const char *test_cache_log(void) {
    if (!now.id) return NULL;
    if (!now.log) now.log = xsprintf("%s/testlog.txt", temp_dir());
    return now.log;
}

void test_cache_keep(Str output) {
    Str log;
    const char *in = now.id && now.log && read_file(now.log, &log) ? inputs(log) : NULL;
    if (!in) return;
    cache_keep_result(now.id, log);
    const char *key = xsprintf("%s\n%s", now.id, in);
    Str profile;
    if (cover_tests_profile(&profile)) cache_keep_result(profile_key(key), profile);
    cache_keep_result(key, output);
}
