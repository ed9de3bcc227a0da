// inline_copy: a function's body put in place of a call.
//
//     r := f(a, b)    becomes    r = stmtexpr{ dcl x; x = a; dcl y; y = b; dcl ~r0; block { … ~r0 =
//                                v; break block … } } ~r0
//
// The callee's locals become locals of the caller, return becomes an assignment to the results and
// a break out of the block, closures inside become functions of their own for each copy. Captured
// variables of a closure called in place are the caller's variables themselves. Each node that is
// copied gets the call's InlCall, by which debug information tells the frames apart.
#include "midend/tree/inline.h"

typedef struct Copy {
    Unit *u;
    Func *to;      // the function that gets the copy
    Func *callee;  // what is inlined
    InlCall *inl;  // NULL: a function's own new body
    PtrMap locals; // Local * -> Local *
    PtrMap nodes;  // Node * -> Node *: statements that break and continue mean
    PtrMap labels; // Name -> Name
    PtrMap calls;  // InlCall * of the callee -> below the call at hand
    Node *block;   // what return leaves; NULL: return stays
    NodeVec *results;
    bool clone_closures;
} Copy;

static Node *copy(Copy *c, Node *n);
static Func *clone_closure(Copy *c, Func *f);

// A parameter or a result becomes a plain variable of the caller; what was found out about it in
// the callee is forgotten.
static Local *copy_local(Copy *c, Local *l) {
    Local *n = ptrmap_get(&c->locals, l);
    if (n) return n;
    if (!c->block && !c->clone_closures) return l;
    n = func_new_local(c->to, l->name, l->type, l->pos);
    Local to = *l;
    to.func = n->func;
    to.index = n->index;
    to.is_param = to.is_result = to.is_capture = to.by_ref = false;
    to.heap = false;
    to.aux = to.known = NULL;
    // Only by return.
    if (l->is_result && (!*l->name || *l->name == '~' || *l->name == '_')) to.reassigned = false;
    to.inl = c->inl;
    *n = to;
    ptrmap_put(&c->locals, l, n);
    return n;
}

static void copy_list(Copy *c, NodeVec *to, const NodeVec *from) {
    *to = (NodeVec){0};
    for (uint32_t i = 0; i < from->len; i++) vec_push(to, copy(c, from->data[i]));
}

// The inlined-call context of a copied node: its own, which is relative to the callee, below the
// call at hand.
static InlCall *join(Copy *c, InlCall *own) {
    if (!own || !c->inl) return own ? own : c->inl;
    InlCall *j = ptrmap_get(&c->calls, own);
    if (j) return j;
    j = NEW(InlCall);
    *j = *own;
    j->parent = join(c, own->parent);
    ptrmap_put(&c->calls, own, j);
    return j;
}

// A return assigns the results and leaves the block that the body has become.
static Node *copy_return(Copy *c, Node *n) {
    Node *b = node_new(N_BLOCK, n->pos, NULL);
    b->inl = c->inl;
    if (n->list.len == 1) {
        Node *as = build_as(node_local(c->results->data[0]->local, n->pos),
                            copy(c, n->list.data[0]), n->pos);
        as->inl = c->inl;
        as->inlined = INLINED_RESULT;
        vec_push(&b->list, as);
    } else if (n->list.len) {
        Node *as = node_new(N_AS2, n->pos, NULL);
        as->inl = c->inl;
        for (uint32_t i = 0; i < n->list.len; i++) {
            vec_push(&as->list, node_local(c->results->data[i]->local, n->pos));
            vec_push(&as->rlist, copy(c, n->list.data[i]));
        }
        vec_push(&b->list, as);
    }
    Node *leave = build_node1(N_BREAK, n->pos, NULL, c->block);
    leave->inl = c->inl;
    vec_push(&b->list, leave);
    return b;
}

