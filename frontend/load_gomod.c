// load_gomod: go.mod: which module a folder belongs to and where an import path of another module
// lies. Nothing is downloaded: a requirement is found in vendor, through a
// replacement by a folder, or in the module cache.
#include "frontend/load_impl.h"

#include <ctype.h>
#include <stdlib.h>

// ---- Lines ----

typedef Vec(const char *) Words;

// Words of one line; quotes are taken off, a comment ends it. Were there quotes?
static bool split(const char *p, const char *end, Words *out) {
    bool quoted = false;
    out->len = 0;
    while (p < end) {
        while (p < end && isspace((unsigned char)*p)) p++;
        if (p >= end || (p + 1 < end && p[0] == '/' && p[1] == '/')) break;
        if (*p == '"' || *p == '`') {
            quoted = true;
            char q = *p++;
            const char *start = p;
            while (p < end && *p != q) p++;
            vec_push(out, xstrndup(start, (size_t)(p - start)));
            if (p < end) p++;
        } else if (*p == '(' || *p == ')') {
            vec_push(out, xstrndup(p, 1));
            p++;
        } else {
            const char *start = p;
            while (p < end && !isspace((unsigned char)*p) && *p != '(' && *p != ')' &&
                   !(p[0] == '/' && p + 1 < end && p[1] == '/'))
                p++;
            vec_push(out, xstrndup(start, (size_t)(p - start)));
        }
    }
    return quoted;
}

static uint32_t line, col; // of the first word at hand
static bool quoted;        // its words

uint32_t gomod_line(void) { return line; }

typedef struct Reading {
    Module *m;
    Requires requires;
    Replaces replaces;
    const char *file; // as messages name it
    Buf syntax;       // messages
} Reading;

static void godebug(Reading *r, const char *const *w, uint32_t n) {
    const char *equals = n == 1 && !quoted && !strchr(w[0], ',') ? strchr(w[0], '=') : NULL;
    if (!equals) {
        const char *at = col > 1 ? xsprintf(":%u", col) : "";
        buf_printf(&r->syntax, "\n%s:%u%s: usage: godebug key=value", r->file, line, at);
        return;
    }
    vec_push(&r->m->godebugs, w[0]);
    vec_push(&r->m->godebug_places, xsprintf("%s:%u", r->file, line));
}

bool gomod_replace(const char **w, uint32_t n, struct Replace *out) {
    uint32_t i = 1;
    if (n < 3) return false;
    *out = (struct Replace){w[0], "", "", ""};
    if (strcmp(w[i], "=>") != 0) out->version = w[i++];
    if (i + 1 >= n || strcmp(w[i], "=>") != 0) return false;
    out->to = w[i + 1];
    if (i + 2 < n) out->to_version = w[i + 2];
    return true;
}

// What others than these say (exclude, retract, toolchain) changes nothing in a build that
// downloads nothing.
static void directive(void *to, const char *verb, const char **w, uint32_t n) {
    Reading *r = to;
    Module *m = r->m;
    struct Replace replace;
    if (strcmp(verb, "module") == 0 && n >= 1) {
        m->path = w[0];
    } else if (strcmp(verb, "go") == 0 && n >= 1) {
        int major = 0, minor = 0;
        m->go_line = w[0];
        if (sscanf(w[0], "%d.%d", &major, &minor) >= 1) {
            m->go_version = xsprintf("go%d.%d", major, minor);
            if (major > 1 || minor > 27)
                m->error = xsprintf("go: go.mod requires go >= %s (running go %s)", w[0],
                                    load_go_version() + 2);
        }
    } else if (strcmp(verb, "godebug") == 0) {
        godebug(r, w, n);
    } else if (strcmp(verb, "tool") == 0 && n >= 1) {
        vec_push(&m->tools, w[0]);
    } else if (strcmp(verb, "ignore") == 0 && n >= 1) {
        vec_push(&m->ignores, w[0]);
    } else if (strcmp(verb, "require") == 0 && n >= 2) {
        vec_push(&r->requires, ((struct Require){w[0], w[1]}));
    } else if (strcmp(verb, "replace") == 0 && gomod_replace(w, n, &replace)) {
        vec_push(&r->replaces, replace);
    }
}

