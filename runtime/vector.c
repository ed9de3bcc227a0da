// vector: words of big numbers, CRC-32, exclusive or, ChaCha8. Each has a way for every processor; what is
// better where an extension is there is chosen at run time.
#include "runtime/panic.h"
#include "runtime/sched.h"
#include "runtime/vector.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#if defined(__x86_64__)
struct Features rt_features;
__attribute__((constructor)) static void find_features(void) {
    unsigned a, b, c, d, saved = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    if (c & bit_OSXSAVE) __asm__("xgetbv" : "=a"(saved), "=d"(d) : "c"(0));
    rt_features.sse42 = c & bit_SSE4_2;
    rt_features.clmul = (c & bit_SSE4_1) && (c & bit_PCLMUL);
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    rt_features.adx = (b & bit_ADX) && (b & bit_BMI2);
    rt_features.wide_clmul =
        rt_features.clmul && (b & bit_AVX512F) && (c & bit_VPCLMULQDQ) && (saved & 0xe6) == 0xe6;
    rt_features.avx2 = (b & bit_AVX2) && (saved & 6) == 6;
}
#endif

// math/big: vectors of words, least significant first ---------------------------------------------

#define VEC(z) uint64_t *z, intptr_t z##n, intptr_t z##c

#if defined(__x86_64__)
// Four words a step, the carry kept in a register between steps.
#define CARRY4(op)                                                                                 \
    for (; i + 4 <= zn; i += 4) {                                                                  \
        uint64_t t;                                                                                \
        __asm__ volatile("addb $-1, %b[c]\n\t"                                                     \
                         "movq (%[x],%[i],8), %[t]\n\t" op " (%[y],%[i],8), %[t]\n\tmovq %[t], (%[z],%[i],8)\n\t" \
                         "movq 8(%[x],%[i],8), %[t]\n\t" op " 8(%[y],%[i],8), %[t]\n\tmovq %[t], 8(%[z],%[i],8)\n\t" \
                         "movq 16(%[x],%[i],8), %[t]\n\t" op " 16(%[y],%[i],8), %[t]\n\tmovq %[t], 16(%[z],%[i],8)\n\t" \
                         "movq 24(%[x],%[i],8), %[t]\n\t" op " 24(%[y],%[i],8), %[t]\n\tmovq %[t], 24(%[z],%[i],8)\n\t" \
                         "setc %b[c]"                                                              \
                         : [c] "+&q"(c), [t] "=&r"(t)                                              \
                         : [x] "r"(x), [y] "r"(y), [z] "r"(z), [i] "r"(i)                          \
                         : "cc", "memory");                                                        \
    }
#else
#define CARRY4(op)
#endif

GO_WEAK(uint64_t, big_add_vv, (VEC(z), VEC(x), VEC(y)), "math/big.addVV") {
    unsigned long long c = 0;
    intptr_t i = 0;
    CARRY4("adcq")
    for (; i < zn; i++) z[i] = __builtin_addcll(x[i], y[i], c, &c);
    return c;
}
GO_WEAK(uint64_t, big_sub_vv, (VEC(z), VEC(x), VEC(y)), "math/big.subVV") {
    unsigned long long c = 0;
    intptr_t i = 0;
    CARRY4("sbbq")
    for (; i < zn; i++) z[i] = __builtin_subcll(x[i], y[i], c, &c);
    return c;
}

// From the top down, so that z may be x, or lie above it in the same array.
GO_WEAK(uint64_t, big_lsh_vu, (VEC(z), VEC(x), uint64_t s), "math/big.lshVU") {
    if (zn == 0) return 0;
    if (s == 0) {
        memmove(z, x, (size_t)zn * 8);
        return 0;
    }
    uint64_t w = x[zn - 1], c = w >> (64 - s);
    for (intptr_t i = zn - 1; i > 0; i--) {
        uint64_t lower = x[i - 1];
        z[i] = w << s | lower >> (64 - s);
        w = lower;
    }
    z[0] = w << s;
    return c;
}

// From the bottom up, so that z may be x, or lie below it in the same array.
GO_WEAK(uint64_t, big_rsh_vu, (VEC(z), VEC(x), uint64_t s), "math/big.rshVU") {
    if (zn == 0) return 0;
    if (s == 0) {
        memmove(z, x, (size_t)zn * 8);
        return 0;
    }
    uint64_t w = x[0], c = w << (64 - s);
    for (intptr_t i = 0; i < zn - 1; i++) {
        uint64_t higher = x[i + 1];
        z[i] = w >> s | higher << (64 - s);
        w = higher;
    }
    z[zn - 1] = w >> s;
    return c;
}

