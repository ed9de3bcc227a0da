// devirtualize: calls through an interface whose dynamic type is known become calls of the method itself.
//
//     var r io.Reader = f; r.Read(p)    becomes    stmtexpr{ if r == nil { panicmem } } (*os.File).Read(idata(r), p)
//
// The type is that of the value converted to the interface, or the one type that all assignments to a variable agree on; nil may be assigned too, hence the
// check. Variables are local ones whose address is not taken; closures' assignments to them count. An assignment is remembered by its statement, so
// that a call on its right side tells more once it is inlined.
#include "midend/inline.h"

typedef struct Assigned {
    Node *stmt;
    uint32_t i;
    Type *type;
} Assigned; // type: known only by its type
typedef struct Values {
    Vec(Assigned) list;
} Values;

static PtrMap values;   // Local * -> Values *
static PtrMap analyzed; // Func * -> itself
static Type none;       // only nil was assigned

static Local *canonical(Local *l) {
    while (l->is_capture) {
        Local *outer = NULL;
        for (vec_each(Capture, c, &l->func->captures))
            if (c->inner == l) outer = c->outer;
        if (!outer) return l;
        l = outer;
    }
    return l;
}

static void assign(Node *place, Node *stmt, uint32_t i, Type *type) {
    if (!place || place->op != N_LOCAL || !type_is_interface(place->type)) return;
    Local *l = canonical(place->local);
    Values *v = ptrmap_get(&values, l);
    if (!v) ptrmap_put(&values, l, v = NEW(Values));
    vec_push(&v->list, ((Assigned){stmt, i, type}));
}

static Type *element_type(Type *t, bool value) {
    t = under(t);
    if (t->kind == T_POINTER) t = under(t->pointer.elem);
    switch (t->kind) {
    case T_ARRAY: return value ? t->array.elem : BASIC(INT);
    case T_SLICE: return value ? t->slice.elem : BASIC(INT);
    case T_CHAN: return t->chan.elem;
    case T_MAP: return value ? t->map.elem : t->map.key;
    default: return BASIC(INT);
    }
}

static bool analyze(Node *n, void *arg) {
    switch (n->op) {
    case N_AS:
        if (n->x && n->y && n->y->op != N_ZERO) assign(n->x, n, 0, NULL);
        break;
    case N_AS2:
        for (uint32_t i = 0; i < n->list.len; i++)
            if (n->rlist.data[i]->op != N_ZERO) assign(n->list.data[i], n, i, NULL);
        break;
    case N_AS2CALL:
    case N_AS2ASSERT:
    case N_AS2MAP:
    case N_AS2RECV:
        for (uint32_t i = 0; i < n->list.len; i++) assign(n->list.data[i], n, i, NULL);
        break;
    case N_RANGE:
        for (uint32_t i = 0; i < n->list.len; i++) assign(n->list.data[i], n, i, element_type(n->x->type, i == 1));
        break;
    case N_SELECT:
        for (vec_each(Node *, c, &n->list))
            if ((*c)->list.len) assign((*c)->list.data[0], *c, 0, (*c)->x ? (*c)->x->type : NULL);
        break;
    case N_TYPESWITCH:
        for (vec_each(Node *, c, &n->list))
            if ((*c)->local) assign(&(Node){.op = N_LOCAL, .type = (*c)->local->type, .local = (*c)->local}, n, 0, NULL);
        break;
    case N_CLOSURE:
        if (ptrmap_has(&analyzed, n->func)) break;
        ptrmap_put(&analyzed, n->func, n->func);
        node_visit_list(&n->func->body, analyze, arg);
        break;
    default: break;
    }
    return true;
}

void devirtualize_inlined(Func *f, NodeVec *fresh) {
    if (!ptrmap_has(&analyzed, f)) { // its own body does not have them yet
        ptrmap_put(&analyzed, f, f);
        node_visit_list(&f->body, analyze, NULL);
    }
    for (uint32_t i = 0; i + 1 < fresh->len; i++) analyze(fresh->data[i], NULL); // what stands in arguments is known
    node_visit(vec_last(fresh), analyze, NULL);
}

