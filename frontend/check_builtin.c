// check_builtin: calls of built-in functions. The call comes in with its function recognised; the
// operand goes out with the call's mode, type and value.
//
// Where an argument's type is a type parameter, the rule must hold for each type of its type set.
#include "frontend/check_impl.h"

typedef struct Builtin {
    const char *name;
    uint8_t nargs;
    bool variadic;
} Builtin;

static const Builtin builtins[BUILTIN_COUNT] = {
    [BUILTIN_APPEND] = {"append", 1, true},
    [BUILTIN_CAP] = {"cap", 1, false},
    [BUILTIN_CLEAR] = {"clear", 1, false},
    [BUILTIN_CLOSE] = {"close", 1, false},
    [BUILTIN_COMPLEX] = {"complex", 2, false},
    [BUILTIN_COPY] = {"copy", 2, false},
    [BUILTIN_DELETE] = {"delete", 2, false},
    [BUILTIN_IMAG] = {"imag", 1, false},
    [BUILTIN_LEN] = {"len", 1, false},
    [BUILTIN_MAKE] = {"make", 1, true},
    [BUILTIN_MAX] = {"max", 1, true},
    [BUILTIN_MIN] = {"min", 1, true},
    [BUILTIN_NEW] = {"new", 1, false},
    [BUILTIN_PANIC] = {"panic", 1, false},
    [BUILTIN_PRINT] = {"print", 0, true},
    [BUILTIN_PRINTLN] = {"println", 0, true},
    [BUILTIN_REAL] = {"real", 1, false},
    [BUILTIN_RECOVER] = {"recover", 0, false},
    [BUILTIN_UNSAFE_ADD] = {"Add", 2, false},
    [BUILTIN_UNSAFE_ALIGNOF] = {"Alignof", 1, false},
    [BUILTIN_UNSAFE_OFFSETOF] = {"Offsetof", 1, false},
    [BUILTIN_UNSAFE_SIZEOF] = {"Sizeof", 1, false},
    [BUILTIN_UNSAFE_SLICE] = {"Slice", 2, false},
    [BUILTIN_UNSAFE_SLICEDATA] = {"SliceData", 1, false},
    [BUILTIN_UNSAFE_STRING] = {"String", 2, false},
    [BUILTIN_UNSAFE_STRINGDATA] = {"StringData", 1, false},
    [BUILTIN_ASSERT] = {"assert", 1, false},
    [BUILTIN_TRACE] = {"trace", 0, true},
};

typedef struct Call {
    Checker *c;
    Operand *x; // first argument, then the result
    Expr *call;
    ExprVec *exprs;
    OperandVec args; // evaluated arguments; args.data[0] is also in *x
    BuiltinId id;
} Call;

static Operand *arg1(Call *k) { return &k->args.data[1]; }

// ---- append, copy ----

typedef struct SliceElem {
    Call *k;
    Operand *x;
    Type *elem;
    const char *err;
} SliceElem;

// All types of the operand's type set must be slices of one element type.
static bool slice_elem_term(Type *t, Type *u, void *arg) {
    SliceElem *s = arg;
    (void)t;
    if (!u || u->kind != T_SLICE) {
        s->err = operand_is_nil(s->x)
                     ? "argument must be a slice; have untyped nil"
                     : xsprintf("argument must be a slice; have %s", operand_string(s->x));
        return false;
    }
    if (!s->elem) {
        s->elem = u->slice.elem;
    } else if (!types_identical(s->elem, u->slice.elem)) {
        s->err = xsprintf("mismatched slice element types %s and %s in %s", type_string(s->elem),
                          type_string(u->slice.elem), operand_string(s->x));
        return false;
    }
    return true;
}

static Type *slice_elem(Call *k, Operand *x, const char **err) {
    SliceElem s = {k, x, NULL, NULL};
    each_type(x->type, slice_elem_term, &s);
    *err = s.err;
    return s.err ? NULL : s.elem;
}

typedef struct BytesOrString {
    bool has_string;
} BytesOrString;

