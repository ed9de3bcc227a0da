// panic: defer, panic, recover, Goexit, and dying.
//
// A function with defers has an AbiDeferFrame in its stack frame; the frames of a goroutine form a
// list, innermost first, each with its records, last deferred first. A panic takes records one by
// one from the innermost frame and calls them on top of the panicking frame. recover() is valid
// when the frame that called the deferred function is the panic's own call_deferred; a wrapper
// moves that mark to itself. When a deferred call has recovered, execution goes on at the recovery
// point of the frame that deferred it, which runs what is left of its defers and returns. Panics
// whose frames lie below (are younger than) that frame are gone with it; if one of them was a
// Goexit, the Goexit goes on.
#include "runtime/asm.h"
#include "runtime/cgo.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/sched.h"
#include "runtime/signal.h"
#include "runtime/string.h"
#include "runtime/synctest.h"
#include "runtime/traceback.h"
#include <stdlib.h>
#include <unistd.h>

extern GO AbiIface make_plain_error(const char *p, intptr_t n) GOSYM("runtime.makePlainError");
extern GO AbiIface make_error_string(const char *p, intptr_t n) GOSYM("runtime.makeErrorString");
extern GO AbiIface make_nil_error(void) GOSYM("runtime.makePanicNilError");
extern GO void preprint_panics(Panic *p) GOSYM("runtime.preprintPanics");
extern GO void print_pre_fatal_panics(Panic *p) GOSYM("runtime.printPreFatalPanics");
extern GO void print_panics_go(Panic *p) GOSYM("runtime.fatalpanic");

// defer -------------------------------------------------------------------------------------------

// Records of defers in loops are used again.
static AbiDefer *acquire_defer(void) {
    P *p = getm()->p;
    AbiDefer *d = p->defers;
    if (!d) return rt_alloc(sizeof *d, true);
    p->defers = d->link;
    p->ndefers--;
    return d;
}
static void release_defer(AbiDefer *d) {
    enum { KEEP = 32 };
    P *p = getm()->p;
    if (!d->heap || p->ndefers >= KEEP) return;
    d->link = p->defers;
    p->defers = d;
    p->ndefers++;
}

// Records that the frame has no room for come from a list of the P: a defer must not cost an
// allocation.
GO void rt_deferpush(AbiDeferFrame *f, AbiDefer *d, void *fn) {
    bool heap = !d;
    if (heap) d = acquire_defer();
    d->heap = heap;
    d->fn = fn;
    d->link = f->defers;
    f->defers = d;
    if (!f->started) {
        G *g = getg();
        f->started = 1;
        f->prev = g->life.defers;
        g->life.defers = f;
    }
}

// A frame that functions called from it will push to comes before theirs.
GO void rt_deferlink(AbiDeferFrame *f) {
    if (f->started) return;
    G *g = getg();
    f->started = 1;
    f->prev = g->life.defers;
    g->life.defers = f;
}

static inline void pop_frame(G *g, AbiDeferFrame *f) {
    if (g->life.defers == f) {
        g->life.defers = f->prev;
        f->started = 0;
    }
}

GO void rt_deferreturn(AbiDeferFrame *f) {
    AbiDefer *d;
    while ((d = f->defers)) {
        void *fn = d->fn;
        f->defers = d->link;
        d->fn = NULL;
        release_defer(d);
        if (unlikely(!fn)) rt_panicmem();
        call_go(fn);
    }
    pop_frame(getg(), f);
}

// panic -------------------------------------------------------------------------------------------

// The frame whose address recover() compares.
static NOINLINE void call_deferred(Panic *p, void *fn) {
    p->frame = (uintptr_t)__builtin_frame_address(0);
    if (unlikely(!fn)) rt_panicmem();
    call_go(fn);
    __asm__ volatile("" ::: "memory");
}

static NORETURN void goexit_continue(void);

