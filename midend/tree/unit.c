// unit: what one package compiles to: functions queued for building, needed type descriptors with
// their methods, itabs, data.
#include "midend/tree/build.h"
#include "runtime/abi.h"

Func *unit_new_func(Unit *u, Name name, const char *symbol, Type *sig) {
    Func *f = NEW(Func);
    f->name = name;
    f->symbol = symbol;
    f->pkg = u->pkg;
    f->sig = types_canonical(sig);
    return f;
}

Local *func_new_local(Func *f, Name name, Type *t, Pos pos) {
    Local *l = NEW(Local);
    l->name = name;
    l->type = types_canonical(t);
    l->pos = pos;
    l->func = f;
    l->index = f->locals.len;
    vec_push(&f->locals, l);
    f->ndcls++;
    return l;
}
Local *func_new_temp(Func *f, Type *t, Pos pos) {
    Local *l = func_new_local(f, intern_c(".t"), t, pos);
    l->is_temp = true;
    f->ndcls--;
    return l;
}

Data *unit_data(Unit *u, uint64_t size, uint64_t align, bool readonly) {
    Data *d = NEW(Data);
    d->size = size;
    d->align = align;
    d->readonly = readonly;
    d->id = u->data.len;
    vec_push(&u->data, d);
    return d;
}

Selection method_selection(Type *T, const Object *m, bool addressable) {
    Lookup l = lookup_field_or_method(T, addressable, m->pkg, m->name, false);
    return (Selection){.kind = SEL_METHOD,
                       .recv = T,
                       .obj = l.obj,
                       .path = l.path,
                       .path_len = l.path_len,
                       .indirect = l.indirect};
}

// Methods of every type: reflect and itabs made at run time find them through the descriptor.
static void need_methods(Unit *u, Type *t) {
    TypeInfo *info = NEW(TypeInfo);
    info->type = t;
    ptrmap_put(&u->type_infos, t, info);
    if (type_is_interface(t)) return;
    MethodSet *ms = method_set(t);
    for (vec_each(Selection *, sp, &ms->list)) {
        Selection *s = *sp;
        if (s->obj->type && s->obj->type->kind == T_FUNC && s->obj->type->func.tparams &&
            s->obj->type->func.tparams->len)
            continue; // generic methods are not in method sets
        Type *sig = types_canonical(s->obj->type);
        MethodEntry e = {s->obj, build_itab_method(u, t, s), build_method_func(u, t, s), sig};
        vec_push(&info->methods, e);
        unit_need_type(u, sig);
    }
}

// Keys and elements that are too large for it are there by pointer.
Type *map_group_type(Type *map) {
    Type *k = map->map.key, *e = map->map.elem;
    if (type_size(k) > ABI_MAP_MAX_INLINE) k = BASIC(UNSAFEPTR);
    if (type_size(e) > ABI_MAP_MAX_INLINE) e = BASIC(UNSAFEPTR);
    Object *slot[] = {object_new(O_VAR, 0, NULL, intern_c("key"), k),
                      object_new(O_VAR, 0, NULL, intern_c("elem"), e)};
    Type *slots = type_array(type_struct(slot, 2, NULL, NULL), ABI_MAP_GROUP_SLOTS);
    Object *group[] = {object_new(O_VAR, 0, NULL, intern_c("ctrl"), BASIC(UINT64)),
                       object_new(O_VAR, 0, NULL, intern_c("slots"), slots)};
    return type_struct(group, 2, NULL, NULL);
}

// Who declares a type describes it (build_unit): others only refer to the descriptors of a
// package's types and of pointers to them. Instances and types declared in functions are described
// by whoever needs them.
static bool described_elsewhere(Unit *u, Type *t) {
    Type *n = as_named(t->kind == T_POINTER ? t->pointer.elem : t);
    return n && !n->named.targs && !n->named.local_in && n->named.obj->pkg &&
           n->named.obj->pkg != u->pkg;
}