// z = x*m + a, with the carry out. mulx leaves the flags alone, so that the chain goes on from
// product to product.
GO_WEAK(uint64_t, big_mul_add_vww, (VEC(z), VEC(x), uint64_t m, uint64_t a), "math/big.mulAddVWW") {
    uint64_t c = a;
    intptr_t i = 0;
#if defined(__x86_64__)
    for (; rt_features.adx && i + 4 <= zn; i += 4) { // one carry chain through four products
        uint64_t lo, hi;
        __asm__ volatile(
            "mulx (%[x],%[i],8), %[lo], %[hi]\n\taddq %[c], %[lo]\n\tmovq %[lo], (%[z],%[i],8)\n\t"
            "mulx 8(%[x],%[i],8), %[lo], %[c]\n\tadcq %[hi], %[lo]\n\tmovq %[lo], "
            "8(%[z],%[i],8)\n\t"
            "mulx 16(%[x],%[i],8), %[lo], %[hi]\n\tadcq %[c], %[lo]\n\tmovq %[lo], "
            "16(%[z],%[i],8)\n\t"
            "mulx 24(%[x],%[i],8), %[lo], %[c]\n\tadcq %[hi], %[lo]\n\tmovq %[lo], "
            "24(%[z],%[i],8)\n\t"
            "adcq $0, %[c]"
            : [c] "+&r"(c), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [x] "r"(x), [z] "r"(z), [i] "r"(i), "d"(m)
            : "cc", "memory");
    }
#endif
    for (; i < zn; i++) {
        __uint128_t p = (__uint128_t)x[i] * m + c;
        z[i] = (uint64_t)p;
        c = (uint64_t)(p >> 64);
    }
    return c;
}
static inline uint64_t add_mul(uint64_t *z, const uint64_t *x, const uint64_t *y, intptr_t zn,
                               uint64_t m, uint64_t c) {
    intptr_t i = 0;
#if defined(__x86_64__)
#define STEP(at, in, out)                                                                          \
    "mulx " at "(%[y],%[i],8), %[lo], %[" out "]\n\tadcx %[" in "], %[lo]\n\tadox " at "(%[x],%[i],8), %[lo]\n\tmovq %[lo], " at \
    "(%[z],%[i],8)\n\t"
    for (; rt_features.adx && i + 8 <= zn; i += 8) { // two carry chains, in CF and OF
        uint64_t lo, hi, zero;
        __asm__ volatile("xorl %k[zero], %k[zero]\n\t" STEP("0", "c", "hi") STEP("8", "hi", "c")
                             STEP("16", "c", "hi") STEP("24", "hi", "c") STEP("32", "c", "hi")
                                 STEP("40", "hi", "c") STEP("48", "c", "hi") STEP(
                                     "56", "hi", "c") "adcx %[zero], %[c]\n\tadox %[zero], %[c]"
                         : [c] "+&r"(c), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
                         : [x] "r"(x), [y] "r"(y), [z] "r"(z), [i] "r"(i), "d"(m)
                         : "cc", "memory");
    }
#undef STEP
#endif
    for (; i < zn; i++) {
        __uint128_t p = (__uint128_t)y[i] * m + c + x[i];
        z[i] = (uint64_t)p;
        c = (uint64_t)(p >> 64);
    }
    return c;
}
GO_WEAK(uint64_t, big_add_mul_vvww, (VEC(z), VEC(x), VEC(y), uint64_t m, uint64_t a),
        "math/big.addMulVVWW") {
    return add_mul(z, x, y, zn, m, a);
}
// crypto/internal/fips140/bigmod: z += x*y
#define ADD_MUL(bits)                                                                              \
    GO_WEAK(uint64_t, bigmod_add_mul_##bits, (uint64_t * z, const uint64_t *x, uint64_t y),            \
        "crypto/internal/fips140/bigmod.addMulVVW" #bits) {                                        \
        return add_mul(z, z, x, bits / 64, y, 0);                                                  \
    }
ADD_MUL(1024)
ADD_MUL(1536)
ADD_MUL(2048)

// hash/crc32 (overlay/patch/hash/crc32): reflected, inverted outside. -----------------------------

#if defined(__x86_64__)
static uint32_t ieee_table[256];
__attribute__((constructor)) static void fill_ieee_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
        ieee_table[i] = c;
    }
}

#define CLMUL TARGET("pclmul,sse4.1")
CLMUL static inline V fold(V a, V k, V next) {
    return _mm_xor_si128(
        _mm_xor_si128(_mm_clmulepi64_si128(a, k, 0x00), _mm_clmulepi64_si128(a, k, 0x11)), next);
}

// Of 128 bits to 64 and to 32.
CLMUL static uint32_t ieee_reduce(V a) {
    const V k128 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0), k64 = _mm_set_epi64x(0, 0x163cd6124),
            poly = _mm_set_epi64x(0x1f7011641, 0x1db710641), low32 = _mm_set_epi32(0, -1, 0, -1);
    a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, k128, 0x10));
    a = _mm_xor_si128(_mm_srli_si128(a, 4),
                      _mm_clmulepi64_si128(_mm_and_si128(a, low32), k64, 0x00));
    V b = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(a, low32), poly, 0x10), low32);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(_mm_clmulepi64_si128(b, poly, 0x00), a), 1);
}

