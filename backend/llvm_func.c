// llvm_func: one SSA function to one LLVM function: slots, blocks, memory, calls and checks.
// llvm_ops.c has the operations on scalars.
#include "backend/llvm.h"

static LLVMValueRef temp_alloca(Cg *cg, LLVMTypeRef t, uint32_t align) {
    LLVMBasicBlockRef at = LLVMGetInsertBlock(cg->b);
    LLVMPositionBuilderBefore(cg->b, cg->alloca_point);
    LLVMValueRef a = LLVMBuildAlloca(cg->b, t, "");
    LLVMSetAlignment(a, align > 8 ? align : 8);
    LLVMPositionBuilderAtEnd(cg->b, at);
    LLVMSetCurrentDebugLocation2(cg->b, cg->loc);
    return a;
}

// ---- memory -------------------------------------------------------------------------------------

static LLVMValueRef at_offset(Cg *cg, LLVMValueRef p, uint64_t off) {
    if (!off) return p;
    LLVMValueRef o = const_int(cg, (int64_t)off);
    return LLVMBuildInBoundsGEP2(cg->b, cg->i8, p, &o, 1, "");
}

static uint32_t leaf_align(uint32_t align, uint32_t off) { // what alignment remains at an offset
    while (off & (align - 1)) align >>= 1;
    return align;
}

static LLVMValueRef load_leaf(Cg *cg, const Leaf *l, LLVMValueRef p, uint32_t align,
                              bool is_volatile) {
    LLVMValueRef v = LLVMBuildLoad2(cg->b, l->type, at_offset(cg, p, l->offset), "");
    LLVMSetAlignment(v, leaf_align(align, l->offset));
    if (is_volatile) LLVMSetVolatile(v, 1);
    if (!l->is_bool) return v;
    if (!is_volatile && cg->opt->opt) LLVMSetMetadata(v, cg->md_range, cg->bool_range);
    return LLVMBuildTrunc(cg->b, v, cg->i1, "");
}

static LLVMValueRef *load(Cg *cg, Rep *r, LLVMValueRef p, bool is_volatile) {
    LLVMValueRef *v = NEW_ARRAY(LLVMValueRef, r->n + 1);
    for (uint32_t i = 0; i < r->n; i++)
        v[i] = load_leaf(cg, &r->leaves[i], p, r->align, is_volatile);
    return v;
}

static void store(Cg *cg, Rep *r, LLVMValueRef *v, LLVMValueRef p, bool is_volatile) {
    for (uint32_t i = 0; i < r->n; i++) {
        Leaf *l = &r->leaves[i];
        LLVMValueRef x = l->is_bool ? LLVMBuildZExt(cg->b, v[i], cg->i8, "") : v[i];
        LLVMValueRef s = LLVMBuildStore(cg->b, x, at_offset(cg, p, l->offset));
        LLVMSetAlignment(s, leaf_align(r->align, l->offset));
        if (is_volatile) LLVMSetVolatile(s, 1);
    }
}

static LLVMValueRef copy_memory(Cg *cg, Rep *r, LLVMValueRef dst, LLVMValueRef src, bool overlap) {
    if (!r->size) return NULL;
    LLVMValueRef n = const_int(cg, (int64_t)r->size);
    if (overlap) return LLVMBuildMemMove(cg->b, dst, r->align, src, r->align, n);
    return LLVMBuildMemCpy(cg->b, dst, r->align, src, r->align, n);
}

static LLVMValueRef large_copy(Cg *cg, Rep *r, LLVMValueRef p) {
    LLVMValueRef a = temp_alloca(cg, r->mem, r->align);
    copy_memory(cg, r, a, p, false);
    return a;
}

// Writes a value, large or not, to memory of our own.
static void put_value(Cg *cg, Rep *r, LLVMValueRef *v, LLVMValueRef p) {
    if (r->large)
        copy_memory(cg, r, p, v[0], false);
    else
        store(cg, r, v, p, false);
}

static LLVMValueRef *get_value(Cg *cg, Rep *r, LLVMValueRef p) {
    return r->large ? value_array(p) : load(cg, r, p, false);
}

static LLVMValueRef clear_memory(Cg *cg, LLVMValueRef p, LLVMValueRef n, uint32_t align) {
    return LLVMBuildMemSet(cg->b, p, LLVMConstInt(cg->i8, 0, 0), n, align);
}

// The values as they travel in calls: bools as bytes.
static void flatten(Cg *cg, Rep *r, LLVMValueRef *v, LLVMValueRef *out, uint32_t *n) {
    for (uint32_t i = 0; i < r->n; i++)
        out[(*n)++] = r->leaves[i].is_bool ? LLVMBuildZExt(cg->b, v[i], cg->i8, "") : v[i];
}
static LLVMValueRef *unflatten(Cg *cg, Rep *r, LLVMValueRef *in) {
    LLVMValueRef *v = NEW_ARRAY(LLVMValueRef, r->n + 1);
    for (uint32_t i = 0; i < r->n; i++)
        v[i] = r->leaves[i].is_bool ? LLVMBuildTrunc(cg->b, in[i], cg->i1, "") : in[i];
    return v;
}

// ---- calls of the runtime -----------------------------------------------------------------------

static uint32_t letters(Cg *cg, const char *s, LLVMTypeRef *out) {
    uint32_t n = 0;
    for (; *s; s++) {
        const Rep *r = rep_of(cg, rt_letter_type(*s));
        for (uint32_t i = 0; i < r->n; i++) out[n++] = r->leaves[i].type;
    }
    return n;
}

static LLVMTypeRef rt_type(Cg *cg, RtFunc rt) {
    if (cg->rt_types[rt]) return cg->rt_types[rt];
    LLVMTypeRef p[32], r[16]; // no row of runtime.def has as many
    uint32_t n = letters(cg, rt_info[rt].args, p), m = letters(cg, rt_info[rt].result, r);
    LLVMTypeRef ret = m == 0   ? cg->voidt
                      : m == 1 ? r[0]
                               : LLVMStructTypeInContext(cg->ctx, r, m, 0);
    return cg->rt_types[rt] = LLVMFunctionType(ret, p, n, 0);
}

static bool allocates_without_panic(RtFunc rt) {
    return (rt_info[rt].flags & (RT_FRESH | RT_PANICS)) == RT_FRESH;
}

