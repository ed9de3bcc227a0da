// uptodate: `vole build` with nothing changed since the last time is over before a source is read,
// and so is the building of a tool.
//
// What a build asks the file system is noted (frontend's file_asked): files and folders that were
// looked at or were not there, folders whose entries were listed. After a success the answers are
// kept in the cache, under the command: its words, folder and environment. If they would be the same
// now, and what was built lies where it was put, there is nothing to do. A file is the same by its
// inode, size, and times of change, the system's own among them, which no program sets; a listing by
// its names. What changed while the build ran is not known to be what it read: then nothing is kept.
// Builds that print something or run what may, those of other files than are there (-overlay), and
// those with C, whose headers nobody notes, are never kept.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct Asked {
    bool file, listed;
    uint64_t names; // of listed: when it was
} Asked;

static PtrMap asked; // interned path -> Asked
static StrVec paths;
static const char *last_path;          // that an answer which holds was about
static const char *key, *cache, *here; // here: the folder that it is run in
static struct timespec begun;
static pid_t
    self; // the driver: what its children ask, for the sake of single packages, is the cache

// All names together, in no order. An absent folder has none.
static uint64_t hash_names(const char *dir) {
    uint64_t sum = 0;
    DIR *d = opendir(dir);
    if (!d) return 0;
    for (struct dirent *e; (e = readdir(d));) sum ^= XXH3_64bits(e->d_name, strlen(e->d_name));
    closedir(d);
    return sum;
}

static void note(const char *path, bool listed) {
    if (getpid() != self || has_path_prefix(path, cache) || has_path_prefix(path, temp_dir()))
        return;
    path = intern_c(path);
    Asked *a = ptrmap_get(&asked, path);
    if (!a) {
        ptrmap_put(&asked, path, a = NEW(Asked));
        vec_push(&paths, path);
    }
    if (listed && !a->listed) a->names = hash_names(path);
    *(listed ? &a->listed : &a->file) = true;
}

// What the file system answers about a path.
static void put_answer(Buf *b, const char *path, bool listed) {
    struct stat st;
    if (listed)
        buf_printf(b, "*%lx", (unsigned long)hash_names(path));
    else if (stat(path, &st))
        buf_puts(b, "none");
    else if (S_ISDIR(st.st_mode)) // its times are those of its entries
        buf_puts(b, "folder");
    else
        buf_printf(b, "%lx %lx %lx.%lx %lx.%lx", (unsigned long)st.st_ino,
                   (unsigned long)st.st_size, (unsigned long)st.st_mtim.tv_sec,
                   (unsigned long)st.st_mtim.tv_nsec, (unsigned long)st.st_ctim.tv_sec,
                   (unsigned long)st.st_ctim.tv_nsec);
}

// Variables that may bear on what is built or where from.
static bool matters(const char *v) {
    static const char *const prefixes[] = {"GO",  "CGO_", "VOLE",       "XDG_", "GIT_",  "HOME=",
                                           "CC=", "CXX=", "PKG_CONFIG", "AR=",  "PATH=", "LD_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (starts_with(v, prefixes[i])) return true;
    return false;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *make_key(int argc, char **argv) {
    Buf b = {0};
    StrVec env = {0};
    buf_printf(&b, "uptodate %s\n%s\n", compiler_identity, here);
    put_answer(&b, "/proc/self/exe", false);
    for (int i = 0; i < argc; i++) buf_printf(&b, "%s\n", argv[i]);
    for (char **e = environ; *e; e++)
        if (matters(*e)) vec_push(&env, *e);
    qsort(env.data, env.len, sizeof *env.data, by_text);
    for (vec_each(const char *, e, &env)) buf_printf(&b, "%s\n", *e);
    return buf_str(&b);
}

// A line is an answer, a tab, the path that it is about; of the repository's answer a hash and none.
static void put_repository(Buf *b) {
    const char *said = buildinfo_repository();
    buf_printf(b, "=%s", cache_hash(said, strlen(said)));
}

static bool holds(const char *line, const char *tab, const char *path) {
    Buf b = {0};
    if (line[0] == '=')
        put_repository(&b);
    else
        put_answer(&b, path, line[0] == '*');
    return b.len == (size_t)(tab - line) && !memcmp(b.p, line, b.len);
}

static bool all_hold(Str text) {
    for (const char *p = text.p, *end = text.p + text.len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)),
                   *tab = nl ? memchr(p, '\t', (size_t)(nl - p)) : NULL;
        if (!tab) return false;
        last_path = xstrndup(tab + 1, (size_t)(nl - tab - 1));
        if (!holds(p, tab, last_path)) return false;
        p = nl + 1;
    }
    return true;
}

