#include "runtime/snapshot.h"
#include "runtime/runs.h"

#include "private/gc_pmark.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The collector's own, without a header.
extern GC_bool GC_is_full_gc;
extern GC_on_collection_event_proc GC_on_collection_event;
void GC_finish_collection(void);
void GC_clear_fl_links(void **list);
void GC_split_block(struct hblk *h, hdr *hh, struct hblk *rest, hdr *rest_h, int list);
void GC_add_to_fl(struct hblk *h, hdr *hh);
void GC_remove_from_fl_at(hdr *hh, int list);
enum { N_HBLK_FLS = 60 }; // allchblk.c's, for blocks of HBLKSIZE
extern struct hblk *GC_hblkfreelist[N_HBLK_FLS + 1];
extern word GC_free_bytes[N_HBLK_FLS + 1];

enum { REVIVED = 1024 };

// What parent and child share, besides the blocks' headers.
typedef struct Report {
    _Atomic uint32_t done;
    _Atomic uint64_t steps; // of marking, each about as long
    SnapshotFound found;
} Report;

static Report *report; // mapped once
static _Atomic bool running, untidy;
static _Atomic pid_t child, ended; // ended: the last one that was waited for
static bool is_child;
static _Atomic uint64_t steps_before; // of the last child
// What weak pointers gave since the fork; more than fit make the snapshot useless.
static void *revived[REVIVED];
static uint32_t nrevived;

bool snapshot_running(void) { return atomic_load_explicit(&running, memory_order_relaxed); }
uint64_t *snapshot_extra(void) { return is_child ? report->found.extra : NULL; }

static void tell(GC_EventType e) {
    if (GC_on_collection_event) GC_on_collection_event(e);
}

// ---- The child ----

static void count(struct hblk *h, word arg) {
    (void)arg;
    const hdr *hh = HDR(h);
    report->found.objects += hh->hb_n_marks;
    report->found.bytes += hh->hb_n_marks * hh->hb_sz;
}

// The free memory that the parent uses next: the child lets it go, so that none of it is copied.
static struct {
    void *at;
    size_t size;
} whole[2048];
static uint32_t nwhole;

static void drop_free(void) {
    for (uint32_t i = 0; i < nwhole; i++) madvise(whole[i].at, whole[i].size, MADV_DONTNEED);
}

// The child's own index of the blocks in use, since the parent's, which it shares, changes.
static bottom_index *indexes;
static size_t nindexes;

static bottom_index *own(const bottom_index *b) { // by its key
    size_t lo = 0, hi = nindexes;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (indexes[mid].key <= b->key)
            lo = mid;
        else
            hi = mid;
    }
    return &indexes[lo];
}

// Before the fork. Free blocks are not in it: what leads there is no pointer.
static bool copy_indexes(void) {
    nindexes = 0;
    for (bottom_index *b = GC_all_bottom_indices; b; b = b->asc_link) nindexes++;
    indexes = mmap(NULL, nindexes * sizeof *indexes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (indexes == MAP_FAILED) return false;
    size_t n = 0;
    for (bottom_index *b = GC_all_bottom_indices; b; b = b->asc_link) indexes[n++] = *b;
    for (unsigned i = 0; i <= N_HBLK_FLS; i++)
        for (struct hblk *h = GC_hblkfreelist[i]; h; h = HDR(h)->hb_next) {
            bottom_index *b;
            GET_BI(h, b);
            own(b)->index[(word)h >> LOG_HBLKSIZE & (BOTTOM_SZ - 1)] = NULL;
        }
    return true;
}

static void use_own_indexes(void) {
    for (size_t i = 0; i < nindexes; i++) {
        bottom_index *b = &indexes[i];
        b->asc_link = i + 1 < nindexes ? b + 1 : NULL;
        b->desc_link = i ? b - 1 : NULL;
#ifdef HASH_TL
        if (b->hash_link != GC_all_nils) b->hash_link = own(b->hash_link);
#endif
    }
    for (size_t i = 0; i < TOP_SZ; i++)
        if (GC_top_index[i] != GC_all_nils) GC_top_index[i] = own(GC_top_index[i]);
    GC_all_bottom_indices = indexes;
    GC_all_bottom_indices_end = &indexes[nindexes - 1];
}

// Marks as with the world stopped, which it is: no other thread is in this process.
static _Noreturn void mark_and_report(void) {
    is_child = true;
    drop_free(); // before the parent writes there
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0}); // what goes wrong here is not the program's
    for (int sig = SIGILL; sig <= SIGSEGV; sig++) signal(sig, SIG_DFL);
    use_own_indexes();
    GC_scratch_free_ptr = NULL; // the rest of it is the parent's
    GC_parallel = FALSE;
    GC_invalidate_mark_state();
    GC_clear_marks();
    GC_initiate_gc();
    for (uint64_t steps = 0; !GC_mark_some(GC_approx_sp());)
        atomic_store_explicit(&report->steps, ++steps, memory_order_relaxed);
    GC_apply_to_all_blocks(count, 0);
    atomic_store(&report->done, 1);
    syscall(SYS_futex, &report->done, 1 /* FUTEX_WAKE, shared */, INT32_MAX, NULL, NULL, 0);
    syscall(SYS_exit_group, 0);
    __builtin_unreachable();
}

