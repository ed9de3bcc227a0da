// slice: making and growing slices with gc's growth rule and rounding; typed moves; memory
// comparison.
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/sched.h"

static NOINLINE NORETURN void panic_len(void) GOSYM("runtime.panicmakeslicelen");
static NOINLINE NORETURN void panic_len(void) { panic_errstr("makeslice: len out of range"); }
static NOINLINE NORETURN void panic_cap(void) GOSYM("runtime.panicmakeslicecap");
static NOINLINE NORETURN void panic_cap(void) { panic_errstr("makeslice: cap out of range"); }

GO void *rt_makeslice(const AbiType *t, intptr_t len, intptr_t cap) {
    size_t size;
    bool over = __builtin_mul_overflow(t->size, (size_t)cap, &size);
    if (unlikely(over || size > MAX_ALLOC || len < 0 || len > cap)) {
        over = __builtin_mul_overflow(t->size, (size_t)len, &size);
        if (over || size > MAX_ALLOC || len < 0) panic_len();
        panic_cap();
    }
    if (unlikely(!size)) return &runtime_zerobase;
    void *p = rt_alloc_array(size, t->ptr_bytes != 0);
    preempt_point();
    return p;
}

GO void *rt_makeslicecopy(const AbiType *t, intptr_t tolen, intptr_t fromlen, const void *from) {
    size_t to;
    if (tolen < 0 || __builtin_mul_overflow(t->size, (size_t)tolen, &to) || to > MAX_ALLOC)
        panic_len();
    if (!to) return &runtime_zerobase;
    size_t copy = t->size * (size_t)(tolen > fromlen ? fromlen : tolen);
    if (RACE) race_read_range(from, copy, RACE_HERE(rt_makeslicecopy));
    char *p = rt_alloc_array_raw(to, t->ptr_bytes != 0);
    memmove(p, from, copy);
    if (!t->ptr_bytes) memset(p + copy, 0, to - copy);
    return p;
}

static intptr_t next_cap(intptr_t new_len, intptr_t old_cap) {
    enum { THRESHOLD = 256 };
    intptr_t cap = old_cap, twice = (intptr_t)((uintptr_t)cap + (uintptr_t)cap);
    if (new_len > twice) return new_len;
    if (old_cap < THRESHOLD) return twice;
    for (;;) {
        cap = (intptr_t)((uintptr_t)cap + ((uintptr_t)(cap + 3 * THRESHOLD) >> 2));
        if ((uintptr_t)cap >= (uintptr_t)new_len) break;
    }
    return cap <= 0 ? new_len : cap;
}

// Twice as much, then a quarter more with a smooth change between, rounded to a size class: the
// formula of gc.
GO AbiSlice rt_growslice(const void *old, intptr_t new_len, intptr_t old_cap, intptr_t num,
                         const AbiType *t) {
    intptr_t old_len = new_len - num;
    if (unlikely(new_len < 0)) panic_errstr("growslice: len out of range");
    size_t es = t->size;
    if (!es) return (AbiSlice){&runtime_zerobase, new_len, new_len};
    if (RACE) race_read_range(old, (size_t)old_len * es, RACE_HERE(rt_growslice));
    intptr_t cap = next_cap(new_len, old_cap);
    size_t mem;
    bool over = __builtin_mul_overflow(es, (size_t)cap, &mem), noscan = t->ptr_bytes == 0;
    mem = round_up_size(mem, noscan);
    cap = (intptr_t)(mem / es);
    mem = (size_t)cap * es;
    if (unlikely(over || mem > MAX_ALLOC)) panic_errstr("growslice: len out of range");
    char *p = rt_alloc_array_raw(mem, !noscan);
    size_t keep = (size_t)old_len * es;
    memcpy(p, old, keep);
    if (noscan) memset(p + (size_t)new_len * es, 0, mem - (size_t)new_len * es);
    return (AbiSlice){p, new_len, cap};
}

