// ssagen_iface: making interface values, taking them apart, type assertions and type switches.
//
// A pointer-shaped value is the data word itself; any other is stored, and the data word is its
// address: in static data for constants, on the stack where escape analysis allows, in the
// runtime's static cells for small integers, else in a new object. Dynamic types are compared by
// descriptor address: descriptors of types that the program's source mentions are unique.
#include "midend/report.h"
#include "midend/ssa/ssagen.h"

// direct interfaces -------------------------------------------------------------------------------

Value *gen_from_data_word(Gen *g, Type *t, Value *data) {
    Type *u = under(t);
    if (u->kind == T_STRUCT || u->kind == T_ARRAY) {
        if (u->kind == T_STRUCT && u->strukt.fields.len == 1 && type_fits_registers(t))
            return gen1(g, SSA_STRUCTMAKE, t,
                        gen_from_data_word(g, u->strukt.fields.data[0]->type, data));
        Value *p = gen_slotaddr(g, gen_slot(g, t));
        gen_store(g, p, data);
        return gen_load(g, t, p);
    }
    return gen_copy(g, t, data);
}

static Value *to_data_word(Gen *g, Type *t, Value *v) {
    Type *u = under(t);
    if (u->kind == T_STRUCT || u->kind == T_ARRAY) {
        if (u->kind == T_STRUCT && u->strukt.fields.len == 1 && type_fits_registers(t)) {
            Value *f = gen1(g, SSA_FIELD, u->strukt.fields.data[0]->type, v);
            return to_data_word(g, f->type, f);
        }
        return gen_load(g, PTR, gen_spill(g, t, v));
    }
    return gen_copy(g, PTR, v);
}

// making ------------------------------------------------------------------------------------------

static Value *type_word(Gen *g, Type *iface, Type *concrete) {
    if (interface_is_empty(under(iface))) return gen_typeaddr(g, concrete);
    return gen_itabaddr(g, iface, concrete);
}

// The runtime has shared cells for small and zero values, so that most conversions need no memory.
static Value *boxed(Gen *g, Type *t, Value *v) {
    Type *u = under(t);
    Type *u32 = BASIC(UINT32);
    switch (u->kind) {
    case T_BOOL:
        return gen_rt(g, RT_convT16, NULL, 1, gen_conv(g, u32, gen1(g, SSA_COPY, BASIC(UINT8), v)));
    case T_INT8:
        return gen_rt(g, RT_convT16, NULL, 1, gen_conv(g, u32, gen_conv(g, BASIC(UINT8), v)));
    case T_INT16:
        return gen_rt(g, RT_convT16, NULL, 1, gen_conv(g, u32, gen_conv(g, BASIC(UINT16), v)));
    case T_UINT8:
    case T_UINT16: return gen_rt(g, RT_convT16, NULL, 1, gen_conv(g, u32, v));
    case T_INT32:
    case T_UINT32: return gen_rt(g, RT_convT32, NULL, 1, gen_conv(g, u32, v));
    case T_FLOAT32: return gen_rt(g, RT_convT32, NULL, 1, gen1(g, SSA_BITCAST, u32, v));
    case T_INT:
    case T_INT64:
    case T_UINT:
    case T_UINT64:
    case T_UINTPTR: return gen_rt(g, RT_convT64, NULL, 1, gen_conv(g, INT, v));
    case T_FLOAT64: return gen_rt(g, RT_convT64, NULL, 1, gen1(g, SSA_BITCAST, INT, v));
    case T_STRING: return gen_rt(g, RT_convTstring, NULL, 1, gen_copy(g, BASIC(STRING), v));
    case T_SLICE: return gen_rt(g, RT_convTslice, NULL, 1, v);
    default: {
        Value *p = gen_newobject(g, t);
        if (type_size(t)) gen_store(g, p, v);
        return p;
    }
    }
}

// v is a value of concrete.
static Value *gen_iface_of(Gen *g, Type *iface, Type *concrete, Value *v, bool noescape) {
    Value *data;
    if (type_is_direct_iface(concrete))
        data = to_data_word(g, concrete, v);
    else if (noescape && type_size(concrete))
        data = gen_spill(g, concrete, v);
    else
        data = boxed(g, concrete, v);
    return gen2(g, SSA_IMAKE, iface, type_word(g, iface, concrete), data);
}

// nil stays nil: it has no type that an itab could be found for.
static Value *convert_iface(Gen *g, Type *to, Type *from, Value *x) {
    bool to_empty = interface_is_empty(under(to)), from_empty = interface_is_empty(under(from));
    if (types_canonical(under(to)) == types_canonical(under(from)) || (to_empty && from_empty))
        return gen_copy(g, to, x);
    Value *dyn = gen_dyntype(g, from, x);
    Value *data = gen1(g, SSA_IDATA, PTR, x);
    if (to_empty) return gen2(g, SSA_IMAKE, to, dyn, data);
    Value *nil = gen_nil(g);
    Block *some = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_NE, BOOL, dyn, nil), some, join, 1);
    gen_enter(g, some);
    Value *itab = gen_rt(g, RT_convI2I, NULL, 2, gen_typeaddr(g, to), dyn);
    gen_flow_into(g, join);
    Value *word = gen_phi2(g, PTR, nil, itab);
    return gen2(g, SSA_IMAKE, to, word, data);
}

