// checkptr: what -d=checkptr has checked of unsafe.Pointers, in gc's words. Of an address is known
// where the object begins that it points into: the heap's from the collector; a goroutine's stack
// counts as one, and so do the program's variables that begin with values, and those that begin as
// zeros. All else (C's memory, constants) is nobody's.
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/sched.h"

enum { STACK = 1, MIN_LEGAL_POINTER = 4096 }; // as gc's

// Pulled by modules.
GO_FUNC(uintptr_t, rt_checkptr_base, (void *p), "runtime.checkptrBase") {
    if (stack_part(getg(), (uintptr_t)p)) return STACK;
    void *object = heap_object(p, NULL, NULL);
    return object ? (uintptr_t)object : go_statics(p);
}

static bool straddles(char *p, uintptr_t size) {
    if (size <= 1) return false;
    if ((uintptr_t)p >= -(size - 1)) return true;
    return rt_checkptr_base(p) != rt_checkptr_base(p + size - 1);
}

void rt_checkptrAlignment(void *p, const AbiType *elem, uintptr_t n) {
    if (!p) return;
    if (elem->ptr_bytes && (uintptr_t)p & (elem->align - 1u))
        rt_throw("checkptr: misaligned pointer conversion");
    if (straddles(p, n * elem->size))
        rt_throw("checkptr: converted pointer straddles multiple allocations");
}

void rt_checkptrArithmetic(void *p, void *originals, intptr_t n) {
    if (p && (uintptr_t)p < MIN_LEGAL_POINTER)
        rt_throw("checkptr: pointer arithmetic computed bad pointer value");
    uintptr_t base = rt_checkptr_base(p);
    if (!base) return;
    for (intptr_t i = 0; i < n; i++)
        if (base == rt_checkptr_base(((void **)originals)[i])) return;
    rt_throw("checkptr: pointer arithmetic result points to invalid allocation");
}

void rt_unsafeslicecheckptr(void *p, uintptr_t size) {
    if (straddles(p, size))
        rt_throw("checkptr: unsafe.Slice result straddles multiple allocations");
}

void rt_unsafestringcheckptr(void *p, uintptr_t size) {
    if (straddles(p, size))
        rt_throw("checkptr: unsafe.String result straddles multiple allocations");
}
