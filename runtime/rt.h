// rt: the runtime's inside, shared by all of runtime/*.c.
//
// A goroutine (G) runs on a stack of its own, carried by a thread (M) that holds a processor (P), the right to run Go code. Each
// M has the thread's own stack ("g0") too: the scheduler and the collector's slow paths run there. `getg` and `getm` are volatile
// reads of thread-locals: after anything that may switch goroutines they must be read again, because a goroutine can wake up on
// another thread.
//
//     goroutine stack                          thread stack (g0)
//     hi  +--------------------+               +--------------------+
//         | vole_gostart, rbp=0|               | mstart, schedule   |
//         | Go frames, C frames|  switch       | <- m->g0sp while a |
//         | saved registers    | ------------> |    goroutine runs  |
//     sp->+--------------------+               +--------------------+
//
// Locks (Mutex) are held for short times only; while one is held (m->locks > 0) the goroutine is neither preempted nor switched.
#ifndef VOLE_RT_H
#define VOLE_RT_H

#include "runtime/abi.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <pthread.h>
#include <signal.h>

#define GO __attribute__((swiftcall))
#define GOSYM(name) __asm__(name)
#define GOCTX __attribute__((swift_context))
#define NORETURN _Noreturn
#define NOINLINE __attribute__((noinline))
#define COLD __attribute__((cold))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
// Plain fields that other threads look at without a lock.
#define LOAD_RELAXED(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE_RELAXED(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define ALIGN_UP(x, a) (((x) + ((a) - 1)) & ~(uintptr_t)((a) - 1))

// Results of Go functions: clang returns these in the registers that swiftcc uses.
typedef struct RetPB {
    void *p;
    uint8_t b;
} RetPB;
typedef struct RetIB {
    intptr_t i;
    uint8_t b;
} RetIB;
typedef struct RetBB {
    uint8_t a;
    _Alignas(8) uint8_t b;
} RetBB; // apart: clang would put two adjacent bytes into one register
typedef struct RetWI {
    int32_t w;
    intptr_t i;
} RetWI;
typedef struct RetC {
    double re, im;
} RetC;

typedef struct G G;
typedef struct M M;
typedef struct P P;
typedef struct Sudog Sudog;
typedef struct Panic Panic;
typedef struct Hchan Hchan;
typedef struct Timer Timer;
typedef struct Bubble Bubble;
typedef struct Stack Stack;

typedef struct Mutex {
    _Atomic uint32_t state;
} Mutex; // 0 free, 1 held, 2 held with waiters
void lock(Mutex *l);
void unlock(Mutex *l);
typedef struct Note {
    _Atomic uint32_t set;
} Note; // one-shot wake-up of a thread
void note_clear(Note *n);
void note_wake(Note *n);
bool note_sleep(Note *n, int64_t ns); // ns < 0: for ever; false on time-out

typedef struct GQueue {
    G *head, *tail;
    uint32_t n;
} GQueue;

enum { G_IDLE, G_RUNNABLE, G_RUNNING, G_SYSCALL, G_WAITING, G_DEAD };

struct Stack {
    uintptr_t base, lo, hi;                             // usable from base on; lo is higher if the program wants less
    enum { STACK_EMPTY, STACK_USED, STACK_UNUSED } use; // unused: not since the last collection
};

// What belongs to one goroutine, cleared whole when it ends: its G runs others later.
typedef struct Life {
    uint64_t goid, parent;
    void *fn; // closure to start with
    uintptr_t gopc, startpc;
    const char *wait_reason;
    int64_t wait_since;
    AbiDeferFrame *defers;
    Panic *panic;
    M *lockedm;
    void *param;    // what woke it
    Sudog *waiting; // sudogs of a blocked channel operation, in lock order
    _Atomic uint32_t select_done;
    uint8_t paniconfault, system;
    int32_t locked_ext, locked_int;
    // last signal that became a panic
    uint32_t sig;
    uintptr_t sigcode0, sigcode1, sigpc;
    uintptr_t syscall_pc, syscall_fp;
    void *labels;
    uint8_t fips_indicator, fips_bypass;
    struct Coro *coro;
    Bubble *bubble; // of testing/synctest
    bool durable;   // waits for what only its bubble can do
    int64_t sleep_when;
} Life;

