// check_struct: struct and interface types and unions.
//
// An interface is built with a provisional type set, so that nobody computes (and keeps) one from
// half of its elements. Once the current declaration is complete, the real one is examined for
// duplicate methods, which only then can be compared.
#include "frontend/check_impl.h"
#include <stdlib.h>

// ---- Structs ----

// The name of an embedded field: T, *T, p.T, T[A] and combinations; NULL otherwise.
static Expr *embedded_name(Expr *e, bool star_ok) {
    switch (e->kind) {
    case E_NAME: return e;
    case E_STAR:
        return star_ok && e->star.x->kind != E_STAR ? embedded_name(e->star.x, false) : NULL;
    case E_SELECTOR: return e->selector.sel;
    case E_INDEX: return embedded_name(e->index.x, false);
    default: return NULL;
    }
}

typedef struct Embedded {
    Pos pos;
    Type *type;
} Embedded;

static void check_embedded(Checker *c, void *arg) {
    Embedded *e = arg;
    bool ptr = false;
    Type *t = deref(e->type, &ptr), *u = under(t);
    if (unalias(t) && unalias(t)->kind == T_TYPEPARAM)
        check_error(c, e->pos, "embedded field type cannot be a (pointer to a) type parameter");
    else if (u->kind == T_UNSAFEPTR)
        check_error(c, e->pos, "embedded field type cannot be unsafe.Pointer");
    else if (u->kind == T_POINTER)
        check_error(c, e->pos, "embedded field type cannot be a pointer");
    else if (u->kind == T_INTERFACE && ptr)
        check_error(c, e->pos, "embedded field type cannot be a pointer to an interface");
}

// The fields so far. Where they are many, `index` finds them by name: a table of mask + 1 places,
// each with a field's number plus one.
typedef struct StructFields {
    ObjectVec list;
    uint32_t *index;
    uint32_t mask;
} StructFields;

static void fields_begin(StructFields *fs, uint32_t n) {
    vec_reserve(&fs->list, n);
    if (n <= 16) return;
    fs->mask = 31;
    while (fs->mask < 2 * n) fs->mask = fs->mask * 2 + 1;
    // Not of the arena, since it is of no use later; without it, search is linear.
    fs->index = calloc((size_t)fs->mask + 1, sizeof *fs->index);
}

// The field named like o that there is already, or NULL and o is found from now on.
static Object *find_or_index(StructFields *fs, const Object *o) {
    if (fs->index) {
        uint32_t i = (uint32_t)(((uintptr_t)o->name >> 3) * 0x9e3779b97f4a7c15u >> 32) & fs->mask;
        for (; fs->index[i]; i = (i + 1) & fs->mask) {
            Object *f = fs->list.data[fs->index[i] - 1];
            if (f->name == o->name) return f;
        }
        fs->index[i] = fs->list.len + 1;
        return NULL;
    }
    for (vec_each(Object *, f, &fs->list))
        if ((*f)->name == o->name) return *f;
    return NULL;
}

static bool add_field(Checker *c, StructFields *fields, Pos pos, Name name, Type *t, bool embedded,
                      Expr *def) {
    Object *o = object_new(O_VAR, pos, c->pkg, name, t);
    o->is_field = true;
    o->embedded = embedded;
    o->used = true;
    o->color = COLOR_BLACK;
    if (strcmp(name, "_") != 0) {
        Object *alt = find_or_index(fields, o);
        if (alt) {
            ErrorLines e = {0};
            check_error_line(&e, pos, "%s redeclared", name);
            check_error_alt(&e, alt);
            check_error_report(c, &e);
            return false;
        }
    }
    vec_push(&fields->list, o);
    if (def) def->name.obj = o;
    return true;
}

