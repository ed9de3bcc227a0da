// check: a package's files come in as trees, a checked package goes out.
//
// Order of work, which is also the order in which errors are found: collect all package-level names
// and methods (imports included), resolve types, then aliases, then everything else, then run what
// was delayed until types are complete, then bodies in source order, then initialisation order and
// unused imports. check_package_decls does all that importers need; check_package_bodies the rest.
// A Checker lives as long as its package, so that single bodies can be checked on demand later.
//
// Invariant: whatever needs a complete type while types are still being declared is not asked at
// once but put off with check_later.
#include "frontend/check_impl.h"

#include <limits.h>
#include <stdlib.h>

ImportFn check_importer;

// ---- Errors ----

// head: so much of msg is the error proper, the rest being further lines about other places.
static void report(Checker *c, Pos pos, bool soft, const char *msg, size_t head) {
    // What follows from an earlier error adds nothing.
    if (c->has_error) {
        const char *a = strstr(msg, "invalid operand"), *b = strstr(msg, "invalid type");
        if ((a && a != msg && a < msg + head) || (b && b != msg && b < msg + head)) return;
    }
    c->has_error = true;
    if (!soft) c->pkg->has_errors = true;
    if (c->env.err_pos) pos = c->env.err_pos;
    const char *v = strstr(msg, "requires go1.");
    if (v) {
        v += strlen("requires go1.");
        while (*v >= '0' && *v <= '9') v++;
        if (strncmp(v, " or later", 9) == 0) {
            const char *file = c->file ? c->file->go_version : "";
            int minor = file && file[0] ? atoi(strncmp(file, "go1.", 4) == 0 ? file + 4 : "0") : 0;
            if (minor >= 21)
                msg = xsprintf("%s (file declares //go:build %s)", msg, file);
            else
                msg = xsprintf("%s (-lang was set to %s; check go.mod)", msg,
                               c->pkg->go_version[0] ? c->pkg->go_version : "go1.27");
        }
    }
    if (soft)
        soft_error_at(pos, "%s", msg);
    else
        error_at(pos, "%s", msg);
}

void check_error(Checker *c, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *msg = xvsprintf(fmt, ap);
    report(c, pos, false, msg, strlen(msg));
    va_end(ap);
}

void check_soft_error(Checker *c, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *msg = xvsprintf(fmt, ap);
    report(c, pos, true, msg, strlen(msg));
    va_end(ap);
}

const char *pos_string(Pos pos) {
    Position p = source_position(pos);
    return p.col ? xsprintf("%s:%u:%u", p.file, p.line, p.col) : xsprintf("%s:%u", p.file, p.line);
}

void check_error_line(ErrorLines *e, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *msg = xvsprintf(fmt, ap);
    va_end(ap);
    if (e->text.len == 0) {
        e->pos = pos;
    } else {
        buf_puts(&e->text, "\n\t");
        if (pos) buf_printf(&e->text, "%s: ", pos_string(pos));
    }
    buf_puts(&e->text, msg);
}

void check_error_alt(ErrorLines *e, Object *alt) {
    if (alt->pos) check_error_line(e, alt->pos, "other declaration of %s", alt->name);
}

void check_error_report(Checker *c, ErrorLines *e) {
    const char *msg = buf_str(&e->text);
    report(c, e->pos, e->soft, msg, strcspn(msg, "\n"));
}

// ---- Language versions ----

static int minor_of(const char *v) {
    if (!v || strncmp(v, "go1", 3) != 0) return INT_MAX;
    return v[3] == '.' ? atoi(v + 4) : 0;
}

// A file may raise its version, or lower it down to go1.21.
static int file_minor(Package *p, const File *f) {
    if (f && f->go_version && f->go_version[0]) {
        int m = minor_of(f->go_version);
        if (m != INT_MAX) return m < 21 ? 21 : m;
    }
    return p->go_version && p->go_version[0] ? minor_of(p->go_version) : INT_MAX;
}

