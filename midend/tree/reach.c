// reach: methods of instances that the package's types lead to, for reports.
//
// gc compiles all methods of an instance of a generic type in each package that gets to know the
// instance: in its own code, or because a type that it names has a field, a parameter or a result
// of it somewhere inside. os.File holds an atomic.Pointer[dirInfo]: whoever names os.File compiles
// its Load, Store, Swap and CompareAndSwap, and says so with -m. It does the same to the wrappers
// of the methods that a type argument's struct gets from embedded fields, which belong to the type
// argument's shape. Here what is not called is not compiled, unless there are reports to be
// compared.
//
// Types in code without type parameters count with their arguments, those in instances' bodies as
// their shapes alone.
#include "midend/tree/inline.h"

typedef struct Reach {
    Unit *u;
    bool concrete;     // the types come from code without type parameters
    Vec(Type *) queue; // to be looked into
} Reach;

static PtrMap seen[2]; // Type * -> itself, by Reach.concrete

static void reach(Reach *r, Type *t) {
    if (!t || type_has_typeparam(t)) return;
    if (t->kind != T_TUPLE) t = types_canonical(t);
    if (ptrmap_has(&seen[true], t) || ptrmap_has(&seen[r->concrete], t)) return;
    ptrmap_put(&seen[r->concrete], t, t);
    vec_push(&r->queue, t);
}

// What the shape of a type argument gets from embedded fields.
static void reach_promoted(Reach *r, Type *arg) {
    Type *s = types_canonical(under(arg)), *p = types_canonical(type_pointer(s));
    if (s->kind != T_STRUCT) return;
    for (vec_each(Selection *, m, &method_set(p)->list)) {
        Type *both[] = {s, p};
        for (int i = 0; i < 2; i++) {
            Selection sel = method_selection(both[i], (*m)->obj, false);
            if (sel.obj && sel.obj->kind == O_FUNC) build_method_func(r->u, both[i], &sel);
        }
    }
}

// A generic type itself has no code; an instance has its methods, and leads to its arguments.
static void reach_named(Reach *r, Type *t) {
    if (t->named.tparams && !t->named.targs) return;
    for (uint32_t i = 0; i < named_num_methods(t); i++) {
        Object *m = named_method(t, i);
        if (m->type) reach(r, m->type);
        if (!t->named.targs || (m->type && m->type->func.tparams)) continue;
        Func *f = build_func_of(r->u, m, NULL);
        if (r->concrete) inline_note_dictionary_caller(f);
    }
    for (uint32_t i = 0; t->named.targs && i < t->named.targs->len; i++) {
        reach(r, t->named.targs->data[i]);
        reach_promoted(r, t->named.targs->data[i]);
    }
    reach(r, under(t));
}

static void reach_objects(Reach *r, Object *const *o, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) reach(r, o[i]->type);
}

// One step, all that t's descriptor refers to; the queue does the rest, so types that contain
// themselves come to an end.
static void reach_parts(Reach *r, Type *t) {
    switch (t->kind) {
    case T_NAMED: reach_named(r, t); break;
    case T_ARRAY: reach(r, t->array.elem); break;
    case T_SLICE:
    case T_POINTER: reach(r, t->slice.elem); break;
    case T_CHAN: reach(r, t->chan.elem); break;
    case T_MAP:
        reach(r, t->map.key);
        reach(r, t->map.elem);
        break;
    case T_STRUCT: reach_objects(r, t->strukt.fields.data, t->strukt.fields.len); break;
    case T_TUPLE: reach_objects(r, t->tuple.vars.data, t->tuple.vars.len); break;
    case T_FUNC:
        reach_objects(r, t->func.params.data, t->func.params.len);
        reach_objects(r, t->func.results.data, t->func.results.len);
        break;
    case T_INTERFACE: {
        TypeSet *s = interface_typeset(t);
        reach_objects(r, s->methods.data, s->methods.len);
        break;
    }
    default: break;
    }
}

static bool reach_node(Node *n, void *arg) {
    Reach *r = arg;
    reach(r, n->type);
    if (n->op == N_FUNC) reach(r, n->func->sig);
    if (n->op == N_TYPEDESC) reach(r, n->target);
    for (uint32_t i = 0; n->types && i < n->types->len; i++) reach(r, n->types->data[i]);
    return true;
}

static void reach_func(Reach *r, Func *f) {
    r->concrete = !inline_is_instance(f);
    if (!inline_is_silent_wrapper(f)) {
        reach(r, f->sig);
        for (vec_each(Local *, l, &f->locals)) reach(r, (*l)->type);
        node_visit_list(&f->body, reach_node, r);
    }
    while (r->queue.len) reach_parts(r, r->queue.data[--r->queue.len]);
}

void reach_instances(Unit *u, uint32_t first) {
    Reach r = {.u = u, .concrete = true};
    current_package = u->pkg;
    for (vec_each(Object *, o, &u->pkg->scope->objects)) reach(&r, (*o)->type);
    for (uint32_t i = first; i < u->funcs.len; i++) reach_func(&r, u->funcs.data[i]);
}