// Declares a runtime function with what its row in runtime.def says of it, which LLVM optimises
// by.
static LLVMValueRef rt_func(Cg *cg, RtFunc rt) {
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, rt_info[rt].symbol);
    LLVMTypeRef fn = rt_type(cg, rt);
    if (f) return f;
    f = declare_symbol_func(cg, rt_info[rt].symbol, fn);
    unsigned flags = rt_info[rt].flags, n = LLVMCountParamTypes(fn);
    LLVMTypeRef p[32];
    LLVMGetParamTypes(fn, p);
    for (unsigned i = 0; i < n; i++)
        if (p[i] == cg->i8) LLVMAddAttributeAtIndex(f, i + 1, cg->a_zeroext);
    if (LLVMGetReturnType(fn) == cg->i8) LLVMAddAttributeAtIndex(f, 0, cg->a_zeroext);
    LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_nounwind);
    if (flags & RT_NORETURN) LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_noreturn);
    if (flags & RT_COLD) LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_cold);
    if ((flags & (RT_PURE | RT_PANICS)) == RT_PURE) {
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_memory_read);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_willreturn);
    }
    if (flags & RT_FRESH) LLVMAddAttributeAtIndex(f, 0, cg->a_noalias);
    if (allocates_without_panic(rt)) {
        LLVMAddAttributeAtIndex(f, 0, cg->a_nonnull);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_memory_alloc);
        LLVMAddAttributeAtIndex(f, FUNCTION,
                                flags & RT_ZEROED ? cg->a_allockind_zeroed : cg->a_allockind);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_family);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_willreturn);
    }
    return f;
}

static LLVMValueRef call_rt(Cg *cg, RtFunc rt, LLVMValueRef *args, uint32_t n) {
    LLVMTypeRef fn = rt_type(cg, rt), p[32];
    LLVMGetParamTypes(fn, p);
    if (LLVMCountParamTypes(fn) != n)
        ice("%s: %u arguments for %u", rt_info[rt].symbol, n, LLVMCountParamTypes(fn));
    for (uint32_t i = 0; i < n; i++) args[i] = recast(cg, args[i], p[i]);
    LLVMValueRef c = LLVMBuildCall2(cg->b, fn, rt_func(cg, rt), args, n, "");
    LLVMSetInstructionCallConv(c, SWIFTCC);
    for (uint32_t i = 0; i < n; i++)
        if (p[i] == cg->i8) LLVMAddCallSiteAttribute(c, i + 1, cg->a_zeroext);
    if (LLVMGetReturnType(fn) == cg->i8) LLVMAddCallSiteAttribute(c, 0, cg->a_zeroext);
    if (rt_info[rt].flags & RT_NORETURN) LLVMAddCallSiteAttribute(c, FUNCTION, cg->a_nomerge);
    return c;
}

static LLVMValueRef *rt_result(Cg *cg, Rep *r, LLVMValueRef call, uint32_t *at) {
    LLVMTypeRef t = LLVMTypeOf(call);
    bool several = LLVMGetTypeKind(t) == LLVMStructTypeKind;
    LLVMValueRef *v = NEW_ARRAY(LLVMValueRef, r->n + 1);
    for (uint32_t i = 0; i < r->n; i++) {
        LLVMValueRef x = several ? LLVMBuildExtractValue(cg->b, call, (*at)++, "") : call;
        v[i] = recast(cg, x, r->leaves[i].is_bool ? cg->i1 : r->leaves[i].type);
    }
    return v;
}

// libc is not called for no bytes: its functions load under masks, which takes hundreds of cycles
// where the pointer is nil. What follows is skipped for a length of 0, up to end_skip(the block
// that this gives; NULL: the length is a constant).
static LLVMBasicBlockRef skip_empty(Cg *cg, LLVMValueRef length) {
    if (LLVMIsAConstantInt(length)) return NULL;
    LLVMBasicBlockRef some = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      after = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMBuildCondBr(cg->b,
                    LLVMBuildICmp(cg->b, LLVMIntEQ, length, LLVMConstNull(LLVMTypeOf(length)), ""),
                    after, some);
    LLVMPositionBuilderAtEnd(cg->b, some);
    return after;
}

static void end_skip(Cg *cg, LLVMBasicBlockRef after) {
    if (!after) return;
    LLVMBuildBr(cg->b, after);
    LLVMPositionBuilderAtEnd(cg->b, after);
}

// Comparisons of memory become bcmp, which LLVM knows; all others are calls by the row's types.
static void emit_call_rt(Cg *cg, Value *v) {
    LLVMValueRef s[64];
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->nargs; i++) {
        Rep *r = rep_of(cg, v->args[i]->type);
        if (r->large) ice("%s: large argument", rt_info[v->rt].symbol);
        flatten(cg, r, vals(v->args[i]), s, &n);
    }
    if (v->rt == RT_memequal) { // LLVM knows bcmp: expands it for small constant sizes
        LLVMTypeRef p[] = {cg->ptr, cg->ptr, cg->i64}, fn = LLVMFunctionType(cg->i32, p, 3, 0);
        LLVMValueRef f = LLVMGetNamedFunction(cg->mod, "bcmp");
        if (!f) {
            f = LLVMAddFunction(cg->mod, "bcmp", fn);
            LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_memory_read);
            LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_willreturn);
            LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_nounwind);
        }
        for (uint32_t i = 0; i < n; i++) s[i] = recast(cg, s[i], p[i]);
        LLVMBasicBlockRef before = LLVMGetInsertBlock(cg->b), after = skip_empty(cg, s[2]);
        LLVMValueRef c = LLVMBuildCall2(cg->b, fn, f, s, 3, ""),
                     equal = LLVMBuildICmp(cg->b, LLVMIntEQ, c, LLVMConstNull(cg->i32), "");
        if (after) {
            LLVMValueRef values[] = {LLVMConstInt(cg->i1, 1, 0), equal};
            LLVMBasicBlockRef blocks[] = {before, LLVMGetInsertBlock(cg->b)};
            end_skip(cg, after);
            equal = LLVMBuildPhi(cg->b, cg->i1, "");
            LLVMAddIncoming(equal, values, blocks, 2);
        }
        set_scalar(v, equal);
        return;
    }
    LLVMValueRef c = call_rt(cg, v->rt, s, n);
    if (v->rt == RT_newobject && v->args[0]->op == SSA_TYPEADDR && type_size(v->args[0]->t) > 0) {
        static const char name[] = "dereferenceable";
        unsigned kind = LLVMGetEnumAttributeKindForName(name, sizeof name - 1);
        LLVMAddCallSiteAttribute(
            c, 0, LLVMCreateEnumAttribute(cg->ctx, kind, (uint64_t)type_size(v->args[0]->t)));
    }
    if (!v->type || !rt_info[v->rt].result[0]) return;
    uint32_t at = 0;
    if (v->type->kind == T_TUPLE) {
        uint32_t k = v->type->tuple.vars.len;
        LLVMValueRef **parts = NEW_ARRAY(LLVMValueRef *, k + 1);
        for (uint32_t i = 0; i < k; i++)
            parts[i] = rt_result(cg, rep_of(cg, v->type->tuple.vars.data[i]->type), c, &at);
        set_tuple(v, parts);
    } else
        set_value(v, rt_result(cg, rep_of(cg, v->type), c, &at));
}

