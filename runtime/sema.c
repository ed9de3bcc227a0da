// sema: semaphores by address, which sync.Mutex, RWMutex, WaitGroup and Cond sleep on, and the
// lists of waiters that sync.Cond keeps. A bucket holds one Sudog per address that somebody waits
// on; further waiters of that address hang on it in order (waitlink, last in waittail).
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/profile.h"
#include "runtime/sched.h"
#include "runtime/sema.h"
#include "runtime/sudog.h"

enum { BUCKETS = 1021 };
typedef struct Bucket {
    Mutex lock;
    _Atomic uint32_t nwait;
    Sudog *first;
} Bucket;
static Bucket buckets[BUCKETS];
static Bucket *bucket_of(const void *addr) { return &buckets[((uintptr_t)addr >> 3) % BUCKETS]; }

static bool try_acquire(_Atomic uint32_t *addr) {
    uint32_t v = *addr;
    while (v)
        if (atomic_compare_exchange_weak(addr, &v, v - 1)) return true;
    return false;
}

static Sudog **find(Bucket *b, const void *addr) {
    Sudog **p = &b->first;
    while (*p && (*p)->elem != addr) p = &(*p)->next;
    return p;
}
// At the end of its address's list, or at the front: who was woken once and lost goes first.
static void add_waiter(Bucket *b, void *addr, Sudog *s, bool lifo) {
    s->elem = addr;
    s->waitlink = s->waittail = NULL;
    Sudog **p = find(b, addr), *head = *p;
    if (!head) {
        s->next = NULL;
        *p = s;
        s->waittail = s;
    } else if (lifo) {
        s->next = head->next;
        s->waitlink = head;
        s->waittail = head->waittail;
        *p = s;
    } else {
        head->waittail->waitlink = s;
        head->waittail = s;
    }
}
// The next one takes the first one's place in the bucket.
static Sudog *take_waiter(Bucket *b, void *addr) {
    Sudog **p = find(b, addr), *s = *p;
    if (!s) return NULL;
    if (s->waitlink) {
        Sudog *h = s->waitlink;
        h->waittail = s->waittail;
        h->next = s->next;
        *p = h;
    } else {
        *p = s->next;
    }
    s->waitlink = s->next = NULL;
    s->elem = NULL;
    return s;
}

// The count may come free between the look and the queue, so that it is looked at again with the
// bucket locked.
static void sem_acquire_as(_Atomic uint32_t *addr, bool lifo, WaitReason reason, bool durably) {
    if (try_acquire(addr)) return;
    Sudog *s = acquire_sudog();
    bool contended = unlikely(mutex_profile_fraction > 0) && reason >= WAIT_MUTEX_LOCK &&
                     reason <= WAIT_RWMUTEX_LOCK;
    s->acquiretime = contended ? nanotime() : 0;
    Bucket *b = bucket_of(addr);
    for (;;) {
        lock(&b->lock);
        b->nwait++;
        if (try_acquire(addr)) { // a release that saw no waiter came in between
            b->nwait--;
            unlock(&b->lock);
            break;
        }
        s->g = getg();
        s->g->life.sema = (void *)addr;
        s->ticket = 0;
        add_waiter(b, (void *)addr, s, lifo);
        park_unlock_durably(&b->lock, reason, durably);
        if (s->ticket || try_acquire(addr)) break;
    }
    getg()->life.sema = NULL;
    release_sudog(s);
}

void sem_acquire(_Atomic uint32_t *addr, bool lifo, WaitReason reason) {
    sem_acquire_as(addr, lifo, reason, false);
}

// With handoff the woken one runs at once in the caller's time slice: a starving mutex must not
// wait for a scheduler's turn.
void sem_release(_Atomic uint32_t *addr, bool handoff) {
    Bucket *b = bucket_of(addr);
    (*addr)++;
    if (!b->nwait) return;
    lock(&b->lock);
    Sudog *s = b->nwait ? take_waiter(b, (void *)addr) : NULL;
    if (s) b->nwait--;
    unlock(&b->lock);
    if (!s) return;
    if (unlikely(s->acquiretime)) profile_contended(s->acquiretime, s->g->life.wait_reason);
    if (handoff && try_acquire(addr)) s->ticket = 1;
    bool direct = s->ticket;
    ready(s->g);
    if (direct && getm()->locks == 0) goyield(); // let it run now, on our time
}

