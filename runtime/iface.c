// iface: names in type descriptors, conversions to interfaces, itabs. An itab that compiled code
// didn't have is built from the type's method table and kept in a hash table, which readers probe
// without a lock; failures are kept, too (fun[0] is 0).
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/type.h"

// names -------------------------------------------------------------------------------------------

static intptr_t varint(const uint8_t *p, intptr_t *v) {
    intptr_t i = 0;
    uintptr_t x = 0;
    for (;; i++) {
        x |= (uintptr_t)(p[i] & 0x7F) << 7 * i;
        if (!(p[i] & 0x80)) break;
    }
    *v = (intptr_t)x;
    return i + 1;
}
NameBytes name_of(const uint8_t *n) {
    if (!n) return (NameBytes){"", 0, false};
    intptr_t len, i = varint(n + 1, &len);
    return (NameBytes){(const char *)n + 1 + i, len, n[0] & 1};
}
static NameBytes name_pkgpath(const uint8_t *n) {
    if (!n || !(n[0] & 4)) return (NameBytes){"", 0, false};
    intptr_t len, off = 1 + varint(n + 1, &len) + len;
    if (n[0] & 2) {
        off += varint(n + off, &len);
        off += len;
    }
    int32_t at;
    memcpy(&at, n + off, 4);
    return name_of(resolve_name(n, at));
}

// reflect's own names and types are numbers of this table: offsets below ABI_REFLECT_OFFS, or negative
// ones where offsets are addresses.
enum { MAX_REFLECT_OFFS = 1 << 20 };
static void **reflect_offs;
static _Atomic int32_t n_reflect_offs;
static Mutex reflect_lock;
enum { FIRST_REFLECT_OFF = VOLE_PIC ? ABI_REFLECT_OFFS : -1 };
static void *reflect_off(int32_t off) {
    int32_t i = FIRST_REFLECT_OFF - off;
    return i < n_reflect_offs ? reflect_offs[i] : NULL;
}
#if VOLE_PIC
void *resolve_name(const void *base, int32_t off) {
    if (off <= FIRST_REFLECT_OFF) return reflect_off(off);
    return off ? (char *)base + off : NULL;
}
void *resolve_off(const void *base, int32_t off) {
    if (off <= FIRST_REFLECT_OFF) return reflect_off(off);
    return off ? *(void **)((char *)base + off) : NULL;
}
#else
void *resolve_off(const void *base, int32_t off) {
    return off >= 0 ? (void *)(uintptr_t)off : reflect_off(off);
}
void *resolve_name(const void *base, int32_t off) { return resolve_off(base, off); }
#endif
// Types made at run time lie anywhere, but offsets have 32 bits: negative ones are numbers in a
// table.
GO_FUNC(int32_t, rt_add_reflect_off, (void *p), "reflect.addReflectOff") {
    uintptr_t a = (uintptr_t)p;
    if (!VOLE_PIC && a < 0x80000000u) return (int32_t)a;
    if (!reflect_offs) {
        void **t = rt_root_alloc(sizeof(void *) * 4096);
        lock(&reflect_lock);
        if (!reflect_offs) reflect_offs = t;
        unlock(&reflect_lock);
    }
    void **bigger = NULL;
    for (;;) {
        lock(&reflect_lock);
        int32_t n = n_reflect_offs;
        for (int32_t i = 0; i < n; i++)
            if (reflect_offs[i] == p) {
                unlock(&reflect_lock);
                return FIRST_REFLECT_OFF - i;
            }
        if ((n & (n - 1)) || n < 4096 || bigger) {
            if (bigger) {
                memcpy(bigger, reflect_offs, sizeof(void *) * (size_t)n);
                reflect_offs = bigger; // the old table stays for readers
            }
            reflect_offs[n] = p;
            n_reflect_offs = n + 1;
            unlock(&reflect_lock);
            return FIRST_REFLECT_OFF - n;
        }
        unlock(&reflect_lock);
        bigger = rt_root_alloc(sizeof(void *) * (size_t)n * 2);
    }
}
GO_FUNC(void *, rt_resolve_name_off, (void *base, int32_t off), "reflect.resolveNameOff") {
    return resolve_name(base, off);
}
GO_FUNC(void *, rt_resolve_type_off, (void *base, int32_t off), "reflect.resolveTypeOff") {
    return off == -1 && !n_reflect_offs ? NULL : resolve_off(base, off);
}
GO_FUNC(void *, rt_resolve_text_off, (void *base, int32_t off), "reflect.resolveTextOff") {
    return resolve_off(base, off);
}
GO_FUNC(void *, rtl_resolve_name_off, (void *base, int32_t off),
        "internal/reflectlite.resolveNameOff") {
    return resolve_name(base, off);
}
GO_FUNC(void *, rtl_resolve_type_off, (void *base, int32_t off),
        "internal/reflectlite.resolveTypeOff") {
    return resolve_off(base, off);
}

