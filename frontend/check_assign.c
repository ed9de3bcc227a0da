// check_assign: assignments of values to variables, in statements, declarations, results and
// arguments.
//
// check_assignment is the heart: it gives an untyped value its type and reports what cannot be
// assigned, in the words of its context ("argument", "return statement"…). Naming a variable on the
// left is not a use of it. For the midend, each assignment is counted in Object.assigns.
#include "frontend/check_impl.h"

// First the untyped operand gets the type that it has in T, then a generic function is
// instantiated, then assignability is asked; each step has its own words for failure.
void check_assignment(Checker *c, Operand *x, Type *T, const char *context) {
    check_single_value(c, x);
    switch (x->mode) {
    case MODE_INVALID: return;
    case MODE_NILVALUE:
    case MODE_CONST:
    case MODE_VAR:
    case MODE_MAPINDEX:
    case MODE_VALUE:
    case MODE_COMMAOK:
    case MODE_COMMAERR: break;
    default:
        check_error(c, operand_pos(x), "cannot assign %s to %s in %s", operand_string(x),
                    T ? type_string(T) : "_", context);
        x->mode = MODE_INVALID;
        return;
    }
    if (type_is_untyped(x->type)) {
        Type *target = T;
        if (x->mode == MODE_NILVALUE || x->type == BASIC(UNTYPED_NIL)) {
            if (!T) {
                check_error(c, operand_pos(x), "use of untyped nil in %s", context);
                x->mode = MODE_INVALID;
                return;
            }
        } else if (!T || (type_is_interface(T) && !type_is_typeparam(T))) {
            target = default_type(x->type);
        }
        Const *val = NULL;
        const char *err = NULL;
        Type *t = check_implicit_type_and_value(c, x, target, &val, &err);
        if (!t) {
            check_error(c, operand_pos(x), "cannot use %s as %s value in %s%s%s", operand_string(x),
                        type_string(target), context, err && err[0] ? " " : "", err ? err : "");
            x->mode = MODE_INVALID;
            return;
        }
        if (val) x->val = val;
        if (t != x->type) {
            x->type = t;
            check_update_expr_type(c, x->expr, t, false);
        }
    }
    Target target; // a generic function has no value before it is instantiated
    non_generic(c, T && make_target(T, context, &target) ? &target : NULL, x);
    if (x->mode == MODE_INVALID) return;
    if (!T) return;
    const char *cause = NULL;
    if (operand_assignable_to(c, x, T, &cause)) return;
    if (cause && cause[0])
        check_error(c, operand_pos(x), "cannot use %s as %s value in %s: %s", operand_string(x),
                    type_string(T), context, cause);
    else
        check_error(c, operand_pos(x), "cannot use %s as %s value in %s", operand_string(x),
                    type_string(T), context);
    x->mode = MODE_INVALID;
}

static bool bad(const Operand *x) {
    return x->mode == MODE_INVALID || (x->type && x->type->kind == T_INVALID);
}

// A constant keeps an untyped type, unlike a variable.
void check_init_const(Checker *c, Object *lhs, Operand *x) {
    if (bad(x) || (lhs->type && lhs->type->kind == T_INVALID)) {
        if (!lhs->type) lhs->type = BASIC(INVALID);
        return;
    }
    if (x->mode != MODE_CONST) {
        check_error(c, operand_pos(x), "%s is not constant", operand_string(x));
        if (!lhs->type) lhs->type = BASIC(INVALID);
        return;
    }
    if (!lhs->type) lhs->type = x->type;
    if (type_is_untyped(lhs->type)) { // stays untyped; only its expression is finished
        lhs->val = x->val;
        return;
    }
    check_assignment(c, x, lhs->type, "constant declaration");
    if (x->mode == MODE_INVALID) return;
    lhs->val = x->val;
}

// A variable without a type gets its value's: an untyped one's default.
Type *check_init_var(Checker *c, Object *lhs, Operand *x, const char *context) {
    if (bad(x) || (lhs->type && lhs->type->kind == T_INVALID)) {
        if (!lhs->type) lhs->type = BASIC(INVALID);
        x->mode = MODE_INVALID;
        return NULL;
    }
    if (!lhs->type) {
        Type *t = x->type;
        if (type_is_untyped(t)) {
            if (t == BASIC(UNTYPED_NIL)) {
                check_error(c, operand_pos(x), "use of untyped nil in %s", context);
                lhs->type = BASIC(INVALID);
                x->mode = MODE_INVALID;
                return NULL;
            }
            t = default_type(t);
        }
        lhs->type = t;
    }
    check_assignment(c, x, lhs->type, context);
    return x->mode == MODE_INVALID ? NULL : lhs->type;
}

