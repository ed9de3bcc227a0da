// check_pragma: what gc refuses after type checking: functions without a body, //go:linkname and
// //go:embed where they can't be, directives before declarations that know none. Only asked when
// there was no other error.
#include "frontend/check_impl.h"

static bool is_linknamed(File *f, Name n) {
    for (vec_each(Linkname, l, &f->linknames))
        if (l->local == n) return true;
    return false;
}

// In gc's words and order; what is linked to is not looked at.
static void check_linknames(Checker *c, File *f) {
    PtrMap seen = {0};
    for (vec_each(Linkname, l, &f->linknames)) {
        if (!f->imports_unsafe) {
            error_at(l->pos, "//go:linkname only allowed in Go files that import \"unsafe\"");
            continue;
        }
        if (strchr(l->target, '[') && strchr(l->target, ']')) {
            error_at(l->pos, "//go:linkname reference of an instantiation is not allowed");
            continue;
        }
        Object *o = scope_lookup(c->pkg->scope, l->local);
        if (!o || (o->kind != O_FUNC && o->kind != O_VAR)) {
            if (check_allows(c, 18))
                error_at(l->pos, "//go:linkname must refer to declared function or variable");
        } else if (ptrmap_has(&seen, o)) {
            error_at(l->pos, "duplicate //go:linkname for %s", l->local);
        } else {
            ptrmap_put(&seen, o, o);
        }
    }
}

// gc judges the directive before the variable's type.
static void check_embed(Checker *c, const File *f, const Decl *d, bool in_func) {
    if (!d->doc_embed) return;
    const char *why = NULL;
    if (!f->imports_embed)
        why = "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)";
    else if (d->value.names.len > 1)
        why = "go:embed cannot apply to multiple vars";
    else if (d->value.values)
        why = "go:embed cannot apply to var with initializer";
    else if (!d->value.type)
        why = "go:embed cannot apply to var without type";
    else if (in_func)
        why = "go:embed cannot apply to var inside func";
    else if (!check_allows(c, 16))
        why = xsprintf("go:embed requires go1.16 or later (-lang was set to %s; check go.mod)",
                       c->pkg->go_version);
    if (why) {
        error_at(d->embed_pos, "%s", why);
        return;
    }
    Type *t = d->value.type->type, *u = t ? under(t) : NULL, *n = t ? as_named(t) : NULL;
    bool ok =
        u && (u->kind == T_STRING || (u->kind == T_SLICE && under(u->slice.elem)->kind == T_UINT8));
    if (n && n->named.obj->pkg && strcmp(n->named.obj->pkg->path, "embed") == 0 &&
        strcmp(n->named.obj->name, "FS") == 0)
        ok = true;
    if (!ok && t)
        error_at(d->value.names.data[0]->pos, "go:embed cannot apply to var of type %s",
                 type_string(t));
}

static void check_decl_stmts(Checker *c, File *f, StmtVec *list);

// Embedding variables are refused in functions, also in blocks inside.
static void check_in_stmt(Checker *c, File *f, Stmt *s) {
    if (!s) return;
    switch (s->kind) {
    case S_DECL:
        for (vec_each(Decl *, d, &s->decl.decls))
            if ((*d)->kind == D_VAR) check_embed(c, f, *d, true);
        break;
    case S_BLOCK: check_decl_stmts(c, f, &s->block.list); break;
    case S_LABELED: check_in_stmt(c, f, s->labeled.stmt); break;
    case S_IF:
        check_in_stmt(c, f, s->if_.then);
        check_in_stmt(c, f, s->if_.els);
        break;
    case S_FOR: check_in_stmt(c, f, s->for_.body); break;
    default: break;
    }
}

static void check_decl_stmts(Checker *c, File *f, StmtVec *list) {
    for (vec_each(Stmt *, s, list)) check_in_stmt(c, f, *s);
}

static void check_func(Checker *c, File *f, Decl *d) {
    if ((d->pragma & PRAGMA_SYSTEMSTACK) && (d->pragma & PRAGMA_NOSPLIT))
        error_at(d->pos, "go:nosplit and go:systemstack cannot be combined");
    if ((d->pragma & PRAGMA_UINTPTRKEEPALIVE) && !(d->pragma & PRAGMA_NOSPLIT))
        error_at(d->pos, "go:uintptrkeepalive requires go:nosplit");
    if (d->func.body) {
        if (d->pragma & PRAGMA_NOESCAPE)
            error_at(d->pos, "can only use //go:noescape with external func implementations");
        if (f->imports_embed) check_decl_stmts(c, f, &d->func.body->block.list);
    } else if (!c->pkg->incomplete && !is_linknamed(f, d->func.name->name.name)) {
        error_at(d->pos, "missing function body");
    }
}

// Once the package is without errors, as in gc, whose later stages find these.
void check_pragmas(Checker *c) {
    uint32_t before = diagnostics.list.len;
    for (vec_each(File *, fp, &c->pkg->files)) {
        File *f = c->file = *fp;
        check_linknames(c, f);
        for (vec_each(Directive, d, &f->directives))
            if (d->error) error_at(d->pos, "%s", d->error);
        for (vec_each(Decl *, dp, &f->decls)) {
            Decl *d = *dp;
            if (d->kind == D_FUNC)
                check_func(c, f, d);
            else if (d->kind == D_VAR)
                check_embed(c, f, d, false);
        }
    }
    if (diagnostics.list.len > before) c->pkg->has_errors = true;
}
