// synctest: bubbles of testing/synctest. A bubble is a set of goroutines with a clock of its own,
// which stands still while any of them can go on by itself. What each waits for decides that: a
// goroutine is durably blocked when only its bubble can wake it (g->durable).
//
// The bubble counts its goroutines (total), those not durably blocked (running), and what else
// holds its clock (active): a goroutine on its way into a park, or one that is about to be woken.
// When running and active are 0 the next thing happens: a due timer runs, or else Wait returns, or
// else its root, the goroutine that called Run, sets the clock to the next timer's time; without
// one everything is over, or deadlocked.
#include "runtime/heap.h"
#include "runtime/sched.h"
#include "runtime/synctest.h"
#include "runtime/trace.h"

enum : int64_t { EPOCH = 946684800000000000 }; // midnight UTC of 2000-01-01

// Who goes on now, if nothing does by itself; lock held. It is active until it runs, so that nobody
// else is woken beside it.
static G *next_to_wake(Bubble *b) {
    if (b->running > 0 || b->active > 0) return NULL;
    b->active++;
    int64_t next = b->timers.next;
    if (next && next <= b->now) return b->root;
    return b->waiter ? b->waiter : b->root;
}
static void unlock_and_wake(Bubble *b) {
    G *g = next_to_wake(b);
    unlock(&b->lock);
    if (g) ready(g);
}

void bubble_enter(G *g, Bubble *b, bool running) {
    g->life.bubble = b;
    g->life.durable = !running;
    lock(&b->lock);
    b->total++;
    b->running += running;
    unlock(&b->lock);
}
void bubble_leave(G *g) {
    Bubble *b = g->life.bubble;
    g->life.bubble = NULL;
    lock(&b->lock);
    b->total--;
    b->running--;
    if (g == b->main) b->done = true;
    unlock_and_wake(b);
}
// Between these two a park decides whether it stays one.
void bubble_blocks(G *g) {
    Bubble *b = g->life.bubble;
    g->life.durable = true;
    lock(&b->lock);
    b->active++;
    b->running--;
    unlock(&b->lock);
}
void bubble_blocked(Bubble *b) {
    lock(&b->lock);
    b->active--;
    unlock_and_wake(b);
}
void bubble_resumes(G *g) {
    g->life.durable = false;
    lock(&g->life.bubble->lock);
    g->life.bubble->running++;
    unlock(&g->life.bubble->lock);
}

// for Go ------------------------------------------------------------------------------------------

GO_FUNC(Bubble *, rt_bubble, (void), "runtime.currentBubble") { return getg()->life.bubble; }
// setBubble(b): the caller's bubble from now on, uncounted; the one before.
GO_FUNC(Bubble *, rt_set_bubble, (Bubble * b), "runtime.setBubble") {
    G *g = getg();
    Bubble *old = g->life.bubble;
    g->life.bubble = b;
    return old;
}

GO_FUNC(void, rt_bubble_start, (void *f), "runtime.startBubble") {
    static _Atomic uint64_t ids;
    Bubble *b = rt_alloc(sizeof *b, true);
    G *g = getg(), *child;
    *b = (Bubble){.id = ++ids, .now = EPOCH, .root = g, .total = 1, .running = 1, .active = 1};
    g->life.bubble = b;
    child = b->main = go_new(f, (uintptr_t)__builtin_return_address(0));
    bubble_enter(child, b, true);
    if (TRACING) trace_go_create(child, true);
    ready(child);
}

static bool root_parks(G *g, void *arg) {
    (void)g;
    Bubble *b = arg;
    lock(&b->lock);
    b->active--;
    unlock(&b->lock);
    return true;
}
// Of the root: runs due timers, sleeps until nothing moves, sets the clock. False when there is
// nothing more to come.
GO_FUNC(uint8_t, rt_bubble_step, (void), "runtime.stepBubble") {
    Bubble *b = getg()->life.bubble;
    bool ran;
    timers_run(&b->timers, b->now, &ran);
    park_durably(root_parks, b, WAIT_SYNCTEST_RUN);
    lock(&b->lock);
    int64_t next = b->timers.next;
    bool more = next && !b->done; // time ends with main
    if (more) b->now = next;
    unlock(&b->lock);
    return more;
}

