// escape_stmt: statements as flows between their places.
#include "midend/tree/escape.h"

static void mark_reassigned(const Hole *ks, uint32_t n, const Node *where) {
    if (where->op == N_AS && where->defines) return;
    for (uint32_t i = 0; i < n; i++) ks[i].dst->reassigned = true;
}

// No-op assignments -------------------------------------------------------------------------------

// gc's mayAffectMemory: what is not known to leave memory alone may write to it.
static bool may_affect_memory(const Node *n) {
    switch (n->op) {
    case N_LOCAL:
    case N_GLOBAL:
    case N_FUNC:
    case N_CONST:
    case N_ZERO: return false;
    case N_INDEX: return may_affect_memory(n->x) || may_affect_memory(n->y);
    case N_CONVNOP:
    case N_CONVNUM:
    case N_LEN:
    case N_CAP:
    case N_NOT:
    case N_COM:
    case N_NEG:
    case N_DOT:
    case N_DOTPTR:
    case N_DEREF: return may_affect_memory(n->x);
    default: return !op_is_arith(n->op) || may_affect_memory(n->x) || may_affect_memory(n->y);
    }
}

static bool same_safe(const Node *a, const Node *b) { // the same without effects
    if (!a || !b || a->op != b->op || a->type != b->type) return false;
    switch (a->op) {
    case N_LOCAL: return a->local == b->local;
    case N_GLOBAL: return a->global == b->global;
    case N_DOT:
    case N_DOTPTR: return a->field == b->field && same_safe(a->x, b->x);
    case N_DEREF:
    case N_CONVNOP:
    case N_CONVNUM:
    case N_NOT:
    case N_COM:
    case N_NEG: return same_safe(a->x, b->x);
    case N_INDEX: return same_safe(a->x, b->x) && same_safe(a->y, b->y);
    case N_CONST: return const_compare(a->val, OPR_EQL, b->val);
    default: return false;
    }
}

static const Node *base_of(const Node *n) { // p in *p or p.f
    return (n->op == N_DEREF || n->op == N_DOTPTR) && n->x->op == N_LOCAL ? n->x : NULL;
}

// b.buf = b.buf[i:j] and b.x = b.y store nothing in b that was not there.
static bool is_self_assign(const Node *dst, const Node *src) {
    if (src->op == N_SLICE && src->x->op != N_ADDR && base_of(dst) && base_of(src->x))
        return base_of(dst)->local == base_of(src->x)->local;
    if (dst->op != src->op) return false;
    switch (dst->op) {
    case N_DOT:
    case N_DOTPTR: return same_safe(dst->x, src->x);
    case N_INDEX:
        return !may_affect_memory(dst->y) && !may_affect_memory(src->y) &&
               same_safe(dst->x, src->x);
    default: return false;
    }
}

// assignments -------------------------------------------------------------------------------------

// Places first, as they are evaluated; a store through reflect's headers is one of a pointer.
static void assign_list(Esc *e, Node **dsts, uint32_t n, Node **srcs, uint32_t nsrcs,
                        const char *why, Node *where) {
    Hole *ks = NEW_ARRAY(Hole, n);
    for (uint32_t i = 0; i < n; i++) ks[i] = escape_addr(e, dsts[i]);
    for (uint32_t i = 0; i < n; i++) {
        Node *src = i < nsrcs ? srcs[i] : NULL;
        Hole k = ks[i];
        if (dsts[i] && src && dsts[i]->op == N_DOTPTR && escape_is_header_data(dsts[i])) {
            escape_unsafe_value(e, hole_note(hole_of(&e->b->heap), where, why), src);
            continue;
        }
        if (dsts[i] && src && is_self_assign(dsts[i], src)) {
            escape_report_self_assign(e->fn, where);
            k = hole_of(&e->b->blank);
        }
        escape_expr(e, hole_note(k, where, why), src);
    }
    mark_reassigned(ks, n, where);
}

