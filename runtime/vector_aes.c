// vector_aes: AES blocks, counter mode and GCM (overlay/assembly: crypto/internal/fips140/aes,
// …/gcm) with AES-NI and carry-less multiplication. After S. Gueron, "Intel Advanced Encryption
// Standard (AES) New Instructions Set" (white paper, 2010), S. Gueron and M. Kounavis, "Intel
// Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode" (white paper,
// 2010), NIST FIPS 197 and SP 800-38D. Round keys lie as the instructions want them: 16 bytes a
// round in memory order.
#include "runtime/sched.h"
#include "runtime/vector.h"

#if defined(__x86_64__)

#define AES TARGET("aes,pclmul,sse4.1")
#define INLINE AES static inline __attribute__((always_inline))
enum { BLOCK = 16, WIDE = 8 }; // blocks at a time

// SubWord in lane 0, RotWord of it in lane 1.
INLINE V key_assist(uint32_t w) { return _mm_aeskeygenassist_si128(_mm_set1_epi32((int)w), 0); }

AES GO_WEAK(void, aes_expand, (intptr_t rounds, const uint8_t *key, uint32_t *enc, uint32_t *dec),
            "crypto/internal/fips140/aes.expandKeyAsm") {
    int words = (int)rounds - 6, all = 4 * ((int)rounds + 1);
    uint32_t rcon = 1;
    memcpy(enc, key, (size_t)words * 4);
    for (int i = words, at = 0; i < all; i++, at = at + 1 == words ? 0 : at + 1) {
        uint32_t t = enc[i - 1];
        if (at == 0) {
            t = (uint32_t)_mm_extract_epi32(key_assist(t), 1) ^ rcon;
            rcon = rcon << 1 ^ (rcon & 0x80 ? 0x11b : 0);
        } else if (words > 6 && at == 4) {
            t = (uint32_t)_mm_extract_epi32(key_assist(t), 0);
        }
        enc[i] = enc[i - words] ^ t;
    }
    store16(dec, load16(enc + 4 * rounds)); // the equivalent inverse cipher's
    for (intptr_t r = 1; r < rounds; r++)
        store16(dec + 4 * r, _mm_aesimc_si128(load16(enc + 4 * (rounds - r))));
    store16(dec + 4 * rounds, load16(enc));
}
AES GO_WEAK(void, aes_encrypt,
            (intptr_t rounds, const uint32_t *keys, uint8_t *dst, const uint8_t *src),
            "crypto/internal/fips140/aes.encryptBlockAsm") {
    V b = _mm_xor_si128(load16(src), load16(keys));
    for (intptr_t r = 1; r < rounds; r++) b = _mm_aesenc_si128(b, load16(keys + 4 * r));
    store16(dst, _mm_aesenclast_si128(b, load16(keys + 4 * rounds)));
}
AES GO_WEAK(void, aes_decrypt,
            (intptr_t rounds, const uint32_t *keys, uint8_t *dst, const uint8_t *src),
            "crypto/internal/fips140/aes.decryptBlockAsm") {
    V b = _mm_xor_si128(load16(src), load16(keys));
    for (intptr_t r = 1; r < rounds; r++) b = _mm_aesdec_si128(b, load16(keys + 4 * r));
    store16(dst, _mm_aesdeclast_si128(b, load16(keys + 4 * rounds)));
}

INLINE V swap16(V v) {
    return _mm_shuffle_epi8(v, _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f));
}

// A round, all but the last, on n blocks.
INLINE void round_n(V *b, int n, const uint32_t *key) {
    V k = load16(key);
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++) b[i] = _mm_aesenc_si128(b[i], k);
}
INLINE void start_n(V *b, int n, const uint32_t *keys) {
    V k = load16(keys);
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++) b[i] = _mm_xor_si128(b[i], k);
}
// Rounds 10 and on, the result with src to dst. All of src is read before dst is written: they may
// overlap.
INLINE void finish_n(V *b, int n, intptr_t rounds, const uint32_t *keys, uint8_t *dst,
                     const uint8_t *src) {
    for (intptr_t r = 10; r < rounds; r++) round_n(b, n, keys + 4 * r);
    V k = load16(keys + 4 * rounds);
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++)
        b[i] = _mm_aesenclast_si128(b[i], _mm_xor_si128(k, load16(src + BLOCK * i)));
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++) store16(dst + BLOCK * i, b[i]);
}

// Counter mode with a counter of 128 bits, n blocks.
INLINE void ctr_n(int n, intptr_t rounds, const uint32_t *keys, uint8_t *dst, const uint8_t *src,
                  uint64_t lo, uint64_t hi) {
    V b[WIDE];
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++) {
        b[i] = swap16(_mm_set_epi64x((int64_t)hi, (int64_t)lo));
        hi += ++lo == 0;
    }
    start_n(b, n, keys);
