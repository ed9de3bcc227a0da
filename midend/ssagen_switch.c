// ssagen_switch: switch, select and range.
//
// Constant cases of an integer switch become SWITCH blocks, constant strings are first told apart by length. A range evaluates its
// operand once; its hidden index is a temporary of its own, so assignments to the loop variables don't disturb it.
#include "midend/ssagen.h"

// switch -----------------------------------------------------------------------------------------------------------------

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
    Value *same = s.len ? gen_rt(g, RT_memequal, NULL, 3, p, gen1(g, SSA_STRPTR, PTR, lit), gen_int(g, INT, (int64_t)s.len))
                        : gen_bool(g, true);
    gen_if(g, same, c->body, next, 0);
    gen_enter(g, next);
}

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
        if (!n->x && type_is_interface(v->type)) {
            Value *same = gen_equal_iface_concrete(g, v->type, gen_expr(g, v), BOOL, gen_bool(g, true));
            gen_if(g, same, cases.data[i].body, next, 0);
        } else if (!n->x)
            gen_cond(g, v, cases.data[i].body, next);
        else {
            Value *same;
            if (v->op == N_ZERO && type_has_nil(n->x->type) && type_is_interface(v->type) == type_is_interface(n->x->type)) {
                Value *w = under(n->x->type)->kind == T_INTERFACE ? gen1(g, SSA_ITAB, PTR, t)
                           : under(n->x->type)->kind == T_SLICE   ? gen1(g, SSA_SLICEPTR, PTR, t)
                                                                  : gen_copy(g, PTR, t);
                same = gen2(g, SSA_EQ, BOOL, w, gen_nil(g));
            } else if (mem && !type_is_interface(v->type)) {
                same = gen_equal_mem(g, n->x->type, mem, gen_value_addr(g, v));
            } else {
                same = gen_equal_mixed(g, n->x->type, t, v->type, gen_expr(g, v));
            }
            gen_if(g, same, cases.data[i].body, next, 0);
        }
        gen_enter(g, next);
        i++;
    }
    gen_goto(g, dflt ? dflt : done);
    vec_push(&g->targets, ((Target){n, done, NULL}));
    for (uint32_t i = 0; i < n->list.len; i++) {
        Node *c = n->list.data[i];
        gen_enter(g, bodies.data[i]);
        gen_stmts(g, &c->body);
        gen_goto(g, c->index == 1 && i + 1 < n->list.len ? bodies.data[i + 1] : done);
    }
    (void)vec_pop(&g->targets);
    gen_enter(g, done);
}

// select -----------------------------------------------------------------------------------------------------------------

typedef struct Comm {
    Node *node;
    Block *body;
    Value *chan, *elem;
    uint32_t order; // among the scases
} Comm;

static void bind(Gen *g, Node *target, Value *v) {
    gen_declare_local(g, target->local, false);
    gen_store(g, gen_local_addr(g, target->local), gen_copy(g, target->local->type, v));
}

static void gen_comm_body(Gen *g, Comm *c, Value *ok, Block *done) {
    Node *n = c->node;
    if (n->x && n->x->op == N_RECV) {
        Type *elem = under(n->x->x->type)->chan.elem;
        if (n->list.len > 0 && n->list.data[0]) {
            Local *l = n->list.data[0]->local;
            gen_declare_local(g, l, false);
            gen_move(g, elem, gen_local_addr(g, l), c->elem);
        }
        if (n->list.len > 1 && n->list.data[1]) bind(g, n->list.data[1], ok);
    }
    gen_stmts(g, &n->body);
    gen_goto(g, done);
}

static void comm_operands(Gen *g, Comm *c) {
    Node *x = c->node->x;
    c->chan = gen_copy(g, PTR, gen_expr(g, x->x));
    Type *elem = under(x->x->type)->chan.elem;
    Slot *s = gen_slot(g, elem);
    if (x->op == N_SEND) {
        c->elem = gen_slotaddr(g, s);
        gen_into(g, c->elem, x->y, true);
    } else {
        c->elem = gen_slotaddr(g, s);
    }
}

