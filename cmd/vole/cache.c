// cache: compiled packages, each under the key of its object (cache_key.c).
//
// An entry is an object, a log and a summary under the key's name, and a file of their checksums,
// written last: what is not as it says is compiled again. All are made in a folder of the build's
// own in the cache and renamed, so that builds running at once never see half of one, and two that
// make the same one agree. Where the cache cannot be written, the build keeps what it makes in its
// temporary folder.
#define _GNU_SOURCE 1
#include "cmd/vole/cacheprog.h"
#include "frontend/fsys.h"
#include "frontend/sha256.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static PtrMap objects; // Package * -> where its object is, once that is known

static const char *given_up; // the folder in place of the cache's

// As go finds its own.
const char *cache_find(const char **err) {
    const char *env = getenv("VOLECACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    *err = NULL;
    if (options.pkgdir) return options.pkgdir;
    if (env && !strcmp(env, "off"))
        *err = "build cache is disabled by VOLECACHE=off, but required";
    else if (env && *env && *env != '/')
        *err =
            "build cache is required, but could not be located: VOLECACHE is not an absolute path";
    else if (env && *env)
        return env;
    else if (xdg && *xdg && *xdg != '/')
        *err = "build cache is required, but could not be located: VOLECACHE is not defined and "
               "path in $XDG_CACHE_HOME is relative";
    else if (xdg && *xdg)
        return xsprintf("%s/vole", xdg);
    else if (home && *home)
        return xsprintf("%s/.cache/vole", home);
    else
        *err = "build cache is required, but could not be located: VOLECACHE is not defined and "
               "neither $XDG_CACHE_HOME nor "
               "$HOME are defined";
    return NULL;
}

static const char *cache_dir(void) {
    static const char *dir;
    const char *err;
    if (given_up) return given_up;
    if (!dir) dir = cache_find(&err);
    if (!dir) ice("no cache"); // cache_open said so
    return dir;
}

bool cache_open(void) {
    const char *err;
    if (cache_find(&err)) return true;
    fprintf(stderr, "vole: %s\n", err);
    return false;
}

// ---- Temporary files ----

static const char *work;
static const char *stage; // this build's own folder in the cache
static pid_t stage_of;
const char *volatile temp_beside;

// A signal that ends the build takes its files along: what may be called in a handler is enough to
// have rm do it.
static void end_build(int sig) {
    if (temp_beside) unlink(temp_beside);
    const char *kept = options.keep_work ? NULL : work, *first = kept ? kept : stage;
    if (first && fork() == 0) {
        execl("/bin/rm", "rm", "-rf", "--", first, kept ? stage : NULL, (char *)NULL);
        _exit(127);
    }
    signal(sig, SIG_DFL);
    raise(sig);
}

static const int ending[] = {SIGHUP, SIGINT, SIGTERM};
void temp_forget(void) {
    work = stage = NULL;
    temp_beside = NULL;
    for (int i = 0; i < 3; i++) signal(ending[i], SIG_DFL);
}

static void watch_signals(void) {
    for (int i = 0; i < 3; i++)
        if (signal(ending[i], end_build) == SIG_IGN) signal(ending[i], SIG_IGN);
}

const char *temp_dir(void) {
    if (work) return work;
    const char *own = getenv("GOTMPDIR"), *base = own && *own ? own : getenv("TMPDIR");
    char *t = xsprintf("%s/vole-build.XXXXXX", base && *base ? base : "/tmp");
    if (*t != '/') t = xsprintf("%s/%s", getcwd(NULL, 0), t);
    if (!mkdtemp(t)) {
        fprintf(stderr, "vole: cannot create a temporary folder %s: %s\n", t, strerror(errno));
        exit(1);
    }
    if (options.keep_work || options.print_commands) fprintf(stderr, "WORK=%s\n", t);
    work = t;
    watch_signals();
    return work;
}

const char *temp_sub(const char *name) {
    const char *dir = xsprintf("%s/%s", temp_dir(), name);
    if (!mkdir(dir, 0777) || errno == EEXIST) return dir;
    fprintf(stderr, "vole: mkdir %s: %s\n", dir, go_error(errno));
    return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st, (void)type, (void)ftw;
    return remove(path);
}
void temp_cleanup(void) {
    if (work && !options.keep_work) nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    work = NULL;
}

// ---- Cleaning ----

static bool hex(const char *s, size_t n) { return strspn(s, "0123456789abcdef") >= n; }

static const char *parent_name(const char *name, const char *path) {
    const char *p = name - 1;
    while (p > path && p[-1] != '/') p--;
    return p;
}

// Is this a file or folder of the cache's? Whatever else lies in the folder is somebody else's.
static bool is_ours(const char *path, int type, const struct FTW *ftw) {
    const char *name = path + ftw->base;
    if (ftw->level == 1 && type == FTW_F) return !strcmp(name, "trim.txt");
    if (ftw->level == 1) return (strlen(name) == 2 && hex(name, 2)) || starts_with(name, "build.");
    const char *parent = parent_name(name, path);
    if (ftw->level == 3 && hex(parent, 32)) return type == FTW_F; // of cgo's
    return ftw->level == 2 && (starts_with(parent, "build.") || hex(name, 32));
}

static int clean_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    if (ftw->level == 0 || !is_ours(path, type == FTW_DP ? FTW_D : type, ftw) || remove(path) == 0)
        return 0;
    return errno == ENOTEMPTY || errno == ENOENT ? 0 : -1;
}