bool check_allow_version(Package *p, Pos pos, int minor) {
    SourceFile *src = source_of(pos);
    for (vec_each(File *, f, &p->files))
        if ((*f)->src == src) return file_minor(p, *f) >= minor;
    return file_minor(p, NULL) >= minor;
}

bool check_allows(Checker *c, int minor) { return file_minor(c->pkg, c->file) >= minor; }

bool check_verify_version(Checker *c, Pos pos, int minor, const char *fmt, ...) {
    if (check_allows(c, minor)) return true;
    va_list ap;
    va_start(ap, fmt);
    const char *what = xvsprintf(fmt, ap);
    va_end(ap);
    check_error(c, pos, "%s requires go1.%d or later", what, minor);
    return false;
}

// ---- Delayed actions ----

void check_later(Checker *c, DelayedFn f, void *arg) {
    Action a = {f, arg, c->file, c->env};
    vec_push(&c->delayed, a);
}

uint32_t check_delayed_mark(Checker *c) { return c->delayed.len; }

void check_process_delayed_from(Checker *c, uint32_t mark) {
    if (c->delayed.len <= mark) return;
    Env saved = c->env;
    File *file = c->file;
    for (uint32_t i = mark; i < c->delayed.len; i++) { // an action may add more
        Action a = c->delayed.data[i];
        c->env = a.env;
        c->file = a.file;
        a.f(c, a.arg);
    }
    c->delayed.len = mark;
    c->env = saved;
    c->file = file;
}

static void check_process_delayed(Checker *c) { check_process_delayed_from(c, 0); }

static void run_body(Checker *c, void *info) { check_func_body_in(c, info); }

void check_later_body(Checker *c, FuncInfo *info) {
    if (c->env.func || c->env.sig) {
        check_later(c, run_body, info);
    } else {
        Action a = {run_body, info, c->file, c->env};
        vec_push(&c->bodies, a);
    }
}

// ---- Scopes ----

enum { SCOPE_LINEAR = 8 }; // up to so many names a scope is searched, not hashed

Object *scope_lookup(Scope *s, Name n) {
    if (s->names.cap) return ptrmap_get(&s->names, n);
    for (uint32_t i = 0; i < s->objects.len; i++)
        if (s->objects.data[i]->name == n) return s->objects.data[i];
    return NULL;
}

// Puts o under name n, which is o's except for dot imports.
static Object *insert_named(Scope *s, Name n, Object *o) {
    Object *alt = scope_lookup(s, n);
    if (alt) return alt;
    if (s->names.cap) {
        ptrmap_put(&s->names, n, o);
    } else if (s->objects.len == SCOPE_LINEAR) {
        for (uint32_t i = 0; i < s->objects.len; i++)
            ptrmap_put(&s->names, s->objects.data[i]->name, s->objects.data[i]);
        ptrmap_put(&s->names, n, o);
    }
    vec_push(&s->objects, o);
    if (!o->parent) o->parent = s;
    return NULL;
}

// Gives the previous object of that name if any, else NULL.
static Object *scope_insert(Scope *s, Object *o) { return insert_named(s, o->name, o); }

static Name blank, name_init, name_main, name_dot;

static void init_names(void) {
    if (blank) return;
    blank = intern_c("_");
    name_init = intern_c("init");
    name_main = intern_c("main");
    name_dot = intern_c(".");
}

// A name is declared once in a scope; the blank one never is.
void check_declare(Checker *c, Scope *s, Expr *name, Object *o, Pos scope_pos) {
    if (o->name != blank) {
        Object *alt = scope_insert(s, o);
        if (alt) {
            ErrorLines e = {0};
            check_error_line(&e, o->pos, "%s redeclared in this block", o->name);
            check_error_alt(&e, alt);
            check_error_report(c, &e);
            return;
        }
        o->scope_pos = scope_pos;
    }
    if (o->kind == O_VAR && !o->owner && c->env.func) o->owner = c->env.func;
    if (name) name->name.obj = o;
}

