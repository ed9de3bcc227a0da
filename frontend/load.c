// load: import paths and files come in; packages with parsed files and their imports go out.
//
// Every package is loaded once, with all it imports (depth first, imports in order of path), and
// found again by its import path. What go list would refuse is reported here, in its words and with
// its short file names: packages that don't exist, internal packages, import cycles, folders
// without Go files. A package that failed is marked fake, so that the checker stays silent about
// it.
#include "frontend/load_impl.h"

#include <limits.h>
#include <stdlib.h>

typedef struct Loading { // the packages being loaded now, outermost first: for import cycles
    Package *package;
    const char *from; // base name of the file that holds the import
    bool test;        // it is a test
} Loading;

static PtrMap packages;     // import path -> Package
static PtrMap folded_paths; // those that were asked for, by the path with its case folded
static Vec(Loading) stack;
static PtrMap reported; // import paths whose failure was reported
const char *load_refused;
static Pos import_pos; // of the import that is being followed, 0 for what the command line names
// Files of a given import path, as go tool compile takes them: go list has nothing to say.
static bool compile_only;

const char *load_module_error(void) {
    const Module *m = gomod_find(load_work_dir());
    const char *work = work_error(m);
    if (!m || work) return work;
    const char *err = m->error ? m->error : godebug_module_error(m);
    return err ? err : gomod_graph_error(m);
}

const char *load_module_file(void) {
    const Module *m = gomod_find(load_work_dir());
    return gopath_mode() ? "" : m ? xsprintf("%s/go.mod", m->dir) : "/dev/null";
}

// ---- Errors ----

// As go list names files: without "./".
static const char *list_position(Pos pos) {
    Position p = source_position_raw(pos);
    return xsprintf("%s:%u:%u", strncmp(p.file, "./", 2) == 0 ? p.file + 2 : p.file, p.line, p.col);
}

static void list_error(Pos pos, const char *msg) {
    if (pos)
        error_at(0, "%s: %s", list_position(pos), msg);
    else
        error_at(0, "%s", msg);
}

static Package *fail(const char *path, const char *msg) {
    Package *p = NEW(Package);
    p->path = intern_c(path);
    p->name = intern_c(path_base(path));
    p->dir = "";
    p->go_version = "";
    p->scope = NEW(Scope);
    p->fake = true;
    p->decls_checked = p->bodies_checked = true;
    p->has_errors = true;
    p->import_error = msg;
    ptrmap_put(&packages, intern_c(path), p);
    return p;
}

// ---- Files ----

// go list's word on the header of a file, in place of the parser's; one a folder.
static bool report_header(SourceFile *src) {
    static const char *reported_dir;
    uint32_t at;
    const char *msg = header_error(src->path, src->text, &at);
    if (!msg) return false;
    const char *dir = xstrndup(src->path, (size_t)(path_base(src->path) - src->path));
    if (reported_dir && !strcmp(dir, reported_dir)) return true;
    reported_dir = dir;
    const char *file = strncmp(src->display, "./", 2) ? src->display : src->display + 2;
    // go/scanner knows no line there.
    bool at_end = at == src->text.len && at && src->text.p[at - 1] == '\n';
    Position p = source_position_raw(src->base + at - at_end);
    if (!strcmp(msg, "invalid NUL character"))
        error_at(0, "go: reading %s: unexpected NUL in input", file);
    else
        error_at(0, "%s:%u:%u: %s", file, p.line, p.col + at_end, msg);
    return true;
}

static File *parse_source(const char *path, Str text, ParseMode mode) {
    SourceFile *src = source_add(path, load_display_path(path), text);
    Diagnostics before = diagnostics;
    File *f = parse_file(src, mode);
    if (compile_only || diagnostics.list.len == before.list.len) return f;
    Diagnostics after = diagnostics;
    diagnostics.list.len = before.list.len;
    diagnostics.syntax_errors = before.syntax_errors;
    diagnostics.lexical_errors = before.lexical_errors;
    if (!report_header(src)) diagnostics = after;
    return f;
}

// Where a file imports "C", and that it cannot; NULL: it does not.
static const char *cgo_note(const File *f) {
    for (vec_each(Decl *, d, &f->decls)) {
        const Expr *lit = (*d)->kind == D_IMPORT ? (*d)->import.path : NULL;
        if (lit && lit->kind == E_LIT && !lit->lit.bad &&
            str_eq(unquote_string(lit->lit.text), str_c("C")))
            return xsprintf("%s: import \"C\": cgo is off (CGO_ENABLED=1 turns it on)",
                            list_position(lit->pos));
    }
    return NULL;
}

typedef Vec(File *) FileVec;
typedef struct Folder { // what a folder's files amount to
    FileVec files, tests, external_tests;
    bool any_go;
    Strings assembly; // paths of assembly files
    CgoFiles c;       // what imports "C", and files for the C compiler
    const char *cgo;  // of a file left out: see cgo_note
    uint32_t ignored;
    bool patched;      // the overlay has a patch of it
    const char *error; // why there is no telling whether a file belongs to it
    const char *collision;
} Folder;

