// heap: allocation on bdwgc, and how the collector finds its roots in goroutines.
//
// Objects pop a free list of the P: to 512 bytes by their size, which GC_generic_malloc_many refills
// with a block of objects, to 32 KB by classes, refilled from runs (runs.h); both under the
// collector's lock, on the thread's own stack.
//
// The collector knows each M as a thread with an empty stack (its base is said to be at address
// 0x1000). Roots come from push_roots, while the world is stopped: for each M what the wrapped
// suspend signal found (registers, red zone, the stack the M was on), for each other goroutine its
// saved stack pointer up to the stack's end. A free list's objects are marked one by one: a pop may
// have been interrupted half-way, and what it holds in registers is found with them.
#define GC_NO_THREAD_REDIRECTS
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/profile.h"
#include "runtime/race.h"
#include "runtime/rand.h"
#include "runtime/runs.h"
#include "runtime/sched.h"
#include "runtime/snapshot.h"
#include "runtime/stackmap.h"
#include "runtime/stackscan.h"
#include "runtime/traceback.h"
#include "runtime/trace.h"
#include <gc.h>
#include <gc_mark.h>
#include <gc_inline.h>
#include <link.h>
#include <sys/resource.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>

char runtime_zerobase __attribute__((aligned(16)));

// size classes ------------------------------------------------------------------------------------
// gc's size classes: programs print cap(), so growth must round as there.
static const uint16_t class_sizes[] = {
    0,     8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,  160,   176,
    192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,  512,   576,
    640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304, 2688,  3072,
    3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880,
    12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};
enum {
    N_CLASSES = sizeof class_sizes / sizeof *class_sizes,
    MALLOC_HEADER = 8,
    MIN_SIZE_FOR_HEADER = 512,
    MAX_SMALL = 32768,
    GC_PAGE = 8192
};

// append gives the capacity that gc's classes give: programs print it.
size_t round_up_size(size_t size, bool noscan) {
    size_t req = size;
    if (req <= MAX_SMALL - MALLOC_HEADER) {
        if (!noscan && req > MIN_SIZE_FOR_HEADER) req += MALLOC_HEADER;
        int lo = 0, hi = N_CLASSES - 1;
        while (lo < hi) {
            int mid = (lo + hi) / 2;
            if (class_sizes[mid] >= req)
                hi = mid;
            else
                lo = mid + 1;
        }
        return class_sizes[lo] - (req - size);
    }
    req += GC_PAGE - 1;
    return req < size ? size : req & ~(size_t)(GC_PAGE - 1);
}

// pace: when to collect ---------------------------------------------------------------------------
// GOGC as gc has it: the heap may grow by that part of what the last collection left, but to the
// minimum always. What is left are the objects that have marks. The collector's own trigger comes
// only when it has no block free, and then asks the same limit.

static int32_t gogc_percent = 100;
static _Atomic int64_t memory_limit = INT64_MAX;
static _Atomic size_t trigger; // bytes allocated since the last collection
static _Atomic bool pacing;
// Of the last collection: bytes of blocks in use after it, and of objects.
static uint64_t blocks_left, bytes_left;
// What the system has given and not got back: for the heap, and for all else that this file knows
// of.
static uint64_t heap_mapped, other_mapped;
static _Atomic uint64_t persistent_mapped;
static uint64_t pauses_ns, pause_ns[256], pause_end[256], n_collections;
enum {
    HEAP_MIN = 4 << 20,
    SUPPLY = 4 << 20, // of free memory that is ready while a snapshot runs
    HEAP_STEP =
        16 << 20 /* the most that the collector asks the system for at once, of its own accord */
};

// Collections by snapshot (snapshot.h): bytes allocated since the last collection when one began,
// how much may be while one runs, how much was while the last one did.
static uint64_t before_snapshot, snapshot_room, during_snapshot = 8 << 20;
static int64_t last_end;          // nanotime()
static bool beginning, finishing; // one: with the collector's lock held
// What the last one found, with what push_roots counted.
static SnapshotFound found;
enum { MALLOCS, BYTES, LISTED, LISTED_BYTES };
// What Ps count, and the objects in their lists, at the last collection: with the objects that it
// marked this gives what is live now.
static uint64_t mallocs_then, bytes_then, listed, listed_bytes;
// What the collection under way did: nanotime() when it began to stop the world, had stopped it,
// had marked (or forked), had started it again; the heap's bytes before and its goal.
static struct {
    int64_t begun, stopped, marked, started;
    int64_t meanwhile; // a snapshot ran so long
    uint64_t before, goal;
} this_gc;

// What it costs the program that one runs: the system's copies, each page that is written to for the
// first time after a fork, large pages copied as a whole, waiting for the child.
static _Atomic int64_t waited;
static int64_t copied_then, faults_then; // when the last one began
static bool headers_shared;
static unsigned too_costly; // so many collections come before the next one is tried
static int64_t faults(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_minflt;
}
// How long all that is live would be marked with the world stopped: as the last time, by its size.
static int64_t mark_per_mb = 500000; // ns
static int64_t stop_expected(void) { return (int64_t)(bytes_left >> 20) * mark_per_mb; }
// Worth it while it costs no more than that stop, which it saves, and a tenth of the time since the
// collection before. Else the program writes everywhere all the time: it is tried again after a
// few collections, then after twice as many.
static void judge_snapshot(void) {
    enum { FAULT_NS = 2200, AGAIN = 4, AGAIN_MOST = 128 };
    static unsigned again = AGAIN;
    int64_t cost = waited / gomaxprocs + (int64_t)snapshot_copying() - copied_then +
                   (faults() - faults_then) * FAULT_NS;
    bool worth = cost <= stop_expected() + (nanotime() - last_end) / 10;
    too_costly = worth ? 0 : again;
    again = worth ? AGAIN : again < AGAIN_MOST ? 2 * again : AGAIN_MOST;
}
// Not for what is marked soon, a small heap or one without pointers, unless collections are seldom;
// nor near a memory limit: all that is allocated meanwhile stays.
static bool snapshot_suits(void) {
    enum { LEAST = 32 << 20, SMALL = 64 << 20, SMALL_NS = 5, SHORT_NS = 4000000 }; // for each byte
    if (!headers_shared) return false; // a child's marks would be its own
    if (godebug.gcsnapshot != 1) return godebug.gcsnapshot > 1 && blocks_left >= 1 << 20;
    if (blocks_left < SMALL &&
        (blocks_left < LEAST || nanotime() - last_end < (int64_t)blocks_left * SMALL_NS))
        return false;
    return !too_costly && stop_expected() > SHORT_NS &&
           (memory_limit == INT64_MAX || (uint64_t)memory_limit > 3 * blocks_left + other_mapped);
}

static void *GC_CALLBACK locked_finish(void *ok); // false: collect the usual way

