// llvm_symbol: what has a name: declared when it is first referred to, defined later or elsewhere.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>

// ---- functions ----------------------------------------------------------------------------------

LLVMValueRef declare_symbol_func(Cg *cg, const char *symbol, LLVMTypeRef fn) {
    LLVMValueRef f = LLVMGetNamedFunction(cg->mod, symbol);
    if (f) return f;
    f = LLVMAddFunction(cg->mod, symbol, fn);
    LLVMSetFunctionCallConv(f, SWIFTCC);
    return f;
}

LLVMValueRef declare_func(Cg *cg, Func *f) {
    LLVMValueRef v = LLVMGetNamedFunction(cg->mod, f->symbol);
    if (v) return v;
    Abi *a = abi_of(cg, f->sig, f->needs_ctx, false);
    v = declare_symbol_func(cg, f->symbol, a->fn);
    abi_attributes(cg, a, v, false);
    LLVMAddAttributeAtIndex(v, FUNCTION, cg->a_nounwind);
    if (func_is(f->symbol, FUNC_NORETURN)) {
        LLVMAddAttributeAtIndex(v, FUNCTION, cg->a_noreturn);
        LLVMAddAttributeAtIndex(v, FUNCTION, cg->a_cold);
    }
    return v;
}

LLVMValueRef intrinsic(Cg *cg, const char *name, LLVMTypeRef *over, unsigned nover,
                       LLVMValueRef *args, unsigned n) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    if (!id) ice("no LLVM intrinsic %s", name);
    LLVMValueRef f = LLVMGetIntrinsicDeclaration(cg->mod, id, over, nover);
    return LLVMBuildCall2(cg->b, LLVMIntrinsicGetType(cg->ctx, id, over, nover), f, args, n, "");
}

// ---- data ---------------------------------------------------------------------------------------

LLVMValueRef symbol_global(Cg *cg, const char *name, LLVMTypeRef t) {
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    return g ? g : LLVMAddGlobal(cg->mod, t, name);
}

// The runtime's. A library's lie where the C library had room left when it started.
void set_thread_local(Cg *cg, LLVMValueRef g) {
    LLVMSetThreadLocalMode(g, cg->opt->pic ? LLVMInitialExecTLSModel : LLVMLocalExecTLSModel);
    if (!cg->opt->pic) LLVMSetVisibility(g, LLVMHiddenVisibility);
}

void set_linkonce(Cg *cg, LLVMValueRef g, const char *symbol) {
    LLVMSetLinkage(g, LLVMLinkOnceODRLinkage);
    LLVMSetComdat(g, LLVMGetOrInsertComdat(cg->mod, symbol));
}

// Gives a declared variable its value. What refers to it refers by name and address only, so a
// variable of the initialiser's type takes its place.
LLVMValueRef define_global(Cg *cg, LLVMValueRef old, LLVMValueRef init) {
    if (LLVMGlobalGetValueType(old) == LLVMTypeOf(init)) {
        LLVMSetInitializer(old, init);
        return old;
    }
    size_t n;
    const char *name = LLVMGetValueName2(old, &n);
    char *keep = xstrndup(name, n);
    LLVMValueRef g = LLVMAddGlobal(cg->mod, LLVMTypeOf(init), "");
    LLVMSetInitializer(g, init);
    LLVMSetAlignment(g, LLVMGetAlignment(old) ? LLVMGetAlignment(old) : 8);
    LLVMSetLinkage(g, LLVMGetLinkage(old));
    LLVMReplaceAllUsesWith(old, g);
    LLVMDeleteGlobal(old);
    LLVMSetValueName2(g, keep, n);
    return g;
}

// Variables without size are all one.
LLVMValueRef global_ref(Cg *cg, Global *g) {
    if (!type_size(g->type)) return symbol_global(cg, "runtime.zerobase", cg->i64);
    return symbol_global(cg, g->symbol, llvm_type(cg, g->type));
}

LLVMValueRef string_ref(Cg *cg, Str s) {
    Name key = intern(s.p, s.len);
    LLVMValueRef g = ptrmap_get(&cg->strings, key);
    if (g) return g;
    LLVMValueRef text = LLVMConstStringInContext2(cg->ctx, s.p, s.len, 1);
    g = LLVMAddGlobal(cg->mod, LLVMTypeOf(text), "");
    LLVMSetInitializer(g, text);
    LLVMSetLinkage(g, LLVMPrivateLinkage);
    LLVMSetGlobalConstant(g, 1);
    LLVMSetUnnamedAddress(g, LLVMGlobalUnnamedAddr);
    LLVMSetAlignment(g, 1);
    ptrmap_put(&cg->strings, key, g);
    return g;
}

LLVMValueRef linkonce_constant(Cg *cg, const char *symbol, LLVMValueRef init, unsigned align) {
    LLVMValueRef g = LLVMAddGlobal(cg->mod, LLVMTypeOf(init), symbol);
    LLVMSetInitializer(g, init);
    LLVMSetGlobalConstant(g, 1);
    if (align) LLVMSetAlignment(g, align);
    set_linkonce(cg, g, symbol);
    return g;
}

LLVMValueRef funcval_ref(Cg *cg, Func *f) {
    const char *name = xsprintf("%s·f", f->symbol);
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    return g ? g : linkonce_constant(cg, name, declare_func(cg, f), 8);
}

const char *data_symbol(Cg *cg, Data *d) {
    return d->symbol ? d->symbol : xsprintf("%s..stmp_%u", cg->unit->pkg->path, d->id);
}

LLVMValueRef data_ref(Cg *cg, Data *d) {
    if (!d->size && !d->symbol) return symbol_global(cg, "runtime.zerobase", cg->i64);
    const char *name = data_symbol(cg, d);
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    if (g) return g;
    g = LLVMAddGlobal(cg->mod, LLVMArrayType2(cg->i8, d->size), name);
    if (!d->symbol) LLVMSetLinkage(g, LLVMInternalLinkage);
    LLVMSetAlignment(g, d->align > 8   ? (unsigned)d->align
                        : d->size >= 8 ? 8
                        : d->align     ? (unsigned)d->align
                                       : 1);
    return g;
}

LLVMValueRef itab_ref(Cg *cg, Itab *i) {
    return symbol_global(cg, i->symbol, LLVMArrayType2(cg->ptr, 3 + i->methods.len));
}

// ---- types --------------------------------------------------------------------------------------

const char *type_symbol(Type *t) { return xsprintf("type:%s", type_link_string(t)); }

LLVMValueRef type_ref(Cg *cg, Type *t) {
    t = types_canonical(t);
    LLVMValueRef g = ptrmap_get(&cg->types_seen, t);
    if (g) return LLVMGetNamedGlobal(cg->mod, (const char *)g);
    const char *symbol = type_symbol(t);
    ptrmap_put(&cg->types_seen, t, (void *)symbol);
    vec_push(&cg->types, t);
    LLVMValueRef d = symbol_global(cg, symbol, cg->i8);
    LLVMSetLinkage(d, LLVMExternalLinkage); // no longer weak, if it was
    return d;
}

uint32_t descriptor_hash(Type *t) {
    const char *s = type_link_string(t);
    uint64_t h = hash_bytes(s, strlen(s), 0);
    return (uint32_t)(h ^ h >> 32);
}