// ---- The parent ----

// What is free stays so for nobody until the marks are there.
static void drop_lists(void) {
    runs_forget();
    for (unsigned kind = 0; kind < GC_n_kinds; kind++) {
        struct obj_kind *k = &GC_obj_kinds[kind];
        if (!k->ok_reclaim_list) continue;
        for (size_t i = 0; i <= MAXOBJGRANULES; i++) {
            if (k->ok_descriptor != 0)
                GC_clear_fl_links(&k->ok_freelist[i]);
            else
                k->ok_freelist[i] = NULL;
            k->ok_reclaim_list[i] = NULL;
        }
    }
}

// Where new objects go while the child lives. What is written in a page after a fork is copied by the
// system, a fault for each of 4 KB (2.2 us here), and the large page, now many small ones, makes the
// next fork slow (20 us a MB). So all free blocks are withheld at the fork but those that are whole
// large pages, which the child lets go, and are supplied by and by: those of the large pages with the
// most free memory, each copied as a whole before (copy_whole), which costs a tenth of its faults.
typedef struct LargePage {
    struct hblk *free; // blocks that begin here, linked by hb_next
    size_t bytes;      // of them
    bool supply;       // to be supplied, as opposed to withheld until the end
} LargePage;
enum { PER_INDEX = BOTTOM_SZ * HBLKSIZE / LARGE_PAGE };
static LargePage *large; // PER_INDEX to an index, by address
static size_t supplied;  // those before it are
static _Atomic bool supplying, all_supplied;

static uintptr_t large_address(size_t i) {
    return (uintptr_t)indexes[i / PER_INDEX].key * BOTTOM_SZ * HBLKSIZE +
           i % PER_INDEX * LARGE_PAGE;
}

// Makes a block of its own of the large pages that lie in h, a block of the last list.
static void carve(struct hblk *h) {
    hdr *hh = HDR(h);
    uintptr_t lo = ((uintptr_t)h + LARGE_PAGE - 1) & -(uintptr_t)LARGE_PAGE,
              end = (uintptr_t)h + hh->hb_sz, hi = end & -(uintptr_t)LARGE_PAGE;
    if (hh->hb_flags & WAS_UNMAPPED || lo >= hi) return;
    hdr *first, *rest;
    if (lo > (uintptr_t)h) {
        if (!(first = GC_install_header((struct hblk *)lo))) return;
        GC_split_block(h, hh, (struct hblk *)lo, first, N_HBLK_FLS);
        hh = first;
    }
    if (hi < end && (rest = GC_install_header((struct hblk *)hi))) {
        GC_split_block((struct hblk *)lo, hh, (struct hblk *)hi, rest, N_HBLK_FLS);
        GC_remove_from_fl_at(rest, N_HBLK_FLS);
        GC_add_to_fl((struct hblk *)hi, rest);
    }
}

static bool is_whole(const struct hblk *h) {
    return ((uintptr_t)h | HDR(h)->hb_sz) % LARGE_PAGE == 0;
}

static size_t roomy; // bytes of a heap that need not grow

