// synctest: bubbles of package testing/synctest: goroutines with a clock of their own, which goes
// on when all of them wait.
#ifndef VOLE_SYNCTEST_H
#define VOLE_SYNCTEST_H

#include "runtime/timer.h"

struct Bubble {
    Mutex lock;
    uint64_t id;
    int64_t now; // its clock
    Timers timers;
    G *root, *main, *waiter; // who called Run; what Run started; who is in Wait
    bool waiting, done;      // somebody calls Wait; main has ended
    int32_t total, running, active;
};
void bubble_enter(G *g, Bubble *b, bool running); // a new goroutine
void bubble_leave(G *g);
void bubble_blocks(G *g); // before its unlockf runs
void bubble_blocked(Bubble *b);
void bubble_resumes(G *g);

#endif