// n a multiple of 16, at least 64. Four lanes are multiplied by x^512 mod P and added to what
// follows, then reduced to one, to 64 bits and to 32 (Gopal and others, "Fast CRC computation for
// generic polynomials using PCLMULQDQ instruction", 2009, whose constants for bit-reflected data
// these are).
CLMUL static uint32_t ieee_fold(uint32_t crc, const uint8_t *p, size_t n) {
    const V k512 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4),
            k128 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    V a = _mm_xor_si128(load16(p), _mm_cvtsi32_si128((int)crc)), b = load16(p + 16),
      c = load16(p + 32), d = load16(p + 48);
    for (p += 64, n -= 64; n >= 64; p += 64, n -= 64) {
        a = fold(a, k512, load16(p));
        b = fold(b, k512, load16(p + 16));
        c = fold(c, k512, load16(p + 32));
        d = fold(d, k512, load16(p + 48));
    }
    a = fold(fold(fold(a, k128, b), k128, c), k128, d);
    for (; n >= 16; p += 16, n -= 16) a = fold(a, k128, load16(p));
    return ieee_reduce(a);
}
// The same for both polynomials with 16 lanes, on processors that have them: what is left is 16
// bytes, to which the rest may be added. n at least 256; *p and *n go on by what is done.
typedef struct Folds { // x^(d+32), x^(d-32) for distances of 2048, 512 and 128 bits
    uint64_t far[2], near[2], one[2];
} Folds;
static const Folds ieee_folds = {{0x11542778a, 0x1322d1430},
                                 {0x154442bd4, 0x1c6e41596},
                                 {0x1751997d0, 0xccaa009e}},
                   castagnoli_folds = {{0xdcb17aa4, 0xb9e02b86},
                                       {0x740eef02, 0x9e4addf8},
                                       {0xf20c0dfe, 0x14cd00bd6}};
#define WIDE TARGET("avx512f,vpclmulqdq,pclmul,sse4.1")
WIDE static inline __m512i fold4(__m512i a, __m512i k, __m512i next) {
    return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(a, k, 0x00),
                                     _mm512_clmulepi64_epi128(a, k, 0x11), next, 0x96);
}

// Four sums of 64 bytes, so that no multiplication waits for the one before it; then one, then its
// four lanes.
WIDE static V wide_fold(uint32_t crc, const uint8_t **pp, size_t *left, const Folds *folds) {
    const uint8_t *p = *pp;
    size_t n = *left;
    const __m512i far = _mm512_broadcast_i32x4(load16(folds->far)),
                  near = _mm512_broadcast_i32x4(load16(folds->near));
    const V one = load16(folds->one);
    __m512i a = _mm512_xor_si512(_mm512_loadu_si512(p),
                                 _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc))),
            b = _mm512_loadu_si512(p + 64), c = _mm512_loadu_si512(p + 128),
            d = _mm512_loadu_si512(p + 192);
    for (p += 256, n -= 256; n >= 256; p += 256, n -= 256) {
        a = fold4(a, far, _mm512_loadu_si512(p));
        b = fold4(b, far, _mm512_loadu_si512(p + 64));
        c = fold4(c, far, _mm512_loadu_si512(p + 128));
        d = fold4(d, far, _mm512_loadu_si512(p + 192));
    }
    a = fold4(fold4(fold4(a, near, b), near, c), near, d);
    for (; n >= 64; p += 64, n -= 64) a = fold4(a, near, _mm512_loadu_si512(p));
    V v = fold(_mm512_castsi512_si128(a), one, _mm512_extracti32x4_epi32(a, 1));
    v = fold(fold(v, one, _mm512_extracti32x4_epi32(a, 2)), one, _mm512_extracti32x4_epi32(a, 3));
    for (; n >= 16; p += 16, n -= 16) v = fold(v, one, load16(p));
    *pp = p;
    *left = n;
    return v;
}
TARGET("sse4.2") static uint32_t castagnoli(uint32_t crc, const uint8_t *p, size_t n) {
    uint64_t c = crc, w;
    if (rt_features.wide_clmul && n >= 256) {
        V v = wide_fold(crc, &p, &n, &castagnoli_folds);
        c = _mm_crc32_u64(_mm_crc32_u64(0, (uint64_t)_mm_extract_epi64(v, 0)),
                          (uint64_t)_mm_extract_epi64(v, 1));
    }
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&w, p, 8);
        c = _mm_crc32_u64(c, w);
    }
    for (; n; p++, n--) c = _mm_crc32_u8((uint32_t)c, *p);
    return (uint32_t)c;
}

