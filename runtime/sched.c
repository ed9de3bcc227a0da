// sched: goroutines on threads. Each M loops in schedule() on its own stack: find a runnable G,
// switch to it, and when it switches back, do what it asked for (m->mcall_fn), which may make it
// runnable elsewhere at once.
//
// Runnable Gs wait in the P's queue (a ring that its owner fills and all may empty, and one slot
// for the next to run) or in the global queue. An M without work steals; while one M spins, no
// other is woken, and whoever stops spinning because it found work wakes the next one. The last
// look at all queues after giving up P and spinning makes sure that no wake-up is lost. One M
// sleeps in the poller until the next timer.
#include "runtime/cgo.h"
#include "runtime/fiber.h"
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/netpoll.h"
#include "runtime/os.h"
#include "runtime/plugin.h"
#include "runtime/panic.h"
#include "runtime/profile.h"
#include "runtime/race.h"
#include "runtime/rand.h"
#include "runtime/sched_impl.h"
#include "runtime/signal.h"
#include "runtime/synctest.h"
#include "runtime/trace.h"
#include "runtime/traceback.h"
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Thread_local G *vole_tls_g TLS_MODEL;
_Thread_local M *vole_tls_m TLS_MODEL;
// Where debuggers find the running goroutine.
#if defined(__x86_64__)
#define TLS_G GOSYM("runtime.tlsg")
#else
#define TLS_G GOSYM("runtime.tls_g")
#endif
extern _Thread_local G *vole_tls_g_alias TLS_G __attribute__((alias("vole_tls_g")));

#define TEXT(name, text) text,
const char *const wait_reason_text[] = {WAIT_REASONS(TEXT)};
#undef TEXT

// As the overlay's debugger.go has G.
#define GO_HAS(member, offset) _Static_assert(offsetof(G, member) == (offset), "debugger.go: " #member)
GO_HAS(home, 0);
GO_HAS(sp, 24);
GO_HAS(resume, 32);
GO_HAS(m, 72);
GO_HAS(status, 80);
GO_HAS(link, 88);
GO_HAS(life.goid, 112);
GO_HAS(life.gopc, 136);
GO_HAS(life.startpc, 144);
GO_HAS(life.wait_reason, 152);
GO_HAS(life.wait_since, 160);
GO_HAS(life.panic, 176);
GO_HAS(life.labels, 280);
_Static_assert(offsetof(M, curg) == 24, "debugger.go: curg");

P *all_ps[MAX_PS + 1];
_Atomic int32_t gomaxprocs;
int32_t ncpu;
M *all_ms;
// As debugger.go of the overlay has them; weak for what is linked without it.
__attribute__((weak)) G **all_gs;
__attribute__((weak)) _Atomic uintptr_t n_all_gs;
_Atomic bool main_started;
Mutex sched_lock;

M m0;
Sched sched;

// finding work ------------------------------------------------------------------------------------

// g no longer waits: with a P or sched_lock.
static inline void set_runnable(G *g) {
    g->status = G_RUNNABLE;
    if (TRACING) trace_go_unblock(g);
}

// From the poller, or for goroutines that a thread without P has woken.
void inject_list(M *m, G *list) {
    if (!list) return;
    P *p = m->p;
    uint32_t n = 0;
    for (G *g = list; g; g = g->link, n++)
        if (unlikely(g->life.durable)) bubble_resumes(g);
    if (!p) {
        lock(&sched_lock);
        while (list) {
            G *next = list->link;
            set_runnable(list);
            global_push(list);
            list = next;
        }
        unlock(&sched_lock);
        for (int32_t idle = sched.nidle_ps; n && idle; n--, idle--) start_m(NULL, false);
        return;
    }
    while (list) {
        G *next = list->link;
        set_runnable(list);
        runq_put(p, list, false);
        list = next;
    }
    wake_p();
}