Scope *check_open_scope(Checker *c, Pos pos, Pos end, const char *comment) {
    Scope *s = NEW(Scope);
    s->parent = c->env.scope;
    s->pos = pos;
    s->end = end;
    s->comment = comment;
    s->func = c->env.func;
    c->env.scope = s;
    return s;
}

void check_close_scope(Checker *c) { c->env.scope = c->env.scope->parent; }

Object *check_lookup(Checker *c, Name n, Scope **where) {
    for (Scope *s = c->env.scope; s; s = s->parent) {
        Object *o = scope_lookup(s, n);
        if (o) {
            if (where) *where = s;
            return o;
        }
    }
    return NULL;
}

Object *check_new_var(Checker *c, Pos pos, Name name, Type *t) {
    Object *o = object_new(O_VAR, pos, c->pkg, name, t);
    o->owner = c->env.func;
    if (name != blank && c->env.func) vec_push(&c->locals, o);
    return o;
}

void check_note_use(Checker *c, Object *o) {
    FuncInfo *f = c->env.func;
    if (!o->owner || !f || o->owner == f || o->is_package_var || o->is_field) return;
    o->captured = true;
    for (; f && f != o->owner; f = f->outer) {
        bool known = false;
        for (uint32_t i = 0; i < f->captures.len && !known; i++) known = f->captures.data[i] == o;
        if (known) break; // and so are the outer ones
        vec_push(&f->captures, o);
    }
}

// ---- Dependencies for the order of initialisation ----

DeclInfo *check_decl_info(Checker *c, Object *o) {
    if (!o->order || o->order > c->infos.len || c->objects.data[o->order - 1] != o) return NULL;
    return c->infos.data[o->order - 1];
}

void check_add_dependency(Checker *c, Object *to) {
    Object *from = c->env.decl_obj;
    if (!from || to->pkg != c->pkg || from->pkg != c->pkg) return;
    DeclInfo *d = check_decl_info(c, from);
    if (!d || !check_decl_info(c, to) || ptrmap_has(&d->dep_set, to)) return;
    ptrmap_put(&d->dep_set, to, to);
    vec_push(&d->deps, to);
}

// ---- Syntax helpers ----

// What stands alone gets an array of its own, so that callers loop over either form.
Expr **check_unpack(Expr *e, uint32_t *n) {
    static Expr *none[1];
    if (!e) {
        *n = 0;
        return none;
    }
    if (e->kind == E_LIST) {
        *n = e->list.elems.len;
        return e->list.elems.data;
    }
    Expr **one = xalloc(sizeof *one);
    one[0] = e;
    *n = 1;
    return one;
}

Pos stmt_start(const Stmt *s) {
    switch (s->kind) {
    case S_SEND: return expr_start(s->send.ch);
    case S_ASSIGN: return expr_start(s->assign.lhs);
    case S_INCDEC: return expr_start(s->incdec.x);
    case S_EXPR: return s->expr.x->pos; // as gc has it
    default: return s->pos;
    }
}

// ReceiverType = [ "*" ] Base [ "[" Names "]" ], parenthesised in any way.
bool check_receiver(Expr *rtype, Expr **base, ExprVec **tparams) {
    bool ptr = false;
    Expr *b = unparen(rtype);
    if (b->kind == E_STAR) {
        ptr = true;
        b = unparen(b->star.x);
    }
    *tparams = NULL;
    if (b->kind == E_INDEX) {
        *tparams = &b->index.index;
        b = b->index.x;
    }
    *base = b;
    return ptr;
}

void check_arity(Checker *c, Pos pos, ExprVec *names, Expr **inits, uint32_t r, bool is_const,
                 bool inherited) {
    uint32_t l = names->len;
    if (l < r) {
        Expr *n = inits[l];
        if (inherited)
            check_error(c, pos, "extra init expr at %s", pos_string(n->pos));
        else
            check_error(c, expr_start(n), "extra init expr %s", expr_string(n));
    } else if (l > r && (is_const || r != 1)) {
        Expr *n = names->data[r];
        check_error(c, n->pos, "missing init expr for %s", n->name.name);
    }
}

