// check_init: the order in which package-level variables are initialised, and cycles among them.
//
// A node per constant, variable and function; an edge from each to what its initialiser or body
// mentions. Functions are removed by joining what depends on them with what they depend on. Then,
// again and again, the node with the fewest open dependencies (constants first, then by source
// order) is taken; if some are open still, it may lie on a cycle.
#include "frontend/check_impl.h"

#include <stdlib.h>

typedef struct Node Node;
typedef Vec(Node *) NodeVec;
struct Node {
    Object *obj;
    DeclInfo *info;
    PtrMap pred, succ;    // Node -> Node; NULL values: removed
    NodeVec preds, succs; // the same in order of insertion, with removed ones still in
    uint32_t npred, nsucc;
    uint32_t open;  // dependencies not initialised yet
    uint32_t index; // in the heap
};

static void add_edge(Node *from, Node *to) { // from depends on to
    if (ptrmap_get(&from->succ, to)) return;
    ptrmap_put(&from->succ, to, to);
    vec_push(&from->succs, to);
    from->nsucc++;
    ptrmap_put(&to->pred, from, from);
    vec_push(&to->preds, from);
    to->npred++;
}

static void remove_succ(Node *n, Node *s) {
    if (!ptrmap_get(&n->succ, s)) return;
    ptrmap_put(&n->succ, s, NULL);
    n->nsucc--;
}

static void remove_pred(Node *n, Node *p) {
    if (!ptrmap_get(&n->pred, p)) return;
    ptrmap_put(&n->pred, p, NULL);
    n->npred--;
}

static int by_cost(const void *a, const void *b) {
    const Node *x = *(Node *const *)a, *y = *(Node *const *)b;
    uint64_t cx = (uint64_t)x->npred * x->nsucc, cy = (uint64_t)y->npred * y->nsucc;
    if (cx != cy) return cx < cy ? -1 : 1;
    return x->obj->order < y->obj->order ? -1 : 1;
}

static void remove_function(Node *n) {
    for (vec_each(Node *, p, &n->preds)) {
        if (!ptrmap_get(&n->pred, *p) || *p == n) continue;
        for (vec_each(Node *, s, &n->succs))
            if (ptrmap_get(&n->succ, *s) && *s != n) add_edge(*p, *s);
        remove_succ(*p, n);
    }
    for (vec_each(Node *, s, &n->succs))
        if (ptrmap_get(&n->succ, *s)) remove_pred(*s, n);
}

// ---- Heap ----

static bool less(Node *x, Node *y) {
    bool cx = x->obj->kind == O_CONST, cy = y->obj->kind == O_CONST;
    if (cx != cy) return cx;
    return x->open < y->open || (x->open == y->open && x->obj->order < y->obj->order);
}

static void place(NodeVec *h, uint32_t i, Node *n) {
    h->data[i] = n;
    n->index = i;
}

static void sift_up(NodeVec *h, uint32_t i) {
    Node *n = h->data[i];
    for (; i > 0 && less(n, h->data[(i - 1) / 2]); i = (i - 1) / 2)
        place(h, i, h->data[(i - 1) / 2]);
    place(h, i, n);
}

static void sift_down(NodeVec *h, uint32_t i) {
    Node *n = h->data[i];
    for (;;) {
        uint32_t k = 2 * i + 1;
        if (k >= h->len) break;
        if (k + 1 < h->len && less(h->data[k + 1], h->data[k])) k++;
        if (!less(h->data[k], n)) break;
        place(h, i, h->data[k]);
        i = k;
    }
    place(h, i, n);
}

static Node *take(NodeVec *h) {
    Node *n = h->data[0], *last = vec_pop(h);
    if (h->len) {
        place(h, 0, last);
        sift_down(h, 0);
    }
    n->index = UINT32_MAX;
    return n;
}

// ---- Cycles ----

static int by_order(const void *a, const void *b) {
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return x->order < y->order ? -1 : x->order > y->order;
}

