// call: calls of what was declared before: functions, generic ones with their type arguments,
// methods by value, by pointer, through an interface, as method values and expressions, and
// variables of function type.
#include "cmd/fuzz/fuzz.h"

enum { VALUE_COST = 80 }; // the most that a function value may cost

static bool may_call(const Func *f) { return !f->mutates && !(g.silent && !f->silent); }

// A variadic parameter takes a few values, or a slice with dots.
Node *call_args(const Func *f, int depth) {
    Node *list = LIST();
    for (uint32_t i = 0; i < f->params.len; i++) {
        const Type *t = f->params.data[i];
        if (f->variadic && i + 1 == f->params.len) {
            if (chance(20)) {
                node_add(list, EXPR(NULL, "$0...", expr_of(t, depth - 1)));
            } else {
                for (uint32_t n = rnd(4); n; n--) node_add(list, expr_of(t->elem, depth - 1));
            }
        } else {
            node_add(list, expr_of(t, depth - 1));
        }
    }
    return list;
}

// ---- type parameters ----

static const Type *bound(const Binding *b, const Type *t) {
    for (uint32_t i = 0; i < b->n; i++)
        if (b->from[i] == t) return b->to[i];
    return NULL;
}

TypeVec types_subst(const Binding *b, const TypeVec *types) {
    TypeVec out = {0};
    for (vec_each(const Type *, it, types)) vec_push(&out, type_subst(b, *it));
    return out;
}

// Named types stay what they are, except for a generic type's open form, which is bound itself.
const Type *type_subst(const Binding *b, const Type *t) {
    if (bound(b, t)) return bound(b, t);
    if (t->named) return t;
    switch (t->kind) {
    case ARRAY: return type_array(t->len, type_subst(b, t->elem));
    case SLICE: return type_slice(type_subst(b, t->elem));
    case MAP: return type_map(type_subst(b, t->key), type_subst(b, t->elem));
    case POINTER: return type_pointer(type_subst(b, t->elem));
    case FUNC: {
        TypeVec params = types_subst(b, &t->params), results = types_subst(b, &t->results);
        return type_func(&params, &results);
    }
    default: return t;
    }
}

bool param_allows(const Type *param, const Type *t) {
    if (!t || t->kind == PARAM) return false;
    if (param->choices.len) return is_integer(t);
    return !param->comparable || (t->comparable && t->kind != INTERFACE);
}

const Type *param_argument(const Type *param) {
    for (;;) {
        const Type *t = param->choices.len
                            ? type_random_integer()
                            : type_random(1, param->comparable ? COMPARABLE : ANY_TYPE);
        if (param_allows(param, t)) return t;
    }
}

// Does the pattern become t by some binding?
static bool unify(const Type *pattern, const Type *t, Binding *b) {
    if (pattern->kind == PARAM) {
        const Type *have = bound(b, pattern);
        if (have) return have == t;
        if (!param_allows(pattern, t)) return false;
        b->from[b->n] = pattern;
        b->to[b->n++] = t;
        return true;
    }
    if (pattern == t) return true;
    if (pattern->kind != t->kind || t->named || pattern->named) return false;
    switch (t->kind) {
    case ARRAY:
        if (pattern->len != t->len) return false;
        return unify(pattern->elem, t->elem, b);
    case SLICE:
    case POINTER: return unify(pattern->elem, t->elem, b);
    case MAP: return unify(pattern->key, t->key, b) && unify(pattern->elem, t->elem, b);
    default: return false;
    }
}

// The function as it is for one instance.
static Func instance(const Func *f, Binding *b, const char **args) {
    Buf text = {0};
    for (uint32_t i = 0; i < f->tparams.len; i++) {
        const Type *p = f->tparams.data[i];
        if (!bound(b, p)) {
            b->from[b->n] = p;
            b->to[b->n++] = param_argument(p);
        }
        buf_printf(&text, "%s%s", i ? ", " : "[", bound(b, p)->text);
    }
    buf_putc(&text, ']');
    *args = buf_str(&text);
    Func inst = *f;
    inst.params = types_subst(b, &f->params);
    inst.results = types_subst(b, &f->results);
    return inst;
}

// ---- functions and methods ----

