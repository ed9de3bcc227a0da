// check_conv: what may become what. An operand and a type come in; the answers are whether a
// constant is representable, an untyped value convertible implicitly, a value assignable or
// explicitly convertible, and, where not, why in gc's words.
//
// Type parameters are judged by each type of their type sets; the innermost failure is the cause
// that is told.
#include "frontend/check_impl.h"

bool each_type(Type *t, bool (*f)(Type *, Type *, void *), void *arg) {
    if (type_is_typeparam(t)) return typeset_each(t, f, arg);
    return f(t, under(t), arg);
}

// ---- Constants ----

// By the kind's bounds; what is over int64's can only be a uint64.
static bool fits_int(const Const *v, TypeKind k) {
    int64_t i;
    static const struct {
        int64_t min, max;
        // clang-format off
    } range[] = {
        [T_INT] = {INT64_MIN, INT64_MAX},   [T_INT8] = {INT8_MIN, INT8_MAX},    [T_INT16] = {INT16_MIN, INT16_MAX},
        [T_INT32] = {INT32_MIN, INT32_MAX}, [T_INT64] = {INT64_MIN, INT64_MAX}, [T_UINT] = {0, INT64_MAX},
        [T_UINT8] = {0, UINT8_MAX},         [T_UINT16] = {0, UINT16_MAX},       [T_UINT32] = {0, UINT32_MAX},
        [T_UINT64] = {0, INT64_MAX},        [T_UINTPTR] = {0, INT64_MAX},
    };
    // clang-format on
    if (k == T_UNTYPED_INT || k == T_UNTYPED_RUNE) return true;
    if (const_int64_value(v, &i)) return range[k].min <= i && i <= range[k].max;
    uint64_t u;
    return (k == T_UINT || k == T_UINT64 || k == T_UINTPTR) && const_uint64_value(v, &u);
}

static Const *round_to(const Const *v, bool single) {
    return single ? const_round32(v) : const_round64(v);
}

// In the spec's sense: integers exactly, floats and complex numbers after rounding, which *rounded
// holds.
bool representable_const(const Const *v, Type *basic, Const **rounded) {
    if (!v) return true; // unknown: an error was reported
    TypeKind k = under(basic)->kind;
    ConstKind vk = const_kind(v);
    bool number = vk == CONST_INT || vk == CONST_FLOAT || vk == CONST_COMPLEX;
    if (type_is_integer(basic)) {
        Const *i = number ? const_to_int(v) : NULL;
        if (!i) return false;
        if (rounded) *rounded = i;
        return fits_int(i, k);
    }
    if (type_is_float(basic)) {
        Const *f = number ? const_to_float(v) : NULL;
        if (!f) return false;
        if (k == T_UNTYPED_FLOAT) return true;
        Const *r = round_to(f, k == T_FLOAT32);
        if (r && rounded) *rounded = r;
        return r != NULL;
    }
    if (type_is_complex(basic)) {
        Const *z = number ? const_to_complex(v) : NULL;
        if (!z) return false;
        if (k == T_UNTYPED_COMPLEX) return true;
        Const *re = round_to(const_real(z), k == T_COMPLEX64),
              *im = round_to(const_imag(z), k == T_COMPLEX64);
        if (!re || !im) return false;
        if (rounded) *rounded = const_complex(re, im);
        return true;
    }
    if (type_is_string(basic)) return vk == CONST_STRING;
    if (type_is_boolean(basic)) return vk == CONST_BOOL;
    return false;
}

static ConvError representation(Operand *x, Type *basic, Const **val) {
    *val = x->val;
    if (representable_const(x->val, basic, val)) return CONV_OK;
    if (!type_is_numeric(x->type) || !type_is_numeric(basic)) return CONV_INVALID;
    return !type_is_integer(x->type) && type_is_integer(basic) ? CONV_TRUNCATED : CONV_OVERFLOW;
}