// ---- Collecting objects ----

static DeclInfo *new_info(Checker *c, Decl *d) {
    DeclInfo *i = NEW(DeclInfo);
    i->file = c->file;
    i->decl = d;
    return i;
}

static void add_object(Checker *c, Object *o, DeclInfo *d) {
    vec_push(&c->infos, d);
    vec_push(&c->objects, o);
    o->order = c->objects.len;
    o->decl = d->decl;
}

static void declare_package_object(Checker *c, Expr *name, Object *o, DeclInfo *d) {
    if (o->name == name_init) {
        check_error(c, name->pos, "cannot declare init - must be func");
        return;
    }
    if (o->name == name_main && c->pkg->name == name_main) {
        check_error(c, name->pos, "cannot declare main - must be func");
        return;
    }
    check_declare(c, c->pkg->scope, name, o, 0);
    if (o->name == blank) o->parent = c->pkg->scope;
    add_object(c, o, d);
}

// An import path's rules as gc has them; NULL when fine.
static const char *bad_import_path(Str s) {
    if (s.len == 0) return "empty string";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch <= ' ' || ch == 0x7f || (ch && strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", ch))) {
            if (ch == ' ' || (ch > ' ' && ch < 0x7f))
                return xsprintf("invalid character U+%04X '%c'", ch, ch);
            return xsprintf("invalid character U+%04X", ch);
        }
        if (ch >= 0x80) {
            uint32_t r = 0xfffd;
            size_t n = 1;
            if ((ch & 0xe0) == 0xc0 && i + 1 < s.len) {
                r = (uint32_t)(ch & 0x1f) << 6 | (s.p[i + 1] & 0x3f);
                n = 2;
            } else if ((ch & 0xf0) == 0xe0 && i + 2 < s.len) {
                r = (uint32_t)(ch & 0x0f) << 12 | (uint32_t)(s.p[i + 1] & 0x3f) << 6 |
                    (s.p[i + 2] & 0x3f);
                n = 3;
            } else if ((ch & 0xf8) == 0xf0 && i + 3 < s.len) {
                r = (uint32_t)(ch & 0x07) << 18 | (uint32_t)(s.p[i + 1] & 0x3f) << 12 |
                    (uint32_t)(s.p[i + 2] & 0x3f) << 6 | (s.p[i + 3] & 0x3f);
                n = 4;
            }
            if (r == 0xfffd || r == 0x85 || r == 0xa0 || r == 0x2028 || r == 0x2029 ||
                r == 0x3000 || (r >= 0x2000 && r <= 0x200f))
                return r == 0xfffd ? "invalid character U+FFFD '\xef\xbf\xbd'"
                                   : xsprintf("invalid character U+%04X", r);
            i += n - 1;
        }
    }
    return NULL;
}

static Package *fake_package(const char *path) {
    Package *p = NEW(Package);
    p->path = path;
    const char *slash = strrchr(path, '/');
    p->name = intern_c(slash && slash[1] ? slash + 1 : path);
    p->scope = NEW(Scope);
    p->go_version = "";
    p->fake = p->decls_checked = p->bodies_checked = true;
    return p;
}

// Without double slashes, "." and "..": those inside an import path; a leading "./" or "../" stays.
static const char *clean_import_path(const char *path) {
    Buf b = {0};
    const char *p = path;
    while (strncmp(p, "./", 2) == 0 || strncmp(p, "../", 3) == 0) {
        size_t n = strcspn(p, "/") + 1;
        buf_write(&b, p, n);
        p += n;
    }
    size_t floor = b.len;
    while (*p) {
        size_t n = strcspn(p, "/");
        if (n == 2 && p[0] == '.' && p[1] == '.' && b.len > floor) {
            while (b.len > floor && b.p[b.len - 1] != '/') b.len--;
            if (b.len > floor) b.len--;
        } else if (n && !(n == 1 && p[0] == '.' && p[1])) {
            if (b.len > floor) buf_putc(&b, '/');
            buf_write(&b, p, n);
        }
        p += n;
        while (*p == '/') p++;
    }
    return b.len ? buf_str(&b) : path;
}

