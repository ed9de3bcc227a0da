// escape_call: calls as flows: arguments to parameters, results to where the call's value goes. A
// callee of the same batch is part of the graph; one of an earlier batch is replaced by its leaks;
// where it is not known, everything escapes.
#include "midend/tree/escape.h"
#include "midend/functions.h"
#include "midend/tree/known.h"
#include "midend/tree/summary.h"

// What is known of values -------------------------------------------------------------------------

// What is assigned to a local variable of which all assignments are known, or NULL.
static const Known *known_values(Local *l) {
    l = known_variable(l);
    const Known *k = known_of(l);
    return l->is_param || l->is_result || l->addr_taken || !k || k->others ? NULL : k;
}

// The value that a variable was defined with, if it has no other.
static Node *only_value(Local *l, const void *arg) {
    (void)arg;
    const Known *k = known_values(l);
    if (!k || k->list.len != 1) return NULL;
    const Node *as = k->list.data[0].stmt;
    return as->defines || known_variable(l)->is_temp ? as->y : NULL;
}

// The expression whose value n has, followed through variables that are assigned once.
Node *escape_static_value(Node *n) { return known_follow(n, only_value, NULL, false); }

typedef Vec(Func *) FuncVec;

static Func *callee_of(const Node *v) {
    return v->op == N_FUNC || v->op == N_CLOSURE ? v->func : NULL;
}

// The functions that a call of n may reach; none where that is not known.
static FuncVec callees(Node *n) {
    FuncVec fs = {0};
    Node *v = escape_static_value(n);
    if (callee_of(v)) {
        vec_push(&fs, callee_of(v));
        return fs;
    }
    const Known *known = v->op == N_LOCAL ? known_values(v->local) : NULL;
    if (!known) return fs;
    for (vec_each(const Assignment, a, &known->list)) {
        const Node *value = escape_static_value(known_value(a));
        if (value->op == N_ZERO) continue; // a call of nil panics
        Func *f = callee_of(value);
        if (!f || (f->pragma & (PRAGMA_UINTPTRKEEPALIVE | PRAGMA_UINTPTRESCAPES)))
            return (FuncVec){0};
        vec_push(&fs, f);
    }
    return fs;
}

// leaks -------------------------------------------------------------------------------------------

static bool bodiless(const Func *f) { return f->decl && !f->decl->func.body; }

Leaks escape_param_leaks(Func *f, uint32_t i) {
    FuncEsc *fe = func_esc(f);
    if (!fe->params && !fe->looked_up && f->external && !bodiless(f)) {
        fe->looked_up = true;
        fe->params = summary_leaks(f);
    }
    if (fe->params) return fe->params[i];
    const KnownFunc *known = known_func(f->symbol);
    if (known && known->as == AS_KEEP) return (Leaks){0}; // whether runtime is compiled or not
    if (bodiless(f) && (f->pragma & PRAGMA_NOESCAPE))
        return (Leaks){.to = {[LEAK_MUTATOR] = 1, [LEAK_CALLEE] = 1}};
    return leaks_all();
}

// In the same batch the parameter's own location; else what was found of it stands for the
// function.
static Hole param_hole(Esc *e, Hole *ks, Func *f, uint32_t i) {
    Batch *b = e->b;
    if (escape_in_batch(f)) {
        Local *p = f->params.data[i];
        return hole_of(p->name[0] ? escape_loc_of(p) : &b->blank);
    }
    Leaks leaks = escape_param_leaks(f, i);
    Loc *sinks[LEAK_RESULT] = {&b->heap, &b->mutator, &b->callee};
    Hole to[LEAK_COUNT];
    uint32_t n = 0;
    for (int k = 0; k < LEAK_COUNT; k++) {
        int derefs = leaks_get(&leaks, k);
        if (derefs < 0) continue;
        if (k < LEAK_RESULT)
            to[n++] = hole_shift(hole_of(sinks[k]), derefs);
        else if (ks)
            to[n++] = hole_shift(ks[k - LEAK_RESULT], derefs);
    }
    return escape_tee(e, to, n);
}

