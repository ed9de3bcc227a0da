// sched: goroutines on threads. Each M loops in schedule() on its own stack: find a runnable G, switch to it, and when it
// switches back, do what it asked for (m->mcall_fn), which may make it runnable elsewhere at once.
//
// Runnable Gs wait in the P's queue (a ring that its owner fills and all may empty, and one slot for the next to run) or in the
// global queue. An M without work steals; while one M spins, no other is woken, and whoever stops spinning because it found work
// wakes the next one. The last look at all queues after giving up P and spinning makes sure that no wake-up is lost. One M sleeps
// in the poller until the next timer.
#include "runtime/fiber.h"
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Thread_local G *vole_tls_g __attribute__((tls_model("local-exec")));
_Thread_local M *vole_tls_m __attribute__((tls_model("local-exec")));

enum { MAX_PS = 256 };
enum { CROWD = 64 }; // in one queue: who adds to it lets it run first
P *all_ps[MAX_PS + 1];
_Atomic int32_t gomaxprocs;
int32_t ncpu;
M *all_ms;
G **all_gs;
_Atomic uint32_t n_all_gs;
_Atomic bool main_started;
Mutex sched_lock;

static M m0;
static struct {
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
} sched;

// locks --------------------------------------------------------------------------------------------------------------------

static long futex(_Atomic uint32_t *addr, int op, uint32_t val, const struct timespec *ts) {
    return syscall(SYS_futex, addr, op | FUTEX_PRIVATE_FLAG, val, ts, NULL, 0);
}

static NOINLINE void lock_slow(Mutex *l) {
    for (int i = 0; i < 40 && ncpu > 1; i++) {
        uint32_t free = 0;
        if (atomic_load_explicit(&l->state, memory_order_relaxed) == 0 && atomic_compare_exchange_strong(&l->state, &free, 1))
            return;
#if defined(__x86_64__)
        for (int k = 0; k < 10; k++) __builtin_ia32_pause();
#endif
    }
    while (atomic_exchange(&l->state, 2)) futex(&l->state, FUTEX_WAIT, 2, NULL);
}

void lock(Mutex *l) {
    M *m = getm();
    if (m) m->locks++;
    uint32_t free = 0;
    if (!atomic_compare_exchange_strong(&l->state, &free, 1)) lock_slow(l);
}

void unlock(Mutex *l) {
    if (atomic_exchange(&l->state, 0) == 2) futex(&l->state, FUTEX_WAKE, 1, NULL);
    M *m = getm();
    if (m) m->locks--;
}

void note_clear(Note *n) { n->set = 0; }
void note_wake(Note *n) {
    if (atomic_exchange(&n->set, 1) == 0) futex(&n->set, FUTEX_WAKE, 1, NULL);
}
bool note_sleep(Note *n, int64_t ns) {
    int64_t deadline = ns < 0 ? 0 : nanotime() + ns;
    while (!n->set) {
        struct timespec ts, *t = NULL;
        if (ns >= 0) {
            int64_t left = deadline - nanotime();
            if (left <= 0) return n->set;
            ts = (struct timespec){left / 1000000000, left % 1000000000};
            t = &ts;
        }
        futex(&n->set, FUTEX_WAIT, 0, t);
    }
    return true;
}

// random numbers, sudogs ---------------------------------------------------------------------------------------------------

static uint64_t rotl(uint64_t x, int k) { return x << k | x >> (64 - k); }
uint64_t fastrand(void) { // xoroshiro128+
    M *m = getm();
    uint64_t a = m->rand[0], b = m->rand[1], r = a + b;
    b ^= a;
    m->rand[0] = rotl(a, 24) ^ b ^ (b << 16);
    m->rand[1] = rotl(b, 37);
    return r;
}

Sudog *acquire_sudog(void) {
    M *m = getm();
    P *p = m->p;
    Sudog *s = p ? p->sudogs : NULL;
    if (s) {
        p->sudogs = s->next;
        p->nsudogs--;
        *s = (Sudog){0};
        return s;
    }
    return persistent_alloc(sizeof *s);
}
void release_sudog(Sudog *s) {
    P *p = getm()->p;
    if (!p) return;
    s->elem = NULL;
    s->next = p->sudogs;
    p->sudogs = s;
    p->nsudogs++;
}

// queues -------------------------------------------------------------------------------------------------------------------

static void queue_push(GQueue *q, G *g) {
    g->link = NULL;
    if (q->tail)
        q->tail->link = g;
    else
        q->head = g;
    q->tail = g;
    STORE_RELAXED(q->n, q->n + 1);
}
static G *queue_pop(GQueue *q) {
    G *g = q->head;
    if (!g) return NULL;
    q->head = g->link;
    if (!q->head) q->tail = NULL;
    STORE_RELAXED(q->n, q->n - 1);
    g->link = NULL;
    return g;
}
static void global_push(G *g) { // sched_lock held
    queue_push(&sched.global, g);
    sched.nglobal = sched.global.n;
}

static bool runq_put_slow(P *p, G *g, uint32_t h, uint32_t t) {
    G *batch[RUNQ / 2 + 1];
    uint32_t n = (t - h) / 2;
    for (uint32_t i = 0; i < n; i++) batch[i] = atomic_load_explicit(&p->runq[(h + i) % RUNQ], memory_order_relaxed);
    if (!atomic_compare_exchange_strong(&p->runq_head, &h, h + n)) return false;
    batch[n] = g;
    lock(&sched_lock);
    for (uint32_t i = 0; i <= n; i++) global_push(batch[i]);
    unlock(&sched_lock);
    return true;
}