// ---- Left sides ----

// The variable that lhs names, if it is just a (parenthesised) name of this package's.
static Object *named_var(Checker *c, Expr *lhs) {
    Expr *e = unparen(lhs);
    if (e->kind != E_NAME) return NULL;
    Object *o = check_lookup(c, e->name.name, NULL);
    return o && o->kind == O_VAR && o->pkg == c->pkg ? o : NULL;
}

// ---- Use ----

// lhs: a name on the left side of an assignment is looked up, but not used by that.
static bool use1(Checker *c, Expr *e, bool lhs) {
    if (!e) return true;
    if (e->kind == E_LIST) {
        bool ok = true;
        for (vec_each(Expr *, x, &e->list.elems)) ok = use1(c, *x, lhs) && ok;
        return ok;
    }
    Operand x = {.mode = MODE_VALUE};
    Expr *n = unparen(e);
    if (n->kind == E_LIST) return use1(c, n, lhs);
    if (n->kind == E_KEYVALUE) {
        bool ok = use1(c, n->kv.x, lhs);
        return use1(c, n->kv.y, lhs) && ok;
    }
    if (n->kind == E_NAME) {
        if (strcmp(n->name.name, "_") == 0) return true;
        Object *v = lhs ? named_var(c, n) : NULL;
        bool used = v && v->used;
        check_expr_or_type(c, &x, n, true);
        if (v) v->used = used;
    } else {
        raw_expr(c, NULL, &x, e, NULL, true);
    }
    return x.mode != MODE_INVALID;
}

bool check_use(Checker *c, Expr *e) { return use1(c, e, false); }
static bool use_lhs(Checker *c, Expr *e) { return use1(c, e, true); }

static bool is_blank(Expr *e) {
    e = unparen(e);
    return e->kind == E_NAME && strcmp(e->name.name, "_") == 0;
}

// The variable that holds what e denotes: x for x, x.f and x[i] of an array x.
static Object *outer_var(Expr *e) {
    for (;;) {
        e = unparen(e);
        if (e->kind == E_NAME)
            return e->name.obj && e->name.obj->kind == O_VAR ? e->name.obj : NULL;
        if (e->kind == E_SELECTOR) {
            if (!e->selector.selection || e->selector.selection->kind != SEL_FIELD ||
                e->selector.selection->indirect)
                return NULL;
            e = e->selector.x;
            if (e->type && under(e->type)->kind == T_POINTER) return NULL;
        } else if (e->kind == E_INDEX) {
            e = e->index.x;
            if (!e->type || under(e->type)->kind != T_ARRAY) return NULL;
        } else {
            return NULL;
        }
    }
}

// The type of an assignable expression; does not count as use.
static Type *check_lhs(Checker *c, Expr *lhs) {
    if (is_blank(lhs)) {
        unparen(lhs)->name.obj = NULL;
        return NULL;
    }
    Object *v = named_var(c, lhs);
    bool used = v && v->used;
    Operand x = {.mode = MODE_INVALID};
    check_expr(c, &x, lhs);
    if (v) v->used = used;
    if (bad(&x)) return BASIC(INVALID);
    Object *outer = outer_var(lhs);
    if (outer) outer->assigns++;
    if (x.mode == MODE_VAR || x.mode == MODE_MAPINDEX) return x.type;
    if (x.expr->kind == E_SELECTOR) {
        Operand op = {.mode = MODE_INVALID};
        check_expr(c, &op, x.expr->selector.x);
        if (op.mode == MODE_MAPINDEX) {
            check_error(c, operand_pos(&x), "cannot assign to struct field %s in map",
                        expr_string(x.expr));
            return BASIC(INVALID);
        }
    }
    check_error(c, operand_pos(&x),
                "cannot assign to %s (neither addressable nor a map index expression)",
                expr_string(x.expr));
    return BASIC(INVALID);
}

// Assigns rhs, or operand x where it was evaluated already, as a part of a multi-valued call.
void check_assign_var(Checker *c, Expr *lhs, Expr *rhs, Operand *x, const char *context) {
    Type *T = check_lhs(c, lhs); // NULL: blank
    if (T && T->kind == T_INVALID) {
        if (x)
            x->mode = MODE_INVALID;
        else
            check_use(c, rhs);
        return;
    }
    Operand y = {.mode = MODE_INVALID};
    if (!x) {
        x = &y;
        if (T && under(T)->kind == T_FUNC)
            check_expr_target(c, x, rhs, T, expr_string(lhs));
        else
            check_expr(c, x, rhs);
    }
    if (!T && strcmp(context, "assignment") == 0) context = "assignment to _ identifier";
    check_assignment(c, x, T, context);
}

