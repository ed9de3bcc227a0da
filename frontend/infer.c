// infer: type arguments from call arguments and constraints.
//
// In this order: typed arguments are unified with their parameters' types; then, until nothing
// changes, core types of constraints with what is known (and methods of constraints with the
// methods of what is known); then untyped constant arguments give their default types to what is
// still unknown; last, inferred types that mention other type parameters are substituted in, cycles
// dropped.
#include "frontend/unify.h"

// "P", "P and Q", "P, Q, and R"
static const char *tparams_text(TypeList *l) {
    Buf b = {0};
    for (uint32_t i = 0; i < l->len; i++) {
        if (i) buf_puts(&b, l->len == 2 ? " and " : i + 1 == l->len ? ", and " : ", ");
        buf_puts(&b, l->data[i]->tparam.obj->name);
    }
    return buf_str(&b);
}

typedef struct Core {
    Type *type;
    bool tilde, single;
} Core;

// tp's constraint as one term: its only one as it stands, or the underlying type that all of them
// share.
static Core core_term(Type *tp) {
    Type *b = under(tp);
    if (b->kind != T_INTERFACE) return (Core){0};
    TypeSet *s = interface_typeset(b);
    if (s->all_types || s->terms.len == 0) return (Core){0};
    if (s->terms.len == 1) return (Core){s->terms.data[0].type, s->terms.data[0].tilde, true};
    bool tilde = false;
    for (vec_each(TypeSetTerm, t, &s->terms)) tilde |= t->tilde;
    return (Core){common_underlying(tp, NULL, NULL, NULL), tilde, false};
}

static bool mentions(Type *t, TypeList *tparams) {
    TypeMap m = {tparams, NULL};
    TypeList *other = typelist_new(tparams->len);
    for (uint32_t i = 0; i < tparams->len; i++) other->data[i] = BASIC(INT);
    m.to = other;
    return type_has_typeparam(t) && type_subst(t, &m) != t;
}

// Kills types of parameters that lead back to themselves (P -> *P).
static bool reaches(Unifier *u, Type *t, uint32_t goal, int depth);
static bool reaches_list(Unifier *u, TypeList *l, uint32_t goal, int depth) {
    for (uint32_t i = 0; l && i < l->len; i++)
        if (reaches(u, l->data[i], goal, depth)) return true;
    return false;
}

// Does t, with what is known of parameters in their place, lead to parameter goal?
static bool reaches(Unifier *u, Type *t, uint32_t goal, int depth) {
    t = unalias(t);
    // So deep it counts as reached: inference goes in circles.
    if (!t || depth > 60) return depth > 60;
    int i = unifier_index(u, t);
    if (i >= 0) {
        if ((uint32_t)i == goal) return true;
        Type *k = unifier_at(u, (uint32_t)i);
        return k && k != t && reaches(u, k, goal, depth + 1);
    }
    switch (t->kind) {
    case T_ARRAY: return reaches(u, t->array.elem, goal, depth + 1);
    case T_SLICE:
    case T_POINTER: return reaches(u, t->slice.elem, goal, depth + 1);
    case T_MAP:
        return reaches(u, t->map.key, goal, depth + 1) || reaches(u, t->map.elem, goal, depth + 1);
    case T_CHAN: return reaches(u, t->chan.elem, goal, depth + 1);
    case T_NAMED: return reaches_list(u, t->named.targs, goal, depth + 1);
    case T_FUNC:
        for (vec_each(Object *, o, &t->func.params))
            if (reaches(u, (*o)->type, goal, depth + 1)) return true;
        for (vec_each(Object *, o, &t->func.results))
            if (reaches(u, (*o)->type, goal, depth + 1)) return true;
        return false;
    case T_STRUCT:
        for (vec_each(Object *, o, &t->strukt.fields))
            if (reaches(u, (*o)->type, goal, depth + 1)) return true;
        return false;
    default: return false;
    }
}

