// sched_impl: what the scheduler's own files share: sched.c (who runs next), runq.c, thread.c,
// world.c, sysmon.c.
#ifndef VOLE_SCHED_IMPL_H
#define VOLE_SCHED_IMPL_H

#include "runtime/sched.h"
#include "runtime/trace.h"

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

void sysmon_wake(void);

// thread.c
// The calling thread, which C made, becomes an M with a goroutine that waits for a system call.
M *thread_adopt(void);
void p_acquire(M *m, P *p);
P *p_release(M *m);
bool p_take(M *m);    // an idle one, if there is one
void p_stopped(P *p); // sched_lock held
void syscalls_init(void);
// Of the processors in the set, by their ids, takes those whose Ms are in system calls: they get the
// status, and the set has them alone.
typedef struct PSet {
    uint64_t bits[MAX_PS / 64];
} PSet;
void ps_take(PSet *set, uint32_t status);
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

// Ending a system call with an atomic exchange costs half of it. Instead M says that it is back, and
// looks whether P's status is as it was; who takes P away says so in the status, has all processors
// see that (membarrier), and then looks whether M is back: one of the two sees the other. Without
// membarrier there is an exchange on both sides.
extern bool syscalls_biased;
bool p_take_back_slowly(M *m, P *p);
static inline void syscall_begin(G *g, M *m) {
    P *p = m->p;
    // In this order; nobody waits for them: who misses one comes again.
    atomic_store_explicit(&g->status, G_SYSCALL, memory_order_release);
    m->oldp = p;
    m->p = NULL;
    STORE_RELAXED(p->m, NULL);
    STORE_RELAXED(p->away, m);
    STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
    atomic_store_explicit(&p->status, P_SYSCALL, memory_order_release);
    atomic_store_explicit(&m->away, true, memory_order_release);
    if (unlikely(sched.sysmon_waits)) sysmon_wake();
}
// p if nobody has taken it.
static inline bool p_take_back(M *m, P *p) {
    uint32_t in = P_SYSCALL;
    atomic_store_explicit(&m->away, false, memory_order_relaxed);
    if (unlikely(!syscalls_biased))
        return atomic_compare_exchange_strong(&p->status, &in, P_RUNNING);
    atomic_signal_fence(memory_order_seq_cst);
    if (unlikely(atomic_load_explicit(&p->status, memory_order_acquire) != P_SYSCALL ||
                 LOAD_RELAXED(p->away) != m))
        return p_take_back_slowly(m, p);
    atomic_store_explicit(&p->status, P_RUNNING, memory_order_relaxed);
    return true;
}
// What is left to do of exitsyscall if it has its P again, or has not.
void syscall_end_slowly(G *g, M *m, P *p, bool has);
static inline void syscall_end(G *g, M *m) {
    P *p = m->oldp;
    m->oldp = NULL;
    bool has = likely(p != NULL) && p_take_back(m, p);
    if (unlikely(!has || TRACING)) {
        syscall_end_slowly(g, m, p, has);
        return;
    }
    m->p = p;
    STORE_RELAXED(p->m, m);
    atomic_store_explicit(&g->status, G_RUNNING, memory_order_release);
    g->life.syscall_fp = 0;
    if (unlikely(p->preempt) && m->locks == 0) gosched();
}

// world.c
void resize_procs(int32_t n);

// sysmon.c
void *sysmon(void *m);
void check_dead(void); // sched_lock held

#endif
