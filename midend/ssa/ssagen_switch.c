// ssagen_switch: constant cases of an integer switch become SWITCH blocks, constant strings are
// first told apart by length.
#include "midend/ssa/ssagen.h"

typedef struct CaseRef {
    Node *value;
    Block *body;
} CaseRef;
typedef Vec(CaseRef) CaseVec;

static bool const_int_case(const Node *tag, const Node *v, int64_t *out) {
    if (v->op != N_CONST || !type_is_integer(tag->type) || !type_is_integer(v->type)) return false;
    uint64_t u;
    if (const_int64_value(v->val, out)) return true;
    if (!const_uint64_value(v->val, &u)) return false;
    *out = (int64_t)u;
    return true;
}

static bool const_string_case(const Node *tag, const Node *v) {
    return v->op == N_CONST && type_is_string(tag->type) && const_kind(v->val) == CONST_STRING;
}

// cases[from, to) are integer constants: one SWITCH block, then on to next.
static void switch_ints(Gen *g, Node *tag, Value *t, CaseVec *cases, uint32_t from, uint32_t to) {
    Block *b = g->cur, *next = gen_block(g);
    b->kind = BLOCK_SWITCH;
    b->control = t;
    ssa_edge(b, next);
    for (uint32_t i = from; i < to; i++) {
        int64_t v = 0;
        const_int_case(tag, cases->data[i].value, &v);
        bool seen = false; // the first of equal ones wins
        if (to - from < 64)
            for (uint32_t k = 0; k < b->cases.len && !seen; k++) seen = b->cases.data[k] == v;
        if (seen) continue;
        vec_push(&b->cases, v);
        ssa_edge(b, cases->data[i].body);
    }
    gen_enter(g, next);
}

static void test_string(Gen *g, Value *t, CaseRef *c) {
    Block *next = gen_block(g);
    g->pos = c->value->pos ? c->value->pos : g->pos;
    Str s = const_string_value(c->value->val);
    Value *p = gen1(g, SSA_STRPTR, PTR, t);
    Value *lit = gen_string(g, s);
    Value *same = s.len ? gen_rt(g, RT_memequal, NULL, 3, p, gen1(g, SSA_STRPTR, PTR, lit),
                                 gen_int(g, INT, (int64_t)s.len))
                        : gen_bool(g, true);
    gen_if(g, same, c->body, next, 0);
    gen_enter(g, next);
}

// By length first, which is one jump; strings of one length are then compared in turn.
static void switch_strings(Gen *g, Value *t, CaseVec *cases, uint32_t from, uint32_t to) {
    Value *len = gen1(g, SSA_STRLEN, INT, t);
    Block *b = g->cur, *next = gen_block(g);
    b->kind = BLOCK_SWITCH;
    b->control = len;
    ssa_edge(b, next);
    PtrMap heads = {0};      // length + 1 -> block that tests strings of that length
    Vec(Block *) open = {0}; // its end so far
    for (uint32_t i = from; i < to; i++) {
        int64_t n = (int64_t)const_string_len(cases->data[i].value->val);
        uintptr_t k = (uintptr_t)ptrmap_get(&heads, (void *)(uintptr_t)(n + 1));
        if (!k) {
            Block *first = gen_block(g);
            vec_push(&b->cases, n);
            ssa_edge(b, first);
            vec_push(&open, first);
            k = open.len;
            ptrmap_put(&heads, (void *)(uintptr_t)(n + 1), (void *)k);
        }
        gen_enter(g, open.data[k - 1]);
        test_string(g, t, &cases->data[i]);
        open.data[k - 1] = g->cur;
    }
    for (vec_each(Block *, o, &open)) {
        gen_enter(g, *o);
        gen_goto(g, next);
    }
    gen_enter(g, next);
}

// A single comparison, for what no run of constants takes: t is the tag, mem where it stands if
// that is no register.
static void one_case(Gen *g, const Node *n, Value *t, Value *mem, const CaseRef *c, Block *next) {
    Node *v = c->value;
    Value *same;
    if (!n->x && !type_is_interface(v->type)) {
        gen_cond(g, v, c->body, next);
        return;
    }
    if (!n->x)
        same = gen_equal_iface_concrete(g, v->type, gen_expr(g, v), BOOL, gen_bool(g, true));
    else if (v->op == N_ZERO && type_has_nil(n->x->type) &&
             type_is_interface(v->type) == type_is_interface(n->x->type)) {
        Value *w = under(n->x->type)->kind == T_INTERFACE ? gen1(g, SSA_ITAB, PTR, t)
                   : under(n->x->type)->kind == T_SLICE   ? gen1(g, SSA_SLICEPTR, PTR, t)
                                                          : gen_copy(g, PTR, t);
        same = gen2(g, SSA_EQ, BOOL, w, gen_nil(g));
    } else if (mem && !type_is_interface(v->type))
        same = gen_equal_mem(g, n->x->type, mem, gen_value_addr(g, v));
    else
        same = gen_equal_mixed(g, n->x->type, t, v->type, gen_expr(g, v));
    gen_if(g, same, c->body, next, 0);
}

// Cases are tried in order; runs of constants among them become one dispatch.
void gen_switch(Gen *g, Node *n) {
    Block *done = gen_block(g), *dflt = NULL;
    Value *t = NULL, *mem = NULL;
    if (n->x) {
        bool constants = type_is_string(n->x->type);
        for (vec_each(Node *, c, &n->list))
            for (vec_each(Node *, v, &(*c)->list)) constants = constants && (*v)->op == N_CONST;
        t = constants ? gen_string_view(g, n->x) : gen_expr(g, n->x);
        if (!type_fits_registers(n->x->type)) mem = gen_spill(g, n->x->type, t);
    }
    CaseVec cases = {0};
    Vec(Block *) bodies = {0};
    for (vec_each(Node *, c, &n->list)) {
        Block *body = gen_block(g);
        vec_push(&bodies, body);
        if ((*c)->is_default) dflt = body;
        for (vec_each(Node *, v, &(*c)->list)) vec_push(&cases, ((CaseRef){*v, body}));
    }
    for (uint32_t i = 0; i < cases.len;) {
        Node *v = cases.data[i].value;
        uint32_t k = i;
        int64_t unused;
        if (v->pos) g->pos = v->pos;
        if (n->x) {
            while (k < cases.len && const_int_case(n->x, cases.data[k].value, &unused)) k++;
            if (k > i + 1) {
                switch_ints(g, n->x, t, &cases, i, k);
                i = k;
                continue;
            }
            for (k = i; k < cases.len && const_string_case(n->x, cases.data[k].value);) k++;
            if (k > i + 1) {
                switch_strings(g, t, &cases, i, k);
                i = k;
                continue;
            }
        }
        Block *next = gen_block(g);
        one_case(g, n, t, mem, &cases.data[i], next);
        gen_enter(g, next);
        i++;
    }
    gen_goto(g, dflt ? dflt : done);
    vec_push(&g->targets, ((Target){n, done, NULL}));
    for (uint32_t i = 0; i < n->list.len; i++) {
        Node *c = n->list.data[i];
        gen_enter(g, bodies.data[i]);
        gen_stmts(g, &c->body);
        gen_goto(g, c->falls_through && i + 1 < n->list.len ? bodies.data[i + 1] : done);
    }
    (void)vec_pop(&g->targets);
    gen_enter(g, done);
}
