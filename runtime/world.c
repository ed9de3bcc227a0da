// world: stopping all processors but one's own, and how many there are.
#include "runtime/heap.h"
#include "runtime/race.h"
#include "runtime/sched_impl.h"
#include "runtime/sema.h"
#include "runtime/signal.h"
#include "runtime/string.h"
#include "runtime/trace.h"

static _Atomic uint32_t world = 1;

// Those in system calls; sched_lock held.
static void stop_in_syscalls(const P *mine) {
    PSet set = {0};
    bool any = false;
    for (int32_t i = 0; i < sched.nps; i++) {
        if (all_ps[i] == mine || all_ps[i]->status != P_SYSCALL) continue;
        set.bits[i / 64] |= (uint64_t)1 << i % 64;
        any = true;
    }
    if (any) ps_take(&set, P_STOPPED);
    for (int32_t i = 0; any && i < sched.nps; i++) {
        P *p = all_ps[i];
        if (!(set.bits[i / 64] >> i % 64 & 1)) continue;
        STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
        if (TRACING) trace_proc_steal(p);
    }
}

// Takes what processors it can, asks the others to come; whether all have.
static bool stop_others(const P *mine) {
    bool all = true;
    lock(&sched_lock);
    for (P *p; (p = idle_p_get());) p->status = P_STOPPED;
    stop_in_syscalls(mine);
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        uint32_t s = p->status;
        if (p == mine || s == P_STOPPED || s == P_DEAD) continue;
        all = false;
        M *m = LOAD_RELAXED(p->m);
        p->preempt = true;
        if (s == P_RUNNING && m && m->registered) preempt_thread(m);
    }
    unlock(&sched_lock);
    return all;
}

void world_stop(AbiString why) {
    sem_acquire(&world, false, WAIT_SEMACQUIRE);
    M *m = getm();
    m->locks++;
    if (TRACING) trace_stop_begin(why);
    note_clear(&sched.stopped);
    sched.stopping = true;
    while (!stop_others(m->p)) {
        note_sleep(&sched.stopped, 100000);
        note_clear(&sched.stopped);
    }
}

// Ps with work get a thread, the others are idle.
void world_start(void) {
    if (TRACING) trace_stop_end();
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
    sem_release(&world, false);
}

static P *p_new(int32_t id) {
    P *p = persistent_alloc(sizeof *p + 128);
    p = (P *)ALIGN_UP((uintptr_t)p, 128);
    p->id = id;
    if (RACE && id) p->race = race_proc_new(); // the first has the process's
    return p;
}

// The processors below n are stopped, of which the caller has to make use, the others dead;
// sched_lock held, the world stopped.
void resize_procs(int32_t n) {
    for (; sched.nps < n; sched.nps++) {
        all_ps[sched.nps] = p_new(sched.nps);
        all_ps[sched.nps]->status = P_DEAD;
        if (TRACING) trace_proc_new(all_ps[sched.nps]);
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
    world_stop(c_string("GOMAXPROCS"));
    M *m = getm();
    int32_t old = gomaxprocs;
    lock(&sched_lock);
    resize_procs(n);
    if (m->p->id >= n) {
        if (TRACING) trace_go_stop(false), trace_proc_stop();
        STORE_RELAXED(m->p->m, NULL);
        p_acquire(m, all_ps[0]);
        if (TRACING) trace_go_start(m->curg);
    }
    unlock(&sched_lock);
    if (TRACING) trace_procs();
    world_start();
    return old;
}

GO_FUNC(int32_t, rt_gomaxprocs, (int32_t n), "runtime.setProcs") { return sched_set_procs(n); }
GO_FUNC(void, rt_stop_world, (const char *p, intptr_t n), "runtime.stopWorld") {
    world_stop((AbiString){p, n});
}
GO_FUNC(void, rt_start_world, (void), "runtime.startWorld") { world_start(); }
