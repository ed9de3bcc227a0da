// chan: channels. A channel is a lock, a ring of buffered elements and two queues of waiting
// goroutines. Whoever finds a partner waiting hands the element over directly, into or out of the
// partner's stack, and wakes it. A waiting goroutine owns one Sudog per channel that it waits on;
// in a select, who wins select_done wakes it.
//
//     Hchan  +-------+-----+-----+-------+-------+--------+-------+-------+------+ | count | cap |
//            buf | elem  | sendx | recvx  | recvq | sendq | lock |   at most one of recvq, sendq
//            waits, unless by select;
//            +-------+-----+-----+-------+-------+--------+-------+-------+------+   recvq waits:
//            count == 0; sendq waits: count == cap
#include "runtime/chan.h"
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/sudog.h"
#include "runtime/synctest.h"

typedef struct Waitq {
    Sudog *first, *last;
} Waitq;
struct Hchan {
    uint64_t count, cap;
    char *buf;
    uint32_t elem_size;
    _Atomic uint32_t closed;
    Timer *timer; // of a channel that package time made: it looks unbuffered
    const AbiType *elem;
    uint64_t sendx, recvx;
    Waitq recvq, sendq;
    Mutex lock;
    Bubble *bubble; // that made it, and alone may use it
};

_Static_assert(offsetof(Hchan, buf) == offsetof(AbiChan, buf) &&
                   offsetof(Hchan, closed) == offsetof(AbiChan, closed) &&
                   offsetof(Hchan, recvx) == offsetof(AbiChan, recvx),
               "as debuggers know it");

// One object holds header and buffer where neither has to be scanned.
GO Hchan *rt_makechan(const AbiChanType *t, intptr_t size) {
    size_t mem;
    const AbiType *e = t->elem;
    if (size < 0 || __builtin_mul_overflow(e->size, (size_t)size, &mem) ||
        mem > MAX_ALLOC - sizeof(Hchan))
        panic_str("makechan: size out of range");
    Hchan *c;
    if (!e->ptr_bytes &&
        !getg()
             ->life
             .bubble) { // a timer's channel has elements with pointers, type and sudogs are reached otherwise
        c = rt_alloc(sizeof *c + mem, false);
        c->buf = (char *)(c + 1);
    } else {
        c = rt_alloc(sizeof *c, true);
        if (mem) c->buf = rt_alloc_array(mem, e->ptr_bytes != 0);
    }
    c->elem_size = (uint32_t)e->size;
    c->elem = e;
    c->cap = (uint64_t)size;
    c->bubble = getg()->life.bubble;
    return c;
}
static void check_bubble(const Hchan *c, const char *msg) {
    if (unlikely(c->bubble) && c->bubble != getg()->life.bubble) rt_fatal(msg);
}
GO_FUNC(Hchan *, rt_reflect_makechan, (const AbiChanType *t, intptr_t size), "reflect.makechan") {
    return rt_makechan(t, size);
}

void chan_set_timer(Hchan *c, Timer *t) { c->timer = t; }
// Discards what a timer has sent and nobody received.
bool chan_drain(Hchan *c) {
    lock(&c->lock);
    bool any = c->count > 0;
    c->count = 0;
    c->recvx = c->sendx = 0;
    unlock(&c->lock);
    return any;
}

GO intptr_t rt_chanlen(const Hchan *c) {
    return c && !c->timer ? (intptr_t)*(volatile uint64_t *)&c->count : 0;
}
GO intptr_t rt_chancap(const Hchan *c) { return c && !c->timer ? (intptr_t)c->cap : 0; }
GO_FUNC(intptr_t, rt_reflect_chanlen, (const Hchan *c), "reflect.chanlen") { return rt_chanlen(c); }
GO_FUNC(intptr_t, rt_reflectlite_chanlen, (const Hchan *c), "internal/reflectlite.chanlen") {
    return rt_chanlen(c);
}
GO_FUNC(intptr_t, rt_reflect_chancap, (const Hchan *c), "reflect.chancap") { return rt_chancap(c); }

// wait queues -------------------------------------------------------------------------------------

