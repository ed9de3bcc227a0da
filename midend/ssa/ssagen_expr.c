// ssagen_expr: expressions to values, addresses and stores.
//
// Operands are evaluated left to right as they are met. A value in hand never changes, so an
// operand that is a variable is read where it stands; only memory that does not fit registers is
// addressed in place, and copied to a temporary where something evaluated later could write to it.
#include "midend/ssa/ssagen.h"

Value *gen_spill(Gen *g, Type *t, Value *v) {
    Value *p = gen_slotaddr(g, gen_slot(g, t));
    if (type_size(t)) gen_store(g, p, v);
    return p;
}

// Can nothing happen and nothing be seen changing by when n is evaluated?
bool node_is_pure(const Node *n) {
    switch (n->op) {
    case N_CONST:
    case N_ZERO:
    case N_FUNC:
    case N_TYPEDESC:
    case N_METHODPTR: return true;
    case N_LOCAL:
        return !n->local->heap && !n->local->captured_ref && !n->local->addr_taken &&
               !n->local->by_ref;
    case N_CONVNOP: return node_is_pure(n->x);
    default: return false;
    }
}

// Then it can be read in place, where other values need a slot first. A map's element has no place
// that stays.
bool node_has_memory(const Node *n) {
    switch (n->op) {
    case N_LOCAL:
    case N_GLOBAL:
    case N_DEREF:
    case N_DOTPTR: return true;
    case N_DOT: return node_has_memory(n->x);
    case N_CONVNOP: return !gen_checks_conversion(n) && node_has_memory(n->x);
    case N_INDEX: {
        TypeKind k = under(n->x->type)->kind;
        return k == T_ARRAY ? node_has_memory(n->x) : k != T_STRING;
    }
    case N_STMTEXPR: return node_has_memory(n->x);
    default: return false;
    }
}

// A value that has no memory gets some; what a map or a channel gives has its own.
Value *gen_value_addr(Gen *g, Node *n) {
    if (node_has_memory(n)) return gen_addr(g, n);
    switch (n->op) { // values that come out of memory nobody else writes before they are used
    case N_INDEXMAP: {
        Value *m = gen_expr(g, n->x);
        return gen_map_access(g, under(n->x->type), m,
                              gen_map_key(g, under(n->x->type), n->y, true), NULL);
    }
    case N_RECV: return gen_recv(g, n, NULL);
    case N_DOT:
    case N_INDEX: return gen_addr(g, n); // in memory that holds the whole
    default: break;
    }
    Value *p = gen_slotaddr(g, gen_slot(g, n->type));
    gen_into(g, p, n, true);
    return p;
}

// index -------------------------------------------------------------------------------------------

// An integer of any type as int, or uint where the type is unsigned.
static Value *extend_index(Gen *g, Value *v) {
    Type *t = v->type;
    if (v->op == SSA_CONST) {
        int64_t i;
        if (const_int64_value(v->konst, &i)) return gen_int(g, INT, i);
    }
    return gen_conv(g, type_is_unsigned(t) ? UINT : INT, v);
}

Value *gen_bounds(Gen *g, BoundsKind kind, Value *index, Value *bound) {
    Value *v = gen2(g, SSA_BOUNDS, INT, extend_index(g, index), bound);
    v->bounds = kind;
    return v;
}

static Value *gen_index(Gen *g, Node *n, Value *index, Value *len) {
    int64_t i, k;
    bool known = index->op == SSA_CONST && len->op == SSA_CONST &&
                 const_int64_value(index->konst, &i) && const_int64_value(len->konst, &k) &&
                 0 <= i && i < k;
    if (n->bounded || known || midend_options.no_bounds)
        return gen_copy(g, INT, gen_conv(g, INT, extend_index(g, index)));
    return gen_bounds(g, BOUNDS_INDEX, index, len);
}

