// timer: heaps of timers, ordered by time. One is for all Ps, run by Ms that look for work, on the
// M's own stack; each bubble of testing/synctest has one by its own clock, which its root runs
// (synctest.c).
//
// A channel's timer is in the heap only while somebody waits on the channel. Otherwise whoever
// receives looks first whether it is due (timer_poll), so that a timer that nobody holds any more
// is garbage. After Stop or Reset no value of the time before can be received.
#include "runtime/chan.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/synctest.h"

struct Timer {
    // time.Timer and time.Ticker
    Hchan *c;
    uint8_t init;
    // ours
    _Atomic uint32_t running; // calls of the function that are under way
    int32_t index;            // in the heap, from 1; 0: not in it
    uint32_t order;           // among timers of a bubble that are due at once: by chance
    uint32_t waiters;         // goroutines that wait on chan
    int64_t when, period;     // when is 0: stopped, or done
    void *f;                  // func(arg any, seq uintptr, delta int64)
    AbiIface arg;
    uintptr_t seq;
    Hchan *chan;
    Bubble *bubble;
    void (*c_fn)(void *arg, uintptr_t seq);
    void *c_arg;
};

struct TimerEntry {
    int64_t when;
    Timer *t;
};
typedef struct TimerEntry Entry;
Timers real_timers;

static Timers *timers_of(const Timer *t) { return t->bubble ? &t->bubble->timers : &real_timers; }
static int64_t now_of(const Timer *t) { return t->bubble ? t->bubble->now : nanotime(); }

static void set(Timers *ts, uint32_t i, Entry e) {
    ts->heap[i] = e;
    e.t->index = (int32_t)i + 1;
}
static bool before(Entry a, Entry b) {
    return a.when < b.when || (a.when == b.when && a.t->order < b.t->order);
}
static void sift_up(Timers *ts, uint32_t i) {
    Entry e = ts->heap[i];
    while (i && before(e, ts->heap[(i - 1) / 4])) {
        set(ts, i, ts->heap[(i - 1) / 4]);
        i = (i - 1) / 4;
    }
    set(ts, i, e);
}
static void sift_down(Timers *ts, uint32_t i) {
    Entry e = ts->heap[i];
    for (;;) {
        uint32_t c = i * 4 + 1, best = c;
        if (c >= ts->n) break;
        for (uint32_t k = c + 1; k < c + 4 && k < ts->n; k++)
            if (before(ts->heap[k], ts->heap[best])) best = k;
        if (!before(ts->heap[best], e)) break;
        set(ts, i, ts->heap[best]);
        i = best;
    }
    set(ts, i, e);
}
static void update_next(Timers *ts) { ts->next = ts->n ? ts->heap[0].when : 0; }

static void remove_from(Timers *ts, Timer *t) {
    if (!t->index) return;
    uint32_t i = (uint32_t)t->index - 1;
    t->index = 0;
    STORE_RELAXED(ts->n, ts->n - 1);
    Entry last = ts->heap[ts->n];
    ts->heap[ts->n] = (Entry){0};
    if (i < ts->n) {
        set(ts, i, last);
        sift_up(ts, i);
        sift_down(ts, (uint32_t)last.t->index - 1);
    }
    update_next(ts);
}

// Makes room for some more; called without the lock, as it may collect. The runtime is not
// preempted: no more threads than Ps come between this and adding.
static void reserve(Timers *ts, uint32_t more) {
    more += 256;
    uint32_t cap = LOAD_RELAXED(ts->cap);
    if (LOAD_RELAXED(ts->n) + more <= cap) return;
    cap = cap * 2 + more;
    Entry *bigger = ts == &real_timers ? rt_root_alloc(cap * sizeof *bigger)
                                       : rt_alloc(cap * sizeof *bigger, true);
    lock(&ts->lock);
    if (cap > ts->cap) {
        if (ts->n) memcpy(bigger, ts->heap, ts->n * sizeof *bigger);
        ts->heap = bigger; // the old one is little; it stays
        STORE_RELAXED(ts->cap, cap);
    }
    unlock(&ts->lock);
}

