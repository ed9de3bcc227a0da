// build_expr: expressions. Each gives a node of the canonical type that the checker found (with the
// instance's type arguments put in); conversions that the source leaves implicit are made where a
// value meets its place (build_convert).
#include "midend/functions.h"
#include "midend/tree/build.h"

Type *build_type(Build *b, Type *t) {
    if (!t) return NULL;
    if (b->map.from && type_has_typeparam(t)) t = type_subst(t, &b->map);
    return types_canonical(t);
}

void build_emit(Build *b, Node *n) { vec_push(b->out, n); }

Node *build_node1(NodeOp op, Pos pos, Type *t, Node *x) {
    Node *n = node_new(op, pos, t);
    n->x = x;
    return n;
}
Node *build_node2(NodeOp op, Pos pos, Type *t, Node *x, Node *y) {
    Node *n = build_node1(op, pos, t, x);
    n->y = y;
    return n;
}
Node *build_as(Node *x, Node *y, Pos pos) { return build_node2(N_AS, pos, NULL, x, y); }

// What building n emitted runs where n stands, after what stands to its left: order.c takes it out
// of the statement.
static Node *in_place(Build *b, NodeVec *outer, Node *n) {
    NodeVec *before = b->out;
    b->out = outer;
    if (!before->len) return n;
    Node *s = build_node1(N_STMTEXPR, n->pos, n->type, n);
    s->list = *before;
    return s;
}

Node *build_temp(Build *b, Node *value) {
    Node *t = node_local(func_new_temp(b->fn, value->type, value->pos), value->pos);
    t->local->value = build_as(t, value, value->pos);
    build_emit(b, t->local->value);
    return t;
}

// One assignment of all where an effect could change what another of them reads.
void build_temps(Build *b, NodeVec *values, Pos pos) {
    bool effect = false;
    for (uint32_t i = 1; i < values->len; i++) effect |= build_has_effect(values->data[i]);
    Node *together = node_new(N_AS2, pos, NULL);
    for (vec_each(Node *, vp, values)) {
        Node *v = *vp;
        if (v->op == N_CONST || v->op == N_ZERO) continue;
        if (!effect) {
            *vp = build_temp(b, v);
            continue;
        }
        *vp = node_local(func_new_temp(b->fn, v->type, v->pos), v->pos);
        (*vp)->local->value = build_as(*vp, v, v->pos);
        vec_push(&together->list, *vp);
        vec_push(&together->rlist, v);
    }
    if (effect) build_emit(b, together);
}

void build_check_nil_iface(Build *b, Node *x) {
    Pos pos = x->pos;
    const char *symbol = rt_info[RT_panicmem].symbol;
    Func *f = unit_new_func(b->u, intern_c(symbol), symbol, type_func(NULL, 0, NULL, 0, false));
    f->external = true;
    Node *call = build_node1(N_CALL, pos, NULL, node_func(N_FUNC, f, pos));
    Node *test = build_node1(
        N_IF, pos, NULL, build_node2(N_EQ, pos, BASIC(BOOL), x, node_new(N_ZERO, pos, x->type)));
    vec_push(&test->body, build_node1(N_EXPRSTMT, pos, NULL, call));
    build_emit(b, test);
}

// A variable comes into being at its first mention: its declaration, or a capture of an outer one.
Local *build_local_of(Build *b, Object *o) {
    Local *l = ptrmap_get(&b->locals, o);
    if (l) return l;
    if (b->outer && o->owner != b->fn->info) { // captured, though the checker did not list it
        for (Build *q = b->outer; q; q = q->outer)
            if (ptrmap_get(&q->locals, o)) {
                Local *out = build_local_of(b->outer, o);
                l = build_capture(b->fn, out,
                                  out->is_capture ? out->by_ref
                                                  : build_capture_by_ref(o) || out->captured_ref);
                ptrmap_put(&b->locals, o, l);
                return l;
            }
    }
    l = func_new_local(b->fn, o->name, build_type(b, o->type), o->pos);
    l->obj = o;
    l->addr_taken = o->addr_taken;
    l->reassigned = o->assigns > 0;
    ptrmap_put(&b->locals, o, l);
    return l;
}