// unsafe has no files. A package that does not load stands as an empty one, of which nothing is
// missed, so that one error is told.
static Package *import_package(Checker *c, Pos pos, const char *path) {
    if (strcmp(path, "unsafe") == 0) return package_unsafe;
    const char *err = NULL;
    Package *p = NULL;
    if (path[0] == '/')
        err = "import path cannot be absolute path";
    else if (strcmp(path, clean_import_path(path)) != 0)
        err = xsprintf("non-canonical import path \"%s\" (should be \"%s\")", path,
                       clean_import_path(path));
    else if (check_importer)
        p = check_importer(path, c->pkg, pos, &err);
    if (!p) {
        check_error(c, pos, "could not import %s (%s)", path, err ? err : "file not found");
        return fake_package(path);
    }
    if (!p->fake) { check_package_decls(p); }
    return p;
}

// The package's name belongs to the file's scope. With a dot all its exported names do, and the
// import counts as used when one of them is.
static void collect_import(Checker *c, Decl *d) {
    Expr *lit = d->import.path;
    if (!lit || lit->kind != E_LIT || lit->lit.bad || lit->lit.kind != LIT_STRING) return;
    Str s = unquote_string(lit->lit.text);
    const char *bad = bad_import_path(s);
    if (bad) {
        check_error(c, lit->pos, "invalid import path (%s)", bad);
        return;
    }
    const char *path = xstrndup(s.p, s.len);
    Package *imp = import_package(c, lit->pos, path);
    Name name = imp->name;
    if (d->import.name) {
        name = d->import.name->name.name;
        if (strcmp(path, "C") == 0) {
            check_error(c, d->import.name->pos, "cannot rename import \"C\"");
            return;
        }
    }
    if (name == name_init) {
        check_error(c, d->pos, "cannot import package as init - init must be a func");
        return;
    }
    Object *o = object_new(O_PKGNAME, d->pos, c->pkg, name, BASIC(INVALID));
    o->imported = imp;
    o->decl = d;
    o->used = imp->fake;
    d->import.obj = o;
    if (d->import.name) d->import.name->name.obj = o;
    vec_push(&c->imports, o);
    Scope *fs = c->file->scope;
    if (name != name_dot) {
        check_declare(c, fs, NULL, o, 0);
        return;
    }
    for (uint32_t i = 0; i < imp->scope->objects.len; i++) {
        Object *x = imp->scope->objects.data[i];
        if (!name_is_exported(x->name)) continue;
        Object *alt = insert_named(fs, x->name, x);
        if (alt) {
            ErrorLines e = {0};
            check_error_line(&e, d->import.name->pos, "%s redeclared in this block", alt->name);
            check_error_alt(&e, alt);
            check_error_report(c, &e);
        } else {
            DotImport di = {fs, x, o};
            vec_push(&c->dot_imports, di);
        }
    }
}

void check_mark_dot_import(Checker *c, Scope *s, Object *o) {
    for (vec_each(DotImport, d, &c->dot_imports))
        if (d->obj == o && d->scope == s) d->pkgname->used = true;
}

