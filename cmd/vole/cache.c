// cache: compiled packages under a key of all that their object depends on: the compiler itself, its flags, the package's path
// and sources, and the keys of what it imports (instances and inlined bodies come from there). An object is written under a
// temporary name and renamed, so that builds running at once never see half of one, and two that make the same one agree.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static PtrMap keys;    // Package * -> CacheKey *
static PtrMap outside; // the same, as importers' keys hold it

const char *cache_dir(void) {
    static const char *dir;
    if (dir) return dir;
    const char *env = getenv("VOLECACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (env && *env)
        dir = env;
    else if (xdg && *xdg)
        dir = xsprintf("%s/vole", xdg);
    else
        dir = xsprintf("%s/.cache/vole", home && *home ? home : "/tmp");
    make_dirs(dir, 0777);
    return dir;
}

static const char *work;
const char *temp_dir(void) {
    if (work) return work;
    const char *base = getenv("TMPDIR");
    char *t = xsprintf("%s/vole-build.XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(t)) {
        fprintf(stderr, "vole: cannot create a temporary folder: %s\n", strerror(errno));
        exit(1);
    }
    return work = t;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st, (void)type, (void)ftw;
    return remove(path);
}
void temp_cleanup(void) {
    if (work && !options.keep_work) nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    work = NULL;
}

int cache_clean(void) {
    const char *dir = cache_dir();
    if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT) {
        fprintf(stderr, "vole: cleaning %s: %s\n", dir, strerror(errno));
        return 1;
    }
    return 0;
}

static int find_build_id(struct dl_phdr_info *info, size_t size, void *id) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        const char *p = (const char *)(info->dlpi_addr + ph->p_vaddr), *end = p + ph->p_memsz;
        while (ph->p_type == PT_NOTE && end - p > (ptrdiff_t)sizeof(ElfW(Nhdr))) {
            const ElfW(Nhdr) *n = (const void *)p;
            const char *desc = p + sizeof *n + ((n->n_namesz + 3) & ~3u);
            if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4) {
                *(Str *)id = str_make(desc, n->n_descsz);
                return 1;
            }
            p = desc + ((n->n_descsz + 3) & ~3u);
        }
    }
    return 1; // the first is the program itself
}

// As go's cache: a file's time of modification is that of its last use, to the hour; what no build used for five days goes.
enum { HOUR = 3600, DAY = 24 * HOUR, KEEP = 5 * DAY };

bool cache_has(const char *object) {
    struct stat st;
    if (stat(object, &st)) return false;
    if (time(NULL) - st.st_mtime > HOUR) {
        static const char *const beside[] = {"", ".log", ".esc"};
        for (int i = 0; i < 3; i++) utimensat(AT_FDCWD, xsprintf("%s%s", object, beside[i]), NULL, 0);
    }
    return true;
}

static int remove_old(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    if (type == FTW_F && ftw->level == 2 && time(NULL) - st->st_mtime > KEEP + HOUR) unlink(path);
    return 0;
}

void cache_trim(void) {
    const char *stamp = xsprintf("%s/trim.txt", cache_dir());
    struct stat st;
    if (stat(stamp, &st) == 0 && time(NULL) - st.st_mtime < DAY) return;
    FILE *f = fopen(stamp, "w"); // first, so that builds running at once don't all do it
    if (!f) return;
    fprintf(f, "%lld\n", (long long)time(NULL));
    fclose(f);
    nftw(cache_dir(), remove_old, 16, FTW_PHYS);
}

// The compiler's identity: the linker's hash of its contents, else its own bytes.
static XXH128_hash_t compiler_hash(void) {
    Str s = {0};
    dl_iterate_phdr(find_build_id, &s);
    if (s.len) return XXH3_128bits(s.p, s.len);
    if (!read_file("/proc/self/exe", &s)) return (XXH128_hash_t){0, 0};
    return XXH3_128bits(s.p, s.len);
}

static void add_text(XXH3_state_t *st, const char *s) { XXH3_128bits_update(st, s ? s : "", (s ? strlen(s) : 0) + 1); }

static void add_files(XXH3_state_t *st, File **files, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        const SourceFile *src = files[i]->src;
        add_text(st, src->path);
        add_text(st, src->display);
        XXH3_128bits_update(st, src->text.p, src->text.len);
    }
}