static void enqueue(Waitq *q, Sudog *s) {
    s->next = NULL;
    s->prev = q->last;
    if (q->last)
        q->last->next = s;
    else
        q->first = s;
    q->last = s;
}
static void waitq_remove(Waitq *q, Sudog *s) {
    if (s->prev)
        s->prev->next = s->next;
    else if (q->first == s)
        q->first = s->next;
    else
        return; // not queued any more
    if (s->next)
        s->next->prev = s->prev;
    else
        q->last = s->prev;
    s->next = s->prev = NULL;
}
// A select waits in many queues: whoever first sets select_done has it, the others pass it by.
static Sudog *dequeue(Waitq *q) {
    for (;;) {
        Sudog *s = q->first;
        if (!s) return NULL;
        q->first = s->next;
        if (q->first)
            q->first->prev = NULL;
        else
            q->last = NULL;
        s->next = s->prev = NULL;
        if (s->is_select) { // another of its channels may have been faster
            uint32_t none = 0;
            if (!atomic_compare_exchange_strong(&s->g->life.select_done, &none, 1)) continue;
        }
        return s;
    }
}

static inline char *slot(Hchan *c, uint64_t i) { return c->buf + i * c->elem_size; }
// for modules
GO_FUNC(void *, rt_chanbuf, (Hchan * c, uint64_t i), "runtime.chanbuf") { return slot(c, i); }
static inline void copy_elem(const Hchan *c, void *d, const void *s) {
    switch (c->elem_size) {
    case 0: return;
    case 8: memcpy(d, s, 8); return;
    case 4: memcpy(d, s, 4); return;
    case 16: memcpy(d, s, 16); return;
    default: memmove(d, s, c->elem_size);
    }
}

// The race detector's: a channel's use, as against its close; a hand-over that orders both sides; an
// element's place, which orders who puts it there and who takes it, s's or this goroutine.
static const void *race_use(const Hchan *c) { return &c->buf; }
static const void *race_place(Hchan *c, uint64_t i) {
    return c->cap && c->elem_size ? (const void *)slot(c, i) : race_use(c);
}
static NOINLINE COLD void race_meet(Hchan *c, const Sudog *s) {
    const void *p = race_place(c, 0);
    race_release(p);
    race_acquire_by(s->g, p);
    race_release_by(s->g, p);
    race_acquire(p);
}
static NOINLINE COLD void race_visit(Hchan *c, uint64_t i, const Sudog *s) {
    const void *p = race_place(c, i);
    G *g = s ? s->g : getg();
    if (c->elem_size) {
        race_release_acquire_by(g, p);
        return;
    }
    race_acquire_by(g, p);
    race_release_by(g, p);
}
// A sender finds a receiver that waits: as if the element went through the buffer.
static NOINLINE COLD void race_receiver(Hchan *c, const Sudog *s) {
    if (!c->cap) {
        race_meet(c, s);
        return;
    }
    race_visit(c, c->recvx, NULL);
    race_visit(c, c->recvx, s);
    if (++c->recvx == c->cap) c->recvx = 0;
    c->sendx = c->recvx;
}
static NOINLINE COLD void race_sender(Hchan *c, const Sudog *s) {
    if (!c->cap) {
        race_meet(c, s);
        return;
    }
    race_visit(c, c->recvx, NULL);
    race_visit(c, c->recvx, s);
}

static void wake(Sudog *s, bool success) {
    s->success = success;
    G *g = s->g;
    g->life.param = s;
    ready(g);
}

// With the lock held: completes a send or receive with a waiting partner s; unlocks.
static void hand_to(Hchan *c, Sudog *s, const void *elem) {
    if (RACE) race_receiver(c, s);
    if (s->elem) copy_elem(c, s->elem, elem);
    s->elem = NULL;
    unlock(&c->lock);
    wake(s, true);
}
static void copy_from_sender(Hchan *c, Sudog *s, void *elem) {
    if (RACE) race_sender(c, s);
    if (c->cap == 0) {
        if (elem) copy_elem(c, elem, s->elem);
    } else { // the buffer is full: its head is ours, its tail the sender's
        char *q = slot(c, c->recvx);
        if (elem) copy_elem(c, elem, q);
        copy_elem(c, q, s->elem);
        if (++c->recvx == c->cap) c->recvx = 0;
        c->sendx = c->recvx;
    }
    s->elem = NULL;
}
static void take_from(Hchan *c, Sudog *s, void *elem) {
    copy_from_sender(c, s, elem);
    unlock(&c->lock);
    wake(s, true);
}
static void buffer_put(Hchan *c, const void *elem) {
    if (RACE) race_visit(c, c->sendx, NULL);
    copy_elem(c, slot(c, c->sendx), elem);
    if (++c->sendx == c->cap) c->sendx = 0;
    c->count++;
}
static void buffer_get(Hchan *c, void *elem) {
    char *q = slot(c, c->recvx);
    if (RACE) race_visit(c, c->recvx, NULL);
    if (elem) copy_elem(c, elem, q);
    if (c->elem->ptr_bytes) memset(q, 0, c->elem_size);
    if (++c->recvx == c->cap) c->recvx = 0;
    c->count--;
}
static void zero_elem(Hchan *c, void *elem) {
    if (elem) memset(elem, 0, c->elem_size);
}

