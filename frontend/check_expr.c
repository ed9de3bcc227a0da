// check_expr: expressions. A tree comes in; an Operand (mode, type, value) goes out and is recorded
// in the tree.
//
// Untyped operands are recorded with their untyped type first and marked EXPR_UNTYPED. When their
// context gives them a type, check_update_expr_type walks down the tree again and records it;
// constant subtrees are left alone but for their root, since they are never evaluated at run time.
// A left operand of a non-constant shift is marked too, and must turn out to be an integer then.
// What nobody gives a type gets its default at the end of the statement.
#include "frontend/check_impl.h"

// ---- Predicates ----

static bool type_is_numeric_or_string(Type *t) { return type_is_numeric(t) || type_is_string(t); }
bool type_is_ordered(Type *t) {
    return type_is_integer(t) || type_is_float(t) || type_is_string(t);
}

static bool all_integer(Type *t) { return all_basic(t, type_is_integer); }

static bool is_comparison(Operator op) { return op >= OPR_EQL && op <= OPR_GEQ; }

static Pos op_pos(const Expr *e) {
    return !e ? 0 : e->kind == E_BINARY || e->kind == E_UNARY ? e->pos : expr_start(e);
}

// ---- Operands in messages ----

static const char *const mode_text[] = {
    [MODE_INVALID] = "invalid operand",
    [MODE_NOVALUE] = "no value",
    [MODE_BUILTIN] = "built-in",
    [MODE_TYPE] = "type",
    [MODE_CONST] = "constant",
    [MODE_VAR] = "variable",
    [MODE_MAPINDEX] = "map index expression",
    [MODE_VALUE] = "value",
    [MODE_NILVALUE] = "nil",
    [MODE_COMMAOK] = "comma, ok expression",
    [MODE_COMMAERR] = "comma, error expression",
    [MODE_CGOFUNC] = "cgo function",
    [MODE_PKGNAME] = "package",
};

// "slice", "map", …; "" for basic types.
static const char *composite_kind(Type *t) {
    switch (under(t)->kind) {
    case T_ARRAY: return "array";
    case T_SLICE: return "slice";
    case T_STRUCT: return "struct";
    case T_POINTER: return "pointer";
    case T_FUNC: return "func";
    case T_INTERFACE: return "interface";
    case T_MAP: return "map";
    case T_CHAN: return "chan";
    case T_TUPLE: return "tuple";
    case T_UNION: return "union";
    default: return "";
    }
}

const char *value_string(const Operand *x) { return const_string_short(x->val); }

static bool empty_typeset(Type *tpar) {
    Type *b = tpar->tparam.constraint ? under(tpar->tparam.constraint) : NULL;
    TypeSet *s = b && b->kind == T_INTERFACE ? b->iface.tset : NULL;
    return s && !s->all_types && s->terms.len == 0;
}

// gc's description: the expression, then what it is, its value if that is not what is written, its
// type.
const char *operand_string(Operand *x) {
    if (x->mode == MODE_NILVALUE) {
        if (!x->type || is_invalid(x->type)) return "nil (with invalid type)";
        return x->type == BASIC(UNTYPED_NIL) ? "nil"
                                             : xsprintf("nil (of type %s)", type_string(x->type));
    }
    Buf b = {0};
    const char *expr = "";
    if (x->expr)
        expr = expr_string(x->expr);
    else if (x->mode == MODE_TYPE)
        expr = type_string(x->type);
    else if (x->mode == MODE_CONST)
        expr = value_string(x);
    if (expr[0]) buf_printf(&b, "%s (", expr);
    bool typed = x->type && x->mode != MODE_INVALID && x->mode != MODE_NOVALUE &&
                 x->mode != MODE_BUILTIN && x->mode != MODE_TYPE;
    if (typed && type_is_untyped(x->type)) {
        buf_printf(&b, "%s ", type_string(x->type));
        typed = false;
    }
    buf_puts(&b, mode_text[x->mode]);
    if (x->mode == MODE_CONST) {
        const char *v = value_string(x);
        if (strcmp(v, expr) != 0) buf_printf(&b, " %s", v);
    }
    if (typed && is_invalid(x->type)) {
        buf_puts(&b, " with invalid type");
    } else if (typed) {
        Type *t = x->type, *u = unalias(t);
        const char *desc = "";
        if (type_is_generic(t)) desc = "generic ";
        if (u->kind != T_TYPEPARAM && (t->kind == T_ALIAS || t->kind == T_NAMED || t == type_any)) {
            const char *kind = composite_kind(t);
            desc = xsprintf("%s%s ", desc,
                            kind[0]                         ? kind
                            : under(t)->kind == T_UNSAFEPTR ? "Pointer"
                                                            : under(t)->basic.name);
        }
        buf_printf(&b, " of %stype %s", desc, type_string(t));
        if (u->kind == T_TYPEPARAM) {
            buf_printf(&b, " constrained by %s", type_string(u->tparam.constraint));
            if (empty_typeset(u)) buf_puts(&b, " with empty type set");
        }
    }
    if (expr[0]) buf_putc(&b, ')');
    return buf_str(&b);
}

