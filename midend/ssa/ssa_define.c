// ssa_define: facts that definitions, branches and checks give, and conditions decided by facts.
#include "midend/ssa/ssa_facts.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

static bool is_nil(const Value *v) { return v->op == SSA_ZERO && type_is_ptr_shaped(v->type); }
static bool is_integer_value(const Value *v) { return type_is_integer(v->type); }

// pointers ----------------------------------------------------------------------------------------

static void facts_nonnil(Facts *t, Value *p) {
    p = facts_same(p);
    if (p->id >= t->n || !type_is_ptr_shaped(p->type) || t->nonnil[p->id]) return;
    t->nonnil[p->id] = 1;
    vec_push(&t->undo, ((Undo){p->id, UNDO_NONNIL, {0, 0}}));
    facts_of_pairs(t, p);
}

// A PHI is not nil if no argument was at the end of its predecessor, whatever is known of it here.
bool facts_is_nonnil(Facts *t, Value *p) {
    for (;; p = p->args[0]) {
        if (p->id < t->n && type_is_ptr_shaped(p->type) && t->nonnil[p->id]) return true;
        if (ssa_never_nil(p)) return true;
        switch ((SsaOp)p->op) {
        case SSA_PHI: {
            if (p->id >= t->n) return false;
            for (uint32_t i = 0; i < p->nargs; i++)
                if (t->phi_edges[t->phi_first[p->id] + i].min != 1) return false;
            return p->nargs > 0;
        }
        case SSA_COPY:
            if (!type_is_ptr_shaped(p->args[0]->type)) return false;
            break;
        default: return false;
        }
    }
}

// pairs -------------------------------------------------------------------------------------------

static void facts_pair(Facts *t, Value *a, Value *b, bool equal) {
    vec_push(&t->pairs, ((Pair){facts_same(a), facts_same(b), equal}));
    vec_push(&t->undo, ((Undo){0, UNDO_PAIR, {0, 0}}));
}

// The newest pairs first, and not all: functions with thousands of comparisons must not take
// quadratic time.
void facts_of_pairs(Facts *t, Value *v) {
    uint32_t tries = 32;
    for (uint32_t i = t->pairs.len; i-- > 0 && tries--;) {
        Pair p = t->pairs.data[i];
        if (p.b == v) {
            p.b = p.a;
            p.a = v;
        }
        if (p.a != v) continue;
        if (!facts_tracks(v->type)) {
            if (p.equal) facts_nonnil(t, p.b);
            continue;
        }
        Range r = facts_range_depth(t, v, 0), other = facts_range_depth(t, p.b, 0);
        if (r.min != r.max) continue;
        if (p.equal)
            facts_limit(t, p.b, r);
        else if (other.min == r.min)
            facts_limit(t, p.b, (Range){r.min + 1, other.max});
        else if (other.max == r.min)
            facts_limit(t, p.b, (Range){other.min, r.min - 1});
    }
}

// conditions --------------------------------------------------------------------------------------

// a != b: takes an end off a range, or makes a known <= strict.
static void differ(Facts *t, Value *a, Value *b) {
    for (int i = 0; i < 2; i++) {
        Range ra = facts_range(t, a), rb = facts_range(t, b);
        if (rb.min == rb.max && ra.min == rb.min)
            facts_limit(t, a, (Range){ra.min + 1, ra.max});
        else if (rb.min == rb.max && ra.max == rb.min)
            facts_limit(t, a, (Range){ra.min, ra.max - 1});
        else if (facts_le(t, a, b, 0))
            facts_state_le(t, a, b, -1);
        Value *x = a;
        a = b;
        b = x;
    }
}

// x of v = x + by, for by = 1 or -1, whether it wraps or not; or NULL.
static Value *neighbour(Value *v, int by) {
    Wide k;
    v = facts_same(v);
    if ((v->op != SSA_ADD && v->op != SSA_SUB) || !ssa_const_value(v->args[1], &k)) return NULL;
    return (v->op == SSA_ADD ? k : -k) == by ? v->args[0] : NULL;
}

static void state_less(Facts *t, Value *a, Value *b) {
    facts_state_le(t, a, b, -1);
    // a < x + 1: x + 1 did not wrap, or it would be the least of all. In the same way x - 1 < b.
    Value *x = neighbour(b, 1), *y = neighbour(a, -1);
    if (x) facts_state_le(t, a, x, 0);
    if (y) facts_state_le(t, y, b, 0);
}

