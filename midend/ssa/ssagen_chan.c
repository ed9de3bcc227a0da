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
    c->elem = gen_slotaddr(g, gen_slot(g, elem));
    if (x->op == N_SEND) gen_into(g, c->elem, x->y, true);
}

typedef struct Select {
    Node *node;
    Comm *comms, *dflt;
    uint32_t count, nsend, nrecv; // of comms, with the default; of those that send, that receive
    Block *done;
} Select;

// A single operation is just that; beside a default it is tried, without the runtime's work for
// many.
static void select_one(Gen *g, const Select *s) {
    Comm *c = s->dflt == &s->comms[0] ? &s->comms[1] : &s->comms[0];
    Value *ok = NULL;
    if (!s->dflt) {
        if (s->nsend)
            gen_rt(g, RT_chansend1, NULL, 2, c->chan, c->elem);
        else if (c->node->list.len > 1 && c->node->list.data[1])
            ok = gen_rt(g, RT_chanrecv2, NULL, 2, c->chan, c->elem);
        else
            gen_rt(g, RT_chanrecv1, NULL, 2, c->chan, c->elem);
        gen_comm_body(g, c, ok, s->done);
        return;
    }
    Value *hit;
    if (s->nsend)
        hit = gen_rt(g, RT_selectnbsend, NULL, 2, c->chan, c->elem);
    else {
        Value *both = gen_rt(g, RT_selectnbrecv, NULL, 2, c->elem, c->chan);
        hit = gen_result(g, both, 0);
        ok = gen_result(g, both, 1);
    }
    Block *yes = gen_block(g), *no = gen_block(g);
    gen_if(g, hit, yes, no, 0);
    gen_enter(g, yes);
    gen_comm_body(g, c, ok, s->done);
    gen_enter(g, no);
    gen_comm_body(g, s->dflt, NULL, s->done);
}

// What follows when no case was chosen: the default, or nothing, as the runtime waits.
static void select_default(Gen *g, const Select *s) {
    if (s->dflt) {
        gen_comm_body(g, s->dflt, NULL, s->done);
        return;
    }
    gen_exit(g);
    gen_goto(g, s->done);
}

// An array of cases for the runtime, the sends first, as selectgo wants them; its answer is the
// place of the one chosen there.
static void select_many(Gen *g, const Select *s) {
    Type *scase = types_canonical(type_array(PTR, 2));
    Slot *cases = gen_slot(g, types_canonical(type_array(scase, s->nsend + s->nrecv)));
    uint32_t sends = 0, recvs = s->nsend;
    for (uint32_t i = 0; i < s->count; i++) {
        Comm *c = &s->comms[i];
        if (c == s->dflt) continue;
        c->order = c->node->x->op == N_SEND ? sends++ : recvs++;
        Value *p =
            gen_ptradd(g, gen_slotaddr(g, cases), (int64_t)c->order * (int64_t)sizeof(AbiScase));
        gen_store(g, p, c->chan);
        gen_store(g, gen_ptradd(g, p, offsetof(AbiScase, elem)), c->elem);
    }
    g->pos = s->node->pos;
    Value *v = gen_rt(g, RT_selectgo, NULL, 4, gen_slotaddr(g, cases), gen_int(g, INT, s->nsend),
                      gen_int(g, INT, s->nrecv), gen_bool(g, !s->dflt));
    Value *index = gen_result(g, v, 0), *ok = gen_result(g, v, 1);
    Block *b = g->cur, *other = gen_block(g);
    b->kind = BLOCK_SWITCH;
    b->control = index;
    ssa_edge(b, other);
    for (uint32_t i = 0; i < s->count; i++) {
        Comm *c = &s->comms[i];
        if (c == s->dflt) continue;
        c->body = gen_block(g);
        vec_push(&b->cases, c->order);
        ssa_edge(b, c->body);
    }
    for (uint32_t i = 0; i < s->count; i++) {
        if (&s->comms[i] == s->dflt) continue;
        gen_enter(g, s->comms[i].body);
        gen_comm_body(g, &s->comms[i], ok, s->done);
    }
    gen_enter(g, other);
    select_default(g, s);
}

// Channels and values are evaluated in the source's order, whichever case is chosen then.
void gen_select(Gen *g, Node *n) {
    Select s = {.node = n, .done = gen_block(g), .comms = NEW_ARRAY(Comm, n->list.len)};
    vec_push(&g->targets, ((Target){n, s.done, NULL}));
    for (vec_each(Node *, cp, &n->list)) {
        Comm *c = &s.comms[s.count++];
        c->node = *cp;
        if (!(*cp)->x)
            s.dflt = c;
        else if ((*cp)->x->op == N_SEND)
            s.nsend++;
        else
            s.nrecv++;
    }
    for (uint32_t i = 0; i < s.count; i++) {
        if (!s.comms[i].node->x) continue;
        if (s.comms[i].node->pos) g->pos = s.comms[i].node->pos;
        comm_operands(g, &s.comms[i]);
    }
    if (s.nsend + s.nrecv > 1)
        select_many(g, &s);
    else if (s.nsend + s.nrecv == 1)
        select_one(g, &s);
    else {
        if (!s.dflt) gen_rt(g, RT_block, NULL, 0);
        select_default(g, &s);
    }
    (void)vec_pop(&g->targets);
    gen_enter(g, s.done);
}
