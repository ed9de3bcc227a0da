// sched_impl: what the scheduler's own files share: sched.c (who runs next), runq.c, thread.c,
// world.c, sysmon.c.
#ifndef VOLE_SCHED_IMPL_H
#define VOLE_SCHED_IMPL_H

#include "runtime/sched.h"

enum { MAX_PS = 256 };
enum { CROWD = 64 }; // in one queue: who adds to it lets it run first

typedef struct Sched {
    GQueue global;
    _Atomic uint32_t nglobal;
    P *idle_ps;
    _Atomic int32_t nidle_ps;
    M *idle_ms;
    int32_t nidle_ms, nidle_locked, nms, nsys;
    _Atomic bool stopping;
    Note stopped;
    _Atomic int32_t nspinning;
    GQueue gfree;
    _Atomic uint64_t goid;
    _Atomic int64_t last_poll, poll_until;
    _Atomic int32_t nsystem_gs;
    _Atomic int64_t ngs;
    _Atomic bool sysmon_waits;
    Note sysmon_note;
    Mutex gs_lock;
    _Atomic int32_t nps;
} Sched;
extern Sched sched;
extern M m0; // of the main thread

// sched.c
G *g_new(bool main);
NORETURN void schedule(M *m);
void inject_list(M *m, G *list); // makes them runnable
G *drop_g(M *m);
void preempt_m(G *g);

// runq.c: with sched_lock held where sched.global is meant
void global_push(G *g);
// A batch into p's queue, but for the one returned.
G *global_get(P *p, uint32_t max);
// Half of a full queue and g to the global one, unless somebody stole.
bool runq_put_slow(P *p, G *g, uint32_t h, uint32_t t);
G *runq_steal(P *p, P *victim, bool steal_next);

// The queues' quick ways are inlined: a third of what it costs to start a goroutine.
static inline void queue_push(GQueue *q, G *g) {
    g->link = NULL;
    if (q->tail)
        q->tail->link = g;
    else
        q->head = g;
    q->tail = g;
    STORE_RELAXED(q->n, q->n + 1);
}
static inline G *queue_pop(GQueue *q) {
    G *g = q->head;
    if (!g) return NULL;
    q->head = g->link;
    if (!q->head) q->tail = NULL;
    STORE_RELAXED(q->n, q->n - 1);
    g->link = NULL;
    return g;
}
static inline void runq_put(P *p, G *g, bool next) {
    if (next) {
        g = atomic_exchange(&p->runnext, g);
        if (!g) return;
    }
    for (;;) {
        uint32_t h = atomic_load_explicit(&p->runq_head, memory_order_acquire);
        uint32_t t = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
        if (t - h < RUNQ) {
            atomic_store_explicit(&p->runq[t % RUNQ], g, memory_order_relaxed);
            atomic_store_explicit(&p->runq_tail, t + 1, memory_order_release);
            return;
        }
        if (runq_put_slow(p, g, h, t)) return;
    }
}
static inline G *runq_get(P *p) {
    G *g = atomic_load_explicit(&p->runnext, memory_order_relaxed);
    if (g && atomic_compare_exchange_strong(&p->runnext, &g, NULL)) return g;
    for (;;) {
        uint32_t h = atomic_load_explicit(&p->runq_head, memory_order_acquire);
        uint32_t t = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
        if (t == h) return NULL;
        g = atomic_load_explicit(&p->runq[h % RUNQ], memory_order_relaxed);
        if (atomic_compare_exchange_strong(&p->runq_head, &h, h + 1)) return g;
    }
}
static inline bool runq_empty(P *p) {
    for (;;) {
        uint32_t h = p->runq_head, t = p->runq_tail;
        G *next = p->runnext;
        if (t == p->runq_tail) return h == t && !next;
    }
}
static inline uint32_t runq_length(P *p) {
    return atomic_load_explicit(&p->runq_tail, memory_order_relaxed) -
           atomic_load_explicit(&p->runq_head, memory_order_relaxed);
}

// On m's own stack, where its goroutine g has called C: lets g run at frame, and again after it has
// waited, until it has switched back with *done set.
void callback_loop(M *m, G *g, uintptr_t frame, const bool *done);

// thread.c
// The calling thread, which C made, becomes an M with a goroutine that waits for a system call.
M *thread_adopt(void);
void p_acquire(M *m, P *p);
P *p_release(M *m);
bool p_take(M *m);     // an idle one, if there is one
void p_stopped(P *p);  // sched_lock held
void idle_p_put(P *p); // sched_lock held
P *idle_p_get(void);   // sched_lock held
void m_init_common(M *m);
void m_link(M *m); // sched_lock held
void m_thread_bounds(M *m);
void thread_start(void *(*fn)(void *), M *m);
void start_m(P *p, bool spinning); // some M runs p (NULL: an idle one, if there is one)
void stop_m(M *m);                 // until another M hands over a P
void stop_locked_m(M *m);          // until its goroutine is to run
void start_locked_m(M *m, G *g);
void wake_p(void); // somebody looks for work, unless somebody does
void handoff_p(P *p);

// world.c
void resize_procs(int32_t n);

// sysmon.c
void *sysmon(void *m);
void sysmon_wake(void);
void check_dead(void); // sched_lock held

#endif
