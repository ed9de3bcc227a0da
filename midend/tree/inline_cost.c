// inline_cost: which functions may be inlined, and their cost, by gc's rules: each node of gc's IR
// costs one, a call 57 unless it will be inlined itself (then what its body costs), within a budget
// of 80.
//
// The tree walked here is the source's, annotated by the checker, since gc's IR at this point is
// close to it; what gc's noder adds (declarations, implicit conversions, dereferences and
// addresses, temporaries of multi-value assignments) is added in numbers. Verdicts are made
// bottom-up over the strongly connected components of the graph "refers to", as gc makes them, so
// that a cycle's first function meets a callee without verdict.
#include "midend/functions.h"
#include "midend/tree/inline.h"
#include "midend/tree/summary.h"
#include "midend/optlog.h"
#include "midend/profile.h"

typedef Vec(FuncInfo *) FuncInfoVec;

typedef struct Cost {
    FuncInfo *fn;
    Package *pkg;
    int cost;
    const char *reason; // not to be inlined whatever the cost
    PtrMap values;      // Object * -> Expr *: what variables were initialised with
    bool big;           // the caller is big
    bool whole;         // go on beyond the limit: the whole cost is wanted
    int limit;
    // Not NULL: the body's nodes are counted as such, without what the budget gives and takes for
    // some, and the package's functions that it refers to are collected.
    FuncInfoVec *refs;
} Cost;

static Package *package_of(FuncInfo *fn);
static void cost_expr(Cost *c, Expr *e);
static void cost_stmt(Cost *c, Stmt *s);
static void cost_stmts(Cost *c, StmtVec *list) {
    bool dead = false;
    for (vec_each(Stmt *, s, list)) {
        if (dead && (*s)->kind != S_LABELED) continue;
        cost_stmt(c, *s);
        dead = build_terminates(*s);
    }
}

static bool is_literal(const FuncInfo *fn) { return fn->lit || fn->range; }
// What holds its variables and literals for the checker.
static const FuncInfo *declared(const FuncInfo *fn) {
    while (fn->range) fn = fn->outer;
    return fn;
}

static void forbid(Cost *c, const char *reason) {
    if (!c->reason) c->reason = reason;
}

static bool is_blank(Expr *e) { return e->kind == E_NAME && !strcmp(e->name.name, "_"); }
static bool is_nil(Expr *e) {
    return e->mode == MODE_NILVALUE ||
           (e->kind == E_NAME && e->name.obj && e->name.obj->kind == O_NIL);
}

static bool is_iface(Type *t) { return t && t->kind != T_TUPLE && type_is_interface(t); }

// The node of an implicit conversion of e to a type. Only those to interfaces from other types
// count.
static int conversion_cost(Expr *e, Type *to) {
    if (!is_iface(to) || is_nil(unparen(e))) return 0;
    if (e->val) return 1;
    if (!is_iface(e->type)) return 1;
    return !types_identical(under(e->type), under(to));
}
static void cost_value(Cost *c, Expr *e, Type *to) {
    c->cost += conversion_cost(e, to);
    cost_expr(c, e);
}

// ---- callees ------------------------------------------------------------------------------------

static Package *own; // the package being compiled

// Judged by its own package: its body is not for us.
static bool is_opaque(const Object *o) {
    bool recovers;
    return own && o->pkg != own && summary_is_opaque(o, &recovers);
}

FuncInfo *inline_body_of(Object *o) {
    if (o->origin) o = o->origin;
    Decl *d = o->decl;
    if (!d || d->kind != D_FUNC || !d->func.body) return NULL;
    if (!reporting() && is_opaque(o)) return NULL; // reports say why it is
    if (own && o->pkg != own) summary_note_use(o);
    if (!d->func.info || !d->func.info->checked) check_func_body(d);
    return d->func.info;
}

// The function object that e names, instances included.
static Object *named_func(Expr *e) {
    e = unparen(e);
    if (e->kind == E_INDEX && e->inst) e = unparen(e->index.x);
    Object *o = e->kind == E_NAME                                 ? e->name.obj
                : e->kind == E_SELECTOR && !e->selector.selection ? e->selector.sel->name.obj
                                                                  : NULL;
    return o && o->kind == O_FUNC ? o : NULL;
}

// A method that a selector x.M names statically.
static Object *static_method(Expr *e) {
    e = unparen(e);
    if (e->kind == E_INDEX && e->inst) e = unparen(e->index.x);
    if (e->kind != E_SELECTOR || !e->selector.selection ||
        e->selector.selection->kind != SEL_METHOD)
        return NULL;
    Object *m = e->selector.selection->obj;
    if (type_is_typeparam(e->selector.selection->recv) || !m->recv || type_is_interface(m->recv))
        return NULL;
    Type *t = deref(e->selector.selection->recv, NULL);
    return type_is_typeparam(t) ? NULL : m;
}

// The literal or function that a variable holds for good.
static Expr *static_value(Cost *c, Expr *e) {
    for (int i = 0; i < 100; i++) {
        e = unparen(e);
        if (e->kind == E_CALL && unparen(e->call.fun)->mode == MODE_TYPE && e->call.args.len == 1 &&
            is_kind(e->type, T_FUNC)) {
            e = e->call.args.data[0];
            continue;
        }
        Object *o = e->kind == E_NAME ? e->name.obj : NULL;
        if (!o || o->kind != O_VAR || o->assigns || o->addr_taken) return e;
        Expr *v = ptrmap_get(&c->values, o);
        if (!v) return e;
        e = v;
    }
    return e;
}

static void note_value(Cost *c, Object *o, Expr *value) {
    if (o && o->type && o->type->kind == T_FUNC) ptrmap_put(&c->values, o, value);
}

static const char *symbol_of(Object *o) {
    if (!o->pkg) return "";
    const char *pkg = package_symbol_path(o->pkg);
    Type *r = o->recv ? as_named(o->recv) : NULL;
    if (!r) return xsprintf("%s.%s", pkg, o->name);
    return xsprintf("%s.%s.%s", pkg, r->named.obj->name, o->name);
}

