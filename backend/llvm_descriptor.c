// llvm_descriptor: type descriptors, byte for byte as internal/abi lays them out (runtime/abi.h),
// linkonce by type. Names, types and code are referred to by absolute 32-bit addresses: executables
// lie below 2 GiB. In position independent code (runtime/abi.h) names are by their distance from the
// descriptor, types and code by that of a word that has the address, which the dynamic linker fills
// in: a plugin's types are its host's.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>

static LLVMValueRef i32(Cg *cg, uint32_t v) { return LLVMConstInt(cg->i32, v, 0); }

static LLVMValueRef distance(Cg *cg, LLVMValueRef base, LLVMValueRef p) {
    LLVMValueRef d = LLVMConstSub(LLVMConstPtrToInt(p, cg->i64), LLVMConstPtrToInt(base, cg->i64));
    return LLVMConstTrunc(d, cg->i32);
}

// As base, the start of the data that it stands in, refers to a name.
static LLVMValueRef name32(Cg *cg, LLVMValueRef base, LLVMValueRef p) {
    if (!p) return i32(cg, 0);
    return cg->opt->pic ? distance(cg, base, p) : LLVMConstPtrToInt(p, cg->i32);
}

// To a type or a function.
static LLVMValueRef addr32(Cg *cg, LLVMValueRef base, LLVMValueRef p) {
    size_t n;
    if (!p) return i32(cg, 0);
    if (!cg->opt->pic) return LLVMConstPtrToInt(p, cg->i32);
    const char *symbol = xsprintf("ref:%s", LLVMGetValueName2(p, &n));
    LLVMValueRef word = LLVMGetNamedGlobal(cg->mod, symbol);
    if (!word) {
        word = linkonce_constant(cg, symbol, p, 8);
        LLVMSetVisibility(word, LLVMHiddenVisibility);
    }
    return distance(cg, base, word);
}

// As encoding/binary's Uvarint: seven bits a byte, the highest says that more follow.
static void varint(Buf *b, size_t v) {
    for (; v > 127; v >>= 7) buf_putc(b, (char)((v & 127) | 128));
    buf_putc(b, (char)v);
}

// A name: flags, varint length, bytes, then the tag's length and bytes.
static void write_name(Buf *b, const char *name, const char *tag, size_t ntag, uint8_t flags) {
    buf_putc(b, (char)(flags | (ntag ? 2 : 0)));
    varint(b, strlen(name));
    buf_puts(b, name);
    if (!ntag) return;
    varint(b, ntag);
    buf_write(b, tag, ntag);
}

// A name of its own, shared across units by content; at its end the package path's name where it is
// not its type's own.
static LLVMValueRef name_in(Cg *cg, const char *name, bool exported, Package *pkg) {
    Buf b = {0};
    write_name(&b, name, NULL, 0, (exported ? 1 : 0) | (pkg ? 4 : 0));
    size_t n = b.len;
    if (pkg) buf_puts(&b, package_symbol_path(pkg)); // only for the symbol's hash
    const char *symbol =
        xsprintf("type:.namedata.%016llx", (unsigned long long)hash_bytes(b.p, b.len, n));
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, symbol);
    if (g) return g;
    LLVMValueRef parts[2] = {LLVMConstStringInContext2(cg->ctx, b.p, n, 1)};
    LLVMValueRef decl = symbol_global(cg, symbol, cg->i8);
    if (pkg) parts[1] = name32(cg, decl, name_in(cg, package_symbol_path(pkg), false, NULL));
    LLVMValueRef init = LLVMConstStructInContext(cg->ctx, parts, pkg ? 2 : 1, 1);
    g = define_global(cg, decl, init);
    LLVMSetGlobalConstant(g, 1);
    LLVMSetAlignment(g, 1);
    set_linkonce(cg, g, symbol);
    if (cg->opt->pic) LLVMSetVisibility(g, LLVMHiddenVisibility);
    return g;
}

