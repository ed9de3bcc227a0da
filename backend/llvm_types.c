// llvm_types: Go types as scalars and memory, and the calling convention of runtime/abi.h:
// flattening to scalars, by-pointer parameters, results in registers or through a hidden pointer.
#include "backend/llvm.h"

LLVMValueRef const_int(Cg *cg, int64_t v) {
    return LLVMConstInt(cg->i64, (unsigned long long)v, 1);
}

bool type_is_signed(Type *t) {
    TypeKind k = under(t)->kind;
    return (k >= T_INT && k <= T_INT64) || k == T_UNTYPED_INT || k == T_UNTYPED_RUNE;
}

uint32_t type_align_of(Type *t) {
    int64_t a = type_align(t);
    return a > 0 ? (uint32_t)a : 1;
}

// Booleans are bytes. What is not listed is a pointer.
static LLVMTypeRef scalar_type(Cg *cg, Type *t) {
    switch (t->kind) {
    case T_BOOL:
    case T_INT8:
    case T_UINT8:
    case T_UNTYPED_BOOL: return cg->i8;
    case T_INT16:
    case T_UINT16: return cg->i16;
    case T_INT32:
    case T_UINT32:
    case T_UNTYPED_RUNE: return cg->i32;
    case T_INT:
    case T_INT64:
    case T_UINT:
    case T_UINT64:
    case T_UINTPTR:
    case T_UNTYPED_INT: return cg->i64;
    case T_FLOAT32: return cg->f32;
    case T_FLOAT64:
    case T_UNTYPED_FLOAT: return cg->f64;
    default: return cg->ptr; // pointer, map, chan, func, unsafe.Pointer, nil
    }
}

static void add_leaf(Rep *r, LLVMTypeRef t, int64_t offset, bool is_bool) {
    if (r->n == MAX_LEAVES)
        r->too_many = true;
    else
        r->leaves[r->n++] = (Leaf){t, (uint32_t)offset, is_bool};
}

// The scalars that t is made of, with their offsets; an array of more than four elements lives in
// memory.
static void add_leaves(Cg *cg, Rep *r, Type *T, int64_t at) {
    if (r->too_many) return;
    Type *t = under(T);
    switch (t->kind) {
    case T_COMPLEX64:
        add_leaf(r, cg->f32, at, false);
        add_leaf(r, cg->f32, at + 4, false);
        break;
    case T_COMPLEX128:
    case T_UNTYPED_COMPLEX:
        add_leaf(r, cg->f64, at, false);
        add_leaf(r, cg->f64, at + 8, false);
        break;
    case T_STRING:
    case T_UNTYPED_STRING:
        add_leaf(r, cg->ptr, at, false);
        add_leaf(r, cg->i64, at + 8, false);
        break;
    case T_INTERFACE:
        add_leaf(r, cg->ptr, at, false);
        add_leaf(r, cg->ptr, at + 8, false);
        break;
    case T_SLICE:
        add_leaf(r, cg->ptr, at, false);
        add_leaf(r, cg->i64, at + 8, false);
        add_leaf(r, cg->i64, at + 16, false);
        break;
    case T_ARRAY:
        if (type_size(t) == 0) break;
        if (t->array.len > 4) r->too_many = true;
        for (int64_t i = 0; i < t->array.len && !r->too_many; i++)
            add_leaves(cg, r, t->array.elem, at + i * type_size(t->array.elem));
        break;
    case T_STRUCT:
        for (uint32_t i = 0; i < t->strukt.fields.len && !r->too_many; i++)
            add_leaves(cg, r, t->strukt.fields.data[i]->type, at + type_field_offset(t, i));
        break;
    default: add_leaf(r, scalar_type(cg, t), at, t->kind == T_BOOL || t->kind == T_UNTYPED_BOOL);
    }
}

// What a Go type is to LLVM, remembered by type: its scalars where it has few, else memory alone.
Rep *rep_of(Cg *cg, Type *T) {
    Type *t = under(T);
    Rep *r = ptrmap_get(&cg->reps, t);
    if (r) return r;
    r = NEW(Rep);
    ptrmap_put(&cg->reps, t, r);
    r->size = (uint64_t)type_size(t);
    r->align = type_align_of(t);
    add_leaves(cg, r, t, 0);
    if (r->too_many) r->n = 0;
    r->large = r->too_many || r->n > ABI_MAX_PARAM_SCALARS;
    bool scalar = r->n == 1 && t->kind != T_STRUCT && t->kind != T_ARRAY;
    r->mem = scalar ? r->leaves[0].type : LLVMArrayType2(cg->i8, r->size);
    return r;
}