// Variables, labels and blocks of the copy are its own; what points outside stays.
static Node *copy(Copy *c, Node *n) {
    if (!n) return NULL;
    if (n->op == N_RETURN && c->block) return copy_return(c, n);
    Node *m = NEW(Node);
    *m = *n;
    m->inl = join(c, n->inl);
    switch (n->op) {
    case N_BREAK:
    case N_CONTINUE: {
        Node *t = ptrmap_get(&c->nodes, n->x);
        if (t) m->x = t;
        return m;
    }
    case N_FOR:
    case N_RANGE:
    case N_SWITCH:
    case N_TYPESWITCH:
    case N_SELECT:
    case N_BLOCK: ptrmap_put(&c->nodes, n, m); break;
    case N_LOCAL:
    case N_DCL: m->local = copy_local(c, n->local); break;
    case N_TYPECASE:
        if (n->local) m->local = copy_local(c, n->local);
        break;
    case N_LABEL:
    case N_GOTO:
        if (!c->block) break;
        m->label = ptrmap_get(&c->labels, n->label);
        if (!m->label) {
            static uint32_t copies;
            m->label = intern_c(xsprintf("~%s·%u", n->label, ++copies));
            ptrmap_put(&c->labels, n->label, (void *)m->label);
        }
        break;
    case N_CLOSURE:
        if (c->clone_closures) m->func = clone_closure(c, n->func);
        break;
    default: break;
    }
    m->x = copy(c, n->x);
    m->y = copy(c, n->y);
    copy_list(c, &m->list, &n->list);
    copy_list(c, &m->rlist, &n->rlist);
    copy_list(c, &m->body, &n->body);
    copy_list(c, &m->els, &n->els);
    return m;
}

NodeVec inline_save_body(Func *f) {
    Copy c = {.to = f};
    NodeVec body;
    copy_list(&c, &body, &f->body);
    return body;
}

// ---- closures of inlined bodies -----------------------------------------------------------------

// What names a literal below its outer function: .func1 in a declared function, .1 in a literal;
// -range1 for the body of a range over a function.
const char *inline_closure_suffix(const Func *f, const Func *outer) {
    while (f->origin) f = f->origin;
    size_t n = strlen(f->outer->name);
    const char *own = !strncmp(f->name, f->outer->name, n) ? f->name + n : f->name, *number = own;
    if (!strncmp(own, ".func", 5))
        number += 5;
    else if (*own == '.')
        number++;
    return *number < '0' || *number > '9' ? own
                                          : xsprintf("%s%s", outer->outer ? "." : ".func", number);
}

// A copied literal is a function of its own: it captures the copy's variables, not the original's.
static Func *clone(Copy *outer_copy, Func *f, Name name, const char *symbol) {
    Unit *u = outer_copy->u;
    Func *outer = outer_copy->to;
    Func *g = NEW(Func);
    *g = *f;
    for (uint32_t n = 1; ptrmap_has(&u->func_of, intern_c(symbol)); n++)
        symbol = xsprintf("%.*s%u#", (int)strlen(symbol) - 1, symbol, n); // one call deferred twice
    g->name = name;
    g->symbol = symbol;
    ptrmap_put(&u->func_of, intern_c(symbol), g);
    g->outer = outer;
    g->linkonce = outer->linkonce;
    g->external = false;
    g->params = g->results = g->locals = (LocalVec){0};
    g->captures.data = NULL;
    g->captures.len = g->captures.cap = 0;
    g->aux = NULL;
    g->ssa = NULL;
    g->esc = NULL;
    NodeVec *body = f->inl ? &f->inl->body : &f->body;
    g->inlined = false;
    g->inl = NULL;
    g->origin = f;
    g->via = outer_copy->callee;
    Copy c = {.u = u, .to = g, .clone_closures = true};
    for (vec_each(Local *, l, &f->locals)) {
        Local *n = func_new_local(g, (*l)->name, (*l)->type, (*l)->pos);
        uint32_t index = n->index;
        *n = **l;
        n->func = g;
        n->index = index;
        n->aux = n->known = NULL;
        ptrmap_put(&c.locals, *l, n);
    }
    for (vec_each(Local *, l, &f->params)) vec_push(&g->params, (Local *)ptrmap_get(&c.locals, *l));
    for (vec_each(Local *, l, &f->results))
        vec_push(&g->results, (Local *)ptrmap_get(&c.locals, *l));
    for (vec_each(Capture, k, &f->captures)) {
        Local *inner = ptrmap_get(&c.locals, k->inner);
        inner->captured = copy_local(outer_copy, k->outer);
        vec_push(&g->captures, ((Capture){inner->captured, inner}));
    }
    copy_list(&c, &g->body, body);
    vec_push(&u->funcs, g);
    return g;
}