#pragma clang loop unroll(full)
    for (int r = 1; r < 10; r++) round_n(b, n, keys + 4 * r);
    finish_n(b, n, rounds, keys, dst, src);
}
#define CTR(n)                                                                                     \
    AES GO_WEAK(void, aes_ctr##n,                                                                      \
            (intptr_t rounds, const uint32_t *keys, uint8_t *dst, const uint8_t *src, uint64_t lo, uint64_t hi), \
            "crypto/internal/fips140/aes.ctrBlocks" #n "Asm") {                                    \
        ctr_n(n, rounds, keys, dst, src, lo, hi);                                                  \
    }
CTR(1)
CTR(2)
CTR(4)
CTR(8)

// GCM ---------------------------------------------------------------------------------------------
// A block's bytes reversed make a polynomial with x^0 in the highest bit. A carry-less product of
// two such lacks a shift by one bit, so H is kept times x^-1. The product is reduced modulo x^128 +
// x^7 + x^2 + x + 1 from its low end, 64 bits at a time.

typedef struct Product { // hi·x^128 + (mid + hi + lo)·x^64 + lo, after Karatsuba
    V lo, mid, hi;
} Product;

typedef struct GcmTable {       // what the GCM object has place for
    uint8_t power[WIDE][BLOCK]; // H^8 … H^1, times x^-1
    uint8_t sum[WIDE][BLOCK];   // their high and low halves added, in both lanes
} GcmTable;

