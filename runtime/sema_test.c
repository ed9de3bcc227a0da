// Semaphores and condition lists: no wake-up is lost, nobody enters twice, waiters of one address
// are served in order.
#include "runtime/rt_test.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/sched.h"
#include "runtime/timer.h"

extern GO void acquire(_Atomic uint32_t *s) GOSYM("sync.runtime_Semacquire");
extern GO void release(_Atomic uint32_t *s, uint8_t handoff, intptr_t skip)
    GOSYM("sync.runtime_Semrelease");
typedef struct NotifyList {
    _Atomic uint32_t wait;
    uint32_t notify;
    Mutex lock;
    uint32_t pad;
    void *head, *tail;
} NotifyList;
extern GO uint32_t notify_add(NotifyList *l) GOSYM("sync.runtime_notifyListAdd");
extern GO void notify_wait(NotifyList *l, uint32_t t) GOSYM("sync.runtime_notifyListWait");
extern GO void notify_one(NotifyList *l) GOSYM("sync.runtime_notifyListNotifyOne");
extern GO void notify_all(NotifyList *l) GOSYM("sync.runtime_notifyListNotifyAll");

enum { GS = 32, ROUNDS = 500 };
static _Atomic uint32_t sems[3];
static _Atomic int64_t done;
static int64_t inside[3]; // guarded by sems

static void enter(void *arg) {
    intptr_t id = (intptr_t)arg;
    for (int i = 0; i < ROUNDS; i++) {
        int k = (int)((id + i) % 3);
        acquire(&sems[k]);
        inside[k]++;
        release(&sems[k], id & 1, 0);
    }
    done++;
}
static void exclusive(void) {
    for (int k = 0; k < 3; k++) {
        sems[k] = 1;
        inside[k] = 0;
    }
    done = 0;
    for (intptr_t i = 0; i < GS; i++) go(enter, (void *)i);
    wait_for(&done, GS);
    CHECK(inside[0] + inside[1] + inside[2] == GS * ROUNDS);
    CHECK(sems[0] == 1 && sems[1] == 1 && sems[2] == 1);
}

static _Atomic int64_t waiting, served;
static void wait_in_line(void *arg) {
    waiting++;
    acquire(&sems[0]);
    CHECK(served++ == (intptr_t)arg);
    done++;
}
static void first_come_first_served(void) {
    sems[0] = 0;
    done = waiting = served = 0;
    for (intptr_t i = 0; i < GS; i++) {
        go(wait_in_line, (void *)i);
        wait_for(&waiting, i + 1);
        sleep_ns(200000); // until it sleeps
    }
    for (int64_t i = 0; i < GS; i++) {
        release(&sems[0], 0, 0);
        wait_for(&done, i + 1);
    }
}

static NotifyList list;
static void wait_notified(void *arg) {
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t t = notify_add(&list);
        waiting++;
        notify_wait(&list, t);
        done++;
    }
}
static void notified(void) {
    done = waiting = 0;
    for (intptr_t i = 0; i < GS; i++) go(wait_notified, NULL);
    for (int i = 0; done < GS * ROUNDS; i++) {
        int64_t before = done;
        bool any = waiting > before;
        if (i % 7)
            notify_one(&list);
        else
            notify_all(&list);
        for (int64_t start = nanotime(); any && done == before; gosched())
            CHECK(nanotime() - start < 10000000000); // somebody woke up
    }
}

static void test_main(void) {
    extern GO int32_t set_procs(int32_t n) GOSYM("runtime.setProcs");
    exclusive();
    first_come_first_served();
    set_procs(4);
    exclusive();
    notified();
}
