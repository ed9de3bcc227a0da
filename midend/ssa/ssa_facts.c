// ssa_facts: see ssa_facts.h.
//
// Differences are edges of a graph in which a question is a bounded search for a path of small
// enough weight; definitions and ranges serve as further edges, looked up where the search meets
// them, so that they count as soon as a later fact makes them certain.
#include "midend/ssa/ssa_facts.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

bool facts_dominates(const Facts *t, const Block *a, const Block *b) {
    return ssa_dominates(t->idom, a, b);
}

// A PHI's arguments start as anything of its type: predecessors by edges back are not visited
// before it is.
void facts_init(Facts *t, SsaFunc *f, const uint32_t *idom) {
    *t = (Facts){.f = f, .n = f->nvalues, .idom = idom};
    uint32_t n = t->n + 1, args = 0;
    t->value = calloc(n, sizeof *t->value);
    t->range = calloc(n, sizeof *t->range);
    t->out = calloc(n, sizeof *t->out);
    t->in = calloc(n, sizeof *t->in);
    t->nonnil = calloc(n, 1);
    t->exact = calloc(n, 1);
    t->phi_bounds = calloc(n, sizeof *t->phi_bounds);
    t->stride = calloc(n, sizeof *t->stride);
    t->len_of = calloc(n, sizeof *t->len_of);
    t->cap_of = calloc(n, sizeof *t->cap_of);
    t->phi_first = calloc(n, sizeof *t->phi_first);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values)) {
            t->value[(*v)->id] = *v;
            Wide k;
            if (facts_tracks((*v)->type))
                t->range[(*v)->id] =
                    ssa_const_value(*v, &k) ? (Range){k, k} : facts_type_range((*v)->type);
            if ((*v)->op == SSA_PHI) {
                t->phi_first[(*v)->id] = args;
                args += (*v)->nargs;
            }
        }
    t->phi_edges = calloc(args + 1, sizeof *t->phi_edges);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values))
            if ((*v)->op == SSA_PHI)
                for (uint32_t i = 0; i < (*v)->nargs; i++)
                    t->phi_edges[t->phi_first[(*v)->id] + i] = t->range[(*v)->id];
}

void facts_free(Facts *t) {
    for (uint32_t i = 0; i < t->n; i++) free(t->phi_bounds[i]);
    FREE_ALL(t->value, t->range, t->out, t->in, t->nonnil, t->exact, t->phi_bounds, t->stride,
             t->len_of, t->cap_of, t->phi_edges, t->phi_first);
    *t = (Facts){0};
}

uint32_t facts_mark(const Facts *t) { return t->undo.len; }

// In reverse order of what was stated, so that lists of edges shrink from their heads.
void facts_undo(Facts *t, uint32_t mark) {
    while (t->undo.len > mark) {
        Undo u = vec_pop(&t->undo);
        switch (u.kind) {
        case UNDO_RANGE: t->range[u.id] = u.old; break;
        case UNDO_NONNIL: t->nonnil[u.id] = 0; break;
        case UNDO_PAIR: t->pairs.len--; break;
        case UNDO_EDGE: {
            Edge in = vec_pop(&t->edges), out = vec_pop(&t->edges);
            t->in[out.value] = in.next;
            t->out[in.value] = out.next;
            break;
        }
        }
    }
    t->contradiction = false;
}

static bool lossless(Type *from, Type *to) {
    return facts_tracks(from) && facts_tracks(to) &&
           range_within(facts_type_range(from), facts_type_range(to));
}

Value *facts_same(Value *v) {
    while (
        v->op == SSA_BOUNDS ||
        ((v->op == SSA_CONV || v->op == SSA_COPY) && lossless(v->args[0]->type, v->type)) ||
        v->op == SSA_NILCHECK ||
        (v->op == SSA_COPY && type_is_ptr_shaped(v->type) && type_is_ptr_shaped(v->args[0]->type)))
        v = v->args[0];
    return v;
}

// ranges ------------------------------------------------------------------------------------------

Range facts_range_depth(Facts *t, Value *v, int depth) {
    Value *s = facts_same(v);
    if (!facts_tracks(s->type)) return facts_type_range(INT);
    Range r = s->id < t->n ? t->range[s->id] : facts_type_range(s->type);
    if (v != s && v->id < t->n && facts_tracks(v->type)) r = range_meet(r, t->range[v->id]);
    if (depth > 0 && r.min != r.max && s->op != SSA_PHI && under(s->type)->kind != T_BOOL) {
        Range by_op = range_meet(r, range_of_op(t, s, depth - 1));
        if (by_op.min <= by_op.max) r = by_op;
    }
    return r;
}

