// escape_graph: holes, edges, leaks, and the walks over the graph of locations.
#include "midend/tree/escape.h"

// leaks -------------------------------------------------------------------------------------------

Leaks leaks_all(void) { return (Leaks){.to = {[LEAK_HEAP] = 1}}; }
int leaks_get(const Leaks *l, int i) { return l->to[i] - 1; }
static void leaks_add(Leaks *l, int i, int derefs) {
    int old = leaks_get(l, i);
    if (old < 0 || derefs < old)
        l->to[i] = (uint8_t)(derefs + 1 > UINT8_MAX ? UINT8_MAX : derefs + 1);
}

// holes -------------------------------------------------------------------------------------------

Hole hole_note(Hole k, const Node *where, const char *why) {
    if (!explaining()) return k;
    Note *n = NEW(Note);
    *n = (Note){(Note *)k.notes, where, why};
    k.notes = n;
    return k;
}

Hole hole_shift(Hole k, int delta) {
    k.derefs += delta;
    if (k.derefs < -1) ice("escape: address of an address");
    k.addr_taken = delta < 0;
    return k;
}

// The value (k.derefs > 0: what it points to; < 0: the address) of src flows to k.
void escape_flow(Batch *b, Hole k, Loc *src) {
    if (k.addr_taken) src->addr_taken = true;
    if (k.dst == &b->blank || (k.dst == src && k.derefs >= 0)) return;
    if ((k.dst->attrs & ATTR_ESCAPES) && k.derefs < 0) {
        if (explaining()) escape_explain_flow(b, k, src);
        src->attrs |= ATTR_ALL;
        return;
    }
    vec_push(&k.dst->edges, ((Edge){src, k.derefs, k.notes}));
}

// One hole that feeds several.
Hole escape_tee(Esc *e, const Hole *ks, uint32_t n) {
    if (n == 0) return hole_of(&e->b->blank);
    if (n == 1) return ks[0];
    Loc *l = escape_new_loc(e, NULL, NULL, false);
    for (uint32_t i = 0; i < n; i++) escape_flow(e->b, ks[i], l);
    return hole_of(l);
}

// walking -----------------------------------------------------------------------------------------

typedef struct Queue {
    Loc **at;
    uint32_t cap, head, len;
} Queue; // cap a power of two

static void queue_grow(Queue *q) {
    uint32_t cap = q->cap ? q->cap * 2 : 16;
    Loc **at = NEW_ARRAY(Loc *, cap);
    for (uint32_t i = 0; i < q->len; i++) at[i] = q->at[(q->head + i) & (q->cap - 1)];
    q->at = at;
    q->cap = cap;
    q->head = 0;
}
static void push_back(Queue *q, Loc *l) {
    if (q->len == q->cap) queue_grow(q);
    q->at[(q->head + q->len++) & (q->cap - 1)] = l;
}
static void push_front(Queue *q, Loc *l) {
    if (q->len == q->cap) queue_grow(q);
    q->head = (q->head - 1) & (q->cap - 1);
    q->at[q->head] = l;
    q->len++;
}
static Loc *pop_front(Queue *q) {
    Loc *l = q->at[q->head];
    q->head = (q->head + 1) & (q->cap - 1);
    q->len--;
    return l;
}

static void enqueue(Queue *todo, Loc *l) {
    if (l->queued) return;
    l->queued = true;
    if (l->attrs & ATTR_ESCAPES)
        push_front(todo, l); // lets escaping spread faster
    else
        push_back(todo, l);
}

static bool contains(const Func *outer, const Func *inner) { // is inner a closure inside outer?
    if (!outer) return false;
    for (const Func *f = inner ? inner->outer : NULL; f; f = f->outer)
        if (f == outer) return true;
    return false;
}

// May a value stored in l survive what other lives in?
static bool outlives(Batch *b, const Loc *l, const Loc *other) {
    if (l->attrs & ATTR_ESCAPES) return true;
    if (l == &b->mutator || l == &b->callee) return false;
    // Nobody knows what callers do with results, but for closures all of whose calls are known.
    if (l->result) return !(contains(other->fn, l->fn) && !func_esc(l->fn)->results_lost);
    // Declared outside of other's loop.
    if (l->fn == other->fn) return l->loop_depth < other->loop_depth;
    return contains(l->fn, other->fn);
}