struct G {
    uintptr_t sp;     // saved stack pointer while not running on its stack
    uintptr_t lo, hi; // its stack
    Stack *stack;
    M *m; // that runs it
    _Atomic uint32_t status;
    G *link; // in queues
    Timer *sleep_timer;
    void *fiber; // the sanitizers' (fiber.h)
    Life life;
};

struct Sudog {
    G *g;
    Sudog *next, *prev; // of the wait queue
    Sudog *waitlink;    // g->waiting list, or the semaphore's list of one address
    void *elem;
    Hchan *c;
    int64_t acquiretime;
    uint32_t ticket;
    bool is_select, success;
    // semaphores: treap of addresses
    Sudog *parent, *waittail;
    uint32_t waiters;
};

enum { SIZE_CLASSES = 129, KINDS = 2 }; // free lists by granules of 16 bytes; pointer-free and scanned

enum { P_IDLE, P_RUNNING, P_SYSCALL, P_STOPPED, P_DEAD };
enum { RUNQ = 256 };

struct P {
    int32_t id;
    _Atomic uint32_t status;
    P *link;
    M *m;
    uint32_t sched_tick, syscall_tick;
    _Atomic bool preempt; // what runs here has had its time, or the world is to stop
    bool global_turn;     // the global queue is looked at first
    bool long_run;        // what ran last was preempted
    uint8_t preemptions;
    uint32_t spawned; // since somebody let others run for it
    _Atomic uint32_t runq_head, runq_tail;
    _Atomic(G *) runq[RUNQ];
    _Atomic(G *) runnext;
    void *free[KINDS][SIZE_CLASSES];
    void *volatile refill; // a list on its way from the collector to one of these
    GQueue gfree;
    Sudog *sudogs;
    AbiDefer *defers; // free records
    uint32_t nsudogs, ndefers;
    uint64_t rand[2];
    uint64_t nmalloc, nbytes; // statistics
    uint64_t sample_at;       // nbytes at which the next allocation is profiled
    int64_t sample_rate;      // MemProfileRate that sample_at was chosen for
    // sysmon's notes
    uint32_t seen_tick, seen_syscall;
    int64_t seen_when, seen_sys_when;
} __attribute__((aligned(128)));

struct M {
    uintptr_t g0sp; // of g0 while a goroutine runs
    uintptr_t g0lo, g0hi;
    G *curg;
    P *p, *oldp, *nextp;
    G g0; // stands for the thread itself
    int64_t id;
    pthread_t thread;
    int32_t tid;
    Note park;
    M *link, *all;
    int32_t locks;
    bool spinning, registered;
    bool (*unlockf)(G *, void *);
    void *unlock_arg;
    void (*mcall_fn)(G *);
    G *lockedg;
    uint32_t throwing, dying;
    // what the suspend signal saved
    uintptr_t sig_sp, sig_handler_sp;
    char *altstack;
    char printbuf[512];
    uint32_t nprint, print_depth;
    uint64_t rand[2];
};

