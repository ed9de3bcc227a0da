// profile: where programs allocate, block, contend and spend time, as runtime/pprof asks for it.
//
// Records of allocations, blocking and contention are buckets, one per stack (and size of object),
// found by hash and never freed. A P's allocations are sampled when its count of bytes reaches
// sample_at, which lies a random way ahead, exponentially distributed about MemProfileRate. A
// sampled object is remembered without holding it: after each collection those that were not marked
// count as freed. The stacks are physical return addresses of Go code; package runtime finds
// inlined frames when it reads them.
//
// The profile of CPU time is a ring of samples that SIGPROF's handler fills and package
// runtime/pprof empties every 100 ms.
#include "runtime/cgo.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/profile.h"
#include "runtime/race.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include "runtime/signal.h"
#include "runtime/trace.h"
#include "runtime/traceback.h"
#include <gc.h>
#include <gc_mark.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

enum { PROF_MEM, PROF_BLOCK, PROF_MUTEX, PROF_KINDS };
enum { DEPTH = 128, TABLE = 4096 };

typedef struct Bucket {
    struct Bucket *next; // of its hash
    struct Bucket *all;  // of its kind
    uint64_t hash;
    int64_t size, count, frees, cycles;
    intptr_t kind, depth;
    uintptr_t pcs[];
} Bucket;

static Mutex prof_lock;
static Bucket *table[TABLE], *all_buckets[PROF_KINDS];

// Buckets are never freed: their number is that of the program's stacks.
static Bucket *bucket_of(int kind, int64_t size, const uintptr_t *pcs, intptr_t n) {
    uint64_t h = (uint64_t)kind * 31 + (uint64_t)size;
    for (intptr_t i = 0; i < n; i++) h = (h ^ pcs[i]) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    Bucket **slot = &table[h % TABLE];
    for (Bucket *b = *slot; b; b = b->next)
        if (b->hash == h && b->kind == kind && b->size == size && b->depth == n &&
            !memcmp(b->pcs, pcs, (size_t)n * sizeof *pcs))
            return b;
    Bucket *b = persistent_alloc(sizeof *b + (size_t)n * sizeof *pcs);
    b->hash = h;
    b->kind = kind;
    b->size = size;
    b->depth = n;
    memcpy(b->pcs, pcs, (size_t)n * sizeof *pcs);
    b->next = *slot;
    *slot = b;
    b->all = all_buckets[kind];
    all_buckets[kind] = b;
    return b;
}

// The Go frames of the goroutine (or thread) that calls.
static NOINLINE intptr_t own_stack(uintptr_t *pcs, bool entry) {
    G *g = getg();
    M *m = getm();
    bool thread = g == &m->g0 || on_g0();
    uintptr_t *fp = __builtin_frame_address(0);
    Walk w = walk_g(g, fp[1], fp[0], false);
    if (thread) w.at = (Segment){m->g0lo, m->g0hi};
    return stack_pcs(pcs, DEPTH, w, entry);
}

// memory ------------------------------------------------------------------------------------------

// The Go variable.
extern int64_t mem_profile_rate GOSYM("runtime.MemProfileRate") __attribute__((weak));

typedef struct Sample {
    uintptr_t hidden; // ~address
    Bucket *bucket;
} Sample;
static Sample *samples;
static size_t n_samples, cap_samples;

// -ln(x) of a random x in (0, 1].
static double random_exp(void) {
    union {
        double d;
        uint64_t bits;
    } u = {.d = (double)((fastrand() >> 11) + 1) * 0x1p-53};
    double e = (double)(int64_t)(u.bits >> 52) - 1022;
    u.bits = (u.bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1022 << 52;
    double s = (u.d - 1) / (u.d + 1), t = s * s;
    double ln = 2 * s * (1 + t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t / 9))));
    return -(e * 0.6931471805599453 + ln);
}