// ---- Recording ----

void record_value(Expr *e, Mode mode, Type *t, Const *val) {
    e->mode = (uint8_t)mode;
    e->type = t;
    e->val = val;
}

static Type *no_results(void) {
    static Type *t;
    if (!t) t = type_tuple(NULL, 0);
    return t;
}

// Untyped operands are listed, as their type may still change until the statement ends.
void check_record(Checker *c, Operand *x) {
    Expr *e = x->expr;
    if (!e) return;
    e->check_flags = 0;
    switch (x->mode) {
    case MODE_INVALID: record_value(e, MODE_INVALID, BASIC(INVALID), NULL); return;
    case MODE_NOVALUE: record_value(e, MODE_NOVALUE, no_results(), NULL); return;
    default: break;
    }
    if (!x->type) x->type = BASIC(INVALID); // built-in functions
    record_value(e, x->mode, x->type, x->mode == MODE_CONST ? x->val : NULL);
    if (type_is_untyped(x->type)) {
        e->check_flags = EXPR_UNTYPED;
        vec_push(&c->untyped, e);
    }
}

void check_flush_untyped(Checker *c) {
    for (uint32_t i = 0; i < c->untyped.len; i++) {
        Expr *e = c->untyped.data[i];
        if (!(e->check_flags & EXPR_UNTYPED)) continue;
        e->check_flags = 0;
        e->type = default_type(e->type);
    }
    c->untyped.len = 0;
}

void check_record_comma_ok(Checker *c, Expr *e, Type *t0, Type *t1) {
    Object *vars[2];
    Name none = intern_c("");
    vars[0] = object_new(O_VAR, e->pos, c->pkg, none, t0);
    vars[1] = object_new(O_VAR, e->pos, c->pkg, none, t1);
    Type *t = type_tuple(vars, 2);
    for (;; e = e->paren.x) {
        e->commaok = true;
        e->type = t;
        if (e->kind != E_PAREN) return;
    }
}

// An untyped expression gets type t, and with it the operands that have the same type as the
// whole. final: t will not change any more.
void check_update_expr_type(Checker *c, Expr *e, Type *t, bool final) {
    if (!e || !(e->check_flags & EXPR_UNTYPED)) return;
    bool constant = e->mode == MODE_CONST;
    switch (e->kind) {
    case E_PAREN: check_update_expr_type(c, e->paren.x, t, final); break;
    case E_UNARY:
        if (!constant) check_update_expr_type(c, e->op.x, t, final);
        break;
    case E_BINARY:
        if (constant || is_comparison(e->op.op)) break; // a comparison's operands have their types
        check_update_expr_type(c, e->op.x, t, final);
        if (e->op.op != OPR_SHL && e->op.op != OPR_SHR)
            check_update_expr_type(c, e->op.y, t, final);
        break;
    default: break;
    }
    if (!final && type_is_untyped(t)) {
        e->type = under(t);
        return;
    }
    uint8_t flags = e->check_flags;
    e->check_flags = 0;
    if (flags & EXPR_SHIFT_LHS && !all_integer(t)) {
        check_error(c, expr_start(e),
                    "invalid operation: shifted operand %s (type %s) must be integer",
                    expr_string(e), type_string(t));
        return;
    }
    Const *val = e->val;
    if (constant) {
        Operand x = {.mode = MODE_CONST, .type = e->type, .val = val, .expr = e};
        check_convert_untyped(c, &x, t);
        if (!operand_ok(&x)) return;
        val = x.val;
    }
    // One that stays untyped, as an integer converted to string, gets its default.
    record_value(e, e->mode, default_type(t), val);
}

// Only through fields and array elements: what lies behind a pointer or in a slice is no part of a
// variable.
void mark_address_taken(Expr *e) {
    for (;;) {
        e = unparen(e);
        switch (e->kind) {
        case E_NAME:
            if (e->name.obj && e->name.obj->kind == O_VAR) e->name.obj->addr_taken = true;
            return;
        case E_SELECTOR:
            if (!e->selector.selection || e->selector.selection->indirect) return;
            e = e->selector.x;
            break;
        case E_INDEX:
            e = e->index.x;
            if (!e->type || under(e->type)->kind != T_ARRAY) return;
            break;
        default: return;
        }
    }
}

// ---- Unary operators ----