// send, receive -----------------------------------------------------------------------------------

static bool never(G *g, void *arg) {
    (void)g, (void)arg;
    return true;
}

// Parks in q, with the channel's lock, which is free then, until somebody takes elem's value or
// leaves one there: true; or closes the channel.
static bool wait_in(Waitq *q, Hchan *c, void *elem, WaitReason reason) {
    G *g = getg();
    Sudog *s = acquire_sudog();
    s->g = g;
    s->elem = elem;
    s->c = c;
    g->life.waiting = s;
    g->life.param = NULL;
    enqueue(q, s);
    park_unlock_durably(&c->lock, reason, c->bubble);
    g->life.waiting = NULL;
    bool success = s->success;
    release_sudog(s);
    return success;
}

// A waiting receiver gets the value at once: it need not go through the buffer, which is empty
// then.
static bool chan_send(Hchan *c, const void *elem, bool block, uintptr_t callerpc) {
    if (!c) {
        if (!block) return false;
        park_durably(never, NULL, WAIT_CHAN_SEND_NIL);
        __builtin_unreachable();
    }
    check_bubble(c, "send on synctest channel from outside bubble");
    if (RACE) race_access_pc(race_use(c), false, callerpc, (uintptr_t)rt_chansend1);
    if (!block && !c->closed &&
        (c->cap ? *(volatile uint64_t *)&c->count == c->cap : !*(Sudog *volatile *)&c->recvq.first))
        return false;
    lock(&c->lock);
    if (c->closed) {
        unlock(&c->lock);
        panic_str("send on closed channel");
    }
    Sudog *s = dequeue(&c->recvq);
    if (s) {
        hand_to(c, s, elem);
        return true;
    }
    if (c->count < c->cap) {
        buffer_put(c, elem);
        unlock(&c->lock);
        return true;
    }
    if (!block) {
        unlock(&c->lock);
        return false;
    }
    if (!wait_in(&c->sendq, c, (void *)elem, WAIT_CHAN_SEND)) panic_str("send on closed channel");
    return true;
}

static bool nothing_to_receive(const Hchan *c) {
    return c->cap ? __atomic_load_n(&c->count, __ATOMIC_ACQUIRE) == 0
                  : !__atomic_load_n(&c->sendq.first, __ATOMIC_ACQUIRE);
}

// selected: an element or the channel's end was there; *received: an element.
static bool chan_recv(Hchan *c, void *elem, bool block, bool *received) {
    *received = false;
    if (!c) {
        if (!block) return false;
        park_durably(never, NULL, WAIT_CHAN_RECEIVE_NIL);
        __builtin_unreachable();
    }
    check_bubble(c, "receive on synctest channel from outside bubble");
    if (unlikely(c->timer)) {
        timer_poll(c->timer);
        timer_reserve(c->timer, 1);
    }
    // In this order: a channel that is not closed after it was empty was not ready then. It could
    // close between the other way round, and lose its last element.
    if (!block && nothing_to_receive(c) && !c->closed) return false;
    lock(&c->lock);
    if (c->closed && !c->count) {
        if (RACE) race_acquire(race_use(c));
        unlock(&c->lock);
        zero_elem(c, elem);
        return true;
    }
    Sudog *s = c->closed ? NULL : dequeue(&c->sendq);
    if (s) {
        take_from(c, s, elem);
        return *received = true;
    }
    if (c->count) {
        buffer_get(c, elem);
        unlock(&c->lock);
        return *received = true;
    }
    if (!block) {
        unlock(&c->lock);
        return false;
    }
    if (unlikely(c->timer)) timer_wait(c->timer);
    *received = wait_in(&c->recvq, c, elem, WAIT_CHAN_RECEIVE);
    if (unlikely(c->timer)) timer_unwait(c->timer);
    return true;
}

