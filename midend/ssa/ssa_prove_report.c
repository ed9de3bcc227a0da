// ssa_prove_report: what was proved, in the words and with the operation names of gc's prove pass
// (-d=ssa/prove/debug=1, 2).
#include "midend/optlog.h"
#include "midend/report.h"
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

static int level = -1;

int prove_debug(void) {
    if (level < 0) level = report_debug_option("ssa/prove/debug");
    return level;
}

static int width_of(const Value *v) { return (int)type_size(v->type) * 8; }

// Which of the operands of a comparison is a nil constant?
static bool is_nil_compare(const Value *c) {
    for (int i = 0; i < 2; i++)
        if (c->args[i]->op == SSA_ZERO && type_is_ptr_shaped(c->args[i]->type)) return true;
    return false;
}

static bool const_of(const Value *v, int64_t *k) {
    Wide w;
    if (!ssa_const_value(facts_same((Value *)v), &w) || w > INT64_MAX) return false;
    *k = (int64_t)w;
    return true;
}

// A comparison as gc's rules leave it: x < y or x <= y, with limits next to 0 turned into 0: x <=
// -1 is x < 0, x < 1 is x <= 0, and so on.
typedef struct Order {
    Value *x, *y;
    bool inclusive, rewritten;
    int64_t xk, yk;
    bool xconst, yconst;
} Order;

// gc's rules turn comparisons with 1 and -1 into ones with 0 before prove runs, and it names what
// it sees.
static Order order_of(Value *c) {
    bool swap = c->op == SSA_GT || c->op == SSA_GE,
         is_unsigned = type_is_unsigned(c->args[0]->type);
    Order o = {c->args[swap], c->args[!swap], c->op == SSA_LE || c->op == SSA_GE, false, 0, 0,
               false,         false};
    o.xconst = const_of(o.x, &o.xk);
    o.yconst = const_of(o.y, &o.yk);
    if (o.xconst && !o.yconst) {
        if (o.inclusive && o.xk == 1) {
            o.inclusive = false;
            o.xk = 0;
        } else if (!is_unsigned && !o.inclusive && o.xk == -1) {
            o.inclusive = true;
            o.xk = 0;
        }
        o.rewritten = o.xk == 0 && !o.inclusive;
    } else if (o.yconst && !o.xconst) {
        if (!o.inclusive && o.yk == 1) {
            o.inclusive = true;
            o.yk = 0;
        } else if (!is_unsigned && o.inclusive && o.yk == -1) {
            o.inclusive = false;
            o.yk = 0;
        }
        o.rewritten = o.yk == 0 && o.inclusive;
    }
    return o;
}