static LLVMValueRef alg(Cg *cg, const char *code, LLVMValueRef arg, const char *symbol) {
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, symbol);
    if (g) return g;
    LLVMTypeRef fn = LLVMFunctionType(cg->voidt, NULL, 0, 0);
    LLVMValueRef f[] = {declare_symbol_func(cg, code, fn), arg},
                 init = LLVMConstStructInContext(cg->ctx, f, 2, 0);
    return linkonce_constant(cg, symbol, init, 0);
}

// The runtime's function for values of t: by size for plain memory, by kind, or else the one that
// walks the descriptor.
static LLVMValueRef algorithm(Cg *cg, Type *t, bool hash) {
    if (!type_comparable_p(t, true, NULL)) return LLVMConstNull(cg->ptr);
    static const char *const sized[] = {[0] = "0",  [1] = "8",  [2] = "16",
                                        [4] = "32", [8] = "64", [16] = "128"};
    int64_t size = type_size(t);
    const char *what = NULL, *verb = hash ? "hash" : "equal";
    if (type_is_plain_memory(t)) {
        if (size <= 16 && sized[size])
            what = xsprintf("mem%s%s", verb, sized[size]);
        else
            return alg(cg, xsprintf("runtime.mem%s_varlen", verb), const_int(cg, size),
                       xsprintf("type:.mem%s_varlen%lld", verb, (long long)size));
    } else {
        switch (under(t)->kind) {
        case T_STRING: what = xsprintf("str%s", verb); break;
        case T_FLOAT32: what = xsprintf("f32%s", verb); break;
        case T_FLOAT64: what = xsprintf("f64%s", verb); break;
        case T_COMPLEX64: what = xsprintf("c64%s", verb); break;
        case T_COMPLEX128: what = xsprintf("c128%s", verb); break;
        case T_INTERFACE:
            what = xsprintf("%sinter%s", interface_is_empty(under(t)) ? "nil" : "", verb);
            break;
        default: break;
        }
    }
    if (what)
        return alg(cg, xsprintf("runtime.%s", what), const_int(cg, 0), xsprintf("type:.%s", what));
    return alg(cg, xsprintf("runtime.type%s_closure", verb), type_ref(cg, t),
               xsprintf("type:.%s.%s", hash ? "hash" : "eq", type_link_string(t)));
}

static LLVMValueRef gc_mask(Cg *cg, Type *t, int64_t ptrdata) {
    if (!ptrdata || ptrdata > 64 * 1024)
        // The collector is conservative; only reflect looks, at small ones.
        return LLVMConstNull(cg->ptr);
    size_t n = (size_t)(ptrdata / 8 + 7) / 8;
    uint8_t *bits = NEW_ARRAY(uint8_t, n + 8);
    type_pointer_bits(t, 0, bits);
    return string_ref(cg, str_make((const char *)bits, n));
}

static uint8_t kind_of(Type *u) {
    // clang-format off
    static const uint8_t kinds[T_KIND_COUNT] = {
        [T_BOOL] = ABI_BOOL, [T_INT] = ABI_INT, [T_INT8] = ABI_INT8, [T_INT16] = ABI_INT16, [T_INT32] = ABI_INT32, [T_INT64] = ABI_INT64,
        [T_UINT] = ABI_UINT, [T_UINT8] = ABI_UINT8, [T_UINT16] = ABI_UINT16, [T_UINT32] = ABI_UINT32, [T_UINT64] = ABI_UINT64,
        [T_UINTPTR] = ABI_UINTPTR, [T_FLOAT32] = ABI_FLOAT32, [T_FLOAT64] = ABI_FLOAT64, [T_COMPLEX64] = ABI_COMPLEX64,
        [T_COMPLEX128] = ABI_COMPLEX128, [T_ARRAY] = ABI_ARRAY, [T_CHAN] = ABI_CHAN, [T_FUNC] = ABI_FUNC, [T_INTERFACE] = ABI_INTERFACE,
        [T_MAP] = ABI_MAP, [T_POINTER] = ABI_POINTER, [T_SLICE] = ABI_SLICE, [T_STRING] = ABI_STRING, [T_STRUCT] = ABI_STRUCT,
        [T_UNSAFEPTR] = ABI_UNSAFE_POINTER};
    // clang-format on
    return kinds[u->kind];
}

