// string: concatenation, conversion between strings, byte and rune slices, comparison, UTF-8.
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/sched.h"
#include "runtime/string.h"

enum { RUNE_ERROR = 0xFFFD, MAX_RUNE = 0x10FFFF };

static char *raw_bytes(size_t n) { return rt_alloc_array_raw(n, false); }

AbiString go_string(const char *p, intptr_t n) {
    if (!n) return (AbiString){NULL, 0};
    char *s = raw_bytes((size_t)n);
    memcpy(s, p, (size_t)n);
    return (AbiString){s, n};
}

// Results that do not escape and fit lie in the caller's buffer.
enum { TMP_BUF = 32 };
static inline char *result_bytes(char *buf, size_t n) {
    return buf && n <= TMP_BUF ? buf : raw_bytes(n);
}

// The only operand that is not empty is the result, unless it lies in a frame that the result may
// outlive.
static AbiString only_operand(char *buf, AbiString s) {
    const G *g = getg();
    return buf || !stack_part(g, (uintptr_t)s.ptr) ? s : go_string(s.ptr, s.len);
}

// Counts first: where only one is not empty there is no new string to make.
GO AbiString rt_concatstrings(char *buf, const AbiString *a, intptr_t n) {
    intptr_t total = 0, count = 0, last = 0;
    for (intptr_t i = 0; i < n; i++) {
        if (!a[i].len) continue;
        if (__builtin_add_overflow(total, a[i].len, &total))
            rt_throw("string concatenation too long");
        count++;
        last = i;
    }
    if (count == 0) return (AbiString){NULL, 0};
    if (count == 1) return only_operand(buf, a[last]);
    char *s = result_bytes(buf, (size_t)total), *q = s;
    for (intptr_t i = 0; i < n; i++) {
        memcpy(q, a[i].ptr, (size_t)a[i].len);
        q += a[i].len;
    }
    return (AbiString){s, total};
}
GO AbiString rt_concatstring2(char *buf, AbiString a, AbiString b) {
    if (!a.len) return b.len ? only_operand(buf, b) : (AbiString){NULL, 0};
    if (!b.len) return only_operand(buf, a);
    char *s = result_bytes(buf, (size_t)(a.len + b.len));
    memcpy(s, a.ptr, (size_t)a.len);
    memcpy(s + a.len, b.ptr, (size_t)b.len);
    return (AbiString){s, a.len + b.len};
}
GO AbiString rt_concatstring3(char *buf, AbiString a, AbiString b, AbiString c) {
    return rt_concatstrings(buf, (AbiString[]){a, b, c}, 3);
}

GO intptr_t rt_cmpstring(AbiString a, AbiString b) {
    return rt_compare(a.ptr, a.len, b.ptr, b.len);
}

GO AbiString rt_slicebytetostring(char *buf, const void *p, intptr_t n) {
    if (n == 0) return (AbiString){NULL, 0};
    if (RACE) race_read_range(p, (size_t)n, RACE_HERE(rt_slicebytetostring));
    if (n == 1) return (AbiString){small_cell(*(const uint8_t *)p), 1};
    char *s = result_bytes(buf, (size_t)n);
    memcpy(s, p, (size_t)n);
    return (AbiString){s, n};
}

GO AbiSlice rt_stringtoslicebyte(char *buf, AbiString from) {
    intptr_t n = from.len;
    if (buf && n <= TMP_BUF) {
        memset(buf, 0, TMP_BUF);
        memcpy(buf, from.ptr, (size_t)n);
        return (AbiSlice){buf, n, TMP_BUF};
    }
    if (!n) return (AbiSlice){&runtime_zerobase, 0, 0};
    size_t cap = round_up_size((size_t)n, true);
    char *s = raw_bytes(cap);
    memcpy(s, from.ptr, (size_t)n);
    memset(s + n, 0, cap - (size_t)n);
    return (AbiSlice){s, n, (intptr_t)cap};
}