int cache_clean(void) {
    if (!cache_open()) return 1;
    const char *dir = cache_dir();
    if (nftw(dir, clean_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT) {
        fprintf(stderr, "vole: cleaning %s: %s\n", dir, strerror(errno));
        return 1;
    }
    return 0;
}

// As go's cache: a file's time of modification is that of its last use, to the hour; what no build
// used for five days goes.
enum { HOUR = 3600, DAY = 24 * HOUR, KEEP = 5 * DAY };

static int remove_old(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    bool old = time(NULL) - st->st_mtime > KEEP + HOUR,
         folder = type == FTW_DP &&
                  ((ftw->level == 1 && starts_with(path + ftw->base, "build.")) ||
                   (ftw->level == 2 && (ends_with(path, ".cgo") || ends_with(path, ".tool"))));
    if (old && (type == FTW_F || folder) && is_ours(path, folder ? FTW_D : type, ftw)) remove(path);
    return 0;
}

void cache_trim(void) {
    if (given_up) return;
    const char *stamp = xsprintf("%s/trim.txt", cache_dir());
    struct stat st;
    if (lstat(stamp, &st) == 0 && S_ISREG(st.st_mode) && time(NULL) - st.st_mtime < DAY) return;
    unlink(stamp);
    int fd = open(stamp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0666); // first, so that builds running at once don't all do it
    if (fd < 0) return;
    close(fd);
    nftw(cache_dir(), remove_old, 16, FTW_PHYS | FTW_DEPTH);
}

// ---- Entries ----

// The files of an entry, in the order of their checksums.
static const char *const parts[] = {"", ".log", ".esc"};
enum { PARTS = sizeof parts / sizeof *parts };

typedef struct Sums { // all zero for a file that is not there
    XXH128_hash_t part[PARTS];
    XXH128_hash_t all; // of these and the key
} Sums;

static bool hash_file(const char *path, XXH128_hash_t *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    *out = (XXH128_hash_t){0};
    if (fd < 0) return errno == ENOENT;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    size_t n = ok ? (size_t)st.st_size : 0;
    void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0) : NULL;
    ok = ok && p != MAP_FAILED;
    if (ok) *out = XXH3_128bits_withSeed(p, n, 1);
    if (n && p != MAP_FAILED) munmap(p, n);
    close(fd);
    return ok;
}

static XXH128_hash_t seal(const Sums *s, const char *key) {
    XXH128_hash_t k = XXH3_128bits(key, 32);
    return XXH3_128bits_withSeed(s->part, sizeof s->part, k.low64);
}

// The key in the name of an object, or in that of the folder that a tool is in.
static const char *key_of_object(const char *object) {
    const char *name = strrchr(object, '/') + 1;
    return strspn(name, "0123456789abcdef") < 32 ? parent_name(name, object) : name;
}