// ---- calls of Go functions ----------------------------------------------------------------------

// A tuple: one array per result, its parts taken by SELECTN.
static void set_results(Cg *cg, Value *v, Abi *a, LLVMValueRef call, LLVMValueRef mem) {
    if (!v->type || !a->nresults) return;
    LLVMValueRef **parts = NEW_ARRAY(LLVMValueRef *, a->nresults + 1);
    uint32_t at = 0;
    for (uint32_t i = 0; i < a->nresults; i++) {
        Rep *r = a->results[i];
        if (a->sret_size) {
            parts[i] = get_value(cg, r, at_offset(cg, mem, a->result_at[i]));
            continue;
        }
        LLVMValueRef s[MAX_LEAVES + 1];
        for (uint32_t k = 0; k < r->n; k++, at++)
            s[k] = a->nscalars == 1 ? call : LLVMBuildExtractValue(cg->b, call, at, "");
        parts[i] = unflatten(cg, r, s);
        if (r->large) { // fits the results' registers, yet not a parameter's
            LLVMValueRef m = temp_alloca(cg, r->mem, r->align);
            store(cg, r, parts[i], m, false);
            parts[i] = value_array(m);
        }
    }
    if (v->type->kind == T_TUPLE)
        set_tuple(v, parts);
    else
        set_value(v, parts[0]);
}

// Arguments in the order of runtime/abi.h: hidden result, receiver word, parameters (large ones by
// address), closure context.
static void emit_call(Cg *cg, Value *v, Abi *a, LLVMValueRef code, LLVMValueRef ctx,
                      LLVMValueRef recv, Value **args, uint32_t nargs) {
    if (nargs != a->nparams) ice("%u arguments for %u parameters", nargs, a->nparams);
    LLVMValueRef *av = NEW_ARRAY(LLVMValueRef, nargs * ABI_MAX_PARAM_SCALARS + 4), mem = NULL;
    uint32_t n = 0;
    if (a->sret_size) av[n++] = mem = temp_alloca(cg, a->sret, a->sret_align);
    if (recv) av[n++] = recv;
    for (uint32_t i = 0; i < nargs; i++) {
        if (a->params[i]->large)
            av[n++] = val(args[i]); // values in memory are never changed
        else if (a->params[i]->n)
            flatten(cg, a->params[i], vals(args[i]), av, &n);
    }
    if (ctx) av[n++] = ctx;
    LLVMValueRef c = LLVMBuildCall2(cg->b, a->fn, code, av, n, "");
    LLVMSetInstructionCallConv(c, SWIFTCC);
    abi_attributes(cg, a, c, true);
    LLVMAddCallSiteAttribute(c, FUNCTION, cg->a_nounwind);
    LLVMAddCallSiteAttribute(c, FUNCTION, cg->a_nomerge); // two calls made one have no line
    set_results(cg, v, a, c, mem);
}

// ---- checks -------------------------------------------------------------------------------------

static LLVMValueRef branch(Cg *cg, LLVMValueRef bad, LLVMBasicBlockRef cold) {
    LLVMBasicBlockRef ok = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMValueRef br = LLVMBuildCondBr(cg->b, bad, cold, ok);
    LLVMSetMetadata(br, cg->md_prof, cg->very_unlikely);
    LLVMPositionBuilderAtEnd(cg->b, ok);
    return br;
}

// The block that panics for a nil pointer: one for each source location.
static LLVMBasicBlockRef nil_block(Cg *cg) {
    for (uint32_t i = cg->nil_blocks.len; i-- > 0;)
        if (cg->nil_blocks.data[i].loc == cg->loc) return cg->nil_blocks.data[i].block;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->b),
                      cold = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMPositionBuilderAtEnd(cg->b, cold);
    call_rt(cg, RT_panicmem, NULL, 0);
    LLVMBuildUnreachable(cg->b);
    LLVMPositionBuilderAtEnd(cg->b, here);
    vec_reserve(&cg->nil_blocks, cg->nil_blocks.len + 1);
    cg->nil_blocks.data[cg->nil_blocks.len].loc = cg->loc;
    cg->nil_blocks.data[cg->nil_blocks.len++].block = cold;
    return cold;
}

static void nilcheck(Cg *cg, LLVMValueRef p) {
    if (LLVMIsAAllocaInst(p) || LLVMIsAGlobalValue(p)) return;
    LLVMValueRef bad = LLVMBuildICmp(cg->b, LLVMIntEQ, p, LLVMConstNull(cg->ptr), "");
    LLVMValueRef br = branch(cg, bad, nil_block(cg));
    // The access itself may fault instead.
    if (cg->opt->opt) LLVMSetMetadata(br, cg->md_implicit, cg->empty_md);
}