// The names of one field list share a type expression, checked once for all of them. Embedded types
// may not be complete yet, and are looked at later.
Type *check_struct_type(Checker *c, Expr *e) {
    FieldVec *list = &e->fields.fields;
    StructFields fields = {0};
    fields_begin(&fields, list->len);
    const char **tags = NULL;
    uint32_t *lens = NULL;
    Type *t = NULL;
    Expr *prev = NULL;
    for (uint32_t i = 0; i < list->len; i++) {
        Field *f = list->data[i];
        if (i == 0 || f->type != prev) {
            t = check_var_type(c, f->type);
            prev = f->type;
        }
        Str tag = {"", 0};
        if (f->tag && !f->tag->lit.bad &&
            (f->tag->lit.kind == LIT_STRING || f->tag->lit.kind == LIT_RUNE))
            tag = unquote_string(f->tag->lit.text);
        else if (f->tag && !f->tag->lit.bad)
            check_error(c, f->tag->pos, "invalid syntax tree: incorrect tag syntax: \"%.*s\"",
                        (int)f->tag->lit.text.len, f->tag->lit.text.p);
        bool added;
        if (!f->embedded && f->name) {
            added = add_field(c, &fields, f->name->pos, f->name->name.name, t, false, f->name);
            if (added) {
                f->name->type = t;
                f->name->mode = MODE_VAR;
            }
        } else {
            Pos pos = expr_start(f->type);
            Expr *name = embedded_name(f->type, true);
            if (!name) {
                check_error(c, pos, "invalid embedded field type %s", expr_string(f->type));
                added = add_field(c, &fields, pos, intern_c("_"), BASIC(INVALID), true, NULL);
            } else {
                added = add_field(c, &fields, name->pos, name->name.name, t, true, NULL);
                Embedded *em = NEW(Embedded);
                em->pos = pos;
                em->type = t;
                check_later(c, check_embedded, em);
            }
        }
        if (added && tag.len) {
            if (!tags) {
                tags = NEW_ARRAY(const char *, list->len);
                lens = NEW_ARRAY(uint32_t, list->len);
                for (uint32_t j = 0; j < list->len; j++) tags[j] = "";
            }
            tags[fields.list.len - 1] = tag.p;
            lens[fields.list.len - 1] = (uint32_t)tag.len;
        }
    }
    free(fields.index);
    return type_struct(fields.list.data, fields.list.len, tags, lens);
}

// ---- Unions ----

enum { MAX_TERMS = 100 };

typedef struct Union {
    Type *type;
    ExprVec terms;
} Union;

// gc qualifies the names in terms even by their own package.
static const char *term_string(UnionTerm *t) {
    Package *p = current_package;
    current_package = NULL;
    const char *s = xsprintf("%s%s", t->tilde ? "~" : "", type_string(t->type));
    current_package = p;
    return s;
}

static bool terms_disjoint(UnionTerm *x, UnionTerm *y) {
    return !types_identical(y->tilde ? under(x->type) : x->type,
                            x->tilde ? under(y->type) : y->type);
}

// Put off, since type sets can't be computed while types are built. Interfaces are not held against
// other terms for overlap, as in types2's parseUnion.
static void check_terms(Checker *c, void *arg) {
    Union *un = arg;
    uint32_t total = 0; // terms of embedded interfaces included
    for (vec_each(UnionTerm, t, &un->type->unio.terms)) {
        Type *u = under(t->type);
        TypeSet *s = u->kind == T_INTERFACE ? interface_typeset(u) : NULL;
        if (s && s->all_types) total = 0;
        total += s ? (s->all_types ? 1 : s->terms.len) : 1;
        if (total <= MAX_TERMS) continue;
        check_error(c, expr_start(un->terms.data[0]),
                    "cannot handle more than %d union terms (implementation limitation)",
                    MAX_TERMS);
        return;
    }
    for (uint32_t i = 0; i < un->type->unio.terms.len; i++) {
        UnionTerm *t = &un->type->unio.terms.data[i];
        Pos pos = expr_start(un->terms.data[i]);
        if (t->type->kind == T_INVALID) continue;
        Type *u = under(t->type);
        bool iface = u->kind == T_INTERFACE;
        if (t->tilde) {
            if (iface) {
                check_error(c, pos, "invalid use of ~ (%s is an interface)", type_string(t->type));
                continue;
            }
            if (!types_identical(u, t->type)) {
                check_error(c, pos, "invalid use of ~ (underlying type of %s is %s)",
                            type_string(t->type), type_string(u));
                continue;
            }
        }
        if (iface) {
            TypeSet *s = interface_typeset(u);
            const char *ts = term_string(t);
            if (s->methods.len)
                check_error(c, pos, "cannot use %s in union (%s contains methods)", ts, ts);
            else if (unalias(t->type) == unalias(type_comparable))
                check_error(c, pos, "cannot use comparable in union");
            else if (s->comparable)
                check_error(c, pos, "cannot use %s in union (%s embeds comparable)", ts, ts);
            continue;
        }
        for (uint32_t j = 0; j < i; j++) {
            UnionTerm *s = &un->type->unio.terms.data[j];
            if (s->type->kind == T_INVALID || under(s->type)->kind == T_INTERFACE ||
                terms_disjoint(s, t))
                continue;
            check_soft_error(c, pos, "overlapping terms %s and %s", term_string(t), term_string(s));
            break;
        }
    }
}