static bool bytes_or_string(Type *t, Type *u, void *arg) {
    BytesOrString *b = arg;
    (void)t;
    if (!u) return false;
    if (u->kind == T_SLICE) return types_identical(u->slice.elem, type_byte);
    if (!type_is_string(u)) return false;
    b->has_string = true;
    return true;
}

static bool is_byte_slice(Call *k, Operand *x) {
    return operand_assignable_to(k->c, x, type_slice(type_byte), NULL);
}

static const char not_allocated[] =
    "%s can't be allocated in Go; it is incomplete (or unallocatable)";

// append([]byte, string...) is a case of its own; all else is checked as a call of a function
// func(S, ...E) S.
static bool check_append(Call *k) {
    const char *err;
    Type *S = k->x->type, *E = slice_elem(k, k->x, &err);
    if (err) {
        check_error(k->c, operand_pos(k->x), "invalid append: %s", err);
        return false;
    }
    check_in_heap_later(k->c, k->call->pos, E, LATE_ALLOCATIONS, not_allocated);
    k->x->mode = MODE_VALUE;
    if (k->args.len == 2 && k->call->call.dots && is_byte_slice(k, k->x)) {
        BytesOrString b = {false};
        if (each_type(arg1(k)->type, bytes_or_string, &b) && b.has_string) {
            if (type_is_untyped(arg1(k)->type))
                check_update_expr_type(k->c, arg1(k)->expr, BASIC(STRING), true);
            return true;
        }
    }
    if (k->args.len == 1 && !k->call->call.dots) return true;
    Object *params[2] = {object_new(O_VAR, 0, NULL, intern_c(""), S),
                         object_new(O_VAR, 0, NULL, intern_c(""), type_slice(E))};
    OperandPtrs args = {0};
    for (uint32_t i = 0; i < k->args.len; i++) vec_push(&args, &k->args.data[i]);
    check_arguments(k->c, k->call, type_func(params, 2, NULL, 0, true), NULL, NULL, 0, &args, NULL);
    return true; // the result's type is known in any case
}

// Strings are copied into byte slices alone; otherwise element types are identical.
static bool check_copy(Call *k) {
    const char *err;
    Type *dst = slice_elem(k, k->x, &err);
    Operand *y = arg1(k);
    if (err) {
        check_error(k->c, operand_pos(k->x), "invalid copy: %s", err);
        return false;
    }
    BytesOrString b = {false};
    if (!is_byte_slice(k, k->x) || !each_type(y->type, bytes_or_string, &b)) {
        Type *src = slice_elem(k, y, &err);
        if (err) {
            if (!all_basic(y->type, type_is_string)) {
                check_error(k->c, operand_pos(y), "invalid copy: %s", err);
                return false;
            }
            src = type_byte;
        }
        if (!types_identical(dst, src)) {
            check_error(k->c, operand_pos(k->x),
                        "invalid copy: arguments %s and %s have different element types %s and %s",
                        operand_string(k->x), operand_string(y), type_string(dst),
                        type_string(src));
            return false;
        }
    }
    if (type_is_untyped(y->type))
        check_update_expr_type(k->c, y->expr, default_type(y->type), true);
    k->x->mode = MODE_VALUE;
    k->x->type = BASIC(INT);
    return true;
}

// ---- len, cap ----

static Type *array_behind(Type *t) {
    Type *p = unalias(t);
    if (p->kind != T_POINTER) return under(t);
    Type *a = under(p->pointer.elem);
    return a->kind == T_ARRAY ? a : p;
}

static bool has_length(Type *u, BuiltinId id) {
    if (!u) return false;
    u = array_behind(u);
    switch (u->kind) {
    case T_ARRAY:
    case T_SLICE:
    case T_CHAN: return true;
    case T_MAP: return id == BUILTIN_LEN;
    default: return id == BUILTIN_LEN && type_is_string(u);
    }
}

static bool length_term(Type *t, Type *u, void *arg) {
    (void)t;
    return has_length(u, ((Call *)arg)->id);
}