// A negative index is too large as an unsigned number, so that one comparison does; its sign is for
// the message. The value is the index itself.
static void bounds(Cg *cg, Value *v) {
    LLVMValueRef i = to_i64(cg, v->args[0]), n = to_i64(cg, v->args[1]);
    LLVMValueRef bad =
        LLVMBuildICmp(cg->b, v->bounds == BOUNDS_INDEX ? LLVMIntUGE : LLVMIntUGT, i, n, "");
    LLVMBasicBlockRef cold = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, ""),
                      here = LLVMGetInsertBlock(cg->b);
    LLVMPositionBuilderAtEnd(cg->b, cold);
    LLVMValueRef args[] = {i, n, LLVMConstInt(cg->i8, type_is_signed(v->args[0]->type), 0),
                           LLVMConstInt(cg->i32, (unsigned)v->bounds, 0)};
    call_rt(cg, RT_panicindex, args, 4);
    LLVMBuildUnreachable(cg->b);
    LLVMPositionBuilderAtEnd(cg->b, here);
    branch(cg, bad, cold);
    set_scalar(v, recast(cg, i, value_type(cg, v->type)));
}

// ---- values -------------------------------------------------------------------------------------

// Is it memory that a recovered panic finds again: a volatile slot, or part of one?
static bool is_volatile(const Value *p) {
    while (ssa_is(p, OP_WITHIN)) p = p->args[0];
    return p->op == SSA_SLOTADDR && p->slot->is_volatile;
}

// A call of llvm.mem… on it: the flag is its last argument.
static void set_memory_volatile(Cg *cg, LLVMValueRef call, const Value *p) {
    if (call && is_volatile(p)) LLVMSetOperand(call, 3, LLVMConstInt(cg->i1, 1, 0));
}

// A constant in LLVM's type t; integers as their low bits, whatever their sign.
static LLVMValueRef constant_scalar(Cg *cg, const Const *c, LLVMTypeRef t) {
    if (t == cg->f32) return LLVMConstReal(t, (double)const_float_value(c));
    if (t == cg->f64) return LLVMConstReal(t, const_double_value(c));
    uint64_t n = 0;
    if (const_kind(c) == CONST_BOOL)
        n = const_bool_value(c);
    else {
        const Const *i = const_to_int(c);
        if (!i) ice("constant %s is no integer", const_string_short(c));
        uint8_t b[8];
        const_int_bytes(i, b, 8);
        memcpy(&n, b, 8);
    }
    if (t == cg->ptr)
        return n ? LLVMConstIntToPtr(LLVMConstInt(cg->i64, n, 0), cg->ptr) : LLVMConstNull(cg->ptr);
    if (t == cg->i64) return LLVMConstInt(t, n, 0);
    return LLVMConstInt(t, n & ((1ull << LLVMGetIntTypeWidth(t)) - 1), 0);
}

LLVMValueRef *constant(Cg *cg, Value *v) {
    if (type_is_complex(v->type)) {
        LLVMTypeRef e = rep_of(cg, v->type)->leaves[0].type;
        return value_pair(constant_scalar(cg, const_real(v->konst), e),
                          constant_scalar(cg, const_imag(v->konst), e));
    }
    if (const_kind(v->konst) == CONST_STRING) {
        Str s = const_string_value(v->konst);
        return value_pair(s.len ? string_ref(cg, s) : LLVMConstNull(cg->ptr),
                          const_int(cg, (int64_t)s.len));
    }
    return value_array(constant_scalar(cg, v->konst, value_type(cg, v->type)));
}

LLVMValueRef *zero_value(Cg *cg, Type *t) {
    Rep *r = rep_of(cg, t);
    if (r->large) {
        LLVMValueRef m = temp_alloca(cg, r->mem, r->align);
        clear_memory(cg, m, const_int(cg, (int64_t)r->size), r->align);
        return value_array(m);
    }
    LLVMValueRef *v = NEW_ARRAY(LLVMValueRef, r->n + 1);
    for (uint32_t i = 0; i < r->n; i++)
        v[i] = LLVMConstNull(r->leaves[i].is_bool ? cg->i1 : r->leaves[i].type);
    return v;
}

static void field(Cg *cg, Value *v) {
    Type *t = under(v->args[0]->type);
    Rep *r = rep_of(cg, v->type);
    if (rep_of(cg, t)->large) {
        set_value(v, get_value(cg, r,
                               at_offset(cg, val(v->args[0]),
                                         (uint64_t)type_field_offset(t, (uint32_t)v->field))));
        return;
    }
    uint32_t skip = 0;
    for (int64_t i = 0; i < v->field; i++) skip += rep_of(cg, t->strukt.fields.data[i]->type)->n;
    set_value(v, vals(v->args[0]) + skip);
}

// Small structs and arrays are their scalars side by side; large ones are built in memory.
static void make_aggregate(Cg *cg, Value *v) {
    Rep *r = rep_of(cg, v->type);
    if (!r->large) {
        LLVMValueRef *out = NEW_ARRAY(LLVMValueRef, r->n + 1);
        uint32_t n = 0;
        for (uint32_t i = 0; i < v->nargs; i++) {
            Rep *p = rep_of(cg, v->args[i]->type);
            for (uint32_t k = 0; k < p->n && n < r->n; k++) {
                LLVMTypeRef want = r->leaves[n].is_bool ? cg->i1 : r->leaves[n].type;
                out[n++] = recast(cg, vals(v->args[i])[k], want);
            }
        }
        if (n != r->n) ice("%s of %u scalars for %u", ssa_op_text[v->op], n, r->n);
        set_value(v, out);
        return;
    }
    Type *t = under(v->type);
    LLVMValueRef m = temp_alloca(cg, r->mem, r->align);
    for (uint32_t i = 0; i < v->nargs; i++)
        put_value(cg, rep_of(cg, v->args[i]->type), vals(v->args[i]),
                  at_offset(cg, m, (uint64_t)type_field_offset(t, i)));
    set_scalar(v, m);
}

// Same bits, another type: leaf by leaf where both have as many, else through memory.
static void copy_value(Cg *cg, Value *v) {
    Rep *from = rep_of(cg, v->args[0]->type), *to = rep_of(cg, v->type);
    LLVMValueRef *x = vals(v->args[0]);
    if (from->large && to->large) {
        set_value(v, x);
        return;
    }
    if (from->n == to->n && !from->large && !to->large) {
        LLVMValueRef *out = NEW_ARRAY(LLVMValueRef, to->n + 1);
        for (uint32_t i = 0; i < to->n; i++)
            out[i] = recast(cg, x[i], to->leaves[i].is_bool ? cg->i1 : to->leaves[i].type);
        set_value(v, out);
        return;
    }
    Rep *big = from->size > to->size ? from : to;
    LLVMValueRef m = temp_alloca(cg, LLVMArrayType2(cg->i8, big->size), 8);
    put_value(cg, from, x, m);
    set_value(v, get_value(cg, to, m));
}