// Ours have fewer operations: types and operands tell which of gc's stood there.
const char *prove_op_name(const Value *v) {
    const char *sign =
        v->nargs && type_is_integer(v->args[0]->type) && type_is_unsigned(v->args[0]->type) ? "U"
                                                                                            : "";
    switch ((SsaOp)v->op) {
    case SSA_BOUNDS: return v->bounds == BOUNDS_INDEX ? "IsInBounds" : "IsSliceInBounds";
    case SSA_LT:
    case SSA_GT:
    case SSA_LE:
    case SSA_GE: {
        Order o = order_of((Value *)v);
        if (*sign && o.rewritten)
            return xsprintf("%s%d", o.inclusive ? "Eq" : "Neq", width_of(v->args[0]));
        return xsprintf("%s%d%s", o.inclusive ? "Leq" : "Less", width_of(v->args[0]), sign);
    }
    case SSA_EQ:
    case SSA_NE: {
        const char *name = v->op == SSA_EQ ? "Eq" : "Neq";
        if (type_is_ptr_shaped(v->args[0]->type))
            return is_nil_compare(v) ? "IsNonNil" : xsprintf("%sPtr", name);
        if (under(v->args[0]->type)->kind == T_BOOL) return xsprintf("%sB", name);
        return xsprintf("%s%d", name, width_of(v->args[0]));
    }
    case SSA_SHL: return xsprintf("Lsh%dx%d", width_of(v), width_of(v->args[1]));
    case SSA_SHR: return xsprintf("Rsh%d%sx%d", width_of(v), sign, width_of(v->args[1]));
    case SSA_DIV: return xsprintf("Div%d%s", width_of(v), sign);
    case SSA_REM: // by a constant: x - x / k * k
        return xsprintf("%s%d%s", v->args[1]->op == SSA_CONST ? "Div" : "Mod", width_of(v), sign);
    case SSA_CTZ: return xsprintf("Ctz%d", width_of(v->args[0]));
    case SSA_ARG: return "Arg";
    case SSA_PHI: return "Phi";
    case SSA_LOAD: return "Load";
    case SSA_AND: return under(v->type)->kind == T_BOOL ? "AndB" : xsprintf("And%d", width_of(v));
    case SSA_OR: return under(v->type)->kind == T_BOOL ? "OrB" : xsprintf("Or%d", width_of(v));
    case SSA_XOR: return xsprintf("Xor%d", width_of(v));
    case SSA_COM: return xsprintf("Com%d", width_of(v));
    case SSA_NOT: return "Not";
    case SSA_COPY:
        if (under(v->type)->kind == T_UINT8 && under(v->args[0]->type)->kind == T_BOOL)
            return "CvtBoolToUint8";
        return "Copy";
    default: return ssa_op_text[v->op];
    }
}

// Is v below limit by its own operation alone?
static bool plainly_below(const Value *v, int64_t limit) {
    int64_t k;
    while ((v->op == SSA_CONV || v->op == SSA_COPY) && type_is_integer(v->args[0]->type) &&
           type_is_unsigned(v->args[0]->type) &&
           type_size(v->args[0]->type) <= type_size(v->type)) {
        if (type_size(v->args[0]->type) < 4 &&
            (int64_t)1 << (type_size(v->args[0]->type) * 8) <= limit)
            return true;
        v = v->args[0];
    }
    if (v->op == SSA_AND && (const_of(v->args[0], &k) || const_of(v->args[1], &k)))
        return k >= 0 && k < limit;
    if (v->op == SSA_SHR && type_is_unsigned(v->type) && const_of(v->args[1], &k))
        return k > 0 && k < width_of(v) && ((Wide)1 << (width_of(v) - (int)k)) - 1 < limit;
    return false;
}

// Checks that fall to single rewrite rules before gc's prove pass sees them.
static bool is_trivial(const Value *v) {
    const Value *i = v->args[0], *n = v->args[1];
    int64_t x, y;
    bool ci = const_of(i, &x), cn = const_of(n, &y);
    if (ci && cn) return true;
    if (v->bounds == BOUNDS_INDEX) {
        if (i->op == SSA_REM && type_is_unsigned(i->type) && i->args[1] == n) return true;
        return cn && plainly_below(i, y);
    }
    if ((ci && x == 0) || i == n || (cn && plainly_below(i, y + 1))) return true;
    return (i->op == SSA_SLICELEN && n->op == SSA_SLICECAP && i->args[0] == n->args[0]);
}

void prove_say_check(const Value *v, bool passes) {
    if (prove_debug() < 1 || is_trivial(v)) return;
    report_at(v->pos, "%s %s", passes ? "Proved" : "Disproved", prove_op_name(v));
}

void prove_say_nil(const Value *v) {
    if (report_debug_option("nil") > 0) report_at(v->pos, "removed nil check");
}

void prove_say_branch(const Value *control, bool holds, Pos pos) {
    if (prove_debug() < 1 || control->op == SSA_CONST) return;
    while (control->op == SSA_NOT) {
        control = control->args[0];
        holds = !holds;
    }
    if (control->op == SSA_EQ && type_is_ptr_shaped(control->args[0]->type) &&
        is_nil_compare(control))
        holds = !holds;
    report_at(pos, prove_debug() > 1 ? "%s %s (v%u)" : "%s %s", holds ? "Proved" : "Disproved",
              prove_op_name(control), control->id);
}

