// sudog: a goroutine in a wait queue, of a channel or a semaphore. They come from the P and go back
// to it; none is ever freed.
#ifndef VOLE_SUDOG_H
#define VOLE_SUDOG_H

#include "runtime/rt.h"

struct Sudog {
    G *g;
    Sudog *next, *prev; // of the wait queue
    Sudog *waitlink;    // g->waiting list, or the semaphore's list of one address
    void *elem;
    Hchan *c;
    int64_t acquiretime;
    uint32_t ticket;
    bool is_select, success;
    // semaphores: treap of addresses
    Sudog *parent, *waittail;
    uint32_t waiters;
};

Sudog *acquire_sudog(void);
void release_sudog(Sudog *s);

#endif
