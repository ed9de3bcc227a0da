// sha256: SHA-256, of FIPS 180-4, where what is hashed may come from others.
#ifndef VOLE_SHA256_H
#define VOLE_SHA256_H

#include "frontend/base.h"

typedef struct Sha256 {
    uint32_t h[8];
    uint64_t len; // in bytes
    uint8_t block[64];
} Sha256;

void sha256_begin(Sha256 *s);
void sha256_add(Sha256 *s, const void *p, size_t n);
void sha256_end(Sha256 *s, uint8_t out[32]);
const char *sha256_end_text(Sha256 *s);           // the same as 64 digits
const char *sha256_text(const void *p, size_t n); // 64 digits

#endif
