// sched: goroutines (G), the threads that run them (M), the right to run Go code (P), and how
// goroutines stop and go on. G and M are never freed; all functions but those that say otherwise
// are called by a goroutine. Nothing fails; a dead lock ends the program.
//
// A goroutine (G) runs on a stack of its own, carried by a thread (M) that holds a processor (P),
// the right to run Go code. Each M has the thread's own stack ("g0") too: the scheduler and the
// collector's slow paths run there. `getg` and `getm` are volatile reads of thread-locals: after
// anything that may switch goroutines they must be read again, because a goroutine can wake up on
// another thread.
//
//     goroutine stack                          thread stack (g0)
//     hi  +--------------------+               +--------------------+
//         | vole_gostart, rbp=0|               | mstart, schedule   |
//         | Go frames, C frames|  switch       | <- m->g0sp while a |
//         | saved registers    | ------------> |    goroutine runs  |
//     sp->+--------------------+               +--------------------+
//
// Locks (Mutex) are held for short times only; while one is held (m->locks > 0) the goroutine is
// neither preempted nor switched.
#ifndef VOLE_SCHED_H
#define VOLE_SCHED_H

#include "runtime/lock.h"
#include "runtime/plugin.h"
#include "runtime/stack.h"
#include "runtime/waitreason.h"
#include <pthread.h>

typedef struct GQueue {
    G *head, *tail;
    uint32_t n;
} GQueue;

// With gc's numbers, by which debuggers and heap dumps tell of them.
enum { G_IDLE, G_RUNNABLE, G_RUNNING, G_SYSCALL, G_WAITING, G_DEAD = 6 };

// What belongs to one goroutine, cleared whole when it ends: its G runs others later.
typedef struct Life {
    uint64_t goid, parent;
    void *fn; // closure to start with
    uintptr_t gopc, startpc;
    WaitReason wait_reason;
    int64_t wait_since;
    AbiDeferFrame *defers;
    Panic *panic;
    M *lockedm;
    void *param;    // what woke it
    Sudog *waiting; // sudogs of a blocked channel operation, in lock order
    void *sema;     // the semaphore, or sync.Cond's list, that it waits for
    bool leaked;    // nothing can wake it, as leak.c found
    _Atomic uint32_t select_done;
    uint8_t paniconfault, system;
    int32_t locked_ext, locked_int;
    // last signal that became a panic
    uint32_t sig;
    uintptr_t sigcode0, sigcode1, sigpc;
    uintptr_t syscall_pc, syscall_fp;
    void *labels;
    Ancestors *ancestors; // traceback.h
    uint8_t fips_indicator, fips_bypass;
    struct Coro *coro;
    Bubble *bubble;            // of testing/synctest
    bool durable;              // waits for what only its bubble can do
    bool no_callback;          // it calls C that promised not to call Go
    struct Callback *callback; // of C that has called Go, the innermost (cgo.h)
    int64_t sleep_when;
    void *race; // the race detector's context (race.h)
    uint32_t race_ignore;
    int64_t race_depth; // functions that it knows to be under way
    uint64_t trace_seq; // what others did to it in this generation (trace.c)
} Life;

// Debuggers know it as overlay/src/runtime/debugger.go describes it.
struct G {
    Segment home;     // its stack (stack.h)
    uintptr_t guard;  // what assembly compares its frames with, at this offset in Go's g, too
    uintptr_t sp;     // saved stack pointer while not running on its stack
    uintptr_t resume; // in vole_switch, for debuggers: with sp its registers by unwind information
    Stack *far;       // the segment that it may hop to; NULL: none yet
    uintptr_t hop_sp; // where it left home, while it is there
    uintptr_t limit;  // of frames at home; 0: none
    StackUse use;     // of home
    M *m;             // that runs it
    _Atomic uint32_t status;
    G *link; // in queues
    Timer *sleep_timer;
    void *fiber; // the sanitizers' (fiber.h)
    Life life;
};

