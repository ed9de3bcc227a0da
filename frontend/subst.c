// subst: replacing type parameters by types, and instances of generic types. An instance of a named
// type is unique per origin and identical arguments; its underlying type and methods are made when
// first asked for.
#include "frontend/check.h"

static Type *map_lookup(const TypeMap *m, Type *tp) {
    for (uint32_t i = 0; i < m->from->len && i < m->to->len; i++)
        if (m->from->data[i] == tp) return m->to->data[i] ? m->to->data[i] : tp;
    return tp;
}

static TypeList *subst_list(TypeList *l, const TypeMap *m) {
    if (!l) return NULL;
    TypeList *out = NULL;
    for (uint32_t i = 0; i < l->len; i++) {
        Type *t = type_subst(l->data[i], m);
        if (t != l->data[i] && !out) {
            out = typelist_new(l->len);
            memcpy(out->data, l->data, l->len * sizeof(Type *));
        }
        if (out) out->data[i] = t;
    }
    return out ? out : l;
}

static Object *subst_var(Object *o, const TypeMap *m) {
    Type *t = type_subst(o->type, m);
    if (t == o->type) return o;
    Object *c = NEW(Object);
    *c = *o;
    c->type = t;
    c->origin = o->origin ? o->origin : o;
    return c;
}

// Substitutes a vector of variables into *out; false (and *out untouched) when nothing changes.
static bool subst_vars(Object **v, uint32_t n, const TypeMap *m, Object ***out) {
    Object **r = NULL;
    for (uint32_t i = 0; i < n; i++) {
        Object *o = subst_var(v[i], m);
        if (o != v[i] && !r) {
            r = NEW_ARRAY(Object *, n);
            memcpy(r, v, n * sizeof *r);
        }
        if (r) r[i] = o;
    }
    if (r) *out = r;
    return r != NULL;
}

static Type *instance_of(Type *origin, TypeList *targs, TypeList *outer_targs);

TypeList *named_outer_tparams(Type *n) {
    FuncInfo *f = n->named.local_in;
    if (!f) return NULL;
    while (f->outer) f = f->outer;
    if (!f->sig || f->sig->kind != T_FUNC) return NULL;
    TypeList *r = f->sig->func.recv_tparams, *own = f->sig->func.tparams;
    if (!r || !r->len) return own && own->len ? own : NULL;
    if (!own || !own->len) return r;
    TypeList *all = typelist_new(r->len + own->len);
    memcpy(all->data, r->data, r->len * sizeof(Type *));
    memcpy(all->data + r->len, own->data, own->len * sizeof(Type *));
    return all;
}

// t itself if nothing in it changes. A method that changes is copied, and leads to the declared one
// by its origin; the type set is computed anew.
static Type *subst_interface(Type *t, const TypeMap *m) {
    bool changed = false;
    Type *n = type_new(T_INTERFACE);
    n->iface.implicit = t->iface.implicit;
    n->iface.embed_pos = t->iface.embed_pos;
    for (vec_each(Object *, f, &t->iface.methods)) {
        Object *o = *f;
        if (!o->type && types_resolve_object) types_resolve_object(o);
        Type *s = o->type ? type_subst(o->type, m) : NULL;
        if (s != o->type) {
            Object *c = NEW(Object);
            *c = *o;
            c->type = s;
            c->origin = o->origin ? o->origin : o;
            o = c;
            changed = true;
        }
        vec_push(&n->iface.methods, o);
    }
    for (vec_each(Type *, e, &t->iface.embeds)) {
        Type *s = type_subst(*e, m);
        changed |= s != *e;
        vec_push(&n->iface.embeds, s);
    }
    return changed ? n : t;
}

static Type *subst_union(Type *t, const TypeMap *m) {
    bool changed = false;
    Type *n = type_new(T_UNION);
    for (vec_each(UnionTerm, u, &t->unio.terms)) {
        Type *s = type_subst(u->type, m);
        changed |= s != u->type;
        vec_push(&n->unio.terms, ((UnionTerm){u->tilde, s}));
    }
    return changed ? n : t;
}