// v is what s[i:] makes: gc keeps the pointer from moving past the end by a mask that it needs only
// where nothing may be left.
static void say_slicemask(Facts *t, Value *v) {
    int64_t k;
    if (v->args[0]->op != SSA_ELEMADDR || (const_of(v->args[0]->args[1], &k) && k == 0)) return;
    Value *rest = facts_same(v->args[v->op == SSA_STRMAKE ? 1 : 2]);
    if ((rest->op == SSA_ADD || rest->op == SSA_SUB) && const_of(rest->args[1], &k)) {
        if (facts_range(t, rest->args[0]).min > (rest->op == SSA_SUB ? (Wide)k : -(Wide)k))
            report_at(v->pos, "Proved slicemask not needed");
    } else if (facts_range(t, rest).min > 0)
        report_at(v->pos, "Proved slicemask not needed (by limit)");
}

static const char *limit_text(const Value *v) {
    int64_t k;
    return const_of(v, &k)     ? xsprintf("%lld", (long long)k)
           : prove_debug() > 1 ? xsprintf("v%u", v->id)
                               : "?";
}

// v: the user, or NULL for a return.
void prove_say_known(const Value *v, uint32_t i, const Value *arg, Wide k, Pos pos) {
    if (prove_debug() < 2) return;
    report_at(pos, "Proved %s's arg %u (v%u) is constant %lld",
              v ? xsprintf("v%u", v->id) : "return", i, arg->id, (long long)k);
}

// Shifts, divisions and counts that need less code, arguments that are constants.
void prove_say_value(Facts *t, Value *v) {
    if (prove_debug() < 1) return;
    Range x, y;
    bool is_signed = v->type && type_is_integer(v->type) && !type_is_unsigned(v->type);
    switch ((SsaOp)v->op) {
    case SSA_SHR:
    case SSA_SHL:
        x = facts_range(t, v->args[0]);
        y = facts_range(t, v->args[1]);
        if (v->op == SSA_SHR && is_signed && x.min >= 0)
            report_at(v->pos, "Proved %s is unsigned", prove_op_name(v));
        if (v->args[1]->op != SSA_CONST && y.max < width_of(v)) {
            const char *name = prove_op_name(v);
            if (v->op == SSA_SHR && is_signed && x.min >= 0)
                name = xsprintf("Rsh%dUx%d", width_of(v), width_of(v->args[1]));
            report_at(v->pos, "Proved %s bounded", name);
        }
        break;
    case SSA_DIV:
    case SSA_REM:
        if (!is_signed) break;
        x = facts_range(t, v->args[0]);
        y = facts_range(t, v->args[1]);
        if (x.min >= 0 && y.min >= 0)
            report_at(v->pos, "Proved %s is unsigned", prove_op_name(v));
        else if (width_of(v) > 8 &&
                 (y.max < -1 || y.min > -1 || x.min > facts_type_range(v->type).min))
            report_at(v->pos, "Proved %s does not need fix-up", prove_op_name(v));
        break;
    case SSA_CTZ:
        x = facts_range(t, v->args[0]);
        if (x.min > 0 || x.max < 0) report_at(v->pos, "Proved %s non-zero", prove_op_name(v));
        break;
    case SSA_STRMAKE:
    case SSA_SLICEMAKE: say_slicemask(t, v); break;
    case SSA_CALL:
        if (v->nargs == 1 && strstr(v->func->name, "prove") && facts_tracks(v->args[0]->type)) {
            x = facts_range(t, v->args[0]);
            report_at(v->pos, "Proved sm,SM=%lld,%lld (v%u)", (long long)x.min, (long long)x.max,
                      v->args[0]->id);
        }
        break;
    default: break;
    }
    if (prove_debug() < 2 || v->op == SSA_PHI) return;
    if (v->op != SSA_ADD || v->args[1]->op != SSA_CONST) return;
    x = facts_range(t, v);
    if (x.min == x.max)
        report_at(v->pos, "x+d >= w; x:v%u v%u delta:%s w:%lld", v->args[0]->id, v->id,
                  limit_text(v->args[1]), (long long)x.min);
}

