// check_typexpr: type expressions. An expression comes in, a Type goes out (T_INVALID after an
// error, which was reported); the expression's mode and type are recorded. Names are resolved here
// for values too, since an identifier's kind is only known once it is found.
//
// A type under construction may be met again before it is complete; hence everything that looks
// into types (constraints, map keys, embedded fields) is put off until the current declaration is
// done.
#include "frontend/check_impl.h"

// For messages alone: "x (local variable) is not a type".
static const char *object_kind(Object *o) {
    switch (o->kind) {
    case O_PKGNAME: return "package name";
    case O_CONST: return "constant";
    case O_TYPENAME:
        return o->is_alias                               ? "type alias"
               : o->type && o->type->kind == T_TYPEPARAM ? "type parameter"
                                                         : "defined type";
    case O_VAR:
        if (o->is_field) return "struct field";
        if (o->is_result) return "result variable";
        if (o->is_param) return o->ptr_recv ? "receiver" : "parameter";
        return o->is_package_var ? "package-level variable" : "local variable";
    case O_FUNC: return o->recv ? "method" : "function";
    case O_LABEL: return "label";
    case O_BUILTIN: return "built-in function";
    case O_NIL: return "untyped nil";
    }
    return "unknown symbol";
}

// Also where uses are noted: of variables, dot imports, and of what initialization depends on. A
// type that is being declared (grey) is gone into again, which is how cycles are found.
void check_ident(Checker *c, Operand *x, Expr *e, bool want_type) {
    *x = (Operand){.mode = MODE_INVALID, .type = BASIC(INVALID), .expr = e};
    Scope *scope = NULL;
    Object *o = check_lookup(c, e->name.name, &scope);
    if (!o) {
        if (strcmp(e->name.name, "_") == 0)
            check_error(c, e->pos, "cannot use _ as value or type");
        else if (name_is_valid(e->name.name))
            check_error(c, e->pos, "undefined: %s", e->name.name);
        return;
    }
    if (o->kind == O_TYPENAME && scope == universe &&
        (strcmp(o->name, "any") == 0 || strcmp(o->name, "comparable") == 0) &&
        !check_verify_version(c, e->pos, 18, "predeclared %s", o->name))
        return;
    e->name.obj = o;
    bool is_type = o->kind == O_TYPENAME;
    if (!is_type && want_type) {
        check_error(c, e->pos, "%s (%s) is not a type", o->name, object_kind(o));
        if (o->kind == O_VAR && o->pkg == c->pkg) o->used = true;
        return;
    }
    if (!o->type || (is_type && want_type && o->pkg == c->pkg && o->color == COLOR_GREY))
        check_object(c, o);
    Type *t = o->type;
    if (c->dot_imports.len && o->pkg != c->pkg && o->kind != O_PKGNAME && scope == c->file->scope)
        check_mark_dot_import(c, scope, o);
    switch (o->kind) {
    case O_PKGNAME: check_error(c, e->pos, "use of package %s not in selector", o->name); return;
    case O_CONST:
        check_add_dependency(c, o);
        if (t->kind == T_INVALID) return;
        if (scope == universe && strcmp(o->name, "iota") == 0) {
            if (!c->env.iota) {
                check_error(c, e->pos, "cannot use iota outside constant declaration");
                return;
            }
            x->val = (Const *)c->env.iota;
        } else {
            x->val = o->val;
        }
        x->mode = MODE_CONST;
        break;
    case O_TYPENAME: x->mode = MODE_TYPE; break;
    case O_VAR:
        if (o->pkg == c->pkg) {
            o->used = true;
            check_note_use(c, o);
        }
        check_add_dependency(c, o);
        if (t->kind == T_INVALID) return;
        x->mode = MODE_VAR;
        break;
    case O_FUNC:
        check_add_dependency(c, o);
        x->mode = MODE_VALUE;
        break;
    case O_BUILTIN:
        x->id = o->builtin;
        x->mode = MODE_BUILTIN;
        if (o->builtin == BUILTIN_RECOVER && c->env.func) c->env.func->has_recover = true;
        break;
    case O_NIL: x->mode = MODE_NILVALUE; break;
    default: return;
    }
    x->type = t;
}

// ---- Variable types ----

typedef struct VarType {
    Pos pos;
    Type *type;
} VarType;

// Constraint interfaces are for type parameters only. Runs when types are complete, for it needs
// the type set.
static void valid_var_type(Checker *c, void *arg) {
    VarType *v = arg;
    Type *u = under(v->type);
    if (u->kind != T_INTERFACE) return;
    TypeSet *s = interface_typeset(u);
    if (s->comparable)
        check_soft_error(
            c, v->pos,
            "cannot use type %s outside a type constraint: interface is (or embeds) comparable",
            type_string(v->type));
    else if (!s->all_types)
        check_soft_error(
            c, v->pos,
            "cannot use type %s outside a type constraint: interface contains type constraints",
            type_string(v->type));
}