static void invalid_conversion(Checker *c, ConvError err, Operand *x, Type *target) {
    const char *what = operand_string(x), *to = type_string(target);
    switch (err) {
    case CONV_TRUNCATED: check_error(c, operand_pos(x), "%s truncated to %s", what, to); break;
    case CONV_OVERFLOW: check_error(c, operand_pos(x), "%s overflows %s", what, to); break;
    default: check_error(c, operand_pos(x), "cannot convert %s to type %s", what, to); break;
    }
}

bool check_representable(Checker *c, Operand *x, Type *basic) {
    Const *v;
    ConvError err = representation(x, basic, &v);
    if (err) {
        invalid_conversion(c, err, x, basic);
        invalidate(x);
        return false;
    }
    x->val = v;
    return true;
}

// ---- Untyped values ----

// The type that two untyped operands have in common, NULL if none.
static Type *max_type(Type *x, Type *y) {
    if (x == y) return x;
    if (type_is_numeric(x) && type_is_numeric(y)) return x->kind > y->kind ? x : y;
    return NULL;
}

typedef struct ImplicitEach {
    Checker *c;
    Operand *x;
} ImplicitEach;

static bool implicit_each(Type *t, Type *u, void *arg) {
    ImplicitEach *a = arg;
    (void)t;
    Const *val;
    ConvError err;
    return u && implicit_type(a->c, a->x, u, &val, &err);
}

// The type that an untyped operand has where a target type is wanted: NULL with *err, or with *val
// where the target changes the constant.
Type *implicit_type(Checker *c, Operand *x, Type *target, Const **val, ConvError *err) {
    *val = NULL;
    *err = CONV_OK;
    if (x->mode == MODE_INVALID || type_is_typed(x->type) || is_invalid(target)) return x->type;
    if (type_is_untyped(target)) {
        Type *m = max_type(x->type, target);
        if (!m) *err = CONV_INVALID;
        return m;
    }
    if (operand_is_nil(x)) {
        if (type_has_nil(target)) return target;
        *err = CONV_INVALID;
        return NULL;
    }
    Type *u = under(target);
    if (u->kind < T_ARRAY) {
        if (x->mode == MODE_CONST) {
            *err = representation(x, u, val);
            return *err ? NULL : target;
        }
        // Not constant: a comparison's result, a shift whose type is not known yet.
        bool ok = false;
        switch (x->type->kind) {
        case T_UNTYPED_BOOL: ok = type_is_boolean(target); break;
        case T_UNTYPED_INT:
        case T_UNTYPED_RUNE:
        case T_UNTYPED_FLOAT:
        case T_UNTYPED_COMPLEX: ok = type_is_numeric(target); break;
        case T_UNTYPED_STRING: ok = type_is_string(target); break;
        default: break;
        }
        if (ok) return target;
    } else if (u->kind == T_INTERFACE) {
        if (type_is_typeparam(target)) {
            ImplicitEach a = {c, x};
            if (each_type(target, implicit_each, &a)) return target;
        } else if (interface_is_empty(u)) {
            return default_type(x->type); // values in interfaces have concrete types
        }
    }
    *err = CONV_INVALID;
    return NULL;
}

Type *check_implicit_type_and_value(Checker *c, Operand *x, Type *target, Const **val,
                                    const char **err) {
    ConvError e;
    Type *t = implicit_type(c, x, target, val, &e);
    if (err) *err = e == CONV_TRUNCATED ? "(truncated)" : e == CONV_OVERFLOW ? "(overflows)" : "";
    return e ? NULL : t;
}