static void runq_put(P *p, G *g, bool next) {
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

static G *runq_get(P *p) {
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

static bool runq_empty(P *p) {
    for (;;) {
        uint32_t h = p->runq_head, t = p->runq_tail;
        G *next = p->runnext;
        if (t == p->runq_tail) return h == t && !next;
    }
}

static uint32_t runq_length(P *p) {
    return atomic_load_explicit(&p->runq_tail, memory_order_relaxed) - atomic_load_explicit(&p->runq_head, memory_order_relaxed);
}
bool sched_crowded(uint32_t n) { // between long runs they are more, so that a crowd of them does not hold timers up
    P *p = getm()->p;
    return sched.stopping || (p && runq_length(p) >= CROWD && n >= (p->long_run ? CROWD : 1));
}

// Half of victim's queue into p's, all but one, which is returned.
static G *runq_steal(P *p, P *victim, bool steal_next) {
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
static G *global_get(P *p, uint32_t max) {
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

// processors, threads -------------------------------------------------------------------------------------------------

static void p_acquire(M *m, P *p) {
    m->p = p;
    STORE_RELAXED(p->m, m);
    p->status = P_RUNNING;
}
static P *p_release(M *m) {
    P *p = m->p;
    m->p = NULL;
    STORE_RELAXED(p->m, NULL);
    p->status = P_IDLE;
    return p;
}
static void idle_p_put(P *p) { // sched_lock held
    p->status = P_IDLE;
    p->link = sched.idle_ps;
    sched.idle_ps = p;
    sched.nidle_ps++;
}
static P *idle_p_get(void) {
    P *p = sched.idle_ps;
    if (!p) return NULL;
    sched.idle_ps = p->link;
    sched.nidle_ps--;
    return p;
}
static void idle_m_put(M *m) {
    m->link = sched.idle_ms;
    sched.idle_ms = m;
    sched.nidle_ms++;
}
static M *idle_m_get(void) {
    M *m = sched.idle_ms;
    if (!m) return NULL;
    sched.idle_ms = m->link;
    sched.nidle_ms--;
    return m;
}

static void check_dead(void);
static NORETURN void schedule(M *m);
static void start_m(P *p, bool spinning);

static void sysmon_wake(void) {
    if (sched.sysmon_waits) {
        sched.sysmon_waits = false;
        note_wake(&sched.sysmon_note);
    }
}

// Sleeps until another M hands over a P.
static void stop_m(M *m) {
    lock(&sched_lock);
    idle_m_put(m);
    check_dead();
    unlock(&sched_lock);
    note_sleep(&m->park, -1);
    note_clear(&m->park);
    p_acquire(m, m->nextp);
    m->nextp = NULL;
}

static void m_init_common(M *m) {
    m->rand[0] = (uint64_t)nanotime() * 0x9e3779b97f4a7c15u ^ (uintptr_t)m;
    m->rand[1] = 0xd1342543de82ef95u ^ ((uint64_t)getpid() << 32);
    for (int i = 0; i < 4; i++) {
        uint64_t a = m->rand[0] + m->rand[1];
        m->rand[0] = rotl(m->rand[0] ^ a, 31) * 0xff51afd7ed558ccdu;
        m->rand[1] ^= m->rand[0] >> 29;
    }
    m->g0.m = m;
    m->g0.status = G_RUNNING;
    m->g0.life.goid = 0;
    fiber_thread(&m->g0);
}

static int32_t max_threads = 10000;
static void check_threads(void) { // sched_lock held
    if (sched.nms <= max_threads) return;
    print_f("runtime: program exceeds %d-thread limit\n", (int64_t)max_threads);
    max_threads = INT32_MAX; // one thread says so
    unlock(&sched_lock);
    rt_throw("thread exhaustion");
}
GO intptr_t rt_set_max_threads(intptr_t n) GOSYM("runtime/debug.setMaxThreads");
GO intptr_t rt_set_max_threads(intptr_t n) {
    lock(&sched_lock);
    int32_t old = max_threads;
    max_threads = n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (int32_t)n;
    check_threads();
    unlock(&sched_lock);
    return old;
}

static void m_link(M *m) { // sched_lock held
    static int64_t ids;
    m->id = ids++;
    m->all = all_ms;
    atomic_thread_fence(memory_order_seq_cst);
    all_ms = m;
    sched.nms++;
    check_threads();
}

static void m_thread_bounds(M *m) {
    pthread_attr_t a;
    void *base;
    size_t size;
    pthread_getattr_np(pthread_self(), &a);
    pthread_attr_getstack(&a, &base, &size);
    pthread_attr_destroy(&a);
    m->g0lo = (uintptr_t)base;
    m->g0hi = (uintptr_t)base + size;
}

static void *m_main(void *arg) {
    M *m = arg;
    vole_tls_m = m;
    vole_tls_g = &m->g0;
    m->tid = (int32_t)syscall(SYS_gettid);
    m->thread = pthread_self();
    m_thread_bounds(m);
    m->g0sp = (uintptr_t)__builtin_frame_address(0);
    m_init_common(m);
    heap_thread_init(m);
    signals_thread_init(m);
    p_acquire(m, m->nextp);
    m->nextp = NULL;
    schedule(m);
}

static void thread_start(void *(*fn)(void *), M *m) {
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 512 << 10);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_t t;
    int e = pthread_create(&t, &a, fn, m);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&a);
    if (e) {
        print_f("runtime: failed to create new OS thread (have %d already; errno=%d)\n", (int64_t)sched.nms, (int64_t)e);
        rt_throw("newosproc");
    }
}

static void start_m_thread(void *arg) { thread_start(m_main, arg); }

// Some M runs p (NULL: an idle one, if there is one).
static void start_m(P *p, bool spinning) {
    lock(&sched_lock);
    if (!p) {
        p = idle_p_get();
        if (!p) {
            unlock(&sched_lock);
            if (spinning) sched.nspinning--;
            return;
        }
    }
    M *m = idle_m_get();
    bool fresh = !m;
    if (fresh) {
        m = persistent_alloc(sizeof *m);
        m_link(m);
    }
    unlock(&sched_lock);
    sysmon_wake();
    m->spinning = spinning;
    m->nextp = p;
    if (fresh)
        on_system_stack(start_m_thread, m);
    else
        note_wake(&m->park);
}

static void wake_p(void) {
    int32_t none = 0;
    if (sched.nidle_ps == 0 || sched.nspinning != 0 || !atomic_compare_exchange_strong(&sched.nspinning, &none, 1)) return;
    start_m(NULL, true);
}

static void p_stopped(P *p) { // sched_lock held
    p->status = P_STOPPED;
    note_wake(&sched.stopped);
}

// p's M stays behind in a system call or a lock: someone else must take p if there is work.
static void handoff_p(P *p) {
    if (!sched.stopping && (!runq_empty(p) || sched.nglobal)) {
        start_m(p, false);
        return;
    }
    int32_t none = 0;
    if (!sched.stopping && sched.nspinning + sched.nidle_ps == 0 && atomic_compare_exchange_strong(&sched.nspinning, &none, 1)) {
        start_m(p, true);
        return;
    }
    lock(&sched_lock);
    if (sched.stopping) {
        p_stopped(p);
        unlock(&sched_lock);
        return;
    }
    if (sched.global.n || !runq_empty(p)) {
        unlock(&sched_lock);
        start_m(p, false);
        return;
    }
    if (sched.nidle_ps == gomaxprocs - 1 && sched.last_poll) { // the last one: somebody has to poll
        unlock(&sched_lock);
        start_m(p, false);
        return;
    }
    idle_p_put(p);
    unlock(&sched_lock);
    sched_wake_poller(timers_next());
}

void sched_wake_poller(int64_t when) {
    if (!when) return;
    if (sched.last_poll == 0) {
        int64_t until = sched.poll_until;
        if (until == 0 || until > when) netpoll_break();
    } else {
        wake_p();
    }
}

// finding work --------------------------------------------------------------------------------------------------------

extern G *finalizers_wake(void);

static void inject_list(M *m, G *list) {
    if (!list) return;
    P *p = m->p;
    uint32_t n = 0;
    for (G *g = list; g; g = g->link, n++) {
        if (unlikely(g->life.durable)) bubble_resumes(g);
        g->status = G_RUNNABLE;
    }
    if (!p) {
        lock(&sched_lock);
        while (list) {
            G *next = list->link;
            global_push(list);
            list = next;
        }
        unlock(&sched_lock);
        for (int32_t idle = sched.nidle_ps; n && idle; n--, idle--) start_m(NULL, false);
        return;
    }
    while (list) {
        G *next = list->link;
        runq_put(p, list, false);
        list = next;
    }
    wake_p();
}

static G *steal_work(M *m, int64_t *now_out, bool *ran) {
    P *p = m->p;
    for (int round = 0; round < 4; round++) {
        if (round == 3) {
            int64_t now = nanotime();
            timers_run(&real_timers, now, ran);
            *now_out = now;
            G *g = runq_get(p);
            if (g) return g;
        }
        uint32_t start = fastrandn((uint32_t)sched.nps);
        for (int32_t i = 0; i < sched.nps; i++) {
            P *v = all_ps[((uint32_t)i + start) % (uint32_t)sched.nps];
            if (v == p || v->status == P_DEAD || v->status == P_IDLE) continue;
            G *g = runq_steal(p, v, round == 3);
            if (g) return g;
        }
    }
    return NULL;
}

static void stop_p(M *m) {
    lock(&sched_lock);
    if (sched.stopping) p_stopped(p_release(m));
    unlock(&sched_lock);
    if (!m->p) stop_m(m);
}

static G *find_runnable(M *m) {
    G *g;
top:;
    P *p = m->p;
    if (unlikely(sched.stopping)) {
        if (m->spinning) m->spinning = false, sched.nspinning--;
        stop_p(m);
        goto top;
    }
    int64_t next_timer = 0;
    bool ran = false;
    if (timers_next()) next_timer = timers_run(&real_timers, nanotime(), &ran);
    p->long_run = false;
    if (unlikely(p->global_turn || p->sched_tick % 61 == 0) && sched.nglobal) {
        p->global_turn = false;
        lock(&sched_lock);
        g = global_get(p, 1);
        unlock(&sched_lock);
        if (g) return g;
    }
    if ((g = finalizers_wake())) ready(g);
    if ((g = runq_get(p))) return g;
    if (sched.nglobal) {
        lock(&sched_lock);
        g = global_get(p, 0);
        unlock(&sched_lock);
        if (g) return g;
    }
    if (netpoll_inited() && netpoll_has_waiters() && sched.last_poll) {
        G *list = netpoll(0);
        if (list) {
            g = list;
            list = list->link;
            g->link = NULL;
            inject_list(m, list);
            g->status = G_RUNNABLE;
            return g;
        }
    }
    if (m->spinning || 2 * sched.nspinning < gomaxprocs - sched.nidle_ps) {
        if (!m->spinning) {
            m->spinning = true;
            sched.nspinning++;
        }
        int64_t now = 0;
        if ((g = steal_work(m, &now, &ran))) return g;
        if (ran) goto top;
    }
    lock(&sched_lock);
    if (sched.global.n) {
        g = global_get(p, 0);
        unlock(&sched_lock);
        return g;
    }
    if (sched.stopping) {
        unlock(&sched_lock);
        goto top;
    }
    p_release(m);
    idle_p_put(p);
    unlock(&sched_lock);
    bool was_spinning = m->spinning;
    if (m->spinning) {
        m->spinning = false;
        sched.nspinning--;
        // Whoever made work just before that decrement saw a spinning M and woke nobody: look again.
        bool work = sched.nglobal != 0;
        for (int32_t i = 0; i < sched.nps && !work; i++) work = all_ps[i]->status != P_DEAD && !runq_empty(all_ps[i]);
        if (work) {
            lock(&sched_lock);
            P *q = idle_p_get();
            unlock(&sched_lock);
            if (q) {
                p_acquire(m, q);
                m->spinning = true;
                sched.nspinning++;
                goto top;
            }
        }
    }
    next_timer = timers_next();
    if (netpoll_inited() && (netpoll_has_waiters() || next_timer) && atomic_exchange(&sched.last_poll, 0)) {
        sched.poll_until = next_timer;
        int64_t delay = -1;
        if (next_timer) {
            int64_t now = nanotime();
            delay = next_timer > now ? next_timer - now : 0;
        }
        // A timer that came in before poll_until was set would not have broken the wait.
        int64_t again = timers_next();
        if (again && (!next_timer || again < next_timer)) delay = 0;
        G *list = netpoll(delay);
        sched.poll_until = 0;
        sched.last_poll = nanotime();
        lock(&sched_lock);
        p = idle_p_get();
        unlock(&sched_lock);
        if (!p) {
            inject_list(m, list);
        } else {
            p_acquire(m, p);
            if (list) {
                g = list;
                list = list->link;
                g->link = NULL;
                inject_list(m, list);
                g->status = G_RUNNABLE;
                return g;
            }
            if (was_spinning) {
                m->spinning = true;
                sched.nspinning++;
            }
            goto top;
        }
    } else if (next_timer && netpoll_inited()) {
        int64_t until = sched.poll_until;
        if (until == 0 || until > next_timer) netpoll_break();
    }
    stop_m(m);
    goto top;
}

// running -------------------------------------------------------------------------------------------------------------

static void execute(M *m, G *g) {
    m->curg = g;
    g->m = m;
    g->life.wait_since = 0;
    g->status = G_RUNNING;
    P *p = m->p;
    STORE_RELAXED(p->sched_tick, p->sched_tick + 1);
    if (unlikely(p->preempt)) p->preempt = false;
    vole_tls_g = g;
    fiber_leave(&m->g0, g);
    vole_switch(&m->g0sp, g->sp);
    fiber_arrive(&m->g0);
    // The goroutine left: m->mcall_fn says why.
}

static void stop_locked_m(M *m) {
    P *p = m->p ? p_release(m) : NULL;
    if (p) handoff_p(p);
    lock(&sched_lock);
    sched.nidle_locked++;
    check_dead();
    unlock(&sched_lock);
    note_sleep(&m->park, -1);
    note_clear(&m->park);
    p_acquire(m, m->nextp);
    m->nextp = NULL;
}

static void start_locked_m(M *m, G *g) {
    M *target = g->life.lockedm;
    lock(&sched_lock);
    sched.nidle_locked--;
    unlock(&sched_lock);
    P *p = p_release(m);
    target->nextp = p;
    note_wake(&target->park);
    stop_m(m);
}

static NORETURN void schedule(M *m) {
    for (;;) {
        G *g;
        if (m->lockedg) {
            stop_locked_m(m);
            g = m->lockedg;
        } else {
            g = find_runnable(m);
            if (m->spinning) {
                m->spinning = false;
                sched.nspinning--;
                if (sched.nspinning == 0 && sched.nidle_ps > 0) wake_p();
            }
            if (g->life.lockedm && g->life.lockedm != m) {
                start_locked_m(m, g);
                continue;
            }
        }
    run:
        execute(m, g);
        vole_tls_g = &m->g0;
        g = m->curg;
        void (*fn)(G *) = m->mcall_fn;
        fn(g);
        if (m->curg) { // to go on with the same goroutine
            g = m->curg;
            goto run;
        }
    }
}

void mcall(void (*fn)(G *)) {
    G *g = getg();
    M *m = getm();
    m->mcall_fn = fn;
    fiber_leave(g, &m->g0);
    vole_switch(&g->sp, m->g0sp);
    fiber_arrive(g);
}

static G *drop_g(M *m) {
    G *g = m->curg;
    m->curg = NULL;
    g->m = NULL;
    return g;
}

static void park_m(G *g) {
    M *m = getm();
    bool (*unlockf)(G *, void *) = m->unlockf;
    void *arg = m->unlock_arg;
    Bubble *b = g->life.durable ? g->life.bubble : NULL;
    if (unlikely(b)) bubble_blocks(g);
    g->status = G_WAITING;
    drop_g(m);
    if (unlockf && !unlockf(g, arg)) {
        if (unlikely(b)) bubble_resumes(g);
        g->status = G_RUNNABLE;
        m->curg = g;
    }
    if (unlikely(b)) bubble_blocked(b);
}

void park(bool (*unlockf)(G *, void *), void *arg, const char *reason) {
    G *g = getg();
    M *m = getm();
    g->life.wait_reason = reason;
    m->unlockf = unlockf;
    m->unlock_arg = arg;
    int64_t since = unlikely(block_profile_rate > 0) ? nanotime() : 0;
    mcall(park_m);
    if (unlikely(since)) profile_blocked(reason, since);
}

static bool unlock_commit(G *g, void *arg) {
    (void)g;
    unlock(arg);
    return true;
}

void park_durably(bool (*unlockf)(G *, void *), void *arg, const char *reason) {
    G *g = getg();
    g->life.durable = g->life.bubble != NULL;
    park(unlockf, arg, reason);
}
// The lock is held by this goroutine's thread: its count moves to the thread's own stack with it.
void park_unlock_durably(Mutex *l, const char *reason, bool durably) {
    if (durably)
        park_durably(unlock_commit, l, reason);
    else
        park(unlock_commit, l, reason);
}

void ready(G *g) {
    if (unlikely(g->life.durable)) bubble_resumes(g);
    g->status = G_RUNNABLE;
    M *m = getm();
    if (!m->p) {
        inject_list(m, g);
        return;
    }
    runq_put(m->p, g, true);
    if (sched.nidle_ps) wake_p();
}
static void gosched_m(G *g) {
    M *m = getm();
    g->status = G_RUNNABLE;
    drop_g(m);
    lock(&sched_lock);
    global_push(g);
    unlock(&sched_lock);
    if (main_started && sched.nidle_ps) wake_p();
}
void gosched(void) { mcall(gosched_m); }

// Goroutines that use up their time must not keep what waits in the global queue from running: every other time its first is next.
static void preempt_m(G *g) {
    P *p = getm()->p;
    p->global_turn = ++p->preemptions & 1;
    p->long_run = true;
    gosched_m(g);
}
void preempt_here(void) {
    const M *m = getm();
    if (getg() != &m->g0 && m->locks == 0) mcall(preempt_m);
}

static void goyield_m(G *g) {
    M *m = getm();
    g->status = G_RUNNABLE;
    drop_g(m);
    runq_put(m->p, g, false);
}
void goyield(void) { mcall(goyield_m); }

GO void rt_gosched(void) GOSYM("runtime.Gosched");
GO void rt_gosched(void) { mcall(gosched_m); }

// creation, end -------------------------------------------------------------------------------------------------------

static void g_set_entry(G *g) {
#if defined(__x86_64__)
    enum { WORDS = 7 };
    uintptr_t *sp = (uintptr_t *)(g->hi - 16) - WORDS;
    memset(sp, 0, WORDS * 8 + 16);
    sp[6] = (uintptr_t)vole_gostart;
#else
    enum { WORDS = 20 };
    uintptr_t *sp = (uintptr_t *)(g->hi - 16) - WORDS;
    memset(sp, 0, WORDS * 8 + 16);
    sp[1] = (uintptr_t)vole_gostart;
#endif
    g->sp = (uintptr_t)sp;
}

static G *g_new(bool main) {
    G *g = persistent_alloc(sizeof *g);
    g->status = G_IDLE;
    g->stack = stack_alloc(main);
    g->lo = g->stack->lo;
    g->hi = g->stack->hi;
    lock(&sched.gs_lock);
    uint32_t n = n_all_gs;
    all_gs[n] = g;
    n_all_gs = n + 1;
    unlock(&sched.gs_lock);
    return g;
}

static void gs_to_global(P *p, uint32_t keep) {
    lock(&sched_lock);
    while (p->gfree.n > keep) queue_push(&sched.gfree, queue_pop(&p->gfree));
    unlock(&sched_lock);
}

static G *g_take(P *p) {
    G *g = queue_pop(&p->gfree);
    if (!g && LOAD_RELAXED(sched.gfree.n)) {
        lock(&sched_lock);
        for (int i = 0; i < 32 && (g = queue_pop(&sched.gfree)); i++) queue_push(&p->gfree, g);
        unlock(&sched_lock);
        g = queue_pop(&p->gfree);
    }
    if (!g) return g_new(false);
    atomic_store_explicit(&g->status, G_IDLE, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst); // a dead one's stack may be scavenged
    return g;
}

// A goroutine that the caller will make runnable. Only the program's are in their creator's bubble.
G *go_new(void *fn, uintptr_t callerpc) {
    M *m = getm();
    P *p = m->p;
    G *g = g_take(p);
    G *me = getg();
    g_set_entry(g);
    g->life.fn = fn;
    g->life.gopc = callerpc;
    g->life.startpc = *(uintptr_t *)fn;
    g->life.parent = me->life.goid;
    g->life.goid = ++sched.goid;
    g->life.labels = me->life.labels;
    sched.ngs++;
    g->status = G_RUNNABLE;
    return g;
}

// Who spawns without end lets the others run, which then end on stacks that are warm, instead of each on a new one. From the global queue
// it comes back when they have ended, or at their second preemption, and spawns as many more, should they go on for long.
static NOINLINE void spawner_yields(void) {
    G *g = getg();
    const M *m = getm();
    if (g != &m->g0 && m->locks == 0 && !g->life.lockedm && !g->life.bubble) {
        m->p->spawned = 0;
        gosched();
    }
}

GO void rt_newproc(void *fn) {
    if (unlikely(!fn)) rt_fatal("go of nil func value");
    G *g = go_new(fn, (uintptr_t)__builtin_return_address(0));
    if (unlikely(getg()->life.bubble)) bubble_enter(g, getg()->life.bubble, true);
    P *p = getm()->p;
    runq_put(p, g, true);
    if (main_started && sched.nidle_ps) wake_p();
    if (unlikely((++p->spawned >= CROWD && runq_length(p) >= CROWD) || p->preempt)) spawner_yields();
}

void goexit_m(G *g) {
    M *m = getm();
    drop_g(m);
    if (unlikely(g->life.bubble)) bubble_leave(g);
    if (g->life.lockedm) m->lockedg = NULL;
    if (g->life.system) sched.nsystem_gs--;
    g->life = (Life){0};
    sched.ngs--;
    g->status = G_DEAD;
    P *p = m->p;
    g->link = p->gfree.head; // last in, first out: its stack is warm
    p->gfree.head = g;
    if (!p->gfree.tail) p->gfree.tail = g;
    g->stack->use = STACK_USED;
    if (++p->gfree.n > 128) gs_to_global(p, 64);
}

void goexit0(void) {
    mcall(getg()->life.coro ? coro_exit_m : goexit_m);
    __builtin_unreachable();
}

NORETURN void vole_goroutine_main(void);
void vole_goroutine_main(void) {
    fiber_arrive(getg());
    call_go(getg()->life.fn);
    goexit0();
}

int32_t goroutine_count(void) { return (int32_t)(sched.ngs - sched.nsystem_gs); }

// system calls --------------------------------------------------------------------------------------------------------

NOINLINE void entersyscall(void) {
    G *g = getg();
    M *m = getm();
    P *p = m->p;
    uintptr_t *fp = __builtin_frame_address(0);
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
    g->status = G_SYSCALL;
    m->oldp = p;
    m->p = NULL;
    STORE_RELAXED(p->m, NULL);
    STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
    p->status = P_SYSCALL;
    if (sched.sysmon_waits) sysmon_wake();
}

NOINLINE void entersyscallblock(void) {
    G *g = getg();
    M *m = getm();
    uintptr_t *fp = __builtin_frame_address(0);
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
    g->status = G_SYSCALL;
    P *p = p_release(m);
    m->oldp = NULL;
    STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
    handoff_p(p);
}

static void exitsyscall_m(G *g) {
    M *m = getm();
    g->status = G_RUNNABLE;
    m->curg = NULL;
    g->m = NULL;
    lock(&sched_lock);
    P *p = m->lockedg ? NULL : idle_p_get();
    bool locked = g->life.lockedm != NULL;
    if (!p) global_push(g);
    unlock(&sched_lock);
    if (p) {
        p_acquire(m, p);
        m->curg = g;
        return;
    }
    if (locked) return; // schedule() waits for someone to hand it over
    stop_m(m);
}

void exitsyscall(void) {
    G *g = getg();
    M *m = getm();
    P *p = m->oldp;
    m->oldp = NULL;
    uint32_t in = P_SYSCALL;
    if (p && atomic_compare_exchange_strong(&p->status, &in, P_RUNNING)) {
        m->p = p;
        STORE_RELAXED(p->m, m);
        g->status = G_RUNNING;
        g->life.syscall_fp = 0;
        if (unlikely(p->preempt) && m->locks == 0) gosched();
        return;
    }
    lock(&sched_lock);
    p = idle_p_get();
    unlock(&sched_lock);
    if (p) {
        p_acquire(m, p);
        sysmon_wake();
        g->status = G_RUNNING;
    } else {
        mcall(exitsyscall_m);
    }
    getg()->life.syscall_fp = 0;
}

// threads tied to goroutines ------------------------------------------------------------------------------------------

static void lock_thread(G *g) {
    M *m = getm();
    m->lockedg = g;
    g->life.lockedm = m;
}
static void unlock_thread(G *g) {
    if (g->life.locked_ext || g->life.locked_int) return;
    M *m = getm();
    m->lockedg = NULL;
    g->life.lockedm = NULL;
}
GO void rt_lock_os_thread(void) GOSYM("runtime.LockOSThread");
GO void rt_lock_os_thread(void) {
    G *g = getg();
    g->life.locked_ext++;
    lock_thread(g);
}
GO void rt_unlock_os_thread(void) GOSYM("runtime.UnlockOSThread");
GO void rt_unlock_os_thread(void) {
    G *g = getg();
    if (!g->life.locked_ext) return;
    g->life.locked_ext--;
    unlock_thread(g);
}
void dolockOSThread(void) {
    getg()->life.locked_int++;
    lock_thread(getg());
}
void dounlockOSThread(void) {
    getg()->life.locked_int--;
    unlock_thread(getg());
}

// deadlock ------------------------------------------------------------------------------------------------------------

static void check_dead(void) { // sched_lock held
    int32_t running = sched.nms - sched.nidle_ms - sched.nidle_locked - sched.nsys;
    if (running > 0 || !main_started) return;
    if (sched.nglobal || sched.nspinning) return;
    for (int32_t i = 0; i < sched.nps; i++)
        if (!runq_empty(all_ps[i])) return;
    if (timers_next()) return;
    unlock(&sched_lock);
    bool user = false;
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        if (g->life.system) continue;
        uint32_t s = g->status;
        if (s == G_WAITING)
            user = true;
        else if (s == G_RUNNABLE || s == G_RUNNING || s == G_SYSCALL) {
            lock(&sched_lock);
            return;
        }
    }
    getm()->throwing = 1;
    if (!user) rt_fatal("no goroutines (main called runtime.Goexit) - deadlock!");
    rt_fatal("all goroutines are asleep - deadlock!");
}

// monitor -------------------------------------------------------------------------------------------------------------

enum { SLICE = 10000000, RETRY = 1000000 };

// Whether p's goroutine has run for too long. A signal that finds the runtime at work does nothing, so it is sent again soon;
// system calls look at p->preempt when they end. Where nobody waits for p it goes on: a debugger that steps keeps its thread.
static bool preempt_if_long(P *p, int64_t now, bool others) {
    uint32_t tick = LOAD_RELAXED(p->sched_tick);
    if (p->seen_tick != tick) {
        p->seen_tick = tick;
        p->seen_when = now;
    }
    if (now - p->seen_when <= SLICE || !(others || !runq_empty(p))) return false;
    p->seen_when += RETRY;
    p->preempt = true;
    M *m = LOAD_RELAXED(p->m);
    if (m && m->registered) preempt_thread(m);
    return true;
}

// Preempts, and takes Ps away from system calls that last; how many. timers: is one due?
static uint32_t retake(int64_t now, bool timers, bool *interrupted) {
    uint32_t n = 0;
    bool others = timers || sched.nglobal || sched.stopping;
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        uint32_t s = p->status;
        if ((s == P_RUNNING || s == P_SYSCALL) && preempt_if_long(p, now, others)) *interrupted = true;
        if (s != P_SYSCALL) continue;
        uint32_t tick = LOAD_RELAXED(p->syscall_tick);
        if (p->seen_syscall != tick) {
            p->seen_syscall = tick;
            p->seen_sys_when = now;
            continue;
        }
        if (runq_empty(p) && sched.nspinning + sched.nidle_ps > 0 && now - p->seen_sys_when < SLICE) continue;
        if (atomic_compare_exchange_strong(&p->status, &s, P_IDLE)) {
            n++;
            STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
            handoff_p(p);
        }
    }
    return n;
}

