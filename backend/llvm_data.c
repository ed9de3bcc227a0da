// llvm_data: globals, static data with relocations, string constants, static closures, itabs and the main program's tables.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>

LLVMValueRef symbol_global(Cg *cg, const char *name, LLVMTypeRef t) {
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    return g ? g : LLVMAddGlobal(cg->mod, t, name);
}

static void linkonce(Cg *cg, LLVMValueRef g, const char *name) {
    LLVMSetLinkage(g, LLVMLinkOnceODRLinkage);
    LLVMSetComdat(g, LLVMGetOrInsertComdat(cg->mod, name));
}

LLVMValueRef global_ref(Cg *cg, Global *g) { return symbol_global(cg, g->symbol, llvm_type(cg, g->type)); }

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

LLVMValueRef funcval_ref(Cg *cg, Func *f) {
    const char *name = xsprintf("%s·f", f->symbol);
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    if (g) return g;
    g = LLVMAddGlobal(cg->mod, cg->ptr, name);
    LLVMSetInitializer(g, declare_func(cg, f));
    LLVMSetGlobalConstant(g, 1);
    linkonce(cg, g, name);
    return g;
}

// Bytes and pointers as one packed struct: runs of bytes between the relocated slots.
static LLVMValueRef initializer(Cg *cg, Data *d) {
    uint32_t n = 0;
    LLVMValueRef *parts = NEW_ARRAY(LLVMValueRef, d->relocs.len * 2 + 2);
    uint64_t at = 0;
    for (uint32_t i = 0; i <= d->relocs.len; i++) {
        uint64_t to = i < d->relocs.len ? d->relocs.data[i].offset : d->size;
        if (to > at) {
            parts[n++] = d->bytes ? LLVMConstStringInContext2(cg->ctx, (const char *)d->bytes + at, to - at, 1) : LLVMConstNull(LLVMArrayType2(cg->i8, to - at));
            at = to;
        }
        if (i == d->relocs.len) break;
        Reloc *r = &d->relocs.data[i];
        LLVMValueRef v = NULL;
        switch (r->kind) {
        case RELOC_GLOBAL: v = global_ref(cg, r->global); break;
        case RELOC_FUNCVAL: v = funcval_ref(cg, r->func); break;
        case RELOC_CODE: v = declare_func(cg, r->func); break;
        case RELOC_STRING: v = string_ref(cg, r->str); break;
        case RELOC_TYPE: v = type_ref(cg, r->type); break;
        case RELOC_ITAB: v = itab_ref(cg, r->itab); break;
        case RELOC_DATA: v = data_ref(cg, r->data); break;
        }
        if (r->addend) {
            LLVMValueRef off = const_int(cg, r->addend);
            v = LLVMConstGEP2(cg->i8, v, &off, 1);
        }
        parts[n++] = v;
        at += 8;
    }
    return LLVMConstStructInContext(cg->ctx, parts, n, 1);
}

LLVMValueRef data_ref(Cg *cg, Data *d) {
    const char *name = d->symbol ? d->symbol : xsprintf("%s..stmp_%u", cg->unit->pkg->path, d->id);
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, name);
    if (g) return g;
    // Declared with its final type at once: the initialiser may refer back to it.
    g = LLVMAddGlobal(cg->mod, LLVMArrayType2(cg->i8, d->size), name);
    if (!d->symbol) LLVMSetLinkage(g, LLVMInternalLinkage);
    LLVMSetAlignment(g, d->align ? (unsigned)d->align : 8);
    return g;
}

// A global is declared by size; what it holds is only known later, so it is replaced by one of the initialiser's type.
static void define(Cg *cg, LLVMValueRef old, LLVMValueRef init) {
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
}

void emit_data(Cg *cg, Data *d) {
    LLVMValueRef g = data_ref(cg, d);
    if (!d->bytes && !d->relocs.len) {
        LLVMSetInitializer(g, LLVMConstNull(LLVMArrayType2(cg->i8, d->size)));
        return;
    }
    define(cg, g, initializer(cg, d));
}

void emit_global(Cg *cg, Global *g) {
    if (g->external) return;
    LLVMValueRef v = global_ref(cg, g);
    LLVMSetAlignment(v, type_align(g->type) > 8 ? (unsigned)type_align(g->type) : 8);
    if (g->linkonce) linkonce(cg, v, g->symbol);
    if (g->init && (g->init->bytes || g->init->relocs.len)) define(cg, v, initializer(cg, g->init));
    else LLVMSetInitializer(v, LLVMConstNull(llvm_type(cg, g->type)));
}

LLVMValueRef itab_ref(Cg *cg, Itab *i) { return symbol_global(cg, i->symbol, LLVMArrayType2(cg->ptr, 3 + i->methods.len)); }

void emit_itab(Cg *cg, Itab *i) {
    LLVMValueRef g = itab_ref(cg, i);
    if (LLVMGetInitializer(g)) return;
    uint32_t n = 0;
    LLVMValueRef *f = NEW_ARRAY(LLVMValueRef, i->methods.len + 3);
    f[n++] = type_ref(cg, i->iface);
    f[n++] = type_ref(cg, i->concrete);
    f[n++] = LLVMConstIntToPtr(LLVMConstInt(cg->i64, (uint32_t)type_hash(i->concrete), 0), cg->ptr);
    for (vec_each(Func *, m, &i->methods)) f[n++] = declare_func(cg, *m);
    LLVMSetInitializer(g, LLVMConstArray2(cg->ptr, f, n));
    LLVMSetGlobalConstant(g, 1);
    linkonce(cg, g, i->symbol);
}

void emit_main_tables(Cg *cg) {
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    uint32_t n = 0;
    LLVMValueRef *f = NEW_ARRAY(LLVMValueRef, cg->opt->init_order.len + 1);
    for (uint32_t i = 0; i < cg->opt->init_order.len; i++) {
        Package *p = cg->opt->init_order.data[i];
        f[n++] = p == cg->unit->pkg && cg->unit->init ? declare_func(cg, cg->unit->init)
                                                      : declare_symbol_func(cg, xsprintf("%s..init", p->is_main ? "main" : p->path), fn);
    }
    f[n++] = LLVMConstNull(cg->ptr);
    LLVMValueRef t = LLVMAddGlobal(cg->mod, LLVMArrayType2(cg->ptr, n), "vole_inittasks"), m = LLVMAddGlobal(cg->mod, cg->ptr, "vole_main_main");
    LLVMSetInitializer(t, LLVMConstArray2(cg->ptr, f, n));
    LLVMSetInitializer(m, declare_symbol_func(cg, "main.main", fn));
    LLVMSetGlobalConstant(t, 1);
    LLVMSetGlobalConstant(m, 1);
}
