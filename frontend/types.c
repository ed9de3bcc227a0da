// types: construction, structure, predicates, identity.
#include "frontend/check.h"

void (*types_resolve_object)(Object *o);
Package *current_package;

Type *type_new(TypeKind kind) {
    Type *t = NEW(Type);
    t->kind = kind;
    return t;
}
TypeList *typelist_new(uint32_t n) {
    TypeList *l = NEW(TypeList);
    l->len = n;
    l->data = NEW_ARRAY(Type *, n ? n : 1);
    return l;
}
Object *object_new(ObjectKind kind, Pos pos, Package *pkg, Name name, Type *type) {
    Object *o = NEW(Object);
    o->kind = kind;
    o->pos = pos;
    o->pkg = pkg;
    o->name = name;
    o->type = type;
    return o;
}

static PtrMap pointers, slices;
Type *type_pointer(Type *elem) {
    Type *t = ptrmap_get(&pointers, elem);
    if (t) return t;
    t = type_new(T_POINTER);
    t->pointer.elem = elem;
    ptrmap_put(&pointers, elem, t);
    return t;
}
Type *type_slice(Type *elem) {
    Type *t = ptrmap_get(&slices, elem);
    if (t) return t;
    t = type_new(T_SLICE);
    t->slice.elem = elem;
    ptrmap_put(&slices, elem, t);
    return t;
}
Type *type_array(Type *elem, int64_t len) {
    Type *t = type_new(T_ARRAY);
    t->array.elem = elem;
    t->array.len = len;
    return t;
}
Type *type_map(Type *key, Type *elem) {
    Type *t = type_new(T_MAP);
    t->map.key = key;
    t->map.elem = elem;
    return t;
}
Type *type_chan(ChanDir dir, Type *elem) {
    Type *t = type_new(T_CHAN);
    t->chan.dir = dir;
    t->chan.elem = elem;
    return t;
}
Type *type_tuple(Object **vars, uint32_t n) {
    Type *t = type_new(T_TUPLE);
    for (uint32_t i = 0; i < n; i++) vec_push(&t->tuple.vars, vars[i]);
    return t;
}
Type *type_func(Object **params, uint32_t np, Object **results, uint32_t nr, bool variadic) {
    Type *t = type_new(T_FUNC);
    vec_reserve(&t->func.params, np);
    vec_reserve(&t->func.results, nr);
    for (uint32_t i = 0; i < np; i++) vec_push(&t->func.params, params[i]);
    for (uint32_t i = 0; i < nr; i++) vec_push(&t->func.results, results[i]);
    t->func.variadic = variadic;
    return t;
}
Type *type_struct(Object **fields, uint32_t n, const char **tags, uint32_t *tag_lens) {
    Type *t = type_new(T_STRUCT);
    vec_reserve(&t->strukt.fields, n);
    for (uint32_t i = 0; i < n; i++) vec_push(&t->strukt.fields, fields[i]);
    t->strukt.tags = tags;
    t->strukt.tag_lens = tag_lens;
    return t;
}

Type *unalias(Type *t) {
    for (int i = 0; t && t->kind == T_ALIAS; i++) {
        if (!t->alias.rhs || i > 10000) return BASIC(INVALID); // not known yet, or a cycle
        t = t->alias.rhs;
    }
    return t;
}

static uint32_t list_len(const TypeList *l) { return l ? l->len : 0; }

// What makes instance n of its origin: the outer function's type arguments, then its own. False
// when they don't fit (reported already).
static bool named_type_map(Type *n, TypeMap *m) {
    TypeList *from[] = {n->named.outer_targs ? named_outer_tparams(n->named.origin) : NULL,
                        n->named.targs ? n->named.origin->named.tparams : NULL};
    TypeList *to[] = {n->named.outer_targs, n->named.targs};
    for (int i = 0; i < 2; i++)
        if (list_len(from[i]) != list_len(to[i])) return false;
    if (!list_len(from[0])) {
        *m = (TypeMap){from[1], to[1]};
        return true;
    }
    uint32_t k = 0, len = from[0]->len + list_len(from[1]);
    *m = (TypeMap){typelist_new(len), typelist_new(len)};
    for (int i = 0; i < 2; i++)
        for (uint32_t j = 0; j < list_len(from[i]); j++, k++) {
            m->from->data[k] = from[i]->data[j];
            m->to->data[k] = to[i]->data[j];
        }
    return true;
}

