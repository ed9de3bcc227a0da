// check_range: range statements. What is ranged over decides the iteration variables' types; over a
// function it is the parameters of the yield function that this function calls.
#include "frontend/check_impl.h"

// ---- Common underlying types ----

typedef struct Common {
    const char *(*cond)(Type *, Type *, void *);
    void *arg;
    Type *type, *under; // of what was seen so far
    const char *err;
} Common;

// Takes the next type of the set into account: all must be identical, but channels that differ in
// direction only have the more restricted one.
static bool common_step(Type *t, Type *u, void *arg) {
    Common *k = arg;
    if (k->cond && (k->err = k->cond(t, u, k->arg))) return false;
    if (!u) {
        k->err = "no specific type";
        return false;
    }
    if (!k->under) {
        k->type = t;
        k->under = u;
        return true;
    }
    if (k->under->kind == T_CHAN && u->kind == T_CHAN) {
        if (!types_identical(k->under->chan.elem, u->chan.elem)) {
            k->err = xsprintf("channels %s and %s have different element types",
                              type_string(k->type), type_string(t));
            return false;
        }
        if (k->under->chan.dir == u->chan.dir) return true;
        if (k->under->chan.dir == CHAN_BOTH) {
            k->type = t;
            k->under = u;
        } else if (u->chan.dir != CHAN_BOTH) {
            k->err = xsprintf("channels %s and %s have conflicting directions",
                              type_string(k->type), type_string(t));
            return false;
        }
        return true;
    }
    if (!types_identical(k->under, u)) {
        k->err = xsprintf("%s and %s have different underlying types", type_string(k->type),
                          type_string(t));
        return false;
    }
    return true;
}

Type *common_underlying(Type *t, const char *(*cond)(Type *, Type *, void *), void *arg,
                        const char **cause) {
    Common k = {cond, arg, NULL, NULL, NULL};
    if (type_is_typeparam(t))
        typeset_each(t, common_step, &k);
    else
        common_step(t, under(t), &k);
    if (!k.err) return k.under;
    if (cause) *cause = k.err;
    return NULL;
}

static const char *can_receive(Type *t, Type *u, void *arg) {
    (void)arg;
    return u && u->kind == T_CHAN && u->chan.dir == CHAN_SEND
               ? xsprintf("receive from send-only channel %s", type_string(t))
               : NULL;
}

// ---- Keys and values ----

static bool fail(Type **key, Type **val, const char **cause, const char *why) {
    *key = *val = BASIC(INVALID);
    *cause = why;
    return false;
}

// The spec's func(yield func(K, V) bool) with at most two parameters; the questions are asked in
// the order of types2's rangeKeyVal, so that the first message is the same.
static bool range_func(Type *sig, Type **key, Type **val, const char **cause) {
#define FORM "func must be func(yield func(...) bool): "
    if (sig->func.params.len != 1) return fail(key, val, cause, FORM "wrong argument count");
    if (sig->func.results.len) return fail(key, val, cause, FORM "unexpected results");
    const char *why = NULL;
    Type *y = common_underlying(sig->func.params.data[0]->type, NULL, NULL, &why);
    if (!y || y->kind != T_FUNC)
        return fail(key, val, cause,
                    why ? xsprintf(FORM "in yield type, %s", why) : FORM "argument is not func");
    if (y->func.params.len > 2)
        return fail(key, val, cause, FORM "yield func has too many parameters");
    if (y->func.results.len != 1 || !types_identical(y->func.results.data[0]->type, BASIC(BOOL))) {
        if (y->func.results.len == 1 && type_is_boolean(y->func.results.data[0]->type))
            return fail(key, val, cause, FORM "yield func returns user-defined boolean, not bool");
        return fail(key, val, cause, FORM "yield func does not return bool");
    }
    if (y->func.variadic)
        return fail(key, val, cause,
                    xsprintf("yield func of type %s cannot be variadic", type_string(y)));
    if (y->func.params.len >= 1) *key = y->func.params.data[0]->type;
    if (y->func.params.len >= 2) *val = y->func.params.data[1]->type;
    return true;
#undef FORM
}

// What ranging over a value of type x yields (NULL: nothing); false with *cause (may be empty) if
// it can't be ranged over.
static bool check_range_key_value(Checker *c, Type *x, Type **key, Type **val, const char **cause) {
    *key = *val = NULL;
    *cause = "";
    const char *why = "";
    Type *u = common_underlying(x, can_receive, NULL, &why);
    if (!u) return fail(key, val, cause, why);
    if (u->kind == T_POINTER && under(u->pointer.elem)->kind == T_ARRAY &&
        !type_is_typeparam(u->pointer.elem))
        u = under(u->pointer.elem);
    switch (u->kind) {
    case T_ARRAY:
        *key = BASIC(INT);
        *val = u->array.elem;
        return true;
    case T_SLICE:
        *key = BASIC(INT);
        *val = u->slice.elem;
        return true;
    case T_MAP:
        *key = u->map.key;
        *val = u->map.elem;
        return true;
    case T_CHAN: *key = u->chan.elem; return true;
    case T_FUNC:
        if (!check_allows(c, 23)) return fail(key, val, cause, "requires go1.23 or later");
        return range_func(u, key, val, cause);
    default:
        if (type_is_string(u)) {
            *key = BASIC(INT);
            *val = type_rune;
            return true;
        }
        if (type_is_integer(u)) {
            if (c && !check_allows(c, 22)) return fail(key, val, cause, "requires go1.22 or later");
            *key = x;
            return true;
        }
        return fail(key, val, cause, "");
    }
}

