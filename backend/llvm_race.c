// llvm_race: what functions tell the race detector (-race): where they begin and end, and each access
// to memory that others may have: before it, a call of a stub in the runtime that keeps registers
// (runtime/race.c). As gc: what is known to lie in the function's own frame or never to change is
// left out; what has one part counts by its first byte, since any write begins there.
#include "backend/llvm.h"

enum { PRESERVE_MOST = 14 }; // LLVM's number of that calling convention

void race_begin(Cg *cg, Func *f) {
    const char *path = cg->unit->pkg ? cg->unit->pkg->path : "";
    bool on = cg->opt->race && !(f->pragma & PRAGMA_NORACE) && race_instruments(path);
    cg->race_memory = on && !race_ignores_memory(path);
    cg->race_frame = false;
    for (vec_each(Block *, b, &f->ssa->blocks)) // of those that have nothing to tell nobody asks
        for (vec_each(Value *, v, &(*b)->values)) switch ((*v)->op) {
            case SSA_LOAD:
            case SSA_STORE:
            case SSA_MOVE:
            case SSA_ZEROMEM:
            case SSA_MEMMOVE:
            case SSA_MEMCLR: cg->race_frame |= cg->race_memory; break;
            case SSA_CALL:
            case SSA_CALLRT:
            case SSA_CALLCLOSURE:
            case SSA_CALLINTER: cg->race_frame |= on; break;
            default: break;
            }
}

static LLVMValueRef tell(Cg *cg, const char *name, LLVMTypeRef fn, LLVMValueRef *args, unsigned n) {
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, name);
    if (!f) {
        f = LLVMAddFunction(cg->mod, name, fn);
        LLVMSetFunctionCallConv(f, PRESERVE_MOST);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_nounwind);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_willreturn);
    }
    LLVMValueRef c = LLVMBuildCall2(cg->b, fn, f, args, n, "");
    LLVMSetInstructionCallConv(c, PRESERVE_MOST);
    LLVMAddCallSiteAttribute(c, FUNCTION, cg->a_nomerge);
    return c;
}

void race_enter(Cg *cg) {
    if (!cg->race_frame) return;
    LLVMValueRef zero = LLVMConstNull(cg->i32),
                 pc = intrinsic(cg, "llvm.returnaddress", NULL, 0, &zero, 1);
    tell(cg, "vole_race_enter", LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0), &pc, 1);
}

void race_exit(Cg *cg) {
    if (cg->race_frame)
        tell(cg, "vole_race_exit", LLVMFunctionType(cg->voidt, NULL, 0, 0), NULL, 0);
}

// A recovered panic comes back here from functions that never end.
void race_setjmp(Cg *cg, bool after) {
    if (!cg->race_frame) return;
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, &cg->i64, 1, 0);
    if (!after) {
        LLVMTypeRef depth = LLVMFunctionType(cg->i64, NULL, 0, 0);
        LLVMValueRef d = tell(cg, "vole_race_depth", depth, NULL, 0),
                     s = LLVMBuildStore(cg->b, d, cg->race_depth);
        LLVMSetVolatile(s, 1);
        return;
    }
    LLVMValueRef d = LLVMBuildLoad2(cg->b, cg->i64, cg->race_depth, "");
    LLVMSetVolatile(d, 1);
    tell(cg, "vole_race_unwind", fn, &d, 1);
}

void race_range(Cg *cg, const Value *at, LLVMValueRef p, LLVMValueRef size, bool write) {
    if (!cg->race_memory || ssa_unshared(at)) return;
    LLVMTypeRef params[] = {cg->ptr, cg->i64};
    LLVMValueRef args[] = {p, size};
    tell(cg, write ? "vole_race_write_range" : "vole_race_read_range",
         LLVMFunctionType(cg->voidt, params, 2, 0), args, 2);
}

static bool has_parts(Type *t) {
    Type *u = under(t);
    if (u->kind == T_ARRAY)
        return u->array.len > 1 || (u->array.len == 1 && has_parts(u->array.elem));
    if (u->kind != T_STRUCT) return false;
    uint32_t n = u->strukt.fields.len;
    return n > 1 || (n == 1 && has_parts(u->strukt.fields.data[0]->type));
}

void race_access(Cg *cg, const Value *at, LLVMValueRef p, Type *t, bool write) {
    int64_t size = type_size(t);
    if (!cg->race_memory || !size || ssa_unshared(at)) return;
    if (has_parts(t)) {
        race_range(cg, at, p, const_int(cg, size), write);
        return;
    }
    tell(cg, write ? "vole_race_write" : "vole_race_read",
         LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0), &p, 1);
}