// go.mod and go.work have one form: a verb and words, or a block of such lines in parentheses.
void gomod_lines(Str text, GomodLine *take, void *to) {
    Words w = {0};
    const char *block = NULL;
    line = 0;
    for (const char *p = text.p, *end = text.p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        line++;
        col = (uint32_t)strspn(p, " \t") + 1;
        quoted = split(p, eol, &w);
        p = eol < end ? eol + 1 : end;
        if (w.len == 0) continue;
        if (block) {
            if (strcmp(w.data[0], ")") == 0)
                block = NULL;
            else
                take(to, block, w.data, w.len);
        } else if (w.len == 2 && strcmp(w.data[1], "(") == 0) {
            block = w.data[0];
        } else {
            take(to, w.data[0], w.data + 1, w.len - 1);
        }
    }
}

// -modfile stands for the go.mod of the working directory's module.
static const char *file_of(const char *dir) {
    const char *own = xsprintf("%s/go.mod", dir), *wd = load_work_dir();
    if (!load_config.modfile || !has_path_prefix(wd, dir)) return own;
    for (char *d = xstrdup(wd); strlen(d) > strlen(dir); *strrchr(d, '/') = 0)
        if (path_is_file(xsprintf("%s/go.mod", d))) return own;
    return path_is_file(own) ? load_config.modfile : own;
}

// The module of dir/go.mod; NULL if there is no such file.
Module *gomod_read_alone(const char *dir) {
    static PtrMap modules; // folder -> Module
    Name key = intern_c(dir);
    if (ptrmap_has(&modules, key)) return ptrmap_get(&modules, key);
    Str text;
    Module *m = NULL;
    if (fsys_read(file_of(dir), &text)) {
        m = NEW(Module);
        m->dir = key;
        m->path = "";
        m->go_version = "go1.16";
        Reading r = {.m = m, .file = load_short_path(file_of(dir))};
        gomod_lines(text, directive, &r);
        m->requires = r.requires.data;
        m->nrequires = r.requires.len;
        m->replaces = r.replaces.data;
        m->nreplaces = r.replaces.len;
        if (!m->error && r.syntax.len)
            m->error = xsprintf("go: errors parsing %s:%s", r.file, buf_str(&r.syntax));
        vendor_read(m);
    }
    ptrmap_put(&modules, key, m);
    return m;
}

Module *gomod_read(const char *dir) {
    Module *m = gomod_read_alone(dir);
    if (m && !m->joined) {
        m->joined = true;
        work_join(m);
    }
    return m;
}

bool gopath_mode(void) {
    const char *mode = getenv("GO111MODULE");
    return mode && strcmp(mode, "off") == 0;
}

Module *gomod_find(const char *dir) {
    if (gopath_mode()) return NULL;
    char *d = xstrdup(dir);
    for (;;) {
        Module *m = gomod_read(d[0] ? d : "/");
        if (m) return m;
        char *slash = strrchr(d, '/');
        if (!slash || d[0] == 0) return NULL;
        *slash = 0;
    }
}

// ---- Other modules ----

// Upper-case letters are written !x in the module cache.
static const char *escape(const char *path) {
    Buf b = {0};
    for (; *path; path++) {
        if (isupper((unsigned char)*path)) {
            buf_putc(&b, '!');
            buf_putc(&b, (char)tolower((unsigned char)*path));
        } else {
            buf_putc(&b, *path);
        }
    }
    return buf_str(&b);
}

static const char *module_cache(void) {
    const char *c = getenv("GOMODCACHE");
    if (c && c[0]) return c;
    c = getenv("GOPATH");
    if (c && c[0]) return xsprintf("%.*s/pkg/mod", (int)strcspn(c, ":"), c);
    c = getenv("HOME");
    return c ? xsprintf("%s/go/pkg/mod", c) : "/nonexistent";
}

