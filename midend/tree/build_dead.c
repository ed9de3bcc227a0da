// build_dead: source that can never run, which gc leaves out before any pass sees it.
#include "midend/tree/build.h"

// The value of a condition where it is known before the program runs: 1, -1 (false), or 0.
int build_static_bool(Expr *e) {
    e = unparen(e);
    if (e->val && const_kind(e->val) == CONST_BOOL) return const_bool_value(e->val) ? 1 : -1;
    int x, y;
    if (e->kind == E_UNARY && e->op.op == OPR_NOT) return -build_static_bool(e->op.x);
    if (e->kind != E_BINARY || (e->op.op != OPR_ANDAND && e->op.op != OPR_OROR)) return 0;
    int stops = e->op.op == OPR_ANDAND ? -1 : 1; // what decides alone
    x = build_static_bool(e->op.x);
    if (x == stops) return x;
    y = build_static_bool(e->op.y);
    return x == -stops || y == stops ? y : 0;
}

static bool is_panic(Expr *e) {
    e = unparen(e);
    if (e->kind != E_CALL) return false;
    Expr *f = unparen(e->call.fun);
    return f->mode == MODE_BUILTIN && f->kind == E_NAME && f->name.obj->builtin == BUILTIN_PANIC;
}

// gc's terminates (noder/writer.go), which is less than the spec's terminating statements: no
// loops, no switches.
static bool terminates(Stmt *s) {
    switch (s->kind) {
    case S_RETURN: return true;
    case S_BRANCH: return s->branch.tok == TOK_GOTO;
    case S_EXPR: return is_panic(s->expr.x);
    case S_IF: {
        int cond = build_static_bool(s->if_.cond);
        return (cond < 0 || build_terminates(s->if_.then)) &&
               (cond > 0 || build_terminates(s->if_.els));
    }
    case S_BLOCK:
        for (uint32_t i = s->block.list.len; i-- > 0;)
            if (s->block.list.data[i]->kind != S_EMPTY)
                return build_terminates(s->block.list.data[i]);
        return false;
    default: return false;
    }
}

// Does nothing that follows s in its list run, short of a label?
bool build_terminates(Stmt *s) {
    if (!s) return false;
    if (!s->terminates) s->terminates = terminates(s) ? 1 : -1; // asked of each block that holds s
    return s->terminates > 0;
}

// Does the clause end in a fallthrough statement?
bool build_falls_through(Clause *k) {
    for (uint32_t i = k->body.len; i-- > 0;) {
        Stmt *s = k->body.data[i];
        if (s->kind == S_EMPTY) continue;
        while (s->kind == S_LABELED) s = s->labeled.stmt;
        return s->kind == S_BRANCH && s->branch.tok == TOK_FALLTHROUGH;
    }
    return false;
}

// The clause that a switch on a constant always takes, *known; NULL: none.
Clause *build_constant_clause(Stmt *s, bool *known) {
    const Const *tag = s->switch_.tag ? s->switch_.tag->val : const_bool(true);
    Clause *target = NULL;
    *known = false;
    if (!tag) return NULL;
    for (vec_each(Clause *, kp, &s->switch_.clauses)) {
        uint32_t n;
        Expr **v = build_elements(&(*kp)->exprs, &n);
        if ((*kp)->is_default) target = *kp;
        for (uint32_t i = 0; i < n; i++) {
            if (!v[i]->val) return NULL;
            if (const_kind(v[i]->val) == const_kind(tag) &&
                const_compare(tag, OPR_EQL, v[i]->val)) {
                *known = !build_falls_through(*kp);
                return *kp;
            }
        }
    }
    *known = !target || !build_falls_through(target);
    return target;
}
