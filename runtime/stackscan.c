// The words of a stack are pointers if they look so. Variables that their functions no longer use
// (stackmap.h) are left out at first: they hold something only for those that have pointers to them,
// which lie in other words of the stack, in the goroutine's registers, in its G, in what waits for
// it, or in such variables.
#include "runtime/heap.h"
#include "runtime/sched.h"
#include "runtime/stackmap.h"
#include "runtime/stackscan.h"
#include "runtime/sudog.h"
#include "private/gc_pmark.h"
#include <sys/mman.h>

// The variables of one stack that are left out, and those of them that were found and not yet
// scanned, a list by their numbers.
static struct {
    DeadVar *vars;
    size_t n;
    uintptr_t lo, hi; // of them all
    size_t *queue;
    size_t queued;
} dead;

static void found(DeadVar *v) {
    if (v->found) return;
    v->found = true;
    dead.queue[dead.queued++] = (size_t)(v - dead.vars);
}

// p points into a variable, or just behind it, where the next one may begin.
static void find_word(uintptr_t p) {
    if (p < dead.lo || p > dead.hi) return;
    size_t from = 0, to = dead.n;
    while (from < to) { // the first that p is not behind
        size_t mid = (from + to) / 2;
        if (dead.vars[mid].last < p)
            from = mid + 1;
        else
            to = mid;
    }
    for (; from < dead.n && dead.vars[from].lo <= p; from++) found(&dead.vars[from]);
}

// Also slices and strings that one of the words just ends.
static void scan_heap_word(uintptr_t p) {
    GC_push_all_eager(&p, &p + 1);
    if (p % 16) return;
    void *object = GC_base((void *)(p - 1));
    size_t size;
    if (object && heap_end_holds(object, &size) && (uintptr_t)object + size == p)
        GC_push_all_eager(&object, &object + 1);
}

__attribute__((no_sanitize("address", "thread"))) void scan_words(uintptr_t lo, uintptr_t hi) {
    if (!lo) return;
    uintptr_t from = (uintptr_t)GC_least_plausible_heap_addr,
              to = (uintptr_t)GC_greatest_plausible_heap_addr;
    for (lo = ALIGN_UP(lo, sizeof(void *)); lo + sizeof(void *) <= hi; lo += sizeof(void *)) {
        uintptr_t p = *(const uintptr_t *)lo;
        if (p >= from && p <= to) scan_heap_word(p);
        if (dead.n) find_word(p);
    }
}

// Of what is scanned anyway.
__attribute__((no_sanitize("address", "thread"))) static void find_words(uintptr_t lo,
                                                                         uintptr_t hi) {
    if (!lo) return;
    for (lo = ALIGN_UP(lo, sizeof(void *)); lo + sizeof(void *) <= hi; lo += sizeof(void *))
        find_word(*(uintptr_t *)lo);
}

// A part of the stack, without the variables that lie in it.
static void scan_around(uintptr_t lo, uintptr_t hi) {
    for (size_t i = 0; i < dead.n; i++) {
        const DeadVar *v = &dead.vars[i];
        if (v->lo < lo || v->hi > hi) continue;
        scan_words(lo, v->lo);
        lo = v->hi;
    }
    scan_words(lo, hi);
}

static bool make_room(void) {
    static size_t room;
    if (dead.n <= room) return true;
    size_t more = ALIGN_UP(dead.n, 4096);
    size_t *p =
        mmap(NULL, more * sizeof *p, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return false;
    if (room) munmap(dead.queue, room * sizeof *p);
    dead.queue = p;
    room = more;
    return true;
}

void scan_stack(const G *g, uintptr_t sp, uintptr_t beyond, Walk from, const Segment *elsewhere,
                size_t n) {
    const Segment *s = stack_part(g, sp);
    if (!s) return;
    dead.vars = stackmap_dead(from, &dead.n);
    if (!dead.n || !make_room()) {
        dead.n = 0;
        scan_words(sp - beyond, s->hi);
        if (s != &g->home) scan_words(g->hop_sp, g->home.hi);
        return;
    }
    dead.lo = dead.vars[0].lo;
    dead.hi = dead.vars[dead.n - 1].hi;
    dead.queued = 0;
    scan_around(sp - beyond, s->hi);
    if (s != &g->home) scan_around(g->hop_sp, g->home.hi);
    find_words((uintptr_t)g, (uintptr_t)(g + 1));
    for (const Sudog *w = g->life.waiting; w; w = w->waitlink) find_word((uintptr_t)w->elem);
    for (size_t i = 0; i < n; i++) find_words(elsewhere[i].lo, elsewhere[i].hi);
    while (dead.queued) {
        const DeadVar *v = &dead.vars[dead.queue[--dead.queued]];
        scan_words(v->lo, v->hi);
    }
    dead.n = 0;
}
