// stack: the compiler's own stack. The stages recurse over what the source nests and chains
// (100,000 terms of a sum are a tree that deep), so the whole compiler runs on a stack of many
// gigabytes that is reserved, not committed: what is not used costs nothing. Forked children
// inherit it. Below it lie pages that nobody may touch; the handler of that fault, on a stack of
// its own, says what happened.
#include "frontend/base.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#define SWITCH_TO(stack, size) __sanitizer_start_switch_fiber(NULL, stack, size)
#define SWITCHED() __sanitizer_finish_switch_fiber(NULL, NULL, NULL)
#endif
#endif
#ifndef SWITCH_TO
#define SWITCH_TO(stack, size) (void)0
#define SWITCHED() (void)0
#endif

static const size_t GUARD = 1 << 20, LEAST = 64 << 20, MOST = (size_t)64 << 30;

static struct {
    char *low; // of the guard
    size_t size;
    int (*run)(int, char **);
    int argc;
    char **argv;
} deep;

// Half of the machine's memory at most: recursion without end (a mistake of ours) must not take all
// of it.
static size_t wanted_size(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    size_t half = pages > 0 && page > 0 ? (size_t)pages / 2 * (size_t)page : LEAST;
    return half > MOST ? MOST : half < LEAST ? LEAST : half & ~(GUARD - 1);
}

static bool reserve(void) {
    // Less where address space is limited.
    for (deep.size = wanted_size(); deep.size >= LEAST; deep.size /= 2) {
        char *p = mmap(NULL, deep.size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (p == MAP_FAILED) continue;
        deep.low = p;
        return mprotect(p, GUARD, PROT_NONE) == 0;
    }
    return false;
}

static void on_fault(int sig, siginfo_t *info, void *context) {
    (void)context;
    char *at = info->si_addr;
    if (at < deep.low || at >= deep.low + GUARD) { // another mistake: as if nobody had listened
        signal(sig, SIG_DFL);
        return;
    }
    if (ice_position) ice_position(stderr);
    fprintf(stderr, "vole: stack exceeds %zu-byte limit: the program nests too deeply\n",
            deep.size);
    fflush(stderr);
    _exit(2);
}

static void listen_for_faults(void) {
    static char own[64 << 10];
    stack_t s = {.ss_sp = own, .ss_size = sizeof own};
    struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    if (sigaltstack(&s, NULL) == 0) sigaction(SIGSEGV, &a, NULL);
}

static void enter(void) {
    SWITCHED();
    exit(deep.run(deep.argc, deep.argv));
}

// Comes back only where there is no room for a stack: then the work has been done on the one that
// there is. Else enter() exits.
int run_on_deep_stack(int (*run)(int, char **), int argc, char **argv) {
    if (!reserve()) return run(argc, argv);
    listen_for_faults();
    deep.run = run;
    deep.argc = argc;
    deep.argv = argv;
    ucontext_t there;
    getcontext(&there);
    there.uc_stack.ss_sp = deep.low + GUARD;
    there.uc_stack.ss_size = deep.size - GUARD;
    there.uc_link = NULL;
    makecontext(&there, enter, 0);
    SWITCH_TO(deep.low + GUARD, deep.size - GUARD);
    setcontext(&there);
    return 2;
}