// One rune of s, at least 4 bytes of which the first is no ASCII: *size its length in bytes;
// invalid bytes are RUNE_ERROR of length 1. All of its bytes are looked at together.
static inline int32_t decode_long(const uint8_t *s, int *size) {
    uint32_t w = (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24,
             r;
    if ((w & 0xC0C0F0) == 0x8080E0) {
        r = (w & 0xF) << 12 | (w >> 8 & 0x3F) << 6 | (w >> 16 & 0x3F);
        *size = 3;
        if (likely(r >= 0x800 && (r < 0xD800 || r > 0xDFFF))) return (int32_t)r;
    } else if ((w & 0xC0E0) == 0x80C0) {
        r = (w & 0x1F) << 6 | (w >> 8 & 0x3F);
        *size = 2;
        if (likely(r >= 0x80)) return (int32_t)r;
    } else if ((w & 0xC0C0C0F8) == 0x808080F0) {
        r = (w & 7) << 18 | (w >> 8 & 0x3F) << 12 | (w >> 16 & 0x3F) << 6 | (w >> 24 & 0x3F);
        *size = 4;
        if (likely(r >= 0x10000 && r <= MAX_RUNE)) return (int32_t)r;
    }
    *size = 1;
    return RUNE_ERROR;
}
static NOINLINE int32_t decode_near_end(const uint8_t *s, intptr_t n, int *size) {
    uint8_t b[4] = {0}; // no continuation
    memcpy(b, s, (size_t)(n < 4 ? n : 4));
    return decode_long(b, size);
}
static inline int32_t decode(const uint8_t *s, intptr_t n, int *size) {
    *size = 1;
    if (s[0] < 0x80) return s[0];
    return likely(n >= 4) ? decode_long(s, size) : decode_near_end(s, n, size);
}

// What is no code point becomes U+FFFD.
static int encode(char *o, int32_t rune) {
    uint32_t r = (uint32_t)rune;
    if (r > MAX_RUNE || (r >= 0xD800 && r <= 0xDFFF)) r = RUNE_ERROR;
    if (r < 0x80) {
        o[0] = (char)r;
        return 1;
    }
    if (r < 0x800) {
        o[0] = (char)(0xC0 | r >> 6);
        o[1] = (char)(0x80 | (r & 0x3F));
        return 2;
    }
    if (r < 0x10000) {
        o[0] = (char)(0xE0 | r >> 12);
        o[1] = (char)(0x80 | (r >> 6 & 0x3F));
        o[2] = (char)(0x80 | (r & 0x3F));
        return 3;
    }
    o[0] = (char)(0xF0 | r >> 18);
    o[1] = (char)(0x80 | (r >> 12 & 0x3F));
    o[2] = (char)(0x80 | (r >> 6 & 0x3F));
    o[3] = (char)(0x80 | (r & 0x3F));
    return 4;
}

GO RetWI rt_decoderune(AbiString s, intptr_t k) {
    int size;
    int32_t r = decode((const uint8_t *)s.ptr + k, s.len - k, &size);
    return (RetWI){r, k + size};
}

GO intptr_t rt_countrunes(AbiString s) {
    intptr_t count = 0;
    int size;
    for (intptr_t i = 0; i < s.len; i += size, count++)
        (void)decode((const uint8_t *)s.ptr + i, s.len - i, &size);
    return count;
}

GO AbiSlice rt_stringtoslicerune(int32_t *buf, AbiString s) {
    intptr_t count = rt_countrunes(s);
    int size;
    if (!count && !buf) return (AbiSlice){&runtime_zerobase, 0, 0};
    bool fits = buf && count <= TMP_BUF;
    size_t mem = fits ? TMP_BUF * sizeof *buf : round_up_size((size_t)count * 4, true);
    int32_t *r = fits ? buf : rt_alloc_array_raw(mem, false);
    intptr_t k = 0;
    for (intptr_t i = 0; i < s.len; i += size)
        r[k++] = decode((const uint8_t *)s.ptr + i, s.len - i, &size);
    memset(r + count, 0, mem - (size_t)count * 4);
    return (AbiSlice){r, count, (intptr_t)(mem / 4)};
}

GO AbiString rt_slicerunetostring(char *buf, const void *runes, intptr_t n) {
    const int32_t *p = runes;
    if (RACE) race_read_range(runes, (size_t)n * sizeof *p, RACE_HERE(rt_slicerunetostring));
    char rune[4];
    size_t total = 0;
    for (intptr_t i = 0; i < n; i++) total += (size_t)encode(rune, p[i]);
    if (!total) return (AbiString){NULL, 0};
    char *s = result_bytes(buf, total), *q = s;
    for (intptr_t i = 0; i < n; i++) q += encode(q, p[i]);
    return (AbiString){s, (intptr_t)total};
}

GO AbiString rt_intstring(char *buf, intptr_t v) {
    if (v != (int32_t)v) v = RUNE_ERROR;
    if (v >= 0 && v < 0x80) return (AbiString){small_cell((uint64_t)v), 1};
    char *s = result_bytes(buf, 4);
    return (AbiString){s, encode(s, (int32_t)v)};
}

// internal/bytealg, but for vector_search.c's -----------------------------------------------------

GO_WEAK(intptr_t, bytes_index_byte, (const char *p, intptr_t n, intptr_t cap, uint8_t c),
        "internal/bytealg.IndexByte") {
    const char *q = n ? memchr(p, c, (size_t)n) : NULL;
    return q ? q - p : -1;
}
GO_WEAK(intptr_t, string_index_byte, (const char *p, intptr_t n, uint8_t c),
        "internal/bytealg.IndexByteString") {
    const char *q = n ? memchr(p, c, (size_t)n) : NULL;
    return q ? q - p : -1;
}
GO_WEAK(intptr_t, bytes_compare,
        (const char *a, intptr_t an, intptr_t ac, const char *b, intptr_t bn, intptr_t bc),
        "internal/bytealg.Compare") {
    return rt_compare(a, an, b, bn);
}
GO_WEAK(AbiSlice, bytes_make_no_zero, (intptr_t n), "internal/bytealg.MakeNoZero") {
    if (n < 0 || (uintptr_t)n > MAX_ALLOC) panic_errstr("makeslice: len out of range");
    size_t cap = round_up_size((size_t)n, true);
    return (AbiSlice){rt_alloc_array_raw(cap, false), n, (intptr_t)cap};
}
