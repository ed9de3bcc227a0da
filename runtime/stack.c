// stack: memory for goroutine stacks: dense where goroutines are many, large where one is deep.
//
//     home, SLOT bytes, one beside the other              far segment, up to stack_max
//     +---+  G                                            +---------+
//     |   |  first frames: the slot's only page           | frames  |  rt_hop returns to home
//     |   |  in use while a goroutine just waits          |         |
//     | - |  limit: functions that begin below it hop ->  |         |
//     |   |  SLACK: for frames that are not checked,      |         |
//     |   |  the runtime's C, signals                     |  guard  |
//     +---+                                               +---------+
//
// SLACK, in KB: 2 and 1 for frames of Go (llvm_stack.c), 2 for one of C (the build sees to that) and
// 2 for those below it, or 8 for clear_stack, 3 for preemption by signal.
//
// That functions compare with the limit is the backend's work (llvm_stack.c). A far segment is a
// large reservation whose pages come when touched, and costs page tables of its own: it stays with
// its goroutine until that ends, so that calls to and fro cost no more than the switch. Below it
// lies a guard, a mark in the page table where the kernel (Linux 6.13) has them, for these split no
// mapping. What a stack touched goes back to the system when it has not been used between two
// collections.
#include "runtime/asm.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"
#include "runtime/plugin.h"
#include "runtime/panic.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

#define PAGE ((uintptr_t)4096)
#define SLOT ((uintptr_t)64 << 10)
#define SLACK ((uintptr_t)16 << 10)
#define GROUP 1024   // slots of a mapping
#define GUARDED 1024 // so many have a guard: what SLACK is too small for fails in most programs
#define MAIN_STACK ((uintptr_t)1 << 30)
#define FAR ((uintptr_t)1 << 30)
#define FAR_LEAST ((uintptr_t)1 << 20)
#define GUARD ((uintptr_t)64 << 10)
#define SPLITS 24000 // of the 65,530 mappings that the kernel allows

_Thread_local uintptr_t vole_tls_limit TLS_MODEL;

static Mutex stacks_lock;
static uintptr_t slot_at, slot_end;
static Stack *free_far;
static Stack *_Atomic all_stacks;

static uintptr_t reserve(size_t n) {
    void *p =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return 0;
    madvise(p, n, MADV_NOHUGEPAGE);
    return (uintptr_t)p;
}

// Guards that split mappings are few, for so are mappings: what comes after has none.
static bool guard(uintptr_t lo) {
    static _Atomic uint32_t splits;
    if (madvise((void *)lo, GUARD, MADV_GUARD_INSTALL) == 0) return true;
    return splits < SPLITS && ++splits && mprotect((void *)lo, GUARD, PROT_NONE) == 0;
}

uintptr_t stack_max = 1000000000;

// Puts a guard where the program wants the stack to end.
static void set_limit(Stack *s) {
    uintptr_t max = stack_max > SLOT ? stack_max : SLOT,
              lo = s->at.hi - s->base > max ? (s->at.hi - max) & -GUARD : s->base;
    if (lo == s->at.lo) return;
    if (s->at.lo != s->base) mprotect((void *)(s->at.lo - GUARD), GUARD, PROT_READ | PROT_WRITE);
    if (lo != s->base && mprotect((void *)(lo - GUARD), GUARD, PROT_NONE) != 0) lo = s->base;
    s->at.lo = lo;
}

static Stack *segment_new(uintptr_t size, uintptr_t least) {
    uintptr_t p = 0;
    while (!(p = reserve(size)) && size > least) size /= 4;
    if (!p) rt_fatal("runtime: cannot allocate stack memory");
    Stack *s = persistent_alloc(sizeof *s);
    s->at.hi = p + size;
    s->base = s->at.lo = guard(p) ? p + GUARD : p;
    set_limit(s);
    s->all = all_stacks;
    while (!atomic_compare_exchange_weak(&all_stacks, &s->all, s)) {}
    return s;
}