// The order knows one direction, so that x >= y is told as y <= x, and == as both.
static void compare_holds(Facts *t, SsaOp op, Value *a, Value *b) {
    switch (op) {
    case SSA_LT: state_less(t, a, b); break;
    case SSA_LE: facts_state_le(t, a, b, 0); break;
    case SSA_GT: state_less(t, b, a); break;
    case SSA_GE: facts_state_le(t, b, a, 0); break;
    case SSA_EQ:
        facts_state_le(t, a, b, 0);
        facts_state_le(t, b, a, 0);
        break;
    case SSA_NE:
        differ(t, a, b);
        facts_pair(t, a, b, false);
        break;
    default: break;
    }
}

static SsaOp opposite(SsaOp op) {
    switch (op) {
    case SSA_EQ: return SSA_NE;
    case SSA_NE: return SSA_EQ;
    case SSA_LT: return SSA_GE;
    case SSA_LE: return SSA_GT;
    case SSA_GT: return SSA_LE;
    case SSA_GE: return SSA_LT;
    default: return op;
    }
}

static bool is_compare(SsaOp op) { return op >= SSA_EQ && op <= SSA_GE; }

// A switch on control goes to its default: no case's value, so ranges lose ends that are cases.
static void no_case(Facts *t, const Block *p) {
    Range r = facts_range(t, p->control);
    bool is_unsigned = type_is_unsigned(p->control->type);
    for (bool again = p->cases.len <= 64; again;) {
        again = false;
        for (vec_each(int64_t, k, &p->cases)) {
            Wide w = is_unsigned ? (Wide)(uint64_t)*k : (Wide)*k;
            if (r.min == w) {
                r.min++;
                again = true;
            }
            if (r.max == w) {
                r.max--;
                again = true;
            }
        }
    }
    facts_limit(t, p->control, r);
}

// Several edges from one block to another tell nothing, since any of them may have been taken.
void facts_edge(Facts *t, Block *p, Block *b) {
    if (p->kind == BLOCK_IF && p->succs.data[0] != p->succs.data[1])
        facts_cond(t, p->control, p->succs.data[0] == b);
    if (p->kind != BLOCK_SWITCH || !facts_tracks(p->control->type)) return;
    uint32_t edges = 0, one = 0;
    for (uint32_t i = 0; i < p->succs.len; i++)
        if (p->succs.data[i] == b) {
            edges++;
            one = i;
        }
    if (edges != 1) return;
    if (!one) {
        no_case(t, p);
        return;
    }
    int64_t k = p->cases.data[one - 1];
    Wide w = type_is_unsigned(p->control->type) ? (Wide)(uint64_t)k : (Wide)k;
    facts_limit(t, p->control, (Range){w, w});
}

// A PHI of booleans is holds, and only one predecessor can have made it so: what holds at its end
// holds here. What it says of values that do not dominate the PHI says nothing new here.
static void phi_is(Facts *t, Value *phi, bool holds) {
    uint32_t from = UINT32_MAX;
    Wide k;
    for (uint32_t i = 0; i < phi->nargs; i++) {
        if (ssa_const_value(phi->args[i], &k) && (k != 0) != holds) continue;
        if (from != UINT32_MAX) return;
        from = i;
    }
    if (from == UINT32_MAX || facts_dominates(t, phi->block, phi->block->preds.data[from])) return;
    facts_cond(t, phi->args[from], holds);
    uint32_t tries = 16;
    for (Block *b = phi->block->preds.data[from]; !facts_dominates(t, b, phi->block) && tries--;
         b = t->f->blocks.data[t->idom[b->id]])
        if (b->preds.len == 1) facts_edge(t, b->preds.data[0], b);
    facts_edge(t, phi->block->preds.data[from], phi->block);
}

