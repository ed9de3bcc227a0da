// leak: goroutines that wait for what nothing can reach that could wake them: the profile
// goroutineleak. As gc's: a collection that begins without the stacks of goroutines that wait for
// channels, locks and the like; whose channel it comes across may be woken, and its stack is a root
// from then on; when nothing more is found, those that are left have leaked. They are kept, with all
// that they refer to.
//
//     c := make(chan int); go func() { c <- 1 }()  // and c is forgotten
//
// What looks like a pointer counts as one, in stacks of those that run too, so that a leak may be
// missed; what is reported has leaked.
#include "runtime/heap.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include "runtime/sudog.h"
#include "private/gc_pmark.h"

// What it says that it waits for, and how that is found.
typedef enum Waits { FOR_OTHERS, FOR_NOTHING, FOR_CHANNELS, FOR_SEMAPHORE } Waits;
static const struct {
    WaitReason reason;
    Waits waits;
} reasons[] = {{WAIT_CHAN_RECEIVE, FOR_CHANNELS},   {WAIT_CHAN_SEND, FOR_CHANNELS},
               {WAIT_SELECT, FOR_CHANNELS},         {WAIT_CHAN_RECEIVE_NIL, FOR_NOTHING},
               {WAIT_CHAN_SEND_NIL, FOR_NOTHING},   {WAIT_SELECT_NO_CASES, FOR_NOTHING},
               {WAIT_MUTEX_LOCK, FOR_SEMAPHORE},    {WAIT_RWMUTEX_LOCK, FOR_SEMAPHORE},
               {WAIT_RWMUTEX_RLOCK, FOR_SEMAPHORE}, {WAIT_WAITGROUP, FOR_SEMAPHORE},
               {WAIT_COND, FOR_SEMAPHORE}};

static Waits waits(const G *g) {
    if (g->status != G_WAITING || (g->m && g->m->curg == g) || g->life.callback || g->life.bubble ||
        g->life.system)
        return FOR_OTHERS;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (g->life.wait_reason == reasons[i].reason) return reasons[i].waits;
    return FOR_OTHERS;
}

// Variables of the program, and what is in no object of the heap, are in reach.
static bool in_reach(const void *p) {
    void *object = GC_base((void *)p);
    return !object || GC_is_marked(object);
}

static bool may_wake(const G *g) {
    switch (waits(g)) {
    case FOR_NOTHING: return false;
    case FOR_CHANNELS:
        for (const Sudog *s = g->life.waiting; s; s = s->waitlink)
            if (in_reach(s->c)) return true;
        return false;
    case FOR_SEMAPHORE: return !g->life.sema || in_reach(g->life.sema);
    default: return true;
    }
}

static bool leaves_out(const G *g) { return waits(g) != FOR_OTHERS; }

static intptr_t leaked; // goroutines
static bool incomplete; // the collector's own stack was too small: next time it is larger

static void mark_reachable(void) {
    while (!GC_mark_stack_empty()) MARK_FROM_MARK_STACK();
}

// life.leaked is for now: left out and not reached yet.
static void find_leaked(void (*push)(G *g)) {
    leaked = 0;
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) all_gs[i]->life.leaked = leaves_out(all_gs[i]);
    for (bool more = true; more;) {
        mark_reachable();
        more = false;
        for (uint32_t i = 0; i < n; i++) {
            G *g = all_gs[i];
            if (!g->life.leaked || !may_wake(g)) continue;
            g->life.leaked = false;
            push(g);
            more = true;
        }
    }
    incomplete = GC_mark_state == MS_INVALID;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        if (!g->life.leaked) continue;
        push(g);
        // Of the main goroutine nobody wants to hear that it waits for ever.
        bool main_waits = g->life.goid == 1 && g->life.wait_reason == WAIT_SELECT_NO_CASES;
        g->life.leaked = !incomplete && !main_waits;
        leaked += g->life.leaked;
    }
}

static const RootSearch search = {leaves_out, find_leaked};

GO_FUNC(void, pprof_leak_gc, (void), "runtime/pprof.runtime_goroutineLeakGC") {
    enum { TRIES = 20 };
    world_stop(c_string("goroutine leak detection"));
    clear_stack();
    for (int i = 0; i < TRIES; i++) {
        heap_search(&search);
        if (!incomplete) break;
    }
    world_start();
}
GO_FUNC(intptr_t, pprof_leak_count, (void), "runtime/pprof.runtime_goroutineleakcount") {
    return leaked;
}
