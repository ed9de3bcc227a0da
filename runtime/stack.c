// stack: memory for goroutine stacks. Address space is plenty, memory is not: a stack is a large
// reservation whose pages come when touched. Two sizes: the first LARGE_MAX stacks in use are LARGE
// each; programs with more goroutines than that get SMALL ones for the rest, which are cut from big
// mappings: a large one costs 4.5 KB of page tables, as its end is far from any other. Below each
// stack lies a guard, as long as the kernel's limit on mappings allows, where a guard splits one. A
// stack stays with its G. What a dead one touched goes back to the system when it has not been used
// between two collections.
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/sched.h"
#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { LARGE_MAX = 32768, GUARDS_MAX = 24000 };
#define LARGE ((uintptr_t)256 << 20)
#define MAIN_STACK ((uintptr_t)1 << 30)
#define SMALL ((uintptr_t)256 << 10)
#define GROUP 1024 // stacks of a mapping
#define PAGE 4096
#define GUARD ((uintptr_t)64 << 10)
#define SHIFT ((uintptr_t)1 << 20) // so that a stack's end and the guard above it share a page of the page table

static Mutex stacks_lock;
static uint32_t n_large, n_guards;
static uintptr_t group_at[2], group_end[2];

static uintptr_t reserve(size_t n) {
    void *p =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return 0;
    madvise(p, n, MADV_NOHUGEPAGE);
    return (uintptr_t)p;
}

// Stacks are guarded by marks in the page table where the kernel (Linux 6.13) has them: these split
// no mapping.
static bool no_marks;
static bool guard(uintptr_t lo) {
    if (!no_marks) {
        if (madvise((void *)lo, GUARD, MADV_GUARD_INSTALL) == 0) return true;
        no_marks = true;
    }
    return n_guards < GUARDS_MAX && mprotect((void *)lo, GUARD, PROT_NONE) == 0 && ++n_guards;
}

uintptr_t stack_max = 1000000000;

// Puts a guard where the program wants the stack to end.
static void set_limit(Stack *s) {
    uintptr_t max = stack_max > SMALL / 4 ? stack_max : SMALL / 4,
              lo = s->hi - s->base > max ? (s->hi - max) & -GUARD : s->base;
    if (lo == s->lo) return;
    if (s->lo != s->base) mprotect((void *)(s->lo - GUARD), GUARD, PROT_READ | PROT_WRITE);
    if (lo != s->base && mprotect((void *)(lo - GUARD), GUARD, PROT_NONE) != 0) lo = s->base;
    s->lo = lo;
}

static Stack *stack_new(uintptr_t lo, uintptr_t hi) {
    Stack *s = persistent_alloc(sizeof *s);
    s->hi = hi;
    s->base = s->lo = guard(lo) ? lo + GUARD : lo;
    set_limit(s);
    return s;
}

// Sixteen large stacks, or a thousand small ones, are reserved at once: mappings are few.
Stack *stack_alloc(bool main) {
    if (main) {
        uintptr_t p = reserve(MAIN_STACK);
        if (!p) p = reserve(MAIN_STACK / 4);
        return stack_new(p, p + MAIN_STACK);
    }
    lock(&stacks_lock);
    // None so long without a guard.
    bool large = n_large < LARGE_MAX && (!no_marks || n_guards < GUARDS_MAX);
    uintptr_t size = large ? LARGE : SMALL;
    if (group_at[large] == group_end[large]) {
        size_t n = large ? LARGE * 16 : SMALL * GROUP;
        uintptr_t p = reserve(n + 3 * SHIFT);
        if (!p) rt_fatal("runtime: cannot allocate stack memory");
        group_at[large] = ALIGN_UP(p, 2 * SHIFT) + SHIFT;
        group_end[large] = group_at[large] + n;
    }
    Stack *s = stack_new(group_at[large], group_at[large] + size);
    group_at[large] += size;
    if (large) n_large++;
    unlock(&stacks_lock);
    return s;
}

bool stack_scavenge(Stack *s) {
    if (s->use != STACK_UNUSED) {
        if (s->use == STACK_USED) s->use = STACK_UNUSED;
        return false;
    }
    s->use = STACK_EMPTY;
    madvise((void *)s->lo, s->hi - s->lo, MADV_DONTNEED);
    return true;
}

uint64_t stacks_used(void) {
    uint64_t bytes = 0;
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++) {
        G *g = all_gs[i];
        uintptr_t sp = LOAD_RELAXED(g->sp);
        if (g->status != G_DEAD && g->status != G_IDLE && sp < g->hi)
            bytes += ALIGN_UP(g->hi - sp, PAGE);
    }
    return bytes;
}

// A limit below what stacks have is a guard within them, put into those of all goroutines.
GO_FUNC(intptr_t, rt_set_max_stack, (intptr_t n), "runtime/debug.setMaxStack") {
    G *self = getg();
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    world_stop();
    uintptr_t old = stack_max;
    stack_max = n < 0 ? 0 : (uintptr_t)n;
    uint32_t count = n_all_gs;
    for (uint32_t i = 0; i < count && (old < MAIN_STACK || stack_max < MAIN_STACK); i++) {
        G *g = all_gs[i];
        uintptr_t sp = g == self ? here : g->status == G_SYSCALL ? g->life.syscall_fp : g->sp;
        if (g->hi - sp + SMALL / 8 > stack_max && sp >= g->lo && sp < g->hi && g->status != G_DEAD)
            continue; // it goes beyond it already
        set_limit(g->stack);
        g->lo = g->stack->lo;
    }
    world_start();
    return (intptr_t)old;
}
