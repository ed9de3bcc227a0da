// stack: memory for goroutine stacks. Address space is plenty, memory is not: a stack is a large reservation whose pages come when touched. Two sizes: the
// first LARGE_MAX stacks in use are LARGE each; programs with more goroutines than that get SMALL ones for the rest, which are cut from
// big mappings. Below each stack lies a guard, as long as the kernel's limit on mappings allows, where a guard splits one.
// Freed stacks are used again, last freed first; what they touched is given back to the system at collections.
#include "runtime/rt.h"
#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { LARGE_MAX = 8192, GUARDS_MAX = 24000 };
#define LARGE ((uintptr_t)256 << 20)
#define MAIN_STACK ((uintptr_t)1 << 30)
#define SMALL ((uintptr_t)256 << 10)
#define GROUP 1024 // stacks of a mapping
#define GUARD ((uintptr_t)64 << 10)
#define KEEP ((uintptr_t)16 << 10) // of a free stack, left mapped

static Mutex stacks_lock;
static Stack *free_stacks[2];
static uint32_t n_large, n_guards;
static uintptr_t group_at[2], group_end[2];

static uintptr_t reserve(size_t n) {
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return 0;
    madvise(p, n, MADV_NOHUGEPAGE);
    return (uintptr_t)p;
}

// Small stacks are guarded by marks in the page table where the kernel (Linux 6.13) has them: these split no mapping.
static bool guard(uintptr_t lo, bool big) {
    static bool no_marks;
    if (!big && !no_marks) {
        if (madvise((void *)lo, GUARD, MADV_GUARD_INSTALL) == 0) return true;
        no_marks = true;
    }
    return n_guards < GUARDS_MAX && mprotect((void *)lo, GUARD, PROT_NONE) == 0 && ++n_guards;
}

static Stack *stack_new(uintptr_t lo, uintptr_t hi, bool big) {
    Stack *s = persistent_alloc(sizeof *s);
    *s = (Stack){.lo = lo, .hi = hi, .big = big, .guarded = guard(lo, big)};
    if (s->guarded) s->lo += GUARD;
    return s;
}

Stack *stack_alloc(bool main) {
    if (main) {
        uintptr_t p = reserve(MAIN_STACK);
        if (!p) p = reserve(MAIN_STACK / 4);
        return stack_new(p, p + MAIN_STACK, true);
    }
    lock(&stacks_lock);
    bool large = free_stacks[1] || n_large < LARGE_MAX;
    Stack *s = free_stacks[large];
    if (s) {
        free_stacks[large] = s->next;
    } else {
        uintptr_t size = large ? LARGE : SMALL;
        if (group_at[large] == group_end[large]) {
            size_t n = large ? LARGE * 16 : SMALL * GROUP;
            uintptr_t p = reserve(n);
            if (!p) rt_fatal("runtime: cannot allocate stack memory");
            group_at[large] = p;
            group_end[large] = p + n;
        }
        s = stack_new(group_at[large], group_at[large] + size, large);
        group_at[large] += size;
        if (large) n_large++;
    }
    unlock(&stacks_lock);
    s->dirty = true;
    return s;
}

void stack_free(Stack *s) {
    lock(&stacks_lock);
    s->next = free_stacks[s->big];
    free_stacks[s->big] = s;
    unlock(&stacks_lock);
}

void stacks_scavenge(void) {
    lock(&stacks_lock);
    for (int k = 0; k < 2; k++) {
        for (Stack *s = free_stacks[k]; s; s = s->next) {
            if (!s->dirty) continue;
            s->dirty = false;
            madvise((void *)s->lo, s->hi - KEEP - s->lo, MADV_DONTNEED);
            memset((void *)(s->hi - KEEP), 0, KEEP); // the next goroutine's frames would hold what it points to
        }
    }
    unlock(&stacks_lock);
}