// Pointers to instances, to types declared in functions and to struct literal types are described
// with them if they have methods, which reflect could not make. For types of packages their package
// does it.
bool pointer_comes_along(Type *t) {
    Type *n = as_named(t);
    if (type_is_interface(t) || !(n ? n->named.targs || n->named.local_in : t->kind == T_STRUCT))
        return false;
    return method_set(type_pointer(t))->list.len > 0;
}

// A type's parts are reached through its descriptor: all of them must be there.
void unit_need_type(Unit *u, Type *t) {
    t = types_canonical(t);
    if (ptrmap_has(&u->type_infos, t) || described_elsewhere(u, t)) return;
    vec_push(&u->types, t);
    need_methods(u, t);
    Type *s = under(t);
    switch (s->kind) {
    case T_ARRAY:
        unit_need_type(u, s->array.elem);
        unit_need_type(u, type_slice(s->array.elem));
        break;
    case T_SLICE:
    case T_POINTER: unit_need_type(u, s->slice.elem); break;
    case T_CHAN: unit_need_type(u, s->chan.elem); break;
    case T_MAP:
        unit_need_type(u, s->map.key);
        unit_need_type(u, s->map.elem);
        break;
    case T_STRUCT:
        for (vec_each(Object *, f, &s->strukt.fields)) unit_need_type(u, (*f)->type);
        break;
    case T_FUNC:
        for (vec_each(Object *, f, &s->func.params)) unit_need_type(u, (*f)->type);
        for (vec_each(Object *, f, &s->func.results)) unit_need_type(u, (*f)->type);
        break;
    case T_INTERFACE:
        for (vec_each(Object *, m, &interface_typeset(s)->methods)) unit_need_type(u, (*m)->type);
        break;
    default: break;
    }
    if (pointer_comes_along(t)) unit_need_type(u, type_pointer(t));
}

// Its methods are in the interface's order, which is that of their names. Who asks for an itab has
// its methods built.
Itab *unit_itab(Unit *u, Type *iface, Type *concrete) {
    iface = types_canonical(iface);
    concrete = types_canonical(concrete);
    const char *symbol =
        xsprintf("go:itab.%s,%s", type_link_string(concrete), type_link_string(iface));
    Name key = intern_c(symbol);
    Itab *i = ptrmap_get(&u->interned, key);
    if (i) return i;
    i = NEW(Itab);
    i->iface = iface;
    i->concrete = concrete;
    i->symbol = symbol;
    ptrmap_put(&u->interned, key, i);
    vec_push(&u->itabs, i);
    unit_need_type(u, iface);
    unit_need_type(u, concrete);
    for (vec_each(Object *, m, &interface_typeset(under(iface))->methods)) {
        Selection s = method_selection(concrete, *m, false);
        if (!s.obj) ice("itab %s: no method %s", symbol, (*m)->name);
        vec_push(&i->methods, build_itab_method(u, concrete, &s));
    }
    return i;
}

Type *closure_type(Func *f) {
    if (f->aux) return f->aux;
    Vec(Object *) fields = {0};
    vec_push(&fields, object_new(O_VAR, 0, NULL, intern_c("F"), BASIC(UINTPTR)));
    for (uint32_t i = 0; i < f->captures.len; i++) {
        Local *l = f->captures.data[i].inner;
        vec_push(&fields, object_new(O_VAR, 0, NULL, intern_c(xsprintf("X%u", i)),
                                     l->by_ref ? type_pointer(l->type) : l->type));
    }
    for (vec_each(Object *, o, &fields)) (*o)->is_field = true;
    return f->aux = types_canonical(type_struct(fields.data, fields.len, NULL, NULL));
}

uint32_t iface_method_index(Type *iface, Object *method) {
    TypeSet *s = interface_typeset(under(iface));
    for (uint32_t i = 0; i < s->methods.len; i++)
        if (s->methods.data[i]->name == method->name &&
            (name_is_exported(method->name) || s->methods.data[i]->pkg == method->pkg))
            return i;
    ice("interface %s has no method %s", type_link_string(iface), method->name);
}