// Constant for constant strings, and for arrays whose expression is not evaluated.
static bool check_len(Call *k) {
    Operand *x = k->x;
    Type *u = under(x->type);
    Mode mode = MODE_INVALID;
    Const *val = NULL;
    if (type_is_typeparam(x->type)) {
        if (each_type(x->type, length_term, k)) mode = MODE_VALUE;
    } else if (has_length(u, k->id)) {
        u = array_behind(u);
        mode = MODE_VALUE;
        if (u->kind == T_ARRAY && !k->c->env.has_call_or_recv) {
            mode = MODE_CONST;
            if (u->array.len >= 0) val = const_int64(u->array.len);
        } else if (x->mode == MODE_CONST && type_is_string(u)) {
            mode = MODE_CONST;
            if (x->val) val = const_int64((int64_t)const_string_len(x->val));
        }
    }
    if (mode == MODE_INVALID) {
        if (!is_invalid(under(x->type)))
            check_error(k->c, operand_pos(x), "invalid argument: %s for built-in %s",
                        operand_string(x), builtins[k->id].name);
        return false;
    }
    if (mode != MODE_CONST && type_is_untyped(x->type))
        check_update_expr_type(k->c, x->expr, default_type(x->type), true);
    x->mode = mode;
    x->type = BASIC(INT);
    x->val = val;
    return true;
}

// ---- clear, close, delete ----

static bool clear_term(Type *t, Type *u, void *arg) {
    Call *k = arg;
    (void)t;
    if (u && (u->kind == T_MAP || u->kind == T_SLICE)) return true;
    check_error(
        k->c, operand_pos(k->x),
        "invalid argument: cannot clear %s: argument must be (or constrained by) map or slice",
        operand_string(k->x));
    return false;
}

static bool close_term(Type *t, Type *u, void *arg) {
    Call *k = arg;
    (void)t;
    if (u && u->kind == T_CHAN && u->chan.dir != CHAN_RECV) return true;
    check_error(k->c, operand_pos(k->x), "invalid operation: cannot close %s %s",
                u && u->kind == T_CHAN ? "receive-only channel" : "non-channel",
                operand_string(k->x));
    return false;
}

typedef struct DeleteTerms {
    Call *k;
    Type *key;
} DeleteTerms;

// delete(m, k) over a type set: maps only, all with one key type, which k is assigned to then.
static bool delete_term(Type *t, Type *u, void *arg) {
    DeleteTerms *d = arg;
    Call *k = d->k;
    (void)t;
    if (!u || u->kind != T_MAP) {
        check_error(k->c, operand_pos(k->x), "invalid argument: %s is not a map",
                    operand_string(k->x));
        return false;
    }
    if (d->key && !types_identical(u->map.key, d->key)) {
        check_error(k->c, operand_pos(k->x),
                    "invalid argument: maps of %s must have identical key types",
                    operand_string(k->x));
        return false;
    }
    d->key = u->map.key;
    return true;
}

static bool check_delete(Call *k) {
    DeleteTerms d = {k, NULL};
    if (!each_type(k->x->type, delete_term, &d)) return false;
    *k->x = *arg1(k);
    check_assignment(k->c, k->x, d.key, "argument to delete");
    if (!operand_ok(k->x)) return false;
    k->x->mode = MODE_NOVALUE;
    return true;
}

// ---- complex, real, imag ----

static Type *complex_of(Type *t) {
    switch (under(t)->kind) {
    case T_FLOAT32: return BASIC(COMPLEX64);
    case T_FLOAT64: return BASIC(COMPLEX128);
    case T_UNTYPED_FLOAT: return BASIC(UNTYPED_COMPLEX);
    default: return NULL;
    }
}

static Type *part_of(Type *t) {
    switch (under(t)->kind) {
    case T_COMPLEX64: return BASIC(FLOAT32);
    case T_COMPLEX128: return BASIC(FLOAT64);
    case T_UNTYPED_COMPLEX: return BASIC(UNTYPED_FLOAT);
    default: return NULL;
    }
}

typedef struct Apply {
    Type *(*f)(Type *);
    Type *terms; // T_UNION
} Apply;

