// check_stmt: statements. Each is checked in its scope; branches, which the parser found in order,
// get their targets, clauses their scopes and a type switch's clauses their variable. Literals
// found in a statement are checked at its end, before later declarations change the scope.
#include "frontend/check_impl.h"

static bool is_name(Expr *e, const char *s) {
    return e && e->kind == E_NAME && strcmp(e->name.name, s) == 0;
}

// ---- Branches ----

// The parser has reported branches that lead nowhere (gc's syntax/branches.go), so nothing is said
// here. gotos wait until the body's labels are all known.
static void resolve_branch(Checker *c, Stmt *s) {
    Body *b = c->body;
    if (!b) return;
    Name label = s->branch.label;
    if (s->branch.tok == TOK_GOTO) {
        vec_push(&b->gotos, s);
        return;
    }
    for (uint32_t i = b->around.len; i-- > 0;) {
        Stmt *t = b->around.data[i];
        if (label) {
            if (t->kind != S_LABELED || t->labeled.label != label) continue;
        } else {
            if (t->kind == S_LABELED || (s->branch.tok == TOK_CONTINUE && t->kind != S_FOR))
                continue;
            if (s->branch.tok == TOK_FALLTHROUGH && t->kind != S_SWITCH) continue;
        }
        s->branch.target = t;
        return;
    }
}

void check_goto_targets(Body *b) {
    for (vec_each(Stmt *, g, &b->gotos))
        for (vec_each(Stmt *, l, &b->labels))
            if ((*l)->labeled.label == (*g)->branch.label) (*g)->branch.target = *l;
}

// ---- Lists ----

void check_stmt_list(Checker *c, StmtVec *list) {
    for (vec_each(Stmt *, s, list)) check_stmt(c, *s);
}

static void multiple_defaults(Checker *c, ClauseVec *clauses) {
    Clause *first = NULL;
    for (vec_each(Clause *, p, clauses)) {
        if (!(*p)->is_default) continue;
        if (first)
            check_error(c, (*p)->pos, "multiple defaults (first at %s)", pos_string(first->pos));
        else
            first = *p;
    }
}

// ---- Simple statements ----

// Only calls and receives may stand alone; raw_expr tells those apart from conversions and from
// built-in functions that merely give a value.
static void expr_stmt(Checker *c, Stmt *s) {
    Operand x = {.mode = MODE_INVALID};
    CallKind kind = raw_expr(c, NULL, &x, s->expr.x, NULL, false);
    const char *msg;
    switch (x.mode) {
    case MODE_INVALID: return;
    case MODE_BUILTIN: msg = "must be called"; break;
    case MODE_TYPE: msg = "is not an expression"; break;
    default:
        if (kind == CALL_STATEMENT) return;
        msg = "is not used";
        break;
    }
    check_error(c, operand_pos(&x), "%s %s", operand_string(&x), msg);
}

// go and defer take the calls that may stand alone as statements, but no receives.
static void suspended_call(Checker *c, Stmt *s) {
    const char *keyword = s->kind == S_GO ? "go" : "defer";
    Expr *call = s->go.call;
    if (s->kind == S_DEFER && c->env.func) c->env.func->has_defer = true;
    if (!call) return;
    if (call->kind != E_CALL) {
        check_error(c, expr_start(call), "expression in %s must be function call", keyword);
        check_use(c, call);
        return;
    }
    Operand x = {.mode = MODE_INVALID};
    CallKind kind = raw_expr(c, NULL, &x, call, NULL, false);
    if (kind == CALL_STATEMENT || x.mode == MODE_INVALID) return;
    check_error(c, operand_pos(&x), "%s %s %s", keyword,
                kind == CALL_CONVERSION ? "requires function call, not conversion"
                                        : "discards result of",
                operand_string(&x));
}

static void send_stmt(Checker *c, Stmt *s) {
    Operand ch = {.mode = MODE_INVALID}, x = {.mode = MODE_INVALID};
    check_expr(c, &ch, s->send.ch);
    check_generic_expr(c, &x, s->send.x);
    if (ch.mode == MODE_INVALID || x.mode == MODE_INVALID) return;
    Type *elem = check_chan_elem(c, stmt_start(s), &ch, false);
    if (elem) check_assignment(c, &x, elem, "send");
}

static void incdec_stmt(Checker *c, Stmt *s) {
    Operand x = {.mode = MODE_INVALID};
    Expr *e = s->incdec.x;
    check_expr(c, &x, e);
    if (x.mode == MODE_INVALID) return;
    if (!all_basic(x.type, type_is_numeric)) {
        check_error(c, expr_start(e), "invalid operation: %s%s (non-numeric type %s)",
                    expr_string(e), s->incdec.dec ? "--" : "++", type_string(x.type));
        return;
    }
    check_assign_var(c, e, NULL, &x, "assignment");
}