// As an operand of a binary operation or an index is converted; the tree is told of the final type
// as soon as it is known.
void check_convert_untyped(Checker *c, Operand *x, Type *target) {
    Const *val;
    ConvError err;
    Type *t = implicit_type(c, x, target, &val, &err);
    if (err) {
        invalid_conversion(c, err, x, type_is_typeparam(target) ? target : under(target));
        invalidate(x);
        return;
    }
    if (val) {
        x->val = val;
        if (x->expr && x->expr->check_flags & EXPR_UNTYPED) x->expr->val = val;
    }
    if (t != x->type) {
        x->type = t;
        check_update_expr_type(c, x->expr, t, false);
    }
}

// ---- Assignability ----

static bool has_name(Type *t) {
    return t->kind < T_ARRAY || t->kind == T_NAMED || t->kind == T_TYPEPARAM;
}

static bool is_interface_ptr(Type *t) {
    return t->kind == T_POINTER && under(t->pointer.elem)->kind == T_INTERFACE;
}

static void wrap_cause(const char **cause, const char *msg) {
    if (!cause) return;
    *cause = *cause && (*cause)[0] ? xsprintf("%s\n\t%s", msg, *cause) : msg;
}

typedef struct Each {
    Checker *c;
    Operand *x;
    Type *from, *to, *param, *shown;
    const char **cause;
    bool ok;
} Each;

static bool untyped_to_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)u;
    Const *val;
    ConvError err;
    return t && implicit_type(e->c, e->x, t, &val, &err) && !err;
}

static bool assign_to_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)u;
    if (!t) return false;
    e->ok = operand_assignable_to(e->c, e->x, t, e->cause);
    if (!e->ok && e->cause)
        wrap_cause(e->cause, xsprintf("cannot assign %s to %s (in %s)", type_string(e->x->type),
                                      type_string(t), type_string(e->param)));
    return e->ok;
}

static bool assign_from_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)u;
    if (!t) return false;
    Operand y = *e->x;
    y.type = t;
    e->ok = operand_assignable_to(e->c, &y, e->to, e->cause);
    if (!e->ok && e->cause)
        wrap_cause(e->cause, xsprintf("cannot assign %s (in %s) to %s", type_string(t),
                                      type_string(e->param), type_string(e->shown)));
    return e->ok;
}

// The rules of assignability in the spec's order; *cause is the innermost reason why none holds.
bool operand_assignable_to(Checker *c, Operand *x, Type *T, const char **cause) {
    if (x->mode == MODE_INVALID || is_invalid(T) || is_invalid(x->type)) return true;
    Type *shown = T, *V = unalias(x->type);
    T = unalias(T);
    if (V == T || types_identical(V, T)) return true;
    Type *Vu = under(V), *Tu = under(T);
    bool Vp = V->kind == T_TYPEPARAM, Tp = T->kind == T_TYPEPARAM;
    Each each = {c, x, V, T, NULL, shown, cause, false};

    if (type_is_untyped(Vu)) {
        if (Tp) return each_type(T, untyped_to_term, &each);
        Const *val;
        ConvError err;
        return implicit_type(c, x, T, &val, &err) && !err;
    }
    if ((!has_name(V) || !has_name(T)) && !Vp && !Tp && types_identical(Vu, Tu)) return true;
    // A pointer to an interface implements nothing, but asking tells why.
    if ((Tu->kind == T_INTERFACE && !Tp) || is_interface_ptr(Tu)) {
        if (type_implements(V, T, false, cause)) return true;
        if (!Vp) return false;
        if (cause) *cause = "";
    }
    if (Vu->kind == T_INTERFACE && !Vp && type_implements(T, V, false, NULL)) {
        if (cause) *cause = "need type assertion";
        return false;
    }
    if (Vu->kind == T_CHAN && Vu->chan.dir == CHAN_BOTH && Tu->kind == T_CHAN &&
        types_identical(Vu->chan.elem, Tu->chan.elem))
        return !has_name(V) || !has_name(T);
    if (!Vp && !Tp) return false;
    if (!has_name(V) && Tp) {
        each.param = T;
        each_type(T, assign_to_term, &each);
        return each.ok;
    }
    if (Vp && !has_name(T)) {
        each.param = V;
        each_type(V, assign_from_term, &each);
        return each.ok;
    }
    return false;
}