// Arguments: converted, the variadic ones in a slice literal.
static void cost_args(Cost *c, Expr *call, Type *sig) {
    uint32_t n = call->call.args.len, np = sig ? sig->func.params.len : 0;
    Expr *only = n == 1 ? unparen(call->call.args.data[0]) : NULL;
    bool variadic = sig && sig->func.variadic && !call->call.dots;
    // Results in temporaries.
    if (only && only->type && only->type->kind == T_TUPLE && only->kind == E_CALL) {
        uint32_t k = only->type->tuple.vars.len;
        c->cost += 1 + 4 * (int)k;
        cost_expr(c, only);
        if (variadic) c->cost += 2;
        return;
    }
    if (variadic) c->cost += n < np || c->refs ? 1 : 2;
    for (uint32_t i = 0; i < n; i++) {
        Type *to = NULL;
        if (variadic && i + 1 >= np)
            to = under(sig->func.params.data[np - 1]->type)->slice.elem;
        else if (i < np)
            to = sig->func.params.data[i]->type;
        cost_value(c, call->call.args.data[i], to);
    }
}

// ---- expressions --------------------------------------------------------------------------------

// Notes a reference to a function of the package at hand.
static void refer(Cost *c, Object *o) {
    if (!c->refs || !o || o->pkg != c->pkg) return;
    FuncInfo *f = inline_body_of(o);
    if (f) vec_push(c->refs, f);
}

// The body that a call of fun runs, if it is known here.
static FuncInfo *callee_body(Cost *c, Expr *fun) {
    Expr *v = static_value(c, fun);
    if (v->kind == E_FUNCLIT)
        return v->funclit.info->outer == declared(c->fn) ? v->funclit.info : NULL;
    Object *o = named_func(v);
    if (!o) o = static_method(v);
    return o ? inline_body_of(o) : NULL;
}

static Pos start_of(const FuncInfo *fn) {
    return fn->range ? fn->range->pos : fn->lit ? fn->lit->pos : fn->decl ? fn->decl->pos : 0;
}

const char *inline_symbol(const FuncInfo *fn) {
    const Object *o = fn->obj;
    if (fn->outer && fn->lit) {
        uint32_t n = 1;
        for (vec_each(FuncInfo *, l, &fn->outer->lits)) {
            if (*l == fn) break;
            n++;
        }
        return xsprintf("%s.%s%u", inline_symbol(fn->outer), fn->outer->outer ? "" : "func", n);
    }
    if (!o || !o->pkg) return "";
    Type *r = o->recv && as_named(o->recv) ? o->recv : NULL;
    if (r) return build_method_symbol(o->ptr_recv ? type_pointer(r) : r, o->name);
    return xsprintf("%s.%s", package_symbol_path(o->pkg), o->name);
}

static bool is_parameter(Cost *c, Expr *e) {
    e = unparen(e);
    Object *o = e->kind == E_NAME ? e->name.obj : NULL;
    if (!o || o->kind != O_VAR || !o->owner || o->is_package_var)
        return o && o->kind == O_VAR && o->is_param;
    const Stmt *range = c->fn->range;
    // Captured.
    return o->is_param || o->owner != declared(c->fn) ||
           (range && (o->pos < range->pos || o->pos > range->end));
}

static int call_cost(void) { return midend_options.cheap_calls ? 1 : INLINE_CALL_COST; }

// Of what a profile says, gc takes a call to be in the function that is judged.
static bool is_hot_call(const Cost *c, Pos call) {
    if (!profile_on() || c->big) return false;
    int line = (int)source_position(call).line, first = (int)source_position(start_of(c->fn)).line;
    return profile_is_hot_call(inline_symbol(c->fn), line - first);
}

// What calling f costs beside the call's own node.
static void cost_callee(Cost *c, Expr *fun, Pos call) {
    if (c->refs) return;
    Object *o = named_func(fun);
    if (!o) o = static_method(fun);
    if (o) {
        const char *s = symbol_of(o);
        if (func_is(s, FUNC_OF_FRAME)) {
            forbid(c, xsprintf("call to %s", o->name));
            return;
        }
        if (func_is(s, FUNC_EXPENSIVE)) c->cost += INLINE_MAX_BUDGET;
        if (func_is(s, FUNC_EXPENSIVE | FUNC_CHEAP) || is_gc_intrinsic(s)) return;
    }
    if (c->whole || c->cost <= c->limit) {
        FuncInfo *body = callee_body(c, fun);
        InlInfo *i = body ? inline_info(body) : NULL;
        int max = c->big ? INLINE_BIG_FUNCTION_MAX_COST : INLINE_MAX_BUDGET;
        if (body && is_literal(body)) max *= 2;
        if (i && i->can &&
            (i->cost <= max || (i->cost <= profile_budget() && is_hot_call(c, call)))) {
            c->cost += i->cost;
            return;
        }
    }
    int cost = call_cost();
    c->cost +=
        cost > INLINE_PARAM_CALL_COST && is_parameter(c, fun) ? INLINE_PARAM_CALL_COST : cost;
}

// The nodes of x.f's path through embedded fields.
static int path_cost(Selection *s) { return (int)s->path_len; }

static Type *path_type(Selection *s) {
    Type *t = s->recv;
    for (uint32_t i = 0; i < s->path_len; i++) {
        Type *u = under(t);
        if (u->kind == T_POINTER) u = under(u->pointer.elem);
        if (u->kind != T_STRUCT) return t;
        t = u->strukt.fields.data[s->path[i]]->type;
    }
    return t;
}

static bool is_empty(Type *t) {
    Type *u = under(t);
    if (u->kind == T_ARRAY && !u->array.len) return true;
    return !type_has_typeparam(t) && type_size(t) == 0;
}

// Is the field's offset 0?
static bool is_first(Type *t, uint32_t field) {
    for (uint32_t i = 0; i < field; i++)
        if (!is_empty(t->strukt.fields.data[i]->type)) return false;
    return true;
}