AbiString type_string(const AbiType *t) {
    NameBytes n = name_of(resolve_name(t, t->str));
    if (t->tflag & ABI_TFLAG_EXTRA_STAR) return (AbiString){n.p + 1, n.len - 1};
    return (AbiString){n.p, n.len};
}
// The part of its string after the package: T of pkg.T[args].
AbiString type_name(const AbiType *t) {
    if (!(t->tflag & ABI_TFLAG_NAMED)) return (AbiString){NULL, 0};
    AbiString s = type_string(t);
    intptr_t i = s.len - 1, brackets = 0;
    for (; i >= 0; i--) {
        if (s.ptr[i] == ']')
            brackets++;
        else if (s.ptr[i] == '[')
            brackets--;
        else if (s.ptr[i] == '.' && !brackets)
            break;
    }
    return (AbiString){s.ptr + i + 1, s.len - i - 1};
}

// It follows the part that each kind has.
AbiUncommon *type_uncommon(const AbiType *t) {
    if (!(t->tflag & ABI_TFLAG_UNCOMMON)) return NULL;
    uintptr_t n;
    switch (t->kind) {
    case ABI_ARRAY: n = sizeof(AbiArrayType); break;
    case ABI_CHAN: n = sizeof(AbiChanType); break;
    case ABI_FUNC: n = sizeof(AbiFuncType); break;
    case ABI_INTERFACE: n = sizeof(AbiInterfaceType); break;
    case ABI_MAP: n = sizeof(AbiMapType); break;
    case ABI_POINTER: n = sizeof(AbiPtrType); break;
    case ABI_SLICE: n = sizeof(AbiSliceType); break;
    case ABI_STRUCT: n = sizeof(AbiStructType); break;
    default: n = sizeof(AbiType);
    }
    return (AbiUncommon *)((char *)t + n);
}
AbiString type_pkgpath(const AbiType *t) {
    const uint8_t *n = NULL;
    AbiUncommon *u = type_uncommon(t);
    if (u)
        n = resolve_name(t, u->pkg_path);
    else if (t->kind == ABI_STRUCT)
        n = ((const AbiStructType *)t)->pkg_path;
    else if (t->kind == ABI_INTERFACE)
        n = ((const AbiInterfaceType *)t)->pkg_path;
    NameBytes b = name_of(n);
    return (AbiString){b.p, b.len};
}
GO_FUNC(AbiString, rt_type_string, (const AbiType *t), "runtime.typeString") {
    return type_string(t);
}
GO_FUNC(AbiString, rt_type_pkgpath, (const AbiType *t), "runtime.typePkgPath") {
    return type_pkgpath(t);
}
GO_FUNC(AbiString, maps_type_string, (const AbiType *t), "internal/runtime/maps.typeString") {
    return type_string(t);
}

// itabs -------------------------------------------------------------------------------------------

typedef struct ItabTable {
    uint32_t size, count;
    _Atomic(AbiItab *) slots[];
} ItabTable;
static _Atomic(ItabTable *) itabs;
static Mutex itab_lock;

static uint32_t itab_hash(const AbiInterfaceType *inter, const AbiType *t) {
    uint64_t h = (uintptr_t)inter * 0x9e3779b97f4a7c15u ^ ((uintptr_t)t >> 3) * 0xd6e8feb86659fd93u;
    return (uint32_t)(h >> 32);
}
static AbiItab *table_find(ItabTable *tab, const AbiInterfaceType *inter, const AbiType *t) {
    if (!tab) return NULL;
    for (uint32_t i = itab_hash(inter, t) & (tab->size - 1);; i = (i + 1) & (tab->size - 1)) {
        AbiItab *it = tab->slots[i];
        if (!it || (it->inter == inter && it->type == t)) return it;
    }
}
static void table_add(ItabTable *tab, AbiItab *it) {
    uint32_t i = itab_hash(it->inter, it->type) & (tab->size - 1);
    while (tab->slots[i]) i = (i + 1) & (tab->size - 1);
    tab->slots[i] = it;
    tab->count++;
}

