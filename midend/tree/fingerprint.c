// fingerprint: all of a package that can bear on what those that import it are compiled to, as one
// number.
//
// That is: its path, name and language version; its sources without comments, without positions and
// without the bodies of functions: declarations with all types, constants, initialisers and //go:
// lines; the fingerprints of the packages that all this names and that the bodies name which importers
// may copy, since importers are led there by them and by nothing else; the lines of its summary.
//
// The bodies that importers may copy, those of generic functions and of functions that are inlined, have
// numbers of their own, for few importers look at most: of a body as it stands, comments and all, and
// where it begins, since file, line and column get into the importers' line tables.
//
// Types that functions declare are numbered through the package: where one might be seen, their count
// so far is part of it.
#include "frontend/lexer.h"
#include "frontend/sha256.h"
#include "midend/tree/inline.h"
#include "midend/tree/summary.h"
#include <stdlib.h>

const char *fingerprint_name(const Object *o) {
    Type *r = o->recv ? as_named(o->recv) : NULL;
    return r ? xsprintf("%s.%s", r->named.obj->name, o->name) : o->name;
}

bool fingerprint_shows(Decl *d) {
    Object *o = d->func.obj;
    if (!o || !o->type || o->type->kind != T_FUNC) return false;
    if (o->type->func.tparams || o->type->func.recv_tparams) return true;
    FuncInfo *info = inline_body_of(o);
    return info && inline_info(info)->can;
}

typedef struct Printer {
    Sha256 *h;
    const File *file;
    uint32_t next;  // which of the file's declarations comes next
    uint32_t types; // declared in functions so far
    PtrMap *named;  // Package * -> itself: what is shown names it
    Buf *bodies;
} Printer;

static void add_text(Sha256 *h, const char *s) {
    sha256_add(h, s ? s : "", (s ? strlen(s) : 0) + 1);
}

static void add_number(Sha256 *h, uint32_t n) { sha256_add(h, &n, sizeof n); }

static void add_directive(void *arg, uint32_t offset, Str text) {
    const Printer *p = arg;
    (void)offset;
    sha256_add(p->h, text.p, text.len);
    sha256_add(p->h, "", 1);
}

// A name that may be a package's, though something else may have it where it stands. What an import
// with a dot brings has none.
static void note_name(Printer *p, const Lexer *l) {
    if (l->tok != TOK_NAME) return;
    for (vec_each(Decl *, d, &p->file->decls)) {
        const Object *o = (*d)->kind == D_IMPORT ? (*d)->import.obj : NULL;
        if ((*d)->kind != D_IMPORT) break;
        if (!o || lexer_pos(l) < (*d)->end || strcmp(o->name, "_") == 0) continue;
        if (o->name == l->name || !strcmp(o->name, "."))
            ptrmap_put(p->named, o->imported, o->imported);
    }
}

static void add_token(Printer *p, const Lexer *l) {
    uint8_t tok = (uint8_t)l->tok;
    note_name(p, l);
    sha256_add(p->h, &tok, 1);
    if (l->tok == TOK_VAR) add_number(p->h, p->types);
    if (l->tok == TOK_SEMI) return; // written or not
    sha256_add(p->h, l->text + l->start, l->stop - l->start);
    sha256_add(p->h, "", 1);
}

// The declaration whose body begins at the current token, or NULL.
static Decl *body_here(Printer *p, const Lexer *l) {
    const DeclVec *decls = &p->file->decls;
    if (l->tok != TOK_LBRACE) return NULL;
    for (; p->next < decls->len; p->next++) {
        Decl *d = decls->data[p->next];
        Stmt *body = d->kind == D_FUNC ? d->func.body : NULL;
        if (body && body->pos == lexer_pos(l)) return d;
        if (d->pos > lexer_pos(l)) break;
    }
    return NULL;
}

// A function as it stands, from behind "func".
static void add_function(Printer *p, const Lexer *l, const Decl *d) {
    Position at = source_position(d->pos);
    Sha256 h;
    sha256_begin(&h);
    add_text(&h, source_recorded_file(d->pos));
    add_number(&h, at.line);
    add_number(&h, at.col);
    add_number(&h, p->types);
    sha256_add(&h, l->text + (d->pos - l->src->base), d->func.body->block.rbrace - d->pos);
    buf_printf(p->bodies, "+%.32s %s\n", sha256_end_text(&h), fingerprint_name(d->func.obj));
}

static void skip_body(Printer *p, Lexer *l, const Decl *d, bool shown) {
    l->directive = NULL;
    while (l->tok != TOK_EOF && lexer_pos(l) < d->func.body->block.rbrace) {
        if (shown) note_name(p, l);
        p->types += l->tok == TOK_TYPE;
        lexer_next(l);
    }
    l->directive = add_directive;
}

static uint32_t add_file(Sha256 *h, const File *f, uint32_t types, PtrMap *named, Buf *bodies) {
    Printer p = {h, f, 0, types, named, bodies};
    Lexer l;
    lexer_init(&l, f->src);
    l.again = true;
    l.directive = add_directive;
    l.arg = &p;
    add_text(h, f->go_version);
    for (lexer_next(&l); l.tok != TOK_EOF; lexer_next(&l)) {
        Decl *d = body_here(&p, &l);
        if (d) {
            bool shown = fingerprint_shows(d);
            if (shown) add_function(&p, &l, d);
            skip_body(&p, &l, d, shown);
        }
        add_token(&p, &l);
    }
    return p.types;
}

static void add_named(Sha256 *h, const Package *p, const PtrMap *named) {
    for (vec_each(Package *, i, &p->imports)) {
        if (!ptrmap_has(named, *i)) continue;
        add_text(h, (*i)->path);
        if (summary_seen) add_text(h, summary_seen(p, *i));
    }
}

static const char *end_copy(const Sha256 *h) {
    Sha256 copy = *h;
    return sha256_end_text(&copy);
}

// What test files add comes last, so that the rest is hashed once.
Fingerprint fingerprint_of(const Package *p, Str lines, Str test_lines, Buf *bodies) {
    Sha256 h;
    Fingerprint f;
    PtrMap named = {0};
    uint32_t types = 0, own = p->files.len - p->test_files;
    inline_set_package((Package *)p);
    sha256_begin(&h);
    add_text(&h, p->path);
    add_text(&h, p->name);
    add_text(&h, p->go_version);
    add_number(&h, p->assembly.len);
    for (uint32_t i = 0; i < own; i++)
        types = add_file(&h, p->files.data[i], types, &named, bodies);
    add_named(&h, p, &named);
    sha256_add(&h, lines.p, lines.len);
    f.without_tests = end_copy(&h);
    for (uint32_t i = own; i < p->files.len; i++)
        types = add_file(&h, p->files.data[i], types, &named, bodies);
    if (p->test_files) add_named(&h, p, &named);
    sha256_add(&h, test_lines.p, test_lines.len);
    f.all = end_copy(&h);
    return f;
}
