// bloop: what the statements in a `for b.Loop()` of a benchmark compute stays computed.
//
//     for b.Loop() { x = f(1); g(2) }    becomes    for b.Loop() { x = f(1); keepalive x; t := 2;
//     g(t); keepalive t }
//
// Variables that are assigned, the results of calls whose results are dropped, and the arguments of
// calls without results count as used after the statement. Works on a statement's nodes as they are
// built; literals in the loop are functions of their own and are left alone.
#include "midend/tree/build.h"
#include "midend/report.h"

bool bloop_is_loop(const Stmt *s) {
    if (s->kind != S_FOR || s->for_.is_range || !s->for_.cond) return false;
    Expr *e = unparen(s->for_.cond);
    if (e->kind != E_CALL || e->call.args.len) return false;
    Expr *f = unparen(e->call.fun);
    if (f->kind != E_SELECTOR || !f->selector.selection) return false;
    Object *m = f->selector.selection->obj;
    return m->kind == O_FUNC && m->recv && m->ptr_recv && m->pkg &&
           !strcmp(m->pkg->path, "testing") && !strcmp(m->name, "Loop") &&
           !strcmp(as_named(m->recv)->named.obj->name, "B");
}

static void say(Pos pos, const char *what) {
    if (midend_options.m > 1) report_at(pos, "%s will be kept alive", what);
}

// The variable that x is, or a part or conversion of.
static Node *variable(Node *x) {
    while (x) {
        switch (x->op) {
        case N_LOCAL:
        case N_GLOBAL: return x;
        case N_SLICE:
        case N_DOT:
        case N_DOTPTR:
        case N_INDEX:
        case N_INDEXMAP:
        case N_CONVIFACE:
        case N_CONVNOP:
        case N_CONVNUM:
        case N_ADDR: x = x->x; break;
        default: return NULL;
        }
    }
    return NULL;
}

static void keep(NodeVec *out, Node *v, Pos pos) {
    if (v->op == N_LOCAL)
        vec_push(out, build_node1(N_KEEPALIVE, pos, NULL, node_local(v->local, pos)));
}

static void keep_named(NodeVec *out, Node *v, Pos pos) {
    say(pos, v->op == N_GLOBAL   ? v->global->symbol
             : v->local->is_temp ? xsprintf(".autotmp_%u", v->local->index)
                                 : v->local->name);
    keep(out, v, pos);
}

static void keep_place(NodeVec *out, Node *x, Pos pos) {
    Node *v = variable(x);
    if (v)
        keep_named(out, v, pos);
    else if (x && x->op == N_DEREF)
        say(pos, "dereference");
    else if (x && midend_options.m > 1)
        report_at(pos, "expr is unknown to bloop pass");
}

static Node *temporary(Build *b, Node *value, NodeVec *before, Pos pos) {
    Node *t = node_local(func_new_temp(b->fn, value->type, pos), pos);
    Node *as = build_as(t, value, pos);
    as->defines = true;
    vec_push(before, as);
    return t;
}

static void argument(Build *b, Node **a, NodeVec *before, NodeVec *after, Pos pos) {
    Node *v = variable(*a);
    if (v) {
        keep_named(after, v, pos);
        return;
    }
    say(pos, "function arg");
    *a = temporary(b, *a, before, pos);
    keep(after, *a, pos);
}

// A call without results keeps its arguments alive instead, or it could be inlined and vanish.
static void call(Build *b, Node *n, NodeVec *before, NodeVec *after) {
    Node *c = n->x;
    if (c->op != N_CALL && c->op != N_CALLINTER) return;
    if (c->type) {
        bool many = c->type->kind == T_TUPLE;
        say(c->pos, many && c->type->tuple.vars.len > 1 ? "function results" : "function result");
        if (many) {
            n->op = N_AS2CALL;
            n->y = c;
            n->x = NULL;
            for (vec_each(Object *, r, &c->type->tuple.vars)) {
                Node *t = node_local(func_new_temp(b->fn, (*r)->type, c->pos), c->pos);
                vec_push(&n->list, t);
                keep(after, t, c->pos);
            }
        } else {
            *n = *build_as(node_local(func_new_temp(b->fn, c->type, c->pos), c->pos), c, n->pos);
            n->defines = true;
            keep(after, n->x, c->pos);
        }
        return;
    }
    for (uint32_t i = 0; i < c->list.len; i++) {
        Node *a = c->list.data[i];
        if (a->op == N_SLICELIT)
            for (vec_each(Node *, e, &a->list)) argument(b, &(*e)->y, before, after, c->pos);
        else
            argument(b, &c->list.data[i], before, after, c->pos);
    }
}

// A blank place gets a temporary.
static void place(Build *b, Node **x, Type *t, NodeVec *after, Pos pos) {
    if (!*x && t) *x = node_local(func_new_temp(b->fn, t, pos), pos);
    keep_place(after, *x, pos);
}

// As gc rewrites the statements of the loop's body: what they compute is used once more behind
// each.
void bloop_keep_alive(Build *b, const Stmt *s, uint32_t from) {
    if (s->kind != S_EXPR && s->kind != S_ASSIGN && s->kind != S_INCDEC && s->kind != S_DECL)
        return;
    NodeVec out = {0};
    for (uint32_t i = 0; i < b->out->len; i++) {
        Node *n = b->out->data[i];
        if (i < from) {
            vec_push(&out, n);
            continue;
        }
        NodeVec before = {0}, after = {0};
        switch (n->op) {
        case N_EXPRSTMT: call(b, n, &before, &after); break;
        case N_AS:
            if (n->x && n->x->op == N_LOCAL && n->x->local->is_temp) break;
            place(b, &n->x, n->y->type, &after, n->pos);
            break;
        case N_OPAS: keep_place(&after, n->x, n->pos); break;
        case N_AS2:
            for (uint32_t k = 0; k < n->list.len; k++)
                place(b, &n->list.data[k], n->rlist.data[k]->type, &after, n->pos);
            break;
        case N_AS2CALL:
            for (uint32_t k = 0; k < n->list.len; k++)
                place(b, &n->list.data[k], n->y->type->tuple.vars.data[k]->type, &after, n->pos);
            break;
        case N_AS2MAP:
        case N_AS2ASSERT:
        case N_AS2RECV:
            for (uint32_t k = 0; k < n->list.len; k++)
                place(b, &n->list.data[k], k ? BASIC(BOOL) : n->y->type, &after, n->pos);
            break;
        default: break;
        }
        for (vec_each(Node *, p, &before)) vec_push(&out, *p);
        vec_push(&out, n);
        for (vec_each(Node *, p, &after)) vec_push(&out, *p);
    }
    *b->out = out;
}