// Instances get their underlying type when it is first asked for: the origin may not have been
// complete before.
static Type *named_underlying(Type *n) {
    if (n->named.underlying) return n->named.underlying;
    Type *origin = n->named.origin;
    if (origin != n) {
        Type *u = named_underlying(origin);
        if (u == BASIC(INVALID) && !origin->named.underlying) return u;
        TypeMap m;
        if (!named_type_map(n, &m)) return BASIC(INVALID);
        return n->named.underlying = type_subst(u, &m);
    }
    Type *t = unalias(n->named.from_rhs);
    for (int i = 0; t && t->kind == T_NAMED && i < 10000; i++) { // a longer chain is a cycle
        if (t->named.underlying) return t->named.underlying;
        if (t->named.origin != t) return under(t);
        t = unalias(t->named.from_rhs);
    }
    return t && t->kind != T_NAMED ? t : BASIC(INVALID);
}

// A type parameter's underlying type is its constraint's interface.
Type *under(Type *t) {
    t = unalias(t);
    if (!t) return BASIC(INVALID);
    if (t->kind == T_NAMED) {
        Type *u = unalias(named_underlying(t));
        return u->kind == T_NAMED ? under(u) : u;
    }
    if (t->kind == T_TYPEPARAM) {
        Type *c = t->tparam.constraint;
        Type *u = c ? under(c) : NULL;
        if (u && u->kind == T_INTERFACE) return u;
        if (u && u != BASIC(INVALID)) { // a constraint literal that was not wrapped
            Type *i = type_new(T_INTERFACE);
            i->iface.implicit = true;
            vec_push(&i->iface.embeds, c);
            t->tparam.constraint = i;
            return i;
        }
        static Type *empty;
        if (!empty) empty = type_new(T_INTERFACE);
        return empty;
    }
    return t;
}

Type *as_named(Type *t) {
    t = unalias(t);
    return t && t->kind == T_NAMED ? t : NULL;
}
Type *deref(Type *t, bool *was_pointer) {
    Type *u = unalias(t);
    bool p = u && u->kind == T_POINTER;
    if (was_pointer) *was_pointer = p;
    return p ? u->pointer.elem : t;
}

typedef struct CoreState {
    Type *core;
    bool fail, first;
} CoreState;

// A type set has a core type if all its types have one underlying type, channels apart, whose
// directions may differ where one has both.
static bool core_term(Type *t, Type *u, void *arg) {
    CoreState *s = arg;
    (void)t;
    if (!u) {
        s->fail = true;
        return false;
    }
    if (s->core) {
        if (!types_identical(s->core, u)) {
            // channels of one element type that do not conflict in direction
            if (s->core->kind == T_CHAN && u->kind == T_CHAN &&
                types_identical(s->core->chan.elem, u->chan.elem)) {
                if (s->core->chan.dir == CHAN_BOTH) {
                    s->core = u;
                    return true;
                }
                if (u->chan.dir == CHAN_BOTH) return true;
            }
            s->fail = true;
            return false;
        }
    } else
        s->core = u;
    return true;
}
Type *core_type(Type *t) {
    if (!type_is_typeparam(t)) return under(t);
    CoreState s = {0};
    typeset_each(t, core_term, &s);
    return s.fail ? NULL : s.core;
}

bool type_is_typed(Type *t) { return !type_is_untyped(t); }
bool type_is_untyped(Type *t) {
    t = unalias(t);
    return t && t->kind >= T_UNTYPED_BOOL && t->kind <= T_UNTYPED_NIL;
}
static TypeKind under_kind(Type *t) {
    t = unalias(t);
    if (!t || t->kind == T_TYPEPARAM) return T_INVALID;
    return under(t)->kind;
}
bool type_is_boolean(Type *t) {
    TypeKind k = under_kind(t);
    return k == T_BOOL || k == T_UNTYPED_BOOL;
}
bool type_is_integer(Type *t) {
    TypeKind k = under_kind(t);
    return (k >= T_INT && k <= T_UINTPTR) || k == T_UNTYPED_INT || k == T_UNTYPED_RUNE;
}
bool type_is_unsigned(Type *t) {
    TypeKind k = under_kind(t);
    return k >= T_UINT && k <= T_UINTPTR;
}
bool type_is_float(Type *t) {
    TypeKind k = under_kind(t);
    return k == T_FLOAT32 || k == T_FLOAT64 || k == T_UNTYPED_FLOAT;
}
bool type_is_complex(Type *t) {
    TypeKind k = under_kind(t);
    return k == T_COMPLEX64 || k == T_COMPLEX128 || k == T_UNTYPED_COMPLEX;
}
bool type_is_numeric(Type *t) {
    return type_is_integer(t) || type_is_float(t) || type_is_complex(t);
}
bool type_is_string(Type *t) {
    TypeKind k = under_kind(t);
    return k == T_STRING || k == T_UNTYPED_STRING;
}
bool type_is_const_type(Type *t) {
    return type_is_boolean(t) || type_is_numeric(t) || type_is_string(t);
}

