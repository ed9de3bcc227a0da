// Graphs made by hand: ordering, promotion and verification.
#include "midend/ssa/ssagen.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static Func *test_func(uint32_t nresults) {
    Func *f = NEW(Func);
    f->name = f->symbol = "test.f";
    for (uint32_t i = 0; i < nresults; i++) vec_push(&f->results, NEW(Local));
    return f;
}

static SsaFunc *new_graph(uint32_t nresults) {
    universe_init();
    SsaFunc *s = NEW(SsaFunc);
    s->func = test_func(nresults);
    return s;
}

static Slot *new_slot(SsaFunc *s, Type *t) {
    Slot *x = NEW(Slot);
    x->name = "x";
    x->type = t;
    x->id = s->slots.len;
    vec_push(&s->slots, x);
    return x;
}

static Value *slot_addr(Block *b, Slot *x) {
    Value *v = ssa_value(b, SSA_SLOTADDR, PTR, 0, 0);
    v->slot = x;
    return v;
}

static Value *int_value(Block *b, int64_t i) {
    Value *v = ssa_value(b, SSA_CONST, INT, 0, 0);
    v->konst = const_int64(i);
    return v;
}

static const char *dump(SsaFunc *s) {
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    dump_ssa(out, s);
    fclose(out);
    return text;
}

// x = 1; if c { x = 2 }; return x
Test(ssa, diamond_gets_a_phi) {
    SsaFunc *s = new_graph(1);
    Slot *x = new_slot(s, INT);
    Block *entry = ssa_block(s, BLOCK_IF), *then = ssa_block(s, BLOCK_PLAIN),
          *join = ssa_block(s, BLOCK_RET);
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, x), int_value(entry, 1));
    entry->control = ssa_value(entry, SSA_ARG, BOOL, 0, 0);
    ssa_edge(entry, then);
    ssa_edge(entry, join);
    ssa_value(then, SSA_STORE, NULL, 0, 2, slot_addr(then, x), int_value(then, 2));
    ssa_edge(then, join);
    vec_push(&join->results, ssa_value(join, SSA_LOAD, INT, 0, 1, slot_addr(join, x)));
    ssa_order(s);
    ssa_verify(s, "test");
    ssa_promote(s);
    ssa_verify(s, "test");
    Block *last = NULL;
    for (vec_each(Block *, b, &s->blocks))
        if ((*b)->kind == BLOCK_RET) last = *b;
    cr_assert_eq(last->results.data[0]->op, SSA_PHI, "%s", dump(s));
    cr_assert_eq(last->values.len, 1, "%s", dump(s));
    cr_assert_eq(s->slots.len, 0);
}

// i = 0; for i < 10 { i = i + 1 }; return i
Test(ssa, loop_gets_a_phi) {
    SsaFunc *s = new_graph(1);
    Slot *x = new_slot(s, INT);
    Block *entry = ssa_block(s, BLOCK_PLAIN), *head = ssa_block(s, BLOCK_IF),
          *body = ssa_block(s, BLOCK_PLAIN), *done = ssa_block(s, BLOCK_RET);
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, x), int_value(entry, 0));
    ssa_edge(entry, head);
    head->control =
        ssa_value(head, SSA_LT, BOOL, 0, 2,
                  ssa_value(head, SSA_LOAD, INT, 0, 1, slot_addr(head, x)), int_value(head, 10));
    ssa_edge(head, body);
    ssa_edge(head, done);
    Value *next =
        ssa_value(body, SSA_ADD, INT, 0, 2,
                  ssa_value(body, SSA_LOAD, INT, 0, 1, slot_addr(body, x)), int_value(body, 1));
    ssa_value(body, SSA_STORE, NULL, 0, 2, slot_addr(body, x), next);
    ssa_edge(body, head);
    vec_push(&done->results, ssa_value(done, SSA_LOAD, INT, 0, 1, slot_addr(done, x)));
    ssa_order(s);
    ssa_promote(s);
    ssa_verify(s, "test");
    uint32_t phis = 0;
    for (vec_each(Block *, b, &s->blocks))
        for (vec_each(Value *, v, &(*b)->values)) {
            phis += (*v)->op == SSA_PHI;
            cr_assert((*v)->op != SSA_LOAD && (*v)->op != SSA_STORE, "%s", dump(s));
        }
    cr_assert_eq(phis, 1, "%s", dump(s));
}

// A slot whose address goes to a call stays in memory; so does one read as another type.
Test(ssa, addressed_slots_stay) {
    SsaFunc *s = new_graph(0);
    Slot *x = new_slot(s, INT), *y = new_slot(s, INT);
    Block *entry = ssa_block(s, BLOCK_RET);
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, x), int_value(entry, 0));
    Value *call = ssa_value(entry, SSA_CALLRT, NULL, 0, 1, slot_addr(entry, x));
    call->rt = RT_deferreturn;
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, y), int_value(entry, 0));
    ssa_value(entry, SSA_LOAD, BASIC(FLOAT64), 0, 1, slot_addr(entry, y));
    ssa_order(s);
    ssa_promote(s);
    ssa_verify(s, "test");
    cr_assert(x->addressed);
    cr_assert(y->addressed);
    cr_assert_eq(s->slots.len, 2);
}

