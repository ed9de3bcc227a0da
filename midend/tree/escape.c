// escape: which variables and allocations may live on the stack.
//
// In: the trees of all functions known so far. Out: Local.heap, Node.noescape, Capture's by_ref,
// Func.esc, and the lines of -m. A pointer to something on the stack is never stored in the heap
// and never outlives the function, or the round of the loop, that it was made in.
//
//     func f() *int {
//         x := 1          // a location
//         p := &x         // edge p <- x, weight -1
//         return p        // edge ~r0 <- p, weight 0; from ~r0 x is reached at -1, and results
//                         outlive variables: x moves to the heap
//     }
//
// Functions are taken bottom-up, in batches (see escape.h). The analysis knows no order of
// statements, no fields and no elements.
#include "midend/tree/escape.h"
#include "midend/tree/known.h"

FuncEsc *func_esc(Func *f) {
    if (!f->esc) f->esc = NEW(FuncEsc);
    return f->esc;
}

bool escape_is_closure(const Func *f) { return f->outer && f->captures.len; }

bool escape_in_batch(Func *f) {
    EscState s = func_esc(f)->state;
    return s == ESC_PLANNED || s == ESC_WALKED;
}

Loc *escape_new_loc(Esc *e, Node *n, Local *l, bool persists) {
    Loc *loc = NEW(Loc);
    loc->node = n;
    loc->local = l;
    loc->fn = e->fn;
    loc->loop_depth = e->loop_depth;
    loc->attrs = persists ? ATTR_PERSISTS : 0;
    vec_push(&e->b->locs, loc);
    return loc;
}

Loc *escape_loc_of(Local *l) {
    if (l->aux) return l->aux;
    if (!l->is_capture) ice("escape: variable %s of another batch", l->name);
    return l->aux = escape_loc_of(l->captured);
}

// batches -----------------------------------------------------------------------------------------

static void add_func(Batch *b, Func *f) {
    func_esc(f)->state = ESC_PLANNED;
    Esc e = {.b = b, .fn = f, .loop_depth = 1};
    for (vec_each(Local *, l, &f->locals)) {
        if ((*l)->is_capture) continue;
        Loc *loc = escape_new_loc(&e, NULL, *l, true);
        loc->param = (*l)->is_param;
        (*l)->aux = loc;
    }
    for (uint32_t i = 0; i < f->results.len; i++)
        escape_loc_of(f->results.data[i])->result = (int)i + 1;
}

// Variables that are never assigned after a closure captures them are captured by value.
static void flow_closure(Batch *b, ClosureUse *u) {
    Func *f = u->node->func;
    for (vec_each(Capture, c, &f->captures)) {
        Loc *l = escape_loc_of(c->outer);
        if (c->inner->by_ref)
            c->inner->by_ref =
                l->addr_taken || l->reassigned || type_size(c->inner->type) > CAPTURE_MAX;
        Hole k = u->k;
        if (c->inner->by_ref) {
            l->addr_taken = true;
            k = hole_addr(k, node_local(c->outer, u->node->pos), "reference");
        }
        escape_flow(b, hole_note(k, node_local(c->outer, u->node->pos), "captured by a closure"),
                    l);
    }
}

static bool is_plain_literal(const Node *n) {
    if (n->op == N_STRUCTLIT || n->op == N_ARRAYLIT) {
        for (vec_each(Node *, e, &n->list))
            if (*e && !is_plain_literal((*e)->op == N_KEYED ? (*e)->y : *e)) return false;
        return true;
    }
    return n->op == N_CONST || n->op == N_ZERO;
}