GO_FUNC(void, sync_semacquire, (_Atomic uint32_t *s), "sync.runtime_Semacquire") {
    sem_acquire(s, false, WAIT_SEMACQUIRE);
}
GO_FUNC(void, sync_semacquire_wg, (_Atomic uint32_t *s, uint8_t synctest),
        "sync.runtime_SemacquireWaitGroup") {
    sem_acquire_as(s, false, WAIT_WAITGROUP, synctest & 1);
}
GO_FUNC(void, sync_semacquire_rw, (_Atomic uint32_t *s, uint8_t lifo, intptr_t skip),
        "sync.runtime_SemacquireRWMutex") {
    sem_acquire(s, lifo & 1, WAIT_RWMUTEX_LOCK);
}
GO_FUNC(void, sync_semacquire_rwr, (_Atomic uint32_t *s, uint8_t lifo, intptr_t skip),
        "sync.runtime_SemacquireRWMutexR") {
    sem_acquire(s, lifo & 1, WAIT_RWMUTEX_RLOCK);
}
GO_FUNC(void, sync_semacquire_mutex, (_Atomic uint32_t *s, uint8_t lifo, intptr_t skip),
        "internal/sync.runtime_SemacquireMutex") {
    sem_acquire(s, lifo & 1, WAIT_MUTEX_LOCK);
}
GO_FUNC(void, sync_semrelease, (_Atomic uint32_t *s, uint8_t handoff, intptr_t skip),
        "sync.runtime_Semrelease") {
    sem_release(s, handoff & 1);
}
GO_FUNC(void, isync_semrelease, (_Atomic uint32_t *s, uint8_t handoff, intptr_t skip),
        "internal/sync.runtime_Semrelease") {
    sem_release(s, handoff & 1);
}
GO_FUNC(void, poll_semacquire, (_Atomic uint32_t *s), "internal/poll.runtime_Semacquire") {
    sem_acquire(s, false, WAIT_SEMACQUIRE);
}
GO_FUNC(void, poll_semrelease, (_Atomic uint32_t *s), "internal/poll.runtime_Semrelease") {
    sem_release(s, false);
}

// Spinning makes sense while another P runs and nothing waits here.
GO_FUNC(uint8_t, sync_can_spin, (intptr_t i), "internal/sync.runtime_canSpin") {
    P *p = getm()->p;
    return i < 4 && ncpu > 1 && gomaxprocs > 1 && p && p->runq_head == p->runq_tail && !p->runnext;
}
GO_FUNC(void, sync_do_spin, (void), "internal/sync.runtime_doSpin") {
    for (int i = 0; i < 30; i++) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#else
        __asm__ volatile("yield");
#endif
    }
}
GO_FUNC(int64_t, sync_nanotime, (void), "internal/sync.runtime_nanotime") { return nanotime(); }
GO_FUNC(NORETURN void, sync_throw, (const char *p, intptr_t n), "internal/sync.throw") {
    rt_throw_str((AbiString){p, n});
}
GO_FUNC(NORETURN void, sync_fatal, (const char *p, intptr_t n), "internal/sync.fatal") {
    rt_fatal_str((AbiString){p, n});
}
GO_FUNC(NORETURN void, sync_throw2, (const char *p, intptr_t n), "sync.throw") {
    rt_throw_str((AbiString){p, n});
}
GO_FUNC(NORETURN void, sync_fatal2, (const char *p, intptr_t n), "sync.fatal") {
    rt_fatal_str((AbiString){p, n});
}

