// ssagen_new: objects: new(T), &T{…}, and memory of their own for what variables, closures and
// interfaces hold.
#include "midend/ssa/ssagen.h"

Value *gen_newobject(Gen *g, Type *t) {
    return gen_rt(g, RT_newobject, NULL, 1, gen_typeaddr(g, t));
}

Value *gen_room(Gen *g, Type *t, bool noescape) {
    return noescape ? gen_slotaddr(g, gen_slot(g, t)) : gen_newobject(g, t);
}

// An initial value that is one value comes before its object, as with gc: it may panic. Room in the
// frame does no work, and a larger value is made in the object itself.
Value *gen_new(Gen *g, Node *n) {
    Type *t = under(n->type)->pointer.elem;
    Value *p = n->noescape ? gen_room(g, t, true) : NULL;
    Value *v = n->x && type_fits_registers(t) ? gen_expr(g, n->x) : NULL;
    if (!p) p = gen_newobject(g, t);
    if (v)
        gen_store(g, p, v);
    else if (n->x && n->noescape)
        gen_into(g, p, n->x, true);
    else if (n->x)
        gen_fill(g, p, n->x);
    else if (n->noescape)
        gen_zeromem(g, t, p);
    return gen_copy(g, n->type, p);
}

// &x, with x a literal or other value: a new variable.
Value *gen_addr_of(Gen *g, Node *n) {
    if (node_has_memory(n->x)) return gen_addr(g, n->x);
    Value *p = gen_room(g, n->x->type, n->noescape);
    if (n->noescape)
        gen_into(g, p, n->x, true);
    else
        gen_fill(g, p, n->x);
    return p;
}
