// load_pattern: patterns with "..." of the command line, to the packages that they match: of the
// tree that a folder's pattern begins in, or of GOROOT and all modules that the build may take
// packages from. What lies in testdata, vendor, a folder with a dot or underscore before its name,
// one that go.mod's ignore lines name, or in another module, no pattern matches.
#include "frontend/load_impl.h"

#include <stdlib.h>
#include <sys/stat.h>

// "..." stands for any string, behind a slash at the end for nothing as well.
static bool matches(const char *pattern, const char *s) {
    for (; strncmp(pattern, "...", 3); pattern++, s++) {
        if (!*s && !strcmp(pattern, "/...")) return true;
        if (*pattern != *s) return false;
        if (!*s) return true;
    }
    for (pattern += 3;; s++) {
        if (matches(pattern, s)) return true;
        if (!*s) return false;
    }
}

// What is before the first "...".
static const char *literal(const char *pattern) {
    return xstrndup(pattern, (size_t)(strstr(pattern, "...") - pattern));
}

static bool is_cgo(const char *path, Str text) {
    if (!strstr(text.p, "\"C\"")) return false;
    Diagnostics before = diagnostics;
    diagnostics.list = (typeof(diagnostics.list)){0};
    bool v = parse_file(source_add(path, path, text), PARSE_DECLS)->imports_C;
    diagnostics = before;
    return v;
}

// As go has it for `ignore ./x`, below the module's folder, and `ignore x`, at any depth.
static bool ignored(const Module *m, const char *dir) {
    if (!m || !m->ignores.len || strlen(dir) <= strlen(m->dir)) return false;
    const char *rel = xsprintf("%s/", dir + strlen(m->dir)); // /a/b/
    for (vec_each(const char *, i, &m->ignores)) {
        const char *where = strncmp(*i, "./", 2) ? NULL : *i + 2;
        const char *name = xsprintf("/%s%s", where ? where : *i, ends_with(*i, "/") ? "" : "/");
        if (where ? !strncmp(rel, name, strlen(name)) : strstr(rel, name) != NULL) return true;
    }
    return false;
}

typedef struct Walk {
    const char *pattern; // of paths
    const Module *m;     // in whose tree; NULL: GOROOT's, or there are none
    bool goroot;
    Strings *out;
} Walk;

static bool holds_package(const Walk *w, const char *dir, const Strings *names) {
    uint32_t tags = tags_add(dir, w->goroot);
    bool any = false;
    for (vec_each(const char *, n, names)) {
        const char *path = xsprintf("%s/%s", dir, *n), *error;
        Str text;
        if (!any && (load_config.tests || !ends_with(*n, "_test.go")) && constraint_file_name(*n) &&
            fsys_read(path, &text))
            any = (constraint_text(text, &error) && !is_cgo(path, text)) || error;
    }
    load_config.tags.len = tags;
    return any;
}

static bool is_link(const char *path) {
    struct stat st;
    return !lstat(path, &st) && S_ISLNK(st.st_mode);
}

// Folders in order; links to folders are not followed.
static void walk(const Walk *w, const char *dir, const char *path, bool top) {
    if (!top && !w->goroot && path_is_file(xsprintf("%s/go.mod", dir))) return; // another module
    if (ignored(w->m, dir)) return;
    Strings all = {0}, subs = {0}, files = {0};
    if (!fsys_names(dir, &all)) return;
    for (vec_each(const char *, name, &all)) {
        const char *n = *name;
        if (n[0] == '.' || n[0] == '_' || strcmp(n, "testdata") == 0 || (strcmp(n, "vendor") == 0))
            continue;
        if (ends_with(n, ".go"))
            vec_push(&files, n);
        else if (path_is_dir(xsprintf("%s/%s", dir, n)) && !is_link(xsprintf("%s/%s", dir, n)))
            vec_push(&subs, n);
    }
    bool documentation = w->goroot && !strcmp(path, "builtin"); // exists for it alone
    if (path[0] && !documentation && matches(w->pattern, path) && holds_package(w, dir, &files))
        vec_push(w->out, path);
    if (subs.len) qsort(subs.data, subs.len, sizeof *subs.data, compare_strings);
    for (vec_each(const char *, s, &subs)) {
        if (w->goroot && top && path[0] == 0 && strcmp(*s, "cmd") == 0) continue;
        walk(w, xsprintf("%s/%s", dir, *s), path[0] ? xsprintf("%s/%s", path, *s) : *s, false);
    }
}

// The folders below root that the pattern of import paths, those of root's begin with path, can
// match.
static void walk_below(const Walk *w, const char *root, const char *path) {
    const char *head = literal(w->pattern);
    const char *slash = strrchr(head, '/');
    head = slash ? xstrndup(head, (size_t)(slash - head)) : "";
    if (!path[0] || has_path_prefix(head, path)) { // begins below root
        const char *rest = head + strlen(path);
        const char *dir =
            *rest && *rest != '/' ? xsprintf("%s/%s", root, rest) : xsprintf("%s%s", root, rest);
        if (path_is_dir(dir)) walk(w, dir, head, true);
    } else if (!*head || has_path_prefix(path, head)) {
        walk(w, root, path, true);
    }
}