// types2's validVarType: put off (valid_var_type), and a soft error, after which checking goes on
// as if nothing were wrong.
void check_valid_var_type(Checker *c, Expr *e, Type *t) {
    // Only interfaces can be wrong: most types are seen at once not to be any.
    Type *u = unalias(t);
    if (!u) return;
    switch (u->kind) {
    case T_NAMED:
        if (u->named.underlying && u->named.underlying->kind != T_INTERFACE) return;
        if (u == type_error) return;
        break;
    case T_INTERFACE:
        if (u->iface.embeds.len == 0) return;
        break;
    default: return;
    }
    VarType *v = NEW(VarType);
    v->pos = expr_start(e);
    v->type = t;
    check_later(c, valid_var_type, v);
}

// ---- Generic types ----

bool type_is_generic(Type *t) {
    if (t->kind == T_ALIAS) {
        if (t->alias.tparams && t->alias.tparams->len && !t->alias.targs) return true;
        t = unalias(t);
        if (!t) return false;
    }
    return t->kind == T_NAMED && t->named.tparams && t->named.tparams->len && !t->named.targs;
}

static Type *type_internal(Checker *c, Expr *e, Object *def);

Type *check_defined_type(Checker *c, Expr *e, Object *def) {
    Type *t = type_internal(c, e, def);
    if (e->kind == E_ARRAYTYPE || e->kind == E_CHANTYPE || e->kind == E_MAPTYPE)
        check_size_later(c, e, t);
    if (type_is_generic(t)) {
        check_error(c, expr_start(e), "cannot use generic type %s without instantiation",
                    type_string(t));
        t = BASIC(INVALID);
    }
    record_type(e, t);
    return t;
}

Type *check_type(Checker *c, Expr *e) { return check_defined_type(c, e, NULL); }

Type *check_var_type(Checker *c, Expr *e) {
    Type *t = check_defined_type(c, e, NULL);
    check_valid_var_type(c, e, t);
    return t;
}

Type *check_generic_type(Checker *c, Expr *e, const char **cause) {
    Type *t = type_internal(c, e, NULL);
    if (t->kind != T_INVALID && !type_is_generic(t)) {
        if (cause && unalias(t) && unalias(t)->kind != T_INVALID)
            *cause = xsprintf("%s is not a generic type", type_string(t));
        t = BASIC(INVALID);
    }
    record_type(e, t);
    return t;
}

TypeList *check_type_list(Checker *c, Expr **list, uint32_t n) {
    TypeList *l = typelist_new(n);
    bool ok = true;
    for (uint32_t i = 0; i < n; i++) {
        l->data[i] = check_var_type(c, list[i]);
        ok = ok && l->data[i]->kind != T_INVALID;
    }
    return ok ? l : NULL;
}

static bool check_type_arg_count(Checker *c, Pos pos, Name name, uint32_t want, uint32_t got) {
    if (got == want) return true;
    check_error(c, pos, "%s type arguments for type %s: have %u, want %u",
                got < want ? "not enough" : "too many", name, got, want);
    return false;
}

void check_note_instance(Checker *c, Type *t, Pos pos) {
    if (t->kind == T_NAMED && !ptrmap_has(&c->instance_pos, t))
        ptrmap_put(&c->instance_pos, t, (void *)(uintptr_t)pos);
}

// What the constraints say of the arguments waits until types are complete. With too few or too
// many arguments there is a type nevertheless, so that its uses are no errors.
static Type *instantiated_type(Checker *c, Expr *x, Expr **args, uint32_t n) {
    const char *cause = NULL;
    Type *g = check_generic_type(c, x, &cause);
    if (cause) {
        Buf b = {0};
        for (uint32_t i = 0; i < n; i++)
            buf_printf(&b, "%s%s", i ? ", " : "", expr_string(args[i]));
        check_error(c, expr_start(x), "invalid operation: %s[%s] (%s)", expr_string(x), buf_str(&b),
                    cause);
    }
    if (g->kind == T_INVALID) return g;
    TypeList *targs = check_type_list(c, args, n);
    if (!targs) return BASIC(INVALID);
    bool alias = g->kind == T_ALIAS && g->alias.tparams;
    if (!alias) g = unalias(g);
    TypeList *tparams = alias ? g->alias.tparams : g->named.tparams;
    Name name = alias ? g->alias.obj->name : g->named.obj->name;
    bool counted = check_type_arg_count(c, x->pos, name, tparams->len, n);
    Type *t = type_instantiate(g, targs);
    if (!t) return BASIC(INVALID);
    if (!counted) return t; // nothing is known of it but its name
    check_note_instance(c, t, x->pos);
    check_type_arguments_in_heap(c, x, targs);
    check_instance_later(c, x->pos, tparams, targs, args, n);
    return t;
}