static Node *root_local(Node *x) {
    while (x->op == N_DOT || (x->op == N_INDEX && under(x->x->type)->kind == T_ARRAY)) x = x->x;
    return x->op == N_LOCAL ? x : NULL;
}

// &x of an addressable node, marking locals.
static Node *build_addr(Node *x) {
    Node *l = root_local(x);
    if (l) l->local->addr_taken = true;
    return build_node1(N_ADDR, x->pos, types_canonical(type_pointer(x->type)), x);
}
Node *build_deref(Node *p) {
    return build_node1(N_DEREF, p->pos, types_canonical(under(p->type)->pointer.elem), p);
}

Type *build_typed(Type *t) {
    return type_is_untyped(t) && t->kind != T_UNTYPED_NIL ? types_canonical(default_type(t)) : t;
}

// An untyped operand takes its type from the place, so that no untyped node is left in the tree.
Node *build_convert(Node *n, Type *to) {
    Type *from = n->type;
    Pos pos = n->syntax ? n->syntax->pos : n->pos;
    if (!from || from == to || !to) return n;
    if (n->op == N_ZERO && (from->kind == T_UNTYPED_NIL)) {
        n->type = to;
        return n;
    }
    if (type_is_interface(to)) {
        n->type = from = build_typed(from);
        if (type_is_interface(from) && types_identical(under(from), under(to)))
            return build_node1(N_CONVNOP, pos, to, n);
        return build_node1(N_CONVIFACE, pos, to, n);
    }
    if (n->op == N_CONST || type_is_untyped(from)) {
        if (n->op == N_CONST) {
            Node *c = node_new(N_CONST, pos, to);
            c->val = n->val;
            c->syntax = n->syntax;
            return c;
        }
        n->type = to;
        return n;
    }
    return build_node1(N_CONVNOP, pos, to, n);
}
Node *build_default(Node *n) { return build_convert(n, build_typed(n->type)); }
Node *build_value(Build *b, Expr *e, Type *to) { return build_convert(build_expr(b, e), to); }

// Walks embedded fields (and, as the last index, a field); pointers on the way are followed.
static Node *build_walk_path(Node *x, const uint32_t *path, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        Type *t = under(x->type);
        bool ptr = t->kind == T_POINTER;
        Type *s = under(ptr ? t->pointer.elem : t);
        if (s->kind != T_STRUCT) ice("selector path through %s", type_link_string(x->type));
        Node *f = build_node1(ptr ? N_DOTPTR : N_DOT, x->pos,
                              types_canonical(s->strukt.fields.data[path[i]]->type), x);
        f->field = path[i];
        x = f;
    }
    return x;
}

// recv.name(args): any receiver, embedded fields followed, address or value taken as the method
// wants.
static TypeList *instance_args(Build *b, TypeList *l) {
    if (!l) return NULL;
    TypeList *n = typelist_new(l->len);
    for (uint32_t i = 0; i < l->len; i++) n->data[i] = build_type(b, l->data[i]);
    return n;
}

Expr *build_method_selector(Build *b, Expr *e, TypeList **targs) {
    TypeList *inst = e->inst;
    Expr *x = unparen(e);
    if (x->inst) inst = x->inst;
    if (x->kind == E_INDEX && inst) x = unparen(x->index.x);
    if (x->kind != E_SELECTOR || !x->selector.selection || x->selector.selection->kind == SEL_FIELD)
        return NULL;
    if (!inst) inst = x->inst ? x->inst : x->selector.sel->inst;
    *targs = instance_args(b, inst);
    return x;
}

Type *build_method_signature(Build *b, Object *m, TypeList *targs) {
    if (!targs) return under(types_canonical(m->type));
    Type *sig = build_func_of(b->u, m, targs)->sig;
    return type_func(sig->func.params.data + 1, sig->func.params.len - 1, sig->func.results.data,
                     sig->func.results.len, sig->func.variadic);
}

// gc keeps an interface that calls give in a temporary before it calls a method of it.
static Local *gc_temp(Func *f) {
    Local *l = NEW(Local);
    l->name = intern_c(xsprintf(".autotmp_%u", f->ndcls++));
    return l;
}

