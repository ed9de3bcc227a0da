// llvm_ops: operations on scalars: Go's integer and float semantics, which LLVM leaves undefined in
// corners, and the machine operations behind intrinsics.
#include "backend/llvm.h"
#include <math.h>

static bool is_float(Type *t) { return type_is_float(t); }

// ---- arithmetic ---------------------------------------------------------------------------------

// Part by part; division is the runtime's.
static LLVMValueRef *complex_arith(Cg *cg, Value *v) {
    LLVMValueRef *x = vals(v->args[0]), *y = v->nargs > 1 ? vals(v->args[1]) : NULL;
    LLVMBuilderRef b = cg->b;
    switch (v->op) {
    case SSA_ADD:
        return value_pair(LLVMBuildFAdd(b, x[0], y[0], ""), LLVMBuildFAdd(b, x[1], y[1], ""));
    case SSA_SUB:
        return value_pair(LLVMBuildFSub(b, x[0], y[0], ""), LLVMBuildFSub(b, x[1], y[1], ""));
    case SSA_NEG: return value_pair(LLVMBuildFNeg(b, x[0], ""), LLVMBuildFNeg(b, x[1], ""));
    case SSA_MUL: break;
    default: ice("complex %s", ssa_op_text[v->op]);
    }
    // complex64 products are computed in double precision, as gc does.
    bool narrow = LLVMTypeOf(x[0]) == cg->f32;
    LLVMValueRef p[4] = {x[0], x[1], y[0], y[1]};
    for (int i = 0; narrow && i < 4; i++) p[i] = LLVMBuildFPExt(b, p[i], cg->f64, "");
    LLVMValueRef re =
        LLVMBuildFSub(b, LLVMBuildFMul(b, p[0], p[2], ""), LLVMBuildFMul(b, p[1], p[3], ""), "");
    LLVMValueRef im =
        LLVMBuildFAdd(b, LLVMBuildFMul(b, p[0], p[3], ""), LLVMBuildFMul(b, p[1], p[2], ""), "");
    if (narrow) {
        re = LLVMBuildFPTrunc(b, re, cg->f32, "");
        im = LLVMBuildFPTrunc(b, im, cg->f32, "");
    }
    return value_pair(re, im);
}

// Go defines MinInt / -1, which traps or is undefined elsewhere: a divisor that may be -1 gets a
// branch of its own.
static LLVMValueRef divide(Cg *cg, Value *v, LLVMValueRef x, LLVMValueRef y) {
    LLVMBuilderRef b = cg->b;
    bool div = v->op == SSA_DIV;
    if (!type_is_signed(v->type))
        return div ? LLVMBuildUDiv(b, x, y, "") : LLVMBuildURem(b, x, y, "");
    if (LLVMIsAConstantInt(y) && LLVMConstIntGetSExtValue(y) != -1)
        return div ? LLVMBuildSDiv(b, x, y, "") : LLVMBuildSRem(b, x, y, "");
    // x / -1 is -x, also where that overflows: as a branch, since division is slow
    LLVMTypeRef t = LLVMTypeOf(x);
    LLVMValueRef m1 = LLVMBuildICmp(b, LLVMIntEQ, y, LLVMConstAllOnes(t), ""),
                 neg = div ? LLVMBuildNeg(b, x, "") : LLVMConstNull(t);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(b),
                      real = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      join = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMSetMetadata(LLVMBuildCondBr(b, m1, join, real), cg->md_prof, cg->unlikely);
    LLVMPositionBuilderAtEnd(b, real);
    LLVMValueRef q = div ? LLVMBuildSDiv(b, x, y, "") : LLVMBuildSRem(b, x, y, "");
    LLVMBuildBr(b, join);
    LLVMPositionBuilderAtEnd(b, join);
    LLVMValueRef phi = LLVMBuildPhi(b, t, ""), in[] = {neg, q};
    LLVMBasicBlockRef from[] = {here, real};
    LLVMAddIncoming(phi, in, from, 2);
    return phi;
}

