// coro: coroutines for package iter. A coroutine is a goroutine that only its creator runs:
// coroswitch hands the M from the caller to the goroutine that waits in the coroutine, without the
// scheduler.
#include "runtime/heap.h"
#include "runtime/panic.h"
#include "runtime/sched.h"
#include "runtime/synctest.h"
#include "runtime/trace.h"

typedef struct Coro {
    G *g;
    void *f;
} Coro;
typedef struct CoroStart {
    void *code;
    Coro *c;
} CoroStart;

static GO void coro_start(CoroStart *self GOCTX) {
    Coro *c = self->c;
    void *f = c->f;
    getg()->life.coro = (struct Coro *)c;
    ((GO void (*)(Coro *, void *GOCTX)) * (void **)f)(c, f);
}
// Ends a coroutine's goroutine, of itself or by Goexit, and goes on with the one that waits in it,
// on the same M.
void coro_exit_m(G *g) {
    Coro *c = (Coro *)g->life.coro;
    G *next = c->g;
    c->g = NULL;
    if (unlikely(next->life.durable)) bubble_resumes(next);
    if (TRACING) trace_go_switch(next, true);
    g_end(g);
    M *m = getm();
    next->status = G_RUNNING;
    next->m = m;
    m->curg = next;
}
// A direct switch: iter.Pull's two sides alternate, and a trip through a queue would cost more than
// the iterator.
static void coro_switch_m(G *g) {
    M *m = getm();
    Coro *c = g->life.param;
    g->life.param = NULL;
    G *next = c->g;
    if (unlikely(next->life.durable)) bubble_resumes(next);
    Bubble *b = g->life.bubble;
    if (unlikely(b)) bubble_blocks(g);
    if (TRACING) trace_go_switch(next, false);
    g->status = G_WAITING;
    g->m = NULL;
    c->g = g;
    next->m = m;
    m->curg = next;
    if (unlikely(b)) bubble_blocked(b);
}
GO_FUNC(Coro *, rt_newcoro, (void *f), "runtime.newcoro") {
    Coro *c = rt_alloc(sizeof *c, true);
    CoroStart *s = rt_alloc(sizeof *s, true);
    s->code = (void *)coro_start;
    s->c = c;
    c->f = f;
    c->g = go_new(s, (uintptr_t)__builtin_return_address(0));
    c->g->status = G_WAITING;
    c->g->life.wait_reason = WAIT_COROUTINE;
    if (unlikely(getg()->life.bubble)) bubble_enter(c->g, getg()->life.bubble, false);
    if (TRACING) trace_go_create(c->g, true);
    return c;
}
GO_FUNC(void, rt_coroswitch, (Coro * c), "runtime.coroswitch") {
    G *g = getg();
    if (!c->g) rt_throw("coroswitch on exited coro");
    g->life.wait_reason = WAIT_COROUTINE;
    g->life.param = c;
    mcall(coro_switch_m);
}
