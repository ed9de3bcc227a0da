// ssagen: from a function's tree to blocks and values.
//
// In: a built function (every conversion explicit, statements structured) whose locals know whether
// they live in heap cells. Out: f->ssa, ordered and verified, with every check, runtime call and
// defer frame explicit. What f needs of types, itabs and data is recorded in the unit. This file
// holds the helpers that emit values and the frame of a function: parameters, captures, results,
// defers, return.
#include "midend/ssa/ssagen.h"

// types -------------------------------------------------------------------------------------------

// Counting stops above the limit: a struct may have a hundred thousand fields.
static uint32_t count_leaves(Type *t, uint32_t limit) {
    Type *u = under(t);
    switch (u->kind) {
    case T_ARRAY: return u->array.len == 0 ? 0 : limit + 1;
    case T_STRUCT: {
        uint32_t n = 0;
        for (vec_each(Object *, f, &u->strukt.fields)) {
            n += count_leaves((*f)->type, limit);
            if (n > limit) break;
        }
        return n;
    }
    default: return 1;
    }
}

bool type_fits_registers(Type *t) {
    TypeKind k = under(t)->kind;
    return (k != T_ARRAY && k != T_STRUCT) || count_leaves(t, 4) <= 4;
}

// values ------------------------------------------------------------------------------------------

static Value *emit(Gen *g, SsaOp op, Type *t, uint32_t nargs) {
    Value *v = ssa_new_value(g->cur, op, t, g->pos, nargs);
    v->inl = g->inl;
    vec_push(&g->cur->values, v);
    return v;
}

Value *gen0(Gen *g, SsaOp op, Type *t) { return emit(g, op, t, 0); }

Value *gen1(Gen *g, SsaOp op, Type *t, Value *a) {
    Value *v = emit(g, op, t, 1);
    v->args[0] = a;
    return v;
}

Value *gen2(Gen *g, SsaOp op, Type *t, Value *a, Value *b) {
    Value *v = emit(g, op, t, 2);
    v->args[0] = a;
    v->args[1] = b;
    return v;
}

Value *gen3(Gen *g, SsaOp op, Type *t, Value *a, Value *b, Value *c) {
    Value *v = emit(g, op, t, 3);
    v->args[0] = a;
    v->args[1] = b;
    v->args[2] = c;
    return v;
}

Value *gen_int(Gen *g, Type *t, int64_t i) {
    Value *v = gen0(g, SSA_CONST, t);
    v->konst = const_int64(i);
    return v;
}

Value *gen_bool(Gen *g, bool b) {
    Value *v = gen0(g, SSA_CONST, BOOL);
    v->konst = const_bool(b);
    return v;
}

Value *gen_nil(Gen *g) { return gen0(g, SSA_ZERO, PTR); }

Value *gen_string(Gen *g, Str s) {
    Value *v = gen0(g, SSA_STRING, BASIC(STRING));
    v->str = s;
    return v;
}

Value *gen_func(Gen *g, SsaOp op, Type *t, Func *f) {
    Value *v = gen0(g, op, t);
    v->func = f;
    return v;
}
Value *gen_dataaddr(Gen *g, Data *d) {
    Value *v = gen0(g, SSA_DATAADDR, PTR);
    v->data = d;
    return v;
}
Value *gen_typeaddr(Gen *g, Type *t) {
    t = types_canonical(t);
    unit_need_type(g->u, t);
    Value *v = gen0(g, SSA_TYPEADDR, PTR);
    v->t = t;
    return v;
}

Value *gen_itabaddr(Gen *g, Type *iface, Type *concrete) {
    Value *v = gen0(g, SSA_ITABADDR, PTR);
    v->itab = unit_itab(g->u, types_canonical(iface), types_canonical(concrete));
    return v;
}

// NULL for none; several letters are a tuple. Kept, since a canonical type has to be searched for.
static Type *rt_result_type(RtFunc rt) {
    static Type *types[RT_COUNT];
    const char *r = rt_info[rt].result;
    if (!r[0]) return NULL;
    if (!types[rt]) {
        if (!r[1])
            types[rt] = rt_letter_type(r[0]);
        else {
            Object *vars[8];
            uint32_t n = 0;
            for (; r[n]; n++)
                vars[n] = object_new(O_VAR, 0, NULL, intern_c(""), rt_letter_type(r[n]));
            types[rt] = types_canonical(type_tuple(vars, n));
        }
    }
    return types[rt];
}

Value *gen_rt(Gen *g, RtFunc rt, Type *t, uint32_t n, ...) {
    Value *v = emit(g, SSA_CALLRT, t ? t : rt_result_type(rt), n);
    v->rt = rt;
    va_list ap;
    va_start(ap, n);
    for (uint32_t i = 0; i < n; i++) v->args[i] = va_arg(ap, Value *);
    va_end(ap);
    assert(n == strlen(rt_info[rt].args) && "arguments as runtime.def says");
    return v;
}

