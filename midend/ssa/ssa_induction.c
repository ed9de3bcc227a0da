// ssa_induction: what holds of a loop's variables in every iteration.
//
// A variable is a PHI of the loop's header; what it becomes is its argument from the edges back,
// computed under the conditions that dominate these edges. It starts with the arguments from
// outside. If every step only adds to it, and can't wrap under those conditions, it is never less
// than it was at the start; in the same way for steps that only take away. Values and facts inside
// the loop that are used here are those of one iteration, facts about values from outside hold
// throughout.
#include "midend/ssa/ssa_prove.h"

#include <stdlib.h>

enum { MAX_LATCHES = 8, MAX_CHAIN = 128, MAX_PHIS = 64 };

typedef struct Bound {
    Value *value;
    Wide k;
} Bound;

typedef struct Variable {
    Value *phi;
    bool up, down; // every step adds, takes away (or leaves) something
    Wide stride;   // every step is a multiple of this; 0: unknown
    Range start, next;
    Value *init;              // the only start, or NULL
    Bound above[4], below[4]; // next <= value + k, next >= value + k at the edge back
    uint32_t nabove, nbelow;
} Variable;

// The conditions that dominate the end of latch, from header h on.
static void latch_facts(Prove *p, Block *h, Block *latch) {
    Block *chain[MAX_CHAIN + 1];
    uint32_t n = 0;
    for (Block *b = latch; b != h && n < MAX_CHAIN; b = p->facts.f->blocks.data[p->idom[b->id]])
        chain[n++] = b;
    chain[n++] = h;
    while (n--)
        if (chain[n] != h && chain[n]->preds.len == 1)
            facts_edge(&p->facts, chain[n]->preds.data[0], chain[n]);
    facts_edge(&p->facts, latch, h);
}

static Wide gcd(Wide a, Wide b) {
    if (a < 0) a = -a;
    if (b < 0) b = -b;
    while (b) {
        Wide r = a % b;
        a = b;
        b = r;
    }
    return a;
}

// Follows next down to the variable: which way do the steps go?
static bool steps(Facts *t, Variable *x, Value *next, int depth) {
    next = facts_same(next);
    if (next == x->phi) return true;
    if (depth <= 0) return false;
    Value *a = next->nargs ? next->args[0] : NULL, *b = next->nargs > 1 ? next->args[1] : NULL;
    Range r;
    switch ((SsaOp)next->op) {
    case SSA_PHI:
        for (uint32_t i = 0; i < next->nargs; i++)
            if (facts_same(next->args[i]) == next || !steps(t, x, next->args[i], depth - 1))
                return false;
        return next->nargs > 0;
    case SSA_ADD:
        if (facts_same(b) == x->phi) {
            Value *c = a;
            a = b;
            b = c;
        }
        if (!facts_exact(t, next, 3) || !steps(t, x, a, depth - 1)) return false;
        r = facts_range(t, b);
        if (r.min < 0) x->up = false;
        if (r.max > 0) x->down = false;
        break;
    case SSA_SUB:
        if (!facts_exact(t, next, 3) || !steps(t, x, a, depth - 1)) return false;
        r = facts_range(t, b);
        if (r.max > 0) x->up = false;
        if (r.min < 0) x->down = false;
        break;
    case SSA_SHR:
    case SSA_DIV:
    case SSA_AND: // toward zero
        if (facts_range(t, a).min < 0 || facts_range(t, b).min < 0 || !steps(t, x, a, depth - 1))
            return false;
        x->up = false;
        x->stride = -1;
        return true;
    default: return false;
    }
    x->stride = r.min == r.max && x->stride >= 0 ? gcd(x->stride, r.min) : -1;
    return true;
}

// Is v the same in every iteration of the loop that h heads?
static bool outside(const Facts *t, const Value *v, const Block *h) {
    if (v->op == SSA_SLICELEN || v->op == SSA_STRLEN || v->op == SSA_SLICECAP) v = v->args[0];
    return v->block != h && facts_dominates(t, v->block, h);
}

// Bounds by values from outside the loop that the variable's next value has at the edge back.
static void outer_bounds(Prove *p, Variable *x, Block *h, Value *next) {
    Facts *t = &p->facts;
    x->nabove = x->nbelow = 0;
    if (facts_same(next)->nargs != 2 || facts_same(facts_same(next)->args[0]) != x->phi ||
        !facts_exact(t, facts_same(next), 3))
        return;
    Range step = facts_range(t, facts_same(next)->args[1]);
    if (facts_same(next)->op == SSA_SUB)
        step = (Range){-step.max, -step.min};
    else if (facts_same(next)->op != SSA_ADD)
        return;
    uint32_t tries = 8;
    for (uint32_t e = t->out[x->phi->id]; e && tries-- && x->nabove < 4;
         e = t->edges.data[e - 1].next) {
        Edge *g = &t->edges.data[e - 1];
        Value *n = t->value[g->value];
        if (outside(t, n, h)) x->above[x->nabove++] = (Bound){n, g->k + step.max};
    }
    tries = 8;
    for (uint32_t e = t->in [x->phi->id]; e && tries-- && x->nbelow < 4;
         e = t->edges.data[e - 1].next) {
        Edge *g = &t->edges.data[e - 1]; // value <= phi + k
        Value *n = t->value[g->value];
        if (outside(t, n, h)) x->below[x->nbelow++] = (Bound){n, step.min - g->k};
    }
}