// All types of a type set must have the operator.
static bool op_defined(Checker *c, Operand *x, Operator op, bool binary) {
    static const struct {
        bool (*unary)(Type *), (*binary)(Type *);
    } defined[OPR_COUNT] = {
        [OPR_ADD] = {type_is_numeric, type_is_numeric_or_string},
        [OPR_SUB] = {type_is_numeric, type_is_numeric},
        [OPR_XOR] = {type_is_integer, type_is_integer},
        [OPR_NOT] = {type_is_boolean, NULL},
        [OPR_MUL] = {NULL, type_is_numeric},
        [OPR_DIV] = {NULL, type_is_numeric},
        [OPR_REM] = {NULL, type_is_integer},
        [OPR_AND] = {NULL, type_is_integer},
        [OPR_OR] = {NULL, type_is_integer},
        [OPR_ANDNOT] = {NULL, type_is_integer},
        [OPR_ANDAND] = {NULL, type_is_boolean},
        [OPR_OROR] = {NULL, type_is_boolean},
    };
    bool (*pred)(Type *) = binary ? defined[op].binary : defined[op].unary;
    if (pred && all_basic(x->type, pred)) return true;
    if (pred)
        check_error(c, operand_pos(x), "invalid operation: operator %s not defined on %s",
                    operator_text[op], operand_string(x));
    else
        check_error(c, operand_pos(x), "invalid syntax tree: unknown operator %s",
                    operator_text[op]);
    return false;
}

// What an operation that may overflow is called.
static const char *op_name(const Expr *e) {
    if (e && e->kind == E_UNARY) return e->op.op == OPR_XOR ? "bitwise complement " : "";
    if (!e || e->kind != E_BINARY) return "";
    switch (e->op.op) {
    case OPR_ADD: return "addition ";
    case OPR_SUB: return "subtraction ";
    case OPR_XOR: return "bitwise XOR ";
    case OPR_MUL: return "multiplication ";
    case OPR_SHL: return "shift ";
    default: return "";
    }
}

enum { UNTYPED_INT_BITS = 512 };
static const size_t MAX_STRING = 2000000000;

static bool string_too_long(Checker *c, Pos pos, size_t len) {
    if (len > MAX_STRING)
        check_error(c, pos, "constant string too long (%zu bytes > %zu bytes)", len, MAX_STRING);
    return len > MAX_STRING;
}

// A typed constant must be representable; an untyped one may grow to 512 bits.
static void check_overflow(Checker *c, Operand *x, Pos pos) {
    if (!x->val) {
        check_error(c, pos, "constant result is not representable");
        return;
    }
    if (type_is_typed(x->type)) {
        check_representable(c, x, under(x->type));
        return;
    }
    if (type_is_integer(x->type) && const_kind(x->val) == CONST_INT &&
        const_bit_len(x->val) > UNTYPED_INT_BITS) {
        check_error(c, pos, "constant %soverflow", op_name(x->expr));
        x->val = NULL;
    } else if (const_kind(x->val) == CONST_STRING &&
               string_too_long(c, pos, const_string_len(x->val))) {
        x->val = NULL;
    }
}

typedef struct ChanCheck {
    bool recv;
} ChanCheck;

static const char *usable_chan(Type *t, Type *u, void *arg) {
    const ChanCheck *k = arg;
    if (!u) return "no specific channel type";
    if (u->kind != T_CHAN) return xsprintf("non-channel %s", type_string(t));
    if (k->recv && u->chan.dir == CHAN_SEND)
        return xsprintf("send-only channel %s", type_string(t));
    if (!k->recv && u->chan.dir == CHAN_RECV)
        return xsprintf("receive-only channel %s", type_string(t));
    return NULL;
}

Type *check_chan_elem(Checker *c, Pos pos, Operand *x, bool recv) {
    ChanCheck k = {recv};
    const char *cause = "";
    Type *u = common_underlying(x->type, usable_chan, &k, &cause);
    if (u) return u->chan.elem;
    const char *verb = recv ? "receive from" : "send to", *what = operand_string(x);
    if (type_is_typeparam(x->type))
        check_error(c, pos, "invalid operation: cannot %s %s: %s", verb, what, cause);
    else
        check_error(c, pos, "invalid operation: cannot %s %s %s", verb, cause, what);
    return NULL;
}