static Type *concrete(Node *n, PtrMap *seen);

// What an assignment says of the type; NULL: nothing.
static Type *assigned_type(Assigned *a, PtrMap *seen) {
    if (a->type) return type_is_interface(a->type) ? NULL : a->type;
    Node *n = a->stmt;
    switch (n->op) {
    case N_AS: return concrete(n->y, seen);
    case N_AS2: return concrete(n->rlist.data[a->i], seen);
    case N_TYPESWITCH: return concrete(n->x, seen);
    case N_AS2ASSERT: return a->i ? NULL : concrete(n->y, seen);
    default: return NULL; // an interface that a call, a map or a channel gave
    }
}

static Type *concrete(Node *n, PtrMap *seen) {
    for (;;) {
        if (!n->type || n->type->kind == T_TUPLE) return NULL;
        if (!type_is_interface(n->type)) return n->type;
        if (n->op != N_CONVNOP && n->op != N_CONVIFACE && n->op != N_STMTEXPR && n->op != N_ASSERT) break;
        n = n->x;
    }
    if (n->op == N_ZERO) return &none;
    if (n->op != N_LOCAL) return NULL;
    Local *l = canonical(n->local);
    if (l->is_param || l->is_result || l->is_capture || l->addr_taken) return NULL;
    if (ptrmap_has(seen, l)) return &none;
    ptrmap_put(seen, l, l);
    if (!ptrmap_has(&analyzed, l->func)) {
        ptrmap_put(&analyzed, l->func, l->func);
        node_visit_list(&l->func->body, analyze, NULL);
    }
    Values *v = ptrmap_get(&values, l);
    Type *t = NULL;
    for (uint32_t i = 0; v && i < v->list.len; i++) {
        Type *a = assigned_type(&v->list.data[i], seen);
        if (a == &none) continue;
        if (!a || (t && (a != t || !as_named(deref(t, NULL))))) return NULL;
        t = a;
    }
    return t ? t : &none;
}

static bool set_inl(Node *n, void *inl) {
    if (!n->inl) n->inl = inl;
    return true;
}

// The receiver: the value in x, known to be a T unless nil.
static Node *receiver(Build *b, Node *x, Type *T, Pos call) {
    Node *v = x;
    while (v->op == N_CONVNOP) v = v->x;
    if (v->op == N_CONVIFACE && v->x->type == T) return v->x;
    if (x->op != N_LOCAL) x = build_temp(b, x);
    x = node_copy(x);
    x->pos = call; // a nil interface panics where its method is called
    build_check_nil_iface(b, x);
    if (type_is_direct_iface(T)) {
        Node *data = build_node1(N_ITABDATA, x->pos, BASIC(UNSAFEPTR), x);
        if (under(T)->kind == T_POINTER) return build_node1(N_CONVNOP, x->pos, T, data);
        Node *a = build_node1(N_ASSERT, x->pos, T, x); // structs and arrays of one pointer
        return a;
    }
    Node *p = build_node1(N_ITABDATA, x->pos, types_canonical(type_pointer(T)), x), *d = build_deref(p);
    d->nonnil = true;
    return d;
}

Node *devirtualize(Unit *u, Func *f, Node *call, Type **to, NodeVec *pre) {
    PtrMap seen = {0};
    Type *T = concrete(call->x, &seen), *iface = call->x->type;
    if (!T || T == &none || !type_implements(T, iface, false, NULL)) return NULL;
    Object *m = interface_typeset(under(iface))->methods.data[call->index];
    uint32_t first = pre->len;
    Build b = {.u = u, .fn = f, .out = pre};
    Node *recv = receiver(&b, call->x, T, call->pos);
    Node *c = build_method_call(&b, recv, m->pkg, m->name, NULL, call->list, call->pos);
    c->type = call->type;
    c->syntax = call->syntax;
    *to = T;
    for (uint32_t i = first; i < pre->len; i++) node_visit(pre->data[i], set_inl, call->inl);
    node_visit(c, set_inl, call->inl);
    return c;
}