GO_WEAK(uint8_t, crc_has_ieee, (void), "hash/crc32.archAvailableIEEE") { return rt_features.clmul; }
GO_WEAK(uint8_t, crc_has_castagnoli, (void), "hash/crc32.archAvailableCastagnoli") {
    return rt_features.sse42;
}
GO_WEAK(uint32_t, crc_ieee, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap),
        "hash/crc32.archUpdateIEEE") {
    crc = ~crc;
    if (rt_features.wide_clmul && n >= 256) {
        size_t left = (size_t)n;
        crc = ieee_reduce(wide_fold(crc, &p, &left, &ieee_folds));
        n = (intptr_t)left;
    } else if (n >= 64) {
        size_t whole = (size_t)n & ~(size_t)15;
        crc = ieee_fold(crc, p, whole);
        p += whole;
        n &= 15;
    }
    for (; n > 0; p++, n--) crc = crc >> 8 ^ ieee_table[(uint8_t)crc ^ *p];
    return ~crc;
}
GO_WEAK(uint32_t, crc_castagnoli, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap),
        "hash/crc32.archUpdateCastagnoli") {
    return ~castagnoli(~crc, p, (size_t)n);
}
#else
GO_WEAK(uint8_t, crc_has_ieee, (void), "hash/crc32.archAvailableIEEE") { return 0; }
GO_WEAK(uint8_t, crc_has_castagnoli, (void), "hash/crc32.archAvailableCastagnoli") { return 0; }
GO_WEAK(uint32_t, crc_ieee, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap),
        "hash/crc32.archUpdateIEEE") {
    rt_throw("not available");
}
GO_WEAK(uint32_t, crc_castagnoli, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap),
        "hash/crc32.archUpdateCastagnoli") {
    rt_throw("not available");
}
#endif

// crypto/internal/fips140/subtle ------------------------------------------------------------------

GO_WEAK(void, xor_bytes, (uint8_t *dst, const uint8_t *a, const uint8_t *b, intptr_t n),
        "crypto/internal/fips140/subtle.xorBytes") {
    typedef uint8_t Bytes __attribute__((vector_size(32), aligned(1)));
    intptr_t i = 0;
    for (; i + 32 <= n; i += 32)
        *(Bytes *)(dst + i) = *(const Bytes *)(a + i) ^ *(const Bytes *)(b + i);
    for (; i + 8 <= n; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, 8);
        memcpy(&y, b + i, 8);
        x ^= y;
        memcpy(dst + i, &x, 8);
    }
    for (; i < n; i++) dst[i] = a[i] ^ b[i];
}

// internal/chacha8rand ----------------------------------------------------------------------------

// Four blocks at once, each in its lane: row k of them is word k of each. Eight rounds of ChaCha;
// the key, words 4 to 11, is added at the end, the other words are known and are not.
typedef uint32_t Lanes __attribute__((vector_size(16), aligned(8)));

static inline Lanes rotate_left(Lanes x, unsigned n) { return x << n | x >> (32 - n); }

#define QUARTER(a, b, c, d)                                                                        \
    do {                                                                                           \
        a += b, d = rotate_left(d ^ a, 16);                                                        \
        c += d, b = rotate_left(b ^ c, 12);                                                        \
        a += b, d = rotate_left(d ^ a, 8);                                                         \
        c += d, b = rotate_left(b ^ c, 7);                                                         \
    } while (0)

GO_WEAK(void, chacha_block, (const uint32_t *seed, Lanes *out, uint32_t counter),
        "internal/chacha8rand.block") {
    enum { KEY = 4, COUNTER = 12, WORDS = 16, ROUNDS = 8 };
    static const uint32_t expand[KEY] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    Lanes x[WORDS] = {0};
    for (int k = 0; k < KEY; k++) x[k] += expand[k];
    for (int k = KEY; k < COUNTER; k++) x[k] += seed[k - KEY];
    x[COUNTER] = (Lanes){counter, counter + 1, counter + 2, counter + 3};
    for (int r = 0; r < ROUNDS; r += 2) {
        QUARTER(x[0], x[4], x[8], x[12]);
        QUARTER(x[1], x[5], x[9], x[13]);
        QUARTER(x[2], x[6], x[10], x[14]);
        QUARTER(x[3], x[7], x[11], x[15]);
        QUARTER(x[0], x[5], x[10], x[15]);
        QUARTER(x[1], x[6], x[11], x[12]);
        QUARTER(x[2], x[7], x[8], x[13]);
        QUARTER(x[3], x[4], x[9], x[14]);
    }
    for (int k = KEY; k < COUNTER; k++) x[k] += seed[k - KEY];
    for (int k = 0; k < WORDS; k++) out[k] = x[k];
}