// Assembly that checks the stack may go this far: there is half of SLACK for what it calls. Where
// goroutines begin a wrapper asked for more (llvm_assembly.c).
static uintptr_t guard_of(Segment s) { return s.lo + SLACK / 2; }
_Static_assert(offsetof(G, life.defers) == ABI_G_DEFERS,
               "open-coded defers link their frames there");
_Static_assert(offsetof(G, guard) == 16, "cmd/asm has Go's stackguard0 there");

// homes -------------------------------------------------------------------------------------------

// The G lies above its own stack, so that one page is enough for both. The main goroutine, of which
// there is one, has a large segment at once.
G *stack_new_g(bool main) {
    if (main) {
        G *g = persistent_alloc(sizeof *g);
        Stack *s = segment_new(MAIN_STACK, MAIN_STACK / 16);
        s->g = g;
        g->home = s->at;
        g->guard = guard_of(g->home);
        return g;
    }
    lock(&stacks_lock);
    if (slot_at == slot_end) {
        slot_at = reserve(SLOT * GROUP);
        if (!slot_at) rt_fatal("runtime: cannot allocate stack memory");
        slot_end = slot_at + SLOT * GROUP;
    }
    static uint32_t guarded;
    uintptr_t lo = slot_at;
    slot_at += SLOT;
    bool mark = guarded < GUARDED && ++guarded;
    unlock(&stacks_lock);
    if (mark) madvise((void *)lo, PAGE, MADV_GUARD_INSTALL);
    G *g = (G *)(lo + SLOT - ALIGN_UP(sizeof *g, 64));
    g->home = (Segment){lo, (uintptr_t)g};
    g->guard = guard_of(g->home);
    g->limit = lo + SLACK;
    return g;
}

// hops --------------------------------------------------------------------------------------------

static NOINLINE Stack *far_take(G *g) {
    lock(&stacks_lock);
    Stack *s = free_far;
    if (s) free_far = s->link;
    unlock(&stacks_lock);
    if (!s) s = segment_new(FAR, FAR_LEAST);
    s->g = g;
    return s;
}

void stack_leave(G *g) {
    Stack *s = g->far;
    if (!s) return;
    g->far = NULL;
    g->guard = guard_of(g->home);
    g->limit = g->home.lo + SLACK;
    lock(&stacks_lock);
    s->g = NULL;
    s->link = free_far;
    free_far = s;
    unlock(&stacks_lock);
}

// Never inlined: where a goroutine was called meanwhile the thread may be another one, but on arm64
// compilers keep a thread-local's address across calls.
static NOINLINE void set_tls_limit(uintptr_t limit) { vole_tls_limit = limit; }
static void set_limits_here(G *g, bool far) {
    g->guard = guard_of(far ? g->far->at : g->home);
    set_tls_limit(g->limit = far ? 0 : g->home.lo + SLACK);
}

// What begins below the limit comes here, through code that the backend makes: fn(arg) calls it
// again. In the far segment there is no limit; reflect's calls come from there. On a thread's own
// stack and a signal's, where the limit means nothing, threads are not switched.
GO NOINLINE void rt_hop(void (*fn)(void *), void *arg) GOSYM("rt_hop");
// From home to the far segment and back. By then this may be another thread, so that g is asked for
// anew.
GO NOINLINE void rt_hop(void (*fn)(void *), void *arg) {
    G *g = getg();
    if (!segment_has(g->home, (uintptr_t)__builtin_frame_address(0))) {
        uintptr_t limit = vole_tls_limit;
        if (limit) set_tls_limit(0);
        fn(arg);
        if (limit) set_tls_limit(limit);
        return;
    }
    if (unlikely(!g->far)) g->far = far_take(g);
    g->far->use = STACK_USED;
    set_limits_here(g, true);
    vole_asm_hop(fn, arg, &g->hop_sp, g->far->at.hi);
    set_limits_here(getg(), false);
}