// Free lists by granules of 16 bytes, a row for each sort of small objects (heap.c), and by classes of
// runs (runs.h); pointer-free and scanned.
enum {
    SMALL_MOST = 512,
    GRANULES = 33,
    SORTS = 5,
    SMALL_CLASSES = SORTS * GRANULES,
    SIZE_CLASSES = SMALL_CLASSES + 66,
    KINDS = 2
};

// P_TAKING: of a system call, while somebody finds out whether he may have it (ps_take).
enum { P_IDLE, P_RUNNING, P_SYSCALL, P_TAKING, P_STOPPED, P_DEAD };
enum { RUNQ = 256 };

struct P {
    int32_t id;
    _Atomic uint32_t status;
    P *link;
    M *m;
    M *away; // of P_SYSCALL: who will want it back
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
    void *race, *race_timers; // the race detector's contexts
    uint64_t race_sample_at;  // sample_at, which is 0 so that it is told of each allocation
    uint64_t trace_seq;       // as a goroutine's
    int32_t trace_thread;     // that entered the last system call
    // sysmon's notes
    uint32_t seen_tick, seen_syscall;
    int64_t seen_when, seen_sys_when;
} __attribute__((aligned(128)));

struct M {
    uintptr_t g0sp; // of g0 while a goroutine runs
    uintptr_t g0lo, g0hi;
    G *curg;
    P *p, *oldp, *nextp;
    _Atomic bool away; // in a system call that left oldp behind
    G g0;              // stands for the thread itself
    int64_t id;
    pthread_t thread;
    int32_t tid;
    Note park;
    M *link, *all;
    int32_t locks;
    bool spinning, registered;
    bool idle;   // it sleeps in the scheduler
    bool system; // on_system_stack runs a function for its goroutine
    bool (*unlockf)(G *, void *);
    void *unlock_arg;
    void (*mcall_fn)(G *);
    G *lockedg;
    uint32_t throwing, dying;
    // what the suspend signal saved
    uintptr_t sig_sp, sig_fp, sig_pc, sig_handler_sp;
    char *altstack;
    void *c_altstack; // foreign: its own, or NULL
    size_t c_altstack_size;
    char printbuf[512];
    uint32_t nprint, print_depth;
    uint64_t rand[2];
    uint64_t cgo_calls;
    int32_t in_c; // calls to C under way, but for those outside the last callback
    bool foreign; // a thread that C made
    TraceBuf *trace;
};