void gen_select_stmt(Gen *g, Node *n) {
    Block *done = gen_block(g);
    Comm *comms = NEW_ARRAY(Comm, n->list.len + 1);
    Comm *dflt = NULL;
    uint32_t count = 0, nsend = 0, nrecv = 0;
    vec_push(&g->targets, ((Target){n, done, NULL}));
    for (vec_each(Node *, cp, &n->list)) {
        Comm *c = &comms[count++];
        c->node = *cp;
        if (!(*cp)->x)
            dflt = c;
        else if ((*cp)->x->op == N_SEND)
            nsend++;
        else
            nrecv++;
    }
    if (nsend + nrecv == 0) {
        if (dflt)
            gen_comm_body(g, dflt, NULL, done);
        else {
            gen_rt(g, RT_block, NULL, 0);
            gen_exit(g);
            gen_goto(g, done);
        }
        goto end;
    }
    for (uint32_t i = 0; i < count; i++)
        if (comms[i].node->x) g->pos = comms[i].node->pos ? comms[i].node->pos : g->pos, comm_operands(g, &comms[i]);
    if (nsend + nrecv == 1) {
        Comm *c = dflt == &comms[0] ? &comms[1] : &comms[0];
        bool send = c->node->x->op == N_SEND;
        Value *ok = NULL;
        if (!dflt) {
            if (send)
                gen_rt(g, RT_chansend1, NULL, 2, c->chan, c->elem);
            else if (c->node->list.len > 1 && c->node->list.data[1])
                ok = gen_rt(g, RT_chanrecv2, NULL, 2, c->chan, c->elem);
            else
                gen_rt(g, RT_chanrecv1, NULL, 2, c->chan, c->elem);
            gen_comm_body(g, c, ok, done);
            goto end;
        }
        Value *hit;
        if (send)
            hit = gen_rt(g, RT_selectnbsend, NULL, 2, c->chan, c->elem);
        else {
            Value *both = gen_rt(g, RT_selectnbrecv, NULL, 2, c->elem, c->chan);
            hit = gen_result(g, both, 0);
            ok = gen_result(g, both, 1);
        }
        Block *yes = gen_block(g), *no = gen_block(g);
        gen_if(g, hit, yes, no, 0);
        gen_enter(g, yes);
        gen_comm_body(g, c, ok, done);
        gen_enter(g, no);
        gen_comm_body(g, dflt, NULL, done);
        goto end;
    }
    {
        Type *scase = types_canonical(type_array(PTR, 2));
        Slot *cases = gen_slot(g, types_canonical(type_array(scase, nsend + nrecv)));
        uint32_t s = 0, r = nsend;
        for (uint32_t i = 0; i < count; i++) {
            Comm *c = &comms[i];
            if (!c->node->x) continue;
            c->order = c->node->x->op == N_SEND ? s++ : r++;
            Value *p = gen_ptradd(g, gen_slotaddr(g, cases), (int64_t)c->order * (int64_t)sizeof(AbiScase));
            gen_store(g, p, c->chan);
            gen_store(g, gen_ptradd(g, p, offsetof(AbiScase, elem)), c->elem);
        }
        g->pos = n->pos;
        Value *v = gen_rt(g, RT_selectgo, NULL, 4, gen_slotaddr(g, cases), gen_int(g, INT, nsend), gen_int(g, INT, nrecv),
                          gen_bool(g, !dflt));
        Value *index = gen_result(g, v, 0), *ok = gen_result(g, v, 1);
        Block *b = g->cur, *other = gen_block(g);
        b->kind = BLOCK_SWITCH;
        b->control = index;
        ssa_edge(b, other);
        for (uint32_t i = 0; i < count; i++) {
            Comm *c = &comms[i];
            if (!c->node->x) continue;
            c->body = gen_block(g);
            vec_push(&b->cases, c->order);
            ssa_edge(b, c->body);
        }
        for (uint32_t i = 0; i < count; i++) {
            Comm *c = &comms[i];
            if (c == dflt) continue;
            gen_enter(g, c->body);
            gen_comm_body(g, c, ok, done);
        }
        gen_enter(g, other);
        if (dflt)
            gen_comm_body(g, dflt, NULL, done);
        else {
            gen_exit(g);
            gen_goto(g, done);
        }
    }
end:
    (void)vec_pop(&g->targets);
    gen_enter(g, done);
}