Range facts_range(Facts *t, Value *v) { return facts_range_depth(t, v, 3); }

static void limit_operands(Facts *t, Value *v, Range r, int depth);

static Wide floor_div(Wide a, Wide b) { return a / b - (a % b < 0); }

static Range range_on_stride(Range r, Stride s) {
    return (Range){s.base - floor_div(s.base - r.min, s.by) * s.by,
                   s.base + floor_div(r.max - s.base, s.by) * s.by};
}

// Sharpens v's range, then those of values that it is ordered with, depth steps on. 16 edges a step
// bound what one compared with hundreds costs; the old range goes to undo.
static void limit(Facts *t, Value *v, Range r, int depth) {
    v = facts_same(v);
    if (v->id >= t->n || !facts_tracks(v->type)) return;
    Range old = t->range[v->id], new = range_meet(old, r);
    Stride *s = &t->stride[v->id];
    if (s->by && new.min <= new.max) new = range_on_stride(new, *s);
    if (new.min == old.min && new.max == old.max) return;
    if (new.min > new.max) {
        t->contradiction = true;
        return;
    }
    vec_push(&t->undo, ((Undo){v->id, UNDO_RANGE, old}));
    t->range[v->id] = new;
    if (depth <= 0) return;
    if (new.min == new.max) facts_of_pairs(t, v);
    limit_operands(t, v, new, depth - 1);
    uint32_t tries = 16;
    if (new.min > old.min)
        for (uint32_t e = t->out[v->id]; e && tries--; e = t->edges.data[e - 1].next) {
            Edge *x = &t->edges.data[e - 1];
            limit(t, t->value[x->value],
                  (Range){new.min - x->k, facts_type_range(t->value[x->value]->type).max},
                  depth - 1);
        }
    tries = 16;
    if (new.max < old.max)
        for (uint32_t e = t->in [v->id]; e && tries--; e = t->edges.data[e - 1].next) {
            Edge *x = &t->edges.data[e - 1];
            limit(t, t->value[x->value],
                  (Range){facts_type_range(t->value[x->value]->type).min, new.max + x->k},
                  depth - 1);
        }
}

// Can the sum or difference v not wrap?
bool facts_exact(Facts *t, Value *v, int depth) {
    if (v->op != SSA_ADD && v->op != SSA_SUB) return false;
    if (v->id < t->n && t->exact[v->id]) return true;
    Range a = facts_range_depth(t, v->args[0], depth), b = facts_range_depth(t, v->args[1], depth),
          whole = facts_type_range(v->type);
    if (v->op == SSA_ADD) return range_within((Range){a.min + b.min, a.max + b.max}, whole);
    return range_within((Range){a.min - b.max, a.max - b.min}, whole);
}

// What a new range of v says of v's operands.
static void limit_operands(Facts *t, Value *v, Range r, int depth) {
    switch ((SsaOp)v->op) {
    case SSA_ADD:
    case SSA_SUB: {
        Wide k;
        if (r.min == r.max && ssa_const_value(v->args[1], &k)) { // whether it wraps or not
            Range whole = facts_type_range(v->type);
            Wide m = whole.max - whole.min + 1, x = v->op == SSA_ADD ? r.min - k : r.min + k;
            if (x < whole.min) x += m;
            if (x > whole.max) x -= m;
            limit(t, v->args[0], (Range){x, x}, depth);
            return;
        }
        if (!facts_exact(t, v, 1)) return;
        Range a = facts_range_depth(t, v->args[0], 1), b = facts_range_depth(t, v->args[1], 1);
        if (v->op == SSA_ADD) {
            limit(t, v->args[0], (Range){r.min - b.max, r.max - b.min}, depth);
            limit(t, v->args[1], (Range){r.min - a.max, r.max - a.min}, depth);
        } else {
            limit(t, v->args[0], (Range){r.min + b.min, r.max + b.max}, depth);
            limit(t, v->args[1], (Range){a.min - r.max, a.max - r.min}, depth);
        }
        return;
    }
    case SSA_CONV:
    case SSA_COPY: {
        // Signed to unsigned of the same or a larger width: negative ones become at least
        // 2**(width-1) of the source extended.
        Type *from = v->args[0]->type;
        if (!facts_tracks(from) || type_size(from) > type_size(v->type)) return;
        Range whole = facts_type_range(from);
        if (!type_is_unsigned(from) && type_is_unsigned(v->type)) {
            Wide negative = ((Wide)1 << (type_size(v->type) * 8)) + whole.min;
            if (r.max < negative)
                limit(t, v->args[0], (Range){r.min, r.max}, depth);
            else if (r.min > whole.max)
                limit(t, v->args[0], (Range){whole.min, -1}, depth);
        } else if (type_is_unsigned(from) &&
                   !type_is_unsigned(v->type)) { // same width: large ones become negative
            if (r.min >= 0)
                limit(t, v->args[0], r, depth);
            else if (r.max < 0)
                limit(t, v->args[0], (Range){whole.max / 2 + 1, whole.max}, depth);
        }
        return;
    }
    case SSA_NEG:
        if (!type_is_unsigned(v->type) && r.min > facts_type_range(v->type).min)
            limit(t, v->args[0], (Range){-r.max, -r.min}, depth);
        return;
    case SSA_AND: // all its bits are in each operand
        for (int i = 0; i < 2; i++)
            if (r.min > 0 && facts_range_depth(t, v->args[i], 1).min >= 0)
                limit(t, v->args[i], (Range){r.min, facts_type_range(v->type).max}, depth);
        return;
    default:
        if (under(v->type)->kind == T_BOOL && r.min == r.max) facts_of_cond(t, v, r.min == 1);
        return;
    }
}

