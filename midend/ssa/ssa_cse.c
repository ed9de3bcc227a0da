// ssa_cse: one value for equal values.
//
// In: an ordered, promoted function. Out: the same with dominated duplicates of pure operations,
// loads, nil checks and bounds checks gone. One walk over the dominator tree with a scoped table:
// what is in the table dominates the block at hand. Loads are equal while no write can come between
// them: states of memory are numbered, a new one after each write and where different ones meet; a
// store tells what a load gives.
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

typedef struct Entry {
    uint64_t hash;
    Value *value;    // what it was made of
    Value *result;   // the one to use
    uint64_t memory; // loads: the state they read
    struct Entry *next;
    uint32_t bucket;
} Entry;

typedef struct Cse {
    SsaFunc *f;
    Value **repl;
    uint32_t nrepl;
    Entry **buckets;
    uint32_t mask;
    Vec(Entry *) undo;
    // By block id; SETJMP is a write: what follows its second return reads anew.
    uint64_t *memory_in;
} Cse;

static Value *resolve(Cse *c, Value *v) { return ssa_resolve(c->repl, c->nrepl, v); }

static uint64_t mix(uint64_t h, uint64_t x) {
    h ^= x + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
    return h * 0xff51afd7ed558ccdu;
}

// Operands that may change places are looked at in one order.
static const Value *operand(const Value *v, uint32_t i) {
    bool swap = i < 2 && ssa_is(v, OP_COMMUTES) && v->args[0]->id > v->args[1]->id;
    return v->args[swap ? 1 - i : i];
}

// The row's field: values without one have NULL there.
static uint64_t field_key(const Value *v) {
    return v->op == SSA_CONST    ? const_hash(v->konst)
           : v->op == SSA_STRING ? hash_bytes(v->str.p, v->str.len, 0)
                                 : (uintptr_t)v->t;
}

static uint64_t hash_value(const Value *v) {
    uint64_t h = mix(v->op, (uintptr_t)v->type);
    h = mix(h, (uint64_t)v->i);
    for (uint32_t i = 0; i < v->nargs; i++) h = mix(h, operand(v, i)->id);
    return mix(h, field_key(v));
}

static bool same_value(const Value *a, const Value *b) {
    if (a->op != b->op || a->type != b->type || a->i != b->i || a->nargs != b->nargs ||
        a->bounded != b->bounded)
        return false;
    for (uint32_t i = 0; i < a->nargs; i++)
        if (operand(a, i) != operand(b, i)) return false;
    // Floats: -0 and 0 are equal constants to nobody here, since a Const has no -0.
    switch ((SsaOp)a->op) {
    case SSA_CONST: return const_equal_value(a->konst, b->konst);
    case SSA_STRING: return str_eq(a->str, b->str);
    default: return a->t == b->t;
    }
}

// Folds the length and pointer of what was just put together.
static Value *part_of(Value *v) {
    Value *x = v->nargs == 1 ? v->args[0] : NULL;
    if (!x) return NULL;
    switch (v->op) {
    case SSA_STRPTR: return x->op == SSA_STRMAKE ? x->args[0] : NULL;
    case SSA_STRLEN: return x->op == SSA_STRMAKE ? x->args[1] : NULL;
    case SSA_SLICEPTR: return x->op == SSA_SLICEMAKE ? x->args[0] : NULL;
    case SSA_SLICELEN: return x->op == SSA_SLICEMAKE ? x->args[1] : NULL;
    case SSA_SLICECAP: return x->op == SSA_SLICEMAKE ? x->args[2] : NULL;
    case SSA_ITAB: return x->op == SSA_IMAKE ? x->args[0] : NULL;
    case SSA_IDATA: return x->op == SSA_IMAKE ? x->args[1] : NULL;
    case SSA_FIELD:
        return x->op == SSA_STRUCTMAKE && x->args[v->field]->type == v->type ? x->args[v->field]
                                                                             : NULL;
    default: return NULL;
    }
}

// states of memory --------------------------------------------------------------------------------

static uint64_t state_after(const Block *b, uint32_t writes) {
    return ((uint64_t)b->id + 1) << 32 | writes;
}