// A length or an operand of a conversion to an interface that is a variable with one known value is
// that value.
static void use_known_value(Node *n) {
    if (n->op == N_CONVIFACE && n->x->op != N_CONST && !type_is_interface(n->x->type)) {
        Node *v = escape_static_value(n->x);
        if (v == n->x || !is_plain_literal(v)) return;
        Node *c = node_copy(v);
        c->pos = n->x->pos;
        c->inl = n->x->inl;
        c->type = n->x->type;
        // Reports speak of the variable, not of its literal.
        *(v->op == N_CONST ? &n->x : &n->y) = c;
    }
    if (n->op != N_MAKESLICE) return;
    Node **limit = n->y ? &n->y : &n->x;
    if ((*limit)->op == N_CONST) return;
    Node *v = escape_static_value(*limit);
    if (v->op == N_CONST && const_kind(v->val) == CONST_INT && const_sign(v->val) >= 0) {
        Node *c = node_new(N_CONST, (*limit)->pos, (*limit)->type);
        c->val = v->val;
        *limit = c;
    } else if (v->op == N_LEN) {
        v = escape_static_value(v->x);
        if (v->op == N_SLICELIT) *limit = node_int((*limit)->type, v->len, (*limit)->pos);
    }
}

// gc's paramTag: what callers have to know of each parameter, now that f is solved. Parameters
// without pointers or name leak nothing.
static void tag_params(Func *f) {
    FuncEsc *fe = func_esc(f);
    fe->state = ESC_TAGGED;
    fe->params = NEW_ARRAY(Leaks, f->params.len);
    for (uint32_t i = 0; i < f->params.len; i++) {
        Local *p = f->params.data[i];
        Type *t = p->type;
        bool uintptrs =
            (f->pragma & PRAGMA_UINTPTRESCAPES) &&
            (under(t)->kind == T_UINTPTR ||
             (under(t)->kind == T_SLICE && under(under(t)->slice.elem)->kind == T_UINTPTR));
        if (uintptrs) {
            fe->params[i] = leaks_all();
            if (midend_options.m) escape_report_uintptr(f, p);
            continue;
        }
        if (!type_has_pointers(t) || !p->name[0] || !strcmp(p->name, "_")) continue;
        Leaks l = escape_loc_of(p)->leaks;
        int heap = leaks_get(&l, LEAK_HEAP);
        // Paths no shorter than one to the heap say nothing.
        for (int k = 1; k < LEAK_COUNT && heap >= 0; k++)
            if (leaks_get(&l, k) >= heap) l.to[k] = 0;
        fe->params[i] = l;
        bool ours = p->name[0] == '#'; // of a range body
        if (midend_options.m && !ours && !(escape_loc_of(p)->attrs & ATTR_ESCAPES))
            escape_report_leaks(f, p, &l);
    }
}

// Whether a t holds, itself, a pointer to an `of`.
static bool points_to(Type *t, Type *of) {
    Type *u = under(t);
    switch (u->kind) {
    case T_POINTER: return types_identical(u->pointer.elem, of);
    case T_SLICE: return points_to(u->slice.elem, of);
    case T_ARRAY: return points_to(u->array.elem, of);
    case T_STRUCT:
        for (vec_each(Object *, f, &u->strukt.fields))
            if (points_to((*f)->type, of)) return true;
        return false;
    default: return false;
    }
}

// The first of a chain that a variable moves along is not held by it for long. In the frame, which
// the collector scans whole, it would hold all of the chain as long as the function runs: it is on
// the heap, though it does not escape.
static void free_chains(Batch *b) {
    for (vec_each(Loc *, d, &b->locs)) {
        if (!(*d)->local || !(*d)->reassigned) continue;
        for (vec_each(Edge, e, &(*d)->edges)) {
            Node *n = e->derefs == -1 ? e->src->node : NULL;
            if (!n || (n->op != N_NEW && n->op != N_ADDR) || !n->noescape) continue;
            Type *t = under(n->type)->pointer.elem;
            if (points_to(t, t)) n->noescape = false;
        }
    }
}

// Results become marks on variables and nodes, which inlined copies and lowering read.
static void finish(Batch *b) {
    for (vec_each(Func *, f, &b->funcs)) tag_params(*f);
    for (vec_each(Loc *, lp, &b->locs)) {
        Loc *l = *lp;
        bool heap = l->attrs & ATTR_ESCAPES;
        if (l->local) {
            l->local->heap = heap;
            l->local->captured_ref = false;
        } else if (l->node) {
            l->node->noescape = !heap;
            l->node->readonly = l->node->op == N_STR2BYTES && !(l->attrs & ATTR_MUTATES);
        }
        if (reporting() && (l->node || l->local)) escape_report_loc(l);
    }
    free_chains(b);
    // Accesses of variables that closures refer to go through memory.
    for (vec_each(Func *, f, &b->funcs)) {
        for (vec_each(Capture, c, &(*f)->captures))
            if (c->inner->by_ref && !c->outer->is_capture) c->outer->captured_ref = true;
        for (vec_each(Local *, l, &(*f)->locals)) (*l)->aux = NULL;
    }
}

