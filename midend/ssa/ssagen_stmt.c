// ssagen_stmt: statements and assignment.
//
// Assignment has two phases, as the spec says. First the operands of index expressions and
// indirections on the left and the values on the right are evaluated in order; then the assignments
// happen left to right, and only then do the left sides' own nil and bounds checks and map
// insertions. An Lvalue is the left side's tree with its operands already evaluated.
#include "midend/ssa/ssagen.h"

typedef struct Lvalue {
    Node *node;       // NULL: blank
    Vec(Value *) ops; // in the order lvalue_addr takes them
    uint32_t next;
} Lvalue;

static Node *skip_nops(Node *n) {
    while (n->op == N_CONVNOP) n = n->x;
    return n;
}

// Pointers, slices and indexes are evaluated here; their checks wait until the assignment itself.
static void lvalue_operands(Gen *g, Lvalue *l, Node *n) {
    switch (n->op) {
    case N_LOCAL:
    case N_GLOBAL: return;
    case N_DEREF:
    case N_DOTPTR: vec_push(&l->ops, gen_expr(g, n->x)); return;
    case N_DOT:
    case N_CONVNOP: lvalue_operands(g, l, n->x); return;
    case N_INDEX:
        if (under(n->x->type)->kind == T_ARRAY)
            lvalue_operands(g, l, n->x);
        else
            vec_push(&l->ops, gen_expr(g, n->x));
        vec_push(&l->ops, gen_expr(g, n->y));
        return;
    case N_INDEXMAP:
        vec_push(&l->ops, gen_expr(g, n->x));
        vec_push(&l->ops, gen_map_key(g, under(n->x->type), n->y, false));
        return;
    case N_STMTEXPR:
        gen_stmts(g, &n->list);
        lvalue_operands(g, l, n->x);
        return;
    default: ice("ssagen: assignment to %s", node_op_text[n->op]);
    }
}

static Value *take(Lvalue *l) { return l->ops.data[l->next++]; }

static Value *checked_index(Gen *g, Node *n, Value *i, Value *len) {
    int64_t a, b;
    if (i->op == SSA_CONST && len->op == SSA_CONST && const_int64_value(i->konst, &a) &&
        const_int64_value(len->konst, &b) && a < b)
        return gen_conv(g, INT, i);
    if (n->bounded || midend_options.no_bounds) return gen_conv(g, INT, i);
    return gen_bounds(g, BOUNDS_INDEX, i, len);
}

// What lvalue_operands evaluated is taken in the same order; its checks panic here, once values are
// known.
static Value *lvalue_address(Gen *g, Lvalue *l, Node *n) {
    Pos pos = g->pos;
    if (n->pos) g->pos = n->pos;
    Value *r;
    switch (n->op) {
    case N_DEREF: {
        Value *p = take(l);
        r = n->nonnil ? p : gen_nilcheck(g, p);
        break;
    }
    case N_DOTPTR: {
        Value *p = take(l);
        if (!n->nonnil) p = gen_nilcheck(g, p);
        r = gen_fieldaddr(g, under(under(n->x->type)->pointer.elem), p, (uint32_t)n->field);
        break;
    }
    case N_DOT:
        r = gen_fieldaddr(g, under(n->x->type), lvalue_address(g, l, n->x), (uint32_t)n->field);
        break;
    case N_CONVNOP:
    case N_STMTEXPR: r = lvalue_address(g, l, n->x); break;
    case N_INDEX: {
        Type *t = under(n->x->type);
        Value *base, *len;
        Type *elem;
        if (t->kind == T_ARRAY) {
            base = lvalue_address(g, l, n->x);
            len = gen_int(g, INT, t->array.len);
            elem = t->array.elem;
        } else if (t->kind == T_POINTER) {
            Type *a = under(t->pointer.elem);
            base = take(l);
            if (!n->nonnil) base = gen_nilcheck(g, base);
            len = gen_int(g, INT, a->array.len);
            elem = a->array.elem;
        } else {
            Value *s = take(l);
            base = gen1(g, SSA_SLICEPTR, PTR, s);
            len = gen1(g, SSA_SLICELEN, INT, s);
            elem = t->slice.elem;
        }
        Value *i = take(l);
        r = gen_elemaddr(g, elem, base, checked_index(g, n, i, len));
        break;
    }
    case N_INDEXMAP: {
        Value *m = take(l);
        r = gen_map_assign(g, under(n->x->type), m, take(l));
        break;
    }
    default: r = gen_addr(g, n); break;
    }
    g->pos = pos;
    return r;
}

