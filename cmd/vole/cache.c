// cache: compiled packages under a key of all that their object depends on: the compiler itself,
// its flags, the package's path and sources, and the keys of what it imports (instances and inlined
// bodies come from there).
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

typedef struct CacheKey {
    char hex[33];
    const char *shared; // the same for a store that others write to as well, or NULL
    const char *object; // where it is, once that is known
} CacheKey;

static PtrMap keys;    // Package * -> CacheKey *
static PtrMap outside; // the same, as importers' keys hold it

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

void cache_moved(const Package *p) {
    CacheKey *k = ptrmap_get(&keys, p);
    k->object = NULL;
}

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

// ---- Keys ----

typedef struct Hash {
    XXH3_state_t *own;
    Sha256 shared; // where there is a store
    bool both;
} Hash;

static Hash hash_begin(void) {
    Hash h = {.own = XXH3_createState(), .both = cacheprog_on()};
    XXH3_128bits_reset(h.own);
    sha256_begin(&h.shared);
    return h;
}

static Hash hash_copy(const Hash *from) {
    Hash h = *from;
    h.own = XXH3_createState();
    XXH3_copyState(h.own, from->own);
    return h;
}

static void add_bytes(Hash *h, const void *p, size_t n) {
    XXH3_128bits_update(h->own, p, n);
    if (h->both) sha256_add(&h->shared, p, n);
}

static void add_text(Hash *h, const char *s) { add_bytes(h, s ? s : "", (s ? strlen(s) : 0) + 1); }

static void add_key(Hash *h, const CacheKey *k) {
    XXH3_128bits_update(h->own, k->hex, sizeof k->hex);
    if (h->both) sha256_add(&h->shared, k->shared, 64);
}

// By the names that programs have them under, which need not say where they are; what is reported of
// them, and kept with the object, has others.
static void add_files(Hash *st, const Package *p, File **files, uint32_t n) {
    bool reports = midend_options.m || midend_options.debug;
    for (uint32_t i = 0; i < n; i++) {
        const SourceFile *src = files[i]->src;
        add_text(st, recorded_name(p, src));
        if (reports) add_text(st, src->display);
        add_bytes(st, src->text.p, src->text.len);
    }
}

// Assembly, and headers beside it, which it may include.
static void add_assembly(Hash *st, const Package *p) {
    Str text;
    if (!p->assembly.len) return;
    for (uint32_t i = 0; options.asm_words && i < options.asm_words->len; i++)
        add_text(st, options.asm_words->data[i]);
    for (vec_each(const char *, s, &p->assembly)) {
        add_text(st, xsprintf("%s/%s", options.trimpath ? trimmed_dir(p) : p->dir,
                              strrchr(*s, '/') + 1));
        if (fsys_read(*s, &text)) add_bytes(st, text.p, text.len);
    }
    struct dirent **list = NULL;
    int n = scandir(p->dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        if (ends_with(name, ".h") && read_file(xsprintf("%s/%s", p->dir, name), &text)) {
            add_text(st, name);
            add_bytes(st, text.p, text.len);
        }
        free(list[i]);
    }
    free(list);
}

// What //go:embed lines of these files name.
static void add_embedded(Hash *st, const Package *p, File **files, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (vec_each(Decl *, d, &files[i]->decls)) {
            EmbedVec patterns = {0};
            const char *err;
            if ((*d)->kind != D_VAR || !(*d)->doc_embed ||
                !load_embed((Package *)p, (*d)->doc_embed, &patterns, &err))
                continue;
            for (vec_each(EmbedPattern, e, &patterns))
                for (vec_each(const char *, f, &e->files)) {
                    Str text;
                    add_text(st, *f);
                    if (fsys_read(xsprintf("%s/%s", p->dir, *f), &text))
                        add_bytes(st, text.p, text.len);
                }
        }
}

static void add_imports(Hash *st, const Package *p, bool tests) {
    for (vec_each(Package *, i, &p->imports)) {
        bool skip = false;
        if (!tests)
            for (vec_each(Package *, t, &p->test_imports)) skip |= *t == *i;
        if (skip) continue;
        CacheKey *k = ptrmap_get(&outside, *i);
        add_text(st, (*i)->path);
        if (k) add_key(st, k);
    }
}