// The value of parameter l flows to sink.
static void leak_to(Loc *l, const Loc *sink, int derefs) {
    if (!(sink->attrs & ATTR_ESCAPES) && sink->result && sink->fn == l->fn &&
        sink->result <= LEAK_COUNT - LEAK_RESULT)
        leaks_add(&l->leaks, LEAK_RESULT + sink->result - 1, derefs);
    else
        leaks_add(&l->leaks, LEAK_HEAP, derefs);
}

// A closure whose results nobody follows: what they hold must be looked at again.
static void lose_results(Queue *todo, Loc *root) {
    if (!(root->attrs & ATTR_CALLS) || !root->node || root->node->op != N_CLOSURE) return;
    Func *f = root->node->func;
    if (!escape_in_batch(f) || func_esc(f)->results_lost) return;
    func_esc(f)->results_lost = true;
    for (vec_each(Local *, r, &f->results)) enqueue(todo, escape_loc_of(*r));
}

// Looks at a location that flows to root; what it newly is.
static uint8_t visit(Batch *b, Loc *root, Loc *l, int *derefs) {
    uint8_t attrs = 0;
    bool address = *derefs < 0;
    if (address) {
        *derefs = 0; // root = &l; l = x: the address of x flows nowhere
        if (outlives(b, root, l)) {
            if (!(l->attrs & ATTR_ESCAPES) && explaining()) escape_explain(b, root, l, false, 0);
            attrs |= ATTR_ALL;
        } else
            attrs |= root->attrs & ATTR_PERSISTS;
    }
    if (*derefs == 0) attrs |= root->attrs & (ATTR_MUTATES | ATTR_CALLS);
    if (l->param) {
        if (outlives(b, root, l)) {
            if (!(l->attrs & ATTR_ESCAPES) && explaining())
                escape_explain(b, root, l, true, *derefs);
            leak_to(l, root, *derefs);
        }
        if (root->attrs & ATTR_MUTATES) leaks_add(&l->leaks, LEAK_MUTATOR, *derefs);
        if (root->attrs & ATTR_CALLS) leaks_add(&l->leaks, LEAK_CALLEE, *derefs);
    }
    return attrs;
}

// The fewest dereferences from root to all other locations: Bellman and Ford's algorithm, with
// counts kept from going below zero on the way.
static void walk_from(Batch *b, Loc *root, uint32_t walk, Queue *todo) {
    root->walk = walk;
    root->derefs = 0;
    root->dst = NULL;
    lose_results(todo, root);
    static Queue q;
    q.head = q.len = 0;
    push_back(&q, root);
    while (q.len) {
        Loc *l = pop_front(&q);
        l->queued_one = 0;
        int derefs = l->derefs;
        uint8_t attrs = visit(b, root, l, &derefs);
        if (attrs & ~l->attrs) {
            l->attrs |= attrs;
            enqueue(todo, l);
            if (l->attrs & ATTR_ESCAPES) continue;
        }
        for (uint32_t i = 0; i < l->edges.len; i++) {
            Edge *edge = &l->edges.data[i];
            Loc *src = edge->src;
            int d = derefs + edge->derefs;
            if ((src->attrs & ATTR_ESCAPES) || (src->walk == walk && src->derefs <= d)) continue;
            src->walk = walk;
            src->derefs = d;
            src->dst = l;
            src->dst_edge = i;
            if (src->queued_one == walk) continue;
            src->queued_one = walk;
            push_back(&q, src);
        }
    }
}

// Roots that attributes come from are walked first, so that most locations need no second walk.
void escape_solve(Batch *b) {
    Queue todo = {0};
    for (vec_each(Loc *, l, &b->locs)) {
        push_front(&todo, *l);
        (*l)->queued = true;
    }
    Loc *roots[] = {&b->mutator, &b->callee, &b->heap};
    for (int i = 0; i < 3; i++) {
        push_front(&todo, roots[i]);
        roots[i]->queued = true;
    }
    for (uint32_t walk = 1; todo.len; walk++) {
        Loc *root = pop_front(&todo);
        root->queued = false;
        walk_from(b, root, walk, &todo);
    }
}