static bool apply_term(Type *t, Type *u, void *arg) {
    Apply *a = arg;
    if (!t) return false;
    Type *r = a->f(u);
    if (!r) return false;
    UnionTerm term = {t == u, r};
    vec_push(&a->terms->unio.terms, term);
    return true;
}

// f(x's type); for a type parameter a new one whose constraint has f applied to each type, which gc
// does not support yet.
static Type *apply(Call *k, Type *(*f)(Type *), Operand *x) {
    Type *p = unalias(x->type);
    if (p->kind != T_TYPEPARAM) return f(p);
    Apply a = {f, type_new(T_UNION)};
    if (!each_type(p, apply_term, &a)) return NULL;
    check_soft_error(
        k->c, operand_pos(x),
        "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)",
        operand_string(x), builtins[k->id].name);
    Type *bound = type_new(T_INTERFACE), *t = type_new(T_TYPEPARAM);
    vec_push(&bound->iface.embeds, a.terms);
    bound->iface.embed_pos = NEW(Pos);
    t->tparam = p->tparam;
    t->tparam.constraint = bound;
    t->tparam.obj = object_new(O_TYPENAME, 0, k->c->pkg, p->tparam.obj->name, t);
    return t;
}

static void to_untyped_float(Operand *x) {
    if (type_is_numeric(x->type) && x->val && const_sign(const_imag(x->val)) == 0)
        x->type = BASIC(UNTYPED_FLOAT);
}

// An untyped argument takes the other's type first; two untyped constants give an untyped
// constant.
static bool check_complex(Call *k) {
    Checker *c = k->c;
    Operand *x = k->x, *y = arg1(k);
    bool xu = type_is_untyped(x->type), yu = type_is_untyped(y->type);
    if (xu && !yu) {
        check_convert_untyped(c, x, y->type);
    } else if (yu && !xu) {
        check_convert_untyped(c, y, x->type);
    } else if (xu && x->mode == MODE_CONST && y->mode == MODE_CONST) {
        to_untyped_float(x);
        to_untyped_float(y);
    } else if (xu) { // a shift in it will not be a float
        check_convert_untyped(c, x, BASIC(FLOAT64));
        check_convert_untyped(c, y, BASIC(FLOAT64));
    }
    if (!operand_ok(x) || !operand_ok(y)) return false;
    if (!types_identical(x->type, y->type)) {
        check_error(c, operand_pos(x), "invalid operation: %s (mismatched types %s and %s)",
                    expr_string(k->call), type_string(x->type), type_string(y->type));
        return false;
    }
    Type *t = apply(k, complex_of, x);
    if (!t) {
        check_error(c, operand_pos(x),
                    "invalid argument: arguments have type %s, expected floating-point",
                    type_string(x->type));
        return false;
    }
    if (x->mode == MODE_CONST && y->mode == MODE_CONST)
        x->val =
            x->val && y->val ? const_complex(const_to_float(x->val), const_to_float(y->val)) : NULL;
    else
        x->mode = MODE_VALUE;
    x->type = t;
    return true;
}

// real and imag, of any complex type or untyped constant.
static bool check_real(Call *k) {
    Operand *x = k->x;
    if (type_is_untyped(x->type)) {
        if (x->mode == MODE_CONST) {
            if (type_is_numeric(x->type)) x->type = BASIC(UNTYPED_COMPLEX);
        } else { // a shift in it will not be complex
            check_convert_untyped(k->c, x, BASIC(COMPLEX128));
            if (!operand_ok(x)) return false;
        }
    }
    Type *t = apply(k, part_of, x);
    if (!t) {
        check_error(k->c, operand_pos(x),
                    "invalid argument: argument has type %s, expected complex type",
                    type_string(x->type));
        return false;
    }
    if (x->mode == MODE_CONST)
        x->val = !x->val
                     ? NULL
                     : (Const *)(k->id == BUILTIN_REAL ? const_real(x->val) : const_imag(x->val));
    else
        x->mode = MODE_VALUE;
    x->type = t;
    return true;
}