Value *gen_result(Gen *g, Value *call, uint32_t i) {
    Value *v = gen1(g, SSA_SELECTN, call->type->tuple.vars.data[i]->type, call);
    v->i = i;
    return v;
}

Value *gen_zero(Gen *g, Type *t) { return gen0(g, SSA_ZERO, t); }
Value *gen_data_of(Gen *g, Value *s) {
    return gen1(g, type_is_string(s->type) ? SSA_STRPTR : SSA_SLICEPTR, PTR, s);
}
Value *gen_len_of(Gen *g, Value *s) {
    return gen1(g, type_is_string(s->type) ? SSA_STRLEN : SSA_SLICELEN, INT, s);
}
Value *gen_load(Gen *g, Type *t, Value *addr) {
    return type_size(t) ? gen1(g, SSA_LOAD, t, addr) : gen_zero(g, t);
}
void gen_store(Gen *g, Value *addr, Value *v) {
    if (type_size(v->type)) gen2(g, SSA_STORE, NULL, addr, v);
}

// Memory of equal type overlaps exactly or not at all, but for what unsafe makes: so i stays 0 only
// for memory of our own.
void gen_move(Gen *g, Type *t, Value *dst, Value *src) {
    if (type_size(t) == 0) return;
    if (type_fits_registers(t)) {
        gen_store(g, dst, gen_load(g, t, src));
        return;
    }
    Value *v = gen2(g, SSA_MOVE, NULL, dst, src);
    v->t = t;
    v->overlaps = !(dst->op == SSA_SLOTADDR && !dst->slot->local) &&
                  !(src->op == SSA_SLOTADDR && !src->slot->local);
}

void gen_zeromem(Gen *g, Type *t, Value *dst) {
    if (type_size(t) == 0) return;
    if (type_fits_registers(t))
        gen_store(g, dst, gen_zero(g, t));
    else
        gen1(g, SSA_ZEROMEM, NULL, dst)->t = t;
}

Value *gen_fieldaddr(Gen *g, Type *structure, Value *addr, uint32_t i) {
    Value *v = gen1(g, SSA_FIELDADDR, PTR, addr);
    v->t = structure;
    v->i = i;
    return v;
}

Value *gen_elemaddr(Gen *g, Type *elem, Value *addr, Value *index) {
    Value *v = gen2(g, SSA_ELEMADDR, PTR, addr, index);
    v->t = elem;
    return v;
}

Value *gen_ptradd(Gen *g, Value *addr, int64_t off) {
    return off ? gen2(g, SSA_PTRADD, PTR, addr, gen_int(g, INT, off)) : addr;
}

Value *gen_nilcheck(Gen *g, Value *p) {
    return ssa_never_nil(p) ? p : gen1(g, SSA_NILCHECK, p->type, p);
}

Slot *gen_slot(Gen *g, Type *t) {
    Slot *s = NEW(Slot);
    s->name = intern_c("");
    s->type = t;
    s->pos = g->pos;
    s->id = g->f->slots.len;
    s->param = -1;
    vec_push(&g->f->slots, s);
    return s;
}

Value *gen_slotaddr(Gen *g, Slot *s) {
    Value *v = gen0(g, SSA_SLOTADDR, PTR);
    v->slot = s;
    return v;
}

Value *gen_copy(Gen *g, Type *t, Value *v) { return v->type == t ? v : gen1(g, SSA_COPY, t, v); }

Value *gen_conv(Gen *g, Type *t, Value *v) {
    if (v->type == t) return v;
    if (under(v->type) == under(t)) return gen_copy(g, t, v);
    return gen1(g, SSA_CONV, t, v);
}

Value *gen_choose(Gen *g, Value *c, Value *a, Value *b) {
    return gen3(g, SSA_SELECT, a->type, c, a, b);
}

// control flow ------------------------------------------------------------------------------------

Block *gen_block(Gen *g) {
    Block *b = ssa_block(g->f, BLOCK_PLAIN);
    b->pos = g->pos;
    b->inl = g->inl;
    return b;
}

void gen_enter(Gen *g, Block *b) { g->cur = b; }
void gen_flow_into(Gen *g, Block *b) {
    gen_goto(g, b);
    gen_enter(g, b);
}

void gen_goto(Gen *g, Block *b) {
    g->cur->kind = BLOCK_PLAIN;
    ssa_edge(g->cur, b);
    g->cur = NULL;
}

void gen_if(Gen *g, Value *cond, Block *yes, Block *no, int likely) {
    g->cur->kind = BLOCK_IF;
    g->cur->control = cond;
    g->cur->likely = (int8_t)likely;
    g->cur->pos = g->pos;
    ssa_edge(g->cur, yes);
    ssa_edge(g->cur, no);
    g->cur = NULL;
}

