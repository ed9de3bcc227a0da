// ssa_range: the range of an operation's result by the ranges of its operands.
#include "midend/ssa/ssa_facts.h"
#include "midend/ssa/ssagen.h"

bool facts_tracks(Type *t) { return t && (type_is_integer(t) || under(t)->kind == T_BOOL); }

Range facts_type_range(Type *t) {
    if (under(t)->kind == T_BOOL) return (Range){0, 1};
    int bits = (int)type_size(t) * 8;
    if (type_is_unsigned(t)) return (Range){0, ((Wide)1 << bits) - 1};
    return (Range){-((Wide)1 << (bits - 1)), ((Wide)1 << (bits - 1)) - 1};
}

static int bit_length(Wide x) {
    int n = 0;
    while (x > 0) {
        x >>= 1;
        n++;
    }
    return n;
}

static Range div_range(Range x, Range y) {
    if (x.min >= 0 && y.min >= 0) {
        Wide least = y.min ? y.min : 1;
        return (Range){y.max ? x.min / y.max : 0, x.max / least};
    }
    if (y.min == y.max && y.min > 0) return (Range){x.min / y.min, x.max / y.min};
    Wide m = -x.min > x.max ? -x.min : x.max; // INT_MIN / -1 wraps to INT_MIN: within
    return (Range){-m, m};
}

static Range rem_range(Range x, Range y) {
    Wide m = (-y.min > y.max ? -y.min : y.max) - 1;
    if (m < 0) m = 0;
    Range r = {x.min < 0 ? -m : 0, x.max > 0 ? m : 0};
    if (x.min < 0 && x.min > r.min) r.min = x.min;
    if (x.max >= 0 && x.max < r.max) r.max = x.max;
    if (x.min >= 0 && y.min > x.max) r.min = x.min; // smaller than the divisor: itself
    return r;
}

static Range mul_range(Range x, Range y) {
    Wide limit = (Wide)1 << 62; // products of larger ones need not fit Wide
    if (x.min < -limit || x.max > limit || y.min < -limit || y.max > limit) {
        if (x.min < 0 || y.min < 0 || bit_length(x.max) + bit_length(y.max) > 120)
            return (Range){-((Wide)1 << 120), (Wide)1 << 120};
    }
    Wide p[4] = {x.min * y.min, x.min * y.max, x.max * y.min, x.max * y.max};
    Range r = {p[0], p[0]};
    for (int i = 1; i < 4; i++) r = range_join(r, (Range){p[i], p[i]});
    return r;
}

static Range shl_range(Range x, Range k, Range whole) {
    if (k.max >= 64 || k.min < 0) return whole;
    if (x.min >= 0)
        return (Range){x.min << (int)k.min,
                       bit_length(x.max) + k.max > 120 ? whole.max + 1 : x.max << (int)k.max};
    Wide f = (Wide)1 << (int)k.max;
    return mul_range(x, (Range){(Wide)1 << (int)k.min, f});
}

static Range shr_range(Range x, Range k) {
    int lo = k.min > 100 ? 100 : (int)k.min, hi = k.max > 100 ? 100 : (int)k.max;
    return (Range){x.min < 0 ? x.min >> lo : x.min >> hi, x.max < 0 ? x.max >> hi : x.max >> lo};
}

// Of non-negative operands: an or, an xor has no bit above the highest of the larger one.
static Range bits_range(SsaOp op, Range x, Range y, Range whole) {
    switch (op) {
    case SSA_AND:
        if (x.min >= 0 && y.min >= 0) return (Range){0, x.max < y.max ? x.max : y.max};
        if (x.min >= 0) return (Range){0, x.max};
        if (y.min >= 0) return (Range){0, y.max};
        return whole;
    case SSA_ANDNOT: return x.min >= 0 ? (Range){0, x.max} : whole;
    default: break;
    }
    if (x.min < 0 || y.min < 0)
        return op == SSA_OR && x.max < 0 && y.max < 0 ? (Range){x.min > y.min ? x.min : y.min, -1}
                                                      : whole;
    Wide top = ((Wide)1 << bit_length(x.max > y.max ? x.max : y.max)) - 1;
    return (Range){op == SSA_XOR ? 0 : x.min > y.min ? x.min : y.min, top};
}

// The range of min or max of the two things compared, or of either where the condition says nothing
// of them.
static Range select_range(Facts *t, Value *v, int depth) {
    Range a = facts_range_depth(t, v->args[1], depth), b = facts_range_depth(t, v->args[2], depth);
    Range r = range_join(a, b);
    Value *c = v->args[0];
    if (c->nargs != 2) return r;
    Value *x = facts_same(c->args[0]), *y = facts_same(c->args[1]), *p = facts_same(v->args[1]),
          *q = facts_same(v->args[2]);
    if (!((p == x && q == y) || (p == y && q == x))) return r;
    bool less = c->op == SSA_LT || c->op == SSA_LE, greater = c->op == SSA_GT || c->op == SSA_GE;
    if (!less && !greater) return r;
    if (less == (p == x)) return (Range){r.min, a.max < b.max ? a.max : b.max}; // the smaller one
    return (Range){a.min > b.min ? a.min : b.min, r.max};
}

