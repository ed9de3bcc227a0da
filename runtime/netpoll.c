// netpoll: file descriptors that goroutines wait on, by epoll, edge-triggered. Each has two
// semaphores, for reading and writing: nil, READY (an event came that nobody has consumed), WAIT (a
// goroutine is about to park) or the parked G. Deadlines are timers that wake as errors.
#include "runtime/heap.h"
#include "runtime/netpoll.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/sched.h"
#include "runtime/timer.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { READY = 1, WAIT = 2 };
enum { NO_ERROR = 0, ERR_CLOSING = 1, ERR_TIMEOUT = 2, ERR_NOT_POLLABLE = 3 };

typedef struct PollDesc {
    Mutex lock;
    int32_t fd;
    struct PollDesc *link;
    _Atomic uintptr_t rg, wg;
    bool closing;
    _Atomic bool event_err;
    _Atomic uint32_t generation; // of the descriptor's use: events of an earlier one are stale
    int64_t rd, wd;              // deadlines; < 0: passed
    uintptr_t rseq, wseq;
    Timer *rt, *wt;
} PollDesc;

static int epfd = -1, evfd = -1;
static Mutex init_lock;
static _Atomic bool inited;
static _Atomic int32_t waiters;
static _Atomic uint32_t break_pending;
static PollDesc *free_descs;
static Mutex free_lock;

static void netpoll_init(void) {
    if (inited) return;
    lock(&init_lock);
    if (!inited) {
        epfd = epoll_create1(EPOLL_CLOEXEC);
        evfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (epfd < 0 || evfd < 0) rt_throw("netpoll: failed to create an epoll descriptor");
        struct epoll_event ev = {.events = EPOLLIN, .data.ptr = &evfd};
        epoll_ctl(epfd, EPOLL_CTL_ADD, evfd, &ev);
        inited = true;
    }
    unlock(&init_lock);
}
bool netpoll_inited(void) {
    if (!inited && timers_next()) netpoll_init();
    return inited;
}
bool netpoll_has_waiters(void) { return waiters > 0; }
void netpoll_break(void) {
    uint32_t no = 0;
    if (!atomic_compare_exchange_strong(&break_pending, &no, 1)) return;
    uint64_t one = 1;
    while (write(evfd, &one, 8) < 0 && errno == EINTR) {}
}

static G *unblock(PollDesc *pd, bool write, bool io_ready) {
    _Atomic uintptr_t *gpp = write ? &pd->wg : &pd->rg;
    for (;;) {
        uintptr_t old = *gpp;
        if (old == READY || (old == 0 && !io_ready)) return NULL;
        if (!atomic_compare_exchange_strong(gpp, &old, io_ready ? READY : 0)) continue;
        if (old == WAIT || old == 0) return NULL;
        waiters--;
        return (G *)old;
    }
}

// Called by schedulers and sysmon, without a P perhaps: what became ready comes back as a list.
G *netpoll(int64_t delay) {
    int ms = delay < 0                  ? -1
             : delay == 0               ? 0
             : delay < 1000000          ? 1
             : delay < 1000000000000000 ? (int)(delay / 1000000)
                                        : 1000000000;
    struct epoll_event ev[128];
    int n;
    M *m = getm();
    if (delay && m) m->idle = true;
    for (;;) {
        if (delay > 0 && delay < 2000000) { // finer than a millisecond
            struct timespec ts = {0, delay};
            n = epoll_pwait2(epfd, ev, 128, &ts, NULL);
            if (n < 0 && errno == ENOSYS) n = epoll_wait(epfd, ev, 128, ms);
        } else {
            n = epoll_wait(epfd, ev, 128, ms);
        }
        if (n >= 0 || errno != EINTR || ms > 0) break;
    }
    if (delay && m) m->idle = false;
    if (n < 0) return NULL;
    G *list = NULL;
    for (int i = 0; i < n; i++) {
        if (ev[i].data.ptr == &evfd) {
            if (delay != 0) {
                uint64_t v;
                if (read(evfd, &v, 8) < 0) {}
                break_pending = 0;
            }
            continue;
        }
        uint64_t tagged = ev[i].data.u64;
        PollDesc *pd = (PollDesc *)(tagged & (((uint64_t)1 << 48) - 1));
        if ((uint32_t)(tagged >> 48) != (pd->generation & 0xFFFF)) continue;
        uint32_t e = ev[i].events;
        pd->event_err = e == EPOLLERR;
        G *g;
        if ((e & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) && (g = unblock(pd, false, true))) {
            g->link = list;
            list = g;
        }
        if ((e & (EPOLLOUT | EPOLLHUP | EPOLLERR)) && (g = unblock(pd, true, true))) {
            g->link = list;
            list = g;
        }
    }
    return list;
}