// Capacities as the heap's size classes would give them one after the other: a program may look.
GO intptr_t rt_growsteps(const void *old, intptr_t new_len, intptr_t num, const AbiType *t,
                         void *array) {
    size_t es = t->size, keep = (size_t)(new_len - num) * es, end = (size_t)new_len * es;
    if (old != array && keep) memmove(array, old, keep);
    size_t cap = round_up_size(end, t->ptr_bytes == 0) / es;
    memset((char *)array + end, 0, cap * es - end);
    return (intptr_t)cap;
}

// A slice that was built in the frame leaves it.
GO AbiSlice rt_moveslice(const void *old, intptr_t len, intptr_t cap, const AbiType *t) {
    bool noscan = t->ptr_bytes == 0, same_cap = cap >= 0;
    size_t es = t->size, used = (size_t)len * es;
    if (!same_cap) cap = (intptr_t)(round_up_size(used, noscan) / es);
    if (!cap) return (AbiSlice){&runtime_zerobase, 0, 0};
    size_t mem = (size_t)cap * es;
    char *p = rt_alloc_array_raw(mem, !noscan);
    if (same_cap) used = mem;
    memcpy(p, old, used);
    if (noscan) memset(p + used, 0, mem - used);
    return (AbiSlice){p, len, cap};
}

// For reflect: old's memory up to its capacity is kept, what is new is zero.
GO_FUNC(AbiSlice, rt_reflect_growslice,
        (const AbiType *t, void *p, intptr_t len, intptr_t cap, intptr_t num),
        "reflect.growslice") {
    num -= cap - len;
    AbiSlice s = rt_growslice(p, cap + num, cap, num, t);
    if (!t->ptr_bytes)
        memset((char *)s.ptr + (size_t)cap * t->size, 0, (size_t)(s.len - cap) * t->size);
    s.len = len;
    return s;
}

GO_FUNC(void, rt_typedmemmove, (const AbiType *t, void *dst, const void *src),
        "runtime.typedmemmove") {
    if (dst != src) memmove(dst, src, t->size);
}
GO_FUNC(void, rt_typedmemclr, (const AbiType *t, void *p), "runtime.typedmemclr") {
    memset(p, 0, t->size);
}
GO uint8_t rt_memequal(const void *a, const void *b, size_t n) { return memcmp(a, b, n) == 0; }
GO_FUNC(void, rt_memmove, (void *d, const void *s, size_t n), "runtime.memmove") {
    memmove(d, s, n);
}
GO_FUNC(void, rt_memclr, (void *p, size_t n), "runtime.memclrNoHeapPointers") { memset(p, 0, n); }

// (a + bi) / (c + di): Smith's algorithm, then C99's rules where it gave NaNs for infinities and
// zeros.
static double inf_to_one(double x) { return __builtin_copysign(__builtin_isinf(x) ? 1 : 0, x); }
// Infinities and NaNs as in gc's runtime, not as C has them.
GO RetC rt_complex128div(RetC x, RetC y) {
    double a = x.re, b = x.im, c = y.re, d = y.im;
    double e, f;
    if (__builtin_fabs(c) >= __builtin_fabs(d)) {
        double ratio = d / c, denom = c + ratio * d;
        e = (a + b * ratio) / denom;
        f = (b - a * ratio) / denom;
    } else {
        double ratio = c / d, denom = d + ratio * c;
        e = (a * ratio + b) / denom;
        f = (b * ratio - a) / denom;
    }
    if (e == e || f == f) return (RetC){e, f};
    bool ninf = __builtin_isinf(a) || __builtin_isinf(b),
         minf = __builtin_isinf(c) || __builtin_isinf(d);
    if (c == 0 && d == 0 && (a == a || b == b)) {
        double inf = __builtin_copysign(__builtin_inf(), c);
        return (RetC){inf * a, inf * b};
    }
    if (ninf && __builtin_isfinite(c) && __builtin_isfinite(d)) {
        a = inf_to_one(a);
        b = inf_to_one(b);
        return (RetC){__builtin_inf() * (a * c + b * d), __builtin_inf() * (b * c - a * d)};
    }
    if (minf && __builtin_isfinite(a) && __builtin_isfinite(b)) {
        c = inf_to_one(c);
        d = inf_to_one(d);
        return (RetC){0 * (a * c + b * d), 0 * (b * c - a * d)};
    }
    return (RetC){e, f};
}
