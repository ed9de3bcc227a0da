// devirtualize_profile: calls by way of interfaces and func values become, where a profile tells of one
// callee, the choice between a call of that and the call as it was; the former may be inlined.
//
//     r.Read(p)    becomes    t, ok := r.(*os.File)
//                             if ok { n, err = t.Read(p) } else { n, err = r.Read(p) }
//
//     f(x)         becomes    if f == F { y = F(x) } else { y = f(x) }
//
// Which callee is gc's rule: the heaviest edge from the call's line of the function, if its callee can
// be seen from here and fits; what can not be seen is taken to fit, and then nothing is done. Packages
// that are seen are those that this one imports in some way.
#define _GNU_SOURCE 1
#include "midend/profile.h"
#include "midend/report.h"
#include "midend/tree/inline.h"
#include "midend/tree/summary.h"

// ---- Callees by their symbols ----

static void add_seen(PtrMap *seen, Package *p) {
    Name path = intern_c(package_symbol_path(p));
    if (ptrmap_has(seen, path)) return;
    ptrmap_put(seen, path, p);
    for (vec_each(Package *, i, &p->imports)) add_seen(seen, *i);
}

static Package *seen_package(const Unit *u, Name path) {
    static const Unit *of;
    static PtrMap seen;
    if (of != u) {
        of = u;
        seen = (PtrMap){0};
        add_seen(&seen, u->pkg);
    }
    return ptrmap_get(&seen, path);
}

static Object *find_method(const Package *p, Name type, Name name, bool ptr) {
    Object *o = scope_lookup(p->scope, type);
    Type *t = o && o->kind == O_TYPENAME && !o->is_alias && o->type ? as_named(o->type) : NULL;
    if (!t || t->named.tparams) return NULL;
    for (uint32_t i = 0; i < named_num_methods(t); i++) {
        Object *m = named_method(t, i);
        if (m->name == name && m->ptr_recv == ptr && m->type && !m->type->func.tparams) return m;
    }
    return NULL;
}

// path.F, path.T.M or path.(*T).M; NULL for others: closures and instances, too.
static Object *find_function(const Unit *u, const char *symbol) {
    const char *slash = strrchr(symbol, '/'), *dot = strchr(slash ? slash : symbol, '.');
    if (!dot || strchr(symbol, '[')) return NULL;
    Package *p = seen_package(u, intern(symbol, (size_t)(dot - symbol)));
    if (!p || !p->scope) return NULL;
    if (p != u->pkg) summary_note_search(p);
    const char *rest = dot + 1, *method = strrchr(rest, '.');
    if (!method) {
        Object *o = scope_lookup(p->scope, intern_c(rest));
        return o && o->kind == O_FUNC && o->type && !o->type->func.tparams ? o : NULL;
    }
    bool ptr = rest[0] == '(' && rest[1] == '*' && method > rest + 3 && method[-1] == ')';
    const char *type = ptr ? rest + 2 : rest;
    size_t n = (size_t)(method - type) - ptr;
    return find_method(p, intern(type, n), intern_c(method + 1), ptr);
}

// ---- Which one ----

static Type *receiver_type(const Object *m) {
    return types_canonical(m->ptr_recv ? type_pointer(m->recv) : m->recv);
}

static Object *interface_method(const Node *call) {
    return interface_typeset(under(call->x->type))->methods.data[call->method];
}

static bool fits(const Node *call, const Object *o) {
    if (call->op == N_CALL)
        return types_identical(under(call->x->type), under(o->recv ? BASIC(INVALID) : o->type));
    return o->recv && type_implements(receiver_type(o), call->x->type, false, NULL) &&
           o->name == interface_method(call)->name;
}

// The hottest one that is seen; of equal ones those that are come first, then the first by name.
static Object *hottest(const Unit *u, const Func *f, const Node *call) {
    const ProfileEdgeVec *edges = profile_edges(f->symbol);
    int line = inline_line_of_call(f, call);
    const ProfileEdge *best = NULL;
    Object *callee = NULL;
    for (uint32_t i = 0; edges && i < edges->len; i++) {
        const ProfileEdge *e = &edges->data[i];
        if (e->line != line || (best && e->weight < best->weight)) continue;
        Object *o = find_function(u, e->callee);
        if (o && !fits(call, o)) continue;
        if (best && e->weight == best->weight &&
            (!o == !callee ? strcmp(e->callee, best->callee) > 0 : !o))
            continue;
        best = e;
        callee = o;
    }
    if (profile_debug("pgodebug", 0) > 1 && edges) {
        Position at = source_position(call->pos);
        if (best)
            fprintf(stderr, "%s:%u:%u: call %s:%d: hottest callee %s (weight %lld)\n", at.file,
                    at.line, at.col, f->symbol, line, best->callee, (long long)best->weight);
        else
            fprintf(stderr, "%s:%u:%u: call %s:%d: no hot callee\n", at.file, at.line, at.col,
                    f->symbol, line);
    }
    return best && best->weight ? callee : NULL;
}

