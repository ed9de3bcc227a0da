// ssa_rewrite: operations that the ranges of their operands make simpler.
//
// A product with a number that is 0 or 1 is a mask or a choice; a number that is 0 or 1 is compared
// with 0; masks that change nothing are their operand. They are found during the walk of ssa_prove
// and made after it, so that facts stay about the operations that they were stated of.
#include "midend/report.h"
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

static bool is_bit(Facts *t, Value *v) {
    Range r = facts_range(t, v);
    return r.min >= 0 && r.max <= 1;
}

static bool is_power_of_two(Facts *t, Value *v) {
    Range r = facts_range(t, v);
    return r.min == r.max && r.min > 0 && !(r.min & (r.min - 1));
}

static Wide varying_bits(Range r) {
    Wide low = 0;
    while ((r.min | low) != (r.max | low)) low = low * 2 + 1;
    return low;
}

// Does the constant k, as operand of v, leave every x that is possible as it is?
static bool leaves(const Value *v, Range x, Wide k) {
    if (x.min < 0 || k < 0) return false;
    Wide varying = varying_bits(x), fixed = x.min & ~varying;
    return v->op == SSA_AND ? ((fixed | varying) & ~k) == 0 : (k & ~fixed) == 0;
}

// -d=ssa/prove/debug, as gc's prove pass says it.
static void say(const Value *v, RewriteKind kind, const Value *x) {
    if (prove_debug() < 1) return;
    Pos pos = inl_report_pos(v->pos, v->inl);
    Value inverted = *v;
    switch (kind) {
    case REWRITE_AND: report_at(pos, "Rewrote Mul v%u into And", v->id); break;
    case REWRITE_SELECT:
        report_at(pos, "Rewrote Mul v%u into CondSelect; v%u is bool", v->id, x->id);
        break;
    case REWRITE_OPERAND:
        report_at(pos, "Proved v%u is a no-op %s", v->id, prove_op_name(v));
        break;
    case REWRITE_ZERO:
        inverted.op = v->op == SSA_EQ ? SSA_NE : SSA_EQ;
        report_at(pos, "Rewrote v%u (%s) v%u argument is boolean-like; rewrote to %s against 0",
                  v->id, prove_op_name(v), x->id, prove_op_name(&inverted));
        break;
    }
}

static void found(Prove *p, Value *v, RewriteKind kind, uint32_t operand) {
    vec_push(&p->rewrites, ((Rewrite){v, kind, operand}));
    say(v, kind, v->args[operand]);
}

// Those that gc's prove pass makes, and reports.
void prove_find_rewrite(Prove *p, Value *v) {
    Facts *t = &p->facts;
    if (v->nargs != 2 || !type_is_integer(v->args[0]->type)) return;
    Value *a = v->args[0], *b = v->args[1];
    Wide k = 0;
    bool left = ssa_const_value(a, &k), right = !left && ssa_const_value(b, &k);
    Value *x = left ? b : a;
    switch ((SsaOp)v->op) {
    case SSA_MUL:
        if (is_power_of_two(t, a) || is_power_of_two(t, b)) return;
        if (is_bit(t, a) && is_bit(t, b))
            found(p, v, REWRITE_AND, 0);
        else if (is_bit(t, a))
            found(p, v, REWRITE_SELECT, 0);
        else if (is_bit(t, b))
            found(p, v, REWRITE_SELECT, 1);
        return;
    case SSA_EQ:
    case SSA_NE:
        if ((left || right) && k == 1 && is_bit(t, x) && facts_decide(t, v) < 0)
            found(p, v, REWRITE_ZERO, left);
        return;
    case SSA_AND:
    case SSA_OR:
        if ((left || right) && x->type == v->type && leaves(v, facts_range(t, x), k))
            found(p, v, REWRITE_OPERAND, left);
        return;
    default: return;
    }
}

// A value that stands right before v.
static Value *before(Value *v, SsaOp op, Type *type, uint32_t nargs) {
    Block *b = v->block;
    Value *n = ssa_new_value(b, op, type, v->pos, nargs);
    n->inl = v->inl;
    vec_push(&b->values, n);
    uint32_t i = b->values.len - 1;
    do { b->values.data[i] = b->values.data[i - 1]; } while (b->values.data[i--] != v);
    b->values.data[i] = n;
    return n;
}

static Value *zero_before(Value *v, Type *type) {
    Value *zero = before(v, SSA_CONST, type, 0);
    ssa_into_const(zero, 0);
    return zero;
}

// New values stand just before the one they serve, so that they dominate it.
void prove_apply_rewrites(Prove *p) {
    for (vec_each(Rewrite, w, &p->rewrites)) {
        Value *v = w->v, *x, *zero;
        if (v->op == SSA_CONST) continue; // known altogether
        x = v->args[w->operand];
        switch (w->kind) {
        case REWRITE_AND: v->op = SSA_AND; break;
        case REWRITE_OPERAND:
            v->op = SSA_COPY;
            v->args[0] = x;
            v->nargs = 1;
            break;
        case REWRITE_ZERO:
            v->op = v->op == SSA_EQ ? SSA_NE : SSA_EQ;
            v->args[!w->operand] = zero_before(v, x->type);
            break;
        case REWRITE_SELECT: {
            Value *y = v->args[!w->operand];
            zero = zero_before(v, v->type);
            Value *chosen = before(v, SSA_NE, BOOL, 2);
            chosen->args[0] = x;
            chosen->args[1] = zero;
            v->op = SSA_SELECT;
            v->args = NEW_ARRAY(Value *, 3);
            v->args[0] = chosen;
            v->args[1] = y;
            v->args[2] = zero;
            v->nargs = 3;
            break;
        }
        }
    }
}