void facts_limit(Facts *t, Value *v, Range r) { limit(t, v, r, 6); }

// orderings ---------------------------------------------------------------------------------------

// A conversion or copy of an integer that its type can hold.
static bool keeps_operand(Facts *t, Value *v) {
    return (v->op == SSA_CONV || v->op == SSA_COPY) && facts_tracks(v->args[0]->type) &&
           range_within(facts_range_depth(t, v->args[0], 2), facts_type_range(v->type));
}

static void add_edge(Facts *t, Value *a, Value *b, Wide k) {
    for (uint32_t e = t->out[a->id], tries = 8; e && tries--; e = t->edges.data[e - 1].next)
        if (t->edges.data[e - 1].value == b->id && t->edges.data[e - 1].k <= k) return;
    vec_push(&t->edges, ((Edge){b->id, t->out[a->id], k}));
    t->out[a->id] = t->edges.len;
    vec_push(&t->edges, ((Edge){a->id, t->in[b->id], k}));
    t->in[b->id] = t->edges.len;
    vec_push(&t->undo, ((Undo){a->id, UNDO_EDGE, {0, 0}}));
}

// Both as an edge and as ranges: the ranges answer most questions without a search.
void facts_state_le(Facts *t, Value *a, Value *b, Wide k) {
    a = facts_same(a);
    b = facts_same(b);
    if (!facts_tracks(a->type) || !facts_tracks(b->type)) return;
    Range ra = facts_range(t, a), rb = facts_range(t, b), wa = facts_type_range(a->type),
          wb = facts_type_range(b->type);
    if (ra.min > rb.max + k || (a == b && k < 0)) t->contradiction = true;
    facts_limit(t, a, (Range){wa.min, rb.max + k});
    facts_limit(t, b, (Range){ra.min - k, wb.max});
    if (a == b || a->id >= t->n || b->id >= t->n || ra.min == ra.max || rb.min == rb.max) return;
    add_edge(t, a, b, k);
    // From a sum that can't wrap, or a conversion that changes nothing, to its operand there is a
    // way by its definition, but not the other way round.
    if (keeps_operand(t, a)) facts_state_le(t, a->args[0], b, k);
    if (a->op == SSA_ADD && facts_exact(t, a, 2) &&
        facts_range(t, a->args[1]).min == facts_range(t, a->args[1]).max)
        facts_state_le(t, a->args[0], b, k - facts_range(t, a->args[1]).min);
    if (a->op == SSA_SUB && facts_exact(t, a, 2) &&
        facts_range(t, a->args[1]).min == facts_range(t, a->args[1]).max)
        facts_state_le(t, a->args[0], b, k + facts_range(t, a->args[1]).min);
}

static bool search(Facts *t, Value *a, Value *b, Wide k, int depth);