// One inference under way.
typedef struct Infer {
    Unifier *u;
    TypeList *tparams;
    // Of the arguments' parameters; those that given type arguments settle are assigned to, not
    // unified.
    Type **params;
    Operand **args;
    uint32_t n; // arguments
    bool reverse;
    Vec(uint32_t) untyped; // arguments that are untyped constants for a bare type parameter
    Inference out;
} Infer;

static bool failed(Infer *f, const Operand *at, const char *err) {
    f->out = (Inference){NULL, err, at && at->expr ? expr_start(at->expr) : 0};
    return false;
}

// As types2 words it: while nothing is inferred the type parameters are named, later what the
// parameter's type has become. reverse: a function given to a variable swaps the sides.
static bool mismatch(Infer *f, const Operand *a, Type *param) {
    const char *have = type_string(a->type), *expr = a->expr ? expr_string(a->expr) : "?",
               *want = type_string(param);
    TypeList *now = typelist_new(f->tparams->len);
    bool any = false;
    for (uint32_t i = 0; i < now->len; i++) {
        now->data[i] = unifier_at(f->u, i);
        any |= now->data[i] != NULL;
    }
    if (!any)
        return failed(f, a,
                      xsprintf("type %s of %s does not match %s (cannot infer %s)", have, expr,
                               want, tparams_text(f->tparams)));
    TypeMap m = {f->tparams, now};
    Type *inferred = type_subst(param, &m);
    if (inferred == param)
        return failed(f, a, xsprintf("type %s of %s does not match %s", have, expr, want));
    const char *got = type_string(inferred);
    if (f->reverse)
        return failed(f, a,
                      xsprintf("inferred type %s for %s does not match type %s of %s", got, want,
                               have, expr));
    return failed(
        f, a,
        xsprintf("type %s of %s does not match inferred type %s for %s", have, expr, got, want));
}

static bool unifies(Type *x, Type *y, void *arg) { return x && y && unify(arg, x, y, UNIFY_EXACT); }

static Type *max_untyped(Type *x, Type *y) {
    if (x == y) return x;
    if (x->kind >= T_UNTYPED_INT && x->kind <= T_UNTYPED_COMPLEX && y->kind >= T_UNTYPED_INT &&
        y->kind <= T_UNTYPED_COMPLEX)
        return x->kind > y->kind ? x : y;
    return NULL;
}

// Arguments without type parameters on either side tell nothing, and nil has no type to tell;
// untyped constants come last (take_defaults).
static bool unify_arguments(Infer *f) {
    for (uint32_t i = 0; i < f->n; i++) {
        Operand *a = f->args[i];
        Type *p = f->params[i];
        if (!a->type || !(mentions(p, f->tparams) || mentions(a->type, f->tparams))) continue;
        if (a->mode == MODE_NILVALUE || a->type == BASIC(UNTYPED_NIL)) continue;
        if (type_is_untyped(a->type)) {
            // Only a bare parameter can take a constant's type.
            if (p->kind == T_TYPEPARAM) vec_push(&f->untyped, i);
            continue;
        }
        if (!unify(f->u, p, a->type, UNIFY_ASSIGN)) return mismatch(f, a, p);
    }
    return true;
}

// A core type is held against what is known, and is itself the answer where it is a single type
// without ~: only then does the constraint leave no choice.
static bool unify_constraint(Infer *f, uint32_t i) {
    Type *tp = f->tparams->data[i], *tx = unifier_at(f->u, i);
    const char *cause = NULL;
    Core core = core_term(tp);
    if (core.type && tx) {
        if (!unify(f->u, tx, core.type, 0)) cause = "";
    } else if (core.type && core.single && !core.tilde) {
        unifier_set(f->u, i, core.type);
    }
    // Methods of the constraint tell more about a known type.
    if (!cause && tx && !mentions(tx, f->tparams)) {
        const char *missing = "";
        if (missing_method_by(tx, under(tp), true, unifies, f->u, &missing) &&
            unalias(tx)->kind != T_INVALID)
            cause = xsprintf(" %s", missing);
    }
    if (!cause) return true;
    return failed(f, NULL,
                  xsprintf("%s (type %s) does not satisfy %s%s", tp->tparam.obj->name,
                           type_string(tx), type_string(tp->tparam.constraint), cause));
}

