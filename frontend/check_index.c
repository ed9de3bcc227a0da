// check_index: index and slice expressions, and the indices of array literals. An indexed generic
// function or type is an instantiation: types are done here, functions are left to the caller, who
// may know more type arguments.
#include "frontend/check_impl.h"

// ---- Index values ----

// True leaves a constant that fits int, so callers may take it as int64_t. Untyped values become
// int, not what they default to: 1.0 is an index.
bool valid_index(Checker *c, Operand *x, const char *what, bool allow_negative) {
    if (!operand_ok(x)) return false;
    check_convert_untyped(c, x, BASIC(INT));
    if (!operand_ok(x)) return false;
    if (!all_basic(x->type, type_is_integer)) {
        check_error(c, operand_pos(x), "invalid argument: %s %s must be integer", what,
                    operand_string(x));
        return false;
    }
    if (x->mode != MODE_CONST || !x->val) return true;
    if (!allow_negative && const_sign(x->val) < 0) {
        check_error(c, operand_pos(x), "invalid argument: %s %s must not be negative", what,
                    operand_string(x));
        return false;
    }
    if (!representable_const(x->val, BASIC(INT), &x->val)) {
        check_error(c, operand_pos(x), "invalid argument: %s %s overflows int", what,
                    operand_string(x));
        return false;
    }
    return true;
}

// Constants must be below max, which is -1 where the length isn't known; others are the run time's
// to check.
bool check_index_value(Checker *c, Expr *index, int64_t max, Type **type, int64_t *val) {
    *type = BASIC(INVALID);
    *val = -1;
    Operand x = {.mode = MODE_INVALID};
    check_expr(c, &x, index);
    if (!valid_index(c, &x, "index", false)) return false;
    if (x.mode == MODE_CONST) {
        int64_t v;
        if (!x.val || !const_int64_value(x.val, &v)) return false;
        if (max >= 0 && v >= max) {
            check_error(c, operand_pos(&x), "invalid argument: index %s out of bounds [0:%lld]",
                        value_string(&x), (long long)max);
            return false;
        }
        *val = v;
    }
    *type = x.type;
    return true;
}

// The one index of e.
static Expr *single_index(Checker *c, Expr *e) {
    ExprVec *l = &e->index.index;
    if (l->len == 0) {
        check_error(c, expr_start(e), "invalid syntax tree: missing index for %s",
                    expr_string(e->index.x));
        return NULL;
    }
    if (l->len > 1)
        check_error(c, expr_start(l->data[1]), "invalid operation: more than one index");
    return l->data[0];
}

static void use_indices(Checker *c, Expr *e) {
    for (vec_each(Expr *, i, &e->index.index)) check_use(c, *i);
}

// ---- Index expressions ----

// What indexing all types of a type set has in common.
typedef struct IndexTerms {
    Operand *x;
    Mode mode;
    Type *key, *elem; // key: all are maps
    int64_t length;
} IndexTerms;

// The types of a type set must agree: all maps with one key type, or no map. Constant indices are
// held against the shortest array; a string makes the element a mere value.
static bool index_term(Type *t, Type *u, void *arg) {
    IndexTerms *k = arg;
    (void)t;
    if (!u) return false;
    int64_t length = -1;
    Type *key = NULL, *elem = NULL;
    switch (u->kind) {
    case T_STRING:
        elem = type_byte;
        k->mode = MODE_VALUE;
        break;
    case T_ARRAY:
        length = u->array.len;
        elem = u->array.elem;
        if (k->x->mode != MODE_VAR) k->mode = MODE_VALUE;
        break;
    case T_POINTER: {
        Type *a = under(u->pointer.elem);
        if (a->kind != T_ARRAY) return false;
        length = a->array.len;
        elem = a->array.elem;
        break;
    }
    case T_SLICE: elem = u->slice.elem; break;
    case T_MAP:
        key = u->map.key;
        elem = u->map.elem;
        break;
    default: return false;
    }
    if (!k->elem) {
        k->length = length;
        k->key = key;
        k->elem = elem;
        return true;
    }
    if (!key != !k->key || (key && !types_identical(key, k->key)) ||
        !types_identical(elem, k->elem))
        return false;
    if (length >= 0 && length < k->length) k->length = length;
    return true;
}

static void map_index(Checker *c, Operand *x, Expr *e, Type *key, Type *elem) {
    Expr *index = single_index(c, e);
    if (!index) {
        invalidate(x);
        return;
    }
    Operand k = {.mode = MODE_INVALID};
    check_generic_expr(c, &k, index);
    check_assignment(c, &k, key, "map index");
    x->mode = MODE_MAPINDEX;
    x->type = elem;
    x->expr = e;
}

