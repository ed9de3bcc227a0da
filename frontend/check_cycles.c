// check_cycles: cycles among declarations. Four kinds: a type that is directly itself (type T U;
// type U T), a declaration that needs its own result while it is being made, a type that contains
// itself in memory, and an anonymous interface that mentions itself.
#include "frontend/check_impl.h"

static uint32_t check_first_in_source(Object **cycle, uint32_t n) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < n; i++)
        if (cycle[i]->pos < cycle[first]->pos) first = i;
    return first;
}

static const char *cycle_name(Checker *c, Object *o) {
    if (o->type && o->kind == O_TYPENAME) {
        Type *n = o->type->kind == T_INVALID ? NULL : as_named(o->type);
        if (n && n->named.targs) return type_string(n);
    }
    return o->pkg && o->pkg != c->pkg ? xsprintf("%s.%s", o->pkg->name, o->name) : o->name;
}

// Lists the cycle, beginning with the object that comes first in the source, as gc does.
static void check_cycle_error(Checker *c, Object **cycle, uint32_t n, uint32_t start) {
    Object *o = cycle[start];
    bool type = o->kind == O_TYPENAME;
    // No errors that only follow.
    if (type && o->type && o->type->kind == T_ALIAS) o->type->alias.rhs = BASIC(INVALID);
    if (n == 1) {
        check_error(c, o->pos,
                    type ? "invalid recursive type: %s refers to itself"
                         : "invalid cycle in declaration: %s refers to itself",
                    cycle_name(c, o));
        return;
    }
    ErrorLines e = {0};
    check_error_line(&e, o->pos,
                     type ? "invalid recursive type %s" : "invalid cycle in declaration of %s",
                     cycle_name(c, o));
    for (uint32_t i = 0; i < n; i++) {
        Object *next = cycle[(start + i + 1) % n];
        check_error_line(&e, o->pos, "%s refers to %s", cycle_name(c, o), cycle_name(c, next));
        o = next;
    }
    check_error_report(c, &e);
}

// Follows each type name's right side as long as it is a name.
void check_direct_cycles(Checker *c) {
    enum { GREY = 1, DONE = 2 };
    uint8_t *state = xalloc(c->objects.len + 1);
    ObjectVec path = {0};
    for (uint32_t i = 0; i < c->objects.len; i++) {
        Object *o = c->objects.data[i];
        path.len = 0;
        while (o && o->kind == O_TYPENAME && check_decl_info(c, o)) {
            uint8_t *s = &state[o->order];
            if (*s == DONE) break;
            if (*s == GREY) {
                uint32_t start = 0;
                while (path.data[start] != o) start++;
                o->type = BASIC(INVALID);
                o->color = COLOR_BLACK;
                check_cycle_error(c, path.data + start, path.len - start,
                                  check_first_in_source(path.data + start, path.len - start));
                break;
            }
            *s = GREY;
            vec_push(&path, o);
            Expr *rhs = o->decl->type.type;
            if (rhs->kind != E_NAME) break;
            o = scope_lookup(c->pkg->scope, rhs->name.name);
        }
        for (vec_each(Object *, p, &path)) state[(*p)->order] = DONE;
    }
}

static bool is_generic_object(Object *o) { return o->type && type_is_generic(o->type); }

// o is grey: it was reached from its own declaration. Reports unless that is fine.
bool check_valid_cycle(Checker *c, Object *o) {
    ObjectVec *path = &c->path;
    uint32_t start = path->len;
    while (start > 0 && path->data[--start] != o) {}
    Object **cycle = path->data + start;
    uint32_t n = path->len - start, values = 0, types = 0;
    for (uint32_t i = 0; i < n; i++) {
        switch (cycle[i]->kind) {
        case O_CONST:
        case O_VAR: values++; break;
        case O_TYPENAME:
            // Through a type parameter list.
            if (c->env.in_tparam_list && is_generic_object(cycle[i])) return true;
            if (!cycle[i]->is_alias) types++;
            break;
        default: break;
        }
    }
    if (values == n) return true; // the initialisation order reports it
    if (values == 0 && types > 0) return true;
    check_cycle_error(c, cycle, n, check_first_in_source(cycle, n));
    return false;
}