GO void rt_chansend1(Hchan *c, const void *elem) {
    chan_send(c, elem, true, (uintptr_t)__builtin_return_address(0));
    preempt_point();
}
GO void rt_chanrecv1(Hchan *c, void *elem) {
    bool ok;
    chan_recv(c, elem, true, &ok);
    preempt_point();
}
GO uint8_t rt_chanrecv2(Hchan *c, void *elem) {
    bool ok;
    chan_recv(c, elem, true, &ok);
    preempt_point();
    return ok;
}
GO uint8_t rt_selectnbsend(Hchan *c, const void *elem) {
    return chan_send(c, elem, false, (uintptr_t)__builtin_return_address(0));
}
GO RetBB rt_selectnbrecv(void *elem, Hchan *c) {
    bool ok, selected = chan_recv(c, elem, false, &ok);
    return (RetBB){selected, ok};
}
GO_FUNC(uint8_t, rt_reflect_chansend, (Hchan * c, const void *elem, uint8_t nb),
        "reflect.chansend0") {
    return chan_send(c, elem, !(nb & 1), (uintptr_t)__builtin_return_address(0));
}
GO_FUNC(RetBB, rt_reflect_chanrecv, (Hchan * c, uint8_t nb, void *elem), "reflect.chanrecv") {
    bool ok, selected = chan_recv(c, elem, !(nb & 1), &ok);
    return (RetBB){selected, ok};
}

// All who wait are woken with the lock released: waking takes the scheduler's lock.
GO void rt_closechan(Hchan *c) {
    if (!c) panic_str("close of nil channel");
    check_bubble(c, "close of synctest channel from outside bubble");
    lock(&c->lock);
    if (c->closed) {
        unlock(&c->lock);
        panic_str("close of closed channel");
    }
    if (RACE) {
        race_access_pc(race_use(c), true, RACE_HERE(rt_closechan));
        race_release(race_use(c));
    }
    c->closed = 1;
    // Who waits longest is woken last, as gc does it, and so runs next.
    Sudog *list = NULL, *s;
    while ((s = dequeue(&c->recvq))) {
        zero_elem(c, s->elem);
        s->elem = NULL;
        s->next = list;
        list = s;
    }
    while ((s = dequeue(&c->sendq))) {
        s->elem = NULL;
        s->next = list;
        list = s;
    }
    unlock(&c->lock);
    while (list) {
        s = list;
        list = s->next;
        s->next = NULL;
        if (RACE) race_acquire_by(s->g, race_use(c));
        wake(s, false);
    }
}
GO_FUNC(void, rt_reflect_chanclose, (Hchan * c), "reflect.chanclose") { rt_closechan(c); }

// select ------------------------------------------------------------------------------------------

// cases: the sends first. Two orders of those that have a channel: as they are tried, and as their
// channels are locked.
typedef struct Select {
    AbiScase *cases;
    intptr_t nsends;
    uint16_t *poll, *order;
    intptr_t n; // in each order
    uintptr_t callerpc;
} Select;

static Hchan *chan_of(const Select *l, intptr_t i) { return l->cases[l->order[i]].chan; }
static Waitq *queue_of(const Select *l, intptr_t i) {
    Hchan *c = l->cases[i].chan;
    return i < l->nsends ? &c->sendq : &c->recvq;
}
static void lock_all(const Select *l) {
    for (intptr_t i = 0; i < l->n; i++)
        if (i == 0 || chan_of(l, i) != chan_of(l, i - 1)) lock(&chan_of(l, i)->lock);
}
static void unlock_all(const Select *l) {
    for (intptr_t i = l->n - 1; i >= 0; i--)
        if (i == 0 || chan_of(l, i) != chan_of(l, i - 1)) unlock(&chan_of(l, i)->lock);
}
// Once a lock is released the goroutine may run again and its stack change: the channels come from
// the sudogs, which it frees only when it has all locks.
static bool unlock_parked(G *g, void *arg) {
    (void)arg;
    Hchan *last = NULL;
    for (Sudog *s = g->life.waiting; s; s = s->waitlink) {
        if (s->c != last && last) unlock(&last->lock);
        last = s->c;
    }
    if (last) unlock(&last->lock);
    return true;
}