// &x: free for the first field of a variable.
static int address_cost(const Cost *c, Expr *x, Selection *path) {
    if (c->refs) return 1;
    x = unparen(x);
    Expr *base = x;
    uint32_t n = path ? path->path_len : 0;
    Selection *s = path;
    if (!n && x->kind == E_SELECTOR && x->selector.selection &&
        x->selector.selection->kind == SEL_FIELD) {
        s = x->selector.selection;
        n = s->path_len;
        base = unparen(x->selector.x);
    }
    if (n != 1 || base->kind != E_NAME) return 1;
    Type *t = deref(s->recv, NULL);
    if (under(t)->kind == T_POINTER) t = under(t)->pointer.elem;
    return under(t)->kind == T_STRUCT && is_first(under(t), s->path[0]) ? -1 : 1;
}

// A method's receiver operand: embedded fields, then the address or the value the method wants.
static void cost_receiver(Cost *c, Expr *x, Selection *s) {
    cost_expr(c, x);
    c->cost += path_cost(s);
    if (!s->obj->recv || type_is_interface(s->obj->recv) || type_is_typeparam(s->recv)) return;
    Type *t = path_type(s);
    bool ptr =
        under(t)->kind == T_POINTER && !(as_named(t) && as_named(t) == as_named(s->obj->recv));
    if (s->obj->ptr_recv && !ptr)
        c->cost += address_cost(c, x, s);
    else if (!s->obj->ptr_recv && ptr)
        c->cost++;
}

// Does evaluating e take a call or a receive, as far as e's form is one that leads to a callee?
static bool find_call(Expr *e);
static bool find_call_in(ExprVec *list) {
    for (vec_each(Expr *, e, list))
        if (find_call(*e)) return true;
    return false;
}

static BuiltinId builtin_of(Expr *fun) {
    return (fun->kind == E_SELECTOR ? fun->selector.sel->name.obj : fun->name.obj)->builtin;
}

// Built-in functions are calls, but for make and new: gc's typechecker looks, which has turned the
// former into something else, and sees no effect in the latter. Their types are no values.
static bool find_call(Expr *e) {
    if (!e) return false;
    e = unparen(e);
    if (e->val || e->mode == MODE_TYPE) return false;
    switch (e->kind) {
    case E_CALL: {
        Expr *fun = unparen(e->call.fun);
        if (fun->mode == MODE_TYPE) return find_call_in(&e->call.args);
        if (fun->mode != MODE_BUILTIN) return true;
        BuiltinId id = builtin_of(fun);
        return (id != BUILTIN_NEW && id != BUILTIN_MAKE) || find_call_in(&e->call.args);
    }
    case E_SELECTOR: return e->selector.selection && find_call(e->selector.x);
    case E_INDEX: return !e->inst && (find_call(e->index.x) || find_call_in(&e->index.index));
    case E_SLICE:
        return find_call(e->slice.x) || find_call(e->slice.i) || find_call(e->slice.j) ||
               find_call(e->slice.k);
    case E_STAR: return find_call(e->star.x);
    case E_ASSERT: return find_call(e->assert_.x);
    case E_UNARY: return e->op.op == OPR_RECV || find_call(e->op.x);
    case E_BINARY: return find_call(e->op.x) || find_call(e->op.y);
    case E_COMPOSITE: return find_call_in(&e->composite.elems);
    case E_KEYVALUE: return find_call(e->kv.x) || find_call(e->kv.y);
    default: return false;
    }
}

// What is called by way of a func value or an interface goes into a temporary if calls give it.
static int callee_temp_cost(Expr *x) {
    return !(x->type && type_is_typeparam(x->type)) && find_call(x) ? 5 : 0;
}

// A dictionary: the address of one that is known, or an entry of the caller's own where type
// parameters are arguments.
static int dictionary_cost(TypeList *targs) {
    for (uint32_t i = 0; targs && i < targs->len; i++)
        if (type_has_typeparam(targs->data[i])) return 4;
    return 2;
}

// A method that is named statically costs by its body, like a function; any other costs a call.
// Instances take a dictionary.
static void cost_call(Cost *c, Expr *e) {
    Expr *fun = unparen(e->call.fun),
         *sel = fun->kind == E_INDEX && fun->inst ? unparen(fun->index.x) : fun;
    Type *sig = fun->type ? core_type(fun->type) : NULL;
    if (sig && sig->kind != T_FUNC) sig = NULL;
    c->cost++;
    Selection *s = sel->kind == E_SELECTOR ? sel->selector.selection : NULL;
    if (s && s->kind == SEL_METHOD) {
        Object *m = static_method(fun);
        cost_receiver(c, sel->selector.x, s);
        if (m) {
            refer(c, m);
            Type *recv = m->recv ? as_named(deref(path_type(s), NULL)) : NULL;
            if (recv && recv->named.targs) c->cost += dictionary_cost(recv->named.targs);
            if (c->refs) c->cost += 2; // the method expression and its type
            cost_callee(c, fun, e->pos);
        } else {
            c->cost += 1 + callee_temp_cost(sel->selector.x) + (c->refs ? 0 : call_cost());
        }
        cost_args(c, e, sig);
        return;
    }
    cost_expr(c, fun);
    c->cost += callee_temp_cost(fun);
    TypeList *targs = fun->inst ? fun->inst : sel->inst;
    if (targs) c->cost += dictionary_cost(targs);
    cost_callee(c, fun, e->pos);
    cost_args(c, e, sig);
}

static bool same_size_numbers(Type *a, Type *b) {
    if (!type_is_integer(a) || !type_is_integer(b) || type_is_unsigned(a) != type_is_unsigned(b))
        return false;
    return !type_has_typeparam(a) && !type_has_typeparam(b) && type_size(a) == type_size(b);
}

// A conversion is free when it only renames.
static void cost_conversion(Cost *c, Expr *e) {
    Expr *x = e->call.args.data[0];
    Type *to = e->type, *from = x->type;
    cost_expr(c, x);
    if (is_iface(to)) {
        c->cost += conversion_cost(x, to);
        return;
    }
    if (is_nil(unparen(x)) || !from || type_is_untyped(from)) {
        c->cost += from && type_is_string(from) && under(to)->kind == T_SLICE;
        return;
    }
    Type *fu = under(from), *tu = under(to);
    bool free = types_identical_ignore_tags(fu, tu) || same_size_numbers(from, to) ||
                fu->kind == T_UNSAFEPTR || tu->kind == T_UNSAFEPTR ||
                (fu->kind == T_POINTER && tu->kind == T_POINTER) ||
                (fu->kind == T_CHAN && tu->kind == T_CHAN);
    if (!free || c->refs) c->cost++;
}

