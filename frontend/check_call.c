// check_call: calls and selectors. Calls of generic functions gather what type arguments are given,
// infer the rest from the arguments (which may be generic functions themselves) and record the
// instance on the expression that denotes the function. Constraints are verified later, when types
// are complete.
#include "frontend/check_impl.h"

// ---- Instantiation ----

typedef struct Verify {
    Pos pos;
    TypeList *tparams, *targs;
    Expr **xlist;
    uint32_t nx;
} Verify;

static void verify_instance(Checker *c, void *arg) {
    Verify *v = arg;
    const char *cause = NULL;
    int i = types_verify(v->tparams, v->targs, &cause);
    if (i >= 0)
        check_soft_error(c, (uint32_t)i < v->nx ? expr_start(v->xlist[i]) : v->pos, "%s",
                         cause ? cause : "type argument does not satisfy its constraint");
    else
        check_mono_instance(c, v->pos, v->tparams, v->targs, v->xlist, v->nx);
}

// Whether type arguments satisfy their constraints is asked when the types are complete.
void check_instance_later(Checker *c, Pos pos, TypeList *tparams, TypeList *targs, Expr **xlist,
                          uint32_t nx) {
    Verify *v = NEW(Verify);
    *v = (Verify){pos, tparams, targs, xlist, nx};
    check_later(c, verify_instance, v);
}

static Type *instantiate_signature(Checker *c, Pos pos, Expr *e, Type *sig, TypeList *targs,
                                   Expr **xlist, uint32_t nx) {
    Type *inst = type_instantiate(sig, targs);
    if (e) {
        unparen(e)->inst = targs;
        check_type_arguments_in_heap(c, e, targs);
    }
    check_instance_later(c, pos, sig->func.tparams, targs, xlist, nx);
    return inst;
}

// Fresh type parameters for tparams, so that a recursive call's arguments are not mistaken for its
// own parameters.
static TypeList *rename_tparams(TypeList *tparams, TypeMap *m) {
    static uint32_t next_id = 1u << 30; // above those of declared type parameters
    TypeList *fresh = typelist_new(tparams->len);
    for (uint32_t i = 0; i < tparams->len; i++) {
        Type *old = tparams->data[i], *t = type_new(T_TYPEPARAM);
        t->tparam = old->tparam;
        t->tparam.id = next_id++;
        fresh->data[i] = t;
    }
    *m = (TypeMap){tparams, fresh};
    for (uint32_t i = 0; i < tparams->len; i++)
        fresh->data[i]->tparam.constraint = type_subst(tparams->data[i]->tparam.constraint, m);
    return fresh;
}

static Object **subst_params(Object **params, uint32_t n, const TypeMap *m) {
    Object **out = NEW_ARRAY(Object *, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        Type *t = type_subst(params[i]->type, m);
        out[i] = params[i];
        if (t == params[i]->type) continue;
        out[i] = NEW(Object);
        *out[i] = *params[i];
        out[i]->type = t;
    }
    return out;
}

static TypeList *padded(TypeList *l, uint32_t n) {
    TypeList *out = typelist_new(n);
    for (uint32_t i = 0; i < n && l && i < l->len; i++) out->data[i] = l->data[i];
    return out;
}

static TypeList *part(TypeList *l, uint32_t from, uint32_t to) {
    TypeList *out = typelist_new(to - from);
    for (uint32_t i = from; i < to; i++) out->data[i - from] = l->data[i];
    return out;
}

// A signature like sig, but not generic.
static Type *plain_signature(Type *sig) {
    Type *t = type_new(T_FUNC);
    t->func = sig->func;
    t->func.recv = NULL;
    t->func.tparams = t->func.recv_tparams = NULL;
    return t;
}