LLVMTypeRef llvm_type(Cg *cg, Type *t) { return rep_of(cg, t)->mem; }

LLVMTypeRef value_type(Cg *cg, Type *t) {
    Rep *r = rep_of(cg, t);
    if (r->n != 1) ice("type %s is no scalar", type_link_string(t));
    return r->leaves[0].is_bool ? cg->i1 : r->leaves[0].type;
}

static bool is_float(Cg *cg, LLVMTypeRef t) { return t == cg->f32 || t == cg->f64; }

// How a signature is called, by the rules of runtime/abi.h, worked out once for each: results
// first, for they decide whether the first parameter is a hidden pointer.
static Abi *make_abi(Cg *cg, Type *sig, bool ctx, bool recv) {
    Abi *a = NEW(Abi);
    uint32_t np = sig->func.params.len, nr = sig->func.results.len;
    a->has_ctx = ctx;
    a->nparams = np;
    a->nresults = nr;
    a->params = NEW_ARRAY(Rep *, np + 1);
    a->results = NEW_ARRAY(Rep *, nr + 1);
    a->param_at = NEW_ARRAY(uint32_t, np + 1);
    a->result_at = NEW_ARRAY(uint32_t, nr + 1);
    LLVMTypeRef *p = NEW_ARRAY(LLVMTypeRef, np * ABI_MAX_PARAM_SCALARS + 3), ret[MAX_LEAVES + 1];
    uint32_t n = 0, ints = 0, floats = 0;
    uint64_t size = 0, align = 1;
    bool memory = false;
    for (uint32_t i = 0; i < nr; i++) {
        Rep *r = a->results[i] = rep_of(cg, sig->func.results.data[i]->type);
        size = (size + r->align - 1) / r->align * r->align;
        a->result_at[i] = (uint32_t)size;
        size += r->size;
        if (r->align > align) align = r->align;
        if (r->too_many) memory = true;
        for (uint32_t k = 0; k < r->n && !memory; k++) {
            if (is_float(cg, r->leaves[k].type))
                floats++;
            else
                ints++;
            if (ints > ABI_MAX_RESULT_INTS || floats > ABI_MAX_RESULT_FLOATS)
                memory = true;
            else
                ret[a->nscalars++] = r->leaves[k].type;
        }
    }
    LLVMTypeRef rt;
    if (memory) {
        a->nscalars = 0;
        a->sret_size = (size + align - 1) / align * align;
        a->sret_align = (uint32_t)align;
        a->sret = LLVMArrayType2(cg->i8, a->sret_size);
        rt = cg->voidt;
        p[n++] = cg->ptr;
    } else if (a->nscalars == 0)
        rt = cg->voidt;
    else if (a->nscalars == 1)
        rt = ret[0];
    else
        rt = LLVMStructTypeInContext(cg->ctx, ret, a->nscalars, 0);
    if (recv) p[n++] = cg->ptr;
    for (uint32_t i = 0; i < np; i++) {
        Rep *r = a->params[i] = rep_of(cg, sig->func.params.data[i]->type);
        a->param_at[i] = n;
        if (r->large)
            p[n++] = cg->ptr;
        else
            for (uint32_t k = 0; k < r->n; k++) p[n++] = r->leaves[k].type;
    }
    if (ctx) p[n++] = cg->ptr;
    a->fn = LLVMFunctionType(rt, p, n, 0);
    return a;
}

Abi *abi_of(Cg *cg, Type *sig, bool ctx, bool recv) {
    sig = under(sig);
    PtrMap *m = &cg->abis[ctx + 2 * recv];
    Abi *a = ptrmap_get(m, sig);
    if (!a) ptrmap_put(m, sig, a = make_abi(cg, sig, ctx, recv));
    return a;
}

