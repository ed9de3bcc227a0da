// alg: equality and hashing of values by their type descriptors. The func values in descriptors are
// AbiAlgClosures whose code is here. The hash: 64x64->128 multiplications folded, wyhash's scheme,
// over 16 bytes a step, seeded per process.
#include "runtime/heap.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/type.h"
#include <stdlib.h>
#include <sys/random.h>

// The maps' typed fast paths have hash64 in Go (overlay/patch/internal/runtime/maps), so that it is
// inlined there.
extern uint64_t hash_key[4] GOSYM("runtime.hashKey");
uint64_t hash_key[4] = {0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
                        0x589965cc75374cc3u};

__attribute__((constructor)) static void hash_seed(void) {
    uint64_t r[4];
    if (getrandom(r, sizeof r, GRND_NONBLOCK) != sizeof r) return;
    for (int i = 0; i < 4; i++) hash_key[i] ^= r[i] & ~(uint64_t)1;
}

static inline uint64_t mix(uint64_t a, uint64_t b) {
    __uint128_t p = (__uint128_t)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}
static inline uint64_t r8(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}
static inline uint64_t r4(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

// Words have a shorter way.
static inline uintptr_t hash64(uint64_t v, uintptr_t seed) {
    return mix(v ^ hash_key[1], seed ^ hash_key[0] ^ 8);
}

static inline uint64_t hash_end(uint64_t a, uint64_t b, uint64_t s, size_t len) {
    return mix(hash_key[3] ^ len, mix(a ^ hash_key[1], b ^ s));
}

static NOINLINE uint64_t hash_long(const uint8_t *p, uint64_t s, size_t n) { // over 16 bytes
    size_t len = n;
    if (n > 32) {
        uint64_t s1 = s;
        do {
            s = mix(r8(p) ^ hash_key[1], r8(p + 8) ^ s);
            s1 = mix(r8(p + 16) ^ hash_key[2], r8(p + 24) ^ s1);
            p += 32;
            n -= 32;
        } while (n > 32);
        s ^= s1;
    }
    if (n > 16) {
        s = mix(r8(p) ^ hash_key[1], r8(p + 8) ^ s);
        p += 16;
        n -= 16;
    }
    return hash_end(r8(p + n - 16), r8(p + n - 8), s, len);
}

static uintptr_t bytes_hash(const void *ptr, uintptr_t seed, uintptr_t n) {
    const uint8_t *p = ptr;
    uint64_t a, b, s = seed ^ hash_key[0];
    if (n > 16) return hash_long(p, s, n);
    if (n >= 8)
        a = r8(p), b = r8(p + n - 8);
    else if (n >= 4)
        a = r4(p), b = r4(p + n - 4);
    else if (n)
        a = (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1], b = 0;
    else
        return seed ^ hash_key[3];
    return hash_end(a, b, s, n);
}

// Of a value whose type tells the size.
static uintptr_t mem_hash(const void *ptr, uintptr_t seed, uintptr_t n) {
    if (n == 8) return hash64(r8(ptr), seed);
    if (n == 4) return hash64(r4(ptr), seed);
    return bytes_hash(ptr, seed, n);
}

// Strings are short and of many lengths: up to 16 bytes are read at once, whatever follows them on
// the page, and masked, without a branch on the length.
static const uint64_t first_bytes[17] = {
    0,     0xff,  0xffff, 0xffffff, 0xffffffff, ~0ull >> 24, ~0ull >> 16, ~0ull >> 8, ~0ull,
    ~0ull, ~0ull, ~0ull,  ~0ull,    ~0ull,      ~0ull,       ~0ull,       ~0ull};
__attribute__((no_sanitize("address", "thread"))) static inline uintptr_t
str_hash(const void *p, uintptr_t seed, uintptr_t n) {
    uint64_t w[2] = {0}, s = seed ^ hash_key[0];
    if (n > 16) return hash_long(p, s, n);
    if (likely(n && ((uintptr_t)p & 4095) <= 4096 - 16))
        w[0] = r8(p), w[1] = r8((const uint8_t *)p + 8);
    else
        memcpy(w, p, n);
    return hash_end(w[0] & first_bytes[n], w[1] & (n > 8 ? first_bytes[n - 8] : 0), s, n);
}

// What the closures of a descriptor call: p, q are unsafe.Pointers, h the seed. ctx is the
// AbiAlgClosure.
#define EQUAL(name) GO uint8_t alg_##name(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) GOSYM("runtime." #name)
#define HASH(name) GO uintptr_t alg_##name(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) GOSYM("runtime." #name)
#define UNUSED_CTX (void)ctx

static bool value_equal(const AbiType *t, const void *p, const void *q);
static uintptr_t value_hash(const AbiType *t, const void *p, uintptr_t h);
extern GO AbiIface make_uncomparable_error(const AbiType *t) GOSYM("runtime.makeUncomparableError");
extern GO AbiIface make_unhashable_error(const AbiType *t) GOSYM("runtime.makeUnhashableError");

static bool iface_data_equal(const AbiType *t, const void *a, const void *b) {
    if (!t) return true;
    if (!t->equal) rt_gopanic(make_uncomparable_error(t));
    if (type_direct(t)) return a == b;
    return value_equal(t, a, b);
}
GO uint8_t rt_efaceeq(const AbiType *t, const void *a, const void *b) {
    return iface_data_equal(t, a, b);
}
GO uint8_t rt_typeequal(const AbiType *t, const void *a, const void *b) {
    return value_equal(t, a, b);
}

#define LOAD(T, p) (*(const T *)(p))
EQUAL(memequal0);
GO uint8_t alg_memequal0(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    (void)p, (void)q;
    return 1;
}
EQUAL(memequal8);
GO uint8_t alg_memequal8(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(uint8_t, p) == LOAD(uint8_t, q);
}
EQUAL(memequal16);
GO uint8_t alg_memequal16(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(uint16_t, p) == LOAD(uint16_t, q);
}
EQUAL(memequal32);
GO uint8_t alg_memequal32(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(uint32_t, p) == LOAD(uint32_t, q);
}
EQUAL(memequal64);
GO uint8_t alg_memequal64(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(uint64_t, p) == LOAD(uint64_t, q);
}
EQUAL(memequal128);
GO uint8_t alg_memequal128(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return memcmp(p, q, 16) == 0;
}
EQUAL(memequal_varlen);
GO uint8_t alg_memequal_varlen(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    return memcmp(p, q, ctx->arg) == 0;
}
EQUAL(f32equal);
GO uint8_t alg_f32equal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(float, p) == LOAD(float, q);
}
EQUAL(f64equal);
GO uint8_t alg_f64equal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return LOAD(double, p) == LOAD(double, q);
}
static bool c64_equal(const float *a, const float *b) { return a[0] == b[0] && a[1] == b[1]; }
static bool c128_equal(const double *a, const double *b) { return a[0] == b[0] && a[1] == b[1]; }
EQUAL(c64equal);
GO uint8_t alg_c64equal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return c64_equal(p, q);
}
EQUAL(c128equal);
GO uint8_t alg_c128equal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return c128_equal(p, q);
}
static bool string_equal(const AbiString *a, const AbiString *b) {
    return a->len == b->len && memcmp(a->ptr, b->ptr, (size_t)a->len) == 0;
}
EQUAL(strequal);
GO uint8_t alg_strequal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return string_equal(p, q);
}
static bool eface_equal(const AbiIface *a, const AbiIface *b) {
    return a->word == b->word && iface_data_equal(a->word, a->data, b->data);
}
// An itab that compiled code has and one made here may stand for the same pair: the types decide.
static bool iface_equal(const AbiIface *a, const AbiIface *b) {
    const AbiType *t = a->word ? ((AbiItab *)a->word)->type : NULL,
                  *u = b->word ? ((AbiItab *)b->word)->type : NULL;
    return t == u && iface_data_equal(t, a->data, b->data);
}
EQUAL(nilinterequal);
GO uint8_t alg_nilinterequal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return eface_equal(p, q);
}
EQUAL(interequal);
GO uint8_t alg_interequal(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return iface_equal(p, q);
}
EQUAL(typeequal_closure);
GO uint8_t alg_typeequal_closure(const void *p, const void *q, AbiAlgClosure *ctx GOCTX) {
    return value_equal((const AbiType *)ctx->arg, p, q);
}