// What indexing x gives, u being under(x->type): k's mode, element and, where it is known, length;
// *map: by a key. False: x cannot be indexed.
static bool index_terms(const Operand *x, Type *u, IndexTerms *k, bool *map) {
    *map = u->kind == T_MAP;
    switch (u->kind) {
    case T_STRING:
    case T_UNTYPED_STRING:
        if (x->mode == MODE_CONST && x->val) k->length = (int64_t)const_string_len(x->val);
        k->mode = MODE_VALUE; // a byte, even of a constant string
        k->elem = type_byte;
        return true;
    case T_ARRAY:
        k->length = u->array.len;
        if (x->mode != MODE_VAR) k->mode = MODE_VALUE;
        k->elem = u->array.elem;
        return true;
    case T_POINTER: {
        Type *a = under(u->pointer.elem);
        if (a->kind != T_ARRAY) return false;
        k->length = a->array.len;
        k->elem = a->array.elem;
        return true;
    }
    case T_SLICE: k->elem = u->slice.elem; return true;
    case T_MAP:
        k->key = u->map.key;
        k->elem = u->map.elem;
        return true;
    case T_INTERFACE:
        if (!type_is_typeparam(x->type) || !each_type(x->type, index_term, k) || !k->elem)
            return false;
        *map = k->key != NULL;
        return true;
    default: return false;
    }
}

// A generic function's indices are type arguments: the caller, who may know more of them, takes
// them (true).
bool check_index_expr(Checker *c, Operand *x, Expr *e) {
    check_expr_or_type(c, x, e->index.x, true);
    switch (x->mode) {
    case MODE_INVALID: use_indices(c, e); return false;
    case MODE_TYPE: {
        invalidate(x);
        x->type = check_var_type(c, e);
        x->expr = e;
        if (!is_invalid(x->type)) x->mode = MODE_TYPE;
        return false;
    }
    case MODE_VALUE:
        if (under(x->type)->kind == T_FUNC && tparam_count(under(x->type))) return true;
        break;
    default: break;
    }
    non_generic(c, NULL, x);
    if (!operand_ok(x)) return false;
    if (!check_is_complete(c, x->type)) {
        invalidate(x);
        return false;
    }
    Type *u = under(x->type), *inner = u->kind == T_POINTER ? u->pointer.elem
                                       : u->kind == T_MAP   ? u->map.elem
                                                            : NULL;
    if (inner && !check_is_complete(c, inner)) {
        invalidate(x);
        return false;
    }

    IndexTerms k = {x, MODE_VAR, NULL, NULL, -1};
    bool map;
    if (!index_terms(x, u, &k, &map)) {
        check_error(c, e->pos, "cannot index %s", operand_string(x));
        use_indices(c, e);
        invalidate(x);
        return false;
    }
    if (map) {
        map_index(c, x, e, k.key, k.elem);
        return false;
    }
    x->mode = k.mode;
    x->type = k.elem;
    Expr *index = single_index(c, e);
    if (!index) {
        invalidate(x);
        return false;
    }
    if (!x->type) x->type = BASIC(INVALID); // met before it was set, in an invalid cycle
    Type *type;
    int64_t val;
    check_index_value(c, index, k.length, &type, &val);
    return false;
}

// ---- Slice expressions ----

typedef struct SliceTerms {
    Checker *c;
    Operand *x;
    Type *type, *under;
    bool has_string, failed;
} SliceTerms;

// The types of a type set must have one underlying type, but strings go together with byte slices;
// has_string makes the result a string then.
static bool slice_term(Type *t, Type *u, void *arg) {
    SliceTerms *k = arg;
    if (!u) {
        check_error(k->c, operand_pos(k->x), "cannot slice %s: no specific type in %s",
                    operand_string(k->x), type_string(k->x->type));
        k->failed = true;
        return false;
    }
    if (type_is_string(u)) { // like a slice of bytes
        u = type_slice(type_byte);
        k->has_string = true;
    }
    if (!k->under) {
        k->type = t;
        k->under = u;
        return true;
    }
    if (types_identical(k->under, u)) return true;
    check_error(k->c, operand_pos(k->x),
                "cannot slice %s: %s and %s have different underlying types", operand_string(k->x),
                type_string(k->type), type_string(t));
    k->failed = true;
    return false;
}

// Only constants can be compared here. One pair out of order is reported, at the later index, as in
// types2's sliceExpr.
static void slice_indices(Checker *c, Expr *e, int64_t length) {
    Expr *exprs[3] = {e->slice.i, e->slice.j, e->slice.k};
    int64_t ind[3];
    for (int i = 0; i < 3; i++) {
        ind[i] = i == 0 ? 0 : length; // defaults; length is -1 when unknown
        if (!exprs[i]) continue;
        Type *type;
        check_index_value(c, exprs[i], length >= 0 ? length + 1 : -1, &type, &ind[i]);
    }
    for (int i = 0; i < 2; i++) {
        if (ind[i] <= 0) continue;
        for (int j = i + 1; j < 3; j++) {
            if (ind[j] < 0 || ind[j] >= ind[i] || !exprs[j]) continue;
            check_error(c, expr_start(exprs[j]), "invalid slice indices: %lld < %lld",
                        (long long)ind[j], (long long)ind[i]);
            return;
        }
    }
}