typedef struct Fields {
    LLVMValueRef v[64]; // a map type's header and extension are the longest, with 23
    uint32_t n;
} Fields;
static void add(Fields *f, LLVMValueRef v) { f->v[f->n++] = v; }

static LLVMValueRef pkg_path(Cg *cg, Package *p) {
    return p ? name_in(cg, package_symbol_path(p), false, NULL) : NULL;
}

// The fields of internal/abi's Type, in its order; the second alignment is that of a field.
static void header(Cg *cg, Fields *f, LLVMValueRef decl, Type *T, uint8_t tflag, const char *text,
                   bool exported, LLVMValueRef equal, LLVMValueRef ptr_to_this) {
    int64_t ptrdata = type_ptrdata(T);
    add(f, const_int(cg, type_size(T)));
    add(f, const_int(cg, ptrdata));
    add(f, i32(cg, descriptor_hash(T)));
    add(f, LLVMConstInt(cg->i8, tflag, 0));
    add(f, LLVMConstInt(cg->i8, type_align_of(T), 0));
    add(f, LLVMConstInt(cg->i8, type_align_of(T), 0));
    add(f, LLVMConstInt(cg->i8, kind_of(under(T)), 0));
    add(f, equal);
    add(f, gc_mask(cg, T, ptrdata));
    add(f, name32(cg, decl, name_in(cg, text, exported, NULL)));
    add(f, addr32(cg, decl, ptr_to_this));
}

// Only the map code sees a group's descriptor, and allocates by it: it needs no fields.
static LLVMValueRef group_ref(Cg *cg, Type *map, Type *group) {
    const char *text = xsprintf("map.group[%s]%s", type_link_string(map->map.key),
                                type_link_string(map->map.elem));
    const char *symbol = xsprintf("type:noalg.%s", text);
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, symbol);
    if (g) return g;
    Fields f = {0};
    LLVMValueRef decl = symbol_global(cg, symbol, cg->i8);
    header(cg, &f, decl, group, 0, "map.group", false, LLVMConstNull(cg->ptr), NULL);
    add(&f, LLVMConstNull(cg->ptr));
    add(&f, LLVMConstNull(cg->ptr));
    add(&f, const_int(cg, 0));
    add(&f, const_int(cg, 0));
    g = define_global(cg, decl, LLVMConstStructInContext(cg->ctx, f.v, f.n, 0));
    LLVMSetGlobalConstant(g, 1);
    LLVMSetAlignment(g, 8);
    set_linkonce(cg, g, symbol);
    return g;
}

static LLVMValueRef part_at(Cg *cg, LLVMValueRef decl, int64_t offset) {
    LLVMValueRef bytes = const_int(cg, offset);
    return LLVMConstGEP2(cg->i8, decl, &bytes, 1);
}