// Union = Term { "|" Term }, left-associative.
static void flatten(Expr *e, ExprVec *ops, ExprVec *terms) {
    if (e->kind == E_BINARY && e->op.op == OPR_OR) {
        flatten(e->op.x, ops, terms);
        vec_push(ops, e);
        e = e->op.y;
    }
    vec_push(terms, e);
}

// ~T alone is given a union type of its own for what the tree records, as in types2's parseTilde.
static UnionTerm check_term(Checker *c, Expr *e) {
    Expr *x = e;
    bool tilde = e->kind == E_UNARY && e->op.op == OPR_TILDE;
    if (tilde) x = e->op.x;
    Type *t = check_type(c, x);
    if (type_is_typeparam(t)) {
        if (tilde)
            check_error(c, expr_start(x), "type in term %s cannot be a type parameter",
                        expr_string(e));
        else
            check_error(c, expr_start(x), "term cannot be a type parameter");
        t = BASIC(INVALID);
    }
    if (tilde) {
        Type *u = type_new(T_UNION);
        UnionTerm term = {true, t};
        vec_push(&u->unio.terms, term);
        record_type(e, u);
    }
    return (UnionTerm){tilde, t};
}

// A single term without ~ is no union but an embedded type. Too many terms are one error, since all
// pairs would be compared.
static Type *check_union(Checker *c, Expr *e) {
    ExprVec ops = {0};
    Union *un = NEW(Union);
    flatten(e, &ops, &un->terms);
    Type *u = type_new(T_UNION);
    bool ok = true;
    for (uint32_t i = 0; i < un->terms.len; i++) {
        UnionTerm t = check_term(c, un->terms.data[i]);
        if (un->terms.len == 1 && !t.tilde) return t.type;
        if (i >= MAX_TERMS) {
            if (ok)
                check_error(c, expr_start(un->terms.data[i]),
                            "cannot handle more than %d union terms (implementation limitation)",
                            MAX_TERMS);
            ok = false;
        } else {
            vec_push(&u->unio.terms, t);
        }
    }
    for (vec_each(Expr *, op, &ops)) record_type(*op, ok ? u : BASIC(INVALID));
    if (!ok) return BASIC(INVALID);
    un->type = u;
    check_later(c, check_terms, un);
    return u;
}

// ---- Interfaces ----

bool check_is_imported_constraint(Checker *c, Type *t) {
    Type *n = as_named(t);
    if (!n) return false;
    Object *o = (n->named.origin ? n->named.origin : n)->named.obj;
    if (o->pkg == c->pkg || !o->pkg) return false;
    Type *u = under(n);
    if (u->kind != T_INTERFACE) return false;
    TypeSet *s = interface_typeset(u);
    return s->comparable || !s->all_types;
}

typedef struct Seen {
    Object *method;
    Pos pos;
} Seen;
typedef Vec(Seen) SeenVec;

static void duplicate_method(Checker *c, Pos pos, Object *m, Pos other) {
    ErrorLines e = {0};
    check_error_line(&e, pos, "duplicate method %s", m->name);
    check_error_line(&e, other, "other declaration of method %s", m->name);
    check_error_report(c, &e);
}

static bool same_method_name(Object *a, Object *b) {
    return a->name == b->name && (a->pkg == b->pkg || name_is_exported(a->name));
}

typedef struct Iface {
    Expr *expr;
    Type *type;
} Iface;