static void choose_next(P *p) {
    int64_t rate = &mem_profile_rate ? LOAD_RELAXED(mem_profile_rate) : 0;
    p->sample_rate = rate;
    p->sample_at = rate <= 0   ? UINT64_MAX
                   : rate == 1 ? 0
                               : p->nbytes + (uint64_t)(random_exp() * (double)rate) + 1;
    if (RACE) {
        p->race_sample_at = p->sample_at;
        p->sample_at = 0;
    }
}

// Takes notice of a new rate.
void profile_arm(P *p) {
    if (&mem_profile_rate && unlikely(p->sample_rate != LOAD_RELAXED(mem_profile_rate)))
        choose_next(p);
}

// Sampled by a Poisson process over bytes, as gc does: pprof scales the counts back by that.
NOINLINE void profile_alloc(P *p, void *object, size_t size, bool scan) {
    if (RACE) {
        race_malloc(object, size);
        if (p->nbytes < p->race_sample_at) return;
    }
    choose_next(p);
    if (p->sample_rate <= 0) return;
    uintptr_t pcs[DEPTH];
    intptr_t n = own_stack(pcs, false);
    if (size & 1) size--; // arrays are allocated with a byte more
    size = !scan && size < 16 ? 16 : round_up_size(size, !scan);
    lock(&prof_lock);
    Bucket *b = bucket_of(PROF_MEM, (int64_t)size, pcs, n);
    b->count++;
    if (n_samples == cap_samples) {
        size_t cap = cap_samples ? 2 * cap_samples : 4096;
        Sample *s =
            mmap(NULL, cap * sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (s == MAP_FAILED) rt_fatal("runtime: cannot allocate memory");
        if (samples) {
            memcpy(s, samples, n_samples * sizeof *s);
            munmap(samples, cap_samples * sizeof *s);
        }
        samples = s;
        cap_samples = cap;
    }
    samples[n_samples++] = (Sample){~(uintptr_t)object, b};
    unlock(&prof_lock);
}

void profile_visit(void (*bucket)(const void *id, uint64_t size, const uintptr_t *pcs, intptr_t n,
                                  uint64_t allocs, uint64_t frees),
                   void (*sample)(const void *object, const void *bucket)) {
    lock(&prof_lock);
    for (Bucket *b = all_buckets[PROF_MEM]; b; b = b->all)
        bucket(b, (uint64_t)b->size, b->pcs, b->depth, (uint64_t)b->count, (uint64_t)b->frees);
    for (size_t i = 0; i < n_samples; i++) sample((void *)~samples[i].hidden, samples[i].bucket);
    unlock(&prof_lock);
}

// After a collection, with the collector's lock held and before anything that it found to be
// garbage is allocated again.
void profile_collected(void) {
    lock(&prof_lock);
    size_t k = 0;
    for (size_t i = 0; i < n_samples; i++) {
        void *base = GC_base((void *)~samples[i].hidden);
        if (base && GC_is_marked(base))
            samples[k++] = samples[i];
        else
            samples[i].bucket->frees++;
    }
    n_samples = k;
    unlock(&prof_lock);
}

// blocking, contention ----------------------------------------------------------------------------

_Atomic int64_t block_profile_rate, mutex_profile_fraction;

// begin: as trace.h has it; frames to leave out are the bucket's size.
static void record_event(int kind, int64_t cycles, int64_t count, int begin) {
    uintptr_t pcs[DEPTH];
    intptr_t n = own_stack(pcs, begin == STACK_ENTRY);
    lock(&prof_lock);
    Bucket *b = bucket_of(kind, begin == STACK_ENTRY ? 0 : begin, pcs, n);
    b->count += count;
    b->cycles += cycles;
    unlock(&prof_lock);
}

// A goroutine was parked since then. Short waits are recorded by chance, as many as they stand for.
static void block_event(int64_t cycles, int begin) {
    int64_t rate = block_profile_rate;
    if (rate <= 0) return;
    if (cycles <= 0) cycles = 1;
    if (cycles >= rate) {
        record_event(PROF_BLOCK, cycles, 1, begin);
    } else if ((int64_t)(fastrand() % (uint64_t)rate) < cycles) {
        record_event(PROF_BLOCK, rate, rate / cycles, begin);
    }
}
GO_FUNC(void, rt_block_event, (int64_t cycles, intptr_t skip), "runtime.blockevent") {
    (void)skip; // the runtime's frames are left out
    block_event(cycles, 0);
}
void profile_blocked(WaitReason reason, int64_t since) {
    if (reason != WAIT_SEMACQUIRE && (reason < WAIT_CHAN_RECEIVE_NIL || reason > WAIT_WAITGROUP))
        return;
    block_event(nanotime() - since, stack_begin_of_wait(reason));
}

// The one that unlocks is charged with what a waiter waited.
void profile_contended(int64_t since, WaitReason reason) {
    int64_t fraction = mutex_profile_fraction;
    if (fraction > 0 && fastrand() % (uint64_t)fraction == 0)
        record_event(PROF_MUTEX, nanotime() - since, 1, stack_begin_of_wake(reason));
}

GO_FUNC(void, rt_set_block_rate, (intptr_t v), "runtime.setBlockProfileRate") {
    block_profile_rate = v;
}
GO_FUNC(intptr_t, rt_set_mutex_fraction, (intptr_t v), "runtime.setMutexProfileFraction") {
    return v < 0 ? mutex_profile_fraction : atomic_exchange(&mutex_profile_fraction, v);
}

// The first bucket of a kind, or the one after b: nil at the end. Buckets stay, and their counts
// only grow.
GO_FUNC(Bucket *, rt_next_bucket, (intptr_t kind, Bucket *b), "runtime.nextBucket") {
    lock(&prof_lock);
    Bucket *next = b ? b->all : all_buckets[kind];
    unlock(&prof_lock);
    return next;
}

// goroutines --------------------------------------------------------------------------------------

typedef struct GoroutineRecord {
    void *labels;
    intptr_t depth;
    uintptr_t pcs[DEPTH];
} GoroutineRecord;

// Stacks of all goroutines while the world is stopped, the caller's first; or of those that have
// leaked. How many there are, which may be more than fit.
GO_FUNC(intptr_t, rt_goroutine_stacks, (GoroutineRecord * out, intptr_t max, uint8_t leaked),
        "runtime.goroutineStacks") {
    G *self = getg();
    intptr_t n = 0;
    if (max > 0 && !leaked) {
        out[0].labels = self->life.labels;
        out[0].depth = own_stack(out[0].pcs, false);
    }
    if (!leaked) n++;
    uint32_t count = n_all_gs;
    for (uint32_t i = 0; i < count; i++) {
        G *g = all_gs[i];
        uint32_t s = g->status;
        if (g == self || g->life.system || s == G_DEAD || s == G_IDLE) continue;
        if (leaked && !g->life.leaked) continue;
        if (n++ >= max) continue;
        GoroutineRecord *r = &out[n - 1];
        uintptr_t pc = 0, fp = 0;
        if (s != G_RUNNING) saved_frame(g, &pc, &fp);
        r->labels = g->life.labels;
        r->depth = stack_pcs(r->pcs, DEPTH, walk_g(g, pc, fp, false), false);
        if (!r->depth && g->life.startpc) r->pcs[r->depth++] = g->life.startpc + 1;
    }
    return n;
}

// CPU time ----------------------------------------------------------------------------------------

enum { RING = 2048, CPU_DEPTH = 64 };
enum { EMPTY, FILLING, FULL };
typedef struct CpuSample {
    _Atomic uint32_t state;
    uint32_t depth;
    int64_t time;
    void *labels;
    uintptr_t pcs[CPU_DEPTH];
} CpuSample;
static CpuSample *ring; // scanned, for the labels
static _Atomic uint64_t ring_in, lost;
static uint64_t ring_out;
static _Atomic bool profiling;

// C's frames, marked, where the program knows them, and Go's that called it. Of a thread that is none
// of Go's, without either, the pc.
static intptr_t stack_of_c(G *g, uintptr_t pc, void *context, uintptr_t *pcs) {
    const uintptr_t mark = (uintptr_t)1 << 63;
    intptr_t n = cgo_pcs(0, context, pcs, CPU_DEPTH);
    for (intptr_t i = 0; i < n; i++) pcs[i] |= mark;
    if (g) {
        uintptr_t from = 0, frame = 0;
        saved_frame(g, &from, &frame);
        n += stack_pcs(pcs + n, CPU_DEPTH - n, walk_g(g, from, frame, false), false);
    }
    if (!n) pcs[n++] = pc | mark;
    return n;
}

// In a signal handler: the stack is walked by frame pointers, and put into a ring that a goroutine
// reads.
static void on_prof(int sig, siginfo_t *info, void *ctx) {
    (void)sig, (void)info;
    if (!profiling) return;
    uint64_t at = ring_in;
    do {
        if (ring[at % RING].state != EMPTY) {
            lost++;
            return;
        }
    } while (!atomic_compare_exchange_weak(&ring_in, &at, at + 1));
    CpuSample *s = &ring[at % RING];
    s->state = FILLING;
    ucontext_t *uc = ctx;
#if defined(__x86_64__)
    uintptr_t pc = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP],
              sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP],
              fp = (uintptr_t)uc->uc_mcontext.gregs[REG_RBP];