static bool unify_constraints(Infer *f) {
    for (;;) {
        uint32_t before = unifier_unknown(f->u);
        for (uint32_t i = 0; i < f->tparams->len; i++)
            if (!unify_constraint(f, i)) return false;
        if (unifier_unknown(f->u) == before) return true;
    }
}

// Untyped constants: the largest kind of all arguments of a parameter.
static bool take_defaults(Infer *f) {
    Type **max = NEW_ARRAY(Type *, f->tparams->len);
    for (vec_each(uint32_t, k, &f->untyped)) {
        const Operand *a = f->args[*k];
        int t = unifier_index(f->u, f->params[*k]);
        if (t < 0 || unifier_at(f->u, (uint32_t)t)) continue;
        Type *at = unalias(a->type), *m = max[t] ? max_untyped(max[t], at) : at;
        if (!m)
            return failed(f, a,
                          xsprintf("mismatched types %s and %s (cannot infer %s)",
                                   type_string(max[t]), type_string(at),
                                   f->tparams->data[t]->tparam.obj->name));
        max[t] = m;
    }
    for (uint32_t i = 0; i < f->tparams->len; i++)
        if (max[i]) unifier_set(f->u, i, default_type(max[i]));
    return true;
}

// A generic argument's type parameters are gone once they are all replaced.
static Type *without_tparams(Type *t, TypeList *tparams) {
    if (t->kind != T_FUNC || !t->func.tparams || mentions(t, tparams)) return t;
    Type *plain = type_new(T_FUNC);
    plain->func = t->func;
    plain->func.tparams = NULL;
    return plain;
}

// What was inferred, substituted until no type mentions our parameters.
static bool settle(Infer *f) {
    uint32_t n = f->tparams->len;
    TypeList *out = typelist_new(n);
    for (uint32_t i = 0; i < n; i++) {
        Type *t = unifier_at(f->u, i);
        if (t && unifier_index(f->u, t) != (int)i && !reaches(f->u, t, i, 0)) out->data[i] = t;
    }
    TypeMap m = {f->tparams, out};
    bool changed = true;
    for (uint32_t round = 0; changed && round <= n; round++) {
        changed = false;
        for (uint32_t i = 0; i < n; i++) {
            if (!out->data[i] || !mentions(out->data[i], f->tparams)) continue;
            Type *t = type_subst(out->data[i], &m);
            if (t == out->data[i]) continue;
            out->data[i] = without_tparams(t, f->tparams);
            changed = true;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (out->data[i] && !mentions(out->data[i], f->tparams)) continue;
        Object *o = f->tparams->data[i]->tparam.obj;
        return failed(f, NULL,
                      xsprintf("cannot infer %s (declared at %s)", o->name, pos_string(o->pos)));
    }
    f->out.targs = out;
    return true;
}

Inference check_infer(Checker *c, TypeList *tparams, TypeList *targs, Object **params,
                      uint32_t nparams, Operand **args, uint32_t nargs, bool reverse) {
    bool all = true;
    for (uint32_t i = 0; i < tparams->len; i++) all &= targs->data[i] != NULL;
    if (all) return (Inference){.targs = targs};
    for (uint32_t i = 0; i < nargs; i++)
        if (args[i]->mode == MODE_INVALID) return (Inference){0}; // reported already
    Infer f = {unifier_new(tparams, targs),       tparams, NEW_ARRAY(Type *, nparams + 1), args,
               nargs < nparams ? nargs : nparams, reverse};
    f.u->interfaces = check_allows(c, 21);
    TypeMap given = {tparams, targs};
    for (uint32_t i = 0; i < nparams; i++) f.params[i] = type_subst(params[i]->type, &given);
    if (unify_arguments(&f) && unify_constraints(&f) && take_defaults(&f)) settle(&f);
    return f.out;
}
