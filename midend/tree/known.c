// known: see known.h.
#include "midend/tree/known.h"

Local *known_variable(Local *l) {
    while (l->is_capture && l->captured) l = l->captured;
    return l;
}

const Known *known_of(Local *l) { return known_variable(l)->known; }

Node *known_value(const Assignment *a) {
    return a->stmt->op == N_AS    ? a->stmt->y
           : a->stmt->op == N_AS2 ? a->stmt->rlist.data[a->i]
                                  : NULL;
}

Node *known_follow(Node *n, KnownOnly *only, const void *arg, bool calls) {
    for (int i = 0; i < 100; i++) { // variables may be defined by each other
        if (n->op == N_CONVNOP || (calls && n->op == N_STMTEXPR)) {
            n = n->x;
            continue;
        }
        Node *v = n->op == N_LOCAL ? only(n->local, arg) : NULL;
        if (!v) break;
        n = v;
    }
    return n;
}

// finding -----------------------------------------------------------------------------------------

static bool find(Node *n, void *all);

static Known *of_place(const Node **x, bool all) {
    const Node *root = *x;
    while (root &&
           (root->op == N_DOT || (root->op == N_INDEX && under(root->x->type)->kind == T_ARRAY)))
        root = root->x;
    if (!root || root->op != N_LOCAL ||
        (!all && !is_kind(root->type, T_FUNC) && !type_is_interface(root->type)))
        return NULL;
    *x = root;
    Local *l = known_variable(root->local);
    if (!l->known) l->known = NEW(Known);
    return l->known;
}

static void assigned(const Node *x, Assignment a, bool all) {
    const Node *root = x;
    Known *k = of_place(&root, all);
    if (!k) return;
    k->others |= a.stmt->op != N_AS || root != x;
    if (root == x) vec_push(&k->list, a);
}

static void changed(const Node *x, bool all) {
    Known *k = of_place(&x, all);
    if (k) k->others = true;
}

static Type *element_type(Type *t, bool value) {
    t = under(t);
    if (t->kind == T_POINTER) t = under(t->pointer.elem);
    switch (t->kind) {
    case T_ARRAY: return value ? t->array.elem : BASIC(INT);
    case T_SLICE: return value ? t->slice.elem : BASIC(INT);
    case T_CHAN: return t->chan.elem;
    case T_MAP: return value ? t->map.elem : t->map.key;
    default: return BASIC(INT);
    }
}

// arg: variables of all types are wanted, not only functions and interfaces. Closures are gone
// into, for they assign what they capture.
static bool find(Node *n, void *arg) {
    bool all = arg != NULL;
    switch (n->op) {
    case N_ADDR:
    case N_OPAS: changed(n->x, all); break;
    case N_AS:
        if (n->y || (n->x && n->x->op != N_LOCAL))
            assigned(n->x, (Assignment){n, 0, true, NULL}, all);
        break;
    case N_AS2:
    case N_AS2CALL:
    case N_AS2ASSERT:
    case N_AS2MAP:
    case N_AS2RECV:
        for (uint32_t i = 0; i < n->list.len; i++)
            assigned(n->list.data[i], (Assignment){n, i, n->op == N_AS2, NULL}, all);
        break;
    case N_RANGE:
        for (uint32_t i = 0; i < n->list.len; i++)
            assigned(n->list.data[i], (Assignment){n, i, false, element_type(n->x->type, i == 1)},
                     all);
        break;
    case N_COMMCASE:
        for (uint32_t i = 0; i < n->list.len; i++)
            assigned(n->list.data[i], (Assignment){n, i, false, n->x && !i ? n->x->type : NULL},
                     all);
        break;
    case N_TYPESWITCH:
        for (vec_each(Node *, c, &n->list)) {
            if (!(*c)->local) continue;
            Node place = {.op = N_LOCAL, .type = (*c)->local->type, .local = (*c)->local};
            assigned(&place, (Assignment){n, 0, false, NULL}, all);
        }
        break;
    case N_CLOSURE: known_find(n->func, all); break;
    default: break;
    }
    return true;
}

void known_find(Func *f, bool all) {
    if (f->known_found) return;
    f->known_found = true;
    node_visit_list(&f->body, find, all ? f : NULL);
}

void known_forget(Func *f) {
    f->known_found = false;
    for (vec_each(Local *, l, &f->locals)) (*l)->known = NULL;
}

void known_find_inlined(Func *f, NodeVec *fresh) {
    // Its own body does not have them yet.
    known_find(f, false);
    // What stands in arguments is known.
    for (uint32_t i = 0; i + 1 < fresh->len; i++) find(fresh->data[i], NULL);
    node_visit(vec_last(fresh), find, NULL);
}
