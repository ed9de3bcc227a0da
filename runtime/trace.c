// trace: events of the execution tracer, in the format that GOROOT's internal/trace/tracev2 states.
//
// An M writes its events into a buffer of its own, in order, so that none waits for another; full
// buffers, batches in the format's words, queue for the goroutine that calls runtime.ReadTrace. The
// trace is a sequence of generations, a second long each, which can be read alone: stacks and
// strings are numbered anew, and each begins with the state of all processors and goroutines. The
// world is stopped for that, which makes it simple: at that time no event is half told (trace.h),
// all processors but one are idle, and nothing has to be remembered of who was mentioned when.
// Stacks get their names after the world runs again, while the next generation is written.
//
//     M's buffers      ev ev ev | ev ev ev ...      ^ the world stands: buffers are taken, states
//     stacks, strings                |  named      written, tables changed
//     reader           ......... gen 1 ......... end | gen 2 ...
//
// Order between Ms comes from sequence numbers: each P and goroutine counts what others do to it.
#include "runtime/trace.h"
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/sched_impl.h"
#include "runtime/sema.h"
#include "runtime/snapshot.h"
#include "runtime/string.h"
#include "runtime/symtab.h"
#include "runtime/timer.h"
#include "runtime/traceback.h"
#include <sys/mman.h>

bool trace_on;

// The format's: kinds of events, states.
enum {
    EV_BATCH = 1,
    EV_STACKS,
    EV_STACK,
    EV_STRINGS,
    EV_STRING,
    EV_CPU_SAMPLES,
    EV_CPU_SAMPLE,
    EV_FREQUENCY,
    EV_PROCS_CHANGE,
    EV_PROC_START,
    EV_PROC_STOP,
    EV_PROC_STEAL,
    EV_PROC_STATUS,
    EV_GO_CREATE,
    EV_GO_CREATE_SYSCALL,
    EV_GO_START,
    EV_GO_DESTROY,
    EV_GO_DESTROY_SYSCALL,
    EV_GO_STOP,
    EV_GO_BLOCK,
    EV_GO_UNBLOCK,
    EV_GO_SYSCALL_BEGIN,
    EV_GO_SYSCALL_END,
    EV_GO_SYSCALL_END_BLOCKED,
    EV_GO_STATUS,
    EV_STW_BEGIN,
    EV_STW_END,
    EV_GC_ACTIVE,
    EV_GC_BEGIN,
    EV_GC_END,
    EV_HEAP_ALLOC = 37,
    EV_HEAP_GOAL,
    EV_USER_TASK_BEGIN = 40,
    EV_USER_TASK_END,
    EV_USER_REGION_BEGIN,
    EV_USER_REGION_END,
    EV_USER_LOG,
    EV_GO_SWITCH,
    EV_GO_SWITCH_DESTROY,
    EV_GO_CREATE_BLOCKED,
    EV_GO_STATUS_STACK,
    EV_SYNC = 50,
    EV_CLOCK_SNAPSHOT,
    EV_END_OF_GENERATION,
};
enum { GO_RUNNABLE = 1, GO_RUNNING, GO_SYSCALL, GO_WAITING };
enum { PROC_RUNNING = 1, PROC_IDLE };
enum { MAX_FRAMES = 128, MAX_STRING = 1024, VARINT_MAX = 10, BATCH = 64 << 10 };
static const uint64_t NO_THREAD = UINT64_MAX, NO_PROC = UINT64_MAX;

// Units of 16 ns: the clock takes longer to read, and most differences fit into a byte.
enum { NS_PER_UNIT = 16 };
static uint64_t clock_now(void) { return (uint64_t)nanotime() / NS_PER_UNIT; }

// memory ------------------------------------------------------------------------------------------

static void *map(size_t n) {
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) rt_throw("trace: out of memory");
    return p;
}

struct TraceBuf {
    TraceBuf *link;
    uint64_t last; // time of its last event
    uint32_t n, length_at;
    uint8_t bytes[BATCH - 24];
};
typedef struct Queue {
    TraceBuf *head, *tail;
} Queue;

// What is numbered in a generation: looked up without a lock, nothing is ever removed.
typedef struct Entry {
    struct Entry *next;
    uint64_t hash, id;
    uint32_t n;
    char data[];
} Entry;
typedef struct Chunk {
    struct Chunk *link;
    size_t used;
    char bytes[];
} Chunk;
enum { SLOTS = 4096, CHUNK = 256 << 10 };
typedef struct Table {
    _Atomic(Entry *) slots[SLOTS];
    Mutex lock; // of who adds
    uint64_t n;
    Chunk *chunks;
} Table;

// Samples of CPU time, from the signal handler until the generation's end.
enum { SAMPLES = 2048, SAMPLE_DEPTH = 64 };
enum { EMPTY, FILLING, FULL };
typedef struct Sample {
    _Atomic uint32_t state;
    uint32_t depth;
    uint64_t time, thread, proc, goid;
    uintptr_t pcs[SAMPLE_DEPTH];
} Sample;