// What follows in the source is unreachable: it goes to a block that ssa_order drops.
void gen_exit(Gen *g) {
    g->cur->kind = BLOCK_EXIT;
    g->cur = gen_block(g);
}

Block *gen_fail(Gen *g, Value *cond, bool when) {
    Block *fail = gen_block(g), *ok = gen_block(g);
    gen_if(g, cond, when ? fail : ok, when ? ok : fail, when ? -1 : 1);
    gen_enter(g, fail);
    return ok;
}
void gen_failed(Gen *g, Block *ok) {
    g->cur->kind = BLOCK_EXIT;
    gen_enter(g, ok);
}
void gen_panic_when(Gen *g, Value *cond, bool when, RtFunc rt) {
    Block *ok = gen_fail(g, cond, when);
    gen_rt(g, rt, NULL, 0);
    gen_failed(g, ok);
}

Value *gen_phi2(Gen *g, Type *t, Value *a, Value *b) {
    assert(g->cur->preds.len == 2);
    return gen2(g, SSA_PHI, t, a, b);
}

// functions ---------------------------------------------------------------------------------------

static Slot *local_slot(Gen *g, Local *l, Type *t) {
    Slot *s = gen_slot(g, t);
    s->local = l;
    s->name = l->name;
    s->pos = l->pos;
    return s;
}

// Makes room for l: a slot for the value, or for the address of the heap cell, which comes with its
// declaration.
static void declare(Gen *g, Local *l) {
    Var *v = &g->vars[l->index];
    v->kind = l->heap ? VAR_CELL : VAR_SLOT;
    v->slot = local_slot(g, l, l->heap ? PTR : l->type);
}

static Var *var_of(Gen *g, Local *l) {
    assert(l->index < g->fn->locals.len && g->fn->locals.data[l->index] == l &&
           "local of another function");
    Var *v = &g->vars[l->index];
    if (v->kind == VAR_NONE) declare(g, l);
    return v;
}

Value *gen_local_addr(Gen *g, Local *l) {
    assert((!l->heap || g->vars[l->index].kind != VAR_NONE) && "cell without a declaration");
    Var *v = var_of(g, l);
    switch (v->kind) {
    case VAR_SLOT: return gen_slotaddr(g, v->slot);
    case VAR_CELL: return gen_load(g, PTR, gen_slotaddr(g, v->slot));
    default: return v->addr;
    }
}

// The variable comes into being. Without zero it is about to be assigned as a whole.
void gen_declare_local(Gen *g, Local *l, bool zero) {
    Var *v = var_of(g, l);
    if (v->kind == VAR_CELL)
        gen_store(g, gen_slotaddr(g, v->slot), gen_newobject(g, l->type));
    else if (v->kind == VAR_SLOT && zero)
        gen_zeromem(g, l->type, gen_slotaddr(g, v->slot));
}

static void gen_params(Gen *g) {
    Func *fn = g->fn;
    for (uint32_t i = 0; i < fn->params.len; i++) {
        Local *l = fn->params.data[i];
        g->pos = l->pos ? l->pos : fn->pos;
        Value *arg = gen0(g, SSA_ARG, l->type);
        arg->param = i;
        gen_declare_local(g, l, false);
        if (!l->heap) g->vars[l->index].slot->param = (int32_t)i;
        if (type_size(l->type)) gen_store(g, gen_local_addr(g, l), arg);
    }
}

// Small ones captured by value become slots, so that promotion sees them; large ones stay in the
// closure.
static void gen_captures(Gen *g) {
    Func *fn = g->fn;
    if (!fn->captures.len) return;
    Type *t = closure_type(fn);
    g->ctx = gen0(g, SSA_CTX, PTR);
    for (uint32_t i = 0; i < fn->captures.len; i++) {
        Local *l = fn->captures.data[i].inner;
        Var *v = &g->vars[l->index];
        Value *field = gen_fieldaddr(g, t, g->ctx, i + 1);
        if (l->by_ref) {
            v->kind = VAR_ADDR;
            v->addr = gen_load(g, PTR, field);
        } else if (type_fits_registers(l->type)) {
            v->kind = VAR_SLOT;
            v->slot = local_slot(g, l, l->type);
            gen_store(g, gen_slotaddr(g, v->slot), gen_load(g, l->type, field));
        } else {
            v->kind = VAR_ADDR;
            v->addr = field;
        }
    }
}

static void gen_results(Gen *g) {
    bool recovers = gen_defer_recovers(g);
    for (vec_each(Local *, l, &g->fn->results)) {
        g->pos = (*l)->pos ? (*l)->pos : g->fn->pos;
        gen_declare_local(g, *l, true);
        Var *v = &g->vars[(*l)->index];
        if (v->kind == VAR_SLOT) v->slot->is_volatile = recovers;
        // The cell's address too must be found again after a recovered panic.
        if (v->kind == VAR_CELL) v->slot->is_volatile = recovers;
    }
}

