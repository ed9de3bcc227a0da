// vector_search: internal/bytealg's Count and Index.
#include "runtime/sched.h"
#include "runtime/vector.h"

// Counts in lanes of a byte, which hold 255 steps.
#define COUNT(name, attribute, size)                                                               \
    attribute static intptr_t name(const uint8_t *p, intptr_t n, uint8_t c) {                      \
        typedef uint8_t Bytes __attribute__((vector_size(size), aligned(1)));                      \
        typedef uint16_t Sums __attribute__((vector_size(2 * size)));                              \
        intptr_t k = 0;                                                                            \
        while (n >= size) {                                                                        \
            Bytes lanes = {0};                                                                     \
            intptr_t steps = n / size < 255 ? n / size : 255;                                      \
            for (intptr_t s = 0; s < steps; s++, p += size) lanes -= (Bytes)(*(const Bytes *)p == c); \
            k += __builtin_reduce_add(__builtin_convertvector(lanes, Sums));                       \
            n -= steps * size;                                                                     \
        }                                                                                          \
        for (; n > 0; n--) k += *p++ == c;                                                         \
        return k;                                                                                  \
    }
COUNT(count_any, , 16)

#if defined(__x86_64__)
#define AVX2 TARGET("avx2,bmi")
COUNT(count_avx2, AVX2, 32)

// What is short, as most, is not worth a call.
#define SAME(size, a, b, n)                                                                        \
    (!memcmp(a, b, size) && !memcmp((a) + (n) - (size), (b) + (n) - (size), size))
static inline bool same(const char *a, const char *b, intptr_t n) {
    if (n > 16) return !memcmp(a, b, (size_t)n);
    if (n >= 8) return SAME(8, a, b, n);
    if (n >= 4) return SAME(4, a, b, n);
    if (n >= 2) return SAME(2, a, b, n);
    return n <= 0 || *a == *b;
}

// The first place of b, of at least two bytes, in a: where its first and its last byte stand, a
// vector of places at a time, the last of them overlapping with the one before.
#define FIND(name, attribute, narrower, size, Vector, load, equal, both, fill, mask)               \
    attribute static intptr_t name(const char *a, intptr_t an, const char *b, intptr_t bn) {       \
        intptr_t places = an - bn + 1;                                                             \
        if (places < size) return narrower(a, an, b, bn);                                          \
        Vector first = fill(b[0]), last = fill(b[bn - 1]);                                         \
        for (intptr_t i = 0;;) {                                                                   \
            const char *p = a + i;                                                                 \
            uint32_t at = (uint32_t)mask(                                                          \
                both(equal(load((const void *)p), first), equal(load((const void *)(p + bn - 1)), last))); \
            for (; at; at &= at - 1) {                                                             \
                int k = __builtin_ctz(at);                                                         \
                if (same(p + k + 1, b + 1, bn - 2)) return i + k;                                  \
            }                                                                                      \
            if (i == places - size) return -1;                                                     \
            i = i + 2 * size <= places ? i + size : places - size;                                 \
        }                                                                                          \
    }
static intptr_t find_few(const char *a, intptr_t an, const char *b, intptr_t bn) {
    for (intptr_t i = 0; i + bn <= an; i++)
        if (a[i] == b[0] && a[i + bn - 1] == b[bn - 1] && same(a + i + 1, b + 1, bn - 2)) return i;
    return -1;
}
// Fewer places than a vector has: it looks beyond them, where memory goes on.
__attribute__((no_sanitize("address"))) static intptr_t find_short(const char *a, intptr_t an,
                                                                   const char *b, intptr_t bn) {
    enum { PAGE = 4096 };
    const char *end = a + bn - 1;
    if (an < bn) return -1; // what is left may be shorter: then end is anywhere
    if ((uintptr_t)a % PAGE > PAGE - sizeof(V) || (uintptr_t)end % PAGE > PAGE - sizeof(V))
        return find_few(a, an, b, bn);
    intptr_t places = an - bn + 1;
    V first = _mm_set1_epi8(b[0]), last = _mm_set1_epi8(b[bn - 1]);
    uint32_t at =
        (uint32_t)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(load16((const void *)a), first),
                                                  _mm_cmpeq_epi8(load16((const void *)end), last)));
    for (at &= (1u << places) - 1; at; at &= at - 1) {
        int k = __builtin_ctz(at);
        if (same(a + k + 1, b + 1, bn - 2)) return k;
    }
    return -1;
}
FIND(find_any, , find_short, 16, V, load16, _mm_cmpeq_epi8, _mm_and_si128, _mm_set1_epi8,
     _mm_movemask_epi8)
FIND(find_avx2, AVX2, find_any, 32, __m256i, _mm256_loadu_si256, _mm256_cmpeq_epi8,
     _mm256_and_si256, _mm256_set1_epi8, _mm256_movemask_epi8)

static intptr_t count(const uint8_t *p, intptr_t n, uint8_t c) {
    return rt_features.avx2 && n >= 32 ? count_avx2(p, n, c) : count_any(p, n, c);
}
static intptr_t find(const char *a, intptr_t an, const char *b, intptr_t bn) {
    return rt_features.avx2 ? find_avx2(a, an, b, bn) : find_any(a, an, b, bn);
}
#else
static intptr_t count(const uint8_t *p, intptr_t n, uint8_t c) { return count_any(p, n, c); }
static intptr_t find(const char *a, intptr_t an, const char *b, intptr_t bn) {
    const char *q = memmem(a, (size_t)an, b, (size_t)bn);
    return q ? q - a : -1;
}
#endif

GO_WEAK(intptr_t, bytes_count, (const uint8_t *p, intptr_t n, intptr_t cap, uint8_t c),
        "internal/bytealg.Count") {
    return count(p, n, c);
}
GO_WEAK(intptr_t, string_count, (const uint8_t *p, intptr_t n, uint8_t c),
        "internal/bytealg.CountString") {
    return count(p, n, c);
}
GO_WEAK(intptr_t, bytes_index,
        (const char *a, intptr_t an, intptr_t ac, const char *b, intptr_t bn, intptr_t bc),
        "internal/bytealg.Index") {
    return find(a, an, b, bn);
}
GO_WEAK(intptr_t, string_index, (const char *a, intptr_t an, const char *b, intptr_t bn),
        "internal/bytealg.IndexString") {
    return find(a, an, b, bn);
}
