// unify: makes two types identical (or assignable) by choosing types for type parameters. Inexact
// unification lets a defined type match the type literal it is defined as, ignores channel
// directions and, on assignment, lets interfaces match by their methods; component types are exact.
#include "frontend/unify.h"

Unifier *unifier_new(TypeList *tparams, TypeList *given) {
    Unifier *u = NEW(Unifier);
    u->tparams = tparams;
    u->rep = NEW_ARRAY(uint32_t, tparams->len + 1);
    u->known = NEW_ARRAY(Type *, tparams->len + 1);
    u->interfaces = true;
    for (uint32_t i = 0; i < tparams->len; i++) {
        u->rep[i] = i;
        if (given && i < given->len) u->known[i] = given->data[i];
    }
    return u;
}
static uint32_t find(Unifier *u, uint32_t i) {
    while (u->rep[i] != i) i = u->rep[i];
    return i;
}
int unifier_index(Unifier *u, Type *t) {
    t = unalias(t);
    if (t && t->kind == T_TYPEPARAM)
        for (uint32_t i = 0; i < u->tparams->len; i++)
            if (u->tparams->data[i] == t) return (int)i;
    return -1;
}
Type *unifier_at(Unifier *u, uint32_t i) { return u->known[find(u, i)]; }
void unifier_set(Unifier *u, uint32_t i, Type *t) { u->known[find(u, i)] = t; }
uint32_t unifier_unknown(Unifier *u) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->tparams->len; i++) n += !unifier_at(u, i);
    return n;
}

static bool is_literal(Type *t) { // neither defined nor a type parameter
    t = unalias(t);
    return t->kind != T_NAMED && t->kind != T_TYPEPARAM;
}

static Type *iface_of(Type *t) { // the interface that t is, not a type parameter's
    return type_is_typeparam(t) ? NULL : is_kind(t, T_INTERFACE) ? under(t) : NULL;
}

static bool vars(Unifier *u, Object **a, uint32_t n, Object **b, uint32_t m, int mode) {
    if (n != m) return false;
    for (uint32_t i = 0; i < n; i++)
        if (!unify(u, a[i]->type, b[i]->type, mode)) return false;
    return true;
}

static Object *method_named(TypeSet *s, Object *m) {
    for (vec_each(Object *, f, &s->methods))
        if ((*f)->name == m->name && (name_is_exported(m->name) || (*f)->pkg == m->pkg)) return *f;
    return NULL;
}

static bool terms_equal(TypeSet *a, TypeSet *b) {
    if (a->all_types != b->all_types) return false;
    if (a->all_types) return true;
    if (a->terms.len != b->terms.len) return false;
    for (vec_each(TypeSetTerm, t, &a->terms)) {
        bool hit = false;
        for (vec_each(TypeSetTerm, v, &b->terms))
            hit |= t->tilde == v->tilde && types_identical(t->type, v->type);
        if (!hit) return false;
    }
    return true;
}

// Where only one side is an interface, the other must have its methods; of two, the one with fewer
// methods must lie in the other.
static bool join_interfaces(Unifier *u, Type *x, Type *y, Type *xi, Type *yi) {
    TypeSet *a, *b;
    if (xi && yi) {
        a = interface_typeset(xi);
        b = interface_typeset(yi);
        if (a->comparable != b->comparable || !terms_equal(a, b)) return false;
        if (a->methods.len > b->methods.len) {
            TypeSet *t = a;
            a = b;
            b = t;
        }
        for (vec_each(Object *, m, &a->methods)) {
            Object *o = method_named(b, *m);
            if (!o || !unify(u, (*m)->type, o->type, UNIFY_EXACT)) return false;
        }
        return true;
    }
    Type *other = xi ? y : x;
    a = interface_typeset(xi ? xi : yi);
    for (vec_each(Object *, m, &a->methods)) {
        Lookup l = lookup_field_or_method(other, false, (*m)->pkg, (*m)->name, false);
        if (!l.obj || l.obj->kind != O_FUNC) return false;
        if (!l.obj->type && types_resolve_object) types_resolve_object(l.obj);
        if (!l.obj->type || (l.obj->type->func.tparams && l.obj->type->func.tparams->len) ||
            !unify(u, (*m)->type, l.obj->type, UNIFY_EXACT))
            return false;
    }
    return true;
}