// By iteration until nothing changes: in a loop the state at the head depends on the one at its
// end.
static uint64_t *memory_states(const SsaFunc *f) {
    uint32_t n = f->blocks.len;
    uint64_t *in = calloc(n + 1, sizeof *in), *out = calloc(n + 1, sizeof *out);
    uint32_t *writes = calloc(n + 1, sizeof *writes);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values)) writes[(*b)->id] += ssa_writes_memory(*v);
    in[0] = 1;
    for (bool changed = true; changed;) { // 0: not known yet
        changed = false;
        for (vec_each(Block *, bp, &f->blocks)) {
            Block *b = *bp;
            uint64_t x = in[b->id];
            for (vec_each(Block *, p, &b->preds)) {
                uint64_t y = out[(*p)->id];
                if (y && x && x != y)
                    x = state_after(b, UINT32_MAX); // different ones meet
                else if (y)
                    x = y;
            }
            uint64_t y = writes[b->id] ? state_after(b, writes[b->id]) : x;
            changed = changed || x != in[b->id] || y != out[b->id];
            in[b->id] = x;
            out[b->id] = y;
        }
    }
    FREE_ALL(out, writes);
    return in;
}

// The value in the table for v, or NULL; adds v (giving result) if it is not there.
static Value *find_or_add(Cse *c, Value *v, Value *result, uint64_t memory) {
    uint64_t h = mix(hash_value(v), memory);
    Entry **bucket = &c->buckets[h & c->mask], *e = *bucket;
    while (e && !(e->hash == h && e->memory == memory && same_value(e->value, v))) e = e->next;
    if (e) return e->result;
    e = NEW(Entry);
    *e = (Entry){h, v, result, memory, *bucket, (uint32_t)(h & c->mask)};
    *bucket = e;
    vec_push(&c->undo, e);
    return NULL;
}

// What is stored is what a load of its type gives.
static void forward_store(Cse *c, Value *store, uint64_t memory) {
    Value *load = NEW(Value);
    *load = (Value){.op = SSA_LOAD, .type = store->args[1]->type, .nargs = 1, .args = store->args};
    find_or_add(c, load, store->args[1], memory);
}

// What stands for a check that goes must pass wherever the check would: it dominates it, and is
// equal.
static bool visit(void *pass, Block *b) {
    Cse *c = pass;
    uint32_t n = 0, writes = 0;
    uint64_t memory = c->memory_in[b->id];
    for (uint32_t k = 0; k < b->values.len; k++) {
        Value *v = b->values.data[k];
        if (v->op != SSA_PHI)
            for (uint32_t i = 0; i < v->nargs; i++) v->args[i] = resolve(c, v->args[i]);
        if (v->op == SSA_NOTE) v->args[0] = resolve(c, v->args[0]);
        Value *stand_in = part_of(v);
        if (!stand_in) stand_in = ssa_fold(v);
        if (!stand_in && ssa_is(v, OP_PURE))
            stand_in = find_or_add(c, v, v, 0);
        else if (!stand_in && v->op == SSA_LOAD && !ssa_has_effect(v))
            stand_in = find_or_add(c, v, v, memory);
        if (stand_in) {
            if (v->op == SSA_BOUNDS) prove_say_check(v, true);
            if (v->op == SSA_NILCHECK) prove_say_nil(v);
            if (v->op == SSA_NILCHECK || v->op == SSA_BOUNDS) prove_log_check(NULL, v, stand_in);
            c->repl[v->id] = resolve(c, stand_in);
            continue;
        }
        if (ssa_writes_memory(v)) {
            memory = state_after(b, ++writes);
            if (v->op == SSA_STORE) forward_store(c, v, memory);
        }
        b->values.data[n++] = v;
    }
    b->values.len = n;
    if (b->control) b->control = resolve(c, b->control);
    for (uint32_t i = 0; i < b->results.len; i++)
        b->results.data[i] = resolve(c, b->results.data[i]);
    return true;
}

static void leave(void *pass, uint32_t len) {
    Cse *c = pass;
    while (c->undo.len > len) {
        Entry *e = vec_pop(&c->undo);
        c->buckets[e->bucket] = e->next;
    }
}

// PHIs last: their arguments may be replaced in blocks that come after them.
void ssa_cse(SsaFunc *f) {
    Cse c = {.f = f, .nrepl = f->nvalues};
    c.repl = calloc(f->nvalues + 1, sizeof *c.repl);
    uint32_t size = 64;
    while (size < f->nvalues) size *= 2;
    c.buckets = calloc(size, sizeof *c.buckets);
    c.mask = size - 1;
    c.memory_in = memory_states(f);
    uint32_t *idom = ssa_dominators(f);
    ssa_walk_dominators(f, idom, &c, &c.undo.len, visit, leave);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values)) {
            if ((*v)->op != SSA_PHI) break;
            for (uint32_t i = 0; i < (*v)->nargs; i++) (*v)->args[i] = resolve(&c, (*v)->args[i]);
        }
    FREE_ALL(c.repl, c.buckets, c.memory_in, idom);
}
