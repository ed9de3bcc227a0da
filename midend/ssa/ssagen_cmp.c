// ssagen_cmp: comparisons, min and max.
//
// Scalars compare as one operation. Strings compare lengths before bytes. Interfaces compare
// dynamic types before data, and only the runtime knows how to compare the data (it panics for
// uncomparable types). Structs compare field by field in source order and stop at the first
// difference, unless all of it is plain memory; large or long ones are left to runtime.typeequal.
#include "midend/ssa/ssagen.h"

// if a then the value that rest computes else false: rest is emitted between and_begin and and_end.
typedef struct And {
    Block *join;
    Vec(Value *) falses;
} And;

static void and_then(Gen *g, And *c, Value *cond) {
    if (!c->join) c->join = gen_block(g);
    vec_push(&c->falses, gen_bool(g, false));
    Block *next = gen_block(g);
    gen_if(g, cond, next, c->join, 0);
    gen_enter(g, next);
}

static Value *and_end(Gen *g, And *c, Value *last) {
    if (!c->join) return last;
    gen_flow_into(g, c->join);
    Value *phi = ssa_new_value(g->cur, SSA_PHI, BOOL, g->pos, c->falses.len + 1);
    memcpy(phi->args, c->falses.data, c->falses.len * sizeof(Value *));
    phi->args[c->falses.len] = last;
    phi->inl = g->inl;
    vec_push(&g->cur->values, phi);
    return phi;
}

static Value *eq(Gen *g, Value *a, Value *b) { return gen2(g, SSA_EQ, BOOL, a, b); }

static Value *equal_string(Gen *g, Value *a, Value *b) {
    if (b->op == SSA_STRING && b->str.len == 0)
        return eq(g, gen1(g, SSA_STRLEN, INT, a), gen_int(g, INT, 0));
    if (a->op == SSA_STRING && a->str.len == 0)
        return eq(g, gen1(g, SSA_STRLEN, INT, b), gen_int(g, INT, 0));
    Value *la = gen1(g, SSA_STRLEN, INT, a), *lb = gen1(g, SSA_STRLEN, INT, b);
    And c = {0};
    and_then(g, &c, eq(g, la, lb));
    Value *n = a->op == SSA_STRING ? la : lb;
    return and_end(g, &c,
                   gen_rt(g, RT_memequal, NULL, 3, gen1(g, SSA_STRPTR, PTR, a),
                          gen1(g, SSA_STRPTR, PTR, b), n));
}

Value *gen_dyntype(Gen *g, Type *iface, Value *x) {
    Value *word = gen1(g, SSA_ITAB, PTR, x);
    if (interface_is_empty(under(iface))) return word;
    Value *nil = gen_nil(g);
    Block *load = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_NE, BOOL, word, nil), load, join, 1);
    gen_enter(g, load);
    Value *t = gen_load(g, PTR, gen_ptradd(g, word, offsetof(AbiItab, type)));
    gen_flow_into(g, join);
    return gen_phi2(g, PTR, nil, t);
}

static Value *equal_iface(Gen *g, Type *t, Value *a, Value *b) {
    Value *ta = gen_dyntype(g, t, a), *tb = gen_dyntype(g, t, b);
    And c = {0};
    and_then(g, &c, eq(g, ta, tb));
    // Both nil: equal; else the data decides.
    Block *data = gen_block(g), *join = gen_block(g);
    Value *yes = gen_bool(g, true);
    gen_if(g, gen2(g, SSA_NE, BOOL, ta, gen_nil(g)), data, join, 0);
    gen_enter(g, data);
    Value *same =
        gen_rt(g, RT_efaceeq, NULL, 3, ta, gen1(g, SSA_IDATA, PTR, a), gen1(g, SSA_IDATA, PTR, b));
    gen_flow_into(g, join);
    return and_end(g, &c, gen_phi2(g, BOOL, yes, same));
}

