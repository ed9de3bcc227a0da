// check_literal: composite and function literals. A literal without a type of its own, inside
// another one, takes the element type that the outer one hands down as hint; a function literal's
// body is checked later, at the end of its statement.
#include "frontend/check_impl.h"

// ---- Functions ----

// The type now, the body later: it may use what the statement around it declares.
void check_func_lit(Checker *c, Operand *x, Expr *e) {
    FuncInfo *known = e->funclit.info;
    // Evaluated before: the left side of x op= y is, once as an operand.
    if (known && known->outer == c->env.func) {
        x->mode = MODE_VALUE;
        x->type = known->sig;
        return;
    }
    Scope *scope = NULL;
    Expr *ftype = e->funclit.ftype;
    Pos declared = c->env.declared;
    c->env.declared = e->pos;
    Type *sig = check_func_type(c, NULL, NULL, ftype, &scope);
    c->env.declared = declared;
    record_value(ftype, MODE_TYPE, sig, NULL);
    if (sig->kind != T_FUNC) {
        check_error(c, expr_start(e), "invalid syntax tree: invalid function literal %s",
                    expr_string(e));
        invalidate(x);
        return;
    }
    if (e->funclit.body) {
        FuncInfo *f = NEW(FuncInfo);
        f->outer = c->env.func;
        f->lit = e;
        f->sig = sig;
        f->body = e->funclit.body;
        f->scope = scope;
        if (scope) {
            scope->pos = e->pos;
            scope->end = e->end;
        }
        e->funclit.info = f;
        // Not of the function around it.
        for (vec_each(Object *, o, &sig->func.params)) (*o)->owner = f;
        for (vec_each(Object *, o, &sig->func.results)) (*o)->owner = f;
        if (f->outer)
            vec_push(&f->outer->lits, f);
        else
            vec_push(&c->pkg->init_lits, f);
        check_later_body(c, f);
    }
    x->mode = MODE_VALUE;
    x->type = sig;
}

// ---- Structs ----

// The fields that a literal sets, as paths through embedded structs. Two collide where one is a
// prefix of the other.
typedef struct FieldPath {
    uint32_t *path, len;
    Object *field;
} FieldPath;
typedef Vec(FieldPath) FieldPaths;

static FieldPath *colliding(FieldPaths *seen, const Lookup *l, uint32_t *common) {
    for (vec_each(FieldPath, p, seen)) {
        uint32_t n = 0;
        while (n < p->len && n < l->path_len && p->path[n] == l->path[n]) n++;
        if (n < p->len && n < l->path_len) continue;
        *common = n;
        return p;
    }
    return NULL;
}

static const char *field_path(Type *t, const Lookup *l) {
    Buf b = {0};
    for (uint32_t i = 0; i < l->path_len; i++) {
        Type *u = under(t);
        if (u->kind == T_POINTER) u = under(u->pointer.elem);
        if (u->kind != T_STRUCT) break;
        Object *f = u->strukt.fields.data[l->path[i]];
        buf_printf(&b, "%s%s", i ? "." : "", f->name);
        t = f->type;
    }
    return buf_str(&b);
}

