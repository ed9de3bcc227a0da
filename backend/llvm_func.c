// llvm_func: one SSA function to one LLVM function. A small value is an LLVM value of its type (bool is i8, strings and the like are first-class structs);
// a large one (type_is_large) is a pointer to memory that nobody changes: the caller's copy, a constant, or a temporary.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>

static LLVMValueRef val(Value *v) { return v->aux; }
static bool is_signed(Type *t) {
    TypeKind k = under(t)->kind;
    return (k >= T_INT && k <= T_INT64) || k == T_UNTYPED_INT || k == T_UNTYPED_RUNE;
}
static bool is_float(Type *t) { return type_is_float(t); }
static bool is_complex(Type *t) { return type_is_complex(t); }

static unsigned attr_kind(const char *name) { return LLVMGetEnumAttributeKindForName(name, strlen(name)); }
static LLVMAttributeRef enum_attr(Cg *cg, const char *name) { return LLVMCreateEnumAttribute(cg->ctx, attr_kind(name), 0); }
static LLVMAttributeRef text_attr(Cg *cg, const char *k, const char *v) {
    return LLVMCreateStringAttribute(cg->ctx, k, (unsigned)strlen(k), v, (unsigned)strlen(v));
}

// Small integers travel zero-extended, as C callees expect.
static void extend_attrs(Cg *cg, LLVMValueRef f, LLVMTypeRef fn, bool call) {
    unsigned n = LLVMCountParamTypes(fn);
    LLVMTypeRef *p = NEW_ARRAY(LLVMTypeRef, n + 1);
    LLVMGetParamTypes(fn, p);
    LLVMAttributeRef z = enum_attr(cg, "zeroext");
    for (unsigned i = 0; i <= n; i++) {
        LLVMTypeRef t = i ? p[i - 1] : LLVMGetReturnType(fn);
        if (t != cg->i8 && t != cg->i16) continue;
        if (call) LLVMAddCallSiteAttribute(f, i, z);
        else LLVMAddAttributeAtIndex(f, i, z);
    }
}

LLVMValueRef declare_symbol_func(Cg *cg, const char *symbol, LLVMTypeRef fn) {
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, symbol);
    if (f) return f;
    f = LLVMAddFunction(cg->mod, symbol, fn);
    LLVMSetFunctionCallConv(f, SWIFTCC);
    extend_attrs(cg, f, fn, false);
    return f;
}

LLVMValueRef declare_func(Cg *cg, Func *f) { return declare_symbol_func(cg, f->symbol, abi_of(cg, f->sig, f->needs_ctx)->fn); }

LLVMValueRef temp_alloca(Cg *cg, LLVMTypeRef t) {
    LLVMBasicBlockRef at = LLVMGetInsertBlock(cg->b);
    LLVMMetadataRef loc = LLVMGetCurrentDebugLocation2(cg->b);
    LLVMPositionBuilderBefore(cg->b, cg->alloca_point);
    LLVMValueRef a = LLVMBuildAlloca(cg->b, t, "");
    LLVMPositionBuilderAtEnd(cg->b, at);
    LLVMSetCurrentDebugLocation2(cg->b, loc);
    return a;
}

static unsigned align_of(Type *t) {
    int64_t a = type_align(t);
    return a > 0 ? (unsigned)a : 1;
}

static LLVMValueRef load(Cg *cg, Type *t, LLVMValueRef p, bool is_volatile) {
    LLVMValueRef v = LLVMBuildLoad2(cg->b, llvm_type(cg, t), p, "");
    LLVMSetAlignment(v, align_of(t));
    if (is_volatile) LLVMSetVolatile(v, 1);
    return v;
}
static void store(Cg *cg, Type *t, LLVMValueRef v, LLVMValueRef p, bool is_volatile) {
    LLVMValueRef s = LLVMBuildStore(cg->b, v, p);
    LLVMSetAlignment(s, align_of(t));
    if (is_volatile) LLVMSetVolatile(s, 1);
}
static void copy_memory(Cg *cg, Type *t, LLVMValueRef dst, LLVMValueRef src, bool overlap) {
    int64_t n = type_size(t);
    if (!n) return;
    if (overlap) LLVMBuildMemMove(cg->b, dst, align_of(t), src, align_of(t), const_int(cg, n));
    else LLVMBuildMemCpy(cg->b, dst, align_of(t), src, align_of(t), const_int(cg, n));
}
static LLVMValueRef large_copy(Cg *cg, Type *t, LLVMValueRef p) {
    LLVMValueRef a = temp_alloca(cg, llvm_type(cg, t));
    LLVMSetAlignment(a, align_of(t));
    copy_memory(cg, t, a, p, false);
    return a;
}
static LLVMValueRef to_i1(Cg *cg, LLVMValueRef v) { return LLVMBuildTrunc(cg->b, v, cg->i1, ""); }
static LLVMValueRef from_i1(Cg *cg, LLVMValueRef v) { return LLVMBuildZExt(cg->b, v, cg->i8, ""); }
static LLVMValueRef to_i64(Cg *cg, Value *v) {
    if (LLVMGetTypeKind(LLVMTypeOf(val(v))) == LLVMPointerTypeKind) return LLVMBuildPtrToInt(cg->b, val(v), cg->i64, "");
    return LLVMBuildIntCast2(cg->b, val(v), cg->i64, is_signed(v->type), "");
}

static LLVMValueRef intrinsic(Cg *cg, const char *name, LLVMTypeRef *over, unsigned nover, LLVMValueRef *args, unsigned n) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    if (!id) ice("no LLVM intrinsic %s", name);
    LLVMValueRef f = LLVMGetIntrinsicDeclaration(cg->mod, id, over, nover);
    return LLVMBuildCall2(cg->b, LLVMIntrinsicGetType(cg->ctx, id, over, nover), f, args, n, "");
}

// ---- calls --------------------------------------------------------------------------------------------------------------

static LLVMTypeRef letter(Cg *cg, char c) {
    switch (c) {
    case 'b': return cg->i8;
    case 'w': case 'u': return cg->i32;
    case 'i': return cg->i64;
    case 'p': return cg->ptr;
    case 'f': return cg->f64;
    case 'g': return cg->f32;
    default: return NULL;
    }
}
static uint32_t letters(Cg *cg, const char *s, LLVMTypeRef *out) {
    uint32_t n = 0;
    for (; *s; s++) {
        switch (*s) {
        case 'v': break;
        case 's': out[n++] = cg->ptr, out[n++] = cg->i64; break;
        case 'S': out[n++] = cg->ptr, out[n++] = cg->i64, out[n++] = cg->i64; break;
        case 'e': out[n++] = cg->ptr, out[n++] = cg->ptr; break;
        case 'c': out[n++] = cg->f64, out[n++] = cg->f64; break;
        default: out[n++] = letter(cg, *s);
        }
    }
    return n;
}