static void *sysmon(void *arg) {
    M *m = arg;
    vole_tls_m = m;
    vole_tls_g = &m->g0;
    m_thread_bounds(m);
    m_init_common(m);
    uint32_t idle = 0;
    int64_t delay = 20000;
    for (;;) {
        if (idle == 0)
            delay = 20000;
        else if (idle > 50)
            delay *= 2;
        if (delay > 10000000) delay = 10000000;
        struct timespec ts = {0, delay};
        nanosleep(&ts, NULL);
        int64_t now = nanotime();
        if (sched.nidle_ps >= gomaxprocs) {
            note_clear(&sched.sysmon_note);
            sched.sysmon_waits = true;
            if (sched.nidle_ps >= gomaxprocs) {
                int64_t next = timers_next();
                (void)next;
                note_sleep(&sched.sysmon_note, 60000000000);
            }
            sched.sysmon_waits = false;
            idle = 0;
            delay = 20000;
            now = nanotime();
        }
        int64_t last = sched.last_poll;
        if (netpoll_inited() && last && last + 10000000 < now && netpoll_has_waiters()) {
            atomic_compare_exchange_strong(&sched.last_poll, &last, now);
            G *list = netpoll(0);
            if (list) inject_list(m, list);
        }
        int64_t next = timers_next();
        if (next && next < now && sched.nidle_ps) start_m(NULL, false);
        bool interrupted = false;
        if (retake(now, next && next < now, &interrupted))
            idle = 0;
        else
            idle++;
        if (interrupted && delay > RETRY / 2) delay = RETRY / 2; // was the signal of use?
    }
    return NULL;
}

