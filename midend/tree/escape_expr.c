// escape_expr: expressions as flows.
#include "midend/options.h"
#include "midend/tree/escape.h"

void escape_discard(Esc *e, Node *n) { escape_expr(e, hole_of(&e->b->blank), n); }

static void discards(Esc *e, NodeVec *l) {
    for (vec_each(Node *, n, l)) escape_discard(e, *n);
}

// A location for what n allocates; its address flows to k. Gives the hole for what is stored in it.
Hole escape_spill(Esc *e, Hole k, Node *n) {
    Loc *l = escape_new_loc(e, n, NULL, false);
    escape_flow(e->b, hole_addr(k, n, "spill"), l);
    return hole_of(l);
}

// The hole for storing to an addressable expression; NULL is blank.
Hole escape_addr(Esc *e, Node *n) {
    if (!n) return hole_of(&e->b->blank);
    switch (n->op) {
    case N_LOCAL: {
        Loc *l = escape_loc_of(n->local);
        if (n->local->is_temp && !l->depth_known) { // temporaries need no declaration
            l->depth_known = true;
            l->loop_depth = e->loop_depth;
        }
        return hole_of(l);
    }
    case N_DOT:
    case N_CONVNOP: return escape_addr(e, n->x);
    case N_STMTEXPR: escape_stmts(e, &n->list); return escape_addr(e, n->x);
    case N_INDEX:
        escape_discard(e, n->y);
        if (under(n->x->type)->kind == T_ARRAY) return escape_addr(e, n->x);
        escape_expr(e, hole_of(&e->b->mutator), n->x);
        break;
    case N_DEREF:
    case N_DOTPTR: escape_expr(e, hole_of(&e->b->mutator), n->x); break;
    case N_INDEXMAP:
        escape_discard(e, n->x);
        escape_expr(e, hole_note(hole_of(&e->b->heap), n, "key of map put"), n->y);
        break;
    default: break;
    }
    return hole_of(&e->b->heap);
}

static bool is_iface(const Node *n) { return n->type && type_is_interface(n->type); }
static bool is_array(const Node *n) { return under(n->x->type)->kind == T_ARRAY; }

bool escape_is_header_data(const Node *n) {
    if (n->op != N_DOTPTR && n->op != N_DOT) return false;
    Type *t = as_named(deref(n->x->type, NULL));
    if (!t || !t->named.obj->pkg || strcmp(t->named.obj->pkg->path, "reflect")) return false;
    return n->field == 0 && (!strcmp(t->named.obj->name, "SliceHeader") ||
                             !strcmp(t->named.obj->name, "StringHeader"));
}

// Arithmetic on uintptr that becomes an unsafe.Pointer: whatever was an unsafe.Pointer in it flows
// on.
void escape_unsafe_value(Esc *e, Hole k, Node *n) {
    switch (n->op) {
    case N_CONVNOP:
    case N_CONVNUM:
        if (under(n->x->type)->kind == T_UNSAFEPTR)
            escape_expr(e, k, n->x);
        else if (n->op == N_CONVNOP && under(n->x->type)->kind == T_UINTPTR)
            escape_unsafe_value(e, k, n->x);
        else
            escape_discard(e, n->x);
        break;
    case N_DOTPTR:
        if (escape_is_header_data(n))
            escape_expr(e, hole_deref(k, n, "reflect.Header.Data"), n->x);
        else
            escape_discard(e, n->x);
        break;
    case N_NEG:
    case N_COM: escape_unsafe_value(e, k, n->x); break;
    case N_SHL:
    case N_SHR:
        escape_unsafe_value(e, k, n->x);
        escape_discard(e, n->y);
        break;
    default:
        if (!op_is_arith(n->op)) {
            escape_discard(e, n);
            break;
        }
        escape_unsafe_value(e, k, n->x);
        escape_unsafe_value(e, k, n->y);
        break;
    }
}

static void closure(Esc *e, Hole k, Node *n) {
    Func *f = n->func;
    k = escape_spill(e, k, n);
    vec_push(&e->b->closures, ((ClosureUse){k, n}));
    for (vec_each(Capture, c, &f->captures)) {
        Loc *l = escape_loc_of(c->outer);
        c->inner->aux = l;
        if (l->captured) continue;
        l->captured = true;
        // Assignments before the first capture, in straight-line code, are seen by it.
        if (l->loop_depth == e->loop_depth) l->reassigned = false;
    }
    if (escape_is_closure(f)) escape_func_body(e->b, f);
}

// An operand of a comparison of an interface with a concrete value is converted.
static void compared(Esc *e, Node *n, const Node *other) {
    bool boxed = !is_iface(n) && is_iface(other) && n->type && !type_is_direct_iface(n->type);
    Hole k = hole_of(&e->b->blank);
    escape_expr(e, boxed ? escape_spill(e, k, n) : k, n);
}

static void convert_iface(Esc *e, Hole k, Node *n) {
    if (!is_iface(n->x) && !type_is_direct_iface(n->x->type)) k = escape_spill(e, k, n);
    escape_expr(e, hole_note(k, n, "interface-converted"), n->x);
}

// Does & take the address of something that exists, rather than make a variable?
static bool is_place(const Node *n) {
    while (n->op == N_CONVNOP || n->op == N_STMTEXPR) n = n->x;
    return node_is_addressable(n);
}