// Variables that share one multi-valued initialiser share one DeclInfo, so that it is checked
// once; all others have their own.
static void collect_value(Checker *c, Decl *d) {
    bool is_const = d->kind == D_CONST;
    uint32_t n;
    Expr **values = check_unpack(d->value.values, &n);
    DeclInfo *shared = NULL;
    if (!is_const && !(d->value.values && d->value.values->kind == E_LIST)) {
        shared = new_info(c, d);
        shared->type = d->value.type;
        shared->init = d->value.values;
        shared->has_lhs = true;
    }
    for (uint32_t i = 0; i < d->value.names.len; i++) {
        Expr *name = d->value.names.data[i];
        Object *o =
            object_new(is_const ? O_CONST : O_VAR, name->pos, c->pkg, name->name.name, NULL);
        DeclInfo *info = shared;
        if (!info) {
            info = new_info(c, d);
            info->type = d->value.type;
            info->init = i < n ? values[i] : NULL;
            info->inherited = is_const && d->value.inherited;
        }
        if (is_const) {
            o->val = const_int64(d->value.iota);
        } else {
            o->is_package_var = true;
            if (shared) vec_push(&shared->lhs, o);
            name->name.obj = o;
        }
        declare_package_object(c, name, o, info);
    }
    if (is_const || !d->value.type || n)
        check_arity(c, d->pos, &d->value.names, values, n, is_const,
                    is_const && d->value.inherited);
}

typedef struct Method {
    Object *obj;
    bool ptr;
    Name base;
    File *file;
} Method;
typedef Vec(Method) MethodVec;

// Methods have no name in a scope: they wait until their receiver's type is known.
static void collect_func(Checker *c, Decl *d, MethodVec *methods) {
    Name name = d->func.name->name.name;
    Object *o = object_new(O_FUNC, d->func.name->pos, c->pkg, name, NULL);
    Field *tparam0 = d->func.tparams.len ? d->func.tparams.data[0] : NULL;
    d->func.obj = o;
    o->nointerface = (d->pragma & PRAGMA_NOINTERFACE) && c->pkg->fieldtrack;
    vec_push(&c->pkg->funcs, d);
    if (!d->func.recv) {
        if (name == name_init || (name == name_main && c->pkg->name == name_main)) {
            if (tparam0)
                check_soft_error(c, tparam0->pos, "func %s must have no type parameters", name);
            if (d->func.ftype->func.params.len || d->func.ftype->func.results.len)
                check_soft_error(c, d->func.name->pos,
                                 "func %s must have no arguments and no return values", name);
        } else if (tparam0) {
            check_verify_version(c, tparam0->pos, 18, "type parameter");
        }
        if (name == name_init) {
            o->parent = c->pkg->scope;
            d->func.name->name.obj = o;
            if (!d->func.body) check_soft_error(c, o->pos, "func init must have a body");
        } else {
            check_declare(c, c->pkg->scope, d->func.name, o, 0);
            if (name == blank) o->parent = c->pkg->scope;
        }
    } else {
        Expr *base;
        ExprVec *tparams;
        bool ptr = check_receiver(d->func.recv->type, &base, &tparams);
        if (base->kind == E_NAME && name != blank) {
            Method m = {o, ptr, base->name.name, c->file};
            vec_push(methods, m);
        }
        if (tparam0) check_verify_version(c, tparam0->pos, 27, "generic method");
        d->func.name->name.obj = o;
    }
    add_object(c, o, new_info(c, d));
}

// The defined type that name stands for through alias declarations of this package, and whether a
// pointer was passed on the way; NULL if none.
static Object *resolve_base(Checker *c, bool *ptr, Name name) {
    ObjectVec seen = {0};
    while (name) {
        Object *o = scope_lookup(c->pkg->scope, name);
        if (!o || o->kind != O_TYPENAME) return NULL;
        for (vec_each(Object *, s, &seen))
            if (*s == o) return NULL;
        Decl *d = o->decl;
        if (!d->type.alias) return o;
        if (d->type.tparams.len) return NULL;
        vec_push(&seen, o);
        Expr *t = unparen(d->type.type);
        if (t->kind == E_STAR) {
            if (*ptr) return NULL;
            *ptr = true;
            t = unparen(t->star.x);
        }
        name = t->kind == E_NAME ? t->name.name : NULL;
    }
    return NULL;
}

