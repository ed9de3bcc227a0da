// vector: what GOROOT has in assembly and what is worth the processor's own instructions, in C:
// words of big numbers and checksums (vector.c), searching (vector_search.c), digests
// (vector_digest.c), AES (vector_aes.c). What each needs of the processor is asked by GOROOT's own
// Go code where that does so (runtime/overlay/assembly lists those packages), else here.
#ifndef VOLE_VECTOR_H
#define VOLE_VECTOR_H

#include "runtime/rt.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__x86_64__)
// What the processor has and the operating system lets programs use.
extern struct Features {
    bool adx, avx2, clmul, sse42, wide_clmul; // wide: of 512 bits
} rt_features;

#define TARGET(features) __attribute__((target(features)))
typedef __m128i V;
TARGET("sse2") static inline V load16(const void *p) { return _mm_loadu_si128(p); }
TARGET("sse2") static inline void store16(void *p, V v) { _mm_storeu_si128(p, v); }
#endif

#endif
