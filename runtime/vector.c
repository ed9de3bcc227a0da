// vector: arithmetic that GOROOT has in assembly and that is worth the processor's own instructions: words of big numbers,
// CRC-32, SHA-256. Each has a way for every processor; what is better where an extension is there is chosen at run time.
#include "runtime/rt.h"
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

// Weak: where GOROOT has a Go body for an architecture, that is taken.
#define DEF(ret, cname, params, sym)                                                                                             \
    GO ret cname params GOSYM(sym) __attribute__((weak));                                                                        \
    GO ret cname params

#if defined(__x86_64__)
static bool has_adx, has_clmul, has_sse42, has_sha;
__attribute__((constructor)) static void find_features(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    bool sse41 = c & bit_SSE4_1;
    has_sse42 = c & bit_SSE4_2;
    has_clmul = sse41 && (c & bit_PCLMUL);
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    has_adx = (b & bit_ADX) && (b & bit_BMI2);
    has_sha = sse41 && (b & bit_SHA);
}
#endif

// math/big: vectors of words, least significant first -----------------------------------------------------------------

#define VEC(z) uint64_t *z, intptr_t z##n, intptr_t z##c

#if defined(__x86_64__)
// Four words a step, the carry kept in a register between steps.
#define CARRY4(op)                                                                                                               \
    for (; i + 4 <= zn; i += 4) {                                                                                                \
        uint64_t t;                                                                                                              \
        __asm__ volatile("addb $-1, %b[c]\n\t"                                                                                   \
                         "movq (%[x],%[i],8), %[t]\n\t" op " (%[y],%[i],8), %[t]\n\tmovq %[t], (%[z],%[i],8)\n\t"                \
                         "movq 8(%[x],%[i],8), %[t]\n\t" op " 8(%[y],%[i],8), %[t]\n\tmovq %[t], 8(%[z],%[i],8)\n\t"             \
                         "movq 16(%[x],%[i],8), %[t]\n\t" op " 16(%[y],%[i],8), %[t]\n\tmovq %[t], 16(%[z],%[i],8)\n\t"          \
                         "movq 24(%[x],%[i],8), %[t]\n\t" op " 24(%[y],%[i],8), %[t]\n\tmovq %[t], 24(%[z],%[i],8)\n\t"          \
                         "setc %b[c]"                                                                                            \
                         : [c] "+q"(c), [t] "=&r"(t)                                                                             \
                         : [x] "r"(x), [y] "r"(y), [z] "r"(z), [i] "r"(i)                                                        \
                         : "cc", "memory");                                                                                      \
    }
#else
#define CARRY4(op)
#endif

