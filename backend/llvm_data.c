// llvm_data: globals, static data with relocations, string constants, static closures, itabs and
// the main program's tables.
//
// The collector scans .data and .bss. Pointer-free variables of some size go to a section of their
// own, or if they begin as zeros are listed in one (backend.h): it may skip them. Read-only data
// goes to .rodata, where nothing points into the heap.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>

enum { NOPTR_MIN_SIZE = 64, NOPTR_ZEROS_MIN_SIZE = 4096 };

// A constant, which the linker completes. The addend is in bytes.
static LLVMValueRef reloc_value(Cg *cg, Reloc *r) {
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
    return v;
}

// Bytes and pointers as one packed struct: runs of bytes between the relocated slots.
static LLVMValueRef initializer(Cg *cg, Data *d) {
    uint32_t n = 0;
    LLVMValueRef *parts = NEW_ARRAY(LLVMValueRef, d->relocs.len * 2 + 2);
    uint64_t at = 0;
    for (uint32_t i = 0; i <= d->relocs.len; i++) {
        uint64_t to = i < d->relocs.len ? d->relocs.data[i].offset : d->size;
        if (to > at) {
            const char *p = d->bytes ? (const char *)d->bytes + at : NULL;
            while (p && p < (const char *)d->bytes + to && !*p) p++;
            bool zero = !p || p == (const char *)d->bytes + to;
            parts[n++] =
                zero ? LLVMConstNull(LLVMArrayType2(cg->i8, to - at))
                     : LLVMConstStringInContext2(cg->ctx, (const char *)d->bytes + at, to - at, 1);
            at = to;
        }
        if (i == d->relocs.len) break;
        parts[n++] = reloc_value(cg, &d->relocs.data[i]);
        at += 8;
    }
    return LLVMConstStructInContext(cg->ctx, parts, n, 1);
}

// LLVM puts zeros into the file unless their section is .bss, so large ones stay there and are
// listed. The entry is kept if the variable is: they share a group of sections.
static void list_pointer_free(Cg *cg, LLVMValueRef g, const char *symbol, uint64_t size) {
    LLVMValueRef fields[] = {g, const_int(cg, (int64_t)size)},
                 init = LLVMConstStructInContext(cg->ctx, fields, 2, 0);
    // What is kept has a name.
    LLVMValueRef entry = LLVMAddGlobal(cg->mod, LLVMTypeOf(init), xsprintf("%s.zeros", symbol));
    LLVMSetInitializer(entry, init);
    LLVMSetLinkage(entry, LLVMPrivateLinkage);
    LLVMSetGlobalConstant(entry, 1);
    LLVMSetAlignment(entry, 8);
    LLVMSetSection(entry, "vole_noptrzeros");
    LLVMComdatRef group = LLVMGetOrInsertComdat(cg->mod, symbol);
    LLVMSetComdat(g, group);
    LLVMSetComdat(entry, group);
    vec_push(&cg->kept, entry);
}

bool emit_data(Cg *cg, Data *d) {
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, data_symbol(cg, d));
    if (g ? LLVMGetInitializer(g) != NULL : !d->symbol) return false;
    g = data_ref(cg, d);
    bool zero = !d->bytes && !d->relocs.len;
    g = define_global(cg, g,
                      zero ? LLVMConstNull(LLVMArrayType2(cg->i8, d->size)) : initializer(cg, d));
    if (d->readonly) {
        LLVMSetGlobalConstant(g, 1);
        if (!d->symbol) LLVMSetUnnamedAddress(g, LLVMGlobalUnnamedAddr);
    } else if (!d->has_pointers && !d->relocs.len && d->size >= NOPTR_MIN_SIZE)
        LLVMSetSection(g, "vole_noptrdata");
    return true;
}

