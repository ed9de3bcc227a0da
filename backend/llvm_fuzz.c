// llvm_fuzz: counters for fuzzing (vole test -fuzz): one for each block that a branch may choose, in
// a section of their own, which internal/fuzz reads as one array (runtime/coverage.c). As gc's they
// never come back to 0.
#include "backend/llvm.h"

static bool is_chosen(const Block *b) {
    for (vec_each(Block *, p, &b->preds))
        if ((*p)->succs.len > 1) return true;
    return false;
}

void fuzz_begin(Cg *cg, const SsaFunc *s) {
    uint32_t n = 0;
    cg->fuzz_next = 0;
    cg->fuzz_counters = NULL;
    for (vec_each(Block *, b, &s->blocks)) n += is_chosen(*b);
    if (!cg->opt->fuzz || !n) return;
    LLVMTypeRef t = LLVMArrayType2(cg->i8, n);
    cg->fuzz_counters = LLVMAddGlobal(cg->mod, t, "");
    LLVMSetInitializer(cg->fuzz_counters, LLVMConstNull(t));
    LLVMSetLinkage(cg->fuzz_counters, LLVMPrivateLinkage);
    LLVMSetAlignment(cg->fuzz_counters, 1);
    LLVMSetSection(cg->fuzz_counters, "vole_fuzzctrs");
}

void fuzz_count(Cg *cg, const Block *b) {
    if (!cg->fuzz_counters || !is_chosen(b)) return;
    LLVMValueRef i = const_int(cg, cg->fuzz_next++), one = LLVMConstInt(cg->i8, 1, 0),
                 most = LLVMConstInt(cg->i8, UINT8_MAX, 0),
                 p = LLVMBuildInBoundsGEP2(cg->b, cg->i8, cg->fuzz_counters, &i, 1, ""),
                 n = LLVMBuildLoad2(cg->b, cg->i8, p, ""),
                 full = LLVMBuildICmp(cg->b, LLVMIntEQ, n, most, "");
    LLVMBuildStore(cg->b, LLVMBuildSelect(cg->b, full, one, LLVMBuildAdd(cg->b, n, one, ""), ""),
                   p);
}