// Of a pair, one is the generation's that is written, by its number modulo 2, one its predecessor's.
static struct {
    uint64_t gen; // changes while the world is stopped and sched_lock is held; 0: off
    uint64_t last_gen;
    Table stacks[2], strings[2];
    TraceBuf *string_buf[2]; // the table's lock
    uint64_t gc_seq;
    bool gc_running, stop_told;
    _Atomic bool gc_over; // without a goroutine to tell it
    Sample *samples;
    _Atomic uint64_t samples_in;

    Mutex lock; // of what follows; nothing else is locked under it
    TraceBuf *free, *reading;
    Queue full[2];
    uint64_t reader_gen, flushed_gen;
    bool header_read, end_read, stopping, ticking;
    _Atomic bool available; // in full
    G *reader;

    // Semaphores: one goroutine starts, ends or goes on to the next generation, and waits until
    // the reader is done with a generation.
    _Atomic uint32_t advance, done[2];
} trace = {.advance = 1};

// batches -----------------------------------------------------------------------------------------

static void put(TraceBuf *b, uint64_t v) {
    uint8_t *p = b->bytes + b->n;
    for (; v >= 0x80; v >>= 7) *p++ = (uint8_t)v | 0x80;
    *p++ = (uint8_t)v;
    b->n = (uint32_t)(p - b->bytes);
}
static void put_bytes(TraceBuf *b, const void *p, size_t n) {
    memcpy(b->bytes + b->n, p, n);
    b->n += (uint32_t)n;
}

// Completes a batch with its length; lock held.
static void flush_locked(TraceBuf *b, uint64_t gen) {
    uint64_t length = b->n - b->length_at - VARINT_MAX;
    for (int i = 0; i < VARINT_MAX; i++, length >>= 7)
        b->bytes[b->length_at + (uint32_t)i] =
            (uint8_t)((length & 0x7f) | (i < VARINT_MAX - 1 ? 0x80 : 0));
    Queue *q = &trace.full[gen % 2];
    b->link = NULL;
    if (q->tail)
        q->tail->link = b;
    else
        q->head = b;
    q->tail = b;
    trace.available = true;
}
static void flush(TraceBuf *b, uint64_t gen) {
    if (!b) return;
    lock(&trace.lock);
    flush_locked(b, gen);
    unlock(&trace.lock);
}

// An empty batch, after b if there is one, with room for more bytes than any event has.
static NOINLINE TraceBuf *next_batch(TraceBuf *b, uint64_t gen, uint64_t thread) {
    uint64_t last = b ? b->last : 0;
    lock(&trace.lock);
    if (b) flush_locked(b, gen);
    b = trace.free;
    if (b) trace.free = b->link;
    unlock(&trace.lock);
    if (!b) b = map(sizeof *b);
    uint64_t now = clock_now();
    b->last = now > last ? now : last + 1;
    b->n = 0;
    put(b, EV_BATCH);
    put(b, gen);
    put(b, thread);
    put(b, b->last);
    b->length_at = b->n;
    b->n += VARINT_MAX;
    return b;
}
static bool has_room(const TraceBuf *b, size_t n) { return b && sizeof b->bytes - b->n >= n; }

static const uint8_t arguments[EV_END_OF_GENERATION] = {
    [EV_PROCS_CHANGE] = 2,      [EV_PROC_START] = 2,
    [EV_PROC_STEAL] = 3,        [EV_PROC_STATUS] = 2,
    [EV_GO_CREATE] = 3,         [EV_GO_CREATE_SYSCALL] = 1,
    [EV_GO_START] = 2,          [EV_GO_STOP] = 2,
    [EV_GO_BLOCK] = 2,          [EV_GO_UNBLOCK] = 3,
    [EV_GO_SYSCALL_BEGIN] = 2,  [EV_GO_STATUS] = 3,
    [EV_STW_BEGIN] = 2,         [EV_GC_ACTIVE] = 1,
    [EV_GC_BEGIN] = 2,          [EV_GC_END] = 1,
    [EV_HEAP_ALLOC] = 1,        [EV_HEAP_GOAL] = 1,
    [EV_USER_TASK_BEGIN] = 4,   [EV_USER_TASK_END] = 2,
    [EV_USER_REGION_BEGIN] = 3, [EV_USER_REGION_END] = 3,
    [EV_USER_LOG] = 4,          [EV_GO_SWITCH] = 2,
    [EV_GO_SWITCH_DESTROY] = 2, [EV_GO_CREATE_BLOCKED] = 3,
    [EV_GO_STATUS_STACK] = 4,
};
enum { MAX_ARGUMENTS = 4 };