// Functions first, and in them the closures that they make; those left over are data.
static void analyze(Batch *b) {
    b->heap.attrs = ATTR_ALL;
    b->mutator.attrs = ATTR_MUTATES;
    b->callee.attrs = ATTR_CALLS;
    for (vec_each(Func *, f, &b->funcs)) add_func(b, *f);
    for (vec_each(Func *, f, &b->funcs)) known_forget(*f);
    for (vec_each(Func *, f, &b->funcs)) known_find(*f, true);
    for (vec_each(Func *, f, &b->funcs))
        if (!escape_is_closure(*f)) escape_func_body(b, *f);
    for (vec_each(Func *, f, &b->funcs)) escape_func_body(b, *f); // closures that are data
    for (vec_each(ClosureUse, u, &b->closures)) flow_closure(b, u);
    bool runs = bisect_runs("escape analysis", b->funcs.data[0]);
    for (vec_each(Loc *, l, &b->locs)) {
        if ((*l)->node) use_known_value((*l)->node);
        const char *why = runs || !(*l)->node ? escape_heap_reason(*l) : "left out";
        if (why)
            escape_flow(
                b,
                hole_addr(hole_of(&b->heap),
                          (*l)->node ? (*l)->node : node_local((*l)->local, (*l)->local->pos), why),
                *l);
    }
    escape_solve(b);
    finish(b);
}

// the call graph ----------------------------------------------------------------------------------

typedef struct Scc {
    Unit *u;
    Vec(Func *) stack;
    uint32_t next;
} Scc;
typedef struct SccNode {
    uint32_t low;
    bool done;
} SccNode;
typedef struct SccVisit {
    Scc *s;
    SccNode *from;
} SccVisit;

static PtrMap nodes; // Func * -> SccNode *

static SccNode *connect(Scc *s, Func *f);

static void refer(SccVisit *v, Func *f) {
    if (!f->built || f->external || func_esc(f)->state != ESC_UNKNOWN) return;
    SccNode *to = ptrmap_get(&nodes, f);
    if (!to) to = connect(v->s, f);
    if (!to->done && to->low < v->from->low) v->from->low = to->low;
}

static bool visit_reference(Node *n, void *arg) {
    if (n->op == N_FUNC || n->op == N_CLOSURE) refer(arg, n->func);
    return true;
}

// Tarjan's algorithm; a closure that captures something and the function around it refer to each
// other.
static SccNode *connect(Scc *s, Func *f) {
    SccNode *n = NEW(SccNode);
    uint32_t index = n->low = ++s->next, base = s->stack.len;
    ptrmap_put(&nodes, f, n);
    vec_push(&s->stack, f);
    SccVisit v = {s, n};
    node_visit_list(&f->body, visit_reference, &v);
    if (escape_is_closure(f)) refer(&v, f->outer);
    if (n->low != index) return n;
    Batch *b = NEW(Batch);
    b->init = s->u->init;
    for (uint32_t i = base; i < s->stack.len; i++) {
        vec_push(&b->funcs, s->stack.data[i]);
        ((SccNode *)ptrmap_get(&nodes, s->stack.data[i]))->done = true;
    }
    s->stack.len = base;
    analyze(b);
    return n;
}

static void report_bodiless(Package *p) {
    for (vec_each(Decl *, d, &p->funcs))
        if (!(*d)->func.body && (*d)->func.obj && (*d)->func.obj->type) escape_report_bodiless(*d);
}

void escape_funcs(Unit *u, uint32_t first) {
    Scc s = {.u = u};
    current_package = u->pkg;
    if (first == 0 && midend_options.m) report_bodiless(u->pkg);
    for (uint32_t i = first; i < u->funcs.len; i++)
        if (!ptrmap_has(&nodes, u->funcs.data[i])) connect(&s, u->funcs.data[i]);
}
