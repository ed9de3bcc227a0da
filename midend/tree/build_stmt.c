// build_stmt: statements. Control flow stays structured; what is implicit in the source (comma-ok
// forms, multi-value assignment, per-iteration variables, conversions) is spelled out.
#include "midend/functions.h"
#include "midend/tree/build.h"

void build_stmts(Build *b, StmtVec *list) {
    bool dead = false;
    for (uint32_t i = 0; i < list->len; i++) {
        if (dead && list->data[i]->kind != S_LABELED) continue;
        build_stmt(b, list->data[i]);
        dead = build_terminates(list->data[i]);
    }
}

static NodeVec block_of(Build *b, StmtVec *list) {
    NodeVec out = {0}, *keep = b->out;
    b->out = &out;
    build_stmts(b, list);
    b->out = keep;
    return out;
}

Expr **build_elements(Expr **e, uint32_t *n) {
    if (!*e) {
        *n = 0;
        return NULL;
    }
    if ((*e)->kind == E_LIST) {
        *n = (*e)->list.elems.len;
        return (*e)->list.elems.data;
    }
    *n = 1;
    return e;
}

static Node *declare_local(Build *b, Local *l, Pos pos) {
    Node *d = node_new(N_DCL, pos, NULL);
    d->local = l;
    build_emit(b, d);
    return node_local(l, pos);
}
static Node *declare(Build *b, Object *o, Pos pos) {
    return declare_local(b, build_local_of(b, o), pos);
}

// The declaration's first value.
static void define_var(Build *b, Object *o, Node *value, Pos at, Pos pos) {
    Node *as = build_as(declare(b, o, at), value, pos);
    as->defines = true;
    build_emit(b, as);
}

// The places that a list of left sides names; new variables are declared. A place is NULL when
// blank.
static Object *defined_here(Expr *e) {
    return e->kind == E_NAME && e->name.obj && e->name.obj->pos == e->pos ? e->name.obj : NULL;
}

// A value as a place takes it.
static Node *stored(const Node *place, Node *v) {
    return place ? build_convert(v, place->type) : build_default(v);
}

// v, ok forms: into temporaries of the operation's own types, then converted.
static Node *comma_ok(Build *b, Expr *rhs, Node **val, Node **ok) {
    Expr *e = unparen(rhs);
    Node *x = build_expr(b, e);
    NodeOp op = x->op == N_INDEXMAP ? N_AS2MAP
                : x->op == N_ASSERT ? N_AS2ASSERT
                : x->op == N_RECV   ? N_AS2RECV
                                    : N_OP_COUNT;
    if (op == N_OP_COUNT) ice("no comma-ok form");
    Node *as = node_new(op, rhs->pos, NULL);
    as->y = x;
    *val = node_local(func_new_temp(b->fn, x->type, rhs->pos), rhs->pos);
    *ok = node_local(func_new_temp(b->fn, BASIC(BOOL), rhs->pos), rhs->pos);
    b->fn->ndcls += 2;
    vec_push(&as->list, *val);
    vec_push(&as->list, *ok);
    return as;
}

// Values of a right side that gives n of them: n expressions, one call, or a comma-ok form; each as
// a node that is safe to assign after the others.
static void multi_values(Build *b, Expr *rhs, uint32_t n, NodeVec *out) {
    Expr *e = unparen(rhs);
    if (n == 2 && e->commaok) {
        Node *v, *ok;
        build_emit(b, comma_ok(b, e, &v, &ok));
        vec_push(out, v);
        vec_push(out, ok);
        return;
    }
    if (!build_results(b, build_expr(b, e), rhs->pos, out)) ice("%u values wanted", n);
}

void build_init_vars(Build *b, Object **lhs, uint32_t n, Expr *rhs, Pos pos) {
    NodeVec vals = {0};
    multi_values(b, rhs, n, &vals);
    for (uint32_t i = 0; i < n; i++) {
        if (!strcmp(lhs[i]->name, "_")) continue;
        Node *p = node_new(N_GLOBAL, pos, types_canonical(lhs[i]->type));
        p->global = build_global_of(b->u, lhs[i]);
        build_emit(b, build_as(p, build_convert(vals.data[i], p->type), pos));
    }
}

// What calls there are in a place's operands come before the one that gives the values; all else
// is evaluated after it.
static void hold_calls(Build *b, Node **np) {
    Node *n = *np;
    if (!n || n->op == N_CLOSURE) return;
    if (order_ahead(n) || ((n->op == N_ANDAND || n->op == N_OROR) && build_has_effect(n)) ||
        n->op == N_STMTEXPR || n->op == N_MAPLIT || n->op == N_ASSERT) {
        *np = build_temp(b, n);
        return;
    }
    hold_calls(b, &n->x);
    hold_calls(b, &n->y);
    for (vec_each(Node *, e, &n->list)) hold_calls(b, e);
}