typedef struct PredState {
    bool (*pred)(Type *);
} PredState;
static bool pred_term(Type *t, Type *u, void *arg) {
    (void)t;
    return u && ((PredState *)arg)->pred(u);
}
bool all_basic(Type *t, bool (*pred)(Type *)) {
    if (!type_is_typeparam(t)) return pred(t);
    PredState s = {pred};
    return typeset_each(t, pred_term, &s);
}

bool type_is_typeparam(Type *t) {
    t = unalias(t);
    return t && t->kind == T_TYPEPARAM;
}
bool type_is_interface(Type *t) { return !type_is_typeparam(t) && under(t)->kind == T_INTERFACE; }

// ---- does it mention type parameters ------------------------------------------------------------

enum { FLAG_TP_NO = 1, FLAG_TP_YES = 2, FLAG_TP_BUSY = 4 };

static bool list_has(TypeList *l) {
    for (uint32_t i = 0; l && i < l->len; i++)
        if (type_has_typeparam(l->data[i])) return true;
    return false;
}

// By its kind; type_has_typeparam guards against cycles.
static bool has_typeparam(Type *t) {
    switch (t->kind) {
    case T_TYPEPARAM: return true;
    case T_ARRAY: return type_has_typeparam(t->array.elem);
    case T_SLICE:
    case T_POINTER: return type_has_typeparam(t->pointer.elem);
    case T_MAP: return type_has_typeparam(t->map.key) || type_has_typeparam(t->map.elem);
    case T_CHAN: return type_has_typeparam(t->chan.elem);
    case T_NAMED:
        return list_has(t->named.targs) ||
               list_has(t->named.outer_targs ? t->named.outer_targs : named_outer_tparams(t));
    case T_ALIAS: return list_has(t->alias.targs) || type_has_typeparam(unalias(t));
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (type_has_typeparam((*f)->type)) return true;
        return false;
    case T_TUPLE:
        for (vec_each(Object *, f, &t->tuple.vars))
            if (type_has_typeparam((*f)->type)) return true;
        return false;
    case T_FUNC:
        for (vec_each(Object *, f, &t->func.params))
            if (type_has_typeparam((*f)->type)) return true;
        for (vec_each(Object *, f, &t->func.results))
            if (type_has_typeparam((*f)->type)) return true;
        return false;
    case T_INTERFACE:
        for (vec_each(Object *, m, &t->iface.methods))
            if ((*m)->type && type_has_typeparam((*m)->type)) return true;
        for (vec_each(Type *, e, &t->iface.embeds))
            if (type_has_typeparam(*e)) return true;
        return false;
    case T_UNION:
        for (vec_each(UnionTerm, u, &t->unio.terms))
            if (type_has_typeparam(u->type)) return true;
        return false;
    default: return false;
    }
}
bool type_has_typeparam(Type *t) {
    if (!t || t->kind <= T_UNTYPED_NIL) return false;
    if (t->canon) return false;
    if (t->flags & FLAG_TP_BUSY) return false;
    t->flags |= FLAG_TP_BUSY;
    bool r = has_typeparam(t);
    t->flags &= (uint8_t)~FLAG_TP_BUSY;
    return r;
}

static bool nil_term(Type *t, Type *u, void *arg) {
    (void)t, (void)arg;
    return u && type_has_nil(u);
}
bool type_has_nil(Type *t) {
    if (type_is_typeparam(t)) return typeset_each(t, nil_term, NULL);
    switch (under(t)->kind) {
    case T_UNSAFEPTR:
    case T_UNTYPED_NIL:
    case T_SLICE:
    case T_POINTER:
    case T_FUNC:
    case T_MAP:
    case T_CHAN:
    case T_INTERFACE: return true;
    default: return false;
    }
}

// ---- comparable ---------------------------------------------------------------------------------