// Of the root, at the end: who remains, and is main among those that have ended?
GO_FUNC(RetIB, rt_bubble_end, (void), "runtime.endBubble") {
    Bubble *b = getg()->life.bubble;
    lock(&b->lock);
    RetIB r = {b->total - 1, b->done};
    unlock(&b->lock);
    return r;
}

static bool waiter_parks(G *g, void *arg) {
    Bubble *b = arg;
    lock(&b->lock);
    b->waiter = g;
    unlock(&b->lock);
    return true;
}
// False: somebody waits already.
GO_FUNC(uint8_t, rt_bubble_wait, (void), "runtime.waitBubble") {
    Bubble *b = getg()->life.bubble;
    lock(&b->lock);
    bool already = b->waiting;
    b->waiting = true;
    unlock(&b->lock);
    if (already) return false;
    park_durably(waiter_parks, b, WAIT_SYNCTEST_WAIT);
    lock(&b->lock);
    b->active--;
    b->waiter = NULL;
    b->waiting = false;
    unlock(&b->lock);
    return true;
}

// holdBubble(b, 1) keeps its clock from moving until holdBubble(b, -1).
GO_FUNC(void, rt_bubble_hold, (Bubble * b, intptr_t delta), "runtime.holdBubble") {
    lock(&b->lock);
    b->active += (int32_t)delta;
    unlock_and_wake(b);
}

// Objects that belong to a bubble, by address. A node is free when its object is gone.
typedef struct Association {
    struct Association *next;
    void *object; // hidden from the collector, which clears it
    uint64_t bubble;
} Association;
enum { BUCKETS = 256, UNBUBBLED = 0, CURRENT, OTHER };
static Association *table[BUCKETS];
static Mutex table_lock;

// With the lock held: p's node, or NULL and a free one. The caller keeps p, so what has its address
// is about it.
static Association *find_association(const void *p, Association **unused) {
    for (Association *a = table[((uintptr_t)p >> 4) % BUCKETS]; a; a = a->next) {
        uintptr_t hidden = (uintptr_t)LOAD_RELAXED(a->object);
        if (hidden == ~(uintptr_t)p) return a;
        if (!hidden) *unused = a;
    }
    return NULL;
}
// What a bubble made belongs to it: wait groups are known by their address, with a weak pointer so
// that they can go.
static intptr_t associate(void *p, bool add) {
    uint64_t id = getg()->life.bubble->id;
    lock(&table_lock);
    Association *unused = NULL, *a = find_association(p, &unused);
    intptr_t result = a ? a->bubble == id ? CURRENT : OTHER : UNBUBBLED;
    if (!a && add) {
        if (!unused) {
            unused = persistent_alloc(sizeof *unused);
            unused->next = table[((uintptr_t)p >> 4) % BUCKETS];
            table[((uintptr_t)p >> 4) % BUCKETS] = unused;
        }
        unused->bubble = id;
        if (heap_link(&unused->object, p))
            result = CURRENT;
        else
            unused->object = NULL; // a package's variable is in none
    }
    unlock(&table_lock);
    return result;
}
GO_FUNC(intptr_t, synctest_associate, (void *p), "internal/synctest.associate") {
    return associate(p, true);
}
GO_FUNC(uint8_t, synctest_is_associated, (void *p), "internal/synctest.isAssociated") {
    return associate(p, false) == CURRENT;
}
GO_FUNC(void, synctest_disassociate, (void *p), "internal/synctest.disassociate") {
    lock(&table_lock);
    Association *unused, *a = find_association(p, &unused);
    if (a) heap_unlink(&a->object);
    unlock(&table_lock);
}