// An event of this thread's, at a time that is not before its last one's.
static void event_at(uint64_t time, uint8_t kind, const uint64_t *args) {
    M *m = getm();
    TraceBuf *b = m->trace;
    if (unlikely(!has_room(b, 1 + (MAX_ARGUMENTS + 1) * VARINT_MAX)))
        m->trace = b = next_batch(b, trace.gen, (uint64_t)m->tid);
    if (time <= b->last) time = b->last + 1;
    b->bytes[b->n++] = kind;
    put(b, time - b->last);
    b->last = time;
    for (int i = 0; i < arguments[kind]; i++) put(b, args[i]);
}
#define EVENT_AT(time, kind, ...) event_at(time, kind, (const uint64_t[MAX_ARGUMENTS]){__VA_ARGS__})
#define EVENT(kind, ...) EVENT_AT(clock_now(), kind, __VA_ARGS__)
#define EVENT_ALONE(kind) event_at(clock_now(), kind, NULL)

// tables ------------------------------------------------------------------------------------------

static uint64_t hash_of(const char *p, size_t n) {
    uint64_t h = n;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        h = (h ^ w) * 0x9e3779b97f4a7c15;
        h ^= h >> 29;
    }
    for (; n; p++, n--) h = (h ^ (uint8_t)*p) * 0x9e3779b97f4a7c15;
    return h ^ h >> 32;
}
static const Entry *find(Table *t, uint64_t hash, const void *data, size_t n) {
    for (const Entry *e = t->slots[hash % SLOTS]; e; e = e->next)
        if (e->hash == hash && e->n == n && !memcmp(e->data, data, n)) return e;
    return NULL;
}
static void *chunk_alloc(Table *t, size_t n) {
    n = ALIGN_UP(n, 8);
    if (!t->chunks || CHUNK - sizeof(Chunk) - t->chunks->used < n) {
        Chunk *c = map(CHUNK);
        c->link = t->chunks;
        t->chunks = c;
    }
    t->chunks->used += n;
    return t->chunks->bytes + t->chunks->used - n;
}
static uint64_t add_locked(Table *t, uint64_t hash, const void *data, size_t n) {
    Entry *e = chunk_alloc(t, sizeof *e + n);
    e->hash = hash;
    e->id = ++t->n;
    e->n = (uint32_t)n;
    memcpy(e->data, data, n);
    e->next = t->slots[hash % SLOTS];
    t->slots[hash % SLOTS] = e;
    return e->id;
}
static void table_clear(Table *t) {
    for (size_t i = 0; i < SLOTS; i++) t->slots[i] = NULL;
    t->n = 0;
    for (Chunk *c = t->chunks, *next; c; c = next) {
        next = c->link;
        munmap(c, CHUNK);
    }
    t->chunks = NULL;
}

static void write_string(uint64_t gen, uint64_t id, const char *s, size_t n) { // table locked
    TraceBuf *b = trace.string_buf[gen % 2];
    if (!has_room(b, 2 + 2 * VARINT_MAX + n)) {
        b = next_batch(b, gen, NO_THREAD);
        put(b, EV_STRINGS);
        trace.string_buf[gen % 2] = b;
    }
    put(b, EV_STRING);
    put(b, id);
    put(b, n);
    put_bytes(b, s, n);
}
static uint64_t string_id(uint64_t gen, const char *s, size_t n) {
    if (!n) return 0;
    if (n > MAX_STRING) n = MAX_STRING;
    Table *t = &trace.strings[gen % 2];
    uint64_t hash = hash_of(s, n);
    const Entry *e = find(t, hash, s, n);
    if (e) return e->id;
    lock(&t->lock);
    e = find(t, hash, s, n);
    uint64_t id = e ? e->id : add_locked(t, hash, s, n);
    if (!e) write_string(gen, id, s, n);
    unlock(&t->lock);
    return id;
}
static uint64_t string_now(const char *s) { return string_id(trace.gen, s, strlen(s)); }
// Of a string that will hardly come again.
static uint64_t string_once(AbiString s) {
    if (!s.len) return 0;
    Table *t = &trace.strings[trace.gen % 2];
    lock(&t->lock);
    uint64_t id = ++t->n;
    write_string(trace.gen, id, s.ptr, s.len > MAX_STRING ? MAX_STRING : (size_t)s.len);
    unlock(&t->lock);
    return id;
}

// stacks ------------------------------------------------------------------------------------------

// A stack begins with how many of its frames gc's would leave out, or with STACK_ENTRY: then its
// first frame is the runtime's function that Go code called.

static uint64_t stack_id(const uintptr_t *pcs, size_t n) { // pcs[0]: what it begins with
    if (n < 2) return 0;
    Table *t = &trace.stacks[trace.gen % 2];
    size_t size = n * sizeof *pcs;
    uint64_t hash = hash_of((const char *)pcs, size);
    const Entry *e = find(t, hash, pcs, size);
    if (e) return e->id;
    lock(&t->lock);
    e = find(t, hash, pcs, size);
    uint64_t id = e ? e->id : add_locked(t, hash, pcs, size);
    unlock(&t->lock);
    return id;
}