static void sort_by_address(Select *l) { // heap sort
#define ADDR(k) ((uintptr_t)l->cases[l->order[k]].chan)
#define SWAP(a, b)                                                                                 \
    do {                                                                                           \
        uint16_t t_ = l->order[a];                                                                 \
        l->order[a] = l->order[b];                                                                 \
        l->order[b] = t_;                                                                          \
    } while (0)
    for (intptr_t i = 1; i < l->n; i++)
        for (intptr_t k = i; k > 0 && ADDR(k) > ADDR((k - 1) / 2); k = (k - 1) / 2)
            SWAP(k, (k - 1) / 2);
    for (intptr_t i = l->n - 1; i > 0; i--) {
        SWAP(0, i);
        for (intptr_t k = 0;;) {
            intptr_t c = 2 * k + 1;
            if (c >= i) break;
            if (c + 1 < i && ADDR(c + 1) > ADDR(c)) c++;
            if (ADDR(c) <= ADDR(k)) break;
            SWAP(k, c);
            k = c;
        }
    }
}

// Cases are tried in random order, so that none starves; locked by address, so that two selects do
// not wait for each other.
static void select_orders(Select *l, intptr_t ncases) {
    for (intptr_t i = 0; i < ncases; i++) {
        Hchan *c = l->cases[i].chan;
        if (!c) continue;
        if (unlikely(c->timer)) timer_reserve(c->timer, (uint32_t)ncases);
        intptr_t j = (intptr_t)fastrandn((uint32_t)l->n + 1);
        l->poll[l->n] = l->poll[j];
        l->poll[j] = (uint16_t)i;
        l->n++;
    }
    memcpy(l->order, l->poll, (size_t)l->n * sizeof *l->order);
    sort_by_address(l);
}

// With all locks held. Whether case i could go on: then it has, and the locks are free. *ok: a
// value was received.
static bool try_send(const Select *l, intptr_t i) {
    Hchan *c = l->cases[i].chan;
    void *elem = l->cases[i].elem;
    if (RACE) race_access_pc(race_use(c), false, l->callerpc, (uintptr_t)rt_chansend1);
    if (c->closed) {
        unlock_all(l);
        panic_str("send on closed channel");
    }
    Sudog *s = dequeue(&c->recvq);
    if (s) {
        if (RACE) race_receiver(c, s);
        if (s->elem) copy_elem(c, s->elem, elem);
        s->elem = NULL;
    } else if (c->count < c->cap) {
        buffer_put(c, elem);
    } else {
        return false;
    }
    unlock_all(l);
    if (s) wake(s, true);
    return true;
}

// With all channels locked; true: done, and they are free again. What was buffered before the close
// comes first, then the end; who waited to send has been woken by the close.
static bool try_receive(const Select *l, intptr_t i, uint8_t *ok) {
    Hchan *c = l->cases[i].chan;
    void *elem = l->cases[i].elem;
    Sudog *s = c->closed ? NULL : dequeue(&c->sendq);
    *ok = 1;
    if (s) {
        copy_from_sender(c, s, elem);
    } else if (c->count) {
        buffer_get(c, elem);
    } else if (c->closed) {
        if (RACE) race_acquire(race_use(c));
        zero_elem(c, elem);
        *ok = 0;
    } else {
        return false;
    }
    unlock_all(l);
    if (s) wake(s, true);
    return true;
}

// With all locks held: parks on all cases until one is woken, which has had its value. With all
// locks held again.
static RetIB select_wait(const Select *l, bool durably) {
    G *g = getg();
    g->life.waiting = NULL;
    g->life.param = NULL;
    g->life.select_done = 0;
    Sudog **tail = &g->life.waiting;
    for (intptr_t k = 0; k < l->n; k++) {
        intptr_t i = l->order[k];
        Hchan *c = l->cases[i].chan;
        Sudog *s = acquire_sudog();
        s->g = g;
        s->is_select = true;
        s->elem = l->cases[i].elem;
        s->c = c;
        *tail = s;
        tail = &s->waitlink;
        enqueue(queue_of(l, i), s);
        if (unlikely(c->timer)) timer_wait(c->timer);
    }
    *tail = NULL;
    if (durably)
        park_durably(unlock_parked, NULL, WAIT_SELECT);
    else
        park(unlock_parked, NULL, WAIT_SELECT);
    lock_all(l);
    Sudog *won = g->life.param, *s = g->life.waiting;
    g->life.param = NULL;
    g->life.waiting = NULL;
    RetIB woken = {-1, 0};
    for (intptr_t k = 0; k < l->n; k++) {
        intptr_t i = l->order[k];
        Sudog *next = s->waitlink;
        if (unlikely(s->c->timer)) timer_unwait(s->c->timer);
        if (s == won)
            woken = (RetIB){i, s->success};
        else
            waitq_remove(queue_of(l, i), s);
        s->waitlink = NULL;
        release_sudog(s);
        s = next;
    }
    return woken;
}