static void match_folders(const char *pattern, Strings *out, const char **err) {
    const char *head = literal(pattern), *slash = strrchr(head, '/');
    size_t hn = (size_t)(slash - head);
    const char *dir = path_clean(hn ? xstrndup(head, hn) : "/");
    if (!path_is_dir(dir)) {
        *err = xsprintf("pattern %s: lstat %.*s/: no such file or directory", pattern, (int)hn,
                        pattern);
        return;
    }
    const char *below = path_in_goroot(dir);
    bool goroot = below != NULL;
    Module *m = goroot ? NULL : gomod_find(dir);
    const char *own = NULL;
    if (goroot) {
        own = below + (*below == '/');
    } else if (gopath_mode()) {
        own = gopath_path(dir);
    } else if (!m && load_work_file()) {
        *err = xsprintf("pattern %s: directory prefix %s does not contain modules listed in "
                        "go.work or their selected dependencies",
                        pattern, load_short_path(dir));
        return;
    } else if (!m) {
        *err = "go: go.mod file not found in current directory or any parent directory; see 'go "
               "help modules'";
        return;
    } else {
        own = xsprintf("%s%s", m->path, dir + strlen(m->dir));
    }
    if (!own) own = xsprintf("_%s", dir);
    Walk w = {xsprintf("%s%s%s", own, *own ? "/" : "", pattern + hn + 1), m, goroot, out};
    walk(&w, dir, own, true);
}

static void match_module(const char *pattern, Module *m, const char *path, Strings *out) {
    Walk w = {pattern, m, false, out};
    if (m) walk_below(&w, m->dir, path);
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct Require *)a)->path, ((const struct Require *)b)->path);
}

static void match_paths(const char *pattern, Strings *out) {
    Walk std = {pattern, NULL, true, out};
    walk_below(&std, xsprintf("%s/src", load_config.goroot), "");
    if (gopath_mode()) {
        const char *head = literal(pattern), *slash = strrchr(head, '/');
        head = slash ? xstrndup(head, (size_t)(slash - head)) : "";
        const char *dir = *head ? gopath_tree(head) : NULL;
        Walk w = {pattern, NULL, false, out};
        if (dir) walk(&w, dir, head, true);
        return;
    }
    Module *main = work_main();
    if (!main) return;
    const Strings *folders = work_folders();
    for (vec_each(const char *, dir, folders)) {
        Module *m = gomod_read(*dir);
        match_module(pattern, m, m ? m->path : NULL, out);
    }
    if (!folders->len) match_module(pattern, main, main->path, out);
    if (main->vendor) {
        for (vec_each(const char *, v, &main->vendor->packages))
            if (matches(pattern, *v)) vec_push(out, *v);
        return;
    }
    Requires others = {0};
    for (uint32_t i = 0; i < main->nrequires; i++) vec_push(&others, main->requires[i]);
    if (others.len) qsort(others.data, others.len, sizeof *others.data, by_path);
    for (vec_each(struct Require, r, &others)) {
        const char *dir = gomod_folder(main, r->path, r->version);
        if (dir && !work_uses(dir)) match_module(pattern, gomod_at(dir, r->path), r->path, out);
    }
}

bool load_expand(const char **patterns, uint32_t n, PathVec *out, const char **err) {
    PtrMap seen = {0};
    *err = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const char *pat = patterns[i];
        Strings paths = {0};
        Walk goroot = {"...", NULL, true, &paths};
        if (strcmp(pat, "std") == 0) {
            walk(&goroot, xsprintf("%s/src", load_config.goroot), "", true);
        } else if (strcmp(pat, "cmd") == 0) {
            walk(&goroot, xsprintf("%s/src/cmd", load_config.goroot), "cmd", true);
        } else if (strstr(pat, "...")) {
            if (pat[0] == '/' || !strncmp(pat, "./", 2) || !strncmp(pat, "../", 3))
                match_folders(pat, &paths, err);
            else
                match_paths(pat, &paths);
            if (*err) return false;
            if (paths.len == 0) fprintf(stderr, "go: warning: \"%s\" matched no packages\n", pat);
        } else {
            vec_push(&paths, pat);
        }
        for (vec_each(const char *, path, &paths)) {
            bool known = ptrmap_has(&seen, intern_c(*path));
            if (!known) vec_push(out, *path);
            ptrmap_put(&seen, intern_c(*path), (void *)1);
        }
    }
    return true;
}

// A folder and an import path may be one package: it is there once, in the first one's place.
bool load_patterns(const char **patterns, uint32_t n, PackageVec *out, const char **err) {
    PathVec paths = {0};
    if (!load_expand(patterns, n, &paths, err)) return false;
    for (vec_each(const char *, path, &paths)) {
        const char *why = NULL;
        Package *p = load_package(*path, &why);
        if (!p) {
            *err = why;
            return false;
        }
        bool known = false;
        for (vec_each(Package *, q, out)) known |= *q == p;
        if (!known) vec_push(out, p);
    }
    return true;
}