// ---- Mismatches ----

static const char *measure(uint32_t n, const char *unit) {
    return xsprintf("%u %s%s", n, unit, n == 1 ? "" : "s");
}

// The types of values as "have" and "want" lines list them, in gc's words.
static void summary(Buf *b, Type **types, uint32_t n) {
    buf_putc(b, '(');
    for (uint32_t i = 0; i < n; i++) {
        Type *t = types[i];
        if (i) buf_puts(b, ", ");
        if (!t || t->kind == T_INVALID) {
            buf_puts(b, "unknown type");
        } else if (type_is_untyped(t)) {
            const char *s = type_string(t);
            buf_puts(b, type_is_numeric(t) ? "number" : strncmp(s, "untyped ", 8) == 0 ? s + 8 : s);
        } else {
            buf_puts(b, type_string(t));
        }
    }
    buf_putc(b, ')');
}

static void assign_error(Checker *c, Expr **rhs, uint32_t n, uint32_t l, uint32_t r) {
    const char *vars = measure(l, "variable"), *vals = measure(r, "value");
    Expr *call = n == 1 ? unparen(rhs[0]) : NULL;
    if (call && call->kind == E_CALL)
        check_error(c, expr_start(rhs[0]), "assignment mismatch: %s but %s returns %s", vars,
                    expr_string(call->call.fun), vals);
    else
        check_error(c, expr_start(rhs[0]), "assignment mismatch: %s but %s", vars, vals);
}

// gc points at the first value too many, or the last of too few.
static void check_return_error(Checker *c, Pos at, Object **lhs, uint32_t l, Operand *rhs,
                               uint32_t r) {
    const char *what = "not enough";
    if (r > l) {
        at = operand_pos(&rhs[l]);
        what = "too many";
    } else if (r > 0) {
        at = operand_pos(&rhs[r - 1]);
    }
    ErrorLines e = {0};
    check_error_line(&e, at, "%s return values", what);
    Type **have = NEW_ARRAY(Type *, r + 1), **want = NEW_ARRAY(Type *, l + 1);
    for (uint32_t i = 0; i < r; i++) have[i] = rhs[i].type;
    for (uint32_t i = 0; i < l; i++) want[i] = lhs[i]->type;
    Buf hb = {0}, wb = {0};
    summary(&hb, have, r);
    summary(&wb, want, l);
    check_error_line(&e, 0, "have %s", buf_str(&hb));
    check_error_line(&e, 0, "want %s", buf_str(&wb));
    check_error_report(c, &e);
}

// ---- Several at once ----

static bool is_call(Expr **rhs, uint32_t n) { return n == 1 && unparen(rhs[0])->kind == E_CALL; }

static void give_types(Object **lhs, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (!lhs[i]->type) lhs[i]->type = BASIC(INVALID);
}

static void record_comma_ok(Checker *c, Expr *rhs, OperandVec *ops) {
    if (ops->len != 2 || unparen(rhs)->kind == E_CALL || ops->data[0].mode == MODE_INVALID ||
        ops->data[1].mode == MODE_INVALID)
        return;
    check_record_comma_ok(c, rhs, ops->data[0].type, ops->data[1].type);
}

// Either as many values as variables, or one call or comma-ok form that gives them all. ret: these
// are the results of a return.
void check_init_vars(Checker *c, Object **lhs, uint32_t l, Expr *rhs_list, Stmt *ret) {
    uint32_t r;
    Expr **rhs = check_unpack(rhs_list, &r);
    const char *context = ret ? "return statement" : l > 1 ? "multiple assignment" : "assignment";
    if (l == r && !is_call(rhs, r)) {
        for (uint32_t i = 0; i < l; i++) {
            Operand x = {.mode = MODE_INVALID};
            const char *desc = ret && lhs[i]->name[0] == 0 ? "result variable" : lhs[i]->name;
            if (c->env.declared) c->env.declared = lhs[i]->pos;
            check_expr_target(c, &x, rhs[i], lhs[i]->type, desc);
            check_init_var(c, lhs[i], &x, context);
        }
        return;
    }
    if (r != 1) {
        bool ok = true;
        for (uint32_t i = 0; i < r; i++) ok = check_use(c, rhs[i]) && ok;
        if (ok) {
            if (ret) {
                OperandVec ops = {0};
                if (r) check_expr_list(c, rhs_list, &ops, false, false);
                check_return_error(c, ret->pos, lhs, l, ops.data, ops.len);
            } else if (r) {
                assign_error(c, rhs, r, l, r);
            }
        }
        give_types(lhs, l);
        return;
    }
    OperandVec ops = {0};
    check_expr_list(c, rhs[0], &ops, l == 2 && !ret, false);
    if (ops.len == l) {
        for (uint32_t i = 0; i < l; i++) check_init_var(c, lhs[i], &ops.data[i], context);
        record_comma_ok(c, rhs[0], &ops);
        return;
    }
    if (ops.len == 0 || ops.data[0].mode != MODE_INVALID) {
        if (ret)
            check_return_error(c, ret->pos, lhs, l, ops.data, ops.len);
        else
            assign_error(c, rhs, 1, l, ops.len);
    }
    give_types(lhs, l);
}

