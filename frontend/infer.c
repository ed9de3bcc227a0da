// infer: type arguments from call arguments and constraints.
//
// In this order: typed arguments are unified with their parameters' types; then, until nothing changes, core types of constraints with what is known (and
// methods of constraints with the methods of what is known); then untyped constant arguments give their default types to what is still unknown; last,
// inferred types that mention other type parameters are substituted in, cycles dropped.
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

// tp's constraint as one term: its only one as it stands, or the underlying type that all of them share.
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
static bool reaches(Unifier *u, Type *t, uint32_t goal, int depth) {
    t = unalias(t);
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
    case T_MAP: return reaches(u, t->map.key, goal, depth + 1) || reaches(u, t->map.elem, goal, depth + 1);
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

static void mismatch(Checker *c, Operand *a, Type *param, TypeList *tparams, Unifier *u, bool reverse, const char **err) {
    c->infer_pos = a->expr ? expr_start(a->expr) : 0;
    const char *have = type_string(a->type), *expr = a->expr ? expr_string(a->expr) : "?", *want = type_string(param);
    TypeList *now = typelist_new(tparams->len);
    bool any = false;
    for (uint32_t i = 0; i < tparams->len; i++) {
        now->data[i] = unifier_at(u, i);
        any |= now->data[i] != NULL;
    }
    if (!any) {
        *err = xsprintf("type %s of %s does not match %s (cannot infer %s)", have, expr, want, tparams_text(tparams));
        return;
    }
    TypeMap m = {tparams, now};
    Type *inferred = type_subst(param, &m);
    if (inferred == param)
        *err = xsprintf("type %s of %s does not match %s", have, expr, want);
    else if (reverse)
        *err = xsprintf("inferred type %s for %s does not match type %s of %s", type_string(inferred), want, have, expr);
    else
        *err = xsprintf("type %s of %s does not match inferred type %s for %s", have, expr, type_string(inferred), want);
}

static bool unifies(Type *x, Type *y, void *arg) { return x && y && unify(arg, x, y, UNIFY_EXACT); }

static Type *max_untyped(Type *x, Type *y) {
    if (x == y) return x;
    if (x->kind >= T_UNTYPED_INT && x->kind <= T_UNTYPED_COMPLEX && y->kind >= T_UNTYPED_INT && y->kind <= T_UNTYPED_COMPLEX)
        return x->kind > y->kind ? x : y;
    return NULL;
}

TypeList *check_infer(Checker *c, TypeList *tparams, TypeList *targs, Object **params, uint32_t nparams, Operand **args,
                      uint32_t nargs, bool reverse, const char **err) {
    *err = NULL;
    uint32_t n = tparams->len;
    bool all = true;
    for (uint32_t i = 0; i < n; i++) all &= targs->data[i] != NULL;
    if (all) return targs;
    for (uint32_t i = 0; i < nargs; i++)
        if (args[i]->mode == MODE_INVALID) return NULL; // reported already
    Unifier *u = unifier_new(tparams, targs);
    u->interfaces = check_allows(c, 21);
    // Parameters that given arguments settle are no longer inferred from their arguments: those are assigned, not unified.
    TypeMap given = {tparams, targs};
    Object **known_params = NEW_ARRAY(Object *, nparams + 1);
    for (uint32_t i = 0; i < nparams; i++) {
        known_params[i] = params[i];
        Type *t = type_subst(params[i]->type, &given);
        if (t == params[i]->type) continue;
        known_params[i] = NEW(Object);
        *known_params[i] = *params[i];
        known_params[i]->type = t;
    }
    Vec(uint32_t) untyped = {0};
    for (uint32_t i = 0; i < nargs && i < nparams; i++) {
        Operand *a = args[i];
        Type *p = known_params[i]->type;
        if (!a->type || !(mentions(p, tparams) || mentions(a->type, tparams))) continue;
        if (a->mode == MODE_NILVALUE || a->type == BASIC(UNTYPED_NIL)) continue;
        if (type_is_untyped(a->type)) {
            if (p->kind == T_TYPEPARAM) vec_push(&untyped, i); // only a bare parameter can take a constant's type
            continue;
        }
        if (!unify(u, p, a->type, UNIFY_ASSIGN)) {
            mismatch(c, a, p, tparams, u, reverse, err);
            return NULL;
        }
    }
    // Constraints.
    for (;;) {
        uint32_t before = unifier_unknown(u);
        for (uint32_t i = 0; i < n; i++) {
            Type *tp = tparams->data[i], *tx = unifier_at(u, i);
            Core core = core_term(tp);
            if (core.type && tx) {
                if (!unify(u, tx, core.type, 0)) {
                    *err = xsprintf("%s (type %s) does not satisfy %s", tp->tparam.obj->name, type_string(tx),
                                    type_string(tp->tparam.constraint));
                    return NULL;
                }
            } else if (core.type && core.single && !core.tilde) {
                unifier_set(u, i, core.type);
            }
            // Methods of the constraint tell more about a known type.
            if (tx && !mentions(tx, tparams)) {
                const char *cause = "";
                if (missing_method_by(tx, under(tp), true, unifies, u, &cause) && unalias(tx)->kind != T_INVALID) {
                    *err = xsprintf("%s (type %s) does not satisfy %s %s", tp->tparam.obj->name, type_string(tx),
                                    type_string(tp->tparam.constraint), cause);
                    return NULL;
                }
            }
        }
        if (unifier_unknown(u) == before) break;
    }
    // Untyped constants: the largest kind of all arguments of a parameter.
    if (untyped.len) {
        Type **max = NEW_ARRAY(Type *, n);
        for (vec_each(uint32_t, k, &untyped)) {
            Operand *a = args[*k];
            int t = unifier_index(u, known_params[*k]->type);
            if (t < 0 || unifier_at(u, (uint32_t)t)) continue;
            Type *at = unalias(a->type);
            if (!max[t])
                max[t] = at;
            else {
                Type *m = max_untyped(max[t], at);
                if (!m) {
                    c->infer_pos = a->expr ? expr_start(a->expr) : 0;
                    *err = xsprintf("mismatched types %s and %s (cannot infer %s)", type_string(max[t]), type_string(at),
                                    tparams->data[t]->tparam.obj->name);
                    return NULL;
                }
                max[t] = m;
            }
        }
        for (uint32_t i = 0; i < n; i++)
            if (max[i]) unifier_set(u, i, default_type(max[i]));
    }
    // Substitute until no inferred type mentions our parameters.
    TypeList *out = typelist_new(n);
    for (uint32_t i = 0; i < n; i++) {
        out->data[i] = unifier_at(u, i);
        if (out->data[i] && unifier_index(u, out->data[i]) != (int)i && reaches(u, out->data[i], i, 0)) out->data[i] = NULL;
        if (out->data[i] && unifier_index(u, out->data[i]) == (int)i) out->data[i] = NULL;
    }
    for (uint32_t round = 0; round <= n; round++) {
        bool changed = false;
        TypeMap m = {tparams, out};
        for (uint32_t i = 0; i < n; i++) {
            if (!out->data[i] || !mentions(out->data[i], tparams)) continue;
            Type *t = type_subst(out->data[i], &m);
            if (t != out->data[i]) {
                // A generic argument's type parameters are gone once they are all replaced.
                if (t->kind == T_FUNC && t->func.tparams && !mentions(t, tparams)) {
                    Type *plain = type_new(T_FUNC);
                    plain->func = t->func;
                    plain->func.tparams = NULL;
                    t = plain;
                }
                out->data[i] = t;
                changed = true;
            }
        }
        if (!changed) break;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (out->data[i] && !mentions(out->data[i], tparams)) continue;
        Object *o = tparams->data[i]->tparam.obj;
        c->infer_pos = 0;
        *err = xsprintf("cannot infer %s (declared at %s)", o->name, pos_string(o->pos));
        return NULL;
    }
    return out;
}