// Follows the definition from name to name; one that is being declared is a cycle, since its
// underlying type would be asked for.
bool check_is_complete(Checker *c, Type *t) {
    while (t) {
        Object *o;
        Type *rhs;
        if (t->kind == T_ALIAS) {
            o = t->alias.obj;
            rhs = t->alias.rhs;
        } else if (t->kind == T_NAMED) {
            if (t->named.underlying || t->named.targs) return true;
            o = t->named.obj;
            rhs = t->named.from_rhs;
        } else {
            return true;
        }
        if (o && o->color == COLOR_GREY) {
            ObjectVec *path = &c->path;
            for (uint32_t i = path->len; i-- > 0;)
                if (path->data[i] == o) {
                    check_cycle_error(c, path->data + i, path->len - i,
                                      check_first_in_source(path->data + i, path->len - i));
                    return false;
                }
        }
        t = rhs;
    }
    return true;
}

// ---- Types that contain themselves ----

typedef struct TypeVec_ {
    Type **data;
    uint32_t len, cap;
} TypeVec;

static bool valid(Checker *c, Type *t, TypeVec *nest, TypeVec *path);

// A type is invalid if it is met again while it is laid out. Generic ones are judged for each
// nesting of instances (nest), path is for the message.
static bool valid_named(Checker *c, Type *t, TypeVec *nest, TypeVec *path) {
    Type *origin = t->named.origin ? t->named.origin : t;
    // Checked where it was declared.
    if (origin->named.obj->pkg != c->pkg && !t->named.targs) return true;
    // The validity of generic types depends on their arguments.
    bool generic = t->named.targs || origin->named.tparams;
    if (t->valid) return true;
    for (uint32_t i = 0; i < nest->len && (generic || t->nested); i++) {
        if (!types_identical(nest->data[i], t)) continue;
        origin->named.from_rhs = BASIC(INVALID);
        origin->named.underlying = BASIC(INVALID);
        t->named.underlying = BASIC(INVALID);
        for (uint32_t start = 0; start < path->len; start++) {
            if (!types_identical(path->data[start], t)) continue;
            ObjectVec cycle = {0};
            for (uint32_t j = start; j < path->len; j++) {
                Type *p = path->data[j];
                Object *o = p->named.obj;
                if (p->named.targs) { // so that the name shows the instance
                    Object *copy = NEW(Object);
                    *copy = *o;
                    copy->type = p;
                    Pos at = (Pos)(uintptr_t)ptrmap_get(&c->instance_pos, p);
                    if (at) copy->pos = at;
                    o = copy;
                }
                vec_push(&cycle, o);
            }
            check_cycle_error(c, cycle.data, cycle.len, 0);
            return false;
        }
        return false;
    }
    if (!origin->named.from_rhs) return true;
    vec_push(nest, t);
    vec_push(path, t);
    bool outer = t->nested;
    t->nested = true;
    bool ok = valid(c, origin->named.from_rhs, nest, path);
    t->nested = outer;
    t->valid = ok && !generic;
    nest->len--;
    path->len--;
    return ok;
}