static bool read_sums(const char *object, Sums *s) {
    int fd = open(xsprintf("%s.sum", object), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = read(fd, s, sizeof *s) == sizeof *s;
    close(fd);
    return ok && XXH128_isEqual(s->all, seal(s, key_of_object(object)));
}

// Where the parts of an entry are: the object has no name of its own.
static const char *part_path(const char *base, int i) { return xsprintf("%s%s", base, parts[i]); }

static bool is_zero(XXH128_hash_t h) { return !h.low64 && !h.high64; }

// Whole and undamaged: each part's hash is what the entry's seal says. An entry in use is made
// young again, at most once an hour, so that cache_trim keeps it.
bool cache_has(const Package *p, bool object) {
    const char *path = cache_object(p);
    Sums s;
    struct stat st;
    if (!read_sums(path, &s) || (object && is_zero(s.part[0]))) return false;
    for (int i = object ? 0 : 1; i < PARTS; i++) {
        XXH128_hash_t now;
        if (!hash_file(part_path(path, i), &now) || !XXH128_isEqual(now, s.part[i])) return false;
    }
    if (stat(xsprintf("%s.sum", path), &st) == 0 && time(NULL) - st.st_mtime > HOUR) {
        for (int i = 0; i < PARTS; i++) utimensat(AT_FDCWD, part_path(path, i), NULL, 0);
        utimensat(AT_FDCWD, xsprintf("%s.sum", path), NULL, 0);
    }
    return true;
}

const char *cache_stage(uint32_t job) {
    if (!stage) {
        char *dir = xsprintf("%s/build.XXXXXX", cache_dir());
        if (!make_dirs(cache_dir(), 0777) || !mkdtemp(dir)) return NULL;
        stage = dir;
        stage_of = getpid();
        watch_signals();
    }
    return xsprintf("%s/%u", stage, job);
}

void cache_end_stage(void) {
    if (stage && stage_of == getpid()) nftw(stage, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    stage = NULL;
}

static bool write_sums(const char *path, const Sums *s) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    ssize_t n = write(fd, s, sizeof *s);
    if (n >= 0 && n < (ssize_t)sizeof *s) errno = ENOSPC;
    return !close(fd) && n == sizeof *s;
}

bool cache_publish(const Package *p, const char *staged) {
    const char *object = cache_object(p);
    Sums s;
    mkdir(xsprintf("%s/%.2s", cache_dir(), key_of_object(object)), 0777);
    for (int i = 0; i < PARTS; i++)
        if (!hash_file(part_path(staged, i), &s.part[i])) return false;
    s.all = seal(&s, key_of_object(object));
    if (!write_sums(xsprintf("%s.sum", staged), &s)) return false;
    for (int i = 0; i < PARTS; i++) {
        if (!is_zero(s.part[i]) && rename(part_path(staged, i), part_path(object, i))) return false;
        if (is_zero(s.part[i])) unlink(part_path(object, i));
    }
    return rename(xsprintf("%s.sum", staged), xsprintf("%s.sum", object)) == 0;
}

void cache_give_up(const char *why) {
    if (given_up) return;
    fprintf(stderr, "vole: build cache %s: %s; building without it\n", cache_dir(), why);
    cache_end_stage();
    given_up = xsprintf("%s/cache", temp_dir());
}

bool cache_given_up(void) { return given_up; }

void cache_moved(const Package *p) { ptrmap_put(&objects, p, NULL); }

// ---- A store beside the cache ----

// An entry as one text: its checksums, how long its parts are, and these.
static bool pack(const Package *p, Buf *out) {
    const char *object = cache_object(p);
    Sums s;
    Str part[PARTS] = {0};
    if (!read_sums(object, &s) || is_zero(s.part[0])) return false;
    buf_write(out, &s, sizeof s);
    for (int i = 0; i < PARTS; i++) {
        if (!is_zero(s.part[i]) && !read_file(part_path(object, i), &part[i])) return false;
        uint64_t n = part[i].len;
        buf_write(out, &n, sizeof n);
    }
    for (int i = 0; i < PARTS; i++)
        if (part[i].len) buf_write(out, part[i].p, part[i].len);
    return true;
}

static bool write_part(const char *path, const char *p, size_t n) {
    FILE *f = fopen(path, "wxe");
    bool ok = f && fwrite(p, 1, n, f) == n;
    return f && fclose(f) == 0 && ok;
}

// What is not as its checksums say is no entry.
static bool unpack(const Package *p, Str text, uint32_t job) {
    Sums s;
    uint64_t n[PARTS], total = sizeof s + sizeof n;
    if (text.len < total) return false;
    memcpy(&s, text.p, sizeof s);
    memcpy(n, text.p + sizeof s, sizeof n);
    const char *object = cache_object(p), *at = text.p + total;
    if (!XXH128_isEqual(s.all, seal(&s, key_of_object(object)))) return false;
    for (int i = 0; i < PARTS; i++) {
        if (n[i] > text.len - total) return false;
        total += n[i];
    }
    const char *staged = total == text.len ? cache_stage(job) : NULL;
    for (int i = 0; staged && i < PARTS; at += n[i++]) {
        XXH128_hash_t sum = XXH3_128bits_withSeed(at, n[i], 1);
        if (is_zero(s.part[i])) continue;
        if (!XXH128_isEqual(sum, s.part[i]) || !write_part(part_path(staged, i), at, n[i]))
            return false;
    }
    return staged && cache_publish(p, staged);
}

void cache_fetch(const PackageVec *wanted) {
    StoredVec list = {0};
    for (vec_each(Package *, p, wanted)) vec_push(&list, ((Stored){.key = cache_shared_key(*p)}));
    if (list.len) cacheprog_get(&list);
    for (uint32_t i = 0; i < list.len; i++)
        if (list.data[i].found) unpack(wanted->data[i], list.data[i].body, i);
    cache_end_stage();
}

void cache_share(const PackageVec *compiled) {
    StoredVec list = {0};
    for (vec_each(Package *, p, compiled)) {
        Buf b = {0};
        if (pack(*p, &b))
            vec_push(&list, ((Stored){.key = cache_shared_key(*p), .body = str_make(b.p, b.len)}));
    }
    if (list.len) cacheprog_put(&list);
}

// ---- Folders ----

const char *cache_folder(const char *key) {
    if (!cache_open()) return NULL;
    return xsprintf("%s/%.2s/%s.cgo", cache_dir(), key, key);
}

const char *cache_begin_folder(const char *dir) {
    char *work = xsprintf("%s.XXXXXX", dir);
    if (!make_dirs(xstrndup(dir, (size_t)(strrchr(dir, '/') - dir)), 0777) || !mkdtemp(work)) {
        fprintf(stderr, "vole: cgo needs the build cache: creating %s: %s\n", dir, strerror(errno));
        return NULL;
    }
    return work;
}

static void remove_tree(const char *dir) { nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

bool cache_end_folder(const char *made, const char *dir, bool keep) {
    if (keep) remove_tree(dir); // it was of no use
    if (keep && rename(made, dir) == 0) return true;
    int e = errno;
    remove_tree(made);
    errno = e;
    return !access(dir, F_OK); // another build's, made meanwhile
}

static int touch_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st, (void)type, (void)ftw;
    utimensat(AT_FDCWD, path, NULL, 0);
    return 0;
}
void cache_use_folder(const char *dir) {
    struct stat st;
    if (stat(dir, &st) == 0 && time(NULL) - st.st_mtime > HOUR) nftw(dir, touch_one, 16, FTW_PHYS);
}

// ---- Objects ----

const char *cache_object(const Package *p) {
    const char *key = cache_object_key(p);
    char *path = ptrmap_get(&objects, p);
    if (!key) return NULL;
    if (!path) ptrmap_put(&objects, p, path = xsprintf("%s/%.2s/%s.o", cache_dir(), key, key));
    return path;
}

// ---- Finished programs ----

const char *cache_executable(const Package *main, const char *name) {
    const char *hex = cache_program(main);
    return xsprintf("%s/%.2s/%s.tool/%s", cache_dir(), hex, hex, name);
}

bool cache_has_executable(const char *path) {
    Sums s;
    struct stat st;
    XXH128_hash_t now;
    if (!read_sums(path, &s) || !hash_file(path, &now) || !XXH128_isEqual(now, s.part[0]))
        return false;
    if (stat(path, &st) == 0 && time(NULL) - st.st_mtime > HOUR) {
        utimensat(AT_FDCWD, path, NULL, 0);
        utimensat(AT_FDCWD, xsprintf("%s.sum", path), NULL, 0);
    }
    return true;
}

bool cache_publish_executable(const char *path, const char *made) {
    Sums s = {0};
    const char *sums = xsprintf("%s.sum", made);
    mkdir(xstrndup(path, (size_t)(strrchr(path, '/') - path)), 0777);
    if (!hash_file(made, &s.part[0])) return false;
    s.all = seal(&s, key_of_object(path));
    return write_sums(sums, &s) && rename(made, path) == 0 &&
           rename(sums, xsprintf("%s.sum", path)) == 0;
}

const char *cache_summary(const Package *p) {
    const char *object = cache_object(p);
    return object ? xsprintf("%s.esc", object) : NULL;
}