// Once embedded types are complete: two methods of one name must be identical, and before Go 1.14
// there may not be two at all. Computes the type set at the end, which needs it.
static void check_method_set(Checker *c, void *arg) {
    Iface *in = arg;
    Type *t = in->type;
    SeenVec seen = {0};
    for (vec_each(Object *, m, &t->iface.methods)) {
        Seen s = {*m, (*m)->pos};
        vec_push(&seen, s);
    }
    for (uint32_t i = 0; i < t->iface.embeds.len; i++) {
        Type *e = t->iface.embeds.data[i], *u = under(e);
        Pos pos = t->iface.embed_pos[i];
        if (u->kind == T_INTERFACE) {
            if (check_is_imported_constraint(c, e) &&
                !check_verify_version(c, pos, 18, "embedding constraint interface %s",
                                      type_string(e)))
                continue;
            TypeSet *ts = interface_typeset(u);
            for (vec_each(Object *, mp, &ts->methods)) {
                Object *m = *mp;
                Seen *other = NULL;
                for (uint32_t j = 0; j < seen.len && !other; j++)
                    if (same_method_name(seen.data[j].method, m)) other = &seen.data[j];
                if (!other) {
                    Seen s = {m, pos};
                    vec_push(&seen, s);
                    continue;
                }
                if (other->method == m && check_allows(c, 14)) continue;
                if (types_resolve_object) {
                    types_resolve_object(m);
                    types_resolve_object(other->method);
                }
                if (!check_allows(c, 14) || !types_identical(m->type, other->method->type))
                    duplicate_method(c, pos, m, other->pos);
            }
        } else if (u->kind == T_UNION) {
            if (!check_verify_version(c, pos, 18, "embedding interface element %s", type_string(u)))
                t->iface.embeds.data[i] = BASIC(INVALID);
        } else if (u->kind != T_INVALID) {
            if (!check_verify_version(c, pos, 18, "embedding non-interface type %s",
                                      type_string(e)))
                t->iface.embeds.data[i] = BASIC(INVALID);
        }
    }
    interface_typeset(t);
}

// Exported methods by name, then the others by name and package.
static bool method_less(Object *a, Object *b) {
    bool ea = name_is_exported(a->name), eb = name_is_exported(b->name);
    if (ea != eb) return ea;
    int d = strcmp(a->name, b->name);
    if (d || ea) return d < 0;
    return strcmp(a->pkg->path, b->pkg->path) < 0;
}

// While it is read its type set is a provisional one without methods, for questions that come back
// here. Methods are kept sorted as they come (method_less).
Type *check_interface_type(Checker *c, Expr *e, Object *def) {
    static TypeSet provisional = {.all_types = true};
    Type *t = type_new(T_INTERFACE);
    t->iface.tset = &provisional;
    Type *recv = def && def->type && as_named(def->type) ? as_named(def->type) : t;
    Vec(Pos) positions = {0};
    if (c->interface_depth++ == 0 && e->fields.fields.len) vec_push(&c->interfaces, e);
    for (vec_each(Field *, fp, &e->fields.fields)) {
        Field *f = *fp;
        if (!f->name) {
            vec_push(&t->iface.embeds, check_union(c, f->type));
            vec_push(&positions, expr_start(f->type));
            continue;
        }
        Name name = f->name->name.name;
        if (strcmp(name, "_") == 0) {
            check_error(c, f->name->pos, "methods must have a unique non-blank name");
            continue;
        }
        Type *sig = check_type(c, f->type);
        if (sig->kind != T_FUNC) continue;
        sig->func.recv = object_new(O_VAR, f->name->pos, c->pkg, intern_c(""), recv);
        sig->func.recv->is_param = true;
        Object *m = object_new(O_FUNC, f->name->pos, c->pkg, name, sig);
        m->recv = recv;
        m->color = COLOR_BLACK;
        f->name->name.obj = m;
        Object *dup = NULL;
        for (uint32_t i = 0; i < t->iface.methods.len && !dup; i++)
            if (t->iface.methods.data[i]->name == name) dup = t->iface.methods.data[i];
        if (dup) {
            duplicate_method(c, m->pos, m, dup->pos);
            continue;
        }
        vec_push(&t->iface.methods, m);
        uint32_t i = t->iface.methods.len - 1;
        for (; i > 0 && method_less(m, t->iface.methods.data[i - 1]); i--)
            t->iface.methods.data[i] = t->iface.methods.data[i - 1];
        t->iface.methods.data[i] = m;
    }
    c->interface_depth--;
    t->iface.embed_pos = positions.data;
    t->iface.tset = NULL;
    if (t->iface.methods.len || t->iface.embeds.len) {
        Iface *in = NEW(Iface);
        in->expr = e;
        in->type = t;
        check_later(c, check_method_set, in);
    }
    return t;
}
