// fiber: tells the sanitizers that the runtime's tests are built with which stack a thread runs on.
// Nothing in programs.
#ifndef VOLE_FIBER_H
#define VOLE_FIBER_H

#include "runtime/asm.h"
#include "runtime/sched.h"

#if defined(__has_feature) && __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
static inline void fiber_thread(G *g0) { g0->fiber = __tsan_get_current_fiber(); }
static inline void fiber_leave(G *from, G *to) {
    (void)from;
    if (!to->fiber) to->fiber = __tsan_create_fiber(0);
    __tsan_switch_to_fiber(to->fiber, 0);
}
static inline void fiber_arrive(G *g) { (void)g; }
#elif defined(__has_feature) && __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
static inline void fiber_thread(G *g0) { (void)g0; }
static inline void fiber_leave(G *from, G *to) {
    const Segment *s = stack_part(to, to->sp);
    uintptr_t lo = s ? s->lo : to->m->g0lo, hi = s ? s->hi : to->m->g0hi;
    __sanitizer_start_switch_fiber(&from->fiber, (void *)lo, hi - lo);
}
static inline void fiber_arrive(G *g) { __sanitizer_finish_switch_fiber(g->fiber, NULL, NULL); }
typedef struct FiberCall {
    void (*fn)(void *);
    void *arg;
    G *g;
    M *m;
} FiberCall;
static inline void fiber_call(void *arg) {
    FiberCall *c = arg;
    fiber_arrive(&c->m->g0);
    c->fn(c->arg);
    fiber_leave(&c->m->g0, c->g);
}
static inline void fiber_call_on_g0(void (*fn)(void *), void *arg, G *g, uintptr_t sp) {
    M *m = getm();
    FiberCall c = {fn, arg, g, m};
    fiber_leave(g, &m->g0);
    vole_asm_on_g0(fiber_call, &c, &g->sp, sp);
    fiber_arrive(g);
}
#define FIBER_CALLS
#else
static inline void fiber_thread(G *g0) { (void)g0; }
static inline void fiber_leave(G *from, G *to) { (void)from, (void)to; }
static inline void fiber_arrive(G *g) { (void)g; }
#endif

#ifndef FIBER_CALLS
static inline void fiber_call_on_g0(void (*fn)(void *), void *arg, G *g, uintptr_t sp) {
    vole_asm_on_g0(fn, arg, &g->sp, sp);
}
#endif

#endif