// x op= y is checked as the binary expression, which is then assigned to x: there is one message
// for what is wrong with either.
static void assign_stmt(Checker *c, Stmt *s) {
    Expr *lhs = s->assign.lhs, *rhs = s->assign.rhs;
    if (s->assign.define) {
        check_short_var_decl(c, s->pos, lhs, rhs);
    } else if (s->assign.op == OPR_NONE) {
        check_assign_vars(c, lhs, rhs);
    } else if (lhs->kind == E_LIST || rhs->kind == E_LIST) {
        check_error(c, stmt_start(s), "assignment operation %s= requires single-valued expressions",
                    operator_text[s->assign.op]);
    } else {
        Operand x = {.mode = MODE_INVALID};
        check_binary(c, &x, NULL, lhs, rhs, s->assign.op);
        check_assign_var(c, lhs, NULL, &x, "assignment");
    }
}

// A return without values returns what the named results hold, so an inner variable of the same
// name is an error: it would not be what is returned.
static void return_stmt(Checker *c, Stmt *s) {
    if (!c->env.sig) return;
    Type *sig = c->env.sig;
    Object **res = sig->func.results.data;
    uint32_t n = sig->func.results.len;
    if (s->ret.results || n == 0 || res[0]->name[0] == 0) {
        if (s->ret.results || n) check_init_vars(c, res, n, s->ret.results, s);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        Object *alt = check_lookup(c, res[i]->name, NULL);
        if (!alt || alt == res[i]) continue;
        ErrorLines e = {0};
        check_error_line(&e, s->pos, "result parameter %s not in scope at return", res[i]->name);
        check_error_line(&e, alt->pos, "inner declaration of %s", object_string(res[i]));
        check_error_report(c, &e);
    }
}

// ---- Switches ----

typedef struct CaseValue {
    Const *val;
    Type *type;
    Pos pos;
} CaseValue;
typedef Vec(CaseValue) CaseValueVec;

static bool is_case_kind(const Const *v) {
    ConstKind k = const_kind(v);
    int64_t i;
    uint64_t u;
    return k == CONST_STRING || k == CONST_FLOAT ||
           (k == CONST_INT && (const_int64_value(v, &i) || const_uint64_value(v, &u)));
}

// Each value is compared with the tag, as the switch will. Duplicates are told of strings, floats
// and integers of up to 64 bits, as by types2's goVal: not of booleans.
static void case_values(Checker *c, Operand *x, Expr *list, PtrMap *seen) {
    uint32_t n;
    Expr **values = check_unpack(list, &n);
    for (uint32_t i = 0; i < n; i++) {
        Operand v = {.mode = MODE_INVALID};
        check_expr(c, &v, values[i]);
        if (x->mode == MODE_INVALID || v.mode == MODE_INVALID) continue;
        check_convert_untyped(c, &v, x->type);
        if (v.mode == MODE_INVALID) continue;
        Operand res = v, tag = *x; // v first: errors are at the case
        c->env.switch_case = true;
        check_comparison(c, &res, &tag, OPR_EQL);
        c->env.switch_case = false;
        if (res.mode == MODE_INVALID || v.mode != MODE_CONST || !v.val || !is_case_kind(v.val))
            continue;
        void *key = (void *)(uintptr_t)(const_hash(v.val) | 1);
        CaseValueVec *same = ptrmap_get(seen, key);
        if (!same) {
            same = NEW(CaseValueVec);
            ptrmap_put(seen, key, same);
        }
        CaseValue *dup = NULL;
        for (uint32_t j = 0; j < same->len && !dup; j++)
            if (const_equal_value(same->data[j].val, v.val) &&
                types_identical(same->data[j].type, v.type))
                dup = &same->data[j];
        if (dup) {
            ErrorLines e = {0};
            check_error_line(&e, operand_pos(&v), "duplicate case %s in expression switch",
                             operand_string(&v));
            check_error_line(&e, dup->pos, "previous case");
            check_error_report(c, &e);
            continue;
        }
        CaseValue cv = {v.val, v.type, v.expr->pos};
        vec_push(same, cv);
    }
}

static Scope *open_clause(Checker *c, Clause *cl) {
    Pos end = cl->body.len ? vec_last(&cl->body)->end : cl->colon;
    return cl->scope = check_open_scope(c, cl->pos, end, "case");
}