static LLVMTypeRef rt_type(Cg *cg, RtFunc rt) {
    LLVMTypeRef p[32], r[16];
    uint32_t n = letters(cg, rt_info[rt].args, p), m = letters(cg, rt_info[rt].result, r);
    LLVMTypeRef ret = m == 0 ? cg->voidt : m == 1 ? r[0] : LLVMStructTypeInContext(cg->ctx, r, m, 0);
    return LLVMFunctionType(ret, p, n, 0);
}
static LLVMValueRef rt_func(Cg *cg, RtFunc rt) {
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, rt_info[rt].symbol);
    if (f) return f;
    f = declare_symbol_func(cg, rt_info[rt].symbol, rt_type(cg, rt));
    unsigned flags = rt_info[rt].flags;
    if (flags & RTF_NORETURN) LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, enum_attr(cg, "noreturn"));
    if (flags & RTF_COLD) LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, enum_attr(cg, "cold"));
    if (flags & RTF_ALLOC) LLVMAddAttributeAtIndex(f, 0, enum_attr(cg, "noalias"));
    return f;
}
static LLVMValueRef call_rt(Cg *cg, RtFunc rt, LLVMValueRef *args, uint32_t n) {
    LLVMTypeRef fn = rt_type(cg, rt), p[32];
    LLVMGetParamTypes(fn, p);
    if (LLVMCountParamTypes(fn) != n) ice("%s: %u arguments for %u", rt_info[rt].symbol, n, LLVMCountParamTypes(fn));
    for (uint32_t i = 0; i < n; i++) { // scalars of another kind than the table's letter
        LLVMTypeRef have = LLVMTypeOf(args[i]);
        if (have == p[i]) continue;
        if (p[i] == cg->ptr) args[i] = LLVMBuildIntToPtr(cg->b, args[i], cg->ptr, "");
        else if (have == cg->ptr) args[i] = LLVMBuildPtrToInt(cg->b, args[i], p[i], "");
        else if (have == cg->f64 || have == cg->f32) args[i] = p[i] == cg->f64 || p[i] == cg->f32 ? LLVMBuildFPCast(cg->b, args[i], p[i], "") : LLVMBuildBitCast(cg->b, args[i], p[i], "");
        else args[i] = LLVMBuildIntCast2(cg->b, args[i], p[i], 0, "");
    }
    LLVMValueRef c = LLVMBuildCall2(cg->b, fn, rt_func(cg, rt), args, n, "");
    LLVMSetInstructionCallConv(c, SWIFTCC);
    extend_attrs(cg, c, fn, true);
    if (rt_info[rt].flags & RTF_NORETURN) LLVMAddCallSiteAttribute(c, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, enum_attr(cg, "nomerge"));
    return c;
}

// The results of a call as the value of type t (a tuple: its scalars stay in a struct, parts are taken by SELECTN).
static void set_results(Cg *cg, Value *v, Abi *a, LLVMValueRef call, LLVMValueRef mem, Type **types) {
    if (!v->type || !a->nresults) return;
    bool tuple = under(v->type)->kind == T_TUPLE;
    LLVMValueRef *parts = NEW_ARRAY(LLVMValueRef, a->nresults + 1);
    for (uint32_t i = 0; i < a->nresults; i++) {
        if (a->sret) {
            LLVMValueRef p = LLVMBuildStructGEP2(cg->b, a->sret, mem, i, "");
            parts[i] = type_is_large(types[i]) ? p : load(cg, types[i], p, false);
            continue;
        }
        LLVMValueRef s[16];
        uint32_t n = 0, at = 0;
        for (uint32_t k = 0; k < a->results[i].count; k++) s[n++] = a->nret == 1 ? call : LLVMBuildExtractValue(cg->b, call, a->results[i].first + k, "");
        if (type_is_large(types[i])) { // fits the results' registers, yet not a parameter's
            LLVMValueRef m = temp_alloca(cg, llvm_type(cg, types[i]));
            store(cg, types[i], unflatten(cg, s, &at, types[i]), m, false);
            parts[i] = m;
        } else parts[i] = unflatten(cg, s, &at, types[i]);
    }
    v->aux = tuple ? (void *)parts : (void *)parts[0];
}

static void emit_call(Cg *cg, Value *v, Type *sig, LLVMValueRef code, LLVMValueRef ctx, LLVMValueRef recv, Value **args, uint32_t nargs) {
    sig = under(sig);
    uint32_t np = nargs + (recv ? 1 : 0), nr = sig->func.results.len;
    Type **p = NEW_ARRAY(Type *, np + 1), **r = NEW_ARRAY(Type *, nr + 1);
    uint32_t k = 0;
    if (recv) p[k++] = BASIC(UNSAFEPTR);
    for (uint32_t i = 0; i < nargs; i++) p[k++] = args[i]->type;
    // Declared parameter types decide the convention where they are known.
    if (sig->func.params.len == nargs)
        for (uint32_t i = 0; i < nargs; i++) p[i + (recv ? 1 : 0)] = sig->func.params.data[i]->type;
    for (uint32_t i = 0; i < nr; i++) r[i] = sig->func.results.data[i]->type;
    Abi *a = abi_of_types(cg, p, np, r, nr, ctx != NULL);
    LLVMValueRef *av = NEW_ARRAY(LLVMValueRef, np * ABI_MAX_PARAM_SCALARS + 4), mem = NULL;
    uint32_t n = 0;
    if (a->sret) {
        mem = temp_alloca(cg, a->sret);
        av[n++] = mem;
    }
    if (recv) av[n++] = recv;
    for (uint32_t i = 0; i < nargs; i++) {
        Type *t = p[i + (recv ? 1 : 0)];
        if (type_is_large(t)) av[n++] = val(args[i]); // values in memory are never changed
        else flatten(cg, val(args[i]), t, av, &n);
    }
    if (ctx) av[n++] = ctx;
    LLVMValueRef c = LLVMBuildCall2(cg->b, a->fn, code, av, n, "");
    LLVMSetInstructionCallConv(c, SWIFTCC);
    extend_attrs(cg, c, a->fn, true);
    if (a->sret) LLVMAddCallSiteAttribute(c, 1, LLVMCreateTypeAttribute(cg->ctx, attr_kind("sret"), a->sret));
    if (ctx) LLVMAddCallSiteAttribute(c, n, enum_attr(cg, "swiftself"));
    set_results(cg, v, a, c, mem, r);
}

static Type *inter_sig(Value *v) { // the method's signature, from the interface
    return types_canonical(interface_typeset(under(v->t))->methods.data[v->i]->type);
}

// ---- checks ---------------------------------------------------------------------------------------------------------------

// Branches to a cold block when bad; the builder goes on behind, `cold` returns the block to fill first.
static LLVMBasicBlockRef split(Cg *cg, LLVMValueRef bad, LLVMBasicBlockRef *cold) {
    *cold = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMBasicBlockRef ok = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMValueRef br = LLVMBuildCondBr(cg->b, bad, *cold, ok);
    LLVMSetMetadata(br, cg->md_prof, cg->unlikely);
    LLVMPositionBuilderAtEnd(cg->b, *cold);
    return ok;
}