// & wants a variable or composite literal, <- a channel; the others are computed if the operand is
// constant.
static void check_unary(Checker *c, Operand *x, Expr *e) {
    check_expr(c, x, e->op.x);
    if (!operand_ok(x)) return;
    Operator op = e->op.op;
    switch (op) {
    case OPR_AND:
        if (unparen(e->op.x)->kind != E_COMPOSITE) {
            if (x->mode != MODE_VAR) {
                check_error(c, operand_pos(x), "invalid operation: cannot take address of %s",
                            operand_string(x));
                invalidate(x);
                return;
            }
            mark_address_taken(e->op.x);
        }
        x->mode = MODE_VALUE;
        x->type = type_pointer(x->type);
        return;
    case OPR_RECV: {
        Type *elem = check_chan_elem(c, operand_pos(x), x, true);
        if (!elem || !check_is_complete(c, elem)) {
            invalidate(x);
            return;
        }
        x->mode = MODE_COMMAOK;
        x->type = elem;
        c->env.has_call_or_recv = true;
        return;
    }
    case OPR_TILDE:
        if (!all_integer(x->type)) {
            check_error(c, expr_start(e), "cannot use ~ outside of interface or type constraint");
            invalidate(x);
            return;
        }
        check_error(
            c, expr_start(e),
            "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)");
        op = OPR_XOR;
        break;
    default: break;
    }
    if (!op_defined(c, x, op, false)) {
        invalidate(x);
        return;
    }
    if (x->mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        return;
    }
    if (!x->val) return;
    x->val =
        const_unary(op, x->val, type_is_unsigned(x->type) ? (unsigned)type_size(x->type) * 8 : 0);
    x->expr = e;
    check_overflow(c, x, op_pos(e));
}

// ---- Comparison ----

static const char *incomparable_cause(Type *t) {
    TypeKind k = under(t)->kind;
    if (k == T_SLICE || k == T_FUNC || k == T_MAP)
        return xsprintf("%s can only be compared to nil", composite_kind(t));
    const char *cause = NULL;
    type_comparable_p(t, true, &cause);
    return cause ? cause : "";
}

// A switch's cases are compared as x == tag, but told in words of their own.
static void comparison_error(Checker *c, Operand *x, Operand *y, Operator op, Operand *at,
                             const char *cause) {
    if (!cause[0]) {
        if (type_is_typeparam(x->type) || type_is_typeparam(y->type)) {
            if (!type_is_typeparam(x->type)) at = y;
            cause = xsprintf("type parameter %s cannot use operator %s", type_string(at->type),
                             operator_text[op]);
        } else {
            const char *what = composite_kind(at->type);
            cause = xsprintf("operator %s not defined on %s", operator_text[op],
                             what[0] ? what : type_string(at->type));
        }
    }
    if (c->env.switch_case)
        check_error(c, operand_pos(x), "invalid case %s in switch on %s (%s)", expr_string(x->expr),
                    expr_string(y->expr), cause);
    else
        check_error(c, operand_pos(at), "invalid operation: %s %s %s (%s)", expr_string(x->expr),
                    operator_text[op], expr_string(y->expr), cause);
    invalidate(x);
}

// Operands must be assignable to each other; then it depends on the operator what their types must
// have.
void check_comparison(Checker *c, Operand *x, Operand *y, Operator op) {
    if (is_invalid(x->type) || is_invalid(y->type)) {
        invalidate(x);
        return;
    }
    if (c->env.switch_case) op = OPR_EQL;
    if (!operand_assignable_to(c, x, y->type, NULL) &&
        !operand_assignable_to(c, y, x->type, NULL)) {
        // Only the second operand tells that the types don't match.
        comparison_error(
            c, x, y, op, y,
            xsprintf("mismatched types %s and %s", type_string(x->type), type_string(y->type)));
        return;
    }
    if (op == OPR_EQL || op == OPR_NEQ) {
        if (operand_is_nil(x) || operand_is_nil(y)) {
            Type *other = operand_is_nil(x) ? y->type : x->type;
            if (other == BASIC(UNTYPED_NIL) || !type_has_nil(other)) {
                comparison_error(c, x, y, op, y, "");
                return;
            }
        } else if (!type_comparable_p(x->type, true, NULL)) {
            comparison_error(c, x, y, op, x, incomparable_cause(x->type));
            return;
        } else if (!type_comparable_p(y->type, true, NULL)) {
            comparison_error(c, x, y, op, y, incomparable_cause(y->type));
            return;
        }
    } else if (!all_basic(x->type, type_is_ordered)) {
        comparison_error(c, x, y, op, x, "");
        return;
    } else if (!all_basic(y->type, type_is_ordered)) {
        comparison_error(c, x, y, op, y, "");
        return;
    }
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
        x->val = x->val && y->val ? const_bool(const_compare(x->val, op, y->val)) : NULL;
    } else {
        x->mode = MODE_VALUE;
        check_update_expr_type(c, x->expr, default_type(x->type), true);
        check_update_expr_type(c, y->expr, default_type(y->type), true);
    }
    x->type = BASIC(UNTYPED_BOOL);
}

