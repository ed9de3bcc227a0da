// order: what a statement evaluates first.
//
// The spec orders calls and receives among each other, but not against reads of variables. gc reads
// late: a statement's calls, receives and most built-in functions run first, left to right, into
// temporaries, and what remains - variables, indirections, index expressions - is evaluated then,
// so that `return x, f(&x)` returns what f made of x. Programs depend on it. Here the same is done
// to the tree, but only to statements in which something that may change stands before a call; all
// others mean the same either way. The right side of && and ||, case values and loop conditions are
// each evaluated on their own.
#include "midend/tree/build.h"

typedef struct Order {
    Func *f;
    NodeVec *out; // what runs ahead of the statement
    bool late;    // method values' receivers stay where they are: a call may follow on them
} Order;

static bool runs_code(const Node *n) {
    return n->op == N_CALL || n->op == N_CALLINTER || n->op == N_RECV;
}

// x.M as a value: the builder keeps x first.
static bool is_method_value(const Node *n) {
    return n->op == N_STMTEXPR && n->x->op == N_CLOSURE && n->x->func->wrapper && n->list.len &&
           n->list.data[0]->op == N_AS;
}

static bool is_variable(const Node *n) {
    while (n->op == N_DOT) n = n->x;
    return n->op == N_LOCAL || n->op == N_GLOBAL;
}

// Does a call follow on something that it could change? *read: the latter was met, outside the
// operands of an earlier call.
static bool scan(Node *n, bool *read) {
    if (!n) return false;
    bool before = *read, need = false;
    switch (n->op) {
    case N_LOCAL:
        if (n->local->addr_taken || n->local->captured_ref || n->local->by_ref || n->local->heap)
            *read = true;
        return false;
    case N_GLOBAL: *read = true; return false;
    case N_CONST:
    case N_ZERO:
    case N_FUNC:
    case N_CLOSURE:
    case N_TYPEDESC:
    case N_METHODPTR: return false;
    case N_ADDR: return !is_variable(n->x) && scan(n->x, read);
    case N_STMTEXPR:
        if (!is_method_value(n)) return true;
        need = scan(n->list.data[0]->y, read);
        *read = true;
        return need;
    case N_ANDAND:
    case N_OROR: {
        bool own = false; // the right side is evaluated on its own
        need = scan(n->x, read);
        need |= scan(n->y, &own) || (*read && build_has_effect(n->y));
        *read |= own;
        return need;
    }
    default: break;
    }
    if (runs_code(n)) {
        need = scan(n->x, read);
        for (vec_each(Node *, e, &n->list)) need |= scan(*e, read);
        *read = before;
        return need || before;
    }
    need = scan(n->x, read);
    need |= scan(n->y, read);
    for (vec_each(Node *, e, &n->list)) need |= scan(*e, read);
    switch (n->op) {
    case N_DEREF:
    case N_DOTPTR:
    case N_INDEX:
    case N_INDEXMAP:
    case N_SLICE:
    case N_ASSERT:
    case N_DIV:
    case N_REM:
    case N_BYTES2STR:
    case N_RUNES2STR:
    case N_SLICE2ARR:
    case N_SLICE2ARRPTR: *read = true; break;
    default: break;
    }
    return need;
}

static bool find_method_value(Node *n, void *found) {
    *(bool *)found |= is_method_value(n);
    return !*(bool *)found;
}
static bool has_method_value(Node *n) {
    bool found = false;
    if (n) node_visit(n, find_method_value, &found);
    return found;
}

// The same for the operands of something assigned to.
static bool scan_place(Node *n, bool *read) {
    if (!n || n->op == N_LOCAL || n->op == N_GLOBAL) return false;
    bool inner = n->op == N_DOT || n->op == N_CONVNOP ||
                 (n->op == N_INDEX && under(n->x->type)->kind == T_ARRAY);
    bool need = inner ? scan_place(n->x, read) : scan(n->x, read);
    need |= scan(n->y, read);
    return need;
}

// gc's order takes these out of expressions, whatever stands to their left.
bool order_ahead(const Node *n) {
    switch (n->op) {
    case N_CALL:
    case N_CALLINTER:
    case N_RECV:
    case N_APPEND:
    case N_APPENDSLICE:
    case N_COPY:
    case N_LEN:
    case N_CAP:
    case N_COMPLEX:
    case N_REAL:
    case N_IMAG:
    case N_MAKESLICE:
    case N_MAKEMAP:
    case N_MAKECHAN:
    case N_MIN:
    case N_MAX:
    case N_NEW:
    case N_RECOVER:
    case N_SLICE:
    case N_STR2BYTES:
    case N_STR2RUNES: return true;
    default: return false;
    }
}

static void order_list(Func *f, NodeVec *list);

