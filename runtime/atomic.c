// atomic: sync/atomic and internal/runtime/atomic, as function values and where the compiler does
// not treat them as operations.
#include "runtime/rt.h"

#define ATOMICS(pkg, id, T)                                                                        \
    GO_WEAK(T, id##_load, (_Atomic T * p), "sync/atomic.Load" pkg) { return *p; }                  \
    GO_WEAK(void, id##_store, (_Atomic T * p, T v), "sync/atomic.Store" pkg) { *p = v; }           \
    GO_WEAK(T, id##_swap, (_Atomic T * p, T v), "sync/atomic.Swap" pkg) { return atomic_exchange(p, v); } \
    GO_WEAK(uint8_t, id##_cas, (_Atomic T * p, T o, T n), "sync/atomic.CompareAndSwap" pkg) {      \
        return atomic_compare_exchange_strong(p, &o, n);                                           \
    }
#define ATOMICS_INT(pkg, id, T)                                                                    \
    ATOMICS(pkg, id, T)                                                                            \
    GO_WEAK(T, id##_add, (_Atomic T * p, T v), "sync/atomic.Add" pkg) { return atomic_fetch_add(p, v) + v; } \
    GO_WEAK(T, id##_and, (_Atomic T * p, T v), "sync/atomic.And" pkg) { return atomic_fetch_and(p, v); } \
    GO_WEAK(T, id##_or, (_Atomic T * p, T v), "sync/atomic.Or" pkg) { return atomic_fetch_or(p, v); }
ATOMICS_INT("Int32", sa_i32, int32_t)
ATOMICS_INT("Int64", sa_i64, int64_t)
ATOMICS_INT("Uint32", sa_u32, uint32_t)
ATOMICS_INT("Uint64", sa_u64, uint64_t)
ATOMICS_INT("Uintptr", sa_up, uintptr_t)
typedef void *pointer;
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
