// check_signature: function types, receivers and type parameter lists. The parameters, results,
// receiver and type parameters go into a new function scope, which a body is later checked in.
#include "frontend/check_impl.h"

// ---- Type parameters ----

// Declared without its constraint, which may mention it.
static Type *declare_tparam(Checker *c, Expr *name, uint32_t index, Scope *scope, Pos scope_pos) {
    static uint32_t next_id;
    Object *o = object_new(O_TYPENAME, name->pos, c->pkg, name->name.name, NULL);
    Type *t = type_new(T_TYPEPARAM);
    t->tparam.obj = o;
    t->tparam.index = index;
    t->tparam.id = ++next_id;
    t->tparam.constraint = BASIC(INVALID); // until it is known
    t->tparam.owner = c->env.func;
    o->type = t;
    o->color = COLOR_BLACK;
    check_declare(c, scope, name, o, scope_pos);
    name->name.obj = o;
    if (!o->parent) o->parent = scope;
    return t;
}

// A constraint, which may be written as the elements of an interface alone.
static Type *check_bound(Checker *c, Expr *e) {
    bool literal = (e->kind == E_UNARY && e->op.op == OPR_TILDE) ||
                   (e->kind == E_BINARY && e->op.op == OPR_OR);
    if (!literal) return check_type(c, e);
    // ~T and A|B stand for interface{ ~T } and interface{ A|B }.
    Expr *i = NEW(Expr);
    i->kind = E_INTERFACETYPE;
    i->pos = e->pos;
    i->end = e->end;
    i->implicit = true;
    Field *f = NEW(Field);
    f->pos = e->pos;
    f->type = e;
    f->embedded = true;
    vec_push(&i->fields.fields, f);
    Type *t = check_type(c, i);
    if (t->kind == T_INTERFACE) t->iface.implicit = true;
    return t;
}

// A constraint that is no interface, such as *T, stands for interface{ *T }.
static Type *wrap_constraint(Type *t, Pos pos) {
    Type *i = type_new(T_INTERFACE);
    i->iface.implicit = true;
    vec_push(&i->iface.embeds, t);
    i->iface.embed_pos = NEW(Pos);
    i->iface.embed_pos[0] = pos;
    return i;
}

static void wrap_named_constraint(Checker *c, void *arg) {
    (void)c;
    Type *tp = arg, *b = tp->tparam.constraint;
    TypeKind k = under(b)->kind;
    if (k != T_INTERFACE && k != T_INVALID)
        tp->tparam.constraint = wrap_constraint(b, tp->tparam.obj->pos);
}

// All names first, then constraints, which may mention any of them. Neighbours of one field share
// theirs.
void check_collect_tparams(Checker *c, FieldVec *list, TypeList **out, Scope *scope) {
    TypeList *l = typelist_new(list->len);
    for (uint32_t i = 0; i < list->len; i++)
        l->data[i] = declare_tparam(c, list->data[i]->name, i, scope, list->data[0]->pos);
    *out = l; // constraints may mention the type itself
    bool before = c->env.in_tparam_list;
    c->env.in_tparam_list = true;
    Type *bound = NULL;
    for (uint32_t i = 0; i < list->len; i++) {
        Expr *e = list->data[i]->type;
        // Before what is put off while the constraint is examined.
        check_later(c, wrap_named_constraint, l->data[i]);
        if (i == 0 || e != list->data[i - 1]->type) {
            bound = e ? check_bound(c, e) : BASIC(INVALID);
            if (type_is_typeparam(bound)) {
                check_error(c, expr_start(e), "cannot use a type parameter as constraint");
                bound = BASIC(INVALID);
            }
            Type *b = unalias(bound);
            if (b && b->kind != T_INVALID && b->kind != T_INTERFACE && b->kind != T_NAMED)
                bound = wrap_constraint(bound, expr_start(e));
        }
        l->data[i]->tparam.constraint = bound;
    }
    c->env.in_tparam_list = before;
}

// ---- Receivers ----

typedef struct Receiver {
    Pos pos;
    Object *var;
} Receiver;