// x is a generic function; its type arguments come from inst's indices and what T, the variable it
// is given to, implies. With infer, x becomes the instance; without, the arguments known so far are
// returned when they are not enough.
TypeList *func_inst(Checker *c, const Target *T, Pos pos, Operand *x, Expr *inst, bool infer) {
    if (inst) {
        pos = inst->pos;
        x->expr = inst;
    }
    bool version_ok = check_verify_version(c, pos, 18, "function instantiation");
    Expr **xlist = inst ? inst->index.index.data : NULL;
    uint32_t got = inst ? inst->index.index.len : 0;
    TypeList *targs = NULL;
    if (inst) {
        targs = check_type_list(c, xlist, got);
        if (!targs) {
            invalidate(x);
            return NULL;
        }
    }
    Type *sig = under(x->type);
    uint32_t want = tparam_count(sig);
    if (got > want) {
        check_error(c, expr_start(xlist[got - 1]), "got %u type arguments but want %u", got, want);
        invalidate(x);
        return NULL;
    }
    if (got < want) {
        if (!infer) return targs;
        // Assigning x to T is like calling g(T's value) of an imaginary func g[x's type
        // parameters](x's signature).
        Object *param = NULL, **params = NULL;
        Operand arg = {.mode = MODE_VALUE}, *args[1] = {&arg};
        TypeMap m;
        TypeList *tparams = rename_tparams(sig->func.tparams, &m);
        if (T) {
            if (version_ok && !check_allows(c, 21))
                check_verify_version(c, pos, 21, "%s instantiated function in assignment",
                                     inst ? "partially" : "implicitly");
            param = object_new(O_VAR, x->expr->pos, c->pkg, intern_c(""), plain_signature(sig));
            params = subst_params(&param, 1, &m);
            Expr *name = NEW(Expr);
            name->kind = E_NAME;
            name->implicit = true;
            name->pos = name->end = x->expr->pos;
            name->name.name = intern_c(T->desc);
            arg.type = T->sig;
            arg.expr = name;
        }
        Inference inferred =
            check_infer(c, tparams, padded(targs, want), params, T != NULL, args, T != NULL, true);
        targs = inferred.targs;
        if (!targs) {
            if (inferred.err) check_error(c, inferred.pos ? inferred.pos : pos, "%s", inferred.err);
            invalidate(x);
            return NULL;
        }
    }
    x->type = instantiate_signature(c, x->expr->pos, x->expr, sig, targs, xlist,
                                    inst ? inst->index.index.len : 0);
    x->mode = MODE_VALUE;
    return NULL;
}

// ---- Arguments ----

// As types2's typesSummary: untyped numbers are "number", since which kind they are is not what is
// wrong.
static const char *types_summary(Type **types, uint32_t n, bool variadic, bool dots) {
    Buf b = {0};
    buf_putc(&b, '(');
    for (uint32_t i = 0; i < n; i++) {
        Type *t = types[i];
        if (i) buf_puts(&b, ", ");
        const char *s;
        if (!t || is_invalid(t))
            s = "unknown type";
        else if (type_is_untyped(t))
            s = type_is_numeric(t) ? "number" : type_string(t) + strlen("untyped ");
        else
            s = type_string(t);
        if (i + 1 == n && variadic)
            buf_printf(&b, "...%s", type_string(t->kind == T_SLICE ? t->slice.elem : t));
        else
            buf_printf(&b, "%s%s", s, i + 1 == n && dots ? "..." : "");
    }
    buf_putc(&b, ')');
    return buf_str(&b);
}

// gc points at the first argument too many or behind the last of too few, and lists the types on
// both sides.
static void count_error(Checker *c, Expr *call, Type *sig, OperandPtrs *args, uint32_t want) {
    Pos at = expr_start(call);
    bool many = args->len > want;
    if (many)
        at = operand_pos(args->data[want]);
    else if (args->len)
        at = operand_pos(args->data[args->len - 1]);
    Type **have = NEW_ARRAY(Type *, args->len + 1),
         **params = NEW_ARRAY(Type *, sig->func.params.len + 1);
    for (uint32_t i = 0; i < args->len; i++) have[i] = args->data[i]->type;
    for (uint32_t i = 0; i < sig->func.params.len; i++) params[i] = sig->func.params.data[i]->type;
    ErrorLines e = {0};
    check_error_line(&e, at, "%s arguments in call to %s", many ? "too many" : "not enough",
                     expr_string(call->call.fun));
    check_error_line(&e, 0, "have %s", types_summary(have, args->len, false, call->call.dots));
    check_error_line(&e, 0, "want %s",
                     types_summary(params, sig->func.params.len, sig->func.variadic, false));
    check_error_report(c, &e);
}

// Assigns a to a parameter of type T. What the argument is for is only spelt out when it can't be.
static void pass_argument(Checker *c, Operand *a, Type *T, Expr *call) {
    if (!operand_ok(a)) return;
    if (a->type == T && a->mode >= MODE_CONST && a->mode <= MODE_COMMAERR && type_is_typed(T) &&
        T->kind != T_FUNC)
        return;
    bool ok = a->type && a->type->kind != T_TUPLE && a->mode >= MODE_CONST &&
              !(a->type->kind == T_FUNC && tparam_count(a->type));
    if (ok && type_is_untyped(a->type) && !operand_is_nil(a)) {
        Const *val;
        ConvError err;
        ok = implicit_type(c, a, type_is_plain_interface(T) ? default_type(a->type) : T, &val,
                           &err) &&
             !err;
    }
    ok = ok && operand_assignable_to(c, a, T, NULL);
    if (ok && type_is_typed(a->type)) return;
    check_assignment(c, a, T,
                     ok ? "argument" : xsprintf("argument to %s", expr_string(call->call.fun)));
}

