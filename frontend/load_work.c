// load_work: go.work: modules of one workspace take each other's packages from their folders, and
// all others at the highest version that one of them requires. A module of the workspace gets that
// as replacements and requirements, so that whoever resolves an import path needs not know.
#define _GNU_SOURCE 1
#include "frontend/load_impl.h"

#include <stdlib.h>

typedef struct Work {
    const char *file; // or NULL
    const char *dir;
    Strings uses; // folders
    Replaces replaces;
} Work;

static const char *find_file(void) {
    const char *set = getenv("GOWORK");
    if (gopath_mode() || (set && !strcmp(set, "off"))) return NULL;
    if (set && *set) return set;
    for (char *d = xstrdup(load_work_dir());; *strrchr(d, '/') = 0) {
        const char *file = xsprintf("%s/go.work", d);
        if (path_is_file(file)) return file;
        if (!strrchr(d, '/')) return NULL;
    }
}

static void directive(void *to, const char *verb, const char **w, uint32_t n) {
    Work *work = to;
    if (!strcmp(verb, "use") && n) vec_push(&work->uses, path_join(work->dir, w[0]));
    struct Replace r;
    if (!strcmp(verb, "replace") && gomod_replace(w, n, &r)) {
        if (r.to[0] == '.') r.to = path_join(work->dir, r.to); // its folder is not the module's
        vec_push(&work->replaces, r);
    }
}

static const Work *workspace(void) {
    static Work work;
    static bool read;
    Str text;
    if (read) return &work;
    read = true;
    work.file = find_file();
    if (!work.file || !fsys_read(work.file, &text)) return &work;
    const char *slash = strrchr(work.file, '/');
    work.dir = slash ? xstrndup(work.file, (size_t)(slash - work.file)) : load_work_dir();
    gomod_lines(text, directive, &work);
    return &work;
}

const char *load_work_file(void) { return workspace()->file; }

Module *work_main(void) {
    Module *m = gomod_find(load_work_dir());
    const Work *work = workspace();
    for (uint32_t i = 0; !m && i < work->uses.len; i++) m = gomod_read(work->uses.data[i]);
    return m;
}

const Strings *work_folders(void) { return &workspace()->uses; }

bool work_uses(const char *dir) {
    for (vec_each(const char *, use, &workspace()->uses))
        if (!strcmp(*use, dir)) return true;
    return false;
}

// Is version a older than b? Of equal numbers what has more behind them is a pre-release.
static bool older(const char *a, const char *b) {
    size_t n = strcspn(a, "-"), m = strcspn(b, "-");
    bool same = n == m && !strncmp(a, b, n);
    if (same && (!a[n] || !b[m])) return a[n] != 0;
    return strverscmp(a, b) < 0;
}

static void require(Requires *all, const struct Require *r) {
    for (vec_each(struct Require, k, all)) {
        if (strcmp(k->path, r->path)) continue;
        if (older(k->version, r->version)) *k = *r;
        return;
    }
    vec_push(all, *r);
}

// As if m required and replaced what all modules of the workspace do; go.work's replacements win.
void work_join(Module *m) {
    const Work *work = workspace();
    Requires requires = {0};
    Replaces replaces = {0};
    if (!work_uses(m->dir)) return;
    for (uint32_t i = 0; i < m->nrequires; i++) require(&requires, &m->requires[i]);
    for (vec_each(struct Replace, r, &work->replaces)) vec_push(&replaces, *r); // come first
    for (uint32_t i = 0; i < m->nreplaces; i++) vec_push(&replaces, m->replaces[i]);
    for (vec_each(const char *, use, &work->uses)) {
        const Module *other = strcmp(*use, m->dir) ? gomod_read_alone(*use) : NULL;
        if (!other) continue;
        vec_push(&replaces, ((struct Replace){other->path, "", *use, ""}));
        for (uint32_t i = 0; i < other->nrequires; i++) require(&requires, &other->requires[i]);
        for (uint32_t i = 0; i < other->nreplaces; i++) {
            struct Replace r = other->replaces[i];
            if (r.to[0] == '.') r.to = path_join(other->dir, r.to);
            vec_push(&replaces, r);
        }
    }
    m->requires = requires.data;
    m->nrequires = requires.len;
    m->replaces = replaces.data;
    m->nreplaces = replaces.len;
    m->vendored = false;
}

// In the order in which go looks: the file, its modules, flags that it does not go with.
const char *work_error(const Module *m) {
    const Work *work = workspace();
    Str text;
    if (!work->file) return NULL;
    if (work->file[0] != '/') return "go: invalid GOWORK: not an absolute path";
    if (!fsys_read(work->file, &text))
        return xsprintf("go: reading go.work: open %s: no such file or directory",
                        load_short_path(work->file));
    for (vec_each(const char *, use, &work->uses))
        if (!gomod_read_alone(*use))
            return xsprintf("go: cannot load module %s listed in go.work file: open %s/go.mod: no "
                            "such file or directory",
                            load_short_path(*use), load_short_path(*use));
    if (load_config.modfile) return "go: -modfile cannot be used in workspace mode";
    if (load_config.mod && !strcmp(load_config.mod, "mod"))
        return "go: -mod may only be set to readonly or vendor when in workspace mode, but it is "
               "set to \"mod\"\n"
               "\tRemove the -mod flag to use the default readonly value, \n"
               "\tor set GOWORK=off to disable workspace mode.";
    if (!m || work_uses(m->dir)) return NULL;
    return "current directory is contained in a module that is not one of the workspace "
           "modules listed in go.work. You can add the module to the workspace using:\n"
           "\tgo work use .";
}
