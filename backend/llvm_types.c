// llvm_types: Go types as LLVM types in memory, and the calling convention of runtime/abi.h: flattening to scalars, by-pointer parameters, results in
// registers or through a hidden pointer.
#include "backend/llvm.h"

LLVMValueRef const_int(Cg *cg, int64_t v) { return LLVMConstInt(cg->i64, (unsigned long long)v, 1); }

LLVMTypeRef llvm_type(Cg *cg, Type *T) {
    Type *t = under(T);
    switch (t->kind) {
    case T_BOOL: case T_INT8: case T_UINT8: case T_UNTYPED_BOOL: return cg->i8;
    case T_INT16: case T_UINT16: return cg->i16;
    case T_INT32: case T_UINT32: case T_UNTYPED_RUNE: return cg->i32;
    case T_INT: case T_INT64: case T_UINT: case T_UINT64: case T_UINTPTR: case T_UNTYPED_INT: return cg->i64;
    case T_FLOAT32: return cg->f32;
    case T_FLOAT64: case T_UNTYPED_FLOAT: return cg->f64;
    case T_COMPLEX64: return LLVMStructTypeInContext(cg->ctx, (LLVMTypeRef[]){cg->f32, cg->f32}, 2, 0);
    case T_COMPLEX128: case T_UNTYPED_COMPLEX: return LLVMStructTypeInContext(cg->ctx, (LLVMTypeRef[]){cg->f64, cg->f64}, 2, 0);
    case T_STRING: case T_UNTYPED_STRING: return LLVMStructTypeInContext(cg->ctx, (LLVMTypeRef[]){cg->ptr, cg->i64}, 2, 0);
    case T_SLICE: return LLVMStructTypeInContext(cg->ctx, (LLVMTypeRef[]){cg->ptr, cg->i64, cg->i64}, 3, 0);
    case T_INTERFACE: return LLVMStructTypeInContext(cg->ctx, (LLVMTypeRef[]){cg->ptr, cg->ptr}, 2, 0);
    case T_ARRAY: return LLVMArrayType2(llvm_type(cg, t->array.elem), (uint64_t)t->array.len);
    case T_STRUCT: {
        if (t->aux) return t->aux;
        uint32_t n = t->strukt.fields.len;
        LLVMTypeRef *f = NEW_ARRAY(LLVMTypeRef, n + 2);
        for (uint32_t i = 0; i < n; i++) f[i] = llvm_type(cg, t->strukt.fields.data[i]->type);
        // Go pads the end when the last field has no size; LLVM's own layout agrees otherwise.
        int64_t size = type_size(t);
        uint32_t m = n;
        if (n && size && type_size(t->strukt.fields.data[n - 1]->type) == 0) f[m++] = cg->i8;
        return t->aux = LLVMStructTypeInContext(cg->ctx, f, m, 0);
    }
    case T_TUPLE: {
        uint32_t n = t->tuple.vars.len;
        LLVMTypeRef *f = NEW_ARRAY(LLVMTypeRef, n + 1);
        for (uint32_t i = 0; i < n; i++) f[i] = llvm_type(cg, t->tuple.vars.data[i]->type);
        return LLVMStructTypeInContext(cg->ctx, f, n, 0);
    }
    default: return cg->ptr; // pointer, map, chan, func, unsafe.Pointer, nil
    }
}

static uint32_t count(Type *T, uint32_t limit) {
    Type *t = under(T);
    switch (t->kind) {
    case T_COMPLEX64: case T_COMPLEX128: case T_STRING: case T_INTERFACE: return 2;
    case T_SLICE: return 3;
    case T_ARRAY: {
        if (t->array.len > 4) return UINT32_MAX;
        if (t->array.len <= 0) return 0;
        uint32_t c = count(t->array.elem, limit);
        return c == UINT32_MAX ? c : c * (uint32_t)t->array.len;
    }
    case T_STRUCT: {
        uint32_t n = 0;
        for (vec_each(Object *, f, &t->strukt.fields)) {
            uint32_t c = count((*f)->type, limit);
            if (c == UINT32_MAX || n + c > limit) return UINT32_MAX;
            n += c;
        }
        return n;
    }
    default: return 1;
    }
}
uint32_t scalar_count(Type *t) { return count(t, 1000); }
bool type_is_large(Type *t) {
    uint32_t n = scalar_count(t);
    return n == UINT32_MAX || n > ABI_MAX_PARAM_SCALARS;
}

void scalar_types(Cg *cg, Type *T, LLVMTypeRef *out, uint32_t *n) {
    Type *t = under(T);
    switch (t->kind) {
    case T_COMPLEX64: out[(*n)++] = cg->f32, out[(*n)++] = cg->f32; break;
    case T_COMPLEX128: out[(*n)++] = cg->f64, out[(*n)++] = cg->f64; break;
    case T_STRING: out[(*n)++] = cg->ptr, out[(*n)++] = cg->i64; break;
    case T_INTERFACE: out[(*n)++] = cg->ptr, out[(*n)++] = cg->ptr; break;
    case T_SLICE: out[(*n)++] = cg->ptr, out[(*n)++] = cg->i64, out[(*n)++] = cg->i64; break;
    case T_ARRAY:
        for (int64_t i = 0; i < t->array.len; i++) scalar_types(cg, t->array.elem, out, n);
        break;
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields)) scalar_types(cg, (*f)->type, out, n);
        break;
    default: out[(*n)++] = llvm_type(cg, t);
    }
}