// The segment's first frame record is a copy of that of the caller's caller's caller.
static NOINLINE void far_call(void (*fn)(void *), void *arg) { rt_hop(fn, arg); }
NOINLINE void stack_far(void (*fn)(void *), void *arg) { far_call(fn, arg); }

extern const char hop_code[] __asm__("__start_vole_hop") __attribute__((weak)),
    hop_code_end[] __asm__("__stop_vole_hop") __attribute__((weak));
uintptr_t *stack_caller(const uintptr_t *fp) {
    uintptr_t *up = (uintptr_t *)fp[0];
    bool landed =
        (fp[1] > (uintptr_t)hop_code && fp[1] <= (uintptr_t)hop_code_end) || plugin_is_hop(fp[1]);
    return landed ? *(uintptr_t **)up[0] : up;
}

void stack_return_to(uintptr_t p) {
    G *g = getg();
    if (g->far && segment_has(g->home, p)) set_limits_here(g, false);
}

bool stack_is_deeper(const G *g, uintptr_t a, uintptr_t b) {
    bool far = g->far && segment_has(g->far->at, a);
    return far != (g->far && segment_has(g->far->at, b)) ? far : a < b;
}

// memory ------------------------------------------------------------------------------------------

static bool unused(StackUse *use) {
    if (*use == STACK_USED)
        *use = STACK_UNUSED;
    else if (*use == STACK_UNUSED)
        *use = STACK_EMPTY;
    else
        return false;
    return *use == STACK_EMPTY;
}

// Who runs may be about to hop.
static bool in_use(const Stack *s) {
    const G *g = s->g;
    return g && (!g->far || (g->status != G_WAITING && g->status != G_RUNNABLE) ||
                 segment_has(s->at, g->sp));
}

void stacks_scavenge(uint32_t max) {
    for (Stack *s = all_stacks; s && max; s = s->all)
        if (!in_use(s) && unused(&s->use)) {
            madvise((void *)s->at.lo, s->at.hi - s->at.lo, MADV_DONTNEED);
            max--;
        }
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n && max; i++) {
        G *g = all_gs[i];
        if (g->status != G_DEAD || !g->limit || !unused(&g->use)) continue;
        madvise((void *)g->home.lo, ((uintptr_t)g & -PAGE) - g->home.lo, MADV_DONTNEED);
        max--;
    }
}

// From where each goroutine stopped last to its stack's top, in both parts where it has hopped;
// nobody is stopped for it, so this is an estimate.
uint64_t stacks_used(void) {
    uint64_t bytes = 0;
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        if (g->status == G_DEAD || g->status == G_IDLE) continue;
        uintptr_t sp = LOAD_RELAXED(g->sp);
        if (g->far && segment_has(g->far->at, sp)) {
            bytes += ALIGN_UP(g->far->at.hi - sp, PAGE);
            sp = g->hop_sp;
        }
        if (segment_has(g->home, sp)) bytes += ALIGN_UP(g->home.hi - sp, PAGE);
    }
    return bytes;
}

// A limit below what stacks have is a guard within them, put into all large ones.
GO_FUNC(intptr_t, rt_set_max_stack, (intptr_t n), "runtime/debug.setMaxStack") {
    const G *self = getg();
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    world_stop(c_string("debug.SetMaxStack"));
    uintptr_t old = stack_max;
    stack_max = n < 0 ? 0 : (uintptr_t)n;
    for (Stack *s = all_stacks; s && (old < FAR || stack_max < FAR); s = s->all) {
        G *g = s->g;
        uintptr_t sp = g == self                     ? here
                       : g && g->status == G_SYSCALL ? g->life.syscall_fp
                       : g                           ? g->sp
                                                     : 0;
        if (segment_has(s->at, sp) && s->at.hi - sp + SLOT / 2 > stack_max)
            continue; // it goes beyond it already
        set_limit(s);
        if (!g) continue;
        if (!g->far) g->home = s->at; // the main goroutine's
        g->guard = guard_of(g->far && g->limit ? g->home : s->at);
    }
    world_start();
    return (intptr_t)old;
}
