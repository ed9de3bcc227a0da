// ssa_dce: drops what nobody uses.
//
// In: an ordered function. Out: the same without values that have no effect and no use, and without
// PHIs that choose between one value and themselves. Checks, calls, stores and everything that can
// panic are roots; loads are not (their nil check is a value of its own).
#include "midend/ssa/passes.h"

#include <stdlib.h>

// The one value that a PHI can be, or NULL.
static Value *phi_single(Value *phi) {
    Value *one = NULL;
    for (uint32_t i = 0; i < phi->nargs; i++) {
        Value *a = phi->args[i];
        if (a == phi || a == one) continue;
        if (one) return NULL;
        one = a;
    }
    return one;
}

// One round of many: what a PHI stands for may make another one simple. PHIs lead their blocks.
static bool simplify_phis(SsaFunc *f, Value **repl) {
    bool changed = false;
    for (vec_each(Block *, b, &f->blocks)) {
        for (vec_each(Value *, v, &(*b)->values)) {
            if ((*v)->op != SSA_PHI) break;
            if (repl[(*v)->id]) continue;
            for (uint32_t i = 0; i < (*v)->nargs; i++)
                (*v)->args[i] = ssa_resolve(repl, f->nvalues, (*v)->args[i]);
            Value *one = phi_single(*v);
            if (one) {
                repl[(*v)->id] = one;
                changed = true;
            }
        }
    }
    return changed;
}

// What effects and ends of blocks need is live; a cycle of PHIs that only need each other is not.
void ssa_dce(SsaFunc *f) {
    Value **repl = calloc(f->nvalues + 1, sizeof *repl);
    bool any = false;
    for (int round = 0; round < 4 && simplify_phis(f, repl); round++) any = true;
    if (any) ssa_replace_uses(f, repl, f->nvalues);
    uint8_t *live = calloc(f->nvalues + 1, 1);
    Vec(Value *) work = {0};
#define LIVE(x) (live[(x)->id] ? (void)0 : (void)(live[(x)->id] = 1, vec_push(&work, (x))))
    for (vec_each(Block *, b, &f->blocks)) {
        for (vec_each(Value *, v, &(*b)->values))
            if (ssa_has_effect(*v) || (*v)->op == SSA_NOTE) LIVE(*v);
        if ((*b)->control) LIVE((*b)->control);
        for (vec_each(Value *, v, &(*b)->results)) LIVE(*v);
    }
    while (work.len) {
        Value *v = vec_pop(&work);
        for (uint32_t i = 0; i < v->nargs; i++) LIVE(v->args[i]);
    }
#undef LIVE
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        uint32_t n = 0;
        for (uint32_t i = 0; i < b->values.len; i++)
            if (live[b->values.data[i]->id]) b->values.data[n++] = b->values.data[i];
        b->values.len = n;
    }
    FREE_ALL(repl, live);
}