static bool types_equal(const AbiType *a, const AbiType *b);

// Fills it->fun; false with the first method that is missing.
static bool itab_fill(AbiItab *it, NameBytes *missing) {
    AbiInterfaceType *inter = it->inter;
    AbiUncommon *u = type_uncommon(it->type);
    const AbiImethod *im = inter->methods.ptr;
    const AbiMethod *m = u ? (const AbiMethod *)((char *)u + u->moff) : NULL;
    uint16_t n = u ? u->mcount : 0, k = 0;
    for (intptr_t i = 0; i < inter->methods.len; i++) {
        const uint8_t *iname = resolve_name(inter, im[i].name);
        NameBytes want = name_of(iname);
        NameBytes ipkg = want.exported ? (NameBytes){0} : name_pkgpath(iname);
        if (!want.exported && !ipkg.len) ipkg = name_of(inter->pkg_path);
        void *itype = resolve_off(inter, im[i].type);
        for (; k < n; k++) {
            const uint8_t *tname = resolve_name(it->type, m[k].name);
            NameBytes have = name_of(tname);
            if (have.len != want.len || memcmp(have.p, want.p, (size_t)have.len)) continue;
            if (!types_equal(resolve_off(it->type, m[k].mtyp), itype)) continue;
            if (!have.exported) {
                NameBytes pkg = name_pkgpath(tname);
                if (!pkg.len) pkg = name_of(resolve_name(it->type, u->pkg_path));
                if (pkg.len != ipkg.len || memcmp(pkg.p, ipkg.p, (size_t)pkg.len)) continue;
            }
            break;
        }
        if (k == n) {
            *missing = want;
            it->fun[0] = 0;
            return false;
        }
        it->fun[i] = (uintptr_t)resolve_off(it->type, m[k].ifn);
        k++;
    }
    return true;
}

// Both lists of methods are sorted by name: one walk finds all. Misses are kept too, as tables
// without functions.
static NOINLINE AbiItab *get_itab_slow(AbiInterfaceType *inter, AbiType *t, AbiString *missing) {
    if (!inter->methods.len) rt_throw("internal error - misuse of itab");
    AbiItab *it = table_find(itabs, inter, t);
    if (!it) {
        it = persistent_alloc(sizeof *it + 8 * (size_t)inter->methods.len);
        it->inter = inter;
        it->type = t;
        it->hash = t->hash;
        NameBytes m;
        itab_fill(it, &m);
        lock(&itab_lock);
        ItabTable *tab = itabs;
        AbiItab *other = table_find(tab, inter, t);
        if (other) {
            it = other;
        } else {
            if (!tab || tab->count * 4 >= tab->size * 3) {
                uint32_t size = tab ? tab->size * 2 : 512;
                ItabTable *bigger = persistent_alloc(sizeof *bigger + size * 8);
                bigger->size = size;
                if (tab)
                    for (uint32_t i = 0; i < tab->size; i++)
                        if (tab->slots[i]) table_add(bigger, tab->slots[i]);
                itabs = tab = bigger;
            }
            table_add(tab, it);
        }
        unlock(&itab_lock);
    }
    if (it->fun[0]) return it;
    if (missing) {
        NameBytes m = {"", 0, false};
        AbiItab *probe = persistent_alloc(sizeof *probe + 8 * (size_t)inter->methods.len);
        probe->inter = inter;
        probe->type = t;
        itab_fill(probe, &m);
        *missing = (AbiString){m.p, m.len};
    }
    return NULL;
}

void itabs_visit(void (*fn)(const AbiItab *it)) {
    ItabTable *tab = itabs;
    for (uint32_t i = 0; tab && i < tab->size; i++)
        if (tab->slots[i] && tab->slots[i]->fun[0]) fn(tab->slots[i]);
}

// NULL where t does not implement it. Pairs seen before are found without a frame. One that does
// not implement the interface has an itab too, whose first method is nil.
static AbiItab *get_itab(AbiInterfaceType *inter, AbiType *t, AbiString *missing) {
    AbiItab *it = table_find(itabs, inter, t);
    return likely(it && it->fun[0]) ? it : get_itab_slow(inter, t, missing);
}

extern GO NORETURN void panic_type_assert(const AbiType *concrete, const AbiType *asserted,
                                          const char *m, intptr_t mlen)
    GOSYM("runtime.panicTypeAssert");