// A type that mentions none of the parameters comes back itself, so that nothing is copied
// needlessly.
Type *type_subst(Type *t, const TypeMap *m) {
    if (!t || t->kind <= T_UNTYPED_NIL || !m->from || !m->from->len) return t;
    if (t->kind == T_TYPEPARAM) return map_lookup(m, t);
    if (t->canon) return t;
    switch (t->kind) {
    case T_ARRAY: {
        Type *e = type_subst(t->array.elem, m);
        return e == t->array.elem ? t : type_array(e, t->array.len);
    }
    case T_SLICE: {
        Type *e = type_subst(t->slice.elem, m);
        return e == t->slice.elem ? t : type_slice(e);
    }
    case T_POINTER: {
        Type *e = type_subst(t->pointer.elem, m);
        return e == t->pointer.elem ? t : type_pointer(e);
    }
    case T_MAP: {
        Type *k = type_subst(t->map.key, m), *e = type_subst(t->map.elem, m);
        return k == t->map.key && e == t->map.elem ? t : type_map(k, e);
    }
    case T_CHAN: {
        Type *e = type_subst(t->chan.elem, m);
        return e == t->chan.elem ? t : type_chan(t->chan.dir, e);
    }
    case T_STRUCT: {
        Object **f;
        if (!subst_vars(t->strukt.fields.data, t->strukt.fields.len, m, &f)) return t;
        return type_struct(f, t->strukt.fields.len, t->strukt.tags, t->strukt.tag_lens);
    }
    case T_TUPLE: {
        Object **f;
        return subst_vars(t->tuple.vars.data, t->tuple.vars.len, m, &f)
                   ? type_tuple(f, t->tuple.vars.len)
                   : t;
    }
    case T_FUNC: {
        Object **p = t->func.params.data, **r = t->func.results.data;
        bool a = subst_vars(p, t->func.params.len, m, &p),
             b = subst_vars(r, t->func.results.len, m, &r);
        if (!a && !b) return t;
        Type *n = type_func(p, t->func.params.len, r, t->func.results.len, t->func.variadic);
        n->func.recv = t->func.recv;
        n->func.tparams = t->func.tparams;
        n->func.recv_tparams = t->func.recv_tparams;
        return n;
    }
    case T_INTERFACE: return subst_interface(t, m);
    case T_UNION: return subst_union(t, m);
    case T_NAMED: {
        TypeList *tparams = t->named.origin->named.tparams;
        // Reported elsewhere.
        if (t->named.targs && tparams && t->named.targs->len != tparams->len) return BASIC(INVALID);
        TypeList *targs = subst_list(t->named.targs, m),
                 *outer = t->named.outer_targs ? t->named.outer_targs : named_outer_tparams(t);
        TypeList *outer_targs = subst_list(outer, m);
        if (outer_targs == outer)
            return targs == t->named.targs
                       ? t
                       : instance_of(t->named.origin, targs, t->named.outer_targs);
        return instance_of(t->named.origin, targs, outer_targs);
    }
    case T_ALIAS: {
        if (t->alias.targs) {
            TypeList *targs = subst_list(t->alias.targs, m);
            return targs == t->alias.targs ? t : type_instantiate(t->alias.origin, targs);
        }
        Type *r = unalias(t), *s = type_subst(r, m);
        return s == r ? t : s;
    }
    default: return t;
    }
}

// ---- instances ----------------------------------------------------------------------------------

// Instances by a hash of origin and arguments that is equal for identical types.
typedef Vec(Type *) Instances;
static PtrMap instances;

static bool same_args(TypeList *a, TypeList *b) {
    uint32_t n = a ? a->len : 0;
    if (n != (b ? b->len : 0)) return false;
    for (uint32_t i = 0; i < n; i++)
        if (!types_identical(a->data[i], b->data[i])) return false;
    return true;
}

static uint64_t args_hash(uint64_t h, TypeList *l) {
    for (uint32_t i = 0; l && i < l->len; i++)
        h = (h ^ type_hash(l->data[i])) * 0x9e3779b97f4a7c15u;
    return h;
}

// One instance for each origin and arguments, found by a hash of these: types are compared by
// pointer later on.
static Type *instance_of(Type *origin, TypeList *targs, TypeList *outer_targs) {
    void *key =
        (void *)(uintptr_t)(args_hash(args_hash((uintptr_t)origin, targs), outer_targs) | 1);
    Instances *list = ptrmap_get(&instances, key);
    if (!list) {
        list = NEW(Instances);
        ptrmap_put(&instances, key, list);
    }
    for (vec_each(Type *, t, list))
        if ((*t)->named.origin == origin && same_args((*t)->named.targs, targs) &&
            same_args((*t)->named.outer_targs, outer_targs))
            return *t;
    Type *n = type_new(T_NAMED);
    n->named.obj = origin->named.obj;
    n->named.origin = origin;
    n->named.targs = targs;
    n->named.outer_targs = outer_targs;
    n->named.local_in = origin->named.local_in;
    n->named.local_vargen = origin->named.local_vargen;
    vec_push(list, n);
    return n;
}

