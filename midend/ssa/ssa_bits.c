// ssa_bits: values of which every bit is known are constants.
//
// In: an ordered function. Out: the same with such values as constants. For every integer and
// boolean the bits are computed that are 1, and that are 0, whatever comes in: once in order of the
// blocks, so that what a PHI gets over an edge back is unknown.
#include "midend/report.h"
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

typedef struct Bits {
    uint64_t ones, zeros; // disjoint, within the type's width
} Bits;

static int width_of(Type *t) { return under(t)->kind == T_BOOL ? 1 : (int)type_size(t) * 8; }
static uint64_t low(int n) { return n >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1; }

static Bits of_const(uint64_t k, int width) { return (Bits){k & low(width), ~k & low(width)}; }
static Bits both(Bits a, Bits b) { return (Bits){a.ones & b.ones, a.zeros & b.zeros}; }

// a, width bits wide, as to bits.
static Bits extend(Bits a, int width, int to, bool is_signed) {
    uint64_t more = low(to) & ~low(width), top = (uint64_t)1 << (width - 1);
    if (!is_signed || a.zeros & top)
        a.zeros |= more;
    else if (a.ones & top)
        a.ones |= more;
    return (Bits){a.ones & low(to), a.zeros & low(to)};
}

// By a known count. Bits that come in are 0 or copies of a signed value's top bit; counts of the
// width and more leave nothing else, as in Go.
static Bits shifted(SsaOp op, Bits a, int width, bool is_signed, int count) {
    uint64_t top = (uint64_t)1 << (width - 1),
             filled = low(width) & ~low(count >= width ? 0 : width - count), mask = low(width);
    if (op == SSA_SHL)
        return count >= width
                   ? (Bits){0, mask}
                   : (Bits){a.ones << count & mask, (a.zeros << count | low(count)) & mask};
    if (count >= width) {
        filled = mask;
        a = (Bits){a.ones & top, a.zeros & top};
        count = width - 1;
    }
    Bits r = {a.ones >> count, a.zeros >> count};
    if (!is_signed) return (Bits){r.ones & ~filled, r.zeros | filled};
    if (a.ones & top) r.ones |= filled;
    if (a.zeros & top) r.zeros |= filled;
    return r;
}

// What all counts that are possible have in common.
static Bits of_shift(const Value *v, Bits a, Bits count) {
    int width = width_of(v->type);
    bool is_signed = !type_is_unsigned(v->type), any = false;
    uint64_t most = ~count.zeros & low(width_of(v->args[1]->type));
    Bits r = {0, 0};
    for (int k = 0; k <= width; k++) {
        bool possible = k == width ? !v->bounded && most >= (uint64_t)width
                                   : !((uint64_t)k & ~most) && !(count.ones & ~(uint64_t)k);
        if (!possible) continue;
        Bits s = shifted((SsaOp)v->op, a, width, is_signed, k);
        r = any ? both(r, s) : s;
        any = true;
    }
    return r;
}

static Bits of_comparison(bool equal, Bits a, Bits b, int width) {
    if ((a.ones & b.zeros) | (a.zeros & b.ones)) return of_const(!equal, 1);
    if ((a.ones | a.zeros) == low(width) && (b.ones | b.zeros) == low(width))
        return of_const(equal, 1);
    return (Bits){0, 0};
}