// Whether t is the first now.
static bool add_to(Timers *ts, Timer *t) {
    if (ts->n == ts->cap) rt_throw("too many timers");
    if (t->bubble) t->order = (uint32_t)fastrand();
    ts->heap[ts->n] = (Entry){t->when, t};
    STORE_RELAXED(ts->n, ts->n + 1);
    sift_up(ts, ts->n - 1);
    update_next(ts);
    return t->index == 1;
}

static int64_t sane(int64_t when) { return when <= 0 ? INT64_MAX : when; }

int64_t timers_next(void) { return real_timers.next; }
uint32_t timers_count(void) { return LOAD_RELAXED(real_timers.n); }

// With the lock held, which it releases: t is due.
static void fire(Timers *ts, Timer *t, int64_t now) {
    int64_t delta = now - t->when;
    if (t->period > 0) {
        t->when = time_after(now - delta % t->period, t->period);
        if (t->index) {
            ts->heap[t->index - 1].when = t->when;
            sift_down(ts, (uint32_t)t->index - 1);
            update_next(ts);
        }
    } else {
        t->when = 0;
        remove_from(ts, t);
    }
    void *f = t->f;
    AbiIface arg = t->arg;
    uintptr_t seq = t->seq;
    void (*c_fn)(void *, uintptr_t) = t->c_fn;
    void *c_arg = t->c_arg;
    t->running++;
    unlock(&ts->lock);
    void *before = RACE ? race_timer_begin(t) : NULL;
    if (c_fn)
        c_fn(c_arg, seq);
    else
        ((GO void (*)(AbiIface, uintptr_t, int64_t, void *GOCTX)) * (void **)f)(arg, seq, delta, f);
    if (RACE) race_timer_end(before);
    t->running--;
}

int64_t timers_run(Timers *ts, int64_t now, bool *ran) {
    for (uint32_t n = 0; ts->next && ts->next <= now; n++) {
        // What they made runnable runs first.
        if (n && ts == &real_timers && sched_crowded(n)) break;
        lock(&ts->lock);
        if (!ts->n || ts->heap[0].when > now) {
            unlock(&ts->lock);
            break;
        }
        fire(ts, ts->heap[0].t, now);
        *ran = true;
    }
    return ts->next;
}

static void wait_running(Timer *t) {
    while (t->running) {
        if (on_g0()) return;
        gosched();
    }
}

// With the lock held, which it releases: t is due at when. In a bubble, whose clock stands while
// anything moves, it may be due at once.
static void arm(Timers *ts, Timer *t, int64_t when) {
    remove_from(ts, t);
    t->when = sane(when);
    if (t->chan && !t->waiters) {
        unlock(&ts->lock);
        return;
    }
    if (t->bubble && t->when <= t->bubble->now) {
        fire(ts, t, t->bubble->now);
        return;
    }
    bool first = add_to(ts, t);
    unlock(&ts->lock);
    if (first && ts == &real_timers) sched_wake_poller(sane(when));
}
void timer_set(Timer *t, int64_t when, int64_t period) {
    Timers *ts = timers_of(t);
    reserve(ts, 0);
    lock(&ts->lock);
    t->period = period;
    arm(ts, t, when);
}
bool timer_stop(Timer *t) {
    Timers *ts = timers_of(t);
    lock(&ts->lock);
    bool was = t->when > 0;
    remove_from(ts, t);
    t->when = 0;
    unlock(&ts->lock);
    return was;
}
Timer *timer_new_c(void (*fn)(void *, uintptr_t), void *arg) { // outside the collector's heap
    Timer *t = persistent_alloc(sizeof *t);
    t->c_fn = fn;
    t->c_arg = arg;
    return t;
}
void timer_set_c(Timer *t, int64_t when, void *arg, uintptr_t seq) {
    Timers *ts = timers_of(t);
    reserve(ts, 0);
    lock(&ts->lock);
    t->c_arg = arg;
    t->seq = seq;
    arm(ts, t, when);
}

// channels ----------------------------------------------------------------------------------------

// Before a receive looks at its channel, unlocked: the value is sent if it is due. With room to
// wait for more timers.
void timer_poll(Timer *t) {
    if (LOAD_RELAXED(t->index) || !LOAD_RELAXED(t->when)) return;
    Timers *ts = timers_of(t);
    int64_t now = now_of(t);
    lock(&ts->lock);
    if (!t->index && t->when && t->when <= now)
        fire(ts, t, now);
    else
        unlock(&ts->lock);
}
void timer_reserve(Timer *t, uint32_t more) { reserve(timers_of(t), more); }