// panic has a price of its own, its argument's conversion included; recover would find another
// frame, so it forbids inlining.
static void cost_builtin(Cost *c, Expr *e, BuiltinId id) {
    ExprVec *a = &e->call.args;
    c->cost++;
    uint32_t first = 0;
    Type *to = NULL;
    switch (id) {
    case BUILTIN_RECOVER: forbid(c, "call to recover"); return;
    case BUILTIN_PANIC:
        to = type_any;
        if (!c->refs) c->cost += INLINE_PANIC_COST - conversion_cost(a->data[0], to);
        break;
    case BUILTIN_MAKE: first = 1; break;
    case BUILTIN_NEW:
        if (a->data[0]->mode == MODE_TYPE) return;
        c->cost += 5; // a temporary, declared and assigned
        break;
    case BUILTIN_APPEND:
        if (e->type && core_type(e->type) && core_type(e->type)->kind == T_SLICE)
            to = core_type(e->type)->slice.elem;
        if (e->call.dots) to = NULL;
        if (a->len) cost_expr(c, a->data[0]);
        first = 1;
        break;
    case BUILTIN_MIN:
    case BUILTIN_MAX: break;
    default: break;
    }
    for (uint32_t i = first; i < a->len; i++) cost_value(c, a->data[i], to);
}

// In gc fields and map entries have nodes beside their values', keys of arrays two. A slice's
// budget has one for its length.
static void cost_literal(Cost *c, Expr *e) {
    Type *t = core_type(e->type ? e->type : BASIC(INVALID));
    if (!t) t = under(e->type);
    c->cost++;
    if (t->kind == T_POINTER) { // &T{…} with & left out
        t = core_type(t->pointer.elem);
    }
    if (t->kind == T_SLICE && !c->refs) c->cost++;
    uint32_t i = 0;
    for (vec_each(Expr *, xp, &e->composite.elems)) {
        Expr *x = *xp, *key = x->kind == E_KEYVALUE ? x->kv.x : NULL, *v = key ? x->kv.y : x;
        Type *to = NULL;
        switch (t->kind) {
        case T_STRUCT:
            c->cost++;
            to = v->type;
            if (!key && i < t->strukt.fields.len) to = t->strukt.fields.data[i]->type;
            if (key && key->kind == E_NAME)
                for (vec_each(Object *, f, &t->strukt.fields))
                    if ((*f)->name == key->name.name) to = (*f)->type;
            break;
        case T_MAP:
            c->cost++;
            cost_value(c, key, t->map.key);
            to = t->map.elem;
            break;
        default:
            if (key) c->cost += 2;
            to = t->slice.elem;
        }
        cost_value(c, v, to);
        i++;
    }
}

// An interface compared with what is none converts the latter: one node more.
static void cost_binary(Cost *c, Expr *e) {
    Type *xt = e->op.x->type, *yt = e->op.y->type;
    bool compare = e->op.op >= OPR_EQL && e->op.op <= OPR_GEQ,
         string = e->op.op == OPR_ADD && e->type && is_kind(e->type, T_STRING);
    c->cost++;
    // a + b + c of strings is one node
    Expr *x = unparen(e->op.x), *y = unparen(e->op.y);
    if (string && !x->val && x->kind == E_BINARY && x->op.op == OPR_ADD) c->cost--;
    if (string && !y->val && y->kind == E_BINARY && y->op.op == OPR_ADD) c->cost--;
    cost_expr(c, e->op.x);
    cost_expr(c, e->op.y);
    if (compare && !is_nil(x) && !is_nil(y) && is_iface(xt) != is_iface(yt))
        c->cost++;
    else if (compare && (x->val != NULL) != (y->val != NULL) && is_iface(xt) && is_iface(yt))
        c->cost++;
}

static void cost_name(Cost *c, Object *o) {
    c->cost++;
    if (o && o->kind == O_FUNC) refer(c, o);
}

// Embedded fields count a node each, as gc writes the path out.
static void cost_selector(Cost *c, Expr *e) {
    Selection *s = e->selector.selection;
    if (!s) {
        cost_name(c, e->selector.sel->name.obj);
        return;
    }
    if (s->kind == SEL_METHODEXPR) {
        refer(c, s->obj);
        if (c->refs) c->cost += 2;
        return;
    }
    if (s->kind == SEL_METHOD) {
        if (static_method(e)) refer(c, s->obj);
        cost_receiver(c, e->selector.x, s);
        c->cost += c->refs ? 1 : 2;
        return;
    }
    cost_expr(c, e->selector.x);
    c->cost += path_cost(s);
}

static bool zero_constant(Expr *e) {
    int64_t v;
    return e && e->val && const_int64_value(e->val, &v) && v == 0;
}

// An array is sliced by its address, one node more. The budget leaves out a low bound of 0 and
// :len(x), which gc drops first.
static void cost_slice(Cost *c, Expr *e) {
    Expr *x = e->slice.x, *hi = e->slice.j ? unparen(e->slice.j) : NULL;
    c->cost++;
    cost_expr(c, x);
    if (x->type && is_kind(x->type, T_ARRAY)) c->cost++;
    Expr *parts[] = {e->slice.i, e->slice.j, e->slice.k};
    for (int i = 0; i < 3; i++)
        if (parts[i]) cost_expr(c, parts[i]);
    if (c->refs) return;
    if (zero_constant(e->slice.i)) c->cost--;
    // x[:len(x)]: gc compares nodes, and names are one node wherever they appear
    Expr *arg = hi && hi->kind == E_CALL && !hi->val && hi->call.args.len == 1
                    ? unparen(hi->call.args.data[0])
                    : NULL;
    x = unparen(x);
    if (arg && hi->call.fun->kind == E_NAME && hi->call.fun->name.obj &&
        hi->call.fun->name.obj->builtin == BUILTIN_LEN &&
        hi->call.fun->name.obj->kind == O_BUILTIN && arg->kind == E_NAME && x->kind == E_NAME &&
        arg->name.obj == x->name.obj)
        c->cost -= 2;
}