// sync.Cond: tickets are given in order; notify wakes the waiter with the next ticket.
typedef struct NotifyList {
    _Atomic uint32_t wait;
    uint32_t notify;
    Mutex lock;
    uint32_t pad;
    Sudog *head, *tail;
} NotifyList;
GO_FUNC(uint32_t, sync_notify_add, (NotifyList * l), "sync.runtime_notifyListAdd") {
    return l->wait++;
}
// Notified already if its ticket is below notify: Signal came between Wait's ticket and here.
GO_FUNC(void, sync_notify_wait, (NotifyList * l, uint32_t t), "sync.runtime_notifyListWait") {
    lock(&l->lock);
    if ((int32_t)(t - l->notify) < 0) {
        unlock(&l->lock);
        return;
    }
    Sudog *s = acquire_sudog();
    s->g = getg();
    s->ticket = t;
    s->next = NULL;
    if (l->tail)
        l->tail->next = s;
    else
        l->head = s;
    l->tail = s;
    s->g->life.sema = l;
    park_unlock_durably(&l->lock, WAIT_COND, true);
    getg()->life.sema = NULL;
    release_sudog(s);
}
static void notify(G *g) {
    if (unlikely(g->life.bubble && g->life.bubble != getg()->life.bubble)) {
        print_f("semaphore wake of synctest goroutine %u from outside bubble\n", g->life.goid);
        rt_fatal("semaphore wake of synctest goroutine from outside bubble");
    }
    ready(g);
}
GO_FUNC(void, sync_notify_all, (NotifyList * l), "sync.runtime_notifyListNotifyAll") {
    if (l->wait == *(volatile uint32_t *)&l->notify) return;
    lock(&l->lock);
    Sudog *s = l->head;
    l->head = l->tail = NULL;
    l->notify = l->wait;
    unlock(&l->lock);
    while (s) {
        Sudog *next = s->next;
        s->next = NULL;
        notify(s->g);
        s = next;
    }
}
// By ticket, not by place in the list: goroutines may come here in another order than they took
// theirs.
GO_FUNC(void, sync_notify_one, (NotifyList * l), "sync.runtime_notifyListNotifyOne") {
    if (l->wait == *(volatile uint32_t *)&l->notify) return;
    lock(&l->lock);
    uint32_t t = l->notify;
    if (t == l->wait) {
        unlock(&l->lock);
        return;
    }
    l->notify++;
    Sudog *prev = NULL;
    for (Sudog *s = l->head; s; prev = s, s = s->next) {
        if (s->ticket != t) continue;
        if (prev)
            prev->next = s->next;
        else
            l->head = s->next;
        if (l->tail == s) l->tail = prev;
        unlock(&l->lock);
        s->next = NULL;
        notify(s->g);
        return;
    }
    unlock(&l->lock);
}
GO_FUNC(void, sync_notify_check, (uintptr_t size), "sync.runtime_notifyListCheck") {
    if (size != sizeof(NotifyList)) rt_throw("bad notifyList size");
}
GO_FUNC(intptr_t, sync_proc_pin, (void), "sync.runtime_procPin") {
    M *m = getm();
    m->locks++;
    return m->p->id;
}
GO_FUNC(void, sync_proc_unpin, (void), "sync.runtime_procUnpin") { getm()->locks--; }
GO_FUNC(intptr_t, atomic_proc_pin, (void), "sync/atomic.runtime_procPin") {
    return sync_proc_pin();
}
GO_FUNC(void, atomic_proc_unpin, (void), "sync/atomic.runtime_procUnpin") { getm()->locks--; }

// pulled by modules
GO_WEAK(intptr_t, rt_proc_pin, (void), "runtime.procPin") { return sync_proc_pin(); }
GO_WEAK(void, rt_proc_unpin, (void), "runtime.procUnpin") { sync_proc_unpin(); }
GO_WEAK(uint8_t, rt_can_spin, (intptr_t i), "sync.runtime_canSpin") { return sync_can_spin(i); }
GO_WEAK(void, rt_do_spin, (void), "sync.runtime_doSpin") { sync_do_spin(); }