// x, y := e, f: new variables start after all values are known.
static void define_all(Build *b, Expr **l, Expr **r, uint32_t n, Pos pos) {
    NodeVec vals = {0};
    for (uint32_t i = 0; i < n; i++) {
        Object *o = defined_here(l[i]);
        Node *v = o ? build_value(b, r[i], build_type(b, o->type)) : NULL;
        if (!v) {
            Node *p = build_place(b, l[i]);
            v = build_expr(b, r[i]);
            v = stored(p, v);
        }
        vec_push(&vals, v);
    }
    build_temps(b, &vals, pos);
    for (uint32_t i = 0; i < n; i++) {
        Object *o = defined_here(l[i]);
        Node *p = o ? NULL : build_place(b, l[i]);
        if (o)
            define_var(b, o, vals.data[i], l[i]->pos, pos);
        else if (p)
            build_emit(b, build_as(p, vals.data[i], pos));
    }
}

// One value, as many values as places, or one call or comma-ok form for all places.
static void build_assign(Build *b, Expr *lhs, Expr *rhs, bool define, Pos pos) {
    uint32_t n, m;
    Expr **l = build_elements(&lhs, &n), **r = build_elements(&rhs, &m);
    if (n == 1) {
        Object *o = define ? defined_here(l[0]) : NULL;
        if (o) {
            define_var(b, o, build_value(b, r[0], build_type(b, o->type)), l[0]->pos, pos);
            return;
        }
        Node *p = build_place(b, l[0]);
        Node *v = build_expr(b, r[0]);
        build_emit(b, build_as(p, stored(p, v), pos));
        return;
    }
    // places first (their operands are evaluated in order with the values), then values, then
    // assignment
    if (n == m) {
        if (define) {
            define_all(b, l, r, n, pos);
            return;
        }
        Node *as = node_new(N_AS2, pos, NULL);
        for (uint32_t i = 0; i < n; i++) vec_push(&as->list, build_place(b, l[i]));
        for (uint32_t i = 0; i < n; i++) {
            Node *v = build_expr(b, r[i]);
            vec_push(&as->rlist, stored(as->list.data[i], v));
        }
        build_emit(b, as);
        return;
    }
    // one call or comma-ok form for all
    NodeVec places = {0}, vals = {0};
    for (uint32_t i = 0; i < n; i++)
        vec_push(&places, define && defined_here(l[i]) ? NULL : build_place(b, l[i]));
    bool plain = true; // variables are assigned to one by one
    for (vec_each(Node *, p, &places)) {
        hold_calls(b, p);
        plain &= !*p || (*p)->op == N_LOCAL || (*p)->op == N_GLOBAL;
    }
    multi_values(b, rhs, n, &vals);
    Node *as = node_new(N_AS2, pos, NULL);
    for (uint32_t i = 0; i < n; i++) {
        Object *o = define ? defined_here(l[i]) : NULL;
        Node *p = places.data[i];
        if (o) {
            define_var(b, o, build_convert(vals.data[i], build_type(b, o->type)), l[i]->pos, pos);
        } else if (p && plain) {
            build_emit(b, build_as(p, build_convert(vals.data[i], p->type), pos));
        } else if (p) {
            vec_push(&as->list, p);
            vec_push(&as->rlist, build_convert(vals.data[i], p->type));
        }
    }
    if (as->list.len) build_emit(b, as);
}

// Of several names all values are kept first: each may change what another reads.
static void var_decl(Build *b, Decl *d) {
    uint32_t n = d->value.names.len, m;
    Expr **r = build_elements(&d->value.values, &m);
    NodeVec vals = {0};
    if (m && m != n) multi_values(b, d->value.values, n, &vals);
    for (uint32_t i = 0; i < n && m == n; i++) {
        Object *o = d->value.names.data[i]->name.obj;
        Node *v = build_expr(b, r[i]);
        v = o && o->type ? build_convert(v, build_type(b, o->type)) : build_default(v);
        vec_push(&vals, v);
    }
    if (m == n && n > 1) build_temps(b, &vals, d->value.names.data[0]->pos);
    for (uint32_t i = 0; i < n; i++) {
        Expr *name = d->value.names.data[i];
        Object *o = name->name.obj;
        bool blank = !o || !strcmp(name->name.name, "_");
        if (!blank && m)
            define_var(b, o, build_convert(vals.data[i], build_type(b, o->type)), name->pos,
                       name->pos);
        else if (!blank)
            declare(b, o, name->pos);
        else if (m)
            build_emit(b, build_as(NULL, vals.data[i], name->pos));
    }
}

static void op_assign(Build *b, Expr *lhs, Operator op, Node *y, Pos pos) {
    Node *x = build_place(b, lhs);
    if (!x) return;
    bool shift = op == OPR_SHL || op == OPR_SHR;
    if (!shift)
        y = build_convert(y, x->type);
    else if (type_is_untyped(y->type))
        y = build_convert(y, BASIC(UINT));
    Node *n = build_node2(N_OPAS, pos, NULL, x, y);
    n->arith = build_binary_op(op);
    build_emit(b, n);
}