// ---- Arrays, maps ----

// -1 after an error. Untyped constants may be floats, if their value is integral: [1e3]int.
static int64_t array_length(Checker *c, Expr *e) {
    if (e->kind == E_NAME) { // may be meant as a type parameter whose constraint is missing
        Object *o = check_lookup(c, e->name.name, NULL);
        if (!o) {
            check_error(c, e->pos, "undefined array length %s or missing type constraint",
                        e->name.name);
            return -1;
        }
        if (o->kind != O_CONST) {
            check_error(c, e->pos, "invalid array length %s", e->name.name);
            return -1;
        }
    }
    Operand x = {.mode = MODE_INVALID};
    check_expr(c, &x, e);
    if (x.mode != MODE_CONST) {
        if (x.mode != MODE_INVALID)
            check_error(c, operand_pos(&x), "array length %s must be constant", operand_string(&x));
        return -1;
    }
    if (type_is_untyped(x.type) || type_is_integer(x.type)) {
        if (!x.val) return -1;
        Const *v = const_to_int(x.val);
        int64_t n;
        if (v && const_int64_value(v, &n) && n >= 0) {
            if (type_is_untyped(x.type)) check_convert_untyped(c, &x, BASIC(INT));
            return n;
        }
    }
    if (type_is_integer(x.type))
        check_error(c, operand_pos(&x), "invalid array length %s", operand_string(&x));
    else
        check_error(c, operand_pos(&x), "array length %s must be integer", operand_string(&x));
    return -1;
}

static void check_map_key(Checker *c, void *arg) {
    Expr *e = arg; // E_MAPTYPE
    Type *key = e->map.key->type;
    if (!key || under(key)->kind == T_INVALID || type_comparable_p(key, true, NULL)) return;
    check_error(c, expr_start(e->map.key), "invalid map key type %s%s", type_string(key),
                type_is_typeparam(key) ? " (missing comparable constraint)" : "");
}

// ---- The walk ----

// Names are evaluated as operands, for only what they denote tells whether they are types.
static Type *name_or_selector(Checker *c, Expr *e) {
    Operand x = {.mode = MODE_INVALID};
    if (e->kind == E_NAME)
        check_ident(c, &x, e, true);
    else
        check_selector(c, &x, e, true);
    switch (x.mode) {
    case MODE_TYPE: return x.type;
    case MODE_INVALID: break;
    case MODE_NOVALUE:
        check_error(c, operand_pos(&x), "%s used as type", operand_string(&x));
        break;
    default: check_error(c, operand_pos(&x), "%s is not a type", operand_string(&x)); break;
    }
    return BASIC(INVALID);
}

// A slice, map or channel of what is wrong is a type still; a pointer to it, or an array of unknown
// length, is the invalid type, of which no more is said.
static Type *type_internal(Checker *c, Expr *e, Object *def) {
    switch (e->kind) {
    case E_BAD: break;
    case E_NAME:
    case E_SELECTOR: return name_or_selector(c, e);
    case E_INDEX: {
        check_verify_version(c, expr_start(e), 18, "type instantiation");
        return instantiated_type(c, e->index.x, e->index.index.data, e->index.index.len);
    }
    case E_PAREN: return check_defined_type(c, e->paren.x, def);
    case E_ARRAYTYPE: {
        int64_t n = -1;
        if (e->array.len)
            n = array_length(c, e->array.len);
        else
            check_error(c, e->pos, "invalid use of [...] array (outside a composite literal)");
        Type *elem = check_var_type(c, e->array.elem);
        if (n >= 0) return type_array(elem, n);
        break;
    }
    case E_SLICETYPE: return type_slice(check_var_type(c, e->array.elem));
    case E_DOTS:
        check_error(c, e->pos, "invalid use of ...");
        check_use(c, e->array.elem);
        break;
    case E_STRUCTTYPE: return check_struct_type(c, e);
    case E_STAR: {
        Type *base = check_var_type(c, e->star.x);
        if (base->kind == T_INVALID) break; // a pointer to it would only lead to more errors
        return type_pointer(base);
    }
    case E_FUNCTYPE: return check_func_type(c, NULL, NULL, e, NULL);
    case E_INTERFACETYPE: return check_interface_type(c, e, def);
    case E_MAPTYPE: {
        Type *key = check_var_type(c, e->map.key), *elem = check_var_type(c, e->map.elem);
        check_later(c, check_map_key, e);
        return type_map(key, elem);
    }
    case E_CHANTYPE: return type_chan(e->chan.dir, check_var_type(c, e->chan.elem));
    default:
        check_error(c, expr_start(e), "%s is not a type", expr_string(e));
        check_use(c, e);
        break;
    }
    return BASIC(INVALID);
}