// The index is evaluated before a nil array pointer panics, and after the operand, as with gc.
static Value *gen_index_addr(Gen *g, Node *n) {
    Type *t = under(n->x->type);
    switch (t->kind) {
    case T_ARRAY: {
        Value *base = gen_value_addr(g, n->x);
        Value *i = gen_expr(g, n->y);
        return gen_elemaddr(g, t->array.elem, base,
                            gen_index(g, n, i, gen_int(g, INT, t->array.len)));
    }
    case T_POINTER: {
        Type *a = under(t->pointer.elem);
        Value *p = gen_expr(g, n->x);
        Value *i = gen_expr(g, n->y);
        if (!n->nonnil) p = gen_nilcheck(g, p);
        return gen_elemaddr(g, a->array.elem, p, gen_index(g, n, i, gen_int(g, INT, a->array.len)));
    }
    case T_SLICE:
    case T_STRING: {
        Value *s = gen_expr(g, n->x);
        Value *i = gen_expr(g, n->y);
        i = gen_index(g, n, i, gen_len_of(g, s));
        return gen_elemaddr(g, t->kind == T_STRING ? BASIC(UINT8) : t->slice.elem,
                            gen_data_of(g, s), i);
    }
    default: unreachable("index");
    }
}

// addresses ---------------------------------------------------------------------------------------

// Nil and bounds are checked here, where the place is found, not where it is used. What has no
// place gets a slot.
static Value *addr(Gen *g, Node *n) {
    switch (n->op) {
    case N_LOCAL: return gen_local_addr(g, n->local);
    case N_GLOBAL: {
        Value *v = gen0(g, SSA_GLOBALADDR, PTR);
        v->global = n->global;
        return v;
    }
    case N_DEREF: {
        Value *p = gen_expr(g, n->x);
        return n->nonnil ? p : gen_nilcheck(g, p);
    }
    case N_DOT:
        return gen_fieldaddr(g, under(n->x->type), gen_value_addr(g, n->x), (uint32_t)n->field);
    case N_DOTPTR: {
        Value *p = gen_expr(g, n->x);
        if (!n->nonnil) p = gen_nilcheck(g, p);
        return gen_fieldaddr(g, under(under(n->x->type)->pointer.elem), p, (uint32_t)n->field);
    }
    case N_INDEX: return gen_index_addr(g, n);
    case N_CONVNOP: return gen_value_addr(g, n->x);
    case N_STMTEXPR: gen_stmts(g, &n->list); return gen_value_addr(g, n->x);
    default: return gen_value_addr(g, n);
    }
}

Value *gen_addr(Gen *g, Node *n) {
    Pos pos = g->pos;
    if (n->pos) g->pos = n->pos;
    Value *v = addr(g, n);
    g->pos = pos;
    return v;
}

// stores ------------------------------------------------------------------------------------------

static bool zero_unless_covered(Gen *g, Type *t, Value *dst, Node *n) {
    uint32_t present = 0, all;
    if (n->op == N_STRUCTLIT) {
        all = under(t)->strukt.fields.len;
        for (vec_each(Node *, e, &n->list)) present += *e != NULL;
    } else {
        all = (uint32_t)under(t)->array.len;
        present = n->list.len;
    }
    if (present == all) return false;
    gen_zeromem(g, t, dst);
    return true;
}

static bool is_zero_node(const Node *n) {
    if (n->op == N_ZERO) return true;
    if (n->op == N_CONVNOP) return is_zero_node(n->x);
    if (n->op != N_CONST) return false;
    switch (const_kind(n->val)) {
    case CONST_BOOL: return !const_bool_value(n->val);
    case CONST_STRING: return const_string_len(n->val) == 0;
    default: return const_sign(n->val) == 0;
    }
}

bool node_is_zero_literal(const Node *n) {
    if (n->op != N_STRUCTLIT && n->op != N_ARRAYLIT) return n->op == N_ZERO;
    for (vec_each(Node *, e, &n->list))
        if (*e) return false;
    return true;
}

// The bytes of a literal's parts that are not zero.
static int64_t filled(const Node *n) {
    if (n->op == N_CONVNOP) return filled(n->x);
    if (n->op != N_STRUCTLIT && n->op != N_ARRAYLIT)
        return is_zero_node(n) ? 0 : type_size(n->type);
    int64_t sum = 0;
    for (vec_each(Node *, e, &n->list))
        if (*e) sum += filled(n->op == N_ARRAYLIT ? (*e)->y : *e);
    return sum;
}

