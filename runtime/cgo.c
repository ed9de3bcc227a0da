// cgo: calls from Go to C and back, as cmd/cgo's output wants them: runtime.cgocall, crosscall2.
//
// A call to C is a system call to the scheduler: its P may be taken away. C runs on the thread's own
// stack, below the scheduler's frames there; when it calls Go, crosscall2 becomes the scheduler's
// loop of this thread for as long as that lasts: the goroutine is tied to the thread, whose stack has
// C's frames. A panic that is recovered beyond them leaves them as longjmp does (cgo_return_to).
//
// A thread that C made gets an M with a goroutine of its own when it first calls Go, which it keeps
// until it ends (thread_adopt).
#include "runtime/cgo.h"
#include "runtime/asm.h"
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/sched_impl.h"
#include "runtime/signal.h"
#include <stdlib.h>

extern char cgo_init[] __asm__("runtime/cgo.init") __attribute__((weak));
bool cgo_linked(void) { return cgo_init != NULL; }

// from Go to C ------------------------------------------------------------------------------------

// Tracebacks of the call begin at its caller.
GO_WEAK(int32_t, rt_cgocall, (void *fn, void *arg), "runtime.cgocall") {
    G *g = getg();
    M *m = getm();
    uintptr_t *fp = __builtin_frame_address(0);
    if (unlikely(!fn)) rt_throw("cgocall nil");
    if (unlikely(!stack_part(g, (uintptr_t)fp))) return ((int32_t (*)(void *))fn)(arg);
    m->cgo_calls++;
    m->in_c++;
    g->life.syscall_fp = (uintptr_t)fp;
    g->life.syscall_pc = (uintptr_t)rt_cgocall + 1; // some place in it
    if (TRACING) trace_syscall_begin();
    syscall_begin(g, m);
    int32_t result = vole_asm_c_on_g0(fn, arg, &g->sp, m->g0sp - (g->life.callback ? 0 : G0_GAP));
    m->in_c--; // the thread is the same one: callbacks are tied to it
    syscall_end(g, m);
    return result;
}

bool cgo_in_c(const M *m) {
    const G *g = m->curg;
    if (!g || g->status != G_SYSCALL) return false;
    return m->in_c > 0 || (m->foreign && !g->life.callback); // a thread of C's, outside of Go
}

int64_t cgo_calls(void) {
    int64_t n = 0;
    for (M *m = all_ms; m; m = m->all) n += (int64_t)m->cgo_calls;
    return n;
}
GO_FUNC(int64_t, rt_num_cgo_call, (void), "runtime.NumCgoCall") { return cgo_calls(); }

// What #cgo nocallback promises of a function is minded while it runs.
GO_FUNC(void, rt_cgo_no_callback, (uint8_t on), "runtime.cgoNoCallback") {
    getg()->life.no_callback = on & 1;
}

// from C to Go ------------------------------------------------------------------------------------

static void call_back(void *arg) {
    Callback *c = arg;
    ((GO void (*)(void *))c->fn)(c->arg);
}

NORETURN void vole_callback_main(void);
// On the goroutine's stack. Where little is left of its home the Go function gets a large stack:
// that C calls Go again and again is a recursion that the compiler does not see.
void vole_callback_main(void) {
    enum { LITTLE = 32 << 10 };
    exitsyscall();
    G *g = getg();
    Callback *c = g->life.callback;
    if (unlikely(g->life.no_callback))
        panic_str("runtime: function marked with #cgo nocallback called back into Go");
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (segment_has(g->home, here) && here - g->home.lo < LITTLE)
        stack_far(call_back, c);
    else
        call_back(c);
    g = getg();
    entersyscall();
    g->life.syscall_pc = c->syscall_pc;
    g->life.syscall_fp = c->syscall_fp;
    c->done = true;
    vole_switch(&g->sp, getm()->g0sp);
    __builtin_unreachable();
}

// A thread of C's, made by a constructor, may call Go before the packages are initialised: it waits.
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    _Atomic bool done;
} init = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

static void tell_init_done(void *arg) {
    (void)arg;
    pthread_mutex_lock(&init.lock);
    init.done = true;
    pthread_cond_broadcast(&init.changed);
    pthread_mutex_unlock(&init.lock);
}
void cgo_init_done(void) {
    if (cgo_linked() || is_library) on_system_stack(tell_init_done, NULL);
}

