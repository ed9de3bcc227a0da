// profile: samples for runtime/pprof of memory, blocking and contention, and the stacks that go
// with them.
#ifndef VOLE_PROFILE_H
#define VOLE_PROFILE_H

#include "runtime/traceback.h"
#include "runtime/waitreason.h"

void profile_arm(P *p);
void profile_alloc(P *p, void *object, size_t size, bool scan);
void profile_collected(void);
void profile_visit(void (*bucket)(const void *id, uint64_t size, const uintptr_t *pcs, intptr_t n,
                                  uint64_t allocs, uint64_t frees),
                   void (*sample)(const void *object, const void *bucket)); // of memory
void profile_blocked(WaitReason reason, int64_t since);
void profile_contended(int64_t since, WaitReason reason); // what it waited for
extern _Atomic int64_t block_profile_rate, mutex_profile_fraction;

#endif