// ---- The statement ----

// Over an integer the variable is initialised by the operand itself, so that an untyped constant
// decides its type as in an assignment.
static void define_var(Checker *c, Expr *e, Type *t, Operand *x, bool over_int, ObjectVec *fresh) {
    Object *o;
    if (e->kind == E_NAME) {
        o = check_new_var(c, e->pos, e->name.name, NULL);
        e->name.obj = o;
        if (strcmp(e->name.name, "_") != 0) vec_push(fresh, o);
    } else {
        if (e->kind != E_BAD)
            check_error(c, expr_start(e), "invalid syntax tree: cannot declare %s", expr_string(e));
        o = object_new(O_VAR, e->pos, c->pkg, intern_c("_"), NULL);
    }
    if (!t || t->kind == T_INVALID) {
        o->type = BASIC(INVALID);
        o->used = true;
    } else if (over_int) {
        check_init_var(c, o, x, "range clause");
    } else {
        Operand y = {.mode = MODE_VALUE, .type = t, .expr = e};
        check_init_var(c, o, &y, "assignment");
    }
    if (!o->type) o->type = BASIC(INVALID);
    if (e->kind == E_NAME) {
        e->type = o->type;
        e->mode = MODE_VAR;
    }
}

// What is ranged over does not see the new variables, and does not get evaluated where only an
// array's length counts (counted).
void check_range(Checker *c, Stmt *s) {
    uint32_t n;
    Expr **lhs = check_unpack(s->for_.lhs, &n), *extra = n > 2 ? lhs[2] : NULL;
    Expr *sides[2] = {n > 0 ? lhs[0] : NULL, n > 1 ? lhs[1] : NULL};
    Operand x = {.mode = MODE_INVALID};
    c->env.has_call_or_recv = false;
    if (n && lhs[0]->kind == E_NAME && s->for_.define) c->env.declared = lhs[0]->pos;
    check_expr(c, &x, s->for_.x);
    c->env.declared = 0;
    Type *types[2] = {NULL, NULL};
    if (x.mode != MODE_INVALID) {
        Type *t = under(x.type);
        if (t->kind == T_POINTER) t = under(t->pointer.elem);
        s->for_.counted = n < 2 && t->kind == T_ARRAY && !c->env.has_call_or_recv;
        const char *cause = "";
        bool ok = check_range_key_value(c, x.type, &types[0], &types[1], &cause);
        if (!ok && cause[0])
            check_soft_error(c, operand_pos(&x), "cannot range over %s: %s", operand_string(&x),
                             cause);
        else if (!ok)
            check_soft_error(c, operand_pos(&x), "cannot range over %s", operand_string(&x));
        else if (!types[0] && sides[0])
            check_soft_error(c, expr_start(sides[0]),
                             "range over %s permits no iteration variables", operand_string(&x));
        else if (!types[1] && sides[1])
            check_soft_error(c, expr_start(sides[1]),
                             "range over %s permits only one iteration variable",
                             operand_string(&x));
        else if (extra)
            check_soft_error(c, expr_start(extra),
                             "range clause permits at most two iteration variables");
    }
    check_open_scope(c, s->pos, s->end, "range"); // only now: x must not see the new variables
    bool over_int = x.mode != MODE_INVALID && x.type && type_is_integer(x.type);
    if (s->for_.define) {
        ObjectVec fresh = {0};
        for (int i = 0; i < 2; i++)
            if (sides[i]) define_var(c, sides[i], types[i], &x, over_int, &fresh);
        for (vec_each(Object *, o, &fresh))
            check_declare(c, c->env.scope, NULL, *o, s->for_.body ? s->for_.body->pos : s->end);
        if (fresh.len == 0) check_error(c, s->pos, "no new variables on left side of :=");
    } else if (sides[0]) {
        for (int i = 0; i < 2; i++) {
            if (!sides[i] || !types[i] || types[i]->kind == T_INVALID) continue;
            if (over_int) {
                check_assign_var(c, sides[i], NULL, &x, "range clause");
                if (x.mode != MODE_INVALID && !type_is_integer(x.type))
                    check_soft_error(c, expr_start(sides[i]),
                                     "cannot use iteration variable of type %s",
                                     type_string(x.type));
            } else {
                Operand y = {.mode = MODE_VALUE, .type = types[i], .expr = sides[i]};
                check_assign_var(c, sides[i], NULL, &y, "assignment");
            }
        }
    } else if (over_int) {
        check_assignment(c, &x, NULL, "range clause"); // an untyped one still needs a type
    }
    if (s->for_.body) check_stmt(c, s->for_.body);
    check_close_scope(c);
}