// What //go:embed lines of these files name.
static void add_embedded(XXH3_state_t *st, const Package *p, File **files, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (vec_each(Decl *, d, &files[i]->decls)) {
            EmbedVec patterns = {0};
            const char *err;
            if ((*d)->kind != D_VAR || !(*d)->doc_embed || !load_embed((Package *)p, (*d)->doc_embed, &patterns, &err)) continue;
            for (vec_each(EmbedPattern, e, &patterns))
                for (vec_each(const char *, f, &e->files)) {
                    Str text;
                    add_text(st, *f);
                    if (read_file(xsprintf("%s/%s", p->dir, *f), &text)) XXH3_128bits_update(st, text.p, text.len);
                }
        }
}

static void add_imports(XXH3_state_t *st, const Package *p, bool tests) {
    for (vec_each(Package *, i, &p->imports)) {
        bool skip = false;
        if (!tests)
            for (vec_each(Package *, t, &p->test_imports)) skip |= *t == *i;
        if (skip) continue;
        CacheKey *k = ptrmap_get(&outside, *i);
        add_text(st, (*i)->path);
        if (k) add_text(st, k->hex);
    }
}

static CacheKey *key_of(const XXH3_state_t *st) {
    XXH128_hash_t h = XXH3_128bits_digest(st);
    CacheKey *k = NEW(CacheKey);
    snprintf(k->hex, sizeof k->hex, "%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
    return k;
}

// Test files are invisible to importers, except for methods that they give to the package's types.
static bool tests_add_methods(const Package *p) {
    for (uint32_t i = p->files.len - p->test_files; i < p->files.len; i++)
        for (vec_each(Decl *, d, &p->files.data[i]->decls))
            if ((*d)->kind == D_FUNC && (*d)->func.recv) return true;
    return false;
}

void cache_program_keys(Program *prog) {
    XXH128_hash_t self = compiler_hash();
    XXH3_state_t *st = XXH3_createState(), *st2 = XXH3_createState();
    for (vec_each(Package *, pp, &prog->all)) {
        Package *p = *pp;
        bool root = false;
        for (vec_each(Package *, r, &prog->roots)) root |= *r == p;
        XXH3_128bits_reset(st);
        XXH3_128bits_update(st, &self, sizeof self);
        add_text(st, p->path);
        add_text(st, p->dir);
        add_text(st, options.goarch);
        add_text(st, xsprintf("O%d %d", options.opt, options.no_debug));
        for (vec_each(const char *, x, &load_config.experiments)) add_text(st, *x);
        flags_for_package(p, root);
        add_text(st, xsprintf("%d %d %d %d %d %d %s", midend_options.opt, midend_options.m, midend_options.no_inline,
                              midend_options.cheap_calls, midend_options.no_opt, midend_options.no_bounds,
                              midend_options.debug ? midend_options.debug : ""));
        for (vec_each(StringDef, d, &midend_options.strings)) add_text(st, d->name), add_text(st, d->value);
        uint32_t n = p->files.len - p->test_files;
        add_files(st, p->files.data, n);
        add_embedded(st, p, p->files.data, n);
        XXH3_copyState(st2, st);
        add_files(st, p->files.data + n, p->test_files);
        add_embedded(st, p, p->files.data + n, p->test_files);
        add_imports(st, p, true);
        add_imports(st2, p, false);
        if (p->is_main) { // its object lists every package's init function
            for (vec_each(Package *, i, &prog->all)) add_text(st, (*i)->path);
            add_text(st, options.trimpath ? "" : load_config.goroot);
            add_text(st, prog->godebug);
        }
        CacheKey *k = key_of(st);
        ptrmap_put(&keys, p, k);
        ptrmap_put(&outside, p, p->test_files && !tests_add_methods(p) ? key_of(st2) : k);
    }
    XXH3_freeState(st);
    XXH3_freeState(st2);
}

const char *cache_object(const Package *p) {
    CacheKey *k = ptrmap_get(&keys, p);
    const char *dir = xsprintf("%s/%.2s", cache_dir(), k->hex);
    mkdir(dir, 0777);
    return xsprintf("%s/%s.o", dir, k->hex);
}

const char *cache_summary(const Package *p) { return ptrmap_has(&keys, p) ? xsprintf("%s.esc", cache_object(p)) : NULL; }