static void nilcheck(Cg *cg, LLVMValueRef p) {
    if (LLVMIsAAllocaInst(p) || LLVMIsAGlobalValue(p)) return;
    LLVMBasicBlockRef cold, ok = split(cg, LLVMBuildIsNull(cg->b, p, ""), &cold);
    call_rt(cg, RT_panicmem, NULL, 0);
    LLVMBuildUnreachable(cg->b);
    LLVMPositionBuilderAtEnd(cg->b, ok);
}

static LLVMValueRef bounds(Cg *cg, Value *v) {
    LLVMValueRef i = to_i64(cg, v->args[0]), n = to_i64(cg, v->args[1]);
    LLVMValueRef bad = LLVMBuildICmp(cg->b, v->i == BOUNDS_INDEX ? LLVMIntUGE : LLVMIntUGT, i, n, "");
    LLVMBasicBlockRef cold, ok = split(cg, bad, &cold);
    LLVMValueRef args[] = {i, n, LLVMConstInt(cg->i8, is_signed(v->args[0]->type), 0), LLVMConstInt(cg->i32, (unsigned)v->i, 0)};
    call_rt(cg, RT_panicindex, args, 4);
    LLVMBuildUnreachable(cg->b);
    LLVMPositionBuilderAtEnd(cg->b, ok);
    return LLVMBuildIntCast2(cg->b, i, llvm_type(cg, v->type), 1, "");
}

// ---- arithmetic -------------------------------------------------------------------------------------------------------------

static LLVMValueRef part(Cg *cg, LLVMValueRef v, unsigned i) { return LLVMBuildExtractValue(cg->b, v, i, ""); }
static LLVMValueRef make2(Cg *cg, LLVMTypeRef t, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildInsertValue(cg->b, LLVMBuildInsertValue(cg->b, LLVMGetUndef(t), a, 0, ""), b, 1, "");
}

static LLVMValueRef arith(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), y = val(v->args[1]);
    LLVMBuilderRef b = cg->b;
    if (is_complex(v->type)) {
        LLVMValueRef a = part(cg, x, 0), c = part(cg, x, 1), d = part(cg, y, 0), e = part(cg, y, 1), re, im;
        if (v->op == SSA_ADD) re = LLVMBuildFAdd(b, a, d, ""), im = LLVMBuildFAdd(b, c, e, "");
        else if (v->op == SSA_SUB) re = LLVMBuildFSub(b, a, d, ""), im = LLVMBuildFSub(b, c, e, "");
        else {
            re = LLVMBuildFSub(b, LLVMBuildFMul(b, a, d, ""), LLVMBuildFMul(b, c, e, ""), "");
            im = LLVMBuildFAdd(b, LLVMBuildFMul(b, a, e, ""), LLVMBuildFMul(b, c, d, ""), "");
        }
        return make2(cg, llvm_type(cg, v->type), re, im);
    }
    if (is_float(v->type)) {
        switch (v->op) {
        case SSA_ADD: return LLVMBuildFAdd(b, x, y, "");
        case SSA_SUB: return LLVMBuildFSub(b, x, y, "");
        case SSA_MUL: return LLVMBuildFMul(b, x, y, "");
        default: return LLVMBuildFDiv(b, x, y, "");
        }
    }
    bool s = is_signed(v->type);
    switch (v->op) {
    case SSA_ADD: return LLVMBuildAdd(b, x, y, "");
    case SSA_SUB: return LLVMBuildSub(b, x, y, "");
    case SSA_MUL: return LLVMBuildMul(b, x, y, "");
    case SSA_AND: return LLVMBuildAnd(b, x, y, "");
    case SSA_OR: return LLVMBuildOr(b, x, y, "");
    case SSA_XOR: return LLVMBuildXor(b, x, y, "");
    case SSA_ANDNOT: return LLVMBuildAnd(b, x, LLVMBuildNot(b, y, ""), "");
    case SSA_DIV: case SSA_REM: {
        if (!s) return v->op == SSA_DIV ? LLVMBuildUDiv(b, x, y, "") : LLVMBuildURem(b, x, y, "");
        if (LLVMIsAConstantInt(y) && LLVMConstIntGetSExtValue(y) != -1) return v->op == SSA_DIV ? LLVMBuildSDiv(b, x, y, "") : LLVMBuildSRem(b, x, y, "");
        // x / -1 is -x, also where that overflows
        LLVMTypeRef t = LLVMTypeOf(x);
        LLVMValueRef m1 = LLVMBuildICmp(b, LLVMIntEQ, y, LLVMConstAllOnes(t), "");
        LLVMValueRef d = LLVMBuildSelect(b, m1, LLVMConstInt(t, 1, 0), y, "");
        if (v->op == SSA_DIV) return LLVMBuildSelect(b, m1, LLVMBuildNeg(b, x, ""), LLVMBuildSDiv(b, x, d, ""), "");
        return LLVMBuildSelect(b, m1, LLVMConstNull(t), LLVMBuildSRem(b, x, d, ""), "");
    }
    default: ice("arith %s", ssa_op_text[v->op]);
    }
}

static LLVMValueRef shift(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), n = val(v->args[1]);
    LLVMTypeRef t = LLVMTypeOf(x), nt = LLVMTypeOf(n);
    unsigned w = LLVMGetIntTypeWidth(t), nw = LLVMGetIntTypeWidth(nt);
    bool s = is_signed(v->type) && v->op == SSA_SHR;
    LLVMValueRef big = NULL;
    if (!v->bounded && (nw > 16 || (1u << nw) > w)) big = LLVMBuildICmp(cg->b, LLVMIntUGE, n, LLVMConstInt(nt, w, 0), "");
    LLVMValueRef c = LLVMBuildIntCast2(cg->b, n, t, 0, "");
    if (big && s) c = LLVMBuildSelect(cg->b, big, LLVMConstInt(t, w - 1, 0), c, "");
    else if (big) c = LLVMBuildSelect(cg->b, big, LLVMConstNull(t), c, ""); // keeps the shift itself defined
    LLVMValueRef r = v->op == SSA_SHL ? LLVMBuildShl(cg->b, x, c, "") : s ? LLVMBuildAShr(cg->b, x, c, "") : LLVMBuildLShr(cg->b, x, c, "");
    return big && !s ? LLVMBuildSelect(cg->b, big, LLVMConstNull(t), r, "") : r;
}