#else
    uintptr_t pc = uc->uc_mcontext.pc, sp = uc->uc_mcontext.sp, fp = uc->uc_mcontext.regs[29];
#endif
    M *m = vole_tls_m;
    G *g = m ? m->curg : NULL;
    s->depth = 0;
    s->labels = g ? g->life.labels : NULL;
    s->time = nanotime();
    const Segment *part = g ? stack_part(g, sp) : NULL;
    if (part) {
        Walk w = {pc, fp, true, {sp, part->hi}, g->home};
        s->depth = (uint32_t)stack_pcs(s->pcs, CPU_DEPTH, w, false);
    } else if (!g || cgo_in_c(m)) {
        s->depth = (uint32_t)stack_of_c(g, pc, uc, s->pcs);
    } else if (g && m->p && g->status == G_RUNNING &&
               m->g0sp) { // the runtime works for the goroutine on the thread's stack
        uintptr_t from = 0, frame = 0;
        saved_frame(g, &from, &frame);
        s->depth = (uint32_t)stack_pcs(s->pcs, CPU_DEPTH, walk_g(g, from, frame, false), false);
    }
    uint32_t of_c = 0;
    while (of_c < s->depth && s->pcs[of_c] >> 63) of_c++;
    if (TRACING) trace_cpu_sample(m, s->pcs + of_c, s->depth - of_c);
    s->state = FULL;
}