DEF(uint64_t, big_add_vv, (VEC(z), VEC(x), VEC(y)), "math/big.addVV") {
    unsigned long long c = 0;
    intptr_t i = 0;
    CARRY4("adcq")
    for (; i < zn; i++) z[i] = __builtin_addcll(x[i], y[i], c, &c);
    return c;
}
DEF(uint64_t, big_sub_vv, (VEC(z), VEC(x), VEC(y)), "math/big.subVV") {
    unsigned long long c = 0;
    intptr_t i = 0;
    CARRY4("sbbq")
    for (; i < zn; i++) z[i] = __builtin_subcll(x[i], y[i], c, &c);
    return c;
}
DEF(uint64_t, big_lsh_vu, (VEC(z), VEC(x), uint64_t s), "math/big.lshVU") {
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
DEF(uint64_t, big_rsh_vu, (VEC(z), VEC(x), uint64_t s), "math/big.rshVU") {
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
DEF(uint64_t, big_mul_add_vww, (VEC(z), VEC(x), uint64_t m, uint64_t a), "math/big.mulAddVWW") {
    uint64_t c = a;
    intptr_t i = 0;
#if defined(__x86_64__)
    for (; has_adx && i + 4 <= zn; i += 4) { // one carry chain through four products
        uint64_t lo, hi;
        __asm__ volatile("mulx (%[x],%[i],8), %[lo], %[hi]\n\taddq %[c], %[lo]\n\tmovq %[lo], (%[z],%[i],8)\n\t"
                         "mulx 8(%[x],%[i],8), %[lo], %[c]\n\tadcq %[hi], %[lo]\n\tmovq %[lo], 8(%[z],%[i],8)\n\t"
                         "mulx 16(%[x],%[i],8), %[lo], %[hi]\n\tadcq %[c], %[lo]\n\tmovq %[lo], 16(%[z],%[i],8)\n\t"
                         "mulx 24(%[x],%[i],8), %[lo], %[c]\n\tadcq %[hi], %[lo]\n\tmovq %[lo], 24(%[z],%[i],8)\n\t"
                         "adcq $0, %[c]"
                         : [c] "+r"(c), [lo] "=&r"(lo), [hi] "=&r"(hi)
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
DEF(uint64_t, big_add_mul_vvww, (VEC(z), VEC(x), VEC(y), uint64_t m, uint64_t a), "math/big.addMulVVWW") {
    uint64_t c = a;
    intptr_t i = 0;
#if defined(__x86_64__)
#define STEP(at, in, out)                                                                                                        \
    "mulx " at "(%[y],%[i],8), %[lo], %[" out "]\n\tadcx %[" in "], %[lo]\n\tadox " at "(%[x],%[i],8), %[lo]\n\tmovq %[lo], " at \
    "(%[z],%[i],8)\n\t"
    for (; has_adx && i + 8 <= zn; i += 8) { // two carry chains, in CF and OF
        uint64_t lo, hi, zero;
        __asm__ volatile("xorl %k[zero], %k[zero]\n\t" STEP("0", "c", "hi") STEP("8", "hi", "c") STEP("16", "c", "hi")
                             STEP("24", "hi", "c") STEP("32", "c", "hi") STEP("40", "hi", "c") STEP("48", "c", "hi")
                                 STEP("56", "hi", "c") "adcx %[zero], %[c]\n\tadox %[zero], %[c]"
                         : [c] "+r"(c), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
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

// hash/crc32 (overlay/patch/hash/crc32): reflected, inverted outside. -------------------------------------------------

#if defined(__x86_64__)
static uint32_t ieee_table[256];
__attribute__((constructor)) static void fill_ieee_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
        ieee_table[i] = c;
    }
}

#define CLMUL __attribute__((target("pclmul,sse4.1")))
typedef __m128i V;
CLMUL static inline V fold(V a, V k, V next) {
    return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(a, k, 0x00), _mm_clmulepi64_si128(a, k, 0x11)), next);
}
CLMUL static inline V load16(const uint8_t *p) { return _mm_loadu_si128((const V *)p); }

// n a multiple of 16, at least 64. Four lanes are multiplied by x^512 mod P and added to what follows, then reduced to one, to 64
// bits and to 32 (Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ instruction", 2009, whose
// constants for bit-reflected data these are).
CLMUL static uint32_t ieee_fold(uint32_t crc, const uint8_t *p, size_t n) {
    const V k512 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4), k128 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0),
            k64 = _mm_set_epi64x(0, 0x163cd6124), poly = _mm_set_epi64x(0x1f7011641, 0x1db710641),
            low32 = _mm_set_epi32(0, -1, 0, -1);
    V a = _mm_xor_si128(load16(p), _mm_cvtsi32_si128((int)crc)), b = load16(p + 16), c = load16(p + 32), d = load16(p + 48);
    for (p += 64, n -= 64; n >= 64; p += 64, n -= 64) {
        a = fold(a, k512, load16(p));
        b = fold(b, k512, load16(p + 16));
        c = fold(c, k512, load16(p + 32));
        d = fold(d, k512, load16(p + 48));
    }
    a = fold(fold(fold(a, k128, b), k128, c), k128, d);
    for (; n >= 16; p += 16, n -= 16) a = fold(a, k128, load16(p));
    a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, k128, 0x10));
    a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low32), k64, 0x00));
    b = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(a, low32), poly, 0x10), low32);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(_mm_clmulepi64_si128(b, poly, 0x00), a), 1);
}
__attribute__((target("sse4.2"))) static uint32_t castagnoli(uint32_t crc, const uint8_t *p, size_t n) {
    uint64_t c = crc, w;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&w, p, 8);
        c = _mm_crc32_u64(c, w);
    }
    for (; n; p++, n--) c = _mm_crc32_u8((uint32_t)c, *p);
    return (uint32_t)c;
}