// What follows the header: fields, types that follow the uncommon part (tail), and what ends the
// whole, at `end` bytes into decl: an array, and the names of a struct's fields.
static LLVMValueRef extension(Cg *cg, Type *t, Fields *f, LLVMValueRef *tail, uint32_t *ntail,
                              LLVMValueRef decl, int64_t end, Buf *names) {
    LLVMValueRef array = NULL, at = part_at(cg, decl, end);
    switch (t->kind) {
    case T_ARRAY:
        add(f, type_ref(cg, t->array.elem));
        add(f, type_ref(cg, type_slice(t->array.elem)));
        add(f, const_int(cg, t->array.len));
        break;
    case T_CHAN:
        add(f, type_ref(cg, t->chan.elem));
        add(f, const_int(cg, t->chan.dir));
        break;
    case T_SLICE:
    case T_POINTER: add(f, type_ref(cg, t->slice.elem)); break;
    case T_FUNC:
        add(f, LLVMConstInt(cg->i16, t->func.params.len, 0));
        add(f, LLVMConstInt(cg->i16, t->func.results.len | (t->func.variadic ? 0x8000u : 0), 0));
        add(f, i32(cg, 0));
        for (vec_each(Object *, p, &t->func.params)) tail[(*ntail)++] = type_ref(cg, (*p)->type);
        for (vec_each(Object *, p, &t->func.results)) tail[(*ntail)++] = type_ref(cg, (*p)->type);
        break;
    case T_INTERFACE: {
        TypeSet *s = interface_typeset(t);
        Package *pkg = NULL;
        LLVMValueRef *m = NEW_ARRAY(LLVMValueRef, s->methods.len + 1);
        for (uint32_t i = 0; i < s->methods.len; i++) {
            Object *o = s->methods.data[i];
            bool ex = name_is_exported(o->name);
            if (!ex) pkg = o->pkg;
            LLVMValueRef e[] = {name32(cg, decl, name_in(cg, o->name, ex, NULL)),
                                addr32(cg, decl, type_ref(cg, o->type))};
            m[i] = LLVMConstStructInContext(cg->ctx, e, 2, 0);
        }
        add(f, pkg ? pkg_path(cg, pkg) : LLVMConstNull(cg->ptr));
        if (s->methods.len) array = LLVMConstArray2(LLVMTypeOf(m[0]), m, s->methods.len);
        add(f, array ? at : LLVMConstNull(cg->ptr));
        add(f, const_int(cg, s->methods.len));
        add(f, const_int(cg, s->methods.len));
        break;
    }
    case T_MAP: {
        Type *g = map_group_type(t), *slots = g->strukt.fields.data[1]->type,
             *slot = slots->array.elem;
        int64_t stride = type_size(slot), eo = type_field_offset(slot, 1),
                so = type_field_offset(g, 1);
        uint32_t flags = (type_key_needs_update(t->map.key) ? 1u : 0) |
                         (type_hash_might_panic(t->map.key) ? 2u : 0) |
                         (type_size(t->map.key) > ABI_MAP_MAX_INLINE ? 4u : 0) |
                         (type_size(t->map.elem) > ABI_MAP_MAX_INLINE ? 8u : 0);
        add(f, type_ref(cg, t->map.key));
        add(f, type_ref(cg, t->map.elem));
        add(f, group_ref(cg, t, g));
        add(f, algorithm(cg, t->map.key, true));
        int64_t numbers[] = {type_size(g), so, stride, so + eo, stride, eo};
        for (int i = 0; i < 6; i++) add(f, const_int(cg, numbers[i]));
        add(f, i32(cg, flags));
        add(f, i32(cg, 0));
        break;
    }
    case T_STRUCT: {
        uint32_t n = t->strukt.fields.len;
        Package *pkg = NULL;
        LLVMValueRef *m = NEW_ARRAY(LLVMValueRef, n + 1);
        for (uint32_t i = 0; i < n; i++) {
            Object *o = t->strukt.fields.data[i];
            bool ex = name_is_exported(o->name);
            if (!ex) pkg = o->pkg;
            size_t nt = t->strukt.tags ? t->strukt.tag_lens[i] : 0;
            int64_t name = end + n * (int64_t)sizeof(AbiStructField) + (int64_t)names->len;
            write_name(names, o->name, nt ? t->strukt.tags[i] : NULL, nt,
                       (ex ? 1 : 0) | (o->embedded ? 8 : 0));
            LLVMValueRef e[] = {part_at(cg, decl, name), type_ref(cg, o->type),
                                const_int(cg, type_field_offset(t, i))};
            m[i] = LLVMConstStructInContext(cg->ctx, e, 3, 0);
        }
        add(f, pkg ? pkg_path(cg, pkg) : LLVMConstNull(cg->ptr));
        if (n) array = LLVMConstArray2(LLVMTypeOf(m[0]), m, n);
        add(f, array ? at : LLVMConstNull(cg->ptr));
        add(f, const_int(cg, n));
        add(f, const_int(cg, n));
        break;
    }
    default: break;
    }
    return array;
}