static LLVMValueRef compare(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), y = val(v->args[1]);
    Type *t = v->args[0]->type;
    if (is_complex(t)) {
        LLVMValueRef a = LLVMBuildFCmp(cg->b, LLVMRealOEQ, part(cg, x, 0), part(cg, y, 0), ""), c = LLVMBuildFCmp(cg->b, LLVMRealOEQ, part(cg, x, 1), part(cg, y, 1), "");
        LLVMValueRef r = LLVMBuildAnd(cg->b, a, c, "");
        return from_i1(cg, v->op == SSA_NE ? LLVMBuildNot(cg->b, r, "") : r);
    }
    if (is_float(t)) {
        static const LLVMRealPredicate p[] = {LLVMRealOEQ, LLVMRealUNE, LLVMRealOLT, LLVMRealOLE, LLVMRealOGT, LLVMRealOGE};
        return from_i1(cg, LLVMBuildFCmp(cg->b, p[v->op - SSA_EQ], x, y, ""));
    }
    static const LLVMIntPredicate u[] = {LLVMIntEQ, LLVMIntNE, LLVMIntULT, LLVMIntULE, LLVMIntUGT, LLVMIntUGE}, s[] = {LLVMIntEQ, LLVMIntNE, LLVMIntSLT, LLVMIntSLE, LLVMIntSGT, LLVMIntSGE};
    LLVMTypeRef tx = LLVMTypeOf(x), ty = LLVMTypeOf(y);
    if (tx != ty) { // pointer against uintptr
        if (tx == cg->ptr) x = LLVMBuildPtrToInt(cg->b, x, cg->i64, "");
        if (ty == cg->ptr) y = LLVMBuildPtrToInt(cg->b, y, cg->i64, "");
    }
    return from_i1(cg, LLVMBuildICmp(cg->b, (is_signed(t) ? s : u)[v->op - SSA_EQ], x, y, ""));
}

// Float to integer: out of range is the target's own answer. amd64: cvttsd2si gives the least integer; smaller types truncate a 64-bit conversion.
static LLVMValueRef float_to_int(Cg *cg, LLVMValueRef x, Type *to) {
    LLVMTypeRef t = llvm_type(cg, to), ft = LLVMTypeOf(x);
    unsigned w = LLVMGetIntTypeWidth(t);
    bool s = is_signed(to);
    if (cg->arm64) {
        LLVMTypeRef over[] = {w < 64 ? cg->i64 : t, ft};
        LLVMValueRef r = intrinsic(cg, s || w < 64 ? "llvm.fptosi.sat" : "llvm.fptoui.sat", over, 2, &x, 1);
        return LLVMBuildIntCast2(cg->b, r, t, 1, "");
    }
    LLVMValueRef zero = LLVMConstNull(ft);
    (void)zero;
    if (LLVMIsConstant(x)) { // the intrinsic below does not fold
    }
    unsigned id_f64 = ft == cg->f64;
    LLVMTypeRef vt = LLVMVectorType(ft, id_f64 ? 2 : 4);
    LLVMValueRef vec = LLVMBuildInsertElement(cg->b, LLVMGetUndef(vt), x, LLVMConstInt(cg->i32, 0, 0), "");
    const char *name = id_f64 ? "llvm.x86.sse2.cvttsd2si64" : "llvm.x86.sse.cvttss2si64";
    if (s || w < 64) return LLVMBuildIntCast2(cg->b, intrinsic(cg, name, NULL, 0, &vec, 1), t, 1, "");
    // uint64: below 2^63 directly, else shifted down by 2^63
    LLVMValueRef lim = LLVMConstReal(ft, 9223372036854775808.0);
    LLVMValueRef big = LLVMBuildFCmp(cg->b, LLVMRealOGE, x, lim, "");
    LLVMValueRef y = LLVMBuildSelect(cg->b, big, LLVMBuildFSub(cg->b, x, lim, ""), x, "");
    vec = LLVMBuildInsertElement(cg->b, LLVMGetUndef(vt), y, LLVMConstInt(cg->i32, 0, 0), "");
    LLVMValueRef r = intrinsic(cg, name, NULL, 0, &vec, 1);
    LLVMValueRef hi = LLVMBuildXor(cg->b, r, LLVMConstInt(cg->i64, 1ull << 63, 0), "");
    return LLVMBuildSelect(cg->b, big, hi, r, "");
}

static LLVMValueRef convert(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]);
    Type *from = v->args[0]->type, *to = v->type;
    LLVMTypeRef t = llvm_type(cg, to);
    if (is_complex(to)) {
        LLVMTypeRef e = under(to)->kind == T_COMPLEX64 ? cg->f32 : cg->f64;
        return make2(cg, t, LLVMBuildFPCast(cg->b, part(cg, x, 0), e, ""), LLVMBuildFPCast(cg->b, part(cg, x, 1), e, ""));
    }
    if (is_float(from)) return is_float(to) ? LLVMBuildFPCast(cg->b, x, t, "") : float_to_int(cg, x, to);
    if (is_float(to)) return is_signed(from) ? LLVMBuildSIToFP(cg->b, x, t, "") : LLVMBuildUIToFP(cg->b, x, t, "");
    return LLVMBuildIntCast2(cg->b, x, t, is_signed(from), "");
}

// Same bits, other type.
static LLVMValueRef recast(Cg *cg, LLVMValueRef x, Type *to) {
    if (type_is_large(to)) return x;
    LLVMTypeRef t = llvm_type(cg, to), f = LLVMTypeOf(x);
    if (t == f) return x;
    if (t == cg->ptr && LLVMGetTypeKind(f) == LLVMIntegerTypeKind) return LLVMBuildIntToPtr(cg->b, x, t, "");
    if (f == cg->ptr && LLVMGetTypeKind(t) == LLVMIntegerTypeKind) return LLVMBuildPtrToInt(cg->b, x, t, "");
    if (LLVMGetTypeKind(t) == LLVMStructTypeKind || LLVMGetTypeKind(t) == LLVMArrayTypeKind || LLVMGetTypeKind(f) == LLVMStructTypeKind ||
        LLVMGetTypeKind(f) == LLVMArrayTypeKind) { // through memory
        LLVMValueRef m = temp_alloca(cg, f);
        LLVMBuildStore(cg->b, x, m);
        return LLVMBuildLoad2(cg->b, t, m, "");
    }
    if (LLVMGetTypeKind(t) == LLVMIntegerTypeKind && LLVMGetTypeKind(f) == LLVMIntegerTypeKind) return LLVMBuildIntCast2(cg->b, x, t, 0, "");
    return LLVMBuildBitCast(cg->b, x, t, "");
}

static LLVMValueRef constant(Cg *cg, Value *v) {
    LLVMTypeRef t = llvm_type(cg, v->type);
    const Const *c = v->konst;
    if (const_kind(c) == CONST_BOOL) return LLVMConstInt(t, const_bool_value(c), 0);
    if (is_complex(v->type)) {
        bool f32 = under(v->type)->kind == T_COMPLEX64;
        LLVMTypeRef e = f32 ? cg->f32 : cg->f64;
        const Const *re = const_real(c), *im = const_imag(c);
        LLVMValueRef p[] = {LLVMConstReal(e, f32 ? const_float_value(re) : const_double_value(re)), LLVMConstReal(e, f32 ? const_float_value(im) : const_double_value(im))};
        return LLVMConstStructInContext(cg->ctx, p, 2, 0);
    }
    if (is_float(v->type)) return LLVMConstReal(t, under(v->type)->kind == T_FLOAT32 ? const_float_value(c) : const_double_value(c));
    uint8_t b[8];
    const Const *i = const_to_int(c);
    if (!i) ice("constant %s is no integer", const_string_short(c));
    const_int_bytes(i, b, 8);
    uint64_t n = 0;
    memcpy(&n, b, 8);
    if (t == cg->ptr) return LLVMConstIntToPtr(LLVMConstInt(cg->i64, n, 0), cg->ptr);
    return LLVMConstInt(t, n, 0);
}