// Of a conjunction that fails, or a disjunction that holds, neither operand is known.
void facts_of_cond(Facts *t, Value *c, bool holds) {
    switch ((SsaOp)c->op) {
    case SSA_NOT: facts_cond(t, c->args[0], !holds); return;
    case SSA_PHI: phi_is(t, c, holds); return;
    case SSA_AND:
    case SSA_OR:
        if (holds == (c->op == SSA_AND)) {
            facts_cond(t, c->args[0], holds);
            facts_cond(t, c->args[1], holds);
        }
        return;
    default: break;
    }
    if (!is_compare((SsaOp)c->op)) return;
    Value *a = c->args[0], *b = c->args[1];
    SsaOp op = holds ? (SsaOp)c->op : opposite((SsaOp)c->op);
    if (is_integer_value(a))
        compare_holds(t, op, a, b);
    else if (type_is_ptr_shaped(a->type) && op == SSA_NE) {
        if (is_nil(b)) facts_nonnil(t, a);
        if (is_nil(a)) facts_nonnil(t, b);
    } else if (type_is_ptr_shaped(a->type) && op == SSA_EQ) {
        if (facts_is_nonnil(t, a))
            facts_nonnil(t, b);
        else if (facts_is_nonnil(t, b))
            facts_nonnil(t, a);
        else
            facts_pair(t, a, b, true);
    } else if (under(a->type)->kind == T_BOOL && (op == SSA_EQ || op == SSA_NE)) {
        Range ra = facts_range_depth(t, a, 0), rb = facts_range_depth(t, b, 0);
        bool equal = op == SSA_EQ;
        if (ra.min == ra.max)
            facts_cond(t, b, (ra.min == 1) == equal);
        else if (rb.min == rb.max)
            facts_cond(t, a, (rb.min == 1) == equal);
        else
            facts_pair(t, a, b, equal);
    }
}

void facts_cond(Facts *t, Value *cond, bool holds) { facts_limit(t, cond, (Range){holds, holds}); }

// Both directions are asked: that a <= b does not follow says nothing about b < a.
static int decide(Facts *t, Value *c, int depth) {
    c = facts_same(c);
    if (!facts_tracks(c->type) || depth < 0) return -1;
    Range r = facts_range_depth(t, c, 0);
    if (r.min == r.max) return r.min == 1;
    if (c->op == SSA_NOT) {
        int x = decide(t, c->args[0], depth - 1);
        return x < 0 ? -1 : !x;
    }
    if (c->op == SSA_AND || c->op == SSA_OR) {
        int x = decide(t, c->args[0], depth - 1), y = decide(t, c->args[1], depth - 1),
            absorbing = c->op == SSA_OR;
        if (x == absorbing || y == absorbing) return absorbing;
        return x >= 0 && y >= 0 ? !absorbing : -1;
    }
    if (!is_compare((SsaOp)c->op)) return -1;
    Value *a = c->args[0], *b = c->args[1];
    if (type_is_ptr_shaped(a->type) && (c->op == SSA_EQ || c->op == SSA_NE)) {
        if ((is_nil(b) && facts_is_nonnil(t, a)) || (is_nil(a) && facts_is_nonnil(t, b)))
            return c->op == SSA_NE;
        return -1;
    }
    if (!is_integer_value(a)) return -1;
    switch ((SsaOp)c->op) {
    case SSA_LT: return facts_le(t, a, b, -1) ? 1 : facts_le(t, b, a, 0) ? 0 : -1;
    case SSA_LE: return facts_le(t, a, b, 0) ? 1 : facts_le(t, b, a, -1) ? 0 : -1;
    case SSA_GT: return facts_le(t, b, a, -1) ? 1 : facts_le(t, a, b, 0) ? 0 : -1;
    case SSA_GE: return facts_le(t, b, a, 0) ? 1 : facts_le(t, a, b, -1) ? 0 : -1;
    default: break;
    }
    if (facts_le(t, a, b, -1) || facts_le(t, b, a, -1)) return c->op == SSA_NE;
    if (facts_le(t, a, b, 0) && facts_le(t, b, a, 0)) return c->op == SSA_EQ;
    return -1;
}

int facts_decide(Facts *t, Value *c) { return decide(t, c, 8); }

// definitions -------------------------------------------------------------------------------------

