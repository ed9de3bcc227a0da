// build_call: calls, conversions, built-in functions, and the closures that go and defer make of
// calls.
#include "midend/tree/build.h"

static Type *result_type(Type *sig) {
    uint32_t n = sig->func.results.len;
    if (n == 0) return NULL;
    if (n == 1) return types_canonical(sig->func.results.data[0]->type);
    return types_canonical(type_tuple(sig->func.results.data, n));
}

// f(g()) with a multi-value g.
static bool spreads(const Expr *call) {
    if (call->call.args.len != 1) return false;
    const Expr *a = unparen(call->call.args.data[0]);
    return a->kind == E_CALL && a->type && a->type->kind == T_TUPLE && !a->commaok;
}

bool build_results(Build *b, Node *call, Pos pos, NodeVec *out) {
    if (!call->type || call->type->kind != T_TUPLE) return false;
    Node *as = build_node2(N_AS2CALL, pos, NULL, NULL, call);
    for (vec_each(Object *, o, &call->type->tuple.vars)) {
        Node *tmp = node_local(func_new_temp(b->fn, (*o)->type, pos), pos);
        b->fn->ndcls++; // gc declares them, too
        vec_push(&as->list, tmp);
        vec_push(out, tmp);
    }
    build_emit(b, as);
    return true;
}

static bool spread(Build *b, Expr *call, NodeVec *out) {
    if (!spreads(call)) return false;
    Expr *a = unparen(call->call.args.data[0]);
    return build_results(b, build_call_node(b, a), a->pos, out);
}

// Arguments as the signature (without receiver) wants them: converted, the variadic ones packed
// into a slice.
static void build_args(Build *b, Expr *call, Type *sig, NodeVec *out) {
    NodeVec vals = {0};
    uint32_t np = sig->func.params.len;
    if (!spread(b, call, &vals)) {
        for (uint32_t i = 0; i < call->call.args.len; i++) {
            Type *want = NULL;
            if (i + 1 < np || !sig->func.variadic)
                want = i < np ? types_canonical(sig->func.params.data[i]->type) : NULL;
            else {
                want = types_canonical(sig->func.params.data[np - 1]->type);
                if (!call->call.dots) want = types_canonical(under(want)->slice.elem);
            }
            vec_push(&vals, build_value(b, call->call.args.data[i], want));
        }
    }
    uint32_t fixed = sig->func.variadic ? np - 1 : np;
    for (uint32_t i = 0; i < fixed; i++)
        vec_push(out, build_convert(vals.data[i], types_canonical(sig->func.params.data[i]->type)));
    if (!sig->func.variadic) return;
    Type *st = types_canonical(sig->func.params.data[fixed]->type);
    if (call->call.dots) {
        vec_push(out, build_convert(vals.data[fixed], st));
        return;
    }
    if (vals.len == fixed) {
        vec_push(out, node_new(N_ZERO, call->pos, st));
        return;
    }
    Type *et = types_canonical(under(st)->slice.elem);
    Node *lit = node_new(N_SLICELIT, call->pos, st);
    lit->is_ddd = true;
    for (uint32_t i = fixed; i < vals.len; i++) {
        Node *k = node_new(N_KEYED, vals.data[i]->pos, et);
        k->index = i - fixed;
        k->y = build_convert(vals.data[i], et);
        vec_push(&lit->list, k);
    }
    lit->len = vals.len - fixed;
    vec_push(out, lit);
}

// ---- conversions --------------------------------------------------------------------------------

static bool is_bytes(Type *t) {
    return t->kind == T_SLICE && under(t->slice.elem)->kind == T_UINT8;
}
static bool is_runes(Type *t) {
    return t->kind == T_SLICE && under(t->slice.elem)->kind == T_INT32;
}