// A large load need not copy when its one use comes before anything can change the memory.
static bool used_at_once(Cg *cg, Block *b, uint32_t at) {
    Value *v = b->values.data[at];
    if (v->uses != 1) return false;
    for (uint32_t i = at + 1; i < b->values.len; i++) {
        Value *w = b->values.data[i];
        if (w->op == SSA_STORE && w->args[1] == v) return true;
        if (w->op == SSA_FIELD && w->args[0] == v) return !rep_of(cg, w->type)->large;
        if (ssa_has_effect(w)) return false;
    }
    if (b->kind == BLOCK_RET)
        for (vec_each(Value *, r, &b->results))
            if (*r == v) return true;
    return false;
}

static void emit_setjmp(Cg *cg, Value *v) {
    LLVMTypeRef fn = LLVMFunctionType(cg->i32, &cg->ptr, 1, 0);
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, "vole_setjmp"), p = val(v->args[0]);
    if (!f) {
        f = LLVMAddFunction(cg->mod, "vole_setjmp", fn);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_returns_twice);
        LLVMAddAttributeAtIndex(f, FUNCTION, cg->a_nounwind);
    }
    race_setjmp(cg, false);
    LLVMValueRef c = LLVMBuildCall2(cg->b, fn, f, &p, 1, "");
    LLVMAddCallSiteAttribute(c, FUNCTION, cg->a_returns_twice);
    race_setjmp(cg, true);
    set_scalar(v, recast(cg, c, value_type(cg, v->type)));
}

static LLVMValueRef pointer(Cg *cg, Value *v) { return recast(cg, val(v), cg->ptr); }

// An argument, or a captured variable as the closure has it.
static bool is_given(const Value *v) {
    if (v->op == SSA_ARG || v->op == SSA_CTX) return true;
    if (v->op == SSA_LOAD) v = v->args[0];
    return v->op == SSA_FIELDADDR && v->args[0]->op == SSA_CTX;
}

// Of the prologue, which ends behind what is given and its variables: debuggers stop there.
static bool in_prologue(const Cg *cg, const Block *blk, const Value *v) {
    return blk == cg->f->blocks.data[0] &&
           (is_given(v) || (v->op == SSA_STORE && is_given(v->args[1])));
}