// The selector's path becomes explicit, and so do & and * for the receiver.
Node *build_method_call(Build *b, Node *recv, Package *pkg, Name name, TypeList *targs,
                        NodeVec args, Pos pos) {
    Lookup l = lookup_field_or_method(recv->type, true, pkg, name, false);
    if (!l.obj) ice("no method %s on %s", name, type_link_string(recv->type));
    recv = build_walk_path(recv, l.path, l.path_len);
    Type *sig = build_method_signature(b, l.obj, targs), *rt = NULL;
    uint32_t nr = sig->func.results.len;
    if (nr == 1)
        rt = types_canonical(sig->func.results.data[0]->type);
    else if (nr > 1)
        rt = types_canonical(type_tuple(sig->func.results.data, nr));
    if (type_is_interface(recv->type)) {
        Node *c = build_node1(N_CALLINTER, pos, rt, recv);
        c->method = iface_method_index(recv->type, l.obj);
        if (build_has_effect(recv)) c->local = gc_temp(b->fn);
        c->list = args;
        return c;
    }
    bool is_ptr =
        under(recv->type)->kind == T_POINTER && !(as_named(recv->type) && !l.obj->ptr_recv &&
                                                  as_named(recv->type) == as_named(l.obj->recv));
    if (l.obj->ptr_recv && !is_ptr) {
        if (!node_is_addressable(recv)) recv = build_temp(b, recv);
        recv = build_addr(recv);
        recv->implicit = true;
    } else if (!l.obj->ptr_recv && is_ptr) {
        recv = build_deref(recv);
        recv->implicit = true;
    }
    Func *f = build_func_of(b->u, l.obj, targs);
    Node *c = build_node1(N_CALL, pos, rt, node_func(N_FUNC, f, pos));
    vec_push(&c->list, build_convert(recv, types_canonical(f->sig->func.params.data[0]->type)));
    for (vec_each(Node *, a, &args)) vec_push(&c->list, *a);
    return c;
}

// ---- names and selectors ------------------------------------------------------------------------

static Node *func_value(Build *b, Object *o, TypeList *inst, Pos pos) {
    Func *f = build_func_of(b->u, o, instance_args(b, inst));
    return node_func(N_FUNC, f, pos);
}

// nil is the zero value of the type that the checker has settled on.
static Node *object_value(Build *b, Object *o, Expr *e, TypeList *inst) {
    switch (o->kind) {
    case O_VAR: {
        bool global = o->pkg && o->parent == o->pkg->scope;
        if (global || o->is_package_var) {
            Node *n = node_new(N_GLOBAL, e->pos, types_canonical(o->type));
            n->global = build_global_of(b->u, o);
            return n;
        }
        return node_local(build_local_of(b, o), e->pos);
    }
    case O_FUNC: return func_value(b, o, inst, e->pos);
    case O_NIL: {
        return node_new(N_ZERO, e->pos, build_type(b, e->type));
    }
    default: ice("%s is no value", o->name);
    }
}

// A return takes values, so that several results go through temporaries.
void build_return_call(Build *b, Node *call, Pos pos) {
    Type *sig = b->fn->sig;
    Node *ret = node_new(N_RETURN, pos, NULL);
    if (!sig->func.results.len)
        build_emit(b, build_node1(N_EXPRSTMT, pos, NULL, call));
    else if (sig->func.results.len == 1)
        vec_push(&ret->list, call);
    else {
        Node *as = build_node2(N_AS2CALL, pos, NULL, NULL, call);
        for (vec_each(Object *, o, &sig->func.results)) {
            Node *t = node_local(func_new_temp(b->fn, (*o)->type, pos), pos);
            vec_push(&as->list, t);
            vec_push(&ret->list, t);
        }
        build_emit(b, as);
    }
    build_emit(b, ret);
}