// Put off until the receiver's type is complete.
static void valid_receiver(Checker *c, void *arg) {
    Receiver *r = arg;
    bool ptr;
    Type *t = deref(r->var->type, &ptr), *a = unalias(t);
    if (!a || a->kind == T_INVALID) return;
    if (a->kind == T_NAMED) {
        Type *origin = a->named.origin ? a->named.origin : a;
        if (origin->named.obj->pkg != c->pkg) {
            check_error(c, r->pos, "cannot define new methods on non-local type %s",
                        type_string(t));
            return;
        }
        Type *u = under(a);
        const char *cause = u->kind == T_UNSAFEPTR ? "unsafe.Pointer"
                            : u->kind == T_POINTER || u->kind == T_INTERFACE
                                ? "pointer or interface type"
                                : NULL;
        if (cause) check_error(c, r->pos, "invalid receiver type %s (%s)", type_string(t), cause);
    } else if (a->kind < T_ARRAY) {
        check_error(c, r->pos, "cannot define new methods on non-local type %s", type_string(t));
    } else {
        check_error(c, r->pos, "invalid receiver type %s", type_string(r->var->type));
    }
}

static Type *unpointer(Type *t) {
    while (t && t->kind == T_POINTER) t = t->pointer.elem;
    return t;
}

// Methods can't be added to an instantiated type, not even through an alias.
static bool alias_of_instance(Checker *c, Expr *base, Type *t) {
    t = unpointer(t);
    while (t && t->kind == T_ALIAS) {
        Type *b = unpointer(t->alias.rhs);
        if (b && ((b->kind == T_NAMED && b->named.origin && b->named.origin->named.tparams) ||
                  (b->kind == T_ALIAS && (b->alias.tparams || b->alias.targs)))) {
            check_error(c, expr_start(base), "cannot define new methods on instantiated type %s",
                        type_string(b));
            return true;
        }
        t = b;
    }
    return false;
}

// Records the types of all parts of a receiver expression such as (*(T[P])).
static void record_receiver(Expr *e, Type *t) {
    for (;;) {
        record_type(e, t);
        if (e->kind == E_PAREN) {
            e = e->paren.x;
        } else if (e->kind == E_STAR) {
            if (t->kind != T_POINTER) return;
            e = e->star.x;
            t = t->pointer.elem;
        } else {
            return;
        }
    }
}

// A method of a generic type declares names of its own for the type's parameters, with their
// constraints; the receiver is the instance with these.
static Type *generic_receiver(Checker *c, Field *recv, Expr *base, ExprVec *names, bool ptr,
                              Scope *scope, Pos scope_pos, TypeList **recv_tparams) {
    // The base is resolved before its type parameters are declared: they may have its name.
    Type *base_type = NULL, *result = BASIC(INVALID);
    const char *cause = NULL;
    Type *t = check_generic_type(c, base, &cause);
    if (t->kind == T_NAMED)
        base_type = t;
    else if (t->kind == T_ALIAS && unalias(t) && unalias(t)->kind != T_INVALID)
        check_error(c, expr_start(base), "cannot define new methods on generic alias type %s",
                    type_string(t));
    else if (cause)
        check_error(c, expr_start(base), "%s", cause);

    TypeList *tps = typelist_new(names->len);
    for (uint32_t i = 0; i < names->len; i++) {
        Expr *n = names->data[i];
        if (n->kind != E_NAME) {
            if (n->kind != E_BAD)
                check_error(c, expr_start(n), "receiver type parameter %s must be an identifier",
                            expr_string(n));
            Expr *b = NEW(Expr);
            b->kind = E_NAME;
            b->pos = n->pos;
            b->end = n->end;
            b->name.name = intern_c("_");
            n = b;
        }
        tps->data[i] = declare_tparam(c, n, i, scope, scope_pos);
        record_type(n, tps->data[i]);
    }
    *recv_tparams = tps;
    if (!base_type) return result;

    TypeList *of = base_type->named.tparams;
    if (of->len != tps->len) {
        check_error(c, expr_start(base),
                    "receiver declares %u type parameter%s, but receiver base type declares %u",
                    tps->len, tps->len == 1 ? "" : "s", of->len);
        return result;
    }
    TypeMap map = {of, tps};
    for (uint32_t i = 0; i < of->len; i++) {
        check_mono_canon(c, tps->data[i], of->data[i]);
        tps->data[i]->tparam.constraint = type_subst(of->data[i]->tparam.constraint, &map);
    }
    check_verify_version(c, expr_start(base), 18, "type instantiation");
    result = type_instantiate(base_type, tps);
    check_note_instance(c, result, recv->type->pos);
    if (ptr && result->kind != T_INVALID) result = type_pointer(result);
    record_receiver(recv->type, result);
    return result;
}