// With -m a conversion to the same type stays a node, since gc's reports name it.
static Node *conversion(Build *b, Expr *call, Type *to) {
    Node *x = build_expr(b, call->call.args.data[0]);
    Type *from = x->type, *fu, *tu = under(to);
    Pos pos = call->call.args.data[0]->pos; // where gc sees a conversion
    if (from->kind == T_UNTYPED_NIL || type_is_interface(to)) {
        x = build_convert(x, to);
        x->pos = pos;
        return x;
    }
    if (type_is_untyped(from)) {
        if (type_is_string(to) && !type_is_string(from) && x->op == N_CONST)
            x = build_convert(x, BASIC(INT));
        else if (tu->kind == T_SLICE)
            x = build_convert(x, BASIC(STRING));
        else
            return build_convert(x, to);
        from = x->type;
    }
    fu = under(from);
    if (from == to)
        return midend_options.m && x->op != N_CONST ? build_node1(N_CONVNOP, pos, to, x) : x;
    if (tu->kind == T_STRING) {
        if (is_bytes(fu)) return build_node1(N_BYTES2STR, pos, to, x);
        if (is_runes(fu)) return build_node1(N_RUNES2STR, pos, to, x);
        if (type_is_integer(from)) return build_node1(N_RUNE2STR, pos, to, x);
    } else if (fu->kind == T_STRING && tu->kind == T_SLICE) {
        return build_node1(is_bytes(tu) ? N_STR2BYTES : N_STR2RUNES, pos, to, x);
    } else if (fu->kind == T_SLICE && tu->kind == T_ARRAY) {
        return build_node1(N_SLICE2ARR, pos, to, x);
    } else if (fu->kind == T_SLICE && tu->kind == T_POINTER) {
        return build_node1(N_SLICE2ARRPTR, pos, to, x);
    } else if (type_is_numeric(from) && type_is_numeric(to) && fu->kind != tu->kind) {
        // To what was a type parameter: representable, as the checker has seen.
        if (x->op == N_CONST) {
            x->type = to;
            return x;
        }
        return build_node1(N_CONVNUM, pos, to, x);
    }
    return build_node1(N_CONVNOP, pos, to, x);
}

// ---- built-in functions -------------------------------------------------------------------------

// A call of a built-in function: of f(g()) with a multi-value g the values are there already.
typedef struct Builtin {
    Build *b;
    Expr *call;
    NodeVec values;
} Builtin;

static Node *arg(const Builtin *c, uint32_t i) {
    return i < c->values.len ? c->values.data[i] : build_expr(c->b, c->call->call.args.data[i]);
}
static uint32_t arg_count(const Builtin *c) {
    return c->values.len ? c->values.len : c->call->call.args.len;
}
static Node *arg_as(const Builtin *c, uint32_t i, Type *to) { return build_convert(arg(c, i), to); }

static Node *int_arg(const Builtin *c, uint32_t i) {
    if (i >= arg_count(c)) return NULL;
    Node *n = arg(c, i);
    int64_t v;
    if (n->op == N_CONST && const_int64_value(n->val, &v)) return node_int(BASIC(INT), v, n->pos);
    return type_is_untyped(n->type) ? build_convert(n, BASIC(INT)) : n;
}

// A call without elements is the slice itself, which -m and escape analysis then do not see an
// append of.
static Node *append(const Builtin *c, Type *t) {
    ExprVec *args = &c->call->call.args;
    Type *elem = types_canonical(under(t)->slice.elem);
    NodeVec vals = c->values;
    if (!vals.len) {
        vec_push(&vals, build_value(c->b, args->data[0], t));
        if (c->call->call.dots)
            return build_node2(N_APPENDSLICE, c->call->pos, t, vals.data[0],
                               build_expr(c->b, args->data[1]));
        for (uint32_t i = 1; i < args->len; i++)
            vec_push(&vals, build_value(c->b, args->data[i], elem));
    }
    if (vals.len == 1) return vals.data[0];
    Node *n = build_node1(N_APPEND, c->call->pos, t, build_convert(vals.data[0], t));
    for (uint32_t i = 1; i < vals.len; i++) vec_push(&n->list, build_convert(vals.data[i], elem));
    return n;
}

// unsafe.Offsetof, in a type that was a type parameter: along the path to an embedded field.
static Node *offset_of(Build *b, Expr *call) {
    Expr *s = unparen(call->call.args.data[0]);
    Type *at = build_type(b, s->selector.x->type);
    Lookup l = lookup_field_or_method(at, true, b->u->pkg, s->selector.sel->name.name, false);
    int64_t off = 0;
    at = deref(at, NULL);
    for (uint32_t i = 0; i < l.path_len; i++) {
        off += type_field_offset(at, l.path[i]);
        at = under(at)->strukt.fields.data[l.path[i]]->type;
    }
    return node_int(BASIC(UINTPTR), off, call->pos);
}

