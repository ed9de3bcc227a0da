// devirtualize: calls through an interface whose dynamic type is known become calls of the method
// itself.
//
//     var r io.Reader = f; r.Read(p)    becomes    stmtexpr{ if r == nil { panicmem } }
//     (*os.File).Read(idata(r), p)
//
// The type is that of the value converted to the interface, or the one type that all assignments to
// a variable agree on; nil may be assigned too, hence the check. Variables are local ones whose
// address is not taken (known.h).
#include "midend/tree/inline.h"
#include "midend/tree/known.h"

static Type none; // only nil was assigned

static Type *concrete(Node *n, PtrMap *seen);

// What an assignment says of the type; NULL: nothing.
static Type *assigned_type(const Assignment *a, PtrMap *seen) {
    if (a->type) return type_is_interface(a->type) ? NULL : a->type;
    Node *v = known_value(a);
    if (v) return v->op == N_ZERO ? &none : concrete(v, seen);
    switch (a->stmt->op) {
    case N_TYPESWITCH: return concrete(a->stmt->x, seen);
    case N_AS2ASSERT: return a->i ? NULL : concrete(a->stmt->y, seen);
    default: return NULL; // an interface that a call, a map or a channel gave
    }
}

// A variable has the type that all of its assignments agree on; what refers to itself says nothing
// against it.
static Type *concrete(Node *n, PtrMap *seen) {
    for (;;) {
        if (!n->type || n->type->kind == T_TUPLE) return NULL;
        if (!type_is_interface(n->type)) return n->type;
        if (n->op != N_CONVNOP && n->op != N_CONVIFACE && n->op != N_STMTEXPR && n->op != N_ASSERT)
            break;
        n = n->x;
    }
    if (n->op == N_ZERO) return &none;
    if (n->op != N_LOCAL) return NULL;
    Local *l = known_variable(n->local);
    if (l->is_param || l->is_result || l->is_capture || l->addr_taken) return NULL;
    if (ptrmap_has(seen, l)) return &none;
    ptrmap_put(seen, l, l);
    known_find(l->func, false);
    const Known *k = known_of(l);
    Type *t = NULL;
    for (uint32_t i = 0; k && i < k->list.len; i++) {
        Type *a = assigned_type(&k->list.data[i], seen);
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
    Node *p = build_node1(N_ITABDATA, x->pos, types_canonical(type_pointer(T)), x),
         *d = build_deref(p);
    d->nonnil = true;
    return d;
}

// The receiver may have been evaluated for effects or a nil check: what has to happen first goes to
// pre.
Node *devirtualize(Unit *u, Func *f, Node *call, Type **to, NodeVec *pre) {
    PtrMap seen = {0};
    Type *T = concrete(call->x, &seen), *iface = call->x->type;
    if (!T || T == &none || !type_implements(T, iface, false, NULL)) return NULL;
    Object *m = interface_typeset(under(iface))->methods.data[call->method];
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