// Since Go 1.27 a key may be a promoted field, so that one element can set a part of what another
// sets. Paths are compared only where one has more than one element.
static void keyed_struct(Checker *c, Operand *x, Expr *e, Type *base, Type *u) {
    FieldPaths seen = {0};
    uint32_t n = u->strukt.fields.len;
    bool *direct = NEW_ARRAY(bool, n + 1); // set by one-element paths: the common case
    for (vec_each(Expr *, p, &e->composite.elems)) {
        Expr *kv = *p;
        if (kv->kind != E_KEYVALUE) {
            check_error(c, expr_start(kv),
                        "mixture of field:value and value elements in struct literal");
            continue;
        }
        Expr *key = kv->kv.x;
        Lookup l = {0};
        bool is_name = key->kind == E_NAME;
        if (is_name) l = lookup_field_or_method(u, false, c->pkg, key->name.name, false);
        generic_expr_hint(c, x, kv->kv.y, NULL);
        if (!is_name) {
            check_error(c, expr_start(kv), "invalid field name %s in struct literal",
                        expr_string(key));
            continue;
        }
        if (!l.obj) {
            Lookup alt = lookup_field_or_method(u, false, c->pkg, key->name.name, true);
            check_error(c, expr_start(key), "%s",
                        lookup_error(c, base, key->name.name, alt.obj, true));
            continue;
        }
        if (l.obj->kind != O_VAR) {
            check_error(c, expr_start(key), "%s is not a field", expr_string(key));
            continue;
        }
        if (l.path_len > 1 && !check_allows(c, 27)) {
            check_verify_version(c, expr_start(key), 27,
                                 "use of promoted field %s in struct literal of type %s",
                                 field_path(u, &l), type_string(base));
            continue;
        }
        if (l.indirect) {
            check_error(c, expr_start(key), "invalid implicit pointer indirection to reach %s",
                        expr_string(key));
            continue;
        }
        key->name.obj = l.obj;
        record_value(key, MODE_VAR, l.obj->type, NULL);
        check_assignment(c, x, l.obj->type, "struct literal");
        if (l.path_len == 1 && seen.len == 0 && !direct[l.path[0]]) {
            direct[l.path[0]] = true;
            continue;
        }
        if (seen.len == 0) // from here on paths are compared
            for (uint32_t i = 0; i < n; i++) {
                if (!direct[i]) continue;
                uint32_t *path = NEW(uint32_t);
                *path = i;
                FieldPath f = {path, 1, u->strukt.fields.data[i]};
                vec_push(&seen, f);
            }
        uint32_t common;
        FieldPath *alt = colliding(&seen, &l, &common);
        if (!alt) {
            FieldPath f = {l.path, l.path_len, l.obj};
            vec_push(&seen, f);
        } else if (alt->field == l.obj) {
            check_error(c, expr_start(kv), "duplicate field name %s in struct literal",
                        l.obj->name);
        } else if (common < l.path_len) {
            check_error(c, expr_start(kv),
                        "cannot specify promoted field %s and enclosing embedded field %s",
                        l.obj->name, alt->field->name);
        } else {
            check_error(c, expr_start(kv),
                        "cannot specify embedded field %s and enclosed promoted field %s",
                        l.obj->name, alt->field->name);
        }
    }
}

static bool hidden(Checker *c, const Object *field) {
    return !name_is_exported(field->name) && field->pkg != c->pkg;
}

// Values without keys stand for all fields, in order, so that structs with another package's
// unexported fields can't be written like this.
static void positional_struct(Checker *c, Operand *x, Expr *e, Type *base, Type *u) {
    uint32_t n = u->strukt.fields.len;
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        Expr *v = e->composite.elems.data[i];
        if (v->kind == E_KEYVALUE) {
            check_error(c, expr_start(v),
                        "mixture of field:value and value elements in struct literal");
            continue;
        }
        generic_expr_hint(c, x, v, NULL);
        if (i >= n) {
            check_error(c, x->expr ? operand_pos(x) : expr_start(v),
                        "too many values in struct literal of type %s", type_string(base));
            break;
        }
        Object *f = u->strukt.fields.data[i];
        if (hidden(c, f)) {
            check_error(c, operand_pos(x),
                        "implicit assignment to unexported field %s in struct literal of type %s",
                        f->name, type_string(base));
            continue;
        }
        check_assignment(c, x, f->type, "struct literal");
    }
    if (e->composite.elems.len >= n) return;
    const char *hint = "";
    for (vec_each(Object *, f, &u->strukt.fields))
        if (hidden(c, *f)) hint = " (type has unexported fields - use key:value pairs)";
    check_error(c, e->composite.rbrace, "too few values in struct literal of type %s%s",
                type_string(base), hint);
}

// ---- Maps ----

typedef struct MapKey {
    const Const *val;
    Type *type;
} MapKey;
typedef Vec(MapKey) MapKeys;

// Integral floats and complex numbers are the integers they equal.
static const Const *normal_key(const Const *v) {
    ConstKind k = const_kind(v);
    if (k != CONST_FLOAT && k != CONST_COMPLEX) return v;
    Const *i = const_to_int(v);
    if (i) return i;
    Const *f = const_to_float(v);
    return f ? f : v;
}