static void hoist(Order *o, Node **np);

// Statements that a value needs ahead of it are the statement's: what stands to the left has been
// hoisted.
static void take_out(Order *o, Node **np) {
    while (*np && (*np)->op == N_STMTEXPR) {
        order_list(o->f, &(*np)->list);
        for (vec_each(Node *, s, &(*np)->list)) vec_push(o->out, *s);
        *np = (*np)->x;
    }
}

static void hoist_operands(Order *o, Node *n) {
    hoist(o, &n->x);
    hoist(o, &n->y);
    for (vec_each(Node *, e, &n->list)) hoist(o, e);
}

// A value evaluated on its own, where nothing can be put ahead.
static void order_value(Func *f, Node **np) {
    Node *n = *np;
    bool read = false, need = scan(n, &read);
    if (!need && !has_method_value(n)) return;
    NodeVec out = {0};
    Order o = {f, &out, need};
    take_out(&o, np);
    n = *np;
    if (runs_code(n))
        hoist_operands(&o, n);
    else
        hoist(&o, np);
    if (!out.len) return;
    Node *s = build_node1(N_STMTEXPR, n->pos, n->type, *np);
    s->list = out;
    *np = s;
}

// The value is evaluated where it stands to the left of a call, and kept.
static void keep(Order *o, Node **np) {
    Node *n = *np;
    Local *t = func_new_temp(o->f, n->type, n->pos);
    t->value = build_as(node_local(t, n->pos), n, n->pos);
    vec_push(o->out, t->value);
    *np = node_local(t, n->pos);
    (*np)->syntax = n->syntax;
}

// What gc has the runtime take by address is kept, unless it has one.
static void keep_by_address(Order *o, Node **np) {
    Node *n = *np;
    if (n && n->op != N_CONST && n->op != N_ZERO && !node_is_addressable(n)) keep(o, np);
}

// Does an interface's data word come from the value's address?
static bool converted_by_address(Type *t) {
    int64_t size = type_size(t);
    if ((size == 2 || size == 4 || size == 8) && type_align(t) == size && !type_has_pointers(t))
        return false;
    Type *u = under(t);
    while ((u->kind == T_STRUCT && u->strukt.fields.len == 1) ||
           (u->kind == T_ARRAY && u->array.len == 1))
        u = under(u->kind == T_STRUCT ? u->strukt.fields.data[0]->type : u->array.elem);
    return u->kind != T_SLICE && u->kind != T_STRING;
}

static bool has_bytes_as_string(const Node *n) {
    bool found = n->op == N_BYTES2STR;
    if (n->op == N_KEYED) return has_bytes_as_string(n->y);
    if (n->op != N_STRUCTLIT && n->op != N_ARRAYLIT) return found;
    for (vec_each(Node *, e, &n->list)) found |= *e && has_bytes_as_string(*e);
    return found;
}

// A map's literal is made entry by entry.
static void order_entries(Func *f, Node *n) {
    for (uint32_t i = 0; i + 1 < n->list.len; i += 2) {
        Node **key = &n->list.data[i], **value = key + 1;
        bool read = false, need = scan(*key, &read);
        need |= scan(*value, &read);
        if (!need && !has_method_value(*key) && !has_method_value(*value)) continue;
        NodeVec out = {0};
        Order o = {f, &out, need};
        hoist(&o, key);
        hoist(&o, value);
        if (!out.len) continue;
        *key = build_node1(N_STMTEXPR, (*key)->pos, (*key)->type, *key);
        (*key)->list = out;
    }
}

// A map's literal where each entry is constant: it may as well be made later.
static bool is_fixed(const Node *literal) {
    bool fixed = true;
    for (vec_each(Node *, e, &literal->list)) fixed &= (*e)->op == N_CONST;
    return fixed;
}

// The operands of what is put ahead are evaluated with it.
static void hoist_call(Order *o, Node *n) {
    bool read = false;
    Order own = {o->f, o->out, scan(n, &read)};
    if (own.late || has_method_value(n)) hoist_operands(&own, n);
}