static const char *required_version(const Module *m, const char *path) {
    for (uint32_t i = 0; i < m->nrequires; i++)
        if (!strcmp(m->requires[i].path, path)) return m->requires[i].version;
    return NULL;
}

const struct Replace *gomod_replaced(const Module *m, const char *path, const char *version) {
    const Replaces all = {m->replaces, m->nreplaces, m->nreplaces};
    return gomod_replaced_in(&all, path, version);
}

const struct Replace *gomod_replaced_in(const Replaces *of, const char *path, const char *version) {
    const struct Replace *all = NULL;
    for (vec_each(struct Replace, r, of)) {
        if (strcmp(r->path, path)) continue;
        if (!*r->version && !all) all = r; // go.work's stand before go.mod's
        if (version && !strcmp(r->version, version)) return r;
    }
    return all;
}

static bool is_folder(const char *to) { return to[0] == '.' || to[0] == '/'; }

static const char *folder_of(const Module *main, const char *path, const char *version,
                             const struct Replace *r) {
    if (r && is_folder(r->to))
        return path_clean(r->to[0] == '/' ? r->to : xsprintf("%s/%s", main->dir, r->to));
    if (r) path = r->to, version = r->to_version;
    return xsprintf("%s/%s@%s", module_cache(), escape(path), escape(version));
}

const char *gomod_folder(const Module *main, const char *path, const char *version) {
    const char *dir = folder_of(main, path, version, gomod_replaced(main, path, version));
    return path_is_dir(dir) ? dir : NULL;
}

// The folder below dir of what stands behind the module's path; NULL: there is no package, or
// another module's.
static const char *package_in(const char *dir, const char *rest) {
    const char *full = xsprintf("%s%s", dir, rest);
    if (!path_is_dir(full) || !path_holds_go(full)) return NULL;
    for (size_t n = strlen(full); n > strlen(dir); n--)
        if ((!full[n] || full[n] == '/') && gomod_read(xstrndup(full, n))) return NULL;
    return full;
}

Module *gomod_at(const char *dir, const char *path) {
    Module *m = gomod_read(dir);
    if (m) return m;
    m = NEW(Module); // from before go.mod files
    m->path = path;
    m->dir = dir;
    m->go_version = "go1.16";
    return m;
}

// The module itself or the folder that contains it.
static void shorten(char *path) {
    char *slash = strrchr(path, '/');
    *(slash ? slash : path) = 0;
}

// go's message where path's module is replaced, but no go.mod requires it.
static const char *unrequired(const Module *main, const Module *from, const char *path) {
    for (char *mod = xstrdup(path); *mod; shorten(mod)) {
        if (required_version(main, mod) || required_version(from, mod)) continue;
        for (uint32_t i = 0; i < main->nreplaces; i++) {
            const struct Replace *r = &main->replaces[i];
            if (strcmp(r->path, mod) ||
                !package_in(folder_of(main, mod, NULL, r), path + strlen(mod)))
                continue;
            const char *at = *r->version ? xsprintf("@%s", r->version) : "";
            return xsprintf("module %s provides package %s and is replaced but not required; to "
                            "add it:\n\tgo get %s%s",
                            mod, path, mod, at);
        }
    }
    return NULL;
}

// Where the cache has what was downloaded of a module.
static const char *download(const char *path, const char *version, const char *suffix) {
    return xsprintf("%s/cache/download/%s/@v/%s.%s", module_cache(), escape(path), escape(version),
                    suffix);
}

// A hash that differs is the end, whatever else there is to say.
static const char *mismatch(const Module *main, const char *path, const char *version,
                            const char *is) {
    const char *why = is ? gosum_mismatch(main, path, version, is) : NULL;
    if (why && !load_refused) load_refused = why;
    return why;
}