// ---- The choice ----

static NodeVec copies(const NodeVec *list) {
    NodeVec out = {0};
    for (vec_each(Node *, n, list)) vec_push(&out, node_copy(*n));
    return out;
}

// call, with its results in variables.
static void put_call(NodeVec *to, Node *call, const NodeVec *results) {
    Node *s;
    if (!results->len)
        s = build_node1(N_EXPRSTMT, call->pos, NULL, call);
    else if (results->len == 1)
        s = build_as(node_copy(results->data[0]), call, call->pos);
    else {
        s = node_new(N_AS2CALL, call->pos, NULL);
        s->list = copies(results);
        s->y = call;
    }
    vec_push(to, s);
}

static void add_results(Func *f, const Node *call, NodeVec *out) {
    Type *t = call->type;
    if (!t) return;
    if (t->kind != T_TUPLE) {
        vec_push(out, node_local(func_new_temp(f, t, call->pos), call->pos));
        return;
    }
    for (vec_each(Object *, v, &t->tuple.vars))
        vec_push(out,
                 node_local(func_new_temp(f, types_canonical((*v)->type), call->pos), call->pos));
}

// r.(T): the value, and whether it is one.
static Node *put_assert(Build *b, Node *x, Type *T, Pos pos, Node **ok) {
    Node *as = node_new(N_AS2ASSERT, pos, NULL),
         *value = node_local(func_new_temp(b->fn, T, pos), pos);
    as->y = build_node1(N_ASSERT, pos, T, node_copy(x));
    *ok = node_local(func_new_temp(b->fn, BASIC(BOOL), pos), pos);
    vec_push(&as->list, value);
    vec_push(&as->list, *ok);
    build_emit(b, as);
    return value;
}

static Node *direct_call(Build *b, Node *call, Object *callee, Node *recv) {
    NodeVec args = copies(&call->list);
    if (recv)
        return build_method_call(b, node_copy(recv), callee->pkg, callee->name, NULL, args,
                                 call->pos);
    Node *c = build_node1(N_CALL, call->pos, call->type,
                          node_func(N_FUNC, build_func_of(b->u, callee, NULL), call->pos));
    c->list = args;
    return c;
}

Func *profile_devirtualize(Unit *u, Func *f, Node *call, NodeVec *out, NodeVec *results) {
    int level = profile_debug("pgodevirtualize", 2);
    bool value = call->op == N_CALL;
    if (level < (value ? 2 : 1) || (value && (call->x->op == N_FUNC || call->x->op == N_CLOSURE)) ||
        (value && !is_kind(call->x->type, T_FUNC)))
        return NULL;
    Object *callee = hottest(u, f, call);
    if (!callee || !callee->decl) return NULL;
    const char *why = inline_impossible(callee->decl);
    if (why) {
        if (midend_options.m > 1 && callee->pkg == u->pkg)
            report_at(callee->decl->pos, "should not PGO devirtualize %s: %s", callee->name, why);
        return NULL;
    }
    Build b = {.u = u, .fn = f, .out = out};
    NodeVec operands = {0};
    vec_push(&operands, call->x);
    for (vec_each(Node *, a, &call->list)) vec_push(&operands, *a);
    build_temps(&b, &operands, call->pos);
    call->x = operands.data[0];
    for (uint32_t i = 0; i < call->list.len; i++) call->list.data[i] = operands.data[i + 1];
    add_results(f, call, results);
    Node *test, *recv = NULL;
    if (value) {
        Node *code = node_func(N_FUNC, build_func_of(u, callee, NULL), call->pos);
        code->type = call->x->type;
        test = build_node2(N_EQ, call->pos, BASIC(BOOL), node_copy(call->x), code);
    } else
        recv = put_assert(&b, call->x, receiver_type(callee), call->pos, &test);
    Node *choice = build_node1(N_IF, call->pos, NULL, node_copy(test));
    choice->likely = true;
    b.out = &choice->body;
    Node *direct = direct_call(&b, call, callee, recv);
    direct->type = call->type;
    direct->syntax = call->syntax;
    put_call(&choice->body, direct, results);
    put_call(&choice->els, call, results);
    vec_push(out, choice);
    return build_func_of(u, callee, NULL);
}