// x.M as a value: a closure over the evaluated receiver. Its receiver's type tells the name, but
// for one that depends on type parameters: gc makes a function literal then.
static Node *method_value(Build *b, Expr *x, Package *pkg, Name name, TypeList *targs, Type *sig,
                          Pos pos) {
    Node *recv = build_expr(b, x);
    if (type_is_interface(recv->type)) {
        recv = build_temp(b, recv);
        build_check_nil_iface(b, recv); // here, not when called
    } else {
        Lookup l = lookup_field_or_method(recv->type, true, pkg, name, false);
        recv = build_walk_path(recv, l.path, l.path_len);
        bool is_ptr = under(recv->type)->kind == T_POINTER;
        if (l.obj->ptr_recv && !is_ptr && !type_is_interface(recv->type))
            recv = build_addr(recv);
        else if (!l.obj->ptr_recv && is_ptr && !type_is_interface(recv->type))
            recv = build_deref(recv);
        recv = build_temp(b, recv);
    }
    bool literal = targs || type_has_typeparam(x->type);
    Func *f = build_new_closure(b, sig, pos, literal ? "func" : "method");
    if (literal)
        f->name = f->symbol = intern_c(xsprintf("%s.%s-fm", f->symbol, name));
    else
        build_name_method(f, recv->type, name, "-fm");
    f->wrapper = true;
    Build inner = {.u = b->u, .fn = f, .map = b->map, .outer = b, .out = &f->body};
    build_params(&inner, f, f->sig);
    Local *r = build_capture(f, recv->local, false);
    NodeVec args = {0};
    for (vec_each(Local *, p, &f->params)) vec_push(&args, node_local(*p, pos));
    Node *call = build_method_call(&inner, node_local(r, pos), pkg, name, targs, args, pos);
    build_return_call(&inner, call, pos);
    vec_push(&b->u->funcs, f);
    return node_func(N_CLOSURE, f, pos);
}

// type: of the whole expression, which may be an instantiation of e with targs.
static Node *selector(Build *b, Expr *e, TypeList *targs, Type *type) {
    Selection *s = e->selector.selection;
    if (!s)
        return object_value(b, e->selector.sel->name.obj, e,
                            e->inst ? e->inst : e->selector.sel->inst);
    if (s->kind == SEL_METHODEXPR) {
        Type *T = build_type(b, s->recv);
        Selection sel = method_selection(T, s->obj, true);
        Type *sig = build_type(b, type);
        // I.M: a function calling through its first argument.
        if (type_is_interface(T) || !sel.obj || targs) {
            bool literal = targs || type_has_typeparam(s->recv);
            Func *f = build_new_closure(b, sig, e->pos, literal ? "func" : "method");
            if (!literal) build_name_method(f, T, s->obj->name, "");
            f->wrapper = true;
            Build inner = {.u = b->u, .fn = f, .outer = b, .out = &f->body};
            build_params(&inner, f, f->sig);
            NodeVec args = {0};
            for (uint32_t i = 1; i < f->params.len; i++)
                vec_push(&args, node_local(f->params.data[i], e->pos));
            Node *call = build_method_call(&inner, node_local(f->params.data[0], e->pos),
                                           s->obj->pkg, s->obj->name, targs, args, e->pos);
            build_return_call(&inner, call, e->pos);
            vec_push(&b->u->funcs, f);
            return node_func(N_CLOSURE, f, e->pos);
        }
        Func *f = build_method_func(b->u, T, &sel);
        Node *n = node_new(N_FUNC, e->pos, sig);
        n->func = f;
        return n;
    }
    if (s->kind == SEL_METHOD)
        return method_value(b, e->selector.x, s->obj->pkg, s->obj->name, targs, build_type(b, type),
                            e->pos);
    Node *x = build_expr(b, e->selector.x);
    Lookup l = b->map.from ? lookup_field_or_method(x->type, true, s->obj->pkg, s->obj->name, false)
                           : (Lookup){.obj = s->obj, .path = s->path, .path_len = s->path_len};
    Node *n = build_walk_path(x, l.path, l.path_len);
    n->pos = e->pos;
    return n;
}

// ---- literals -----------------------------------------------------------------------------------

static Node *composite(Build *b, Expr *e, Type *t);

static bool effect(Node *n, void *arg) {
    if (n->op == N_CALL || n->op == N_CALLINTER || n->op == N_RECV || n->op == N_STMTEXPR)
        *(bool *)arg = true;
    return !*(bool *)arg;
}
bool build_has_effect(Node *n) {
    bool found = false;
    node_visit(n, effect, &found);
    return found;
}

