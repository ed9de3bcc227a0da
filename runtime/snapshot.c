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

enum { REVIVED = 1024 };

// What parent and child share, besides the blocks' headers.
typedef struct Report {
    _Atomic uint32_t done;
    SnapshotFound found;
} Report;

static Report *report; // mapped once
static _Atomic bool running, untidy;
static _Atomic pid_t child, ended; // ended: the last one that was waited for
static bool is_child;
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
} whole[512];
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
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0}); // what goes wrong here is not the program's
    for (int sig = SIGILL; sig <= SIGSEGV; sig++) signal(sig, SIG_DFL);
    use_own_indexes();
    GC_scratch_free_ptr = NULL; // the rest of it is the parent's
    GC_parallel = FALSE;
    drop_free();
    GC_invalidate_mark_state();
    GC_clear_marks();
    GC_initiate_gc();
    while (!GC_mark_some(GC_approx_sp())) {}
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

// Free blocks that share a large page with what is in use: what is written there while the child
// lives is copied, page by page. They stay out of use until then, if there are enough of the others.
static struct hblk *withheld[N_HBLK_FLS + 1];

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

// Where enough cannot be had without them, copies cost less than a heap that grows.
static void withhold(size_t enough) {
    size_t have = 0;
    nwhole = 0;
    for (struct hblk *h = GC_hblkfreelist[N_HBLK_FLS], *next; h; h = next) {
        next = HDR(h)->hb_next; // pieces come before
        carve(h);
    }
    for (struct hblk *h = GC_hblkfreelist[N_HBLK_FLS]; h; h = HDR(h)->hb_next)
        if (is_whole(h) && nwhole < sizeof whole / sizeof *whole) {
            have += whole[nwhole].size = HDR(h)->hb_sz;
            whole[nwhole++].at = h;
        }
    if (have < enough) return;
    for (unsigned i = 0; i <= N_HBLK_FLS; i++)
        for (struct hblk *h = GC_hblkfreelist[i], *next; h; h = next) {
            hdr *hh = HDR(h);
            next = hh->hb_next;
            if (is_whole(h)) continue;
            GC_remove_from_fl_at(hh, (int)i);
            hh->hb_prev = NULL;
            hh->hb_next = withheld[i];
            if (withheld[i]) HDR(withheld[i])->hb_prev = h;
            withheld[i] = h;
        }
}

static void give_back(void) {
    for (unsigned i = 0; i <= N_HBLK_FLS; i++) {
        for (struct hblk *h = withheld[i], *next; h; h = next) {
            next = HDR(h)->hb_next;
            GC_add_to_fl(h, HDR(h));
        }
        withheld[i] = NULL;
    }
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
bool snapshot_begin(size_t enough) {
    if (GC_dont_gc) return false;
    tell(GC_EVENT_START);
    if (GC_parallel) GC_wait_for_reclaim();
    drop_lists();
    if ((!report && !(report = snapshot_share(sizeof *report))) || !copy_indexes()) return false;
    withhold(enough);
    reap(0); // the last one
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
        munmap(indexes, nindexes * sizeof *indexes);
        give_back();
        return false;
    }
    child = pid;
    GC_gc_no++; // blocks that are used from now on say so
    GC_dont_gc++;
    running = true;
    return true;
}

bool snapshot_over(void) { return atomic_load(&report->done) || reap(WNOHANG); }

static void end(void) {
    munmap(indexes, nindexes * sizeof *indexes);
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
    if (!untidy || running) return false;
    if (!reap(WNOHANG)) return true; // its end takes a while
    while (n && section < GC_n_heap_sects) {
        uintptr_t lo = (uintptr_t)GC_heap_sects[section].hs_start + at,
                  hi = (uintptr_t)GC_heap_sects[section].hs_start + GC_heap_sects[section].hs_bytes,
                  page = (lo + LARGE_PAGE - 1) & -(uintptr_t)LARGE_PAGE;
        if (page + LARGE_PAGE > hi) {
            section++;
            at = 0;
            continue;
        }
        at += page + LARGE_PAGE - lo;
        n--;
        madvise((void *)page, LARGE_PAGE, 25 /* MADV_COLLAPSE; an older kernel refuses */);
    }
    if (section < GC_n_heap_sects) return true;
    section = at = 0;
    untidy = false;
    return false;
}