static Node *break_to(Node *loop, NodeOp op, Pos pos) { return build_node1(op, pos, NULL, loop); }

static bool per_iteration(Build *b, Object *o) {
    return (o->captured || o->addr_taken) && check_allow_version(b->u->pkg, o->pos, 22);
}

// for init; cond; post with variables of its own for each round, where that can be seen: the round
// starts with fresh copies of the last round's.
static void for_stmt(Build *b, Stmt *s) {
    if (s->for_.init) build_stmt(b, s->for_.init);
    Vec(Object *) fresh = {0};
    if (s->for_.init && s->for_.init->kind == S_ASSIGN && s->for_.init->assign.define) {
        uint32_t n;
        Expr **l = build_elements(&s->for_.init->assign.lhs, &n);
        for (uint32_t i = 0; i < n; i++) {
            Object *o = defined_here(l[i]);
            if (o && per_iteration(b, o)) vec_push(&fresh, o);
        }
    }
    Node *loop = node_new(N_FOR, s->pos, NULL);
    ptrmap_put(&b->targets, s, loop);
    NodeVec *keep = b->out;
    if (!fresh.len) {
        if (s->for_.cond) loop->x = build_value(b, s->for_.cond, BASIC(BOOL));
        if (s->for_.post) {
            Node *post = node_new(N_BLOCK, s->for_.post->pos, NULL);
            b->out = &post->list;
            build_stmt(b, s->for_.post);
            loop->y = post;
        }
        b->out = &loop->body;
        build_stmts(b, &s->for_.body->block.list);
        b->out = keep;
        build_emit(b, loop);
        return;
    }
    Vec(Node *) outer = {0};
    for (vec_each(Object *, o, &fresh))
        vec_push(&outer, build_temp(b, node_local(build_local_of(b, *o), s->pos)));
    Node *first = build_temp(b, ({
                                 Node *c = node_new(N_CONST, s->pos, BASIC(BOOL));
                                 c->val = const_bool(true);
                                 c;
                             }));
    b->out = &loop->body;
    for (uint32_t i = 0; i < fresh.len; i++)
        define_var(b, fresh.data[i], outer.data[i], s->pos, s->pos);
    if (s->for_.post) {
        Node *step = build_node1(N_IF, s->pos, NULL, first),
             *f = node_new(N_CONST, s->pos, BASIC(BOOL));
        f->val = const_bool(false);
        vec_push(&step->body, build_as(first, f, s->pos));
        b->out = &step->els;
        build_stmt(b, s->for_.post);
        b->out = &loop->body;
        build_emit(b, step);
    }
    if (s->for_.cond) {
        Node *test = build_node1(
            N_IF, s->pos, NULL,
            build_node1(N_NOT, s->pos, BASIC(BOOL), build_value(b, s->for_.cond, BASIC(BOOL))));
        vec_push(&test->body, break_to(loop, N_BREAK, s->pos));
        build_emit(b, test);
    }
    build_stmts(b, &s->for_.body->block.list);
    Node *save = node_new(N_BLOCK, s->pos, NULL);
    for (uint32_t i = 0; i < fresh.len; i++)
        vec_push(
            &save->list,
            build_as(outer.data[i], node_local(build_local_of(b, fresh.data[i]), s->pos), s->pos));
    loop->y = save;
    b->out = keep;
    build_emit(b, loop);
}

// Of an array, or of the one behind a pointer.
static Node *array_length(Build *b, Expr *e) {
    Type *t = under(build_type(b, e->type));
    if (t->kind == T_POINTER) t = under(t->pointer.elem);
    return node_int(BASIC(INT), t->array.len, e->pos);
}

