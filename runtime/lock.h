// lock: what threads wait with. Mutexes are held for short times only; while a thread holds one
// (m->locks > 0) its goroutine is neither preempted nor switched. Nothing here fails.
#ifndef VOLE_LOCK_H
#define VOLE_LOCK_H

#include "runtime/rt.h"

typedef struct Mutex {
    _Atomic uint32_t state;
} Mutex; // 0 free, 1 held, 2 held with waiters
void lock(Mutex *l);
void unlock(Mutex *l);
typedef struct Note {
    _Atomic uint32_t set;
} Note; // one-shot wake-up of a thread
void note_clear(Note *n);
void note_wake(Note *n);
bool note_sleep(Note *n, int64_t ns); // ns < 0: for ever; false on time-out

#endif