DEF(uint8_t, crc_has_ieee, (void), "hash/crc32.archAvailableIEEE") { return has_clmul; }
DEF(uint8_t, crc_has_castagnoli, (void), "hash/crc32.archAvailableCastagnoli") { return has_sse42; }
DEF(uint32_t, crc_ieee, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap), "hash/crc32.archUpdateIEEE") {
    crc = ~crc;
    if (n >= 64) {
        size_t whole = (size_t)n & ~(size_t)15;
        crc = ieee_fold(crc, p, whole);
        p += whole;
        n &= 15;
    }
    for (; n > 0; p++, n--) crc = crc >> 8 ^ ieee_table[(uint8_t)crc ^ *p];
    return ~crc;
}
DEF(uint32_t, crc_castagnoli, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap), "hash/crc32.archUpdateCastagnoli") {
    return ~castagnoli(~crc, p, (size_t)n);
}
#else
DEF(uint8_t, crc_has_ieee, (void), "hash/crc32.archAvailableIEEE") { return 0; }
DEF(uint8_t, crc_has_castagnoli, (void), "hash/crc32.archAvailableCastagnoli") { return 0; }
DEF(uint32_t, crc_ieee, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap), "hash/crc32.archUpdateIEEE") {
    rt_throw("not available");
}
DEF(uint32_t, crc_castagnoli, (uint32_t crc, const uint8_t *p, intptr_t n, intptr_t cap), "hash/crc32.archUpdateCastagnoli") {
    rt_throw("not available");
}
#endif

// crypto/internal/fips140/sha256 (overlay/patch): the digest begins with its eight words of state. --------------------

extern GO void sha256_generic(void *digest, const uint8_t *p, intptr_t n, intptr_t cap)
    GOSYM("crypto/internal/fips140/sha256.blockGeneric") __attribute__((weak));

#if defined(__x86_64__)

static const uint32_t sha256_k[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions want the state as ABEF and CDGH, four message words at a time.
__attribute__((target("sha,sse4.1"))) static void sha256_ni(uint32_t *h, const uint8_t *p, size_t n) {
    const V swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    V t = _mm_shuffle_epi32(load16((const uint8_t *)h), 0xb1), cdgh = _mm_shuffle_epi32(load16((const uint8_t *)(h + 4)), 0x1b);
    V abef = _mm_alignr_epi8(t, cdgh, 8);
    cdgh = _mm_blend_epi16(cdgh, t, 0xf0);
    for (; n >= 64; p += 64, n -= 64) {
        V abef0 = abef, cdgh0 = cdgh, w[4];
        for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(load16(p + 16 * i), swap);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            V k = _mm_add_epi32(w[i & 3], load16((const uint8_t *)(sha256_k + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
            if (i < 12) {
                V next = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
                                       _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
                w[i & 3] = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
            }
        }
        abef = _mm_add_epi32(abef, abef0);
        cdgh = _mm_add_epi32(cdgh, cdgh0);
    }
    t = _mm_shuffle_epi32(abef, 0x1b);
    cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((V *)h, _mm_blend_epi16(t, cdgh, 0xf0));
    _mm_storeu_si128((V *)(h + 4), _mm_alignr_epi8(cdgh, t, 8));
}
#endif

DEF(void, sha256_block, (void *digest, const uint8_t *p, intptr_t n, intptr_t cap), "crypto/internal/fips140/sha256.block") {
#if defined(__x86_64__)
    if (has_sha) {
        sha256_ni(digest, p, (size_t)n);
        return;
    }
#endif
    sha256_generic(digest, p, n, cap);
}