// A path of dependencies from `from` to `to`, last step first; false if there is none.
static bool find_path(Checker *c, Object *from, Object *to, PtrMap *seen, ObjectVec *out) {
    if (ptrmap_has(seen, from)) return false;
    ptrmap_put(seen, from, from);
    DeclInfo *info = check_decl_info(c, from);
    if (!info) return false;
    ObjectVec deps = {0};
    for (vec_each(Object *, d, &info->deps)) vec_push(&deps, *d);
    if (deps.len) qsort(deps.data, deps.len, sizeof *deps.data, by_order);
    for (vec_each(Object *, d, &deps)) {
        if (*d == to || find_path(c, *d, to, seen, out)) {
            vec_push(out, *d);
            return true;
        }
    }
    return false;
}

static void report_cycle(Checker *c, ObjectVec *cycle) {
    Object *o = cycle->data[0];
    if (cycle->len == 1) {
        check_error(c, o->pos, "initialization cycle: %s refers to itself", o->name);
        return;
    }
    ErrorLines e = {0};
    check_error_line(&e, o->pos, "initialization cycle for %s", o->name);
    for (uint32_t j = cycle->len; j-- > 0;) {
        check_error_line(&e, o->pos, "%s refers to %s", o->name, cycle->data[j]->name);
        o = cycle->data[j];
    }
    check_error_report(c, &e);
}

// Takes variable after variable that depends on the fewest others not yet initialised; functions
// are taken out of the graph before, by joining what uses them to what they use.
void check_init_order(Checker *c) {
    Node *nodes = NEW_ARRAY(Node, c->objects.len + 1);
    NodeVec heap = {0}, funcs = {0};
    for (uint32_t i = 0; i < c->objects.len; i++) {
        nodes[i].obj = c->objects.data[i];
        nodes[i].info = c->infos.data[i];
        if (nodes[i].obj->kind == O_FUNC)
            vec_push(&funcs, &nodes[i]);
        else if (nodes[i].obj->kind != O_TYPENAME)
            vec_push(&heap, &nodes[i]);
    }
    for (uint32_t i = 0; i < c->objects.len; i++)
        for (vec_each(Object *, d, &c->infos.data[i]->deps)) {
            Node *to = &nodes[(*d)->order - 1];
            if (nodes[i].obj->kind != O_TYPENAME && to->obj->kind != O_TYPENAME)
                add_edge(&nodes[i], to);
        }
    if (funcs.len) qsort(funcs.data, funcs.len, sizeof *funcs.data, by_cost);
    for (vec_each(Node *, f, &funcs)) remove_function(*f);
    for (uint32_t i = 0; i < heap.len; i++) {
        heap.data[i]->open = heap.data[i]->nsucc;
        heap.data[i]->index = i;
    }
    for (uint32_t i = heap.len / 2; i-- > 0;) sift_down(&heap, i);

    while (heap.len) {
        Node *n = take(&heap);
        if (n->open > 0) {
            ObjectVec cycle = {0};
            PtrMap seen = {0};
            if (find_path(c, n->obj, n->obj, &seen, &cycle)) report_cycle(c, &cycle);
        }
        for (vec_each(Node *, p, &n->preds)) {
            if (!ptrmap_get(&n->pred, *p) || (*p)->open == 0) continue;
            (*p)->open--;
            if ((*p)->index != UINT32_MAX && (*p)->index < heap.len && heap.data[(*p)->index] == *p)
                sift_up(&heap, (*p)->index);
        }
        DeclInfo *info = n->info;
        if (n->obj->kind != O_VAR || !info->init || info->emitted) continue;
        info->emitted = true;
        Initializer in = {.rhs = info->init, .decl = info->decl};
        if (info->has_lhs)
            for (vec_each(Object *, v, &info->lhs)) vec_push(&in.lhs, *v);
        else
            vec_push(&in.lhs, n->obj);
        vec_push(&c->pkg->inits, in);
    }
}
