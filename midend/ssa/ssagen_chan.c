// ssagen_chan: receiving and select.
#include "midend/ssa/ssagen.h"

Value *gen_recv(Gen *g, Node *n, Value **ok) {
    Type *elem = under(n->x->type)->chan.elem;
    Value *ch = gen_copy(g, PTR, gen_expr(g, n->x));
    Slot *tmp = gen_slot(g, elem);
    if (ok)
        *ok = gen_rt(g, RT_chanrecv2, NULL, 2, ch, gen_slotaddr(g, tmp));
    else
        gen_rt(g, RT_chanrecv1, NULL, 2, ch, gen_slotaddr(g, tmp));
    return gen_slotaddr(g, tmp);
}

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

void gen_select(Gen *g, Node *n) {
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