// ---- make, new ----

static const char *makeable(Type *t, Type *u, void *arg) {
    (void)t;
    (void)arg;
    if (!u) return "no specific type";
    return u->kind == T_SLICE || u->kind == T_MAP || u->kind == T_CHAN
               ? NULL
               : "type must be slice, map, or channel";
}

// The first argument is a type, whose kind decides how many sizes follow.
static bool check_make(Call *k) {
    Checker *c = k->c;
    Expr *e = k->exprs->data[0];
    Type *T = check_var_type(c, e);
    if (is_invalid(T)) return false;
    const char *cause = "";
    Type *u = common_underlying(T, makeable, NULL, &cause);
    if (!u) {
        check_error(c, expr_start(e), "invalid argument: cannot make %s: %s", expr_string(e),
                    cause);
        return false;
    }
    uint32_t min = u->kind == T_SLICE ? 2 : 1, n = k->exprs->len;
    if (n < min || min + 1 < n) {
        check_error(c, expr_start(k->call),
                    "invalid operation: %s expects %u or %u arguments; found %u",
                    expr_string(k->call), min, min + 1, n);
        return false;
    }
    int64_t sizes[2];
    uint32_t known = 0;
    for (uint32_t i = 1; i < n; i++) {
        Type *t;
        int64_t size;
        check_index_value(c, k->exprs->data[i], -1, &t, &size);
        if (size >= 0) sizes[known++] = size;
    }
    if (known == 2 && sizes[0] > sizes[1])
        check_error(c, expr_start(k->exprs->data[1]),
                    "invalid argument: length and capacity swapped");
    if (u->kind == T_SLICE)
        check_in_heap_later(c, k->call->pos, u->slice.elem, LATE_ALLOCATIONS, not_allocated);
    *k->x = (Operand){.mode = MODE_VALUE, .type = T};
    return true;
}

// Of a type, or since Go 1.26 of a value.
static bool check_new(Call *k) {
    Checker *c = k->c;
    Operand *x = k->x;
    Expr *e = k->exprs->data[0];
    check_expr_or_type(c, x, e, false);
    check_exclude(c, x, NOT_VALUELESS | NOT_BUILTIN);
    if (!operand_ok(x)) return false;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, e, x->type);
    } else {
        if (type_is_untyped(x->type)) {
            check_assignment(c, x, NULL, "argument to new");
            if (!operand_ok(x)) return false;
        }
        if (!check_allows(c, 26))
            check_verify_version(c, expr_start(k->call->call.fun), 26, "new(%s)", expr_string(e));
    }
    check_in_heap_later(c, k->call->pos, x->type, LATE_ALLOCATIONS, not_allocated);
    x->type = type_pointer(x->type);
    x->mode = MODE_VALUE;
    x->val = NULL;
    return true;
}

// ---- max, min ----

// max and min fold over their arguments, so that constants among them stay constant as long as all
// are.
static bool check_max(Call *k) {
    Checker *c = k->c;
    Operand *x = k->x;
    check_verify_version(c, expr_start(k->call->call.fun), 21, "built-in %s", builtins[k->id].name);
    Operator op = k->id == BUILTIN_MAX ? OPR_GTR : OPR_LSS;
    for (uint32_t i = 0; i < k->args.len; i++) {
        Operand *a = &k->args.data[i];
        if (!all_basic(a->type, type_is_ordered)) {
            check_error(c, operand_pos(a), "invalid argument: %s cannot be ordered",
                        operand_string(a));
            return false;
        }
        if (i == 0) continue;
        check_match_types(c, x, a);
        if (!operand_ok(x)) return false;
        if (!types_identical(x->type, a->type)) {
            check_error(
                c, operand_pos(a),
                "invalid argument: mismatched types %s (previous argument) and %s (type of %s)",
                type_string(x->type), type_string(a->type), expr_string(a->expr));
            return false;
        }
        if (x->mode != MODE_CONST || a->mode != MODE_CONST)
            x->mode = MODE_VALUE;
        else if (!x->val || !a->val)
            x->val = NULL;
        else if (const_compare(a->val, op, x->val))
            *x = *a;
    }
    if (x->mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        check_assignment(c, x, type_any,
                         k->id == BUILTIN_MAX ? "argument to built-in max"
                                              : "argument to built-in min");
        if (!operand_ok(x)) return false;
    }
    for (vec_each(Operand, a, &k->args)) check_update_expr_type(c, a->expr, x->type, true);
    return true;
}