// induction variables -----------------------------------------------------------------------------

typedef struct Compare {
    Value *ind, *limit;
    bool less, inclusive, is_const;
    int64_t k;
} Compare;

// if v = x - k for a length or capacity x, then x and k.
static bool length_less(Value *v, int64_t *k) {
    *k = 0;
    if (v->op == SSA_ADD && const_of(v->args[1], k)) {
        *k = -*k;
        v = v->args[0];
    } else if (v->op == SSA_SUB && const_of(v->args[1], k))
        v = v->args[0];
    return v->op == SSA_STRLEN || v->op == SSA_SLICELEN || v->op == SSA_SLICECAP;
}

// phi = (init, phi + step): false if it is not.
static bool parse_variable(Value *phi, Value **init, Value **next, Wide *step, Block **latch) {
    if (phi->op != SSA_PHI || phi->nargs != 2) return false;
    for (uint32_t i = 0; i < 2; i++) {
        Value *n = phi->args[i];
        int64_t k;
        if ((n->op != SSA_ADD && n->op != SSA_SUB) || n->nargs != 2) continue;
        if (n->args[0] == phi && const_of(n->args[1], &k))
            *step = n->op == SSA_SUB ? -(Wide)k : k;
        else if (n->op == SSA_ADD && n->args[1] == phi && const_of(n->args[0], &k))
            *step = k;
        else
            continue;
        *next = n;
        *init = phi->args[!i];
        *latch = phi->block->preds.data[i];
        return *step != 0;
    }
    return false;
}

// Does the variable never wrap? Sharpens a constant limit to the last value on the way from a
// constant start.
static bool never_wraps(Compare *c, const Value *init, Wide step, Wide *last, bool *known) {
    Range whole = facts_type_range(c->ind->type);
    int64_t limit = c->k, start, k;
    int sign = step > 0 ? 1 : -1;
    if ((*known = c->is_const)) {
        Wide v = (Wide)limit - (c->inclusive ? 0 : sign);
        if (v < whole.min || v > whole.max) return false;
        if (const_of(init, &start)) {
            if (sign * ((Wide)start - v) > 0) return false;
            v = start + (v - start) / step * step;
        }
        if (v + step < whole.min || v + step > whole.max) return false;
        if (c->inclusive ? v != limit : v + sign != limit) {
            *last = v;
            c->inclusive = true;
        } else
            *last = limit;
        return true;
    }
    if ((step == 1 || step == -1) && !c->inclusive) return true;
    if (step < 0 || !length_less(c->limit, &k) || k < 0) return false;
    return c->inclusive ? step <= k : step <= (Wide)k + 1 && k != INT64_MAX;
}

// gc tells of those loops alone whose test dominates the step and whose variable can't wrap.
static void say_variable(const Facts *t, Block *b, Compare c) {
    Value *init, *next;
    Wide step, last = 0;
    Block *latch;
    bool known;
    if (!parse_variable(c.ind, &init, &next, &step, &latch)) return;
    uint32_t side = 0;
    if (!facts_dominates(t, b->succs.data[0], latch)) {
        side = 1;
        c.less = !c.less;
        c.inclusive = !c.inclusive;
        if (!facts_dominates(t, b->succs.data[1], latch)) return;
    }
    Block *body = b->succs.data[side];
    if ((step > 0) != c.less || body->preds.len != 1 || !facts_dominates(t, body, next->block))
        return;
    if (!never_wraps(&c, init, step, &last, &known)) return;
    const char *limit = known ? xsprintf("%lld", (long long)last) : limit_text(c.limit);
    bool up = step > 0;
    report_at(b->pos, "Induction variable: limits %s%s,%s%s, increment %lld",
              up || c.inclusive ? "[" : "(", up ? limit_text(init) : limit,
              up ? limit : limit_text(init), !up || c.inclusive ? "]" : ")",
              (long long)(up ? step : -step));
}

