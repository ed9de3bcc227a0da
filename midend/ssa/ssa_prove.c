// ssa_prove: checks, comparisons and branches whose outcome is known.
//
// In: an ordered, promoted function, after ssa_cse. Out: the same without bounds and nil checks
// that can't fail, with decided comparisons as constants and decided branches gone, shift counts
// marked bounded. One walk down the dominator tree with a table of facts (ssa_facts.h): what
// definitions, passed checks and taken branches tell. What is found is applied after the walk, so
// that facts stay about the values they were stated of.
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

static bool check_passes(Facts *t, Value *v) {
    Value *i = v->args[0];
    return facts_range(t, i).min >= 0 &&
           facts_le(t, i, v->args[1], v->bounds == BOUNDS_INDEX ? -1 : 0);
}

static bool count_bounded(Facts *t, Value *v) {
    return facts_range(t, v->args[1]).max < (Wide)type_size(v->type) * 8;
}

static void find_known(Prove *p, Value **uses, uint32_t n, const Value *user, Pos pos) {
    Facts *t = &p->facts;
    for (uint32_t i = 0; i < n; i++) {
        Value *a = uses[i];
        if (a->op == SSA_CONST || a->op == SSA_ZERO || !type_is_integer(a->type)) continue;
        Range r = facts_range_depth(t, a, 0);
        if (r.min != r.max) continue;
        vec_push(&p->known, ((KnownUse){&uses[i], r.min}));
        prove_say_known(user, i, a, r.min, pos);
    }
}

// Uses are looked at before the value is defined: what its own check tells holds only afterwards.
static void visit_value(Prove *p, Value *v) {
    Facts *t = &p->facts;
    if (v->op != SSA_PHI && v->op != SSA_KEEPALIVE) find_known(p, v->args, v->nargs, v, v->pos);
    switch ((SsaOp)v->op) {
    case SSA_BOUNDS: p->proved[v->id] = check_passes(t, v); break;
    case SSA_NILCHECK: p->proved[v->id] = facts_is_nonnil(t, v->args[0]); break;
    case SSA_SHL:
    case SSA_SHR:
        if (!v->bounded && count_bounded(t, v)) v->bounded = true;
        break;
    default: break;
    }
    if (p->proved[v->id] && v->op == SSA_BOUNDS) prove_say_check(v, true);
    if (p->proved[v->id] && v->op == SSA_NILCHECK) prove_say_nil(v);
    if (p->proved[v->id])
        prove_log_check(t, v, NULL);
    else
        prove_log_kept(t, v);
    prove_say_value(t, v);
    prove_find_rewrite(p, v);
    facts_define(t, v);
    if (v->op == SSA_BOUNDS && t->contradiction) prove_say_check(v, false);
}

// For each edge the facts that it alone brings are stated, given to the PHIs there, and taken back.
static void visit(Prove *p, Block *b) {
    Facts *t = &p->facts;
    if (b->preds.len == 1) facts_edge(t, b->preds.data[0], b);
    if (t->contradiction) {
        p->dead[b->id] = 1;
        Block *from = b->preds.data[0];
        if (from->kind == BLOCK_IF)
            prove_say_branch(from->control, from->succs.data[0] != b, from->pos);
        return;
    }
    uint32_t k = 0;
    for (; k < b->values.len && b->values.data[k]->op == SSA_PHI; k++)
        facts_define(t, b->values.data[k]);
    if (k) prove_induction(p, b);
    for (; k < b->values.len && !t->contradiction; k++) visit_value(p, b->values.data[k]);
    if (t->contradiction) return;
    find_known(p, b->results.data, b->results.len, NULL, b->pos);
    if (b->kind == BLOCK_IF && b->succs.data[0] != b->succs.data[1])
        p->branch[b->id] = (int8_t)facts_decide(t, b->control);
    if (p->branch[b->id] >= 0) prove_say_branch(b->control, p->branch[b->id], b->pos);
    for (vec_each(Block *, s, &b->succs)) {
        if (!(*s)->values.len || (*s)->values.data[0]->op != SSA_PHI) continue;
        uint32_t mark = facts_mark(t);
        facts_edge(t, b, *s);
        facts_phi_edge(t, b, *s);
        facts_undo(t, mark);
    }
}

// b goes on to its k-th successor only.
static void keep_successor(Block *b, uint32_t k) {
    Block *kept = b->succs.data[k];
    for (uint32_t i = 0; i < b->succs.len; i++)
        if (i != k) ssa_remove_pred(b->succs.data[i], b);
    b->succs.data[0] = kept;
    b->succs.len = 1;
    b->cases.len = 0;
    b->kind = BLOCK_PLAIN;
    b->control = NULL;
}

