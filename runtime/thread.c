// thread: the threads that run goroutines (M) and the right to (P): who holds which, who sleeps,
// who is woken; threads that leave Go for a system call, and those that belong to one goroutine.
#include "runtime/cgo.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"
#include "runtime/netpoll.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/rand.h"
#include "runtime/sched_impl.h"
#include "runtime/signal.h"
#include "runtime/timer.h"
#include "runtime/trace.h"
#include <errno.h>
#include <time.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

// processors and threads --------------------------------------------------------------------------

void p_acquire(M *m, P *p) {
    m->p = p;
    STORE_RELAXED(p->m, m);
    p->status = P_RUNNING;
    if (TRACING) trace_proc_start(m);
}
P *p_release(M *m) {
    if (TRACING) trace_proc_stop();
    P *p = m->p;
    m->p = NULL;
    STORE_RELAXED(p->m, NULL);
    p->status = P_IDLE;
    return p;
}
void idle_p_put(P *p) { // sched_lock held
    p->status = P_IDLE;
    p->link = sched.idle_ps;
    sched.idle_ps = p;
    sched.nidle_ps++;
}
P *idle_p_get(void) {
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

void sysmon_wake(void) {
    if (sched.sysmon_waits) {
        sched.sysmon_waits = false;
        note_wake(&sched.sysmon_note);
    }
}

// Another M hands over a P.
static void await_p(M *m) {
    m->idle = true;
    note_sleep(&m->park, -1);
    m->idle = false;
    note_clear(&m->park);
    p_acquire(m, m->nextp);
    m->nextp = NULL;
}

void stop_m(M *m) {
    lock(&sched_lock);
    idle_m_put(m);
    check_dead();
    unlock(&sched_lock);
    await_p(m);
}

void m_init_common(M *m) {
    rand_seed(m);
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
GO_FUNC(intptr_t, rt_set_max_threads, (intptr_t n), "runtime/debug.setMaxThreads") {
    lock(&sched_lock);
    int32_t old = max_threads;
    max_threads = n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (int32_t)n;
    check_threads();
    unlock(&sched_lock);
    return old;
}

void m_link(M *m) { // sched_lock held
    static int64_t ids;
    m->id = ids++;
    m->all = all_ms;
    atomic_thread_fence(memory_order_seq_cst);
    all_ms = m;
    sched.nms++;
    check_threads();
}

void m_thread_bounds(M *m) {
    pthread_attr_t a;
    void *base;
    size_t size;
    pthread_getattr_np(pthread_self(), &a);
    pthread_attr_getstack(&a, &base, &size);
    pthread_attr_destroy(&a);
    m->g0lo = (uintptr_t)base;
    m->g0hi = (uintptr_t)base + size;
}

// A thread's start. Who made it has put a P aside for it (nextp).
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

// All signals are blocked until the new thread has its M: a handler would find none.
void thread_start(void *(*fn)(void *), M *m) {
    pthread_attr_t a;
    pthread_attr_init(&a);
    if (!cgo_linked()) pthread_attr_setstacksize(&a, 512 << 10); // C wants what it is used to
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_t t;
    int e = pthread_create(&t, &a, fn, m);
    // While another thread replaces the program the kernel makes none.
    for (int ms = 1; e == EAGAIN && ms <= 20; ms++) {
        struct timespec wait = {0, ms * 1000000};
        nanosleep(&wait, NULL);
        e = pthread_create(&t, &a, fn, m);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&a);
    if (e) {
        print_f("runtime: failed to create new OS thread (have %d already; errno=%d)\n",
                (int64_t)sched.nms, (int64_t)e);
        rt_throw("newosproc");
    }
}

static void start_m_thread(void *arg) { thread_start(m_main, arg); }

// threads that C made -----------------------------------------------------------------------------

static struct {
    pthread_once_t once;
    pthread_key_t key; // its destructor is thread_abandon
    M *free;           // of threads that have ended: sched_lock held
} foreign = {.once = PTHREAD_ONCE_INIT};

// At the thread's end: its M is for the next.
static void thread_abandon(void *arg) {
    M *m = arg;
    m->registered = false;
    heap_thread_leave();
    signals_thread_leave();
    lock(&sched_lock);
    m->curg->status = G_DEAD;
    if (TRACING) trace_thread_ends();
    unlock(&sched_lock);
    vole_tls_m = NULL;
    vole_tls_g = NULL;
    sched.ngs--;
    lock(&sched_lock);
    m->link = foreign.free;
    foreign.free = m;
    unlock(&sched_lock);
}
static void make_key(void) { pthread_key_create(&foreign.key, thread_abandon); }

static M *take_foreign(void) {
    lock(&sched_lock);
    M *m = foreign.free;
    if (m) {
        foreign.free = m->link;
        unlock(&sched_lock);
        return m;
    }
    m = persistent_alloc(sizeof *m);
    m->foreign = true;
    m_link(m);
    unlock(&sched_lock);
    return m;
}

// Signals are blocked until the M is there: a handler would find half of one. It stays with the
// thread: C that calls Go once does so again.
M *thread_adopt(void) {
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_once(&foreign.once, make_key);
    M *m = take_foreign();
    vole_tls_m = m;
    vole_tls_g = &m->g0;
    m->tid = (int32_t)syscall(SYS_gettid);
    m->thread = pthread_self();
    m_thread_bounds(m);
    m_init_common(m);
    G *g = m->curg;
    if (!g) g = g_new(false);
    g->life.goid = ++sched.goid;
    g->m = m;
    m->curg = g;
    m->oldp = NULL;
    lock(&sched_lock);
    g->status = G_SYSCALL;
    if (TRACING) trace_thread_joins(g);
    unlock(&sched_lock);
    g->sp = (g->home.hi - 128) & ~(uintptr_t)15; // not before: a dead one's stack may be scavenged
    memset((void *)g->sp, 0, 128);
    sched.ngs++;
    signals_thread_join(m, &old);
    heap_thread_init(m);
    pthread_setspecific(foreign.key, m);
    vole_tls_g = g;
    return m;
}

bool p_take(M *m) {
    lock(&sched_lock);
    P *p = idle_p_get();
    unlock(&sched_lock);
    if (p) p_acquire(m, p);
    return p != NULL;
}

// Some M runs p (NULL: an idle one, if there is one).
void start_m(P *p, bool spinning) {
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

void wake_p(void) {
    int32_t none = 0;
    if (sched.nidle_ps == 0 || sched.nspinning != 0 ||
        !atomic_compare_exchange_strong(&sched.nspinning, &none, 1))
        return;
    start_m(NULL, true);
}

void p_stopped(P *p) { // sched_lock held
    p->status = P_STOPPED;
    note_wake(&sched.stopped);
}

// p's M stays behind in a system call or a lock: someone else must take p if there is work.
void handoff_p(P *p) {
    if (!sched.stopping && (!runq_empty(p) || sched.nglobal)) {
        start_m(p, false);
        return;
    }
    int32_t none = 0;
    if (!sched.stopping && sched.nspinning + sched.nidle_ps == 0 &&
        atomic_compare_exchange_strong(&sched.nspinning, &none, 1)) {
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

// system calls ------------------------------------------------------------------------------------

bool syscalls_biased;
static Mutex take_lock; // one at a time takes

// While there is one thread; else the kernel lets it wait for long.
void syscalls_init(void) {
    if (is_library) return;
    syscalls_biased = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// M reads P's status after it has said that it is back. Where it did so before the barrier, that is
// seen here, and P left to it: it may just be writing the status. Else it will find P_TAKING, or
// what follows.
void ps_take(PSet *set, uint32_t status) {
    lock(&take_lock);
    uint64_t any = 0;
    for (int32_t i = 0; i < sched.nps; i++) {
        uint32_t in = P_SYSCALL;
        uint64_t bit = (uint64_t)1 << i % 64, *word = &set->bits[i / 64];
        if ((*word & bit) && !atomic_compare_exchange_strong(&all_ps[i]->status, &in,
                                                             syscalls_biased ? P_TAKING : status))
            *word &= ~bit;
        any |= *word & bit;
    }
    if (any && syscalls_biased &&
        unlikely(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0)))
        rt_throw("membarrier failed");
    for (int32_t i = 0; syscalls_biased && i < sched.nps; i++) {
        P *p = all_ps[i];
        uint32_t in = P_TAKING;
        uint64_t bit = (uint64_t)1 << i % 64, *word = &set->bits[i / 64];
        if (!(*word & bit)) continue;
        bool away = atomic_load_explicit(&LOAD_RELAXED(p->away)->away, memory_order_acquire);
        if (!atomic_compare_exchange_strong(&p->status, &in, away ? status : P_SYSCALL) || !away)
            *word &= ~bit;
    }
    unlock(&take_lock);
}

// Somebody takes p, has taken it, or has left it after all.
NOINLINE bool p_take_back_slowly(M *m, P *p) {
    for (;;) {
        uint32_t in = p->status;
        if (in == P_TAKING) {
            sched_yield();
            continue;
        }
        if (in != P_SYSCALL || LOAD_RELAXED(p->away) != m) return false;
        if (atomic_compare_exchange_strong(&p->status, &in, P_RUNNING)) return true;
    }
}

// The P stays tied, but sysmon may take it away: most calls are back before, and cost a few stores.
NOINLINE void entersyscall(void) {
    G *g = getg();
    uintptr_t *fp = __builtin_frame_address(0);
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
    if (TRACING) trace_syscall_begin();
    syscall_begin(g, getm());
}

NOINLINE void entersyscallblock(void) {
    G *g = getg();
    M *m = getm();
    uintptr_t *fp = __builtin_frame_address(0);
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
    if (TRACING) trace_syscall_begin();
    g->status = G_SYSCALL;
    P *p = p_release(m);
    m->oldp = NULL;
    STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
    handoff_p(p);
}

static void trace_runs_again(G *g) { // with another P
    trace_syscall_end_blocked();
    trace_go_start(g);
}

// No P was free: the goroutine goes into the global queue, the thread to sleep.
static void exitsyscall_m(G *g) {
    M *m = getm();
    lock(&sched_lock);
    P *p = m->lockedg ? NULL : idle_p_get();
    bool locked = g->life.lockedm != NULL;
    if (!p) {
        if (TRACING) trace_syscall_end_blocked();
        g->status = G_RUNNABLE;
        m->curg = NULL;
        g->m = NULL;
        global_push(g);
    }
    unlock(&sched_lock);
    if (p) {
        p_acquire(m, p);
        if (TRACING) trace_runs_again(g);
        return;
    }
    if (locked) return; // schedule() waits for someone to hand it over
    stop_m(m);
}

// It may be that another thread has had p since, and is itself in a system call now.
static void trace_has_old_p(G *g, P *p) {
    const M *m = getm();
    if (p->trace_thread == m->tid) {
        trace_syscall_end();
        return;
    }
    trace_proc_steal(p);
    trace_proc_start(m);
    trace_runs_again(g);
}

NOINLINE void syscall_end_slowly(G *g, M *m, P *p, bool has) {
    if (has) {
        m->p = p;
        STORE_RELAXED(p->m, m);
        if (TRACING) trace_has_old_p(g, p);
        atomic_store_explicit(&g->status, G_RUNNING, memory_order_release);
        g->life.syscall_fp = 0;
        if (unlikely(p->preempt) && m->locks == 0) gosched();
        return;
    }
    if (p_take(m)) {
        sysmon_wake();
        if (TRACING) trace_runs_again(g);
        g->status = G_RUNNING;
    } else {
        mcall(exitsyscall_m);
    }
    getg()->life.syscall_fp = 0;
}

// Its own P if nobody has taken it, else any that is idle.
void exitsyscall(void) { syscall_end(getg(), getm()); }

// threads tied to goroutines ----------------------------------------------------------------------

void stop_locked_m(M *m) {
    P *p = m->p ? p_release(m) : NULL;
    if (p) handoff_p(p);
    lock(&sched_lock);
    sched.nidle_locked++;
    check_dead();
    unlock(&sched_lock);
    await_p(m);
}

void start_locked_m(M *m, G *g) {
    M *target = g->life.lockedm;
    lock(&sched_lock);
    sched.nidle_locked--;
    unlock(&sched_lock);
    P *p = p_release(m);
    target->nextp = p;
    note_wake(&target->park);
    stop_m(m);
}

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
GO_FUNC(void, rt_lock_os_thread, (void), "runtime.LockOSThread") {
    G *g = getg();
    g->life.locked_ext++;
    lock_thread(g);
}
GO_FUNC(void, rt_unlock_os_thread, (void), "runtime.UnlockOSThread") {
    G *g = getg();
    if (!g->life.locked_ext) return;
    g->life.locked_ext--;
    unlock_thread(g);
}
GO_WEAK(uint8_t, rt_locked_os_thread, (void), "runtime.lockedOSThread") {
    return getg()->life.lockedm != NULL;
}
void dolockOSThread(void) {
    getg()->life.locked_int++;
    lock_thread(getg());
}
void dounlockOSThread(void) {
    getg()->life.locked_int--;
    unlock_thread(getg());
}