static uint64_t mix(uint64_t h, const char *s) {
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 0x100000001b3;
    return h;
}

// A copy of literal func1 of g is g.func1 wherever it is; the symbol tells the places apart, in the
// same way whichever package compiles this code, in whatever folder: files go by their base names,
// as the symbols of the functions around hold their packages' paths.
static Func *clone_closure(Copy *c, Func *f) {
    uint64_t h = mix(0xcbf29ce484222325, c->to->symbol);
    for (InlCall *i = c->inl; i; i = i->parent) {
        Position p = source_position_raw(i->pos);
        const char *slash = strrchr(p.file, '/'), *file = slash ? slash + 1 : p.file;
        h = mix(h, xsprintf("%s:%u:%u:%s", file, p.line, p.col, i->callee->symbol));
    }
    Func *outer = c->callee ? c->callee : c->to;
    bool method = inline_is_named_for_method(f);
    if (method) h = mix(h, f->symbol);
    const char *name =
        method ? f->name : xsprintf("%s%s", outer->name, inline_closure_suffix(f, c->to));
    return clone(c, f, intern_c(name), xsprintf("%s#%016llx#", name, (unsigned long long)h));
}

// ---- calls --------------------------------------------------------------------------------------

static bool ends_in_break(const NodeVec *list, const Node *block) {
    if (!list->len) return false;
    const Node *last = vec_last(list);
    if (last->op == N_BLOCK && !last->break_target) return ends_in_break(&last->list, block);
    return last->op == N_BREAK && last->x == block;
}

static void drop_break(NodeVec *list) {
    Node *last = vec_last(list);
    if (last->op == N_BLOCK)
        drop_break(&last->list);
    else
        list->len--;
}

static void declare(NodeVec *out, Local *l, Pos pos, InlCall *inl) {
    Node *d = node_new(N_DCL, pos, NULL);
    d->local = l;
    d->inl = inl;
    vec_push(out, d);
}

// Parameters and results become variables of the caller, declared before the block that the body
// is.
void inline_copy_call(Unit *u, Func *to, Node *call, Func *callee, const NodeVec *body,
                      NodeVec *out, NodeVec *results) {
    InlCall *inl = NEW(InlCall);
    *inl = (InlCall){call->inl, callee, call->pos};
    // Debug information knows functions by their own names.
    while (inl->callee->origin) inl->callee = inl->callee->origin;
    Copy c = {
        .u = u, .to = to, .callee = callee, .inl = inl, .results = results, .clone_closures = true};
    c.block = node_new(N_BLOCK, call->pos, NULL);
    c.block->inl = inl;
    c.block->break_target = true;
    to->has_closure |= callee->has_closure;
    for (vec_each(Capture, k, &callee->captures)) ptrmap_put(&c.locals, k->inner, k->outer);
    for (uint32_t i = 0; i < callee->params.len; i++) {
        Local *l = copy_local(&c, callee->params.data[i]);
        Node *arg = call->list.data[i];
        declare(out, l, call->pos, call->inl);
        Node *as = build_as(node_local(l, call->pos), arg, arg->pos ? arg->pos : call->pos);
        as->inl = call->inl;
        as->defines = true;
        // Of more: gc assigns all parameters in one statement.
        if (callee->params.len == 1) as->inlined = INLINED_PARAM;
        vec_push(out, as);
    }
    for (vec_each(Local *, r, &callee->results)) {
        Local *l = copy_local(&c, *r);
        declare(out, l, call->pos, call->inl);
        vec_push(results, node_local(l, call->pos));
    }
    copy_list(&c, &c.block->list, body);
    if (ends_in_break(&c.block->list, c.block)) drop_break(&c.block->list);
    vec_push(out, c.block);
}