// By value of the constants; where keys are interfaces (by_type) their types tell equal ones apart,
// as they do in the map.
static bool duplicate_key(PtrMap *seen, const Operand *x, bool by_type) {
    const Const *v = normal_key(x->val);
    void *hash = (void *)(uintptr_t)(const_hash(v) | 1);
    MapKeys *same = ptrmap_get(seen, hash);
    if (!same) {
        same = NEW(MapKeys);
        ptrmap_put(seen, hash, same);
    }
    for (vec_each(MapKey, k, same))
        if (const_equal_value(k->val, v) && (!by_type || types_identical(k->type, x->type)))
            return true;
    MapKey k = {v, x->type};
    vec_push(same, k);
    return false;
}

// Constant keys must differ; in a map with keys of interface type, also by their types.
static void map_lit(Checker *c, Operand *x, Expr *e, Type *u) {
    PtrMap seen = {0};
    bool by_type = type_is_plain_interface(u->map.key);
    for (vec_each(Expr *, p, &e->composite.elems)) {
        Expr *kv = *p;
        if (kv->kind != E_KEYVALUE) {
            check_error(c, expr_start(kv), "missing key in map literal");
            continue;
        }
        generic_expr_hint(c, x, kv->kv.x, u->map.key);
        check_assignment(c, x, u->map.key, "map literal");
        if (!operand_ok(x)) continue;
        if (x->mode == MODE_CONST && x->val && duplicate_key(&seen, x, by_type)) {
            check_error(c, operand_pos(x), "duplicate key %s in map literal", value_string(x));
            continue;
        }
        generic_expr_hint(c, x, kv->kv.y, u->map.elem);
        check_assignment(c, x, u->map.elem, "map literal");
    }
}

// ---- Composite literals ----

// The elements' rules depend on the type's one underlying type.
void check_composite_lit(Checker *c, Operand *x, Expr *e, Type *hint) {
    Type *type, *base;
    bool is_elem = false;
    Expr *t = e->composite.type;
    // [...]T: its length comes from the elements.
    if (t && t->kind == E_ARRAYTYPE && !t->array.len) {
        type = type_new(T_ARRAY);
        type->array.elem = check_var_type(c, t->array.elem);
        type->array.len = -1;
        base = type;
    } else if (t) {
        type = base = check_type(c, t);
    } else if (hint) {
        type = base = hint;
        Type *u = common_underlying(base, NULL, NULL, NULL);
        if (u && u->kind == T_POINTER) base = u->pointer.elem; // &T may be elided too
        is_elem = true;
    } else {
        check_error(c, expr_start(e), "missing type in composite literal");
        type = base = BASIC(INVALID);
    }
    if (!check_is_complete(c, base)) {
        invalidate(x);
        return;
    }
    Type *u = common_underlying(base, NULL, NULL, NULL);
    ExprVec *elems = &e->composite.elems;
    switch (u ? u->kind : T_INVALID) {
    case T_STRUCT:
        if (elems->len == 0) break;
        if (elems->data[0]->kind == E_KEYVALUE)
            keyed_struct(c, x, e, base, u);
        else
            positional_struct(c, x, e, base, u);
        break;
    case T_ARRAY: {
        int64_t n = check_indexed_elems(c, elems, u->array.elem, u->array.len);
        if (u->array.len < 0) {
            u->array.len = n;
            if (t) {
                record_value(t, MODE_TYPE, u, NULL);
                check_size_later(c, t, u);
            }
        }
        break;
    }
    case T_SLICE: check_indexed_elems(c, elems, u->slice.elem, -1); break;
    case T_MAP: map_lit(c, x, e, u); break;
    default:
        // Keys may be field names of who knows what.
        for (vec_each(Expr *, p, elems)) check_use(c, (*p)->kind == E_KEYVALUE ? (*p)->kv.y : *p);
        if (!u || !is_invalid(u)) {
            check_error(c, expr_start(e), "invalid composite literal%s type %s%s",
                        is_elem ? " element" : "", type_string(type),
                        u ? "" : " (no common underlying type)");
            invalidate(x);
            return;
        }
        break;
    }
    x->mode = MODE_VALUE;
    x->type = type;
}