static Value *field(Gen *g, Type *t, Value *v, uint32_t i) {
    Value *f = gen1(g, SSA_FIELD, t, v);
    f->field = i;
    return f;
}

static bool may_panic(Type *t) { // when compared
    Type *u = under(t);
    if (u->kind == T_ARRAY) return may_panic(u->array.elem);
    if (u->kind != T_STRUCT) return u->kind == T_INTERFACE;
    for (vec_each(Object *, f, &u->strukt.fields))
        if (may_panic((*f)->type)) return true;
    return false;
}

// The fields to compare, in the order to do so: source order, yet among those between two that may
// panic the strings come last. LEN marks a string of which only the length is looked at.
enum { LEN = 1u << 31 };
typedef Vec(uint32_t) FieldOrder;

// Strings after cheaper fields, their lengths before any contents; nothing moves across what may
// panic.
static FieldOrder comparison_order(Type *u) {
    FieldOrder order = {0}, strings = {0};
    for (uint32_t i = 0; i <= u->strukt.fields.len; i++) {
        Object *f = i < u->strukt.fields.len ? u->strukt.fields.data[i] : NULL;
        if (f && f->name[0] == '_' && !f->name[1]) continue;
        if (f && under(f->type)->kind == T_STRING) {
            vec_push(&strings, i);
            continue;
        }
        if (!f || may_panic(f->type)) {
            for (uint32_t k = 0; k < strings.len && strings.len > 1; k++)
                vec_push(&order, strings.data[k] | LEN);
            for (uint32_t k = 0; k < strings.len; k++) vec_push(&order, strings.data[k]);
            strings.len = 0;
        }
        if (f) vec_push(&order, i);
    }
    return order;
}

// Of types that fit registers.
static Value *gen_equal(Gen *g, Type *t, Value *a, Value *b) {
    Type *u = under(t);
    switch (u->kind) {
    case T_STRING: return equal_string(g, a, b);
    case T_INTERFACE: return equal_iface(g, t, a, b);
    case T_FUNC: return eq(g, gen_copy(g, PTR, a), gen_copy(g, PTR, b));
    case T_ARRAY: return gen_bool(g, true); // of no elements: others don't fit registers
    case T_STRUCT: {
        And c = {0};
        Value *last = NULL;
        FieldOrder order = comparison_order(u);
        for (vec_each(uint32_t, o, &order)) {
            uint32_t i = *o & ~LEN;
            Type *ft = u->strukt.fields.data[i]->type;
            if (last) and_then(g, &c, last);
            Value *fa = field(g, ft, a, i), *fb = field(g, ft, b, i);
            last = *o & LEN ? eq(g, gen1(g, SSA_STRLEN, INT, fa), gen1(g, SSA_STRLEN, INT, fb))
                            : gen_equal(g, ft, fa, fb);
        }
        return and_end(g, &c, last ? last : gen_bool(g, true));
    }
    default: return eq(g, a, b);
    }
}

static uint64_t compare_cost(Type *t) {
    Type *u = under(t);
    switch (u->kind) {
    case T_STRUCT: {
        uint64_t n = 0;
        for (vec_each(Object *, f, &u->strukt.fields)) n += compare_cost((*f)->type);
        return n;
    }
    case T_ARRAY:
        return (uint64_t)u->array.len > 64 ? 1000
                                           : (uint64_t)u->array.len * compare_cost(u->array.elem);
    default: return 1;
    }
}

