// The heap: size classes, free lists of every size, and that a collection keeps what registers,
// stacks of running and parked goroutines and other objects refer to, and takes back the rest.
#include "runtime/rt_test.h"
#include "runtime/heap.h"
#include "runtime/rand.h"
#include "runtime/runs.h"
#include "runtime/sched.h"
#include "runtime/timer.h"
#include <gc.h>

extern GO uint8_t setfinalizer(void *obj, void *closure, uint64_t kind)
    GOSYM("runtime.setfinalizer0");
typedef struct RetPP {
    void *fn, *obj;
} RetPP;
extern GO RetPP next_finalizer(void) GOSYM("runtime.nextFinalizer");
extern GO void *heap_base(const void *p) GOSYM("runtime.heapBase");
extern GO size_t object_rest(const void *p) GOSYM("runtime.objectRest");
extern GO void *new_weak(void *p) GOSYM("weak.runtime_registerWeakPointer");
extern GO void *load_weak(void *cell) GOSYM("weak.runtime_makeStrongFromWeak");

static void size_classes(void) {
    CHECK(round_up_size(1, false) == 8 && round_up_size(9, true) == 16 &&
          round_up_size(33, false) == 48);
    CHECK(round_up_size(600, true) == 640 &&
          round_up_size(640, false) ==
              696); // with pointers, gc keeps a header word beyond 512 bytes
    CHECK(round_up_size(32769, false) == 40960);
    for (size_t n = 1; n < 70000; n++)
        CHECK(round_up_size(n, false) >= n && round_up_size(n, true) >= n);
}

enum { OBJECTS = 300 };

// Objects of all sizes are zeroed, apart from each other, and keep their contents.
static void all_sizes(bool scan) {
    static const size_t sizes[] = {1,   8,   15,   16,   17,   24,   32,    48,
                                   100, 256, 1000, 2048, 2049, 5000, 40000, 200000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        size_t n = sizes[k];
        unsigned char **all = rt_alloc(OBJECTS * sizeof *all, true);
        for (int i = 0; i < OBJECTS; i++) {
            all[i] = rt_alloc(n, scan);
            for (size_t b = 0; b < n; b++) CHECK(all[i][b] == 0);
            memset(all[i], i & 0x7f, n); // no pointers
        }
        gc_collect();
        for (int i = 0; i < OBJECTS; i++)
            for (size_t b = 0; b < n; b++) CHECK(all[i][b] == (i & 0x7f));
    }
}

// Each size has the least class that holds it; what a class wastes of its blocks is little.
static void run_sizes(void) {
    for (size_t n = RUN_LEAST; n <= RUN_MOST; n++) {
        unsigned c = run_class_of[(n + RUN_STEP - 1) / RUN_STEP];
        CHECK(c < N_RUN_CLASSES && n <= run_classes[c].size);
        CHECK(c == 0 || n > run_classes[c - 1].size);
        CHECK(run_classes[c].size <= n * 5 / 4);
    }
    for (unsigned i = 0; i < N_RUN_CLASSES; i++) {
        const RunClass *c = &run_classes[i];
        size_t bytes = c->blocks * (size_t)4096;
        size_t waste = bytes - (size_t)c->objects * c->size;
        CHECK(c->objects == 1 ? waste < 4096 : waste <= bytes / 14);
        for (size_t d = 0; d < bytes; d++) CHECK((d * c->inverse) >> 32 == d / c->size);
    }
}

// An object of each class: who points where into it.
enum { RUNS = N_RUN_CLASSES, EACH = 60 };
typedef struct Objects {
    char *start[RUNS][EACH];
} Objects;
static void one_is(const char *o, size_t size, unsigned i, unsigned k) {
    CHECK(heap_base(o) == o && object_rest(o) == size);
    CHECK(heap_base(o + size - 1) == o && object_rest(o + size - 1) == 1);
    CHECK(heap_base(o + size / 2) == o);
    for (size_t b = 0; b < size; b += 61) CHECK(o[b] == (char)((i + k) & 0x7f));
    CHECK(o[size - 1] == (char)((i + k) & 0x7f));
}
// What is kept by interior pointers, in the heap and just past ends on the stack, stays whole while
// its neighbours come and go.
static void runs_hold(void) {
    Objects *all = rt_alloc(sizeof *all, true);
    for (int turn = 0; turn < 6; turn++) {
        for (unsigned i = 0; i < RUNS; i++)
            for (unsigned k = 0; k < EACH; k++) {
                size_t size = run_classes[i].size;
                if (all->start[i][k]) {
                    one_is(all->start[i][k] - k * 8, size, i, k);
                    if (fastrandn(2)) continue;
                }
                char *o = rt_alloc(size, k % 2 == 0);
                for (size_t b = 0; b < size; b++) CHECK(o[b] == 0);
                memset(o, (int)((i + k) & 0x7f), size);
                all->start[i][k] = o + k * 8;
            }
        gc_collect();
    }
    char *ends[RUNS]; // of objects that nothing else holds
    for (unsigned i = 0; i < RUNS; i++) {
        size_t size = run_classes[i].size;
        char *o = rt_alloc(size, true);
        memset(o, (int)(i & 0x7f), size);
        ends[i] = o + size;
    }
    gc_collect();
    for (unsigned i = 0; i < RUNS; i++) rt_alloc(run_classes[i].size, true);
    for (unsigned i = 0; i < RUNS; i++)
        one_is(ends[i] - run_classes[i].size, run_classes[i].size, i, 0);
}