static void wait_for_init(void) {
    pthread_mutex_lock(&init.lock);
    while (!init.done) pthread_cond_wait(&init.changed, &init.lock);
    pthread_mutex_unlock(&init.lock);
}

size_t _cgo_wait_runtime_init_done(void);
// cmd/cgo's C calls this before it packs arguments, on Go's threads, too: those never wait. It hands
// what it gets to crosscall2.
size_t _cgo_wait_runtime_init_done(void) {
    if (unlikely(!init.done) && !vole_tls_m) wait_for_init();
    return cgo_context();
}

void crosscall2(void (*fn)(void *), void *arg, int n, size_t context);
// fn(arg), for C. Comes back to C's thread when the Go function has returned, whatever its goroutine
// waited for meanwhile.
void crosscall2(void (*fn)(void *), void *arg, int n, size_t context) {
    (void)n;
    M *m = vole_tls_m;
    if (unlikely(!m)) {
        wait_for_init();
        m = thread_adopt();
    }
    G *g = m->curg;
    bool swap = unlikely(m->c_altstack) && !g->life.callback;
    if (swap) signals_swap_altstack(m, true);
    int32_t in_c = m->in_c;
    m->in_c = 0;
    Callback c = {.outer = g->life.callback,
                  .fn = fn,
                  .arg = arg,
                  .g0sp = m->g0sp,
                  .sp = g->sp,
                  .syscall_pc = g->life.syscall_pc,
                  .syscall_fp = g->life.syscall_fp,
                  .context = context};
    g->life.callback = &c;
    dolockOSThread();
    callback_loop(m, g, vole_callback_frame(g->sp), &c.done);
    dounlockOSThread();
    g->life.callback = c.outer;
    g->sp = c.sp;
    m->g0sp = c.g0sp;
    m->in_c = in_c;
    if (swap) signals_swap_altstack(m, false);
}

void cgo_return_to(uintptr_t p) {
    G *g = getg();
    while (g->life.callback && (!p || stack_is_deeper(g, g->life.callback->sp, p))) {
        getm()->g0sp = g->life.callback->g0sp;
        g->life.callback = g->life.callback->outer;
        dounlockOSThread();
    }
}

// Weak: the tests of the runtime have no Go.
extern GO void panic_from_c(void *string) GOSYM("runtime.cgoPanic") __attribute__((weak));
// For C's crosscall2: panics; string points to the text's address.
GO_FUNC(void, rt_cgo_panic, (void *string), "_cgo_panic") { panic_from_c(string); }

// What else cmd/cgo's C refers to.
void _cgo_release_context(size_t context);
void _cgo_release_context(size_t context) { cgo_context_done(context); }

// Results of C that lie on a goroutine's stack are found again by their distance from its top, where
// stacks move. Here they do not, and cmd/cgo's C reads a variable where it would ask: it is compiled
// with a macro for the function (cmd/vole/cgo.c), which C of others still may call.
char *vole_cgo_no_top;
char *_cgo_topofstack(void);
char *_cgo_topofstack(void) { return NULL; }

// the rule for pointers ---------------------------------------------------------------------------
static bool on_a_stack(uintptr_t p) {
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++)
        if (all_gs[i]->status != G_DEAD && stack_part(all_gs[i], p)) return true;
    return false;
}

GO_FUNC(uint8_t, rt_is_go_pointer, (void *p), "runtime.isGoPointer") {
    if (!p) return false;
    return heap_object(p, NULL, NULL) || go_statics(p) || stack_part(getg(), (uintptr_t)p) ||
           on_a_stack((uintptr_t)p);
}

GO_FUNC(int32_t, rt_cgo_check_level, (void), "runtime.cgoCheckLevel") { return godebug.cgocheck; }

// How often each object is pinned: by its start, complemented, since what is pinned is held by its
// Pinner. Places are never freed, only used again.
static struct {
    Mutex lock;
    struct Pin {
        uintptr_t hidden;
        int64_t times;
    } *at;
    size_t size, used; // size: a power of two
} pins;

static struct Pin *find_pin(uintptr_t hidden) {
    size_t i = (size_t)(hidden >> 4) * 0x9e3779b97f4a7c15u >> 16 & (pins.size - 1);
    while (pins.at[i].hidden && pins.at[i].hidden != hidden) i = (i + 1) & (pins.size - 1);
    return &pins.at[i];
}

