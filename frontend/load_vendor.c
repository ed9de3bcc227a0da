// load_vendor: a module's vendor folder: which packages it has, and whether it is as go.mod wants it.
#include "frontend/load_impl.h"

#include <stdio.h>
#include <stdlib.h>

// What vendor/modules.txt says of a module: lines `# path version [=> path [version]]`, or without
// a version where go.mod replaces all of them, and below `## explicit` where go.mod requires it.
typedef struct Vendored {
    const char *path, *version; // "" for all
    bool is_explicit;
    const char *to, *to_version; // "" where it is not replaced, "" of a folder
} Vendored;
typedef Vec(Vendored) VendoredVec;

static void read_module(const char *line, VendoredVec *out) {
    char w[5][1024];
    for (size_t i = 0; i < 5; i++) w[i][0] = 0;
    sscanf(line, "# %1023s %1023s %1023s %1023s %1023s", w[0], w[1], w[2], w[3], w[4]);
    bool all = !strcmp(w[1], "=>");
    Vendored v = {xstrdup(w[0]), all ? "" : xstrdup(w[1]), .to = "", .to_version = ""};
    char (*to)[1024] = all ? w + 1 : w + 2;
    if (!strcmp(to[0], "=>")) {
        v.to = xstrdup(to[1]);
        v.to_version = to + 2 < w + 5 ? xstrdup(to[2]) : "";
    }
    vec_push(out, v);
}

static void read_annotations(const char *line, Vendored *v) {
    const char *at = strstr(line, "explicit");
    if (at && (at[8] == 0 || at[8] == ';' || at[8] == ' ')) v->is_explicit = true;
}

static Vendored *find(VendoredVec *all, const char *path, const char *version) {
    for (vec_each(Vendored, v, all))
        if (!strcmp(v->path, path) && !strcmp(v->version, version)) return v;
    return NULL;
}

static const char *at_version(const char *path, const char *version) {
    return *version ? xsprintf("%s@%s", path, version) : path;
}

// How go.mod and vendor/modules.txt differ, in go's words and order.
static void compare(const Module *m, VendoredVec *all, Buf *out) {
    for (uint32_t i = 0; i < m->nrequires; i++) {
        const struct Require *r = &m->requires[i];
        const Vendored *v = find(all, r->path, r->version);
        if (!v || !v->is_explicit)
            buf_printf(out,
                       "\n\t%s@%s: is explicitly required in go.mod, but not marked as explicit in "
                       "vendor/modules.txt",
                       r->path, r->version);
    }
    for (uint32_t i = 0; i < m->nreplaces; i++) {
        const struct Replace *r = &m->replaces[i];
        const Vendored *v = find(all, r->path, r->version);
        const char *what = at_version(r->path, r->version);
        if (!v || !*v->to)
            buf_printf(out,
                       "\n\t%s: is replaced in go.mod, but not marked as replaced in "
                       "vendor/modules.txt",
                       what);
        else if (strcmp(v->to, r->to) || strcmp(v->to_version, r->to_version))
            buf_printf(out,
                       "\n\t%s: is replaced by %s in go.mod, but marked as replaced by %s in "
                       "vendor/modules.txt",
                       what, at_version(r->to, r->to_version), at_version(v->to, v->to_version));
    }
    for (vec_each(Vendored, v, all))
        if (*v->to && !gomod_replaced(m, v->path, v->version))
            buf_printf(out,
                       "\n\t%s: is marked as replaced in vendor/modules.txt, but not replaced in "
                       "go.mod",
                       at_version(v->path, v->version));
}

// Before go 1.14 the folder was not used by default, and did not say what is compared here.
static bool is_before(const Module *m, int go_minor) {
    int major = 0, minor = 0;
    sscanf(m->go_version, "go%d.%d", &major, &minor);
    return major == 1 && minor < go_minor;
}
static bool is_old(const Module *m) { return is_before(m, 14); }

void vendor_read(Module *m) {
    const char *dir = xsprintf("%s/vendor", m->dir), *mod = load_config.mod;
    bool asked = mod && !strcmp(mod, "vendor");
    Str text = str_c("");
    if (asked ? false : (mod && *mod) || is_old(m) || !path_is_dir(dir)) return;
    if (!fsys_read(xsprintf("%s/modules.txt", dir), &text)) text = str_c("");
    if (!strncmp(text.p, "## workspace", strlen("## workspace"))) return; // not this module's
    m->vendored = true;
    VendoredVec all = {0};
    for (const char *p = text.p, *end = text.p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        const char *line = xstrndup(p, (size_t)(eol - p));
        if (!strncmp(line, "## ", 3) && all.len)
            read_annotations(line, &vec_last(&all));
        else if (!strncmp(line, "# ", 2))
            read_module(line, &all);
        else if (*line && *line != '#')
            vec_push(&m->vendor_packages, line);
        p = eol < end ? eol + 1 : end;
    }
    Buf differences = {0};
    if (!is_old(m)) compare(m, &all, &differences);
    if (differences.len && !m->error)
        m->error = xsprintf("go: inconsistent vendoring in %s:%s\n\n"
                            "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n"
                            "\tTo sync the vendor directory, run:\n\t\tgo mod vendor",
                            m->dir, buf_str(&differences));
}

const char *vendor_resolve(const Module *m, const char *path, const char **err) {
    const char *dir = xsprintf("%s/vendor/%s", m->dir, path);
    if (path_is_dir(dir) && path_holds_go(dir)) {
        if (is_before(m, 23)) return dir;
        for (vec_each(const char *, v, &m->vendor_packages))
            if (strcmp(*v, path) == 0) return dir;
        fprintf(stderr,
                "go: ignoring package %s which exists in the vendor directory but is missing from "
                "vendor/modules.txt. To sync the vendor directory run go mod vendor.\n",
                path);
    }
    bool std = !memchr(path, '.', strcspn(path, "/")); // that is said otherwise
    const char *why =
        load_config.mod && *load_config.mod
            ? ""
            : "\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)";
    if (!std)
        *err = xsprintf("cannot find module providing package %s: import lookup disabled by "
                        "-mod=vendor%s",
                        path, why);
    return NULL;
}
