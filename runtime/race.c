// race: what compiled code and the runtime tell the race detector.
//
// The detector's functions need more stack than goroutines have: they run on the thread's own. They
// take a context: each goroutine has one (Life.race), and each P one for memory (P.race). Only
// the heap, which lies where the detector can watch it, and the program's variables are watched;
// stacks lie outside, so that accesses to them are passed over here. Compiled code calls the stubs of
// asm_amd64.S, which keep its registers and go on in vole_race_access.
#include "runtime/race.h"
#include "runtime/asm.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/symtab.h"
#include <stdlib.h>
#include <sys/mman.h>

#define TSAN(name, ...) extern void name(__VA_ARGS__) __attribute__((weak));
typedef uintptr_t Word;
TSAN(__tsan_init, void **, void **, void (*)(Word, void *))
TSAN(__tsan_fini, void)
TSAN(__tsan_proc_create, void **)
TSAN(__tsan_map_shadow, Word, Word)
TSAN(__tsan_malloc, void *, Word, Word, Word)
TSAN(__tsan_go_start, void *, void **, Word)
TSAN(__tsan_go_end, void *)
TSAN(__tsan_acquire, void *, Word)
TSAN(__tsan_release, void *, Word)
TSAN(__tsan_release_acquire, void *, Word)
TSAN(__tsan_release_merge, void *, Word)
TSAN(__tsan_go_ignore_sync_begin, void *)
TSAN(__tsan_go_ignore_sync_end, void *)
TSAN(__tsan_finalizer_goroutine, void *)
TSAN(__tsan_report_count, uint64_t *)
TSAN(__tsan_read, void *, Word, Word)
TSAN(__tsan_write, void *, Word, Word)
TSAN(__tsan_read_pc, void *, Word, Word, Word)
TSAN(__tsan_write_pc, void *, Word, Word, Word)
TSAN(__tsan_read_range, void *, Word, Word, Word)
TSAN(__tsan_write_range, void *, Word, Word, Word)
TSAN(__tsan_func_enter, void *, Word)
TSAN(__tsan_func_exit, void *)

// ---- Where -------------------------------------------------------------------------------------

enum { STEP = 64 << 20 };
static const Word heap_begin = 0xc000000000, heap_limit = 0xe000000000;
// Read by asm_amd64.S.
Word vole_race_heap_end = 0xc000000000, vole_race_data = 1, vole_race_data_end = 0;

static bool watched(const void *p) {
    Word a = (Word)p;
    return (a >= heap_begin && a < vole_race_heap_end) ||
           (a >= vole_race_data && a < vole_race_data_end);
}

typedef void Call4(Word, Word, Word, Word);
typedef struct Call {
    void *fn;
    Word a, b, c, d;
} Call;
static void run(void *arg) {
    Call *c = arg;
    ((Call4 *)c->fn)(c->a, c->b, c->c, c->d);
}
#define CALL(fn, ...) on_system_stack(run, &(Call){(void *)fn, __VA_ARGS__})
static Word context(const G *g) { return (Word)g->life.race; }

// ---- What it asks ------------------------------------------------------------------------------

static void *main_proc;

typedef struct CodeQuestion {
    Word pc;
    const char *func, *file;
    Word line, offset, found;
} CodeQuestion;
typedef struct DataQuestion {
    Word address, heap, start, size;
    const char *name, *file;
    Word line, found;
} DataQuestion;

extern size_t GC_size(const void *);
extern GO void *rt_heapbase(void *p) GOSYM("runtime.heapBase");

// Asked for a pc that is in an inlined call, it gives another one for the function around it; then it
// is asked for that: the pc with how many frames were told, where no address has bits.
static void find_code(CodeQuestion *q) {
    enum { SHIFT = 48, DEEPEST = 32 };
    static char name[1024], unknown[] = "?", no_file[] = "-";
    SymLoc at[DEEPEST];
    Word told = q->pc >> SHIFT, pc = q->pc & (((Word)1 << SHIFT) - 1);
    int found = symbolize(pc, at, DEEPEST);
    if (found && !pc_is_go(pc)) { // where goroutines begin: it leaves the last frame out
        at[0] = at[found - 1];
        found = 1;
    }
    *q = (CodeQuestion){.pc = q->pc, .func = unknown, .file = no_file, .offset = pc, .found = 1};
    if (told >= (Word)found) return;
    const SymLoc *l = &at[told];
    size_t n = (size_t)l->func_len < sizeof name ? (size_t)l->func_len : sizeof name - 1;
    memcpy(name, l->func, n);
    name[n] = 0;
    q->func = name;
    q->file = l->file;
    q->line = (Word)l->line;
    q->offset = pc - l->entry;
    if (told + 1 < (Word)found) q->pc = pc | (told + 1) << SHIFT;
}

static void answer(Word what, void *to) {
    enum { PROC, CODE, DATA };
    M *m = getm();
    if (what == PROC) {
        *(void **)to = m && m->p && m->p->race ? m->p->race : main_proc;
    } else if (what == CODE) {
        find_code(to);
    } else if (what == DATA) {
        DataQuestion *q = to;
        void *base = q->address >= heap_begin && q->address < vole_race_heap_end
                         ? rt_heapbase((void *)q->address)
                         : NULL;
        if (!base) return;
        q->heap = q->found = 1;
        q->start = (Word)base;
        q->size = GC_size(base);
    }
}