Test(ssa, unreachable_blocks_go_with_their_phi_arguments) {
    SsaFunc *s = new_graph(1);
    Block *entry = ssa_block(s, BLOCK_PLAIN), *dead = ssa_block(s, BLOCK_PLAIN),
          *join = ssa_block(s, BLOCK_RET);
    Value *a = int_value(entry, 1), *b = int_value(dead, 2);
    ssa_edge(dead, join);
    ssa_edge(entry, join);
    Value *phi = ssa_value(join, SSA_PHI, INT, 0, 2, b, a);
    vec_push(&join->results, phi);
    ssa_order(s);
    ssa_verify(s, "test");
    cr_assert_eq(s->blocks.len, 2);
    cr_assert_eq(phi->nargs, 1);
    cr_assert_eq(phi->args[0], a);
}

Test(ssa, dump_is_readable) {
    SsaFunc *s = new_graph(1);
    Block *entry = ssa_block(s, BLOCK_RET);
    Value *sum = ssa_value(entry, SSA_ADD, INT, 0, 2, int_value(entry, 40), int_value(entry, 2));
    vec_push(&entry->results, sum);
    ssa_order(s);
    cr_assert_str_eq(dump(s), "func test.f\n"
                              "  b0:\n"
                              "    v0 = const <int> {40}\n"
                              "    v1 = const <int> {2}\n"
                              "    v2 = add <int> v0 v1\n"
                              "    ret v2\n");
}

// A loop of two values that swap: what each PHI takes from the back edge is the other PHI.
Test(ssa, swapped_variables) {
    SsaFunc *s = new_graph(2);
    Slot *x = new_slot(s, INT), *y = new_slot(s, INT);
    Block *entry = ssa_block(s, BLOCK_PLAIN), *head = ssa_block(s, BLOCK_IF),
          *body = ssa_block(s, BLOCK_PLAIN), *done = ssa_block(s, BLOCK_RET);
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, x), int_value(entry, 1));
    ssa_value(entry, SSA_STORE, NULL, 0, 2, slot_addr(entry, y), int_value(entry, 2));
    ssa_edge(entry, head);
    head->control = ssa_value(head, SSA_ARG, BOOL, 0, 0);
    ssa_edge(head, body);
    ssa_edge(head, done);
    Value *a = ssa_value(body, SSA_LOAD, INT, 0, 1, slot_addr(body, x)),
          *b = ssa_value(body, SSA_LOAD, INT, 0, 1, slot_addr(body, y));
    ssa_value(body, SSA_STORE, NULL, 0, 2, slot_addr(body, x), b);
    ssa_value(body, SSA_STORE, NULL, 0, 2, slot_addr(body, y), a);
    ssa_edge(body, head);
    vec_push(&done->results, ssa_value(done, SSA_LOAD, INT, 0, 1, slot_addr(done, x)));
    vec_push(&done->results, ssa_value(done, SSA_LOAD, INT, 0, 1, slot_addr(done, y)));
    ssa_order(s);
    ssa_promote(s);
    ssa_verify(s, "test");
    Value *px = done->results.data[0], *py = done->results.data[1];
    cr_assert(px->op == SSA_PHI && py->op == SSA_PHI && px != py);
    bool swaps =
        (px->args[0] == py || px->args[1] == py) && (py->args[0] == px || py->args[1] == px);
    cr_assert(swaps, "%s", dump(s));
}

// A ladder of blocks that may all leave for one join, under a loop, and a join of joins.
Test(ssa, dominators) {
    SsaFunc *s = new_graph(0);
    enum { N = 1000 };
    Block *b[N], *join = ssa_block(s, BLOCK_PLAIN), *last = ssa_block(s, BLOCK_RET);
    for (int i = 0; i < N; i++) b[i] = ssa_block(s, BLOCK_IF);
    Block *swap = s->blocks.data[0]; // the entry comes first
    s->blocks.data[0] = b[0];
    s->blocks.data[b[0]->id] = swap;
    swap->id = b[0]->id;
    b[0]->id = 0;
    for (int i = 0; i < N; i++) {
        b[i]->control = ssa_value(b[i], SSA_ARG, BOOL, 0, 0);
        ssa_edge(b[i], i + 1 < N ? b[i + 1] : last);
        ssa_edge(b[i], i % 100 == 50 ? b[i - 20] : join);
    }
    ssa_edge(join, last);
    ssa_order(s);
    uint32_t *idom = ssa_dominators(s);
    cr_assert_eq(idom[b[0]->id], b[0]->id);
    for (int i = 1; i < N; i++) cr_assert_eq(idom[b[i]->id], b[i - 1]->id, "block %d", i);
    cr_assert_eq(idom[join->id], b[0]->id);
    cr_assert_eq(idom[last->id], b[0]->id);
    free(idom);
}
