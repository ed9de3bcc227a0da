// vector_digest: the block functions of the digests (overlay/assembly: crypto/sha1, crypto/md5,
// crypto/internal/fips140/sha256 and …/sha512). Each takes the digest, which begins with its words
// of state, and whole blocks. After FIPS 180-4 and RFC 1321; what uses Intel's SHA extensions after
// S. Gulley and others, "New Instructions Supporting the Secure Hash Algorithm on Intel
// Architecture Processors" (white paper, 2013). The names say what GOROOT's Go code asks of the
// processor before the call.
#include "runtime/sched.h"
#include "runtime/vector.h"

#if defined(__x86_64__)

#define AVX2 TARGET("avx2,bmi,bmi2")
static inline uint32_t rol32(uint32_t x, uint32_t n) { return __builtin_rotateleft32(x, n); }
static inline uint32_t ror32(uint32_t x, uint32_t n) { return __builtin_rotateright32(x, n); }
static inline uint64_t ror64(uint64_t x, uint64_t n) { return __builtin_rotateright64(x, n); }
static inline uint32_t be32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return __builtin_bswap32(v);
}

// crypto/sha1 -------------------------------------------------------------------------------------

// Four rounds, and the message words sixteen after theirs.
#define SHA1_FOUR(i) \
    do { \
        V before = abcd; \
        e = i == 0 ? _mm_add_epi32(e, w[0]) : _mm_sha1nexte_epu32(e, w[(i) & 3]); \
        abcd = _mm_sha1rnds4_epu32(abcd, e, (i) / 5); \
        e = before; \
        if (i < 16) \
            w[(i) & 3] = _mm_sha1msg2_epu32( \
                _mm_xor_si128(_mm_sha1msg1_epu32(w[(i) & 3], w[((i) + 1) & 3]), w[((i) + 2) & 3]), w[((i) + 3) & 3]); \
    } while (0)