// Of a generic function's signature, an alias, or a defined type, whose underlying type is made
// when it is asked for.
Type *type_instantiate(Type *generic, TypeList *targs) {
    if (generic->kind == T_FUNC) {
        TypeMap m = {generic->func.tparams, targs};
        Type copy = *generic;
        copy.func.tparams = NULL;
        copy.canon = NULL;
        Type *t = type_subst(&copy, &m);
        if (t == &copy) { // no parameter mentions them
            t = type_func(generic->func.params.data, generic->func.params.len,
                          generic->func.results.data, generic->func.results.len,
                          generic->func.variadic);
            t->func.recv = generic->func.recv;
            t->func.recv_tparams = generic->func.recv_tparams;
        }
        return t;
    }
    if (generic->kind == T_ALIAS) {
        TypeMap m = {generic->alias.tparams, targs};
        Type *a = type_new(T_ALIAS);
        a->alias.obj = generic->alias.obj;
        a->alias.origin = generic;
        a->alias.targs = targs;
        bool fits = generic->alias.tparams && generic->alias.tparams->len == targs->len;
        a->alias.rhs =
            generic->alias.rhs && fits ? type_subst(generic->alias.rhs, &m) : BASIC(INVALID);
        return a;
    }
    if (generic->kind != T_NAMED) return BASIC(INVALID);
    return instance_of(generic, targs, NULL);
}

uint32_t named_num_methods(Type *n) { return n->named.origin->named.methods.len; }

// An instance's method is made when it is asked for: the origin's, with the instance's arguments
// for the receiver's type parameters.
Object *named_method(Type *n, uint32_t i) {
    Type *origin = n->named.origin;
    Object *m = origin->named.methods.data[i];
    if (!m->type && types_resolve_object) types_resolve_object(m);
    if (origin == n) return m;
    while (n->named.methods.len <= i) vec_push(&n->named.methods, NULL);
    Object *have = n->named.methods.data[i];
    if (have && (have->type || !m->type)) return have;
    Object *c = have ? have : NEW(Object);
    *c = *m;
    c->origin = m;
    c->recv = n;
    if (m->type && m->type->kind == T_FUNC) {
        // The method declares its own names for the receiver's type parameters.
        TypeList *rt = m->type->func.recv_tparams;
        TypeMap map = {rt ? rt : origin->named.tparams, n->named.targs};
        Type *s = NULL;
        if (map.from && map.from->len == map.to->len) s = type_subst(m->type, &map);
        if (!s || s == m->type) { // a copy of its own: the receiver differs
            s = NEW(Type);
            *s = *m->type;
            s->canon = NULL;
        }
        if (m->type->func.recv) {
            Object *r = NEW(Object);
            *r = *m->type->func.recv;
            r->type = m->ptr_recv ? type_pointer(n) : n;
            s->func.recv = r;
        }
        s->func.recv_tparams = NULL;
        s->func.tparams = m->type->func.tparams;
        if (s->func.tparams && map.from &&
            map.from->len ==
                map.to->len) { // own type parameters' constraints may mention the receiver's
            bool mentions = false;
            for (uint32_t k = 0; k < s->func.tparams->len; k++) {
                Type *con = s->func.tparams->data[k]->tparam.constraint;
                mentions |= con && type_subst(con, &map) != con;
            }
            if (mentions) {
                TypeList *fresh = typelist_new(s->func.tparams->len);
                for (uint32_t k = 0; k < fresh->len; k++) {
                    fresh->data[k] = NEW(Type);
                    *fresh->data[k] = *s->func.tparams->data[k];
                }
                TypeMap rename = {s->func.tparams, fresh};
                for (uint32_t k = 0; k < fresh->len; k++)
                    fresh->data[k]->tparam.constraint = type_subst(
                        type_subst(s->func.tparams->data[k]->tparam.constraint, &map), &rename);
                Type body = *s;
                body.func.tparams = NULL;
                Type *renamed = type_subst(&body, &rename);
                if (renamed != &body) {
                    renamed->func.recv = s->func.recv;
                    s = renamed;
                    s->func.recv_tparams = NULL;
                }
                s->func.tparams = fresh;
            }
        }
        c->type = s;
    }
    n->named.methods.data[i] = c;
    return c;
}

int types_verify(TypeList *tparams, TypeList *targs, const char **cause) {
    TypeMap m = {tparams, targs};
    for (uint32_t i = 0; i < tparams->len && i < targs->len; i++) {
        Type *bound = tparams->data[i]->tparam.constraint;
        if (!bound || !targs->data[i]) continue;
        bound = type_subst(bound, &m);
        if (!type_implements(targs->data[i], bound, true, cause)) return (int)i;
    }
    return -1;
}
