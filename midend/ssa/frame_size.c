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

// Is the result of a call kept for more than being stored in a variable?
static bool is_spilled(const SsaFunc *f, const Value *result) {
    for (vec_each(Block *, b, &f->blocks)) {
        for (vec_each(Value *, v, &(*b)->values))
            for (uint32_t i = 0; i < (*v)->nargs; i++)
                if ((*v)->args[i] == result && !((*v)->op == SSA_STORE && i == 1)) return true;
        for (vec_each(Value *, r, &(*b)->results))
            if (*r == result) return true;
    }
    return false;
}

static bool is_large_result(const Value *v) {
    return size_of(v->type) >= MAX_FRAME / 16 && v->type->kind != T_TUPLE &&
           !type_fits_registers(v->type);
}

// gc's limits and words, though LLVM lays frames out: whoever declares such a variable must hear of
// it.
void ssa_check_frame(const SsaFunc *f) {
    if (f->func->wrapper) return; // what it calls is told of already, where the source has it
    uint64_t locals = 0, args = width(f->func->sig), callee = 0;
    for (vec_each(Slot *, s, &f->slots))
        if ((*s)->param < 0) locals += size_of((*s)->type);
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, p, &(*b)->values)) {
            const Value *v = *p;
            if (v->op != SSA_CALL && v->op != SSA_CALLCLOSURE && v->op != SSA_CALLINTER) continue;
            uint64_t n = call_width(v);
            if (n > callee) callee = n;
            if (is_large_result(v) && is_spilled(f, v)) locals += size_of(v->type);
        }
    bool own = locals >= MAX_FRAME || args >= MAX_FRAME;
    if (!own && locals + callee < MAX_FRAME) return;
    const char *more = own ? "" : xsprintf(" + %llu MB callee", (unsigned long long)(callee >> 20));
    const Func *fn = f->func;
    error_at(fn->decl && !fn->outer ? fn->decl->pos : fn->pos,
             "stack frame too large (>1GB): %llu MB locals + %llu MB args%s",
             (unsigned long long)(locals >> 20), (unsigned long long)(args >> 20), more);
}