// The large pages with the most free memory, until there is enough; not those with little, whose
// copies cost more than new memory does.
static void choose(size_t have, size_t enough) {
    enum { BUCKETS = 32, BUCKET = LARGE_PAGE / BUCKETS, LEAST = 4, HALF = 16 };
    const unsigned end = GC_heapsize < roomy ? HALF : LEAST;
    size_t in[BUCKETS + 1] = {0};
#define BUCKET_OF(page) ((page)->bytes < LARGE_PAGE ? (page)->bytes / BUCKET : BUCKETS)
    for (size_t i = 0; i < nindexes * PER_INDEX; i++) in[BUCKET_OF(&large[i])] += large[i].bytes;
    unsigned least = BUCKETS + 1;
    while (least > end && have < enough) have += in[--least];
    for (size_t i = 0; i < nindexes * PER_INDEX; i++)
        large[i].supply = large[i].free && BUCKET_OF(&large[i]) >= least;
    supplied = 0;
#undef BUCKET_OF
}

// After copy_indexes. enough: so much is going to be allocated.
static bool withhold(size_t enough) {
    size_t have = 0;
    large = mmap(NULL, nindexes * PER_INDEX * sizeof *large, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (large == MAP_FAILED) return false;
    nwhole = 0;
    for (struct hblk *h = GC_hblkfreelist[N_HBLK_FLS], *next; h; h = next) {
        next = HDR(h)->hb_next; // pieces come before
        carve(h);
    }
    for (unsigned i = 0; i <= N_HBLK_FLS; i++)
        for (struct hblk *h = GC_hblkfreelist[i], *next; h; h = next) {
            hdr *hh = HDR(h);
            next = hh->hb_next;
            if (hh->hb_flags & WAS_UNMAPPED) continue;
            if (is_whole(h) && nwhole < sizeof whole / sizeof *whole) {
                have += whole[nwhole].size = hh->hb_sz;
                whole[nwhole++].at = h;
                continue;
            }
            bottom_index *b;
            GET_BI(h, b);
            LargePage *page = &large[(size_t)(own(b) - indexes) * PER_INDEX +
                                     (uintptr_t)h / LARGE_PAGE % PER_INDEX];
            GC_remove_from_fl_at(hh, (int)i);
            hh->hb_flags |= WITHHELD_FLAG;
            hh->hb_next = page->free;
            page->free = h;
            page->bytes += hh->hb_sz;
        }
    choose(have, enough);
    all_supplied = false;
    return true;
}

static void give(LargePage *page) {
    for (struct hblk *h = page->free, *next; h; h = next) {
        hdr *hh = HDR(h);
        next = hh->hb_next;
        hh->hb_flags &= (unsigned char)~WITHHELD_FLAG;
        GC_add_to_fl(h, hh);
    }
    page->free = NULL;
    page->bytes = 0;
}

static void give_back(void) {
    for (size_t i = 0; i < nindexes * PER_INDEX; i++) give(&large[i]);
    munmap(large, nindexes * PER_INDEX * sizeof *large);
    munmap(indexes, nindexes * sizeof *indexes);
}

// What is supplied at once: large pages of one section of the heap, not too far from each other.
typedef struct Batch {
    uintptr_t lo, hi;
    unsigned n;
    uintptr_t in[16]; // somewhere in each
    size_t first, after;
    uint32_t snapshot;
} Batch;
enum { BATCH = 8, FAR = 32 * LARGE_PAGE, MORE = 32 << 20 };
static uint32_t nsnapshots;

static uintptr_t section_end(uintptr_t at) {
    for (size_t i = 0; i < GC_n_heap_sects; i++)
        if (at - (uintptr_t)GC_heap_sects[i].hs_start < GC_heap_sects[i].hs_bytes) {
            at = (uintptr_t)GC_heap_sects[i].hs_start + GC_heap_sects[i].hs_bytes;
            i = (size_t)-1; // is there one that follows?
        }
    return at;
}

static void *GC_CALLBACK take_batch(void *arg) {
    Batch *b = arg;
    if (!running) return NULL;
    size_t n = nindexes * PER_INDEX, i = supplied, pages = 0;
    while (i < n && !large[i].supply) i++;
    if (i == n) { // more than was expected is allocated
        choose(0, MORE);
        for (i = 0; i < n && !large[i].supply;) i++;
        if (i == n) {
            all_supplied = true;
            return NULL;
        }
    }
    uintptr_t end = 0;
    b->snapshot = nsnapshots;
    b->first = i;
    for (; i < n && pages < BATCH; i++) {
        if (!large[i].supply) continue;
        uintptr_t at = large_address(i);
        if (!end) {
            end = section_end((uintptr_t)large[i].free);
            b->lo = at;
        } else if (at >= end || at - b->lo >= FAR) {
            break;
        }
        pages++;
        b->hi = at + LARGE_PAGE;
        b->in[b->n++] = (uintptr_t)large[i].free;
        for (struct hblk *h = large[i].free; h; h = HDR(h)->hb_next) {
            uintptr_t last = (uintptr_t)h + HDR(h)->hb_sz - HBLKSIZE;
            if (last < b->hi) continue; // it reaches into the next one
            b->hi = (last & -(uintptr_t)LARGE_PAGE) + LARGE_PAGE;
            if (b->n < sizeof b->in / sizeof *b->in) b->in[b->n++] = last;
        }
    }
    supplied = b->after = i;
    return arg;
}

static void *GC_CALLBACK give_batch(void *arg) {
    const Batch *b = arg;
    if (!running || b->snapshot != nsnapshots) return NULL; // they were given back
    for (size_t i = b->first; i < b->after; i++)
        if (large[i].supply) {
            give(&large[i]);
            large[i].supply = false;
        }
    return arg;
}

enum { POPULATE_WRITE = 23, COLLAPSE = 25 }; // of madvise; an older kernel refuses

static uint64_t cpu_ns(void) { // of this thread
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

// A large page is copied when it is made one of small ones, which the copy of one of them makes it.
static _Atomic uint64_t copying;
uint64_t snapshot_copying(void) { return copying; }
static void copy_whole(const Batch *b) {
    for (unsigned i = 0; i < b->n; i++)
        madvise((void *)(b->in[i] & -(uintptr_t)4096), 4096, POPULATE_WRITE);
    uint64_t start = cpu_ns();
    madvise((void *)b->lo, b->hi - b->lo, COLLAPSE);
    copying += cpu_ns() - start;
}

void snapshot_supply(size_t ahead) {
    if (!running || all_supplied) return;
    size_t have = 0;
    for (unsigned i = 0; i <= N_HBLK_FLS; i++) have += GC_free_bytes[i];
    if (have >= ahead || atomic_exchange(&supplying, true)) return;
    Batch b = {0};
    if (GC_call_with_alloc_lock(take_batch, &b)) {
        copy_whole(&b);
        GC_call_with_alloc_lock(give_batch, &b);
    }
    supplying = false;
}

// A process that shares open files, so that those that the program closes are closed, and whose end
// raises no signal and is nothing that wait(-1) sees. No handler of the program runs in it.
static pid_t fork_quietly(void) {
    enum { SHARE = 0x400 /* CLONE_FILES */ | 0x200 /* CLONE_FS */ };
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = (pid_t)syscall(SYS_clone, SHARE, NULL, NULL, NULL, NULL);
    if (pid != 0) sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

void *snapshot_share(size_t size) {
    if (is_child) return NULL;
    void *p =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

// Has the child ended? Any thread may ask, also of one whose turn is over.
static bool reap(int options) {
    pid_t which = child;
    while (ended != which) {
        pid_t pid = waitpid(which, NULL, options | __WCLONE);
        if (pid < 0 && errno == EINTR) continue;
        if (pid == 0) return false;
        ended = which; // or it is not ours any more
    }
    return true;
}

// All but the fork itself is done before the world stops: with the lock held nothing changes.
bool snapshot_begin(size_t enough, size_t heap) {
    roomy = heap;
    if (GC_dont_gc) return false;
    tell(GC_EVENT_START);
    if (GC_parallel) GC_wait_for_reclaim();
    drop_lists();
    if ((!report && !(report = snapshot_share(sizeof *report))) || !copy_indexes()) return false;
    if (!withhold(enough)) {
        munmap(indexes, nindexes * sizeof *indexes);
        return false;
    }
    nsnapshots++;
    reap(0); // the last one
    steps_before = report->steps;
    *report = (Report){0};
    nrevived = 0;
    tell(GC_EVENT_PRE_STOP_WORLD);
    GC_stop_world();
    tell(GC_EVENT_POST_STOP_WORLD);
    pid_t pid = fork_quietly();
    if (pid == 0) mark_and_report();
    tell(GC_EVENT_PRE_START_WORLD);
    GC_start_world();
    tell(GC_EVENT_POST_START_WORLD);
    if (pid < 0) {
        give_back();
        return false;
    }
    child = pid;
    GC_gc_no++; // blocks that are used from now on say so
    GC_dont_gc++;
    running = true;
    return true;
}

unsigned snapshot_progress(void) {
    uint64_t steps = atomic_load_explicit(&report->steps, memory_order_relaxed);
    uint64_t before = steps_before;
    return steps < before ? (unsigned)(steps * 100 / before) : 100;
}

bool snapshot_over(void) { return atomic_load(&report->done) || reap(WNOHANG); }

static void end(void) {
    give_back();
    memset(whole, 0, sizeof whole); // else what lies there next is found again
    memset(revived, 0, sizeof revived);
    running = false;
    untidy = true;
    GC_dont_gc--;
}

void snapshot_cancel(void) {
    if (!running) return;
    if (!reap(WNOHANG)) kill(child, SIGKILL);
    reap(0); // it marks no more
    end();
}

void snapshot_revive(void *object) {
    if (nrevived < REVIVED) revived[nrevived] = object;
    nrevived++;
}

static void keep_fresh(struct hblk *h, word arg) {
    (void)arg;
    hdr *hh = HDR(h);
    if (IS_UNCOLLECTABLE(hh->hb_obj_kind) || hh->hb_last_reclaimed != (unsigned short)GC_gc_no)
        return;
    if (IS_RUN(hh))
        run_keep(hh);
    else
        GC_set_hdr_marks(hh);
}

// As finalizers' marking does it, behind a collection's own.
static void mark_revived(void) {
    for (uint32_t i = 0; i < nrevived; i++) {
        GC_push_all_eager((ptr_t)&revived[i], (ptr_t)(&revived[i] + 1));
        while (!GC_mark_stack_empty()) MARK_FROM_MARK_STACK();
        if (GC_mark_state != MS_NONE) // the stack was too small
            while (!GC_mark_some(NULL)) {}
    }
}

void snapshot_wait(int64_t ns) {
    struct timespec ts = {ns / 1000000000, ns % 1000000000};
    if (!snapshot_over())
        syscall(SYS_futex, &report->done, 0 /* FUTEX_WAIT, shared */, 0, &ts, NULL, 0);
}

// The order is a collection's own: marks, what finalizers hold, then sweeping, which needs no stop.
bool snapshot_finish(SnapshotFound *found) {
    if (!running) return true;
    if (!atomic_load(&report->done) || nrevived > REVIVED) {
        snapshot_cancel();
        return false;
    }
    *found = report->found;
    GC_apply_to_all_blocks(keep_fresh, 0);
    mark_revived();
    end();
    GC_is_full_gc = TRUE;
    // After failures it would look up this thread, which may be sysmon's, not the collector's.
    unsigned failures = GC_fail_count;
    GC_fail_count = 0;
    GC_finish_collection();
    GC_fail_count = failures;
    tell(GC_EVENT_END);
    return true;
}

// ---- Large pages ----

// The fork's cost is that of the page tables, and a first write's to each page after it: both small
// for large pages, which those that were copied are no more. One after the other is made one again.
bool snapshot_tidy(unsigned n) {
    static size_t section, at;
    static _Atomic bool one;
    if (!untidy || running) return false;
    if (!reap(WNOHANG)) return true; // its end takes a while
    if (atomic_exchange(&one, true)) return true;
    while (section < GC_n_heap_sects) {
        uintptr_t lo = (uintptr_t)GC_heap_sects[section].hs_start + at,
                  hi = (uintptr_t)GC_heap_sects[section].hs_start + GC_heap_sects[section].hs_bytes,
                  page = (lo + LARGE_PAGE - 1) & -(uintptr_t)LARGE_PAGE;
        if (page + LARGE_PAGE > hi) {
            section++;
            at = 0;
            continue;
        }
        // One call for several: each waits for what other processors have pending.
        size_t size = (hi & -(uintptr_t)LARGE_PAGE) - page;
        if (size > (size_t)n * LARGE_PAGE) size = (size_t)n * LARGE_PAGE;
        at += page + size - lo;
        madvise((void *)page, size, COLLAPSE);
        break;
    }
    bool more = section < GC_n_heap_sects;
    if (!more) {
        section = at = 0;
        untidy = false;
    }
    one = false;
    return more;
}
