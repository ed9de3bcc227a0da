// chan: channels and select.
//
// A channel is a lock, a ring buffer and two queues of waiting goroutines. A sender that finds a receiver waiting hands its value over directly, and the other
// way round; so a buffered channel with waiting receivers is empty, one with waiting senders full. Select enqueues on all its channels, locked in
// order of address; whoever wakes it first wins by setting select_done, and the woken goroutine takes its other entries out again.
#include "runtime/rt.h"

struct Hchan {
    Mutex lock;
    bool closed;
    uintptr_t count, size;  // elements in the buffer, its capacity
    uintptr_t elem_size;
    char *buf;
    uintptr_t sendx, recvx;
    Sudog *recv_head, *recv_tail, *send_head, *send_tail;
};

static void enqueue(Sudog **head, Sudog **tail, Sudog *s) {
    s->next = NULL;
    s->prev = *tail;
    if (*tail) (*tail)->next = s;
    else *head = s;
    *tail = s;
}
static void unlink_sudog(Sudog **head, Sudog **tail, Sudog *s) {
    if (!s->prev && !s->next && *head != s) return; // dequeued already
    if (s->prev) s->prev->next = s->next;
    else *head = s->next;
    if (s->next) s->next->prev = s->prev;
    else *tail = s->prev;
    s->next = s->prev = NULL;
}
// The first waiter that is still to be had: of a select only one channel may wake it.
static Sudog *dequeue(Sudog **head, Sudog **tail) {
    for (;;) {
        Sudog *s = *head;
        if (!s) return NULL;
        unlink_sudog(head, tail, s);
        if (s->is_select) {
            uint32_t no = 0;
            if (!atomic_compare_exchange_strong(&s->g->select_done, &no, 1)) continue;
        }
        return s;
    }
}

static char *slot(Hchan *c, uintptr_t i) { return c->buf + i * c->elem_size; }
static void advance(Hchan *c, uintptr_t *x) {
    if (++*x == c->size) *x = 0;
}

GO Hchan *rt_makechan(AbiChanType *t, intptr_t size) GOSYM("runtime.makechan");
GO Hchan *rt_makechan(AbiChanType *t, intptr_t size) {
    uintptr_t es = t->elem->size, bytes;
    if (size < 0 || __builtin_mul_overflow(es, (uintptr_t)size, &bytes) || bytes > MAX_ALLOC) panic_str("makechan: size out of range");
    Hchan *c = rt_alloc(sizeof *c, true);
    c->size = (uintptr_t)size;
    c->elem_size = es;
    c->buf = bytes ? rt_alloc(bytes, t->elem->ptr_bytes != 0) : (char *)&runtime_zerobase;
    return c;
}
GO intptr_t rt_chanlen(Hchan *c) GOSYM("runtime.chanlen");
GO intptr_t rt_chanlen(Hchan *c) { return c ? (intptr_t)c->count : 0; }
GO intptr_t rt_chancap(Hchan *c) GOSYM("runtime.chancap");
GO intptr_t rt_chancap(Hchan *c) { return c ? (intptr_t)c->size : 0; }

static void copy(Hchan *c, void *to, const void *from) {
    if (to && c->elem_size) memmove(to, from, c->elem_size);
}

static void wake(Sudog *s, bool success) {
    G *g = s->g;
    s->success = success;
    g->param = s;
    ready(g);
}

static bool never(G *g, void *arg) { (void)g, (void)arg; return true; }

// With the lock held: done (true), or nothing can be done now. Panics (unlocked) on a closed channel.
static bool try_send(Hchan *c, void *elem) {
    if (c->closed) {
        unlock(&c->lock);
        panic_str("send on closed channel");
    }
    Sudog *r = dequeue(&c->recv_head, &c->recv_tail);
    if (r) {
        copy(c, r->elem, elem);
        unlock(&c->lock);
        wake(r, true);
        return true;
    }
    if (c->count < c->size) {
        copy(c, slot(c, c->sendx), elem);
        advance(c, &c->sendx);
        c->count++;
        unlock(&c->lock);
        return true;
    }
    return false;
}
static bool try_recv(Hchan *c, void *elem, bool *ok) {
    if (c->closed && c->count == 0) {
        unlock(&c->lock);
        if (elem) memset(elem, 0, c->elem_size);
        *ok = false;
        return true;
    }
    *ok = true;
    Sudog *s = dequeue(&c->send_head, &c->send_tail);
    if (s) {
        if (c->size == 0) copy(c, elem, s->elem);
        else { // the buffer is full: take its head, the sender's value goes to its tail
            copy(c, elem, slot(c, c->recvx));
            copy(c, slot(c, c->recvx), s->elem);
            advance(c, &c->recvx);
            c->sendx = c->recvx;
        }
        unlock(&c->lock);
        wake(s, true);
        return true;
    }
    if (c->count > 0) {
        copy(c, elem, slot(c, c->recvx));
        if (c->elem_size) memset(slot(c, c->recvx), 0, c->elem_size);
        advance(c, &c->recvx);
        c->count--;
        unlock(&c->lock);
        return true;
    }
    return false;
}

