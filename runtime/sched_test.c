// The scheduler: run queues under stealing, goroutines that yield, block in system calls, own their
// thread, come and go while processors do.
#include "runtime/rt_test.h"
#include "runtime/sched.c"

#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/sched.h"

// queues ------------------------------------------------------------------------------------------

enum { QUEUED = 20000, THIEVES = 3 };
static G fake[QUEUED];
static P owner, thieves[THIEVES];
static _Atomic int64_t taken, gone;

static void take(G *g) {
    CHECK(g->life.goid++ == 0); // nobody else has got it
    taken++;
}

static void *thief(void *arg) {
    P *p = arg;
    while (taken < QUEUED) {
        G *g = runq_steal(p, &owner, true);
        if (!g) continue;
        take(g);
        while ((g = runq_get(p))) take(g);
    }
    gone++;
    return NULL;
}

// The owner puts and gets at one end while thieves take halves at the other; what overflows goes to
// the global queue.
static void steal_queue(void) {
    pthread_t t[THIEVES];
    for (int i = 0; i < THIEVES; i++) pthread_create(&t[i], NULL, thief, &thieves[i]);
    for (int i = 0; i < QUEUED;) {
        for (int k = 0; k < 100 && i < QUEUED; k++) runq_put(&owner, &fake[i++], k % 3 == 0);
        G *g;
        for (int k = 0; k < 30 && (g = runq_get(&owner)); k++) take(g);
    }
    for (G *g; (g = runq_get(&owner));) take(g);
    lock(&sched_lock);
    for (G *g; (g = queue_pop(&sched.global));) take(g);
    sched.nglobal = 0;
    unlock(&sched_lock);
    for (int i = 0; i < THIEVES; i++) pthread_join(t[i], NULL);
    CHECK(taken == QUEUED && runq_empty(&owner));
}

static void overflow_goes_global(void) {
    static P p;
    memset(fake, 0, sizeof fake);
    for (int i = 0; i < RUNQ + 1; i++) runq_put(&p, &fake[i], false);
    CHECK(sched.global.n == RUNQ / 2 + 1);
    lock(&sched_lock);
    // The older half.
    for (uint32_t i = 0; i < RUNQ / 2; i++) CHECK(queue_pop(&sched.global) == &fake[i]);
    CHECK(queue_pop(&sched.global) == &fake[RUNQ] && !sched.global.n);
    sched.nglobal = 0;
    unlock(&sched_lock);
    runq_put(&p, &fake[RUNQ + 1], true);
    CHECK(runq_get(&p) == &fake[RUNQ + 1]);
    for (int i = RUNQ / 2; i < RUNQ; i++) CHECK(runq_get(&p) == &fake[i]);
    CHECK(!runq_get(&p) && runq_empty(&p));
}

// goroutines --------------------------------------------------------------------------------------

static _Atomic int64_t count, ended;

static void yielder(void *arg) {
    for (int i = 0; i < 200; i++) {
        count++;
        if (i % 3 == 0)
            goyield();
        else
            gosched();
    }
    ended++;
}

static void yield_all(int64_t n) {
    count = ended = 0;
    for (int64_t i = 0; i < n; i++) go(yielder, NULL);
    wait_for(&ended, n);
    CHECK(count == n * 200);
}

typedef struct Turn {
    G *parked;
    Mutex lock;
} Turn;
static Turn turns[2];

static bool publish(G *g, void *arg) {
    Turn *t = arg;
    t->parked = g;
    unlock(&t->lock);
    return true;
}
static void wait_turn(Turn *t) {
    lock(&t->lock);
    if (t->parked) { // a token: it is our turn already
        t->parked = NULL;
        unlock(&t->lock);
        return;
    }
    park(publish, t, WAIT_SEMACQUIRE);
}
static void give_turn(Turn *t) {
    static G token;
    lock(&t->lock);
    G *g = t->parked;
    t->parked = g ? NULL : &token;
    unlock(&t->lock);
    if (g) ready(g);
}
static void player(void *arg) {
    intptr_t me = (intptr_t)arg;
    for (int i = 0; i < 5000; i++) {
        wait_turn(&turns[me]);
        CHECK(count % 2 == me);
        count++;
        give_turn(&turns[1 - me]);
    }
    ended++;
}
static void ping_pong(void) {
    count = ended = 0;
    turns[0].parked = turns[1].parked = NULL; // the game before left a token
    go(player, (void *)0);
    go(player, (void *)1);
    give_turn(&turns[0]);
    wait_for(&ended, 2);
    CHECK(count == 10000);
}