// As check_init_vars, for what is declared already.
void check_assign_vars(Checker *c, Expr *lhs_list, Expr *rhs_list) {
    uint32_t l, r;
    Expr **lhs = check_unpack(lhs_list, &l), **rhs = check_unpack(rhs_list, &r);
    const char *context = l > 1 ? "multiple assignment" : "assignment";
    if (l == r && !is_call(rhs, r)) {
        for (uint32_t i = 0; i < l; i++) check_assign_var(c, lhs[i], rhs[i], NULL, context);
        return;
    }
    if (r != 1) {
        bool ok = use_lhs(c, lhs_list);
        ok = check_use(c, rhs_list) && ok;
        if (ok && r) assign_error(c, rhs, r, l, r);
        return;
    }
    OperandVec ops = {0};
    check_expr_list(c, rhs[0], &ops, l == 2, false);
    if (ops.len == l) {
        for (uint32_t i = 0; i < l; i++) check_assign_var(c, lhs[i], NULL, &ops.data[i], context);
        record_comma_ok(c, rhs[0], &ops);
        return;
    }
    if (ops.len == 0 || ops.data[0].mode != MODE_INVALID) assign_error(c, rhs, 1, l, ops.len);
    use_lhs(c, lhs_list);
}

// New variables are declared last, so that neither the right side nor a literal in it sees them.
void check_short_var_decl(Checker *c, Pos pos, Expr *lhs_list, Expr *rhs) {
    uint32_t mark = check_delayed_mark(c), l;
    Expr **lhs = check_unpack(lhs_list, &l);
    Scope *scope = c->env.scope;
    Object **vars = NEW_ARRAY(Object *, l + 1), **fresh = NEW_ARRAY(Object *, l + 1);
    uint32_t nfresh = 0;
    bool error = false;
    for (uint32_t i = 0; i < l; i++) {
        Expr *e = lhs[i];
        if (e->kind != E_NAME) {
            use_lhs(c, e);
            if (e->kind != E_BAD)
                check_error(c, expr_start(e), "non-name %s on left side of :=", expr_string(e));
            error = true;
            continue;
        }
        Name name = e->name.name;
        bool blank = strcmp(name, "_") == 0, repeated = false;
        for (uint32_t j = 0; j < i && !blank && !repeated; j++)
            repeated = lhs[j]->kind == E_NAME && lhs[j]->name.name == name;
        if (repeated) {
            check_error(c, e->pos, "%s repeated on left side of :=", name);
            error = true;
            continue;
        }
        Object *alt = blank ? NULL : scope_lookup(scope, name);
        if (alt) {
            e->name.obj = alt;
            if (alt->kind == O_VAR) {
                vars[i] = alt;
                alt->assigns++;
            } else {
                check_error(c, e->pos, "cannot assign to %s", name);
                error = true;
            }
            continue;
        }
        Object *o = check_new_var(c, e->pos, name, NULL);
        vars[i] = o;
        if (!blank) fresh[nfresh++] = o;
        e->name.obj = o;
    }
    for (uint32_t i = 0; i < l; i++)
        if (!vars[i]) vars[i] = object_new(O_VAR, lhs[i]->pos, c->pkg, intern_c("_"), NULL);
    c->env.declared = lhs[0]->pos;
    check_init_vars(c, vars, l, rhs, NULL);
    c->env.declared = 0;
    for (uint32_t i = 0; i < l; i++) {
        if (lhs[i]->kind != E_NAME) continue;
        lhs[i]->type = vars[i]->type;
        lhs[i]->mode = MODE_VAR;
    }
    check_process_delayed_from(c, mark); // literals must not see the new variables
    if (nfresh == 0 && !error) {
        check_soft_error(c, pos, "no new variables on left side of :=");
        return;
    }
    Pos from = rhs ? expr_end(rhs) : pos;
    for (uint32_t i = 0; i < nfresh; i++) check_declare(c, scope, NULL, fresh[i], from);
}