// One operation. What it gives is remembered with the value: scalars of its parts, or the address
// of a large one.
static void emit_value(Cg *cg, Block *blk, uint32_t index) {
    Value *v = blk->values.data[index];
    LLVMBuilderRef b = cg->b;
    if (v->op == SSA_NOTE) {
        debug_note(cg, v);
        return;
    }
    if (in_prologue(cg, blk, v))
        debug_none(cg);
    else
        debug_pos(cg, v->pos, v->inl);
    switch (v->op) {
    case SSA_CONST: set_value(v, constant(cg, v)); break;
    case SSA_ZERO: set_value(v, zero_value(cg, v->type)); break;
    case SSA_STRING:
        set_value(v, value_pair(v->str.len ? string_ref(cg, v->str) : LLVMConstNull(cg->ptr),
                                const_int(cg, (int64_t)v->str.len)));
        break;
    case SSA_ARG: {
        Rep *r = cg->abi->params[v->param];
        uint32_t at = cg->abi->param_at[v->param];
        LLVMValueRef s[MAX_LEAVES + 1];
        for (uint32_t i = 0; i < (r->large ? 1 : r->n); i++) s[i] = LLVMGetParam(cg->fn, at + i);
        set_value(v, r->large ? value_array(s[0]) : unflatten(cg, r, s));
        debug_param(cg, cg->f->func, (uint32_t)v->param, v);
        break;
    }
    case SSA_CTX:
        if (!cg->context) ice("%s has no closure context", cg->f->func->symbol);
        set_scalar(v, cg->context);
        break;
    case SSA_SLOTADDR: set_scalar(v, v->slot->aux); break;
    case SSA_GLOBALADDR: set_scalar(v, global_ref(cg, v->global)); break;
    case SSA_DATAADDR: set_scalar(v, data_ref(cg, v->data)); break;
    case SSA_FUNCVAL: set_scalar(v, funcval_ref(cg, v->func)); break;
    case SSA_CODEADDR:
        set_scalar(v, recast(cg, declare_func(cg, v->func), value_type(cg, v->type)));
        break;
    case SSA_TYPEADDR: set_scalar(v, type_ref(cg, v->t)); break;
    case SSA_ITABADDR: set_scalar(v, itab_ref(cg, v->itab)); break;
    case SSA_LOAD: {
        Rep *r = rep_of(cg, v->type);
        LLVMValueRef p = pointer(cg, v->args[0]);
        race_access(cg, v->args[0], p, v->type, false);
        if (r->large)
            set_scalar(v, used_at_once(cg, blk, index) ? p : large_copy(cg, r, p));
        else
            set_value(v, load(cg, r, p, is_volatile(v->args[0])));
        break;
    }
    case SSA_STORE: {
        Rep *r = rep_of(cg, v->args[1]->type);
        LLVMValueRef p = pointer(cg, v->args[0]);
        // A parameter's slot may be the caller's copy itself.
        if (!r->size || (r->large && val(v->args[1]) == p)) break;
        race_access(cg, v->args[0], p, v->args[1]->type, true);
        if (r->large)
            set_memory_volatile(cg, copy_memory(cg, r, p, val(v->args[1]), true), v->args[0]);
        else
            store(cg, r, vals(v->args[1]), p, is_volatile(v->args[0]));
        cgo_check(cg, v->args[0], p, v->args[1]->type, NULL);
        break;
    }
    case SSA_MOVE: {
        LLVMValueRef to = pointer(cg, v->args[0]), from = pointer(cg, v->args[1]);
        race_access(cg, v->args[1], from, v->t, false);
        race_access(cg, v->args[0], to, v->t, true);
        set_memory_volatile(cg, copy_memory(cg, rep_of(cg, v->t), to, from, v->overlaps != 0),
                            v->args[0]);
        cgo_check(cg, v->args[0], to, v->t, NULL);
        break;
    }
    case SSA_ZEROMEM: {
        int64_t size = type_size(v->t);
        LLVMValueRef p = pointer(cg, v->args[0]);
        race_access(cg, v->args[0], p, v->t, true);
        if (size)
            set_memory_volatile(cg, clear_memory(cg, p, const_int(cg, size), type_align_of(v->t)),
                                v->args[0]);
        break;
    }
    case SSA_MEMMOVE: {
        LLVMValueRef to = pointer(cg, v->args[0]), from = pointer(cg, v->args[1]),
                     n = to_i64(cg, v->args[2]);
        race_range(cg, v->args[1], from, n, false);
        race_range(cg, v->args[0], to, n, true);
        set_memory_volatile(cg, LLVMBuildMemMove(b, to, 1, from, 1, n), v->args[0]);
        cgo_check(cg, v->args[0], to, v->t, n);
        break;
    }
    case SSA_MEMCLR: {
        LLVMValueRef p = pointer(cg, v->args[0]), n = to_i64(cg, v->args[1]);
        race_range(cg, v->args[0], p, n, true);
        LLVMBasicBlockRef after = skip_empty(cg, n);
        set_memory_volatile(cg, clear_memory(cg, p, n, 1), v->args[0]);
        end_skip(cg, after);
        break;
    }
    case SSA_FIELDADDR:
        set_scalar(v, at_offset(cg, pointer(cg, v->args[0]),
                                (uint64_t)type_field_offset(v->t, (uint32_t)v->field)));
        break;
    case SSA_ELEMADDR: {
        LLVMValueRef i = to_i64(cg, v->args[1]), p = pointer(cg, v->args[0]);
        Rep *r = rep_of(cg, v->t);
        set_scalar(v, r->size ? LLVMBuildInBoundsGEP2(b, r->mem, p, &i, 1, "") : p);
        break;
    }
    case SSA_PTRADD: {
        LLVMValueRef off = to_i64(cg, v->args[1]);
        set_scalar(v, LLVMBuildGEP2(b, cg->i8, pointer(cg, v->args[0]), &off, 1, ""));
        break;
    }
    case SSA_NILCHECK:
        nilcheck(cg, pointer(cg, v->args[0]));
        set_value(v, vals(v->args[0]));
        break;
    case SSA_BOUNDS: bounds(cg, v); break;
    case SSA_SELECT: {
        Rep *r = rep_of(cg, v->type);
        uint32_t n = r->large ? 1 : r->n;
        LLVMValueRef *out = NEW_ARRAY(LLVMValueRef, n + 1);
        for (uint32_t i = 0; i < n; i++)
            out[i] = LLVMBuildSelect(
                b, val(v->args[0]), vals(v->args[1])[i],
                recast(cg, vals(v->args[2])[i], LLVMTypeOf(vals(v->args[1])[i])), "");
        set_value(v, out);
        break;
    }
    case SSA_COPY: copy_value(cg, v); break;
    case SSA_STRMAKE:
    case SSA_SLICEMAKE:
    case SSA_IMAKE:
    case SSA_COMPLEXMAKE:
    case SSA_STRUCTMAKE: make_aggregate(cg, v); break;
    case SSA_STRPTR:
    case SSA_SLICEPTR:
    case SSA_ITAB:
    case SSA_REAL: set_value(v, vals(v->args[0])); break;
    case SSA_STRLEN:
    case SSA_SLICELEN:
    case SSA_IDATA:
    case SSA_IMAG: set_value(v, vals(v->args[0]) + 1); break;
    case SSA_SLICECAP: set_value(v, vals(v->args[0]) + 2); break;
    case SSA_FIELD: field(cg, v); break;
    case SSA_CALL:
        emit_call(cg, v, abi_of(cg, v->func->sig, false, false), declare_func(cg, v->func), NULL,
                  NULL, v->args, v->nargs);
        break;
    case SSA_CALLRT: emit_call_rt(cg, v); break;
    case SSA_CALLCLOSURE: {
        LLVMValueRef f = val(v->args[0]), code;
        if (v->func) {
            code = declare_func(cg, v->func);
        } else {
            nilcheck(cg, f);
            code = LLVMBuildLoad2(b, cg->ptr, f, "");
        }
        emit_call(cg, v, abi_of(cg, v->args[0]->type, true, false), code, f, NULL, v->args + 1,
                  v->nargs - 1);
        break;
    }
    case SSA_CALLINTER: {
        LLVMValueRef code = LLVMBuildLoad2(
            b, cg->ptr,
            at_offset(cg, val(v->args[0]), offsetof(AbiItab, fun) + 8 * (uint64_t)v->method), "");
        LLVMSetMetadata(code, cg->md_invariant, cg->empty_md);
        Type *sig = interface_typeset(under(v->t))->methods.data[v->method]->type;
        emit_call(cg, v, abi_of(cg, sig, false, true), code, NULL, val(v->args[1]), v->args + 2,
                  v->nargs - 2);
        break;
    }
    case SSA_SELECTN:
        set_value(v, v->args[0]->type->kind == T_TUPLE ? v->args[0]->lowered->parts[v->result]
                                                       : vals(v->args[0]));
        break;
    case SSA_SETJMP: emit_setjmp(cg, v); break;
    default:
        if (!emit_arithmetic(cg, v) && !emit_machine(cg, v))
            ice("SSA operation %s has no lowering", ssa_op_text[v->op]);
    }
}

// Results as abi.h wants them: through the hidden pointer, or as one scalar or a struct of them.
static void emit_return(Cg *cg, Block *blk) {
    Abi *a = cg->abi;
    if (blk->results.len != a->nresults) ice("%u results for %u", blk->results.len, a->nresults);
    race_exit(cg);
    if (a->sret_size) {
        for (uint32_t i = 0; i < blk->results.len; i++)
            put_value(cg, a->results[i], vals(blk->results.data[i]),
                      at_offset(cg, cg->sret, a->result_at[i]));
        LLVMBuildRetVoid(cg->b);
        return;
    }
    LLVMValueRef s[MAX_LEAVES + 1];
    uint32_t n = 0;
    for (uint32_t i = 0; i < blk->results.len; i++) {
        Rep *r = a->results[i];
        if (!r->n) continue;
        LLVMValueRef *x = vals(blk->results.data[i]);
        flatten(cg, r, r->large ? load(cg, r, x[0], false) : x, s, &n);
    }
    if (n == 0)
        LLVMBuildRetVoid(cg->b);
    else if (n == 1)
        LLVMBuildRet(cg->b, s[0]);
    else
        LLVMBuildAggregateRet(cg->b, s, n);
}