static NOINLINE AbiItab *assert_slow(AbiInterfaceType *inter, AbiType *t) {
    AbiString missing = {"", 0};
    if (!t) panic_type_assert(NULL, &inter->t, "", 0);
    AbiItab *it = get_itab(inter, t, &missing);
    if (!it) panic_type_assert(t, &inter->t, missing.ptr, missing.len);
    return it;
}
AbiItab *itab_assert(AbiInterfaceType *inter, AbiType *t) {
    AbiItab *it = table_find(itabs, inter, t);
    return likely(it && it->fun[0]) ? it : assert_slow(inter, t);
}
AbiItab *itab_find(AbiInterfaceType *inter, AbiType *t) {
    return t ? get_itab(inter, t, NULL) : NULL;
}

// A place where many types come by remembers another one now and then.
static void remember(_Atomic(AbiItab *) *site, AbiItab *it) {
    if (!*site || fastrandn(256) == 0) atomic_store_explicit(site, it, memory_order_release);
}
GO AbiItab *rt_typeAssert(AbiInterfaceType *inter, AbiType *t, _Atomic(AbiItab *) *site) {
    AbiItab *it = itab_assert(inter, t);
    remember(site, it);
    return it;
}
GO AbiItab *rt_typeAssert2(AbiInterfaceType *inter, AbiType *t, _Atomic(AbiItab *) *site) {
    if (!t) return NULL;
    AbiItab *it = get_itab(inter, t, NULL);
    remember(site, it ? it : table_find(itabs, inter, t));
    return it;
}
GO_FUNC(AbiItab *, rt_assertE2I2, (AbiInterfaceType * inter, AbiType *t), "runtime.assertE2I2") {
    return itab_find(inter, t);
}
GO AbiItab *rt_convI2I(AbiInterfaceType *inter, AbiType *t) { return itab_assert(inter, t); }
GO_FUNC(void, rt_ifaceE2I, (AbiInterfaceType * inter, AbiType *t, void *data, AbiIface *dst),
        "reflect.ifaceE2I") {
    *dst = (AbiIface){itab_assert(inter, t), data};
}
GO_FUNC(void, rtl_ifaceE2I, (AbiInterfaceType * inter, AbiType *t, void *data, AbiIface *dst),
        "internal/reflectlite.ifaceE2I") {
    *dst = (AbiIface){itab_assert(inter, t), data};
}

// conversions -------------------------------------------------------------------------------------

#define FOUR(n) (n), (n) + 1, (n) + 2, (n) + 3
#define SIXTEEN(n) FOUR(n), FOUR((n) + 4), FOUR((n) + 8), FOUR((n) + 12)
#define SIXTY_FOUR(n) SIXTEEN(n), SIXTEEN((n) + 16), SIXTEEN((n) + 32), SIXTEEN((n) + 48)
const uint64_t small_cells[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};
static uint64_t zero_cells[3];

GO void *rt_convT64(uint64_t v) {
    if (v < 256) return small_cell(v);
    uint64_t *p = rt_alloc_raw(8, false);
    *p = v;
    return p;
}
GO void *rt_convT32(uint32_t v) {
    if (v < 256) return small_cell(v);
    uint32_t *p = rt_alloc_raw(4, false);
    *p = v;
    return p;
}
GO void *rt_convT16(uint32_t v) {
    v &= 0xFFFF;
    if (v < 256) return small_cell(v);
    uint16_t *p = rt_alloc_raw(2, false);
    *p = (uint16_t)v;
    return p;
}
GO void *rt_convTstring(AbiString s) {
    if (!s.len) return zero_cells;
    AbiString *p = rt_alloc_raw(sizeof *p, true);
    *p = s;
    return p;
}
GO void *rt_convTslice(AbiSlice s) {
    if (!s.ptr) return zero_cells;
    AbiSlice *p = rt_alloc_raw(sizeof *p, true);
    *p = s;
    return p;
}

// identity of descriptors -------------------------------------------------------------------------
// The linker keeps one descriptor per type, but reflect makes more at run time.

static bool names_equal(const uint8_t *a, const uint8_t *b) {
    NameBytes x = name_of(a), y = name_of(b);
    return x.len == y.len && memcmp(x.p, y.p, (size_t)x.len) == 0;
}
static bool name_tags_equal(const uint8_t *a, const uint8_t *b) {
    if (!a || !b) return a == b;
    if ((a[0] & 2) != (b[0] & 2)) return false;
    if (!(a[0] & 2)) return true;
    intptr_t la, lb, oa = 1 + varint(a + 1, &la), ob = 1 + varint(b + 1, &lb);
    oa += la;
    ob += lb;
    intptr_t ta, tb;
    oa += varint(a + oa, &ta);
    ob += varint(b + ob, &tb);
    return ta == tb && memcmp(a + oa, b + ob, (size_t)ta) == 0;
}

