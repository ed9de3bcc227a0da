// llvm_cgocheck: GOEXPERIMENT=cgocheck2: after each write of what may hold pointers to memory that is
// not the function's own, a call of the runtime (cgo.c), which knows whether that is C's memory, and
// whether what stands there now points to Go's.
#include "backend/llvm.h"

enum { PRESERVE_MOST = 14 }; // LLVM's number of that calling convention

static bool cgo_checks(const Cg *cg) {
    return cg->opt->cgo_check && race_instruments(cg->unit->pkg ? cg->unit->pkg->path : "");
}

void cgo_check(Cg *cg, const Value *at, LLVMValueRef p, Type *t, LLVMValueRef size) {
    if (!cgo_checks(cg) || !t || !type_has_pointers(t) || ssa_unshared(at)) return;
    static const char name[] = "vole_cgo_check";
    LLVMTypeRef params[] = {cg->ptr, cg->ptr, cg->i64},
                fn = LLVMFunctionType(cg->voidt, params, 3, 0);
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, name);
    if (!f) {
        f = LLVMAddFunction(cg->mod, name, fn);
        LLVMSetFunctionCallConv(f, PRESERVE_MOST);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_nounwind);
    }
    LLVMValueRef n = size ? LLVMBuildUDiv(cg->b, size, const_int(cg, type_size(t)), "")
                          : const_int(cg, -1),
                 args[] = {p, type_ref(cg, t), n};
    LLVMSetInstructionCallConv(LLVMBuildCall2(cg->b, fn, f, args, 3, ""), PRESERVE_MOST);
}
