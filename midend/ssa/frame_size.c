// frame_size: no stack holds a frame of more than 1 GB. As gc counts: what a function keeps in
// memory, its own arguments and results, and those of the calls that it makes. Asked before
// promotion, so that the answer does not depend on the optimiser.
#include "midend/ssa/ssagen.h"

static const uint64_t MAX_FRAME = (uint64_t)1 << 30;

static uint64_t size_of(Type *t) {
    int64_t n = t ? type_size(t) : 0;
    return n > 0 ? (uint64_t)n : 0;
}

static uint64_t width(const Type *sig) {
    uint64_t n = 0;
    for (vec_each(Object *, o, &sig->func.params)) n += size_of((*o)->type);
    for (vec_each(Object *, o, &sig->func.results)) n += size_of((*o)->type);
    return n;
}

static uint64_t call_width(const Value *v) {
    uint64_t n = 0;
    if (v->type && v->type->kind == T_TUPLE)
        for (vec_each(Object *, o, &v->type->tuple.vars)) n += size_of((*o)->type);
    else
        n = size_of(v->type);
    for (uint32_t i = 0; i < v->nargs; i++) n += size_of(v->args[i]->type);
    return n;
}

static bool is_large(const Value *v) {
    return size_of(v->type) >= MAX_FRAME / 16 && v->type->kind != T_TUPLE &&
           !type_fits_registers(v->type);
}

static bool is_call(const Value *v) {
    return v->op == SSA_CALL || v->op == SSA_CALLCLOSURE || v->op == SSA_CALLINTER;
}

// What an address leads into.
static const Value *base(const Value *p) {
    while (p->op == SSA_FIELDADDR || p->op == SSA_ELEMADDR || p->op == SSA_PTRADD ||
           p->op == SSA_COPY)
        p = p->args[0];
    return p;
}

static bool is_map_slot(const Value *p) {
    return p->op == SSA_CALLRT && (p->rt == RT_mapassign || p->rt == RT_mapassign_fast32 ||
                                   p->rt == RT_mapassign_fast64 || p->rt == RT_mapassign_faststr);
}

static bool is_boxed(const SsaFunc *f, const Value *p) {
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values))
            if ((*v)->op == SSA_IMAKE && (*v)->args[1] == p) return true;
    return false;
}

// Does gc have a temporary for a large value, a call's result or loaded? One that is stored in a
// variable needs none, unless what it was loaded from is written meanwhile; nor does an argument
// whose evaluation cannot panic.
static bool is_kept(const SsaFunc *f, const Value *large) {
    bool loaded = large->op == SSA_LOAD;
    if (loaded && base(large->args[0])->op == SSA_IDATA) return true; // x.(T)
    for (vec_each(Block *, b, &f->blocks)) {
        bool stale = *b != large->block;
        for (vec_each(Value *, p, &(*b)->values)) {
            const Value *v = *p;
            for (uint32_t i = 0; i < v->nargs; i++) {
                if (v->args[i] != large) continue;
                if (v->op == SSA_STORE && i == 1
                        ? (loaded ? stale : is_map_slot(v->args[0]) || is_boxed(f, v->args[0]))
                        : !loaded || (is_call(v) && base(large->args[0])->op == SSA_NILCHECK))
                    return true;
            }
            if (v == large)
                stale = false;
            else if (ssa_op_flags[v->op] & OP_WRITES & ~OP_EFFECT)
                stale = true;
        }
        for (vec_each(Value *, r, &(*b)->results))
            if (*r == large && !loaded) return true;
    }
    return false;
}

// A result that is not returned in registers has its place in the caller's frame.
static bool is_stack_result(const Slot *s) {
    return s->local && s->local->is_result && !type_fits_registers(s->type);
}

// gc's limits and words, though LLVM lays frames out: whoever declares such a variable must hear of
// it.
void ssa_check_frame(const SsaFunc *f) {
    uint64_t locals = 0, args = width(f->func->sig), callee = 0;
    for (vec_each(Slot *, s, &f->slots))
        if ((*s)->param < 0 && !is_stack_result(*s)) locals += size_of((*s)->type);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, p, &(*b)->values)) {
            const Value *v = *p;
            uint64_t n = is_call(v) ? call_width(v) : 0;
            if (n > callee) callee = n;
            if ((is_call(v) || v->op == SSA_LOAD) && is_large(v) && is_kept(f, v))
                locals += size_of(v->type);
            // m[k] = *p: *p may panic, which must happen before k has an entry.
            if (v->op == SSA_MOVE && is_map_slot(v->args[0]) &&
                base(v->args[1])->op == SSA_NILCHECK)
                locals += size_of(v->t);
        }
    bool own = locals >= MAX_FRAME || args >= MAX_FRAME;
    if (!own && locals + callee < MAX_FRAME) return;
    const char *more = own ? "" : xsprintf(" + %llu MB callee", (unsigned long long)(callee >> 20));
    const char *text =
        xsprintf("stack frame too large (>1GB): %llu MB locals + %llu MB args%s",
                 (unsigned long long)(locals >> 20), (unsigned long long)(args >> 20), more);
    const Func *fn = f->func;
    if (fn->outer)
        error_at(fn->pos, "%s", text);
    else if (fn->wrapper)
        generated_error(text);
    else
        error_at(fn->decl ? fn->decl->pos : fn->pos, "%s", text);
}