bool uptodate_check(int argc, char **argv) {
    const char *err;
    cache = cache_find(&err);
    bool tells = options.rebuild || options.print_commands || options.dry_run || options.verbose ||
                 options.keep_work || options.json || options.explain || options.gcflags.len ||
                 options.cover.on || options.toolexec.len || options.actiongraph ||
                 options.debug_trace;
    if (!cache || tells || options.overlay ||
        fetch_any_many(&options.args)) // overlays are read with the flags; go says what all is
        return false;
    clock_gettime(CLOCK_REALTIME, &begun);
    here = current_dir();
    buildinfo_begin();
    key = make_key(argc, argv);
    Str text;
    if (cache_result(key, &text) && all_hold(text)) return true;
    self = getpid();
    file_asked = note;
    return false;
}

const char *uptodate_output(void) { return last_path; } // outputs are noted behind all else

// Changed since the build began, or a little before: the system's clock for files is coarse.
static bool is_recent(const char *path) {
    enum { COARSE = 20000000, SECOND = 1000000000 };
    struct stat st;
    if (stat(path, &st) || S_ISDIR(st.st_mode)) return false;
    return (st.st_ctim.tv_sec - begun.tv_sec) * SECOND + st.st_ctim.tv_nsec - begun.tv_nsec >
           -COARSE;
}

static bool is_output(const Program *prog, const char *path) {
    for (vec_each(const char *, o, &prog->outputs))
        if (*o && !strcmp(path_join(here, *o), path_join(here, path))) return true;
    return false;
}

// The names as they were, but for outputs, which may be new.
static bool listed_as_then(const Program *prog, const char *dir, uint64_t then) {
    uint64_t now = hash_names(dir);
    for (vec_each(const char *, o, &prog->outputs)) {
        const char *slash = *o ? strrchr(*o, '/') : NULL, *name = slash ? slash + 1 : *o;
        if (now == then || !*o) continue;
        const char *in = slash ? xstrndup(*o, (size_t)(slash - *o)) : ".";
        if (!strcmp(path_join(here, in), path_join(here, dir)))
            now ^= XXH3_64bits(name, strlen(name));
    }
    return now == then;
}

static void put_line(Buf *b, const char *path, bool listed) {
    put_answer(b, path, listed);
    buf_printf(b, "\t%s\n", path);
}

void uptodate_keep(const Program *prog) {
    if (!file_asked) return;
    const char *runtime =
        xsprintf("%s%s", install_runtime(options.goarch), options.pic ? "/pic" : "");
    note(xsprintf("%s/libvole_rt.a", runtime), false);
    note(xsprintf("%s/libgc.a", runtime), false);
    file_asked = NULL;
    for (vec_each(Package *, p, &prog->all))
        if ((*p)->objects.len) return; // C's
    Buf b = {0};
    put_repository(&b);
    buf_puts(&b, "\t\n");
    for (vec_each(const char *, p, &paths)) {
        const Asked *a = ptrmap_get(&asked, *p);
        if (strchr(*p, '\n') || (a->file && !is_output(prog, *p) && is_recent(*p)) ||
            (a->listed && !listed_as_then(prog, *p, a->names)))
            return;
        if (a->file && !is_output(prog, *p)) put_line(&b, *p, false);
        if (a->listed) put_line(&b, *p, true);
    }
    for (vec_each(const char *, o, &prog->outputs))
        if (*o) put_line(&b, *o, false);
    cache_keep_result(key, str_make(b.p, b.len));
}