static void in_syscall(void *arg) {
    for (int i = 0; i < 20; i++) {
        if (arg)
            entersyscallblock();
        else
            entersyscall();
        struct timespec ts = {0, 100000};
        nanosleep(&ts, NULL);
        exitsyscall();
        count++;
        CHECK(getm()->p && getm()->p->m == getm() && getm()->curg == getg());
    }
    ended++;
}
static void syscalls(void) {
    count = ended = 0;
    for (intptr_t i = 0; i < 16; i++) go(in_syscall, (void *)(i & 1));
    wait_for(&ended, 16);
    CHECK(count == 16 * 20);
}

static void owns_thread(void *arg) {
    dolockOSThread();
    pid_t tid = gettid();
    for (int i = 0; i < 50; i++) {
        gosched();
        CHECK(gettid() == tid);
    }
    dounlockOSThread();
    ended++;
}
static void locked_threads(void) {
    ended = 0;
    for (int i = 0; i < 4; i++) {
        go(owns_thread, NULL);
        go(yielder, NULL);
    }
    wait_for(&ended, 8);
}

static _Atomic bool quiet;
static int64_t plain; // no atomic: a stopped world is exclusive
static Mutex plain_lock;
static void busy(void *arg) {
    while (!quiet) {
        lock(&plain_lock);
        plain++;
        unlock(&plain_lock);
        if ((intptr_t)arg % 2) {
            entersyscall();
            sched_yield();
            exitsyscall();
            for (int i = 0; i < 100; i++) { // back before anybody sees it
                entersyscall();
                exitsyscall();
                CHECK(getm()->p && getm()->p->m == getm() && getm()->p->status == P_RUNNING);
                if (quiet) break;
            }
        } else {
            gosched();
        }
    }
    ended++;
}
static void stop_the_world(void) {
    ended = 0;
    quiet = false;
    for (intptr_t i = 0; i < 10; i++) go(busy, (void *)i);
    for (int i = 0; i < 50; i++) {
        world_stop((AbiString){"test", 4});
        int64_t before = plain;
        struct timespec ts = {0, 100000};
        nanosleep(&ts, NULL);
        CHECK(plain == before);
        world_start();
        gosched();
    }
    quiet = true;
    wait_for(&ended, 10);
}

static void pins(void *arg) {
    extern GO intptr_t pin(void) GOSYM("sync.runtime_procPin");
    extern GO void unpin(void) GOSYM("sync.runtime_procUnpin");
    (void)arg;
    while (!quiet) {
        CHECK(pin() < gomaxprocs);
        for (int i = 0; i < 100; i++) CHECK(getm()->p->id < gomaxprocs);
        unpin();
        gosched();
    }
    ended++;
}

static void fewer_and_more_procs(void) {
    static const int procs[] = {4, 1, 8, 2, 3, 1, 4};
    ended = 0;
    quiet = false;
    for (int i = 0; i < 10; i++) go(pins, NULL);
    for (int i = 0; i < 100; i++) {
        sched_set_procs(procs[i % 7]);
        CHECK(gomaxprocs == procs[i % 7]);
        gosched();
    }
    quiet = true;
    wait_for(&ended, 10);
    for (size_t i = 0; i < sizeof procs / sizeof *procs; i++) {
        sched_set_procs(procs[i]);
        yield_all(30);
        ping_pong();
    }
}

static void test_main(void) {
    sched_set_procs(1); // nobody else looks into the global queue
    overflow_goes_global();
    steal_queue();
    sched_set_procs(4);
    yield_all(10);
    yield_all(1000);
    ping_pong();
    syscalls();
    bool biased = syscalls_biased;
    syscalls_biased = false; // as where the kernel has no membarrier
    syscalls();
    stop_the_world();
    syscalls_biased = biased;
    locked_threads();
    stop_the_world();
    fewer_and_more_procs();
    for (int64_t start = nanotime(); goroutine_count() > 1; gosched())
        CHECK(nanotime() - start < 10000000000);
}