// Operands come first in reverse postorder but for PHIs of loops, of whose later arguments nothing
// is known yet.
static Bits of_value(const Bits *known, const Value *v) {
    Wide k;
    int width = width_of(v->type);
    if (ssa_const_value(v, &k)) return of_const((uint64_t)k, width);
    if (!v->nargs || !facts_tracks(v->args[0]->type)) return (Bits){0, 0};
    Bits a = known[v->args[0]->id], b = {0, 0};
    if (v->nargs > 1 && facts_tracks(v->args[1]->type)) b = known[v->args[1]->id];
    switch ((SsaOp)v->op) {
    case SSA_AND: return (Bits){a.ones & b.ones, a.zeros | b.zeros};
    case SSA_OR: return (Bits){a.ones | b.ones, a.zeros & b.zeros};
    case SSA_XOR:
        return (Bits){(a.ones & b.zeros) | (a.zeros & b.ones),
                      (a.ones & b.ones) | (a.zeros & b.zeros)};
    case SSA_ANDNOT: return (Bits){a.ones & b.zeros, a.zeros | b.ones};
    case SSA_COM:
    case SSA_NOT: return (Bits){a.zeros, a.ones};
    case SSA_PHI:
        for (uint32_t i = 1; i < v->nargs; i++) a = both(a, known[v->args[i]->id]);
        return a;
    case SSA_SELECT: return both(b, known[v->args[2]->id]);
    case SSA_CONV:
    case SSA_COPY: {
        Type *from = v->args[0]->type;
        return extend(a, width_of(from), width, type_is_integer(from) && !type_is_unsigned(from));
    }
    case SSA_EQ: return of_comparison(true, a, b, width_of(v->args[0]->type));
    case SSA_NE: return of_comparison(false, a, b, width_of(v->args[0]->type));
    case SSA_SHL:
    case SSA_SHR: return of_shift(v, a, b);
    default: return (Bits){0, 0};
    }
}

static Wide number_of(Type *t, uint64_t bits) {
    int width = width_of(t);
    if (width == 1 || !(bits >> (width - 1))) return bits;
    return (Wide)bits - ((Wide)1 << width);
}

// gc finds tests of bits before what they test, which is then used no more and not worth a word:
// masks that are compared, what is compared for inequality, arithmetic shifts under a mask.
static bool is_test(const Value *v, const Value *x) {
    if (v->op == SSA_NE || (v->op == SSA_EQ && x->op == SSA_AND)) return true;
    return v->op == SSA_AND && x->op == SSA_SHR && !type_is_unsigned(x->type);
}

static uint8_t *find_tested(const SsaFunc *f) {
    uint8_t *tested = calloc(f->nvalues + 1, 1);
    Wide k;
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values))
            if ((*v)->nargs == 2 && (*v)->args[0]->uses == 1 &&
                ssa_const_value((*v)->args[1], &k) && is_test(*v, (*v)->args[0]))
                tested[(*v)->args[0]->id] = 1;
    return tested;
}

// A number made of a boolean has one bit: masks that leave it do nothing.
static bool keeps_bool(const Value *v) {
    Wide k;
    if (v->op != SSA_AND || !ssa_const_value(v->args[1], &k) || !(k & 1)) return false;
    const Value *x = v->args[0];
    while ((x->op == SSA_CONV || x->op == SSA_COPY) && type_is_integer(x->type)) x = x->args[0];
    return facts_tracks(x->type) && under(x->type)->kind == T_BOOL && v->args[0]->type == v->type;
}

static void say(const Value *v, Wide k) {
    Pos pos = inl_report_pos(v->pos, v->inl);
    if (under(v->type)->kind == T_BOOL)
        report_at(pos, "known value of v%u (%s): %s", v->id, prove_op_name(v),
                  k ? "true" : "false");
    else
        report_at(pos, "known value of v%u (%s): %lld", v->id, prove_op_name(v), (long long)k);
}

// What a test of bits alone uses is not reported: gc has made it part of the test by then.
void ssa_known_bits(SsaFunc *f) {
    Bits *known = calloc(f->nvalues + 1, sizeof *known);
    bool debug = report_debug_option("ssa/known_bits/debug") > 0;
    uint8_t *tested = NULL;
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values))
            if (keeps_bool(*v)) {
                (*v)->op = SSA_COPY;
                (*v)->nargs = 1;
            }
    if (debug) {
        ssa_count_uses(f);
        tested = find_tested(f);
    }
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, vp, &(*b)->values)) {
            Value *v = *vp;
            if (!facts_tracks(v->type)) continue;
            Bits x = known[v->id] = of_value(known, v);
            if ((x.ones | x.zeros) != low(width_of(v->type)) || v->op == SSA_CONST ||
                v->op == SSA_ZERO || v->op == SSA_PHI)
                continue;
            Wide k = number_of(v->type, x.ones);
            if (debug && v->uses && !tested[v->id] &&
                !(v->op == SSA_COPY && v->args[0]->type == v->type))
                say(v, k);
            ssa_into_const(
                v, type_is_integer(v->type) && !type_is_unsigned(v->type) ? k : (Wide)x.ones);
        }
    FREE_ALL(known, tested);
}