// Of g, which runs on this thread, perhaps on its stack, or does not run.
static NOINLINE uint64_t stack_of(G *g, int begin) {
    if (!g) return 0;
    uintptr_t pcs[MAX_FRAMES + 1], pc, fp;
    if (getg() == g && !on_g0()) {
        uintptr_t *frame = __builtin_frame_address(0);
        pc = frame[1];
        fp = frame[0];
    } else {
        saved_frame(g, &pc, &fp);
    }
    pcs[0] = (uintptr_t)(intptr_t)begin;
    intptr_t n = stack_pcs(pcs + 1, MAX_FRAMES, walk_g(g, pc, fp, false), begin == STACK_ENTRY);
    return stack_id(pcs, (size_t)n + 1);
}
static uint64_t stack_here(int begin) { return stack_of(getm()->curg, begin); }

// Of inlined calls each has an address of its own, as in profiles (depthShift): a reader knows frames
// by them.
static uint64_t frame_address(uintptr_t pc, int depth) {
    return (uint64_t)pc | (uint64_t)depth << 48;
}

typedef struct Frame {
    uint64_t pc, func, file, line;
} Frame;
typedef struct Frames {
    Frame at[MAX_FRAMES];
    size_t n;
} Frames;

static void add_frame(Frames *f, uint64_t gen, uint64_t pc, const SymLoc *s) {
    if (f->n == MAX_FRAMES) return;
    size_t file = strlen(s->file), func = (size_t)s->func_len;
    const char *file_end = s->file + file, *func_end = s->func + func;
    if (file > MAX_STRING) file = MAX_STRING; // the end says most
    if (func > MAX_STRING) func = MAX_STRING;
    f->at[f->n++] = (Frame){pc, string_id(gen, func_end - func, func),
                            string_id(gen, file_end - file, file), (uint64_t)s->line};
}

static void write_stack(TraceBuf **buf, uint64_t gen, const Entry *e) {
    static Frames f; // one goroutine at a time comes here
    static SymLoc locs[MAX_INLINED];
    f.n = 0;
    const uintptr_t *pcs = (const void *)e->data;
    size_t n = e->n / sizeof *pcs;
    intptr_t skip = (intptr_t)pcs[0];
    size_t i = 1;
    if (skip == STACK_ENTRY && !pc_is_go(pcs[1] - 1)) {
        int k = symbolize(pcs[1] - 1, locs, MAX_INLINED);
        if (k && memchr(locs[k - 1].func, '.', (size_t)locs[k - 1].func_len))
            add_frame(&f, gen, pcs[1], &locs[k - 1]);
        i++;
    }
    for (; i < n; i++) {
        int k = go_frames(pcs[i] - 1, locs);
        for (int j = 0; j < k; j++)
            if (skip > 0)
                skip--;
            else
                add_frame(&f, gen, frame_address(pcs[i], j), &locs[j]);
    }
    TraceBuf *b = *buf;
    if (!has_room(b, 2 + (2 + 4 * f.n) * VARINT_MAX)) {
        *buf = b = next_batch(b, gen, NO_THREAD);
        put(b, EV_STACKS);
    }
    put(b, EV_STACK);
    put(b, e->id);
    put(b, f.n);
    for (i = 0; i < f.n; i++) {
        put(b, f.at[i].pc);
        put(b, f.at[i].func);
        put(b, f.at[i].file);
        put(b, f.at[i].line);
    }
}

// processors --------------------------------------------------------------------------------------

void trace_proc_start(const M *m) { EVENT(EV_PROC_START, (uint64_t)m->p->id, ++m->p->trace_seq); }
void trace_proc_stop(void) { EVENT_ALONE(EV_PROC_STOP); }
void trace_proc_steal(P *p) {
    EVENT(EV_PROC_STEAL, (uint64_t)p->id, ++p->trace_seq, (uint64_t)p->trace_thread);
}
void trace_proc_new(const P *p) { EVENT(EV_PROC_STATUS, (uint64_t)p->id, PROC_IDLE); }
void trace_procs(void) { EVENT(EV_PROCS_CHANGE, (uint64_t)gomaxprocs, stack_here(0)); }

// goroutines --------------------------------------------------------------------------------------

// What they wait for, and yield for, in gc's words; each generation numbers them first, from 1 on.
typedef enum Reason {
    UNSPECIFIED,
    FOREVER,
    NETWORK,
    SELECT,
    COND_WAIT,
    SYNC,
    CHAN_SEND,
    CHAN_RECEIVE,
    SYSTEM,
    SLEEP,
    SYNCTEST,
    GOSCHED,
    PREEMPTED,
    REASONS
} Reason;
static const char *const reasons[REASONS] = {
    "unspecified", "forever",           "network",
    "select",      "sync.(*Cond).Wait", "sync",
    "chan send",   "chan receive",      "system goroutine wait",
    "sleep",       "synctest",          "runtime.Gosched",
    "preempted"};

