// ssagen_range: a range evaluates its operand once; its hidden index is a temporary of its own, so
// assignments to the loop variables don't disturb it.
#include "midend/ssa/ssagen.h"

typedef struct Loop {
    Node *node;
    Local *key, *value;
    Block *head, *body, *post, *done;
} Loop;

static Loop loop_begin(Gen *g, Node *n) {
    Loop l = {.node = n};
    if (n->list.len > 0 && n->list.data[0]) l.key = n->list.data[0]->local;
    if (n->list.len > 1 && n->list.data[1]) l.value = n->list.data[1]->local;
    l.head = gen_block(g);
    l.body = gen_block(g);
    l.post = gen_block(g);
    l.done = gen_block(g);
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
    gen_stmts(g, &l->node->body);
    (void)vec_pop(&g->targets);
    gen_flow_into(g, l->post);
}

// for key := range n, and the index loops of arrays and slices: 0 … n-1.
static void range_counted(Gen *g, Loop *l, Value *n, Value *base, Type *elem) {
    Type *t = n->type;
    Slot *i = gen_slot(g, t);
    gen_store(g, gen_slotaddr(g, i), gen_int(g, t, 0));
    gen_flow_into(g, l->head);
    Value *k = gen_load(g, t, gen_slotaddr(g, i));
    gen_if(g, gen2(g, SSA_LT, BOOL, k, n), l->body, l->done, 1);
    gen_enter(g, l->body);
    if (l->key)
        set_local(g, l->key,
                  k->type == l->key->type || !type_is_integer(l->key->type)
                      ? k
                      : gen_conv(g, l->key->type, k));
    if (l->value) move_local(g, l->value, gen_elemaddr(g, elem, base, k));
    loop_body(g, l);
    Value *next = gen2(g, SSA_ADD, t, gen_load(g, t, gen_slotaddr(g, i)), gen_int(g, t, 1));
    gen_store(g, gen_slotaddr(g, i), next);
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

// pos is hidden, as the body may assign to the key. The next position waits in a slot of its own
// until the body is done.
static void range_string(Gen *g, Loop *l, Value *s) {
    Slot *pos = gen_slot(g, INT), *after = gen_slot(g, INT);
    Value *len = gen1(g, SSA_STRLEN, INT, s);
    gen_store(g, gen_slotaddr(g, pos), gen_int(g, INT, 0));
    gen_flow_into(g, l->head);
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

// The iterator is internal/runtime/maps.Iter, in the frame. Pointers to key and element are its
// first words; a nil key is the end.
static void range_map(Gen *g, Loop *l, Value *m) {
    Slot *it = gen_slot(g, types_canonical(type_array(PTR, ABI_MAP_ITER_WORDS)));
    gen_zeromem(g, it->type, gen_slotaddr(g, it));
    gen_rt(g, RT_mapIterStart, NULL, 3, gen_typeaddr(g, l->node->x->type), gen_copy(g, PTR, m),
           gen_slotaddr(g, it));
    gen_flow_into(g, l->head);
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
    gen_flow_into(g, l->head);
    Value *ok = gen_rt(g, RT_chanrecv2, NULL, 2, gen_copy(g, PTR, c), gen_slotaddr(g, tmp));
    gen_if(g, ok, l->body, l->done, 1);
    gen_enter(g, l->body);
    if (l->key) move_local(g, l->key, gen_slotaddr(g, tmp));
    loop_body(g, l);
    gen_goto(g, l->head);
    gen_enter(g, l->done);
}

// An array is copied only if elements are wanted: then the loop must not see what the body writes.
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
        bool bytes = n->x->op == N_STR2BYTES; // then over the string's own
        Value *s = gen_expr(g, bytes ? n->x->x : n->x);
        Value *base = gen_data_of(g, s);
        range_counted(g, &l, gen_len_of(g, s), base, t->slice.elem);
        return;
    }
    case T_STRING: range_string(g, &l, gen_expr(g, n->x)); return;
    case T_MAP: range_map(g, &l, gen_expr(g, n->x)); return;
    case T_CHAN: range_chan(g, &l, t, gen_expr(g, n->x)); return;
    default: range_counted(g, &l, gen_expr(g, n->x), NULL, NULL); return;
    }
}