// What the arguments of a call are given to: sig's parameters, with one for each argument that a
// variadic one takes (spread: then they are not sig's own).
typedef struct Parameters {
    Object **data;
    uint32_t len;
    bool spread;
} Parameters;

// False after an error: as many arguments as parameters, and "..." where it may stand.
static bool match_parameters(Checker *c, Expr *call, Type *sig, OperandPtrs *args, Parameters *p) {
    uint32_t nargs = args->len;
    bool dots = call->call.dots;
    *p = (Parameters){sig->func.params.data, sig->func.params.len, false};
    if (sig->func.variadic && dots) {
        if (call->call.args.len == 1 && nargs > 1) { // f(g()...)
            check_error(c, expr_start(call), "cannot use ... with %u-valued %s", nargs,
                        expr_string(call->call.args.data[0]));
            return false;
        }
    } else if (sig->func.variadic && nargs + 1 >= p->len) {
        Object *last = p->data[p->len - 1];
        Type *ls = last->type;
        Object *each = object_new(O_VAR, last->pos, last->pkg, last->name,
                                  ls->kind == T_SLICE ? ls->slice.elem : ls);
        Object **vars = NEW_ARRAY(Object *, nargs + 1);
        for (uint32_t i = 0; i < nargs; i++) vars[i] = i + 1 < p->len ? p->data[i] : each;
        *p = (Parameters){vars, nargs, true};
    } else if (sig->func.variadic) {
        p->len--; // so many are missing, the variadic one apart
    } else if (dots) {
        check_error(c, expr_start(call), "cannot use ... in call to non-variadic %s",
                    expr_string(call->call.fun));
        return false;
    }
    if (nargs == p->len) return true;
    count_error(c, call, sig, args, p->len);
    return false;
}

// The type parameters that a call leaves to inference, under fresh names, so that those of a
// function that calls itself are not taken for each other: the called function's come first, then
// those of each generic argument. known: their arguments as far as they are written.
typedef struct Unknowns {
    Vec(Type *) tparams, known;
} Unknowns;

static void add_unknowns(Unknowns *u, const TypeList *fresh, const TypeList *given) {
    for (uint32_t i = 0; i < fresh->len; i++) {
        vec_push(&u->tparams, fresh->data[i]);
        vec_push(&u->known, given && i < given->len ? given->data[i] : NULL);
    }
}

static bool is_generic_operand(const Operand *a) {
    return operand_ok(a) && a->type && a->type->kind == T_FUNC && tparam_count(a->type) != 0;
}

// A generic function as an argument gets fresh type parameters, which are inferred together with
// the called function's.
static void add_generic_arguments(Checker *c, OperandPtrs *args, TypeList **atargs, Unknowns *u) {
    const Operand *first = NULL;
    for (uint32_t i = 0; i < args->len; i++) {
        Operand *a = args->data[i];
        if (!is_generic_operand(a)) continue;
        TypeMap m;
        TypeList *fresh = rename_tparams(a->type->func.tparams, &m);
        Type *plain = type_subst(plain_signature(a->type), &m), *t = type_new(T_FUNC);
        t->func = plain->func;
        t->func.tparams = fresh;
        a->type = t;
        add_unknowns(u, fresh, atargs ? atargs[i] : NULL);
        if (!first) first = a;
    }
    if (first)
        check_verify_version(c, operand_pos(first), 21,
                             "implicitly instantiated function as argument");
}