// By why a goroutine waits: the reason in traces, and where stacks begin of who waits
// and of who ends that (see stack_of).
typedef struct Wait {
    Reason reason;
    int begin, end;
} Wait;
static const Wait waits[WAIT_REASON_COUNT] = {
    [WAIT_CHAN_SEND] = {CHAN_SEND, STACK_ENTRY, STACK_ENTRY},
    [WAIT_CHAN_RECEIVE] = {CHAN_RECEIVE, STACK_ENTRY, STACK_ENTRY},
    [WAIT_CHAN_SEND_NIL] = {FOREVER, STACK_ENTRY, STACK_ENTRY},
    [WAIT_CHAN_RECEIVE_NIL] = {FOREVER, STACK_ENTRY, STACK_ENTRY},
    [WAIT_SELECT] = {SELECT, STACK_ENTRY, STACK_ENTRY},
    [WAIT_SELECT_NO_CASES] = {FOREVER, STACK_ENTRY, STACK_ENTRY},
    [WAIT_SEMACQUIRE] = {SYNC, 0, 0},
    [WAIT_WAITGROUP] = {SYNC, 0, 0},
    [WAIT_RWMUTEX_LOCK] = {SYNC, 0, 1},
    [WAIT_RWMUTEX_RLOCK] = {SYNC, 0, 0},
    [WAIT_MUTEX_LOCK] = {SYNC, 2, 2},
    [WAIT_COND] = {COND_WAIT, 0, 0},
    [WAIT_SLEEP] = {SLEEP, STACK_ENTRY, STACK_ENTRY},
    [WAIT_IO] = {NETWORK, 2, 0},
    [WAIT_FINALIZER] = {SYSTEM, 0, 0},
    [WAIT_TRACE_READER] = {SYSTEM, 0, 0},
    [WAIT_SYNCTEST_RUN] = {SYNCTEST, 0, 0},
    [WAIT_SYNCTEST_WAIT] = {SYNCTEST, 0, 0},
};
static const Wait *wait_of(WaitReason reason) { return &waits[reason]; }
int stack_begin_of_wait(WaitReason reason) { return wait_of(reason)->begin; }
int stack_begin_of_wake(WaitReason reason) { return wait_of(reason)->end; }
static uint64_t reason_id(Reason r) { return (uint64_t)r + 1; }

void trace_go_create(G *g, bool blocked) {
    uintptr_t start[2] = {0, g->life.startpc + 1};
    EVENT(blocked ? EV_GO_CREATE_BLOCKED : EV_GO_CREATE, g->life.goid, stack_id(start, 2),
          stack_here(0));
}

static void gc_end(void) {
    trace.gc_running = false;
    EVENT(EV_GC_END, ++trace.gc_seq);
}
static void gc_over(void) {
    if (atomic_exchange(&trace.gc_over, false)) gc_end();
}

void trace_go_start(G *g) {
    EVENT(EV_GO_START, g->life.goid, ++g->life.trace_seq);
    if (unlikely(trace.gc_over)) gc_over();
}
void trace_go_stop(bool preempted) {
    EVENT(EV_GO_STOP, reason_id(preempted ? PREEMPTED : GOSCHED),
          stack_here(preempted ? 0 : STACK_ENTRY));
}
void trace_go_block(void) {
    G *g = getm()->curg;
    const Wait *w = wait_of(g->life.wait_reason);
    EVENT(EV_GO_BLOCK, reason_id(w->reason), stack_of(g, w->begin));
}
void trace_go_unblock(G *g) {
    const Wait *w = wait_of(g->life.wait_reason);
    EVENT(EV_GO_UNBLOCK, g->life.goid, ++g->life.trace_seq, stack_here(w->end));
}
void trace_go_end(void) { EVENT_ALONE(EV_GO_DESTROY); }
void trace_go_switch(G *next, bool end) {
    EVENT(end ? EV_GO_SWITCH_DESTROY : EV_GO_SWITCH, next->life.goid, ++next->life.trace_seq);
}

void trace_syscall_begin(void) {
    M *m = getm();
    m->p->trace_thread = m->tid;
    EVENT(EV_GO_SYSCALL_BEGIN, ++m->p->trace_seq, stack_here(1));
}
void trace_syscall_end(void) { EVENT_ALONE(EV_GO_SYSCALL_END); }
void trace_syscall_end_blocked(void) { EVENT_ALONE(EV_GO_SYSCALL_END_BLOCKED); }

void trace_thread_joins(G *g) {
    g->life.trace_seq = 0; // it was another thread's
    EVENT(EV_GO_CREATE_SYSCALL, g->life.goid);
}
// Its M may be another thread's, with another number, when it is used again.
void trace_thread_ends(void) {
    EVENT_ALONE(EV_GO_DESTROY_SYSCALL);
    M *m = getm();
    flush(m->trace, trace.gen);
    m->trace = NULL;
}

