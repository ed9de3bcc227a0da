// load_work: go.work: modules of one workspace take each other's packages from their folders, and
// all others at the highest version that one of them requires. A module of the workspace gets that
// as replacements and requirements, so that whoever resolves an import path needs not know.
#define _GNU_SOURCE 1
#include "frontend/load_impl.h"

#include <stdlib.h>

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

static void use(Work *work, const char *dir) {
    for (vec_each(const char *, u, &work->uses))
        if (!strcmp(*u, dir) && !work->wrong)
            work->wrong =
                xsprintf("go: error loading go.work:\n%s:%u: path %s appears multiple times "
                         "in workspace",
                         load_short_path(work->file), gomod_line(), dir);
    vec_push(&work->uses, dir);
}

static void directive(void *to, const char *verb, const char **w, uint32_t n) {
    Work *work = to;
    if (!strcmp(verb, "go") && n) work->go_version = xsprintf("go%s", work->go_line = w[0]);
    if (!strcmp(verb, "use") && n) use(work, path_join(work->dir, w[0]));
    static const char *const verbs[] = {"go", "use", "replace", "toolchain", "godebug"};
    bool known = false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) known |= !strcmp(verb, verbs[i]);
    if (!known && !work->wrong)
        work->wrong = xsprintf("go: errors parsing go.work:\n%s:%u: unknown directive: %s",
                               load_short_path(work->file), gomod_line(), verb);
    struct Replace r;
    if (!strcmp(verb, "replace") && gomod_replace(w, n, &r)) vec_push(&work->replaces, r);
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
    work.go_version = "go1.1"; // it says none
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

// The workspace's vendor folder, and what is wrong with it; the modules are what their go.mod files
// say, as long as none is joined.
static const Vendor *vendor_folder(const char **error) {
    static const Vendor *vendor;
    static const char *wrong;
    static bool read;
    const Work *work = workspace();
    if (!read && work->dir) vendor = vendor_read_workspace(work, &wrong);
    read = true;
    if (error) *error = wrong;
    return vendor;
}

// Its folder is not the module's that it gets to.
static void add_replacement(Replaces *to, const struct Replace *of, const char *dir) {
    struct Replace r = *of;
    if (r.to[0] == '.') r.to = path_join(dir, r.to);
    vec_push(to, r);
}

// As if m required and replaced what all modules of the workspace do; go.work's replacements win.
void work_join(Module *m) {
    const Work *work = workspace();
    Requires requires = {0};
    Replaces replaces = {0};
    if (!work_uses(m->dir)) return;
    m->vendor = vendor_folder(NULL);
    for (uint32_t i = 0; i < m->nrequires; i++) require(&requires, &m->requires[i]);
    for (vec_each(struct Replace, r, &work->replaces)) // come first
        add_replacement(&replaces, r, work->dir);
    for (uint32_t i = 0; i < m->nreplaces; i++) vec_push(&replaces, m->replaces[i]);
    for (vec_each(const char *, use, &work->uses)) {
        const Module *other = strcmp(*use, m->dir) ? gomod_read_alone(*use) : NULL;
        if (!other) continue;
        vec_push(&replaces, ((struct Replace){other->path, "", *use, ""}));
        for (uint32_t i = 0; i < other->nrequires; i++) require(&requires, &other->requires[i]);
        for (uint32_t i = 0; i < other->nreplaces; i++)
            add_replacement(&replaces, &other->replaces[i], other->dir);
    }
    m->requires = requires.data;
    m->nrequires = requires.len;
    m->replaces = replaces.data;
    m->nreplaces = replaces.len;
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
    if (work->wrong) return work->wrong;
    if (!work->uses.len)
        return "go: no modules were found in the current workspace; see 'go help work'";
    for (vec_each(const char *, use, &work->uses))
        if (!gomod_read_alone(*use))
            return xsprintf("go: cannot load module %s listed in go.work file: open %s/go.mod: no "
                            "such file or directory",
                            load_short_path(*use), load_short_path(*use));
    Buf old = {0}; // a workspace that is older than its modules
    for (vec_each(const char *, use, &work->uses)) {
        const char *mine = work->go_line ? work->go_line : "1.18",
                   *needs = gomod_read_alone(*use)->go_line;
        if (!needs || strverscmp(needs, "1.21") < 0 || strverscmp(needs, mine) <= 0) continue;
        buf_printf(&old,
                   "%sgo: module %s listed in go.work file requires go >= %s, but go.work %s go "
                   "%s; to download and use go %s:\n\tgo work use",
                   old.len ? "\n" : "", path_base(*use), needs,
                   work->go_line ? "lists" : "implicitly requires", mine, needs);
    }
    if (old.len) return buf_str(&old);
    if (load_config.modfile) return "go: -modfile cannot be used in workspace mode";
    if (load_config.mod && !strcmp(load_config.mod, "mod"))
        return "go: -mod may only be set to readonly or vendor when in workspace mode, but it is "
               "set to \"mod\"\n"
               "\tRemove the -mod flag to use the default readonly value, \n"
               "\tor set GOWORK=off to disable workspace mode.";
    const char *error;
    vendor_folder(&error);
    if (error) return error;
    if (!m || work_uses(m->dir)) return NULL;
    return xsprintf("current directory is contained in a module that is not one of the workspace "
                    "modules listed in go.work. You can add the module to the workspace using:\n"
                    "\tgo work use %s",
                    load_short_path(m->dir));
}