// Each operand of a comparison may be the variable: x < y is y > x as well.
void prove_say_variables(const Facts *t) {
    if (prove_debug() < 1) return;
    for (vec_each(Block *, bp, &t->f->blocks)) {
        Block *b = *bp;
        if (b->kind != BLOCK_IF || b->control->nargs != 2 || b->control->op < SSA_LT ||
            b->control->op > SSA_GE)
            continue;
        if (!type_is_integer(b->control->args[0]->type) ||
            type_is_unsigned(b->control->args[0]->type))
            continue;
        Order o = order_of(b->control);
        say_variable(t, b, (Compare){o.x, o.y, true, o.inclusive, o.yconst, o.yk});
        say_variable(t, b, (Compare){o.y, o.x, false, o.inclusive, o.xconst, o.xk});
    }
}

// checks that stay --------------------------------------------------------------------------------

// The pointer that an access to p faults for if it is nil, or NULL.
static Value *faulting_pointer(Value *p) {
    int64_t offset = 0, k;
    for (;; p = p->args[0]) {
        if (p->op == SSA_FIELDADDR)
            offset += type_field_offset(p->t, (uint32_t)p->field);
        else if (p->op == SSA_ELEMADDR && const_of(p->args[1], &k))
            offset += k * (int64_t)type_size(p->t);
        else if (p->op == SSA_PTRADD && const_of(p->args[1], &k))
            offset += k;
        else if (p->op != SSA_NILCHECK && p->op != SSA_COPY)
            break;
        if (offset < 0 || offset >= 4096) return NULL;
    }
    return p;
}

static bool contains(Value *const *list, uint32_t n, const Value *v) {
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == v) return true;
    return false;
}

// Nil checks of a block from its end: the ones that a following access does for them are as good as
// gone.
static void say_nil_checks(Block *b, bool optimised, bool print, bool log) {
    Value *faulting[32];
    uint32_t n = 0;
    for (uint32_t i = b->values.len; i-- > 0;) {
        Value *v = b->values.data[i];
        if (v->op == SSA_NILCHECK) {
            bool gone = optimised && contains(faulting, n, facts_same(v));
            if (print) report_at(v->pos, gone ? "removed nil check" : "generated nil check");
            if (!log) continue;
            if (gone)
                optlog_note("nilcheckFolded", v->pos, v->inl,
                            "the access that follows faults by itself");
            else
                optlog_add("nilcheck", v->pos, v->inl, "%s", "");
            continue;
        }
        bool writes = ssa_has_effect(v) && v->op != SSA_BOUNDS, moves = v->op == SSA_MOVE;
        if (writes) n = 0;
        if (v->op != SSA_LOAD && v->op != SSA_STORE && v->op != SSA_ZEROMEM && !moves) continue;
        for (uint32_t k = 0; k <= moves && n < 32; k++) {
            Value *p = faulting_pointer(v->args[k]);
            if (p) faulting[n++] = p;
        }
    }
}

// Why the check at v is gone: what is known of its operands, or the check before it that tells the
// same.
void prove_log_check(Facts *t, const Value *v, const Value *same) {
    if (!midend_options.explain || v->block->func->func->wrapper) return;
    bool bounds = v->op == SSA_BOUNDS;
    const char *code = bounds ? "boundsRemoved" : "nilcheckRemoved";
    if (same) {
        uint32_t line = source_position(inl_report_pos(same->pos, same->inl)).line;
        if (same->op == v->op)
            optlog_note(code, v->pos, v->inl, "checked before, on line %u", line);
        else
            optlog_note(code, v->pos, v->inl, "never fails for this operand");
        return;
    }
    if (!bounds) {
        optlog_note(code, v->pos, v->inl, "the pointer is not nil here");
        return;
    }
    Range i = facts_range(t, v->args[0]), n = facts_range(t, v->args[1]);
    const char *rel = v->bounds == BOUNDS_INDEX ? "<" : "≤";
    if (v->bounds == BOUNDS_INDEX ? i.max < n.min : i.max <= n.min)
        optlog_note(code, v->pos, v->inl, "index in [%lld, %lld] %s bound, which is at least %lld",
                    (long long)i.min, (long long)i.max, rel, (long long)n.min);
    else
        optlog_note(code, v->pos, v->inl,
                    "index ≥ 0 and index %s bound on every way that leads here", rel);
}