// As go folds case, ASCII being what import paths have.
static Name fold_case(const char *s) {
    char *folded = xstrdup(s);
    for (char *c = folded; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c += 'a' - 'A';
    return intern_c(folded);
}

// Notes s, a name or path, among those of seen; one that differs in case alone, or NULL.
static const char *case_collision(PtrMap *seen, const char *s) {
    Name folded = fold_case(s);
    const char *other = ptrmap_get(seen, folded);
    if (!other) ptrmap_put(seen, folded, (void *)s);
    return other && strcmp(other, s) ? other : NULL;
}

const char *load_note_path(const char *path) {
    return case_collision(&folded_paths, intern_c(path));
}

// Why files of the folder cannot stand side by side on every system: names that differ in case alone.
static const char *file_collision(const Strings *names) {
    PtrMap seen = {0};
    for (vec_each(const char *, n, names)) {
        if (**n == '_' || **n == '.') continue;
        if (!ends_with(*n, ".go") && !ends_with(*n, ".s") && cgo_language(*n) == CGO_LANGUAGES)
            continue;
        const char *other = case_collision(&seen, *n);
        if (!other) continue;
        bool less = strcmp(*n, other) < 0;
        return xsprintf("case-insensitive file name collision: \"%s\" and \"%s\"",
                        less ? *n : other, less ? other : *n);
    }
    return NULL;
}

// Sorted as go sorts files, since their order decides the order of initialisation. Tags of
// assembly hold for this folder alone.
static void read_folder(const char *dir, bool tests, bool goroot, ParseMode mode, Folder *out) {
    Strings all = {0}, names = {0};
    if (!fsys_names(dir, &all)) return;
    if (!goroot) out->collision = file_collision(&all);
    bool assembly = !goroot || tags_goroot_assembly(dir);
    for (vec_each(const char *, name, &all)) {
        const char *n = *name;
        if (n[0] == '_' || n[0] == '.') continue;
        if (assembly && ends_with(n, ".s") && tags_assembled(dir, n))
            vec_push(&out->assembly, xsprintf("%s/%s", dir, n));
        CgoLanguage language = load_config.cgo ? cgo_language(n) : CGO_LANGUAGES;
        if (language != CGO_LANGUAGES && tags_assembled(dir, n))
            vec_push(&out->c.other[language], xsprintf("%s/%s", dir, n));
        if (!ends_with(n, ".go")) continue;
        out->any_go = true;
        if (!tests && ends_with(n, "_test.go")) continue;
        vec_push(&names, n);
    }
    if (names.len) qsort(names.data, names.len, sizeof *names.data, compare_strings);
    if (out->assembly.len)
        qsort(out->assembly.data, out->assembly.len, sizeof *out->assembly.data, compare_strings);
    for (int l = 0; l < CGO_LANGUAGES; l++) {
        PathVec *c = &out->c.other[l];
        if (c->len) qsort(c->data, c->len, sizeof *c->data, compare_strings);
    }
    uint32_t tags = tags_add(dir, goroot);
    for (vec_each(const char *, n, &names)) {
        if (!constraint_file_name(*n)) {
            out->ignored++;
            continue;
        }
        const char *path = xsprintf("%s/%s", dir, *n);
        Str text;
        if (!fsys_read(path, &text)) continue;
        const char *error;
        if (!constraint_text(text, &error)) {
            if (error && !out->error) out->error = xsprintf("%s: %s", *n, error);
            out->ignored++;
            continue;
        }
        File *f = parse_source(path, text, mode);
        bool documentation = f->pkg_name && !strcmp(f->pkg_name->name.name, "documentation");
        if (f->imports_C && load_config.cgo) {
            if (!ends_with(*n, "_test.go"))
                vec_push(&out->c.go, f);
            else if (!out->error)
                out->error = xsprintf("use of cgo in test %s not supported", *n);
            continue;
        }
        if (f->imports_C || documentation) { // the former as with CGO_ENABLED=0
            if (f->imports_C && !out->cgo) out->cgo = cgo_note(f);
            out->ignored++;
            continue;
        }
        if (!ends_with(*n, "_test.go"))
            vec_push(&out->files, f);
        else if (f->pkg_name && ends_with(f->pkg_name->name.name, "_test"))
            vec_push(&out->external_tests, f);
        else
            vec_push(&out->tests, f);
    }
    load_config.tags.len = tags;
}

// Do a and b declare the same function, the same method of a type, or the same constant or
// variable? Of a patch that has init functions those of the package run, too, before them.
static bool same_declaration(const Decl *a, const Decl *b) {
    bool value =
        (a->kind == D_CONST || a->kind == D_VAR) && (b->kind == D_CONST || b->kind == D_VAR);
    if (value)
        return a->value.names.len == 1 && b->value.names.len == 1 &&
               a->value.names.data[0]->name.name == b->value.names.data[0]->name.name;
    if (a->kind != D_FUNC || b->kind != D_FUNC ||
        a->func.name->name.name != b->func.name->name.name)
        return false;
    if (!a->func.recv && !strcmp(a->func.name->name.name, "init"))
        return false; // any number of them
    Field *ra = a->func.recv, *rb = b->func.recv;
    if (!ra || !rb) return !ra && !rb;
    const char *ta = expr_string(ra->type), *tb = expr_string(rb->type);
    return !strcmp(ta + (*ta == '*'), tb + (*tb == '*'));
}

// Takes out of files the declarations that a file of the overlay's patch has as well.
static void drop_patched(File **files, uint32_t n, const File *patch) {
    for (vec_each(Decl *, d, &patch->decls))
        for (uint32_t i = 0; i < n; i++) {
            uint32_t kept = 0, imports = 0;
            for (vec_each(Decl *, old, &files[i]->decls)) {
                if (same_declaration(*d, *old)) continue;
                imports += (*old)->kind == D_IMPORT;
                files[i]->decls.data[kept++] = *old;
            }
            bool unused = kept == imports && kept < files[i]->decls.len; // imports alone
            files[i]->decls.len = unused ? 0 : kept;
        }
}

static const char *patches_dir(void) {
    return xsprintf("%s/patch", load_config.overlay ? load_config.overlay : "");
}

// Adds the overlay's patch of a package: its functions, constants and variables take the place of
// the package's of the same name.
static void add_patch(const char *path, ParseMode mode, Folder *f) {
    const char *vendored = strstr(path, "/vendor/");
    if (vendored) path = vendored + strlen("/vendor/");
    const char *dir = xsprintf("%s/%s", patches_dir(), path);
    if (!load_config.overlay || !path_is_dir(dir)) return;
    Folder patch = {0};
    read_folder(dir, false, true, mode, &patch);
    f->patched = true;
    for (vec_each(File *, p, &patch.files)) drop_patched(f->files.data, f->files.len, *p);
    for (vec_each(File *, p, &patch.files)) vec_push(&f->files, *p);
}

// ---- Where import paths lead ----

typedef struct Place {
    const char *path, *dir; // path may differ from the one asked for (vendored)
    Module *module;
    bool goroot, overlay;
    const char *err;
} Place;

static const char *overlay_dir(const char *path) {
    if (!load_config.overlay) return NULL;
    const char *d = xsprintf("%s/src/%s", load_config.overlay, path);
    return path_is_dir(d) ? d : NULL;
}

static bool in_std(const char *path, Place *out) {
    const char *d = overlay_dir(path);
    if (d && path_holds_go(d)) {
        *out = (Place){.path = path, .dir = d, .goroot = true, .overlay = true};
        return true;
    }
    d = xsprintf("%s/src/%s", load_config.goroot ? load_config.goroot : "", path);
    if (!path_is_dir(d) || !path_holds_go(d)) return false;
    *out = (Place){.path = path, .dir = d, .goroot = true};
    return true;
}

static bool dotted(const char *path) { return memchr(path, '.', strcspn(path, "/")) != NULL; }

// As the go command finds packages without modules: vendored ones, GOROOT's, then those of $GOPATH.
static void locate_in_gopath(Place *pl, const char *path, const Package *from) {
    const char *dir = from ? gopath_find(path, from->dir, &pl->path) : NULL;
    if (dir && pl->path != path) { // vendored: before GOROOT's
        pl->dir = dir;
        return;
    }
    if (in_std(path, pl)) return;
    if (!dir) dir = gopath_find(path, NULL, &pl->path);
    if (!dir && from) dir = gopath_find_major(path, from->dir, &pl->path);
    if (dir)
        pl->dir = dir;
    else
        pl->err = xsprintf("cannot find package \"%s\" in any of:\n\t%s/src/%s (from $GOROOT)",
                           path, load_config.goroot, path);
}

// What go says of a folder below which another module begins, or which none has.
static const char *outside_modules(const char *dir) {
    const Module *main = work_main();
    if (!main)
        return "go: go.mod file not found in current directory or any parent directory; see 'go "
               "help modules'";
    const char *at = load_short_path(dir);
    at = strcmp(at, ".") ? xsprintf("directory %s", at) : "current directory";
    if (load_work_file()) {
        const Module *m = gomod_find(dir);
        return m ? xsprintf("%s is contained in a module that is not one of the workspace modules "
                            "listed in go.work. You can add the module to the workspace using:\n"
                            "\tgo work use %s",
                            at, load_short_path(m->dir))
                 : xsprintf("%s outside modules listed in go.work or their selected dependencies",
                            at);
    }
    if (has_path_prefix(dir, main->dir))
        return xsprintf("main module (%s) does not contain package %s%s", main->path, main->path,
                        dir + strlen(main->dir));
    return xsprintf("%s outside main module or its selected dependencies", at);
}

// What go says of a path that nothing provides; main is the module at hand, or NULL, by the importer's,
// or NULL.
static const char *not_found(const char *path, const Module *main, const Module *by) {
    if (!dotted(path))
        return xsprintf("package %s is not in std (%s/src/%s)", path, load_config.goroot, path);
    const char *mode = load_config.mod, *proxy = getenv("GOPROXY");
    if (mode && !strcmp(mode, "readonly"))
        return xsprintf("cannot find module providing package %s: import lookup disabled by "
                        "-mod=readonly",
                        path);
    if (mode && !strcmp(mode, "mod") && proxy && !strcmp(proxy, "off"))
        return xsprintf("cannot find module providing package %s: module lookup disabled by "
                        "GOPROXY=off",
                        path);
    bool elsewhere =
        by && load_work_file() && work_uses(by->dir) && by != gomod_find(load_work_dir());
    if (main)
        return xsprintf("no required module provides package %s; to add it:%s\n\tgo get %s", path,
                        elsewhere ? xsprintf("\n\tcd %s", by->dir) : "", path);
    return xsprintf("no required module provides package %s: go.mod file not found in current "
                    "directory or any parent "
                    "directory; see 'go help modules'",
                    path);
}

// The module of the importing package comes before the main one: its own packages, GOROOT's, then
// what it requires.
static const char *go_list_name(const Package *p) {
    return strcmp(p->path, "main") == 0 ? "command-line-arguments" : p->path;
}

const char *load_importer(const Package *p) {
    LoadModule m;
    bool others = load_module_of(p, &m) && !m.main;
    return others ? xsprintf("%s@%s", p->path, m.version) : go_list_name(p);
}

static void locate_in_modules(Place *pl, const char *path, const Package *from) {
    Module *m = gomod_find(from && from->dir && from->dir[0] ? from->dir : load_work_dir());
    Module *main = work_main();
    Module *const own[] = {m, main};
    for (int i = 0; i < 2; i++) {
        if (!own[i] || !own[i]->path[0] || !has_path_prefix(path, own[i]->path)) continue;
        const char *dir = xsprintf("%s%s", own[i]->dir, path + strlen(own[i]->path));
        if (path_is_dir(dir) && path_holds_go(dir)) {
            pl->dir = dir;
            pl->module = own[i];
            return;
        }
    }
    if (!dotted(path) && in_std(path, pl)) return;
    Module *of = NULL, *top = main ? main : m;
    const char *err = NULL,
               *dir = top ? gomod_resolve(top, m ? m : top, path, from, &of, &err) : NULL;
    if (!dir) {
        pl->err = err ? err : not_found(path, main, from ? m : NULL);
        return;
    }
    pl->dir = dir;
    pl->module = of;
}

// As go finds packages: GOROOT's among themselves, then by GOPATH or modules. pl.err is go's
// message where there is none.
static Place locate(const char *path, Package *from) {
    Place pl = {.path = path};
    if (!from && strchr(path, '@')) {
        pl.err = xsprintf("package %s: can only use path@version syntax with 'go get' and 'go "
                          "install' in module-aware mode",
                          path);
    } else if (from && from->in_goroot) {
        const char *v =
            xsprintf(has_path_prefix(from->path, "cmd") ? "cmd/vendor/%s" : "vendor/%s", path);
        if (dotted(path) && in_std(v, &pl)) return pl;
        if (!in_std(path, &pl))
            pl.err =
                xsprintf("package %s is not in std (%s/src/%s)", path, load_config.goroot, path);
    } else if (gopath_mode()) {
        locate_in_gopath(&pl, path, from);
    } else {
        locate_in_modules(&pl, path, from);
    }
    return pl;
}

// ---- Imports ----

// Is it one of GOROOT's, found there or as a package of the module that the working folder is in
// (GOROOT/src/cmd)?
static bool lies_in_goroot(const Package *p) {
    if (p->in_goroot || !p->dir || !p->dir[0]) return p->in_goroot;
    char dir[PATH_MAX], src[PATH_MAX];
    return realpath(p->dir, dir) && realpath(xsprintf("%s/src", load_config.goroot), src) &&
           has_path_prefix(dir, src);
}

// May from import to, by go's rule of internal folders? GOROOT's cryptography has exceptions of
// its own.
static bool internal_allowed(Package *from, Package *to) {
    // The last element "internal" divides: what is above it may import what is below.
    const char *p = to->path, *found = NULL;
    for (const char *s = p; (s = strstr(s, "internal")); s += 8)
        if ((s == p || s[-1] == '/') && (s[8] == 0 || s[8] == '/')) found = s;
    if (!found) return true;
    if (to->in_goroot) {
        if (!lies_in_goroot(from)) return false;
        if (from->is_main) return true; // the program that runs a package's tests
        if (has_path_prefix(from->path, "crypto/internal/fips140"))
            return has_path_prefix(to->path, "crypto/internal") || found == p;
        if (has_path_prefix(from->path, "crypto") &&
            has_path_prefix(to->path, "crypto/internal/fips140"))
            return true;
    }
    size_t n = found == p ? 0 : (size_t)(found - p - 1);
    if (n == 0) return to->in_goroot == lies_in_goroot(from);
    const char *importer = from->tests ? from->tests : from->path;
    // Goes by where its files lie.
    if (!strcmp(importer, "main") || !strcmp(importer, "command-line-arguments")) {
        Module *m = from->dir && from->dir[0] ? gomod_find(from->dir) : NULL;
        if (gopath_mode() && from->dir)
            importer = gopath_path(from->dir);
        else
            importer = m ? xsprintf("%s%s", m->path, from->dir + strlen(m->dir)) : NULL;
        if (!importer) return false;
    }
    return strncmp(importer, p, n) == 0 && (importer[n] == 0 || importer[n] == '/');
}

static Package *load_place(Place *pl, bool tests);

static void report_cycle(Package *p, const char *from) {
    Buf b = {0};
    for (uint32_t i = 0; i < stack.len; i++) {
        const char *name = go_list_name(stack.data[i].package);
        if (i == 0)
            buf_printf(&b, "package %s", name);
        else
            buf_printf(&b, "\n\timports %s from %s", name, stack.data[i].from);
    }
    buf_printf(&b, "\n\timports %s from %s: import cycle not allowed", p->path, from);
    error_at(0, "%s", buf_str(&b));
}

// What is wrong with the package, below who imports it.
static const char *imported(const char *path, const char *why) {
    Buf b = {0};
    for (vec_each(Loading, l, &stack))
        if (l->package)
            buf_printf(&b, "%s%s%s", b.len ? "\n\timports " : "package ", go_list_name(l->package),
                       l->test ? " (test)" : "");
    buf_printf(&b, "%s%s: %s", b.len ? "\n\timports " : "package ", path, why);
    return buf_str(&b);
}

static bool is_loading(Package *p) {
    for (vec_each(Loading, l, &stack))
        if (l->package == p) return true;
    return false;
}

static bool valid_path_characters(Str path) {
    for (size_t i = 0; i < path.len; i++)
        if ((uint8_t)path.p[i] <= ' ' || strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`\x7f", path.p[i]))
            return false;
    return path.len > 0;
}

// As module.CheckImportPath has it; NULL if path is well-formed.
static const char *malformed_path(const char *path) {
    if (path[0] == '-') return "leading dash";
    if (strstr(path, "//")) return "double slash";
    if (ends_with(path, "/")) return "trailing slash";
    for (const char *p = path; *p; p++) {
        if (p[0] == '.' && (p == path || p[-1] == '/')) return "leading dot in path element";
        if (p[0] == '.' && (!p[1] || p[1] == '/')) return "trailing dot in path element";
        size_t n = 1;
        while ((p[n] & 0xc0) == 0x80) n++;
        if (*p & 0x80 || strchr("@", *p)) return xsprintf("invalid char '%.*s'", (int)n, p);
    }
    return NULL;
}

static const char *valid_import_path(const char *path) {
    if (strncmp(path, "./", 2) == 0 || strncmp(path, "../", 3) == 0 || strcmp(path, ".") == 0 ||
        strcmp(path, "..") == 0)
        return xsprintf(
            "\"%s\" is relative, but relative import paths are not supported in module mode", path);
    if (path[0] == '/')
        return xsprintf("\"%s\" is not a package path; see 'go help packages'", path);
    const char *why = malformed_path(path);
    if (why) return xsprintf("malformed import path \"%s\": %s", path, why);
    return strncmp(path, "vendor/", 7) == 0 || strstr(path, "/vendor/")
               ? "use of vendored package not allowed"
               : NULL;
}

// The package that `from` means by path; a fake one after an error, which is reported once.
static Package *import_path(const char *path, Package *from, Pos pos) {
    Name key = intern_c(path);
    Package *p = ptrmap_get(&load_config.extra, key);
    if (p) return p;
    bool in_goroot = from && from->in_goroot;
    if (!in_goroot || !dotted(path)) {
        p = ptrmap_get(&packages, key);
        // A module's package may have the name of one of std.
        if (p && !p->in_goroot && in_goroot) p = NULL;
        const char *vendored = path;
        if (p && from && !in_goroot && gopath_mode()) gopath_find(path, from->dir, &vendored);
        if (vendored != path) p = NULL;
    }
    if (!p) {
        const char *bad = in_goroot ? NULL : valid_import_path(path);
        Place pl = {.path = path};
        if (bad)
            pl.err = bad;
        else
            pl = locate(path, from);
        if (pl.err) {
            if (!ptrmap_has(&reported, key) && !compile_only) list_error(pos, pl.err);
            ptrmap_put(&reported, key, (void *)1);
            case_collision(&folded_paths, key);
            return fail(path, pl.err);
        }
        p = ptrmap_get(&packages, intern_c(pl.path));
        if (!p) {
            Loading l = {NULL, pos ? path_base(source_of(pos)->path) : ""};
            vec_push(&stack, l);
            Pos before = import_pos;
            import_pos = pos;
            p = load_place(&pl, false);
            import_pos = before;
            stack.len--;
        }
    }
    return p;
}

static int by_path(const void *a, const void *b) {
    return strcmp((*(Package *const *)a)->path, (*(Package *const *)b)->path);
}

// Imports in order of their paths, as go list reports errors.
static void add_imports(Package *p) {
    typedef struct Import {
        const char *path;
        Pos pos;
        bool test;
    } Import;
    Vec(Import) list = {0};
    PtrMap seen = {0};
    for (vec_each(File *, fp, &p->files))
        for (vec_each(Decl *, dp, &(*fp)->decls)) {
            if ((*dp)->kind != D_IMPORT) break;
            Expr *lit = (*dp)->import.path;
            if (!lit || lit->kind != E_LIT || lit->lit.bad || lit->lit.kind != LIT_STRING) continue;
            Str s = unquote_string(lit->lit.text);
            Name path = intern(s.p, s.len);
            if (strcmp(path, "unsafe") == 0 || strcmp(path, "C") == 0 || ptrmap_has(&seen, path))
                continue;
            if (!valid_path_characters(s)) { // in go/parser's words, with the file's full name
                Position at = source_position_raw(lit->pos);
                if (!compile_only && !p->in_goroot)
                    error_at(0, "%s:%u:%u: invalid import path: %s", source_of(lit->pos)->path,
                             at.line, at.col, path);
                continue;
            }
            ptrmap_put(&seen, path, (void *)1);
            Import im = {path, (*dp)->pos, fp >= p->files.data + (p->files.len - p->test_files)};
            uint32_t i = list.len;
            vec_push(&list, im);
            for (; i > 0 && strcmp(path, list.data[i - 1].path) < 0; i--)
                list.data[i] = list.data[i - 1];
            list.data[i] = im;
        }
    bool said = false; // go list has one error a package
    for (vec_each(Import, im, &list)) {
        vec_last(&stack).test = im->test;
        Package *imp = import_path(im->path, p, im->pos);
        if (is_loading(imp)) {
            report_cycle(imp, path_base(source_of(im->pos)->path));
            p->has_errors = true;
            continue;
        }
        if (!imp->fake && !said && !compile_only && !load_config.extra.len &&
            !internal_allowed(p, imp)) {
            error_at(0, "package %s\n\t%s: use of internal package %s not allowed", go_list_name(p),
                     list_position(im->pos), imp->path);
            p->has_errors = said = true;
        }
        if (!imp->fake && !said && imp->is_main && !p->in_goroot) {
            list_error(im->pos, xsprintf("import \"%s\" is a program, not an importable package",
                                         imp->path));
            p->has_errors = said = true;
        }
        bool known = false;
        for (vec_each(Package *, q, &p->imports)) known |= *q == imp;
        if (!known) vec_push(&p->imports, imp);
        if (!known && im->test) vec_push(&p->test_imports, imp);
    }
    if (p->imports.len) qsort(p->imports.data, p->imports.len, sizeof *p->imports.data, by_path);
}

// ---- Packages ----

// gc stops at a package clause that it can't read, and says nothing of the files behind it.
static bool is_hopeless(const File *f) { return compile_only && !f->pkg_name; }

// False after an error: files of one folder belong to one package.
static bool name_package(Package *p) {
    p->fieldtrack = load_has_experiment("fieldtrack");
    File *first = NULL;
    for (vec_each(File *, fp, &p->files)) {
        File *f = *fp;
        if (!f->pkg_name) continue;
        if (!first) {
            first = f;
            p->name = f->pkg_name->name.name;
        } else if (f->pkg_name->name.name != p->name &&
                   !compile_only) { // the compiler has the checker say it
            list_error(import_pos, xsprintf("found packages %s (%s) and %s (%s) in %s", p->name,
                                            path_base(first->src->path), f->pkg_name->name.name,
                                            path_base(f->src->path), p->dir));
            return false;
        }
    }
    if (!p->name) p->name = intern_c("_");
    return true;
}

// Loads what p imports, below p on the stack of packages that are being loaded.
static void finish(Package *p) {
    p->is_main = strcmp(p->name, "main") == 0;
    if (stack.len && !vec_last(&stack).package) {
        vec_last(&stack).package = p;
        add_imports(p);
    } else {
        Loading l = {p, ""};
        vec_push(&stack, l);
        add_imports(p);
        stack.len--;
    }
    if (p->in_goroot || compile_only) return;
    Diagnostics embeds = {0};
    for (vec_each(File *, f, &p->files))
        if ((*f)->imports_embed) embed_check_file(p, *f, &embeds);
    if (!embeds.list.len) return;
    list_error(embeds.list.data[0].pos, embeds.list.data[0].msg);
    p->has_errors = true;
}

// What cmd/cgo makes of files that import "C", behind the package's other ones as go has them; the C
// compiler takes its assembly. False after messages.
static bool add_cgo(Package *p, CgoFiles *c, ParseMode mode, FileVec *files) {
    PathVec go = {0};
    if (!load_config.cgo(p, c, &go)) return false;
    for (vec_each(const char *, path, &go)) {
        Str text;
        if (!read_file(*path, &text)) {
            error_at(0, "open %s: no such file or directory", *path);
            return false;
        }
        File *f = parse_source(*path, text, mode);
        f->src->display = f->src->recorded = path_base(*path);
        vec_push(files, f);
    }
    return true;
}

// The package of p's external tests.
static void add_external_tests(const Package *p, const FileVec *files) {
    if (!files->len) return;
    Package *x = NEW(Package);
    x->path = intern_c(xsprintf("%s_test", p->path));
    x->tests = p->path;
    x->dir = p->dir;
    x->in_goroot = p->in_goroot;
    x->go_version = p->go_version;
    x->incomplete = p->incomplete;
    for (vec_each(File *, t, files)) vec_push(&x->files, *t);
    if (name_package(x)) ptrmap_put(&packages, x->path, x);
}

// A package from its folder; a second one, of its external tests, stands ready beside it.
static Package *load_place(Place *pl, bool tests) {
    const char *other = case_collision(&folded_paths, pl->path);
    if (other) {
        const char *msg =
            xsprintf("case-insensitive import collision: \"%s\" and \"%s\"", pl->path, other);
        list_error(import_pos, msg);
        return fail(pl->path, msg);
    }
    Package *p = NEW(Package);
    p->path = intern_c(pl->path);
    p->dir = pl->dir;
    p->in_goroot = pl->goroot;
    p->overlay = pl->overlay;
    p->go_version = pl->module && !pl->goroot ? pl->module->go_version : "";
    Folder f = {0};
    uint32_t errors = diagnostics.syntax_errors;
    ParseMode mode = pl->goroot ? PARSE_DECLS | PARSE_STD
                                // The bodies of GOROOT's when they are wanted: most come compiled
                                // from the cache.
                                : PARSE_ALL;
    read_folder(pl->dir, tests, pl->goroot, mode, &f);
    if (!pl->overlay) add_patch(pl->path, mode, &f);
    if (f.c.go.len && !f.error && diagnostics.syntax_errors == errors) {
        p->name = f.c.go.data[0]->pkg_name ? f.c.go.data[0]->pkg_name->name.name : NULL;
        f.assembly.len = 0;
        if (!add_cgo(p, &f.c, mode, &f.files)) {
            p = fail(pl->path, "");
            p->import_error = NULL;
            return p;
        }
    }
    if (tests) {
        for (vec_each(File *, t, &f.tests)) vec_push(&f.files, *t);
        p->test_files = f.tests.len;
    }
    p->incomplete = f.assembly.len || pl->goroot;
    if (!f.patched) // a patch stands in for the assembly
        for (vec_each(const char *, s, &f.assembly)) vec_push(&p->assembly, *s);
    p->left_out = f.cgo;
    if (f.error || f.collision) {
        const char *msg = f.error ? f.error : imported(pl->path, f.collision);
        list_error(f.error ? import_pos : 0, msg);
        return fail(pl->path, msg);
    }
    if (f.files.len == 0 && f.cgo && !pl->goroot) {
        if (!ptrmap_has(&reported, p->path)) error_at(0, "%s", f.cgo);
        ptrmap_put(&reported, p->path, (void *)1);
        return fail(pl->path, f.cgo);
    }
    if (f.files.len == 0 && !(tests && f.external_tests.len)) {
        const char *why = f.ignored
                              ? xsprintf("build constraints exclude all Go files in %s", pl->dir)
                          : f.any_go ? xsprintf("no non-test Go files in %s", pl->dir)
                                     : xsprintf("no Go files in %s", pl->dir);
        const char *msg = (stack.len && stack.data[0].package) || f.ignored
                              ? imported(pl->path, why)
                          // a folder that the command line names
                          : f.any_go ? xsprintf("%s: %s", pl->path, why)
                                     : why;
        if (!ptrmap_has(&reported, p->path)) error_at(0, "%s", msg);
        ptrmap_put(&reported, p->path, (void *)1);
        return fail(pl->path, msg);
    }
    for (vec_each(File *, x, &f.files)) vec_push(&p->files, *x);
    if (!name_package(p)) return fail(pl->path, "found packages");
    if (diagnostics.syntax_errors > errors) p->has_errors = true;
    ptrmap_put(&packages, p->path, p);
    finish(p);
    add_external_tests(p, &f.external_tests);
    return p;
}

// Imports are followed anew: the texts may have others.
void load_rewrite(Package *p, const char *extra, Str first, const Str *texts) {
    File **old = p->files.data;
    uint32_t n = p->files.len, own = n - p->test_files;
    ParseMode mode = p->in_goroot ? PARSE_DECLS | PARSE_STD : PARSE_ALL;
    p->files = (typeof(p->files)){0};
    vec_push(&p->files, parse_source(extra, first, PARSE_ALL));
    for (uint32_t i = 0; i < own; i++)
        vec_push(&p->files, parse_source(old[i]->src->path, texts[i], mode));
    for (uint32_t i = 1; i <= own && load_config.overlay; i++)
        if (has_path_prefix(p->files.data[i]->src->path, patches_dir()))
            drop_patched(p->files.data + 1, i - 1, p->files.data[i]);
    for (uint32_t i = own; i < n; i++) vec_push(&p->files, old[i]);
    p->imports.len = p->test_imports.len = 0;
    bool main = p->is_main;
    finish(p);
    p->is_main = main;
}

Package *load_external_tests(Package *p) {
    Package *x = ptrmap_get(&packages, intern_c(xsprintf("%s_test", p->path)));
    p->is_main = false; // a tested command is a package like others: main is what runs its tests
    if (x && x->imports.len == 0) finish(x);
    return x;
}

Package *load_test_main(Package *p, Package *external, Str text) {
    ptrmap_put(&load_config.extra, p->path, p);
    if (external) ptrmap_put(&load_config.extra, external->path, external);
    Package *m = NEW(Package);
    m->path = intern_c("main");
    m->go_version = "";
    m->dir = p->dir;
    m->in_goroot = true; // it imports testing/internal/testdeps
    const char *path = xsprintf("%s/_testmain.go", p->dir);
    vec_push(&m->files, parse_file(source_add(path, "_testmain.go", text), PARSE_ALL));
    name_package(m);
    finish(m);
    return m;
}

static Package *importer(const char *path, Package *from, Pos pos, const char **err) {
    Package *p = import_path(path, from, pos);
    if (p->fake && compile_only) {
        *err = load_config.importcfg ? "open : no such file or directory" : "file not found";
        return NULL;
    }
    if (is_loading(p)) {
        *err = "import cycle not allowed";
        return NULL;
    }
    return p;
}

// Where a file that was named goes in vole test.
static FileVec *tests_of(const File *f, const char *path, FileVec *tests, FileVec *external) {
    if (!load_config.tests || !ends_with(path, "_test.go")) return NULL;
    return f->pkg_name && ends_with(f->pkg_name->name.name, "_test") ? external : tests;
}

// compile_only: with an import path given this is go tool compile, which does not ask what go list
// would.
Package *load_files(const char **files, uint32_t n, const char *import_as) {
    check_importer = importer;
    compile_only = import_as && strcmp(import_as, "command-line-arguments") != 0;
    Package *p = NEW(Package);
    CgoFiles c = {0};
    FileVec tests = {0}, external = {0};
    p->path = intern_c(import_as ? import_as : "command-line-arguments");
    p->go_version = "";
    for (uint32_t i = 0; i < n; i++) {
        const char *path = path_clean(files[i]);
        Str text;
        if (!fsys_read(path, &text)) {
            error_at(0, "no required module provides package %s; to add it:\n\tgo get %s", files[i],
                     files[i]);
            p->has_errors = true;
            continue;
        }
        if (!p->dir) {
            const char *slash = strrchr(path, '/');
            p->dir = slash == path ? "/" : xstrndup(path, (size_t)(slash - path));
        }
        const char *error = NULL;
        if (!compile_only) constraint_text(text, &error); // holding or not, but it must be one
        if (error && !p->has_errors) error_at(0, "%s: %s", path_base(path), error);
        uint32_t errors = diagnostics.syntax_errors;
        File *f = parse_source(path, text, load_config.std ? PARSE_STD : PARSE_ALL);
        if (compile_only) f->src->display = files[i];
        if (error || diagnostics.syntax_errors > errors) p->has_errors = true;
        if (f->imports_C && !compile_only && load_config.cgo)
            vec_push(&c.go, f);
        else if (!f->imports_C || compile_only) {
            FileVec *to = tests_of(f, path, &tests, &external);
            if (to)
                vec_push(to, f);
            else
                vec_push(&p->files, f);
        } else if (!p->left_out) // as with CGO_ENABLED=0
            p->left_out = cgo_note(f);
        if (is_hopeless(f)) break;
    }
    if (!p->dir) p->dir = load_work_dir();
    FileVec made = {0};
    if (c.go.len && !p->has_errors && !add_cgo(p, &c, PARSE_ALL, &made)) p->has_errors = true;
    for (vec_each(File *, f, &made)) vec_push(&p->files, *f);
    for (vec_each(File *, t, &tests)) vec_push(&p->files, *t);
    p->test_files = tests.len;
    if (p->left_out && !p->files.len && !p->has_errors) {
        error_at(0, "%s", p->left_out);
        p->has_errors = true;
    }
    if (!name_package(p)) p->has_errors = true;
    if (!load_config.tests && strcmp(p->name, "main") == 0 &&
        strcmp(p->path, "command-line-arguments") == 0)
        p->path = intern_c("main");
    if (compile_only) ptrmap_put(&packages, p->path, p);
    finish(p);
    add_external_tests(p, &external);
    return p;
}

// What may be imported is decided by where path lies.
Package *load_text(const char *import_path, const char *path, Str text, const PathVec *files) {
    check_importer = importer;
    compile_only = true;
    Package *p = NEW(Package);
    p->path = intern_c(import_path);
    p->go_version = "";
    p->dir = xstrndup(path, (size_t)(path_base(path) - path));
    PathVec one = {0};
    vec_push(&one, path);
    for (vec_each(const char *, f, files->len ? files : &one)) {
        Str s = text;
        if (strcmp(*f, path) != 0 && !fsys_read(*f, &s)) continue;
        vec_push(&p->files, parse_source(*f, s, load_config.std ? PARSE_STD : PARSE_ALL));
        if (is_hopeless(vec_last(&p->files))) break;
    }
    name_package(p);
    const char *src = xsprintf("%s/src", load_config.goroot ? load_config.goroot : "");
    p->in_goroot = has_path_prefix(path, src); // what it may import
    finish(p);
    p->in_goroot = false;
    return p;
}

// A folder is named by a path that begins with a dot or slash, all else is an import path.
Package *load_package(const char *pattern, const char **err) {
    check_importer = importer;
    *err = NULL;
    const char *path = pattern;
    Place pl = {0};
    bool local = pattern[0] == '.' && (!pattern[1] || pattern[1] == '/' ||
                                       (pattern[1] == '.' && (!pattern[2] || pattern[2] == '/')));
    if (local || pattern[0] == '/') {
        const char *dir = path_clean(pattern);
        if (!path_is_dir(dir)) {
            const Module *in = path_is_file(dir) ? gomod_find(dir) : NULL;
            *err = in ? xsprintf("main module (%s) does not contain package %s%s", in->path,
                                 in->path, dir + strlen(in->dir))
                      : xsprintf("stat %s: directory not found", dir);
            return NULL;
        }
        const char *below = path_in_goroot(dir);
        if (below && *below) {
            pl = (Place){.path = below + 1,
                         .dir = xsprintf("%s/src%s", load_config.goroot, below),
                         .goroot = true};
        } else {
            Module *m = gomod_find(dir);
            if (!gopath_mode() && !path_holds_go(dir) && (!m || m != gomod_find(load_work_dir()))) {
                *err = xsprintf("no Go files in %s", dir);
                return NULL;
            }
            if (gopath_mode()) {
                const char *own = gopath_path(dir);
                pl = (Place){.path = own ? own : xsprintf("_%s", dir), .dir = dir};
            } else if (!m || !gomod_in_build(m)) {
                *err = outside_modules(dir);
                return NULL;
            } else if (m->vendor && has_path_prefix(dir, m->vendor->dir))
                pl = locate(dir + strlen(m->vendor->dir) + 1, NULL);
            else
                pl = (Place){.path = xsprintf("%s%s", m->path,
                                              strcmp(dir, m->dir) == 0 ? "" : dir + strlen(m->dir)),
                             .dir = dir,
                             .module = m};
        }
    } else {
        pl = locate(path, NULL);
        if (pl.err) {
            *err = pl.err;
            return NULL;
        }
    }
    Package *p = ptrmap_get(&packages, intern_c(pl.path));
    if (!p) p = load_place(&pl, load_config.tests);
    if (p->fake && p->import_error) *err = p->import_error;
    return p;
}

static void visit(Package *p, PtrMap *seen, PackageVec *out) {
    if (ptrmap_has(seen, p) || p->fake) return;
    ptrmap_put(seen, p, p);
    for (vec_each(Package *, i, &p->imports)) visit(*i, seen, out);
    p->index = out->len;
    vec_push(out, p);
}

void load_dependency_order(Package **roots, uint32_t n, PackageVec *out) {
    PtrMap seen = {0};
    for (uint32_t i = 0; i < n; i++) visit(roots[i], &seen, out);
}
