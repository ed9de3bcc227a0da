// check_mono: instantiations that would never end, such as func f[T any]() { f[*T]() }.
//
// A graph whose vertices are type parameters and local types, with an edge from what flows into a
// type parameter; it weighs 1 when the flow wraps the type in something larger. A cycle of positive
// weight grows for ever: found as the heaviest paths are lengthened round by round (Bellman and
// Ford).
#include "frontend/check_impl.h"

static const uintptr_t NONE = UINTPTR_MAX;

static uint32_t new_vertex(Checker *c, Object *o) {
    MonoVertex v = {.obj = o};
    vec_push(&c->mono_vertices, v);
    return c->mono_vertices.len - 1;
}

static uint32_t tparam_vertex(Checker *c, Type *t) {
    Type *canon = ptrmap_get(&c->mono_canon, t);
    if (canon) t = canon;
    Object *o = t->tparam.obj;
    uintptr_t i = (uintptr_t)ptrmap_get(&c->mono_index, o);
    if (i) return (uint32_t)(i - 1);
    uint32_t v = new_vertex(c, o);
    ptrmap_put(&c->mono_index, o, (void *)((uintptr_t)v + 1));
    return v;
}

static void add_edge(Checker *c, uint32_t dst, uint32_t src, int weight, Pos pos, Type *t) {
    MonoEdge e = {dst, src, weight, pos, t};
    vec_push(&c->mono_edges, e);
}

// A type declared in a generic function depends on that function's type parameters.
static bool local_vertex(Checker *c, Type *named, uint32_t *out) {
    Object *o = named->named.obj;
    if (o->pkg != c->pkg || o->parent == c->pkg->scope || !o->parent) return false;
    uintptr_t known = (uintptr_t)ptrmap_get(&c->mono_index, o);
    if (known == NONE) return false;
    if (known) {
        *out = (uint32_t)(known - 1);
        return true;
    }
    bool any = false;
    for (Scope *s = o->parent; s && s != c->pkg->scope; s = s->parent)
        for (vec_each(Object *, p, &s->objects)) {
            Object *x = *p;
            if (x->kind != O_TYPENAME || x->is_alias || x->pos >= o->pos || !x->type ||
                x->type->kind != T_TYPEPARAM)
                continue;
            if (!any) *out = new_vertex(c, o);
            any = true;
            add_edge(c, *out, tparam_vertex(c, x->type), 1, o->pos, x->type);
        }
    ptrmap_put(&c->mono_index, o, (void *)(any ? (uintptr_t)*out + 1 : NONE));
    return any;
}

typedef struct Flow {
    Pos pos;
    Type *tparam, *targ;
    uint32_t depth;
} Flow;

static void flow(Checker *c, Flow *f, uint32_t src, Type *t) {
    add_edge(c, tparam_vertex(c, f->tparam), src, t == f->targ ? 0 : 1, f->pos, f->targ);
}

// Every type parameter, and local type of a generic function, that t mentions flows into f's.
static void walk(Checker *c, Flow *f, Type *t) {
    t = unalias(t);
    if (!t || f->depth > 100) return; // so deep only invalid types are
    f->depth++;
    switch (t->kind) {
    case T_TYPEPARAM: flow(c, f, tparam_vertex(c, t), t); break;
    case T_NAMED: {
        uint32_t v;
        if (local_vertex(c, t->named.origin ? t->named.origin : t, &v)) flow(c, f, v, t);
        if (t->named.targs)
            for (uint32_t i = 0; i < t->named.targs->len; i++) walk(c, f, t->named.targs->data[i]);
        break;
    }
    case T_ARRAY: walk(c, f, t->array.elem); break;
    case T_SLICE: walk(c, f, t->slice.elem); break;
    case T_POINTER: walk(c, f, t->pointer.elem); break;
    case T_CHAN: walk(c, f, t->chan.elem); break;
    case T_MAP:
        walk(c, f, t->map.key);
        walk(c, f, t->map.elem);
        break;
    case T_INTERFACE:
        for (vec_each(Object *, m, &interface_typeset(t)->methods))
            if ((*m)->type) walk(c, f, (*m)->type);
        break;
    case T_FUNC:
        for (vec_each(Object *, p, &t->func.params)) walk(c, f, (*p)->type);
        for (vec_each(Object *, p, &t->func.results)) walk(c, f, (*p)->type);
        break;
    case T_STRUCT:
        for (vec_each(Object *, p, &t->strukt.fields)) walk(c, f, (*p)->type);
        break;
    default: break;
    }
    f->depth--;
}

void check_mono_canon(Checker *c, Type *method_tparam, Type *type_tparam) {
    ptrmap_put(&c->mono_canon, method_tparam, type_tparam);
}

void check_mono_instance(Checker *c, Pos pos, TypeList *tparams, TypeList *targs, Expr **xlist,
                         uint32_t n) {
    for (uint32_t i = 0; i < tparams->len && i < targs->len; i++) {
        Type *tp = tparams->data[i], *ta = unalias(targs->data[i]);
        // Cycles lie within one package.
        if (tp->tparam.obj->pkg != c->pkg || !ta || ta->kind < T_ARRAY) continue;
        Flow f = {i < n ? expr_start(xlist[i]) : pos, tp, ta, 0};
        walk(c, &f, ta);
    }
}

// Vertex v lies behind a cycle: its predecessors lead into it.
static void report_loop(Checker *c, uint32_t v) {
    Vec(uint32_t) stack = {0};
    bool *seen = xalloc(c->mono_vertices.len);
    while (!seen[v]) { // back along the path, until a vertex shows up twice
        vec_push(&stack, v);
        seen[v] = true;
        v = c->mono_edges.data[c->mono_vertices.data[v].pre].src;
    }
    uint32_t first = 0;
    while (stack.data[first] != v) first++;
    ErrorLines e = {0};
    check_error_line(&e, c->mono_vertices.data[v].obj->pos, "instantiation cycle:");
    for (uint32_t i = first; i < stack.len; i++) {
        MonoEdge *edge = &c->mono_edges.data[c->mono_vertices.data[stack.data[i]].pre];
        Object *o = c->mono_vertices.data[edge->dst].obj;
        check_error_line(&e, edge->pos, "%s %s %s", o->name,
                         o->type->kind == T_TYPEPARAM ? "instantiated as"
                                                      : "implicitly parameterized by",
                         type_string(edge->type));
    }
    check_error_report(c, &e);
}

// Bellman and Ford: a cycle with an edge of positive weight makes types grow without end, which
// shows in a path as long as there are vertices.
void check_mono(Checker *c) {
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < c->mono_edges.len; i++) {
            MonoEdge *e = &c->mono_edges.data[i];
            MonoVertex *src = &c->mono_vertices.data[e->src], *dst = &c->mono_vertices.data[e->dst];
            int w = src->weight + e->weight;
            if (w <= dst->weight) continue;
            dst->pre = i;
            dst->len = src->len + 1;
            if ((uint32_t)dst->len == c->mono_vertices.len) {
                report_loop(c, e->dst);
                return;
            }
            dst->weight = w;
            again = true;
        }
    }
}