// The loop gives its values to temporaries, which the body's first statements assign to what the
// source names.
static void range_stmt(Build *b, Stmt *s) {
    Node *x = s->for_.counted ? array_length(b, s->for_.x) : build_expr(b, s->for_.x);
    if (type_is_untyped(x->type)) {
        uint32_t n;
        Expr **l = build_elements(&s->for_.lhs, &n);
        Type *t = n && l[0]->type && !type_is_untyped(l[0]->type) &&
                          strcmp(l[0]->kind == E_NAME ? l[0]->name.name : "", "_")
                      ? build_type(b, l[0]->type)
                      : build_typed(x->type);
        x = build_convert(x, type_is_string(x->type) ? BASIC(STRING) : t);
    }
    Type *u = core_type(x->type);
    if (!u) u = under(x->type);
    if (u->kind == T_FUNC) {
        build_range_func(b, s, x);
        return;
    }
    Node *loop = build_node1(N_RANGE, s->pos, NULL, x);
    ptrmap_put(&b->targets, s, loop);
    Type *key = BASIC(INT), *val = NULL;
    switch (u->kind) {
    case T_ARRAY: val = types_canonical(u->array.elem); break;
    case T_SLICE: val = types_canonical(u->slice.elem); break;
    case T_POINTER: val = types_canonical(under(u->pointer.elem)->array.elem); break;
    case T_STRING: val = BASIC(INT32); break;
    case T_MAP:
        key = types_canonical(u->map.key);
        val = types_canonical(u->map.elem);
        break;
    case T_CHAN: key = types_canonical(u->chan.elem); break;
    default: key = x->type; break;
    }
    uint32_t n;
    Expr **l = build_elements(&s->for_.lhs, &n);
    NodeVec *keep = b->out;
    b->out = &loop->body;
    vec_push(&loop->list, NULL);
    vec_push(&loop->list, NULL);
    Node *as2 = NULL;
    for (uint32_t i = 0; i < n && i < 2; i++) {
        Expr *e = unparen(l[i]);
        if (e->kind == E_NAME && !strcmp(e->name.name, "_")) continue;
        Node *t = node_local(func_new_temp(b->fn, i ? val : key, e->pos), e->pos);
        loop->list.data[i] = t;
        if (s->for_.define) {
            define_var(b, e->name.obj, build_convert(t, build_type(b, e->name.obj->type)), e->pos,
                       e->pos);
            continue;
        }
        if (!as2) as2 = node_new(N_AS2, e->pos, NULL);
        Node *p = build_place(b, e);
        vec_push(&as2->list, p);
        vec_push(&as2->rlist, build_convert(t, p->type));
    }
    if (as2)
        build_emit(b, as2->list.len == 1 ? build_as(as2->list.data[0], as2->rlist.data[0], as2->pos)
                                         : as2);
    build_stmts(b, &s->for_.body->block.list);
    b->out = keep;
    build_emit(b, loop);
}

// The tag is kept, since cases may change what it was made of.
static void expr_switch(Build *b, Stmt *s) {
    Expr *tag = s->switch_.tag;
    Node *sw = node_new(N_SWITCH, s->pos, NULL);
    ptrmap_put(&b->targets, s, sw);
    bool known;
    Clause *always = build_constant_clause(s, &known);
    if (known) { // all others can never run
        if (always) {
            Node *k = node_new(N_CASE, always->pos, NULL);
            k->is_default = true;
            k->body = block_of(b, &always->body);
            vec_push(&sw->list, k);
        }
        build_emit(b, sw);
        return;
    }
    Type *tt = BASIC(BOOL);
    if (tag) {
        Node *x = build_default(build_expr(b, tag));
        tt = x->type;
        // gen_switch may do without a copy of the bytes.
        sw->x = x->op == N_BYTES2STR ? x : build_temp(b, x);
    }
    for (vec_each(Clause *, cp, &s->switch_.clauses)) {
        Clause *c = *cp;
        Node *k = node_new(N_CASE, c->pos, NULL);
        k->is_default = c->is_default;
        uint32_t n;
        Expr **v = build_elements(&c->exprs, &n);
        for (uint32_t i = 0; i < n; i++) {
            Node *x = build_expr(b, v[i]);
            if (x->type->kind == T_UNTYPED_NIL)
                x = build_convert(x, tt);
            else if (type_is_untyped(x->type))
                x = build_convert(x, type_is_interface(tt) ? build_typed(x->type) : tt);
            else if (type_is_interface(x->type) == type_is_interface(tt))
                x = build_convert(x, tt);
            vec_push(&k->list, x);
        }
        k->falls_through = build_falls_through(c);
        k->body = block_of(b, &c->body);
        vec_push(&sw->list, k);
    }
    build_emit(b, sw);
}

static Pos type_end(Expr *e);
static Pos last_type_end(const FieldVec *fields, Pos none) {
    return fields->len && vec_last(fields)->type ? type_end(vec_last(fields)->type) : none;
}

// Where gc sees the end of a type: at its last part's name.
static Pos type_end(Expr *e) {
    switch (e->kind) {
    case E_PAREN:
    case E_STAR: return type_end(e->star.x);
    case E_SELECTOR: return e->selector.x->pos;
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_DOTS: return type_end(e->array.elem);
    case E_MAPTYPE: return type_end(e->map.elem);
    case E_CHANTYPE: return type_end(e->chan.elem);
    case E_INTERFACETYPE: return last_type_end(&e->fields.fields, e->pos);
    case E_FUNCTYPE: return last_type_end(&e->func.results, last_type_end(&e->func.params, e->pos));
    case E_INDEX: return type_end(vec_last(&e->index.index));
    default: return e->pos;
    }
}

// The variable is one for each clause, where its type is the clause's.
static void type_switch(Build *b, Stmt *s) {
    Expr *guard = s->switch_.tag;
    Node *sw =
        build_node1(N_TYPESWITCH, s->pos, NULL, build_temp(b, build_expr(b, guard->typeswitch.x)));
    ptrmap_put(&b->targets, s, sw);
    for (vec_each(Clause *, cp, &s->switch_.clauses)) {
        Clause *c = *cp;
        Node *k = node_new(N_TYPECASE, c->pos, NULL);
        k->is_default = c->is_default;
        uint32_t n;
        Expr **v = build_elements(&c->exprs, &n);
        k->types = typelist_new(n);
        for (uint32_t i = 0; i < n; i++)
            k->types->data[i] = v[i]->mode == MODE_TYPE ? build_type(b, v[i]->type) : NULL;
        if (c->implicit) {
            Local *l = func_new_local(b->fn, c->implicit->name, build_type(b, c->implicit->type),
                                      n ? type_end(v[n - 1]) : c->pos);
            l->obj = c->implicit;
            l->addr_taken = c->implicit->addr_taken;
            l->reassigned = c->implicit->assigns > 0;
            ptrmap_put(&b->locals, c->implicit, l);
            k->local = l;
        }
        k->body = block_of(b, &c->body);
        vec_push(&sw->list, k);
    }
    build_emit(b, sw);
}