TARGET("sha,sse4.1")
GO_WEAK(void, sha1_ni, (uint32_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
        "crypto/sha1.blockSHANI") {
    const V swap = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    V abcd = _mm_shuffle_epi32(load16(h), 0x1b), e = _mm_set_epi32((int)h[4], 0, 0, 0), w[4];
    for (; n >= 64; p += 64, n -= 64) {
        V abcd0 = abcd, e0 = e;
        for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(load16(p + 16 * i), swap);
        SHA1_FOUR(0);
        SHA1_FOUR(1);
        SHA1_FOUR(2);
        SHA1_FOUR(3);
        SHA1_FOUR(4);
        SHA1_FOUR(5);
        SHA1_FOUR(6);
        SHA1_FOUR(7);
        SHA1_FOUR(8);
        SHA1_FOUR(9);
        SHA1_FOUR(10);
        SHA1_FOUR(11);
        SHA1_FOUR(12);
        SHA1_FOUR(13);
        SHA1_FOUR(14);
        SHA1_FOUR(15);
        SHA1_FOUR(16);
        SHA1_FOUR(17);
        SHA1_FOUR(18);
        SHA1_FOUR(19);
        e = _mm_sha1nexte_epu32(e, e0);
        abcd = _mm_add_epi32(abcd, abcd0);
    }
    store16(h, _mm_shuffle_epi32(abcd, 0x1b));
    h[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

AVX2 GO_WEAK(void, sha1_avx2, (uint32_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
             "crypto/sha1.blockAVX2") {
    for (; n >= 64; p += 64, n -= 64) {
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], w[16];
        for (int i = 0; i < 16; i++) w[i] = be32(p + 4 * i);
#pragma clang loop unroll(full)
        for (int i = 0; i < 80; i++) {
            if (i >= 16)
                w[i & 15] =
                    rol32(w[(i + 13) & 15] ^ w[(i + 8) & 15] ^ w[(i + 2) & 15] ^ w[i & 15], 1);
            uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                         : i < 60 ? ((b & c) | (d & (b ^ c))) + 0x8f1bbcdc
                                  : (b ^ c ^ d) + 0xca62c1d6;
            uint32_t t = e + w[i & 15] + f + rol32(a, 5);
            e = d;
            d = c;
            c = rol32(b, 30);
            b = a;
            a = t;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
    }
}

// crypto/internal/fips140/sha256 ------------------------------------------------------------------

// FIPS 180-4: 32 bits of the fractions of the first 64 primes' cube roots.
static const uint32_t sha256_k[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions want the state as ABEF and CDGH, four message words at a time.
TARGET("sha,sse4.1")
GO_WEAK(void, sha256_ni, (uint32_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
        "crypto/internal/fips140/sha256.blockSHANI") {
    const V swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    V t = _mm_shuffle_epi32(load16(h), 0xb1), cdgh = _mm_shuffle_epi32(load16(h + 4), 0x1b);
    V abef = _mm_alignr_epi8(t, cdgh, 8);
    cdgh = _mm_blend_epi16(cdgh, t, 0xf0);
    for (; n >= 64; p += 64, n -= 64) {
        V abef0 = abef, cdgh0 = cdgh, w[4];
        for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(load16(p + 16 * i), swap);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            V k = _mm_add_epi32(w[i & 3], load16(sha256_k + 4 * i));
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
    store16(h, _mm_blend_epi16(t, cdgh, 0xf0));
    store16(h + 4, _mm_alignr_epi8(cdgh, t, 8));
}

AVX2 GO_WEAK(void, sha256_avx2, (uint32_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
             "crypto/internal/fips140/sha256.blockAVX2") {
    for (; n >= 64; p += 64, n -= 64) {
        uint32_t s[8], w[16];
        memcpy(s, h, sizeof s);
        for (int i = 0; i < 16; i++) w[i] = be32(p + 4 * i);
#pragma clang loop unroll(full)
        for (int i = 0; i < 64; i++) {
            if (i >= 16) {
                uint32_t x = w[(i + 1) & 15], y = w[(i + 14) & 15];
                w[i & 15] += (ror32(x, 7) ^ ror32(x, 18) ^ x >> 3) + w[(i + 9) & 15] +
                             (ror32(y, 17) ^ ror32(y, 19) ^ y >> 10);
            }
            uint32_t a = s[-i & 7], b = s[(1 - i) & 7], c = s[(2 - i) & 7], e = s[(4 - i) & 7],
                     f = s[(5 - i) & 7];
            uint32_t t = s[(7 - i) & 7] + sha256_k[i] + w[i & 15] + (e & f) +
                         (~e & s[(6 - i) & 7]) + (ror32(e, 6) ^ ror32(e, 11) ^ ror32(e, 25));
            s[(3 - i) & 7] += t;
            s[(7 - i) & 7] =
                t + ((a & b) | (c & (a ^ b))) + (ror32(a, 2) ^ ror32(a, 13) ^ ror32(a, 22));
        }
        for (int i = 0; i < 8; i++) h[i] += s[i];
    }
}

// crypto/internal/fips140/sha512 ------------------------------------------------------------------

// FIPS 180-4: 64 bits of the fractions of the first 80 primes' cube roots.
static const uint64_t sha512_k[80] __attribute__((aligned(32))) = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

#define ROR2(x, n) _mm_or_si128(_mm_srli_epi64(x, n), _mm_slli_epi64(x, 64 - (n)))

// The message words are made two at a time in vector registers, sixteen rounds ahead of the rounds,
// which are scalar: the processor does both at once.
AVX2 GO_WEAK(void, sha512_avx2, (uint64_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
             "crypto/internal/fips140/sha512.blockAVX2") {
    const V swap = _mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607);
    uint64_t s[8];
    memcpy(s, h, sizeof s);
    for (; n >= 128; p += 128, n -= 128) {
        V w[8];
        uint64_t wk[16];
        for (int i = 0; i < 8; i++) {
            w[i] = _mm_shuffle_epi8(load16(p + 16 * i), swap);
            store16(wk + 2 * i, _mm_add_epi64(w[i], load16(sha512_k + 2 * i)));
        }
        for (int r = 0; r < 80; r += 16) {
#pragma clang loop unroll(full)
            for (int i = 0; i < 16; i++) {
                uint64_t a = s[-i & 7], b = s[(1 - i) & 7], c = s[(2 - i) & 7], e = s[(4 - i) & 7],
                         f = s[(5 - i) & 7];
                uint64_t t = s[(7 - i) & 7] + wk[i] + (e & f) + (~e & s[(6 - i) & 7]) +
                             (ror64(e, 14) ^ ror64(e, 18) ^ ror64(e, 41));
                s[(3 - i) & 7] += t;
                s[(7 - i) & 7] =
                    t + ((a & b) | (c & (a ^ b))) + (ror64(a, 28) ^ ror64(a, 34) ^ ror64(a, 39));
                if (r < 64 && i % 2) {
                    int k = i / 2;
                    V x = _mm_alignr_epi8(w[(k + 1) & 7], w[k], 8), y = w[(k + 7) & 7];
                    V s0 =
                        _mm_xor_si128(_mm_xor_si128(ROR2(x, 1), ROR2(x, 8)), _mm_srli_epi64(x, 7));
                    V s1 = _mm_xor_si128(_mm_xor_si128(ROR2(y, 19), ROR2(y, 61)),
                                         _mm_srli_epi64(y, 6));
                    V nine = _mm_alignr_epi8(w[(k + 5) & 7], w[(k + 4) & 7], 8);
                    w[k] = _mm_add_epi64(_mm_add_epi64(w[k], nine), _mm_add_epi64(s0, s1));
                    store16(wk + 2 * k, _mm_add_epi64(w[k], load16(sha512_k + r + 16 + 2 * k)));
                }
            }
        }
        for (int i = 0; i < 8; i++) s[i] = h[i] += s[i];
    }
}

// crypto/md5 --------------------------------------------------------------------------------------

static const uint32_t md5_k[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

GO_WEAK(void, md5_block, (uint32_t *h, const uint8_t *p, intptr_t n, intptr_t cap),
        "crypto/md5.block") {
    static const uint8_t turn[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
    for (; n >= 64; p += 64, n -= 64) {
        uint32_t a0 = a, b0 = b, c0 = c, d0 = d;
#pragma clang loop unroll(full)
        for (int i = 0; i < 64; i++) {
            uint32_t w;
            memcpy(&w,
                   p + 4 * ((i < 16   ? i
                             : i < 32 ? 5 * i + 1
                             : i < 48 ? 3 * i + 5
                                      : 7 * i) &
                            15),
                   4);
            uint32_t t = a + w + md5_k[i];
            __asm__("" : "+r"(t)); // added up before b is known
            if (i < 16)            // d ^ (b & (c ^ d)), where b comes last
                t += d ^ (b & (c ^ d));
            else if (i < 32) // terms without common bits: the sum needs b in one of them alone
                t = t + (c & ~d) + (b & d);
            else if (i < 48)
                t += b ^ (c ^ d);
            else
                t += c ^ (b | ~d);
            a = d;
            d = c;
            c = b;
            b += rol32(t, turn[i / 16][i & 3]);
        }
        a += a0;
        b += b0;
        c += c0;
        d += d0;
    }
    h[0] = a;
    h[1] = b;
    h[2] = c;
    h[3] = d;
}
#endif