static void put(LLVMValueRef f, bool call, unsigned index, LLVMAttributeRef a) {
    if (call)
        LLVMAddCallSiteAttribute(f, index, a);
    else
        LLVMAddAttributeAtIndex(f, index, a);
}

// Of parameters and results, on a function or a call. Small integers travel zero-extended, as C
// callees expect.
void abi_attributes(Cg *cg, Abi *a, LLVMValueRef f, bool call) {
    unsigned n = LLVMCountParamTypes(a->fn);
    if (a->sret_size) {
        unsigned kind = LLVMGetEnumAttributeKindForName("sret", 4);
        put(f, call, 1, LLVMCreateTypeAttribute(cg->ctx, kind, a->sret));
        put(f, call, 1, cg->a_noalias);
        put(f, call, 1,
            LLVMCreateEnumAttribute(cg->ctx, LLVMGetEnumAttributeKindForName("align", 5),
                                    a->sret_align));
    }
    if (a->has_ctx) put(f, call, n, cg->a_swiftself);
    for (uint32_t i = 0; i < a->nparams; i++) {
        Rep *r = a->params[i];
        unsigned at = a->param_at[i] + 1;
        if (r->large) {
            put(f, call, at, cg->a_readonly);
            put(f, call, at, cg->a_nonnull);
            put(f, call, at,
                LLVMCreateEnumAttribute(
                    cg->ctx, LLVMGetEnumAttributeKindForName("dereferenceable", 15), r->size));
            put(f, call, at,
                LLVMCreateEnumAttribute(cg->ctx, LLVMGetEnumAttributeKindForName("align", 5),
                                        r->align));
            continue;
        }
        for (uint32_t k = 0; k < r->n; k++)
            if (r->leaves[k].type == cg->i8 || r->leaves[k].type == cg->i16)
                put(f, call, at + k, cg->a_zeroext);
    }
    LLVMTypeRef rt = LLVMGetReturnType(a->fn);
    if (rt == cg->i8 || rt == cg->i16) put(f, call, 0, cg->a_zeroext);
}

// ---- values -------------------------------------------------------------------------------------

static Lowered *lowered(Value *v) { return v->lowered = NEW(Lowered); }

void set_value(Value *v, LLVMValueRef *leaves) { lowered(v)->leaves = leaves; }
void set_tuple(Value *v, LLVMValueRef **parts) { lowered(v)->parts = parts; }

void set_scalar(Value *v, LLVMValueRef a) { set_value(v, value_array(a)); }

LLVMValueRef *value_array(LLVMValueRef a) {
    LLVMValueRef *p = NEW_ARRAY(LLVMValueRef, 1);
    p[0] = a;
    return p;
}

LLVMValueRef *value_pair(LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef *p = NEW_ARRAY(LLVMValueRef, 2);
    p[0] = a;
    p[1] = b;
    return p;
}

// Same bits as another scalar type.
LLVMValueRef recast(Cg *cg, LLVMValueRef x, LLVMTypeRef to) {
    LLVMTypeRef f = LLVMTypeOf(x);
    if (f == to) return x;
    bool from_int = LLVMGetTypeKind(f) == LLVMIntegerTypeKind,
         to_int = LLVMGetTypeKind(to) == LLVMIntegerTypeKind;
    if (to == cg->ptr && from_int) return LLVMBuildIntToPtr(cg->b, x, to, "");
    if (f == cg->ptr && to_int) return LLVMBuildPtrToInt(cg->b, x, to, "");
    if (to == cg->i1 && from_int) return LLVMBuildTrunc(cg->b, x, to, "");
    if (from_int && to_int) return LLVMBuildIntCast2(cg->b, x, to, 0, "");
    if (!from_int && !to_int) return LLVMBuildFPCast(cg->b, x, to, "");
    return LLVMBuildBitCast(cg->b, x, to, "");
}

LLVMValueRef to_i64(Cg *cg, const Value *v) {
    LLVMValueRef x = val(v);
    if (LLVMTypeOf(x) == cg->i64) return x;
    if (LLVMTypeOf(x) == cg->ptr) return LLVMBuildPtrToInt(cg->b, x, cg->i64, "");
    return LLVMBuildIntCast2(cg->b, x, cg->i64, type_is_signed(v->type), "");
}