// Checks args against sig's parameters; generic functions among them (atargs: their partial type
// arguments) and sig are instantiated. Returns the signature as instantiated, or sig after an
// error.
Type *check_arguments(Checker *c, Expr *call, Type *sig, TypeList *targs, Expr **xlist, uint32_t nx,
                      OperandPtrs *args, TypeList **atargs) {
    Parameters params;
    if (!match_parameters(c, call, sig, args, &params)) return sig;
    uint32_t n = tparam_count(sig);
    Unknowns u = {0};
    if (n) {
        if (!check_allows(c, 18))
            check_verify_version(c, expr_start(call), 18, "%s",
                                 call->call.fun->kind == E_INDEX
                                     ? "function instantiation"
                                     : "implicit function instantiation");
        TypeMap m;
        TypeList *fresh = rename_tparams(sig->func.tparams, &m);
        params.data = subst_params(params.data, params.len, &m);
        add_unknowns(&u, fresh, targs);
    }
    add_generic_arguments(c, args, atargs, &u);
    Type *result = sig;
    if (u.tparams.len) {
        TypeList tps = {u.tparams.len, u.tparams.data}, *all = typelist_new(u.tparams.len);
        memcpy(all->data, u.known.data, u.tparams.len * sizeof(Type *));
        TypeList *tplist = part(&tps, 0, tps.len);
        Inference inferred =
            check_infer(c, tplist, all, params.data, params.len, args->data, args->len, false);
        all = inferred.targs;
        if (!all) {
            if (inferred.err)
                check_error(c, inferred.pos ? inferred.pos : call->pos, "in call to %s, %s",
                            expr_string(call->call.fun), inferred.err);
            return sig;
        }
        if (n) {
            TypeList *own = part(all, 0, n);
            result = instantiate_signature(c, call->pos, call->call.fun, sig, own, xlist, nx);
            TypeMap m = {part(tplist, 0, n), own};
            params.data = params.spread ? subst_params(params.data, params.len, &m)
                                        : result->func.params.data;
        }
        uint32_t j = n;
        for (uint32_t i = 0; i < args->len; i++) {
            Operand *a = args->data[i];
            if (!is_generic_operand(a)) continue;
            uint32_t k = j + tparam_count(a->type);
            a->type =
                instantiate_signature(c, call->pos, a->expr, a->type, part(all, j, k), NULL, 0);
            check_record(c, a);
            j = k;
        }
    }
    for (uint32_t i = 0; i < args->len; i++)
        pass_argument(c, args->data[i], params.data[i]->type, call);
    return result;
}

// ---- Lists of expressions ----

static Expr *result_name(Expr *e, const char *what) {
    Expr *n = NEW(Expr);
    n->kind = E_NAME;
    n->implicit = true;
    n->pos = n->end = expr_start(e);
    n->name.name = intern_c(what);
    return n;
}

static const char *nth(uint32_t n) { return n == 1 ? "st" : n == 2 ? "nd" : n == 3 ? "rd" : "th"; }

// One expression may give several values: a call all its results, a comma-ok form two.
void check_expr_list(Checker *c, Expr *list, OperandVec *out, bool allow_comma_ok,
                     bool allow_generic) {
    uint32_t n;
    Expr **exprs = check_unpack(list, &n);
    if (n != 1) {
        for (uint32_t i = 0; i < n; i++) {
            Operand x = {.mode = MODE_INVALID};
            if (allow_generic)
                check_generic_expr(c, &x, exprs[i]);
            else
                check_expr(c, &x, exprs[i]);
            vec_push(out, x);
        }
        return;
    }
    Expr *e = exprs[0];
    Operand x = {.mode = MODE_INVALID};
    raw_expr(c, NULL, &x, e, NULL, allow_generic);
    check_exclude(c, &x, ONLY_VALUES);
    if (operand_ok(&x) && x.type->kind == T_TUPLE) {
        for (uint32_t i = 0; i < x.type->tuple.vars.len; i++) {
            Operand r = {.mode = MODE_VALUE, .type = x.type->tuple.vars.data[i]->type};
            r.expr = result_name(e, xsprintf("%u%s function result", i + 1, nth(i + 1)));
            vec_push(out, r);
        }
        return;
    }
    vec_push(out, x);
    if (!allow_comma_ok ||
        (x.mode != MODE_MAPINDEX && x.mode != MODE_COMMAOK && x.mode != MODE_COMMAERR))
        return;
    Operand ok = {.mode = MODE_VALUE, .type = BASIC(UNTYPED_BOOL)};
    if (x.mode == MODE_COMMAERR) {
        ok.type = type_error;
        ok.expr = result_name(e, "err value of (comma, err) expression");
    } else {
        ok.expr = result_name(e, "ok value of (comma, ok) expression");
    }
    vec_push(out, ok);
}

static Operand *new_operand(Operand x) {
    Operand *p = NEW(Operand);
    *p = x;
    return p;
}