// ---- Shifts ----

// Reports why y can't count a shift.
static bool valid_shift_count(Checker *c, Operand *y, Const **count) {
    *count = NULL;
    if (y->mode == MODE_CONST) {
        *count = const_to_int(y->val);
        if (*count && const_sign(*count) < 0) {
            check_error(c, operand_pos(y), "invalid operation: negative shift count %s",
                        operand_string(y));
            return false;
        }
        return !type_is_untyped(y->type) || check_representable(c, y, BASIC(UINT));
    }
    if (all_integer(y->type))
        return all_basic(y->type, type_is_unsigned) || check_allows(c, 13) ||
               check_verify_version(c, operand_pos(y), 13,
                                    "invalid operation: signed shift count %s", operand_string(y));
    if (type_is_untyped(y->type)) {
        check_convert_untyped(c, y, BASIC(UINT));
        return operand_ok(y);
    }
    check_error(c, operand_pos(y), "invalid operation: shift count %s must be integer",
                operand_string(y));
    return false;
}

enum { MAX_SHIFT = 1023 - 1 + 52 }; // the smallest float64 can still be written

// An untyped constant shifted by a variable amount has the type that it would have without the
// shift: found out later (EXPR_SHIFT_LHS).
static void check_shift(Checker *c, Operand *x, Operand *y, Expr *e, Operator op) {
    Const *xval = x->mode == MODE_CONST && x->val && type_is_numeric(x->type) ? const_to_int(x->val)
                                                                              : NULL,
          *yval;
    if (!all_integer(x->type) && !(type_is_untyped(x->type) && xval)) {
        check_error(c, operand_pos(x), "invalid operation: shifted operand %s must be integer",
                    operand_string(x));
        invalidate(x);
        return;
    }
    if (!valid_shift_count(c, y, &yval)) {
        invalidate(x);
        return;
    }
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
        if (!x->val || !y->val) {
            x->val = NULL;
            if (!type_is_integer(x->type)) x->type = BASIC(UNTYPED_INT);
            return;
        }
        uint64_t s;
        if (!yval || !const_uint64_value(yval, &s) || s > MAX_SHIFT) {
            check_error(c, operand_pos(y), "invalid operation: invalid shift count %s",
                        operand_string(y));
            invalidate(x);
            return;
        }
        if (!type_is_integer(x->type)) x->type = BASIC(UNTYPED_INT);
        x->val = const_shift(xval, op, (uint32_t)s);
        if (e) x->expr = e;
        check_overflow(c, x, op_pos(x->expr));
        return;
    }
    if (x->mode == MODE_CONST && type_is_untyped(x->type)) {
        // Its type is what it would be without the shift: known later.
        if (x->expr->check_flags & EXPR_UNTYPED) x->expr->check_flags |= EXPR_SHIFT_LHS;
        x->mode = MODE_VALUE;
        return;
    }
    if (!all_integer(x->type)) {
        check_error(c, operand_pos(x), "invalid operation: shifted operand %s must be integer",
                    operand_string(x));
        invalidate(x);
        return;
    }
    x->mode = MODE_VALUE;
}

// ---- Binary operators ----

static bool is_pointer(Type *t) { return under(t)->kind == T_POINTER; }

// Could x and y match after converting an untyped one to the other's type? If not, it is a
// mismatch, not a failed conversion.
static bool may_convert(Operand *x, Operand *y) {
    Type *s = x->type, *t = y->type;
    if (type_is_typed(s) && type_is_typed(t)) return false;
    if (all_basic(s, type_is_numeric) != all_basic(t, type_is_numeric)) return false;
    if (type_is_plain_interface(s) || type_is_plain_interface(t)) return true;
    if (all_basic(s, type_is_boolean) != all_basic(t, type_is_boolean)) return false;
    if (all_basic(s, type_is_string) != all_basic(t, type_is_string)) return false;
    if (operand_is_nil(x)) return type_has_nil(t);
    if (operand_is_nil(y)) return type_has_nil(s);
    return !is_pointer(s) && !is_pointer(t);
}

void check_match_types(Checker *c, Operand *x, Operand *y) {
    if (!may_convert(x, y)) return;
    check_convert_untyped(c, x, y->type);
    if (!operand_ok(x)) return;
    check_convert_untyped(c, y, x->type);
    if (!operand_ok(y)) invalidate(x);
}

static bool complex_zero(const Const *v) {
    Const *re = const_binary(const_real(v), OPR_MUL, const_real(v), false),
          *im = const_binary(const_imag(v), OPR_MUL, const_imag(v), false);
    return re && im && const_sign(re) == 0 && const_sign(im) == 0;
}

