// ssa_fold: operations on constants, and operations that leave an operand as it is.
#include "midend/ssa/ssa_facts.h"
#include "midend/ssa/ssagen.h"

void ssa_into_const(Value *v, Wide k) {
    if (under(v->type)->kind == T_BOOL)
        v->konst = const_bool(k != 0);
    else
        v->konst = k > INT64_MAX ? const_uint64((uint64_t)k) : const_int64((int64_t)k);
    v->op = SSA_CONST;
    v->nargs = 0;
    v->i = 0;
}

// Wide holds all of int64 and uint64: unsigned constants are never negative, as in ranges.
bool ssa_const_value(const Value *v, Wide *k) {
    int64_t i;
    uint64_t u;
    if (!facts_tracks(v->type)) return false;
    if (v->op == SSA_ZERO)
        *k = 0;
    else if (v->op != SSA_CONST)
        return false;
    else if (const_kind(v->konst) == CONST_BOOL)
        *k = const_bool_value(v->konst);
    else if (const_int64_value(v->konst, &i))
        *k = i;
    else if (const_uint64_value(v->konst, &u))
        *k = u;
    else
        return false;
    return true;
}

static Wide wrap(Type *t, Wide x) {
    if (under(t)->kind == T_BOOL) return x & 1;
    int bits = (int)type_size(t) * 8;
    Wide m = (Wide)1 << bits;
    x &= m - 1;
    return type_is_unsigned(t) || x < m / 2 ? x : x - m;
}

// In 128 bits, wrapped to the type by the caller; dividing by zero is left to the check that
// panics.
static bool fold_two(const Value *v, Wide x, Wide y, Wide *r) {
    Wide bits = (Wide)type_size(v->type) * 8;
    switch ((SsaOp)v->op) {
    case SSA_ADD: *r = x + y; break;
    case SSA_SUB: *r = x - y; break;
    case SSA_MUL: *r = (Wide)((unsigned __int128)x * (unsigned __int128)y); break;
    case SSA_DIV:
    case SSA_REM:
        if (!y) return false;
        *r = v->op == SSA_DIV ? x / y : x % y;
        break;
    case SSA_AND: *r = x & y; break;
    case SSA_OR: *r = x | y; break;
    case SSA_XOR: *r = x ^ y; break;
    case SSA_ANDNOT: *r = x & ~y; break;
    case SSA_SHL: *r = y >= bits ? 0 : (Wide)((unsigned __int128)x << (int)y); break;
    case SSA_SHR: *r = x >> (int)(y > 100 ? 100 : y); break;
    case SSA_EQ: *r = x == y; break;
    case SSA_NE: *r = x != y; break;
    case SSA_LT: *r = x < y; break;
    case SSA_LE: *r = x <= y; break;
    case SSA_GT: *r = x > y; break;
    case SSA_GE: *r = x >= y; break;
    default: return false;
    }
    return true;
}

static bool fold_one(const Value *v, Wide x, Wide *r) {
    switch ((SsaOp)v->op) {
    case SSA_NEG: *r = -x; return true;
    case SSA_COM: *r = ~x; return true;
    case SSA_NOT: *r = !x; return true;
    case SSA_CONV:
    case SSA_COPY: *r = x; return true;
    default: return false;
    }
}

// The operand that v equals whatever its value: x + 0, x * 1, …
static Value *identity(Value *v) {
    Wide y;
    if (v->nargs != 2 || v->args[0]->type != v->type || !ssa_const_value(v->args[1], &y))
        return NULL;
    switch ((SsaOp)v->op) {
    case SSA_ADD:
    case SSA_SUB:
    case SSA_OR:
    case SSA_XOR:
    case SSA_SHL:
    case SSA_SHR:
    case SSA_ANDNOT: return y == 0 ? v->args[0] : NULL;
    case SSA_MUL:
    case SSA_DIV: return y == 1 ? v->args[0] : NULL;
    default: return NULL;
    }
}

// The value that stands for v, or NULL; v itself may become a constant.
Value *ssa_fold(Value *v) {
    Wide x, y, r;
    if (v->op == SSA_STRLEN && v->args[0]->op == SSA_STRING) {
        ssa_into_const(v, (Wide)v->args[0]->str.len);
        return NULL;
    }
    if (v->op == SSA_SELECT && ssa_const_value(v->args[0], &x)) return v->args[x ? 1 : 2];
    if (!facts_tracks(v->type) || v->op == SSA_BOUNDS) return NULL;
    bool folded = false;
    if (v->nargs == 1 && ssa_const_value(v->args[0], &x))
        folded = fold_one(v, x, &r);
    else if (v->nargs == 2 && ssa_const_value(v->args[0], &x) && ssa_const_value(v->args[1], &y))
        folded = fold_two(v, x, y, &r);
    else if (v->op == SSA_SUB && v->args[0] == v->args[1]) {
        folded = true;
        r = 0;
    } else if (v->nargs == 2 && type_is_integer(v->args[0]->type) &&
               type_is_unsigned(v->args[0]->type) && ssa_const_value(v->args[1], &y) &&
               y == 0) { // nothing unsigned is below 0
        folded = v->op == SSA_GE || v->op == SSA_LT;
        r = v->op == SSA_GE;
    }
    if (!folded) return facts_tracks(v->type) ? identity(v) : NULL;
    ssa_into_const(v, wrap(v->type, r));
    return NULL;
}