// A call's arguments; generic functions may stay uninstantiated, atargs[i] holding the type
// arguments of a partial instantiation.
static void argument_list(Checker *c, ExprVec *exprs, OperandPtrs *out, TypeList ***atargs) {
    // Functions as arguments used to need all their type arguments.
    bool infer = !check_allows(c, 21);
    uint32_t n = exprs->len;
    *atargs = NULL;
    vec_reserve(out, n);
    for (uint32_t i = 0; i < n; i++) {
        Expr *e = exprs->data[i];
        Operand *x = new_operand((Operand){.mode = MODE_INVALID, .type = BASIC(INVALID)});
        if (e->kind == E_INDEX) {
            // raw_expr would instantiate at once.
            bool generic = check_index_expr(c, x, e);
            if (generic) {
                TypeList *given = func_inst(c, NULL, e->pos, x, e, infer);
                if (given) {
                    if (!*atargs) *atargs = NEW_ARRAY(TypeList *, n);
                    (*atargs)[i] = given;
                    x->expr = e;
                } else {
                    check_record(c, x);
                }
            } else {
                x->expr = e;
                check_record(c, x);
                check_exclude(c, x, ONLY_VALUES);
                check_single_value(c, x);
            }
        } else if (n == 1) {
            raw_expr(c, NULL, x, e, NULL, true);
            check_exclude(c, x, ONLY_VALUES);
            if (operand_ok(x) && x->type->kind == T_TUPLE) {
                for (vec_each(Object *, v, &x->type->tuple.vars))
                    vec_push(out, new_operand((Operand){
                                      .mode = MODE_VALUE, .type = (*v)->type, .expr = e}));
                return;
            }
        } else {
            check_generic_expr(c, x, e);
        }
        vec_push(out, x);
    }
}

// ---- Calls ----

static const char *callable(Type *t, Type *u, void *arg) {
    (void)arg;
    return u && u->kind != T_FUNC ? xsprintf("%s is not a function", type_string(t)) : NULL;
}

static void use_arguments(Checker *c, Expr *call) {
    for (vec_each(Expr *, a, &call->call.args)) check_use(c, *a);
}

static CallKind failed_call(Operand *x, Expr *call) {
    invalidate(x);
    x->expr = call;
    return CALL_STATEMENT;
}

// T(x): one argument, with T as target so that a generic function can become a T.
static void conversion_call(Checker *c, Operand *x, Expr *call, Type *T) {
    ExprVec *args = &call->call.args;
    if (args->len == 0) {
        check_error(c, expr_start(call), "missing argument in conversion to %s", type_string(T));
        return;
    }
    if (args->len > 1) {
        use_arguments(c, call);
        check_error(c, expr_start(vec_last(args)), "too many arguments in conversion to %s",
                    type_string(T));
        return;
    }
    Target target;
    bool has = make_target(T, "conversion", &target);
    expr_with_target(c, has ? &target : NULL, x, args->data[0]);
    if (!operand_ok(x)) return;
    if (type_is_plain_interface(T)) {
        TypeSet *s = interface_typeset(under(T));
        if (s->comparable || !s->all_types) {
            check_error(c, expr_start(call),
                        "cannot use interface %s in conversion (contains specific type constraints "
                        "or is comparable)",
                        type_string(T));
            invalidate(x);
            return;
        }
    }
    if (call->call.dots) {
        check_error(c, expr_start(args->data[0]), "invalid use of ... in conversion to %s",
                    type_string(T));
        invalidate(x);
        return;
    }
    check_conversion(c, x, T);
}

// May a call of it stand alone as a statement?
static CallKind builtin_kind(BuiltinId id) {
    switch (id) {
    case BUILTIN_CLEAR:
    case BUILTIN_CLOSE:
    case BUILTIN_COPY:
    case BUILTIN_DELETE:
    case BUILTIN_PANIC:
    case BUILTIN_PRINT:
    case BUILTIN_PRINTLN:
    case BUILTIN_RECOVER:
    case BUILTIN_ASSERT:
    case BUILTIN_TRACE: return CALL_STATEMENT;
    default: return CALL_EXPRESSION;
    }
}

static bool mentions(Type *t, TypeList *tparams) { // only asked after failed inference
    return type_has_typeparam(t) && tparams != NULL;
}

// The explicit type arguments of a call f[T](…); list is empty where all were given, and sig is
// instantiated.
typedef struct Explicit {
    TypeList *targs;
    Expr **list;
    uint32_t n;
} Explicit;

// False after an error: the arguments are none, or too many.
static bool explicit_arguments(Checker *c, Expr *inst, Type **sig, Explicit *e) {
    *e = (Explicit){NULL, inst->index.index.data, inst->index.index.len};
    e->targs = check_type_list(c, e->list, e->n);
    if (!e->targs) return false;
    uint32_t want = tparam_count(*sig);
    if (e->n > want) {
        check_error(c, expr_start(e->list[want]), "got %u type arguments but want %u", e->n, want);
        return false;
    }
    if (e->n == want && want) {
        check_verify_version(c, expr_start(inst), 18, "function instantiation");
        *sig = instantiate_signature(c, inst->pos, inst, *sig, e->targs, e->list, e->n);
        *e = (Explicit){0};
    }
    return true;
}