// An element: nested literals may leave out their type, and & when the element type is a pointer.
static Node *element(Build *b, Expr *e, Type *t) {
    if (e->kind != E_COMPOSITE || e->composite.type) return build_value(b, e, t);
    NodeVec before = {0}, *outer = b->out;
    b->out = &before;
    return in_place(b, outer, composite(b, e, t));
}

// Do the keys of a struct's literal stand in the order of the fields?
static bool keys_ascend(Build *b, Expr *e, Type *t) {
    uint32_t next = 0;
    for (vec_each(Expr *, x, &e->composite.elems)) {
        Lookup l = lookup_field_or_method(t, false, b->u->pkg, (*x)->kv.x->name.name, false);
        if (!l.obj || l.path_len != 1 || (uint32_t)l.path[0] < next) return false;
        next = (uint32_t)l.path[0] + 1;
    }
    return true;
}

static Node *zero_struct(Type *t, Pos pos) {
    Node *n = node_new(N_STRUCTLIT, pos, t);
    for (uint32_t i = 0; i < under(t)->strukt.fields.len; i++) vec_push(&n->list, NULL);
    return n;
}

// Where a promoted field of literal n is: through literals of the embedded structs, made where there
// are none yet.
static Node **promoted(Node *n, const Lookup *l, Pos pos, Type **type) {
    for (uint32_t i = 0; i + 1 < l->path_len; i++) {
        Node **sub = &n->list.data[l->path[i]];
        Type *t = types_canonical(under(n->type)->strukt.fields.data[l->path[i]]->type);
        bool ptr = under(t)->kind == T_POINTER;
        if (!*sub) {
            Node *lit = zero_struct(ptr ? types_canonical(under(t)->pointer.elem) : t, pos);
            *sub = ptr ? build_node1(N_ADDR, pos, t, lit) : lit;
        }
        n = (*sub)->op == N_ADDR ? (*sub)->x : *sub;
    }
    uint32_t last = l->path[l->path_len - 1];
    *type = types_canonical(under(n->type)->strukt.fields.data[last]->type);
    return &n->list.data[last];
}

static bool find_ahead(Node *n, void *found) {
    *(bool *)found |= order_ahead(n) || n->op == N_ASSERT || n->op == N_MAPLIT;
    return !*(bool *)found;
}

// Fields in their order; where the source has another one, or evaluates what is not kept, that
// counts for the effects of values: what does not go to the place of a variable is made before.
static Node *struct_literal(Build *b, Expr *e, Type *t) {
    Type *u = under(t);
    ExprVec *elems = &e->composite.elems;
    Node *n = zero_struct(t, e->pos);
    bool ordered = e->composite.nkeys < 2 || keys_ascend(b, e, t), effects = false;
    NodeVec vals = {0}, kept = {0};
    Vec(Node **) slots = {0}, kept_slots = {0};
    for (uint32_t i = 0; i < elems->len; i++) {
        Expr *x = elems->data[i];
        uint32_t at = i;
        Node **slot = NULL;
        Type *type = NULL;
        if (x->kind == E_KEYVALUE) {
            Name key = x->kv.x->name.name;
            x = x->kv.y;
            Lookup l = lookup_field_or_method(t, false, b->u->pkg, key, false);
            if (l.obj && l.path_len > 1) slot = promoted(n, &l, e->pos, &type);
            if (l.obj) at = l.path[0];
            // Unexported, of the package of the literal's instance.
            for (uint32_t k = 0; !l.obj && k < u->strukt.fields.len; k++)
                if (u->strukt.fields.data[k]->name == key) at = k;
        }
        if (!slot) {
            slot = &n->list.data[at];
            type = types_canonical(u->strukt.fields.data[at]->type);
        }
        Node *v = element(b, x, type);
        bool effect = build_has_effect(v),
             blank = slot == &n->list.data[at] && !strcmp(u->strukt.fields.data[at]->name, "_");
        effects |= effect;
        ordered &= !(blank && effect);
        vec_push(&vals, v);
        vec_push(&slots, blank ? NULL : slot);
    }
    for (uint32_t i = 0; i < vals.len; i++) {
        Node *v = vals.data[i];
        bool ahead = b->fn == b->u->init || build_has_effect(v);
        node_visit(v, find_ahead, &ahead);
        if (!ordered && effects && ahead) {
            vec_push(&kept, v);
            vec_push(&kept_slots, slots.data[i]);
        } else if (slots.data[i]) {
            *slots.data[i] = v;
        }
    }
    build_temps(b, &kept, e->pos);
    for (uint32_t i = 0; i < kept.len; i++)
        if (kept_slots.data[i]) *kept_slots.data[i] = kept.data[i];
    return n;
}