// ---- Conversions ----

static bool is_bytes_or_runes(Type *u) {
    if (u->kind != T_SLICE) return false;
    TypeKind k = under(u->slice.elem)->kind;
    return k == T_UINT8 || k == T_INT32;
}

static bool is_integer_or_float(Type *t) { return type_is_integer(t) || type_is_float(t); }

static bool convertible(Checker *c, Operand *x, Type *T, const char **cause);

static bool convert_to_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)u;
    if (!t) return false;
    if (convertible(e->c, e->x, t, e->cause)) return true;
    if (e->from->kind == T_TYPEPARAM) // x's type is one of its terms
        wrap_cause(e->cause,
                   xsprintf("cannot convert %s (in %s) to type %s (in %s)", type_string(e->x->type),
                            type_string(e->from), type_string(t), type_string(e->to)));
    else
        wrap_cause(e->cause, xsprintf("cannot convert %s to type %s (in %s)",
                                      type_string(e->x->type), type_string(t), type_string(e->to)));
    return false;
}

// x's type is a type parameter: each of its types must convert, to each type where T is one as
// well.
static bool convert_from_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)u;
    if (!t) return false;
    Operand y = *e->x;
    y.type = t;
    if (e->to->kind == T_TYPEPARAM) {
        Each inner = *e;
        inner.x = &y;
        return each_type(e->to, convert_to_term, &inner);
    }
    if (convertible(e->c, &y, e->to, e->cause)) return true;
    wrap_cause(e->cause, xsprintf("cannot convert %s (in %s) to type %s", type_string(t),
                                  type_string(e->from), type_string(e->shown)));
    return false;
}

// The spec's list of conversions of values that are no constants; type parameters are judged by
// all their types.
static bool convertible(Checker *c, Operand *x, Type *T, const char **cause) {
    if (operand_assignable_to(c, x, T, cause)) return true;
    Type *shown = T, *V = unalias(x->type);
    T = unalias(T);
    Type *Vu = under(V), *Tu = under(T);
    bool Vp = V->kind == T_TYPEPARAM, Tp = T->kind == T_TYPEPARAM;
    if (!Vp && !Tp && types_identical_ignore_tags(Vu, Tu)) return true;
    if (V->kind == T_POINTER && T->kind == T_POINTER && !type_is_typeparam(V->pointer.elem) &&
        !type_is_typeparam(T->pointer.elem) &&
        types_identical_ignore_tags(under(V->pointer.elem), under(T->pointer.elem)))
        return true;
    if (!Vp && !Tp) {
        if (is_integer_or_float(Vu) && is_integer_or_float(Tu)) return true;
        if (type_is_complex(Vu) && type_is_complex(Tu)) return true;
        if (type_is_string(Tu) && (type_is_integer(Vu) || is_bytes_or_runes(Vu))) return true;
        if (type_is_string(Vu) && is_bytes_or_runes(Tu)) return true;
        if (Tu->kind == T_UNSAFEPTR && (Vu->kind == T_POINTER || Vu->kind == T_UINTPTR))
            return true;
        if (Vu->kind == T_UNSAFEPTR && (Tu->kind == T_POINTER || Tu->kind == T_UINTPTR))
            return true;
    }
    if (Vu->kind == T_SLICE) {
        if (Tu->kind == T_ARRAY && types_identical(Vu->slice.elem, Tu->array.elem)) {
            if (check_allows(c, 20)) return true;
            if (cause) *cause = "conversion of slice to array requires go1.20 or later";
            return false;
        }
        if (Tu->kind == T_POINTER && under(Tu->pointer.elem)->kind == T_ARRAY &&
            types_identical(Vu->slice.elem, under(Tu->pointer.elem)->array.elem)) {
            if (check_allows(c, 17)) return true;
            if (cause) *cause = "conversion of slice to array pointer requires go1.17 or later";
            return false;
        }
    }
    if (!Vp && !Tp) return false;
    Each each = {c, x, V, T, NULL, shown, cause, false};
    if (Vp) return each_type(V, convert_from_term, &each);
    return each_type(T, convert_to_term, &each);
}