// Beyond the limit nothing more is counted, as the verdict is known by then, unless the whole cost
// is asked for.
static void cost_expr(Cost *c, Expr *e) {
    if (e->val && (e->mode == MODE_CONST || e->mode == MODE_VALUE)) {
        c->cost++;
        return;
    }
    if (e->mode == MODE_TYPE) return;
    if (!c->whole && !c->refs && c->cost > c->limit) return;
    switch (e->kind) {
    case E_PAREN: cost_expr(c, e->paren.x); break;
    case E_NAME: cost_name(c, e->name.obj); break;
    case E_SELECTOR: cost_selector(c, e); break;
    case E_INDEX:
        if (e->inst) {
            cost_expr(c, e->index.x);
            break;
        }
        c->cost++;
        cost_expr(c, e->index.x);
        if (e->index.x->type && core_type(e->index.x->type) &&
            core_type(e->index.x->type)->kind == T_MAP)
            cost_value(c, e->index.index.data[0], core_type(e->index.x->type)->map.key);
        else
            cost_expr(c, e->index.index.data[0]);
        break;
    case E_SLICE: cost_slice(c, e); break;
    case E_ASSERT:
        c->cost++;
        cost_expr(c, e->assert_.x);
        break;
    case E_STAR: { // *(*T)(unsafe.Pointer(&x)) is cheap
        Expr *p = unparen(e->star.x);
        while (p->kind == E_CALL && unparen(p->call.fun)->mode == MODE_TYPE &&
               p->call.args.len == 1)
            p = unparen(p->call.args.data[0]);
        if (c->refs ||
            !(p->kind == E_UNARY && p->op.op == OPR_AND && unparen(p->op.x)->kind != E_COMPOSITE))
            c->cost++;
        cost_expr(c, e->star.x);
        break;
    }
    case E_UNARY: {
        Expr *x = unparen(e->op.x);
        c->cost += e->op.op == OPR_AND && x->kind != E_COMPOSITE ? address_cost(c, x, NULL) : 1;
        cost_expr(c, x);
        break;
    }
    case E_BINARY: cost_binary(c, e); break;
    case E_CALL: {
        Expr *fun = unparen(e->call.fun);
        if (fun->mode == MODE_TYPE)
            cost_conversion(c, e);
        else if (fun->mode == MODE_BUILTIN)
            cost_builtin(c, e, builtin_of(fun));
        else
            cost_call(c, e);
        break;
    }
    case E_COMPOSITE: cost_literal(c, e); break;
    case E_FUNCLIT:
        c->cost += c->refs ? 1 : 16; // gc's budget: a closure costs 15 more than its node
        if (c->refs && e->funclit.info) vec_push(c->refs, e->funclit.info);
        break;
    case E_LIST:
        for (vec_each(Expr *, x, &e->list.elems)) cost_expr(c, *x);
        break;
    default: c->cost++;
    }
}

// ---- statements ---------------------------------------------------------------------------------

static bool defines(Expr *e) {
    return e->kind == E_NAME && e->name.obj && e->name.obj->pos == e->pos;
}

static void cost_place(Cost *c, Expr *e, bool define) {
    c->cost += define && !is_blank(e) && defines(e) ? 2 : 0; // its declaration
    if (e->kind == E_NAME)
        c->cost++;
    else
        cost_expr(c, e);
}

static bool is_multi(Expr *rhs) { return rhs && rhs->type && rhs->type->kind == T_TUPLE; }

static Type *place_type(Expr *e) {
    return is_blank(e) ? NULL : e->kind == E_NAME && e->name.obj ? e->name.obj->type : e->type;
}

// The results of x, err = f() may have to be converted one by one. What a variable is defined with
// is noted, for calls through it.
static void cost_assign(Cost *c, Expr *lhs, Expr *rhs, bool define) {
    uint32_t n, m;
    Expr **l = build_elements(&lhs, &n), **r = build_elements(&rhs, &m);
    c->cost++;
    for (uint32_t i = 0; i < n; i++) cost_place(c, unparen(l[i]), define);
    if (n > 1 && m == 1) {
        cost_expr(c, r[0]);
        Type *t = unparen(r[0])->type;
        for (uint32_t i = 0; t && t->kind == T_TUPLE && i < n && i < t->tuple.vars.len; i++) {
            Type *to = place_type(unparen(l[i]));
            c->cost += to && is_iface(to) && !is_iface(t->tuple.vars.data[i]->type);
        }
        return;
    }
    for (uint32_t i = 0; i < m; i++) {
        Expr *p = i < n ? unparen(l[i]) : NULL;
        if (p && define && defines(p)) note_value(c, p->name.obj, r[i]);
        cost_value(c, r[i], p ? place_type(p) : NULL);
    }
}

// gc assigns a zero where the source has no value: 4 nodes a variable. With a value there are 3
// beside the assignment.
static void cost_var(Cost *c, Decl *d) {
    uint32_t n = d->value.names.len, m;
    Expr **r = build_elements(&d->value.values, &m);
    if (!m) {
        c->cost += 4 * (int)n;
        return;
    }
    c->cost++;
    for (uint32_t i = 0; i < n; i++) c->cost += is_blank(d->value.names.data[i]) ? 1 : 3;
    for (uint32_t i = 0; i < m; i++) {
        Object *o = i < n ? d->value.names.data[i]->name.obj : NULL;
        if (m == n && o) note_value(c, o, r[i]);
        cost_value(c, r[i], m == n && o ? o->type : NULL);
    }
}

static bool is_constant_bool(Expr *e) {
    e = unparen(e);
    return e->val && const_kind(e->val) == CONST_BOOL;
}