// What is dropped is used again: the heap does not grow with what has been allocated.
static NOINLINE void churn(void) {
    for (unsigned i = 0; i < RUNS; i++) {
        for (size_t n = 0; n < 2 << 20; n += run_classes[i].size) {
            size_t size = run_classes[i].size - fastrandn(16);
            char *o = rt_alloc(size, fastrandn(2) != 0);
            CHECK(o[0] == 0 && o[size - 1] == 0);
            memset(o, 0x55, size);
        }
    }
}
static void runs_are_freed(void) {
    churn();
    size_t first = GC_get_heap_size();
    for (int i = 0; i < 4; i++) churn();
    CHECK(GC_get_heap_size() <= first + first / 2);
}

typedef struct Node {
    struct Node *next;
    int64_t v;
} Node;
static Node *list_of(int64_t n, int64_t first) {
    Node *l = NULL;
    for (int64_t i = n; i-- > 0;) {
        Node *node = rt_alloc(sizeof *node, true);
        *node = (Node){l, first + i};
        l = node;
    }
    return l;
}
static void list_holds(Node *l, int64_t n, int64_t first) {
    for (int64_t i = 0; i < n; i++, l = l->next) CHECK(l && l->v == first + i);
    CHECK(!l);
}

enum { GS = 40, LENGTH = 500 };
static _Atomic int64_t ready_gs, ended, collections;

// Lists that only this stack refers to, while it runs, yields and sleeps.
static void keeper(void *arg) {
    int64_t first = (intptr_t)arg * 1000000;
    Node *mine = list_of(LENGTH, first);
    ready_gs++;
    while (collections < 20) {
        list_holds(mine, LENGTH, first);
        if (fastrandn(3)) {
            gosched();
        } else {
            sleep_ns(50000);
        }
        mine = list_of(LENGTH, ++first); // the old list is garbage now
    }
    list_holds(mine, LENGTH, first);
    ended++;
}
static void stacks_are_roots(void) {
    for (intptr_t i = 0; i < GS; i++) go(keeper, (void *)i);
    wait_for(&ready_gs, GS);
    for (int i = 0; i < 20; i++) {
        gc_collect();
        collections++;
        gosched();
    }
    wait_for(&ended, GS);
}

static void **weak_cells;
static NOINLINE void make_garbage(int n) {
    static void *marker[1];
    for (int i = 0; i < n; i++) {
        size_t larger = i % 2 ? run_classes[i % RUNS].size - sizeof(Node) : 0;
        Node *node = rt_alloc(sizeof *node + larger, true);
        node->v = 7;
        weak_cells[i] = new_weak(node);
        CHECK(load_weak(weak_cells[i]) == node);
        CHECK(setfinalizer(node, marker, 1) & 1);
    }
}
static void garbage_is_finalized(void) {
    enum { N = 200 };
    weak_cells = rt_root_alloc(N * sizeof *weak_cells);
    make_garbage(N);
    clear_stack();
    gc_collect();
    int finalized = 0, cleared = 0;
    for (RetPP f; (f = next_finalizer()).fn; finalized++) CHECK(((Node *)f.obj)->v == 7);
    for (int i = 0; i < N; i++) cleared += load_weak(weak_cells[i]) == NULL;
    CHECK(finalized > N * 9 / 10); // a conservative collector may keep a few
    CHECK(cleared >= finalized);
}

// Of an object whose pointers are said to lie at its start only those hold something; objects
// of runs, the first of each among them, do not hold themselves.
static NOINLINE void make_heads(void **keep, void **cells, const AbiType *t, int n) {
    for (int i = 0; i < n; i++) {
        void **o = rt_newobject(t);
        size_t pointers = t->ptr_bytes / sizeof *o, words = t->size / sizeof *o;
        o[pointers - 1] = rt_alloc(24, false);
        cells[2 * i] = new_weak(o[pointers - 1]);
        o[words - 1] = rt_alloc(24, false);
        cells[2 * i + 1] = new_weak(o[words - 1]);
        keep[i] = o;
    }
}
static void heads_are_scanned(void) {
    enum { N = 50 };
    static const size_t pointers[] = {8, 16, 24, 32, 40};
    void **keep = rt_root_alloc(N * sizeof *keep), **cells = rt_root_alloc(2 * N * sizeof *cells);
    for (size_t k = 0; k < sizeof pointers / sizeof *pointers; k++) {
        AbiType t = {.size = 64, .ptr_bytes = pointers[k]};
        make_heads(keep, cells, &t, N);
        clear_stack();
        gc_collect();
        int held = 0, beyond = 0;
        for (int i = 0; i < N; i++) {
            held += load_weak(cells[2 * i]) != NULL;
            beyond += load_weak(cells[2 * i + 1]) != NULL;
        }
        CHECK(held == N && (pointers[k] > 32 || beyond < N / 10));
    }
}
static NOINLINE void make_runs(void **cells) {
    for (unsigned i = 0; i < RUNS; i++)
        for (unsigned k = 0; k < EACH; k++)
            cells[i * EACH + k] = new_weak(rt_alloc(run_classes[i].size, k % 2 != 0));
}
static void runs_hold_nothing(void) {
    void **cells = rt_root_alloc(RUNS * EACH * sizeof *cells);
    make_runs(cells);
    clear_stack();
    gc_collect();
    int held = 0;
    for (unsigned i = 0; i < RUNS * EACH; i++) held += load_weak(cells[i]) != NULL;
    CHECK(held < 10);
}

static void test_main(void) {
    extern GO int32_t set_procs(int32_t n) GOSYM("runtime.setProcs");
    size_classes();
    run_sizes();
    runs_hold();
    runs_are_freed();
    runs_hold_nothing();
    heads_are_scanned();
    all_sizes(true);
    all_sizes(false);
    garbage_is_finalized();
    set_procs(4);
    stacks_are_roots();
}