// Calls go into temporaries, operands before the operation; reads stay, and are done when all calls
// are. The right side of && may not run, and keeps what it needs to itself.
static void hoist(Order *o, Node **np) {
    Node *n = *np;
    if (!n) return;
    switch (n->op) {
    case N_CLOSURE: return;
    case N_ANDAND:
    case N_OROR:
        hoist(o, &n->x);
        order_value(o->f, &n->y);
        break;
    case N_STMTEXPR:
        if (o->late && is_method_value(n)) {
            hoist(o, &n->list.data[0]->y);
            return;
        }
        take_out(o, np);
        hoist(o, np);
        return;
    case N_MAPLIT:
        if (is_fixed(n)) return;
        order_entries(o->f, n);
        break;
    case N_ADDR: // of a map's literal: kept is where the variable is, which nothing else declares
        if (n->x->op == N_STMTEXPR) take_out(o, &n->x);
        if (n->x->op != N_MAPLIT) {
            hoist_operands(o, n);
            return;
        }
        if (is_fixed(n->x)) return;
        order_entries(o->f, n->x);
        break;
    case N_CONVNOP: // of a call to unsafe.Pointer: both stay together, as -d=checkptr wants them
        if ((n->x->op != N_CALL && n->x->op != N_CALLINTER) ||
            under(n->type)->kind != T_UNSAFEPTR || under(n->x->type)->kind != T_UINTPTR) {
            hoist_operands(o, n);
            return;
        }
        hoist_call(o, n->x);
        break;
    case N_ASSERT:
        hoist_operands(o, n);
        if (type_is_direct_iface(n->type)) return;
        break;
    case N_INDEXMAP:
        hoist_operands(o, n);
        if (has_bytes_as_string(n->y)) break; // the key is a view of the bytes
        if (map_fast(under(n->x->type)) == MAP_SLOW) keep_by_address(o, &n->y);
        return;
    case N_CONVIFACE:
        hoist_operands(o, n);
        if (!type_is_interface(n->x->type) && converted_by_address(n->x->type))
            keep_by_address(o, &n->x);
        return;
    case N_EQ:
    case N_NE: {
        hoist_operands(o, n);
        TypeKind k = under(n->x->type)->kind;
        if (k != T_STRUCT && k != T_ARRAY) return;
        keep_by_address(o, &n->x);
        keep_by_address(o, &n->y);
        return;
    }
    default:
        if (!order_ahead(n)) {
            hoist_operands(o, n);
            return;
        }
        hoist_call(o, n);
        break;
    }
    if (n->type && n->type->kind != T_TUPLE) keep(o, np);
}

typedef enum Keep { KEEP_NONE, KEEP_LAST_IF_FIRST, KEEP_LAST } Keep;

// A statement's operands in order: places (assigned to) and values. The last value may be the
// statement's own call, which needs no temporary where nothing that stands before it may change.
static void order_operands(Order *o, NodeVec *places, Node **values, uint32_t n, Keep keep) {
    bool read = false, read_before = false, need = false;
    for (uint32_t i = 0; places && i < places->len; i++) need |= scan_place(places->data[i], &read);
    bool methods = false;
    for (uint32_t i = 0; i < n; i++) {
        read_before = read;
        need |= scan(values[i], &read);
        methods |= has_method_value(values[i]);
    }
    o->late = need;
    for (uint32_t i = 0; places && i < places->len; i++)
        methods |= has_method_value(places->data[i]);
    if (!need && !methods) return;
    for (uint32_t i = 0; places && i < places->len; i++)
        if (places->data[i]) hoist_operands(o, places->data[i]);
    for (uint32_t i = 0; i < n; i++) {
        Node *v = values[i];
        if (!v) continue;
        bool kept = i + 1 == n && (keep == KEEP_LAST ||
                                   (keep == KEEP_LAST_IF_FIRST && !(read_before && runs_code(v))));
        if (!kept)
            hoist(o, &values[i]);
        else {
            take_out(o, &values[i]);
            v = values[i];
            if (v->op == N_ANDAND || v->op == N_OROR)
                order_value(o->f, &values[i]);
            else if (v->op == N_MAPLIT)
                order_entries(o->f, v);
            else
                hoist_operands(o, v);
        }
    }
}

// Is a map's key read as late as the map itself? gc converts others to what its maps take.
static bool key_is_late(const Node *map, const Node *key) {
    if (key->op == N_CONST) return true;
    if (key->op != N_LOCAL && key->op != N_GLOBAL) return false;
    Type *t = key->type;
    return map_fast(under(map->type)) == MAP_SLOW || t == BASIC(STRING) || t == BASIC(UINT32) ||
           t == BASIC(UINT64) || t == BASIC(UNSAFEPTR);
}

// In m[k] = append(m[k], …) both m[k] are the same: what is no variable is evaluated before the
// elements' calls.
static void keep_place(Order *o, Node *x, Node *y) {
    if (!x || x->op != N_INDEXMAP || (y->op != N_APPEND && y->op != N_APPENDSLICE) ||
        !node_same(x, y->x))
        return;
    bool read = false;
    if (!scan(y, &read)) return;
    Node *of = y->x;
    if (x->x->op != N_LOCAL && x->x->op != N_GLOBAL) {
        keep(o, &x->x);
        of->x = node_local(x->x->local, x->x->pos);
    }
    if (!key_is_late(x->x, x->y)) {
        keep(o, &x->y);
        of->y = node_local(x->y->local, x->y->pos);
    }
}