static LLVMValueRef zero_value(Cg *cg, Type *t) {
    if (!type_is_large(t)) return LLVMConstNull(llvm_type(cg, t));
    LLVMValueRef m = temp_alloca(cg, llvm_type(cg, t));
    LLVMBuildMemSet(cg->b, m, LLVMConstInt(cg->i8, 0, 0), const_int(cg, type_size(t)), align_of(t));
    return m;
}

// ---- machine operations -------------------------------------------------------------------------------------------------------

static LLVMValueRef *pair(LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef *p = NEW_ARRAY(LLVMValueRef, 2);
    p[0] = a;
    p[1] = b;
    return p;
}
static LLVMValueRef wide(Cg *cg, LLVMValueRef v) { return LLVMBuildZExt(cg->b, v, cg->i128, ""); }
static LLVMValueRef low(Cg *cg, LLVMValueRef v) { return LLVMBuildTrunc(cg->b, v, cg->i64, ""); }
static LLVMValueRef high(Cg *cg, LLVMValueRef v) { return low(cg, LLVMBuildLShr(cg->b, v, LLVMConstInt(cg->i128, 64, 0), "")); }

static void machine(Cg *cg, Value *v) {
    LLVMValueRef a[4] = {0};
    for (uint32_t i = 0; i < v->nargs && i < 4; i++) a[i] = val(v->args[i]);
    LLVMTypeRef t = v->type && under(v->type)->kind != T_TUPLE ? llvm_type(cg, v->type) : NULL, at = v->nargs ? LLVMTypeOf(a[0]) : NULL;
    LLVMAtomicOrdering seq = LLVMAtomicOrderingSequentiallyConsistent;
    switch (v->op) {
    case SSA_SQRT: v->aux = intrinsic(cg, "llvm.sqrt", &t, 1, a, 1); break;
    case SSA_FMA: v->aux = intrinsic(cg, "llvm.fma", &t, 1, a, 3); break;
    case SSA_FLOOR: v->aux = intrinsic(cg, "llvm.floor", &t, 1, a, 1); break;
    case SSA_CEIL: v->aux = intrinsic(cg, "llvm.ceil", &t, 1, a, 1); break;
    case SSA_TRUNC: v->aux = intrinsic(cg, "llvm.trunc", &t, 1, a, 1); break;
    case SSA_ROUNDEVEN: v->aux = intrinsic(cg, "llvm.roundeven", &t, 1, a, 1); break;
    case SSA_ABS: v->aux = intrinsic(cg, "llvm.fabs", &t, 1, a, 1); break;
    case SSA_COPYSIGN: v->aux = intrinsic(cg, "llvm.copysign", &t, 1, a, 2); break;
    case SSA_CTZ: case SSA_BITLEN: {
        LLVMValueRef args[] = {a[0], LLVMConstInt(cg->i1, 0, 0)};
        LLVMValueRef r = intrinsic(cg, v->op == SSA_CTZ ? "llvm.cttz" : "llvm.ctlz", &at, 1, args, 2);
        if (v->op == SSA_BITLEN) r = LLVMBuildSub(cg->b, LLVMConstInt(at, LLVMGetIntTypeWidth(at), 0), r, "");
        v->aux = LLVMBuildIntCast2(cg->b, r, t, 0, "");
        break;
    }
    case SSA_POPCOUNT: v->aux = LLVMBuildIntCast2(cg->b, intrinsic(cg, "llvm.ctpop", &at, 1, a, 1), t, 0, ""); break;
    case SSA_BSWAP: v->aux = intrinsic(cg, "llvm.bswap", &at, 1, a, 1); break;
    case SSA_BITREV: v->aux = intrinsic(cg, "llvm.bitreverse", &at, 1, a, 1); break;
    case SSA_ROTL: {
        LLVMValueRef args[] = {a[0], a[0], LLVMBuildIntCast2(cg->b, a[1], at, 0, "")};
        v->aux = intrinsic(cg, "llvm.fshl", &at, 1, args, 3);
        break;
    }
    case SSA_MUL64: {
        LLVMValueRef m = LLVMBuildMul(cg->b, wide(cg, a[0]), wide(cg, a[1]), "");
        v->aux = pair(high(cg, m), low(cg, m));
        break;
    }
    case SSA_ADD64: {
        LLVMValueRef s = LLVMBuildAdd(cg->b, LLVMBuildAdd(cg->b, wide(cg, a[0]), wide(cg, a[1]), ""), wide(cg, a[2]), "");
        v->aux = pair(low(cg, s), high(cg, s));
        break;
    }
    case SSA_SUB64: {
        LLVMValueRef s = LLVMBuildSub(cg->b, LLVMBuildSub(cg->b, wide(cg, a[0]), wide(cg, a[1]), ""), wide(cg, a[2]), "");
        v->aux = pair(low(cg, s), LLVMBuildAnd(cg->b, high(cg, s), const_int(cg, 1), ""));
        break;
    }
    case SSA_DIV64: {
        LLVMValueRef n = LLVMBuildOr(cg->b, LLVMBuildShl(cg->b, wide(cg, a[0]), LLVMConstInt(cg->i128, 64, 0), ""), wide(cg, a[1]), "");
        LLVMValueRef d = wide(cg, a[2]);
        v->aux = pair(low(cg, LLVMBuildUDiv(cg->b, n, d, "")), low(cg, LLVMBuildURem(cg->b, n, d, "")));
        break;
    }
    case SSA_ATOMICLOAD: {
        LLVMValueRef l = LLVMBuildLoad2(cg->b, t, a[0], "");
        LLVMSetOrdering(l, seq);
        LLVMSetAlignment(l, (unsigned)type_size(v->type));
        v->aux = l;
        break;
    }
    case SSA_ATOMICSTORE: {
        LLVMValueRef s = LLVMBuildStore(cg->b, a[1], a[0]);
        LLVMSetOrdering(s, seq);
        LLVMSetAlignment(s, (unsigned)type_size(v->args[1]->type));
        break;
    }
    case SSA_ATOMICXCHG: v->aux = LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpXchg, a[0], a[1], seq, 0); break;
    case SSA_ATOMICADD: v->aux = LLVMBuildAdd(cg->b, LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpAdd, a[0], a[1], seq, 0), a[1], ""); break;
    case SSA_ATOMICAND: v->aux = LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpAnd, a[0], a[1], seq, 0); break;
    case SSA_ATOMICOR: v->aux = LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpOr, a[0], a[1], seq, 0); break;
    case SSA_ATOMICCAS: v->aux = from_i1(cg, LLVMBuildExtractValue(cg->b, LLVMBuildAtomicCmpXchg(cg->b, a[0], a[1], a[2], seq, seq, 0), 1, "")); break;
    case SSA_CALLERPC: {
        LLVMValueRef l = LLVMConstInt(cg->i32, 0, 0);
        v->aux = recast(cg, intrinsic(cg, "llvm.returnaddress", NULL, 0, &l, 1), v->type);
        break;
    }
    case SSA_CALLERSP: case SSA_FRAMEADDR: {
        LLVMValueRef l = LLVMConstInt(cg->i32, v->op == SSA_FRAMEADDR ? (unsigned)v->i : 0, 0);
        LLVMValueRef p = intrinsic(cg, "llvm.frameaddress", &cg->ptr, 1, &l, 1);
        if (v->op == SSA_CALLERSP) p = LLVMBuildGEP2(cg->b, cg->i8, p, (LLVMValueRef[]){const_int(cg, 16)}, 1, "");
        v->aux = recast(cg, p, v->type);
        break;
    }
    case SSA_KEEPALIVE: {
        LLVMTypeRef fn = LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0);
        LLVMValueRef s[64], ia = LLVMGetInlineAsm(fn, "", 0, "r,~{memory}", 11, 1, 0, LLVMInlineAsmDialectATT, 0);
        uint32_t n = 0;
        if (!type_is_large(v->args[0]->type)) flatten(cg, a[0], v->args[0]->type, s, &n);
        for (uint32_t i = 0; i < n; i++)
            if (LLVMTypeOf(s[i]) == cg->ptr) LLVMBuildCall2(cg->b, fn, ia, &s[i], 1, "");
        break;
    }
    case SSA_PREFETCH: {
        LLVMValueRef args[] = {a[0], LLVMConstInt(cg->i32, 0, 0), LLVMConstInt(cg->i32, 3, 0), LLVMConstInt(cg->i32, 1, 0)};
        intrinsic(cg, "llvm.prefetch", &cg->ptr, 1, args, 4);
        break;
    }
    case SSA_PAUSE: {
        LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
        const char *text = cg->arm64 ? "yield" : "pause";
        LLVMBuildCall2(cg->b, fn, LLVMGetInlineAsm(fn, text, strlen(text), "", 0, 1, 0, LLVMInlineAsmDialectATT, 0), NULL, 0, "");
        break;
    }
    case SSA_FENCE: LLVMBuildFence(cg->b, seq, 0, ""); break;
    default: ice("SSA operation %s has no lowering", ssa_op_text[v->op]);
    }
}