// Elements in the source's order, each with its index: keys may lead anywhere, and what has none
// follows the one before.
static Node *list_literal(Build *b, Expr *e, Type *t) {
    Type *u = under(t), *et = types_canonical(u->kind == T_ARRAY ? u->array.elem : u->slice.elem);
    Node *n = node_new(u->kind == T_ARRAY ? N_ARRAYLIT : N_SLICELIT, e->pos, t);
    int64_t at = 0, max = 0;
    for (vec_each(Expr *, xp, &e->composite.elems)) {
        Expr *x = *xp;
        if (x->kind == E_KEYVALUE) {
            if (!const_int64_value(x->kv.x->val, &at)) ice("index is not constant");
            x = x->kv.y;
        }
        Node *k = node_new(N_KEYED, x->pos, et);
        k->index = at++;
        k->y = element(b, x, et);
        vec_push(&n->list, k);
        if (at > max) max = at;
    }
    if (n->op == N_SLICELIT) n->len = max;
    return n;
}

// A pointer type is that of an element &T{…} whose & was left out.
static Node *composite(Build *b, Expr *e, Type *t) {
    Type *u = under(t);
    switch (u->kind) {
    case T_STRUCT: return struct_literal(b, e, t);
    case T_ARRAY:
    case T_SLICE: return list_literal(b, e, t);
    case T_MAP: {
        Node *n = node_new(N_MAPLIT, e->pos, t);
        for (vec_each(Expr *, x, &e->composite.elems)) {
            vec_push(&n->list, element(b, (*x)->kv.x, types_canonical(u->map.key)));
            vec_push(&n->list, element(b, (*x)->kv.y, types_canonical(u->map.elem)));
        }
        return n;
    }
    case T_POINTER:
        return build_node1(N_ADDR, e->pos, t, composite(b, e, types_canonical(u->pointer.elem)));
    default: ice("composite literal of type %s", type_link_string(t));
    }
}

// ---- operators ----------------------------------------------------------------------------------

NodeOp build_binary_op(Operator op) {
    static const NodeOp ops[OPR_COUNT] = {
        [OPR_OROR] = N_OROR,     [OPR_ANDAND] = N_ANDAND, [OPR_EQL] = N_EQ,  [OPR_NEQ] = N_NE,
        [OPR_LSS] = N_LT,        [OPR_LEQ] = N_LE,        [OPR_GTR] = N_GT,  [OPR_GEQ] = N_GE,
        [OPR_ADD] = N_ADD,       [OPR_SUB] = N_SUB,       [OPR_OR] = N_OR,   [OPR_XOR] = N_XOR,
        [OPR_MUL] = N_MUL,       [OPR_DIV] = N_DIV,       [OPR_REM] = N_REM, [OPR_AND] = N_AND,
        [OPR_ANDNOT] = N_ANDNOT, [OPR_SHL] = N_SHL,       [OPR_SHR] = N_SHR};
    return ops[op];
}

static void flatten_concat(Build *b, Expr *e, Type *t, NodeVec *out) {
    Expr *x = unparen(e);
    if (x->kind == E_BINARY && x->op.op == OPR_ADD && x->mode != MODE_CONST && !x->val) {
        flatten_concat(b, x->op.x, t, out);
        flatten_concat(b, x->op.y, t, out);
    } else
        vec_push(out, build_value(b, e, t));
}