// What is left of a condition whose one side decides or says nothing.
static Expr *reduced(Expr *e) {
    Expr *x = unparen(e);
    if (is_constant_bool(x) || x->kind != E_BINARY ||
        (x->op.op != OPR_ANDAND && x->op.op != OPR_OROR))
        return e;
    int stops = x->op.op == OPR_ANDAND ? -1 : 1, left = build_static_bool(x->op.x);
    if (left == stops) return reduced(x->op.x);
    return (left || build_static_bool(x->op.y) == stops) && is_constant_bool(x->op.x)
               ? reduced(x->op.y)
               : e;
}

// Of an if whose condition is known one side is there at most; one with a constant costs nothing
// itself.
static void cost_if(Cost *c, Stmt *s) {
    if (s->if_.init) cost_stmt(c, s->if_.init);
    int known = build_static_bool(s->if_.cond);
    Expr *cond = reduced(s->if_.cond);
    if (c->refs || !is_constant_bool(cond)) {
        c->cost++;
        cost_expr(c, cond);
    }
    if (known >= 0) cost_stmt(c, s->if_.then);
    if (known <= 0 && s->if_.els) cost_stmt(c, s->if_.els);
}

// What leaves a range over a function notes a number (#next), which is looked at behind the call.
typedef struct Exits {
    Stmt *range;
    bool returns, branches, nested, defers;
    Vec(Stmt *) targets;
} Exits;
static void find_exits(Exits *e, Stmt *s);
static void find_exits_in(Exits *e, StmtVec *list) {
    for (vec_each(Stmt *, s, list)) find_exits(e, *s);
}
static bool is_range_func(Stmt *s) {
    Type *t =
        s->kind == S_FOR && s->for_.is_range && s->for_.x->type ? core_type(s->for_.x->type) : NULL;
    return t && t->kind == T_FUNC;
}
// What can leave the body decides which tests follow the call that a range over a function is.
static void find_exits(Exits *e, Stmt *s) {
    if (!s) return;
    switch (s->kind) {
    case S_BLOCK: find_exits_in(e, &s->block.list); break;
    case S_LABELED: find_exits(e, s->labeled.stmt); break;
    case S_RETURN: e->returns = true; break;
    case S_DEFER: e->defers = true; break;
    case S_BRANCH:
        if (build_branch_exit(e->range, s) != BRANCH_LEAVES) break;
        e->branches = true;
        for (vec_each(Stmt *, t, &e->targets))
            if ((*t)->branch.target == s->branch.target && (*t)->branch.tok == s->branch.tok)
                return;
        vec_push(&e->targets, s);
        break;
    case S_IF:
        find_exits(e, s->if_.then);
        find_exits(e, s->if_.els);
        break;
    case S_FOR:
        if (is_range_func(s)) e->nested = true;
        find_exits(e, s->for_.body);
        break;
    case S_SWITCH:
        for (vec_each(Clause *, k, &s->switch_.clauses)) find_exits_in(e, &(*k)->body);
        break;
    case S_SELECT:
        for (vec_each(Clause *, k, &s->select.clauses)) find_exits_in(e, &(*k)->body);
        break;
    default: break;
    }
}

// Tests of #next follow the call, one for each way out of the body; within another such body it may
// have to be handed on.
static void cost_exits(Cost *c, Stmt *s) {
    Exits e = {.range = s};
    find_exits(&e, s->for_.body);
    if (!c->fn->range) {
        if (e.defers) forbid(c, "defer call in range func");
        if (e.returns || e.branches || e.nested) c->cost += 4; // #next
        if (e.returns) c->cost += 5;
        c->cost += 8 * (int)e.targets.len;
        return;
    }
    c->cost += 7; // is #next one that is known?
    for (vec_each(Stmt *, t, &e.targets))
        c->cost += build_branch_exit(c->fn->range, *t) == BRANCH_ENDS ? 12 : 0;
    if (e.returns || e.branches) c->cost += 9;
}

// The numbers are counts of nodes in what gc makes of the loop: closure, state variable, checks.
static void cost_for(Cost *c, Stmt *s) {
    if (!s->for_.is_range) {
        if (s->for_.init) cost_stmt(c, s->for_.init);
        c->cost++;
        if (s->for_.cond) cost_expr(c, reduced(s->for_.cond));
        if (s->for_.cond && build_static_bool(s->for_.cond) < 0) return;
        if (s->for_.post) cost_stmt(c, s->for_.post);
        cost_stmt(c, s->for_.body);
        return;
    }
    if (is_range_func(s)) { // a call with the body as closure, and its state
        c->cost += 4 + 19 + 2 + 9 + 3;
        if (c->refs) cost_stmt(c, s->for_.body);
        cost_expr(c, s->for_.x);
        cost_callee(c, s->for_.x, s->pos);
        Expr *x = unparen(s->for_.x);
        // Its result is kept.
        if (x->kind == E_CALL && unparen(x->call.fun)->mode != MODE_TYPE) c->cost += 5;
        if (x->kind == E_SELECTOR && x->selector.selection &&
            x->selector.selection->kind == SEL_METHOD)
            c->cost -= 2; // called as such
        if (!c->refs) cost_exits(c, s);
        return;
    }
    uint32_t n;
    Expr **l = build_elements(&s->for_.lhs, &n);
    c->cost++;
    for (uint32_t i = 0; i < n; i++) cost_place(c, unparen(l[i]), s->for_.define);
    cost_expr(c, s->for_.x);
    cost_stmt(c, s->for_.body);
}

// A switch that is decided at compile time costs what its one clause does.
static void cost_switch(Cost *c, Stmt *s) {
    if (s->switch_.init) cost_stmt(c, s->switch_.init);
    Expr *tag = s->switch_.tag;
    bool types = tag && tag->kind == E_TYPESWITCH, known = false;
    c->cost++;
    Clause *always = types ? NULL : build_constant_clause(s, &known);
    if (known) {
        c->cost += always != NULL;
        if (always) cost_stmts(c, &always->body);
        return;
    }
    if (types) {
        c->cost += 1 + (tag->typeswitch.lhs != NULL);
        cost_expr(c, tag->typeswitch.x);
    } else if (tag)
        cost_expr(c, tag);
    for (vec_each(Clause *, kp, &s->switch_.clauses)) {
        Clause *k = *kp;
        uint32_t n;
        Expr **v = build_elements(&k->exprs, &n);
        c->cost += 1 + (types && k->implicit);
        for (uint32_t i = 0; i < n; i++) {
            if (types)
                c->cost += c->refs || v[i]->mode != MODE_TYPE;
            else
                cost_value(c, v[i], tag ? tag->type : NULL);
        }
        cost_stmts(c, &k->body);
    }
}