// As string(r) at run time: what is no code point gives U+FFFD.
static Const *rune_string(const Const *v) {
    uint64_t u;
    uint32_t r = const_uint64_value(v, &u) && u <= 0x10ffff && !(u >= 0xd800 && u <= 0xdfff)
                     ? (uint32_t)u
                     : 0xfffd;
    Buf b = {0};
    buf_rune(&b, r);
    return const_string(str_make(b.p, b.len));
}

static bool const_convertible(Operand *x, Type *T, Const **val) {
    Type *t = under(T);
    if (t->kind >= T_ARRAY) return false;
    if (representable_const(x->val, t, val)) return true;
    if (type_is_integer(x->type) && type_is_string(t)) {
        if (val) *val = rune_string(x->val);
        return true;
    }
    return false;
}

// A constant converted to a type parameter must be convertible to each of its types.
static bool const_to_term(Type *t, Type *u, void *arg) {
    Each *e = arg;
    (void)t;
    if (!u) {
        *e->cause = xsprintf("%s does not contain specific types", type_string(e->to));
        return false;
    }
    if (type_is_string(e->x->type) && is_bytes_or_runes(u)) return true;
    if (const_convertible(e->x, u, NULL)) return true;
    if (type_is_integer(e->x->type) && type_is_integer(u))
        *e->cause = xsprintf("constant %s overflows %s (in %s)", value_string(e->x), type_string(u),
                             type_string(e->to));
    else
        *e->cause = xsprintf("cannot convert %s to type %s (in %s)", operand_string(e->x),
                             type_string(u), type_string(e->to));
    return false;
}

// Constants convert to constant types as constants, to type parameters as values. An untyped
// operand gets its type here.
void check_conversion(Checker *c, Operand *x, Type *T) {
    bool const_arg = x->mode == MODE_CONST, ok = false;
    const char *cause = "";
    if (const_arg && type_is_const_type(T)) {
        Const *v = x->val;
        ok = const_convertible(x, T, &v);
        if (!ok && type_is_integer(x->type) && type_is_integer(T)) {
            check_error(c, operand_pos(x), "constant %s overflows %s", value_string(x),
                        type_string(T));
            invalidate(x);
            return;
        }
        x->val = v;
    } else if (const_arg && type_is_typeparam(T)) {
        Each each = {c, x, NULL, T, NULL, NULL, &cause, false};
        ok = each_type(T, const_to_term, &each);
        x->mode = MODE_VALUE; // type parameters are not constants
    } else if (convertible(c, x, T, &cause)) {
        ok = true;
        x->mode = MODE_VALUE;
    }
    if (!ok) {
        if (cause && cause[0])
            check_error(c, operand_pos(x), "cannot convert %s to type %s: %s", operand_string(x),
                        type_string(T), cause);
        else
            check_error(c, operand_pos(x), "cannot convert %s to type %s", operand_string(x),
                        type_string(T));
        invalidate(x);
        return;
    }
    // A conversion gives an untyped operand its type, unless the result could not hold it as it is.
    if (type_is_untyped(x->type)) {
        Type *final = T;
        if (x->type == BASIC(UNTYPED_NIL)) {
        } else if (type_is_plain_interface(T) || (const_arg && !type_is_const_type(T))) {
            final = default_type(x->type);
        } else if (x->mode == MODE_CONST && type_is_integer(x->type) &&
                   all_basic(T, type_is_string)) {
            final = x->type;
        }
        check_update_expr_type(c, x->expr, final, true);
    }
    x->type = T;
}