INLINE V halves(V a) { return _mm_xor_si128(a, _mm_shuffle_epi32(a, 0x4e)); }
INLINE void multiply_add(Product *p, V a, const GcmTable *t, int i) {
    V h = load16(t->power[i]);
    p->lo = _mm_xor_si128(p->lo, _mm_clmulepi64_si128(a, h, 0x00));
    p->hi = _mm_xor_si128(p->hi, _mm_clmulepi64_si128(a, h, 0x11));
    p->mid = _mm_xor_si128(p->mid, _mm_clmulepi64_si128(halves(a), load16(t->sum[i]), 0x00));
}
INLINE V reduce(Product p) {
    const V poly = _mm_set_epi64x(0, (int64_t)0xc200000000000000);
    V mid = _mm_xor_si128(p.mid, _mm_xor_si128(p.hi, p.lo));
    V lo = _mm_xor_si128(p.lo, _mm_slli_si128(mid, 8)),
      hi = _mm_xor_si128(p.hi, _mm_srli_si128(mid, 8));
    lo = _mm_xor_si128(_mm_shuffle_epi32(lo, 0x4e), _mm_clmulepi64_si128(lo, poly, 0x00));
    lo = _mm_xor_si128(_mm_shuffle_epi32(lo, 0x4e), _mm_clmulepi64_si128(lo, poly, 0x00));
    return _mm_xor_si128(hi, lo);
}
INLINE Product no_product(void) {
    return (Product){_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
}

// The hash y after n blocks more, n at most WIDE.
INLINE V hash_n(V y, int n, const GcmTable *t, const uint8_t *p) {
    Product sum = no_product();
    for (int i = 0; i < n; i++) {
        V a = swap16(load16(p + BLOCK * i));
        multiply_add(&sum, i ? a : _mm_xor_si128(a, y), t, WIDE - n + i);
    }
    return reduce(sum);
}
// The same for bytes; the last block is filled up with zeros.
AES static V hash_bytes(V y, const GcmTable *t, const uint8_t *p, size_t n) {
    for (; n >= WIDE * BLOCK; n -= WIDE * BLOCK, p += WIDE * BLOCK) y = hash_n(y, WIDE, t, p);
    if (n >= BLOCK) y = hash_n(y, (int)(n / BLOCK), t, p);
    p += n / BLOCK * BLOCK;
    n %= BLOCK;
    if (n) {
        uint8_t last[BLOCK] = {0};
        memcpy(last, p, n);
        y = hash_n(y, 1, t, last);
    }
    return y;
}

AES GO_WEAK(void, gcm_init, (GcmTable * t, const uint32_t *keys, intptr_t n, intptr_t cap),
            "crypto/internal/fips140/aes/gcm.gcmAesInit") {
    uint8_t h[BLOCK] = {0};
    aes_encrypt(n / 4 - 1, keys, h, h);
    V a = swap16(load16(h)), carry = _mm_srli_epi64(a, 63);
    uint64_t out = (uint64_t)_mm_extract_epi64(carry, 1);
    a = _mm_or_si128(_mm_slli_epi64(a, 1), _mm_slli_si128(carry, 8));
    a = _mm_xor_si128(a, _mm_and_si128(_mm_set1_epi64x(-(int64_t)out),
                                       _mm_set_epi64x((int64_t)0xc200000000000000, 1)));
    for (int i = WIDE - 1; i >= 0; i--) {
        if (i < WIDE - 1) {
            Product p = no_product();
            multiply_add(&p, load16(t->power[i + 1]), t, WIDE - 1);
            a = reduce(p);
        }
        store16(t->power[i], a);
        store16(t->sum[i], halves(a));
    }
}
AES GO_WEAK(void, gcm_data,
            (const GcmTable *t, const uint8_t *p, intptr_t n, intptr_t cap, uint8_t *hash),
            "crypto/internal/fips140/aes/gcm.gcmAesData") {
    store16(hash, hash_bytes(load16(hash), t, p, (size_t)n));
}
AES GO_WEAK(void, gcm_finish,
            (const GcmTable *t, const uint8_t *mask, uint8_t *hash, uint64_t text, uint64_t data),
            "crypto/internal/fips140/aes/gcm.gcmAesFinish") {
    uint8_t lengths[BLOCK];
    store16(lengths, swap16(_mm_set_epi64x((int64_t)(data * 8), (int64_t)(text * 8))));
    store16(hash, _mm_xor_si128(load16(mask), swap16(hash_n(load16(hash), 1, t, lengths))));
}

// Encrypts or decrypts. The hash goes over the ciphertext, a block of it between any two rounds:
// when encrypting over what the turn before wrote.
INLINE void gcm_crypt(const GcmTable *t, uint8_t *dst, const uint8_t *src, size_t n,
                      const uint8_t *counter, uint8_t *hash, const uint32_t *keys, intptr_t words,
                      bool encrypt) {
    const V one = _mm_set_epi64x(0, 1);
    intptr_t rounds = words / 4 - 1;
    V c = swap16(load16(counter)), y = load16(hash), b[WIDE];
    bool before = false;
    for (; n >= WIDE * BLOCK; n -= WIDE * BLOCK, src += WIDE * BLOCK, dst += WIDE * BLOCK) {
        const uint8_t *text = encrypt ? dst - WIDE * BLOCK : src;
        for (int i = 0; i < WIDE; i++) {
            c = _mm_add_epi32(c, one);
            b[i] = swap16(c);
        }
        start_n(b, WIDE, keys);
        if (encrypt && !before) {
#pragma clang loop unroll(full)
            for (int r = 1; r < 10; r++) round_n(b, WIDE, keys + 4 * r);
            before = true;
        } else {
            Product p = no_product();
#pragma clang loop unroll(full)
            for (int r = 1; r < 10; r++) {
                round_n(b, WIDE, keys + 4 * r);
                if (r <= WIDE) {
                    V a = swap16(load16(text + BLOCK * (r - 1)));
                    multiply_add(&p, r == 1 ? _mm_xor_si128(a, y) : a, t, r - 1);
                }
            }
            y = reduce(p);
        }
        finish_n(b, WIDE, rounds, keys, dst, src);
    }
    if (before) y = hash_n(y, WIDE, t, dst - WIDE * BLOCK);
    if (n == 0) {
        store16(hash, y);
        return;
    }
    uint8_t last[WIDE * BLOCK] = {0};
    if (!encrypt) y = hash_bytes(y, t, src, n);
    memcpy(last, src, n);
    for (size_t i = 0; i < n; i += 4 * BLOCK) {
        for (int k = 0; k < 4; k++) {
            c = _mm_add_epi32(c, one);
            b[k] = swap16(c);
        }
        start_n(b, 4, keys);
        for (int r = 1; r < 10; r++) round_n(b, 4, keys + 4 * r);
        finish_n(b, 4, rounds, keys, last + i, last + i);
    }
    memcpy(dst, last, n);
    if (encrypt) y = hash_bytes(y, t, dst, n);
    store16(hash, y);
}
AES GO_WEAK(void, gcm_encrypt,
            (const GcmTable *t, uint8_t *dst, intptr_t dn, intptr_t dc, const uint8_t *src,
             intptr_t n, intptr_t sc, const uint8_t *counter, uint8_t *hash, const uint32_t *keys,
             intptr_t words, intptr_t kc),
            "crypto/internal/fips140/aes/gcm.gcmAesEnc") {
    gcm_crypt(t, dst, src, (size_t)n, counter, hash, keys, words, true);
}
AES GO_WEAK(void, gcm_decrypt,
            (const GcmTable *t, uint8_t *dst, intptr_t dn, intptr_t dc, const uint8_t *src,
             intptr_t n, intptr_t sc, const uint8_t *counter, uint8_t *hash, const uint32_t *keys,
             intptr_t words, intptr_t kc),
            "crypto/internal/fips140/aes/gcm.gcmAesDec") {
    gcm_crypt(t, dst, src, (size_t)n, counter, hash, keys, words, false);
}
#endif