static void call_results(Esc *e, Node *n) { // list = results of y
    Node *call = n->y;
    while (call->op == N_STMTEXPR) {
        escape_stmts(e, &call->list);
        call = call->x;
    }
    Hole *ks = NEW_ARRAY(Hole, n->list.len);
    for (uint32_t i = 0; i < n->list.len; i++) ks[i] = escape_addr(e, n->list.data[i]);
    escape_call(e, ks, call);
    mark_reassigned(ks, n->list.len, n);
}

// What initialises a package variable: its literals are data, into which only what has to be
// computed is stored.
static void static_value(Esc *e, Node *n) {
    if (!n) return;
    switch (n->op) {
    case N_KEYED: static_value(e, n->y); break;
    case N_STRUCTLIT:
    case N_ARRAYLIT:
    case N_SLICELIT:
        for (vec_each(Node *, v, &n->list)) static_value(e, *v);
        break;
    case N_ADDR:
    case N_CONVNOP: static_value(e, n->x); break;
    case N_CONVIFACE:
        if (!type_is_interface(n->x->type))
            static_value(e, n->x);
        else
            escape_expr(e, hole_of(&e->b->heap), n);
        break;
    case N_STR2BYTES:
        if (n->x->op != N_CONST) escape_expr(e, hole_of(&e->b->heap), n);
        break;
    case N_CLOSURE:
        if (escape_is_closure(n->func)) escape_expr(e, hole_of(&e->b->heap), n);
        break;
    default: escape_expr(e, hole_of(&e->b->heap), n); break;
    }
}

// The results that a return statement assigns.
static void return_values(Esc *e, Node *n) {
    if (!n->list.len) return;
    Node **dsts = NEW_ARRAY(Node *, e->fn->results.len);
    for (uint32_t i = 0; i < e->fn->results.len; i++)
        dsts[i] = node_local(e->fn->results.data[i], n->pos);
    assign_list(e, dsts, e->fn->results.len, n->list.data, n->list.len, "return", n);
}

// control flow ------------------------------------------------------------------------------------

static void stmt(Esc *e, Node *n);

static void block(Esc *e, NodeVec *l) { // labels inside deepen no more than the block
    int depth = e->loop_depth;
    escape_stmts(e, l);
    e->loop_depth = depth;
}

static Hole declare(Esc *e, Local *l) {
    Loc *loc = escape_loc_of(l);
    loc->loop_depth = e->loop_depth;
    loc->depth_known = true;
    return hole_of(loc);
}

// An array's elements are copied out of it, others come from behind a pointer: one dereference
// more.
static void range_stmt(Esc *e, Node *n) {
    // What is ranged over is evaluated outside of the loop and stays until its end.
    Loc *tmp = escape_new_loc(e, NULL, NULL, true);
    escape_expr(e, hole_of(tmp), n->x);
    e->loop_depth++;
    Hole ks[2];
    for (int i = 0; i < 2; i++) ks[i] = escape_addr(e, n->list.data[i]);
    if (under(n->x->type)->kind == T_ARRAY)
        escape_flow(e->b, hole_note(ks[1], n, "range"), tmp);
    else
        escape_flow(e->b, hole_deref(ks[1], n, "range-deref"), tmp);
    mark_reassigned(ks, 2, n);
    block(e, &n->body);
    e->loop_depth--;
}

static void type_switch(Esc *e, Node *n) {
    Vec(Hole) ks = {0};
    for (vec_each(Node *, cp, &n->list)) {
        Local *l = (*cp)->local;
        if (!l) continue;
        Hole k = declare(e, l);
        if (!type_has_pointers(l->type)) continue;
        bool loads = !type_is_interface(l->type) && !type_is_direct_iface(l->type);
        vec_push(&ks, hole_note(loads ? hole_shift(k, 1) : k, *cp, "switch case"));
    }
    escape_expr(e, escape_tee(e, ks.data, ks.len), n->x);
    for (vec_each(Node *, c, &n->list)) block(e, &(*c)->body);
}

static void select_stmt(Esc *e, Node *n) {
    for (vec_each(Node *, cp, &n->list)) {
        Node *c = *cp;
        for (vec_each(Node *, l, &c->list)) escape_addr(e, *l);
        if (c->x && c->x->op == N_SEND)
            stmt(e, c->x);
        else if (c->x)
            escape_discard(e, c->x);
        block(e, &c->body);
    }
}