// go's message where go.sum does not hold what a module's go.mod hashes to. path: what it stands for.
static const char *unverified_file(const Module *main, const char *path, const char *real,
                                   const char *version) {
    const char *file = xsprintf("%s/go.mod", version);
    if (!gosum_find(main, real, file))
        return xsprintf("%s@%s: missing go.sum entry for go.mod file; to add it:\n"
                        "\tgo mod download %s",
                        real, version, path);
    return mismatch(main, real, file, gosum_of_file(download(real, version, "mod")));
}

// go's message where go.sum does not hold what a module of the cache hashes to, or its go.mod; each
// module is looked at once. by: the package that imports path, or NULL.
static const char *unverified(const Module *main, const char *path, const Package *by,
                              const char *mod, const char *real, const char *version) {
    static PtrMap verified;
    if (load_config.mod && !strcmp(load_config.mod, "mod")) return NULL; // go has written it
    Name key = intern_c(xsprintf("%s@%s", real, version));
    if (ptrmap_has(&verified, key)) return NULL;
    if (!gosum_find(main, real, version)) {
        const char *importer = by ? load_importer(by) : NULL;
        const char *paren =
            importer ? xsprintf(" (imported by %s)", xstrndup(importer, strcspn(importer, "@")))
                     : "";
        return xsprintf(
            "missing go.sum entry for module providing package %s%s; to add:\n\tgo %s %s", path,
            paren, importer ? "get" : "mod download", importer ? importer : mod);
    }
    const char *why = mismatch(main, real, version, gosum_read(download(real, version, "ziphash")));
    if (!why) why = unverified_file(main, mod, real, version);
    if (!why) ptrmap_put(&verified, key, (void *)1);
    return why;
}

// A package of the workspace's modules.
static const char *workspace_package(const char *path, Module **in) {
    const Strings *folders = work_folders();
    for (char *mod = xstrdup(path); folders->len && *mod; shorten(mod))
        for (vec_each(const char *, dir, folders)) {
            Module *m = gomod_read(*dir);
            const char *found =
                m && !strcmp(m->path, mod) ? package_in(*dir, path + strlen(mod)) : NULL;
            if (!found) continue;
            *in = m;
            return found;
        }
    return NULL;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct Require *)a)->path, ((const struct Require *)b)->path);
}

typedef struct Node { // of the graph of requirements
    struct Require module;
    uint32_t by; // which node requires it; itself: the main module
} Node;
typedef Vec(Node) Nodes;

static void add_node(Nodes *nodes, PtrMap *seen, struct Require m, uint32_t by) {
    Name key = intern_c(xsprintf("%s@%s", m.path, m.version));
    if (ptrmap_has(seen, key)) return;
    ptrmap_put(seen, key, (void *)1);
    vec_push(nodes, ((Node){m, by}));
}

static const char *chain(const Nodes *nodes, uint32_t i) {
    const Node *n = &nodes->data[i];
    return n->by == i ? ""
                      : xsprintf("%s%s@%s requires\n\t", chain(nodes, n->by),
                                 nodes->data[n->by].module.path, nodes->data[n->by].module.version);
}

const char *gomod_graph_error(const Module *main) {
    int major = 0, minor = 0;
    sscanf(main->go_version, "go%d.%d", &major, &minor);
    if (main->vendor || minor >= 17 || load_work_file() ||
        (load_config.mod && !strcmp(load_config.mod, "mod")))
        return NULL;
    Nodes nodes = {0};
    PtrMap seen = {0};
    Requires own = {0};
    for (uint32_t i = 0; i < main->nrequires; i++) vec_push(&own, main->requires[i]);
    if (own.len) qsort(own.data, own.len, sizeof *own.data, by_path);
    for (vec_each(struct Require, r, &own)) add_node(&nodes, &seen, *r, nodes.len);
    for (uint32_t i = 0; i < nodes.len; i++) {
        const struct Require m = nodes.data[i].module;
        const struct Replace *r = gomod_replaced(main, m.path, m.version);
        const char *real = r ? r->to : m.path, *version = r ? r->to_version : m.version;
        bool folder = r && is_folder(r->to);
        const char *err = folder ? NULL : unverified_file(main, m.path, real, version);
        if (load_refused) return err;
        if (err) return xsprintf("go: %s%s", chain(&nodes, i), err);
        Reading reading = {.m = NEW(Module)};
        Str text;
        if (!fsys_read(folder ? xsprintf("%s/go.mod", folder_of(main, m.path, m.version, r))
                              : download(real, version, "mod"),
                       &text))
            continue;
        gomod_lines(text, directive, &reading);
        for (vec_each(struct Require, q, &reading.requires)) add_node(&nodes, &seen, *q, i);
    }
    return NULL;
}

