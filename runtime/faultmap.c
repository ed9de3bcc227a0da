// faultmap: which panic a faulting access stands for. LLVM folds a nil check into the access that
// would fault and drops the check's source position from it, but lists (fault pc, pc of the code
// that panics) in the section .llvm_faultmaps, which the file keeps without loading it. Tracebacks
// take the position from there.
#include "runtime/symtab.h"
#include <stdlib.h>

typedef struct Fault {
    uintptr_t pc, handler;
} Fault;
static Fault *faults;
static size_t nfaults;

static int by_pc(const void *a, const void *b) {
    const Fault *x = a, *y = b;
    return x->pc < y->pc ? -1 : x->pc > y->pc;
}

static uint32_t word(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

// One table per object file, one after the other: version and number of functions; of each its
// address, number of entries, and the entries (kind, offsets).
void faultmap_load(const uint8_t *p, size_t n, uintptr_t bias) {
    enum { HEADER = 8, FUNCTION = 16, ENTRY = 12 };
    Fault *more = malloc((nfaults + n / ENTRY + 1) * sizeof *faults);
    if (!more) return;
    if (nfaults) memcpy(more, faults, nfaults * sizeof *faults); // the old ones stay for readers
    faults = more;
    for (const uint8_t *end = p + n; end - p >= HEADER && p[0] == 1;) {
        uint32_t functions = word(p + 4);
        p += HEADER;
        for (; functions && end - p >= FUNCTION; functions--) {
            uintptr_t f;
            memcpy(&f, p, 8);
            uint32_t entries = word(p + 8);
            p += FUNCTION;
            for (; entries && end - p >= ENTRY; entries--, p += ENTRY)
                if (f) faults[nfaults++] = (Fault){bias + f + word(p + 4), bias + f + word(p + 8)};
        }
    }
    qsort(faults, nfaults, sizeof *faults, by_pc);
}

uintptr_t faultmap_find(uintptr_t pc) {
    size_t lo = 0, hi = nfaults;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (faults[mid].pc < pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < nfaults && faults[lo].pc == pc ? faults[lo].handler : pc;
}
