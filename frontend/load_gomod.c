// load_gomod: go.mod and vendor/modules.txt: which module a folder belongs to and where an import
// path of another module lies. Nothing is downloaded: a requirement is found in vendor, through a
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

static void directive(void *to, const char *verb, const char **w, uint32_t n) {
    Reading *r = to;
    Module *m = r->m;
    struct Replace replace;
    if (strcmp(verb, "module") == 0 && n >= 1) {
        m->path = w[0];
    } else if (strcmp(verb, "go") == 0 && n >= 1) {
        int major = 0, minor = 0;
        if (sscanf(w[0], "%d.%d", &major, &minor) >= 1) {
            m->go_version = xsprintf("go%d.%d", major, minor);
            if (major > 1 || minor > 27)
                m->error = xsprintf("go: go.mod requires go >= %s (running go %s)", w[0],
                                    load_go_version() + 2);
        }
    } else if (strcmp(verb, "godebug") == 0) {
        godebug(r, w, n);
    } else if (strcmp(verb, "require") == 0 && n >= 2) {
        vec_push(&r->requires, ((struct Require){w[0], w[1]}));
    } else if (strcmp(verb, "replace") == 0 && gomod_replace(w, n, &replace)) {
        vec_push(&r->replaces, replace);
    }
}

static void read_vendor(Module *m) {
    Str text;
    if (!read_file(xsprintf("%s/vendor/modules.txt", m->dir), &text)) return;
    m->vendored = !load_config.mod || !*load_config.mod || !strcmp(load_config.mod, "vendor");
    for (const char *p = text.p, *end = text.p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        if (*p != '#' && eol > p) vec_push(&m->vendor_packages, xstrndup(p, (size_t)(eol - p)));
        p = eol < end ? eol + 1 : end;
    }
}

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
    if (read_file(file_of(dir), &text)) {
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
        read_vendor(m);
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

static const char *in_module(const char *dir, const char *mod, const char *path, Module **in,
                             const char *fallback_version) {
    const char *rest = path + strlen(mod);
    const char *full = xsprintf("%s%s", dir, rest);
    if (!path_is_dir(full)) return NULL;
    *in = gomod_read(dir);
    if (!*in) { // a module from before go.mod files
        *in = NEW(Module);
        (*in)->path = mod;
        (*in)->dir = dir;
        (*in)->go_version = fallback_version;
    }
    return full;
}

const char *gomod_resolve(Module *m, const char *path, Module **in) {
    *in = m;
    if (m->vendored) {
        for (vec_each(const char *, v, &m->vendor_packages))
            if (strcmp(*v, path) == 0) {
                const char *dir = xsprintf("%s/vendor/%s", m->dir, path);
                return path_is_dir(dir) ? dir : NULL;
            }
    }
    // The longest module path that fits wins.
    const char *best = NULL;
    size_t best_len = 0;
    for (uint32_t i = 0; i < m->nreplaces; i++) {
        struct Replace *r = &m->replaces[i];
        if (!has_path_prefix(path, r->path) || strlen(r->path) < best_len) continue;
        const char *dir;
        if (r->to[0] == '.' || r->to[0] == '/')
            dir = r->to[0] == '/' ? r->to : xsprintf("%s/%s", m->dir, r->to);
        else
            dir = xsprintf("%s/%s@%s", module_cache(), escape(r->to), escape(r->to_version));
        Module *of;
        const char *found = in_module(dir, r->path, path, &of, "go1.16");
        if (!found) continue;
        best = found;
        best_len = strlen(r->path);
        *in = of;
    }
    for (uint32_t i = 0; i < m->nrequires; i++) {
        struct Require *r = &m->requires[i];
        if (!has_path_prefix(path, r->path) || strlen(r->path) <= best_len) continue;
        const char *dir = xsprintf("%s/%s@%s", module_cache(), escape(r->path), escape(r->version));
        Module *of;
        const char *found = in_module(dir, r->path, path, &of, "go1.16");
        if (!found) continue;
        best = found;
        best_len = strlen(r->path);
        *in = of;
    }
    return best;
}

bool gomod_in_build(const Module *m) {
    const Module *main = work_main();
    if (!main || m == main || work_uses(m->dir) || has_path_prefix(m->dir, module_cache()))
        return true;
    for (uint32_t i = 0; i < main->nreplaces; i++)
        if (!strcmp(path_join(main->dir, main->replaces[i].to), m->dir)) return true;
    return false;
}