static void grow_pins(void *arg) {
    (void)arg;
    size_t n = pins.size;
    struct Pin *old = pins.at;
    pins.size = n ? 2 * n : 64;
    pins.at = calloc(pins.size, sizeof *pins.at);
    if (!pins.at) rt_fatal("runtime: cannot allocate memory");
    pins.used = 0;
    for (size_t i = 0; i < n; i++)
        if (old[i].times) {
            *find_pin(old[i].hidden) = old[i];
            pins.used++;
        }
    free(old);
}

GO_FUNC(void, rt_pin, (void *p, intptr_t times), "runtime.pin") {
    void *start = heap_object(p, NULL, NULL);
    uintptr_t hidden = ~(uintptr_t)(start ? start : p);
    lock(&pins.lock);
    if (pins.used >= pins.size / 2) on_system_stack(grow_pins, NULL);
    struct Pin *pin = find_pin(hidden);
    pins.used += !pin->hidden;
    pin->hidden = hidden;
    pin->times += times;
    unlock(&pins.lock);
}
GO_FUNC(uint8_t, rt_is_pinned, (void *p), "runtime.isPinned") {
    void *start = heap_object(p, NULL, NULL);
    if (!start) return stack_part(getg(), (uintptr_t)p) == NULL; // variables stay where they are
    lock(&pins.lock);
    bool pinned = pins.size && find_pin(~(uintptr_t)start)->times > 0;
    unlock(&pins.lock);
    return pinned;
}

GO_FUNC(uint8_t, rt_holds_go_pointer, (void *p), "runtime.holdsGoPointer") {
    size_t size;
    bool pointers;
    void **start = heap_object(p, &size, &pointers);
    if (!start && go_statics(p) && (uintptr_t)p % sizeof(void *) == 0)
        return heap_object(*(void **)p, NULL, NULL) && !rt_is_pinned(*(void **)p);
    if (!start || !pointers) return false;
    for (void **w = start; w + 1 <= (void **)((char *)start + size); w++)
        if (rt_is_go_pointer(*w) && !rt_is_pinned(*w)) return true;
    return false;
}

GO_FUNC(intptr_t, rt_c_string_length, (const char *p), "runtime.cStringLength") {
    return p ? (intptr_t)strlen(p) : 0;
}

// GOEXPERIMENT=cgocheck2: n values of Go's, of a type that has pointers, were written to p; SIZE_MAX:
// one, and gc says which pointer. Pointers to stacks are the compiler's own affair.
typedef struct BadWrite {
    void *p, *to;
    bool told;
} BadWrite;
static void report_write(void *arg) {
    const BadWrite *w = arg;
    if (w->told)
        print_f("write of unpinned Go pointer %x to non-Go memory %x\n", (uint64_t)(uintptr_t)w->p,
                (uint64_t)(uintptr_t)w->to);
    rt_throw("unpinned Go pointer stored into non-Go memory");
}
// One value; large types have no bitmap.
static void check_written(char *p, const AbiType *t, bool told) {
    if (!t->gcdata && t->kind == ABI_ARRAY) {
        const AbiArrayType *a = (const AbiArrayType *)t;
        for (uintptr_t i = 0; i < a->len; i++) check_written(p + i * a->elem->size, a->elem, told);
    } else if (!t->gcdata && t->kind == ABI_STRUCT) {
        const AbiSlice *fields = &((const AbiStructType *)t)->fields;
        const AbiStructField *f = fields->ptr;
        for (intptr_t i = 0; i < fields->len; i++) check_written(p + f[i].offset, f[i].type, told);
    }
    for (size_t i = 0; t->gcdata && i < t->ptr_bytes / sizeof(void *); i++) {
        void **word = (void **)p + i;
        if (!(t->gcdata[i / 8] >> i % 8 & 1) || !heap_object(*word, NULL, NULL) ||
            rt_is_pinned(*word))
            continue;
        BadWrite w = {*word, word, told};
        on_system_stack(report_write, &w);
    }
}

__attribute__((preserve_most)) void vole_cgo_check(char *p, const AbiType *t, size_t n);
__attribute__((preserve_most)) void vole_cgo_check(char *p, const AbiType *t, size_t n) {
    if (!main_started || on_g0() || stack_part(getg(), (uintptr_t)p) ||
        heap_object(p, NULL, NULL) || go_statics(p) || on_a_stack((uintptr_t)p))
        return;
    bool one = n == SIZE_MAX;
    for (size_t k = 0; k < (one ? 1 : n); k++) check_written(p + k * t->size, t, one);
}