static Sudog *wait_on(Hchan *c, void *elem, bool send) {
    G *g = getg();
    Sudog *s = acquire_sudog();
    s->g = g;
    s->elem = elem;
    s->c = c;
    s->is_select = false;
    s->success = false;
    s->next = s->prev = NULL;
    g->param = NULL;
    if (send) enqueue(&c->send_head, &c->send_tail, s);
    else enqueue(&c->recv_head, &c->recv_tail, s);
    g->waiting = s;
    park_unlock(&c->lock, send ? "chan send" : "chan receive");
    getg()->waiting = NULL;
    return s;
}

GO void rt_chansend1(Hchan *c, void *elem) GOSYM("runtime.chansend1");
GO void rt_chansend1(Hchan *c, void *elem) {
    if (!c) park(never, NULL, "chan send (nil chan)");
    lock(&c->lock);
    if (try_send(c, elem)) return;
    Sudog *s = wait_on(c, elem, true);
    bool ok = s->success;
    release_sudog(s);
    if (!ok) panic_str("send on closed channel");
}
GO uint8_t rt_chanrecv2(Hchan *c, void *elem) GOSYM("runtime.chanrecv2");
GO uint8_t rt_chanrecv2(Hchan *c, void *elem) {
    bool ok;
    if (!c) park(never, NULL, "chan receive (nil chan)");
    lock(&c->lock);
    if (try_recv(c, elem, &ok)) return ok;
    Sudog *s = wait_on(c, elem, false);
    ok = s->success;
    release_sudog(s);
    return ok;
}
GO void rt_chanrecv1(Hchan *c, void *elem) GOSYM("runtime.chanrecv1");
GO void rt_chanrecv1(Hchan *c, void *elem) { rt_chanrecv2(c, elem); }

GO void rt_closechan(Hchan *c) GOSYM("runtime.closechan");
GO void rt_closechan(Hchan *c) {
    if (!c) panic_str("close of nil channel");
    lock(&c->lock);
    if (c->closed) {
        unlock(&c->lock);
        panic_str("close of closed channel");
    }
    c->closed = true;
    Sudog *list = NULL, *s;
    while ((s = dequeue(&c->recv_head, &c->recv_tail))) {
        if (s->elem && c->elem_size) memset(s->elem, 0, c->elem_size);
        s->next = list;
        list = s;
    }
    while ((s = dequeue(&c->send_head, &c->send_tail))) {
        s->next = list;
        list = s;
    }
    unlock(&c->lock);
    while ((s = list)) {
        list = s->next;
        s->next = NULL;
        wake(s, false);
    }
}

GO uint8_t rt_selectnbsend(Hchan *c, void *elem) GOSYM("runtime.selectnbsend");
GO uint8_t rt_selectnbsend(Hchan *c, void *elem) {
    if (!c) return 0;
    lock(&c->lock);
    if (try_send(c, elem)) return 1;
    unlock(&c->lock);
    return 0;
}
GO RetBB rt_selectnbrecv(void *elem, Hchan *c) GOSYM("runtime.selectnbrecv");
GO RetBB rt_selectnbrecv(void *elem, Hchan *c) {
    bool ok = false;
    if (!c) return (RetBB){0, 0};
    lock(&c->lock);
    if (try_recv(c, elem, &ok)) return (RetBB){1, ok};
    unlock(&c->lock);
    return (RetBB){0, 0};
}

// select ----------------------------------------------------------------------------------------------------------------------------

static void unlock_all(AbiScase *cases, const uint16_t *order, intptr_t n) {
    for (intptr_t i = n; i-- > 0;) {
        Hchan *c = cases[order[i]].chan;
        if (i > 0 && c == cases[order[i - 1]].chan) continue;
        unlock(&c->lock);
    }
}
typedef struct Locked { AbiScase *cases; uint16_t *order; intptr_t n; } Locked;
static bool unlock_parked(G *g, void *arg) {
    Locked *l = arg;
    (void)g;
    unlock_all(l->cases, l->order, l->n);
    return true;
}