// start ---------------------------------------------------------------------------------------------------------------

static P *p_new(int32_t id) {
    P *p = persistent_alloc(sizeof *p + 128);
    p = (P *)ALIGN_UP((uintptr_t)p, 128);
    p->id = id;
    return p;
}

// stopping the world --------------------------------------------------------------------------------------------------

extern GO void world_acquire(_Atomic uint32_t *s) GOSYM("sync.runtime_Semacquire");
extern GO void world_release(_Atomic uint32_t *s, uint8_t handoff, intptr_t skip) GOSYM("sync.runtime_Semrelease");
static _Atomic uint32_t world = 1;

// Takes what processors it can, asks the others to come; whether all have.
static bool stop_others(const P *mine) {
    bool all = true;
    lock(&sched_lock);
    for (P *p; (p = idle_p_get());) p->status = P_STOPPED;
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        uint32_t s = p->status;
        if (p == mine || s == P_STOPPED || s == P_DEAD) continue;
        if (s == P_SYSCALL && atomic_compare_exchange_strong(&p->status, &s, P_STOPPED)) {
            STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
            continue;
        }
        all = false;
        M *m = LOAD_RELAXED(p->m);
        p->preempt = true;
        if (s == P_RUNNING && m && m->registered) preempt_thread(m);
    }
    unlock(&sched_lock);
    return all;
}

