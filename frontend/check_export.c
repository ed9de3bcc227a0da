// check_export: which of a package's objects an importer knows of. In gc that is what its export
// data holds: the exported ones, and of the others the types that their types mention. (Also what
// bodies mention that gc inlines, which is not known here.)
#include "frontend/check_impl.h"

static PtrMap reached; // Package -> PtrMap of its objects

static void reach(PtrMap *seen, Type *t);

static void reach_object(PtrMap *seen, Object *o) {
    if (!o->type && types_resolve_object) types_resolve_object(o);
    reach(seen, o->type);
}

static void reach_list(PtrMap *seen, const TypeList *list) {
    for (uint32_t i = 0; list && i < list->len; i++) reach(seen, list->data[i]);
}

static void reach_named(PtrMap *seen, Type *t) {
    reach_list(seen, t->named.targs);
    if (t->named.origin && t->named.origin != t) {
        reach(seen, t->named.origin);
        return;
    }
    reach_list(seen, t->named.tparams);
    reach(seen, t->named.underlying);
    for (vec_each(Object *, m, &t->named.methods)) reach_object(seen, *m);
}

// gc writes export data for what exported objects mention, unexported types included; all that is
// reached is in seen.
static void reach(PtrMap *seen, Type *t) {
    if (!t || ptrmap_has(seen, t)) return;
    ptrmap_put(seen, t, t);
    switch (t->kind) {
    case T_ARRAY: reach(seen, t->array.elem); break;
    case T_SLICE: reach(seen, t->slice.elem); break;
    case T_POINTER: reach(seen, t->pointer.elem); break;
    case T_CHAN: reach(seen, t->chan.elem); break;
    case T_MAP:
        reach(seen, t->map.key);
        reach(seen, t->map.elem);
        break;
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields)) reach_object(seen, *f);
        break;
    case T_FUNC:
        for (vec_each(Object *, v, &t->func.params)) reach_object(seen, *v);
        for (vec_each(Object *, v, &t->func.results)) reach_object(seen, *v);
        reach_list(seen, t->func.tparams);
        break;
    case T_INTERFACE:
        for (vec_each(Object *, m, &t->iface.methods)) reach_object(seen, *m);
        for (vec_each(Type *, e, &t->iface.embeds)) reach(seen, *e);
        break;
    case T_UNION:
        for (vec_each(struct UnionTerm, u, &t->unio.terms)) reach(seen, u->type);
        break;
    case T_NAMED:
        ptrmap_put(seen, t->named.obj, t);
        reach_named(seen, t);
        break;
    case T_ALIAS:
        ptrmap_put(seen, t->alias.obj, t);
        reach_list(seen, t->alias.targs);
        reach(seen, t->alias.rhs);
        break;
    case T_TYPEPARAM: reach(seen, t->tparam.constraint); break;
    default: break;
    }
}

bool check_in_export_data(Package *p, Object *o) {
    if (name_is_exported(o->name)) return true;
    if (o->kind != O_TYPENAME) return false;
    PtrMap *seen = ptrmap_get(&reached, p);
    if (!seen) {
        ptrmap_put(&reached, p, seen = NEW(PtrMap));
        for (vec_each(Object *, e, &p->scope->objects))
            if (name_is_exported((*e)->name) && (*e)->kind != O_BUILTIN) reach_object(seen, *e);
    }
    return ptrmap_has(seen, o);
}