GO RetIB rt_selectgo(AbiScase *cases, intptr_t nsends, intptr_t nrecvs, uint8_t block) GOSYM("runtime.selectgo");
GO RetIB rt_selectgo(AbiScase *cases, intptr_t nsends, intptr_t nrecvs, uint8_t block) {
    intptr_t total = nsends + nrecvs, n = 0;
    uint16_t poll[total + 1], order[total + 1];
    for (intptr_t i = 0; i < total; i++) { // nil channels never happen; the rest in random order
        if (!cases[i].chan) continue;
        uint32_t j = fastrandn((uint32_t)n + 1);
        poll[n] = poll[j];
        poll[j] = (uint16_t)i;
        n++;
    }
    if (!n) {
        if (!block) return (RetIB){-1, 0};
        park(never, NULL, "select (no cases)");
    }
    for (intptr_t i = 0; i < n; i++) { // lock order: by address
        intptr_t k = i;
        for (; k > 0 && (uintptr_t)cases[order[k - 1]].chan > (uintptr_t)cases[poll[i]].chan; k--) order[k] = order[k - 1];
        order[k] = poll[i];
    }
    for (intptr_t i = 0; i < n; i++)
        if (!i || cases[order[i]].chan != cases[order[i - 1]].chan) lock(&((Hchan *)cases[order[i]].chan)->lock);
    for (intptr_t i = 0; i < n; i++) { // is one ready?
        uint16_t k = poll[i];
        Hchan *c = cases[k].chan;
        bool send = k < nsends, can = send ? c->closed || c->recv_head || c->count < c->size : c->closed || c->send_head || c->count;
        if (!can) continue;
        // A waiting select may turn out to be taken: then this case is not ready after all.
        bool ok = false, done;
        for (intptr_t u = n; u-- > 0;) // keep this channel's lock only
            if (cases[order[u]].chan != c && (u == 0 || cases[order[u]].chan != cases[order[u - 1]].chan)) unlock(&((Hchan *)cases[order[u]].chan)->lock);
        done = send ? try_send(c, cases[k].elem) : try_recv(c, cases[k].elem, &ok);
        if (done) return (RetIB){k, ok};
        unlock(&c->lock);
        return rt_selectgo(cases, nsends, nrecvs, block);
    }
    if (!block) {
        unlock_all(cases, order, n);
        return (RetIB){-1, 0};
    }
    G *g = getg();
    Sudog *list = NULL, **tail = &list;
    for (intptr_t i = 0; i < n; i++) {
        Hchan *c = cases[order[i]].chan;
        Sudog *s = acquire_sudog();
        s->g = g;
        s->is_select = true;
        s->success = false;
        s->elem = cases[order[i]].elem;
        s->c = c;
        s->waitlink = NULL;
        *tail = s;
        tail = &s->waitlink;
        if (order[i] < nsends) enqueue(&c->send_head, &c->send_tail, s);
        else enqueue(&c->recv_head, &c->recv_tail, s);
    }
    g->waiting = list;
    g->param = NULL;
    atomic_store(&g->select_done, 0);
    Locked locked = {cases, order, n};
    park(unlock_parked, &locked, "select");
    g = getg();
    Sudog *woke = g->param;
    g->param = NULL;
    g->waiting = NULL;
    for (intptr_t i = 0; i < n; i++)
        if (!i || cases[order[i]].chan != cases[order[i - 1]].chan) lock(&((Hchan *)cases[order[i]].chan)->lock);
    intptr_t index = -1, i = 0;
    bool success = false;
    for (Sudog *s = list, *next; s; s = next, i++) {
        next = s->waitlink;
        Hchan *c = s->c;
        if (s == woke) {
            index = order[i];
            success = s->success;
        } else if (order[i] < nsends) unlink_sudog(&c->send_head, &c->send_tail, s);
        else unlink_sudog(&c->recv_head, &c->recv_tail, s);
        s->is_select = false;
    }
    unlock_all(cases, order, n);
    for (Sudog *s = list, *next; s; s = next) {
        next = s->waitlink;
        s->waitlink = NULL;
        release_sudog(s);
    }
    if (index < nsends && !success) panic_str("send on closed channel");
    return (RetIB){index, success};
}