// the world, collections --------------------------------------------------------------------------

void trace_stop_begin(AbiString why) {
    trace.stop_told = true;
    EVENT(EV_STW_BEGIN, string_id(trace.gen, why.ptr, (size_t)why.len), stack_here(0));
}
void trace_stop_end(void) {
    if (!trace.stop_told) return;
    trace.stop_told = false;
    EVENT_ALONE(EV_STW_END);
}

static bool runs_goroutine(void) {
    const M *m = getm();
    return m && m->p && m->curg;
}
static void world_stood(int64_t begun, int64_t started) {
    EVENT_AT((uint64_t)begun / NS_PER_UNIT, EV_STW_BEGIN, string_now("GC mark termination"),
             stack_here(0));
    event_at((uint64_t)started / NS_PER_UNIT, EV_STW_END, NULL);
}
static void gc_begin(int64_t begun) {
    gc_over();
    trace.gc_running = true;
    EVENT_AT((uint64_t)begun / NS_PER_UNIT, EV_GC_BEGIN, ++trace.gc_seq, stack_here(0));
}
void trace_gc_begin(int64_t begun, int64_t started) {
    if (!runs_goroutine()) return;
    if (!trace.gc_running) gc_begin(begun);
    world_stood(begun, started);
}
void trace_gc_end(void) {
    if (!trace.gc_running) return;
    if (runs_goroutine())
        gc_end();
    else
        trace.gc_over = true;
}
void trace_gc_stopped(int64_t begun, int64_t started) {
    trace_gc_begin(begun, started);
    trace_gc_end();
}
void trace_heap(uint64_t live) {
    if (getm()->p) EVENT(EV_HEAP_ALLOC, live);
}
void trace_heap_goal(uint64_t goal) {
    const M *m = getm();
    if (m && m->p) EVENT(EV_HEAP_GOAL, goal);
}

// CPU time ----------------------------------------------------------------------------------------

void trace_cpu_sample(const M *m, const uintptr_t *pcs, uint32_t depth) {
    if (!trace.samples || !m) return;
    uint64_t at = trace.samples_in;
    do
        if (trace.samples[at % SAMPLES].state != EMPTY) return;
    while (!atomic_compare_exchange_weak(&trace.samples_in, &at, at + 1));
    Sample *s = &trace.samples[at % SAMPLES];
    s->state = FILLING;
    s->time = clock_now();
    s->thread = (uint64_t)m->tid;
    s->proc = m->p ? (uint64_t)m->p->id : NO_PROC;
    s->goid = m->curg ? m->curg->life.goid : 0;
    s->depth = depth < SAMPLE_DEPTH ? depth : SAMPLE_DEPTH;
    memcpy(s->pcs, pcs, s->depth * sizeof *pcs);
    s->state = FULL;
}
static void write_samples(void) {
    TraceBuf *b = NULL;
    for (size_t i = 0; i < SAMPLES; i++) {
        Sample *s = &trace.samples[i];
        if (s->state != FULL) continue;
        if (!has_room(b, 2 + 5 * VARINT_MAX)) {
            b = next_batch(b, trace.gen, NO_THREAD);
            put(b, EV_CPU_SAMPLES);
        }
        uintptr_t pcs[SAMPLE_DEPTH + 1] = {0};
        memcpy(pcs + 1, s->pcs, s->depth * sizeof *pcs);
        put(b, EV_CPU_SAMPLE);
        put(b, s->time);
        put(b, s->thread);
        put(b, s->proc);
        put(b, s->goid);
        put(b, stack_id(pcs, s->depth + 1));
        s->state = EMPTY;
    }
    flush(b, trace.gen);
}

// generations -------------------------------------------------------------------------------------

static void write_sync(void) {
    TraceBuf *b = next_batch(NULL, trace.gen, NO_THREAD);
    put(b, EV_SYNC);
    put(b, EV_FREQUENCY);
    put(b, 1000000000 / NS_PER_UNIT);
    int32_t nsec;
    int64_t mono = nanotime(), sec = walltime(&nsec);
    uint64_t now = (uint64_t)mono / NS_PER_UNIT;
    if (now <= b->last) now = b->last + 1;
    put(b, EV_CLOCK_SNAPSHOT);
    put(b, now - b->last);
    put(b, (uint64_t)mono);
    put(b, (uint64_t)sec);
    put(b, (uint64_t)nsec);
    flush(b, trace.gen);
}