static CacheKey *hash_end(Hash *h) {
    XXH128_hash_t sum = XXH3_128bits_digest(h->own);
    CacheKey *k = NEW(CacheKey);
    snprintf(k->hex, sizeof k->hex, "%016llx%016llx", (unsigned long long)sum.high64,
             (unsigned long long)sum.low64);
    XXH3_freeState(h->own);
    if (h->both) k->shared = sha256_end_text(&h->shared);
    return k;
}

// Test files are invisible to importers, except for methods that they give to the package's types.
static bool tests_add_methods(const Package *p) {
    for (uint32_t i = p->files.len - p->test_files; i < p->files.len; i++)
        for (vec_each(Decl *, d, &p->files.data[i]->decls))
            if ((*d)->kind == D_FUNC && (*d)->func.recv) return true;
    return false;
}

const char *cache_key(const Package *p) {
    CacheKey *k = ptrmap_get(&keys, p);
    return k->hex;
}

// A key is all that a package's object depends on: compiler, flags, sources, and the keys of what
// it imports. Importers take one without the test files, which they do not see.
void cache_program_keys(Program *prog) {
    for (vec_each(Package *, pp, &prog->all)) {
        Package *p = *pp;
        bool root = false;
        for (vec_each(Package *, r, &prog->roots)) root |= *r == p;
        Hash hash = hash_begin(), *st = &hash;
        add_text(st, compiler_identity);
        add_text(st, p->path);
        add_text(st, options.goarch);
        add_text(st, target_setting(target_variable()));
        add_text(st, xsprintf("O%d %d %d %d %d", options.opt, options.no_debug, options.trimpath,
                              options.race, package_counts_branches(p)));
        if (options.pic) add_text(st, "pic");
        for (vec_each(const char *, x, &load_config.experiments)) add_text(st, *x);
        flags_for_package(p, root);
        add_text(st, xsprintf("%d %d %d %d %d %d %s", midend_options.opt, midend_options.m,
                              midend_options.no_inline, midend_options.cheap_calls,
                              midend_options.no_opt, midend_options.no_bounds,
                              midend_options.debug ? midend_options.debug : ""));
        add_text(st, options.trim_prefix);
        add_text(st, bisect_spec(p));
        add_text(st, p->go_version);
        for (vec_each(StringDef, d, &midend_options.strings)) {
            add_text(st, d->name);
            add_text(st, d->value);
        }
        uint32_t n = p->files.len - p->test_files;
        add_files(st, p, p->files.data, n);
        add_embedded(st, p, p->files.data, n);
        add_assembly(st, p);
        Hash without_tests = hash_copy(st), *st2 = &without_tests;
        add_files(st, p, p->files.data + n, p->test_files);
        add_embedded(st, p, p->files.data + n, p->test_files);
        add_imports(st, p, true);
        add_imports(st2, p, false);
        if (p->is_main) { // its object lists every package's init function
            PackageVec all = program_packages(prog, p);
            for (vec_each(Package *, i, &all)) add_text(st, (*i)->path);
            add_text(st, options.trimpath ? "" : load_config.goroot);
            add_text(st, program_godebug(prog, p));
            if (p->plugin_path) { // … and their keys
                add_text(st, p->plugin_path);
                for (vec_each(Package *, i, &all))
                    if (ptrmap_has(&keys, *i)) add_text(st, cache_key(*i));
            }
        }
        CacheKey *k = hash_end(st), *seen = hash_end(st2);
        ptrmap_put(&keys, p, k);
        ptrmap_put(&outside, p, p->test_files && !tests_add_methods(p) ? seen : k);
    }
}

const char *cache_object(const Package *p) {
    CacheKey *k = ptrmap_get(&keys, p);
    if (!k->object) k->object = xsprintf("%s/%.2s/%s.o", cache_dir(), k->hex, k->hex);
    return k->object;
}

// ---- Finished programs ----

// The parts of it besides packages: the runtime's archive.
const char *cache_program(const Package *main) {
    Hash h = hash_begin();
    XXH128_hash_t runtime;
    add_key(&h, ptrmap_get(&keys, main));
    hash_file(xsprintf("%s/libvole_rt.a", install_runtime(options.goarch)), &runtime);
    if (options.mode == MODE_PIE) add_text(&h, "pie");
    add_bytes(&h, &runtime, sizeof runtime);
    const CacheKey *k = hash_end(&h);
    return k->hex;
}

const char *cache_shared_key(const Package *p) {
    const CacheKey *k = ptrmap_get(&keys, p);
    return k->shared;
}

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
    return ptrmap_has(&keys, p) ? xsprintf("%s.esc", cache_object(p)) : NULL;
}