void world_stop(void) {
    world_acquire(&world);
    M *m = getm();
    m->locks++;
    note_clear(&sched.stopped);
    sched.stopping = true;
    while (!stop_others(m->p)) {
        note_sleep(&sched.stopped, 100000);
        note_clear(&sched.stopped);
    }
}

void world_start(void) {
    lock(&sched_lock);
    sched.stopping = false;
    P *busy[MAX_PS];
    int32_t n = 0;
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        if (p->status != P_STOPPED) continue;
        if (runq_empty(p))
            idle_p_put(p);
        else
            p->status = P_IDLE, busy[n++] = p;
    }
    unlock(&sched_lock);
    while (n) start_m(busy[--n], false);
    wake_p();
    getm()->locks--;
    world_release(&world, 0, 0);
}

// The processors below n are stopped, of which the caller has to make use, the others dead; sched_lock held, the world stopped.
static void resize_procs(int32_t n) {
    for (; sched.nps < n; sched.nps++) {
        all_ps[sched.nps] = p_new(sched.nps);
        all_ps[sched.nps]->status = P_DEAD;
    }
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        if (i < n) {
            if (p->status == P_DEAD) p->status = P_STOPPED;
            continue;
        }
        for (G *g; (g = runq_get(p));) global_push(g);
        p->status = P_DEAD;
    }
    gomaxprocs = n;
}