// -d=escapedebug: where the data word points to when that takes no allocation.
static void say_data_word(Gen *g, const Node *n) {
    Node *x = n->y ? n->y : n->x;
    TypeKind k = under(x->type)->kind;
    const char *what;
    if (report_debug_option("escapedebug") <= 0) return;
    if (!type_size(x->type))
        what = "using global for zero-sized interface value";
    else if (k == T_BOOL || k == T_INT8 || k == T_UINT8)
        what = "using global for single-byte interface value";
    else if (node_is_zero_literal(x))
        what = "using global for zero value interface value";
    else if (static_possible(x, gen_once(g)))
        what = "using global for interface value";
    else if (n->noescape)
        what = "using stack temporary for interface value";
    else
        return;
    Pos pos = x->op == N_LOCAL ? x->local->pos : x->pos;
    report_at(inl_report_pos(pos, n->inl), "convert: %s: %s", what, node_text(x));
}

// A value that never changes can be read-only data, which all conversions of it share.
Value *gen_conviface(Gen *g, Node *n) {
    Type *from = n->x->type, *to = n->type;
    if (type_is_interface(from)) return convert_iface(g, to, from, gen_expr(g, n->x));
    if (!type_is_direct_iface(from)) say_data_word(g, n);
    if (!type_is_direct_iface(from) && type_size(from)) {
        Value *data = NULL;
        Node *known = n->y ? n->y : n->x;
        if (static_possible(known, gen_once(g))) {
            data = gen_dataaddr(g, static_data_of(g->u, known, true, gen_once(g)));
        } else if (!type_fits_registers(from)) {
            data = gen_room(g, from, n->noescape);
            gen_into(g, data, n->x, true);
        }
        if (data) return gen2(g, SSA_IMAKE, to, type_word(g, to, from), data);
    }
    Value *v = gen_expr(g, n->x);
    return gen_iface_of(g, to, from, v, n->noescape);
}

// assertions --------------------------------------------------------------------------------------

static Value *data_value(Gen *g, Type *t, Value *x) {
    Value *data = gen1(g, SSA_IDATA, PTR, x);
    if (type_is_direct_iface(t)) return gen_from_data_word(g, t, data);
    if (type_size(t) == 0) return gen_zero(g, t);
    return gen_load(g, t, data);
}

// For a concrete type one comparison of descriptors decides; with ok the value is zero on the other
// side.
static Value *assert_concrete(Gen *g, Type *t, Type *iface, Value *x, Value **ok) {
    Value *dyn = gen_dyntype(g, iface, x);
    Value *want = gen_typeaddr(g, t);
    Value *same = gen2(g, SSA_EQ, BOOL, dyn, want);
    Block *yes = gen_block(g), *no = gen_block(g);
    gen_if(g, same, yes, no, ok ? 0 : 1);
    if (!ok) {
        gen_enter(g, no);
        gen_rt(g, RT_panicdottypeE, NULL, 3, dyn, want, gen_typeaddr(g, iface));
        gen_failed(g, yes);
        return data_value(g, t, x);
    }
    *ok = same;
    Block *join = gen_block(g);
    if (type_fits_registers(t)) {
        gen_enter(g, yes);
        Value *v = data_value(g, t, x);
        gen_goto(g, join);
        gen_enter(g, no);
        Value *zero = gen_zero(g, t);
        gen_flow_into(g, join);
        return gen_phi2(g, t, v, zero);
    }
    Slot *tmp = gen_slot(g, t);
    gen_enter(g, yes);
    Value *p = gen_slotaddr(g, tmp);
    if (type_is_direct_iface(t))
        gen_store(g, p, data_value(g, t, x));
    else
        gen_move(g, t, p, gen1(g, SSA_IDATA, PTR, x));
    gen_goto(g, join);
    gen_enter(g, no);
    gen_zeromem(g, t, gen_slotaddr(g, tmp));
    gen_flow_into(g, join);
    return gen_load(g, t, gen_slotaddr(g, tmp));
}

// The itab for a value of type dyn, or nil: this place remembers the last one that the runtime found
// for it. may_fail: it may be one without methods, of a type that does not implement t.
static Value *find_itab(Gen *g, Type *t, Value *dyn, bool may_fail) {
    Value *site = gen_dataaddr(g, unit_data(g->u, sizeof(void *), sizeof(void *), false));
    Value *last = gen_load(g, PTR, site), *nil = gen_nil(g);
    Block *look = gen_block(g), *same = gen_block(g), *other = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_NE, BOOL, last, nil), look, other, 1);
    gen_enter(g, look);
    Value *type = gen_load(g, PTR, gen_ptradd(g, last, offsetof(AbiItab, type)));
    gen_if(g, gen2(g, SSA_EQ, BOOL, type, dyn), same, other, 1);
    gen_enter(g, same);
    Value *hit = last;
    if (may_fail) {
        Value *fun = gen_load(g, PTR, gen_ptradd(g, last, offsetof(AbiItab, fun)));
        hit = gen_choose(g, gen2(g, SSA_NE, BOOL, fun, nil), last, nil);
    }
    gen_goto(g, join);
    gen_enter(g, other);
    Value *found = gen_rt(g, may_fail ? RT_typeAssert2 : RT_typeAssert, NULL, 3, gen_typeaddr(g, t),
                          dyn, site);
    gen_flow_into(g, join);
    return gen_phi2(g, PTR, hit, found);
}