// x calls a function of type sig, which is as far instantiated as it could be: x becomes its
// results.
static CallKind finish_call(Checker *c, Operand *x, Expr *call, Type *sig) {
    bool cgo = x->mode == MODE_CGOFUNC;
    x->val = NULL;
    switch (sig->func.results.len) {
    case 0: x->mode = MODE_NOVALUE; break;
    case 1: {
        Type *t = sig->func.results.data[0]->type;
        if (!check_is_complete(c, t)) return failed_call(x, call);
        x->mode = cgo ? MODE_COMMAERR : MODE_VALUE;
        x->type = t;
        break;
    }
    default:
        x->mode = MODE_VALUE;
        x->type = type_tuple(sig->func.results.data, sig->func.results.len);
        break;
    }
    x->expr = call;
    c->env.has_call_or_recv = true;
    // Nothing can be done with a result whose type arguments are unknown.
    if (x->mode == MODE_VALUE && tparam_count(sig) && mentions(x->type, sig->func.tparams))
        invalidate(x);
    return CALL_STATEMENT;
}

// What stands before the parentheses decides: a type converts, a built-in function has rules of its
// own, all else must be of a function type.
CallKind check_call(Checker *c, Operand *x, Expr *call) {
    Expr *fun = call->call.fun, *inst = NULL;
    if (fun->kind == E_INDEX) {
        if (check_index_expr(c, x, fun)) inst = fun;
        x->expr = fun;
        check_record(c, x);
    } else {
        check_expr_or_type(c, x, fun, true);
    }
    switch (x->mode) {
    case MODE_INVALID: use_arguments(c, call); return failed_call(x, call);
    case MODE_TYPE: {
        non_generic(c, NULL, x);
        Type *T = x->type;
        if (operand_ok(x)) {
            invalidate(x);
            if (check_is_complete(c, T)) conversion_call(c, x, call, T);
        }
        x->expr = call;
        return CALL_CONVERSION;
    }
    case MODE_BUILTIN: {
        BuiltinId id = x->id;
        if (!check_builtin(c, x, call, id)) invalidate(x);
        x->expr = call;
        if (operand_ok(x) && x->mode != MODE_CONST) c->env.has_call_or_recv = true;
        return builtin_kind(id);
    }
    default: break;
    }
    const char *cause = "";
    Type *sig =
        x->type->kind == T_FUNC ? x->type : common_underlying(x->type, callable, NULL, &cause);
    if (!sig || sig->kind != T_FUNC) {
        check_error(c, operand_pos(x), "invalid operation: cannot call %s: %s", operand_string(x),
                    cause);
        return failed_call(x, call);
    }
    bool generic = tparam_count(sig) > 0;
    Explicit given = {0};
    if (inst && !explicit_arguments(c, inst, &sig, &given)) {
        use_arguments(c, call);
        return failed_call(x, call);
    }
    OperandPtrs args = {0};
    TypeList **atargs;
    argument_list(c, &call->call.args, &args, &atargs);
    sig = check_arguments(c, call, sig, given.targs, given.list, given.n, &args, atargs);
    if (generic && tparam_count(sig) == 0) record_value(fun, MODE_VALUE, sig, NULL);
    return finish_call(c, x, call, sig);
}

// ---- Selectors ----

static bool equal_fold(const char *a, const char *b) {
    for (; *a && *b; a++, b++) {
        char s = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a,
             t = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;
        if (s != t) return false;
    }
    return *a == *b;
}

static const char *tail(const char *s) { // without its first character
    if (!*s) return s;
    s++;
    while ((*s & 0xc0) == 0x80) s++;
    return s;
}

// Why t has no sel, given what is there under a similar name.
const char *lookup_error(Checker *c, Type *t, Name sel, Object *alt, bool struct_lit) {
    enum { MISSING, MISSPELLED, UNEXPORTED, INACCESSIBLE } e = MISSING;
    Name name = alt ? alt->name : NULL;
    if (alt) {
        bool same_tail = strcmp(tail(sel), tail(name)) == 0, exported = name_is_exported(name);
        if (alt->pkg == c->pkg)
            e = MISSPELLED;
        else if (name_is_exported(sel))
            e = exported ? MISSPELLED : same_tail ? UNEXPORTED : MISSING;
        else if (exported)
            e = same_tail ? MISSPELLED : MISSING;
        else if (sel == name)
            e = INACCESSIBLE;
    }
    const char *ts = type_string(t), *what = alt && alt->kind == O_FUNC ? "method" : "field";
    if (struct_lit) switch (e) {
        case MISSING: return xsprintf("unknown field %s in struct literal of type %s", sel, ts);
        case MISSPELLED:
            return xsprintf("unknown field %s in struct literal of type %s, but does have %s", sel,
                            ts, name);
        case UNEXPORTED:
            return xsprintf(
                "unknown field %s in struct literal of type %s, but does have unexported %s", sel,
                ts, name);
        case INACCESSIBLE:
            return xsprintf("cannot refer to unexported field %s in struct literal of type %s",
                            name, ts);
        }
    switch (e) {
    case MISSING: break;
    case MISSPELLED:
        return xsprintf("type %s has no field or method %s, but does have %s %s", ts, sel, what,
                        name);
    case UNEXPORTED:
        return xsprintf("type %s has no field or method %s, but does have unexported %s %s", ts,
                        sel, what, name);
    case INACCESSIBLE: return xsprintf("cannot refer to unexported %s %s", what, name);
    }
    return xsprintf("type %s has no field or method %s", ts, sel);
}