// Arguments are converted to what each function wants here: lowering meets only typed operands.
static Node *builtin(Build *b, Expr *call, BuiltinId id) {
    Builtin c = {b, call, {0}};
    spread(b, call, &c.values);
    Pos pos = call->pos;
    ExprVec *args = &call->call.args;
    Type *t = call->type ? build_type(b, call->type) : NULL;
    if (t) t = build_typed(t);
    switch (id) {
    case BUILTIN_APPEND: return append(&c, t);
    case BUILTIN_LEN:
    case BUILTIN_CAP: {
        Node *x = arg(&c, 0);
        Type *u = under(x->type);
        if (u->kind == T_POINTER) u = under(u->pointer.elem);
        if (u->kind == T_ARRAY) { // not constant: x has calls or receives
            build_emit(b, build_as(NULL, x, pos));
            return node_int(BASIC(INT), u->array.len, pos);
        }
        return build_node1(id == BUILTIN_LEN ? N_LEN : N_CAP, pos, BASIC(INT), x);
    }
    case BUILTIN_CLEAR: return build_node1(N_CLEAR, pos, NULL, arg(&c, 0));
    case BUILTIN_CLOSE: return build_node1(N_CLOSE, pos, NULL, arg(&c, 0));
    case BUILTIN_COMPLEX: {
        Type *f = under(t)->kind == T_COMPLEX64 ? BASIC(FLOAT32) : BASIC(FLOAT64);
        Node *x = arg(&c, 0), *y = arg(&c, 1);
        return build_node2(N_COMPLEX, pos, t, build_convert(x, f), build_convert(y, f));
    }
    case BUILTIN_COPY: {
        Node *x = arg(&c, 0), *y = build_default(arg(&c, 1));
        return build_node2(N_COPY, pos, BASIC(INT), x, y);
    }
    case BUILTIN_DELETE: {
        Node *m = arg(&c, 0);
        return build_node2(N_DELETE, pos, NULL, m,
                           arg_as(&c, 1, types_canonical(core_type(m->type)->map.key)));
    }
    case BUILTIN_REAL:
    case BUILTIN_IMAG:
        return build_node1(id == BUILTIN_REAL ? N_REAL : N_IMAG, pos, t, build_default(arg(&c, 0)));
    case BUILTIN_MAKE: {
        Type *u = core_type(t);
        Node *x = int_arg(&c, 1), *y = int_arg(&c, 2);
        if (u->kind == T_SLICE) return build_node2(N_MAKESLICE, pos, t, x, y);
        return build_node1(u->kind == T_MAP ? N_MAKEMAP : N_MAKECHAN, pos, t, x);
    }
    case BUILTIN_MAX:
    case BUILTIN_MIN: {
        Node *n = node_new(id == BUILTIN_MAX ? N_MAX : N_MIN, pos, t);
        for (uint32_t i = 0; i < arg_count(&c); i++)
            vec_push(&n->list, c.values.len ? arg_as(&c, i, t) : build_value(b, args->data[i], t));
        return n->list.len == 1 ? n->list.data[0] : n;
    }
    case BUILTIN_NEW: {
        Node *n = node_new(N_NEW, pos, t);
        if (args->data[0]->mode != MODE_TYPE)
            n->x = build_value(b, args->data[0], types_canonical(under(t)->pointer.elem));
        return n;
    }
    case BUILTIN_PANIC:
        return build_node1(N_PANIC, pos, NULL, arg_as(&c, 0, types_canonical(type_any)));
    case BUILTIN_PRINT:
    case BUILTIN_PRINTLN: {
        Node *n = node_new(id == BUILTIN_PRINT ? N_PRINT : N_PRINTLN, pos, NULL);
        for (uint32_t i = 0; i < arg_count(&c); i++) vec_push(&n->list, build_default(arg(&c, i)));
        return n;
    }
    case BUILTIN_RECOVER:
        b->fn->has_recover = true;
        return node_new(N_RECOVER, pos, types_canonical(type_any));
    case BUILTIN_UNSAFE_ADD: return build_node2(N_UNSAFEADD, pos, t, arg(&c, 0), int_arg(&c, 1));
    case BUILTIN_UNSAFE_SLICE:
        return build_node2(N_UNSAFESLICE, pos, t, arg(&c, 0), int_arg(&c, 1));
    case BUILTIN_UNSAFE_STRING:
        return build_node2(N_UNSAFESTRING, pos, t, arg(&c, 0), int_arg(&c, 1));
    case BUILTIN_UNSAFE_SLICEDATA: return build_node1(N_SLICEDATA, pos, t, arg(&c, 0));
    case BUILTIN_UNSAFE_STRINGDATA:
        return build_node1(N_STRINGDATA, pos, t, build_default(arg(&c, 0)));
    case BUILTIN_UNSAFE_SIZEOF:
    case BUILTIN_UNSAFE_ALIGNOF: { // of a type that was a type parameter
        Type *at = build_type(b, args->data[0]->type);
        return node_int(BASIC(UINTPTR),
                        id == BUILTIN_UNSAFE_SIZEOF ? type_size(at) : type_align(at), pos);
    }
    case BUILTIN_UNSAFE_OFFSETOF: return offset_of(b, call);
    default: ice("built-in %d", id);
    }
}

// ---- calls --------------------------------------------------------------------------------------

