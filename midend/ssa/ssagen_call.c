// ssagen_call: calls and closures.
#define _GNU_SOURCE 1
#include "midend/ssa/ssagen.h"

static Type *call_type(Type *t) {
    if (t && t->kind == T_TUPLE) {
        if (t->tuple.vars.len == 0) return NULL;
        if (t->tuple.vars.len == 1) return t->tuple.vars.data[0]->type;
    }
    return t;
}

// The interface is checked after the arguments are evaluated, as with gc: their panics come first.
Value *gen_call(Gen *g, Node *n) {
    Func *direct = NULL;
    Value *fv = NULL, *iface = NULL;
    if (n->op == N_CALLINTER)
        iface = gen_expr(g, n->x);
    else if (node_is_closed_func(n->x))
        direct = n->x->func;
    else
        fv = gen_expr(g, n->x);
    // recover looks at its caller's caller's frame: whoever calls a recovering function needs a
    // frame of its own.
    if (direct && (direct->has_recover || (direct->info && direct->info->has_recover)))
        g->fn->noinline = true;
    Value *result;
    if (direct && gen_intrinsic(g, direct, n, &result)) return result;
    uint32_t k = n->list.len, first = direct ? 0 : iface ? 2 : 1;
    Value **args = NEW_ARRAY(Value *, k);
    for (uint32_t i = 0; i < k; i++) args[i] = gen_expr(g, n->list.data[i]);
    Value *itab = NULL, *data = NULL;
    if (iface) {
        itab = gen_nilcheck(g, gen1(g, SSA_ITAB, PTR, iface));
        data = gen1(g, SSA_IDATA, PTR, iface);
    }
    Value *v = ssa_new_value(g->cur,
                             direct  ? SSA_CALL
                             : iface ? SSA_CALLINTER
                                     : SSA_CALLCLOSURE,
                             call_type(n->type), g->pos, k + first);
    v->inl = g->inl;
    if (direct)
        v->func = direct;
    else if (iface) {
        v->args[0] = itab;
        v->args[1] = data;
        v->method = n->method;
    } else {
        v->args[0] = fv;
        bool wraps = n->x->op == N_LOCAL && n->x->local->is_capture && !g->fn->origin;
        if (wraps) v->func = g->fn->wraps; // a copy's literal is another one
    }
    for (uint32_t i = 0; i < k; i++) v->args[first + i] = args[i];
    if (iface) v->t = n->x->type;
    vec_push(&g->cur->values, v);
    // What such a function gets as a number is a pointer that it may use.
    if (direct && direct->pragma & (PRAGMA_UINTPTRESCAPES | PRAGMA_UINTPTRKEEPALIVE))
        for (uint32_t i = 0; i < k; i++)
            if (under(args[i]->type)->kind == T_UINTPTR)
                gen1(g, SSA_KEEPALIVE, NULL, gen_copy(g, PTR, args[i]));
    return v;
}

// The address of an outer variable as a closure captures it.
static Value *capture_value(Gen *g, Capture *c) {
    Value *p = gen_local_addr(g, c->outer);
    return c->inner->by_ref ? p : gen_load(g, c->outer->type, p);
}

// A function that captures nothing is static data; all others are filled in here, on the heap or in
// the frame.
Value *gen_closure(Gen *g, Node *n) {
    Func *f = n->func;
    if (!f->captures.len) return gen_func(g, SSA_FUNCVAL, n->type, f);
    Type *t = closure_type(f);
    Value *p = gen_room(g, t, n->noescape);
    Value *code = gen_func(g, SSA_CODEADDR, UINTPTR, f);
    gen_store(g, gen_fieldaddr(g, t, p, 0), code);
    for (uint32_t i = 0; i < f->captures.len; i++) {
        Capture *c = &f->captures.data[i];
        Value *field = gen_fieldaddr(g, t, p, i + 1);
        if (!c->inner->by_ref && !type_fits_registers(c->outer->type)) {
            gen_move(g, c->outer->type, field, gen_local_addr(g, c->outer));
        } else if (c->inner->by_ref || type_size(c->outer->type)) {
            gen_store(g, field, capture_value(g, c));
        }
    }
    return gen_copy(g, n->type, p);
}
