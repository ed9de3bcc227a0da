// atomic: sync/atomic and internal/runtime/atomic, as function values and where the compiler does
// not treat them as operations.
#include "runtime/race.h"
#include "runtime/rt.h"

// With -race by the race detector, which takes arguments and results as gc passes them: in memory,
// one after the other.
#define TSAN(name) extern void name(void *, uintptr_t, uintptr_t, void *) __attribute__((weak));
#define TSANS(op) TSAN(__tsan_go_atomic32_##op) TSAN(__tsan_go_atomic64_##op)
TSANS(load)
TSANS(store)
TSANS(exchange)
TSANS(fetch_add)
TSANS(fetch_and)
TSANS(fetch_or)
TSANS(compare_exchange)
#define RACED(T, op, self, arg1, arg2, result)                                                     \
    do {                                                                                           \
        if (!RACE) break;                                                                          \
        struct {                                                                                   \
            _Atomic T *p;                                                                          \
            T in1, in2;                                                                            \
            uint64_t out;                                                                          \
        } small = {p, (T)(arg1), (T)(arg2), 0};                                                    \
        bool narrow = sizeof(T) == 4;                                                              \
        if (!race_atomic(narrow ? __tsan_go_atomic32_##op : __tsan_go_atomic64_##op,               \
                         (const void *)p, &small, (uintptr_t)__builtin_return_address(0),          \
                         (uintptr_t)self + 1))                                                     \
            break;                                                                                 \
        result;                                                                                    \
    } while (0)
#define ATOMICS(pkg, id, T)                                                                        \
    GO_WEAK(T, id##_load, (_Atomic T * p), "sync/atomic.Load" pkg) {                               \
        RACED(T, load, id##_load, 0, 0, return small.in1);                                         \
        return *p;                                                                                 \
    }                                                                                              \
    GO_WEAK(void, id##_store, (_Atomic T * p, T v), "sync/atomic.Store" pkg) {                     \
        RACED(T, store, id##_store, v, 0, return);                                                 \
        *p = v;                                                                                    \
    }                                                                                              \
    GO_WEAK(T, id##_swap, (_Atomic T * p, T v), "sync/atomic.Swap" pkg) {                          \
        RACED(T, exchange, id##_swap, v, 0, return *(T *)OUT(small, T));                           \
        return atomic_exchange(p, v);                                                              \
    }                                                                                              \
    GO_WEAK(uint8_t, id##_cas, (_Atomic T * p, T o, T n), "sync/atomic.CompareAndSwap" pkg) {      \
        RACED(T, compare_exchange, id##_cas, o, n, return *(uint8_t *)&small.out);                 \
        return atomic_compare_exchange_strong(p, &o, n);                                           \
    }
// What has one argument has its result where results begin, at the next multiple of eight.
#define OUT(frame, T) ((char *)&(frame) + 16)
#define ATOMICS_INT(pkg, id, T)                                                                    \
    ATOMICS(pkg, id, T)                                                                            \
    GO_WEAK(T, id##_add, (_Atomic T * p, T v), "sync/atomic.Add" pkg) {                            \
        RACED(T, fetch_add, id##_add, v, 0, return *(T *)OUT(small, T) + v);                       \
        return atomic_fetch_add(p, v) + v;                                                         \
    }                                                                                              \
    GO_WEAK(T, id##_and, (_Atomic T * p, T v), "sync/atomic.And" pkg) {                            \
        RACED(T, fetch_and, id##_and, v, 0, return *(T *)OUT(small, T));                           \
        return atomic_fetch_and(p, v);                                                             \
    }                                                                                              \
    GO_WEAK(T, id##_or, (_Atomic T * p, T v), "sync/atomic.Or" pkg) {                              \
        RACED(T, fetch_or, id##_or, v, 0, return *(T *)OUT(small, T));                             \
        return atomic_fetch_or(p, v);                                                              \
    }
ATOMICS_INT("Int32", sa_i32, int32_t)
ATOMICS_INT("Int64", sa_i64, int64_t)
ATOMICS_INT("Uint32", sa_u32, uint32_t) ATOMICS_INT("Uint64", sa_u64, uint64_t)
    ATOMICS_INT("Uintptr", sa_up, uintptr_t) typedef void *pointer;
ATOMICS("Pointer", sa_p, pointer)

#define RA(name) "internal/runtime/atomic." name
GO_WEAK(uint8_t, ra_cas_pointer, (_Atomic pointer * p, pointer o, pointer n), RA("casPointer")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
GO_WEAK(void, ra_store_pointer, (_Atomic pointer * p, pointer v), RA("storePointer")) { *p = v; }
GO_WEAK(uint8_t, ra_casp1, (_Atomic pointer * p, pointer o, pointer n), RA("Casp1")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
GO_WEAK(void, ra_storep, (_Atomic pointer * p, pointer v), RA("StorepNoWB")) { *p = v; }
GO_WEAK(pointer, ra_loadp, (_Atomic pointer * p), RA("Loadp")) { return *p; }
GO_WEAK(uint32_t, ra_load, (_Atomic uint32_t *p), RA("Load")) { return *p; }
GO_WEAK(uint64_t, ra_load64, (_Atomic uint64_t *p), RA("Load64")) { return *p; }
GO_WEAK(uint8_t, ra_load8, (_Atomic uint8_t *p), RA("Load8")) { return *p; }
GO_WEAK(uint32_t, ra_loadacq, (_Atomic uint32_t *p), RA("LoadAcq")) { return *p; }
GO_WEAK(void, ra_store, (_Atomic uint32_t *p, uint32_t v), RA("Store")) { *p = v; }
GO_WEAK(void, ra_store8, (_Atomic uint8_t *p, uint8_t v), RA("Store8")) { *p = v; }
GO_WEAK(void, ra_store64, (_Atomic uint64_t *p, uint64_t v), RA("Store64")) { *p = v; }
GO_WEAK(uint8_t, ra_cas, (_Atomic uint32_t *p, uint32_t o, uint32_t n), RA("Cas")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
GO_WEAK(uint8_t, ra_cas64, (_Atomic uint64_t *p, uint64_t o, uint64_t n), RA("Cas64")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
GO_WEAK(uint32_t, ra_xadd, (_Atomic uint32_t *p, int32_t v), RA("Xadd")) {
    return atomic_fetch_add(p, (uint32_t)v) + (uint32_t)v;
}
GO_WEAK(uint64_t, ra_xadd64, (_Atomic uint64_t *p, int64_t v), RA("Xadd64")) {
    return atomic_fetch_add(p, (uint64_t)v) + (uint64_t)v;
}
GO_WEAK(uint32_t, ra_xchg, (_Atomic uint32_t *p, uint32_t v), RA("Xchg")) {
    return atomic_exchange(p, v);
}
GO_WEAK(uint64_t, ra_xchg64, (_Atomic uint64_t *p, uint64_t v), RA("Xchg64")) {
    return atomic_exchange(p, v);
}
GO_WEAK(uint8_t, ra_xchg8, (_Atomic uint8_t *p, uint8_t v), RA("Xchg8")) {
    return atomic_exchange(p, v);
}
GO_WEAK(void, ra_and8, (_Atomic uint8_t *p, uint8_t v), RA("And8")) { *p &= v; }
GO_WEAK(void, ra_or8, (_Atomic uint8_t *p, uint8_t v), RA("Or8")) { *p |= v; }
GO_WEAK(void, ra_and, (_Atomic uint32_t *p, uint32_t v), RA("And")) { *p &= v; }
GO_WEAK(void, ra_or, (_Atomic uint32_t *p, uint32_t v), RA("Or")) { *p |= v; }
