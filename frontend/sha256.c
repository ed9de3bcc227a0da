// sha256: blocks of 64 bytes change eight words; the last block is filled up with a one bit, zeros
// and the length. The constants are the fractions of the square and cube roots of the first primes.
#include "frontend/sha256.h"

static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void add_block(uint32_t h[8], const uint8_t *p) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++, p += 4)
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[i - 7] +
               (right(b, 17) ^ right(b, 19) ^ b >> 10);
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t t = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
                     ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
        uint32_t u =
            (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

void sha256_begin(Sha256 *s) {
    static const uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    s->len = 0;
    memcpy(s->h, h, sizeof h);
}

void sha256_add(Sha256 *s, const void *from, size_t n) {
    const uint8_t *p = from;
    size_t at = s->len % 64;
    s->len += n;
    if (at + n < 64) {
        if (n) memcpy(s->block + at, p, n);
        return;
    }
    if (at) {
        memcpy(s->block + at, p, 64 - at);
        add_block(s->h, s->block);
        p += 64 - at;
        n -= 64 - at;
    }
    for (; n >= 64; p += 64, n -= 64) add_block(s->h, p);
    if (n) memcpy(s->block, p, n);
}

void sha256_end(Sha256 *s, uint8_t out[32]) {
    static const uint8_t fill[64] = {0x80};
    uint64_t bits = s->len * 8;
    uint8_t length[8];
    sha256_add(s, fill, 1 + (119 - s->len % 64) % 64);
    for (int i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(s, length, 8);
    for (int i = 0; i < 32; i++) out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

const char *sha256_end_text(Sha256 *s) {
    uint8_t sum[32];
    Buf b = {0};
    sha256_end(s, sum);
    for (int i = 0; i < 32; i++) buf_printf(&b, "%02x", sum[i]);
    return buf_str(&b);
}

const char *sha256_text(const void *p, size_t n) {
    Sha256 s;
    sha256_begin(&s);
    sha256_add(&s, p, n);
    return sha256_end_text(&s);
}