// A literal's parts, one by one, into memory that is not read meanwhile. What is mostly zero is not
// worth a copy in the program's file.
static void literal_into(Gen *g, Value *dst, Node *n, bool zeroed) {
    enum { MOSTLY = 4 };
    Type *t = under(n->type);
    if (type_size(t) > STATIC_COPY_MIN && filled(n) >= type_size(t) / MOSTLY &&
        static_possible(n, gen_once(g))) {
        gen_move(g, n->type, dst, gen_dataaddr(g, static_data_of(g->u, n, true, gen_once(g))));
        return;
    }
    if (!zeroed) zeroed = zero_unless_covered(g, n->type, dst, n);
    for (uint32_t i = 0; i < n->list.len; i++) {
        Node *e = n->list.data[i];
        Node *v = e && n->op == N_ARRAYLIT ? e->y : e;
        if (!v || (zeroed && is_zero_node(v))) continue;
        Value *at = n->op == N_STRUCTLIT
                        ? gen_fieldaddr(g, t, dst, i)
                        : gen_elemaddr(g, t->array.elem, dst, gen_int(g, INT, e->index));
        if (zeroed)
            gen_fill(g, at, v);
        else
            gen_into(g, at, v, true);
    }
}

// A literal may read what it is assigned to, x = T{x.b, x.a}: unless dst is fresh it is made aside.
static void into(Gen *g, Value *dst, Node *n, bool fresh) {
    if (type_fits_registers(n->type)) {
        Value *v = gen_expr(g, n);
        if (type_size(n->type)) gen_store(g, dst, v);
        return;
    }
    switch (n->op) {
    case N_ZERO: gen_zeromem(g, n->type, dst); return;
    case N_STRUCTLIT:
    case N_ARRAYLIT: {
        if (fresh) {
            literal_into(g, dst, n, false);
            return;
        }
        Value *tmp = gen_slotaddr(g, gen_slot(g, n->type));
        literal_into(g, tmp, n, false);
        gen_move(g, n->type, dst, tmp);
        return;
    }
    case N_CONVNOP: gen_into(g, dst, n->x, fresh); return;
    case N_STMTEXPR:
        gen_stmts(g, &n->list);
        gen_into(g, dst, n->x, fresh);
        return;
    case N_LOCAL:
    case N_GLOBAL:
    case N_DEREF:
    case N_DOT:
    case N_DOTPTR:
    case N_INDEX:
    case N_INDEXMAP:
    case N_RECV: gen_move(g, n->type, dst, gen_value_addr(g, n)); return;
    default: gen_store(g, dst, gen_expr(g, n)); return;
    }
}

void gen_into(Gen *g, Value *dst, Node *n, bool fresh) {
    Pos pos = g->pos;
    if (n->pos) g->pos = n->pos;
    into(g, dst, n, fresh);
    g->pos = pos;
}

void gen_fill(Gen *g, Value *dst, Node *n) {
    Pos pos = g->pos;
    if (n->pos) g->pos = n->pos;
    if (n->op == N_CONVNOP && !type_fits_registers(n->type))
        gen_fill(g, dst, n->x);
    else if ((n->op == N_STRUCTLIT || n->op == N_ARRAYLIT) && !type_fits_registers(n->type))
        literal_into(g, dst, n, true);
    else if (n->op != N_ZERO)
        into(g, dst, n, true);
    g->pos = pos;
}

// operators ---------------------------------------------------------------------------------------

// Counts of any type become unsigned: a negative one panics, and a constant one is known to be
// bounded or not.
static Value *gen_shift(Gen *g, NodeOp op, Type *t, Value *a, Value *b, Node *n) {
    Type *bt = b->type;
    bool bounded = n && n->bounded;
    if (b->op == SSA_CONST) {
        uint64_t k;
        if (!const_uint64_value(b->konst, &k)) k = UINT64_MAX;
        b = gen0(g, SSA_CONST, UINT);
        b->konst = const_uint64(k);
        bounded = k < (uint64_t)type_size(t) * 8;
    } else if (!type_is_unsigned(bt)) {
        if (!bounded)
            gen_panic_when(g, gen2(g, SSA_GE, BOOL, b, gen_int(g, bt, 0)), false, RT_panicshift);
        static const TypeKind unsigned_of[] = {T_UINT8, T_UINT16, 0, T_UINT32, 0, 0, 0, T_UINT64};
        b = gen1(g, SSA_CONV, types_basic[unsigned_of[type_size(bt) - 1]], b);
    }
    Value *v = gen2(g, op == N_SHL ? SSA_SHL : SSA_SHR, t, a, b);
    v->bounded = bounded;
    return v;
}

static Value *complex_div(Gen *g, Type *t, Value *a, Value *b) {
    Type *c = BASIC(COMPLEX128);
    Value *v = gen_rt(g, RT_complex128div, c, 2, gen_conv(g, c, a), gen_conv(g, c, b));
    return gen_conv(g, t, v);
}