static bool divides_by_zero(const Operand *x, const Operand *y) {
    if (y->mode != MODE_CONST || !y->val) return false;
    if ((x->mode == MODE_CONST || all_integer(x->type)) && const_sign(y->val) == 0) return true;
    return x->mode == MODE_CONST && type_is_complex(x->type) && complex_zero(y->val);
}

// e: the whole expression, or NULL for lhs op= rhs. Constant operands are computed.
void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs, Operator op) {
    Operand y = {.mode = MODE_INVALID};
    check_expr(c, x, lhs);
    check_expr(c, &y, rhs);
    if (!operand_ok(x)) return;
    if (!operand_ok(&y)) {
        invalidate(x);
        x->expr = y.expr;
        return;
    }
    if (op == OPR_SHL || op == OPR_SHR) {
        check_shift(c, x, &y, e, op);
        return;
    }
    check_match_types(c, x, &y);
    if (!operand_ok(x)) return;
    if (is_comparison(op)) {
        check_comparison(c, x, &y, op);
        return;
    }
    if (x->type != y.type && !types_identical(x->type, y.type)) {
        if (!is_invalid(x->type) && !is_invalid(y.type)) {
            const char *s = type_string(x->type), *t = type_string(y.type);
            if (e)
                check_error(c, operand_pos(x), "invalid operation: %s (mismatched types %s and %s)",
                            expr_string(e), s, t);
            else
                check_error(c, operand_pos(x),
                            "invalid operation: %s %s= %s (mismatched types %s and %s)",
                            expr_string(lhs), operator_text[op], expr_string(rhs), s, t);
        }
        invalidate(x);
        return;
    }
    if (!op_defined(c, x, op, true)) {
        invalidate(x);
        return;
    }
    if ((op == OPR_DIV || op == OPR_REM) && divides_by_zero(x, &y)) {
        check_error(c, operand_pos(&y), "invalid operation: division by zero");
        invalidate(x);
        return;
    }
    if (x->mode != MODE_CONST || y.mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        return;
    }
    if (!x->val || !y.val) {
        x->val = NULL;
        return;
    }
    if (e) x->expr = e;
    if (const_kind(x->val) == CONST_STRING &&
        string_too_long(c, op_pos(x->expr), const_string_len(x->val) + const_string_len(y.val))) {
        x->val = NULL; // found out before it is built
        return;
    }
    x->val = const_binary(x->val, op, y.val, op == OPR_DIV && type_is_integer(x->type));
    check_overflow(c, x, op_pos(x->expr));
}

// ---- Literals, dereference, assertions ----

enum { MAX_LITERAL = 10000 }; // digits of a numeric literal

// Forms of literals that came with Go 1.13.
static void literal_version(Checker *c, Expr *e) {
    Str s = e->lit.text;
    if (s.len <= 2 || check_allows(c, 13)) return;
    if (memchr(s.p, '_', s.len)) {
        check_verify_version(c, e->pos, 13, "underscore in numeric literal");
        return;
    }
    if (s.p[0] != '0') return;
    char radix = (char)(s.p[1] | 0x20);
    if (radix == 'b')
        check_verify_version(c, e->pos, 13, "binary literal");
    else if (radix == 'o')
        check_verify_version(c, e->pos, 13, "0o/0O-style octal literal");
    else if (radix == 'x' && e->lit.kind != LIT_INT)
        check_verify_version(c, e->pos, 13, "hexadecimal floating-point literal");
}

// Very long numbers are refused, as gc does, before they cost time.
static void basic_lit(Checker *c, Operand *x, Expr *e) {
    // clang-format off
    static const TypeKind kinds[] = {
        [LIT_INT] = T_UNTYPED_INT,   [LIT_FLOAT] = T_UNTYPED_FLOAT,   [LIT_IMAG] = T_UNTYPED_COMPLEX,
        [LIT_RUNE] = T_UNTYPED_RUNE, [LIT_STRING] = T_UNTYPED_STRING,
    };
    // clang-format on
    if (e->lit.bad) return;
    Str s = e->lit.text;
    if (e->lit.kind == LIT_INT || e->lit.kind == LIT_FLOAT || e->lit.kind == LIT_IMAG) {
        literal_version(c, e);
        if (s.len > MAX_LITERAL) {
            check_error(c, e->pos, "excessively long constant: %.10s... (%zu chars)", s.p, s.len);
            return;
        }
    }
    Const *v = const_from_literal(e->lit.kind, s);
    if (!v) {
        check_error(c, e->pos, "malformed constant: %.*s", (int)s.len, s.p);
        return;
    }
    *x =
        (Operand){.mode = MODE_CONST, .type = types_basic[kinds[e->lit.kind]], .val = v, .expr = e};
    check_overflow(c, x, e->pos);
}

