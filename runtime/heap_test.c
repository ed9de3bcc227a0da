// The heap: size classes, free lists of every size, and that a collection keeps what registers,
// stacks of running and parked goroutines and other objects refer to, and takes back the rest.
#include "runtime/rt_test.h"
#include "runtime/heap.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/timer.h"

extern GO uint8_t setfinalizer(void *obj, void *closure, uint64_t kind)
    GOSYM("runtime.setfinalizer0");
typedef struct RetPP {
    void *fn, *obj;
} RetPP;
extern GO RetPP next_finalizer(void) GOSYM("runtime.nextFinalizer");
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
        Node *node = rt_alloc(sizeof *node, true);
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

static void test_main(void) {
    extern GO int32_t set_procs(int32_t n) GOSYM("runtime.setProcs");
    size_classes();
    all_sizes(true);
    all_sizes(false);
    garbage_is_finalized();
    set_procs(4);
    stacks_are_roots();
}