// A receive in a select clause assigns two values, blank ones where the source has none; with two
// in the source they are assigned by way of temporaries.
static int receive_cost(Stmt *comm) {
    uint32_t n;
    if (comm->kind == S_EXPR) return 3;
    if (comm->kind != S_ASSIGN) return 0;
    build_elements(&comm->assign.lhs, &n);
    return n == 1 ? 1 : 9;
}

static void cost_select(Cost *c, Stmt *s) {
    c->cost++;
    for (vec_each(Clause *, k, &s->select.clauses)) {
        c->cost++;
        if ((*k)->comm) {
            c->cost += receive_cost((*k)->comm);
            cost_stmt(c, (*k)->comm);
        }
        cost_stmts(c, &(*k)->body);
    }
}

// The body of a range over a function leaves by noting why (cost 3, twice) and return false.
enum { COST_NOTE = 3, COST_STOP = 2 };

// #rv1, #rv2 = …
static void cost_return_from_range(Cost *c, Stmt *s) {
    uint32_t n;
    Expr **v = build_elements(&s->ret.results, &n);
    const FuncInfo *top = declared(c->fn);
    uint32_t want = top->sig->func.results.len;
    c->cost += 2 * COST_NOTE + COST_STOP;
    if (!n) return;
    c->cost += 1 + (int)want;
    for (uint32_t i = 0; i < n; i++)
        cost_value(c, v[i], n == want ? top->sig->func.results.data[i]->type : NULL);
}