// All names of the package are there before any is resolved, since declarations refer to each
// other in any order.
static void collect_objects(Checker *c) {
    MethodVec methods = {0};
    Package *p = c->pkg;
    for (vec_each(File *, fp, &p->files)) {
        File *f = c->file = *fp;
        if (!f->pkg_name) continue;
        if (f->go_version && f->go_version[0] && minor_of(f->go_version) != INT_MAX &&
            minor_of(f->go_version) > 27)
            check_error(c, f->pkg_name->pos,
                        "file requires newer Go version %s (application built with go1.27)",
                        f->go_version);
        f->scope = NEW(Scope);
        f->scope->parent = p->scope;
        f->scope->comment = "file";
        for (vec_each(Decl *, dp, &f->decls)) {
            Decl *d = *dp;
            switch (d->kind) {
            case D_IMPORT: collect_import(c, d); break;
            case D_CONST:
            case D_VAR: collect_value(c, d); break;
            case D_TYPE: {
                Object *o =
                    object_new(O_TYPENAME, d->type.name->pos, p, d->type.name->name.name, NULL);
                o->is_alias = d->type.alias;
                declare_package_object(c, d->type.name, o, new_info(c, d));
                break;
            }
            case D_FUNC: collect_func(c, d, &methods); break;
            }
        }
    }
    // A file's names must not be the package's.
    for (vec_each(File *, fp, &p->files)) {
        if (!(*fp)->scope) continue;
        c->file = *fp;
        for (vec_each(Object *, op, &(*fp)->scope->objects)) {
            Object *o = *op, *alt = scope_lookup(p->scope, o->name);
            if (!alt) continue;
            ErrorLines e = {0};
            if (o->kind == O_PKGNAME) {
                check_error_line(&e, alt->pos,
                                 "%s already declared through import of package %s (\"%s\")",
                                 alt->name, o->imported->name, o->imported->path);
                check_error_alt(&e, o);
            } else {
                check_error_line(&e, alt->pos,
                                 "%s already declared through dot-import of package %s (\"%s\")",
                                 alt->name, o->pkg->name, o->pkg->path);
            }
            check_error_report(c, &e);
        }
    }
    for (vec_each(Method, m, &methods)) {
        bool ptr = m->ptr;
        Object *base = resolve_base(c, &ptr, m->base);
        if (!base) continue;
        m->obj->ptr_recv = ptr;
        ObjectVec *list = ptrmap_get(&c->methods, base);
        if (!list) {
            list = NEW(ObjectVec);
            ptrmap_put(&c->methods, base, list);
        }
        vec_push(list, m->obj);
    }
}

// Types first, aliases next: this way the fewest aliases are needed before they are known.
static void package_objects(Checker *c) {
    for (int phase = 0; phase < 3; phase++) {
        for (uint32_t i = 0; i < c->objects.len; i++) {
            Object *o = c->objects.data[i];
            int of = o->kind != O_TYPENAME ? 2 : o->decl->type.alias ? 1 : 0;
            if (of != phase) continue;
            check_object(c, o);
        }
        // Values may ask for sizes and method sets: by then types must have been found valid.
        if (phase == 1) check_process_delayed(c);
    }
    memset(&c->methods, 0, sizeof c->methods);
}

static void unused_imports(Checker *c) {
    for (vec_each(Object *, op, &c->imports)) {
        Object *o = *op;
        if (o->name == blank || o->used) continue;
        const char *path = o->imported->path;
        const char *slash = strrchr(path, '/'), *elem = slash ? slash + 1 : path;
        if (o->name == name_dot || strcmp(o->name, elem) == 0)
            check_soft_error(c, o->pos, "\"%s\" imported and not used", path);
        else
            check_soft_error(c, o->pos, "\"%s\" imported as %s and not used", path, o->name);
    }
}

// ---- Packages ----

static Checker *checker_of(Package *p) {
    if (p->fake) return NULL;
    if (!p->checker) {
        Checker *c = NEW(Checker);
        c->pkg = p;
        p->checker = c;
        if (!p->go_version) p->go_version = "";
    }
    return p->checker;
}