static void write_states(void) {
    M *m = getm();
    for (int32_t i = 0; i < sched.nps; i++) all_ps[i]->trace_seq = 0;
    EVENT(EV_PROC_STATUS, (uint64_t)m->p->id, PROC_RUNNING);
    EVENT(EV_GO_STATUS, m->curg->life.goid, (uint64_t)m->tid, GO_RUNNING);
    for (int32_t i = 0; i < sched.nps; i++)
        if (all_ps[i] != m->p) trace_proc_new(all_ps[i]);
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        static const uint8_t states[] = {[G_RUNNABLE] = GO_RUNNABLE,
                                         [G_RUNNING] = GO_RUNNING,
                                         [G_SYSCALL] = GO_SYSCALL,
                                         [G_WAITING] = GO_WAITING,
                                         [G_DEAD] = 0};
        G *g = all_gs[i];
        uint8_t state = states[g->status];
        g->life.trace_seq = 0;
        if (g == m->curg || !state) continue;
        if (state == GO_RUNNING) rt_throw("trace: a goroutine runs while the world is stopped");
        EVENT(EV_GO_STATUS_STACK, g->life.goid,
              state == GO_SYSCALL ? (uint64_t)g->m->tid : NO_THREAD, state, stack_of(g, 0));
    }
}

// What other threads tell from now on is later than all that was written of them.
static void let_time_pass(void) {
    while (clock_now() <= getm()->trace->last) {}
}

static void generation_begins(uint64_t gen) { // the world is stopped, sched_lock held
    trace.gen = gen;
    for (size_t i = 0; i < REASONS; i++) string_now(reasons[i]);
    write_sync();
    write_states();
    EVENT(EV_PROCS_CHANGE, (uint64_t)gomaxprocs, 0);
    if (trace.gc_running) EVENT(EV_GC_ACTIVE, ++trace.gc_seq);
    let_time_pass();
}
static void generation_ends(void) {
    write_samples();
    for (M *m = all_ms; m; m = m->all) {
        flush(m->trace, trace.gen);
        m->trace = NULL;
    }
}

static void start(void *arg) {
    (void)arg;
    lock(&sched_lock);
    trace.reader_gen = trace.last_gen + 1;
    trace.flushed_gen = 0;
    trace.header_read = trace.end_read = false;
    trace.gc_running = snapshot_running();
    trace.gc_over = false;
    generation_begins(trace.last_gen + 1);
    STORE_RELAXED(trace_on, true);
    unlock(&sched_lock);
}
static void advance(void *stop) {
    lock(&sched_lock);
    generation_ends();
    trace.last_gen = trace.gen;
    if (stop) {
        STORE_RELAXED(trace_on, false);
        trace.gen = 0;
        trace.stopping = true;
    } else {
        generation_begins(trace.gen + 1);
    }
    unlock(&sched_lock);
}

// The tables of a generation that is over, while the next one goes on.
static void write_tables(uint64_t gen) {
    TraceBuf *b = NULL;
    for (size_t i = 0; i < SLOTS; i++)
        for (const Entry *e = trace.stacks[gen % 2].slots[i]; e; e = e->next) {
            write_stack(&b, gen, e);
            preempt_point();
        }
    flush(b, gen);
    flush(trace.string_buf[gen % 2], gen);
    trace.string_buf[gen % 2] = NULL;
    table_clear(&trace.stacks[gen % 2]);
    table_clear(&trace.strings[gen % 2]);
    lock(&trace.lock);
    trace.flushed_gen = gen;
    unlock(&trace.lock);
}

// Nobody writes, and all is read.
static void stopped(void) {
    for (TraceBuf *b = trace.free, *next; b; b = next) {
        next = b->link;
        munmap(b, sizeof *b);
    }
    trace.free = NULL;
    lock(&trace.lock);
    trace.stopping = false;
    unlock(&trace.lock);
}

// False: it has been started.
GO_FUNC(uint8_t, rt_trace_start, (void), "runtime.traceStart") {
    sem_acquire(&trace.advance, false, WAIT_SEMACQUIRE);
    bool off = !trace.gen;
    if (off) {
        if (!trace.samples) trace.samples = map(SAMPLES * sizeof *trace.samples);
        world_stop(c_string("start trace"));
        on_system_stack(start, NULL);
        world_start();
    }
    sem_release(&trace.advance, false);
    return off;
}

// To the next generation, or the end: comes back when all before has been read.
GO_FUNC(void, rt_trace_advance, (uint8_t stop), "runtime.traceAdvance") {
    sem_acquire(&trace.advance, false, WAIT_SEMACQUIRE);
    uint64_t gen = trace.gen;
    if (gen) {
        stop &= 1;
        world_stop(c_string(stop ? "stop trace" : "trace generation"));
        trace_stop_end();
        on_system_stack(advance, stop ? &trace : NULL);
        world_start();
        write_tables(gen);
        G *reader = trace_reader();
        if (reader) ready(reader);
        sem_acquire(&trace.done[gen % 2], false, WAIT_SEMACQUIRE);
        if (RACE) race_acquire(&trace.done);
        if (stop) stopped();
    }
    sem_release(&trace.advance, true);
}