// range ------------------------------------------------------------------------------------------------------------------

typedef struct Loop {
    Node *node;
    Local *key, *value;
    Block *head, *body, *post, *done;
} Loop;

static Loop loop_begin(Gen *g, Node *n) {
    Loop l = {.node = n};
    if (n->list.len > 0 && n->list.data[0]) l.key = n->list.data[0]->local;
    if (n->list.len > 1 && n->list.data[1]) l.value = n->list.data[1]->local;
    l.head = gen_block(g), l.body = gen_block(g), l.post = gen_block(g), l.done = gen_block(g);
    return l;
}

static void set_local(Gen *g, Local *l, Value *v) {
    gen_declare_local(g, l, false);
    if (type_size(l->type)) gen_store(g, gen_local_addr(g, l), gen_copy(g, l->type, v));
}

static void move_local(Gen *g, Local *l, Value *src) {
    gen_declare_local(g, l, false);
    gen_move(g, l->type, gen_local_addr(g, l), src);
}

static void loop_body(Gen *g, Loop *l) {
    vec_push(&g->targets, ((Target){l->node, l->done, l->post}));
    g->loops++;
    gen_stmts(g, &l->node->body);
    g->loops--;
    (void)vec_pop(&g->targets);
    gen_goto(g, l->post);
    gen_enter(g, l->post);
}