// When the next collection is due, from GOGC and the memory limit, after a collection or when
// either changes.
static void pace_set(void) {
    uint64_t most = SIZE_MAX >> 1;
    if (gogc_percent >= 0) {
        uint64_t least = (uint64_t)HEAP_MIN * (uint64_t)gogc_percent / 100;
        most = bytes_left * (uint64_t)gogc_percent / 100;
        if (bytes_left + most < least) most = least - bytes_left;
    }
    unsigned divisor = 1; // the heap grows by the part 1/divisor of what it is
    if (memory_limit < INT64_MAX) {
        uint64_t used = blocks_left + other_mapped, mapped = heap_mapped + other_mapped,
                 limit = (uint64_t)memory_limit;
        uint64_t room = limit > used ? limit - used : 0,
                 growth = limit > mapped ? limit - mapped : 0;
        // Collecting all the time helps nobody.
        if (room < blocks_left / 16) room = blocks_left / 16;
        if (most > room) most = room;
        if (limit < HEAP_STEP * 16) divisor = 16;
        if (growth < heap_mapped / divisor)
            divisor = growth > heap_mapped / 64 ? (unsigned)(heap_mapped / growth) + 1 : 64;
    }
    GC_set_free_space_divisor(divisor);
    if (most < 64 << 10) most = 64 << 10;
    GC_set_min_bytes_allocd(most);
    snapshot_room = most / 4 * 3 > 2 * HEAP_STEP ? most / 4 * 3 : 2 * HEAP_STEP;
    trigger = most;
    if (snapshot_suits()) {
        uint64_t during = during_snapshot < most / 4 * 3 ? during_snapshot : most / 4 * 3;
        trigger = most - during;
    }
}

static void *GC_CALLBACK locked_begin(void *arg) {
    // As large as gc's with what lies between its objects and its own.
    size_t heap = memory_limit < INT64_MAX ? 0 : bytes_left / 4 * 11;
    *(bool *)arg = snapshot_begin(during_snapshot, heap);
    return NULL;
}
static void *GC_CALLBACK locked_cancel(void *arg) {
    snapshot_cancel();
    return arg;
}

// With the world stopped until all is marked.
static void collect_stopped(void) {
    GC_call_with_alloc_lock(locked_cancel, NULL);
    GC_gcollect();
}

static void collect_by_snapshot(void) {
    bool begun;
    waited = 0;
    copied_then = (int64_t)snapshot_copying();
    faults_then = faults();
    beginning = true;
    GC_call_with_alloc_lock(locked_begin, &begun);
    beginning = false;
    before_snapshot = GC_get_bytes_since_gc();
    if (!begun) GC_gcollect();
}

// A snapshot is running: takes its marks when they are there. What is allocated meanwhile stays until
// the next one, so there is room for no more than so much; who is ahead of the child waits a little,
// now and then, rather than until it is over when there is none left.
static void pace_snapshot(size_t size) {
    enum { AHEAD = 10, WAIT_NS = 1000000 }; // percent
    snapshot_supply(size + SUPPLY);
    uint64_t used = GC_get_bytes_since_gc() + size - before_snapshot;
    bool ahead = used * 100 > snapshot_room * (snapshot_progress() + AHEAD);
    if (ahead && !snapshot_over()) {
        int64_t start = nanotime();
        do snapshot_wait(WAIT_NS);
        while (used > snapshot_room + size && snapshot_running() && !snapshot_over());
        waited += nanotime() - start;
    }
    heap_poll();
}
void heap_poll(void) {
    snapshot_supply(2 * SUPPLY);
    if (!snapshot_running() || !snapshot_over() || atomic_exchange(&pacing, true)) return;
    bool ok;
    GC_call_with_alloc_lock(locked_finish, &ok);
    if (!ok) GC_gcollect();
    pacing = false;
}

// Before size more bytes are allocated.
static void pace(size_t size) {
    if (TRACING) trace_heap(bytes_left + GC_get_bytes_since_gc() + size);
    if (unlikely(snapshot_running())) pace_snapshot(size);
    if (likely(GC_get_bytes_since_gc() + size < trigger) || snapshot_running() ||
        atomic_exchange(&pacing, true))
        return;
    if (GC_get_bytes_since_gc() + size >= trigger && !snapshot_running()) {
        if (memory_limit < INT64_MAX && heap_mapped + other_mapped > (uint64_t)memory_limit)
            GC_gcollect_and_unmap();
        else if (snapshot_suits())
            collect_by_snapshot();
        else {
            if (too_costly) too_costly--;
            GC_gcollect();
        }
    }
    pacing = false;
}

static void pace_ends(const struct GC_prof_stats_s *p) {
    blocks_left = p->heapsize_full - p->free_bytes_full;
    heap_mapped = p->heapsize_full - p->unmapped_bytes;
    other_mapped = p->obtained_from_os_bytes - p->heapsize_full + persistent_mapped;
    uint64_t unused = finishing ? found.extra[LISTED_BYTES] : listed_bytes;
    bytes_left = finishing ? found.bytes : marked_bytes();
    bytes_left -= unused < bytes_left ? unused : bytes_left;
    if (finishing)
        judge_snapshot();
    else
        mark_per_mb = (this_gc.marked - this_gc.stopped) / (int64_t)((bytes_left >> 20) + 1);
    pace_set();
    last_end = nanotime();
}

static void pace_paused(void) {
    int32_t nsec;
    int64_t sec = walltime(&nsec), ns = this_gc.started - this_gc.begun;
    uint64_t n = n_collections++;
    pauses_ns += (uint64_t)ns;
    pause_ns[n % 256] = (uint64_t)ns;
    pause_end[n % 256] = (uint64_t)sec * 1000000000 + (uint64_t)nsec;
}