// Thread-locals through the segment register, never cached by the compiler.
extern _Thread_local G *vole_tls_g TLS_MODEL;
extern _Thread_local M *vole_tls_m TLS_MODEL;
#if defined(__x86_64__) && VOLE_PIC
#define READ_TLS(var)                                                                              \
    ({                                                                                             \
        void *v_;                                                                                  \
        __asm__ volatile("movq " #var "@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(v_));    \
        v_;                                                                                        \
    })
#elif defined(__aarch64__) && VOLE_PIC
#define READ_TLS(var)                                                                              \
    ({                                                                                             \
        void *v_, *t_;                                                                             \
        __asm__ volatile("adrp %0, :gottprel:" #var "\n\tldr %0, [%0, #:gottprel_lo12:" #var       \
                         "]\n\tmrs %1, tpidr_el0\n\tldr %0, [%0, %1]"                             \
                         : "=&r"(v_), "=&r"(t_));                                                  \
        v_;                                                                                        \
    })
#elif defined(__x86_64__)
#define READ_TLS(var)                                                                              \
    ({                                                                                             \
        void *v_;                                                                                  \
        __asm__ volatile("movq %%fs:" #var "@tpoff, %0" : "=r"(v_));                               \
        v_;                                                                                        \
    })
#elif defined(__aarch64__)
#define READ_TLS(var)                                                                              \
    ({                                                                                             \
        void *v_;                                                                                  \
        __asm__ volatile("mrs %0, tpidr_el0\n\tadd %0, %0, #:tprel_hi12:" #var ", lsl #12\n\tldr %0, [%0, #:tprel_lo12_nc:" #var \
                         "]"                                                                       \
                         : "=r"(v_));                                                              \
        v_;                                                                                        \
    })
#endif
static inline G *getg(void) { return (G *)READ_TLS(vole_tls_g); }
static inline M *getm(void) { return (M *)READ_TLS(vole_tls_m); }
// The limit that Go functions compare their frames with (llvm_stack.c): the running goroutine's.
extern _Thread_local uintptr_t vole_tls_limit TLS_MODEL;
// The part of g's stack that p lies in; NULL: it lies elsewhere. For signal handlers, too.
static inline const Segment *stack_part(const G *g, uintptr_t p) {
    if (segment_has(g->home, p)) return &g->home;
    return g->far && segment_has(g->far->at, p) ? &g->far->at : NULL;
}
// What a call on a thread's own stack leaves free below the scheduler's frames: in their holes the
// collector would find what was allocated there.
enum { G0_GAP = 4096 };
static inline bool on_g0(void) {
    return !stack_part(getg(), (uintptr_t)__builtin_frame_address(0));
}

extern P *all_ps[];
extern _Atomic int32_t gomaxprocs;
extern int32_t ncpu;
extern M *all_ms;
extern G **all_gs GOSYM("runtime.allgs");
extern _Atomic uintptr_t n_all_gs GOSYM("runtime.allglen");
extern Mutex sched_lock;
extern _Atomic bool main_started;
void sched_init(void);
// Starts the main goroutine and the scheduler on this thread.
NORETURN void sched_run_main(void *fn);
G *go_new(void *fn, uintptr_t callerpc);
void park(bool (*unlockf)(G *, void *), void *arg, WaitReason reason); // until ready()
// Only its bubble, if it is in one, can wake it.
void park_durably(bool (*unlockf)(G *, void *), void *arg, WaitReason reason);
void park_unlock_durably(Mutex *l, WaitReason reason, bool durably);
void ready(G *g);            // makes a parked goroutine runnable, next on this P
void goyield(void);          // to the local queue's tail
void gosched(void);          // to the global queue
void yield_to_waiting(void); // if anybody waits: who is alone keeps its P and what lies there
// Runs fn(arg) on the thread's own stack.
void on_system_stack(void (*fn)(void *), void *arg);
// The signal that preempts does nothing where it finds the runtime at work. The flag that it came
// with is honoured on the way back to Go.
void preempt_here(void);
static inline void preempt_point(void) {
    const P *p = getm()->p;
    if (unlikely(p && p->preempt)) preempt_here();
}
// Whether n timers are enough for now: much is runnable here, or the world is to stop.
bool sched_crowded(uint32_t n);
NORETURN void goexit0(void);
void g_end(G *g);            // on g0: its M has no goroutine now
void coro_exit_m(G *g);      // the same for a coroutine's
void mcall(void (*fn)(G *)); // fn runs on g0 after the goroutine's state is saved
void entersyscall(void);
void exitsyscall(void);
void entersyscallblock(void);
void sched_wake_poller(int64_t when);
int32_t sched_set_procs(int32_t n);
int32_t goroutine_count(void);
// All other processors; until world_start this goroutine neither blocks nor is preempted. why: for
// traces, in gc's words.
void world_stop(AbiString why);
void world_start(void);
extern char go_text_begin[] __asm__("__executable_start"), go_text_end[] __asm__(
                                                               "vole_rt_text_begin");
static inline bool pc_is_go(uintptr_t pc) {
    return (pc >= (uintptr_t)go_text_begin && pc < (uintptr_t)go_text_end) || plugin_is_go(pc);
}
void dolockOSThread(void);
void dounlockOSThread(void);

#endif
