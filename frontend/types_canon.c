// types_canon: one representative per identity class of complete types without type parameters.
// Components are made canonical first, so a type's key is its shape over canonical pointers; a
// table of keys finds the representative. Named types are their own (instances: per origin and
// arguments, found by type_instantiate once their arguments are canonical). Cycles only go through
// named types, so the recursion ends.
#include "frontend/check.h"

static uint64_t mix(uint64_t h, uint64_t v) { return ((h ^ v) * 0x9e3779b97f4a7c15u) ^ (h >> 29); }

// Equal for identical types. Interfaces all hash alike, so that the recursion ends and no type set
// is computed too early.
uint64_t type_hash(Type *t) {
    t = unalias(t);
    if (!t) return 0;
    uint64_t h = mix(0x51ed27, t->kind);
    switch (t->kind) {
    case T_ARRAY: return mix(mix(h, (uint64_t)t->array.len), type_hash(t->array.elem));
    case T_SLICE:
    case T_POINTER: return mix(h, type_hash(t->slice.elem));
    case T_MAP: return mix(mix(h, type_hash(t->map.key)), type_hash(t->map.elem));
    case T_CHAN: return mix(mix(h, t->chan.dir), type_hash(t->chan.elem));
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            h = mix(mix(h, (uintptr_t)(*f)->name), type_hash((*f)->type));
        return h;
    case T_TUPLE:
        for (vec_each(Object *, f, &t->tuple.vars)) h = mix(h, type_hash((*f)->type));
        return h;
    case T_FUNC: // a generic one's type parameters are identical to another's
        h = mix(mix(h, t->func.params.len), t->func.results.len);
        if (t->func.tparams && t->func.tparams->len) return h;
        for (vec_each(Object *, f, &t->func.params)) h = mix(h, type_hash((*f)->type));
        for (vec_each(Object *, f, &t->func.results)) h = mix(h, type_hash((*f)->type));
        return h;
    case T_NAMED:
        h = mix(h, (uintptr_t)t->named.origin);
        for (uint32_t i = 0; t->named.targs && i < t->named.targs->len; i++)
            h = mix(h, type_hash(t->named.targs->data[i]));
        for (uint32_t i = 0; t->named.outer_targs && i < t->named.outer_targs->len; i++)
            h = mix(h, type_hash(t->named.outer_targs->data[i]));
        return h;
    case T_TYPEPARAM: return mix(h, (uintptr_t)t);
    default: return h;
    }
}

typedef Vec(Type *) Bucket;
static PtrMap table; // shape hash -> Bucket *

// Components are canonical, so their addresses stand for them. Of an interface's methods only names
// count, since their types may lead back to it.
static uint64_t shape_hash(Type *t) {
    uint64_t h = t->kind * 0x1234567u + 1;
    switch (t->kind) {
    case T_ARRAY: return mix(mix(h, (uint64_t)t->array.len), (uintptr_t)t->array.elem);
    case T_SLICE:
    case T_POINTER: return mix(h, (uintptr_t)t->slice.elem);
    case T_MAP: return mix(mix(h, (uintptr_t)t->map.key), (uintptr_t)t->map.elem);
    case T_CHAN: return mix(mix(h, t->chan.dir), (uintptr_t)t->chan.elem);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            h = mix(mix(h, (uintptr_t)(*f)->name), (uintptr_t)(*f)->type);
        return h;
    case T_TUPLE:
        for (vec_each(Object *, f, &t->tuple.vars)) h = mix(h, (uintptr_t)(*f)->type);
        return h;
    case T_FUNC:
        for (vec_each(Object *, f, &t->func.params)) h = mix(h, (uintptr_t)(*f)->type);
        h = mix(h, 77);
        for (vec_each(Object *, f, &t->func.results)) h = mix(h, (uintptr_t)(*f)->type);
        return h;
    case T_INTERFACE:
        for (vec_each(Object *, m, &interface_typeset(t)->methods))
            h = mix(h, (uintptr_t)(*m)->name);
        return h;
    default: return h;
    }
}

