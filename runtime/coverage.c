// coverage: the counters of a program that is built with -cover, and those of one that is built for
// fuzzing.
//
// For -cover cmd/cover gives each function an array of counters; the compiler puts all of them into one
// section, which package internal/coverage/cfile reads as one array. What is between two of them is
// zero, and skipped.
#include "runtime/heap.h"
#include "runtime/rt.h"

extern uint32_t counters[] __asm__("__start_vole_covctrs") __attribute__((weak)),
    counters_end[] __asm__("__stop_vole_covctrs") __attribute__((weak));

typedef struct CounterBlob { // rtcov.CovCounterBlob
    uint32_t *counters;
    uint64_t len;
} CounterBlob;

GO_WEAK(AbiSlice, coverage_counters, (void), "internal/coverage/cfile.getCovCounterList") {
    if (counters == counters_end) return (AbiSlice){NULL, 0, 0};
    CounterBlob *b = rt_alloc_raw(sizeof *b, false);
    *b = (CounterBlob){counters, (uint64_t)(counters_end - counters)};
    return (AbiSlice){b, 1, 1};
}

extern char branches[] __asm__("__start_vole_fuzzctrs") __attribute__((weak)),
    branches_end[] __asm__("__stop_vole_fuzzctrs") __attribute__((weak));
GO_WEAK(AbiSlice, fuzz_coverage, (void), "internal/fuzz.coverage") {
    intptr_t n = branches_end - branches;
    return (AbiSlice){branches, n, n};
}