// Without a tag it is an implicit true, at the first case, which messages about cases then name.
// Slices, maps and functions may be switched on, since they compare with nil.
static void switch_stmt(Checker *c, Stmt *s) {
    ClauseVec *clauses = &s->switch_.clauses;
    Operand x = {.mode = MODE_INVALID};
    if (s->switch_.tag) {
        check_expr(c, &x, s->switch_.tag);
        check_assignment(c, &x, NULL, "switch expression");
        if (x.mode != MODE_INVALID && !type_comparable_p(x.type, true, NULL) &&
            !type_has_nil(x.type)) {
            check_error(c, operand_pos(&x), "cannot switch on %s (%s is not comparable)",
                        operand_string(&x), type_string(x.type));
            x.mode = MODE_INVALID;
        }
    } else {
        Expr *t = NEW(Expr);
        t->kind = E_NAME;
        t->implicit = true;
        t->name.name = intern_c("true");
        t->pos = clauses->len ? clauses->data[0]->pos : s->switch_.rbrace;
        t->end = t->pos;
        x = (Operand){.mode = MODE_CONST, .type = BASIC(BOOL), .val = const_bool(true), .expr = t};
    }
    multiple_defaults(c, clauses);
    PtrMap seen = {0};
    for (uint32_t i = 0; i < clauses->len; i++) {
        Clause *cl = clauses->data[i];
        case_values(c, &x, cl->exprs, &seen);
        open_clause(c, cl);
        check_stmt_list(c, &cl->body);
        check_close_scope(c);
    }
}

static bool is_nil(Checker *c, Expr *e) {
    e = unparen(e);
    if (e->kind != E_NAME) return false;
    Object *o = check_lookup(c, e->name.name, NULL);
    return o && o->kind == O_NIL;
}

typedef struct CaseType {
    Type *type;
    Expr *expr;
} CaseType; // type NULL: nil
typedef Vec(CaseType) CaseTypeVec;

// The type that the switch's variable has in this clause.
static Type *case_types(Checker *c, Operand *x, Expr *list, CaseTypeVec *seen, PtrMap *by_hash) {
    uint32_t n;
    Expr **types = check_unpack(list, &n);
    Type *T = NULL;
    for (uint32_t i = 0; i < n; i++) {
        Expr *e = types[i];
        if (is_nil(c, e)) {
            Operand dummy = {.mode = MODE_INVALID};
            T = NULL;
            check_expr(c, &dummy, e);
        } else {
            T = check_var_type(c, e);
            if (T->kind == T_INVALID) continue;
        }
        void *key = (void *)(uintptr_t)((T ? type_hash(T) : 2) | 1);
        uintptr_t first = (uintptr_t)ptrmap_get(by_hash, key);
        CaseType *dup = NULL;
        if (first)
            for (uint32_t j = (uint32_t)first - 1; j < seen->len && !dup; j++) {
                CaseType *t = &seen->data[j];
                if ((!T && !t->type) || (T && t->type && types_identical(T, t->type))) dup = t;
            }
        if (dup) {
            ErrorLines err = {0};
            check_error_line(&err, expr_start(e), "duplicate case %s in type switch",
                             T ? type_string(T) : "nil");
            check_error_line(&err, expr_start(dup->expr), "previous case");
            check_error_report(c, &err);
            continue;
        }
        CaseType ct = {T, e};
        vec_push(seen, ct);
        if (!first) ptrmap_put(by_hash, key, (void *)(uintptr_t)seen->len);
        if (x && T) check_type_assertion(c, e, x, T, true);
    }
    if (n != 1 || !T) T = x ? x->type : BASIC(INVALID);
    return T;
}