Selection *make_selection(SelectionKind kind, Type *recv, const Lookup *l, Type *type) {
    Selection *s = NEW(Selection);
    *s = (Selection){kind, recv, l->obj, l->path, l->path_len, l->indirect, type};
    return s;
}

static void failed_selector(Operand *x, Expr *e) {
    *x = (Operand){.mode = MODE_INVALID, .type = BASIC(INVALID), .expr = e};
}

// pkg.Name
static void qualified(Checker *c, Operand *x, Expr *e, Object *pname) {
    Expr *id = e->selector.x, *sel = e->selector.sel;
    id->name.obj = pname;
    record_value(id, MODE_PKGNAME, BASIC(INVALID), NULL);
    pname->used = true;
    Package *p = pname->imported;
    Name name = sel->name.name;
    Object *o = scope_lookup(p->scope, name);
    if (o && !check_in_export_data(p, o)) o = NULL;
    if (!o) {
        if (!p->fake && !sel->implicit && name_is_valid(name)) {
            Object *similar = NULL;
            for (vec_each(Object *, s, &p->scope->objects))
                if (name_is_exported((*s)->name) && equal_fold((*s)->name, name) &&
                    (!similar || strcmp((*s)->name, similar->name) < 0))
                    similar = *s;
            if (similar)
                check_error(c, sel->pos, "undefined: %s (but have %s)", expr_string(e),
                            similar->name);
            else
                check_error(c, sel->pos, "undefined: %s", expr_string(e));
        }
        failed_selector(x, e);
        return;
    }
    if (!name_is_exported(name))
        check_error(c, sel->pos, "name %s not exported by package %s", name, p->name);
    sel->name.obj = o;
    if (!o->type && o->kind != O_BUILTIN) {
        if (types_resolve_object) types_resolve_object(o);
        if (!o->type) {
            failed_selector(x, e);
            return;
        }
    }
    *x = (Operand){.mode = MODE_INVALID, .type = o->type, .expr = e};
    switch (o->kind) {
    case O_CONST:
        x->mode = MODE_CONST;
        x->val = o->val;
        break;
    case O_TYPENAME: x->mode = MODE_TYPE; break;
    case O_VAR: x->mode = MODE_VAR; break;
    case O_FUNC: x->mode = MODE_VALUE; break;
    case O_BUILTIN:
        x->mode = MODE_BUILTIN;
        x->id = o->builtin;
        x->type = BASIC(INVALID);
        break;
    default: break;
    }
    if (x->mode != MODE_BUILTIN && is_invalid(x->type) && x->mode != MODE_TYPE) invalidate(x);
}

// Why a selector finds nothing: gc tells ambiguity, a missing pointer, other capitals and pointers
// to interfaces apart.
static void missing(Checker *c, Operand *x, Expr *e, const Lookup *l) {
    Expr *sel = e->selector.sel;
    Name name = sel->name.name;
    Type *t = x->type, *u = under(t);
    if (is_invalid(u)) return;
    if (l->ambiguous) {
        check_error(c, sel->pos, "ambiguous selector %s.%s", expr_string(x->expr), name);
        return;
    }
    if (l->bad_receiver) {
        const char *s = type_string(t);
        if (x->mode == MODE_TYPE)
            check_error(c, sel->pos,
                        "invalid method expression %s.%s (needs pointer receiver (*%s).%s)", s,
                        name, s, name);
        else
            check_error(c, sel->pos, "cannot call pointer method %s on %s", name, s);
        return;
    }
    const char *why;
    if (u->kind == T_POINTER && under(u->pointer.elem)->kind == T_INTERFACE) {
        why = xsprintf(type_is_typeparam(u->pointer.elem)
                           ? "type %s is pointer to type parameter, not type parameter"
                           : "type %s is pointer to interface, not interface",
                       type_string(t));
    } else {
        Lookup alt = lookup_field_or_method(t, x->mode == MODE_VAR, c->pkg, name, true);
        why = lookup_error(c, t, name, alt.obj, false);
    }
    check_error(c, sel->pos, "%s.%s undefined (%s)", expr_string(x->expr), name, why);
}