// Scalars of a small aggregate value, in order.
LLVMValueRef flatten(Cg *cg, LLVMValueRef v, Type *T, LLVMValueRef *out, uint32_t *n) {
    Type *t = under(T);
    switch (t->kind) {
    case T_COMPLEX64: case T_COMPLEX128: case T_STRING: case T_INTERFACE: case T_SLICE:
        for (unsigned i = 0; i < (t->kind == T_SLICE ? 3u : 2u); i++) out[(*n)++] = LLVMBuildExtractValue(cg->b, v, i, "");
        break;
    case T_ARRAY:
        for (int64_t i = 0; i < t->array.len; i++) flatten(cg, LLVMBuildExtractValue(cg->b, v, (unsigned)i, ""), t->array.elem, out, n);
        break;
    case T_STRUCT:
        for (uint32_t i = 0; i < t->strukt.fields.len; i++)
            flatten(cg, LLVMBuildExtractValue(cg->b, v, i, ""), t->strukt.fields.data[i]->type, out, n);
        break;
    default: out[(*n)++] = v;
    }
    return v;
}
LLVMValueRef unflatten(Cg *cg, LLVMValueRef *in, uint32_t *n, Type *T) {
    Type *t = under(T);
    LLVMValueRef v;
    switch (t->kind) {
    case T_COMPLEX64: case T_COMPLEX128: case T_STRING: case T_INTERFACE: case T_SLICE:
        v = LLVMGetUndef(llvm_type(cg, t));
        for (unsigned i = 0; i < (t->kind == T_SLICE ? 3u : 2u); i++) v = LLVMBuildInsertValue(cg->b, v, in[(*n)++], i, "");
        return v;
    case T_ARRAY:
        v = LLVMGetUndef(llvm_type(cg, t));
        for (int64_t i = 0; i < t->array.len; i++) v = LLVMBuildInsertValue(cg->b, v, unflatten(cg, in, n, t->array.elem), (unsigned)i, "");
        return v;
    case T_STRUCT:
        v = LLVMGetUndef(llvm_type(cg, t));
        for (uint32_t i = 0; i < t->strukt.fields.len; i++)
            v = LLVMBuildInsertValue(cg->b, v, unflatten(cg, in, n, t->strukt.fields.data[i]->type), i, "");
        return v;
    default: return in[(*n)++];
    }
}

Abi *abi_of_types(Cg *cg, Type **params, uint32_t np, Type **results, uint32_t nr, bool ctx) {
    Abi *a = NEW(Abi);
    a->has_ctx = ctx;
    a->nparams = np;
    a->nresults = nr;
    a->params = NEW_ARRAY(struct AbiParam, np + 1);
    a->results = NEW_ARRAY(struct AbiResult, nr + 1);
    LLVMTypeRef *p = NEW_ARRAY(LLVMTypeRef, np * ABI_MAX_PARAM_SCALARS + 2), ret[64];
    uint32_t n = 0, ints = 0, floats = 0;
    bool memory = false;
    for (uint32_t i = 0; i < nr; i++) {
        uint32_t c = scalar_count(results[i]);
        if (c == UINT32_MAX || a->nret + c > 16) {
            memory = true;
            break;
        }
        a->results[i] = (struct AbiResult){a->nret, c};
        scalar_types(cg, results[i], ret, &a->nret);
    }
    for (uint32_t i = 0; i < a->nret && !memory; i++) {
        if (ret[i] == cg->f32 || ret[i] == cg->f64) floats++;
        else ints++;
    }
    if (ints > ABI_MAX_RESULT_INTS || floats > ABI_MAX_RESULT_FLOATS) memory = true;
    LLVMTypeRef rt;
    if (memory) {
        LLVMTypeRef *f = NEW_ARRAY(LLVMTypeRef, nr + 1);
        for (uint32_t i = 0; i < nr; i++) f[i] = llvm_type(cg, results[i]);
        a->sret = LLVMStructTypeInContext(cg->ctx, f, nr, 0);
        rt = cg->voidt;
        p[n++] = cg->ptr;
    } else if (a->nret == 0) rt = cg->voidt;
    else if (a->nret == 1) rt = ret[0];
    else rt = LLVMStructTypeInContext(cg->ctx, ret, a->nret, 0);
    for (uint32_t i = 0; i < np; i++) {
        uint32_t first = n;
        bool big = type_is_large(params[i]);
        if (big) p[n++] = cg->ptr;
        else scalar_types(cg, params[i], p, &n);
        a->params[i] = (struct AbiParam){big, first, n - first};
    }
    if (ctx) p[n++] = cg->ptr;
    a->fn = LLVMFunctionType(rt, p, n, 0);
    return a;
}

Abi *abi_of(Cg *cg, Type *sig, bool ctx) {
    sig = under(sig);
    uint32_t np = sig->func.params.len, nr = sig->func.results.len;
    Type **p = NEW_ARRAY(Type *, np + 1), **r = NEW_ARRAY(Type *, nr + 1);
    for (uint32_t i = 0; i < np; i++) p[i] = sig->func.params.data[i]->type;
    for (uint32_t i = 0; i < nr; i++) r[i] = sig->func.results.data[i]->type;
    return abi_of_types(cg, p, np, r, nr, ctx);
}