// A division by zero panics before it, unless the divisor is a constant or n, which may be NULL,
// says that it was proved.
Value *gen_binary(Gen *g, NodeOp op, Type *t, Value *a, Value *b, Node *n) {
    TypeKind k = under(t)->kind;
    if (op == N_SHL || op == N_SHR) return gen_shift(g, op, t, a, b, n);
    if (op == N_ANDAND) return gen2(g, SSA_AND, t, a, b);
    if (op == N_OROR) return gen2(g, SSA_OR, t, a, b);
    if (k == T_STRING)
        return gen_copy(g, t, gen_rt(g, RT_concatstring2, NULL, 3, gen_nil(g), a, b));
    if (k == T_COMPLEX64 || k == T_COMPLEX128) {
        if (op == N_DIV) return complex_div(g, t, a, b);
    } else if ((op == N_DIV || op == N_REM) && type_is_integer(t)) {
        bool nonzero = b->op == SSA_CONST && const_sign(b->konst) != 0;
        if (!nonzero && !(n && n->bounded))
            gen_panic_when(g, gen2(g, SSA_NE, BOOL, b, gen_int(g, t, 0)), false, RT_panicdivide);
    }
    static_assert(SSA_ANDNOT - SSA_ADD == N_ANDNOT - N_ADD, "operators in the same order");
    return gen2(g, (SsaOp)(SSA_ADD + (op - N_ADD)), t, a, b);
}

// Without a value for && and ||: each operand is a branch, which facts are drawn from.
void gen_cond(Gen *g, Node *n, Block *yes, Block *no) {
    Pos pos = g->pos;
    if (n->pos) g->pos = n->pos;
    switch (n->op) {
    case N_ANDAND:
    case N_OROR: {
        Block *rest = gen_block(g);
        gen_cond(g, n->x, n->op == N_ANDAND ? rest : yes, n->op == N_ANDAND ? no : rest);
        gen_enter(g, rest);
        gen_cond(g, n->y, yes, no);
        break;
    }
    case N_NOT: gen_cond(g, n->x, no, yes); break;
    case N_CONST: gen_goto(g, const_bool_value(n->val) ? yes : no); break;
    default: gen_if(g, gen_expr(g, n), yes, no, 0); break;
    }
    g->pos = pos;
}

static Value *gen_logical(Gen *g, Node *n) {
    bool is_and = n->op == N_ANDAND;
    Block *rest = gen_block(g), *decided = gen_block(g), *join = gen_block(g);
    gen_cond(g, n->x, is_and ? rest : decided, is_and ? decided : rest);
    gen_enter(g, decided);
    Value *fixed = gen_bool(g, !is_and);
    gen_goto(g, join);
    gen_enter(g, rest);
    Value *b = gen_expr(g, n->y);
    gen_flow_into(g, join);
    return gen_phi2(g, n->type, fixed, b);
}

Value *gen_string_view(Gen *g, Node *n) {
    Node *x = n;
    while (x->op == N_CONVNOP) x = x->x;
    if (x->op != N_BYTES2STR) return gen_copy(g, BASIC(STRING), gen_expr(g, n));
    Value *s = gen_expr(g, x->x);
    Value *p = gen1(g, SSA_SLICEPTR, PTR, s);
    return gen2(g, SSA_STRMAKE, BASIC(STRING), p, gen1(g, SSA_SLICELEN, INT, s));
}

// One call of the runtime for a whole chain, so that memory is allocated once.
static Value *gen_addstr(Gen *g, Node *n) {
    uint32_t k = n->list.len;
    Value **v = NEW_ARRAY(Value *, k);
    // A concatenation may give back its only non-empty operand: bytes may be viewed only where a
    // constant makes two of them.
    bool view = false, calls = false;
    for (uint32_t i = 0; i < k; i++) {
        Node *e = n->list.data[i];
        if (e->op == N_CONST && const_string_len(e->val))
            view = true;
        else if (!node_is_pure(e) && e->op != N_BYTES2STR)
            calls = true;
    }
    for (uint32_t i = 0; i < k; i++) {
        Node *e = n->list.data[i];
        v[i] = view && !calls ? gen_string_view(g, e) : gen_copy(g, BASIC(STRING), gen_expr(g, e));
    }
    if (k == 1) return gen_copy(g, n->type, v[0]);
    Value *r, *buf = gen_result_buffer(g, n);
    if (k == 2)
        r = gen_rt(g, RT_concatstring2, NULL, 3, buf, v[0], v[1]);
    else if (k == 3)
        r = gen_rt(g, RT_concatstring3, NULL, 4, buf, v[0], v[1], v[2]);
    else {
        Slot *s = gen_slot(g, types_canonical(type_array(BASIC(STRING), k)));
        for (uint32_t i = 0; i < k; i++)
            gen_store(g, gen_elemaddr(g, BASIC(STRING), gen_slotaddr(g, s), gen_int(g, INT, i)),
                      v[i]);
        r = gen_rt(g, RT_concatstrings, NULL, 3, buf, gen_slotaddr(g, s), gen_int(g, INT, k));
    }
    return gen_copy(g, n->type, r);
}