// The jump at a block's end, with what is known of its likelihood.
static void emit_end(Cg *cg, Block *blk) {
    LLVMBuilderRef b = cg->b;
    debug_pos(cg, blk->pos, NULL);
#define TARGET(i) ((LLVMBasicBlockRef)blk->succs.data[i]->aux)
    switch (blk->kind) {
    case BLOCK_PLAIN: LLVMBuildBr(b, TARGET(0)); break;
    case BLOCK_IF: {
        LLVMValueRef br = LLVMBuildCondBr(b, val(blk->control), TARGET(0), TARGET(1));
        if (blk->likely)
            LLVMSetMetadata(br, cg->md_prof, blk->likely > 0 ? cg->likely : cg->unlikely);
        break;
    }
    case BLOCK_SWITCH: {
        LLVMValueRef c = val(blk->control), sw = LLVMBuildSwitch(b, c, TARGET(0), blk->cases.len);
        for (uint32_t i = 0; i < blk->cases.len; i++) {
            uint64_t n = (uint64_t)blk->cases.data[i];
            unsigned w = LLVMGetIntTypeWidth(LLVMTypeOf(c));
            LLVMAddCase(sw, LLVMConstInt(LLVMTypeOf(c), w < 64 ? n & ((1ull << w) - 1) : n, 0),
                        TARGET(i + 1));
        }
        break;
    }
    case BLOCK_RET: emit_return(cg, blk); break;
    case BLOCK_EXIT: LLVMBuildUnreachable(b); break;
    }
#undef TARGET
}

// ---- functions ----------------------------------------------------------------------------------

// Slots of large parameters that are only read: the caller's copy serves.
static void share_parameters(Cg *cg, SsaFunc *s) {
    if (!cg->opt->opt || s->returns_twice) return;
    bool any = false;
    for (vec_each(Slot *, sl, &s->slots)) {
        (*sl)->aux = NULL;
        if ((*sl)->param >= 0 && rep_of(cg, (*sl)->type)->large) {
            (*sl)->aux = *sl;
            any = true;
        }
    }
    if (!any) return;
    Slot **root = NEW_ARRAY(Slot *, s->nvalues + 1);
    for (vec_each(Block *, bp, &s->blocks)) {
        for (vec_each(Value *, vp, &(*bp)->values)) {
            Value *v = *vp;
            if (v->op == SSA_SLOTADDR) {
                root[v->id] = v->slot->aux ? v->slot : NULL;
                continue;
            }
            for (uint32_t k = 0; k < v->nargs; k++) {
                Slot *r = root[v->args[k]->id];
                if (!r) continue;
                if (ssa_is(v, OP_WITHIN)) {
                    root[v->id] = r;
                    continue;
                }
                switch (v->op) {
                case SSA_LOAD: break;
                case SSA_MOVE:
                case SSA_MEMMOVE:
                    if (k != 1) r->aux = NULL;
                    break;
                case SSA_STORE:
                    if (k != 0 || v->args[0]->op != SSA_SLOTADDR || v->args[1]->op != SSA_ARG ||
                        v->args[1]->param != r->param)
                        r->aux = NULL;
                    break;
                default: r->aux = NULL;
                }
            }
        }
        for (vec_each(Value *, r, &(*bp)->results))
            if (root[(*r)->id]) root[(*r)->id]->aux = NULL;
    }
    for (vec_each(Block *, bp, &s->blocks)) // PHIs may have seen their arguments too early
        for (vec_each(Value *, vp, &(*bp)->values))
            for (uint32_t k = 0; (*vp)->op == SSA_PHI && k < (*vp)->nargs; k++)
                if (root[(*vp)->args[k]->id]) root[(*vp)->args[k]->id]->aux = NULL;
    for (vec_each(Slot *, sl, &s->slots))
        if ((*sl)->aux) (*sl)->aux = LLVMGetParam(cg->fn, cg->abi->param_at[(*sl)->param]);
}

// Code that looks at its own frame (recovery points, callers, defer chains) must not be inlined
// into another's.
static bool needs_own_frame(const SsaFunc *s) {
    if (s->returns_twice) return true;
    for (vec_each(Block *, b, &s->blocks))
        for (vec_each(Value *, v, &(*b)->values)) switch ((*v)->op) {
            case SSA_SETJMP:
            case SSA_CALLERPC:
            case SSA_CALLERSP:
            case SSA_FRAMEADDR: return true;
            case SSA_CALLRT:
                if ((*v)->rt == RT_deferpush || (*v)->rt == RT_deferreturn) return true;
                break;
            default: break;
            }
    return false;
}

// LLVM's time grows faster than a function's size, than its number of blocks and than a block's
// length: generated tables and tests of thousands of operations get code, not optimisation.
enum { HUGE_FUNCTION = 20000, MANY_BLOCKS = 4000, LONG_BLOCK = 3000, DEEP_CALLS = 16 };
static bool is_huge(const SsaFunc *s) {
    uint32_t n = 0, longest = 0;
    for (vec_each(Block *, b, &s->blocks)) {
        uint32_t length = ssa_length(*b) + (*b)->results.len;
        n += length;
        if (length > longest) longest = length;
    }
    return n > HUGE_FUNCTION || s->blocks.len > MANY_BLOCKS || longest > LONG_BLOCK;
}

// Rings of small functions have been inlined into each other as far as midend does; LLVM would go
// round again and again.
static bool is_deep(const SsaFunc *s) {
    const InlCall *last = NULL;
    for (vec_each(Block *, b, &s->blocks))
        for (vec_each(Value *, v, &(*b)->values)) {
            if ((*v)->inl == last) continue;
            int depth = 0;
            for (const InlCall *i = last = (*v)->inl; i; i = i->parent) depth++;
            if (depth > DEEP_CALLS) return true;
        }
    return false;
}