// The successor that a block always goes on to, or -1. Two edges to one block stay, since PHIs tell
// them apart.
static int only_successor(const Prove *p, const Block *b) {
    if (b->kind == BLOCK_SWITCH) {
        Wide k;
        if (!ssa_const_value(b->control, &k)) return -1;
        uint32_t way = 0;
        for (uint32_t i = 0; i < b->cases.len && !way; i++)
            if (b->cases.data[i] == (int64_t)k) way = i + 1;
        for (uint32_t i = 0; i < b->succs.len; i++)
            if (i != way && b->succs.data[i] == b->succs.data[way]) return -1;
        return (int)way;
    }
    if (b->kind != BLOCK_IF || b->succs.data[0] == b->succs.data[1]) return -1;
    if (p->branch[b->id] >= 0) return !p->branch[b->id];
    for (int k = 0; k < 2; k++)
        if (b->succs.data[k]->preds.len == 1 && p->dead[b->succs.data[k]->id]) return !k;
    return -1;
}

// The value that a proved check stands for: the index, as int.
static void apply_value(Prove *p, Value *v) {
    if (v->id >= p->facts.n) return;
    if (p->proved[v->id]) {
        p->removed++;
        v->nargs = 1;
        v->i = 0;
        if (v->args[0]->type == v->type) p->repl[v->id] = v->args[0];
        v->op =
            type_is_unsigned(v->type) != type_is_unsigned(v->args[0]->type) ? SSA_CONV : SSA_COPY;
        return;
    }
    if (!facts_tracks(v->type) || v->op == SSA_CONST || v->op == SSA_PHI || v->op == SSA_ARG ||
        ssa_has_effect(v))
        return;
    Range r = p->facts.range[v->id];
    if (r.min == r.max) ssa_into_const(v, r.min);
}

// Constants stand in the entry, which dominates every use.
static void apply_known(Prove *p) {
    if (!p->known.len) return;
    Block *entry = p->facts.f->blocks.data[0];
    uint32_t n = p->known.len, old = entry->values.len;
    for (vec_each(KnownUse, u, &p->known)) {
        Value *k = ssa_new_value(entry, SSA_CONST, (*u->use)->type, 0, 0);
        ssa_into_const(k, u->k);
        *u->use = k;
        vec_push(&entry->values, k);
    }
    Value **values = malloc(sizeof *values * (n + old));
    memcpy(values, entry->values.data + old, n * sizeof *values);
    memcpy(values + n, entry->values.data, old * sizeof *values);
    memcpy(entry->values.data, values, (n + old) * sizeof *values);
    free(values);
}

// Changes wait until the walk is over, since facts are kept by value and block.
static void apply(Prove *p) {
    SsaFunc *f = p->facts.f;
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values)) apply_value(p, *v);
    ssa_replace_uses(f, p->repl, p->facts.n);
    apply_known(p);
    prove_apply_rewrites(p);
    bool changed = false;
    for (vec_each(Block *, b, &f->blocks)) {
        int way = only_successor(p, *b);
        if (way < 0) continue;
        keep_successor(*b, (uint32_t)way);
        changed = true;
    }
    if (changed) ssa_order(f);
}

// What a block that can't be reached dominates is never reached.
static bool enter(void *pass, Block *b) {
    Prove *p = pass;
    visit(p, b);
    return !p->facts.contradiction || b == p->facts.f->blocks.data[0];
}

static void leave(void *pass, uint32_t len) { facts_undo(&((Prove *)pass)->facts, len); }

// Facts of a block are taken back when the walk leaves it, down to the mark made on entry.
void ssa_prove(SsaFunc *f) {
    uint32_t n = f->blocks.len;
    Prove p = {0};
    p.idom = ssa_dominators(f);
    facts_init(&p.facts, f, p.idom);
    p.proved = calloc(f->nvalues + 1, 1);
    p.repl = calloc(f->nvalues + 1, sizeof *p.repl);
    p.dead = calloc(n + 1, 1);
    p.branch = malloc(n + 1);
    memset(p.branch, -1, n + 1);
    prove_say_variables(&p.facts);
    ssa_walk_dominators(f, p.idom, &p, &p.facts.undo.len, enter, leave);
    apply(&p);
    facts_free(&p.facts);
    FREE_ALL(p.idom, p.proved, p.repl, p.dead, p.branch);
}