static Type *find(Type *t) {
    uint64_t h = shape_hash(t) | 1;
    Bucket *b = ptrmap_get(&table, (void *)(uintptr_t)h);
    if (!b) {
        b = NEW(Bucket);
        ptrmap_put(&table, (void *)(uintptr_t)h, b);
    }
    for (vec_each(Type *, c, b))
        if ((*c)->kind == t->kind && types_identical(*c, t)) return *c;
    vec_push(b, t);
    return t;
}

static Object *canon_var(Object *o) {
    Type *c = types_canonical(o->type);
    if (c == o->type) return o;
    Object *n = NEW(Object);
    *n = *o;
    n->type = c;
    if (!n->origin) n->origin = o;
    return n;
}

// A copy of t over canonical components.
static Type *over_canonical(Type *t) {
    Type *n = type_new(t->kind);
    *n = *t;
    n->aux = NULL;
    n->measuring = false;
    switch (t->kind) {
    case T_ARRAY: n->array.elem = types_canonical(t->array.elem); break;
    case T_SLICE: return type_slice(types_canonical(t->slice.elem));
    case T_POINTER: return type_pointer(types_canonical(t->pointer.elem));
    case T_MAP:
        n->map.key = types_canonical(t->map.key);
        n->map.elem = types_canonical(t->map.elem);
        break;
    case T_CHAN: n->chan.elem = types_canonical(t->chan.elem); break;
    case T_STRUCT:
        memset(&n->strukt.fields, 0, sizeof n->strukt.fields);
        for (vec_each(Object *, f, &t->strukt.fields)) vec_push(&n->strukt.fields, canon_var(*f));
        break;
    case T_TUPLE:
        memset(&n->tuple, 0, sizeof n->tuple);
        for (vec_each(Object *, f, &t->tuple.vars)) vec_push(&n->tuple.vars, canon_var(*f));
        break;
    case T_FUNC:
        memset(&n->func, 0, sizeof n->func);
        n->func.variadic = t->func.variadic;
        for (vec_each(Object *, f, &t->func.params)) vec_push(&n->func.params, canon_var(*f));
        for (vec_each(Object *, f, &t->func.results)) vec_push(&n->func.results, canon_var(*f));
        break;
    default: break;
    }
    return n;
}

static TypeList *canon_list(TypeList *l) {
    if (!l) return NULL;
    TypeList *n = typelist_new(l->len);
    for (uint32_t i = 0; i < l->len; i++) n->data[i] = types_canonical(l->data[i]);
    return n;
}

// A named type is its own answer before its arguments are looked at, so that types which contain
// themselves come to an end.
Type *types_canonical(Type *t) {
    if (!t) return NULL;
    if (t->canon) return t->canon;
    Type *u = unalias(t);
    if (u != t) return t->canon = types_canonical(u);
    if (t->kind <= T_UNTYPED_NIL) return t->canon = types_basic[t->kind];
    if (t->kind == T_TYPEPARAM || t->kind == T_UNION) return t;
    if (t->kind == T_NAMED) {
        // Instances are unique already; the one that stands for all has canonical arguments.
        if (t->named.origin == t) return t->canon = t;
        t->canon = t;
        t->named.targs = canon_list(t->named.targs);
        t->named.outer_targs = canon_list(t->named.outer_targs);
        return t;
    }
    if (t->kind == T_INTERFACE) {
        // Methods' types may lead back here through the interface's own name only, so they are
        // compared, not rebuilt.
        Type *c = find(t);
        if (!c->canon) c->canon = c;
        return t->canon = c;
    }
    Type *n = over_canonical(t);
    if (n->canon) return t->canon = n->canon;
    Type *c = find(n);
    c->canon = c;
    return t->canon = c;
}
