// sysmon: the thread that watches the others. It preempts goroutines that have run for long, takes
// Ps away from system calls that last, and polls where nobody else does. Here too: whether anybody
// can ever go on.
#include "runtime/cgo.h"
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/netpoll.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/rand.h"
#include "runtime/sched_impl.h"
#include "runtime/signal.h"
#include "runtime/snapshot.h"
#include "runtime/timer.h"
#include "runtime/trace.h"
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SLICE = 10000000, RETRY = 1000000 };

// Whether p's goroutine has run for too long. A signal that finds the runtime at work does nothing,
// so it is sent again soon; system calls look at p->preempt when they end. Where nobody waits for p
// it goes on: a debugger that steps keeps its thread.
static bool preempt_if_long(P *p, int64_t now, bool others) {
    uint32_t tick = LOAD_RELAXED(p->sched_tick);
    if (p->seen_tick != tick) {
        p->seen_tick = tick;
        p->seen_when = now;
    }
    if (unlikely(godebug.torture)) {
        p->seen_when = now - SLICE - 1;
        others = true;
    }
    if (now - p->seen_when <= SLICE || !(others || !runq_empty(p))) return false;
    p->seen_when += RETRY;
    p->preempt = true;
    M *m = LOAD_RELAXED(p->m);
    if (m && m->registered && !godebug.asyncpreemptoff) preempt_thread(m);
    return true;
}

// Preempts, and takes Ps away from system calls that last; how many. timers: is one due?
static uint32_t retake(int64_t now, bool timers, bool *interrupted) {
    uint32_t n = 0;
    bool others = timers || sched.nglobal || sched.stopping;
    for (int32_t i = 0; i < sched.nps; i++) {
        P *p = all_ps[i];
        uint32_t s = p->status;
        if ((s == P_RUNNING || s == P_SYSCALL) && preempt_if_long(p, now, others))
            *interrupted = true;
        if (s != P_SYSCALL) continue;
        uint32_t tick = LOAD_RELAXED(p->syscall_tick);
        if (p->seen_syscall != tick) {
            p->seen_syscall = tick;
            p->seen_sys_when = now;
            continue;
        }
        if (runq_empty(p) && sched.nspinning + sched.nidle_ps > 0 && now - p->seen_sys_when < SLICE)
            continue;
        PSet set = {0};
        set.bits[i / 64] = (uint64_t)1 << i % 64;
        ps_take(&set, P_IDLE);
        if (set.bits[i / 64]) {
            n++;
            STORE_RELAXED(p->syscall_tick, p->syscall_tick + 1);
            if (TRACING) trace_proc_steal(p);
            handoff_p(p);
        }
    }
    return n;
}

static void print_number(const char *before, bool known, int64_t v) {
    print_cstr(before);
    if (known)
        print_f("%d", v);
    else
        print_cstr("nil");
}
static const char *truth(bool v) { return v ? "true" : "false"; }

// What GODEBUG=scheddetail=1 adds: numbers of states are this runtime's. Others change them
// meanwhile.
static void print_detail(void) {
    print_f("gcwaiting=%s nmidlelocked=%d stopwait=0 sysmonwait=%s\n", truth(sched.stopping),
            (int64_t)sched.nidle_locked, truth(sched.sysmon_waits));
    for (int32_t i = 0; i < gomaxprocs; i++) {
        P *p = all_ps[i];
        const M *m = LOAD_RELAXED(p->m);
        print_f("  P%d: status=%u schedtick=%u syscalltick=%u", (int64_t)i, (uint64_t)p->status,
                (uint64_t)LOAD_RELAXED(p->sched_tick), (uint64_t)LOAD_RELAXED(p->syscall_tick));
        print_number(" m=", m, m ? m->id : 0);
        print_f(" runqsize=%u gfreecnt=%u timerslen=%u\n", (uint64_t)runq_length(p),
                (uint64_t)LOAD_RELAXED(p->gfree.n), (uint64_t)(i == 0 ? timers_count() : 0));
    }
    for (const M *m = all_ms; m; m = m->all) {
        const P *p = LOAD_RELAXED(m->p);
        const G *g = LOAD_RELAXED(m->curg), *locked = LOAD_RELAXED(m->lockedg);
        print_f("  M%d:", m->id);
        print_number(" p=", p, p ? p->id : 0);
        print_number(" curg=", g, g ? (int64_t)g->life.goid : 0);
        print_f(" mallocing=0 throwing=%u preemptoff= locks=%d dying=%u spinning=%s blocked=%s",
                (uint64_t)m->throwing, (int64_t)m->locks, (uint64_t)m->dying, truth(m->spinning),
                truth(!p && !g));
        print_number(" lockedg=", locked, locked ? (int64_t)locked->life.goid : 0);
        print_cstr("\n");
    }
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        const M *m = LOAD_RELAXED(g->m), *locked = LOAD_RELAXED(g->life.lockedm);
        const char *reason = wait_reason_text[LOAD_RELAXED(g->life.wait_reason)];
        if (g->status == G_DEAD || g->status == G_IDLE) continue;
        print_f("  G%u: status=%u(%s)", g->life.goid, (uint64_t)g->status, reason);
        print_number(" m=", m, m ? m->id : 0);
        print_number(" lockedm=", locked, locked ? locked->id : 0);
        print_cstr("\n");
    }
}

