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

// A NULL-terminated list of the packages' initialisation, in order.
static LLVMValueRef init_list(Cg *cg) {
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    uint32_t n = 0;
    LLVMValueRef *f = NEW_ARRAY(LLVMValueRef, cg->opt->init_order.len + 1);
    for (uint32_t i = 0; i < cg->opt->init_order.len; i++) {
        Package *p = cg->opt->init_order.data[i];
        f[n++] = p == cg->unit->pkg && cg->unit->init
                     ? declare_func(cg, cg->unit->init)
                     : declare_symbol_func(cg, xsprintf("%s.init", package_symbol_path(p)), fn);
    }
    f[n++] = LLVMConstNull(cg->ptr);
    return LLVMConstArray2(cg->ptr, f, n);
}

// What the runtime starts the program by: each package's initialisation in order, main.main, and
// texts that only the main package knows.
void emit_main_tables(Cg *cg) {
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    LLVMValueRef list = init_list(cg);
    LLVMValueRef t = LLVMAddGlobal(cg->mod, LLVMTypeOf(list), "vole_inittasks"),
                 m = LLVMAddGlobal(cg->mod, cg->ptr, "vole_main_main");
    LLVMSetInitializer(t, list);
    LLVMSetInitializer(m, declare_symbol_func(cg, "main.main", fn));
    LLVMSetGlobalConstant(t, 1);
    LLVMSetGlobalConstant(m, 1);
    int level = cg->arm64 ? cg->opt->level.lse : cg->amd64_level;
    LLVMValueRef l = LLVMAddGlobal(cg->mod, cg->i32, "vole_cpu_level");
    LLVMSetInitializer(l, LLVMConstInt(cg->i32, (unsigned)level, 0));
    LLVMSetGlobalConstant(l, 1);
    emit_text(cg, "vole_goroot", cg->opt->goroot);
}

// ---- plugins ------------------------------------------------------------------------------------

static LLVMValueRef key_global(Cg *cg, const Package *p) {
    const char *symbol = xsprintf("vole_key:%s", package_symbol_path(p));
    return symbol_global(cg, symbol, cg->i8);
}

void emit_key(Cg *cg) {
    const char *key = cg->opt->key ? cg->opt->key : "";
    LLVMValueRef text = LLVMConstStringInContext2(cg->ctx, key, strlen(key), 0);
    LLVMSetGlobalConstant(define_global(cg, key_global(cg, cg->unit->pkg), text), 1);
}

// A C string.
static LLVMValueRef c_string(Cg *cg, const char *s) {
    return string_ref(cg, str_make(s, strlen(s) + 1));
}

// Names end with a NULL: rows of so many words each.
static LLVMValueRef table(Cg *cg, LLVMValueRef *words, uint32_t n, uint32_t row) {
    for (uint32_t i = 0; i < row; i++) words[n++] = LLVMConstNull(cg->ptr);
    LLVMValueRef list = LLVMConstArray2(cg->ptr, words, n),
                 g = LLVMAddGlobal(cg->mod, LLVMTypeOf(list), "");
    LLVMSetInitializer(g, list);
    LLVMSetLinkage(g, LLVMPrivateLinkage);
    LLVMSetGlobalConstant(g, 1);
    return g;
}

static LLVMValueRef plugin_symbols(Cg *cg) {
    const Package *p = cg->unit->pkg;
    LLVMValueRef *w = NEW_ARRAY(LLVMValueRef, 2 * (p->scope->objects.len + 1));
    uint32_t n = 0;
    for (vec_each(Object *, o, &p->scope->objects)) {
        bool var = (*o)->kind == O_VAR;
        if (!name_is_exported((*o)->name) ||
            (!var && ((*o)->kind != O_FUNC || (*o)->type->func.tparams)))
            continue;
        w[n++] = c_string(cg, (*o)->name);
        w[n++] = type_ref(cg, var ? type_pointer((*o)->type) : (*o)->type);
    }
    return table(cg, w, n, 2);
}

// Which packages it was built with, and the keys of those that are there when it is loaded.
static LLVMValueRef plugin_packages(Cg *cg) {
    const BackendOptions *o = cg->opt;
    LLVMValueRef *w = NEW_ARRAY(LLVMValueRef, 3 * (o->init_order.len + 1));
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->init_order.len; i++) {
        const Package *p = o->init_order.data[i];
        if (p == cg->unit->pkg) continue;
        w[n++] = c_string(cg, p->path);
        w[n++] = c_string(cg, o->init_keys.data[i]);
        w[n++] = key_global(cg, p);
    }
    return table(cg, w, n, 3);
}

// Of a section whose name is a C identifier, if there is one.
static LLVMValueRef bound(Cg *cg, const char *name) {
    LLVMValueRef g = symbol_global(cg, name, cg->i8);
    LLVMSetLinkage(g, LLVMExternalWeakLinkage);
    LLVMSetVisibility(g, LLVMHiddenVisibility);
    return g;
}

void emit_plugin(Cg *cg) {
    LLVMValueRef inits = init_list(cg), list = LLVMAddGlobal(cg->mod, LLVMTypeOf(inits), "");
    LLVMSetInitializer(list, inits);
    LLVMSetLinkage(list, LLVMPrivateLinkage);
    LLVMSetGlobalConstant(list, 1);
    LLVMValueRef fields[] = {LLVMConstNull(cg->ptr), // AbiPlugin's
                             c_string(cg, package_symbol_path(cg->unit->pkg)),
                             list,
                             plugin_symbols(cg),
                             plugin_packages(cg),
                             bound(cg, "__start_vole_typelinks"),
                             bound(cg, "__stop_vole_typelinks"),
                             bound(cg, "__start_vole_hop"),
                             bound(cg, "__stop_vole_hop"),
                             bound(cg, "__start_vole_asm"),
                             bound(cg, "__stop_vole_asm"),
                             LLVMConstNull(cg->ptr),
                             LLVMConstNull(cg->ptr)};
    LLVMValueRef record = LLVMConstArray2(cg->ptr, fields, sizeof fields / sizeof *fields);
    LLVMValueRef g = LLVMAddGlobal(cg->mod, LLVMTypeOf(record), "");
    LLVMSetInitializer(g, record);
    LLVMSetLinkage(g, LLVMInternalLinkage);
    // A constructor.
    LLVMTypeRef one = LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0),
                none = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    LLVMValueRef tell = LLVMAddFunction(cg->mod, "vole_plugin_loaded", one),
                 f = LLVMAddFunction(cg->mod, "vole_plugin_begin", none);
    LLVMSetLinkage(f, LLVMInternalLinkage);
    LLVMPositionBuilderAtEnd(cg->b, LLVMAppendBasicBlockInContext(cg->ctx, f, ""));
    LLVMBuildCall2(cg->b, one, tell, &g, 1, "");
    LLVMBuildRetVoid(cg->b);
    LLVMValueRef entry = LLVMAddGlobal(cg->mod, cg->ptr, "vole_plugin_constructor");
    LLVMSetInitializer(entry, f);
    LLVMSetLinkage(entry, LLVMInternalLinkage);
    LLVMSetSection(entry, ".init_array");
    vec_push(&cg->kept, entry);
}