// How many there were. What a pinned goroutine knows of them stays true: it holds off the stop.
int32_t sched_set_procs(int32_t n) {
    if (n <= 0 || n == gomaxprocs) return gomaxprocs;
    if (n > MAX_PS) n = MAX_PS;
    world_stop();
    M *m = getm();
    int32_t old = gomaxprocs;
    lock(&sched_lock);
    resize_procs(n);
    if (m->p->id >= n) {
        STORE_RELAXED(m->p->m, NULL);
        p_acquire(m, all_ps[0]);
    }
    unlock(&sched_lock);
    world_start();
    return old;
}

void sched_init(void) {
    cpu_set_t set;
    ncpu = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    all_gs = mmap(NULL, sizeof(G *) << 26, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all_gs == MAP_FAILED) rt_throw("cannot reserve memory");
    M *m = &m0;
    vole_tls_m = m;
    vole_tls_g = &m->g0;
    m->tid = (int32_t)syscall(SYS_gettid);
    m->thread = pthread_self();
    m_init_common(m);
    m_link(m);
    m_thread_bounds(m);
    sched.last_poll = nanotime();
    int32_t procs = ncpu;
    const char *v = getenv("GOMAXPROCS");
    if (v && atoi(v) > 0) procs = atoi(v);
    lock(&sched_lock);
    resize_procs(procs < MAX_PS ? procs : MAX_PS);
    for (int32_t i = gomaxprocs - 1; i > 0; i--) idle_p_put(all_ps[i]);
    unlock(&sched_lock);
    p_acquire(m, all_ps[0]);
}