static void elements(Esc *e, Hole k, Node *n) {
    const char *why = n->op == N_STRUCTLIT  ? "struct literal element"
                      : n->op == N_ARRAYLIT ? "array literal element"
                                            : "slice-literal-element";
    for (vec_each(Node *, p, &n->list)) {
        Node *v = *p && (*p)->op == N_KEYED ? (*p)->y : *p;
        escape_expr(e, hole_note(k, n, why), v);
    }
}

// k is where the expression's value flows to; a value without pointers flows nowhere.
void escape_expr(Esc *e, Hole k, Node *n) {
    if (!n) return;
    if (k.derefs >= 0 && n->type && n->type->kind != T_TUPLE && !type_is_untyped(n->type) &&
        !type_has_pointers(n->type))
        k.dst = &e->b->blank;
    switch ((NodeOp)n->op) {
    case N_LOCAL: escape_flow(e->b, k, escape_loc_of(n->local)); break;
    case N_NEG:
    case N_NOT:
    case N_COM:
    case N_RECV:
    case N_CONVNUM: escape_discard(e, n->x); break;
    case N_EQ:
    case N_NE:
        compared(e, n->x, n->y);
        compared(e, n->y, n->x);
        break;
    case N_ADDR:
        if (is_place(n->x))
            escape_expr(e, hole_addr(k, n, "address-of"), n->x);
        else
            escape_expr(e, escape_spill(e, k, n), n->x);
        break;
    case N_DEREF: escape_expr(e, hole_deref(k, n, "indirection"), n->x); break;
    case N_DOT: escape_expr(e, hole_note(k, n, "dot"), n->x); break;
    case N_DOTPTR: escape_expr(e, hole_deref(k, n, "dot of pointer"), n->x); break;
    case N_ASSERT: {
        bool loads = !type_is_interface(n->type) && !type_is_direct_iface(n->type);
        escape_expr(e, hole_note(loads ? hole_shift(k, 1) : k, n, "dot"), n->x);
        break;
    }
    case N_INDEX:
        escape_expr(e,
                    is_array(n) ? hole_note(k, n, "fixed-array-index-of")
                                : hole_deref(k, n, "dot of pointer"),
                    n->x);
        escape_discard(e, n->y);
        break;
    case N_INDEXMAP:
    case N_ANDAND:
    case N_OROR:
        escape_discard(e, n->x);
        escape_discard(e, n->y);
        break;
    case N_SLICE:
        escape_expr(e, hole_note(k, n, "slice"), n->x);
        discards(e, &n->list);
        break;
    case N_CONVNOP:
        if (midend_options.checkptr > 1 && !(e->fn->pragma & PRAGMA_NOCHECKPTR) &&
            under(n->type)->kind == T_UNSAFEPTR && under(n->x->type)->kind == T_POINTER)
            // The heap's objects have bounds, variables in a frame have none.
            escape_expr(e, hole_note(hole_of(&e->b->heap), n, "conversion to unsafe.Pointer"),
                        n->x);
        else if (under(n->type)->kind == T_UNSAFEPTR && under(n->x->type)->kind == T_UINTPTR)
            escape_unsafe_value(e, k, n->x);
        else
            escape_expr(e, k, n->x);
        break;
    case N_CONVIFACE: convert_iface(e, k, n); break;
    case N_ITABDATA:
    case N_SLICE2ARRPTR: escape_expr(e, k, n->x); break;
    case N_SLICE2ARR: escape_expr(e, hole_deref(k, n, "slice-to-array"), n->x); break;
    case N_STMTEXPR:
        escape_stmts(e, &n->list);
        escape_expr(e, k, n->x);
        break;
    case N_NEW: {
        Hole cell = escape_spill(e, k, n);
        escape_expr(e, cell, n->x);
        break;
    }
    case N_MAKESLICE:
    case N_MAKEMAP:
        escape_spill(e, k, n);
        escape_discard(e, n->x);
        escape_discard(e, n->y);
        break;
    case N_MAKECHAN: escape_discard(e, n->x); break;
    case N_ARRAYLIT:
    case N_STRUCTLIT: elements(e, k, n); break;
    case N_SLICELIT: elements(e, escape_spill(e, k, n), n); break;
    case N_MAPLIT:
        escape_spill(e, k, n);
        for (uint32_t i = 0; i < n->list.len; i++)
            escape_expr(
                e,
                hole_note(hole_of(&e->b->heap), n, i % 2 ? "map literal value" : "map literal key"),
                n->list.data[i]);
        break;
    case N_CLOSURE: closure(e, k, n); break;
    case N_STR2BYTES:
    case N_BYTES2STR:
    case N_STR2RUNES:
    case N_RUNES2STR:
    case N_RUNE2STR:
        escape_spill(e, k, n);
        escape_discard(e, n->x);
        break;
    case N_ADDSTR:
        escape_spill(e, k, n);
        discards(e, &n->list);
        break;
    case N_CONST:
    case N_ZERO:
    case N_GLOBAL:
    case N_FUNC:
    case N_TYPEDESC:
    case N_METHODPTR:
    case N_DEFERFRAME: break;
    default:
        if (!op_is_arith(n->op) && !op_is_compare(n->op)) {
            escape_call(e, &k, n);
            break;
        }
        escape_discard(e, n->x);
        escape_discard(e, n->y);
        break;
    }
}