// T.method: a function whose first parameter is the receiver.
static Type *method_expression(Object *m, Type *recv) {
    Type *sig = m->type, *t = type_new(T_FUNC);
    Name name = intern_c("");
    if (sig->func.params.len && sig->func.params.data[0]->name &&
        sig->func.params.data[0]->name[0]) {
        name = sig->func.recv ? sig->func.recv->name : NULL;
        if (!name || !name[0]) name = intern_c("_"); // all named or none
    }
    t->func.tparams = sig->func.tparams;
    t->func.results.data = sig->func.results.data;
    t->func.results.len = t->func.results.cap = sig->func.results.len;
    t->func.variadic = sig->func.variadic;
    Object *r =
        object_new(O_VAR, sig->func.recv ? sig->func.recv->pos : m->pos, m->pkg, name, recv);
    r->is_param = true;
    vec_reserve(&t->func.params, sig->func.params.len + 1);
    vec_push(&t->func.params, r);
    for (uint32_t i = 0; i < sig->func.params.len; i++)
        vec_push(&t->func.params, sig->func.params.data[i]);
    return t;
}

static Type *method_value(Type *sig) {
    if (!sig->func.recv && !sig->func.recv_tparams) return sig;
    Type *t = type_new(T_FUNC);
    t->func = sig->func;
    t->func.recv = NULL;
    t->func.recv_tparams = NULL;
    return t;
}

// x.m binds the receiver, T.m makes it the first parameter.
static bool select_method(Checker *c, Operand *x, Expr *e, const Lookup *l) {
    Object *m = l->obj;
    if (!m->type) check_object(c, m);
    if (!m->type || m->type->kind != T_FUNC) return false;
    check_add_dependency(c, m);
    Type *recv = x->type;
    if (x->mode == MODE_TYPE) {
        x->type = method_expression(m, recv);
        e->selector.selection = make_selection(SEL_METHODEXPR, recv, l, x->type);
    } else {
        if (m->ptr_recv && x->mode == MODE_VAR && !l->indirect) mark_address_taken(e->selector.x);
        x->type = method_value(m->type);
        e->selector.selection = make_selection(SEL_METHOD, recv, l, x->type);
    }
    x->mode = MODE_VALUE;
    return true;
}

// A name before the dot may be a package; all else is an operand or type whose fields and methods
// are searched.
void check_selector(Checker *c, Operand *x, Expr *e, bool want_type) {
    Expr *sel = e->selector.sel;
    e->selector.selection = NULL;
    if (e->selector.x->kind == E_NAME) {
        Object *o = check_lookup(c, e->selector.x->name.name, NULL);
        if (o && o->kind == O_PKGNAME) {
            qualified(c, x, e, o);
            return;
        }
    }
    check_expr_or_type(c, x, e->selector.x, false);
    if (x->mode == MODE_BUILTIN)
        check_error(c, e->pos, "invalid use of %s in selector expression", operand_string(x));
    if (x->mode == MODE_BUILTIN || !operand_ok(x) || !check_is_complete(c, x->type)) {
        failed_selector(x, e);
        return;
    }
    if (want_type) {
        check_error(c, sel->pos, "%s is not a type", expr_string(e));
        failed_selector(x, e);
        return;
    }
    Type *u = under(x->type);
    if (u->kind == T_POINTER && !check_is_complete(c, u->pointer.elem)) {
        failed_selector(x, e);
        return;
    }
    Lookup l = lookup_field_or_method(x->type, x->mode == MODE_VAR, c->pkg, sel->name.name, false);
    bool ok = false;
    if (!l.obj) {
        missing(c, x, e, &l);
    } else {
        sel->name.obj = l.obj;
        if (l.obj->kind == O_FUNC) {
            ok = select_method(c, x, e, &l);
        } else if (x->mode == MODE_TYPE) {
            check_error(c, expr_start(e->selector.x),
                        "operand for field selector %s must be value of type %s", sel->name.name,
                        type_string(x->type));
        } else {
            e->selector.selection = make_selection(SEL_FIELD, x->type, &l, l.obj->type);
            x->mode = x->mode == MODE_VAR || l.indirect ? MODE_VAR : MODE_VALUE;
            x->type = l.obj->type;
            ok = true;
        }
    }
    if (!ok) {
        failed_selector(x, e);
        return;
    }
    record_value(sel, x->mode, x->type, NULL);
    x->val = NULL;
    x->expr = e;
}