// Comparisons bring their operands to one type, but for an interface with a concrete value: no copy
// is made.
static Node *binary(Build *b, Expr *e) {
    Operator op = e->op.op;
    Type *t = build_typed(build_type(b, e->type));
    NodeOp nop = build_binary_op(op);
    if (op == OPR_ANDAND || op == OPR_OROR) {
        Node *x = build_value(b, e->op.x, t);
        return build_node2(nop, e->pos, t, x, build_value(b, e->op.y, t));
    }
    if (op == OPR_SHL || op == OPR_SHR) {
        Node *x = build_value(b, e->op.x, t), *y = build_expr(b, e->op.y);
        if (type_is_untyped(y->type)) y = build_convert(y, BASIC(UINT));
        return build_node2(nop, e->pos, t, x, y);
    }
    if (nop >= N_EQ && nop <= N_GE) {
        Node *x = build_expr(b, e->op.x), *y = build_expr(b, e->op.y);
        bool xi = type_is_interface(x->type), yi = type_is_interface(y->type);
        if (x->type->kind == T_UNTYPED_NIL)
            x = build_convert(x, y->type);
        else if (y->type->kind == T_UNTYPED_NIL)
            y = build_convert(y, x->type);
        else if (type_is_untyped(x->type) && type_is_untyped(y->type)) {
            x = build_convert(x, build_typed(x->type));
            y = build_convert(y, x->type);
        } else if (type_is_untyped(x->type))
            x = build_convert(x, yi ? build_typed(x->type) : y->type);
        else if (type_is_untyped(y->type))
            y = build_convert(y, xi ? build_typed(y->type) : x->type);
        else if (x->type != y->type && xi == yi) {
            // one is assignable to the other: named and unnamed, or interfaces of which one
            // implements the other
            if (xi && interface_typeset(under(x->type))->methods.len >
                          interface_typeset(under(y->type))->methods.len)
                x = build_convert(x, y->type);
            else
                y = build_convert(y, x->type);
        }
        return build_node2(nop, e->pos, t, x, y);
    }
    if (op == OPR_ADD && type_is_string(t)) {
        Node *n = node_new(N_ADDSTR, e->pos, t);
        flatten_concat(b, e, t, &n->list);
        return n;
    }
    Node *x = build_value(b, e->op.x, t);
    return build_node2(nop, e->pos, t, x, build_value(b, e->op.y, t));
}

// &T{…} makes a variable, &x takes x's place. Others work on typed operands: what was untyped has
// its final type.
static Node *unary(Build *b, Expr *e) {
    Type *t = build_type(b, e->type);
    Expr *x = e->op.x;
    switch (e->op.op) {
    case OPR_AND: {
        Expr *in = unparen(x);
        if (in->kind == E_COMPOSITE)
            return build_node1(N_ADDR, e->pos, t, composite(b, in, build_type(b, in->type)));
        Node *n = build_addr(build_expr(b, x));
        n->pos = e->pos;
        n->type = t;
        return n;
    }
    case OPR_RECV: {
        Node *r = build_node1(N_RECV, e->pos, NULL, build_expr(b, x));
        r->type = types_canonical(core_type(r->x->type)->chan.elem);
        return r;
    }
    case OPR_ADD: return build_value(b, x, build_typed(t));
    case OPR_SUB:
        return build_node1(N_NEG, e->pos, build_typed(t), build_value(b, x, build_typed(t)));
    case OPR_NOT:
        return build_node1(N_NOT, e->pos, build_typed(t), build_value(b, x, build_typed(t)));
    case OPR_XOR:
        return build_node1(N_COM, e->pos, build_typed(t), build_value(b, x, build_typed(t)));
    default: ice("unary %s", operator_text[e->op.op]);
    }
}

// An index of any integer type; constants become int.
static Node *index_value(Build *b, Expr *e) {
    Node *n = build_expr(b, e);
    if (type_is_untyped(n->type) || n->op == N_CONST) {
        int64_t v;
        if (n->op == N_CONST && const_int64_value(n->val, &v))
            return node_int(BASIC(INT), v, e->pos);
        return build_convert(n, BASIC(INT));
    }
    return n;
}

static Node *index_expr(Build *b, Expr *e) {
    Node *x = build_expr(b, e->index.x);
    Type *u = core_type(x->type);
    if (!u) u = under(x->type);
    Type *t = build_type(
        b, e->commaok && e->type->kind == T_TUPLE ? e->type->tuple.vars.data[0]->type : e->type);
    if (u->kind == T_MAP)
        return build_node2(N_INDEXMAP, e->pos, types_canonical(u->map.elem), x,
                           build_value(b, e->index.index.data[0], types_canonical(u->map.key)));
    return build_node2(N_INDEX, e->pos, t, x, index_value(b, e->index.index.data[0]));
}