// gc's selectgo: what is ready is looked for in random order, under all locks at once, before
// waiting in all queues. Nil channels take no part; the answer -1 is default's.
static RetIB select_cases(AbiScase *cases, intptr_t nsends, intptr_t nrecvs, uint8_t block,
                          uintptr_t callerpc) {
    intptr_t n = nsends + nrecvs;
    enum { FEW = 64 }; // of more the orders would be too large for goroutine stacks
    uint16_t few[2 * FEW], *poll = n <= FEW ? few : rt_alloc((size_t)n * 2 * sizeof *few, false);
    bool durably = true;
    for (intptr_t i = 0; i < n; i++) {
        Hchan *c = cases[i].chan;
        if (!c) continue;
        check_bubble(c, "select on synctest channel from outside bubble");
        if (!c->bubble) durably = false;
        if (unlikely(c->timer)) timer_poll(c->timer);
    }
    Select l = {cases, nsends, poll, poll + n, 0, callerpc};
    select_orders(&l, n);
    lock_all(&l);
    for (intptr_t k = 0; k < l.n; k++) {
        RetIB chosen = {poll[k], 0};
        if (chosen.i < nsends ? try_send(&l, chosen.i) : try_receive(&l, chosen.i, &chosen.b))
            return chosen;
    }
    if (!(block & 1)) {
        unlock_all(&l);
        return (RetIB){-1, 0};
    }
    if (!l.n) park_durably(never, NULL, WAIT_SELECT_NO_CASES);
    RetIB woken = select_wait(&l, durably);
    unlock_all(&l);
    if (woken.i < 0) rt_throw("selectgo: bad wakeup");
    if (woken.i >= nsends) return woken;
    if (!woken.b) panic_str("send on closed channel");
    return (RetIB){woken.i, 0};
}

GO RetIB rt_selectgo(AbiScase *cases, intptr_t nsends, intptr_t nrecvs, uint8_t block) {
    RetIB chosen =
        select_cases(cases, nsends, nrecvs, block, (uintptr_t)__builtin_return_address(0));
    preempt_point();
    return chosen;
}

// reflect's select: cases in any order, with directions.
typedef struct RuntimeSelect {
    intptr_t dir;
    const AbiType *typ;
    Hchan *ch;
    void *val;
} RuntimeSelect;
// The compiler puts sends first; reflect's cases come as the user wrote them.
GO_FUNC(RetIB, rt_rselect, (RuntimeSelect * p, intptr_t n, intptr_t cap), "reflect.rselect") {
    enum { DIR_SEND = 1, DIR_RECV, DIR_DEFAULT };
    (void)cap;
    AbiScase *cases = rt_alloc((size_t)n * sizeof *cases, true);
    intptr_t *orig = rt_alloc((size_t)n * sizeof *orig, false);
    intptr_t nsends = 0, nrecvs = 0, dflt = -1;
    for (intptr_t i = 0; i < n; i++) {
        if (p[i].dir == DIR_DEFAULT)
            dflt = i;
        else if (p[i].dir == DIR_SEND) {
            cases[nsends] = (AbiScase){p[i].ch, p[i].val};
            orig[nsends++] = i;
        } else {
            nrecvs++;
            cases[n - nrecvs] = (AbiScase){p[i].ch, p[i].val};
            orig[n - nrecvs] = i;
        }
    }
    if (nsends + nrecvs == 0) {
        if (dflt >= 0) return (RetIB){dflt, 0};
        park_durably(never, NULL, WAIT_SELECT_NO_CASES);
    }
    if (nsends + nrecvs < n) { // close the gap that the default left
        memmove(cases + nsends, cases + n - nrecvs, (size_t)nrecvs * sizeof *cases);
        memmove(orig + nsends, orig + n - nrecvs, (size_t)nrecvs * sizeof *orig);
    }
    RetIB r = rt_selectgo(cases, nsends, nrecvs, dflt < 0);
    r.i = r.i < 0 ? dflt : orig[r.i];
    return r;
}