// Both are of one kind, and so are their parts, in mode emode where they are elements.
static bool structure(Unifier *u, Type *x, Type *y, int mode, int emode) {
    if (x->kind != y->kind) return false;
    switch (x->kind) {
    case T_ARRAY:
        return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
               unify(u, x->array.elem, y->array.elem, emode);
    case T_SLICE: return unify(u, x->slice.elem, y->slice.elem, emode);
    case T_POINTER: return unify(u, x->pointer.elem, y->pointer.elem, emode);
    case T_MAP:
        return unify(u, x->map.key, y->map.key, emode) && unify(u, x->map.elem, y->map.elem, emode);
    case T_CHAN:
        return (!(mode & UNIFY_EXACT) || x->chan.dir == y->chan.dir) &&
               unify(u, x->chan.elem, y->chan.elem, emode);
    case T_STRUCT:
        if (x->strukt.fields.len != y->strukt.fields.len) return false;
        for (uint32_t i = 0; i < x->strukt.fields.len; i++) {
            Object *f = x->strukt.fields.data[i], *g = y->strukt.fields.data[i];
            if (f->embedded != g->embedded || f->name != g->name) return false;
            uint32_t n = x->strukt.tags ? x->strukt.tag_lens[i] : 0,
                     m = y->strukt.tags ? y->strukt.tag_lens[i] : 0;
            if (n != m || (n && memcmp(x->strukt.tags[i], y->strukt.tags[i], n))) return false;
            if (!unify(u, f->type, g->type, emode)) return false;
        }
        return true;
    case T_FUNC:
        // Type parameters don't count: a generic function given as argument has had its own renamed
        // and takes part in the inference.
        return x->func.variadic == y->func.variadic &&
               vars(u, x->func.params.data, x->func.params.len, y->func.params.data,
                    y->func.params.len, emode) &&
               vars(u, x->func.results.data, x->func.results.len, y->func.results.data,
                    y->func.results.len, emode);
    case T_TUPLE:
        return vars(u, x->tuple.vars.data, x->tuple.vars.len, y->tuple.vars.data, y->tuple.vars.len,
                    mode);
    case T_INTERFACE: {
        TypeSet *a = interface_typeset(x), *b = interface_typeset(y);
        if (a->comparable != b->comparable || !terms_equal(a, b) ||
            a->methods.len != b->methods.len)
            return false;
        for (uint32_t i = 0; i < a->methods.len; i++)
            if (a->methods.data[i]->name != b->methods.data[i]->name ||
                !unify(u, a->methods.data[i]->type, b->methods.data[i]->type, UNIFY_EXACT))
                return false;
        return true;
    }
    case T_NAMED: {
        // Arguments first: what they tell makes for better messages, even if the origins differ.
        TypeList *a = x->named.targs, *b = y->named.targs;
        uint32_t n = a ? a->len : 0;
        if (n != (b ? b->len : 0)) return false;
        for (uint32_t i = 0; i < n; i++)
            if (!unify(u, a->data[i], b->data[i], mode)) return false;
        return n ? x->named.origin == y->named.origin : types_identical(x, y);
    }
    case T_TYPEPARAM: return false;
    default: return types_identical(x, y);
    }
}

// Types are unified up to the parameters whose arguments are sought, loosely where values are
// assigned: a defined type then matches its underlying type.
static bool nify(Unifier *u, Type *x, Type *y, int mode) {
    if (!x || !y) return false;
    if (x == y || unalias(x) == unalias(y)) return true;
    // A defined type comes second, so does what is not a parameter of ours.
    if (as_named(x) || unifier_index(u, y) >= 0) {
        Type *t = x;
        x = y;
        y = t;
    }
    if (!(mode & UNIFY_EXACT) && as_named(y) && is_literal(x) && unifier_index(u, x) < 0 &&
        !(u->interfaces && type_is_interface(x))) {
        y = under(y);
        if (x == y || unalias(x) == y) return true;
    }
    int px = unifier_index(u, x), py = unifier_index(u, y);
    if (px >= 0 && py >= 0) {
        uint32_t a = find(u, (uint32_t)px), b = find(u, (uint32_t)py);
        if (a == b) return true;
        if (u->known[a] && u->known[b]) return unify(u, u->known[a], u->known[b], mode);
        if (!u->known[b]) u->known[b] = u->known[a];
        u->rep[a] = b;
        return true;
    }
    if (px >= 0) {
        Type *known = unifier_at(u, (uint32_t)px);
        if (!known) {
            unifier_set(u, (uint32_t)px, y);
            return true;
        }
        if (!unify(u, known, y, mode)) return false;
        Type *ki = iface_of(known), *yi = iface_of(y);
        bool kn = as_named(known), yn = as_named(y);
        if (ki && yi) {
            if (kn && yn) return types_identical(known, y);
            if (interface_typeset(ki)->methods.len != interface_typeset(yi)->methods.len)
                return false;
        } else if (ki || yi)
            return false; // one is an interface: only an exact match will do
        if (!(mode & UNIFY_EXACT)) {
            // Prefer the defined type; among channels the one with a direction.
            if (kn) return true;
            Type *c = under(y);
            if (yn || (c->kind == T_CHAN && c->chan.dir != CHAN_BOTH))
                unifier_set(u, (uint32_t)px, y);
        }
        return true;
    }
    if (u->interfaces && !(mode & UNIFY_EXACT)) {
        Type *xi = iface_of(x), *yi = iface_of(y);
        if (xi || yi) return join_interfaces(u, x, y, xi, yi);
    }
    if (type_is_typeparam(y)) {
        Type *t = x;
        x = y;
        y = t;
    }
    if (type_is_typeparam(x)) { // a parameter of an enclosing function: its core type may match
        // Whatever it stands for has this underlying type, if there is one.
        Type *core = common_underlying(x, NULL, NULL, NULL);
        return core && unify(u, core, y, UNIFY_ASSIGN);
    }
    // Elements of what is assigned must be identical.
    int emode = mode & UNIFY_ASSIGN ? mode | UNIFY_EXACT : mode;
    return structure(u, unalias(x), unalias(y), mode, emode);
}

bool unify(Unifier *u, Type *x, Type *y, int mode) {
    if (u->depth > 100) return false; // so deep only types that grow without end are
    u->depth++;
    bool r = nify(u, x, y, mode);
    u->depth--;
    return r;
}