// For the empty interface there is no itab, and nil alone fails.
static Value *assert_interface(Gen *g, Type *t, Type *iface, Value *x, Value **ok) {
    Value *dyn = gen_dyntype(g, iface, x);
    Value *data = gen1(g, SSA_IDATA, PTR, x);
    Value *nil = gen_nil(g);
    if (interface_is_empty(under(t))) {
        Value *some = gen2(g, SSA_NE, BOOL, dyn, nil);
        if (ok)
            *ok = some;
        else {
            Block *go = gen_fail(g, some, false);
            gen_rt(g, RT_panicnildottype, NULL, 1, gen_typeaddr(g, t));
            gen_failed(g, go);
        }
        return gen2(g, SSA_IMAKE, t, dyn, data);
    }
    if (!ok) return gen2(g, SSA_IMAKE, t, find_itab(g, t, dyn, false), data);
    Value *itab = find_itab(g, t, dyn, true);
    *ok = gen2(g, SSA_NE, BOOL, itab, nil);
    return gen2(g, SSA_IMAKE, t, itab, gen_choose(g, *ok, data, nil));
}

Value *gen_assert(Gen *g, Node *n, Value **ok) {
    Type *t = n->type->kind == T_TUPLE ? n->type->tuple.vars.data[0]->type : n->type;
    Value *x = gen_expr(g, n->x);
    Type *iface = n->x->type;
    if (report_debug_option("typeassert") > 0)
        report_at(inl_report_pos(n->pos, n->inl), "type assertion %sinlined",
                  type_is_interface(t) && !interface_is_empty(under(t)) ? "not " : "");
    return type_is_interface(t) ? assert_interface(g, t, iface, x, ok)
                                : assert_concrete(g, t, iface, x, ok);
}

// type switch -------------------------------------------------------------------------------------

// Tests in the order of the cases; the default is left for until all have failed.
void gen_typeswitch(Gen *g, Node *n) {
    Type *iface = n->x->type;
    Value *x = gen_expr(g, n->x);
    Value *dyn = gen_dyntype(g, iface, x);
    Block *done = gen_block(g);
    Node *dflt = NULL;
    Block *dflt_block = NULL;
    vec_push(&g->targets, ((Target){n, done, NULL}));
    for (vec_each(Node *, cp, &n->list)) {
        Node *c = *cp;
        g->pos = c->pos ? c->pos : g->pos;
        if (c->is_default) dflt = c;
        uint32_t k = c->types ? c->types->len : 0;
        Block *body = gen_block(g);
        if (c->is_default) dflt_block = body;
        // With one interface type the itab found is the variable's; with one concrete type it is
        // the data; else x itself.
        Value *itab = NULL;
        for (uint32_t i = 0; i < k; i++) {
            Type *t = c->types->data[i];
            Value *hit;
            if (!t)
                hit = gen2(g, SSA_EQ, BOOL, dyn, gen_nil(g));
            else if (!type_is_interface(t))
                hit = gen2(g, SSA_EQ, BOOL, dyn, gen_typeaddr(g, t));
            else if (interface_is_empty(under(t))) {
                itab = dyn;
                hit = gen2(g, SSA_NE, BOOL, dyn, gen_nil(g));
            } else {
                itab = find_itab(g, t, dyn, true);
                hit = gen2(g, SSA_NE, BOOL, itab, gen_nil(g));
            }
            Block *next = gen_block(g);
            gen_if(g, hit, body, next, 0);
            gen_enter(g, next);
        }
        Block *tests = g->cur;
        gen_enter(g, body);
        if (c->local) {
            Local *l = c->local;
            gen_declare_local(g, l, false);
            Value *p = gen_local_addr(g, l);
            Type *t = k == 1 && !c->is_default ? c->types->data[0] : NULL;
            if (!t || l->type == iface) {
                gen_store(g, p, gen_copy(g, l->type, x));
            } else if (type_is_interface(t)) {
                gen_store(g, p, gen2(g, SSA_IMAKE, l->type, itab, gen1(g, SSA_IDATA, PTR, x)));
            } else if (type_size(t)) {
                if (type_is_direct_iface(t) || type_fits_registers(t))
                    gen_store(g, p, data_value(g, t, x));
                else
                    gen_move(g, t, p, gen1(g, SSA_IDATA, PTR, x));
            } else
                gen_zeromem(g, l->type, p);
        }
        gen_stmts(g, &c->body);
        gen_goto(g, done);
        gen_enter(g, tests);
    }
    gen_goto(g, dflt ? dflt_block : done);
    (void)vec_pop(&g->targets);
    gen_enter(g, done);
}