// What the collector need not scan goes where it will not: constants to .rodata, variables without
// pointers to sections of their own.
void emit_global(Cg *cg, Global *g) {
    if (g->external || !type_size(g->type) || assembly_defines(cg, g->symbol)) return;
    LLVMValueRef v = global_ref(cg, g);
    if (LLVMGetInitializer(v)) return;
    uint32_t align = type_align_of(g->type);
    LLVMSetAlignment(v, align > 8 ? align : 8);
    bool has_init = g->init && (g->init->bytes || g->init->relocs.len);
    v = define_global(cg, v,
                      has_init ? initializer(cg, g->init) : LLVMConstNull(llvm_type(cg, g->type)));
    if (g->linkonce) set_linkonce(cg, v, g->symbol);
    const char *counters = cg->unit->pkg ? cg->unit->pkg->counters : NULL;
    if (g->readonly)
        LLVMSetGlobalConstant(v, 1);
    else if (counters && strstr(g->symbol, counters)) { // the runtime reads them as one array
        LLVMSetSection(v, "vole_covctrs");
        LLVMSetAlignment(v, sizeof(uint32_t));
    } else if (has_init && !g->init->relocs.len && !type_has_pointers(g->type) &&
               g->init->size >= NOPTR_MIN_SIZE)
        LLVMSetSection(v, "vole_noptrdata");
    else if (!has_init && !type_has_pointers(g->type) && type_size(g->type) >= NOPTR_ZEROS_MIN_SIZE)
        list_pointer_free(cg, v, g->symbol, type_size(g->type));
    debug_global(cg, g, v);
}

// Layout as internal/abi's ITab; the hash is the concrete type's, by which type switches dispatch.
bool emit_itab(Cg *cg, Itab *i) {
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, i->symbol);
    if (!g || LLVMGetInitializer(g)) return false;
    uint32_t n = 0;
    LLVMValueRef *f = NEW_ARRAY(LLVMValueRef, i->methods.len + 3);
    f[n++] = type_ref(cg, i->iface);
    f[n++] = type_ref(cg, i->concrete);
    f[n++] = LLVMConstIntToPtr(LLVMConstInt(cg->i64, descriptor_hash(i->concrete), 0), cg->ptr);
    for (vec_each(Func *, m, &i->methods)) f[n++] = declare_func(cg, *m);
    g = define_global(cg, g, LLVMConstArray2(cg->ptr, f, n));
    LLVMSetGlobalConstant(g, 1);
    LLVMSetAlignment(g, 8);
    set_linkonce(cg, g, i->symbol);
    return true;
}

static void emit_text(Cg *cg, const char *symbol, const char *text) {
    LLVMValueRef s =
        LLVMConstStringInContext2(cg->ctx, text ? text : "", text ? strlen(text) : 0, 0);
    LLVMValueRef g = LLVMAddGlobal(cg->mod, LLVMTypeOf(s), symbol);
    LLVMSetInitializer(g, s);
    LLVMSetGlobalConstant(g, 1);
}

// What the runtime starts the program by: each package's initialisation in order, main.main, and
// texts that only the main package knows.
void emit_main_tables(Cg *cg) {
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    uint32_t n = 0;
    LLVMValueRef *f = NEW_ARRAY(LLVMValueRef, cg->opt->init_order.len + 1);
    for (uint32_t i = 0; i < cg->opt->init_order.len; i++) {
        Package *p = cg->opt->init_order.data[i];
        f[n++] =
            p == cg->unit->pkg && cg->unit->init
                ? declare_func(cg, cg->unit->init)
                : declare_symbol_func(cg, xsprintf("%s.init", p->is_main ? "main" : p->path), fn);
    }
    f[n++] = LLVMConstNull(cg->ptr);
    LLVMValueRef t = LLVMAddGlobal(cg->mod, LLVMArrayType2(cg->ptr, n), "vole_inittasks"),
                 m = LLVMAddGlobal(cg->mod, cg->ptr, "vole_main_main");
    LLVMSetInitializer(t, LLVMConstArray2(cg->ptr, f, n));
    LLVMSetInitializer(m, declare_symbol_func(cg, "main.main", fn));
    LLVMSetGlobalConstant(t, 1);
    LLVMSetGlobalConstant(m, 1);
    int level = cg->arm64 ? cg->opt->level.lse : cg->amd64_level;
    LLVMValueRef l = LLVMAddGlobal(cg->mod, cg->i32, "vole_cpu_level");
    LLVMSetInitializer(l, LLVMConstInt(cg->i32, (unsigned)level, 0));
    LLVMSetGlobalConstant(l, 1);
    emit_text(cg, "vole_goroot", cg->opt->goroot);
}
