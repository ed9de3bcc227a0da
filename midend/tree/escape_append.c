// escape_append: slices that append builds in the frame though they leave the function, as long as
// only their variable refers to their array (cmd/compile/internal/slice).
//
//     var s []int                        var s []int
//     for i := range n {                 for i := range n {
//         s = append(s, i)                   s = append(s, i)    // does not escape
//     }                                  }
//     return s                           return move2heap(s)
//
// Of the arrays that append allocates on the way all but the last are garbage at once; small ones
// now stand in the frame. A variable qualifies if all that is done to it leaves it the only one
// that refers to its array: s = append(s, …), s[i], s[i:j] to itself, len, cap, calls that do not
// keep it; but for one place outside of inner loops, where it is assigned to something else, ranged
// over or returned: there the array moves to the heap.
#include "midend/tree/escape.h"

typedef struct Use { // of a variable that is tracked
    Local *local;
    Node **leaves; // where it is mentioned as it leaves; NULL: nowhere so far
    NodeVec appends;
    uint32_t weight; // of its appends: those in loops count for more
    uint32_t depth;  // of loops, where it is declared
    bool cap_used, dropped;
} Use;

typedef struct Search {
    PtrMap uses; // Local -> Use
    uint32_t depth;
    Func *f;
} Search;

enum { ARRAY_MAX = 32 }; // bytes: ssagen_slice.c's SMALL_ARRAY

static Use *use_of(const Search *s, const Node *n) {
    Use *u = n && n->op == N_LOCAL ? ptrmap_get(&s->uses, n->local) : NULL;
    return u && !u->dropped ? u : NULL;
}

static void look(Search *s, Node *n);
static void look_list(Search *s, NodeVec *l) {
    for (vec_each(Node *, n, l)) look(s, *n);
}

// Something else refers to the array from here on. More than one such place, or one that comes
// round again, is left alone.
static bool leave(Search *s, Node **at) {
    Use *u = use_of(s, *at);
    if (!u) return false;
    if (u->leaves || s->depth > u->depth) u->dropped = true;
    u->leaves = at;
    return true;
}

// x = y; false: y is nothing that leaves x the only one with its array.
static bool look_own(Search *s, Use *u, Node *x, Node *y) {
    switch (y->op) {
    case N_ZERO: return true;
    case N_SLICELIT:
        u->cap_used = true;
        look_list(s, &y->list);
        return true;
    case N_SLICE:
        if (use_of(s, y->x) != u) return false;
        u->cap_used = true;
        look_list(s, &y->list);
        return true;
    case N_APPEND:
        if (use_of(s, y->x) != u || y->type != x->type) return false;
        vec_push(&u->appends, y);
        u->weight += 1 + (s->depth > u->depth ? s->depth - u->depth : 0);
        look_list(s, &y->list);
        return true;
    default: return false;
    }
}

static void look_assign(Search *s, Node *x, Node **y) {
    Use *u = use_of(s, x);
    if (u && *y && look_own(s, u, x, *y)) return;
    if (u) u->dropped = true;
    look(s, x);
    if (*y && !leave(s, y)) look(s, *y);
}

// &s[i], &s[i].f: points into the array.
static void look_addr(Search *s, const Node *n) {
    const Node *x = n->x;
    while (x->op == N_DOT || (x->op == N_INDEX && under(x->x->type)->kind == T_ARRAY)) x = x->x;
    Use *u = x->op == N_INDEX ? use_of(s, x->x) : NULL;
    if (u) u->dropped = true;
}

static void look_call(Search *s, Node *n) {
    look(s, n->x);
    Node *callee = n->op == N_CALL ? escape_static_value(n->x) : NULL;
    Func *f = callee && (callee->op == N_FUNC || callee->op == N_CLOSURE) ? callee->func : NULL;
    for (uint32_t i = 0; i < n->list.len; i++) {
        Use *u = use_of(s, n->list.data[i]);
        Leaks none = {0};
        if (u && f && i < f->params.len) {
            Leaks leaks = escape_param_leaks(f, i);
            if (!memcmp(&leaks, &none, sizeof none)) {
                u->cap_used = true;
                continue;
            }
        }
        look(s, n->list.data[i]);
    }
}

