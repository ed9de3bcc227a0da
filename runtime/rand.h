// rand: random numbers, of the thread; seeded by time, not for secrets.
#ifndef VOLE_RAND_H
#define VOLE_RAND_H

#include "runtime/rt.h"

void rand_seed(M *m);
uint64_t fastrand(void);
static inline uint32_t fastrandn(uint32_t n) {
    return (uint32_t)(((fastrand() >> 32) * (uint64_t)n) >> 32);
}

#endif