static bool blank_field(const AbiStructField *f) {
    NameBytes n = name_of(f->name);
    return n.len == 1 && n.p[0] == '_';
}

static bool may_panic(const AbiType *t) { // when compared
    if (t->kind == ABI_ARRAY) return may_panic(((const AbiArrayType *)t)->elem);
    if (t->kind != ABI_STRUCT) return t->kind == ABI_INTERFACE;
    const AbiStructType *s = (const AbiStructType *)t;
    for (intptr_t i = 0; i < s->fields.len; i++)
        if (may_panic(((const AbiStructField *)s->fields.ptr)[i].type)) return true;
    return false;
}

#define FIELD_AT(T, base, i) ((const T *)((const char *)(base) + f[i].offset))
#define FIELDS(fn, T, i) fn(FIELD_AT(T, p, i), FIELD_AT(T, q, i))
// == of two values of a type that no generated function compares: arrays, structs with gaps,
// interfaces within.
static bool value_equal(const AbiType *t, const void *p, const void *q) {
    if (t->tflag & ABI_TFLAG_REGULAR_MEMORY) {
        switch (t->size) {
        case 0: return true;
        case 4: return LOAD(uint32_t, p) == LOAD(uint32_t, q);
        case 8: return LOAD(uint64_t, p) == LOAD(uint64_t, q);
        default: return memcmp(p, q, t->size) == 0;
        }
    }
    switch (t->kind) {
    case ABI_FLOAT32: return LOAD(float, p) == LOAD(float, q);
    case ABI_FLOAT64: return LOAD(double, p) == LOAD(double, q);
    case ABI_COMPLEX64: return c64_equal(p, q);
    case ABI_COMPLEX128: return c128_equal(p, q);
    case ABI_STRING: return string_equal(p, q);
    case ABI_INTERFACE:
        return ((const AbiInterfaceType *)t)->methods.len ? iface_equal(p, q) : eface_equal(p, q);
    case ABI_ARRAY: {
        const AbiArrayType *a = (const AbiArrayType *)t;
        for (uintptr_t i = 0; i < a->len; i++)
            if (!value_equal(a->elem, (const char *)p + i * a->elem->size,
                             (const char *)q + i * a->elem->size))
                return false;
        return true;
    }
    case ABI_STRUCT: {
        const AbiStructType *s = (const AbiStructType *)t;
        const AbiStructField *f = s->fields.ptr;
        // First field whose strings' bytes are still to be compared.
        intptr_t n = s->fields.len, strings = 0;
        for (intptr_t i = 0; i <= n; i++) {
            if (i == n || may_panic(f[i].type)) // what may panic comes in its turn
                for (; strings < i; strings++)
                    if (f[strings].type->kind == ABI_STRING && !blank_field(&f[strings]) &&
                        !FIELDS(string_equal, AbiString, strings))
                        return false;
            if (i == n || blank_field(&f[i])) continue;
            if (f[i].type->kind == ABI_STRING
                    ? FIELD_AT(AbiString, p, i)->len != FIELD_AT(AbiString, q, i)->len
                    : !value_equal(f[i].type, (const char *)p + f[i].offset,
                                   (const char *)q + f[i].offset))
                return false;
        }
        return true;
    }
    case ABI_FUNC:
    case ABI_SLICE:
    case ABI_MAP: rt_gopanic(make_uncomparable_error(t));
    default: return memcmp(p, q, t->size) == 0;
    }
}

