// runq: queues of runnable goroutines: a P's ring, which its owner fills and all may empty, with
// one slot for the next to run, and the global queue, under the scheduler's lock. The ring is Go's
// and lock-free: head is moved by compare and swap, tail by the owner alone.
#include "runtime/sched_impl.h"
#include <time.h>

void global_push(G *g) { // sched_lock held
    queue_push(&sched.global, g);
    sched.nglobal = sched.global.n;
}

bool runq_put_slow(P *p, G *g, uint32_t h, uint32_t t) {
    G *batch[RUNQ / 2 + 1];
    uint32_t n = (t - h) / 2;
    for (uint32_t i = 0; i < n; i++)
        batch[i] = atomic_load_explicit(&p->runq[(h + i) % RUNQ], memory_order_relaxed);
    if (!atomic_compare_exchange_strong(&p->runq_head, &h, h + n)) return false;
    batch[n] = g;
    lock(&sched_lock);
    for (uint32_t i = 0; i <= n; i++) global_push(batch[i]);
    unlock(&sched_lock);
    return true;
}

// Between long runs they are more, so that a crowd of them does not hold timers up.
bool sched_crowded(uint32_t n) {
    P *p = getm()->p;
    return sched.stopping || (p && runq_length(p) >= CROWD && n >= (p->long_run ? CROWD : 1));
}

// Half of victim's queue into p's, all but one, which is returned.
G *runq_steal(P *p, P *victim, bool steal_next) {
    uint32_t t = atomic_load_explicit(&p->runq_tail, memory_order_relaxed), n;
    for (;;) {
        uint32_t h = atomic_load_explicit(&victim->runq_head, memory_order_acquire);
        uint32_t vt = atomic_load_explicit(&victim->runq_tail, memory_order_acquire);
        n = vt - h;
        n -= n / 2;
        if (n == 0) {
            if (!steal_next) return NULL;
            G *g = victim->runnext;
            if (!g) return NULL;
            if (victim->status == P_RUNNING) { // it will most likely run it itself in a moment
                struct timespec ts = {0, 3000};
                nanosleep(&ts, NULL);
            }
            return atomic_compare_exchange_strong(&victim->runnext, &g, NULL) ? g : NULL;
        }
        if (n > RUNQ / 2) continue;
        for (uint32_t i = 0; i < n; i++) {
            G *g = atomic_load_explicit(&victim->runq[(h + i) % RUNQ], memory_order_relaxed);
            atomic_store_explicit(&p->runq[(t + i) % RUNQ], g, memory_order_relaxed);
        }
        if (atomic_compare_exchange_strong(&victim->runq_head, &h, h + n)) break;
    }
    n--;
    G *g = atomic_load_explicit(&p->runq[(t + n) % RUNQ], memory_order_relaxed);
    if (n) atomic_store_explicit(&p->runq_tail, t + n, memory_order_release);
    return g;
}

// A batch from the global queue; sched_lock held.
G *global_get(P *p, uint32_t max) {
    uint32_t n = sched.global.n;
    if (!n) return NULL;
    n = n / (uint32_t)gomaxprocs + 1;
    if (n > sched.global.n) n = sched.global.n;
    if (max && n > max) n = max;
    if (n > RUNQ / 2) n = RUNQ / 2;
    G *g = queue_pop(&sched.global);
    for (n--; n; n--) runq_put(p, queue_pop(&sched.global), false);
    sched.nglobal = sched.global.n;
    return g;
}