void gen_load_results(Gen *g) {
    for (vec_each(Local *, l, &g->fn->results))
        vec_push(&g->cur->results, gen_load(g, (*l)->type, gen_local_addr(g, *l)));
    g->cur->kind = BLOCK_RET;
}

// Ends the function at this point: runs the defers, returns what the result variables hold.
static void gen_leave(Gen *g) {
    gen_deferred_calls(g);
    gen_load_results(g);
    g->cur->pos = g->pos;
    g->cur = gen_block(g);
}

// Results go through their variables where somebody can still see or change those.
void gen_return(Gen *g, Node *n) {
    Func *fn = g->fn;
    if (!n->list.len) {
        gen_leave(g);
        return;
    }
    // Nobody can see the result variables once nothing runs after this statement: then return the
    // values themselves.
    bool through_slots = g->frame != NULL;
    for (vec_each(Local *, l, &fn->results))
        through_slots = through_slots || (*l)->heap || (*l)->captured_ref || (*l)->addr_taken;
    if (n->list.len == 1 && through_slots) {
        Node *x = n->list.data[0];
        Local *l = fn->results.data[0];
        if (!type_fits_registers(l->type)) {
            if (!(x->op == N_LOCAL && x->local == l)) {
                bool unnamed =
                    !l->obj || !l->name || !*l->name || *l->name == '~' || *l->name == '_';
                gen_into(g, gen_local_addr(g, l), x, unnamed);
            }
            gen_leave(g);
            return;
        }
    }
    Value **vals = NEW_ARRAY(Value *, n->list.len);
    for (uint32_t i = 0; i < n->list.len; i++) {
        Node *x = n->list.data[i];
        bool itself = x->op == N_LOCAL && x->local == fn->results.data[i];
        vals[i] = through_slots && itself ? NULL : gen_expr(g, x); // there already
    }
    if (through_slots) {
        for (uint32_t i = 0; i < n->list.len; i++)
            if (vals[i]) gen_store(g, gen_local_addr(g, fn->results.data[i]), vals[i]);
        gen_leave(g);
        return;
    }
    for (uint32_t i = 0; i < n->list.len; i++) vec_push(&g->cur->results, vals[i]);
    g->cur->kind = BLOCK_RET;
    g->cur->pos = g->pos;
    g->cur = gen_block(g);
}

// if receiver == nil { panicwrap(package, type, method) }
static void gen_panicwrap(Gen *g) {
    Object *m = g->fn->panicwrap;
    Local *recv = g->fn->params.data[0];
    Block *bad = gen_block(g), *good = gen_block(g);
    Value *p = gen_expr(g, node_local(recv, g->pos));
    gen_if(g, gen2(g, SSA_EQ, BOOL, gen_copy(g, PTR, p), gen_nil(g)), bad, good, -1);
    gen_enter(g, bad);
    Object *type = as_named(deref(recv->type, NULL))->named.obj;
    Value *names[] = {gen_string(g, str_c(package_symbol_path(m->pkg))),
                      gen_string(g, str_c(type->name)), gen_string(g, str_c(m->name))};
    gen_rt(g, RT_panicwrap, NULL, 3, names[0], names[1], names[2]);
    gen_exit(g);
    gen_enter(g, good);
}

// Parameters stand in a block ahead of the body: the entry has no predecessors, whatever the body
// jumps to.
void ssa_build(Unit *u, Func *f) {
    Gen gen = {.u = u, .fn = f}, *g = &gen;
    set_ice_pos(f->pos);
    g->f = NEW(SsaFunc);
    g->f->func = f;
    g->vars = NEW_ARRAY(Var, f->locals.len);
    g->pos = f->pos;
    g->cur = gen_block(g);
    Block *body = gen_block(g);
    if (f->wrapper && gen_wrapper_calls_recoverer(g)) {
        Value *outer = gen0(g, SSA_FRAMEADDR, PTR), *mine = gen0(g, SSA_FRAMEADDR, PTR);
        outer->level = 1;
        gen_rt(g, RT_wrapperpanic, NULL, 2, outer, mine);
    }
    gen_captures(g);
    gen_params(g);
    gen_results(g);
    gen_defer_frame(g);
    gen_flow_into(g, body);
    if (f->panicwrap) gen_panicwrap(g);
    gen_stmts(g, &f->body);
    g->pos = f->end ? f->end : f->pos;
    gen_leave(g);
    g->cur->kind = BLOCK_EXIT;
    ssa_order(g->f);
    ssa_mark_addressed(g->f);
    f->ssa = g->f;
}