// What is received goes to temporaries, since only the chosen case may assign.
static void select_stmt(Build *b, Stmt *s) {
    Node *sel = node_new(N_SELECT, s->pos, NULL);
    ptrmap_put(&b->targets, s, sel);
    NodeVec *keep = b->out;
    for (vec_each(Clause *, cp, &s->select.clauses)) {
        Clause *c = *cp;
        Node *k = node_new(N_COMMCASE, c->pos, NULL);
        k->is_default = c->is_default;
        vec_push(&k->list, NULL);
        vec_push(&k->list, NULL);
        NodeVec body = {0};
        if (c->comm && c->comm->kind == S_SEND) {
            Node *ch = build_expr(b, c->comm->send.ch);
            Node *v =
                build_value(b, c->comm->send.x, types_canonical(core_type(ch->type)->chan.elem));
            k->x = build_node2(N_SEND, c->comm->pos, NULL, ch, v);
        } else if (c->comm) {
            Expr *r = c->comm->kind == S_EXPR ? c->comm->expr.x : c->comm->assign.rhs;
            k->x = build_expr(b, unparen(r));
            if (c->comm->kind == S_ASSIGN) {
                uint32_t n;
                Expr **l = build_elements(&c->comm->assign.lhs, &n);
                b->out = &body;
                for (uint32_t i = 0; i < n; i++) {
                    Expr *e = unparen(l[i]);
                    if (e->kind == E_NAME && !strcmp(e->name.name, "_")) continue;
                    Node *t = node_local(func_new_temp(b->fn, i ? BASIC(BOOL) : k->x->type, e->pos),
                                         e->pos);
                    k->list.data[i] = t;
                    if (c->comm->assign.define) {
                        define_var(b, e->name.obj,
                                   build_convert(t, build_type(b, e->name.obj->type)), e->pos,
                                   e->pos);
                        continue;
                    }
                    Node *p = build_place(b, e);
                    build_emit(b, build_as(p, build_convert(t, p->type), e->pos));
                }
                b->out = keep;
            }
        }
        b->out = &body;
        build_stmts(b, &c->body);
        b->out = keep;
        k->body = body;
        vec_push(&sel->list, k);
    }
    build_emit(b, sel);
}

static bool leave_range_func(Build *b, Stmt *s);
static void defer_outside(Build *b, Stmt *s);

// Values get the results' types here. In a range over a function's body a return leaves the
// function around it, by a way of its own.
static void return_stmt(Build *b, Stmt *s) {
    if (leave_range_func(b, s)) return;
    Node *r = node_new(N_RETURN, s->pos, NULL);
    uint32_t n;
    Expr **v = build_elements(&s->ret.results, &n);
    uint32_t want = b->fn->results.len;
    if (n && n == want) {
        for (uint32_t i = 0; i < n; i++)
            vec_push(&r->list, build_value(b, v[i], b->fn->results.data[i]->type));
    } else if (n) {
        NodeVec vals = {0};
        multi_values(b, s->ret.results, want, &vals);
        for (uint32_t i = 0; i < want; i++)
            vec_push(&r->list, build_convert(vals.data[i], b->fn->results.data[i]->type));
    }
    build_emit(b, r);
}

static void branch_stmt(Build *b, Stmt *s) {
    if (s->branch.tok == TOK_FALLTHROUGH || leave_range_func(b, s)) return;
    if (s->branch.tok == TOK_GOTO) {
        Node *g = node_new(N_GOTO, s->pos, NULL);
        g->label = s->branch.label;
        build_emit(b, g);
        return;
    }
    Stmt *t = s->branch.target;
    if (t && t->kind == S_LABELED) t = t->labeled.stmt;
    Node *n = t ? ptrmap_get(&b->targets, t) : NULL;
    if (!n) ice("branch without a target");
    build_emit(b, break_to(n, s->branch.tok == TOK_BREAK ? N_BREAK : N_CONTINUE, s->pos));
}