static bool has_method(const Type *t, const char *name) {
    for (vec_each(Func *, f, &t->methods))
        if (!strcmp((*f)->name, name)) return true;
    return false;
}

// A struct type that has the method since it embeds the receiver's type, and has none of that name
// itself.
static const Type *embedder(const Func *f) {
    for (vec_each(const Type *, it, &g.named))
        if ((*it)->kind == STRUCT && (*it)->fields.len && (*it)->fields.data[0].embedded &&
            (*it)->fields.data[0].type == f->recv && !has_method(*it, f->name) && chance(50))
            return *it;
    return NULL;
}

static Node *receiver(const Func *f, int depth) {
    const Type *outer = embedder(f);
    if (outer && !f->pointer) return expr_of(outer, depth - 1);
    if (outer) return literal_of(type_pointer(outer), depth - 1);
    if (!f->pointer)
        return f->recv->kind == INTERFACE || chance(80)
                   ? expr_of(f->recv, depth - 1)
                   : EXPR(f->recv, "ptr($0)", expr_of(f->recv, depth - 1));
    return literal_of(type_pointer(f->recv), depth - 1);
}

// A method is called as such, by its expression or as a value, which id hides from the compiler.
static Node *call_declared(const Type *t, const Func *f, Binding *b, int depth) {
    if (f->tparams.len) {
        const char *args;
        Func inst = instance(f, b, &args);
        return EXPR(t, xsprintf("%s%s($0)", f->name, args), call_args(&inst, depth));
    }
    if (!f->recv) return EXPR(t, xsprintf("%s($0)", f->name), call_args(f, depth));
    Node *recv = receiver(f, depth), *args = call_args(f, depth);
    if (f->recv->kind == INTERFACE) return EXPR(t, xsprintf("$0.%s($1)", f->name), recv, args);
    switch (rnd(8)) {
    case 0: // the method expression
        return EXPR(t,
                    xsprintf(f->pointer ? "(*%s).%s(%s$1)" : "%s.%s(%s$1)", f->recv->text, f->name,
                             args->kids.len ? "$0, " : "$0"),
                    f->pointer ? literal_of(type_pointer(f->recv), depth - 1) : expr_of(f->recv, 0),
                    args);
    case 1: return EXPR(t, xsprintf("id($0.%s)($1)", f->name), recv, args);
    default: return EXPR(t, xsprintf("$0.%s($1)", f->name), recv, args);
    }
}

// A variable of a function type that gives t.
static Node *call_variable(const Type *t, int depth) {
    if (g.silent) return NULL;
    for (int i = 0; i < 6 && g.vars.len; i++) {
        const Var *v = &g.vars.data[rnd(g.vars.len)];
        if (v->type->kind != FUNC || !v->nonnil || v->type->results.len != 1 ||
            v->type->results.data[0] != t || !afford(VALUE_COST))
            continue;
        Func f = {.params = v->type->params};
        return EXPR(t, "$0($1)", EXPR(v->type, v->name), call_args(&f, depth));
    }
    return NULL;
}

// Only what was declared before can be called, and only while the costs allow for it: so programs
// end.
Node *call_for(const Type *t, int depth) {
    if (chance(25)) {
        Node *n = call_variable(t, depth);
        if (n) return n;
    }
    for (int i = 0; i < 10 && g.callees.len; i++) {
        Func *f = g.callees.data[rnd(g.callees.len)];
        Binding b = {0};
        if (!may_call(f) || f->results.len != 1 || !unify(f->results.data[0], t, &b) ||
            !afford(f->cost))
            continue;
        return call_declared(t, f, &b, depth);
    }
    return NULL;
}

// A call of anything declared, whatever it gives.
Node *call_any(int depth) {
    for (int i = 0; i < 10 && g.callees.len; i++) {
        Func *f = g.callees.data[rnd(g.callees.len)];
        Binding b = {0};
        if (!may_call(f) || f->results.len != 1 || !afford(f->cost)) continue;
        if (!f->tparams.len) return call_declared(f->results.data[0], f, &b, depth);
        for (vec_each(const Type *, p, &f->tparams)) {
            b.from[b.n] = *p;
            b.to[b.n++] = param_argument(*p);
        }
        return call_declared(type_subst(&b, f->results.data[0]), f, &b, depth);
    }
    return NULL;
}