// After d's function recovered p: drops the panics that ended with it, jumps.
static NORETURN void recovered_at(Panic *p, AbiDeferFrame *f) {
    G *g = getg();
    g->life.panic = p->link;
    bool goexit = false;
    while (g->life.panic && stack_is_deeper(g, (uintptr_t)g->life.panic, (uintptr_t)f)) {
        if (g->life.panic->goexit) goexit = true;
        g->life.panic = g->life.panic->link;
    }
    if (!g->life.panic) g->life.sig = 0; // else the signal may be an outer panic's
    if (goexit) goexit_continue();
    if (!f->can_recover) rt_throw("recovered in a function without a recovery point");
    stack_return_to((uintptr_t)f);
    vole_longjmp(&f->jmpbuf);
}

// Each record is off the list before its call runs: a panic in it goes on with the next.
static void run_defers(Panic *p) {
    for (;;) {
        G *g = getg();
        AbiDeferFrame *f = g->life.defers;
        if (!f) return;
        AbiDefer *d = f->defers;
        if (!d) {
            pop_frame(g, f);
            continue;
        }
        f->defers = d->link;
        void *fn = d->fn;
        d->fn = NULL;
        release_defer(d);
        if (unlikely(g->life.callback)) cgo_return_to((uintptr_t)f);
        call_deferred(p, fn);
        p->frame = 0;
        if (p->recovered) recovered_at(p, f);
    }
}

static void print_panics_now(Panic *p) { print_panics_go(p); }
static NORETURN void fatal_panic(Panic *p);

void rt_gopanic(AbiIface v) {
    G *g = getg();
    M *m = getm();
    if (g == &m->g0 || on_g0()) {
        print_cstr("panic: ");
        rt_throw("panic on system stack");
    }
    if (!v.word) v = make_nil_error();
    Panic p = {.val = v, .link = g->life.panic};
    g->life.panic = &p;
    run_defers(&p);
    preprint_panics(&p);
    fatal_panic(&p);
}

GO AbiIface rt_gorecover(uintptr_t frame) {
    Panic *p = getg()->life.panic;
    if (p && !p->goexit && !p->recovered && p->frame == frame) {
        p->recovered = true;
        return p->val;
    }
    return (AbiIface){0};
}

GO void rt_wrapperpanic(uintptr_t callers, uintptr_t mine) {
    Panic *p = getg()->life.panic;
    if (p && p->frame == callers) p->frame = mine;
}

static NORETURN void goexit_continue(void) {
    G *g = getg();
    Panic p = {.goexit = true, .link = g->life.panic};
    g->life.panic = &p;
    run_defers(&p);
    goexit0();
}
GO_FUNC(NORETURN void, rt_goexit, (void), "runtime.Goexit") { goexit_continue(); }

void panic_str(const char *msg) { rt_gopanic(make_plain_error(msg, (intptr_t)strlen(msg))); }
void panic_errstr(const char *msg) { rt_gopanic(make_error_string(msg, (intptr_t)strlen(msg))); }

// dying -------------------------------------------------------------------------------------------

static _Atomic int32_t dying;

// What was there before, unless the process is dying: then it is in use.
_Atomic uintptr_t crash_fd = ~(uintptr_t)0;
GO_FUNC(uintptr_t, rt_set_crash_fd, (uintptr_t fd), "runtime.setCrashFD") {
    if (dying) return ~(uintptr_t)0;
    uintptr_t old = atomic_exchange(&crash_fd, fd);
    return dying ? ~(uintptr_t)0 : old;
}

static Bubble *dying_bubble;
GO_FUNC(void, rt_traceback_bubble, (Bubble * b), "runtime.tracebackBubble") { dying_bubble = b; }

// One thread tells; others that die meanwhile wait for the end.
static void start_dying(void) {
    M *m = getm();
    if (m->dying++ == 0) {
        if (dying++) {
            print_flush();
            for (;;) pause();
        }
        m->locks++;
        m->print_depth++;
        return;
    }
    if (m->dying == 2) {
        print_cstr("panic during panic\n");
        print_flush();
        _exit(3);
    }
    if (m->dying == 3) {
        print_cstr("stack trace unavailable\n");
        print_flush();
        _exit(4);
    }
    _exit(5);
}