typedef struct Deref {
    Checker *c;
    Operand *x;
    Type *base;
} Deref;

// All types of the type set must point to the same type.
static bool deref_term(Type *t, Type *u, void *arg) {
    Deref *d = arg;
    (void)t;
    if (!u || u->kind != T_POINTER) {
        check_error(d->c, operand_pos(d->x), "invalid operation: cannot indirect %s",
                    operand_string(d->x));
        return false;
    }
    if (d->base && !types_identical(u->pointer.elem, d->base)) {
        check_error(d->c, operand_pos(d->x),
                    "invalid operation: pointers of %s must have identical base types",
                    operand_string(d->x));
        return false;
    }
    d->base = u->pointer.elem;
    return true;
}

// *x is a pointer type where x is a type.
static void star_expr(Checker *c, Operand *x, Expr *e) {
    check_expr_or_type(c, x, e->star.x, false);
    if (!operand_ok(x)) return;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, e->star.x, x->type);
        x->type = type_pointer(x->type);
        return;
    }
    Deref d = {c, x, NULL};
    if (!each_type(x->type, deref_term, &d) || !check_is_complete(c, d.base)) {
        invalidate(x);
        return;
    }
    x->mode = MODE_VAR;
    x->type = d.base;
}

static bool has_invalid_embedded(Type *t, int depth) {
    if (depth > 20) return false; // it embeds itself, or might as well
    Type *u = under(t);
    if (u->kind == T_POINTER) u = under(u->pointer.elem);
    if (u->kind != T_STRUCT) return false;
    for (vec_each(Object *, f, &u->strukt.fields))
        if ((*f)->embedded &&
            (is_invalid((*f)->type) || has_invalid_embedded((*f)->type, depth + 1)))
            return true;
    return false;
}

void check_type_assertion(Checker *c, Expr *e, Operand *x, Type *T, bool type_switch) {
    if (type_is_plain_interface(T) || is_invalid(T)) return; // checked at run time
    const char *cause = "";
    if (!missing_method(T, x->type, false, &cause) || has_invalid_embedded(T, 0)) return;
    if (!cause) cause = "";
    if (type_switch)
        check_error(c, expr_start(e),
                    "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s",
                    expr_string(e), operand_string(x), type_string(T), cause);
    else
        check_error(c, expr_start(e),
                    "impossible type assertion: %s\n\t%s does not implement %s %s", expr_string(e),
                    type_string(T), type_string(x->type), cause);
}

// x must be an interface, and T one that could be in it.
static void assert_expr(Checker *c, Operand *x, Expr *e) {
    check_expr(c, x, e->assert_.x);
    if (!operand_ok(x)) return;
    if (!e->assert_.type) {
        check_error(c, expr_start(e), "invalid syntax tree: invalid use of AssertExpr");
    } else if (type_is_typeparam(x->type)) {
        check_error(c, operand_pos(x),
                    "invalid operation: cannot use type assertion on type parameter value %s",
                    operand_string(x));
    } else if (under(x->type)->kind != T_INTERFACE) {
        check_error(c, operand_pos(x), "invalid operation: %s is not an interface",
                    operand_string(x));
    } else {
        Type *T = check_var_type(c, e->assert_.type);
        if (!is_invalid(T) && check_is_complete(c, T)) {
            check_type_assertion(c, e, x, T, false);
            x->mode = MODE_COMMAOK;
            x->type = T;
            return;
        }
    }
    invalidate(x);
}

// ---- The walk ----

bool make_target(Type *t, const char *desc, Target *out) {
    Type *u = t ? t->kind == T_FUNC ? t : common_underlying(t, NULL, NULL, NULL) : NULL;
    if (!u || u->kind != T_FUNC) return false;
    *out = (Target){u, desc};
    return true;
}