// Four rounds over all Ps in random order; the slot for the next to run, and timers, only in the
// last.
static G *steal_work(M *m, bool *ran) {
    P *p = m->p;
    for (int round = 0; round < 4; round++) {
        if (round == 3) {
            timers_run(&real_timers, nanotime(), ran);
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

static void start_spinning(M *m) {
    m->spinning = true;
    sched.nspinning++;
}
static void stop_spinning(M *m) {
    m->spinning = false;
    sched.nspinning--;
}

static G *global_take(P *p, uint32_t max) {
    lock(&sched_lock);
    G *g = global_get(p, max);
    unlock(&sched_lock);
    return g;
}

// The first of these goroutines, to be run; the others wait for their turn.
static G *first_of(M *m, G *list) {
    G *g = list;
    list = list->link;
    g->link = NULL;
    inject_list(m, list);
    set_runnable(g);
    return g;
}

// What m's own P has to run, after the timers that are due.
static G *local_work(M *m, bool *ran) {
    P *p = m->p;
    G *g;
    if (timers_next()) timers_run(&real_timers, nanotime(), ran);
    p->long_run = false;
    // Now and then the global queue has its turn first: who waits there would else starve.
    if (unlikely(p->global_turn || p->sched_tick % 61 == 0) && sched.nglobal) {
        p->global_turn = false;
        if ((g = global_take(p, 1))) return g;
    }
    if ((g = finalizers_wake())) ready(g);
    if (TRACING && (g = trace_reader())) ready(g);
    if ((g = runq_get(p))) return g;
    if (sched.nglobal && (g = global_take(p, 0))) return g;
    if (netpoll_inited() && netpoll_has_waiters() && sched.last_poll) {
        G *list = netpoll(0);
        if (list) return first_of(m, list);
    }
    return NULL;
}

// m's P goes to the idle ones, unless there is a goroutine to run in *g, or the world is to stop:
// false.
static bool give_up_p(M *m, G **g) {
    lock(&sched_lock);
    *g = global_get(m->p, 0);
    bool idle = !*g && !sched.stopping;
    if (idle) idle_p_put(p_release(m));
    unlock(&sched_lock);
    return idle;
}

// Whoever made work just before m, which has no P, stopped spinning saw it spin and woke nobody: it
// looks again. True: it spins, with a P.
static bool missed_work(M *m) {
    bool work = sched.nglobal != 0;
    for (int32_t i = 0; i < sched.nps && !work; i++)
        work = all_ps[i]->status != P_DEAD && !runq_empty(all_ps[i]);
    if (!work || !p_take(m)) return false;
    start_spinning(m);
    return true;
}

// m, which has no P, sleeps in the poller until a timer is due or a file is ready. What to run; or
// NULL, and a P or none.
static G *wait_in_poller(M *m, int64_t next_timer) {
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
    if (p_take(m) && list) return first_of(m, list);
    inject_list(m, list);
    return NULL;
}

// Own work, the global queue, files, others' work; then give up the P, look again, and sleep.
static G *find_runnable(M *m) {
    for (;;) {
        if (unlikely(sched.stopping)) {
            if (m->spinning) stop_spinning(m);
            stop_p(m);
            continue;
        }
        bool ran = false; // a timer, which may have made work
        G *g = local_work(m, &ran);
        if (g) return g;
        // At most half as many spin as work.
        if (m->spinning || 2 * sched.nspinning < gomaxprocs - sched.nidle_ps) {
            if (!m->spinning) start_spinning(m);
            if ((g = steal_work(m, &ran))) return g;
            if (ran) continue;
        }
        if (!give_up_p(m, &g)) {
            if (g) return g;
            continue;
        }
        bool was_spinning = m->spinning;
        if (was_spinning) {
            stop_spinning(m);
            if (missed_work(m)) continue;
        }
        int64_t next_timer = timers_next();
        if (netpoll_inited() && (netpoll_has_waiters() || next_timer) &&
            atomic_exchange(&sched.last_poll, 0)) {
            if ((g = wait_in_poller(m, next_timer))) return g;
            if (m->p && was_spinning) start_spinning(m);
        } else if (next_timer && netpoll_inited()) {
            int64_t until = sched.poll_until;
            if (until == 0 || until > next_timer) netpoll_break();
        }
        if (!m->p) stop_m(m);
    }
}

// running -----------------------------------------------------------------------------------------

// On the M's own stack. Comes back once the goroutine parks, ends or is preempted.
static void execute(M *m, G *g) {
    m->curg = g;
    g->m = m;
    g->life.wait_since = 0;
    g->status = G_RUNNING;
    P *p = m->p;
    STORE_RELAXED(p->sched_tick, p->sched_tick + 1);
    if (unlikely(p->preempt)) p->preempt = false;
    vole_tls_g = g;
    vole_tls_limit = g->limit;
    fiber_leave(&m->g0, g);
    vole_switch(&m->g0sp, g->sp);
    fiber_arrive(&m->g0);
    // The goroutine left: m->mcall_fn says why.
}

// The loop of each thread. A goroutine that is tied to a thread gets that thread, wherever it was
// found.
NORETURN void schedule(M *m) {
    for (;;) {
        G *g;
        if (m->lockedg) {
            stop_locked_m(m);
            g = m->lockedg;
        } else {
            g = find_runnable(m);
            if (m->spinning) {
                stop_spinning(m);
                if (sched.nspinning == 0 && sched.nidle_ps > 0) wake_p();
            }
            if (g->life.lockedm && g->life.lockedm != m) {
                start_locked_m(m, g);
                continue;
            }
        }
        if (TRACING) trace_go_start(g);
    run:
        execute(m, g);
        vole_tls_g = &m->g0;
        vole_tls_limit = 0;
        g = m->curg;
        void (*fn)(G *) = m->mcall_fn;
        fn(g);
        if (m->curg) { // to go on with the same goroutine
            g = m->curg;
            goto run;
        }
    }
}

void callback_loop(M *m, G *g, uintptr_t frame, const bool *done) {
    vole_tls_g = g;
    vole_tls_limit = g->limit;
    vole_switch(&m->g0sp, frame);
    while (!*done) {
        vole_tls_g = &m->g0;
        vole_tls_limit = 0;
        m->mcall_fn(g);
        if (!m->curg) {
            stop_locked_m(m);
            if (TRACING) trace_go_start(g);
        }
        execute(m, g);
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

G *drop_g(M *m) {
    G *g = m->curg;
    m->curg = NULL;
    g->m = NULL;
    return g;
}

// The goroutine counts as waiting before its unlockf runs: who takes the lock next may make it
// runnable at once.
static void park_m(G *g) {
    M *m = getm();
    bool (*unlockf)(G *, void *) = m->unlockf;
    void *arg = m->unlock_arg;
    Bubble *b = g->life.durable ? g->life.bubble : NULL;
    if (unlikely(b)) bubble_blocks(g);
    if (TRACING) trace_go_block();
    g->status = G_WAITING;
    drop_g(m);
    if (unlockf && !unlockf(g, arg)) {
        if (unlikely(b)) bubble_resumes(g);
        set_runnable(g);
        m->curg = g;
        if (TRACING) trace_go_start(g);
    }
    if (unlikely(b)) bubble_blocked(b);
}

void park(bool (*unlockf)(G *, void *), void *arg, WaitReason reason) {
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

void park_durably(bool (*unlockf)(G *, void *), void *arg, WaitReason reason) {
    G *g = getg();
    g->life.durable = g->life.bubble != NULL;
    park(unlockf, arg, reason);
}
// The lock is held by this goroutine's thread: its count moves to the thread's own stack with it.
void park_unlock_durably(Mutex *l, WaitReason reason, bool durably) {
    if (durably)
        park_durably(unlock_commit, l, reason);
    else
        park(unlock_commit, l, reason);
}

void ready(G *g) {
    M *m = getm();
    if (!m->p) {
        inject_list(m, g);
        return;
    }
    if (unlikely(g->life.durable)) bubble_resumes(g);
    set_runnable(g);
    runq_put(m->p, g, true);
    if (sched.nidle_ps) wake_p();
}
static void to_global(M *m, G *g, bool preempted) {
    if (TRACING) trace_go_stop(preempted);
    g->status = G_RUNNABLE;
    drop_g(m);
    lock(&sched_lock);
    global_push(g);
    unlock(&sched_lock);
    if (main_started && sched.nidle_ps) wake_p();
}
static void gosched_m(G *g) { to_global(getm(), g, false); }
void gosched(void) { mcall(gosched_m); }

// Goroutines that use up their time must not keep what waits in the global queue from running:
// every other time its first is next.
void preempt_m(G *g) {
    M *m = getm();
    m->p->global_turn = ++m->p->preemptions & 1;
    m->p->long_run = true;
    to_global(m, g, true);
}
void preempt_here(void) {
    const M *m = getm();
    if (getg() != &m->g0 && m->locks == 0) mcall(preempt_m);
}

static void goyield_m(G *g) {
    M *m = getm();
    if (TRACING) trace_go_stop(false);
    g->status = G_RUNNABLE;
    drop_g(m);
    runq_put(m->p, g, false);
}
void goyield(void) { mcall(goyield_m); }

void yield_to_waiting(void) {
    if (sched.nglobal)
        gosched();
    else if (!runq_empty(getm()->p))
        goyield();
}

GO_FUNC(void, rt_gosched, (void), "runtime.Gosched") { mcall(gosched_m); }

// creation, end -----------------------------------------------------------------------------------

G *g_new(bool main) {
    G *g = stack_new_g(main);
    g->status = G_IDLE;
    g->resume = (uintptr_t)vole_switched;
    lock(&sched.gs_lock);
    uintptr_t n = n_all_gs;
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
    g->sp = vole_first_frame(g->home.hi);
    g->life.fn = fn;
    g->life.gopc = callerpc;
    g->life.startpc = *(uintptr_t *)fn;
    g->life.parent = me->life.goid;
    g->life.goid = ++sched.goid;
    g->life.labels = me->life.labels;
    sched.ngs++;
    g->status = G_RUNNABLE;
    if (RACE) g->life.race = race_go_start(callerpc);
    return g;
}

// Who spawns without end lets the others run, which then end on stacks that are warm, instead of
// each on a new one. From the global queue it comes back when they have ended, or at their second
// preemption, and spawns as many more, should they go on for long.
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
    uintptr_t pc = (uintptr_t)__builtin_return_address(0);
    Ancestors *ancestors = NULL; // allocated before g is taken: that may collect
    if (unlikely(godebug.tracebackancestors > 0))
        ancestors = traceback_ancestors(pc, *(uintptr_t *)__builtin_frame_address(0));
    G *g = go_new(fn, pc);
    g->life.ancestors = ancestors;
    if (unlikely(getg()->life.bubble)) bubble_enter(g, getg()->life.bubble, true);
    if (TRACING) trace_go_create(g, false);
    P *p = getm()->p;
    runq_put(p, g, true);
    if (main_started && sched.nidle_ps) wake_p();
    if (unlikely((++p->spawned >= CROWD && runq_length(p) >= CROWD) || p->preempt))
        spawner_yields();
}

// Its G, with the stack, is for the next goroutine.
void g_end(G *g) {
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
    g->use = STACK_USED;
    if (unlikely(g->far)) stack_leave(g);
    if (++p->gfree.n > 128) gs_to_global(p, 64);
}
static void goexit_m(G *g) {
    if (TRACING) trace_go_end();
    g_end(g);
}

void goexit0(void) {
    if (unlikely(getg()->life.callback)) cgo_return_to(0);
    if (unlikely(getm()->foreign))
        rt_throw("runtime.Goexit called in a thread that was not created by the Go runtime");
    if (RACE) race_go_end();
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

// preemption --------------------------------------------------------------------------------------

void preempt_thread(M *m) {
    if (m->tid) syscall(SYS_tgkill, getpid(), m->tid, SIGURG);
}

void vole_async_preempt_c(void);
void vole_async_preempt_c(void) { mcall(preempt_m); }

// start -------------------------------------------------------------------------------------------

// The calling thread becomes the first M.
void sched_init(void) {
    cpu_set_t set;
    ncpu = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    all_gs = mmap(NULL, sizeof(G *) << 26, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
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
    syscalls_init();
    int32_t procs = ncpu;
    const char *v = getenv("GOMAXPROCS");
    if (v && atoi(v) > 0) procs = atoi(v);
    lock(&sched_lock);
    resize_procs(procs < MAX_PS ? procs : MAX_PS);
    for (int32_t i = gomaxprocs - 1; i > 0; i--) idle_p_put(all_ps[i]);
    unlock(&sched_lock);
    p_acquire(m, all_ps[0]);
}

// Never returns: the calling thread goes on as m0. sysmon's M has no P, and schedules nothing.
void sched_run_main(void *fn) {
    M *m = &m0;
    G *g = g_new(true);
    g->sp = vole_first_frame(g->home.hi);
    g->life.fn = fn;
    g->life.startpc = *(uintptr_t *)fn;
    g->life.goid = ++sched.goid;
    sched.ngs++;
    g->status = G_RUNNABLE;
    if (RACE) g->life.race = race_go_start(g->life.startpc + 1);
    runq_put(m->p, g, true);
    m->g0sp = (uintptr_t)__builtin_frame_address(0);
    M *s = persistent_alloc(sizeof *s);
    lock(&sched_lock);
    m_link(s);
    sched.nsys++;
    unlock(&sched_lock);
    thread_start(sysmon, s);
    clear_stack(); // from what was done before
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
    m->system = true;
    fiber_call_on_g0(fn, arg, g, m->g0sp - G0_GAP);
    m->system = false;
    m->locks--;
}

// for Go ------------------------------------------------------------------------------------------

GO_FUNC(int32_t, rt_num_goroutine, (void), "runtime.gcount") { return goroutine_count(); }
GO_FUNC(int32_t, rt_ncpu, (void), "runtime.numCPU") { return ncpu; }
GO_FUNC(uint64_t, rt_goid, (void), "runtime.goid") { return getg()->life.goid; }
typedef struct SchedStats {
    uint64_t created, threads, runnable, running, waiting, not_in_go;
    int64_t wall_ns, cpu_ns;
} SchedStats;
GO_FUNC(void, rt_sched_stats, (SchedStats * s), "runtime.schedStats") {
    *s = (SchedStats){.created = sched.goid,
                      .threads = (uint64_t)LOAD_RELAXED(sched.nms),
                      .wall_ns = (nanotime() - start_time) * gomaxprocs};
    struct timespec cpu;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0)
        s->cpu_ns = cpu.tv_sec * 1000000000 + cpu.tv_nsec;
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        const G *g = all_gs[i];
        uint32_t status = g->status;
        if (g->life.system) continue;
        s->runnable += status == G_RUNNABLE;
        s->running += status == G_RUNNING;
        s->waiting += status == G_WAITING;
        s->not_in_go += status == G_SYSCALL;
    }
}
// a goroutine that doesn't count
GO_FUNC(void, rt_go_system, (void *fn), "runtime.goSystem") {
    G *g = go_new(fn, (uintptr_t)__builtin_return_address(0));
    g->life.system = 1;
    sched.nsystem_gs++;
    if (TRACING) trace_go_create(g, false);
    runq_put(getm()->p, g, false);
    if (main_started && sched.nidle_ps) wake_p();
}
// for modules
GO_FUNC(void, rt_wakep, (void), "runtime.wakep") { wake_p(); }

static bool block_commit(G *g, void *arg) {
    (void)g, (void)arg;
    return true;
}
GO void rt_block(void) {
    park_durably(block_commit, NULL, WAIT_SELECT_NO_CASES);
    __builtin_unreachable();
}