// return f() with several results is a multi-value assignment to temporaries, 4 nodes for each.
static void cost_return(Cost *c, Stmt *s) {
    if (c->fn->range && !c->refs) {
        cost_return_from_range(c, s);
        return;
    }
    uint32_t n;
    Expr **v = build_elements(&s->ret.results, &n);
    Type *sig = c->fn->sig;
    c->cost++;
    if (n == 1 && is_multi(unparen(v[0])) && sig->func.results.len > 1) {
        c->cost += 1 + 4 * (int)sig->func.results.len;
        cost_expr(c, v[0]);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        cost_value(c, v[i], i < sig->func.results.len ? sig->func.results.data[i]->type : NULL);
}

// What cmd/cover puts into blocks is for free, as with gc: counter[3] = 1 and
// atomic.AddUint32(&counter[3], 1), but not counter[3]++.
static bool is_counter(const Cost *c, Expr *e) {
    const Package *p = c->fn ? package_of(c->fn) : c->pkg;
    const char *prefix = p ? p->counters : NULL;
    Expr *x = prefix && e && e->kind == E_INDEX ? unparen(e->index.x) : NULL;
    return x && x->kind == E_NAME && !strncmp(x->name.name, prefix, strlen(prefix));
}
static bool counts_coverage(const Cost *c, const Stmt *s) {
    if (s->kind == S_ASSIGN) return s->assign.op == OPR_NONE && is_counter(c, s->assign.lhs);
    Expr *call = s->kind == S_EXPR ? unparen(s->expr.x) : NULL;
    if (!call || call->kind != E_CALL || call->call.args.len != 2) return false;
    Expr *place = unparen(call->call.args.data[0]);
    return place->kind == E_UNARY && is_counter(c, place->op.x);
}

// One reason against inlining is enough, and the first is what is reported; refs needs all of the
// body.
static void cost_stmt(Cost *c, Stmt *s) {
    if (c->reason && !c->refs) return;
    if (counts_coverage(c, s)) return;
    switch (s->kind) {
    case S_EMPTY:
    case S_BAD: break;
    case S_BLOCK: cost_stmts(c, &s->block.list); break;
    case S_EXPR: cost_expr(c, s->expr.x); break;
    case S_SEND: {
        Type *t = s->send.ch->type ? core_type(s->send.ch->type) : NULL;
        c->cost++;
        cost_expr(c, s->send.ch);
        cost_value(c, s->send.x, t && t->kind == T_CHAN ? t->chan.elem : NULL);
        break;
    }
    case S_ASSIGN:
        if (s->assign.op == OPR_NONE)
            cost_assign(c, s->assign.lhs, s->assign.rhs, s->assign.define);
        else {
            c->cost++;
            cost_expr(c, s->assign.lhs);
            cost_expr(c, s->assign.rhs);
        }
        break;
    case S_INCDEC:
        c->cost += 2;
        cost_expr(c, s->incdec.x);
        break;
    case S_DECL:
        for (vec_each(Decl *, d, &s->decl.decls))
            if ((*d)->kind == D_VAR) cost_var(c, *d);
        break;
    case S_LABELED:
        c->cost++;
        cost_stmt(c, s->labeled.stmt);
        break;
    case S_BRANCH: {
        BranchExit exit =
            c->fn->range && !c->refs ? build_branch_exit(c->fn->range, s) : BRANCH_STAYS;
        if (exit == BRANCH_STAYS)
            c->cost += c->refs || s->branch.tok != TOK_FALLTHROUGH;
        else
            c->cost += (exit == BRANCH_LEAVES) * COST_NOTE + COST_NOTE + COST_STOP;
        break;
    }
    case S_GO:
    case S_DEFER:
        if (c->refs) cost_expr(c, s->go.call);
        forbid(c, s->kind == S_GO ? "unhandled op GO" : "unhandled op DEFER");
        break;
    case S_RETURN: cost_return(c, s); break;
    case S_IF: cost_if(c, s); break;
    case S_FOR: cost_for(c, s); break;
    case S_SWITCH: cost_switch(c, s); break;
    case S_SELECT: cost_select(c, s); break;
    }
}

// The state's check and the return at the end; assignments to variables from around.
static void cost_range_body(Cost *c, Stmt *s) {
    uint32_t n;
    Expr **l = build_elements(&s->for_.lhs, &n);
    c->cost += 20;
    for (uint32_t i = 0; i < n && !s->for_.define; i++) {
        if (is_blank(unparen(l[i]))) continue;
        c->cost += 2;
        cost_place(c, unparen(l[i]), false);
    }
}

// ---- verdicts -----------------------------------------------------------------------------------

static PtrMap infos; // FuncInfo * -> InlInfo *
static bool visiting;
static uint32_t visits, verdicts;
static Vec(InlInfo *) stack;

void inline_set_package(Package *p) { own = p; }

static InlInfo *info_of(FuncInfo *fn) {
    InlInfo *i = ptrmap_get(&infos, fn);
    if (i) return i;
    i = NEW(InlInfo);
    i->fn = fn;
    ptrmap_put(&infos, fn, i);
    return i;
}

static Package *package_of(FuncInfo *fn) {
    while (fn->outer) fn = fn->outer;
    return fn->obj ? fn->obj->pkg : own;
}

const char *inline_impossible(const Decl *d) {
    uint32_t p = d->pragma;
    if (p & PRAGMA_NOINLINE) return "marked go:noinline";
    if (midend_options.race && (p & PRAGMA_NORACE))
        return "marked go:norace with -race compilation";
    if (midend_options.checkptr && (p & PRAGMA_NOCHECKPTR)) return "marked go:nocheckptr";
    if (p & PRAGMA_CGO_UNSAFE_ARGS) return "marked go:cgo_unsafe_args";
    if (p & PRAGMA_UINTPTRKEEPALIVE) return "marked as having a keep-alive uintptr argument";
    if (p & PRAGMA_UINTPTRESCAPES) return "marked as having an escaping uintptr argument";
    if (p & PRAGMA_YESWRITEBARRIERREC) return "marked go:yeswritebarrierrec";
    return d->func.body ? NULL : "no function body";
}

static const char *impossible(FuncInfo *fn) {
    if (fn->decl && !is_literal(fn)) return inline_impossible(fn->decl);
    return fn->body ? NULL : "no function body";
}

// Literals know the functions that the variables of their outer functions hold only through
// themselves: each body is judged on its own.
static void judge(InlInfo *i) {
    if (i->done || i->judging) return;
    i->judging = true;
    FuncInfo *fn = i->fn;
    i->budget = is_literal(fn) ? INLINE_CLOSURE_CALLED_ONCE_COST : INLINE_MAX_BUDGET;
    i->reason = impossible(fn);
    if (!i->reason && profile_on() && profile_is_hot(inline_symbol(fn))) {
        i->budget = profile_budget();
        if (profile_debug("pgodebug", 0) > 0)
            fprintf(stderr, "hot-node enabled increased budget=%d for func=%s\n", i->budget,
                    inline_symbol(fn));
    }
    if (!i->reason) {
        bool ours = package_of(fn) == own;
        Cost c = {.fn = fn,
                  .limit = i->budget,
                  .whole = ours && explaining(),
                  .big = ours && inline_is_big(fn)};
        if (fn->range) cost_range_body(&c, fn->range);
        cost_stmts(&c, &fn->body->block.list);
        i->cost = c.cost;
        i->reason = c.reason;
        if (!i->reason && c.cost > i->budget)
            i->reason =
                xsprintf("function too complex: cost %d exceeds budget %d", c.cost, i->budget);
    }
    // In a cycle of calls verdicts depend on where it was entered.
    if (!i->reason && !fn->outer && fn->obj && is_opaque(fn->obj))
        i->reason = "its package judged so";
    i->can = !i->reason;
    i->done = true;
    i->judging = false;
}

static FuncInfoVec references(FuncInfo *fn, int *nodes) {
    FuncInfoVec refs = {0};
    Cost c = {.fn = fn, .pkg = own, .refs = &refs};
    if (fn->body) cost_stmts(&c, &fn->body->block.list);
    *nodes = c.cost;
    return refs;
}

bool inline_is_big(FuncInfo *fn) {
    int nodes;
    references(fn, &nodes);
    return nodes >= INLINE_BIG_FUNCTION_NODES;
}

static void judge_component(uint32_t first) {
    uint32_t end = stack.len;
    for (uint32_t i = first; i < end; i++) {
        stack.data[i]->order = ++verdicts;
        judge(stack.data[i]);
    }
    stack.len = first;
}

// Tarjan's, with two numbers for a function as gc has them: functions that call each other are
// judged together.
static uint32_t visit(InlInfo *i) {
    if (i->index) return i->index;
    uint32_t id = i->index = ++visits, min = ++visits;
    vec_push(&stack, i);
    int nodes;
    FuncInfoVec refs = references(i->fn, &nodes);
    for (vec_each(FuncInfo *, r, &refs)) {
        uint32_t m = visit(info_of(*r));
        if (m < min) min = m;
    }
    if ((min == id || min == id + 1) && !i->fn->lit) {
        uint32_t k = stack.len;
        do stack.data[--k]->index = UINT32_MAX;
        while (stack.data[k] != i);
        judge_component(k);
    }
    return min;
}

uint32_t inline_judge_initializers(Package *p) {
    FuncInfoVec refs = {0};
    Cost c = {.pkg = own, .refs = &refs};
    for (vec_each(Initializer, i, &p->inits)) cost_expr(&c, i->rhs);
    visiting = true;
    for (vec_each(FuncInfo *, r, &refs)) visit(info_of(*r));
    uint32_t order = ++verdicts;
    judge_component(0);
    visiting = false;
    return order;
}

// Those of other packages, and literals met on the way, are judged alone.
InlInfo *inline_info(FuncInfo *fn) {
    InlInfo *i = info_of(fn);
    if (i->done) return i;
    if (fn->range) { // no part of the graph: what its body refers to counts as the outer function's
        if (!visiting) inline_info(fn->outer);
        judge(i);
        return i;
    }
    if (package_of(fn) != own || (fn->lit && visiting))
        judge(i);
    else if (!visiting) {
        visiting = true;
        FuncInfo *top = fn;
        while (top->outer) top = top->outer;
        visit(info_of(top));
        // In a package variable's initialiser: no function around closes the component.
        if (top->lit) judge_component(0);
        visiting = false;
    }
    return i;
}