static void look_loop(Search *s, Node *n) {
    s->depth++;
    if (n->op == N_FOR) {
        look(s, n->x);
        look(s, n->y);
    }
    look_list(s, &n->body);
    s->depth--;
}

// A bare return says what it returns where a variable leaves by it.
static void name_results(Search *s, Node *n) {
    bool any = false;
    for (vec_each(Local *, l, &s->f->results)) {
        Use *u = ptrmap_get(&s->uses, *l);
        any |= u && !u->dropped;
    }
    if (n->list.len || !any) return;
    for (vec_each(Local *, l, &s->f->results)) vec_push(&n->list, node_local(*l, n->pos));
}

static bool look_at(Node *n, void *arg) {
    Search *s = arg;
    switch (n->op) {
    case N_LOCAL: { // anything else
        Use *u = use_of(s, n);
        if (u) u->dropped = true;
        return false;
    }
    case N_DCL: {
        Use *u = n->local ? ptrmap_get(&s->uses, n->local) : NULL;
        if (u) u->depth = s->depth;
        return false;
    }
    case N_INDEX:
    case N_LEN:
    case N_CAP: {
        Use *u = use_of(s, n->x);
        if (!u) return true;
        if (n->op == N_CAP) u->cap_used = true;
        look(s, n->y);
        return false;
    }
    case N_ADDR: look_addr(s, n); return true;
    case N_CALL:
    case N_CALLINTER: look_call(s, n); return false;
    case N_AS: {
        Use *u = n->defines ? use_of(s, n->x) : NULL;
        if (u) u->depth = s->depth;
        if (n->x && n->x->op == N_LOCAL)
            look_assign(s, n->x, &n->y);
        else {
            look(s, n->x);
            if (!n->y || !leave(s, &n->y)) look(s, n->y);
        }
        return false;
    }
    case N_RETURN:
        name_results(s, n);
        for (vec_each(Node *, r, &n->list))
            if (!leave(s, r)) look(s, *r);
        return false;
    case N_RANGE:
        if (!leave(s, &n->x)) look(s, n->x);
        look_list(s, &n->list);
        look_loop(s, n);
        return false;
    case N_FOR: look_loop(s, n); return false;
    case N_CLOSURE:
        for (vec_each(Capture, c, &n->func->captures)) {
            Use *u = ptrmap_get(&s->uses, c->outer);
            if (u) u->dropped = true;
        }
        return true;
    default: return true;
    }
}

static void look(Search *s, Node *n) { node_visit(n, look_at, s); }

static bool trackable(const Func *f, const Local *l) {
    if (under(l->type)->kind != T_SLICE || l->heap || l->addr_taken || l->is_capture) return false;
    if (l->is_result && f->has_defer) return false; // a panic that is recovered returns it as it is
    int64_t size = type_size(under(l->type)->slice.elem);
    return size > 0 && size <= ARRAY_MAX;
}

void escape_appends(Func *f) {
    if (midend_options.no_opt) return;
    Search s = {.f = f};
    Vec(Use *) uses = {0};
    for (vec_each(Local *, l, &f->locals)) {
        if (!trackable(f, *l)) continue;
        Use *u = NEW(Use);
        u->local = *l;
        ptrmap_put(&s.uses, *l, u);
        vec_push(&uses, u);
    }
    if (!uses.len) return;
    look_list(&s, &f->body);
    for (vec_each(Use *, up, &uses)) {
        Use *u = *up;
        if (u->dropped || !u->leaves || u->weight < 2) continue;
        Node *move = node_new(N_MOVE2HEAP, (*u->leaves)->pos, u->local->type);
        move->x = *u->leaves;
        move->cap_used = u->cap_used;
        *u->leaves = move;
        for (vec_each(Node *, a, &u->appends)) {
            (*a)->noescape = true;
            (*a)->cap_used = u->cap_used;
        }
    }
}