// ---- The process -------------------------------------------------------------------------------

static void *main_context;

void race_init(void) { __tsan_init(&main_context, &main_proc, answer); }

static void widen(uintptr_t lo, uintptr_t hi, bool zeros) {
    (void)zeros;
    if (vole_race_data > vole_race_data_end || lo < vole_race_data) vole_race_data = lo;
    if (hi > vole_race_data_end) vole_race_data_end = hi;
}

void race_init_data(void) {
    enum { PAGE = 4096 };
    getg()->life.race = main_context;
    statics_visit(widen);
    Word lo = vole_race_data & ~(Word)(PAGE - 1), hi = ALIGN_UP(vole_race_data_end, PAGE);
    __tsan_map_shadow(lo, hi - lo);
}

void race_fini(void) { CALL(__tsan_fini, 0, 0, 0, 0); }

void *race_heap(size_t size) {
    static Word at = 0xc000000000;
    Word p = at;
    if (p + size > heap_limit) return NULL;
    void *m = mmap((void *)p, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (m == MAP_FAILED) return NULL;
    at = ALIGN_UP(p + size, 2 << 20);
    CALL(__tsan_map_shadow, p, size, 0, 0);
    vole_race_heap_end = at;
    return m;
}

void race_malloc(const void *p, size_t size) {
    if (watched(p)) CALL(__tsan_malloc, 0, 0, (Word)p, size);
}

void *race_proc_new(void) {
    void *p = NULL;
    CALL(__tsan_proc_create, (Word)&p, 0, 0, 0);
    return p;
}

// ---- Goroutines --------------------------------------------------------------------------------

static void *start(void *from, uintptr_t pc) {
    void *ctx = NULL;
    CALL(__tsan_go_start, (Word)from, (Word)&ctx, pc, 0);
    return ctx;
}

void *race_go_start(uintptr_t pc) {
    void *from = getg()->life.race;
    return start(from ? from : main_context, pc);
}

void race_go_end(void) {
    G *g = getg();
    if (g->life.race) CALL(__tsan_go_end, context(g), 0, 0, 0);
    g->life.race = NULL;
}

void race_finalizer(void) { CALL(__tsan_finalizer_goroutine, context(getg()), 0, 0, 0); }

void *race_timer_begin(const void *timer) {
    G *g = getg();
    P *p = getm()->p;
    void *before = g->life.race;
    if (p && !p->race_timers) p->race_timers = start(main_context, 0);
    g->life.race = p ? p->race_timers : main_context;
    race_acquire(timer);
    return before;
}
void race_timer_end(void *before) { getg()->life.race = before; }

// ---- Order -------------------------------------------------------------------------------------

static bool passes(const G *g, const void *p) {
    return g->life.race && !getg()->life.race_ignore && watched(p);
}
void race_acquire_by(G *g, const void *p) {
    if (passes(g, p)) CALL(__tsan_acquire, context(g), (Word)p, 0, 0);
}
void race_release_by(G *g, const void *p) {
    if (passes(g, p)) CALL(__tsan_release, context(g), (Word)p, 0, 0);
}
void race_release_acquire_by(G *g, const void *p) {
    if (passes(g, p)) CALL(__tsan_release_acquire, context(g), (Word)p, 0, 0);
}

// ---- Accesses ----------------------------------------------------------------------------------

// From a stub, which has looked whether the address is watched.
void vole_race_access(Word a, Word n, Word pc, void *fn);
void vole_race_access(Word a, Word n, Word pc, void *fn) {
    G *g = getg();
    M *m = getm();
    if (!g->life.race || g == &m->g0) return;
    bool range = fn == (void *)__tsan_read_range || fn == (void *)__tsan_write_range;
    Call c = {fn, context(g), a, range ? n : pc, pc};
    vole_asm_on_g0(run, &c, &g->sp, m->g0sp - G0_GAP);
    preempt_point(); // a signal finds the runtime at work most of the time
}
void vole_race_frame(Word pc);
void vole_race_frame(Word pc) { // 0: the function ends
    G *g = getg();
    if (!g->life.race) return;
    g->life.race_depth += pc ? 1 : -1;
    if (pc)
        CALL(__tsan_func_enter, context(g), pc, 0, 0);
    else
        CALL(__tsan_func_exit, context(g), 0, 0, 0);
}
int64_t vole_race_depth_now(void);
int64_t vole_race_depth_now(void) { return getg()->life.race_depth; }
void vole_race_back(int64_t depth);
void vole_race_back(int64_t depth) { // a panic was recovered
    while (getg()->life.race_depth > depth) vole_race_frame(0);
}

void race_access_pc(const void *p, bool write, uintptr_t callerpc, uintptr_t pc) {
    const G *g = getg();
    if (!g->life.race || !watched(p)) return;
    if (write)
        CALL(__tsan_write_pc, context(g), (Word)p, callerpc, pc + 1);
    else
        CALL(__tsan_read_pc, context(g), (Word)p, callerpc, pc + 1);
}

static void access_range(const void *p, size_t n, bool write, uintptr_t callerpc, uintptr_t pc) {
    const G *g = getg();
    if (!n || !g->life.race || !watched(p)) return;
    if (callerpc) CALL(__tsan_func_enter, context(g), callerpc, 0, 0);
    if (write)
        CALL(__tsan_write_range, context(g), (Word)p, n, pc + 1);
    else
        CALL(__tsan_read_range, context(g), (Word)p, n, pc + 1);
    if (callerpc) CALL(__tsan_func_exit, context(g), 0, 0, 0);
}
void race_read_range(const void *p, size_t n, uintptr_t callerpc, uintptr_t pc) {
    access_range(p, n, false, callerpc, pc);
}
void race_write_range(const void *p, size_t n, uintptr_t callerpc, uintptr_t pc) {
    access_range(p, n, true, callerpc, pc);
}

bool race_atomic(RaceAtomic *fn, const void *p, void *frame, uintptr_t callerpc, uintptr_t pc) {
    const G *g = getg();
    if (!g->life.race || !watched(p)) return false;
    if (g->life.race_ignore) return false;
    CALL(fn, context(g), callerpc, pc, (Word)frame);
    return true;
}

// ---- For Go ------------------------------------------------------------------------------------

#define HERE ((uintptr_t)__builtin_return_address(0))

static void merge(const void *p) {
    if (passes(getg(), p)) CALL(__tsan_release_merge, context(getg()), (Word)p, 0, 0);
}
// Between these the goroutine's synchronisation counts for nothing.
static void disable(void) {
    G *g = getg();
    if (g->life.race_ignore++ == 0) CALL(__tsan_go_ignore_sync_begin, context(g), 0, 0, 0);
}
static void enable(void) {
    G *g = getg();
    if (--g->life.race_ignore == 0) CALL(__tsan_go_ignore_sync_end, context(g), 0, 0, 0);
}

// Package runtime's function, and internal/race's.
#define BOTH(id, params, name, call)                                                               \
    GO_WEAK(void, go_##id, params, "runtime.Race" name) {                                          \
        if (RACE) call;                                                                            \
    }                                                                                              \
    GO_WEAK(void, in_##id, params, "internal/race." name) {                                        \
        if (RACE) call;                                                                            \
    }
BOTH(acquire, (const void *p), "Acquire", race_acquire(p))
BOTH(release, (const void *p), "Release", race_release(p))
BOTH(merge, (const void *p), "ReleaseMerge", merge(p))
BOTH(disable, (void), "Disable", disable())
BOTH(enable, (void), "Enable", enable())
BOTH(read, (const void *p), "Read", access_range(p, 1, false, 0, HERE - 1))
BOTH(write, (const void *p), "Write", access_range(p, 1, true, 0, HERE - 1))
BOTH(read_range, (const void *p, intptr_t n), "ReadRange",
     access_range(p, (size_t)n, false, 0, HERE - 1))
BOTH(write_range, (const void *p, intptr_t n), "WriteRange",
     access_range(p, (size_t)n, true, 0, HERE - 1))
#undef BOTH

GO_WEAK(void, in_read_pc, (const void *p, uintptr_t callerpc, uintptr_t pc),
        "internal/race.ReadPC") {
    if (RACE) race_access_pc(p, false, callerpc, pc);
}
GO_WEAK(void, in_write_pc, (const void *p, uintptr_t callerpc, uintptr_t pc),
        "internal/race.WritePC") {
    if (RACE) race_access_pc(p, true, callerpc, pc);
}

// What has parts may be written to at any of them.
void race_object(const AbiType *t, const void *p, bool write, uintptr_t callerpc, uintptr_t pc) {
    if (t->kind == ABI_ARRAY || t->kind == ABI_STRUCT)
        access_range(p, t->size, write, callerpc, pc);
    else
        race_access_pc(p, write, callerpc, pc);
}
GO_WEAK(void, in_read_object, (const AbiType *t, const void *p, uintptr_t callerpc, uintptr_t pc),
        "internal/race.ReadObjectPC") {
    if (RACE) race_object(t, p, false, callerpc, pc);
}
GO_WEAK(void, in_write_object, (const AbiType *t, const void *p, uintptr_t callerpc, uintptr_t pc),
        "internal/race.WriteObjectPC") {
    if (RACE) race_object(t, p, true, callerpc, pc);
}
static intptr_t errors(void) {
    uint64_t n = 0;
    if (RACE) CALL(__tsan_report_count, (Word)&n, 0, 0, 0);
    return (intptr_t)n;
}
GO_WEAK(intptr_t, go_errors, (void), "runtime.RaceErrors") { return errors(); }
GO_WEAK(intptr_t, in_errors, (void), "internal/race.Errors") { return errors(); }
GO_WEAK(void, go_fini, (void), "runtime.racefini") {
    if (RACE) race_fini();
}