// Integers wrap, so no nsw or nuw flags; pointers are computed with as integers.
static LLVMValueRef arith(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), y = recast(cg, val(v->args[1]), LLVMTypeOf(x));
    LLVMBuilderRef b = cg->b;
    if (is_float(v->type)) {
        switch (v->op) {
        case SSA_ADD: return LLVMBuildFAdd(b, x, y, "");
        case SSA_SUB: return LLVMBuildFSub(b, x, y, "");
        case SSA_MUL: return LLVMBuildFMul(b, x, y, "");
        case SSA_DIV: return LLVMBuildFDiv(b, x, y, "");
        default: ice("float %s", ssa_op_text[v->op]);
        }
    }
    LLVMTypeRef t = LLVMTypeOf(x);
    bool pointer = t == cg->ptr; // address arithmetic of the lowering's own
    if (pointer) {
        x = recast(cg, x, cg->i64);
        y = recast(cg, y, cg->i64);
    }
    LLVMValueRef r;
    switch (v->op) {
    case SSA_ADD: r = LLVMBuildAdd(b, x, y, ""); break;
    case SSA_SUB: r = LLVMBuildSub(b, x, y, ""); break;
    case SSA_MUL: r = LLVMBuildMul(b, x, y, ""); break;
    case SSA_AND: r = LLVMBuildAnd(b, x, y, ""); break;
    case SSA_OR: r = LLVMBuildOr(b, x, y, ""); break;
    case SSA_XOR: r = LLVMBuildXor(b, x, y, ""); break;
    case SSA_ANDNOT: r = LLVMBuildAnd(b, x, LLVMBuildNot(b, y, ""), ""); break;
    default: r = divide(cg, v, x, y);
    }
    return pointer ? recast(cg, r, cg->ptr) : r;
}

// Go's shifts go on past the width, LLVM's are poison there: signed right shifts are clamped,
// others give 0 by a select, unless the count is known to be small.
static LLVMValueRef shift(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), n = val(v->args[1]);
    LLVMTypeRef t = LLVMTypeOf(x), nt = LLVMTypeOf(n);
    unsigned w = LLVMGetIntTypeWidth(t);
    bool s = type_is_signed(v->type) && v->op == SSA_SHR;
    LLVMValueRef big =
        v->bounded ? NULL : LLVMBuildICmp(cg->b, LLVMIntUGE, n, LLVMConstInt(nt, w, 0), "");
    if (big && LLVMIsAConstantInt(big) && !LLVMConstIntGetZExtValue(big)) big = NULL;
    LLVMValueRef c = LLVMBuildIntCast2(cg->b, n, t, 0, "");
    if (big && s) c = LLVMBuildSelect(cg->b, big, LLVMConstInt(t, w - 1, 0), c, "");
    LLVMValueRef r = v->op == SSA_SHL ? LLVMBuildShl(cg->b, x, c, "")
                     : s              ? LLVMBuildAShr(cg->b, x, c, "")
                                      : LLVMBuildLShr(cg->b, x, c, "");
    return big && !s ? LLVMBuildSelect(cg->b, big, LLVMConstNull(t), r, "")
                     : r; // a shift too far is poison, which select does not look at
}

// Floats compare unordered for != alone, since NaN differs from all; a complex number's parts must
// both be equal.
static LLVMValueRef compare(Cg *cg, Value *v) {
    LLVMValueRef x = val(v->args[0]), y = val(v->args[1]);
    Type *t = v->args[0]->type;
    static const LLVMRealPredicate f[] = {LLVMRealOEQ, LLVMRealUNE, LLVMRealOLT,
                                          LLVMRealOLE, LLVMRealOGT, LLVMRealOGE};
    static const LLVMIntPredicate u[] = {LLVMIntEQ,  LLVMIntNE,  LLVMIntULT,
                                         LLVMIntULE, LLVMIntUGT, LLVMIntUGE},
                                  s[] = {LLVMIntEQ,  LLVMIntNE,  LLVMIntSLT,
                                         LLVMIntSLE, LLVMIntSGT, LLVMIntSGE};
    if (type_is_complex(t)) {
        LLVMValueRef *a = vals(v->args[0]), *b = vals(v->args[1]);
        LLVMRealPredicate p = f[v->op - SSA_EQ];
        LLVMValueRef re = LLVMBuildFCmp(cg->b, p, a[0], b[0], ""),
                     im = LLVMBuildFCmp(cg->b, p, a[1], b[1], "");
        return v->op == SSA_NE ? LLVMBuildOr(cg->b, re, im, "") : LLVMBuildAnd(cg->b, re, im, "");
    }
    if (is_float(t)) return LLVMBuildFCmp(cg->b, f[v->op - SSA_EQ], x, y, "");
    if (LLVMTypeOf(x) != LLVMTypeOf(y)) y = recast(cg, y, LLVMTypeOf(x)); // pointer against uintptr
    return LLVMBuildICmp(cg->b, (type_is_signed(t) ? s : u)[v->op - SSA_EQ], x, y, "");
}