static Value *gen_const(Gen *g, Node *n) {
    if (const_kind(n->val) == CONST_STRING)
        return gen_copy(g, n->type, gen_string(g, const_string_value(n->val)));
    Value *v = gen0(g, SSA_CONST, n->type);
    v->konst = n->val;
    return v;
}

// A struct that lives in registers: x.f takes x apart instead of addressing it, so that x's slot
// can be promoted.
static bool in_registers(const Node *x) {
    if (!type_fits_registers(x->type)) return false;
    if (x->op == N_LOCAL)
        return !x->local->heap && !x->local->addr_taken && !x->local->captured_ref &&
               !x->local->by_ref;
    if (x->op == N_DOT) return in_registers(x->x);
    return !node_has_memory(x);
}

bool gen_struct_in_registers(const Node *x) { return in_registers(x); }

static Value *gen_dot(Gen *g, Node *n) {
    if (!in_registers(n->x)) return gen_load(g, n->type, gen_addr(g, n));
    Value *s = gen_expr(g, n->x);
    Value *v = gen1(g, SSA_FIELD, n->type, s);
    v->field = n->field;
    return v;
}

// Values in the order of fields; zeros after all of them, as they have no effects.
static Value *gen_structlit(Gen *g, Node *n) {
    Type *t = under(n->type);
    uint32_t k = t->strukt.fields.len;
    Value **f = NEW_ARRAY(Value *, k);
    for (uint32_t i = 0; i < k; i++) {
        Node *e = i < n->list.len ? n->list.data[i] : NULL;
        f[i] = e ? gen_expr(g, e) : NULL;
    }
    for (uint32_t i = 0; i < k; i++)
        if (!f[i]) f[i] = gen_zero(g, t->strukt.fields.data[i]->type);
    Value *v = ssa_new_value(g->cur, SSA_STRUCTMAKE, n->type, g->pos, k);
    v->inl = g->inl;
    if (k) memcpy(v->args, f, k * sizeof *f);
    vec_push(&g->cur->values, v);
    return v;
}

static Value *gen_convnum(Gen *g, Node *n) {
    Value *v = gen_expr(g, n->x);
    return gen_conv(g, n->type, v);
}