// Only parts that lie within a value count: pointers, slices and the like end the search.
static bool valid(Checker *c, Type *t, TypeVec *nest, TypeVec *path) {
    t = unalias(t);
    if (!t) return true;
    switch (t->kind) {
    case T_ARRAY: return valid(c, t->array.elem, nest, path);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (!valid(c, (*f)->type, nest, path)) return false;
        return true;
    case T_UNION:
        for (vec_each(UnionTerm, u, &t->unio.terms))
            if (!valid(c, u->type, nest, path)) return false;
        return true;
    case T_INTERFACE:
        for (vec_each(Type *, e, &t->iface.embeds))
            if (!valid(c, *e, nest, path)) return false;
        return true;
    case T_NAMED: return valid_named(c, t, nest, path);
    case T_TYPEPARAM: {
        // It stands for its argument, which is judged in the nest outside the instance.
        if (nest->len == 0) return true;
        Type *inst = nest->data[nest->len - 1];
        TypeList *tparams = (inst->named.origin ? inst->named.origin : inst)->named.tparams,
                 *targs = inst->named.targs;
        if (!tparams || !targs) return true;
        for (uint32_t i = 0; i < tparams->len && i < targs->len; i++) {
            if (tparams->data[i] != t) continue;
            TypeVec outer = {0};
            for (uint32_t j = 0; j + 1 < nest->len; j++) vec_push(&outer, nest->data[j]);
            return valid(c, targs->data[i], &outer, path);
        }
        return true;
    }
    default: return true;
    }
}

void check_valid_type(Checker *c, Type *named) {
    TypeVec nest = {0}, path = {0};
    valid(c, named, &nest, &path);
}

// ---- Anonymous interfaces ----

typedef struct CycleFinder {
    PtrMap cyclic;
} CycleFinder; // interface -> 1: being visited, 2: done

static bool finder_visit(CycleFinder *f, Type *t);

static bool finder_has_cycle(CycleFinder *f, Type *iface) {
    TypeSet *s = interface_typeset(iface);
    for (vec_each(Object *, m, &s->methods))
        if ((*m)->type && finder_visit(f, (*m)->type)) return true;
    return false;
}

// Through all parts of a type, since a method's signature may mention its own interface anywhere.
static bool finder_visit(CycleFinder *f, Type *t) {
    for (;;) {
        t = unalias(t);
        if (!t) return false;
        switch (t->kind) {
        case T_POINTER: t = t->pointer.elem; break;
        case T_ARRAY: t = t->array.elem; break;
        case T_SLICE: t = t->slice.elem; break;
        case T_CHAN: t = t->chan.elem; break;
        case T_MAP:
            if (finder_visit(f, t->map.key)) return true;
            t = t->map.elem;
            break;
        case T_STRUCT:
            for (vec_each(Object *, o, &t->strukt.fields))
                if (finder_visit(f, (*o)->type)) return true;
            return false;
        case T_FUNC:
            for (vec_each(Object *, o, &t->func.params))
                if (finder_visit(f, (*o)->type)) return true;
            for (vec_each(Object *, o, &t->func.results))
                if (finder_visit(f, (*o)->type)) return true;
            return false;
        case T_INTERFACE: {
            if (t->iface.methods.len == 0 && t->iface.embeds.len == 0) return false;
            uintptr_t state = (uintptr_t)ptrmap_get(&f->cyclic, t);
            if (state) return state == 1;
            ptrmap_put(&f->cyclic, t, (void *)(uintptr_t)1);
            if (finder_has_cycle(f, t)) return true;
            ptrmap_put(&f->cyclic, t, (void *)(uintptr_t)2);
            return false;
        }
        default: return false;
        }
    }
}

void check_anonymous_interface_cycles(Checker *c) {
    CycleFinder f = {0};
    for (vec_each(Expr *, e, &c->interfaces)) {
        Type *t = (*e)->type ? unalias((*e)->type) : NULL;
        if (!t || t->kind != T_INTERFACE || !finder_has_cycle(&f, t)) continue;
        error_at((*e)->pos, "invalid recursive type: anonymous interface refers to itself (see "
                            "https://go.dev/issue/56103)");
        c->pkg->has_errors = true;
        for (uint32_t i = 0; i < f.cyclic.cap; i++) // once is enough
            if (f.cyclic.keys[i]) f.cyclic.vals[i] = (void *)(uintptr_t)2;
    }
}
