// load_vendor: the vendor folder of a module or a workspace: which packages it has, and whether it is
// as go.mod wants it, or go.work and the go.mod of its modules.
#include "frontend/load_impl.h"

#include <stdio.h>
#include <stdlib.h>

// What vendor/modules.txt says of a module: lines `# path version [=> path [version]]`, or without
// a version where go.mod replaces all of them, and below `## explicit` where go.mod requires it.
typedef struct Vendored {
    const char *path, *version; // "" for all
    bool is_explicit, has_packages;
    const char *to, *to_version; // "" where it is not replaced, "" of a folder
    Module *module;
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
    v.module = NEW(Module);
    v.module->path = v.path;
    v.module->go_version = "go1.16"; // as of any module that does not say it
    vec_push(out, v);
}

static void read_annotations(const char *line, Vendored *v) {
    const char *go = strstr(line, " go ");
    int major, minor;
    if (go && sscanf(go, " go %d.%d", &major, &minor) == 2)
        v->module->go_version = xsprintf("go%d.%d", major, minor);
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

// What the folder belongs to: a module, or a workspace with its modules.
typedef struct Owner {
    const char *dir;
    const Work *work; // or NULL
    Vec(const Module *) modules;
} Owner;

static bool requires(const Module *m, const Vendored *v) {
    for (uint32_t i = 0; i < m->nrequires; i++)
        if (!strcmp(m->requires[i].path, v->path) && !strcmp(m->requires[i].version, v->version))
            return true;
    return false;
}

// A workspace has folders that stand for modules under names from its own folder.
static const char *target_of(const Owner *o, const char *dir, const char *to) {
    if (!o->work || to[0] != '.') return to;
    const char *full = path_join(dir, to);
    return has_path_prefix(full, o->dir) ? xsprintf("./%s", full + strlen(o->dir) + 1) : full;
}

// Each replacement once, as the workspace's or that of the first module which has it.
static void compare_replacements(const Owner *o, const char *dir, const char *file,
                                 const struct Replace *list, uint32_t n, VendoredVec *all,
                                 PtrMap *seen, Buf *out) {
    for (uint32_t i = 0; i < n; i++) {
        const struct Replace *r = &list[i];
        const Vendored *v = find(all, r->path, r->version);
        const char *what = at_version(r->path, r->version), *to = target_of(o, dir, r->to);
        if (ptrmap_has(seen, intern_c(what))) continue;
        ptrmap_put(seen, intern_c(what), (void *)1);
        if (!v || !*v->to)
            buf_printf(out,
                       "\n\t%s: is replaced in %s, but not marked as replaced in "
                       "vendor/modules.txt",
                       what, file);
        else if (strcmp(v->to, to) || strcmp(v->to_version, r->to_version))
            buf_printf(out,
                       "\n\t%s: is replaced by %s in %s, but marked as replaced by %s in "
                       "vendor/modules.txt",
                       what, at_version(r->to, r->to_version), file,
                       at_version(v->to, v->to_version));
    }
}

static const struct Replace *replaced(const Owner *o, const Vendored *v) {
    const struct Replace *r =
        o->work ? gomod_replaced_in(&o->work->replaces, v->path, v->version) : NULL;
    for (uint32_t i = 0; !r && i < o->modules.len; i++)
        r = gomod_replaced(o->modules.data[i], v->path, v->version);
    return r;
}

// How go.mod and vendor/modules.txt differ, in go's words and order.
static void compare(const Owner *o, VendoredVec *all, Buf *out) {
    PtrMap seen = {0};
    for (vec_each(const Module *, mp, &o->modules))
        for (uint32_t i = 0; i < (*mp)->nrequires; i++) {
            const struct Require *r = &(*mp)->requires[i];
            const Vendored *v = find(all, r->path, r->version);
            if (!v || !v->is_explicit)
                buf_printf(
                    out,
                    "\n\t%s@%s: is explicitly required in go.mod, but not marked as explicit "
                    "in vendor/modules.txt",
                    r->path, r->version);
        }
    for (vec_each(const Module *, mp, &o->modules))
        compare_replacements(o, (*mp)->dir, load_short_path(xsprintf("%s/go.mod", (*mp)->dir)),
                             (*mp)->replaces, (*mp)->nreplaces, all, &seen, out);
    if (o->work)
        compare_replacements(o, o->dir, load_short_path(o->work->file), o->work->replaces.data,
                             o->work->replaces.len, all, &seen, out);
    for (vec_each(Vendored, v, all)) {
        bool required = !v->is_explicit || !v->has_packages;
        for (vec_each(const Module *, mp, &o->modules)) required |= requires(*mp, v);
        if (!required)
            buf_printf(out,
                       "\n\t%s: is marked as explicit in vendor/modules.txt, but not explicitly "
                       "required in %sgo.mod",
                       at_version(v->path, v->version), o->work ? "a " : "");
    }
    for (vec_each(Vendored, v, all))
        if (*v->to && !replaced(o, v))
            buf_printf(out,
                       "\n\t%s: is marked as replaced in vendor/modules.txt, but not replaced in "
                       "%s",
                       at_version(v->path, v->version), o->work ? "the workspace" : "go.mod");
}

static bool is_before(const char *go_version, int go_minor) {
    int major = 0, minor = 0;
    sscanf(go_version, "go%d.%d", &major, &minor);
    return major == 1 && minor < go_minor;
}

// Before go 1.14 the folder was not used by default, and did not say what is compared here.
static const Vendor *read_folder(const Owner *o, const char *go_version, const char **error) {
    const char *dir = xsprintf("%s/vendor", o->dir), *mod = load_config.mod;
    bool asked = mod && !strcmp(mod, "vendor"), old = is_before(go_version, 14);
    Str text = str_c("");
    if (asked ? false : (mod && *mod) || old || !path_is_dir(dir)) return NULL;
    if (!fsys_read(xsprintf("%s/modules.txt", dir), &text)) text = str_c("");
    if (!strncmp(text.p, "## workspace", strlen("## workspace")) != (o->work != NULL) && !asked)
        return NULL; // the other's
    Vendor *vendor = NEW(Vendor);
    vendor->dir = dir;
    vendor->listed = !is_before(go_version, 23);
    VendoredVec all = {0};
    for (const char *p = text.p, *end = text.p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        const char *line = xstrndup(p, (size_t)(eol - p));
        if (!strncmp(line, "## ", 3) && all.len)
            read_annotations(line, &vec_last(&all));
        else if (!strncmp(line, "# ", 2))
            read_module(line, &all);
        else if (*line && *line != '#' && all.len) {
            vec_push(&vendor->packages, line);
            vec_push(&vendor->modules, vec_last(&all).module);
            vec_last(&all).has_packages = true;
        }
        p = eol < end ? eol + 1 : end;
    }
    Buf differences = {0};
    if (!old) compare(o, &all, &differences);
    if (differences.len && !*error)
        *error = xsprintf("go: inconsistent vendoring in %s:%s\n\n"
                          "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n"
                          "\tTo sync the vendor directory, run:\n\t\tgo %s vendor",
                          o->dir, buf_str(&differences), o->work ? "work" : "mod");
    return vendor;
}

void vendor_read(Module *m) {
    Owner o = {.dir = m->dir};
    vec_push(&o.modules, m);
    m->vendor = read_folder(&o, m->go_version, &m->error);
}

const Vendor *vendor_read_workspace(const Work *work, const char **error) {
    Owner o = {.dir = work->dir, .work = work};
    for (vec_each(const char *, dir, &work->uses)) {
        const Module *m = gomod_read_alone(*dir);
        if (m) vec_push(&o.modules, m);
    }
    return read_folder(&o, work->go_version, error);
}

const char *vendor_resolve(const Vendor *vendor, const char *path, Module **in, const char **err) {
    const char *dir = xsprintf("%s/%s", vendor->dir, path);
    if (path_is_dir(dir) && path_holds_go(dir)) {
        for (uint32_t i = 0; i < vendor->packages.len; i++) {
            if (strcmp(vendor->packages.data[i], path) != 0) continue;
            *in = vendor->modules.data[i];
            return dir;
        }
        if (!vendor->listed) return dir;
        fprintf(stderr,
                "go: ignoring package %s which exists in the vendor directory but is missing from "
                "vendor/modules.txt. To sync the vendor directory run go %s vendor.\n",
                path, load_work_file() ? "work" : "mod");
    }
    bool std = !memchr(path, '.', strcspn(path, "/")); // that is said otherwise
    const char *why =
        load_config.mod && *load_config.mod
            ? ""
            : xsprintf("\n\t(Go version in go.%s is at least 1.14 and vendor directory exists.)",
                       load_work_file() ? "work" : "mod");
    if (!std)
        *err = xsprintf("cannot find module providing package %s: import lookup disabled by "
                        "-mod=vendor%s",
                        path, why);
    return NULL;
}