// By the kind of expression. CALL_STATEMENT for what may stand alone, and after errors, so that
// nothing follows from them.
static CallKind walk(Checker *c, const Target *T, Operand *x, Expr *e, Type *hint) {
    *x = (Operand){.mode = MODE_INVALID, .type = BASIC(INVALID)};
    switch (e->kind) {
    case E_BAD: break;
    case E_NAME: check_ident(c, x, e, false); break;
    case E_LIT: basic_lit(c, x, e); break;
    case E_FUNCLIT: check_func_lit(c, x, e); break;
    case E_COMPOSITE: check_composite_lit(c, x, e, hint); break;
    case E_PAREN: {
        CallKind kind = raw_expr(c, NULL, x, e->paren.x, NULL, false);
        x->expr = e;
        return kind;
    }
    case E_SELECTOR: check_selector(c, x, e, false); break;
    case E_INDEX:
        if (check_index_expr(c, x, e)) func_inst(c, T, e->pos, x, e, true);
        break;
    case E_SLICE: check_slice_expr(c, x, e); break;
    case E_ASSERT: assert_expr(c, x, e); break;
    case E_TYPESWITCH:
        check_error(c, expr_start(e), "invalid syntax tree: use of .(type) outside type switch");
        check_use(c, e->typeswitch.x);
        break;
    case E_CALL: return check_call(c, x, e);
    case E_LIST:
        check_error(c, expr_start(e), "invalid syntax tree: unexpected list of expressions");
        break;
    case E_STAR: star_expr(c, x, e); break;
    case E_UNARY:
        check_unary(c, x, e);
        if (operand_ok(x) && e->op.op == OPR_RECV) {
            x->expr = e;
            return CALL_STATEMENT;
        }
        break;
    case E_BINARY: check_binary(c, x, e, e->op.x, e->op.y, e->op.op); break;
    case E_KEYVALUE:
        check_error(c, expr_start(e), "invalid syntax tree: no key:value expected");
        break;
    case E_DOTS: check_error(c, expr_start(e), "invalid use of ..."); break;
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_STRUCTTYPE:
    case E_FUNCTYPE:
    case E_INTERFACETYPE:
    case E_MAPTYPE:
    case E_CHANTYPE:
        x->mode = MODE_TYPE;
        x->type = check_type(c, e);
        break;
    }
    x->expr = e;
    if (operand_ok(x)) return CALL_EXPRESSION;
    return CALL_STATEMENT; // no follow-up errors
}

// Where no type arguments follow, a generic function is instantiated from its target's type, if
// there is one.
void non_generic(Checker *c, const Target *T, Operand *x) {
    if (!operand_ok(x) || x->mode == MODE_NOVALUE || !x->type) return;
    const char *what;
    Type *t = x->type;
    if (t->kind == T_FUNC) {
        if (tparam_count(t) == 0) return;
        if (T) {
            func_inst(c, T, x->expr ? x->expr->pos : 0, x, NULL, true);
            return;
        }
        what = "function";
    } else if ((t->kind == T_ALIAS || t->kind == T_NAMED) && type_is_generic(t)) {
        what = "type";
    } else {
        return;
    }
    check_error(c, operand_pos(x), "cannot use generic %s %s without instantiation", what,
                expr_string(x->expr));
    invalidate(x);
    x->type = BASIC(INVALID);
}

CallKind raw_expr(Checker *c, const Target *T, Operand *x, Expr *e, Type *hint,
                  bool allow_generic) {
    CallKind kind = walk(c, T, x, e, hint);
    if (!allow_generic) non_generic(c, T, x);
    check_record(c, x);
    return kind;
}

void check_exclude(Checker *c, Operand *x, unsigned modes) {
    if (!(modes >> x->mode & 1)) return;
    const char *what = operand_string(x);
    switch (x->mode) {
    case MODE_NOVALUE:
        check_error(c, operand_pos(x),
                    modes & NOT_TYPE ? "%s used as value" : "%s used as value or type", what);
        break;
    case MODE_BUILTIN: check_error(c, operand_pos(x), "%s must be called", what); break;
    case MODE_TYPE: check_error(c, operand_pos(x), "%s is not an expression", what); break;
    default: unreachable("excluded mode");
    }
    invalidate(x);
}

void check_single_value(Checker *c, Operand *x) {
    if (x->mode != MODE_VALUE || !x->type || x->type->kind != T_TUPLE) return;
    check_error(c, operand_pos(x), "multiple-value %s in single-value context", operand_string(x));
    invalidate(x);
}

void expr_with_target(Checker *c, const Target *T, Operand *x, Expr *e) {
    raw_expr(c, T, x, e, NULL, false);
    check_exclude(c, x, ONLY_VALUES);
    check_single_value(c, x);
}

void check_expr(Checker *c, Operand *x, Expr *e) { expr_with_target(c, NULL, x, e); }

void check_expr_target(Checker *c, Operand *x, Expr *e, Type *target, const char *desc) {
    Target T;
    expr_with_target(c, make_target(target, desc, &T) ? &T : NULL, x, e);
}

void generic_expr_hint(Checker *c, Operand *x, Expr *e, Type *hint) {
    raw_expr(c, NULL, x, e, hint, true);
    check_exclude(c, x, ONLY_VALUES);
    check_single_value(c, x);
}

void check_generic_expr(Checker *c, Operand *x, Expr *e) { generic_expr_hint(c, x, e, NULL); }

void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic) {
    raw_expr(c, NULL, x, e, NULL, allow_generic);
    check_exclude(c, x, NOT_VALUELESS);
    check_single_value(c, x);
}