// ---- conversions --------------------------------------------------------------------------------

static LLVMValueRef cvttsd2si(Cg *cg, LLVMValueRef x, bool wide) {
    bool d = LLVMTypeOf(x) == cg->f64;
    const char *name = wide ? (d ? "llvm.x86.sse2.cvttsd2si64" : "llvm.x86.sse.cvttss2si64")
                       : d  ? "llvm.x86.sse2.cvttsd2si"
                            : "llvm.x86.sse.cvttss2si";
    LLVMValueRef v = LLVMBuildInsertElement(
        cg->b, LLVMGetPoison(LLVMVectorType(LLVMTypeOf(x), d ? 2 : 4)), x, const_int(cg, 0), "");
    return intrinsic(cg, name, NULL, 0, &v, 1);
}

// Out of range, the answer is the target's own: arm64 saturates; amd64's cvttsd2si gives the least
// integer. Smaller types truncate a wider conversion.
static LLVMValueRef float_to_int(Cg *cg, LLVMValueRef x, Type *to) {
    LLVMTypeRef t = value_type(cg, to), ft = LLVMTypeOf(x);
    unsigned w = LLVMGetIntTypeWidth(t);
    bool s = type_is_signed(to);
    if (cg->saturate) {
        LLVMTypeRef over[] = {w < 32 ? cg->i32 : t, ft};
        return LLVMBuildIntCast2(
            cg->b,
            intrinsic(cg, s || w < 32 ? "llvm.fptosi.sat" : "llvm.fptoui.sat", over, 2, &x, 1), t,
            1, "");
    }
    if (cg->arm64) {
        LLVMTypeRef over[] = {w < 32 || (w == 32 && s) ? cg->i32 : cg->i64, ft};
        LLVMValueRef r =
            intrinsic(cg, s || w < 64 ? "llvm.fptosi.sat" : "llvm.fptoui.sat", over, 2, &x, 1);
        return LLVMBuildIntCast2(cg->b, r, t, 1, "");
    }
    if (w < 32 || (w == 32 && s))
        return LLVMBuildIntCast2(cg->b, cvttsd2si(cg, x, false), t, 1, "");
    if (w == 32 || s) return LLVMBuildIntCast2(cg->b, cvttsd2si(cg, x, true), t, 1, "");
    // uint64: below 2^63 directly, else shifted down by 2^63
    LLVMValueRef limit = LLVMConstReal(ft, 9223372036854775808.0),
                 small = LLVMBuildFCmp(cg->b, LLVMRealOLT, x, limit, "");
    LLVMValueRef y = LLVMBuildSelect(cg->b, small, x, LLVMBuildFSub(cg->b, x, limit, ""), "");
    LLVMValueRef r = cvttsd2si(cg, y, true);
    return LLVMBuildSelect(cg->b, small, r,
                           LLVMBuildOr(cg->b, r, LLVMConstInt(cg->i64, 1ull << 63, 0), ""), "");
}

// Integers are extended by the sign of their own type, whatever the new one is. Floats out of an
// integer's range are gc's to define (float_to_int).
static LLVMValueRef *convert(Cg *cg, Value *v) {
    LLVMValueRef *x = vals(v->args[0]);
    Type *from = v->args[0]->type, *to = v->type;
    if (type_is_complex(to)) {
        LLVMTypeRef e = rep_of(cg, to)->leaves[0].type;
        return value_pair(LLVMBuildFPCast(cg->b, x[0], e, ""), LLVMBuildFPCast(cg->b, x[1], e, ""));
    }
    LLVMTypeRef t = value_type(cg, to);
    if (is_float(from))
        return value_array(is_float(to) ? LLVMBuildFPCast(cg->b, x[0], t, "")
                                        : float_to_int(cg, x[0], to));
    if (is_float(to))
        return value_array(type_is_signed(from) ? LLVMBuildSIToFP(cg->b, x[0], t, "")
                                                : LLVMBuildUIToFP(cg->b, x[0], t, ""));
    if (LLVMTypeOf(x[0]) == cg->ptr || t == cg->ptr) return value_array(recast(cg, x[0], t));
    return value_array(LLVMBuildIntCast2(cg->b, x[0], t, type_is_signed(from), ""));
}