// Conversions and built-in functions look like calls, too: what the callee is tells them apart.
Node *build_call_node(Build *b, Expr *call) {
    Expr *fun = unparen(call->call.fun);
    set_ice_pos(call->pos);
    if (fun->mode == MODE_TYPE) return conversion(b, call, build_type(b, call->type));
    if (fun->mode == MODE_BUILTIN) {
        Object *o = fun->kind == E_SELECTOR ? fun->selector.sel->name.obj : fun->name.obj;
        return builtin(b, call, o->builtin);
    }
    // method calls: the receiver first
    TypeList *targs = NULL;
    Expr *sel = build_method_selector(b, call->call.fun, &targs);
    if (sel && sel->selector.selection->kind == SEL_METHOD) {
        Object *m = sel->selector.selection->obj;
        Node *recv = build_expr(b, sel->selector.x);
        Lookup l = lookup_field_or_method(recv->type, true, m->pkg, m->name, false);
        if (!l.obj) ice("no method %s on %s", m->name, type_link_string(recv->type));
        NodeVec args = {0};
        if (spreads(call) && !node_is_addressable(recv)) recv = build_temp(b, recv); // as below
        build_args(b, call, build_method_signature(b, l.obj, targs), &args);
        return build_method_call(b, recv, m->pkg, m->name, targs, args, call->pos);
    }
    Node *f = build_expr(b, call->call.fun);
    Type *sig = core_type(f->type);
    if (!sig || sig->kind != T_FUNC) ice("call of %s", type_link_string(f->type));
    Node *n = build_node1(N_CALL, call->pos, result_type(sig), f);
    // f(g()) with a multi-value g runs g ahead of the call: what gives f comes before it.
    if (spreads(call) && f->op != N_FUNC && f->op != N_CLOSURE) n->x = build_temp(b, f);
    build_args(b, call, sig, &n->list);
    return n;
}

// ---- go and defer -------------------------------------------------------------------------------

typedef Vec(Node **) Places;

// Where the wrapper's call has what is evaluated now: all but what may as well be made when the
// call runs.
static void find_carried(Node **np, Places *out) {
    Node *n = *np;
    if (!n) return;
    switch (n->op) {
    case N_CONST:
    case N_ZERO:
    case N_FUNC: return;
    case N_NEW:
        if (!n->x) return;
        break;
    case N_CONVNOP: // uintptr(p): the pointer is what to keep
        if (under(n->type)->kind != T_UINTPTR || under(n->x->type)->kind != T_UNSAFEPTR) break;
        find_carried(&n->x, out);
        return;
    case N_KEYED: find_carried(&n->y, out); return;
    case N_SLICELIT:
    case N_ARRAYLIT:
    case N_STRUCTLIT:
        for (vec_each(Node *, e, &n->list)) find_carried(e, out);
        return;
    default: break;
    }
    vec_push(out, np);
}

// Moves the values that c needs into the wrapper f, which captures them.
static void carry(Build *b, Func *f, Node *c) {
    Places places = {0};
    find_carried(&c->x, &places);
    find_carried(&c->y, &places);
    for (vec_each(Node *, e, &c->list)) find_carried(e, &places);
    NodeVec vals = {0};
    for (vec_each(Node **, p, &places)) vec_push(&vals, **p);
    build_temps(b, &vals, c->pos);
    if (c->op == N_CALLINTER) // not when the call runs
        build_check_nil_iface(b, c->x->op == N_ZERO ? c->x : vals.data[0]);
    for (uint32_t i = 0; i < vals.len; i++)
        *places.data[i] =
            node_local(build_capture(f, vals.data[i]->local, false), vals.data[i]->pos);
}

// The call of go or defer as a call of a closure without parameters and results.
Node *build_wrap_call(Build *b, Expr *call, bool is_go, Pos stmt) {
    call = unparen(call);
    Pos pos = call->pos;
    Node *c = build_call_node(b, call);
    while (c->op == N_STMTEXPR) c = c->x;
    if (c->op == N_CALL && !c->list.len && !c->type)
        return c; // go tells now if a func value is nil, a deferred call when it runs
    Type *plain = types_canonical(type_func(NULL, 0, NULL, 0, false));
    Func *f = build_new_closure(b, plain, stmt, is_go ? "gowrap" : "deferwrap");
    f->wrapper = c->op != N_RECOVER;
    if (c->op == N_CALL && c->x->op == N_CLOSURE) f->wraps = c->x->func;
    Build inner = {.u = b->u, .fn = f, .map = b->map, .outer = b, .out = &f->body};
    if (c->op == N_RECOVER) {
        f->has_recover = true;
        c->frames = 2; // as if the function at hand called it while it returns
    }
    carry(b, f, c);
    bool expr = c->op < N_BLOCK;
    build_emit(&inner, expr ? build_node1(N_EXPRSTMT, pos, NULL, c) : c);
    vec_push(&b->u->funcs, f);
    Node *fn = node_func(N_CLOSURE, f, pos);
    return build_node1(N_CALL, pos, NULL, fn);
}