// What operands need goes to o->out, ahead of n. A loop's condition and post statement run each
// time, so theirs stays with them.
static void stmt(Order *o, Node *n) {
    NodeVec place = {0};
    switch (n->op) {
    case N_AS: keep_place(o, n->x, n->y); [[fallthrough]];
    case N_OPAS:
        vec_push(&place, n->x);
        order_operands(o, &place, &n->y, 1, KEEP_LAST_IF_FIRST);
        return;
    case N_AS2: order_operands(o, &n->list, n->rlist.data, n->rlist.len, KEEP_NONE); return;
    case N_AS2CALL:
    case N_AS2MAP:
    case N_AS2ASSERT:
    case N_AS2RECV: order_operands(o, &n->list, &n->y, 1, KEEP_LAST); return;
    case N_EXPRSTMT:
    case N_CLEAR:
    case N_CLOSE: order_operands(o, NULL, &n->x, 1, KEEP_LAST); return;
    case N_DELETE:
    case N_SEND: {
        Node *v[] = {n->x, n->y};
        order_operands(o, NULL, v, 2, KEEP_NONE);
        n->x = v[0];
        n->y = v[1];
        return;
    }
    case N_RETURN:
        order_operands(o, NULL, n->list.data, n->list.len,
                       n->list.len == 1 ? KEEP_LAST : KEEP_NONE);
        return;
    case N_PRINT:
    case N_PRINTLN: order_operands(o, NULL, n->list.data, n->list.len, KEEP_NONE); return;
    case N_IF:
    case N_SWITCH:
    case N_TYPESWITCH:
    case N_PANIC:
    case N_RANGE:
        order_value(o->f, &n->x);
        take_out(o, &n->x);
        break;
    case N_FOR:
        order_value(o->f, &n->x);
        if (n->y) {
            NodeVec post = {0};
            vec_push(&post, n->y);
            order_list(o->f, &post);
            if (post.len > 1) {
                n->y = node_new(N_BLOCK, n->y->pos, NULL);
                n->y->list = post;
            }
        }
        break;
    case N_CASE:
        for (vec_each(Node *, e, &n->list)) order_value(o->f, e);
        break;
    default: break;
    }
    if (n->op == N_BLOCK)
        order_list(o->f, &n->list);
    else if (n->op == N_SWITCH || n->op == N_TYPESWITCH || n->op == N_SELECT)
        for (vec_each(Node *, c, &n->list)) stmt(o, *c);
    order_list(o->f, &n->body);
    order_list(o->f, &n->els);
}

static void order_list(Func *f, NodeVec *list) {
    NodeVec all = {0};
    Order o = {f, &all, false};
    for (vec_each(Node *, n, list)) {
        stmt(&o, *n);
        vec_push(&all, *n);
    }
    if (all.len > list->len) *list = all;
}

void order_func(Func *f) { order_list(f, &f->body); }

static void order_variable(Func *f, Node **np);
// Package variables' values are ordered each for itself: gc makes their literals part by part.
static void order_variables(Func *f, NodeVec *list) {
    NodeVec all = {0};
    Order o = {f, &all, false};
    for (vec_each(Node *, n, list)) {
        Node *x = (*n)->x;
        if ((*n)->op == N_AS2) { // the values of a literal's fields
            for (uint32_t i = 0; i < (*n)->list.len; i++) {
                order_variable(f, &(*n)->rlist.data[i]);
                vec_push(&all, build_as((*n)->list.data[i], (*n)->rlist.data[i], (*n)->pos));
            }
            continue;
        }
        if ((*n)->op == N_AS && (!x || x->op == N_GLOBAL || x->op == N_LOCAL))
            order_variable(f, &(*n)->y);
        else
            stmt(&o, *n);
        vec_push(&all, *n);
    }
    *list = all;
}

// A package variable's literal is made element by element, each of them a statement of its own.
static void order_variable(Func *f, Node **np) {
    Node *n = *np;
    switch (n->op) {
    case N_ADDR:
    case N_CONVNOP: order_variable(f, &n->x); return;
    case N_CONVIFACE:
        if (type_is_interface(n->x->type))
            order_value(f, np);
        else
            order_variable(f, &n->x);
        return;
    case N_STMTEXPR: // fields in another order than the type's
        order_variables(f, &n->list);
        order_variable(f, &n->x);
        return;
    case N_STRUCTLIT:
    case N_ARRAYLIT:
    case N_SLICELIT:
        for (vec_each(Node *, e, &n->list))
            if (*e) order_variable(f, (*e)->op == N_KEYED ? &(*e)->y : e);
        return;
    default: order_value(f, np);
    }
}

void order_init(Func *f) { order_variables(f, &f->body); }