// A bound by another value holds in every iteration if it does for the first and the only way back
// keeps it.
static void state_variable(Facts *t, Variable *x, bool one_latch) {
    Value *phi = x->phi;
    Range whole = facts_type_range(phi->type);
    if (x->stride > 1 && x->init && x->start.min == x->start.max)
        t->stride[phi->id] = (Stride){x->start.min, x->stride};
    facts_limit(t, phi, range_join(x->start, x->next));
    if (x->up) {
        facts_limit(t, phi, (Range){x->start.min, whole.max});
        if (x->init) facts_state_le(t, x->init, phi, 0);
    }
    if (x->down) {
        facts_limit(t, phi, (Range){whole.min, x->start.max});
        if (x->init) facts_state_le(t, phi, x->init, 0);
    }
    if (!one_latch || !x->init) return;
    for (uint32_t i = 0; i < x->nabove; i++)
        if (facts_le(t, x->init, x->above[i].value, x->above[i].k))
            facts_state_le(t, phi, x->above[i].value, x->above[i].k);
    for (uint32_t i = 0; i < x->nbelow; i++)
        if (facts_le(t, x->below[i].value, x->init, -x->below[i].k))
            facts_state_le(t, x->below[i].value, phi, -x->below[i].k);
}

// What comes in from outside: several entries have one initial value only if they agree.
static uint32_t find_variables(Prove *p, Block *h, Variable *vars, const bool *back) {
    uint32_t n = 0;
    for (vec_each(Value *, v, &h->values)) {
        if ((*v)->op != SSA_PHI || n == MAX_PHIS) break;
        if (!type_is_integer((*v)->type) || (*v)->id >= p->facts.n) continue;
        Variable *x = &vars[n++];
        *x = (Variable){.phi = *v};
        bool first = true;
        for (uint32_t i = 0; i < (*v)->nargs; i++) {
            if (back[i]) continue;
            Value *init = facts_same((*v)->args[i]);
            Range r = p->facts.phi_edges[p->facts.phi_first[(*v)->id] + i];
            x->start = first ? r : range_join(x->start, r);
            x->init = first || x->init == init ? init : NULL;
            first = false;
        }
    }
    return n;
}

// One pass over the ways back, by what is known so far of the variables; what it finds may help
// another pass.
static void round_of(Prove *p, Block *h, Variable *vars, uint32_t n, const bool *back) {
    Facts *t = &p->facts;
    uint32_t latches = 0;
    for (uint32_t k = 0; k < n; k++) {
        vars[k].up = vars[k].down = true;
        vars[k].stride = 0;
    }
    for (uint32_t i = 0; i < h->preds.len; i++) {
        if (!back[i]) continue;
        uint32_t mark = facts_mark(t);
        latch_facts(p, h, h->preds.data[i]);
        bool taken = !t->contradiction;
        for (uint32_t k = 0; k < n && taken; k++) {
            Variable *x = &vars[k];
            Value *next = x->phi->args[i];
            Range r = facts_range(t, next);
            x->next = latches ? range_join(x->next, r) : r;
            if (!steps(t, x, next, 4)) {
                x->up = x->down = false;
                x->stride = -1;
            }
            outer_bounds(p, x, h, next);
        }
        facts_undo(t, mark);
        latches += taken;
    }
    if (!latches) // no edge back can be taken
        for (uint32_t k = 0; k < n; k++) vars[k].next = vars[k].start;
    for (uint32_t k = 0; k < n; k++) state_variable(t, &vars[k], latches == 1);
}

// Two rounds: how one variable steps may depend on the range of another.
void prove_induction(Prove *p, Block *h) {
    bool *back = calloc(h->preds.len + 1, 1);
    uint32_t latches = 0;
    for (uint32_t i = 0; i < h->preds.len; i++)
        latches += back[i] = facts_dominates(&p->facts, h, h->preds.data[i]);
    if (latches && latches <= MAX_LATCHES && latches < h->preds.len) {
        Variable *vars = calloc(MAX_PHIS, sizeof *vars);
        uint32_t n = find_variables(p, h, vars, back);
        if (n) {
            round_of(p, h, vars, n, back);
            round_of(p, h, vars, n, back);
        }
        free(vars);
    }
    free(back);
}