static Range phi_range(Facts *t, Value *v) {
    Range r = t->phi_edges[t->phi_first[v->id]];
    for (uint32_t i = 1; i < v->nargs; i++)
        r = range_join(r, t->phi_edges[t->phi_first[v->id] + i]);
    return r;
}

static Range const_range(const Value *v, Range whole) {
    Wide k;
    return ssa_const_value(v, &k) ? (Range){k, k} : whole;
}

static Range length_range(const Value *v) {
    Range r = {0, INT64_MAX};
    const Value *x = v->args[0];
    if (x->op == SSA_STRING) return (Range){(Wide)x->str.len, (Wide)x->str.len};
    if (x->op == SSA_ZERO) return (Range){0, 0};
    return r;
}

// v as a sum of a value and a constant, wrapping.
static Value *base_of(Value *v, Wide *k) {
    Wide c;
    *k = 0;
    for (v = facts_same(v);
         (v->op == SSA_ADD || v->op == SSA_SUB) && ssa_const_value(v->args[1], &c);
         v = facts_same(v->args[0]))
        *k += v->op == SSA_ADD ? c : -c;
    return v;
}

// Differences of what is the same but for a constant.
static bool constant_difference(const Value *v, Range whole, Range *r) {
    Wide a, b;
    if (base_of(v->args[0], &a) != base_of(v->args[1], &b)) return false;
    Wide d = a - b, m = whole.max - whole.min + 1;
    while (d > whole.max) d -= m;
    while (d < whole.min) d += m;
    *r = (Range){d, d};
    return true;
}

// Of mathematical values: the caller gives up what may wrap.
static Range number_range(Facts *t, Value *v, Range whole, int depth) {
    Range x = v->nargs ? facts_range_depth(t, v->args[0], depth) : whole,
          y = v->nargs > 1 ? facts_range_depth(t, v->args[1], depth) : whole;
    Range known;
    Wide bits;
    switch ((SsaOp)v->op) {
    case SSA_ADD: return (Range){x.min + y.min, x.max + y.max};
    case SSA_SUB:
        if (constant_difference(v, whole, &known)) return known;
        return (Range){x.min - y.max, x.max - y.min};
    case SSA_MUL: return mul_range(x, y);
    case SSA_DIV: return div_range(x, y);
    case SSA_REM: return rem_range(x, y);
    case SSA_AND:
    case SSA_OR:
    case SSA_XOR:
    case SSA_ANDNOT: return bits_range((SsaOp)v->op, x, y, whole);
    case SSA_NEG: return (Range){-x.max, -x.min};
    case SSA_COM:
        return type_is_unsigned(v->type) ? (Range){whole.max - x.max, whole.max - x.min}
                                         : (Range){-x.max - 1, -x.min - 1};
    case SSA_SHL: return shl_range(x, y, whole);
    case SSA_SHR: return shr_range(x, y);
    case SSA_BITLEN: return (Range){bit_length(x.min), bit_length(x.max)};
    case SSA_POPCOUNT: return (Range){x.min > 0, bit_length(x.max)};
    case SSA_CTZ:
        bits = (Wide)type_size(v->args[0]->type) * 8;
        return (Range){0, x.min > 0 ? bit_length(x.max) - 1 : bits};
    default: return whole;
    }
}

// From the operands' ranges, looked into depth steps deep. A comparison that the facts decide is a
// constant here.
Range range_of_op(Facts *t, Value *v, int depth) {
    Range whole = facts_type_range(v->type), r = whole;
    if (under(v->type)->kind == T_BOOL) {
        int known = v->op == SSA_CONST || v->op == SSA_ZERO ? -1
                    : v->op == SSA_PHI                      ? -1
                                                            : facts_decide(t, v);
        if (known >= 0) return (Range){known, known};
    }
    switch ((SsaOp)v->op) {
    case SSA_CONST:
    case SSA_ZERO: return const_range(v, whole);
    case SSA_STRLEN:
    case SSA_SLICELEN:
    case SSA_SLICECAP: return length_range(v);
    case SSA_PHI: return phi_range(t, v);
    case SSA_SELECT: r = select_range(t, v, depth); break;
    case SSA_BOUNDS: {
        Range n = facts_range_depth(t, v->args[1], depth);
        r = range_meet(facts_range_depth(t, v->args[0], depth),
                       (Range){0, n.max - (v->bounds == BOUNDS_INDEX)});
        return r;
    }
    case SSA_CONV:
    case SSA_COPY:
        if (!facts_tracks(v->args[0]->type)) return whole;
        r = facts_range_depth(t, v->args[0], depth);
        break;
    case SSA_SELECTN:
        if ((v->args[0]->op == SSA_ADD64 || v->args[0]->op == SSA_SUB64) && v->result == 1)
            return (Range){0, 1};
        return whole;
    default:
        if (under(v->type)->kind == T_BOOL) return whole;
        r = number_range(t, v, whole, depth);
        break;
    }
    return range_within(r, whole) ? r : whole; // what may wrap can be anything
}