static uintptr_t f64_hash(double v, uintptr_t h) {
    if (v == 0) return hash64(hash_key[2], h); // +0 and -0
    if (v != v) return hash64(fastrand(), h);  // a NaN is never found again
    return mem_hash(&v, h, 8);
}
static uintptr_t f32_hash(float v, uintptr_t h) {
    if (v == 0) return hash64(hash_key[2], h);
    if (v != v) return hash64(fastrand(), h);
    return mem_hash(&v, h, 4);
}
static uintptr_t iface_data_hash(const AbiType *t, void *const *data, uintptr_t h) {
    if (!t) return h;
    if (!t->equal) rt_gopanic(make_unhashable_error(t));
    return value_hash(t, type_direct(t) ? (const void *)data : *data,
                      h ^ (uintptr_t)t->hash * 0x9e3779b97f4a7c15u);
}

// The same for hashing; what is equal hashes alike, so that 0.0 and -0.0 do, and each NaN is its
// own.
static uintptr_t value_hash(const AbiType *t, const void *p, uintptr_t h) {
    if (t->tflag & ABI_TFLAG_REGULAR_MEMORY) { return mem_hash(p, h, t->size); }
    switch (t->kind) {
    case ABI_FLOAT32: return f32_hash(LOAD(float, p), h);
    case ABI_FLOAT64: return f64_hash(LOAD(double, p), h);
    case ABI_COMPLEX64: return f32_hash(((const float *)p)[1], f32_hash(((const float *)p)[0], h));
    case ABI_COMPLEX128:
        return f64_hash(((const double *)p)[1], f64_hash(((const double *)p)[0], h));
    case ABI_STRING:
        return str_hash(((const AbiString *)p)->ptr, h, (uintptr_t)((const AbiString *)p)->len);
    case ABI_INTERFACE: {
        const AbiIface *i = p;
        if (((const AbiInterfaceType *)t)->methods.len)
            return i->word ? iface_data_hash(((AbiItab *)i->word)->type, &i->data, h) : h;
        return iface_data_hash(i->word, &i->data, h);
    }
    case ABI_ARRAY: {
        const AbiArrayType *a = (const AbiArrayType *)t;
        for (uintptr_t i = 0; i < a->len; i++)
            h = value_hash(a->elem, (const char *)p + i * a->elem->size, h);
        return h;
    }
    case ABI_STRUCT: {
        const AbiStructType *s = (const AbiStructType *)t;
        const AbiStructField *f = s->fields.ptr;
        for (intptr_t i = 0; i < s->fields.len; i++)
            if (!blank_field(&f[i])) h = value_hash(f[i].type, (const char *)p + f[i].offset, h);
        return h;
    }
    case ABI_FUNC:
    case ABI_SLICE:
    case ABI_MAP: rt_gopanic(make_unhashable_error(t));
    default: return mem_hash(p, h, t->size);
    }
}