// A number of bytes, with B, KiB, MiB, GiB or TiB after it or nothing; or "off".
static void read_memory_limit(const char *v) {
    if (!v || !*v || !strcmp(v, "off")) return;
    char *end;
    unsigned long long n = strtoull(v, &end, 10);
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (*end && unit < 5 && strcmp(end, units[unit])) unit++;
    if (*v < '0' || *v > '9' || unit == 5 || n > (unsigned long long)INT64_MAX >> (10 * unit)) {
        print_f("GOMEMLIMIT=%s\n", v);
        rt_fatal("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    }
    memory_limit = (int64_t)(n << (10 * unit));
}

static void pace_init(void) {
    const char *v = getenv("GOGC");
    if (v && !strcmp(v, "off"))
        gogc_percent = -1;
    else if (v && *v >= '0' && *v <= '9')
        gogc_percent = atoi(v);
    read_memory_limit(getenv("GOMEMLIMIT"));
    pace_set();
}

// All of its memory lies between; complements: these are no roots.
static uintptr_t heap_lo, heap_hi;
static void *heap_has(char *p, size_t size) {
    if (~(uintptr_t)p > heap_lo) heap_lo = ~(uintptr_t)p;
    if (!heap_hi || ~((uintptr_t)p + size) < heap_hi) heap_hi = ~((uintptr_t)p + size);
    return p;
}
void heap_bounds(uintptr_t *lo, uintptr_t *hi) {
    *lo = ~heap_lo;
    *hi = ~heap_hi;
}

// The collector's memory comes in large steps, of large pages: a page fault for each small one
// costs more than clearing it. Not the first step, which small programs never fill. Stands in for
// the collector's own (the linker's --wrap).
void *heap_memory(size_t size) __asm__("__wrap_GC_unix_get_mem");
// What the collector asks for is headers, or heap, which is always more at once.
void *heap_memory(size_t size) {
    enum { HEADERS = 64 << 10 };
    static bool again; // with the collector's lock held
    if (size == HEADERS && !snapshot_extra()) {
        static char *at, *end;
        if (at == end) {
            char *more = snapshot_share(LARGE_PAGE);
            if (!more) return NULL;
            headers_shared = true;
            at = more;
            end = more + LARGE_PAGE;
        }
        return (at += size) - size;
    }
    size_t pad = size >= LARGE_PAGE && again ? LARGE_PAGE : 0;
    char *p =
        RACE ? race_heap(size + pad)
             : mmap(NULL, size + pad, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!p || p == MAP_FAILED) return NULL;
    if (size >= LARGE_PAGE) again = true;
    if (!pad) return heap_has(p, size);
    char *at = (char *)ALIGN_UP((uintptr_t)p, LARGE_PAGE), *end = p + size + pad;
    if (at > p) munmap(p, (size_t)(at - p));
    if (end > at + size) munmap(at + size, (size_t)(end - at) - size);
    madvise(at, size, MADV_HUGEPAGE);
    return heap_has(at, size);
}

GO_FUNC(int32_t, rt_set_gc_percent, (int32_t v), "runtime.setGCPercent") {
    int32_t old = gogc_percent;
    gogc_percent = v < 0 ? -1 : v;
    pace_set();
    return old;
}
GO_WEAK(int32_t, debug_gc_percent, (int32_t v), "runtime/debug.setGCPercent") {
    return rt_set_gc_percent(v);
}
GO_FUNC(int32_t, rt_gc_percent, (void), "runtime.gcPercent") { return gogc_percent; }
GO_FUNC(int64_t, rt_set_memory_limit, (int64_t v), "runtime/debug.setMemoryLimit") {
    if (v < 0) return memory_limit;
    int64_t old = atomic_exchange(&memory_limit, v);
    pace_set();
    return old;
}

// allocation --------------------------------------------------------------------------------------

typedef struct AllocCall {
    size_t size; // of the class
    uint32_t class;
    bool scan;
    void *result;
} AllocCall;

// What runs when an object goes away. Of a kind of its own, so that a heap dump finds them.
typedef struct FinNode {
    struct FinNode *next;
    void *fn;
    uint64_t kind;
    uintptr_t hidden; // ~object
    void *obj;        // once it runs
} FinNode;
static unsigned fin_kind;

// Address space that is given up when there is none left: the report needs some.
static void *spare;
enum { SPARE = 64 << 20 };
static NORETURN NOINLINE COLD void out_of_memory(size_t size) {
    if (spare) munmap(spare, SPARE);
    rt_printlock();
    print_f("runtime: out of memory: cannot allocate %u-byte block (%u in use)\n", (uint64_t)size,
            (uint64_t)(GC_get_heap_size() - GC_get_free_bytes()));
    rt_printunlock();
    rt_fatal("out of memory");
}

// Sorts of small objects, each of a kind of its own.
//
// A pointer just past an object's end holds it only where it is a slice or a string, else an object
// would live as long as its neighbour: those whose size is that of their class are ARRAYs; larger
// ones are told from what is no array by nothing. Of objects that are no arrays, and whose pointers
// all lie at their start, only that is scanned (HEAD).
enum { PLAIN, ARRAY, HEAD };
static const uint8_t head_sizes[SORTS - HEAD] = {8, 16, 32};
static unsigned sort_kind[KINDS][SORTS];
_Static_assert(GRANULES == SMALL_MOST / 16 + 1 && SIZE_CLASSES == SMALL_CLASSES + N_RUN_CLASSES,
               "free lists");
static inline unsigned array_sort(size_t size) { return size % 16 == 0 ? ARRAY : PLAIN; }
static inline unsigned object_sort(size_t size, size_t pointers) {
    if (!pointers || pointers > 32) return PLAIN;
    unsigned head = pointers <= 8 ? 0 : pointers <= 16 ? 1 : 2;
    return head == 0 || size > head_sizes[head] ? HEAD + head : PLAIN;
}
static inline uint32_t small_class(size_t size, unsigned sort) {
    return (uint32_t)(size + 15) / 16 + sort * GRANULES;
}
static uint32_t class_of(size_t size, unsigned sort) {
    if (size <= SMALL_MOST) return small_class(size, sort);
    return SMALL_CLASSES + run_class_of[(size + RUN_STEP - 1) / RUN_STEP];
}
static size_t class_size(uint32_t class) {
    return class < SMALL_CLASSES ? class % GRANULES * 16 : run_classes[class - SMALL_CLASSES].size;
}
static unsigned kind_of(uint32_t class, bool scan) {
    return sort_kind[scan][class < SMALL_CLASSES ? class / GRANULES : PLAIN];
}
static bool is_scanned(unsigned kind) {
    return kind != GC_I_PTRFREE && kind != sort_kind[false][ARRAY];
}
bool heap_end_holds(const void *object, size_t *size) {
    unsigned kind = (unsigned)GC_get_kind_and_size(object, size);
    return *size > SMALL_MOST || kind == sort_kind[false][ARRAY] || kind == sort_kind[true][ARRAY];
}
// One object of it is asked for at once, else the collector would never sweep it.
static unsigned make_kind(size_t scanned, bool all) {
    unsigned kind = GC_new_kind(GC_new_free_list(), GC_DS_LENGTH | scanned, all, all || scanned);
    GC_generic_malloc(scanned > 8 ? 48 : 16, (int)kind);
    return kind;
}
static void make_kinds(void) {
    sort_kind[false][PLAIN] = GC_I_PTRFREE;
    sort_kind[true][PLAIN] = GC_I_NORMAL;
    sort_kind[false][ARRAY] = make_kind(0, false);
    sort_kind[true][ARRAY] = make_kind(0, true);
    for (unsigned i = HEAD; i < SORTS; i++)
        sort_kind[true][i] = make_kind(head_sizes[i - HEAD], false);
}

static void torture(void) {
    if (fastrandn((uint32_t)godebug.torture)) return;
    if (godebug.gcsnapshot > 1 && headers_shared && !snapshot_running() && fastrandn(4) == 0)
        collect_by_snapshot();
    else
        collect_stopped();
}

// The new list is the P's from before the collector's lock is let go: a collection that waited for
// it marks the list's objects one by one too.
enum { REFILL = 8 << 10 }; // bytes of larger objects at once
_Static_assert(GC_I_PTRFREE < RUN_KINDS && GC_I_NORMAL < RUN_KINDS, "kinds");
static void *GC_CALLBACK refill_from_run(void *arg) {
    const AllocCall *c = arg;
    run_objects(c->class - SMALL_CLASSES, kind_of(c->class, c->scan), REFILL,
                (void **)&getm()->p->refill);
    return NULL;
}
static void refill(AllocCall *c) {
    if (c->class < SMALL_CLASSES)
        GC_generic_malloc_many(c->size, (int)kind_of(c->class, c->scan),
                               (void **)&getm()->p->refill);
    else
        GC_call_with_alloc_lock(refill_from_run, c);
}
static void alloc_many(void *arg) {
    AllocCall *c = arg;
    pace(0);
    void **list = (void **)&getm()->p->refill;
    refill(c);
    if (unlikely(!*list) && snapshot_running()) { // what is free by now may be enough
        collect_stopped();
        refill(c);
    }
    if (unlikely(godebug.torture)) { // the next but few comes here, too
        for (uint32_t n = fastrandn(4); *list && n; n--) list = *list;
        if (*list) *(void **)*list = NULL;
        torture();
    }
}

// For what has no free list of its own; the collector's lock is taken once for each.
static void alloc_large(void *arg) {
    AllocCall *c = arg;
    pace(c->size);
    if (unlikely(godebug.torture)) torture();
    c->result = c->scan ? GC_malloc(c->size) : GC_malloc_atomic(c->size);
}

typedef struct ObjectCall {
    void *p;
    size_t size;
    bool scanned;
} ObjectCall;
static void find_object(void *arg) {
    ObjectCall *c = arg;
    c->p = GC_base(c->p);
    if (c->p) c->scanned = is_scanned((unsigned)GC_get_kind_and_size(c->p, &c->size));
}
void *heap_object(void *p, size_t *size, bool *scanned) {
    uintptr_t lo, hi;
    heap_bounds(&lo, &hi);
    if ((uintptr_t)p < lo || (uintptr_t)p >= hi) return NULL;
    ObjectCall c = {p, 0, false};
    on_system_stack(find_object, &c);
    if (size) *size = c.size;
    if (scanned) *scanned = c.scanned;
    return c.p;
}

// The free list is empty, the object is not small, or a profile wants a sample.
static NOINLINE void *alloc_slow(size_t size, bool scan, bool zero, unsigned sort) {
    AllocCall c = {size, 0, scan, NULL};
    M *m = getm();
    if (size <= RUN_MOST && m && m->p) {
        c.class = class_of(size, sort);
        c.size = class_size(c.class);
        P *p = m->p;
        void **first = p->free[scan][c.class];
        if (first) {
            p->free[scan][c.class] = *first;
        } else {
            on_system_stack(alloc_many, &c);
            p = getm()->p;
            first = p->refill;
            if (!first) out_of_memory(size);
            p->free[scan][c.class] = *first;
            p->refill = NULL;
        }
        p->nmalloc++;
        p->nbytes += size;
        *first = NULL;
        if (scan && c.class >= SMALL_CLASSES) memset(first, 0, c.size);
        if (!scan && zero) memset(first, 0, size);
        profile_arm(p);
        if (unlikely(p->nbytes >= p->sample_at)) profile_alloc(p, first, size, scan);
        return first;
    }
    if (size > MAX_ALLOC) out_of_memory(size);
    on_system_stack(alloc_large, &c);
    if (!c.result) out_of_memory(size);
    m = getm();
    if (!scan && zero) memset(c.result, 0, size);
    if (m && m->p) {
        m->p->nmalloc++;
        m->p->nbytes += size;
        profile_arm(m->p);
        if (unlikely(m->p->nbytes >= m->p->sample_at)) profile_alloc(m->p, c.result, size, scan);
    }
    return c.result;
}

static inline __attribute__((always_inline)) void *
alloc_inline(size_t size, bool scan, bool zero, unsigned sort,
             void *(*slow)(size_t, bool, bool, unsigned)) {
    if (likely(size <= SMALL_MOST)) {
        uint32_t class = small_class(size, sort);
        M *m = getm();
        P *p = m ? m->p : NULL;
        void **o;
        if (likely(p && (o = p->free[scan][class]))) {
            p->free[scan][class] = *o;
            p->nmalloc++;
            p->nbytes += size;
            *o = NULL;
            if (!scan && zero && size > 8) memset(o, 0, size);
            if (unlikely(p->nbytes >= p->sample_at)) profile_alloc(p, o, size, scan);
            return o;
        }
    }
    return slow(size, scan, zero, sort);
}

void *rt_alloc(size_t size, bool scan) {
    if (!size) return &runtime_zerobase;
    return alloc_inline(size, scan, true, PLAIN, alloc_slow);
}
void *rt_alloc_raw(size_t size, bool scan) {
    if (!size) return &runtime_zerobase;
    return alloc_inline(size, scan, false, PLAIN, alloc_slow);
}
void *rt_alloc_array(size_t size, bool scan) {
    if (!size) return &runtime_zerobase;
    return alloc_inline(size, scan, true, array_sort(size), alloc_slow);
}
void *rt_alloc_array_raw(size_t size, bool scan) {
    if (!size) return &runtime_zerobase;
    return alloc_inline(size, scan, false, array_sort(size), alloc_slow);
}

// For a caller that is Go: what is found in the runtime again and again, because it allocates, can
// be preempted here.
static NOINLINE void *alloc_slow_for_go(size_t size, bool scan, bool zero, unsigned sort) {
    void *o = alloc_slow(size, scan, zero, sort);
    preempt_point();
    return o;
}

GO void *rt_newobject(const AbiType *t) {
    size_t size = t->size;
    if (unlikely(!size)) return &runtime_zerobase;
    unsigned sort = t->kind == ABI_ARRAY ? array_sort(size) : object_sort(size, t->ptr_bytes);
    return alloc_inline(size, t->ptr_bytes != 0, true, sort, alloc_slow_for_go);
}

GO void *rt_mallocgc(size_t size, const AbiType *t, uint8_t zero) {
    if (unlikely(!size)) return &runtime_zerobase;
    return alloc_inline(size, t && t->ptr_bytes, zero, array_sort(size), alloc_slow_for_go);
}

GO void *rt_newarray(const AbiType *t, intptr_t n) {
    size_t size;
    if (__builtin_mul_overflow(t->size, (size_t)n, &size) || size > MAX_ALLOC || n < 0)
        panic_str("runtime: allocation size out of range");
    if (!size) return &runtime_zerobase;
    return alloc_inline(size, t->ptr_bytes != 0, true, array_sort(size), alloc_slow_for_go);
}

static NOINLINE COLD void alloc_uncollectable(void *arg) {
    AllocCall *c = arg;
    c->result = GC_malloc_uncollectable(c->size);
}
void *rt_root_alloc(size_t n) {
    AllocCall c = {n, true, NULL};
    on_system_stack(alloc_uncollectable, &c);
    return c.result;
}

static Mutex persistent_lock;
static char *persistent_at, *persistent_end;
// For what lives as long as the process: chunks from the system, since the C heap would be one more
// lock and header each.
void *persistent_alloc(size_t n) {
    n = ALIGN_UP(n, 64);
    lock(&persistent_lock);
    if ((size_t)(persistent_end - persistent_at) < n) {
        size_t chunk = n > 1 << 18 ? n : 1 << 18;
        void *p = mmap(NULL, chunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) rt_fatal("runtime: cannot allocate memory");
        persistent_at = p;
        persistent_end = persistent_at + chunk;
        persistent_mapped += chunk;
    }
    void *r = persistent_at;
    persistent_at += n;
    unlock(&persistent_lock);
    return r;
}

// roots -------------------------------------------------------------------------------------------

static struct sigaction gc_suspend;

// What the suspend signal interrupted. The handler itself runs on the M's signal stack, where the
// kernel put the registers.
static void suspend_handler(int sig, siginfo_t *info, void *ctx) {
    M *m = vole_tls_m;
    ucontext_t *uc = ctx;
    if (m) {
#if defined(__x86_64__)
        m->sig_sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
        m->sig_fp = (uintptr_t)uc->uc_mcontext.gregs[REG_RBP];
        m->sig_pc = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
#else
        m->sig_sp = uc->uc_mcontext.sp;
        m->sig_fp = uc->uc_mcontext.regs[29];
        m->sig_pc = uc->uc_mcontext.pc;
#endif
        m->sig_handler_sp = (uintptr_t)__builtin_frame_address(0);
    }
    if (gc_suspend.sa_flags & SA_SIGINFO)
        gc_suspend.sa_sigaction(sig, info, ctx);
    else
        gc_suspend.sa_handler(sig);
}

enum { ALTSTACK = 64 << 10, RED_ZONE = 128 };

static void mark_list(void **o) {
    if (!o) return;
    size_t size = GC_size(o);
    for (; o; o = *o) {
        GC_set_mark_bit(o);
        listed++;
        listed_bytes += size;
    }
}

static _Atomic int32_t forced; // collections under way that the program asked for

// What an M's goroutine may have pointers in besides its stack.
static size_t elsewhere(const M *m, Segment *out) {
    size_t n = 0;
    uintptr_t alt = (uintptr_t)m->altstack, here = (uintptr_t)__builtin_frame_address(0),
              sp = m == vole_tls_m ? here : m->sig_sp;
    out[n++] = (Segment){(uintptr_t)m, (uintptr_t)(m + 1)};
    if (sp >= m->g0lo && sp < m->g0hi) out[n++] = (Segment){sp - RED_ZONE, m->g0hi};
    if (m != vole_tls_m && m->sig_handler_sp >= alt && m->sig_handler_sp < alt + ALTSTACK)
        out[n++] = (Segment){m->sig_handler_sp, alt + ALTSTACK};
    return n;
}

// A goroutine's stack from where its code was left, by a call of vole_switch or of what calls a
// function on the thread's stack; m: that it runs on.
static void push_left(G *g, const M *m) {
    Segment others[3];
    size_t n = m ? elsewhere(m, others) : 0;
    Walk from = {0};
    if (g->status != G_SYSCALL) { // else it may have come back since
        uintptr_t pc, fp;
        saved_frame(g, &pc, &fp);
        from = walk_g(g, pc, fp, false);
    }
    scan_stack(g, g->sp, 0, from, others, n);
}

// Its stack from where a signal stopped m. C's code may use the frame pointer for something else.
static void push_stopped(G *g, const M *m) {
    Segment others[3];
    Walk from = {0};
    if (pc_is_go(m->sig_pc)) from = walk_g(g, m->sig_pc, m->sig_fp, true);
    scan_stack(g, m->sig_sp, RED_ZONE, from, others, elsewhere(m, others));
}

// What is looked at next but few: the memory of a goroutine that waits is in no cache, and its
// frames are a chain.
static void fetch_stack(uint32_t i, uint32_t n) {
    enum { G_AHEAD = 8, STACK_AHEAD = 4, CACHE_LINE = 64, LINES = 8 };
    if (i + G_AHEAD < n) __builtin_prefetch(&all_gs[i + G_AHEAD]->sp);
    if (i + STACK_AHEAD >= n) return;
    uintptr_t sp = all_gs[i + STACK_AHEAD]->sp;
    for (uintptr_t k = 0; k < LINES; k++) __builtin_prefetch((void *)(sp + k * CACHE_LINE));
}

// Frames of C that called Go, or is called by it, may lie on the thread's stack.
static bool has_c_frames(const M *m) {
    return m->in_c || m->foreign || (m->curg && m->curg->life.callback) ||
           (m->lockedg && m->lockedg->life.callback);
}

// Where the part of a thread's stack ends, from sp on, that may hold what the collector must know of.
// What lies above where the scheduler was left for a goroutine is the scheduler's alone; much of it,
// and the gap, is what calls of before left in holes of its frames: it would hold garbage for long.
static uintptr_t system_stack_end(const M *m, uintptr_t sp) {
    if (has_c_frames(m)) return m->g0hi;
    if (!m->curg) return m->idle ? sp : m->g0hi;
    return m->system ? m->g0sp - G0_GAP : m->g0hi;
}

static const RootSearch *search; // of the collection under way, or NULL

// But for what the last goroutine that it parked waits for, where one looks who is waited for.
static void push_thread(M *m) {
    if (!search) {
        GC_push_all_eager(m, m + 1);
        return;
    }
    GC_push_all_eager(m, &m->unlock_arg);
    GC_push_all_eager(&m->unlock_arg + 1, m + 1);
}

static void push_goroutine(G *g) {
    const M *self = vole_tls_m;
    GC_push_all_eager(g, g + 1);
    const M *m = g->m && g->m->curg == g ? g->m : NULL;
    uintptr_t sp = m == self ? (uintptr_t)__builtin_frame_address(0) : m ? m->sig_sp : 0;
    if (m && (m == self || m->registered) && stack_part(g, sp)) return; // pushed with its thread
    if (!m || (m->registered && sp >= m->g0lo && sp < m->g0hi))
        push_left(g, m);
    else
        scan_stack(g, g->sp, 0, (Walk){0}, NULL, 0);
}

// The objects in their lists come first of all: what they hold from before does not count, and
// nothing that leads to one of them is to find it unmarked.
static void push_ps(void) {
    for (int32_t i = 0; i < 256 && all_ps[i]; i++) {
        P *p = all_ps[i];
        mallocs_then += p->nmalloc;
        bytes_then += p->nbytes;
        for (int k = 0; k < KINDS; k++)
            for (size_t c = 0; c < SIZE_CLASSES; c++) mark_list(p->free[k][c]);
        mark_list(p->refill);
        GC_push_all_eager(&p->defers, &p->defers + 1);
    }
}

// All that the collector cannot find by itself: stacks of goroutines, registers of stopped threads,
// the Ps' free lists.
static void push_roots(void) {
    M *self = vole_tls_m;
    mallocs_then = bytes_then = listed = listed_bytes = 0;
    push_ps();
    for (M *m = all_ms; m; m = m->all) {
        push_thread(m);
        if (!m->registered) continue;
        G *g = m->curg;
        if (m == self) {
            uintptr_t here = (uintptr_t)__builtin_frame_address(0);
            if (here >= m->g0lo && here < m->g0hi)
                scan_words(here, system_stack_end(m, here));
            else if (g)
                scan_stack(g, here, 0, (Walk){0}, NULL, 0);
            continue;
        }
        uintptr_t sp = m->sig_sp, alt = (uintptr_t)m->altstack;
        if (m->sig_handler_sp >= alt && m->sig_handler_sp < alt + ALTSTACK)
            scan_words(m->sig_handler_sp, alt + ALTSTACK);
        if (sp >= m->g0lo && sp < m->g0hi) {
            scan_words(sp - RED_ZONE, system_stack_end(m, sp));
        } else if (g && stack_part(g, sp)) {
            push_stopped(g, m);
            if (has_c_frames(m)) scan_words(m->g0sp, m->g0hi);
        }
    }
    if (!snapshot_extra()) stacks_scavenge(forced ? UINT32_MAX : 512);
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        fetch_stack(i, n);
        uint32_t status = g->status;
        if (status == G_DEAD || status == G_IDLE) continue;
        if (!search || !search->leaves_out(g)) push_goroutine(g);
    }
    if (search) search->rest(push_goroutine);
    // The collector's own push of threads has nothing to add, and would take our stack bases for
    // the size of what it scanned.
    uint64_t *extra = snapshot_extra();
    if (!extra) return;
    extra[MALLOCS] = mallocs_then;
    extra[BYTES] = bytes_then;
    extra[LISTED] = listed;
    extra[LISTED_BYTES] = listed_bytes;
}

static void finalizers_notify(void);
static void GC_CALLBACK on_collection_event(GC_EventType e);
static void GC_CALLBACK on_out_of_memory_msg(char *msg, GC_word arg) { (void)msg, (void)arg; }
// While a snapshot runs nothing is collected: what is free by now may be enough.
static void *GC_CALLBACK on_out_of_memory(size_t n) {
    if (!snapshot_running()) out_of_memory(n);
    collect_stopped();
    return GC_malloc(n);
}

// Static roots: what the program can write to, without variables that hold no pointers. The
// collector's own guess takes in code and constants.
typedef struct Zeros {
    char *at;
    size_t size;
} Zeros;
extern char noptr_data[] __asm__("__start_vole_noptrdata") __attribute__((weak)),
    noptr_data_end[] __asm__("__stop_vole_noptrdata") __attribute__((weak));
extern const Zeros noptr_zeros[] __asm__("__start_vole_noptrzeros") __attribute__((weak)),
    noptr_zeros_end[] __asm__("__stop_vole_noptrzeros") __attribute__((weak));

static void leave_out_of_roots(char *lo, char *hi) {
    lo = (char *)ALIGN_UP((uintptr_t)lo, sizeof(void *));
    hi = (char *)((uintptr_t)hi & -sizeof(void *));
    if (lo < hi) GC_exclude_static_roots(lo, hi);
}

// From the program headers: writable segments, but for what the dynamic linker has made read-only.
void statics_visit(void (*fn)(uintptr_t lo, uintptr_t hi, bool zeros)) {
    uintptr_t relro = 0, relro_end = 0;
#if VOLE_PIC // maybe a library's
    extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
    const ElfW(Phdr) *ph = (const void *)((uintptr_t)&__ehdr_start + __ehdr_start.e_phoff);
    size_t n = __ehdr_start.e_phnum;
    uintptr_t base = __ehdr_start.e_type == ET_DYN ? (uintptr_t)&__ehdr_start : 0;
#else
    const ElfW(Phdr) *ph = (const void *)getauxval(AT_PHDR);
    size_t n = getauxval(AT_PHNUM);
    uintptr_t base = 0;
    for (size_t i = 0; i < n; i++)
        if (ph[i].p_type == PT_PHDR) base = (uintptr_t)ph - ph[i].p_vaddr;
#endif
    for (size_t i = 0; i < n; i++) {
        if (ph[i].p_type == PT_GNU_RELRO) {
            relro = base + ph[i].p_vaddr;
            relro_end = relro + ph[i].p_memsz;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (ph[i].p_type != PT_LOAD || !(ph[i].p_flags & PF_W)) continue;
        uintptr_t lo = base + ph[i].p_vaddr, data_end = lo + ph[i].p_filesz,
                  hi = lo + ph[i].p_memsz;
        if (relro <= lo && lo < relro_end) lo = relro_end;
        if (lo < data_end) fn(lo, data_end, false);
        if (data_end < lo) data_end = lo;
        if (data_end < hi) fn(data_end, hi, true);
    }
}
static uint64_t globals; // bytes of them
static void add_root(uintptr_t lo, uintptr_t hi, bool zeros) {
    (void)zeros;
    globals += hi - lo;
    GC_add_roots((void *)lo, (void *)hi);
}

static void find_static_roots(void) {
    enum { MAX_ZEROS = 256 }; // the collector has room for some hundreds
    GC_clear_roots();
    statics_visit(add_root);
    leave_out_of_roots(noptr_data, noptr_data_end);
    size_t zeros = (size_t)(noptr_zeros_end - noptr_zeros);
    for (size_t i = 0; i < zeros && i < MAX_ZEROS; i++)
        leave_out_of_roots(noptr_zeros[i].at, noptr_zeros[i].at + noptr_zeros[i].size);
}

// The collector looks for where static data begins by reading down from its end, in steps of 256
// bytes until it faults: a page fault for each page of large variables. It needs that only where it
// cannot ask the dynamic linker.
// Hidden where the collector is a shared library, which has no need of this.
extern char *GC_data_start __attribute__((weak));
extern char _end[];
void data_start_is_near(void) __asm__("__wrap_GC_init_linux_data_start");
void data_start_is_near(void) { GC_data_start = _end - sizeof(void *); }

// The thread is one without a stack of its own for the collector.
void heap_thread_init(M *m) {
    struct GC_stack_base sb = {(void *)0x1000};
    m->registered = true;
    if (m->foreign) { // whose creator may have blocked them
        sigset_t own;
        sigemptyset(&own);
        sigaddset(&own, GC_get_suspend_signal());
        sigaddset(&own, GC_get_thr_restart_signal());
        pthread_sigmask(SIG_UNBLOCK, &own, NULL);
    }
    int r = GC_register_my_thread(&sb);
    if (r != GC_SUCCESS && r != GC_DUPLICATE) rt_throw("cannot register thread with the collector");
}

void heap_thread_leave(void) { GC_unregister_my_thread(); }

// Before any goroutine, on the first thread. The first collection is made here: until there was
// one, each allocation asks for it.
void heap_init(void) {
    GC_set_all_interior_pointers(1);
    GC_set_finalize_on_demand(1);
    GC_set_java_finalization(0);
    GC_set_no_dls(0);
    GC_set_warn_proc(on_out_of_memory_msg);
    GC_set_handle_fork(0);
    GC_set_dont_precollect(1); // not with the roots that it guesses
    GC_INIT();
    runs_init();
    make_kinds();
    fin_kind = GC_new_kind(GC_new_free_list(), GC_DS_LENGTH, 1, 1);
    find_static_roots();
    // Until there was a first collection every allocation wants one, whatever the limits.
    GC_gcollect();
    GC_set_finalizer_notifier(finalizers_notify);
    GC_set_on_collection_event(on_collection_event);
    GC_set_oom_fn(on_out_of_memory);
    spare = mmap(NULL, SPARE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (spare == MAP_FAILED) spare = NULL;
    pace_init();
    GC_allow_register_threads();
    GC_unregister_my_thread();
    GC_set_push_other_roots(push_roots);
    int sig = GC_get_suspend_signal();
    sigaction(sig, NULL, &gc_suspend);
    struct sigaction sa = gc_suspend;
    sa.sa_sigaction = suspend_handler;
    sa.sa_flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigaction(sig, &sa, NULL);
}

// collections, statistics -------------------------------------------------------------------------

static _Atomic uint64_t forced_begun; // collections that the program asked for

typedef struct CollectCall {
    uint64_t asked; // forced_begun when it did
    bool unmap;
} CollectCall;

// Of those who ask at the same time one collects for all: a collection that began after they asked,
// and is over, is what they want.
static void collect(void *arg) {
    static Mutex one;
    const CollectCall *c = arg;
    lock(&one);
    if (c->unmap || forced_begun == c->asked) {
        forced_begun++;
        forced++;
        if (c->unmap) GC_call_with_alloc_lock(locked_cancel, NULL);
        if (!c->unmap) collect_stopped();
        // It leaves blocks that the two collections before freed.
        for (int i = 0; c->unmap && i < 3; i++) GC_gcollect_and_unmap();
        forced--;
    }
    unlock(&one);
}
static void collect_now(CollectCall c) {
    on_system_stack(collect, &c);
    G *g = finalizers_wake();
    if (g) ready(g);
}
void gc_collect(void) { collect_now((CollectCall){forced_begun, false}); }

// What calls left behind below the caller's frame would be found again in the holes of frames to
// come.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wframe-larger-than"
NOINLINE void clear_stack(void) {
    char dead[8 << 10];
    memset(dead, 0, sizeof dead);
    __asm__ volatile("" ::"r"(dead) : "memory");
}
#pragma clang diagnostic pop
static void clear_system_stack(void *arg) {
    (void)arg;
    clear_stack();
}
GO_FUNC(void, rt_clear_stack, (void), "runtime.clearStack") {
    on_system_stack(clear_system_stack, NULL);
    clear_stack();
}

// Who waits runs before, and may ask for the same collection, and after: gc's own GC waits for other
// goroutines, and loops of it starve nobody.
GO_FUNC(void, rt_gc, (void), "runtime.gcCollect") {
    CollectCall c = {forced_begun, false};
    yield_to_waiting();
    collect_now(c);
    yield_to_waiting();
}

void heap_search(const RootSearch *s) {
    search = s;
    on_system_stack(collect, &(CollectCall){forced_begun, false});
    search = NULL;
}

typedef struct Live {
    uint64_t objects, bytes, cycle;
} Live;
static void GC_CALLBACK count_object(void *object, size_t size, void *arg) {
    (void)object;
    Live *l = arg;
    l->objects++;
    l->bytes += size;
}
// Objects that the last collection found, counted once for each.
static Live counted = {.cycle = UINT64_MAX};
static void *GC_CALLBACK count_marked(void *arg) {
    if (counted.cycle != n_collections) {
        counted = (Live){.cycle = n_collections};
        GC_enumerate_reachable_objects_inner(count_object, &counted);
        counted.objects -= listed < counted.objects ? listed : counted.objects;
        counted.bytes -= listed_bytes < counted.bytes ? listed_bytes : counted.bytes;
    }
    *(Live *)arg = counted;
    return NULL;
}
// What died before the snapshot is known of; all since counts by itself.
static void *GC_CALLBACK locked_finish(void *ok) {
    uint64_t allocated = GC_get_bytes_since_gc() - before_snapshot;
    if (snapshot_running()) // less is expected by and by
        during_snapshot =
            allocated > during_snapshot ? allocated : (during_snapshot * 3 + allocated) / 4;
    finishing = true;
    found.objects = UINT64_MAX;
    *(bool *)ok = snapshot_finish(&found);
    finishing = false;
    if (found.objects == UINT64_MAX) return NULL;
    mallocs_then = found.extra[MALLOCS];
    bytes_then = found.extra[BYTES];
    counted = (Live){found.objects - found.extra[LISTED], found.bytes - found.extra[LISTED_BYTES],
                     n_collections};
    return NULL;
}
static void count_live(void *arg) { GC_call_with_alloc_lock(count_marked, arg); }

// The last collection found nothing but what is in use: the lists of Ps were dropped before. The
// world is stopped.
void heap_settle(void) {
    for (int32_t i = 0; i < 256 && all_ps[i]; i++)
        memset(all_ps[i]->free, 0, sizeof all_ps[i]->free);
    collect(&(CollectCall){forced_begun, false});
}

typedef struct Visit {
    void (*object)(void *object, size_t size, bool pointers);
    void (*finalizer)(void *object, void *closure, bool queued);
} Visit;
static void GC_CALLBACK visit_object(void *object, size_t size, void *arg) {
    Visit *v = arg;
    int kind = GC_get_kind_and_size(object, &size);
    if (kind != (int)fin_kind) {
        if (v->object) v->object(object, size, is_scanned((unsigned)kind));
        return;
    }
    FinNode *n = object;
    if (v->finalizer && n->kind == 1)
        v->finalizer(n->obj ? n->obj : (void *)~n->hidden, n->fn, n->obj);
}
void heap_visit(void (*object)(void *object, size_t size, bool pointers),
                void (*finalizer)(void *object, void *closure, bool queued)) {
    Visit v = {object, finalizer};
    GC_enumerate_reachable_objects_inner(visit_object, &v);
}

typedef struct HeapStats {
    uint64_t heap, free, unmapped, cycles, mallocs, bytes, live_objects, live_bytes, goal, last,
        pauses;
    uint64_t stacks, collector,
        // Bytes from the system: live goroutines' stacks in whole pages, the collector's own data,
        // the runtime's.
        other;
    uint64_t *pause_ns, *pause_end; // of 256 collections, at their number modulo that
} HeapStats;

// Each P counts what it allocates. Live is what the last collection marked, and all that was made
// since.
GO_FUNC(void, rt_heap_stats, (HeapStats * s), "runtime.heapStats") {
    struct GC_prof_stats_s p;
    GC_get_prof_stats(&p, sizeof p);
    Live live;
    on_system_stack(count_live, &live);
    uint64_t n = n_collections;
    *s = (HeapStats){p.heapsize_full,     p.free_bytes_full,    p.unmapped_bytes,      n,
                     .pauses = pauses_ns, .pause_ns = pause_ns, .pause_end = pause_end};
    for (int32_t i = 0; i < 256 && all_ps[i]; i++) {
        s->mallocs += all_ps[i]->nmalloc;
        s->bytes += all_ps[i]->nbytes;
    }
    s->live_objects = live.objects + s->mallocs - mallocs_then;
    s->live_bytes = live.bytes + s->bytes - bytes_then;
    s->goal = bytes_left + trigger;
    s->last = n ? pause_end[(n - 1) % 256] : 0;
    s->stacks = stacks_used();
    s->collector = p.obtained_from_os_bytes - p.heapsize_full;
    s->other = persistent_mapped;
}

GO_FUNC(void, rt_free_os_memory, (void), "runtime.gcCollectAndUnmap") {
    collect_now((CollectCall){0, true});
}

// finalizers --------------------------------------------------------------------------------------
// bdwgc orders finalizers as Go wants: an object is finalized after all that point to it, what is
// registered for it included. That is a list of Go closures, which therefore get the object only
// when they run: at most one of kind 1 (SetFinalizer), and cleanups, whose kind is their number and
// which know no order.

static Mutex fin_lock;
static FinNode **fin_queue; // uncollectable cell
static G *fin_waiter;
static _Atomic bool fin_pending;

static void GC_CALLBACK on_finalize(void *obj, void *list) {
    if (!fin_queue) fin_queue = GC_malloc_uncollectable(2 * sizeof *fin_queue); // first, last
    FinNode *last = list;
    for (last->obj = obj; last->next; last = last->next) last->next->obj = obj;
    if (fin_queue[0])
        fin_queue[1]->next = list;
    else
        fin_queue[0] = list;
    fin_queue[1] = last;
}
static void finalizers_notify(void) { fin_pending = true; }

// Caches of weak keys: a collection drops what they hold.
typedef struct Cache {
    struct Cache *next;
    void *_Atomic *table;
} Cache;
static Cache *_Atomic caches;
GO_FUNC(void, rt_register_cache, (void *_Atomic *table),
        "crypto/internal/boring/bcache.registerCache") {
    Cache *c = persistent_alloc(sizeof *c);
    *c = (Cache){caches, table};
    while (!atomic_compare_exchange_weak(&caches, &c->next, c)) {}
}

// GODEBUG=gctrace=1, in gc's form: the world is stopped while it marks, so that what gc does at the
// same time stands between.
static void print_trace(void) {
    int64_t stop = this_gc.stopped - this_gc.begun, mark = this_gc.marked - this_gc.stopped,
            start = this_gc.started - this_gc.marked;
    int64_t ran = this_gc.started - start_time, procs = gomaxprocs, shared = this_gc.meanwhile;
    if (shared) {
        stop += mark + start;
        mark = start = 0;
    }
    rt_printlock();
    print_f("gc %u @", n_collections);
    print_fixed(ran / 1000000, 3);
    print_f("s %d%%: ", (int64_t)pauses_ns * 100 / (ran ? ran : 1));
    print_f("%m+%m+%m ms clock, %m+0/%m/0+%m ms cpu, ", stop, mark + shared, start, stop * procs,
            shared ? shared : mark * (GC_get_parallel() + 1), start * procs);
    print_f("%u->%u->%u MB, %u MB goal, %u MB stacks, %u MB globals, %d P%s%s\n",
            this_gc.before >> 20, blocks_left >> 20, bytes_left >> 20, this_gc.goal >> 20,
            stacks_used() >> 20, globals >> 20, procs, forced ? " (forced)" : "",
            search ? " (checking for goroutine leaks)" : "");
    rt_printunlock();
}

// A collection is over. One that a snapshot made had begun before.
static void trace_collection(void) {
    if (this_gc.meanwhile)
        trace_gc_end();
    else
        trace_gc_stopped(this_gc.begun, this_gc.started);
    trace_heap(bytes_left);
    trace_heap_goal(gogc_percent < 0 ? 0 : bytes_left + trigger);
}

static _Atomic bool gc_ran; // by itself, since runtime.collected
// The collector tells its steps, the world stopped or its lock held: nothing here allocates.
static void GC_CALLBACK on_collection_event(GC_EventType e) {
    struct GC_prof_stats_s p;
    switch (e) {
    case GC_EVENT_START:
        for (Cache *c = caches; c; c = c->next) *c->table = NULL;
        if (!forced) gc_ran = true;
        stackmap_load();
        GC_get_prof_stats_unsafe(&p, sizeof p);
        this_gc.before = p.heapsize_full - p.free_bytes_full;
        this_gc.goal = bytes_left + trigger;
        break;
    case GC_EVENT_PRE_STOP_WORLD: this_gc.begun = nanotime(); break;
    case GC_EVENT_POST_STOP_WORLD:
        this_gc.stopped = nanotime();
        if (beginning) stacks_scavenge(32);
        break;
    case GC_EVENT_PRE_START_WORLD: this_gc.marked = nanotime(); break;
    case GC_EVENT_POST_START_WORLD:
        this_gc.started = nanotime();
        if (TRACING && beginning) trace_gc_begin(this_gc.begun, this_gc.started);
        break;
    case GC_EVENT_RECLAIM_START:
        this_gc.meanwhile = finishing ? nanotime() - this_gc.started : 0;
        pace_paused();
        break;
    case GC_EVENT_RECLAIM_END:
        GC_get_prof_stats_unsafe(&p, sizeof p);
        pace_ends(&p);
        profile_collected();
        if (TRACING) trace_collection();
        if (unlikely(godebug.gctrace > 0)) print_trace();
        break;
    default: break;
    }
}
GO_FUNC(uint8_t, rt_collected, (void), "runtime.collected") {
    return atomic_exchange(&gc_ran, false);
}

typedef struct FinCall {
    void *obj, *closure;
    uint64_t kind;
    bool found;
} FinCall;
// The collector keeps one finalizer an object; Go wants one and any number of cleanups: they are a
// list behind it.
static void set_finalizer(void *arg) {
    FinCall *c = arg;
    void *base = GC_base(c->obj);
    if (!base) return;
    c->found = true;
    GC_finalization_proc old_fn = NULL;
    void *old = NULL;
    GC_register_finalizer(base, NULL, NULL, &old_fn, &old);
    FinNode *list = old_fn == on_finalize ? old : NULL;
    for (FinNode **p = &list; *p;) {
        if ((*p)->kind == c->kind)
            *p = (*p)->next;
        else
            p = &(*p)->next;
    }
    if (c->closure) {
        FinNode *n = GC_generic_malloc(sizeof *n, (int)fin_kind);
        *n = (FinNode){list, c->closure, c->kind, ~(uintptr_t)base, NULL};
        list = n;
    }
    bool ordered = false;
    for (FinNode *n = list; n; n = n->next) ordered |= n->kind == 1;
    if (ordered)
        GC_register_finalizer(base, on_finalize, list, NULL, NULL);
    else if (list)
        GC_register_finalizer_no_order(base, on_finalize, list, NULL, NULL);
}
GO_FUNC(uint8_t, rt_setfinalizer, (void *obj, void *closure, uint64_t kind),
        "runtime.setfinalizer0") {
    FinCall c = {obj, closure, kind, false};
    on_system_stack(set_finalizer, &c);
    return c.found;
}
GO_FUNC(void, rt_dropcleanup, (void *obj, uint64_t kind), "runtime.dropcleanup") {
    rt_setfinalizer(obj, NULL, kind);
}

// The start of the heap object that p points into, or nil.
static void find_base(void *arg) {
    FinCall *c = arg;
    c->closure = GC_base(c->obj);
}
GO_FUNC(void *, rt_heapbase, (void *p), "runtime.heapBase") {
    FinCall c = {p, NULL, 0, false};
    on_system_stack(find_base, &c);
    return c.closure;
}
// Pulled by modules.
typedef struct RetObject {
    uintptr_t base;
    void *span;
    uintptr_t index;
} RetObject;
GO_WEAK(RetObject, rt_find_object, (uintptr_t p, uintptr_t ref, uintptr_t off),
        "runtime.findObject") {
    return (RetObject){(uintptr_t)rt_heapbase((void *)p), NULL, 0};
}
// What follows p in the heap object that it points into; 0: it points into none.
GO_FUNC(size_t, rt_objectrest, (char *p), "runtime.objectRest") {
    char *start = rt_heapbase(p);
    return start ? (size_t)(start + GC_size(start) - p) : 0;
}

static void invoke_finalizers(void *arg) {
    (void)arg;
    GC_invoke_finalizers();
}
// One ready finalizer's func value (nil: none) and its object. Only the finalizer goroutine calls
// it.
typedef struct RetFinalizer {
    void *fn, *obj;
} RetFinalizer;
GO_FUNC(RetFinalizer, rt_next_finalizer, (void), "runtime.nextFinalizer") {
    if (RACE) race_finalizer();
    if (fin_pending) {
        fin_pending = false;
        on_system_stack(invoke_finalizers, NULL);
    }
    if (!fin_queue || !*fin_queue) return (RetFinalizer){0};
    FinNode *n = *fin_queue;
    *fin_queue = n->next;
    return (RetFinalizer){n->fn, n->obj};
}
static bool fin_park(G *g, void *arg) {
    (void)arg;
    lock(&fin_lock);
    if (fin_pending || gc_ran) {
        unlock(&fin_lock);
        return false;
    }
    STORE_RELAXED(fin_waiter, g);
    unlock(&fin_lock);
    return true;
}
GO_FUNC(void, rt_wait_finalizers, (void), "runtime.waitFinalizers") {
    park(fin_park, NULL, WAIT_FINALIZER);
}

// Have all finalizers and cleanups that the last collection made ready been run?
GO_FUNC(uint8_t, rt_finalizers_idle, (void), "runtime.finalizersIdle") {
    return LOAD_RELAXED(fin_waiter) && !fin_pending && !gc_ran;
}

// Called by the scheduler now and then: wakes the finalizer goroutine if there is work.
G *finalizers_wake(void) {
    if (!LOAD_RELAXED(fin_waiter) || (!fin_pending && !gc_ran)) return NULL;
    lock(&fin_lock);
    G *g = fin_waiter;
    STORE_RELAXED(fin_waiter, NULL);
    unlock(&fin_lock);
    return g;
}

// links: hidden pointers that the collector clears when their object goes away --------------------

typedef struct LinkCall {
    void **link, *object;
    bool ok;
} LinkCall;
static void make_link(void *arg) {
    LinkCall *c = arg;
    void *base = GC_base(c->object);
    *c->link = (void *)GC_HIDE_POINTER(c->object);
    c->ok = base && GC_general_register_disappearing_link(c->link, base) != GC_NO_MEMORY;
}
bool heap_link(void **link, void *object) {
    LinkCall c = {link, object, false};
    on_system_stack(make_link, &c);
    return c.ok;
}
static void *GC_CALLBACK reveal(void *link) {
    void *hidden = *(void **)link, *object = hidden ? GC_REVEAL_POINTER(hidden) : NULL;
    if (object && snapshot_running()) snapshot_revive(object);
    return object;
}
static void load_link(void *arg) {
    LinkCall *c = arg;
    c->object = GC_call_with_alloc_lock(reveal, c->link);
}
void *heap_link_load(void **link) {
    LinkCall c = {link, NULL, false};
    on_system_stack(load_link, &c);
    return c.object;
}
static void remove_link(void *arg) {
    LinkCall *c = arg;
    GC_unregister_disappearing_link(c->link);
    *c->link = NULL;
}
void heap_unlink(void **link) {
    LinkCall c = {link, NULL, false};
    on_system_stack(remove_link, &c);
}