static PtrMap kept; // Value * of a check -> what could not be proved

// Only for -explain: gc does not say what it failed to prove.
void prove_log_kept(Facts *t, const Value *v) {
    if (!midend_options.explain || v->op != SSA_BOUNDS) return;
    Range i = facts_range(t, v->args[0]), n = facts_range(t, v->args[1]);
    const char *why;
    bool below = facts_le(t, v->args[0], v->args[1], v->bounds == BOUNDS_INDEX ? -1 : 0);
    if (i.min < 0 && below)
        why = "index may be negative";
    else if (i.min >= 0 && i.min == i.max)
        why =
            xsprintf("index is %lld, and nothing says that the bound is larger", (long long)i.min);
    else if (i.min >= 0)
        why = "index ≥ 0, but nothing says that it is below the bound";
    else
        why = "nothing is known of the index";
    if (n.min == n.max && !below) why = xsprintf("%s (%lld)", why, (long long)n.min);
    ptrmap_put(&kept, v, (void *)why);
}

static void say_bounds(const Value *v, bool print, bool log) {
    if (print) report_at(v->pos, "Found %s", prove_op_name(v));
    if (!log) return;
    LogRecord *r = optlog_add(v->bounds == BOUNDS_INDEX ? "isInBounds" : "isSliceInBounds", v->pos,
                              v->inl, "%s", "");
    if (r && ptrmap_has(&kept, v)) r->why = ptrmap_get(&kept, v);
}

enum { LARGE_COPY = 128 }; // bytes, from which on gc reports a copy

static void say_copy(const Value *v) {
    Type *t = v->op == SSA_MOVE                                  ? v->t
              : v->op == SSA_STORE && v->args[1]->op == SSA_LOAD ? v->args[1]->type
                                                                 : NULL;
    if (t && type_size(t) >= LARGE_COPY)
        optlog_add("copy", v->pos, v->inl, "%lld bytes", (long long)type_size(t));
}

// What is left in the end: for -d=nil and -d=ssa/check_bce, and gc's log, which has large copies,
// too.
void ssa_report_checks(SsaFunc *f, bool optimised) {
    bool nil = report_debug_option("nil") > 0,
         bounds = report_debug_option("ssa/check_bce/debug") > 0 ||
                  report_debug_option("ssa/check_bce") > 0;
    bool log = optlog_enabled() && !f->func->wrapper; // wrappers have no place in the source
    if (!nil && !bounds && !log) return;
    for (vec_each(Block *, b, &f->blocks)) {
        if (nil || log) say_nil_checks(*b, optimised, nil, log);
        for (vec_each(Value *, r, &(*b)->results))
            if (log && (*r)->type && type_size((*r)->type) >= LARGE_COPY)
                optlog_add("copy", (*b)->pos, NULL, "%lld bytes", (long long)type_size((*r)->type));
        for (vec_each(Value *, vp, &(*b)->values)) {
            const Value *v = *vp;
            if (v->op == SSA_BOUNDS) say_bounds(v, bounds, log);
            if (!log) continue;
            say_copy(v);
            if (v->op == SSA_CALLINTER)
                optlog_note("dispatch", v->pos, v->inl,
                            "through the interface's method table: the dynamic type is not known");
            if (v->op == SSA_CALLCLOSURE)
                optlog_note("dispatch", v->pos, v->inl,
                            "through a func value: the function is not known");
        }
    }
}