// dynamic: interfaces count as comparable, though comparing them may panic.
static bool comparable(Type *T, bool dynamic, const char **cause, int depth) {
    Type *t = under(T);
    if (depth > 200) return true; // it contains itself, which is reported elsewhere
    if (type_is_typeparam(T)) {
        TypeSet *ts = interface_typeset(t);
        bool ok = ts->all_types ? ts->comparable : ts->terms.len > 0;
        for (uint32_t i = 0; ok && !ts->all_types && i < ts->terms.len; i++)
            ok = comparable(ts->terms.data[i].type, false, NULL, depth + 1);
        if (!ok && cause)
            *cause = !ts->all_types && !ts->terms.len ? "empty type set"
                                                      : "incomparable types in type set";
        return ok;
    }
    switch (t->kind) {
    case T_UNTYPED_NIL: return false;
    case T_SLICE:
    case T_MAP:
    case T_FUNC: return false;
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (!comparable((*f)->type, dynamic, NULL, depth + 1)) {
                if (cause)
                    *cause = xsprintf("struct containing %s cannot be compared",
                                      type_string((*f)->type));
                return false;
            }
        return true;
    case T_ARRAY:
        if (comparable(t->array.elem, dynamic, NULL, depth + 1)) return true;
        if (cause) *cause = xsprintf("%s cannot be compared", type_string(T));
        return false;
    case T_INTERFACE: {
        TypeSet *ts = interface_typeset(t);
        if (dynamic || ts->comparable) return true;
        bool ok = !ts->all_types && ts->terms.len;
        if (ok)
            for (vec_each(TypeSetTerm, term, &ts->terms))
                ok &= comparable(term->type, false, NULL, depth + 1);
        if (!ok && cause)
            *cause = !ts->all_types && !ts->terms.len ? "empty type set"
                                                      : "incomparable types in type set";
        return ok;
    }
    default: return true;
    }
}
bool type_comparable_p(Type *t, bool dynamic, const char **cause) {
    return comparable(t, dynamic, cause, 0);
}

Type *default_type(Type *t) {
    switch (unalias(t)->kind) {
    case T_UNTYPED_BOOL: return BASIC(BOOL);
    case T_UNTYPED_INT: return BASIC(INT);
    case T_UNTYPED_RUNE: return type_rune;
    case T_UNTYPED_FLOAT: return BASIC(FLOAT64);
    case T_UNTYPED_COMPLEX: return BASIC(COMPLEX128);
    case T_UNTYPED_STRING: return BASIC(STRING);
    default: return t;
    }
}

// ---- identity -----------------------------------------------------------------------------------

typedef struct Pair {
    Type *x, *y;
    struct Pair *prev;
} Pair;

static bool identical(Type *x, Type *y, bool tags, Pair *p);

static bool same_name(Object *a, Object *b) {
    if (a->name != b->name) return false;
    if (name_is_exported(a->name)) return true;
    return a->pkg == b->pkg || (a->pkg && b->pkg && strcmp(a->pkg->path, b->pkg->path) == 0);
}

static bool identical_vars(Object **a, uint32_t na, Object **b, uint32_t nb, bool tags, Pair *p) {
    if (na != nb) return false;
    for (uint32_t i = 0; i < na; i++)
        if (!identical(a[i]->type, b[i]->type, tags, p)) return false;
    return true;
}

static bool identical_lists(TypeList *a, TypeList *b, bool tags, Pair *p) {
    uint32_t n = a ? a->len : 0, m = b ? b->len : 0;
    if (n != m) return false;
    for (uint32_t i = 0; i < n; i++)
        if (!identical(a->data[i], b->data[i], tags, p)) return false;
    return true;
}

// Terms are not in a normal order, so each set must lie in the other.
static bool identical_terms(TypeSet *a, TypeSet *b) {
    if (a->all_types != b->all_types) return false;
    if (a->all_types) return true;
    // each set covers the other
    for (int side = 0; side < 2; side++) {
        TypeSet *s = side ? b : a, *o = side ? a : b;
        for (vec_each(TypeSetTerm, t, &s->terms)) {
            bool hit = false;
            for (vec_each(TypeSetTerm, u, &o->terms))
                hit |= (u->tilde && types_identical(under(t->type), under(u->type))) ||
                       (!u->tilde && !t->tilde && types_identical(t->type, u->type));
            if (!hit) return false;
        }
    }
    return true;
}

// By type sets, not by how they are written. Pairs that are being compared count as identical,
// which ends cycles.
static bool identical_ifaces(Type *x, Type *y, bool tags, Pair *p) {
    if (!x->iface.methods.len && !y->iface.methods.len && !x->iface.embeds.len &&
        !y->iface.embeds.len && !x->iface.tset && !y->iface.tset)
        return true;
    for (Pair *q = p; q; q = q->prev)
        // Assumed while being compared.
        if ((q->x == x && q->y == y) || (q->x == y && q->y == x)) return true;
    TypeSet *a = interface_typeset(x), *b = interface_typeset(y);
    if (a->comparable != b->comparable || a->methods.len != b->methods.len ||
        !identical_terms(a, b))
        return false;
    Pair q = {x, y, p};
    for (uint32_t i = 0; i < a->methods.len; i++) {
        Object *f = a->methods.data[i], *g = b->methods.data[i];
        if (!same_name(f, g)) return false;
        if (types_resolve_object) {
            if (!f->type) types_resolve_object(f);
            if (!g->type) types_resolve_object(g);
        }
        if (!f->type || !g->type || !identical(f->type, g->type, tags, &q)) return false;
    }
    return true;
}