// With the channel locked: a goroutine is going to wait on it, and does no more.
void timer_wait(Timer *t) {
    Timers *ts = timers_of(t);
    lock(&ts->lock);
    t->waiters++;
    int64_t when = !t->index && t->when && add_to(ts, t) ? t->when : 0;
    unlock(&ts->lock);
    if (when && ts == &real_timers) sched_wake_poller(when);
}
void timer_unwait(Timer *t) {
    Timers *ts = timers_of(t);
    lock(&ts->lock);
    if (--t->waiters == 0) remove_from(ts, t);
    unlock(&ts->lock);
}

// package time ------------------------------------------------------------------------------------

GO_FUNC(Timer *, time_new_timer, (int64_t when, int64_t period, void *f, AbiIface arg, Hchan *c),
        "time.newTimer") {
    Timer *t = rt_alloc(sizeof *t, true);
    t->f = f;
    t->arg = arg;
    t->chan = c;
    t->bubble = getg()->life.bubble;
    if (c) chan_set_timer(c, t);
    if (RACE) race_release(t);
    timer_set(t, when, period);
    t->init = 1;
    return t;
}
static bool stop(Timer *t) {
    bool was = timer_stop(t);
    if (t->chan) {
        wait_running(t);
        if (chan_drain(t->chan)) was = true;
    }
    return was;
}
GO_FUNC(uint8_t, time_stop_timer, (Timer * t), "time.stopTimer") {
    if (t->bubble && !getg()->life.bubble) rt_fatal("stop of synctest timer from outside bubble");
    return stop(t);
}
GO_FUNC(uint8_t, time_reset_timer, (Timer * t, int64_t when, int64_t period), "time.resetTimer") {
    if (t->bubble && !getg()->life.bubble) rt_fatal("reset of synctest timer from outside bubble");
    bool was = stop(t);
    if (RACE) race_release(t);
    if (t->bubble) t->bubble = getg()->life.bubble;
    timer_set(t, when, period);
    return was;
}

static void wake_sleeper(void *g, uintptr_t seq) {
    (void)seq;
    ready(g);
}
static bool start_sleep(G *g, void *arg) {
    (void)arg;
    timer_set_c(g->sleep_timer, g->life.sleep_when, g, 0);
    return true;
}
void sleep_ns(int64_t ns) {
    if (ns <= 0) return;
    G *g = getg();
    if (!g->sleep_timer) g->sleep_timer = timer_new_c(wake_sleeper, g);
    g->sleep_timer->bubble = g->life.bubble;
    g->life.sleep_when = time_after(now_of(g->sleep_timer), ns);
    reserve(timers_of(g->sleep_timer), 0);
    park_durably(start_sleep, NULL, WAIT_SLEEP);
}
GO_FUNC(void, time_sleep, (int64_t ns), "time.Sleep") { sleep_ns(ns); }

typedef struct RetNow {
    int64_t sec;
    int32_t nsec;
    int64_t mono;
} RetNow;
GO_FUNC(RetNow, time_now, (void), "time.now") {
    int32_t ns;
    int64_t s = walltime(&ns);
    return (RetNow){s, ns, nanotime()};
}
// In a bubble there is no monotonic time, so that times of inside and outside can be compared.
GO_FUNC(RetNow, time_runtime_now, (void), "time.runtimeNow") {
    Bubble *b = getg()->life.bubble;
    return b ? (RetNow){b->now / 1000000000, (int32_t)(b->now % 1000000000), 0} : time_now();
}
GO_FUNC(int64_t, time_runtime_nano, (void), "time.runtimeNano") {
    Bubble *b = getg()->life.bubble;
    return b ? b->now : nanotime();
}
GO_FUNC(uint8_t, time_is_bubbled, (void), "time.runtimeIsBubbled") {
    return getg()->life.bubble != NULL;
}
GO_FUNC(int64_t, rt_nanotime, (void), "runtime.nanotime") { return nanotime(); }
GO_FUNC(int64_t, poll_nanotime, (void), "internal/poll.runtimeNano") { return nanotime(); }