static Hole args_hole(Esc *e, Hole *ks, FuncVec *fs, uint32_t i) {
    if (!fs->len) return hole_of(&e->b->heap);
    Hole *to = NEW_ARRAY(Hole, fs->len);
    for (uint32_t k = 0; k < fs->len; k++) to[k] = param_hole(e, ks, fs->data[k], i);
    return escape_tee(e, to, fs->len);
}

// calls -------------------------------------------------------------------------------------------

static void argument(Esc *e, Hole k, Node *arg, const Node *call) {
    escape_expr(e, hole_note(k, call, "call parameter"), arg);
}

// uintptr(p) for a function that keeps pointers in its uintptr parameters.
static bool hidden_pointer(Esc *e, Node *arg, uint32_t pragma) {
    if (!arg || arg->op != N_CONVNOP || under(arg->type)->kind != T_UINTPTR ||
        under(arg->x->type)->kind != T_UNSAFEPTR)
        return false;
    bool escapes = pragma & PRAGMA_UINTPTRESCAPES;
    escape_expr(e,
                escapes ? hole_note(hole_of(&e->b->heap), arg, "//go:uintptrescapes")
                        : hole_of(&e->b->mutator),
                arg->x);
    return true;
}

static void pointer_arguments(Esc *e, Node *arg, Hole k, const Node *call, uint32_t pragma) {
    if (arg->op != N_SLICELIT && hidden_pointer(e, arg, pragma)) return;
    for (uint32_t i = 0; arg->is_ddd && i < arg->list.len; i++)
        arg->hides_pointers |= hidden_pointer(e, arg->list.data[i]->y, pragma);
    argument(e, k, arg, call);
}

static bool has_other_pointers(Type *T) { // than those of strings
    Type *t = under(T);
    switch (t->kind) {
    case T_STRING: return false;
    case T_ARRAY: return has_other_pointers(t->array.elem);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (has_other_pointers((*f)->type)) return true;
        return false;
    default: return type_has_pointers(t);
    }
}

// Several callees may be meant, where a func value is known to be one of them: each gets all
// arguments.
static void call_func(Esc *e, Hole *ks, Node *n) {
    FuncVec fs = {0};
    if (n->op == N_CALL) fs = callees(n->x);
    Type *sig = n->op == N_CALL ? core_type(n->x->type) : NULL;
    uint32_t nresults = sig && sig->kind == T_FUNC ? sig->func.results.len
                        : !n->type                 ? 0
                        : n->type->kind == T_TUPLE ? n->type->tuple.vars.len
                                                   : 1;
    bool wanted = false;
    for (uint32_t i = 0; ks && i < nresults; i++) wanted |= ks[i].dst != &e->b->blank;
    uint32_t pragma = 0;
    for (vec_each(Func *, f, &fs)) {
        pragma |= (*f)->pragma;
        if (bodiless(*f)) pragma |= PRAGMA_UINTPTRKEEPALIVE;
        if (!ks || !escape_in_batch(*f)) continue;
        for (uint32_t i = 0; i < nresults; i++)
            if (type_has_pointers((*f)->results.data[i]->type))
                escape_flow(e->b, ks[i], escape_loc_of((*f)->results.data[i]));
    }
    // The results of a closure called here without our knowing it are lost.
    bool lost = !fs.len && wanted && n->op == N_CALL;
    Hole callee = hole_of(lost ? &e->b->callee : &e->b->blank);
    if (n->op == N_CALL)
        escape_expr(e, lost ? hole_note(callee, n, "callee operand") : callee, n->x);
    else
        argument(e, hole_of(&e->b->heap), n->x, n); // the receiver
    const KnownFunc *known = fs.len == 1 ? known_func(fs.data[0]->symbol) : NULL;
    bool strings = known && known->as == AS_ESCAPE;
    for (uint32_t i = 0; i < n->list.len; i++) {
        Node *a = n->list.data[i];
        if (strings)
            argument(e, hole_of(has_other_pointers(a->type) ? &e->b->heap : &e->b->blank), a, n);
        else if (pragma & (PRAGMA_UINTPTRKEEPALIVE | PRAGMA_UINTPTRESCAPES))
            pointer_arguments(e, a, args_hole(e, ks, &fs, i), n, pragma);
        else
            argument(e, args_hole(e, ks, &fs, i), a, n);
    }
}