static Node *slice_expr(Build *b, Expr *e) {
    Node *x = build_expr(b, e->slice.x);
    Type *u = under(x->type);
    if (u->kind == T_ARRAY) x = build_addr(x);
    Node *n = build_node1(N_SLICE, e->pos, build_type(b, e->type), x);
    if (type_is_untyped(n->type)) n->type = BASIC(STRING);
    Expr *parts[] = {e->slice.i, e->slice.j, e->slice.k};
    for (int i = 0; i < 3; i++) vec_push(&n->list, parts[i] ? index_value(b, parts[i]) : NULL);
    return n;
}

// Constants first, whatever they are made of: of 1 << 3 no operator is left. syntax leads back to
// the source, which reports quote.
static Node *expr(Build *b, Expr *e) {
    set_ice_pos(e->pos);
    if (e->val && (e->mode == MODE_CONST || e->mode == MODE_VALUE)) {
        Type *t = build_type(b, e->type);
        Node *n = node_new(N_CONST, e->pos, build_typed(t));
        n->val = e->val;
        n->syntax = e;
        if (type_is_interface(n->type)) { // an untyped constant whose final type is an interface
            const Const *c = e->val;
            Type *d = const_kind(c) == CONST_BOOL     ? BASIC(BOOL)
                      : const_kind(c) == CONST_STRING ? BASIC(STRING)
                      : const_kind(c) == CONST_INT    ? BASIC(INT)
                      : const_kind(c) == CONST_FLOAT  ? BASIC(FLOAT64)
                                                      : BASIC(COMPLEX128);
            Type *want = n->type;
            n->type = d;
            return build_convert(n, want);
        }
        return n;
    }
    if (e->mode == MODE_NILVALUE) return node_new(N_ZERO, e->pos, build_type(b, e->type));
    Node *n = NULL;
    switch (e->kind) {
    case E_PAREN: return build_expr(b, e->paren.x);
    case E_NAME: n = object_value(b, e->name.obj, e, e->inst); break;
    case E_SELECTOR: {
        TypeList *targs = NULL;
        build_method_selector(b, e, &targs);
        n = selector(b, e, targs, e->type);
        break;
    }
    case E_INDEX:
        if (e->inst) { // explicit instantiation of a function or method
            TypeList *targs;
            Expr *m = build_method_selector(b, e, &targs);
            if (m) return selector(b, m, targs, e->type);
            Expr *f = unparen(e->index.x);
            Object *o = f->kind == E_NAME ? f->name.obj
                        : f->kind == E_SELECTOR && !f->selector.selection
                            ? f->selector.sel->name.obj
                            : NULL;
            if (!o) ice("instantiated function is no name");
            return func_value(b, o, e->inst, e->pos);
        }
        n = index_expr(b, e);
        break;
    case E_SLICE: n = slice_expr(b, e); break;
    case E_ASSERT: {
        Type *t =
            build_type(b, e->commaok && e->type->kind == T_TUPLE ? e->type->tuple.vars.data[0]->type
                                                                 : e->type);
        n = build_node1(N_ASSERT, e->pos, t, build_expr(b, e->assert_.x));
        break;
    }
    case E_STAR:
        n = build_node1(N_DEREF, e->pos, build_type(b, e->type), build_expr(b, e->star.x));
        break;
    case E_UNARY: n = unary(b, e); break;
    case E_BINARY: n = binary(b, e); break;
    case E_CALL: n = build_call_node(b, e); break;
    case E_COMPOSITE: n = composite(b, e, build_type(b, e->type)); break;
    case E_FUNCLIT: n = build_closure(b, e->funclit.info, e->pos); break;
    default: ice("expression kind %d has no value", e->kind);
    }
    n->syntax = e;
    return n;
}

Node *build_expr(Build *b, Expr *e) {
    NodeVec before = {0}, *outer = b->out;
    b->out = &before;
    Node *n = in_place(b, outer, expr(b, e));
    if (before.len) n->syntax = e;
    return n;
}

Node *build_place(Build *b, Expr *e) {
    Expr *x = unparen(e);
    if (x->kind == E_NAME && !strcmp(x->name.name, "_")) return NULL;
    return build_expr(b, x);
}