static Lvalue lvalue(Gen *g, Node *n) {
    Lvalue l = {0};
    l.node = n;
    if (n) lvalue_operands(g, &l, n);
    return l;
}

bool gen_struct_in_registers(const Node *x);

// Is n a field of a struct variable that lives in registers?
static bool is_register_field(Node *n) {
    Node *root = n;
    while (root->op == N_DOT) root = root->x;
    return n->op == N_DOT && root->op == N_LOCAL && gen_struct_in_registers(n->x);
}

// Structs in registers have no address: a new one is made with the field replaced.
static void store_register_field(Gen *g, Node *n, Value *v) {
    if (n->op != N_DOT) {
        gen_store(g, gen_addr(g, n), v);
        return;
    }
    Value *whole = gen_expr(g, n->x);
    Type *t = under(n->x->type);
    uint32_t k = t->strukt.fields.len;
    Value *make = ssa_new_value(g->cur, SSA_STRUCTMAKE, n->x->type, g->pos, k);
    make->inl = g->inl;
    for (uint32_t i = 0; i < k; i++) {
        if (i == (uint32_t)n->field) {
            make->args[i] = v;
            continue;
        }
        make->args[i] = gen1(g, SSA_FIELD, t->strukt.fields.data[i]->type, whole);
        make->args[i]->field = i;
    }
    vec_push(&g->cur->values, make);
    store_register_field(g, n->x, make);
}

static void assign_value(Gen *g, Lvalue *l, Value *v) {
    if (!l->node) return;
    if (is_register_field(l->node)) {
        store_register_field(g, l->node, v);
        return;
    }
    Value *p = lvalue_address(g, l, l->node);
    if (type_size(l->node->type)) gen_store(g, p, v);
}

static void assign_from(Gen *g, Lvalue *l, Type *t, Value *src) {
    if (!l->node) return;
    if (type_fits_registers(t)) {
        assign_value(g, l, gen_load(g, t, src));
        return;
    }
    gen_move(g, t, lvalue_address(g, l, l->node), src);
}

typedef struct Mention {
    Local *local;
    Global *global;
    bool found;
} Mention;

static bool mentions(Node *n, void *arg) {
    Mention *m = arg;
    if (n->op == N_LOCAL && n->local == m->local) m->found = true;
    if (n->op == N_GLOBAL && n->global == m->global) m->found = true;
    return !m->found;
}

// Does the value that is assigned to l read it? In inlined calls arguments cannot read what they
// become, nor can a result be named.
static bool mentions_local(Node *y, Local *l) {
    if (l->inl && (!l->reassigned || *l->name == '~')) return false;
    Mention m = {l, NULL, false};
    node_visit(y, mentions, &m);
    return m.found;
}

// x = literal, with x a variable that nothing reaches but by name: the literal is built in place if
// it does not read x. So is a package variable's initial value.
static bool is_private_target(Gen *g, Node *x, Node *y) {
    if (x->op == N_GLOBAL && g->fn == g->u->init) {
        Mention m = {NULL, x->global, false};
        node_visit(y, mentions, &m);
        return !m.found;
    }
    if (x->op != N_LOCAL) return false;
    Local *l = x->local;
    if (l->heap || l->addr_taken || l->captured_ref || l->by_ref || l->is_result) return false;
    return !mentions_local(y, l);
}

static bool value_comes_by_store(const Node *n) {
    switch (n->op) {
    case N_CALL:
    case N_CALLINTER:
    case N_ASSERT:
    case N_ZERO:
    case N_SLICE2ARR: return true;
    case N_CONVNOP: return value_comes_by_store(n->x);
    default: return false;
    }
}