// The pointer type's descriptor if the program has one: else the weak reference is 0, and reflect
// makes one.
static LLVMValueRef pointer_to(Cg *cg, Type *T) {
    if (pointer_comes_along(T)) return type_ref(cg, types_canonical(type_pointer(T)));
    // Of another module's it would not be known; reflect asks for types by their text as well.
    if (cg->opt->pic) return NULL;
    const char *symbol = xsprintf("type:*%s", type_link_string(T));
    LLVMValueRef g = LLVMGetNamedGlobal(cg->mod, symbol);
    if (g) return g;
    g = LLVMAddGlobal(cg->mod, cg->i8, symbol);
    LLVMSetLinkage(g, LLVMExternalWeakLinkage);
    return g;
}

// What reflect and the itabs that are made at run time call. *xcount: how many are exported.
static LLVMValueRef method_table(Cg *cg, LLVMValueRef decl, TypeInfo *info, Package *pkg,
                                 uint32_t *xcount) {
    uint32_t n = info ? info->methods.len : 0;
    LLVMTypeRef four[] = {cg->i32, cg->i32, cg->i32, cg->i32},
                mt = LLVMStructTypeInContext(cg->ctx, four, 4, 0);
    LLVMValueRef *m = NEW_ARRAY(LLVMValueRef, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        MethodEntry *e = &info->methods.data[i];
        bool exported = name_is_exported(e->obj->name);
        *xcount += exported;
        Package *other = exported || e->obj->pkg == pkg ? NULL : e->obj->pkg;
        LLVMValueRef v[] = {name32(cg, decl, name_in(cg, e->obj->name, exported, other)),
                            addr32(cg, decl, e->mtyp ? type_ref(cg, e->mtyp) : NULL),
                            addr32(cg, decl, e->ifn ? declare_func(cg, e->ifn) : NULL),
                            addr32(cg, decl, e->tfn ? declare_func(cg, e->tfn) : NULL)};
        m[i] = LLVMConstStructInContext(cg->ctx, v, 4, 0);
    }
    return LLVMConstArray2(mt, m, n);
}

// An entry in the table of types that reflect may find by their text: `[]T`, `map[K]V` and the
// like. It shares the descriptor's comdat.
static void typelink(Cg *cg, LLVMValueRef descriptor, const char *symbol) {
    LLVMValueRef l = LLVMAddGlobal(cg->mod, cg->ptr, xsprintf("%s.link", symbol));
    LLVMSetInitializer(l, descriptor);
    LLVMSetLinkage(l, LLVMPrivateLinkage);
    LLVMSetGlobalConstant(l, 1);
    LLVMSetAlignment(l, 8);
    LLVMSetSection(l, "vole_typelinks");
    LLVMSetComdat(l, LLVMGetOrInsertComdat(cg->mod, symbol));
    vec_push(&cg->kept, l);
}

static bool may_have_methods(Type *T) {
    if (as_named(T)) return true;
    Type *t = under(T);
    if (t->kind == T_POINTER) return as_named(t->pointer.elem) || may_have_methods(t->pointer.elem);
    if (t->kind == T_STRUCT)
        for (vec_each(Object *, f, &t->strukt.fields))
            if ((*f)->embedded) return true;
    return false;
}

// Declared by this package, or a pointer to such a type: described here for all packages
// (unit_need_type).
bool type_is_owned(Cg *cg, Type *t) {
    Type *n = as_named(t->kind == T_POINTER ? t->pointer.elem : t);
    return n && !n->named.targs && !n->named.local_in && n->named.obj->pkg == cg->unit->pkg;
}