// Few parts are compared one by one, plain memory at once, and the rest by the type's own function.
Value *gen_equal_mem(Gen *g, Type *t, Value *pa, Value *pb) {
    Type *u = under(t);
    if (type_size(t) == 0) return gen_bool(g, true);
    if (type_fits_registers(t)) {
        Value *a = gen_load(g, t, pa);
        return gen_equal(g, t, a, gen_load(g, t, pb));
    }
    if (type_is_plain_memory(t))
        return gen_rt(g, RT_memequal, NULL, 3, pa, pb, gen_int(g, INT, type_size(t)));
    if (compare_cost(t) > 12) return gen_rt(g, RT_typeequal, NULL, 3, gen_typeaddr(g, t), pa, pb);
    And c = {0};
    Value *last = NULL;
    if (u->kind == T_ARRAY) {
        for (int64_t i = 0; i < u->array.len; i++) {
            if (last) and_then(g, &c, last);
            Value *ea = gen_elemaddr(g, u->array.elem, pa, gen_int(g, INT, i));
            last = gen_equal_mem(g, u->array.elem, ea,
                                 gen_elemaddr(g, u->array.elem, pb, gen_int(g, INT, i)));
        }
    } else {
        FieldOrder order = comparison_order(u);
        for (vec_each(uint32_t, o, &order)) {
            uint32_t i = *o & ~LEN;
            Type *ft = u->strukt.fields.data[i]->type;
            if (last) and_then(g, &c, last);
            Value *fa = gen_fieldaddr(g, u, pa, i), *fb = gen_fieldaddr(g, u, pb, i);
            if (*o & LEN)
                last = eq(g, gen1(g, SSA_STRLEN, INT, gen_load(g, ft, fa)),
                          gen1(g, SSA_STRLEN, INT, gen_load(g, ft, fb)));
            else
                last = gen_equal_mem(g, ft, fa, fb);
        }
    }
    return and_end(g, &c, last ? last : gen_bool(g, true));
}

// An interface and a value of concrete type t: equal types, then equal values; nothing is
// allocated.
Value *gen_equal_iface_concrete(Gen *g, Type *iface, Value *x, Type *t, Value *v) {
    And c = {0};
    Value *dyn = gen_dyntype(g, iface, x);
    and_then(g, &c, eq(g, dyn, gen_typeaddr(g, t)));
    Value *data = gen1(g, SSA_IDATA, PTR, x);
    Value *r;
    if (type_is_direct_iface(t))
        r = gen_equal(g, t, gen_from_data_word(g, t, data), v);
    else if (type_fits_registers(t))
        r = gen_equal(g, t, gen_load(g, t, data), v);
    else
        r = gen_equal_mem(g, t, data, gen_spill(g, t, v));
    return and_end(g, &c, r);
}

Value *gen_equal_mixed(Gen *g, Type *ta, Value *a, Type *tb, Value *b) {
    bool ia = type_is_interface(ta), ib = type_is_interface(tb);
    if (ia && !ib) return gen_equal_iface_concrete(g, ta, a, tb, b);
    if (ib && !ia) return gen_equal_iface_concrete(g, tb, b, ta, a);
    if (ia && ib && interface_is_empty(under(ta)) != interface_is_empty(under(tb))) {
        Value *wa = gen_dyntype(g, ta, a), *wb = gen_dyntype(g, tb, b);
        Type *any = types_canonical(type_any);
        return equal_iface(g, any, gen2(g, SSA_IMAKE, any, wa, gen1(g, SSA_IDATA, PTR, a)),
                           gen2(g, SSA_IMAKE, any, wb, gen1(g, SSA_IDATA, PTR, b)));
    }
    if (type_fits_registers(ta)) return gen_equal(g, ta, a, b);
    return gen_equal_mem(g, ta, gen_spill(g, ta, a), gen_spill(g, tb, b));
}

static bool is_nil(const Node *n) {
    if (n->op == N_CONVNOP) return is_nil(n->x);
    return n->op == N_ZERO && type_has_nil(n->type);
}

static Value *equal_nil(Gen *g, Node *x) {
    Value *v = gen_expr(g, x);
    switch (under(x->type)->kind) {
    case T_SLICE: v = gen1(g, SSA_SLICEPTR, PTR, v); break;
    case T_INTERFACE: v = gen1(g, SSA_ITAB, PTR, v); break;
    default: v = gen_copy(g, PTR, v); break;
    }
    return eq(g, v, gen_nil(g));
}