// A large value is made in its place only where nobody can see the place meanwhile.
static void gen_assign(Gen *g, Node *x, Node *y) {
    if (!x) {
        if (static_needs_no_code(y)) return;
        if (type_fits_registers(y->type) || value_comes_by_store(y))
            gen_expr(g, y);
        else
            gen_value_addr(g, y);
        return;
    }
    if (!is_register_field(x) && gen_append_in_place(g, x, y)) return;
    Lvalue l = lvalue(g, x);
    if (type_fits_registers(y->type)) {
        assign_value(g, &l, gen_expr(g, y));
        return;
    }
    if (node_is_zero_literal(skip_nops(y))) {
        gen_zeromem(g, x->type, lvalue_address(g, &l, x));
        return;
    }
    if (value_comes_by_store(y)) {
        assign_value(g, &l, gen_expr(g, y));
        return;
    }
    if (is_private_target(g, x, y)) {
        gen_into(g, lvalue_address(g, &l, x), y, true);
        return;
    }
    Value *src = gen_value_addr(g, y);
    gen_move(g, x->type, lvalue_address(g, &l, x), src);
}

// m[k] op= y searches m once, but for a division that may panic: that is before k gets an entry.
static void gen_map_opas(Gen *g, Node *n) {
    Type *t = n->x->type;
    NodeOp op = n->arith;
    int64_t by = 0;
    bool divides = (op == N_DIV || op == N_REM) && type_is_integer(t);
    if (divides && n->y->op == N_CONST && const_int64_value(n->y->val, &by) && by) divides = false;
    MapPlace p = gen_map_place(g, n->x, !divides && gen_changes_nothing(n->y));
    Value *y = gen_expr(g, n->y), *slot, *v;
    if (divides) {
        v = gen_binary(g, op, t, gen_load(g, t, gen_map_access(g, p.map, p.m, p.key, NULL)), y, n);
        slot = gen_map_slot(g, &p);
    } else {
        slot = gen_map_slot(g, &p);
        v = gen_binary(g, op, t, gen_load(g, t, slot), y, n);
    }
    gen_store(g, slot, v);
}

// Operands are evaluated, then the place is found once for reading and writing.
static void gen_opas(Gen *g, Node *n) {
    if (n->x->op == N_INDEXMAP) {
        gen_map_opas(g, n);
        return;
    }
    Lvalue l = lvalue(g, n->x);
    Type *t = n->x->type;
    NodeOp op = n->arith;
    Value *y = gen_expr(g, n->y);
    if (is_register_field(n->x)) {
        Value *old = gen_expr(g, n->x);
        store_register_field(g, n->x, gen_binary(g, op, t, old, y, n));
        return;
    }
    Value *p = lvalue_address(g, &l, n->x);
    Value *old = gen_load(g, t, p);
    gen_store(g, p, gen_binary(g, op, t, old, y, n));
}

static Lvalue *lvalues(Gen *g, NodeVec *list) {
    Lvalue *l = NEW_ARRAY(Lvalue, list->len);
    for (uint32_t i = 0; i < list->len; i++) l[i] = lvalue(g, list->data[i]);
    return l;
}

static void gen_as2(Gen *g, Node *n) {
    Lvalue *l = lvalues(g, &n->list);
    Value **v = NEW_ARRAY(Value *, n->rlist.len);
    for (uint32_t i = 0; i < n->rlist.len; i++) v[i] = gen_expr(g, n->rlist.data[i]);
    for (uint32_t i = 0; i < n->list.len; i++) assign_value(g, &l[i], v[i]);
}

static void gen_as2call(Gen *g, Node *n) {
    Lvalue *l = lvalues(g, &n->list);
    Value *call = gen_expr(g, n->y);
    if (n->list.len == 1) {
        assign_value(g, &l[0], call);
        return;
    }
    Value **v = NEW_ARRAY(Value *, n->list.len);
    for (uint32_t i = 0; i < n->list.len; i++)
        v[i] = n->list.data[i] ? gen_result(g, call, i) : NULL;
    for (uint32_t i = 0; i < n->list.len; i++) assign_value(g, &l[i], v[i]);
}

static void assign_ok(Gen *g, Lvalue *l, Value *ok) {
    if (l->node) assign_value(g, l, gen_copy(g, l->node->type, ok));
}

static void gen_as2map(Gen *g, Node *n) {
    Lvalue *l = lvalues(g, &n->list);
    Node *y = n->y;
    Type *map = under(y->x->type);
    Value *m = gen_expr(g, y->x);
    Value *key = gen_map_key(g, map, y->y, true);
    Value *ok;
    Value *p = gen_map_access(g, map, m, key, &ok);
    assign_from(g, &l[0], map->map.elem, p);
    assign_ok(g, &l[1], ok);
}