static void func_attributes(Cg *cg, Func *f) {
    LLVMAttributeRef always[] = {cg->a_nounwind, cg->a_frame, cg->a_probe, cg->a_notail};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        LLVMAddAttributeAtIndex(cg->fn, FUNCTION, always[i]);
    if (cg->opt->opt == 0 || is_huge(f->ssa) || !bisect_runs("LLVM's passes", f)) {
        LLVMAddAttributeAtIndex(cg->fn, FUNCTION, cg->a_noinline);
        LLVMAddAttributeAtIndex(cg->fn, FUNCTION, cg->a_optnone);
    } else if (f->noinline || (f->pragma & PRAGMA_NOINLINE) || f->has_recover || f->has_defer ||
               needs_own_frame(f->ssa) || is_deep(f->ssa) || cg->race_frame)
        LLVMAddAttributeAtIndex(cg->fn, FUNCTION, cg->a_noinline);
}

static void emit_slots(Cg *cg, SsaFunc *s) {
    share_parameters(cg, s);
    for (vec_each(Slot *, sp, &s->slots)) {
        Slot *sl = *sp;
        if (sl->aux && cg->opt->opt && sl->param >= 0 && LLVMIsAArgument(sl->aux)) continue;
        Rep *r = rep_of(cg, sl->type);
        LLVMValueRef a = LLVMBuildAlloca(cg->b, r->mem, sl->name ? sl->name : "");
        LLVMSetAlignment(a, r->align < 8 && r->size >= 8 ? 8 : r->align);
        sl->aux = a;
        // Whatever is called may end in the recovery, which reads it.
        if (sl->is_volatile) keep_alive(cg, a);
    }
}

// At the end, when all arguments are emitted: a loop's come after the PHI that takes them.
static void emit_phis(Cg *cg, SsaFunc *s, LLVMBasicBlockRef *last) {
    for (vec_each(Block *, blk, &s->blocks))
        for (vec_each(Value *, vp, &(*blk)->values)) {
            Value *v = *vp;
            if (v->op != SSA_PHI) continue;
            Rep *r = rep_of(cg, v->type);
            uint32_t n = r->large ? 1 : r->n;
            for (uint32_t i = 0; i < v->nargs; i++)
                for (uint32_t k = 0; k < n; k++) {
                    LLVMValueRef in = vals(v->args[i])[k];
                    LLVMBasicBlockRef from = last[v->block->preds.data[i]->id];
                    LLVMTypeRef want = LLVMTypeOf(vals(v)[k]);
                    // Pointer and uintptr of one named type: cast where it comes from.
                    if (LLVMTypeOf(in) != want) {
                        LLVMPositionBuilderBefore(cg->b, LLVMGetBasicBlockTerminator(from));
                        in = recast(cg, in, want);
                    }
                    LLVMAddIncoming(vals(v)[k], &in, &from, 1);
                }
        }
}

// Blocks in the order of the SSA form, in which definitions come before uses but for PHIs, which
// are made empty and get their arguments last.
void emit_func(Cg *cg, Func *f) {
    SsaFunc *s = f->ssa;
    set_ice_pos(f->pos);
    cg->f = s;
    cg->abi = abi_of(cg, f->sig, f->needs_ctx, false);
    cg->fn = declare_func(cg, f);
    if (LLVMCountBasicBlocks(cg->fn)) return; // emitted already
    if (f->linkonce)
        set_linkonce(cg, cg->fn, f->symbol);
    else
        // The linker drops what nothing calls.
        LLVMSetSection(cg->fn, xsprintf(".text.%s", f->symbol));
    race_begin(cg, f);
    fuzz_begin(cg, s);
    func_attributes(cg, f);
    ssa_count_uses(s);
    cg->loc = NULL;
    cg->nil_blocks.len = 0;
    debug_func(cg, f);
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    LLVMPositionBuilderAtEnd(cg->b, entry);
    debug_none(cg);
    cg->sret = cg->abi->sret_size ? LLVMGetParam(cg->fn, 0) : NULL;
    cg->context = cg->abi->has_ctx ? LLVMGetParam(cg->fn, LLVMCountParams(cg->fn) - 1) : NULL;
    emit_slots(cg, s);
    cg->race_depth =
        cg->race_frame && s->returns_twice ? LLVMBuildAlloca(cg->b, cg->i64, "") : NULL;
    for (vec_each(Block *, blk, &s->blocks))
        (*blk)->aux = LLVMAppendBasicBlockInContext(cg->ctx, cg->fn, "");
    cg->alloca_point = LLVMBuildBr(cg->b, s->blocks.data[0]->aux);
    for (vec_each(Slot *, sl, &s->slots)) debug_slot(cg, *sl, (*sl)->aux);
    LLVMPositionBuilderBefore(cg->b, cg->alloca_point);
    race_enter(cg);
    LLVMBasicBlockRef *last = NEW_ARRAY(LLVMBasicBlockRef, s->nblocks + 1);
    // Values used around a loop's back edge are PHIs' arguments only.
    for (vec_each(Block *, blk, &s->blocks)) {
        LLVMPositionBuilderAtEnd(cg->b, (*blk)->aux);
        for (vec_each(Value *, vp, &(*blk)->values)) {
            Value *v = *vp;
            if (v->op != SSA_PHI) continue;
            debug_pos(cg, v->pos, v->inl);
            Rep *r = rep_of(cg, v->type);
            uint32_t n = r->large ? 1 : r->n;
            LLVMValueRef *out = NEW_ARRAY(LLVMValueRef, n + 1);
            for (uint32_t k = 0; k < n; k++) {
                LLVMTypeRef t = r->large               ? cg->ptr
                                : r->leaves[k].is_bool ? cg->i1
                                                       : r->leaves[k].type;
                out[k] = LLVMBuildPhi(cg->b, t, "");
            }
            set_value(v, out);
        }
        fuzz_count(cg, *blk);
        for (uint32_t i = 0; i < (*blk)->values.len; i++)
            if ((*blk)->values.data[i]->op != SSA_PHI) emit_value(cg, *blk, i);
        emit_end(cg, *blk);
        last[(*blk)->id] = LLVMGetInsertBlock(cg->b);
    }
    emit_phis(cg, s, last);
    LLVMSetCurrentDebugLocation2(cg->b, NULL);
}