// What is vendored comes first; of the rest the longest module path that has the folder, a
// replacement before a requirement of the same.
const char *gomod_resolve(Module *main, const Module *from, const char *path, const Package *by,
                          Module **in, const char **err) {
    *in = main;
    const char *own = workspace_package(path, in);
    if (own) return own;
    if (main->vendor) return vendor_resolve(main->vendor, path, in, err);
    // The module with the longest path that has the package.
    for (char *mod = xstrdup(path); *mod; shorten(mod)) {
        const char *version = required_version(main, mod);
        if (!version) version = required_version(from, mod);
        if (!version) continue;
        const struct Replace *r = gomod_replaced(main, mod, version);
        const char *dir = folder_of(main, mod, version, r);
        bool folder = r && is_folder(r->to);
        if (folder && !path_is_dir(dir)) {
            *err = xsprintf("%s@%s: replacement directory %s does not exist", mod, version, r->to);
            return NULL;
        }
        if (folder && !gomod_read(dir)) {
            const char *file = xsprintf("%s/go.mod", dir);
            *err = xsprintf("module %s: reading %s: open %s: no such file or directory", r->to,
                            load_short_path(file), file);
            return NULL;
        }
        const char *found = package_in(dir, path + strlen(mod));
        if (!found) continue;
        *in = gomod_at(dir, mod);
        if (!folder)
            *err = unverified(main, path, by, mod, r ? r->to : mod, r ? r->to_version : version);
        return *err ? NULL : found;
    }
    *err = unrequired(main, from, path);
    return NULL;
}

// A workspace has no go.sum that is whole: go writes one.
const char *load_missing(void) {
    const Module *main = gopath_mode() ? NULL : work_main();
    Buf b = {0};
    for (uint32_t i = 0; main && !main->vendor && i < main->nrequires; i++) {
        const char *path = main->requires[i].path, *version = main->requires[i].version;
        const struct Replace *r = gomod_replaced(main, path, version);
        if (r && is_folder(r->to)) continue;
        if (path_is_dir(folder_of(main, path, version, r)) &&
            (!load_work_file() || gosum_find(main, r ? r->to : path, r ? r->to_version : version)))
            continue;
        buf_printf(&b, "%s@%s\n", path, version);
    }
    return b.len ? buf_str(&b) : NULL;
}

bool gomod_in_build(const Module *m) {
    const Module *main = work_main();
    if (!main || m == main || work_uses(m->dir) || has_path_prefix(m->dir, module_cache()))
        return true;
    for (uint32_t i = 0; i < main->nreplaces; i++)
        if (!strcmp(path_join(main->dir, main->replaces[i].to), m->dir)) return true;
    return false;
}

void load_tools(PathVec *out) {
    const Module *m = gomod_find(load_work_dir());
    const Strings *folders = work_folders();
    for (vec_each(const char *, dir, folders)) {
        const Module *of = gomod_read(*dir);
        for (uint32_t i = 0; of && i < of->tools.len; i++) vec_push(out, of->tools.data[i]);
    }
    for (uint32_t i = 0; !folders->len && m && i < m->tools.len; i++)
        vec_push(out, m->tools.data[i]);
    if (out->len) qsort(out->data, out->len, sizeof *out->data, compare_strings);
}