static void gen_as2assert(Gen *g, Node *n) {
    Lvalue *l = lvalues(g, &n->list);
    Value *ok;
    Value *v = gen_assert(g, n->y, &ok);
    assign_value(g, &l[0], v);
    assign_ok(g, &l[1], ok);
}

static void gen_as2recv(Gen *g, Node *n) {
    Lvalue *l = lvalues(g, &n->list);
    Value *ok;
    Value *p = gen_recv(g, n->y, &ok);
    assign_from(g, &l[0], under(n->y->x->type)->chan.elem, p);
    assign_ok(g, &l[1], ok);
}

// control -----------------------------------------------------------------------------------------

// continue goes to post, break to done, which is entered even if nothing leads there: unreachable
// blocks go later.
static void gen_for(Gen *g, Node *n) {
    Block *head = gen_block(g), *body = gen_block(g), *post = gen_block(g), *done = gen_block(g);
    gen_flow_into(g, head);
    if (n->x)
        gen_cond(g, n->x, body, done);
    else
        gen_goto(g, body);
    gen_enter(g, body);
    vec_push(&g->targets, ((Target){n, done, post}));
    gen_stmts(g, &n->body);
    (void)vec_pop(&g->targets);
    gen_flow_into(g, post);
    if (n->y) gen_stmt(g, n->y);
    gen_goto(g, head);
    gen_enter(g, done);
}

// With a constant condition no branch is made, so that neither LLVM nor reports see one.
static void gen_if_stmt(Gen *g, Node *n) {
    // What the other branch declares or labels is unreachable unless a goto leads there.
    if (n->x->op == N_CONST) {
        bool yes = const_bool_value(n->x->val);
        Block *dead = gen_block(g), *join = gen_block(g);
        gen_stmts(g, yes ? &n->body : &n->els);
        gen_goto(g, join);
        gen_enter(g, dead);
        gen_stmts(g, yes ? &n->els : &n->body);
        gen_flow_into(g, join);
        return;
    }
    Block *yes = gen_block(g), *no = n->els.len ? gen_block(g) : NULL, *done = gen_block(g);
    if (n->likely)
        gen_if(g, gen_expr(g, n->x), yes, no ? no : done, 1);
    else
        gen_cond(g, n->x, yes, no ? no : done);
    gen_enter(g, yes);
    gen_stmts(g, &n->body);
    gen_goto(g, done);
    if (no) {
        gen_enter(g, no);
        gen_stmts(g, &n->els);
        gen_goto(g, done);
    }
    gen_enter(g, done);
}

static Block *label_block(Gen *g, Name label) {
    Block *b = ptrmap_get(&g->labels, label);
    if (!b) {
        b = gen_block(g);
        ptrmap_put(&g->labels, label, b);
    }
    return b;
}

static void gen_branch(Gen *g, Node *n) {
    for (uint32_t i = g->targets.len; i-- > 0;) {
        Target *t = &g->targets.data[i];
        if (t->node != n->x) continue;
        gen_goto(g, n->op == N_BREAK ? t->brk : t->cont);
        g->cur = gen_block(g);
        return;
    }
    ice("ssagen: %s leads nowhere", node_op_text[n->op]);
}

static void gen_block_stmt(Gen *g, Node *n) {
    if (!n->break_target) {
        gen_stmts(g, &n->list);
        return;
    }
    Block *done = gen_block(g);
    vec_push(&g->targets, ((Target){n, done, NULL}));
    gen_stmts(g, &n->list);
    (void)vec_pop(&g->targets);
    gen_flow_into(g, done);
}

static void gen_panic(Gen *g, Node *n) {
    Value *v = gen_expr(g, n->x);
    gen_rt(g, RT_gopanic, NULL, 1, v);
    gen_exit(g);
}