// False: none of these operations; the caller looks on.
bool emit_arithmetic(Cg *cg, Value *v) {
    switch (v->op) {
    case SSA_ADD:
    case SSA_SUB:
    case SSA_MUL:
    case SSA_DIV:
    case SSA_REM:
    case SSA_AND:
    case SSA_OR:
    case SSA_XOR:
    case SSA_ANDNOT:
        set_value(v, type_is_complex(v->type) ? complex_arith(cg, v) : value_array(arith(cg, v)));
        return true;
    case SSA_NEG:
        if (type_is_complex(v->type))
            set_value(v, complex_arith(cg, v));
        else
            set_scalar(v, is_float(v->type) ? LLVMBuildFNeg(cg->b, val(v->args[0]), "")
                                            : LLVMBuildNeg(cg->b, val(v->args[0]), ""));
        return true;
    case SSA_COM:
    case SSA_NOT: set_scalar(v, LLVMBuildNot(cg->b, val(v->args[0]), "")); return true;
    case SSA_SHL:
    case SSA_SHR: set_scalar(v, shift(cg, v)); return true;
    case SSA_EQ:
    case SSA_NE:
    case SSA_LT:
    case SSA_LE:
    case SSA_GT:
    case SSA_GE: set_scalar(v, compare(cg, v)); return true;
    case SSA_CONV: set_value(v, convert(cg, v)); return true;
    case SSA_BITCAST:
        set_scalar(v, recast(cg, val(v->args[0]), value_type(cg, v->type)));
        return true;
    default: return false;
    }
}

// ---- machine operations -------------------------------------------------------------------------

static LLVMValueRef wide(Cg *cg, LLVMValueRef v) { return LLVMBuildZExt(cg->b, v, cg->i128, ""); }
static LLVMValueRef low(Cg *cg, LLVMValueRef v) { return LLVMBuildTrunc(cg->b, v, cg->i64, ""); }
static LLVMValueRef high(Cg *cg, LLVMValueRef v) {
    return low(cg, LLVMBuildLShr(cg->b, v, LLVMConstInt(cg->i128, 64, 0), ""));
}

// Two results; their Go types may be any 64-bit integers.
static void set_pair(Value *v, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef **parts = NEW_ARRAY(LLVMValueRef *, 2);
    parts[0] = value_array(a);
    parts[1] = value_array(b);
    set_tuple(v, parts);
}

// Sum or difference with carry, in the form that LLVM turns into adc and sbb.
static void with_carry(Cg *cg, Value *v, LLVMValueRef x, LLVMValueRef y, LLVMValueRef carry,
                       const char *op) {
    LLVMValueRef a[] = {x, y}, r = intrinsic(cg, op, &cg->i64, 1, a, 2);
    LLVMValueRef b[] = {LLVMBuildExtractValue(cg->b, r, 0, ""),
                        LLVMBuildAnd(cg->b, carry, const_int(cg, 1), "")};
    LLVMValueRef q = intrinsic(cg, op, &cg->i64, 1, b, 2);
    LLVMValueRef c = LLVMBuildOr(cg->b, LLVMBuildExtractValue(cg->b, r, 1, ""),
                                 LLVMBuildExtractValue(cg->b, q, 1, ""), "");
    set_pair(v, LLVMBuildExtractValue(cg->b, q, 0, ""), LLVMBuildZExt(cg->b, c, cg->i64, ""));
}