// How far is x above y at least? -1 where y <= x is not known.
static Wide known_gap(Facts *t, Value *y, Value *x) {
    if (!facts_le(t, y, x, 0)) return -1;
    Wide gap = facts_le(t, y, x, -1);
    y = facts_same(y);
    uint32_t tries = 8;
    for (uint32_t e = y->id < t->n ? t->out[y->id] : 0; e && tries--;) {
        Edge g = t->edges.data[e - 1];
        Value *n = t->value[g.value];
        Wide k = -g.k, c;
        if (facts_exact(t, n, 2) && ssa_const_value(n->args[1], &c)) {
            k -= n->op == SSA_ADD ? c : -c;
            n = n->args[0];
        }
        if (k > gap && facts_le(t, n, x, 0)) gap = k;
        e = g.next;
    }
    return gap;
}

// Only a sum that did not wrap relates to its operands; the ranges say by how much.
static void define_sum(Facts *t, Value *v) {
    Value *x = v->args[0], *y = v->args[1];
    if (v->op == SSA_SUB && !facts_exact(t, v, 3)) { // x - y with y <= x
        Range rx = facts_range(t, x), ry = facts_range(t, y);
        if (rx.max - ry.min <= facts_type_range(v->type).max && facts_le(t, y, x, 0))
            t->exact[v->id] = 1;
    } else if (facts_exact(t, v, 3))
        t->exact[v->id] = 1;
    if (v->op == SSA_SUB && t->exact[v->id]) {
        Wide gap = known_gap(t, y, x);
        if (gap >= 0 && gap > t->range[v->id].min && gap <= t->range[v->id].max)
            t->range[v->id].min = gap;
    }
    if (v->op == SSA_SUB && t->exact[v->id]) {
        Range rx = facts_range(t, x), ry = facts_range(t, y);
        t->range[v->id] = range_meet(t->range[v->id], (Range){rx.min - ry.max, rx.max - ry.min});
    }
    if (!t->exact[v->id]) return;
    Range rx = facts_range(t, x), ry = facts_range(t, y);
    if (v->op == SSA_SUB) {
        if (ry.min >= 0) facts_state_le(t, v, x, -ry.min);
        if (ry.min == ry.max) facts_state_le(t, x, v, ry.min);
        return;
    }
    if (ry.min >= 0 || ry.min == ry.max) facts_state_le(t, x, v, -ry.min);
    if (rx.min >= 0 && rx.min != rx.max) facts_state_le(t, y, v, -rx.min);
    if (ry.min == ry.max) facts_state_le(t, v, x, ry.max);
}

static void define_select(Facts *t, Value *v) {
    Value *c = v->args[0];
    if (c->nargs != 2 || !is_integer_value(c->args[0])) return;
    Value *x = facts_same(c->args[0]), *y = facts_same(c->args[1]), *p = facts_same(v->args[1]),
          *q = facts_same(v->args[2]);
    bool less = c->op == SSA_LT || c->op == SSA_LE, greater = c->op == SSA_GT || c->op == SSA_GE;
    if ((!less && !greater) || !((p == x && q == y) || (p == y && q == x))) return;
    bool min = less == (p == x);
    facts_state_le(t, min ? v : x, min ? x : v, 0);
    facts_state_le(t, min ? v : y, min ? y : v, 0);
}

static void define_length(Facts *t, Value *v) {
    Value *s = v->args[0];
    if (s->id >= t->n || v->op == SSA_STRLEN) return;
    Value **mine = v->op == SSA_SLICELEN ? t->len_of : t->cap_of,
          **other = v->op == SSA_SLICELEN ? t->cap_of : t->len_of;
    mine[s->id] = v;
    if (other[s->id]) facts_state_le(t, t->len_of[s->id], t->cap_of[s->id], 0);
}

// States that a bounds check passes.
static void facts_passed(Facts *t, Value *bounds) {
    facts_limit(t, bounds->args[0], (Range){0, INT64_MAX});
    facts_state_le(t, bounds->args[0], bounds->args[1], bounds->bounds == BOUNDS_INDEX ? -1 : 0);
}

static bool phi_bounded(Facts *t, const PhiBound *c, Value *arg) {
    return c->upper ? facts_le(t, arg, c->value, c->k) : facts_le(t, c->value, arg, c->k);
}

static void phi_candidate(Facts *t, PhiBounds *p, PhiBound c) {
    if (p->n < 16 && c.value->id < t->n && t->range[c.value->id].min != t->range[c.value->id].max)
        p->bounds[p->n++] = c;
}

