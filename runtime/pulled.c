// pulled: what well-known modules pull from the runtime by linkname; overlay/src/runtime/pulled.go
// has the rest.
#include "runtime/sched.h"
#include "runtime/type.h"

GO_WEAK(void, rt_goyield, (void), "runtime.goyield") { goyield(); }
GO_WEAK(void *, rt_getm, (void), "runtime.getm") { return getm(); }
GO_WEAK(void, rt_goready, (G * g, intptr_t skip), "runtime.goready") { ready(g); }

// unlockf is a Go function that runs on the thread's own stack; nil: parked in any case.
typedef struct ParkCall {
    void *unlockf, *lock;
} ParkCall;
static bool call_unlockf(G *g, void *arg) {
    ParkCall *c = arg;
    if (!c->unlockf) return true;
    return ((GO uint8_t (*)(G *, void *, void *GOCTX)) * (void **)c->unlockf)(g, c->lock,
                                                                              c->unlockf) &
           1;
}
GO_WEAK(void, rt_gopark, (void *unlockf, void *lock, uint8_t reason, uint8_t trace, intptr_t skip),
        "runtime.gopark") {
    ParkCall c = {unlockf, lock};
    park(call_unlockf, &c, reason < WAIT_REASON_COUNT ? reason : WAIT_NONE);
}

GO_WEAK(AbiItab *, rt_getitab, (AbiInterfaceType * inter, AbiType *t, uint8_t canfail),
        "runtime.getitab") {
    return canfail & 1 ? itab_find(inter, t) : itab_assert(inter, t);
}
GO_WEAK(void, rt_memclr_pointers, (void *p, size_t n), "runtime.memclrHasPointers") {
    memset(p, 0, n);
}
GO_WEAK(intptr_t, rt_typedslicecopy,
        (const AbiType *t, void *d, intptr_t dn, const void *s, intptr_t sn),
        "runtime.typedslicecopy") {
    intptr_t n = dn < sn ? dn : sn;
    memmove(d, s, (size_t)n * t->size);
    return n;
}