static LLVMValueRef inline_asm(Cg *cg, LLVMTypeRef result, const char *text, const char *operands,
                               bool effects, LLVMValueRef *args, unsigned n) {
    LLVMTypeRef types[3];
    for (unsigned i = 0; i < n; i++) types[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef fn = LLVMFunctionType(result, types, n, 0);
    LLVMValueRef code = LLVMGetInlineAsm(fn, text, strlen(text), operands, strlen(operands),
                                         effects, 0, LLVMInlineAsmDialectATT, 0);
    return LLVMBuildCall2(cg->b, fn, code, args, n, "");
}

void keep_alive(Cg *cg, LLVMValueRef p) {
    inline_asm(cg, cg->voidt, "", "r,~{memory}", true, &p, 1);
}

static void keep_all_alive(Cg *cg, Value *v) {
    Rep *r = rep_of(cg, v->args[0]->type);
    for (uint32_t i = 0; i < (r->large ? 1 : r->n); i++)
        if (LLVMTypeOf(vals(v->args[0])[i]) == cg->ptr) keep_alive(cg, vals(v->args[0])[i]);
}

// Instructions of amd64's that processors have from some level on. Below it the runtime knows.
// Operands that are tied to the result save the processor a wait for that register's old value.
static const struct Featured {
    const char *has; // a byte of the runtime's
    int level;
    const char *text, *operands;
} sse41_floor = {"runtime.x86HasSSE41", 2, "roundsd $$9, $0, $0", "=x,0"},
  sse41_ceil = {"runtime.x86HasSSE41", 2, "roundsd $$10, $0, $0", "=x,0"},
  sse41_trunc = {"runtime.x86HasSSE41", 2, "roundsd $$11, $0, $0", "=x,0"},
  sse41_roundeven = {"runtime.x86HasSSE41", 2, "roundsd $$8, $0, $0", "=x,0"},
  fma3 = {"runtime.x86HasFMA", 3, "vfmadd231sd $2, $1, $0", "=x,x,x,0"},
  popcntl = {"runtime.x86HasPOPCNT", 2, "popcntl $0, $0", "=r,0,~{flags}"},
  popcntq = {"runtime.x86HasPOPCNT", 2, "popcntq $0, $0", "=r,0,~{flags}"};

// LLVM's intrinsic, which a function uses an instruction for only where all of it may; hence a
// branch around inline assembly. Of constants LLVM knows the intrinsic's result, and they may show
// only once it has inlined.
static LLVMValueRef featured(Cg *cg, const struct Featured *f, const char *name, LLVMValueRef *a,
                             unsigned n) {
    LLVMTypeRef t = LLVMTypeOf(a[0]);
    LLVMBuilderRef b = cg->b;
    bool constant = true;
    for (unsigned i = 0; i < n; i++) constant &= LLVMIsConstant(a[i]);
    if (cg->arm64 || cg->amd64_level >= f->level || constant)
        return intrinsic(cg, name, &t, 1, a, n);
    LLVMValueRef has = LLVMBuildLoad2(b, cg->i8, symbol_global(cg, f->has, cg->i8), "");
    LLVMSetMetadata(has, cg->md_invariant, cg->empty_md);
    LLVMSetMetadata(has, cg->md_range, cg->bool_range);
    has = LLVMBuildTrunc(b, has, cg->i1, "");
    LLVMValueRef known = NULL;
    for (unsigned i = 0; cg->opt->opt && i < n; i++) {
        LLVMValueRef k = intrinsic(cg, "llvm.is.constant", &t, 1, &a[i], 1);
        known = known ? LLVMBuildAnd(b, known, k, "") : k;
    }
    if (known) has = LLVMBuildAnd(b, has, LLVMBuildNot(b, known, ""), "");
    LLVMBasicBlockRef with = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      without = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      join = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMSetMetadata(LLVMBuildCondBr(b, has, with, without), cg->md_prof, cg->likely);
    LLVMPositionBuilderAtEnd(b, with);
    LLVMValueRef in[2] = {inline_asm(cg, t, f->text, f->operands, false, a, n)};
    LLVMAddCallSiteAttribute(in[0], FUNCTION, cg->a_memory_none);
    LLVMAddCallSiteAttribute(in[0], FUNCTION, cg->a_nounwind);
    LLVMAddCallSiteAttribute(in[0], FUNCTION, cg->a_willreturn);
    LLVMBuildBr(b, join);
    LLVMPositionBuilderAtEnd(b, without);
    in[1] = intrinsic(cg, name, &t, 1, a, n);
    LLVMBuildBr(b, join);
    LLVMPositionBuilderAtEnd(b, join);
    LLVMValueRef phi = LLVMBuildPhi(b, t, "");
    LLVMAddIncoming(phi, in, (LLVMBasicBlockRef[]){with, without}, 2);
    return phi;
}

static LLVMValueRef float_op(Cg *cg, const char *name, Value *v, unsigned n) {
    LLVMValueRef a[3];
    for (unsigned i = 0; i < n; i++) a[i] = val(v->args[i]);
    LLVMTypeRef t = LLVMTypeOf(a[0]);
    return intrinsic(cg, name, &t, 1, a, n);
}

// amd64's minsd and maxsd give the second operand where both are zeros or one is NaN: done both
// ways round, the two results differ in those cases alone, and bits decide: of zeros -0 is the
// less, of NaN and a number all ones are NaN. That is a shorter chain than LLVM makes of
// llvm.maximum, whose branch on the sign is for such zeros.
static LLVMValueRef extremum(Cg *cg, LLVMValueRef x, LLVMValueRef y, bool max) {
    LLVMBuilderRef b = cg->b;
    LLVMTypeRef t = LLVMTypeOf(x), bits = t == cg->f64 ? cg->i64 : cg->i32;
    if (cg->arm64) {
        LLVMValueRef a[] = {x, y};
        return intrinsic(cg, max ? "llvm.maximum" : "llvm.minimum", &t, 1, a, 2);
    }
    LLVMRealPredicate p = max ? LLVMRealOGT : LLVMRealOLT;
    LLVMValueRef m = LLVMBuildSelect(b, LLVMBuildFCmp(b, p, x, y, ""), x, y, ""),
                 n = LLVMBuildSelect(b, LLVMBuildFCmp(b, p, y, x, ""), y, x, "");
    m = LLVMBuildBitCast(b, m, bits, "");
    n = LLVMBuildBitCast(b, n, bits, "");
    LLVMValueRef r = max ? LLVMBuildAnd(b, m, n, "") : LLVMBuildOr(b, m, n, "");
    if (max) {
        LLVMValueRef nan = LLVMBuildFCmp(b, LLVMRealUNO, x, y, "");
        r = LLVMBuildOr(b, r, LLVMBuildSExt(b, nan, bits, ""), "");
    }
    return LLVMBuildBitCast(b, r, t, "");
}

// Package math's: of infinity and NaN infinity wins, else its own NaN is the result; on a branch
// that is seldom taken.
static LLVMValueRef math_extremum(Cg *cg, LLVMValueRef x, LLVMValueRef y, bool max) {
    LLVMBuilderRef b = cg->b;
    LLVMTypeRef t = LLVMTypeOf(x);
    LLVMValueRef r = extremum(cg, x, y, max), inf = LLVMConstReal(t, max ? INFINITY : -INFINITY),
                 nan = LLVMBuildFCmp(b, LLVMRealUNO, x, y, "");
    LLVMValueRef go_nan = LLVMConstBitCast(LLVMConstInt(cg->i64, 0x7FF8000000000001, 0), t);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(b),
                      rare = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      join = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMSetMetadata(LLVMBuildCondBr(b, nan, rare, join), cg->md_prof, cg->unlikely);
    LLVMPositionBuilderAtEnd(b, rare);
    LLVMValueRef any = LLVMBuildOr(b, LLVMBuildFCmp(b, LLVMRealOEQ, x, inf, ""),
                                   LLVMBuildFCmp(b, LLVMRealOEQ, y, inf, ""), "");
    LLVMValueRef in[] = {r, LLVMBuildSelect(b, any, inf, go_nan, "")};
    LLVMBuildBr(b, join);
    LLVMPositionBuilderAtEnd(b, join);
    LLVMValueRef phi = LLVMBuildPhi(b, t, "");
    LLVMAddIncoming(phi, in, (LLVMBasicBlockRef[]){here, rare}, 2);
    return phi;
}

static LLVMValueRef rmw(Cg *cg, LLVMAtomicRMWBinOp op, LLVMValueRef p, LLVMValueRef x) {
    return LLVMBuildAtomicRMW(cg->b, op, recast(cg, p, cg->ptr), x,
                              LLVMAtomicOrderingSequentiallyConsistent, 0);
}

// All are sequentially consistent, as sync/atomic is. Bools travel as bytes.
static bool emit_atomic(Cg *cg, Value *v) {
    LLVMAtomicOrdering seq = LLVMAtomicOrderingSequentiallyConsistent;
    LLVMValueRef p = v->nargs ? val(v->args[0]) : NULL, x = v->nargs > 1 ? val(v->args[1]) : NULL,
                 r;
    if (p) p = recast(cg, p, cg->ptr);
    LLVMTypeRef xt = x ? LLVMTypeOf(x) : NULL;
    if (x && xt == cg->i1) x = recast(cg, x, cg->i8);
    switch (v->op) {
    case SSA_ATOMICLOAD: {
        Rep *rep = rep_of(cg, v->type);
        r = LLVMBuildLoad2(cg->b, rep->leaves[0].type, p, "");
        LLVMSetOrdering(r, seq);
        LLVMSetAlignment(r, (unsigned)rep->size);
        set_scalar(v, recast(cg, r, value_type(cg, v->type)));
        return true;
    }
    case SSA_ATOMICSTORE:
        r = LLVMBuildStore(cg->b, x, p);
        LLVMSetOrdering(r, seq);
        LLVMSetAlignment(r, (unsigned)type_size(v->args[1]->type));
        return true;
    case SSA_ATOMICXCHG: r = rmw(cg, LLVMAtomicRMWBinOpXchg, p, x); break;
    case SSA_ATOMICADD: r = LLVMBuildAdd(cg->b, rmw(cg, LLVMAtomicRMWBinOpAdd, p, x), x, ""); break;
    case SSA_ATOMICAND: r = rmw(cg, LLVMAtomicRMWBinOpAnd, p, x); break;
    case SSA_ATOMICOR: r = rmw(cg, LLVMAtomicRMWBinOpOr, p, x); break;
    case SSA_ATOMICCAS: {
        LLVMValueRef y = val(v->args[2]);
        y = recast(cg, y, LLVMTypeOf(x));
        set_scalar(v, LLVMBuildExtractValue(
                          cg->b, LLVMBuildAtomicCmpXchg(cg->b, p, x, y, seq, seq, 0), 1, ""));
        return true;
    }
    case SSA_FENCE: LLVMBuildFence(cg->b, seq, 0, ""); return true;
    default: return false;
    }
    if (v->type) set_scalar(v, recast(cg, r, value_type(cg, v->type)));
    return true;
}

// Operations that are one instruction or nearly so, mostly LLVM's intrinsics.
bool emit_machine(Cg *cg, Value *v) {
    LLVMValueRef a[4] = {0};
    for (uint32_t i = 0; i < v->nargs && i < 4; i++)
        a[i] = v->args[i]->lowered ? val(v->args[i]) : NULL;
    LLVMTypeRef at = v->nargs ? LLVMTypeOf(a[0]) : NULL;
    LLVMValueRef r;
    switch (v->op) {
    case SSA_SQRT: r = float_op(cg, "llvm.sqrt", v, 1); break;
    case SSA_FMA: r = featured(cg, &fma3, "llvm.fma", a, 3); break;
    case SSA_FLOOR: r = featured(cg, &sse41_floor, "llvm.floor", a, 1); break;
    case SSA_CEIL: r = featured(cg, &sse41_ceil, "llvm.ceil", a, 1); break;
    case SSA_TRUNC: r = featured(cg, &sse41_trunc, "llvm.trunc", a, 1); break;
    case SSA_ROUNDEVEN: r = featured(cg, &sse41_roundeven, "llvm.roundeven", a, 1); break;
    case SSA_ABS: r = float_op(cg, "llvm.fabs", v, 1); break;
    case SSA_FMIN:
    case SSA_FMAX: r = extremum(cg, a[0], a[1], v->op == SSA_FMAX); break;
    case SSA_MATHMIN:
    case SSA_MATHMAX: r = math_extremum(cg, a[0], a[1], v->op == SSA_MATHMAX); break;
    case SSA_COPYSIGN: r = float_op(cg, "llvm.copysign", v, 2); break;
    case SSA_CTZ:
    case SSA_BITLEN: {
        LLVMValueRef args[] = {a[0], LLVMConstInt(cg->i1, 0, 0)};
        r = intrinsic(cg, v->op == SSA_CTZ ? "llvm.cttz" : "llvm.ctlz", &at, 1, args, 2);
        if (v->op == SSA_BITLEN)
            r = LLVMBuildSub(cg->b, LLVMConstInt(at, LLVMGetIntTypeWidth(at), 0), r, "");
        r = LLVMBuildIntCast2(cg->b, r, value_type(cg, v->type), 0, "");
        break;
    }
    case SSA_POPCOUNT: {
        LLVMTypeRef wider = LLVMGetIntTypeWidth(at) < 32 ? cg->i32 : at;
        LLVMValueRef x = LLVMBuildZExt(cg->b, a[0], wider, "");
        r = LLVMBuildIntCast2(
            cg->b, featured(cg, wider == cg->i64 ? &popcntq : &popcntl, "llvm.ctpop", &x, 1),
            value_type(cg, v->type), 0, "");
        break;
    }
    case SSA_BSWAP:
        if (at == cg->i8)
            r = a[0];
        else
            r = intrinsic(cg, "llvm.bswap", &at, 1, a, 1);
        break;
    case SSA_BITREV: r = intrinsic(cg, "llvm.bitreverse", &at, 1, a, 1); break;
    case SSA_ROTL: {
        LLVMValueRef args[] = {a[0], a[0], LLVMBuildIntCast2(cg->b, a[1], at, 0, "")};
        r = intrinsic(cg, "llvm.fshl", &at, 1, args, 3);
        break;
    }
    case SSA_MUL64: {
        LLVMValueRef m = LLVMBuildMul(cg->b, wide(cg, a[0]), wide(cg, a[1]), "");
        set_pair(v, high(cg, m), low(cg, m));
        return true;
    }
    case SSA_ADD64: with_carry(cg, v, a[0], a[1], a[2], "llvm.uadd.with.overflow"); return true;
    case SSA_SUB64: with_carry(cg, v, a[0], a[1], a[2], "llvm.usub.with.overflow"); return true;
    case SSA_DIV64: { // LLVM would divide 128 bits by a call
        LLVMTypeRef words[] = {cg->i64, cg->i64},
                    pair = LLVMStructTypeInContext(cg->ctx, words, 2, 0);
        LLVMValueRef q =
            inline_asm(cg, pair, "divq $4", "={ax},={dx},{dx},{ax},r,~{cc}", false, a, 3);
        set_pair(v, LLVMBuildExtractValue(cg->b, q, 0, ""), LLVMBuildExtractValue(cg->b, q, 1, ""));
        return true;
    }
    case SSA_GETG: { // LLVM's own way to thread-locals would keep the thread's base across calls
        static const char *const texts[2][2] = {
            {"movq %fs:vole_tls_g@tpoff, $0",
             "mrs $0, tpidr_el0\n\tadd $0, $0, #:tprel_hi12:vole_tls_g, lsl #12\n\tldr $0, [$0, "
             "#:tprel_lo12_nc:vole_tls_g]"},
            {"movq vole_tls_g@gottpoff(%rip), $0\n\tmovq %fs:($0), $0",
             "adrp $0, :gottprel:vole_tls_g\n\tldr $0, [$0, #:gottprel_lo12:vole_tls_g]\n\tmrs "
             "x16, tpidr_el0\n\tldr $0, [$0, x16]"}};
        bool pic = cg->opt->pic;
        r = recast(cg,
                   inline_asm(cg, cg->ptr, texts[pic][cg->arm64],
                              pic && cg->arm64 ? "=r,~{x16}" : "=r", false, NULL, 0),
                   value_type(cg, v->type));
        break;
    }
    case SSA_CALLERPC: {
        LLVMValueRef level = LLVMConstInt(cg->i32, 0, 0);
        r = recast(cg, intrinsic(cg, "llvm.returnaddress", NULL, 0, &level, 1),
                   value_type(cg, v->type));
        break;
    }
    case SSA_CALLERSP:
    case SSA_FRAMEADDR: { // frames are linked: the caller's stack pointer lies above the saved frame pointer and return address
        LLVMValueRef level =
                         LLVMConstInt(cg->i32, v->op == SSA_FRAMEADDR ? (unsigned)v->level : 0, 0),
                     two = const_int(cg, 16);
        // There the frame record may lie below other saved registers.
        bool entry = cg->arm64 && v->op == SSA_CALLERSP;
        r = entry ? intrinsic(cg, "llvm.sponentry", &cg->ptr, 1, NULL, 0)
                  : intrinsic(cg, "llvm.frameaddress", &cg->ptr, 1, &level, 1);
        if (v->op == SSA_CALLERSP && !entry) r = LLVMBuildGEP2(cg->b, cg->i8, r, &two, 1, "");
        r = recast(cg, r, value_type(cg, v->type));
        break;
    }
    case SSA_KEEPALIVE: keep_all_alive(cg, v); return true;
    case SSA_PREFETCH: {
        LLVMValueRef args[] = {recast(cg, a[0], cg->ptr), LLVMConstInt(cg->i32, 0, 0),
                               LLVMConstInt(cg->i32, 3, 0), LLVMConstInt(cg->i32, 1, 0)};
        intrinsic(cg, "llvm.prefetch", &cg->ptr, 1, args, 4);
        return true;
    }
    case SSA_PAUSE:
        inline_asm(cg, cg->voidt, cg->arm64 ? "yield" : "pause", "", true, NULL, 0);
        return true;
    default: return emit_atomic(cg, v);
    }
    set_scalar(v, r);
    return true;
}