typedef struct TypePair {
    const AbiType *a, *b;
    const struct TypePair *outer;
} TypePair;
// Two units may have a descriptor each of the same type, as may reflect: the strings agree, so the
// parts are compared. seen ends rings.
static bool same_type(const AbiType *a, const AbiType *b, const TypePair *seen) {
    if (a == b) return true;
    if (!a || !b || a->kind != b->kind || a->hash != b->hash) return false;
    for (const TypePair *s = seen; s; s = s->outer)
        if (s->a == a && s->b == b) return true;
    TypePair here = {a, b, seen};
    AbiString sa = type_string(a), sb = type_string(b);
    if (sa.len != sb.len || memcmp(sa.ptr, sb.ptr, (size_t)sa.len)) return false;
    AbiUncommon *ua = type_uncommon(a), *ub = type_uncommon(b);
    if (ua || ub) {
        if (!ua || !ub) return false;
        if (!names_equal(resolve_name(a, ua->pkg_path), resolve_name(b, ub->pkg_path)))
            return false;
    }
    if (a->kind <= ABI_COMPLEX128 || a->kind == ABI_STRING || a->kind == ABI_UNSAFE_POINTER)
        return true;
#define AS(T, x) ((const T *)(x))
    switch (a->kind) {
    case ABI_ARRAY:
        return AS(AbiArrayType, a)->len == AS(AbiArrayType, b)->len &&
               same_type(AS(AbiArrayType, a)->elem, AS(AbiArrayType, b)->elem, &here);
    case ABI_CHAN:
        return AS(AbiChanType, a)->dir == AS(AbiChanType, b)->dir &&
               same_type(AS(AbiChanType, a)->elem, AS(AbiChanType, b)->elem, &here);
    case ABI_FUNC: {
        const AbiFuncType *f = AS(AbiFuncType, a), *g = AS(AbiFuncType, b);
        if (f->in_count != g->in_count || f->out_count != g->out_count) return false;
        AbiType **x = (AbiType **)((char *)(f + 1) + (ua ? sizeof(AbiUncommon) : 0)),
                **y = (AbiType **)((char *)(g + 1) + (ub ? sizeof(AbiUncommon) : 0));
        for (int i = 0; i < f->in_count + (f->out_count & 0x7FFF); i++)
            if (!same_type(x[i], y[i], &here)) return false;
        return true;
    }
    case ABI_INTERFACE: {
        const AbiInterfaceType *f = AS(AbiInterfaceType, a), *g = AS(AbiInterfaceType, b);
        if (!names_equal(f->pkg_path, g->pkg_path) || f->methods.len != g->methods.len)
            return false;
        const AbiImethod *x = f->methods.ptr, *y = g->methods.ptr;
        for (intptr_t i = 0; i < f->methods.len; i++)
            if (!names_equal(resolve_name(a, x[i].name), resolve_name(b, y[i].name)) ||
                !same_type(resolve_off(a, x[i].type), resolve_off(b, y[i].type), &here))
                return false;
        return true;
    }
    case ABI_MAP:
        return same_type(AS(AbiMapType, a)->key, AS(AbiMapType, b)->key, &here) &&
               same_type(AS(AbiMapType, a)->elem, AS(AbiMapType, b)->elem, &here);
    case ABI_POINTER: return same_type(AS(AbiPtrType, a)->elem, AS(AbiPtrType, b)->elem, &here);
    case ABI_SLICE: return same_type(AS(AbiSliceType, a)->elem, AS(AbiSliceType, b)->elem, &here);
    case ABI_STRUCT: {
        const AbiStructType *f = AS(AbiStructType, a), *g = AS(AbiStructType, b);
        if (f->fields.len != g->fields.len || !names_equal(f->pkg_path, g->pkg_path)) return false;
        const AbiStructField *x = f->fields.ptr, *y = g->fields.ptr;
        for (intptr_t i = 0; i < f->fields.len; i++)
            if (!names_equal(x[i].name, y[i].name) || !name_tags_equal(x[i].name, y[i].name) ||
                x[i].offset != y[i].offset || !same_type(x[i].type, y[i].type, &here))
                return false;
        return true;
    }
    }
    return false;
}
static bool types_equal(const AbiType *a, const AbiType *b) { return same_type(a, b, NULL); }