// Thread-locals through the segment register, never cached by the compiler.
extern _Thread_local G *vole_tls_g __attribute__((tls_model("local-exec")));
extern _Thread_local M *vole_tls_m __attribute__((tls_model("local-exec")));
#if defined(__x86_64__)
#define READ_TLS(var)                                                                                                            \
    ({                                                                                                                           \
        void *v_;                                                                                                                \
        __asm__ volatile("movq %%fs:" #var "@tpoff, %0" : "=r"(v_));                                                             \
        v_;                                                                                                                      \
    })
#elif defined(__aarch64__)
#define READ_TLS(var)                                                                                                            \
    ({                                                                                                                           \
        void *v_;                                                                                                                \
        __asm__ volatile("mrs %0, tpidr_el0\n\tadd %0, %0, #:tprel_hi12:" #var ", lsl #12\n\tldr %0, [%0, #:tprel_lo12_nc:" #var \
                         "]"                                                                                                     \
                         : "=r"(v_));                                                                                            \
        v_;                                                                                                                      \
    })
#endif
static inline G *getg(void) { return (G *)READ_TLS(vole_tls_g); }
static inline M *getm(void) { return (M *)READ_TLS(vole_tls_m); }
static inline bool on_g0(void) {
    G *g = getg();
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    return !(sp > g->lo && sp <= g->hi) || !g->stack;
}

// asm_*.S
void vole_switch(uintptr_t *save, uintptr_t to);
void vole_gostart(void);
void vole_asm_on_g0(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t g0sp);
int vole_setjmp(AbiJmpbuf *b) __attribute__((returns_twice));
NORETURN void vole_longjmp(AbiJmpbuf *b);
void vole_sigpanic(void);
void vole_async_preempt(void);
extern char vole_rt_text_begin[];
// Runs fn(arg) on the thread's own stack.
void on_system_stack(void (*fn)(void *), void *arg);

// sched
extern P *all_ps[];
extern _Atomic int32_t gomaxprocs;
extern int32_t ncpu;
extern M *all_ms;
extern G **all_gs;
extern _Atomic uint32_t n_all_gs;
extern Mutex sched_lock;
extern _Atomic bool main_started;
void sched_init(void);
NORETURN void sched_run_main(void *fn); // starts the main goroutine and the scheduler on this thread
G *go_new(void *fn, uintptr_t callerpc);
void park(bool (*unlockf)(G *, void *), void *arg, const char *reason);         // until ready()
void park_durably(bool (*unlockf)(G *, void *), void *arg, const char *reason); // only its bubble, if it is in one, can wake it
void park_unlock_durably(Mutex *l, const char *reason, bool durably);
void ready(G *g);   // makes a parked goroutine runnable, next on this P
void goyield(void); // to the local queue's tail
void gosched(void); // to the global queue
// The signal that preempts does nothing where it finds the runtime at work. The flag that it came with is honoured on the way back to Go.
void preempt_here(void);
static inline void preempt_point(void) {
    const P *p = getm()->p;
    if (unlikely(p && p->preempt)) preempt_here();
}
bool sched_crowded(uint32_t n); // whether n timers are enough for now: much is runnable here, or the world is to stop
NORETURN void goexit0(void);
void goexit_m(G *g);         // on g0: g has ended
void coro_exit_m(G *g);      // the same for a coroutine's
void mcall(void (*fn)(G *)); // fn runs on g0 after the goroutine's state is saved
void entersyscall(void);
void exitsyscall(void);
void entersyscallblock(void);
void sched_wake_poller(int64_t when);
int32_t sched_set_procs(int32_t n);
int32_t goroutine_count(void);
void world_stop(void); // all other processors; until world_start this goroutine neither blocks nor is preempted
void world_start(void);
bool pc_is_go(uintptr_t pc);
void dolockOSThread(void);
void dounlockOSThread(void);
uint64_t fastrand(void);
static inline uint32_t fastrandn(uint32_t n) { return (uint32_t)(((fastrand() >> 32) * (uint64_t)n) >> 32); }
Sudog *acquire_sudog(void);
void release_sudog(Sudog *s);
void sched_handoff_for_fork(void);

// stacks
Stack *stack_alloc(bool main);
bool stack_scavenge(Stack *s); // a dead goroutine's, while the collector has stopped the world; true if it gave memory back
uint64_t stacks_used(void); // bytes of live goroutines' stacks, as deep as they were when they last left the processor, in pages
extern uintptr_t stack_max; // debug.SetMaxStack

// heap
void heap_init(void);
void heap_thread_init(M *m);
void *rt_alloc(size_t size, bool scan);         // zeroed
void *rt_alloc_raw(size_t size, bool scan);     // pointer-free memory isn't zeroed
size_t round_up_size(size_t size, bool noscan); // gc's size classes
void gc_collect(void);
void clear_stack(void);
void *persistent_alloc(size_t n); // zeroed, never freed, not scanned
void *rt_root_alloc(size_t n);    // zeroed, scanned, never freed
// A hidden pointer, outside the collector's heap or in pointer-free memory, that it clears when the object goes away. False: the object is not its own.
bool heap_link(void **link, void *object);
void *heap_link_load(void **link);
void heap_unlink(void **link);
// For heap dumps. What visits objects is called with the collector's lock held, after heap_settle while the world is stopped.
void heap_settle(void);
void heap_visit(void (*object)(void *object, size_t size, bool pointers),
                void (*finalizer)(void *object, void *closure, bool queued));
void heap_bounds(uintptr_t *lo, uintptr_t *hi);
void statics_visit(void (*fn)(uintptr_t lo, uintptr_t hi, bool zeros)); // the parts of the program that it can write to
#define MAX_ALLOC ((uintptr_t)1 << 48)
extern char runtime_zerobase GOSYM("runtime.zerobase");
extern const uint64_t small_cells[256]; // small_cells[i] is i: what small integers are in interfaces, strings of one byte
static inline void *small_cell(uint64_t i) { return (void *)&small_cells[i]; }

// os
int64_t nanotime(void);
static inline int64_t time_after(int64_t t, int64_t ns) { // at most the last time there is
    int64_t sum;
    return __builtin_add_overflow(t, ns, &sum) ? INT64_MAX : sum;
}
int64_t walltime(int32_t *nsec);
void rt_write(int fd, const void *p, size_t n);
NORETURN void rt_exit(int code);
extern int rt_argc;
extern char **rt_argv, **rt_environ;

// print
void print_cstr(const char *s);
void print_str(AbiString s);
void print_hex(uint64_t v);
void print_f(const char *fmt, ...); // %s %d %x %p %S(AbiString) %u
void print_flush(void);
extern _Atomic uintptr_t crash_fd; // debug.SetCrashOutput: what a dying process prints goes there, too; ~0: nowhere

// types
typedef struct NameBytes {
    const char *p;
    intptr_t len;
    bool exported;
} NameBytes;
NameBytes name_of(const uint8_t *n);
AbiString type_string(const AbiType *t);
AbiString type_name(const AbiType *t);
AbiString type_pkgpath(const AbiType *t);
AbiUncommon *type_uncommon(const AbiType *t);
// -1, 0 or 1. Not for libc without bytes: it loads under a mask, and does so for hundreds of cycles from a nil pointer.
static inline intptr_t rt_compare(const char *a, intptr_t an, const char *b, intptr_t bn) {
    intptr_t n = an < bn ? an : bn;
    int c = n ? memcmp(a, b, (size_t)n) : 0;
    if (c) return c < 0 ? -1 : 1;
    return an < bn ? -1 : an > bn;
}
static inline bool type_direct(const AbiType *t) { return t->tflag & ABI_TFLAG_DIRECT_IFACE; }
void itabs_visit(void (*fn)(const AbiItab *it));
AbiString go_string(const char *p, intptr_t n); // copies
static inline void *int_ptr(int32_t off) { return (void *)(intptr_t)off; }
void *resolve_off(int32_t off);

// panics
struct Panic {
    AbiIface val;
    Panic *link;
    uintptr_t frame; // frame address of what called the deferred function
    bool recovered, goexit;
};
NORETURN void rt_throw(const char *msg);
NORETURN void rt_fatal(const char *msg); // user's fault: no runtime frames
NORETURN void rt_throw_str(AbiString msg);
NORETURN void panic_str(const char *msg);    // plainError
NORETURN void panic_errstr(const char *msg); // errorString: "runtime error: " + msg
void print_panics(Panic *p);
NORETURN void die(void); // tracebacks by GOTRACEBACK, exit status 2
static inline void call_go(void *closure) {
    void *code = *(void **)closure;
    ((GO void (*)(void *GOCTX))code)(closure);
}

// profiles
intptr_t stack_pcs(uintptr_t *pcs, intptr_t max, uintptr_t pc, uintptr_t fp, uintptr_t lo, uintptr_t hi, bool exact);
void profile_arm(P *p);
void profile_alloc(P *p, void *object, size_t size, bool scan);
void profile_collected(void);
void profile_visit(void (*bucket)(const void *id, uint64_t size, const uintptr_t *pcs, intptr_t n, uint64_t allocs,
                                  uint64_t frees),
                   void (*sample)(const void *object, const void *bucket)); // of memory
void profile_blocked(const char *reason, int64_t since);
void profile_contended(int64_t since);
extern _Atomic int64_t block_profile_rate, mutex_profile_fraction;

// signals
void signal_install(int sig, void (*fn)(int, siginfo_t *, void *));
void signals_init(void);
void signals_thread_init(M *m);
void preempt_thread(M *m);
extern const char *const signal_names[];

// traceback, symbols
typedef struct SymLoc {
    const char *func;
    intptr_t func_len;
    const char *file;
    int32_t line;
    uintptr_t entry;
    bool inlined, wrapper, no_params;
} SymLoc;
// All source frames of a code address, innermost first (inlined ones before the function that holds them). Returns how many.
int symbolize(uintptr_t pc, SymLoc *out, int max);
// Of an access that stands for a nil check: the code that panics, which has the check's position; else pc itself (faultmap.c).
uintptr_t faultmap_find(uintptr_t pc);
void faultmap_load(const uint8_t *p, size_t n);
bool symbol_of(uintptr_t pc, const char **name, intptr_t *len, uintptr_t *entry, uintptr_t *end);
uintptr_t symbol_address(const char *name, intptr_t len);
// A walk from (pc, fp) up a stack that lies in [lo, hi). An exact pc is a fault's, any other is where a call returns to.
typedef struct Walk {
    uintptr_t pc, fp, lo, hi;
    bool exact;
} Walk;
uintptr_t walk_next(
    Walk *w); // the next frame's return address, of an exact pc pc+1, so that looking up result-1 is right for both; 0 at the end
void traceback_g(G *g, uintptr_t pc, uintptr_t fp);
void traceback_others(G *me, const Bubble *only);     // only: of a bubble
void saved_frame(G *g, uintptr_t *pc, uintptr_t *fp); // of a goroutine that does not run, or is in a system call
void print_registers(void *context);
void goroutine_header(G *g);
int traceback_level(bool *all, bool *crash);

// channels, timers, poll
void chan_lock_parked(G *g, void *arg);
typedef struct Timers {
    Mutex lock;
    uint32_t n, cap; // written with the lock held
    struct TimerEntry *heap;
    _Atomic int64_t next;
} Timers;
extern Timers real_timers;
int64_t timers_run(Timers *ts, int64_t now, bool *ran); // runs due timers; time of the next one, 0: none
int64_t timers_next(void);                              // of real_timers
void timer_poll(Timer *t);
void timer_reserve(Timer *t, uint32_t more);
void timer_wait(Timer *t);
void timer_unwait(Timer *t);
void timers_init(void);
bool netpoll_inited(void);
bool netpoll_has_waiters(void);
G *netpoll(int64_t delay); // runnable goroutines; delay < 0: block, 0: don't
void netpoll_break(void);
void sleep_ns(int64_t ns);

// testing/synctest
struct Bubble {
    Mutex lock;
    uint64_t id;
    int64_t now; // its clock
    Timers timers;
    G *root, *main, *waiter; // who called Run; what Run started; who is in Wait
    bool waiting, done;      // somebody calls Wait; main has ended
    int32_t total, running, active;
};
void bubble_enter(G *g, Bubble *b, bool running); // a new goroutine
void bubble_leave(G *g);
void bubble_blocks(G *g); // before its unlockf runs
void bubble_blocked(Bubble *b);
void bubble_resumes(G *g);

// What compiled code calls.
#define RT(id, symbol, result, args, flags) GO RT_C(result) rt_##id(RT_C_ARGS args) GOSYM(symbol);
#include "runtime/runtime.def"
#undef RT

#endif
