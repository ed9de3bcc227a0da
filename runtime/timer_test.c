// Timers: the heap keeps its order under any adding and removing, sleepers wake in time, stopped
// timers stay silent.
#include "runtime/rt_test.h"
#include "runtime/timer.c"

#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/rand.h"
#include "runtime/timer.h"

enum { N = 2000, SLEEPERS = 200 };

static void heap_holds(void) {
    for (uint32_t i = 0; i < real_timers.n; i++) {
        CHECK(real_timers.heap[i].t->index == (int32_t)i + 1 &&
              real_timers.heap[i].when == real_timers.heap[i].t->when);
        CHECK(i == 0 || real_timers.heap[(i - 1) / 4].when <= real_timers.heap[i].when);
    }
    CHECK(real_timers.next == (real_timers.n ? real_timers.heap[0].when : 0));
}

static void nothing(void *arg, uintptr_t seq) { (void)arg, (void)seq; }

static void heap_order(void) {
    static Timer timers[N];
    int64_t far = nanotime() + ((int64_t)1 << 50);
    for (int i = 0; i < N; i++) {
        timers[i].c_fn = nothing;
        timer_set(&timers[i], far + fastrandn(1000), 0);
    }
    heap_holds();
    for (int i = 0; i < 3 * N; i++) {
        Timer *t = &timers[fastrandn(N)];
        bool active = t->index;
        if (fastrandn(2))
            CHECK(timer_stop(t) == active && !t->index);
        else
            timer_set(t, far + fastrandn(1000), 0);
        if (i % 64 == 0) heap_holds();
    }
    int64_t last = 0;
    while (real_timers.n) {
        CHECK(real_timers.heap[0].when >= last);
        last = real_timers.heap[0].when;
        timer_stop(real_timers.heap[0].t);
    }
    heap_holds();
    CHECK(timers_next() == 0);
}

static _Atomic int64_t awake;
static void sleeper(void *arg) {
    for (int i = 0; i < 5; i++) {
        int64_t ns = (intptr_t)arg * 10000, start = nanotime();
        sleep_ns(ns);
        CHECK(nanotime() - start >= ns);
    }
    awake++;
}
static void sleepers(void) {
    for (intptr_t i = 0; i < SLEEPERS; i++) go(sleeper, (void *)(i % 50));
    wait_for(&awake, SLEEPERS);
}

static _Atomic int64_t fired;
static void count(void *arg, uintptr_t seq) {
    (void)arg, (void)seq;
    fired++;
}
static void stopped_and_periodic(void) {
    static Timer t[3];
    for (int i = 0; i < 3; i++) t[i].c_fn = count;
    int64_t now = nanotime();
    timer_set(&t[0], now + 1000000000, 0);
    CHECK(timer_stop(&t[0]) && !timer_stop(&t[0]));
    timer_set(&t[1], now + 500000, 0);
    wait_for(&fired, 1);
    CHECK(!timer_stop(&t[1]));
    timer_set(&t[2], now, 1000000);
    while (fired < 5) sleep_ns(100000);
    CHECK(nanotime() - now >= 3000000 && timer_stop(&t[2]));
    sleep_ns(3000000);
    int64_t n = fired;
    sleep_ns(3000000);
    CHECK(fired == n);
}

static void test_main(void) {
    extern GO int32_t set_procs(int32_t n) GOSYM("runtime.setProcs");
    heap_order();
    sleepers();
    stopped_and_periodic();
    set_procs(4);
    awake = 0;
    sleepers();
}
