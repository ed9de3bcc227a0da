// The execution tracer: traces begin, go on to the next generation and end while goroutines yield,
// block, make system calls, come and go and processors do. What comes out is whole: batches of one
// generation after the other, each with the time, states and strings that it needs. Whether events
// follow from each other GOROOT's parser says (testdata/gocmd/trace.txt).
#include "runtime/rt_test.h"
#include "runtime/trace.c"

static _Atomic bool quiet;
static _Atomic int64_t ended, reading;

static void end(void *arg) {
    (void)arg;
    ended++;
}
static _Atomic uint32_t tickets = 2;
static void busy(void *arg) {
    for (intptr_t i = (intptr_t)arg; !quiet; i++) {
        switch (i % 5) {
        case 0:
            entersyscall();
            usleep(1);
            exitsyscall();
            break;
        case 1: sleep_ns(1000); break;
        case 2:
            sem_acquire(&tickets, false, WAIT_SEMACQUIRE);
            gosched();
            sem_release(&tickets, i % 2);
            break;
        case 3:
            ended--;
            go(end, NULL);
            break;
        default: gosched();
        }
    }
    ended++;
}

// What a generation must have, found in its batches.
typedef struct Seen {
    uint64_t gen;
    int syncs, strings, stacks, events, generations;
} Seen;

static uint64_t get(const uint8_t **p) {
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t b = *(*p)++;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) return v;
    }
}
static void check_batch(Seen *s, AbiSlice batch) {
    const uint8_t *p = batch.ptr, *batch_end = p + batch.len;
    if (*p == EV_END_OF_GENERATION) {
        CHECK(batch.len == 1 && s->syncs == 1 && s->strings && s->events);
        *s = (Seen){.gen = s->gen + 1, .generations = s->generations + 1};
        return;
    }
    CHECK(*p++ == EV_BATCH);
    uint64_t gen = get(&p);
    if (!s->gen) s->gen = gen;
    CHECK(gen == s->gen);
    uint64_t thread = get(&p);
    CHECK(get(&p) > 0); // time
    uint64_t length = get(&p);
    CHECK(p + length == batch_end && length);
    switch (*p) {
    case EV_SYNC: s->syncs++; break;
    case EV_STRINGS: s->strings++; break;
    case EV_STACKS: s->stacks++; break;
    case EV_CPU_SAMPLES: break;
    default:
        CHECK(thread != NO_THREAD);
        for (s->events++; p < batch_end;) {
            uint8_t kind = *p++;
            CHECK(kind < EV_END_OF_GENERATION);
            for (int i = 0; i <= arguments[kind]; i++) get(&p);
        }
        CHECK(p == batch_end);
    }
}
static void reader(void *arg) {
    Seen *s = arg;
    AbiSlice b = rt_read_trace();
    CHECK(b.len == 16 && !memcmp(b.ptr, "go 1.", 5));
    while ((b = rt_read_trace()).ptr) check_batch(s, b);
    reading--;
}

static void test_main(void) {
    sched_set_procs(4);
    for (intptr_t i = 0; i < 20; i++) go(busy, (void *)i);
    for (int round = 0; round < 10; round++) {
        Seen seen = {0};
        CHECK(rt_trace_start() && !rt_trace_start());
        reading++;
        go(reader, &seen);
        for (int k = 0; k < round; k++) {
            sleep_ns(1000000);
            sched_set_procs(k % 4 + 1);
            rt_trace_advance(false);
        }
        rt_trace_advance(true);
        wait_for(&reading, 0);
        CHECK(!trace_on && seen.generations == round + 1);
    }
    quiet = true;
    wait_for(&ended, 20);
}