// x, whose type's underlying type is u, becomes a slice of it; *length is that of what is sliced,
// where it is known. False after an error.
static bool slice_type(Checker *c, Operand *x, const Expr *e, Type *u, int64_t *length) {
    switch (u->kind) {
    case T_STRING:
    case T_UNTYPED_STRING:
        if (e->slice.full) {
            check_error(c, expr_start(e->slice.k ? e->slice.k : e),
                        "invalid operation: 3-index slice of string");
            return false;
        }
        if (x->mode == MODE_CONST && x->val) *length = (int64_t)const_string_len(x->val);
        if (type_is_untyped(x->type)) {
            x->type = BASIC(STRING);
            check_update_expr_type(c, x->expr, x->type, true);
        }
        return true;
    case T_ARRAY:
        *length = u->array.len;
        if (x->mode != MODE_VAR) {
            check_error(c, operand_pos(x), "cannot slice unaddressable value %s",
                        operand_string(x));
            return false;
        }
        mark_address_taken(e->slice.x);
        x->type = type_slice(u->array.elem);
        return true;
    case T_POINTER: {
        Type *a = under(u->pointer.elem);
        if (a->kind != T_ARRAY) break;
        *length = a->array.len;
        x->type = type_slice(a->array.elem);
        return true;
    }
    case T_SLICE: return true; // keeps its type
    default: break;
    }
    check_error(c, operand_pos(x), "cannot slice %s", operand_string(x));
    return false;
}

// After an error in x the indices are still walked, so that variables in them count as used.
void check_slice_expr(Checker *c, Operand *x, Expr *e) {
    check_expr(c, x, e->slice.x);
    if (!operand_ok(x)) {
        check_use(c, e->slice.i);
        check_use(c, e->slice.j);
        check_use(c, e->slice.k);
        return;
    }
    if (!check_is_complete(c, x->type)) {
        invalidate(x);
        return;
    }
    SliceTerms k = {c, x, NULL, NULL, false, false};
    each_type(x->type, slice_term, &k);
    if (k.failed) {
        invalidate(x);
        return;
    }
    Type *u = k.under;
    if (k.has_string) u = type_is_typeparam(x->type) ? BASIC(STRING) : under(x->type);
    int64_t length = -1;
    if ((under(x->type)->kind == T_POINTER &&
         !check_is_complete(c, under(x->type)->pointer.elem)) ||
        !slice_type(c, x, e, u, &length)) {
        invalidate(x);
        return;
    }
    x->mode = MODE_VALUE;
    if (e->slice.full && (!e->slice.j || !e->slice.k)) {
        check_error(c, expr_start(e),
                    "invalid syntax tree: 2nd and 3rd index required in 3-index slice");
        invalidate(x);
        return;
    }
    slice_indices(c, e, length);
}

// ---- Array and slice literals ----

// With keys or without: an element without one follows the one before. Keyless literals, however
// long, need no table: dense counts them.
int64_t check_indexed_elems(Checker *c, ExprVec *elems, Type *elem, int64_t length) {
    int64_t index = 0, max = 0, dense = 0; // [0, dense) are all taken
    PtrMap seen = {0};                     // those from dense on, + 1
    for (vec_each(Expr *, p, elems)) {
        Expr *e = *p, *value = e;
        bool valid = false;
        if (e->kind == E_KEYVALUE) {
            Type *type;
            int64_t i;
            if (check_index_value(c, e->kv.x, length, &type, &i)) {
                if (i >= 0) {
                    index = i;
                    valid = true;
                } else {
                    check_error(c, expr_start(e), "index %s must be integer constant",
                                expr_string(e->kv.x));
                }
            }
            value = e->kv.y;
        } else if (length >= 0 && index >= length) {
            check_error(c, expr_start(e), "index %lld is out of bounds (>= %lld)", (long long)index,
                        (long long)length);
        } else {
            valid = true;
        }
        if (valid) {
            void *key = (void *)((uintptr_t)index + 1);
            if (index < dense || (seen.len && ptrmap_has(&seen, key)))
                check_error(c, expr_start(e), "duplicate index %lld in array or slice literal",
                            (long long)index);
            else if (index == dense)
                dense++;
            else
                ptrmap_put(&seen, key, p);
        }
        if (index < INT64_MAX) index++;
        if (index > max) max = index;
        Operand x = {.mode = MODE_INVALID};
        generic_expr_hint(c, &x, value, elem);
        check_assignment(c, &x, elem, "array or slice literal");
    }
    return max;
}