// Each clause has a variable of its own, of the case's type if that is a single one; the name on
// the left counts as used if one of them is.
static void type_switch_stmt(Checker *c, Stmt *s) {
    Expr *guard = s->switch_.tag, *lhs = guard->typeswitch.lhs;
    if (lhs && is_name(lhs, "_")) {
        check_soft_error(c, lhs->pos, "no new variable on left side of :=");
        lhs = NULL;
    }
    Operand x = {.mode = MODE_INVALID}, *sx = NULL;
    check_expr(c, &x, guard->typeswitch.x);
    if (x.mode != MODE_INVALID) {
        guard->type = x.type;
        if (type_is_typeparam(x.type))
            check_error(c, operand_pos(&x), "cannot use type switch on type parameter value %s",
                        operand_string(&x));
        else if (type_is_interface(x.type))
            sx = &x;
        else
            check_error(c, operand_pos(&x), "%s is not an interface", operand_string(&x));
    }
    multiple_defaults(c, &s->switch_.clauses);
    CaseTypeVec seen = {0};
    PtrMap by_hash = {0};
    bool used = false;
    for (vec_each(Clause *, p, &s->switch_.clauses)) {
        Clause *cl = *p;
        Type *T = case_types(c, sx, cl->exprs, &seen, &by_hash);
        open_clause(c, cl);
        if (lhs) {
            Object *o = object_new(O_VAR, lhs->pos, c->pkg, lhs->name.name, T);
            o->owner = c->env.func;
            check_declare(c, c->env.scope, NULL, o, cl->colon);
            cl->implicit = o;
        }
        check_stmt_list(c, &cl->body);
        // A literal in this clause may use the variable, too: those have been checked by now.
        if (cl->implicit && cl->implicit->used) used = true;
        check_close_scope(c);
    }
    if (lhs && !used) check_soft_error(c, lhs->pos, "%s declared and not used", lhs->name.name);
}

// The parser lets any simple statement be a case. What is neither send nor receive is left out,
// body and all, as in types2.
static void select_stmt(Checker *c, Stmt *s) {
    multiple_defaults(c, &s->select.clauses);
    for (vec_each(Clause *, p, &s->select.clauses)) {
        Clause *cl = *p;
        Stmt *comm = cl->comm;
        bool valid = !comm || comm->kind == S_SEND;
        Expr *rhs = NULL;
        if (comm && comm->kind == S_ASSIGN && comm->assign.rhs && comm->assign.rhs->kind != E_LIST)
            rhs = comm->assign.rhs;
        if (comm && comm->kind == S_EXPR) rhs = comm->expr.x;
        if (rhs) {
            Expr *r = unparen(rhs);
            valid = r->kind == E_UNARY && r->op.op == OPR_RECV;
        }
        if (!valid) {
            check_error(c, stmt_start(comm),
                        "select case must be send or receive (possibly with assignment)");
            continue;
        }
        open_clause(c, cl);
        if (comm) check_stmt(c, comm);
        check_stmt_list(c, &cl->body);
        check_close_scope(c);
    }
}

// ---- Compound statements ----

static void condition(Checker *c, Expr *cond, const char *what) {
    Operand x = {.mode = MODE_INVALID};
    check_expr(c, &x, cond);
    if (x.mode != MODE_INVALID && !all_basic(x.type, type_is_boolean))
        check_error(c, expr_start(cond), "non-boolean condition in %s statement", what);
}

// A post statement that declares was refused by the parser; its left side counts as used so that no
// more is said of it.
static void for_stmt(Checker *c, Stmt *s) {
    if (s->for_.is_range) {
        check_range(c, s);
        return;
    }
    check_open_scope(c, s->pos, s->end, "for");
    if (s->for_.init) check_stmt(c, s->for_.init);
    if (s->for_.cond) condition(c, s->for_.cond, "for");
    if (s->for_.post) {
        check_stmt(c, s->for_.post);
        if (s->for_.post->kind == S_ASSIGN && s->for_.post->assign.define)
            check_use(c, s->for_.post->assign.lhs);
    }
    check_stmt(c, s->for_.body);
    check_close_scope(c);
}

// Scopes open here: one for a block, and one around if, switch and for, which holds what their init
// statements declare. Clauses have theirs (open_clause).
static void walk(Checker *c, Stmt *s) {
    switch (s->kind) {
    case S_BAD:
    case S_EMPTY: break;
    case S_DECL: check_decl_stmt(c, &s->decl.decls); break;
    case S_LABELED: check_stmt(c, s->labeled.stmt); break;
    case S_EXPR: expr_stmt(c, s); break;
    case S_SEND: send_stmt(c, s); break;
    case S_ASSIGN: assign_stmt(c, s); break;
    case S_INCDEC: incdec_stmt(c, s); break;
    case S_GO:
    case S_DEFER: suspended_call(c, s); break;
    case S_RETURN: return_stmt(c, s); break;
    case S_BRANCH: resolve_branch(c, s); break;
    case S_BLOCK:
        check_open_scope(c, s->pos, s->end, "block");
        check_stmt_list(c, &s->block.list);
        check_close_scope(c);
        break;
    case S_IF:
        check_open_scope(c, s->pos, s->end, "if");
        if (s->if_.init) check_stmt(c, s->if_.init);
        if (s->if_.cond) condition(c, s->if_.cond, "if");
        if (s->if_.then) check_stmt(c, s->if_.then);
        if (s->if_.els) check_stmt(c, s->if_.els);
        check_close_scope(c);
        break;
    case S_SWITCH:
        check_open_scope(c, s->pos, s->end, "switch");
        if (s->switch_.init) check_stmt(c, s->switch_.init);
        if (s->switch_.tag && s->switch_.tag->kind == E_TYPESWITCH)
            type_switch_stmt(c, s);
        else
            switch_stmt(c, s);
        check_close_scope(c);
        break;
    case S_SELECT: select_stmt(c, s); break;
    case S_FOR: for_stmt(c, s); break;
    }
}