// ---- values -------------------------------------------------------------------------------------------------------------------

static bool volatile_slot(Value *p) { return p->op == SSA_SLOTADDR && p->slot->is_volatile; }

static LLVMValueRef elem_of(Cg *cg, Value *v) { // FIELD and ELEM
    Type *t = under(v->args[0]->type);
    LLVMValueRef x = val(v->args[0]);
    if (!type_is_large(t)) return LLVMBuildExtractValue(cg->b, x, (unsigned)v->i, "");
    LLVMValueRef idx[] = {LLVMConstInt(cg->i32, 0, 0), LLVMConstInt(cg->i32, (unsigned)v->i, 0)};
    LLVMValueRef p = LLVMBuildInBoundsGEP2(cg->b, llvm_type(cg, t), x, idx, 2, "");
    return type_is_large(v->type) ? p : load(cg, v->type, p, false);
}

static LLVMValueRef make_aggregate(Cg *cg, Value *v) {
    LLVMTypeRef t = llvm_type(cg, v->type);
    if (!type_is_large(v->type)) {
        LLVMValueRef r = LLVMGetUndef(t);
        for (uint32_t i = 0; i < v->nargs; i++) r = LLVMBuildInsertValue(cg->b, r, val(v->args[i]), i, "");
        return r;
    }
    LLVMValueRef m = temp_alloca(cg, t);
    for (uint32_t i = 0; i < v->nargs; i++) {
        LLVMValueRef idx[] = {LLVMConstInt(cg->i32, 0, 0), LLVMConstInt(cg->i32, i, 0)};
        LLVMValueRef p = LLVMBuildInBoundsGEP2(cg->b, t, m, idx, 2, "");
        if (type_is_large(v->args[i]->type)) copy_memory(cg, v->args[i]->type, p, val(v->args[i]), false);
        else store(cg, v->args[i]->type, val(v->args[i]), p, false);
    }
    return m;
}