void sched_run_main(void *fn) {
    M *m = &m0;
    G *g = g_new(true);
    g_set_entry(g);
    g->life.fn = fn;
    g->life.startpc = *(uintptr_t *)fn;
    g->life.goid = ++sched.goid;
    sched.ngs++;
    g->status = G_RUNNABLE;
    runq_put(m->p, g, true);
    m->g0sp = (uintptr_t)__builtin_frame_address(0);
    M *s = persistent_alloc(sizeof *s);
    lock(&sched_lock);
    m_link(s);
    sched.nsys++;
    unlock(&sched_lock);
    thread_start(sysmon, s);
    schedule(m);
}

void on_system_stack(void (*fn)(void *), void *arg) {
    G *g = getg();
    M *m = getm();
    if (!m || g == &m->g0 || on_g0()) {
        fn(arg);
        return;
    }
    m->locks++;
    fiber_call_on_g0(fn, arg, g, m);
    m->locks--;
}

// preemption ----------------------------------------------------------------------------------------------------------

extern char __executable_start[];
bool pc_is_go(uintptr_t pc) { return pc >= (uintptr_t)__executable_start && pc < (uintptr_t)vole_rt_text_begin; }

void preempt_thread(M *m) {
    if (m->tid) syscall(SYS_tgkill, getpid(), m->tid, SIGURG);
}