// a's definition bounds it from above: by an operand and a constant.
static bool search_definition(Facts *t, Value *a, Value *b, Wide k, int depth) {
    Value *x = a->nargs ? a->args[0] : NULL, *y = a->nargs > 1 ? a->args[1] : NULL;
    switch ((SsaOp)a->op) {
    case SSA_ADD:
        if (!facts_exact(t, a, 2)) return false;
        return search(t, x, b, k - facts_range_depth(t, y, 2).max, depth) ||
               search(t, y, b, k - facts_range_depth(t, x, 2).max, depth);
    case SSA_SUB:
        return facts_exact(t, a, 2) && search(t, x, b, k + facts_range_depth(t, y, 2).min, depth);
    case SSA_DIV:
    case SSA_SHR:
    case SSA_AND:
    case SSA_REM:
    case SSA_ANDNOT:
        if (facts_range_depth(t, x, 2).min >= 0 &&
            (type_is_unsigned(a->type) || a->op != SSA_DIV ||
             facts_range_depth(t, y, 2).min >= 0) &&
            search(t, x, b, k, depth))
            return true;
        if (a->op == SSA_AND && facts_range_depth(t, y, 2).min >= 0)
            return search(t, y, b, k, depth);
        // y is not 0.
        if (a->op == SSA_REM && facts_range_depth(t, y, 2).min >= 0)
            return search(t, y, b, k + 1, depth);
        return false;
    case SSA_CONV:
    case SSA_COPY: // the same where the operand fits
        return keeps_operand(t, a) && search(t, x, b, k, depth);
    case SSA_SELECT:
        return facts_tracks(y->type) && search(t, y, b, k, depth) &&
               search(t, a->args[2], b, k, depth);
    default: return false;
    }
}

// b's definition bounds it from below.
static bool search_target(Facts *t, Value *a, Value *b, Wide k, int depth) {
    Value *x = b->nargs ? b->args[0] : NULL, *y = b->nargs > 1 ? b->args[1] : NULL;
    switch ((SsaOp)b->op) {
    case SSA_ADD:
        if (!facts_exact(t, b, 2)) return false;
        return search(t, a, x, k + facts_range_depth(t, y, 2).min, depth) ||
               search(t, a, y, k + facts_range_depth(t, x, 2).min, depth);
    case SSA_SUB:
        return facts_exact(t, b, 2) && search(t, a, x, k - facts_range_depth(t, y, 2).max, depth);
    case SSA_OR:
        if (facts_range_depth(t, x, 2).min < 0 || facts_range_depth(t, y, 2).min < 0) return false;
        return search(t, a, x, k, depth) || search(t, a, y, k, depth);
    case SSA_CONV:
    case SSA_COPY: return keeps_operand(t, b) && search(t, a, x, k, depth);
    case SSA_SELECT:
        return facts_tracks(y->type) && search(t, a, y, k, depth) &&
               search(t, a, b->args[2], k, depth);
    default: return false;
    }
}

// Differences of the same two things: a = x - y, b = x - z: a <= b + k if z <= y + k.
static bool search_both(Facts *t, Value *a, Value *b, Wide k, int depth) {
    if (a->op != b->op || a->nargs != 2 || !facts_exact(t, a, 2) || !facts_exact(t, b, 2))
        return false;
    Value *x = facts_same(a->args[0]), *y = facts_same(a->args[1]), *p = facts_same(b->args[0]),
          *q = facts_same(b->args[1]);
    if (a->op == SSA_ADD) {
        if (x == p) return search(t, y, q, k, depth);
        if (y == q) return search(t, x, p, k, depth);
        return false;
    }
    if (x == p) return search(t, q, y, k, depth);
    return y == q && search(t, x, p, k, depth);
}

// Direct edges before paths: most questions are answered by what a branch just stated. The budget
// bounds all.
static bool search(Facts *t, Value *a, Value *b, Wide k, int depth) {
    a = facts_same(a);
    b = facts_same(b);
    if (a == b) return k >= 0;
    if (facts_range_depth(t, a, 1).max - facts_range_depth(t, b, 1).min <= k) return true;
    if (depth <= 0 || t->budget-- <= 0) return false;
    uint32_t tries = 32;
    if (a->id < t->n)
        for (uint32_t e = t->out[a->id]; e && tries--; e = t->edges.data[e - 1].next)
            if (t->edges.data[e - 1].value == b->id && t->edges.data[e - 1].k <= k) return true;
    tries = 12;
    if (a->id < t->n)
        for (uint32_t e = t->out[a->id]; e && tries--;) {
            Edge x = t->edges.data[e - 1];
            if (search(t, t->value[x.value], b, k - x.k, depth - 1)) return true;
            e = x.next;
        }
    return search_definition(t, a, b, k, depth - 1) || search_target(t, a, b, k, depth - 1) ||
           search_both(t, a, b, k, depth - 1);
}

bool facts_le(Facts *t, Value *a, Value *b, Wide k) {
    if (!facts_tracks(a->type) || !facts_tracks(b->type)) return false;
    if (facts_range(t, a).max - facts_range(t, b).min <= k) return true;
    t->budget = 200;
    return search(t, a, b, k, 7);
}