// A condition that never changes leaves one side, which is all that gc sees of the statement.
static void if_stmt(Build *b, Stmt *s) {
    if (s->if_.init) build_stmt(b, s->if_.init);
    int known = build_static_bool(s->if_.cond); // then only one side can ever run
    if (known && s->if_.cond->val) {
        if (known > 0)
            build_stmt(b, s->if_.then);
        else if (s->if_.els)
            build_stmt(b, s->if_.els);
        return;
    }
    Node *n = build_node1(N_IF, s->pos, NULL, build_value(b, s->if_.cond, BASIC(BOOL)));
    if (known >= 0) n->body = block_of(b, &s->if_.then->block.list);
    if (s->if_.els && known <= 0) {
        StmtVec one = {0};
        vec_push(&one, s->if_.els);
        n->els =
            s->if_.els->kind == S_BLOCK ? block_of(b, &s->if_.els->block.list) : block_of(b, &one);
    }
    build_emit(b, n);
}

// A statement that declares variables of its own, in the block that they live in.
static void in_block(Build *b, Stmt *s, void (*build)(Build *, Stmt *)) {
    Node *block = node_new(N_BLOCK, s->pos, NULL);
    NodeVec *outer = b->out;
    b->out = &block->list;
    build(b, s);
    b->out = outer;
    build_emit(b, block);
}

// Appends to b->out, behind what the statement's expressions have put there for themselves. Types
// and constants leave nothing to run.
static void one_stmt(Build *b, Stmt *s) {
    set_ice_pos(s->pos);
    switch (s->kind) {
    case S_EMPTY: break;
    case S_BLOCK: {
        Node *n = node_new(N_BLOCK, s->pos, NULL);
        n->list = block_of(b, &s->block.list);
        build_emit(b, n);
        break;
    }
    case S_EXPR: {
        Node *n = build_expr(b, s->expr.x);
        for (; n->op == N_STMTEXPR; n = n->x) // a built-in function that is a statement of its own
            for (vec_each(Node *, before, &n->list)) build_emit(b, *before);
        build_emit(b, n->op >= N_BLOCK ? n : build_node1(N_EXPRSTMT, s->pos, NULL, n));
        break;
    }
    case S_SEND: {
        Node *ch = build_expr(b, s->send.ch);
        build_emit(b, build_node2(N_SEND, s->pos, NULL, ch,
                                  build_value(b, s->send.x,
                                              types_canonical(core_type(ch->type)->chan.elem))));
        break;
    }
    case S_ASSIGN:
        if (s->assign.op != OPR_NONE)
            op_assign(b, s->assign.lhs, s->assign.op, build_expr(b, s->assign.rhs), s->pos);
        else
            build_assign(b, s->assign.lhs, s->assign.rhs, s->assign.define, s->pos);
        break;
    case S_INCDEC: {
        Node *one = node_new(N_CONST, s->pos, BASIC(UNTYPED_INT));
        one->val = const_int64(1);
        op_assign(b, s->incdec.x, s->incdec.dec ? OPR_SUB : OPR_ADD, one, s->pos);
        break;
    }
    case S_DECL:
        for (vec_each(Decl *, d, &s->decl.decls))
            if ((*d)->kind == D_VAR) var_decl(b, *d);
        break;
    case S_LABELED: {
        Node *l = node_new(N_LABEL, s->pos, NULL);
        l->label = s->labeled.label;
        build_emit(b, l);
        build_stmt(b, s->labeled.stmt);
        break;
    }
    case S_BRANCH: branch_stmt(b, s); break;
    case S_GO:
    case S_DEFER:
        if (s->kind == S_DEFER && b->rangefunc) {
            defer_outside(b, s);
            break;
        }
        if (s->kind == S_DEFER) b->fn->has_defer = true;
        build_emit(b, build_node1(s->kind == S_GO ? N_GO : N_DEFER, s->pos, NULL,
                                  build_wrap_call(b, s->go.call, s->kind == S_GO, s->pos)));
        break;
    case S_RETURN: return_stmt(b, s); break;
    case S_IF: in_block(b, s, if_stmt); break;
    case S_FOR:
        if (s->for_.is_range)
            range_stmt(b, s);
        else
            in_block(b, s, for_stmt);
        break;
    case S_SWITCH:
        if (s->switch_.init) build_stmt(b, s->switch_.init);
        if (s->switch_.tag && s->switch_.tag->kind == E_TYPESWITCH)
            type_switch(b, s);
        else
            expr_switch(b, s);
        break;
    case S_SELECT: select_stmt(b, s); break;
    case S_BAD: ice("bad statement");
    }
}

void build_stmt(Build *b, Stmt *s) {
    uint32_t from = b->out->len;
    bool outside = !b->in_bloop;
    b->in_bloop |= bloop_is_loop(s);
    one_stmt(b, s);
    if (outside)
        b->in_bloop = false;
    else
        bloop_keep_alive(b, s, from);
}

// ---- range over functions -----------------------------------------------------------------------
//
// The body becomes a function that the iterator calls; it returns false to stop. What leaves the
// body otherwise (return, break or continue of an outer statement, goto) notes an exit number,
// stops the iterator, and is done after the call. A state guards against calls when the loop is
// over (abi.RF_*): READY before each call, PANIC while the body runs, DONE once it was left,
// EXHAUSTED after the iterator returned.
enum { RF_DONE, RF_READY, RF_PANIC, RF_EXHAUSTED, RF_MISSING_PANIC };