GO_FUNC(void, rt_set_cpu_profile, (intptr_t hz), "runtime.setCPUProfile") {
    if (hz > 0 && !ring) {
        ring = rt_root_alloc(RING * sizeof *ring);
        signal_install(SIGPROF, on_prof);
    }
    profiling = hz > 0;
    suseconds_t us = hz > 0 ? (suseconds_t)(1000000 / hz) : 0;
    struct itimerval t = {{us / 1000000, us % 1000000}, {us / 1000000, us % 1000000}};
    setitimer(ITIMER_PROF, &t, NULL);
}

// The next sample's stack, or -1. A signal that came between taking a place and filling it is
// waited for by the next reader.
typedef struct RetSample {
    intptr_t depth;
    int64_t time;
    void *labels;
} RetSample;
GO_FUNC(RetSample, rt_next_cpu_sample, (uintptr_t *pcs), "runtime.nextCPUSample") {
    CpuSample *s = ring ? &ring[ring_out % RING] : NULL;
    if (!s || s->state != FULL) return (RetSample){-1, 0, NULL};
    RetSample r = {s->depth, s->time, s->labels};
    memcpy(pcs, s->pcs, s->depth * sizeof *pcs);
    s->labels = NULL;
    s->state = EMPTY;
    ring_out++;
    return r;
}
GO_FUNC(int64_t, rt_lost_cpu_samples, (void), "runtime.lostCPUSamples") {
    return (int64_t)atomic_exchange(&lost, 0);
}