// GODEBUG=schedtrace=N, in gc's form.
static void print_trace(int64_t now) {
    rt_printlock();
    print_f("SCHED %dms: gomaxprocs=%d idleprocs=%d threads=%d spinningthreads=%d needspinning=0 "
            "idlethreads=%d runqueue=%u ",
            (now - start_time) / 1000000, (int64_t)gomaxprocs, (int64_t)sched.nidle_ps,
            (int64_t)sched.nms, (int64_t)sched.nspinning, (int64_t)sched.nidle_ms,
            (uint64_t)LOAD_RELAXED(sched.global.n));
    if (godebug.scheddetail) {
        print_detail();
        rt_printunlock();
        return;
    }
    print_cstr("[ ");
    for (int32_t i = 0; i < gomaxprocs; i++) print_f("%u ", (uint64_t)runq_length(all_ps[i]));
    print_cstr("] schedticks=[ ");
    for (int32_t i = 0; i < gomaxprocs; i++)
        print_f("%u ", (uint64_t)LOAD_RELAXED(all_ps[i]->sched_tick));
    print_cstr("]\n");
    rt_printunlock();
}

// gc's sysmon, without a P: looks after 20 µs, up to 10 ms when there is nothing to do, and sleeps
// while no P works. It polls when nobody has for 10 ms, and starts an M for late timers.
void *sysmon(void *arg) {
    M *m = arg;
    vole_tls_m = m;
    vole_tls_g = &m->g0;
    m->tid = (int32_t)syscall(SYS_gettid);
    m_thread_bounds(m);
    m_init_common(m);
    uint32_t idle = 0;
    int64_t delay = 20000, traced = INT64_MIN / 2; // the first trace comes at once
    for (;;) {
        if (idle == 0)
            delay = 20000;
        else if (idle > 50)
            delay *= 2;
        if (delay > 10000000) delay = 10000000;
        if (unlikely(godebug.torture)) delay = 1000 + fastrandn(100000);
        struct timespec ts = {0, delay};
        nanosleep(&ts, NULL);
        int64_t now = nanotime();
        heap_poll();
        bool untidy = snapshot_tidy(16);
        if (sched.nidle_ps >= gomaxprocs && !godebug.schedtrace && !snapshot_running() && !untidy) {
            note_clear(&sched.sysmon_note);
            sched.sysmon_waits = true;
            if (sched.nidle_ps >= gomaxprocs) { note_sleep(&sched.sysmon_note, 60000000000); }
            sched.sysmon_waits = false;
            idle = 0;
            delay = 20000;
            now = nanotime();
        }
        if (godebug.schedtrace > 0 && now - traced >= (int64_t)godebug.schedtrace * 1000000) {
            traced = now;
            print_trace(now);
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

// deadlock ----------------------------------------------------------------------------------------

void check_dead(void) { // sched_lock held
    int32_t running = sched.nms - sched.nidle_ms - sched.nidle_locked - sched.nsys;
    if (running > 0 || !main_started) return;
    if (cgo_linked() || is_library) return; // a thread of C's may call Go
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