static bool elem_has_pointers(const Node *s) {
    return under(s->type)->kind == T_SLICE && type_has_pointers(under(s->type)->slice.elem);
}

// The old elements may stay in the array, which may be the result's, or be copied to the heap.
static void append(Esc *e, Hole k, Node *n) {
    Batch *b = e->b;
    Hole old[2] = {k, hole_of(&b->mutator)};
    Hole to = escape_tee(e, old, 2);
    if (elem_has_pointers(n->x)) {
        Hole more[2] = {to, hole_deref(hole_of(&b->heap), n, "appendee slice")};
        to = escape_tee(e, more, 2);
    }
    argument(e, to, n->x, n);
    if (n->op == N_APPENDSLICE) {
        Hole from = elem_has_pointers(n->y) ? hole_deref(hole_of(&b->heap), n, "appended slice...")
                                            : hole_of(&b->blank);
        argument(e, from, n->y, n);
    } else {
        for (vec_each(Node *, a, &n->list)) argument(e, hole_of(&b->heap), *a, n);
    }
    escape_spill(e, k, n).dst->loop_depth = 0; // the array is never reused
}

// What built-in functions do with their operands, as far as it is more than reading them.
void escape_call(Esc *e, Hole *ks, Node *n) {
    Batch *b = e->b;
    Hole none = hole_of(&b->blank), k = ks ? ks[0] : none;
    switch ((NodeOp)n->op) {
    case N_CALL:
    case N_CALLINTER: call_func(e, ks, n); break;
    case N_APPEND:
    case N_APPENDSLICE: append(e, k, n); break;
    case N_COPY:
        argument(e, hole_of(&b->mutator), n->x, n);
        argument(e,
                 elem_has_pointers(n->y) ? hole_deref(hole_of(&b->heap), n, "copied slice") : none,
                 n->y, n);
        break;
    case N_PANIC: argument(e, hole_of(&b->heap), n->x, n); break;
    case N_COMPLEX:
    case N_DELETE:
        escape_discard(e, n->x);
        escape_discard(e, n->y);
        break;
    case N_RECOVER: break;
    case N_PRINT:
    case N_PRINTLN:
        for (vec_each(Node *, a, &n->list)) escape_discard(e, *a);
        break;
    case N_MIN:
    case N_MAX:
        for (vec_each(Node *, a, &n->list)) argument(e, k, *a, n);
        break;
    case N_LEN:
    case N_CAP:
    case N_REAL:
    case N_IMAG:
    case N_CLOSE: escape_discard(e, n->x); break;
    case N_CLEAR: argument(e, hole_of(&b->mutator), n->x, n); break;
    case N_STRINGDATA:
    case N_SLICEDATA: argument(e, k, n->x, n); break;
    case N_UNSAFEADD:
    case N_UNSAFESLICE:
    case N_UNSAFESTRING:
        argument(e, k, n->x, n);
        escape_discard(e, n->y);
        break;
    default: ice("escape: %s", n->op < N_OP_COUNT ? node_op_text[n->op] : "?");
    }
}

// A deferred closure outside of loops is needed until the function ends; all others until who knows
// when. A DEFER that does not escape needs a single record.
void escape_go_defer(Esc *e, Node *n) {
    Hole k = hole_of(&e->b->heap);
    if (n->op == N_DEFER && e->loop_depth == 1 && !n->y) {
        Loc *later = escape_new_loc(e, NULL, NULL, true);
        k = hole_of(later);
        n->noescape = true;
    }
    escape_discard(e, n->y);
    escape_expr(e, k, n->x->x);
}