typedef struct RangeFunc {
    Stmt *stmt;
    Build *outer;        // the function around
    Local *state, *next; // in the outer function
    Vec(Stmt *) exits;
    Local *frame; // the outer function's defer frame, where the body defers calls
} RangeFunc;

// By reference, through every function between.
static Node *captured(Build *b, Local *outer, Pos pos) {
    if (outer->func == b->fn) return node_local(outer, pos);
    Node *o = captured(b->outer, outer, pos);
    return node_local(build_capture(b->fn, o->local, true), pos);
}

static Node *captured_value(Build *b, Local *outer, Pos pos) {
    if (outer->func == b->fn) return node_local(outer, pos);
    Node *o = captured_value(b->outer, outer, pos);
    return node_local(build_capture(b->fn, o->local, false), pos);
}

// defer in the body of a range over a function: the call is deferred to the end of the function
// that the range statement stands in. That function's defer frame reaches the body through a
// variable.
static void defer_outside(Build *b, Stmt *s) {
    RangeFunc *top = b->rangefunc;
    while (top->outer->rangefunc) top = top->outer->rangefunc;
    if (!top->frame) top->frame = func_new_temp(top->outer->fn, BASIC(UNSAFEPTR), s->pos);
    top->outer->fn->has_defer = true;
    Node *n = build_node1(N_DEFER, s->pos, NULL, build_wrap_call(b, s->go.call, false, s->pos));
    n->y = captured_value(b, top->frame, s->pos);
    build_emit(b, n);
}

static void set_int(Build *b, Local *l, int64_t v, Pos pos) {
    build_emit(b, build_as(captured(b, l, pos), node_int(BASIC(INT), v, pos), pos));
}

static void return_bool(Build *b, bool v, Pos pos) {
    Node *r = node_new(N_RETURN, pos, NULL), *c = node_new(N_CONST, pos, BASIC(BOOL));
    c->val = const_bool(v);
    vec_push(&r->list, c);
    build_emit(b, r);
}

static void check_state(Build *b, Node *bad, Node *state, Pos pos) {
    Object *param = object_new(O_VAR, 0, NULL, intern_c(""), BASIC(INT));
    Func *f =
        unit_new_func(b->u, intern_c(rt_info[RT_panicrangestate].symbol),
                      rt_info[RT_panicrangestate].symbol, type_func(&param, 1, NULL, 0, false));
    f->external = true;
    Node *call = build_node1(N_CALL, pos, NULL, node_func(N_FUNC, f, pos));
    vec_push(&call->list, state);
    Node *test = build_node1(N_IF, pos, NULL, bad);
    vec_push(&test->body, build_node1(N_EXPRSTMT, pos, NULL, call));
    build_emit(b, test);
}

static bool inside(Stmt *s, Stmt *target) { // does statement s enclose target?
    return target->pos >= s->pos && target->end <= s->end;
}

BranchExit build_branch_exit(Stmt *range, Stmt *s) {
    Stmt *t = s->branch.target;
    if (t && t->kind == S_LABELED && s->branch.tok != TOK_GOTO) t = t->labeled.stmt;
    if (t == range) return BRANCH_ENDS;
    return s->branch.tok == TOK_FALLTHROUGH || (t && inside(range->for_.body, t)) ? BRANCH_STAYS
                                                                                  : BRANCH_LEAVES;
}

static FuncInfo *range_info(FuncInfo *outer, Stmt *s, Type *sig) { // all instances share it
    static PtrMap infos;
    FuncInfo *i = ptrmap_get(&infos, s);
    if (i) return i;
    i = NEW(FuncInfo);
    *i = (FuncInfo){.outer = outer, .range = s, .sig = sig, .body = s->for_.body, .checked = true};
    ptrmap_put(&infos, s, i);
    return i;
}

// A statement that leaves the innermost range-over-func body: notes it and stops the iterator.
// False when it stays inside.
static bool leave_range_func(Build *b, Stmt *s) {
    RangeFunc *rf = b->rangefunc;
    if (!rf) return false;
    Pos pos = s->pos;
    if (s->kind == S_BRANCH) {
        BranchExit exit = build_branch_exit(rf->stmt, s);
        if (exit == BRANCH_ENDS) {
            bool again = s->branch.tok == TOK_CONTINUE;
            set_int(b, rf->state, again ? RF_READY : RF_DONE, pos);
            return_bool(b, again, pos);
            return true;
        }
        if (exit == BRANCH_STAYS) return false;
    } else { // return: results go to the function's own variables
        Build *top = rf->outer;
        while (top->rangefunc) top = top->rangefunc->outer;
        uint32_t n, want = top->fn->results.len;
        Expr **v = build_elements(&s->ret.results, &n);
        NodeVec vals = {0};
        if (n && n == want) {
            for (uint32_t i = 0; i < n; i++)
                vec_push(&vals,
                         build_temp(b, build_value(b, v[i], top->fn->results.data[i]->type)));
        } else if (n)
            multi_values(b, s->ret.results, want, &vals);
        for (uint32_t i = 0; i < vals.len; i++) {
            Local *r = top->fn->results.data[i];
            build_emit(b, build_as(captured(b, r, pos), build_convert(vals.data[i], r->type), pos));
        }
    }
    vec_push(&rf->exits, s);
    set_int(b, rf->state, RF_DONE, pos);
    set_int(b, rf->next, rf->exits.len, pos);
    return_bool(b, false, pos);
    return true;
}