HASH(memhash0);
GO uintptr_t alg_memhash0(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    (void)p;
    return h;
}
HASH(memhash8);
GO uintptr_t alg_memhash8(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return mem_hash(p, h, 1);
}
HASH(memhash16);
GO uintptr_t alg_memhash16(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return mem_hash(p, h, 2);
}
HASH(memhash32);
GO uintptr_t alg_memhash32(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return hash64(LOAD(uint32_t, p), h);
}
HASH(memhash64);
GO uintptr_t alg_memhash64(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return hash64(LOAD(uint64_t, p), h);
}
HASH(memhash128);
GO uintptr_t alg_memhash128(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return mem_hash(p, h, 16);
}
HASH(memhash_varlen);
GO uintptr_t alg_memhash_varlen(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    // 4- and 8-byte keys hash as the maps' typed fast paths do
    return ctx->arg == 8   ? hash64(LOAD(uint64_t, p), h)
           : ctx->arg == 4 ? hash64(LOAD(uint32_t, p), h)
                           : mem_hash(p, h, ctx->arg);
}
HASH(strhash);
GO uintptr_t alg_strhash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return str_hash(((const AbiString *)p)->ptr, h, (uintptr_t)((const AbiString *)p)->len);
}
HASH(f32hash);
GO uintptr_t alg_f32hash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return f32_hash(LOAD(float, p), h);
}
HASH(f64hash);
GO uintptr_t alg_f64hash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return f64_hash(LOAD(double, p), h);
}
HASH(c64hash);
GO uintptr_t alg_c64hash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return f32_hash(((const float *)p)[1], f32_hash(((const float *)p)[0], h));
}
HASH(c128hash);
GO uintptr_t alg_c128hash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    return f64_hash(((const double *)p)[1], f64_hash(((const double *)p)[0], h));
}
HASH(interhash);
GO uintptr_t alg_interhash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    const AbiIface *i = p;
    return i->word ? iface_data_hash(((AbiItab *)i->word)->type, &i->data, h) : h;
}
HASH(nilinterhash);
GO uintptr_t alg_nilinterhash(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    UNUSED_CTX;
    const AbiIface *i = p;
    return iface_data_hash(i->word, &i->data, h);
}
HASH(typehash_closure);
GO uintptr_t alg_typehash_closure(const void *p, uintptr_t h, AbiAlgClosure *ctx GOCTX) {
    return value_hash((const AbiType *)ctx->arg, p, h);
}

// Called by name from Go packages.
GO_FUNC(uintptr_t, rt_memhash, (const void *p, uintptr_t h, uintptr_t n), "runtime.memhash") {
    return bytes_hash(p, h, n);
}
GO_FUNC(uintptr_t, rt_typehash, (const AbiType *t, const void *p, uintptr_t h),
        "runtime.typehash") {
    return value_hash(t, p, h);
}
GO_WEAK(uintptr_t, reflect_typehash, (const AbiType *t, const void *p, uintptr_t h),
        "reflect.typehash") {
    return rt_typehash(t, p, h);
}
// internal/runtime/maps' assembly: there, for strings.
GO_FUNC(uintptr_t, maps_hash_aes, (const void *p, uintptr_t h, uintptr_t n),
        "internal/runtime/maps.memHashAES") {
    return str_hash(p, h, n);
}
#if defined(__x86_64__) // elsewhere the package has its own in Go
GO_FUNC(uint8_t, maps_check_alignment, (void),
        "internal/runtime/maps.checkMasksAndShiftsAlignment") {
    return 1;
}
#endif