// ---- unsafe ----

// Does the size of t depend on type parameters (or on a type that is not known yet, which is
// reported)?
static bool var_size(Checker *c, Type *t, PtrMap *seen) {
    t = unalias(t);
    switch (t->kind) {
    case T_NAMED:
        if (ptrmap_has(seen, t)) return false;
        if (!check_is_complete(c, t)) return true;
        ptrmap_put(seen, t, t);
        return var_size(c, under(t), seen);
    case T_ARRAY: return var_size(c, t->array.elem, seen);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (var_size(c, (*f)->type, seen)) return true;
        return false;
    case T_TYPEPARAM: return true;
    default: return false;
    }
}

static bool has_var_size(Checker *c, Type *t) {
    PtrMap seen = {0};
    return var_size(c, t, &seen);
}

static bool size_result(Call *k, bool variable, int64_t n) {
    Operand *x = k->x;
    if (!variable && n < 0) {
        check_error(k->c, operand_pos(x), "%s is too large", operand_string(x));
        return false;
    }
    x->mode = variable ? MODE_VALUE : MODE_CONST;
    x->val = variable ? NULL : const_int64(n);
    x->type = BASIC(UINTPTR);
    return true;
}

static bool check_sizeof(Call *k) {
    bool size = k->id == BUILTIN_UNSAFE_SIZEOF;
    check_assignment(k->c, k->x, NULL,
                     size ? "argument to unsafe.Sizeof" : "argument to unsafe.Alignof");
    if (!operand_ok(k->x)) return false;
    if (has_var_size(k->c, k->x->type)) return size_result(k, true, 0);
    return size_result(k, false, size ? type_size(k->x->type) : type_align(k->x->type));
}

// The selector is taken apart here, since a field reached through an embedded pointer has no
// offset. The checked parts are recorded as if it had been evaluated.
static bool check_offsetof(Call *k) {
    Checker *c = k->c;
    Operand *x = k->x;
    Expr *arg = k->exprs->data[0], *e = unparen(arg);
    if (e->kind != E_SELECTOR) {
        check_error(c, expr_start(arg), "invalid argument: %s is not a selector expression",
                    expr_string(arg));
        check_use(c, arg);
        return false;
    }
    check_expr(c, x, e->selector.x);
    if (!operand_ok(x)) return false;
    Type *base = x->type, *u = under(base);
    if (u->kind == T_POINTER && under(u->pointer.elem)->kind == T_STRUCT) base = u->pointer.elem;
    Name name = e->selector.sel->name.name;
    Lookup l = lookup_field_or_method(base, false, c->pkg, name, false);
    if (!l.obj) {
        check_error(c, operand_pos(x), "invalid argument: %s has no single field %s",
                    type_string(base), name);
        return false;
    }
    if (l.obj->kind == O_FUNC) {
        check_error(c, expr_start(arg), "invalid argument: %s is a method value", expr_string(arg));
        return false;
    }
    if (l.indirect) {
        check_error(c, operand_pos(x), "invalid argument: field %s is embedded via a pointer in %s",
                    name, type_string(base));
        return false;
    }
    e->selector.sel->name.obj = l.obj;
    e->selector.selection = make_selection(SEL_FIELD, base, &l, l.obj->type);
    Operand field = {
        .mode = x->mode == MODE_VAR ? MODE_VAR : MODE_VALUE, .type = l.obj->type, .expr = e};
    check_record(c, &field);
    if (arg != e) record_value(arg, field.mode, field.type, NULL);
    if (has_var_size(c, base)) return size_result(k, true, 0);
    int64_t offset = 0;
    Type *t = base;
    for (uint32_t i = 0; i < l.path_len; i++) {
        Type *s = under(t);
        if (s->kind != T_STRUCT) break;
        offset += type_field_offset(s, l.path[i]);
        t = s->strukt.fields.data[l.path[i]]->type;
    }
    return size_result(k, false, offset);
}