void check_stmt(Checker *c, Stmt *s) {
    if (!s) return;
    uint32_t mark = check_delayed_mark(c);
    Body *b = c->body;
    bool around =
        s->kind == S_LABELED || s->kind == S_FOR || s->kind == S_SWITCH || s->kind == S_SELECT;
    if (b && around) vec_push(&b->around, s);
    if (b && s->kind == S_LABELED) vec_push(&b->labels, s);
    // Literals see the scope at the end of their statement, before it is closed.
    walk(c, s);
    check_process_delayed_from(c, mark);
    check_flush_untyped(c);
    if (b && around) b->around.len--;
}

// ---- Termination ----

static bool has_break(Stmt *s, Name label, bool implicit);

static bool has_break_list(StmtVec *list, Name label, bool implicit) {
    for (vec_each(Stmt *, s, list))
        if (has_break(*s, label, implicit)) return true;
    return false;
}

static bool has_break_clauses(ClauseVec *clauses, Name label) {
    for (vec_each(Clause *, cl, clauses))
        if (has_break_list(&(*cl)->body, label, false)) return true;
    return false;
}

// Does s hold a break that leaves the statement labelled label, or (implicit) the closest one
// around s?
static bool has_break(Stmt *s, Name label, bool implicit) {
    if (!s) return false;
    switch (s->kind) {
    case S_LABELED: return has_break(s->labeled.stmt, label, implicit);
    case S_BRANCH:
        if (s->branch.tok != TOK_BREAK) return false;
        return s->branch.label ? s->branch.label == label : implicit;
    case S_BLOCK: return has_break_list(&s->block.list, label, implicit);
    case S_IF:
        return has_break(s->if_.then, label, implicit) || has_break(s->if_.els, label, implicit);
    case S_SWITCH: return label && has_break_clauses(&s->switch_.clauses, label);
    case S_SELECT: return label && has_break_clauses(&s->select.clauses, label);
    case S_FOR: return label && has_break(s->for_.body, label, false);
    default: return false;
    }
}

static bool list_terminates(StmtVec *list) {
    for (uint32_t i = list->len; i-- > 0;)
        if (list->data[i]->kind != S_EMPTY) return stmt_is_terminating(list->data[i], NULL);
    return false;
}

static bool clauses_terminate(ClauseVec *clauses, Name label) {
    for (vec_each(Clause *, cl, clauses))
        if (!list_terminates(&(*cl)->body) || has_break_list(&(*cl)->body, label, true))
            return false;
    return true;
}

// The spec's list of terminating statements. label is the one that s has: a break to it makes s
// end. panic is the built-in function only, whatever else is called so.
bool stmt_is_terminating(Stmt *s, Name label) {
    if (!s) return false;
    switch (s->kind) {
    case S_LABELED: return stmt_is_terminating(s->labeled.stmt, s->labeled.label);
    case S_EXPR: {
        Expr *e = unparen(s->expr.x);
        if (e->kind != E_CALL || e->mode != MODE_NOVALUE) return false;
        e = unparen(e->call.fun);
        return e->kind == E_NAME && e->name.obj && e->name.obj->kind == O_BUILTIN &&
               e->name.obj->builtin == BUILTIN_PANIC;
    }
    case S_RETURN: return true;
    case S_BRANCH: return s->branch.tok == TOK_GOTO || s->branch.tok == TOK_FALLTHROUGH;
    case S_BLOCK: return list_terminates(&s->block.list);
    case S_IF:
        return s->if_.els && stmt_is_terminating(s->if_.then, NULL) &&
               stmt_is_terminating(s->if_.els, NULL);
    case S_SWITCH: {
        bool has_default = false;
        for (vec_each(Clause *, cl, &s->switch_.clauses)) has_default |= (*cl)->is_default;
        return has_default && clauses_terminate(&s->switch_.clauses, label);
    }
    case S_SELECT: return clauses_terminate(&s->select.clauses, label);
    case S_FOR: return !s->for_.is_range && !s->for_.cond && !has_break(s->for_.body, label, true);
    default: return false;
    }
}