// Types that don't fit registers are made in memory and loaded whole: such a load is a copy from
// there, never a value put together.
static Value *expr(Gen *g, Node *n) {
    if (op_is_arith(n->op)) {
        Value *a = gen_expr(g, n->x);
        return gen_binary(g, n->op, n->type, a, gen_expr(g, n->y), n);
    }
    if (op_is_compare(n->op)) return gen_compare(g, n->op, n->x, n->y, n->type);
    switch ((NodeOp)n->op) {
    case N_CONST: return gen_const(g, n);
    case N_ZERO: return gen_zero(g, n->type);
    case N_LOCAL:
    case N_GLOBAL:
    case N_DEREF:
    case N_DOTPTR: return gen_load(g, n->type, gen_addr(g, n));
    case N_INDEX: return gen_load(g, n->type, gen_addr(g, n));
    case N_DOT: return gen_dot(g, n);
    case N_FUNC: return gen_func(g, SSA_FUNCVAL, n->type, n->func);
    case N_CLOSURE: return gen_closure(g, n);
    case N_ADDR: return gen_copy(g, n->type, gen_addr_of(g, n));
    case N_INDEXMAP: return gen_load(g, n->type, gen_value_addr(g, n));
    case N_SLICE: return gen_slice_expr(g, n);
    case N_NEG: return gen1(g, SSA_NEG, n->type, gen_expr(g, n->x));
    case N_NOT: return gen1(g, SSA_NOT, n->type, gen_expr(g, n->x));
    case N_COM: return gen1(g, SSA_COM, n->type, gen_expr(g, n->x));
    case N_ADDSTR: return gen_addstr(g, n);
    case N_ANDAND:
    case N_OROR: return gen_logical(g, n);
    case N_CALL:
    case N_CALLINTER: return gen_call(g, n);
    case N_STMTEXPR: gen_stmts(g, &n->list); return gen_expr(g, n->x);
    case N_CONVNOP: {
        if (!type_fits_registers(n->type)) return gen_load(g, n->type, gen_value_addr(g, n->x));
        return gen_convnop(g, n);
    }
    case N_CONVNUM: return gen_convnum(g, n);
    case N_CONVIFACE: return gen_conviface(g, n);
    case N_ASSERT: return gen_assert(g, n, NULL);
    case N_STRUCTLIT:
        if (type_fits_registers(n->type)) return gen_structlit(g, n);
        return gen_load(g, n->type, gen_value_addr(g, n));
    case N_ARRAYLIT:
        if (type_fits_registers(n->type)) return gen_zero(g, n->type);
        return gen_load(g, n->type, gen_value_addr(g, n));
    case N_SLICELIT: return gen_slicelit(g, n);
    case N_MAPLIT: return gen_maplit(g, n);
    case N_LEN:
    case N_CAP: return gen_len(g, n);
    case N_STR2BYTES:
    case N_BYTES2STR:
    case N_STR2RUNES:
    case N_RUNES2STR:
    case N_RUNE2STR:
    case N_SLICE2ARR:
    case N_SLICE2ARRPTR:
    case N_APPEND:
    case N_APPENDSLICE:
    case N_COPY:
    case N_MAKESLICE:
    case N_MAKEMAP:
    case N_MAKECHAN:
    case N_UNSAFEADD:
    case N_UNSAFESLICE:
    case N_UNSAFESTRING:
    case N_SLICEDATA:
    case N_STRINGDATA: return gen_builtin(g, n);
    case N_MOVE2HEAP: return gen_move2heap(g, n);
    case N_NEW: return gen_new(g, n);
    case N_RECOVER: {
        Value *frame = gen0(g, SSA_FRAMEADDR, PTR);
        frame->level = 1 + n->frames; // 1: who called this function
        return gen_copy(g, n->type, gen_rt(g, RT_gorecover, NULL, 1, frame));
    }
    case N_MIN:
    case N_MAX: {
        Value **v = NEW_ARRAY(Value *, n->list.len);
        for (uint32_t i = 0; i < n->list.len; i++) v[i] = gen_expr(g, n->list.data[i]);
        Value *r = v[0];
        for (uint32_t i = 1; i < n->list.len; i++)
            r = gen_min_max(g, n->op == N_MAX, n->type, r, v[i]);
        return r;
    }
    case N_REAL: return gen1(g, SSA_REAL, n->type, gen_expr(g, n->x));
    case N_IMAG: return gen1(g, SSA_IMAG, n->type, gen_expr(g, n->x));
    case N_COMPLEX: {
        Value *re = gen_expr(g, n->x);
        return gen2(g, SSA_COMPLEXMAKE, n->type, re, gen_expr(g, n->y));
    }
    case N_RECV: return gen_load(g, n->type, gen_recv(g, n, NULL));
    case N_TYPEDESC: return gen_copy(g, n->type, gen_typeaddr(g, n->target));
    case N_ITABDATA: return gen_copy(g, n->type, gen1(g, SSA_IDATA, PTR, gen_expr(g, n->x)));
    case N_DEFERFRAME: {
        Value *p = gen_slotaddr(g, g->frame);
        gen_rt(g, RT_deferlink, NULL, 1, p);
        return gen_copy(g, n->type, p);
    }
    case N_METHODPTR: return gen_func(g, SSA_CODEADDR, n->type, n->func);
    default: ice("ssagen: expression %s", n->op < N_OP_COUNT ? node_op_text[n->op] : "?");
    }
}

Value *gen_expr(Gen *g, Node *n) {
    Pos pos = g->pos;
    struct InlCall *inl = g->inl;
    if (n->pos) {
        g->pos = n->pos;
        g->inl = n->inl;
    }
    Value *v = expr(g, n);
    g->pos = pos;
    g->inl = inl;
    return v;
}