static int check_err(PollDesc *pd, int32_t mode) {
    if (pd->closing) return ERR_CLOSING;
    if ((mode == 'r' && pd->rd < 0) || (mode == 'w' && pd->wd < 0)) return ERR_TIMEOUT;
    if (mode == 'r' && pd->event_err) return ERR_NOT_POLLABLE;
    return NO_ERROR;
}

static bool block_commit(G *g, void *gpp) {
    uintptr_t w = WAIT;
    bool ok = atomic_compare_exchange_strong((_Atomic uintptr_t *)gpp, &w, (uintptr_t)g);
    if (ok) waiters++;
    return ok;
}

static bool poll_block(PollDesc *pd, bool write, bool wait_io) {
    _Atomic uintptr_t *gpp = write ? &pd->wg : &pd->rg;
    for (;;) {
        uintptr_t r = READY, none = 0;
        if (atomic_compare_exchange_strong(gpp, &r, 0)) return true;
        if (atomic_compare_exchange_strong(gpp, &none, WAIT)) break;
        if (*gpp != READY && *gpp != 0) rt_throw("runtime: double wait");
    }
    if (wait_io || check_err(pd, write ? 'w' : 'r') == NO_ERROR) park(block_commit, gpp, WAIT_IO);
    uintptr_t old = atomic_exchange(gpp, 0);
    if (old > WAIT) rt_throw("runtime: corrupted polldesc");
    return old == READY;
}

// internal/poll -----------------------------------------------------------------------------------

GO_FUNC(void, poll_server_init, (void), "internal/poll.runtime_pollServerInit") { netpoll_init(); }
GO_FUNC(uint8_t, poll_is_descriptor, (uintptr_t fd),
        "internal/poll.runtime_isPollServerDescriptor") {
    return inited && ((int)fd == epfd || (int)fd == evfd);
}

typedef struct RetPI {
    void *p;
    intptr_t i;
} RetPI;
// Descriptors are used again: sequence numbers tell a late event or timer from one that is meant.
GO_FUNC(RetPI, poll_open, (uintptr_t fd), "internal/poll.runtime_pollOpen") {
    lock(&free_lock);
    PollDesc *pd = free_descs;
    if (pd) free_descs = pd->link;
    unlock(&free_lock);
    if (!pd) pd = persistent_alloc(sizeof *pd);
    lock(&pd->lock);
    pd->fd = (int32_t)fd;
    pd->closing = false;
    pd->event_err = false;
    pd->generation++;
    pd->rg = pd->wg = 0;
    pd->rd = pd->wd = 0;
    pd->rseq++;
    pd->wseq++;
    unlock(&pd->lock);
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
    ev.data.u64 = (uintptr_t)pd | (uint64_t)(pd->generation & 0xFFFF) << 48;
    if (epoll_ctl(epfd, EPOLL_CTL_ADD, (int)fd, &ev)) {
        int e = errno;
        lock(&free_lock);
        pd->link = free_descs;
        free_descs = pd;
        unlock(&free_lock);
        return (RetPI){NULL, e};
    }
    return (RetPI){pd, 0};
}
GO_FUNC(void, poll_close, (PollDesc * pd), "internal/poll.runtime_pollClose") {
    if (!pd->closing) rt_throw("runtime: close polldesc w/o unblock");
    struct epoll_event ev = {0};
    epoll_ctl(epfd, EPOLL_CTL_DEL, pd->fd, &ev);
    pd->generation++;
    lock(&free_lock);
    pd->link = free_descs;
    free_descs = pd;
    unlock(&free_lock);
}
GO_FUNC(intptr_t, poll_reset, (PollDesc * pd, intptr_t mode), "internal/poll.runtime_pollReset") {
    int e = check_err(pd, (int32_t)mode);
    if (e) return e;
    if (mode == 'r')
        pd->rg = 0;
    else if (mode == 'w')
        pd->wg = 0;
    return NO_ERROR;
}
GO_FUNC(intptr_t, poll_wait, (PollDesc * pd, intptr_t mode), "internal/poll.runtime_pollWait") {
    int e = check_err(pd, (int32_t)mode);
    if (e) return e;
    while (!poll_block(pd, mode == 'w', false)) {
        e = check_err(pd, (int32_t)mode);
        if (e) return e;
    }
    return NO_ERROR;
}
GO_FUNC(void, poll_wait_canceled, (PollDesc * pd, intptr_t mode),
        "internal/poll.runtime_pollWaitCanceled") {
    while (!poll_block(pd, mode == 'w', true)) {}
}