// Parameters' names do not count; generic functions are compared after renaming.
static bool identical_funcs(Type *x, Type *y, bool tags, Pair *p) {
    TypeList *a = x->func.tparams, *b = y->func.tparams;
    if ((a ? a->len : 0) != (b ? b->len : 0)) return false;
    if (x->func.variadic != y->func.variadic) return false;
    if (a && a->len) { // rename y's type parameters to x's and compare constraints
        TypeMap m = {b, a};
        for (uint32_t i = 0; i < a->len; i++)
            if (!identical(a->data[i]->tparam.constraint,
                           type_subst(b->data[i]->tparam.constraint, &m), tags, p))
                return false;
        Type copy = *y;
        copy.func.tparams = NULL;
        Type *ys = type_subst(&copy, &m);
        return identical_vars(x->func.params.data, x->func.params.len, ys->func.params.data,
                              ys->func.params.len, tags, p) &&
               identical_vars(x->func.results.data, x->func.results.len, ys->func.results.data,
                              ys->func.results.len, tags, p);
    }
    return identical_vars(x->func.params.data, x->func.params.len, y->func.params.data,
                          y->func.params.len, tags, p) &&
           identical_vars(x->func.results.data, x->func.results.len, y->func.results.data,
                          y->func.results.len, tags, p);
}

// Structural, as the spec defines it, since types under construction are not canonical yet.
static bool identical(Type *x, Type *y, bool tags, Pair *p) {
    if (x == y) return true;
    x = unalias(x);
    y = unalias(y);
    if (x == y) return true;
    if (!x || !y || x->kind != y->kind) return false;
    if (x->canon && y->canon && tags) return x->canon == y->canon;
    switch (x->kind) {
    case T_ARRAY:
        return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
               identical(x->array.elem, y->array.elem, tags, p);
    case T_SLICE:
    case T_POINTER: return identical(x->pointer.elem, y->pointer.elem, tags, p);
    case T_MAP:
        return identical(x->map.key, y->map.key, tags, p) &&
               identical(x->map.elem, y->map.elem, tags, p);
    case T_CHAN:
        return x->chan.dir == y->chan.dir && identical(x->chan.elem, y->chan.elem, tags, p);
    case T_STRUCT:
        if (x->strukt.fields.len != y->strukt.fields.len) return false;
        for (uint32_t i = 0; i < x->strukt.fields.len; i++) {
            Object *f = x->strukt.fields.data[i], *g = y->strukt.fields.data[i];
            if (f->embedded != g->embedded || !same_name(f, g)) return false;
            if (tags) {
                uint32_t n = x->strukt.tags ? x->strukt.tag_lens[i] : 0,
                         m = y->strukt.tags ? y->strukt.tag_lens[i] : 0;
                if (n != m || (n && memcmp(x->strukt.tags[i], y->strukt.tags[i], n))) return false;
            }
            if (!identical(f->type, g->type, tags, p)) return false;
        }
        return true;
    case T_TUPLE:
        return identical_vars(x->tuple.vars.data, x->tuple.vars.len, y->tuple.vars.data,
                              y->tuple.vars.len, tags, p);
    case T_FUNC: return identical_funcs(x, y, tags, p);
    case T_INTERFACE: return identical_ifaces(x, y, tags, p);
    case T_UNION:
        if (x->unio.terms.len != y->unio.terms.len) return false;
        for (uint32_t i = 0; i < x->unio.terms.len; i++)
            if (x->unio.terms.data[i].tilde != y->unio.terms.data[i].tilde ||
                !identical(x->unio.terms.data[i].type, y->unio.terms.data[i].type, tags, p))
                return false;
        return true;
    case T_NAMED:
        if (x->named.origin != y->named.origin || x->named.origin == x || y->named.origin == y)
            return false;
        return identical_lists(x->named.targs, y->named.targs, true, p) &&
               identical_lists(x->named.outer_targs, y->named.outer_targs, true, p);
    case T_TYPEPARAM: return false;
    default: return true; // basic types of one kind (byte and uint8)
    }
}
bool types_identical(Type *a, Type *b) { return identical(a, b, true, NULL); }
bool types_identical_ignore_tags(Type *a, Type *b) { return identical(a, b, false, NULL); }