// The descriptor is one packed object, since reflect finds the parts by offsets: header and
// fields, then uncommon part, parameter types and methods, at last the fields' or interface
// methods' array, and the fields' names.
static void emit_type(Cg *cg, Type *T) {
    const char *symbol = type_symbol(T);
    Type *t = under(T), *named = as_named(T);
    TypeInfo *info = ptrmap_get(&cg->unit->type_infos, T);
    // Only who knows its methods may define a type that can have some.
    if (!info && may_have_methods(T)) return;
    uint32_t nm = info ? info->methods.len : 0;
    bool uncommon = named || nm || T == BASIC(UNSAFEPTR);
    bool plain = type_comparable_p(T, true, NULL) && type_is_plain_memory(T);
    uint8_t tflag = (uint8_t)((uncommon ? ABI_TFLAG_UNCOMMON : 0) |
                              (named || t->kind <= T_UNSAFEPTR ? ABI_TFLAG_NAMED : 0) |
                              (plain ? ABI_TFLAG_REGULAR_MEMORY : 0) |
                              (type_is_direct_iface(T) ? ABI_TFLAG_DIRECT_IFACE : 0));
    Fields f = {0};
    Type *n = as_named(T->kind == T_POINTER ? T->pointer.elem : T);
    LLVMValueRef parts[6], decl = symbol_global(cg, symbol, cg->i8);
    header(cg, &f, decl, T, tflag, type_runtime_string(T),
           n && name_is_exported(n->named.obj->name), algorithm(cg, T, false), pointer_to(cg, T));
    LLVMValueRef *tail = NEW_ARRAY(
        LLVMValueRef, t->kind == T_FUNC ? t->func.params.len + t->func.results.len + 1 : 1);
    uint32_t ntail = 0, np = 0, xcount = 0;
    int64_t end = (int64_t)sizeof(AbiStructType) +
                  (uncommon ? (int64_t)sizeof(AbiUncommon) + nm * (int64_t)sizeof(AbiMethod) : 0);
    Buf names = {0};
    LLVMValueRef array = extension(cg, t, &f, tail, &ntail, decl, end, &names);
    parts[np++] = LLVMConstStructInContext(cg->ctx, f.v, f.n, 0);
    if (uncommon) {
        Package *pkg = named                   ? named->named.obj->pkg
                       : T == BASIC(UNSAFEPTR) ? package_unsafe
                                               : NULL;
        if (!pkg && t->kind == T_POINTER && as_named(t->pointer.elem))
            pkg = as_named(t->pointer.elem)->named.obj->pkg;
        LLVMValueRef methods = method_table(cg, decl, info, pkg, &xcount);
        LLVMValueRef u[] = {name32(cg, decl, pkg_path(cg, pkg)), LLVMConstInt(cg->i16, nm, 0),
                            LLVMConstInt(cg->i16, xcount, 0), i32(cg, 16 + ntail * 8), i32(cg, 0)};
        parts[np++] = LLVMConstStructInContext(cg->ctx, u, 5, 0);
        if (ntail) parts[np++] = LLVMConstArray2(cg->ptr, tail, ntail);
        if (nm) parts[np++] = methods;
    } else if (ntail)
        parts[np++] = LLVMConstArray2(cg->ptr, tail, ntail);
    if (array) parts[np++] = array;
    if (names.len) parts[np++] = LLVMConstStringInContext2(cg->ctx, names.p, names.len, 1);
    LLVMValueRef g = define_global(cg, symbol_global(cg, symbol, cg->i8),
                                   LLVMConstStructInContext(cg->ctx, parts, np, 0));
    LLVMSetGlobalConstant(g, 1);
    LLVMSetAlignment(g, 8);
    set_linkonce(cg, g, symbol);
    debug_descriptor(cg, T, g);
    // Kept, though nothing here may refer to it.
    if (type_is_owned(cg, T)) LLVMSetLinkage(g, LLVMWeakODRLinkage);
    if (!named && t->kind > T_UNSAFEPTR && t->kind != T_INTERFACE) typelink(cg, g, symbol);
}

bool emit_types(Cg *cg) {
    uint32_t before = cg->types_done;
    // The list grows meanwhile.
    while (cg->types_done < cg->types.len) emit_type(cg, cg->types.data[cg->types_done++]);
    return cg->types_done > before;
}
