// timer: one heap of timers for all Ps, ordered by time, run by Ms that look for work. A timer's function runs on the M's own stack. Channel timers
// behave as Go 1.23's: after Stop or Reset no value of the time before can be received.
#include "runtime/rt.h"

struct Timer {
    // time.Timer and time.Ticker
    Hchan *c;
    uint8_t init;
    // ours
    _Atomic uint8_t running;
    int32_t index; // in the heap, from 1; 0: not in it
    int64_t when, period;
    void *f; // func(arg any, seq uintptr, delta int64)
    AbiIface arg;
    uintptr_t seq;
    Hchan *chan;
    void (*c_fn)(void *arg, uintptr_t seq);
    void *c_arg;
};

typedef struct Entry {
    int64_t when;
    Timer *t;
} Entry;
static Mutex timers_lock;
static Entry **heap_cell;           // uncollectable memory, so that the timers stay alive
static uint32_t n_timers, heap_cap; // written with the lock held
static _Atomic int64_t next_when;
#define HEAP (*heap_cell)

static void set(uint32_t i, Entry e) {
    HEAP[i] = e;
    e.t->index = (int32_t)i + 1;
}
static void sift_up(uint32_t i) {
    Entry e = HEAP[i];
    while (i && HEAP[(i - 1) / 4].when > e.when) {
        set(i, HEAP[(i - 1) / 4]);
        i = (i - 1) / 4;
    }
    set(i, e);
}
static void sift_down(uint32_t i) {
    Entry e = HEAP[i];
    for (;;) {
        uint32_t c = i * 4 + 1, best = 0;
        if (c >= n_timers) break;
        best = c;
        for (uint32_t k = c + 1; k < c + 4 && k < n_timers; k++)
            if (HEAP[k].when < HEAP[best].when) best = k;
        if (HEAP[best].when >= e.when) break;
        set(i, HEAP[best]);
        i = best;
    }
    set(i, e);
}
static void update_next(void) { next_when = n_timers ? HEAP[0].when : 0; }

static void remove_at(uint32_t i) {
    HEAP[i].t->index = 0;
    STORE_RELAXED(n_timers, n_timers - 1);
    Entry last = HEAP[n_timers];
    HEAP[n_timers] = (Entry){0};
    if (i < n_timers) {
        set(i, last);
        sift_up(i);
        sift_down((uint32_t)last.t->index - 1);
    }
    update_next();
}

// Makes room for one more; called without the lock, as it may collect.
static void reserve(void) {
    uint32_t cap = LOAD_RELAXED(heap_cap);
    if (LOAD_RELAXED(n_timers) + 64 < cap) return;
    cap = cap ? cap * 2 : 1024;
    Entry *bigger = rt_root_alloc(cap * sizeof *bigger);
    Entry **cell = LOAD_RELAXED(heap_cell) ? NULL : rt_root_alloc(sizeof *cell);
    lock(&timers_lock);
    if (!heap_cell) STORE_RELAXED(heap_cell, cell);
    if (cap > heap_cap) {
        memcpy(bigger, HEAP ? HEAP : bigger, n_timers * sizeof *bigger);
        HEAP = bigger; // the old one is little; it stays
        STORE_RELAXED(heap_cap, cap);
    }
    unlock(&timers_lock);
}

static void add_locked(Timer *t) {
    if (n_timers == heap_cap) rt_throw("too many timers");
    HEAP[n_timers] = (Entry){t->when, t};
    STORE_RELAXED(n_timers, n_timers + 1);
    sift_up(n_timers - 1);
    update_next();
}

static int64_t sane(int64_t when) { return when <= 0 ? INT64_MAX : when; }

static bool timer_remove(Timer *t) {
    bool was = t->index != 0;
    if (was) remove_at((uint32_t)t->index - 1);
    return was;
}

int64_t timers_next(void) { return next_when; }

int64_t timers_run(int64_t now, bool *ran) {
    while (next_when && next_when <= now) {
        lock(&timers_lock);
        if (!n_timers || HEAP[0].when > now) {
            unlock(&timers_lock);
            break;
        }
        Timer *t = HEAP[0].t;
        int64_t delta = now - t->when;
        if (t->period > 0) {
            int64_t next = t->when + t->period * (1 + delta / t->period);
            t->when = next < 0 ? INT64_MAX : next;
            HEAP[0].when = t->when;
            sift_down(0);
            update_next();
        } else {
            remove_at(0);
        }
        void *f = t->f;
        AbiIface arg = t->arg;
        uintptr_t seq = t->seq;
        void (*c_fn)(void *, uintptr_t) = t->c_fn;
        void *c_arg = t->c_arg;
        t->running = 1;
        unlock(&timers_lock);
        if (c_fn)
            c_fn(c_arg, seq);
        else
            ((GO void (*)(AbiIface, uintptr_t, int64_t, void *GOCTX)) * (void **)f)(arg, seq, delta, f);
        t->running = 0;
        *ran = true;
    }
    return next_when;
}