// Can the left operand of a string comparison be a view of bytes? Not if evaluating the right one
// may write to them. The right one always can.
static bool view_is_safe(const Node *y) {
    while (y->op == N_CONVNOP || y->op == N_BYTES2STR) y = y->x;
    while (y->op == N_DOT || y->op == N_DOTPTR) y = y->x;
    return y->op == N_CONST || y->op == N_LOCAL || y->op == N_GLOBAL;
}

static Value *left_string(Gen *g, Node *x, const Node *y) {
    return view_is_safe(y) ? gen_string_view(g, x) : gen_expr(g, x);
}

// nil is told by a single word; what does not fit registers is compared where it stands, and
// strings made of bytes as views of those.
static Value *equal_nodes(Gen *g, Node *x, Node *y) {
    bool ix = type_is_interface(x->type), iy = type_is_interface(y->type);
    if (is_nil(y) && ix == iy) return equal_nil(g, x);
    if (is_nil(x) && ix == iy) return equal_nil(g, y);
    if (!ix && !iy && !type_fits_registers(x->type)) {
        // Both are evaluated before either is read, but reading one must not see what evaluating
        // the other writes.
        Value *pa = gen_value_addr(g, x);
        if (!node_is_pure(y) && y->op != N_STRUCTLIT && y->op != N_ARRAYLIT) {
            bool calls = y->op == N_CALL || y->op == N_CALLINTER || y->op == N_STMTEXPR;
            if (calls) {
                Value *tmp = gen_slotaddr(g, gen_slot(g, x->type));
                gen_move(g, x->type, tmp, pa);
                pa = tmp;
            }
        }
        return gen_equal_mem(g, x->type, pa, gen_value_addr(g, y));
    }
    if (!ix && !iy && type_is_string(x->type)) {
        Value *a = gen_copy(g, BASIC(STRING), left_string(g, x, y));
        return gen_equal(g, BASIC(STRING), a, gen_string_view(g, y));
    }
    Value *a = gen_expr(g, x);
    return gen_equal_mixed(g, x->type, a, y->type, gen_expr(g, y));
}

// An equality that was just made becomes its opposite, instead of one that is negated.
Value *gen_compare(Gen *g, NodeOp op, Node *x, Node *y, Type *t) {
    if (op == N_EQ) return gen_copy(g, t, equal_nodes(g, x, y));
    if (op == N_NE) {
        Value *same = equal_nodes(g, x, y);
        if (same->op != SSA_EQ || same != vec_last(&g->cur->values))
            return gen1(g, SSA_NOT, t, same);
        same->op = SSA_NE;
        same->type = t;
        return same;
    }
    bool str = type_is_string(x->type);
    Value *a = str ? left_string(g, x, y) : gen_expr(g, x);
    Value *b = str ? gen_string_view(g, y) : gen_expr(g, y);
    if (str) {
        a = gen_rt(g, RT_cmpstring, NULL, 2, a, b);
        b = gen_int(g, INT, 0);
    }
    static_assert(SSA_GE - SSA_LT == N_GE - N_LT, "operators in the same order");
    return gen2(g, (SsaOp)(SSA_LT + (op - N_LT)), t, a, b);
}

Value *gen_min_max(Gen *g, bool max, Type *t, Value *a, Value *b) {
    if (type_is_float(t)) return gen2(g, max ? SSA_FMAX : SSA_FMIN, t, a, b);
    Value *x = b, *y = a;
    if (type_is_string(t)) {
        x = gen_rt(g, RT_cmpstring, NULL, 2, b, a);
        y = gen_int(g, INT, 0);
    }
    return gen_choose(g, gen2(g, max ? SSA_GT : SSA_LT, BOOL, x, y), b, a);
}