static bool unsafe_version(Call *k, int minor) {
    return check_verify_version(k->c, expr_start(k->call->call.fun), minor, "unsafe.%s",
                                builtins[k->id].name);
}

// The functions of package unsafe that run: they differ in the type of the first argument and of
// the result.
static bool check_unsafe_value(Call *k) {
    Checker *c = k->c;
    Operand *x = k->x;
    Type *result;
    bool length = false, negative = false;
    switch (k->id) {
    case BUILTIN_UNSAFE_ADD:
        unsafe_version(k, 17);
        check_assignment(c, x, BASIC(UNSAFEPTR), "argument to unsafe.Add");
        result = BASIC(UNSAFEPTR);
        length = negative = true;
        break;
    case BUILTIN_UNSAFE_SLICE: {
        unsafe_version(k, 17);
        Type *u = common_underlying(x->type, NULL, NULL, NULL);
        if (!u || u->kind != T_POINTER) {
            check_error(c, operand_pos(x), "invalid argument: %s is not a pointer",
                        operand_string(x));
            return false;
        }
        result = type_slice(u->pointer.elem);
        length = true;
        break;
    }
    case BUILTIN_UNSAFE_SLICEDATA: {
        unsafe_version(k, 20);
        Type *u = common_underlying(x->type, NULL, NULL, NULL);
        if (!u || u->kind != T_SLICE) {
            check_error(c, operand_pos(x), "invalid argument: %s is not a slice",
                        operand_string(x));
            return false;
        }
        result = type_pointer(u->slice.elem);
        break;
    }
    case BUILTIN_UNSAFE_STRING:
        unsafe_version(k, 20);
        check_assignment(c, x, type_pointer(type_byte), "argument to unsafe.String");
        result = BASIC(STRING);
        length = true;
        break;
    default:
        unsafe_version(k, 20);
        check_assignment(c, x, BASIC(STRING), "argument to unsafe.StringData");
        result = type_pointer(type_byte);
        break;
    }
    if (!operand_ok(x)) return false;
    if (length && !valid_index(c, arg1(k), "length", negative)) return false;
    x->mode = MODE_VALUE;
    x->type = result;
    return true;
}

// ---- panic, print ----

// gc finds out about arrays and structs when it generates code, so only if there are no other
// errors.
static void print_later(Call *k, Type *t) {
    TypeKind u = under(t)->kind;
    if ((u != T_ARRAY && u != T_STRUCT) || type_has_typeparam(t)) return;
    LateError d = {
        k->call->pos, LATE_ALLOCATIONS,
        xsprintf("illegal types for operand: %s\n\t%s", builtins[k->id].name, type_string(t))};
    vec_push(&k->c->late, d);
}

static bool check_print(Call *k) {
    const char *context =
        k->id == BUILTIN_PRINT ? "argument to built-in print" : "argument to built-in println";
    for (vec_each(Operand, a, &k->args)) {
        check_assignment(k->c, a, NULL, context);
        if (!operand_ok(a)) return false;
        print_later(k, a->type);
    }
    k->x->mode = MODE_NOVALUE;
    return true;
}

// Of go/types' tests: is this constant true?
static bool check_assert(Call *k) {
    Operand *x = k->x;
    if (x->mode != MODE_CONST || !type_is_boolean(x->type)) {
        check_error(k->c, operand_pos(x), "invalid argument: %s is not a boolean constant",
                    operand_string(x));
        return false;
    }
    if (!const_bool_value(x->val))
        check_error(k->c, expr_start(k->call), "%s failed", expr_string(k->call));
    return true;
}