// The body's parameters are the variables that the statement defines, or are assigned to those that
// it names.
static void range_func_vars(Build *inner, Stmt *s) {
    uint32_t n;
    Expr **l = build_elements(&s->for_.lhs, &n);
    for (uint32_t i = 0; i < inner->fn->params.len; i++) {
        Local *param = inner->fn->params.data[i];
        Expr *e = i < n ? unparen(l[i]) : NULL;
        bool blank = !e || (e->kind == E_NAME && !strcmp(e->name.name, "_"));
        if (!blank && s->for_.define) {
            build_bind(inner, param, e->name.obj);
            continue;
        }
        param->name = intern_c(xsprintf("#p%u", i + 1)); // nobody uses it by a name
        if (blank) continue;
        Node *p = build_place(inner, e);
        build_emit(inner, build_as(p, build_convert(node_local(param, s->pos), p->type), e->pos));
    }
}

// State and next action are variables that the body closure captures: who called it, when, and what
// follows.
void build_range_func(Build *b, Stmt *s, Node *f) {
    Pos pos = s->pos;
    RangeFunc rf = {.stmt = s, .outer = b};
    f = build_temp(b, f);
    Build *top = b;
    while (top->rangefunc) top = top->outer;
    rf.state =
        func_new_local(b->fn, intern_c(xsprintf("#state%u", ++top->fn->nstates)), BASIC(INT), pos);
    rf.next = func_new_temp(b->fn, BASIC(INT), pos);
    declare_local(b, rf.state, pos);
    declare_local(b, rf.next, pos);
    set_int(b, rf.state, RF_READY, pos);
    set_int(b, rf.next, 0, pos);
    Type *yield = types_canonical(core_type(core_type(f->type)->func.params.data[0]->type));
    Func *body = build_new_closure(b, yield, pos, "range");
    if (b->fn->info) body->info = range_info(b->fn->info, s, yield);
    Build inner = {
        .u = b->u, .fn = body, .map = b->map, .outer = b, .out = &body->body, .rangefunc = &rf};
    inner.targets = b->targets;
    build_params(&inner, body, body->sig);
    range_func_vars(&inner, s);
    Node *was = build_temp(&inner, captured(&inner, rf.state, pos));
    set_int(&inner, rf.state, RF_PANIC, pos);
    check_state(&inner,
                build_node2(N_NE, pos, BASIC(BOOL), was, node_int(BASIC(INT), RF_READY, pos)), was,
                pos);
    build_stmts(&inner, &s->for_.body->block.list);
    set_int(&inner, rf.state, RF_READY, s->for_.body->end);
    return_bool(&inner, true, s->for_.body->end);
    b->targets = inner.targets; // one table: what the body added counts here
    order_func(body);
    vec_push(&b->u->funcs, body);
    if (rf.frame) {
        Node *frame = declare_local(b, rf.frame, pos);
        build_emit(b, build_as(frame, node_new(N_DEFERFRAME, pos, BASIC(UNSAFEPTR)), pos));
    }
    Node *closure = node_func(N_CLOSURE, body, pos), *call = build_node1(N_CALL, pos, NULL, f);
    vec_push(
        &call->list,
        build_convert(closure, types_canonical(core_type(f->type)->func.params.data[0]->type)));
    build_emit(b, build_node1(N_EXPRSTMT, pos, NULL, call));
    check_state(b,
                build_node2(N_EQ, pos, BASIC(BOOL), captured(b, rf.state, pos),
                            node_int(BASIC(INT), RF_PANIC, pos)),
                node_int(BASIC(INT), RF_MISSING_PANIC, pos), pos);
    set_int(b, rf.state, RF_EXHAUSTED, pos);
    for (uint32_t i = 0; i < rf.exits.len; i++) {
        Stmt *e = rf.exits.data[i];
        Node *test = build_node1(N_IF, pos, NULL,
                                 build_node2(N_EQ, pos, BASIC(BOOL), captured(b, rf.next, pos),
                                             node_int(BASIC(INT), i + 1, pos)));
        NodeVec *keep = b->out;
        b->out = &test->body;
        if (e->kind == S_BRANCH)
            branch_stmt(b, e);
        else {
            // The values are in the result variables by now. A loop around this one keeps the
            // statement among its exits.
            Stmt *plain = NEW(Stmt);
            *plain = (Stmt){.kind = S_RETURN, .pos = e->pos, .end = e->end};
            return_stmt(b, plain);
        }
        b->out = keep;
        build_emit(b, test);
    }
}