// Until the next generation is due; false: the trace is over.
GO_FUNC(uint8_t, rt_trace_tick, (void), "runtime.traceTick") {
    if (godebug.traceadvanceperiod > 0)
        sleep_ns(godebug.traceadvanceperiod);
    else
        gosched();
    lock(&trace.lock);
    bool on = trace_on;
    if (!on) trace.ticking = false;
    unlock(&trace.lock);
    return on;
}
// Whether nobody does that.
GO_FUNC(uint8_t, rt_trace_needs_ticks, (void), "runtime.traceNeedsTicks") {
    lock(&trace.lock);
    bool none = !trace.ticking;
    trace.ticking = true;
    unlock(&trace.lock);
    return none;
}

GO_WEAK(uint64_t, rt_trace_clock_units, (void), "runtime/trace.runtime_traceClockUnitsPerSecond") {
    return 1000000000 / NS_PER_UNIT;
}
GO_WEAK(uint64_t, rt_trace_clock_now, (void), "runtime.traceClockNow") { return clock_now(); }

// reading -----------------------------------------------------------------------------------------

static bool readable(void) { return trace.available || trace.flushed_gen == trace.reader_gen; }

G *trace_reader(void) {
    if (!LOAD_RELAXED(trace.reader)) return NULL;
    lock(&trace.lock);
    G *g = readable() ? trace.reader : NULL;
    if (g) STORE_RELAXED(trace.reader, NULL);
    unlock(&trace.lock);
    return g;
}
static bool reader_parks(G *g, void *arg) {
    (void)arg;
    lock(&trace.lock);
    bool wait = !readable();
    if (wait) STORE_RELAXED(trace.reader, g);
    unlock(&trace.lock);
    return wait;
}

typedef enum Answer {
    READ,
    READ_END, // of all
    READ_LATER,
    READ_NEXT // generation
} Answer;

static Answer read_locked(AbiSlice *s) {
    static char end[] = {EV_END_OF_GENERATION};
    uint64_t gen = trace.reader_gen;
    Queue *q = &trace.full[gen % 2];
    TraceBuf *b = q->head;
    if (b) {
        q->head = b->link;
        if (!q->head) q->tail = NULL;
        trace.reading = b;
        *s = (AbiSlice){b->bytes, b->n, b->n};
        return READ;
    }
    if (trace.flushed_gen != gen) {
        trace.available = false;
        return READ_LATER;
    }
    trace.end_read = !trace.end_read;
    if (trace.end_read) {
        *s = (AbiSlice){end, 1, 1};
        return READ;
    }
    if (trace.stopping) return READ_END;
    trace.reader_gen = gen + 1;
    return READ_NEXT;
}

GO_FUNC(AbiSlice, rt_read_trace, (void), "runtime.ReadTrace") {
    static char header[] = "go 1.26 trace\0\0"; // 16 bytes: the format is younger than 1.27 is
    for (;;) {
        AbiSlice s = {0};
        lock(&trace.lock);
        TraceBuf *read = trace.reading;
        trace.reading = NULL;
        if (read) {
            read->link = trace.free;
            trace.free = read;
        }
        if (!trace.header_read) {
            trace.header_read = true;
            unlock(&trace.lock);
            return (AbiSlice){header, sizeof header, sizeof header};
        }
        uint64_t gen = trace.reader_gen;
        Answer a = read_locked(&s);
        unlock(&trace.lock);
        if (a == READ_LATER) {
            park(reader_parks, NULL, WAIT_TRACE_READER);
            continue;
        }
        if (a == READ) return s;
        if (RACE) race_release(&trace.done);
        sem_release(&trace.done[gen % 2], false);
        if (a == READ_END) return s;
    }
}

// runtime/trace -----------------------------------------------------------------------------------

GO_WEAK(void, rt_trace_task_begin, (uint64_t id, uint64_t parent, const char *p, intptr_t n),
        "runtime/trace.userTaskCreate") {
    if (TRACING)
        EVENT(EV_USER_TASK_BEGIN, id, parent, string_id(trace.gen, p, (size_t)n), stack_here(1));
}
GO_WEAK(void, rt_trace_task_end, (uint64_t id), "runtime/trace.userTaskEnd") {
    if (TRACING) EVENT(EV_USER_TASK_END, id, stack_here(1));
}
GO_WEAK(void, rt_trace_region, (uint64_t id, uint64_t end, const char *p, intptr_t n),
        "runtime/trace.userRegion") {
    if (TRACING)
        EVENT(end ? EV_USER_REGION_END : EV_USER_REGION_BEGIN, id,
              string_id(trace.gen, p, (size_t)n), stack_here(1));
}
GO_WEAK(void, rt_trace_log,
        (uint64_t id, const char *p, intptr_t n, const char *message, intptr_t length),
        "runtime/trace.userLog") {
    if (TRACING)
        EVENT(EV_USER_LOG, id, string_id(trace.gen, p, (size_t)n),
              string_once((AbiString){message, length}), stack_here(1));
}