// A receiver's type parameters, if it has any, are declared by it.
static Object *collect_receiver(Checker *c, Field *recv, Scope *scope, Pos scope_pos,
                                TypeList **recv_tparams) {
    Expr *base;
    ExprVec *names;
    bool ptr = check_receiver(recv->type, &base, &names);
    Type *t;
    if (!names) {
        t = check_var_type(c, recv->type);
        if (alias_of_instance(c, base, t)) t = BASIC(INVALID);
    } else {
        t = generic_receiver(c, recv, base, names, ptr, scope, scope_pos, recv_tparams);
    }
    Object *o = object_new(O_VAR, recv->name ? recv->name->pos : recv->pos, c->pkg,
                           recv->name ? recv->name->name.name : intern_c(""), t);
    o->is_param = true;
    o->used = true;
    Receiver *r = NEW(Receiver);
    r->pos = expr_start(base);
    r->var = o;
    check_later(c, valid_receiver, r);
    return o;
}

// ---- Parameters ----

// Neighbours of one field share a type, which is evaluated once. True: the last is variadic.
static bool collect_params(Checker *c, FieldVec *list, bool results, ObjectVec *out) {
    bool variadic = false;
    Type *t = NULL;
    Expr *prev = NULL;
    for (uint32_t i = 0; i < list->len; i++) {
        Field *f = list->data[i];
        Expr *e = f->type;
        if (e != prev || i == 0) {
            prev = e;
            if (e && e->kind == E_DOTS) {
                variadic = true; // the parser takes no other
                e = e->array.elem;
            }
            t = e ? check_var_type(c, e) : BASIC(INVALID);
        }
        Object *o = object_new(O_VAR, f->name ? f->name->pos : f->pos, c->pkg,
                               f->name ? f->name->name.name : intern_c(""), t);
        o->is_param = !results;
        o->is_result = results;
        o->used = true;
        vec_push(out, o);
    }
    if (variadic) {
        Object *last = vec_last(out);
        last->type = type_slice(last->type);
        record_type(list->data[list->len - 1]->type, last->type);
    }
    return variadic;
}

static void declare_params(Checker *c, FieldVec *list, ObjectVec *vars, Scope *scope,
                           Pos scope_pos) {
    for (uint32_t i = 0; i < list->len; i++) {
        Expr *name = list->data[i]->name;
        if (!name || name->name.name[0] == 0) continue;
        check_declare(c, scope, name, vars->data[i], scope_pos);
        name->name.obj = vars->data[i];
        name->type = vars->data[i]->type;
        name->mode = MODE_VAR;
    }
}

// Names are declared after all types are evaluated: a parameter's type does not see another
// parameter.
void check_func_type_into(Checker *c, Type *sig, Field *recv, FieldVec *tparams, Expr *ftype,
                          Scope **scope_out) {
    Scope *scope = check_open_scope(c, ftype->pos, ftype->end, "function");
    Object *r = NULL;
    TypeList *recv_tparams = NULL;
    if (recv) r = collect_receiver(c, recv, scope, ftype->pos, &recv_tparams);
    if (tparams && tparams->len) check_collect_tparams(c, tparams, &sig->func.tparams, scope);
    ObjectVec params = {0}, results = {0};
    bool variadic = collect_params(c, &ftype->func.params, false, &params);
    collect_params(c, &ftype->func.results, true, &results);
    if (r && recv->name && recv->name->name.name[0]) {
        check_declare(c, scope, recv->name, r, ftype->end);
        recv->name->name.obj = r;
        recv->name->type = r->type;
        recv->name->mode = MODE_VAR;
    }
    declare_params(c, &ftype->func.params, &params, scope, ftype->end);
    declare_params(c, &ftype->func.results, &results, scope, ftype->end);
    sig->func.recv = r;
    sig->func.recv_tparams = recv_tparams;
    for (vec_each(Object *, p, &params)) vec_push(&sig->func.params, *p);
    for (vec_each(Object *, p, &results)) vec_push(&sig->func.results, *p);
    sig->func.variadic = variadic;
    check_close_scope(c);
    if (scope_out) *scope_out = scope;
}

Type *check_func_type(Checker *c, Field *recv, FieldVec *tparams, Expr *ftype, Scope **scope_out) {
    Type *sig = type_new(T_FUNC);
    check_func_type_into(c, sig, recv, tparams, ftype, scope_out);
    record_type(ftype, sig);
    return sig;
}