// The arguments are evaluated and counted already, but for those functions whose first is a type
// or a selector.
static bool dispatch(Call *k) {
    Operand *x = k->x;
    switch (k->id) {
    case BUILTIN_APPEND: return check_append(k);
    case BUILTIN_CAP:
    case BUILTIN_LEN: return check_len(k);
    case BUILTIN_CLEAR:
        check_verify_version(k->c, expr_start(k->call->call.fun), 21, "clear");
        if (!each_type(x->type, clear_term, k)) return false;
        x->mode = MODE_NOVALUE;
        return true;
    case BUILTIN_CLOSE:
        if (!each_type(x->type, close_term, k)) return false;
        x->mode = MODE_NOVALUE;
        return true;
    case BUILTIN_COMPLEX: return check_complex(k);
    case BUILTIN_COPY: return check_copy(k);
    case BUILTIN_DELETE: return check_delete(k);
    case BUILTIN_IMAG:
    case BUILTIN_REAL: return check_real(k);
    case BUILTIN_MAKE: return check_make(k);
    case BUILTIN_MAX:
    case BUILTIN_MIN: return check_max(k);
    case BUILTIN_NEW: return check_new(k);
    case BUILTIN_PANIC:
        check_assignment(k->c, x, type_any, "argument to panic");
        if (!operand_ok(x)) return false;
        x->mode = MODE_NOVALUE;
        return true;
    case BUILTIN_PRINT:
    case BUILTIN_PRINTLN: return check_print(k);
    case BUILTIN_RECOVER:
        x->mode = MODE_VALUE;
        x->type = type_new(T_INTERFACE); // gc's messages call it interface{}, not any
        return true;
    case BUILTIN_UNSAFE_ALIGNOF:
    case BUILTIN_UNSAFE_SIZEOF: return check_sizeof(k);
    case BUILTIN_UNSAFE_OFFSETOF: return check_offsetof(k);
    case BUILTIN_ASSERT: return check_assert(k);
    case BUILTIN_TRACE: return true;
    default: return check_unsafe_value(k);
    }
}

static void call_arguments(Call *k) {
    if (k->exprs->len == 1) {
        check_expr_list(k->c, k->exprs->data[0], &k->args, false, false);
        return;
    }
    for (vec_each(Expr *, e, k->exprs)) {
        Operand x = {.mode = MODE_INVALID};
        check_expr(k->c, &x, *e);
        vec_push(&k->args, x);
    }
}

// Evaluates and counts the arguments by the function's row of the table, then checks by its own
// rules.
bool check_builtin(Checker *c, Operand *x, Expr *call, BuiltinId id) {
    Call k = {.c = c, .x = x, .call = call, .exprs = &call->call.args, .id = id};
    const Builtin *b = &builtins[id];
    if (call->call.dots && id != BUILTIN_APPEND) {
        check_error(c, expr_start(call), "invalid operation: invalid use of ... with built-in %s",
                    b->name);
        for (vec_each(Expr *, e, k.exprs)) check_use(c, *e);
        return false;
    }
    // len and cap of an array are constant unless the operand has a call or receive in it.
    bool before = c->env.has_call_or_recv, length = id == BUILTIN_LEN || id == BUILTIN_CAP;
    if (length) c->env.has_call_or_recv = false;
    bool evaluate = id != BUILTIN_MAKE && id != BUILTIN_NEW && id != BUILTIN_UNSAFE_OFFSETOF,
         ok = true;
    uint32_t n = k.exprs->len;
    if (evaluate) {
        call_arguments(&k);
        n = k.args.len;
        for (vec_each(Operand, a, &k.args)) ok = ok && operand_ok(a);
        if (n) *x = k.args.data[0];
    }
    if (ok && (n < b->nargs || (!b->variadic && n > b->nargs))) {
        check_error(c, expr_start(call),
                    "invalid operation: %s arguments for %s (expected %u, found %u)",
                    n < b->nargs ? "not enough" : "too many", expr_string(call), b->nargs, n);
        ok = false;
    }
    ok = ok && dispatch(&k);
    if (length) c->env.has_call_or_recv = before;
    return ok;
}