static void wait_running(Timer *t) {
    while (t->running) {
        if (on_g0()) return;
        gosched();
    }
}

// With the lock held, which it releases: t is due at when.
static void arm(Timer *t, int64_t when) {
    timer_remove(t);
    t->when = sane(when);
    add_locked(t);
    bool first = HEAP[0].t == t;
    unlock(&timers_lock);
    if (first) sched_wake_poller(sane(when));
}
void timer_set(Timer *t, int64_t when, int64_t period) {
    reserve();
    lock(&timers_lock);
    t->period = period;
    arm(t, when);
}
bool timer_stop(Timer *t) {
    lock(&timers_lock);
    bool was = timer_remove(t);
    unlock(&timers_lock);
    return was;
}
Timer *timer_new_c(void (*fn)(void *, uintptr_t), void *arg) { // outside the collector's heap
    Timer *t = persistent_alloc(sizeof *t);
    t->c_fn = fn;
    t->c_arg = arg;
    return t;
}
void timer_set_c(Timer *t, int64_t when, void *arg, uintptr_t seq) {
    reserve();
    lock(&timers_lock);
    t->c_arg = arg;
    t->seq = seq;
    arm(t, when);
}

// package time ---------------------------------------------------------------------------------------------------------------------

extern void chan_set_timer(Hchan *c, Timer *t);
extern bool chan_drain(Hchan *c);

GO Timer *time_new_timer(int64_t when, int64_t period, void *f, AbiIface arg, Hchan *c) GOSYM("time.newTimer");
GO Timer *time_new_timer(int64_t when, int64_t period, void *f, AbiIface arg, Hchan *c) {
    Timer *t = rt_alloc(sizeof *t, true);
    t->f = f;
    t->arg = arg;
    t->chan = c;
    if (c) chan_set_timer(c, t);
    timer_set(t, when, period);
    t->init = 1;
    return t;
}
GO uint8_t time_stop_timer(Timer *t) GOSYM("time.stopTimer");
GO uint8_t time_stop_timer(Timer *t) {
    bool was = timer_stop(t);
    if (t->chan) {
        wait_running(t);
        if (chan_drain(t->chan)) was = true;
    }
    return was;
}
GO uint8_t time_reset_timer(Timer *t, int64_t when, int64_t period) GOSYM("time.resetTimer");
GO uint8_t time_reset_timer(Timer *t, int64_t when, int64_t period) {
    bool was = time_stop_timer(t);
    timer_set(t, when, period);
    return was;
}

static void wake_sleeper(void *g, uintptr_t seq) {
    (void)seq;
    ready(g);
}
static bool start_sleep(G *g, void *arg) {
    (void)arg;
    timer_set_c(g->sleep_timer, g->sleep_when, g, 0);
    return true;
}
void sleep_ns(int64_t ns) {
    if (ns <= 0) return;
    G *g = getg();
    if (!g->sleep_timer) g->sleep_timer = timer_new_c(wake_sleeper, g);
    int64_t now = nanotime();
    g->sleep_when = now + ns < now ? INT64_MAX : now + ns;
    reserve();
    park(start_sleep, NULL, "sleep");
}
GO void time_sleep(int64_t ns) GOSYM("time.Sleep");
GO void time_sleep(int64_t ns) { sleep_ns(ns); }

typedef struct RetNow {
    int64_t sec;
    int32_t nsec;
    int64_t mono;
} RetNow;
GO RetNow time_now(void) GOSYM("time.now");
GO RetNow time_now(void) {
    int32_t ns;
    int64_t s = walltime(&ns);
    return (RetNow){s, ns, nanotime()};
}
GO RetNow time_runtime_now(void) GOSYM("time.runtimeNow");
GO RetNow time_runtime_now(void) { return time_now(); }
GO int64_t time_runtime_nano(void) GOSYM("time.runtimeNano");
GO int64_t time_runtime_nano(void) { return nanotime(); }
GO int64_t rt_nanotime(void) GOSYM("runtime.nanotime");
GO int64_t rt_nanotime(void) { return nanotime(); }
GO int64_t poll_nanotime(void) GOSYM("internal/poll.runtimeNano");
GO int64_t poll_nanotime(void) { return nanotime(); }