static void resolve_hook(Object *o) {
    if (o->type || !o->pkg || !o->order) return;
    Checker *c = checker_of(o->pkg);
    if (c) check_object(c, o);
}

// Messages name types as seen from the package being checked.
static Package *enter(Checker *c) {
    Package *before = current_package;
    current_package = c->pkg;
    return before;
}

static void leave(Package *before) { current_package = before; }

// The first file with a name decides; files of other packages are reported and left out.
static void name_package(Checker *c) {
    Package *p = c->pkg;
    uint32_t kept = 0;
    for (vec_each(File *, f, &p->files)) {
        c->file = *f;
        Expr *name = (*f)->pkg_name;
        Name n = name ? name->name.name : p->name;
        if (!p->name || p->name[0] == 0) p->name = n;
        if (n != p->name) { // and is left out
            check_error(c, (*f)->src->base, "package %s; expected package %s", n, p->name);
            continue;
        }
        if (name && n == blank) check_error(c, name->pos, "invalid package name _");
        p->files.data[kept++] = *f;
    }
    p->files.len = kept;
}

// What importers need: every declaration's type, but no bodies.
void check_package_decls(Package *p) {
    // Done, or under way in an import cycle that the loader reports.
    if (p->fake || p->checker || p->decls_checked) return;
    universe_init();
    init_names();
    types_resolve_object = resolve_hook;
    Checker *c = checker_of(p);
    Package *before = enter(c);
    if (!p->scope) {
        p->scope = NEW(Scope);
        p->scope->parent = universe;
        p->scope->comment = "package";
    }
    name_package(c);
    collect_objects(c);
    check_direct_cycles(c);
    package_objects(c);
    check_process_delayed(c);
    check_flush_untyped(c);
    p->decls_checked = true;
    leave(before);
}

static void run_literal_bodies(Checker *c) {
    for (uint32_t i = 0; i < c->bodies.len; i++) {
        Action a = c->bodies.data[i];
        c->env = a.env;
        c->file = a.file;
        a.f(c, a.arg);
        check_process_delayed(c);
        check_flush_untyped(c);
    }
    c->bodies.len = 0;
    c->env = (Env){0};
}

// What the package itself needs. Checks that presume an error-free package come last, each only
// when those before it found nothing.
void check_package_bodies(Package *p) {
    check_package_decls(p);
    if (p->fake || p->bodies_checked || !p->checker) return;
    p->bodies_checked = true;
    Checker *c = p->checker;
    Package *before = enter(c);
    run_literal_bodies(c);
    for (uint32_t i = 0; i < p->funcs.len; i++) check_func_decl_body(c, p->funcs.data[i]);
    run_literal_bodies(c);
    check_flush_untyped(c);
    check_init_order(c);
    if (!p->in_goroot) unused_imports(c);
    if (!c->has_error) check_mono(c);
    if (!c->has_error) check_anonymous_interface_cycles(c);
    if (diagnostics.list.len) c->has_error = true; // the parser's, too
    if (!c->has_error && !p->in_goroot) check_pragmas(c);
    if (!c->has_error && !p->has_errors) check_report_late(c);
    leave(before);
}

// For the midend, which inlines or instantiates a function of another package: the one body that
// it wants.
void check_func_body(Decl *d) {
    Object *o = d->kind == D_FUNC ? d->func.obj : NULL;
    if (d->kind == D_FUNC) {
        if (!o || !o->pkg->checker) return;
        Checker *c = o->pkg->checker;
        Package *before = enter(c);
        check_func_decl_body(c, d);
        leave(before);
    } else if (d->kind == D_VAR && d->value.names.len) {
        o = d->value.names.data[0]->name.obj;
        if (!o || !o->pkg->checker) return;
        Checker *c = o->pkg->checker;
        Package *before = enter(c);
        run_literal_bodies(c);
        leave(before);
    }
}