static void print_signal_line(G *g) {
    if (!g->life.sig) return;
    print_cstr("[signal ");
    if (g->life.sig < 32 && signal_names[g->life.sig])
        print_cstr(signal_names[g->life.sig]);
    else
        print_hex(g->life.sig);
    print_f(" code=%x addr=%x pc=%x]\n", (uint64_t)g->life.sigcode0, (uint64_t)g->life.sigcode1,
            (uint64_t)g->life.sigpc);
}

// context: of the signal that ends the process, or NULL.
static NORETURN void finish_dying(uintptr_t pc, uintptr_t fp, void *context) {
    M *m = getm();
    G *g = getg();
    print_signal_line(g);
    bool all, crash;
    int level = traceback_level(&all, &crash);
    if (level > 0) {
        if (g == &m->g0) {
            all = true;
        } else {
            // It died on the thread's stack.
            if (fp >= m->g0lo && fp < m->g0hi) saved_frame(g, &pc, &fp);
            print_cstr("\n");
            goroutine_header(g);
            traceback_g(g, pc, fp);
        }
        if (all || dying_bubble)
            traceback_others(g == &m->g0 ? NULL : g, all ? NULL : dying_bubble);
        if (context) print_registers(context);
    }
    print_flush();
    if (crash) signal_die(is_library && context ? SIGQUIT : SIGABRT); // as gc's
    _exit(2);
}

static NOINLINE void fatal_panic(Panic *p) {
    start_dying();
    print_panics_now(p);
    uintptr_t *fp = __builtin_frame_address(0);
    finish_dying(fp[1], fp[0], NULL);
}

static void print_indented(AbiString s) {
    for (intptr_t i = 0, start = 0; i <= s.len; i++) {
        if (i < s.len && s.ptr[i] != '\n') continue;
        print_str((AbiString){s.ptr + start, i - start});
        if (i < s.len) print_cstr("\n\t");
        start = i + 1;
    }
}

// Failing while one reports a failure must come to an end: the fourth time at once.
static NOINLINE NORETURN void die_with(AbiString msg, int kind) {
    M *m = getm();
    uintptr_t *fp = __builtin_frame_address(0);
    uintptr_t pc = fp[1], up = fp[0];
    if (m) {
        if (m->dying < 1)
            start_dying();
        else
            m->dying++;
        if (m->dying > 3) _exit(5);
        m->throwing = (uint32_t)kind;
        if (kind == 1 && getg()->life.panic) print_pre_fatal_panics(getg()->life.panic);
        print_cstr("fatal error: ");
        print_indented(msg);
        print_cstr("\n");
        finish_dying(pc, up, NULL);
    }
    rt_write(2, "fatal error: ", 13);
    rt_write(2, msg.ptr, (size_t)msg.len);
    rt_write(2, "\n", 1);
    _exit(2);
}
void rt_throw(const char *msg) { die_with(c_string(msg), 2); }
void rt_fatal(const char *msg) { die_with(c_string(msg), 1); }
void rt_throw_str(AbiString msg) { die_with(msg, 2); }
void rt_fatal_str(AbiString msg) { die_with(msg, 1); }

GO_FUNC(NORETURN void, rt_go_throw, (const char *p, intptr_t n), "runtime.throw") {
    rt_throw_str((AbiString){p, n});
}
GO_FUNC(NORETURN void, rt_go_fatal, (const char *p, intptr_t n), "runtime.fatal") {
    rt_fatal_str((AbiString){p, n});
}

void signal_start_dying(void) { start_dying(); }
NORETURN void signal_finish_dying(uintptr_t pc, uintptr_t fp, void *context) {
    finish_dying(pc, fp, context);
}
