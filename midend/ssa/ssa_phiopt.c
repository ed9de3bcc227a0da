// ssa_phiopt: booleans that a branch chooses are made of its condition.
//
// In: an ordered, promoted function. Out: the same with PHIs of two edges turned into the condition
// itself, its negation, or AND and OR of it and a value that is there anyway; a 0 or 1 of integer
// type is the condition as a number. This holds where each of the two edges into the block is
// reached by one side only of the branch that dominates the block: then the side that was last
// taken tells which edge it is.
#include "midend/report.h"
#include "midend/ssa/ssa_prove.h"
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

typedef struct Phiopt {
    SsaFunc *f;
    uint32_t *idom;
    Value **repl; // by value id
    uint32_t nrepl;
    bool changed;
} Phiopt;

static bool dominates(const Phiopt *p, const Block *a, const Block *b) {
    return ssa_dominates(p->idom, a, b);
}

// The side of top by which alone the edge from pred to b is reached, or -1.
static int side_of(const Phiopt *p, const Block *top, const Block *pred, const Block *b) {
    for (int k = 0; k < 2; k++) {
        const Block *s = top->succs.data[k];
        if (pred == top ? s == b : s->preds.len == 1 && s != b && dominates(p, s, pred)) return k;
    }
    return -1;
}

// Do the blocks between top and the edge from pred nothing that others could see?
static bool idle(const Block *pred, const Block *top) {
    for (; pred != top; pred = pred->preds.data[0]) {
        if (pred->preds.len != 1 || pred->succs.len != 1) return false;
        for (vec_each(Value *, v, &pred->values))
            if (ssa_has_effect(*v)) return false;
    }
    return true;
}

// New values stand behind the block's PHIs, in the order of their making.
static Value *insert(Block *b, uint32_t *at, SsaOp op, Type *type, Value *x, Value *y) {
    Value *v = ssa_new_value(b, op, type, b->pos, y ? 2 : 1);
    v->inl = b->inl;
    v->args[0] = x;
    if (y) v->args[1] = y;
    vec_push(&b->values, v);
    for (uint32_t i = b->values.len - 1; i > *at; i--) b->values.data[i] = b->values.data[i - 1];
    b->values.data[(*at)++] = v;
    return v;
}

static Value *resolve(const Phiopt *p, Value *v) { return ssa_resolve(p->repl, p->nrepl, v); }

// What stands for a boolean PHI that has yes where cond holds and no elsewhere; NULL: nothing. *how
// is gc's name of the operation.
static Value *boolean(const Phiopt *p, Block *b, uint32_t *at, Value *phi, Value *cond, Value *yes,
                      Value *no, const char **how) {
    Wide y, n;
    bool cy = ssa_const_value(yes, &y), cn = ssa_const_value(no, &n);
    if (cy && cn && y != n) {
        *how = y ? "Copy" : "Not";
        return y && cond->type == phi->type ? cond
               : y                          ? insert(b, at, SSA_COPY, phi->type, cond, NULL)
                                            : insert(b, at, SSA_NOT, phi->type, cond, NULL);
    }
    if (cond->type != phi->type) return NULL;
    if (((cy && y) || yes == cond) && no != phi && dominates(p, no->block, b) && no->block != b) {
        *how = "OrB";
        return insert(b, at, SSA_OR, phi->type, cond, no);
    }
    if (((cn && !n) || no == cond) && yes != phi && dominates(p, yes->block, b) &&
        yes->block != b) {
        *how = "AndB";
        return insert(b, at, SSA_AND, phi->type, cond, yes);
    }
    return NULL;
}

static Value *number(Block *b, uint32_t *at, Value *phi, Value *cond, Value *yes, Value *no) {
    Wide y, n;
    if (!ssa_const_value(yes, &y) || !ssa_const_value(no, &n) || y + n != 1 || y * n != 0)
        return NULL;
    if (!y) cond = insert(b, at, SSA_NOT, cond->type, cond, NULL);
    Value *v = insert(b, at, SSA_COPY, BASIC(UINT8), cond, NULL);
    return v->type == phi->type ? v : insert(b, at, SSA_CONV, phi->type, v, NULL);
}

// Where the two ways meet that one branch parts: its condition tells which argument the PHI has.
static void visit(Phiopt *p, Block *b) {
    Block *top = p->f->blocks.data[p->idom[b->id]];
    if (top->kind != BLOCK_IF || top->succs.data[0] == top->succs.data[1]) return;
    int first = side_of(p, top, b->preds.data[0], b), second = side_of(p, top, b->preds.data[1], b);
    if (first < 0 || second < 0 || first == second) return;
    uint32_t at = 0;
    while (at < b->values.len && b->values.data[at]->op == SSA_PHI) at++;
    for (uint32_t i = 0, n = at; i < n; i++) {
        Value *phi = b->values.data[i];
        Value *cond = resolve(p, top->control), *yes = resolve(p, phi->args[first]),
              *no = resolve(p, phi->args[second]);
        const char *how = NULL;
        Value *v = NULL;
        if (cond == phi) continue;
        if (under(phi->type)->kind == T_BOOL)
            v = boolean(p, b, &at, phi, cond, yes, no, &how);
        else if (type_is_integer(phi->type))
            v = number(b, &at, phi, cond, yes, no);
        if (!v) continue;
        p->repl[phi->id] = v;
        p->changed = true;
        if (how && report_debug_option("ssa/phiopt/debug") > 0) {
            const Block *place =
                idle(b->preds.data[0], top) && idle(b->preds.data[1], top) ? b : top;
            report_at(inl_report_pos(place->pos, place->inl), "converted OpPhi to %s", how);
        }
    }
}

static bool is_choice(const Block *b) {
    return b->id && b->preds.len == 2 && b->values.len && b->values.data[0]->op == SSA_PHI;
}

void ssa_phiopt(SsaFunc *f) {
    Phiopt p = {.f = f, .nrepl = f->nvalues};
    for (vec_each(Block *, b, &f->blocks)) {
        if (!is_choice(*b)) continue;
        if (!p.idom) {
            p.idom = ssa_dominators(f);
            p.repl = calloc(f->nvalues + 1, sizeof(Value *));
        }
        visit(&p, *b);
    }
    if (p.changed) ssa_replace_uses(f, p.repl, p.nrepl);
    FREE_ALL(p.idom, p.repl);
}