// A deadline wakes who waits with an error; one that was changed meanwhile has another sequence
// number.
static void deadline_passed(PollDesc *pd, uintptr_t seq, bool read, bool write) {
    lock(&pd->lock);
    if (seq != (read ? pd->rseq : pd->wseq)) {
        unlock(&pd->lock);
        return;
    }
    G *rg = NULL, *wg = NULL;
    if (read) {
        pd->rd = -1;
        rg = unblock(pd, false, false);
    }
    if (write) {
        pd->wd = -1;
        wg = unblock(pd, true, false);
    }
    unlock(&pd->lock);
    if (rg) ready(rg);
    if (wg) ready(wg);
}
static void read_deadline(void *pd, uintptr_t seq) { deadline_passed(pd, seq, true, false); }
static void write_deadline(void *pd, uintptr_t seq) { deadline_passed(pd, seq, false, true); }

// d: how long from now, 0: no deadline, < 0: it has passed.
GO_FUNC(void, poll_set_deadline, (PollDesc * pd, int64_t d, intptr_t mode),
        "internal/poll.runtime_pollSetDeadline") {
    bool r = mode == 'r' || mode == 'r' + 'w', w = mode == 'w' || mode == 'r' + 'w';
    G *rg = NULL, *wg = NULL;
    lock(&pd->lock);
    if (pd->closing) {
        unlock(&pd->lock);
        return;
    }
    int64_t when = d;
    if (d > 0) when = time_after(nanotime(), d);
    if (r) {
        pd->rd = when;
        pd->rseq++;
    }
    if (w) {
        pd->wd = when;
        pd->wseq++;
    }
    uintptr_t rseq = pd->rseq, wseq = pd->wseq;
    if (r && when < 0) rg = unblock(pd, false, false);
    if (w && when < 0) wg = unblock(pd, true, false);
    if (r && !pd->rt) pd->rt = timer_new_c(read_deadline, pd);
    if (w && !pd->wt) pd->wt = timer_new_c(write_deadline, pd);
    unlock(&pd->lock);
    if (r) {
        if (when > 0)
            timer_set_c(pd->rt, when, pd, rseq);
        else
            timer_stop(pd->rt);
    }
    if (w) {
        if (when > 0)
            timer_set_c(pd->wt, when, pd, wseq);
        else
            timer_stop(pd->wt);
    }
    if (rg) ready(rg);
    if (wg) ready(wg);
}
GO_FUNC(void, poll_unblock, (PollDesc * pd), "internal/poll.runtime_pollUnblock") {
    lock(&pd->lock);
    if (pd->closing) rt_throw("runtime: unblock on closing polldesc");
    pd->closing = true;
    pd->rseq++;
    pd->wseq++;
    G *rg = unblock(pd, false, false), *wg = unblock(pd, true, false);
    Timer *rt = pd->rt, *wt = pd->wt;
    unlock(&pd->lock);
    if (rt) timer_stop(rt);
    if (wt) timer_stop(wt);
    if (rg) ready(rg);
    if (wg) ready(wg);
}