void vole_async_preempt_c(void);
void vole_async_preempt_c(void) { mcall(preempt_m); }

// for Go --------------------------------------------------------------------------------------------------------------

GO int32_t rt_gomaxprocs(int32_t n) GOSYM("runtime.setProcs");
GO int32_t rt_gomaxprocs(int32_t n) { return sched_set_procs(n); }
GO int32_t rt_num_goroutine(void) GOSYM("runtime.gcount");
GO int32_t rt_num_goroutine(void) { return goroutine_count(); }
GO int32_t rt_ncpu(void) GOSYM("runtime.numCPU");
GO int32_t rt_ncpu(void) { return ncpu; }
GO uint64_t rt_goid(void) GOSYM("runtime.goid");
GO uint64_t rt_goid(void) { return getg()->life.goid; }
GO void rt_go_system(void *fn) GOSYM("runtime.goSystem"); // a goroutine that doesn't count
GO void rt_go_system(void *fn) {
    G *g = go_new(fn, (uintptr_t)__builtin_return_address(0));
    g->life.system = 1;
    sched.nsystem_gs++;
    runq_put(getm()->p, g, false);
    if (main_started && sched.nidle_ps) wake_p();
}
GO void rt_stop_world(void) GOSYM("runtime.stopWorld");
GO void rt_stop_world(void) { world_stop(); }
GO void rt_start_world(void) GOSYM("runtime.startWorld");
GO void rt_start_world(void) { world_start(); }
GO void rt_wakep(void) GOSYM("runtime.wakep"); // for modules
GO void rt_wakep(void) { wake_p(); }
GO uint64_t rt_rand(void) { return fastrand(); }

static bool block_commit(G *g, void *arg) {
    (void)g, (void)arg;
    return true;
}
GO void rt_block(void) {
    park_durably(block_commit, NULL, "select (no cases)");
    __builtin_unreachable();
}