// for key := range n, and the index loops of arrays and slices: 0 … n-1.
static void range_counted(Gen *g, Loop *l, Value *n, Value *base, Type *elem) {
    Type *t = n->type;
    Slot *i = gen_slot(g, t);
    gen_store(g, gen_slotaddr(g, i), gen_int(g, t, 0));
    gen_goto(g, l->head);
    gen_enter(g, l->head);
    Value *k = gen_load(g, t, gen_slotaddr(g, i));
    gen_if(g, gen2(g, SSA_LT, BOOL, k, n), l->body, l->done, 1);
    gen_enter(g, l->body);
    if (l->key)
        set_local(g, l->key, k->type == l->key->type || !type_is_integer(l->key->type) ? k : gen_conv(g, l->key->type, k));
    if (l->value) move_local(g, l->value, gen_elemaddr(g, elem, base, k));
    loop_body(g, l);
    Value *next = gen2(g, SSA_ADD, t, gen_load(g, t, gen_slotaddr(g, i)), gen_int(g, t, 1));
    gen_store(g, gen_slotaddr(g, i), next);
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

static void range_string(Gen *g, Loop *l, Value *s) {
    Slot *pos = gen_slot(g, INT), *after = gen_slot(g, INT);
    Value *len = gen1(g, SSA_STRLEN, INT, s);
    gen_store(g, gen_slotaddr(g, pos), gen_int(g, INT, 0));
    gen_goto(g, l->head);
    gen_enter(g, l->head);
    Value *i = gen_load(g, INT, gen_slotaddr(g, pos));
    gen_if(g, gen2(g, SSA_LT, BOOL, i, len), l->body, l->done, 1);
    gen_enter(g, l->body);
    Value *next;
    Value *r = gen_decoderune(g, s, i, &next);
    gen_store(g, gen_slotaddr(g, after), next);
    if (l->key) set_local(g, l->key, i);
    if (l->value) set_local(g, l->value, r);
    loop_body(g, l);
    gen_store(g, gen_slotaddr(g, pos), gen_load(g, INT, gen_slotaddr(g, after)));
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

static void range_map(Gen *g, Loop *l, Value *m) {
    Slot *it = gen_slot(g, types_canonical(type_array(PTR, ABI_MAP_ITER_WORDS)));
    gen_zeromem(g, it->type, gen_slotaddr(g, it));
    gen_rt(g, RT_mapIterStart, NULL, 3, gen_typeaddr(g, l->node->x->type), gen_copy(g, PTR, m), gen_slotaddr(g, it));
    gen_goto(g, l->head);
    gen_enter(g, l->head);
    Value *key = gen_load(g, PTR, gen_slotaddr(g, it));
    gen_if(g, gen2(g, SSA_NE, BOOL, key, gen_nil(g)), l->body, l->done, 1);
    gen_enter(g, l->body);
    if (l->key) move_local(g, l->key, key);
    if (l->value) move_local(g, l->value, gen_load(g, PTR, gen_ptradd(g, gen_slotaddr(g, it), 8)));
    loop_body(g, l);
    gen_rt(g, RT_mapIterNext, NULL, 1, gen_slotaddr(g, it));
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

static void range_chan(Gen *g, Loop *l, Type *chan, Value *c) {
    Slot *tmp = gen_slot(g, chan->chan.elem);
    gen_goto(g, l->head);
    gen_enter(g, l->head);
    Value *ok = gen_rt(g, RT_chanrecv2, NULL, 2, gen_copy(g, PTR, c), gen_slotaddr(g, tmp));
    gen_if(g, ok, l->body, l->done, 1);
    gen_enter(g, l->body);
    if (l->key) move_local(g, l->key, gen_slotaddr(g, tmp));
    loop_body(g, l);
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

void gen_range(Gen *g, Node *n) {
    Loop l = loop_begin(g, n);
    Type *t = under(n->x->type);
    switch (t->kind) {
    case T_ARRAY: {
        Value *base = NULL;
        if (l.value) { // over a copy, unless nobody else can write to it
            bool temporary = !node_is_addressable(n->x);
            base = gen_value_addr(g, n->x);
            if (!temporary) {
                Value *copy = gen_slotaddr(g, gen_slot(g, n->x->type));
                gen_move(g, n->x->type, copy, base);
                base = copy;
            }
        } else
            gen_value_addr(g, n->x);
        range_counted(g, &l, gen_int(g, INT, t->array.len), base, t->array.elem);
        return;
    }
    case T_POINTER: {
        Type *a = under(t->pointer.elem);
        Value *p = gen_expr(g, n->x);
        if (l.value && a->array.len) p = gen_nilcheck(g, p);
        range_counted(g, &l, gen_int(g, INT, a->array.len), p, a->array.elem);
        return;
    }
    case T_SLICE: {
        if (n->x->op == N_STR2BYTES) { // over the string's own bytes
            Value *s = gen_expr(g, n->x->x);
            Value *base = gen1(g, SSA_STRPTR, PTR, s);
            range_counted(g, &l, gen1(g, SSA_STRLEN, INT, s), base, t->slice.elem);
            return;
        }
        Value *s = gen_expr(g, n->x);
        Value *base = gen1(g, SSA_SLICEPTR, PTR, s);
        range_counted(g, &l, gen1(g, SSA_SLICELEN, INT, s), base, t->slice.elem);
        return;
    }
    case T_STRING: range_string(g, &l, gen_expr(g, n->x)); return;
    case T_MAP: range_map(g, &l, gen_expr(g, n->x)); return;
    case T_CHAN: range_chan(g, &l, t, gen_expr(g, n->x)); return;
    default: range_counted(g, &l, gen_expr(g, n->x), NULL, NULL); return;
    }
}