static void emit_value(Cg *cg, Value *v) {
    LLVMBuilderRef b = cg->b;
    debug_pos(cg, v->pos);
    switch (v->op) {
    case SSA_CONST: v->aux = constant(cg, v); break;
    case SSA_ZERO: v->aux = zero_value(cg, v->type); break;
    case SSA_STRING: {
        LLVMValueRef p[] = {v->str.len ? string_ref(cg, v->str) : LLVMConstNull(cg->ptr), const_int(cg, (int64_t)v->str.len)};
        v->aux = LLVMConstStructInContext(cg->ctx, p, 2, 0);
        break;
    }
    case SSA_ARG: {
        struct AbiParam *p = &cg->abi->params[v->i];
        if (p->by_ptr) v->aux = LLVMGetParam(cg->fn, p->first);
        else {
            LLVMValueRef s[16];
            uint32_t at = 0;
            for (uint32_t i = 0; i < p->count; i++) s[i] = LLVMGetParam(cg->fn, p->first + i);
            v->aux = unflatten(cg, s, &at, v->type);
        }
        break;
    }
    case SSA_CTX: v->aux = cg->context; break;
    case SSA_SLOTADDR: v->aux = v->slot->aux; break;
    case SSA_GLOBALADDR: v->aux = global_ref(cg, v->global); break;
    case SSA_DATAADDR: v->aux = data_ref(cg, v->data); break;
    case SSA_FUNCVAL: v->aux = funcval_ref(cg, v->func); break;
    case SSA_CODEADDR: v->aux = recast(cg, declare_func(cg, v->func), v->type); break;
    case SSA_TYPEADDR: v->aux = type_ref(cg, v->t); break;
    case SSA_ITABADDR: v->aux = itab_ref(cg, v->itab); break;
    case SSA_LOAD:
        if (type_is_large(v->type)) v->aux = large_copy(cg, v->type, val(v->args[0]));
        else v->aux = load(cg, v->type, val(v->args[0]), volatile_slot(v->args[0]));
        break;
    case SSA_STORE: {
        Type *t = v->args[1]->type;
        if (!type_size(t)) break;
        if (type_is_large(t)) copy_memory(cg, t, val(v->args[0]), val(v->args[1]), false);
        else store(cg, t, val(v->args[1]), val(v->args[0]), volatile_slot(v->args[0]));
        break;
    }
    case SSA_MOVE: copy_memory(cg, v->t, val(v->args[0]), val(v->args[1]), true); break;
    case SSA_ZEROMEM:
        if (type_size(v->t)) LLVMBuildMemSet(b, val(v->args[0]), LLVMConstInt(cg->i8, 0, 0), const_int(cg, type_size(v->t)), align_of(v->t));
        break;
    case SSA_MEMMOVE: LLVMBuildMemMove(b, val(v->args[0]), 1, val(v->args[1]), 1, to_i64(cg, v->args[2])); break;
    case SSA_MEMCLR: LLVMBuildMemSet(b, val(v->args[0]), LLVMConstInt(cg->i8, 0, 0), to_i64(cg, v->args[1]), 1); break;
    case SSA_FIELDADDR: {
        LLVMValueRef off = const_int(cg, type_field_offset(v->t, (uint32_t)v->i));
        v->aux = LLVMBuildInBoundsGEP2(b, cg->i8, val(v->args[0]), &off, 1, "");
        break;
    }
    case SSA_ELEMADDR: {
        LLVMValueRef i = to_i64(cg, v->args[1]);
        v->aux = LLVMBuildInBoundsGEP2(b, llvm_type(cg, v->t), val(v->args[0]), &i, 1, "");
        break;
    }
    case SSA_PTRADD: {
        LLVMValueRef off = to_i64(cg, v->args[1]);
        LLVMValueRef p = val(v->args[0]);
        if (LLVMTypeOf(p) != cg->ptr) p = LLVMBuildIntToPtr(b, p, cg->ptr, "");
        v->aux = LLVMBuildGEP2(b, cg->i8, p, &off, 1, "");
        break;
    }
    case SSA_NILCHECK:
        nilcheck(cg, val(v->args[0]));
        v->aux = val(v->args[0]);
        break;
    case SSA_BOUNDS: v->aux = bounds(cg, v); break;
    case SSA_ADD: case SSA_SUB: case SSA_MUL: case SSA_DIV: case SSA_REM: case SSA_AND: case SSA_OR: case SSA_XOR: case SSA_ANDNOT: v->aux = arith(cg, v); break;
    case SSA_NEG:
        if (is_complex(v->type)) v->aux = make2(cg, llvm_type(cg, v->type), LLVMBuildFNeg(b, part(cg, val(v->args[0]), 0), ""), LLVMBuildFNeg(b, part(cg, val(v->args[0]), 1), ""));
        else v->aux = is_float(v->type) ? LLVMBuildFNeg(b, val(v->args[0]), "") : LLVMBuildNeg(b, val(v->args[0]), "");
        break;
    case SSA_COM: v->aux = LLVMBuildNot(b, val(v->args[0]), ""); break;
    case SSA_NOT: v->aux = LLVMBuildXor(b, val(v->args[0]), LLVMConstInt(cg->i8, 1, 0), ""); break;
    case SSA_SHL: case SSA_SHR: v->aux = shift(cg, v); break;
    case SSA_EQ: case SSA_NE: case SSA_LT: case SSA_LE: case SSA_GT: case SSA_GE: v->aux = compare(cg, v); break;
    case SSA_SELECT: v->aux = LLVMBuildSelect(b, to_i1(cg, val(v->args[0])), val(v->args[1]), val(v->args[2]), ""); break;
    case SSA_CONV: v->aux = convert(cg, v); break;
    case SSA_COPY: case SSA_BITCAST: v->aux = recast(cg, val(v->args[0]), v->type); break;
    case SSA_STRMAKE: case SSA_SLICEMAKE: case SSA_IMAKE: case SSA_COMPLEXMAKE: case SSA_STRUCTMAKE: case SSA_ARRAYMAKE: v->aux = make_aggregate(cg, v); break;
    case SSA_STRPTR: case SSA_SLICEPTR: case SSA_ITAB: case SSA_REAL: v->aux = part(cg, val(v->args[0]), 0); break;
    case SSA_STRLEN: case SSA_SLICELEN: case SSA_IDATA: case SSA_IMAG: v->aux = part(cg, val(v->args[0]), 1); break;
    case SSA_SLICECAP: v->aux = part(cg, val(v->args[0]), 2); break;
    case SSA_FIELD: case SSA_ELEM: v->aux = elem_of(cg, v); break;
    case SSA_CALL: emit_call(cg, v, v->func->sig, declare_func(cg, v->func), NULL, NULL, v->args, v->nargs); break;
    case SSA_CALLRT: {
        LLVMValueRef s[64];
        uint32_t n = 0;
        for (uint32_t i = 0; i < v->nargs; i++) flatten(cg, val(v->args[i]), v->args[i]->type, s, &n);
        LLVMValueRef c = call_rt(cg, v->rt, s, n);
        if (!v->type || !rt_info[v->rt].result[0] || rt_info[v->rt].result[0] == 'v') break;
        Type *t = under(v->type);
        uint32_t at = 0;
        LLVMTypeRef rt = LLVMTypeOf(c);
        uint32_t m = LLVMGetTypeKind(rt) == LLVMStructTypeKind ? LLVMCountStructElementTypes(rt) : 1;
        for (uint32_t i = 0; i < m; i++) s[i] = m == 1 ? c : LLVMBuildExtractValue(b, c, i, "");
        if (t->kind == T_TUPLE) {
            LLVMValueRef *parts = NEW_ARRAY(LLVMValueRef, t->tuple.vars.len + 1);
            for (uint32_t i = 0; i < t->tuple.vars.len; i++) parts[i] = recast(cg, unflatten(cg, s, &at, t->tuple.vars.data[i]->type), t->tuple.vars.data[i]->type);
            v->aux = parts;
        } else v->aux = recast(cg, unflatten(cg, s, &at, v->type), v->type);
        break;
    }
    case SSA_CALLCLOSURE: {
        LLVMValueRef f = val(v->args[0]);
        nilcheck(cg, f);
        LLVMValueRef code = LLVMBuildLoad2(b, cg->ptr, f, "");
        emit_call(cg, v, v->args[0]->type, code, f, NULL, v->args + 1, v->nargs - 1);
        break;
    }
    case SSA_CALLINTER: {
        LLVMValueRef off = const_int(cg, 24 + v->i * 8);
        LLVMValueRef code = LLVMBuildLoad2(b, cg->ptr, LLVMBuildInBoundsGEP2(b, cg->i8, val(v->args[0]), &off, 1, ""), "");
        Type *sig = inter_sig(v);
        emit_call(cg, v, sig, code, NULL, val(v->args[1]), v->args + 2, v->nargs - 2);
        break;
    }
    case SSA_SELECTN: v->aux = under(v->args[0]->type)->kind == T_TUPLE ? ((LLVMValueRef *)v->args[0]->aux)[v->i] : val(v->args[0]); break;
    case SSA_SETJMP: {
        LLVMTypeRef fn = LLVMFunctionType(cg->i32, &cg->ptr, 1, 0);
        LLVMValueRef f = LLVMGetNamedFunction(cg->mod, "vole_setjmp"), p = val(v->args[0]);
        if (!f) {
            f = LLVMAddFunction(cg->mod, "vole_setjmp", fn);
            LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, enum_attr(cg, "returns_twice"));
        }
        LLVMValueRef c = LLVMBuildCall2(b, fn, f, &p, 1, "");
        LLVMAddCallSiteAttribute(c, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, enum_attr(cg, "returns_twice"));
        v->aux = LLVMBuildIntCast2(b, c, llvm_type(cg, v->type), 1, "");
        break;
    }
    default: machine(cg, v);
    }
}

