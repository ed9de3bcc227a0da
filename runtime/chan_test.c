// Channels and select: every element arrives once and in order, whoever is faster.
#include "runtime/rt_test.h"

static AbiType int_type = {.size = 8, .kind = ABI_INT};
static AbiChanType chan_type = {.elem = &int_type};

enum { PRODUCERS = 8, CONSUMERS = 4, EACH = 2000 };
static Hchan *work, *other;
static _Atomic int64_t done, sum, received;

static void send(Hchan *c, int64_t v) { rt_chansend1(c, &v); }

static void produce(void *first) {
    for (int64_t i = 0; i < EACH; i++) send(work, (intptr_t)first + i);
    done++;
}
static void consume(void *arg) {
    int64_t v, last[PRODUCERS];
    for (int i = 0; i < PRODUCERS; i++) last[i] = -1;
    while (rt_chanrecv2(work, &v) & 1) {
        int from = (int)(v / EACH);
        CHECK(v > last[from]); // one producer's elements come in order
        last[from] = v;
        sum += v;
        received++;
    }
    done++;
}

static void many_to_many(intptr_t size) {
    work = rt_makechan(&chan_type, size);
    done = sum = received = 0;
    for (intptr_t i = 0; i < CONSUMERS; i++) go(consume, NULL);
    for (intptr_t i = 0; i < PRODUCERS; i++) go(produce, (void *)(i * EACH));
    wait_for(&received, PRODUCERS * EACH);
    wait_for(&done, PRODUCERS);
    rt_closechan(work);
    wait_for(&done, PRODUCERS + CONSUMERS);
    int64_t n = PRODUCERS * EACH;
    CHECK(sum == n * (n - 1) / 2);
}

static void buffer_is_a_queue(void) {
    Hchan *c = rt_makechan(&chan_type, 3);
    int64_t v;
    for (int64_t i = 0; i < 3; i++) CHECK(rt_selectnbsend(c, &i) & 1);
    v = 9;
    CHECK(!(rt_selectnbsend(c, &v) & 1) && rt_chanlen(c) == 3);
    for (int64_t i = 0; i < 10; i++) { // around the ring
        RetBB r = rt_selectnbrecv(&v, c);
        CHECK((r.a & 1) && (r.b & 1) && v == i);
        v = i + 3;
        CHECK(rt_selectnbsend(c, &v) & 1);
    }
    rt_closechan(c);
    for (int64_t i = 10; i < 13; i++) CHECK((rt_chanrecv2(c, &v) & 1) && v == i);
    v = 7;
    CHECK(!(rt_chanrecv2(c, &v) & 1) && v == 0);
}

// Sends to one channel and receives from the other, as it comes.
static void select_both(void *arg) {
    int64_t sent = 0, got = 0, v, in;
    while (sent < EACH || got < EACH) {
        v = sent;
        AbiScase cases[2] = {{sent < EACH ? work : NULL, &v}, {got < EACH ? other : NULL, &in}};
        RetIB r = rt_selectgo(cases, 1, 1, 1);
        if (r.i == 0) {
            sent++;
        } else {
            CHECK(r.i == 1 && (r.b & 1) && in == got);
            got++;
        }
    }
    done++;
}
static void echo(void *arg) {
    int64_t v;
    for (int64_t i = 0; i < EACH; i++) {
        CHECK((rt_chanrecv2(work, &v) & 1) && v == i);
        send(other, v);
    }
    done++;
}
static void select_loses_nothing(intptr_t size) {
    work = rt_makechan(&chan_type, size);
    other = rt_makechan(&chan_type, size);
    done = 0;
    go(select_both, NULL);
    go(echo, NULL);
    wait_for(&done, 2);
}

// Several selects wait on the same channels; each element goes to one of them.
static void select_consume(void *arg) {
    int64_t v;
    for (;;) {
        AbiScase cases[2] = {{work, &v}, {other, &v}};
        RetIB r = rt_selectgo(cases, 0, 2, 1);
        if (r.i == 1) break; // other is closed
        sum += v;
        received++;
    }
    done++;
}
static void selects_compete(void) {
    work = rt_makechan(&chan_type, 0);
    other = rt_makechan(&chan_type, 0);
    done = sum = received = 0;
    for (int i = 0; i < CONSUMERS; i++) go(select_consume, NULL);
    for (intptr_t i = 0; i < PRODUCERS; i++) go(produce, (void *)(i * EACH));
    wait_for(&received, PRODUCERS * EACH);
    rt_closechan(other);
    wait_for(&done, PRODUCERS + CONSUMERS);
    int64_t n = PRODUCERS * EACH;
    CHECK(sum == n * (n - 1) / 2);
}

static void select_is_fair(void) {
    Hchan *a = rt_makechan(&chan_type, 1000), *b = rt_makechan(&chan_type, 1000);
    int64_t v = 0;
    for (int i = 0; i < 1000; i++) {
        send(a, 1);
        send(b, 2);
    }
    int from[2] = {0, 0};
    for (int i = 0; i < 1000; i++) {
        AbiScase cases[2] = {{a, &v}, {b, &v}};
        from[rt_selectgo(cases, 0, 2, 0).i]++;
    }
    CHECK(from[0] > 350 && from[1] > 350);
}

static void test_main(void) {
    buffer_is_a_queue();
    select_is_fair();
    many_to_many(0);
    many_to_many(1);
    many_to_many(100);
    select_loses_nothing(0);
    select_loses_nothing(10);
    selects_compete();
}
