// timer: timers in heaps, by when (nanoseconds of nanotime()). A Timer is of package time; a heap
// holds those that are set.
#ifndef VOLE_TIMER_H
#define VOLE_TIMER_H

#include "runtime/lock.h"

struct Timers {
    Mutex lock;
    uint32_t n, cap; // written with the lock held
    struct TimerEntry *heap;
    _Atomic int64_t next;
};
extern Timers real_timers;
// Runs due timers; time of the next one, 0: none.
int64_t timers_run(Timers *ts, int64_t now, bool *ran);
int64_t timers_next(void); // of real_timers
uint32_t timers_count(void);
// For the runtime itself: outside the collector's heap; fn runs on the thread's own stack.
Timer *timer_new_c(void (*fn)(void *arg, uintptr_t seq), void *arg);
void timer_set_c(Timer *t, int64_t when, void *arg, uintptr_t seq);
bool timer_stop(Timer *t); // was it set?
void timer_poll(Timer *t);
void timer_reserve(Timer *t, uint32_t more);
void timer_wait(Timer *t);
void timer_unwait(Timer *t);
void sleep_ns(int64_t ns);

#endif