// order.c has put calls ahead of what they could change, so that operands can be evaluated from
// left to right as they stand.
static void stmt(Gen *g, Node *n) {
    switch ((NodeOp)n->op) {
    case N_BLOCK: gen_block_stmt(g, n); return;
    case N_DCL: gen_declare_local(g, n->local, true); return;
    case N_AS: gen_assign(g, n->x, n->y); return;
    case N_OPAS: gen_opas(g, n); return;
    case N_AS2: gen_as2(g, n); return;
    case N_AS2CALL: gen_as2call(g, n); return;
    case N_AS2MAP: gen_as2map(g, n); return;
    case N_AS2ASSERT: gen_as2assert(g, n); return;
    case N_AS2RECV: gen_as2recv(g, n); return;
    case N_KEEPALIVE:
        gen1(g, SSA_KEEPALIVE, NULL,
             type_fits_registers(n->x->type) ? gen_expr(g, n->x) : gen_value_addr(g, n->x));
        return;
    case N_EXPRSTMT:
        if (n->x->op == N_RECV)
            gen_recv(g, n->x, NULL);
        else if (n->x->op == N_CALL || n->x->op == N_CALLINTER || type_fits_registers(n->x->type))
            gen_expr(g, n->x);
        else
            gen_value_addr(g, n->x);
        return;
    case N_SEND: {
        Value *ch = gen_copy(g, PTR, gen_expr(g, n->x));
        Type *elem = under(n->x->type)->chan.elem;
        Value *p = gen_slotaddr(g, gen_slot(g, elem));
        gen_into(g, p, n->y, true);
        gen_rt(g, RT_chansend1, NULL, 2, ch, p);
        return;
    }
    case N_GO: gen_rt(g, RT_newproc, NULL, 1, gen_copy(g, PTR, gen_expr(g, n->x->x))); return;
    case N_DEFER: gen_defer(g, n); return;
    case N_RETURN: gen_return(g, n); return;
    case N_IF: gen_if_stmt(g, n); return;
    case N_FOR: gen_for(g, n); return;
    case N_RANGE: gen_range(g, n); return;
    case N_SWITCH: gen_switch(g, n); return;
    case N_TYPESWITCH: gen_typeswitch(g, n); return;
    case N_SELECT: gen_select(g, n); return;
    case N_LABEL: {
        Block *b = label_block(g, n->label);
        gen_flow_into(g, b);
        return;
    }
    case N_GOTO:
        gen_goto(g, label_block(g, n->label));
        g->cur = gen_block(g);
        return;
    case N_BREAK:
    case N_CONTINUE: gen_branch(g, n); return;
    case N_PANIC: gen_panic(g, n); return;
    case N_PRINT:
    case N_PRINTLN: gen_print(g, n); return;
    case N_DELETE: {
        Value *m = gen_expr(g, n->x);
        gen_map_delete(g, under(n->x->type), m, gen_map_key(g, under(n->x->type), n->y, true));
        return;
    }
    case N_CLEAR: gen_clear(g, n); return;
    case N_CLOSE: gen_rt(g, RT_closechan, NULL, 1, gen_copy(g, PTR, gen_expr(g, n->x))); return;
    case N_INLMARK: return;
    default:
        if (n->op < N_BLOCK) { // an expression as a statement
            gen_expr(g, n);
            return;
        }
        ice("ssagen: statement %s", node_op_text[n->op]);
    }
}

void gen_stmt(Gen *g, Node *n) {
    Pos pos = g->pos;
    struct InlCall *inl = g->inl;
    if (n->pos) {
        g->pos = n->pos;
        set_ice_pos(n->pos);
    }
    g->inl = n->inl;
    stmt(g, n);
    g->pos = pos;
    g->inl = inl;
}

// A declaration right before the variable's first assignment leaves zeroing to it.
static bool declares_and_assigns(Node *d, Node *as) {
    if (d->op != N_DCL || as->op != N_AS || !as->x || as->x->op != N_LOCAL ||
        as->x->local != d->local)
        return false;
    Local *l = d->local;
    if (l->captured_ref || l->addr_taken || !as->y) return false;
    return !mentions_local(as->y, l);
}

void gen_stmts(Gen *g, NodeVec *list) {
    for (uint32_t i = 0; i < list->len; i++) {
        Node *n = list->data[i];
        if (i + 1 < list->len && declares_and_assigns(n, list->data[i + 1])) {
            if (n->pos) g->pos = n->pos;
            gen_declare_local(g, n->local, false);
            continue;
        }
        gen_stmt(g, n);
    }
}