static void emit_end(Cg *cg, Block *blk) {
    LLVMBuilderRef b = cg->b;
    debug_pos(cg, blk->pos);
#define TARGET(i) ((LLVMBasicBlockRef)blk->succs.data[i]->aux)
    switch (blk->kind) {
    case BLOCK_PLAIN: LLVMBuildBr(b, TARGET(0)); break;
    case BLOCK_IF: {
        LLVMValueRef br = LLVMBuildCondBr(b, to_i1(cg, val(blk->control)), TARGET(0), TARGET(1));
        if (blk->likely) {
            unsigned hot = blk->likely > 0 ? 2000 : 1;
            LLVMMetadataRef md[] = {LLVMMDStringInContext2(cg->ctx, "branch_weights", 14), LLVMValueAsMetadata(LLVMConstInt(cg->i32, hot, 0)),
                                    LLVMValueAsMetadata(LLVMConstInt(cg->i32, hot == 1 ? 2000 : 1, 0))};
            LLVMSetMetadata(br, cg->md_prof, LLVMMetadataAsValue(cg->ctx, LLVMMDNodeInContext2(cg->ctx, md, 3)));
        }
        break;
    }
    case BLOCK_SWITCH: {
        LLVMValueRef c = val(blk->control), sw = LLVMBuildSwitch(b, c, TARGET(0), blk->cases.len);
        for (uint32_t i = 0; i < blk->cases.len; i++) LLVMAddCase(sw, LLVMConstInt(LLVMTypeOf(c), (uint64_t)blk->cases.data[i], 1), TARGET(i + 1));
        break;
    }
    case BLOCK_RET: {
        Abi *a = cg->abi;
        if (a->sret) {
            for (uint32_t i = 0; i < blk->results.len; i++) {
                LLVMValueRef p = LLVMBuildStructGEP2(b, a->sret, cg->sret, i, "");
                Type *t = blk->results.data[i]->type;
                if (type_is_large(t)) copy_memory(cg, t, p, val(blk->results.data[i]), false);
                else store(cg, t, val(blk->results.data[i]), p, false);
            }
            LLVMBuildRetVoid(b);
            break;
        }
        LLVMValueRef s[64];
        uint32_t n = 0;
        for (uint32_t i = 0; i < blk->results.len; i++) {
            Value *r = blk->results.data[i];
            flatten(cg, type_is_large(r->type) ? load(cg, r->type, val(r), false) : val(r), r->type, s, &n);
        }
        if (n == 0) LLVMBuildRetVoid(b);
        else if (n == 1) LLVMBuildRet(b, s[0]);
        else LLVMBuildAggregateRet(b, s, n);
        break;
    }
    case BLOCK_EXIT: LLVMBuildUnreachable(b); break;
    }
#undef TARGET
}

static void func_attrs(Cg *cg, Func *f) {
    LLVMAttributeIndex at = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
    LLVMAddAttributeAtIndex(cg->fn, at, text_attr(cg, "frame-pointer", "all"));
    LLVMAddAttributeAtIndex(cg->fn, at, text_attr(cg, "probe-stack", "inline-asm"));
    LLVMAddAttributeAtIndex(cg->fn, at, enum_attr(cg, "nounwind"));
    LLVMAddAttributeAtIndex(cg->fn, at, LLVMCreateEnumAttribute(cg->ctx, attr_kind("uwtable"), 2));
    LLVMAddAttributeAtIndex(cg->fn, at, enum_attr(cg, "null_pointer_is_valid"));
    if (f->noinline || (f->pragma & PRAGMA_NOINLINE) || f->has_recover || f->wrapper) LLVMAddAttributeAtIndex(cg->fn, at, enum_attr(cg, "noinline"));
    if (cg->opt->opt == 0) {
        LLVMAddAttributeAtIndex(cg->fn, at, enum_attr(cg, "noinline"));
        LLVMAddAttributeAtIndex(cg->fn, at, enum_attr(cg, "optnone"));
    }
    if (cg->abi->sret) LLVMAddAttributeAtIndex(cg->fn, 1, LLVMCreateTypeAttribute(cg->ctx, attr_kind("sret"), cg->abi->sret));
    if (cg->abi->has_ctx) LLVMAddAttributeAtIndex(cg->fn, LLVMCountParams(cg->fn), enum_attr(cg, "swiftself"));
}

void emit_func(Cg *cg, Func *f) {
    SsaFunc *s = f->ssa;
    set_ice_pos(f->pos);
    cg->f = s;
    cg->abi = abi_of(cg, f->sig, f->needs_ctx);
    cg->fn = declare_func(cg, f);
    if (LLVMCountBasicBlocks(cg->fn)) return; // emitted already
    if (f->linkonce) {
        LLVMSetLinkage(cg->fn, LLVMLinkOnceODRLinkage);
        LLVMSetComdat(cg->fn, LLVMGetOrInsertComdat(cg->mod, f->symbol));
    }
    func_attrs(cg, f);
    debug_func(cg, f);
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMPositionBuilderAtEnd(cg->b, entry);
    debug_pos(cg, f->pos);
    cg->sret = cg->abi->sret ? LLVMGetParam(cg->fn, 0) : NULL;
    cg->context = cg->abi->has_ctx ? LLVMGetParam(cg->fn, LLVMCountParams(cg->fn) - 1) : NULL;
    for (vec_each(Slot *, sl, &s->slots)) {
        LLVMValueRef a = LLVMBuildAlloca(cg->b, llvm_type(cg, (*sl)->type), (*sl)->name ? (*sl)->name : "");
        LLVMSetAlignment(a, align_of((*sl)->type) < 8 && type_size((*sl)->type) >= 8 ? 8 : align_of((*sl)->type));
        (*sl)->aux = a;
    }
    for (vec_each(Block *, blk, &s->blocks)) (*blk)->aux = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    cg->alloca_point = LLVMBuildBr(cg->b, s->blocks.data[0]->aux);
    for (vec_each(Slot *, sl, &s->slots)) debug_slot(cg, *sl, (*sl)->aux);
    Vec(Value *) phis = {0};
    LLVMBasicBlockRef *last = NEW_ARRAY(LLVMBasicBlockRef, s->nblocks + 1);
    for (vec_each(Block *, blk, &s->blocks)) {
        LLVMPositionBuilderAtEnd(cg->b, (*blk)->aux);
        for (vec_each(Value *, v, &(*blk)->values)) {
            if ((*v)->op != SSA_PHI) continue;
            LLVMTypeRef t = type_is_large((*v)->type) ? cg->ptr : llvm_type(cg, (*v)->type);
            (*v)->aux = LLVMBuildPhi(cg->b, t, "");
            vec_push(&phis, *v);
        }
        for (vec_each(Value *, v, &(*blk)->values))
            if ((*v)->op != SSA_PHI) emit_value(cg, *v);
        emit_end(cg, *blk);
        last[(*blk)->id] = LLVMGetInsertBlock(cg->b);
    }
    for (vec_each(Value *, v, &phis))
        for (uint32_t i = 0; i < (*v)->nargs; i++) {
            LLVMValueRef in = val((*v)->args[i]);
            LLVMBasicBlockRef from = last[(*v)->block->preds.data[i]->id];
            LLVMAddIncoming((*v)->aux, &in, &from, 1);
        }
    LLVMSetCurrentDebugLocation2(cg->b, NULL);
}