// A first predecessor proposes bounds: other arguments and what its own argument is bounded by; all
// predecessors must agree.
static void phi_edge_bounds(Facts *t, Value *phi, Value *arg) {
    PhiBounds *p = t->phi_bounds[phi->id];
    if (phi->nargs > 4) return;
    if (!p) {
        p = t->phi_bounds[phi->id] = calloc(1, sizeof *p);
        for (uint32_t i = 0; i < phi->nargs; i++)
            for (int upper = 0; upper < 2; upper++)
                phi_candidate(t, p, (PhiBound){facts_same(phi->args[i]), 0, upper});
        arg = facts_same(arg);
        uint32_t tries = 4;
        for (uint32_t e = arg->id < t->n ? t->out[arg->id] : 0; e && tries--;
             e = t->edges.data[e - 1].next)
            phi_candidate(
                t, p,
                (PhiBound){t->value[t->edges.data[e - 1].value], t->edges.data[e - 1].k, true});
        tries = 4;
        for (uint32_t e = arg->id < t->n ? t->in[arg->id] : 0; e && tries--;
             e = t->edges.data[e - 1].next)
            phi_candidate(
                t, p,
                (PhiBound){t->value[t->edges.data[e - 1].value], t->edges.data[e - 1].k, false});
    }
    p->seen++;
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n; i++)
        if (t->contradiction || phi_bounded(t, &p->bounds[i], arg)) p->bounds[n++] = p->bounds[i];
    p->n = n;
}

static void define_phi(Facts *t, Value *phi) {
    PhiBounds *p = t->phi_bounds[phi->id];
    if (!p || p->seen < phi->nargs) return;
    for (uint32_t i = 0; i < p->n; i++) {
        PhiBound *c = &p->bounds[i];
        if (c->value->block == phi->block || !facts_dominates(t, c->value->block, phi->block))
            continue;
        facts_state_le(t, c->upper ? phi : c->value, c->upper ? c->value : phi, c->k);
    }
}

// What a passed check implies is a fact from here on, too: BOUNDS, NILCHECK, and makeslice, which
// panics.
void facts_define(Facts *t, Value *v) {
    if (v->id >= t->n) return;
    if (facts_tracks(v->type)) {
        Range r = range_meet(t->range[v->id], range_of_op(t, v, 3));
        if (r.min <= r.max) t->range[v->id] = r;
    }
    switch ((SsaOp)v->op) {
    case SSA_ADD:
    case SSA_SUB:
        if (is_integer_value(v)) define_sum(t, v);
        break;
    case SSA_PHI:
        if (is_integer_value(v)) define_phi(t, v);
        break;
    case SSA_SELECT:
        if (is_integer_value(v)) define_select(t, v);
        break;
    case SSA_SLICELEN:
    case SSA_SLICECAP: define_length(t, v); break;
    case SSA_BOUNDS: facts_passed(t, v); break;
    case SSA_CALLRT:
        if (v->rt == RT_makeslice) {
            facts_limit(t, v->args[1], (Range){0, INT64_MAX});
            facts_state_le(t, v->args[1], v->args[2], 0);
        }
        break;
    case SSA_NILCHECK: facts_nonnil(t, v->args[0]); break;
    default: break;
    }
}

// An edge that is never taken gives the empty range, which leaves the join with the others as it
// is.
void facts_phi_edge(Facts *t, Block *b, Block *s) {
    for (vec_each(Value *, v, &s->values)) {
        Value *phi = *v;
        if (phi->op != SSA_PHI) break;
        if (phi->id >= t->n) continue;
        for (uint32_t i = 0; i < phi->nargs; i++) {
            if (s->preds.data[i] != b) continue;
            if (type_is_integer(phi->type)) phi_edge_bounds(t, phi, phi->args[i]);
            Range *r = &t->phi_edges[t->phi_first[phi->id] + i];
            if (t->contradiction)
                *r = (Range){(Wide)1 << 100, -((Wide)1 << 100)}; // never taken
            else if (facts_tracks(phi->type))
                *r = facts_range(t, phi->args[i]);
            else if (type_is_ptr_shaped(phi->type))
                *r = facts_is_nonnil(t, phi->args[i]) ? (Range){1, 1} : (Range){0, 1};
        }
    }
}