static void label(Esc *e, Name name) {
    for (vec_each(Label, l, &e->labels))
        if (l->name == name && l->looping) e->loop_depth++;
}

// gc's escape/stmt.go. The words are those of its explanations at -m=2.
static void stmt(Esc *e, Node *n) {
    if (!n) return;
    switch ((NodeOp)n->op) {
    case N_BLOCK: escape_stmts(e, &n->list); break;
    case N_DCL: declare(e, n->local); break;
    case N_AS:
        if (n->x && n->x->op == N_GLOBAL && e->fn == e->b->init)
            static_value(e, n->y);
        else
            assign_list(e, &n->x, 1, &n->y, 1, n->inlined ? "assign-pair" : "assign", n);
        break;
    case N_OPAS: assign_list(e, &n->x, 1, &n->y, 1, "assign", n); break;
    case N_AS2:
        assign_list(e, n->list.data, n->list.len, n->rlist.data, n->rlist.len, "assign-pair", n);
        break;
    case N_AS2CALL: call_results(e, n); break;
    case N_AS2MAP:
        assign_list(e, n->list.data, n->list.len, &n->y, 1, "assign-pair-mapr", n);
        break;
    case N_AS2ASSERT:
        assign_list(e, n->list.data, n->list.len, &n->y, 1, "assign-pair-dot-type", n);
        break;
    case N_AS2RECV:
        assign_list(e, n->list.data, n->list.len, &n->y, 1, "assign-pair-receive", n);
        break;
    case N_KEEPALIVE: escape_discard(e, n->x); break;
    case N_EXPRSTMT:
        if (n->x->op == N_CALL || n->x->op == N_CALLINTER || n->x->op == N_COPY ||
            n->x->op == N_RECOVER)
            escape_call(e, NULL, n->x);
        else
            escape_discard(e, n->x);
        break;
    case N_SEND:
        escape_discard(e, n->x);
        escape_expr(e, hole_note(hole_of(&e->b->heap), n, "send"), n->y);
        break;
    case N_GO:
    case N_DEFER: escape_go_defer(e, n); break;
    case N_RETURN: return_values(e, n); break;
    case N_IF:
        escape_discard(e, n->x);
        block(e, &n->body);
        block(e, &n->els);
        break;
    case N_FOR:
        e->loop_depth++;
        escape_discard(e, n->x);
        stmt(e, n->y);
        block(e, &n->body);
        e->loop_depth--;
        break;
    case N_RANGE: range_stmt(e, n); break;
    case N_SWITCH:
        escape_discard(e, n->x);
        for (vec_each(Node *, c, &n->list)) {
            for (vec_each(Node *, v, &(*c)->list)) escape_discard(e, *v);
            block(e, &(*c)->body);
        }
        break;
    case N_TYPESWITCH: type_switch(e, n); break;
    case N_SELECT: select_stmt(e, n); break;
    case N_LABEL: label(e, n->label); break;
    case N_GOTO:
    case N_BREAK:
    case N_CONTINUE:
    case N_INLMARK: break;
    case N_PANIC:
    case N_PRINT:
    case N_PRINTLN:
    case N_DELETE:
    case N_CLEAR:
    case N_CLOSE: escape_call(e, NULL, n); break;
    default: escape_discard(e, n); break;
    }
}

void escape_stmts(Esc *e, NodeVec *l) {
    for (vec_each(Node *, n, l)) stmt(e, *n);
}

// Labels that a later goto goes back to make loops.
static bool find_label(Node *n, void *arg) {
    Esc *e = arg;
    if (n->op == N_LABEL) vec_push(&e->labels, ((Label){n->label, false}));
    if (n->op == N_GOTO)
        for (vec_each(Label, l, &e->labels)) l->looping |= l->name == n->label;
    return true;
}

void escape_func_body(Batch *b, Func *f) {
    if (func_esc(f)->state != ESC_PLANNED) return;
    func_esc(f)->state = ESC_WALKED;
    Esc e = {.b = b, .fn = f, .loop_depth = 1};
    node_visit_list(&f->body, find_label, &e);
    block(&e, &f->body);
}
