// signal: faults become panics, SIGURG preempts, what is left kills the process with a report as
// Go's does.
//
// A fault while a goroutine runs Go code, or C code on its behalf without a lock, is made to look
// like a call of vole_sigpanic from the faulting instruction, which panics. That serves LLVM's
// implicit null checks as well: the handlers that .llvm_faultmaps lists would only call panicmem,
// and this way the panic's position is the access itself. Faults near the end of a goroutine's
// stack are its overflow.
#include "runtime/asm.h"
#include "runtime/cgo.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/print.h"
#include "runtime/sched.h"
#include "runtime/signal.h"
#include "runtime/traceback.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { ALTSTACK = 64 << 10 };

// clang-format off
const char *const signal_names[32] = {
    [SIGABRT] = "SIGABRT: abort", [SIGALRM] = "SIGALRM: alarm clock", [SIGBUS] = "SIGBUS: bus error", [SIGCHLD] = "SIGCHLD: child status has changed",
    [SIGCONT] = "SIGCONT: continue", [SIGFPE] = "SIGFPE: floating-point exception", [SIGHUP] = "SIGHUP: terminal line hangup",
    [SIGILL] = "SIGILL: illegal instruction", [SIGINT] = "SIGINT: interrupt", [SIGIO] = "SIGIO: i/o now possible", [SIGKILL] = "SIGKILL: kill",
    [SIGPIPE] = "SIGPIPE: write to broken pipe", [SIGPROF] = "SIGPROF: profiling alarm clock", [SIGPWR] = "SIGPWR: power failure restart",
    [SIGQUIT] = "SIGQUIT: quit", [SIGSEGV] = "SIGSEGV: segmentation violation", [SIGSTKFLT] = "SIGSTKFLT: stack fault", [SIGSTOP] = "SIGSTOP: stop, unblockable",
    [SIGSYS] = "SIGSYS: bad system call", [SIGTERM] = "SIGTERM: termination", [SIGTRAP] = "SIGTRAP: trace trap", [SIGTSTP] = "SIGTSTP: keyboard stop",
    [SIGTTIN] = "SIGTTIN: background read from tty", [SIGTTOU] = "SIGTTOU: background write to tty", [SIGURG] = "SIGURG: urgent condition on socket",
    [SIGUSR1] = "SIGUSR1: user-defined signal 1", [SIGUSR2] = "SIGUSR2: user-defined signal 2", [SIGVTALRM] = "SIGVTALRM: virtual alarm clock",
    [SIGWINCH] = "SIGWINCH: window size change", [SIGXCPU] = "SIGXCPU: cpu limit exceeded", [SIGXFSZ] = "SIGXFSZ: file size limit exceeded",
};
// clang-format on

#if defined(__x86_64__)
#define CTX_PC(uc) (*(uintptr_t *)&(uc)->uc_mcontext.gregs[REG_RIP])
#define CTX_SP(uc) (*(uintptr_t *)&(uc)->uc_mcontext.gregs[REG_RSP])
#define CTX_FP(uc) (*(uintptr_t *)&(uc)->uc_mcontext.gregs[REG_RBP])
#else
#define CTX_PC(uc) (*(uintptr_t *)&(uc)->uc_mcontext.pc)
#define CTX_SP(uc) (*(uintptr_t *)&(uc)->uc_mcontext.sp)
#define CTX_FP(uc) (*(uintptr_t *)&(uc)->uc_mcontext.regs[29])
#define CTX_LR(uc) (*(uintptr_t *)&(uc)->uc_mcontext.regs[30])
#endif

void signal_die(int sig) {
    signal(sig, SIG_DFL);
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, sig);
    pthread_sigmask(SIG_UNBLOCK, &s, NULL);
    raise(sig);
    _exit(2);
}

// panics from faults ------------------------------------------------------------------------------

extern GO NORETURN void panicmem(void) GOSYM("runtime.panicmem");
extern GO NORETURN void panicmem_addr(uintptr_t addr) GOSYM("runtime.panicmemAddr");
extern GO NORETURN void panicfloat(void) GOSYM("runtime.panicfloat");

NORETURN void vole_sigpanic_c(void);
// On the goroutine's stack, as if the faulting instruction had called it: what the signal said
// becomes Go's panic.
void vole_sigpanic_c(void) {
    G *g = getg();
    switch (g->life.sig) {
    case SIGBUS:
        if (g->life.sigcode0 == BUS_ADRERR && g->life.sigcode1 < 0x1000) panicmem();
        if (g->life.paniconfault) panicmem_addr(g->life.sigcode1);
        break;
    case SIGSEGV:
        if ((g->life.sigcode0 == 0 || g->life.sigcode0 == SEGV_MAPERR ||
             g->life.sigcode0 == SEGV_ACCERR || g->life.sigcode0 == SI_KERNEL) &&
            g->life.sigcode1 < 0x1000)
            panicmem();
        if (g->life.paniconfault) panicmem_addr(g->life.sigcode1);
        break;
    case SIGFPE:
        if (g->life.sigcode0 == FPE_INTDIV) rt_panicdivide();
        if (g->life.sigcode0 == FPE_INTOVF) rt_panicoverflow();
        panicfloat();
    }
    print_f("unexpected fault address %x\n", (uint64_t)g->life.sigcode1);
    rt_throw("fault");
}

// What compiled code calls where it compares with nil itself: tracebacks cannot tell it from a
// fault. Its name there is what stands before the #.
void rt_panicmem(void) {
    G *g = getg();
    g->life.sig = SIGSEGV;
    g->life.sigcode0 = SEGV_MAPERR;
    g->life.sigcode1 = 0;
    g->life.sigpc = (uintptr_t)__builtin_return_address(0);
    panicmem();
}

typedef struct Overflow { // where it was noticed
    G *g;
    Segment stack;
    uintptr_t pc, fp, sp;
} Overflow;
static NORETURN void stack_overflow(const Overflow *o) {
    signal_start_dying();
    getm()->throwing = 2;
    print_f("runtime: goroutine stack exceeds %d-byte limit\nruntime: sp=%x stack=[%x, %x]\nfatal "
            "error: stack overflow\n",
            (int64_t)stack_max, (uint64_t)o->sp, (uint64_t)o->stack.lo, (uint64_t)o->stack.hi);
    o->g->life.sig = 0;
    signal_finish_dying(o->pc, o->fp, NULL);
}

// From assembly's own check: its pc, and a record of the frame that called it.
static void report_overflow(void *o) { stack_overflow(o); }
NORETURN void vole_asm_overflow(uintptr_t pc, uintptr_t fp, uintptr_t sp);
void vole_asm_overflow(uintptr_t pc, uintptr_t fp, uintptr_t sp) {
    G *g = getg();
    Overflow o = {g, g->far && segment_has(g->far->at, sp) ? g->far->at : g->home, pc, fp, sp};
    on_system_stack(report_overflow, &o);
    __builtin_unreachable();
}

static void print_register(const char *name, uint64_t v) {
    print_cstr(name);
    for (size_t n = strlen(name); n < 7; n++) print_cstr(" ");
    print_f("%x\n", v);
}

// As gc prints them: tools parse this.
void print_registers(void *context) {
    ucontext_t *uc = context;
    print_cstr("\n");
#if defined(__x86_64__)
    static const struct {
        const char *name;
        int reg;
    } regs[] = {
        {"rax", REG_RAX}, {"rbx", REG_RBX}, {"rcx", REG_RCX},    {"rdx", REG_RDX}, {"rdi", REG_RDI},
        {"rsi", REG_RSI}, {"rbp", REG_RBP}, {"rsp", REG_RSP},    {"r8", REG_R8},   {"r9", REG_R9},
        {"r10", REG_R10}, {"r11", REG_R11}, {"r12", REG_R12},    {"r13", REG_R13}, {"r14", REG_R14},
        {"r15", REG_R15}, {"rip", REG_RIP}, {"rflags", REG_EFL},
    };
    for (size_t i = 0; i < sizeof regs / sizeof *regs; i++)
        print_register(regs[i].name, (uint64_t)uc->uc_mcontext.gregs[regs[i].reg]);
    uint64_t segments = (uint64_t)uc->uc_mcontext.gregs[REG_CSGSFS];
    print_register("cs", segments & 0xffff);
    print_register("fs", segments >> 32 & 0xffff);
    print_register("gs", segments >> 16 & 0xffff);
#else
    char name[] = "r00";
    for (int i = 0; i < 29; i++) {
        name[1] = (char)(i < 10 ? '0' + i : '0' + i / 10);
        name[2] = (char)(i < 10 ? 0 : '0' + i % 10);
        print_register(name, uc->uc_mcontext.regs[i]);
    }
    print_register("r29", uc->uc_mcontext.regs[29]);
    print_register("lr", uc->uc_mcontext.regs[30]);
    print_register("sp", uc->uc_mcontext.sp);
    print_register("pc", uc->uc_mcontext.pc);
    print_register("fault", uc->uc_mcontext.fault_address);
#endif
}

// What gc prints of a signal that ends the program.
static void fatal_signal(int sig, siginfo_t *info, void *ctx) {
    ucontext_t *uc = ctx;
    M *m = getm();
    signal_start_dying();
    m->throwing = 2;
    if (sig < 32 && signal_names[sig])
        print_f("%s\n", signal_names[sig]);
    else
        print_f("Signal %d\n", (int64_t)sig);
    print_f("PC=%x m=%d sigcode=%d", (uint64_t)CTX_PC(uc), m->id, (int64_t)info->si_code);
    if (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGILL)
        print_f(" addr=%x", (uint64_t)(uintptr_t)info->si_addr);
    print_cstr("\n");
    if (cgo_in_c(m)) {
        print_cstr("signal arrived during cgo execution\n");
        traceback_signal_in_c(m->curg, ctx);
    }
    getg()->life.sig = 0;
    signal_finish_dying(CTX_PC(uc), CTX_FP(uc), uc);
}

static void inject_call(ucontext_t *uc, uintptr_t target) {
#if defined(__x86_64__)
    uintptr_t sp = CTX_SP(uc) - 128 - 8;
    *(uintptr_t *)sp = CTX_PC(uc);
    CTX_SP(uc) = sp;
#else
    uintptr_t sp = CTX_SP(uc) - 144;
    *(uintptr_t *)sp = CTX_LR(uc);
    CTX_LR(uc) = CTX_PC(uc);
    CTX_SP(uc) = sp;
#endif
    CTX_PC(uc) = target;
}

// What the system does about these stays, and what libc keeps for itself.
static const uint64_t STOPPING = 1u << SIGTSTP | 1u << SIGCONT | 1u << SIGTTIN | 1u << SIGTTOU |
                                 1u << SIGKILL | 1u << SIGSTOP | (uint64_t)1 << 32 |
                                 (uint64_t)1 << 33;
static struct {
    bool ours;
    bool nohup; // ignored when the process started, and so whenever the program does not ask for it
    struct sigaction before; // of a library: what C had
} handled[65];

// A library hands on what is C's affair to the handler that C had, if it had one.
static bool forward(int sig, siginfo_t *info, void *ctx) {
    const struct sigaction *c = &handled[sig].before;
    if (!is_library || c->sa_handler == SIG_DFL) return false;
    if (c->sa_handler == SIG_IGN) return true;
    if (c->sa_flags & SA_SIGINFO)
        c->sa_sigaction(sig, info, ctx);
    else
        c->sa_handler(sig);
    return true;
}

static bool sig_wanted(int sig);
static bool sig_send(int sig);
static bool sig_ignored(int sig);

// A fault in Go code becomes a panic by changing where the handler returns to; elsewhere it is a
// crash of the runtime's.
static void on_fault(int sig, siginfo_t *info, void *ctx) {
    ucontext_t *uc = ctx;
    M *m = vole_tls_m;
    G *g = vole_tls_g;
    bool from_kernel = info->si_code > 0;
    bool ours = from_kernel ? m && !cgo_in_c(m) : sig_wanted(sig); // else C's fault, or sent to C
    if (is_library && !ours) {
        if (forward(sig, info, ctx)) return;
        if (!from_kernel) signal_die(sig);
        signal(sig, SIG_DFL); // it faults again
        return;
    }
    if (!m || !g || !from_kernel) {
        if (m && g && !from_kernel && sig_wanted(sig) && sig_send(sig)) return;
        if (m && g) fatal_signal(sig, info, ctx);
        signal(sig, SIG_DFL);
        return;
    }
    uintptr_t pc = CTX_PC(uc), addr = (uintptr_t)info->si_addr;
    if (g == &m->g0) {
        fatal_signal(sig, info, ctx);
        return;
    }
    uintptr_t sp = CTX_SP(uc);
    Segment s = g->far ? g->far->at : g->home;
    if (sig == SIGSEGV && addr < s.lo + 4096 && addr >= s.lo - (64 << 10) &&
        sp < s.lo + (256 << 10) && sp >= s.lo - (1 << 20))
        stack_overflow(&(Overflow){g, s, pc, CTX_FP(uc), sp});
    if (!stack_part(g, sp) || m->locks > 0 || m->dying) {
        fatal_signal(sig, info, ctx);
        return;
    }
    g->life.sig = (uint32_t)sig;
    g->life.sigcode0 = (uintptr_t)info->si_code;
    g->life.sigcode1 = sig == SIGSEGV && info->si_code == SI_KERNEL ? 0 : addr;
    // An address that no page can have.
    if (sig == SIGSEGV && info->si_code == SI_KERNEL) g->life.sigcode1 = ~(uintptr_t)0;
    g->life.sigpc = pc;
    // A call through a nil or wild func value: the return address is the faulting place.
#if defined(__x86_64__)
    if (pc < 0x1000 || pc == addr) {
        CTX_PC(uc) = *(uintptr_t *)sp;
        CTX_SP(uc) = sp + 8;
        g->life.sigpc = pc;
    }
#else
    if (pc < 0x1000 || pc == addr) CTX_PC(uc) = CTX_LR(uc);
#endif
    inject_call(uc, (uintptr_t)vole_sigpanic);
}

// preemption, the rest ----------------------------------------------------------------------------

static void on_urg(int sig, siginfo_t *info, void *ctx) {
    ucontext_t *uc = ctx;
    M *m = vole_tls_m;
    G *g = vole_tls_g;
    if (m && g && g != &m->g0 && m->curg == g && m->locks == 0 && m->p && g->status == G_RUNNING &&
        pc_is_go(CTX_PC(uc))) {
        uintptr_t sp = CTX_SP(uc);
        const Segment *s = stack_part(g, sp);
        if (s && sp > s->lo + 8192) inject_call(uc, (uintptr_t)vole_async_preempt);
    }
    if (info->si_code == SI_TKILL) return;
    if (!sig_wanted(sig) || !sig_send(sig)) forward(sig, info, ctx);
}

// Signals that end the process, or do nothing, unless os/signal wants them.
static void on_other(int sig, siginfo_t *info, void *ctx) {
    M *m = vole_tls_m;
    if (sig_wanted(sig) && sig_send(sig)) return; // on a thread of C's, too
    if (sig_ignored(sig)) return;
    bool pipe = sig == SIGPIPE && is_library, ours = m && !cgo_in_c(m);
    if (pipe && ours) return; // package os sees the error
    if (forward(sig, info, ctx)) return;
    if (pipe) signal_die(sig);
    switch (sig) {
    case SIGHUP:
    case SIGINT:
    case SIGTERM: signal_die(sig);
    case SIGQUIT:
    case SIGABRT:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
    case SIGSTKFLT:
    case SIGXFSZ:
        if (m) fatal_signal(sig, info, ctx);
        signal_die(sig);
    default: return;
    }
}

// SIGPIPE: a broken pipe on standard output or error ends the process; package os calls sigpipe for
// that.
GO_FUNC(void, rt_sigpipe, (void), "os.sigpipe") {
    if (sig_wanted(SIGPIPE) && sig_send(SIGPIPE)) return;
    if (sig_ignored(SIGPIPE)) return;
    signal_die(SIGPIPE);
}

void signal_install(int sig, void (*fn)(int, siginfo_t *, void *)) {
    struct sigaction sa = {0};
    sa.sa_sigaction = fn;
    sa.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigfillset(&sa.sa_mask);
    sigaction(sig, &sa, handled[sig].ours ? NULL : &handled[sig].before);
    handled[sig].ours = true;
}
static void signal_enable_other(int sig) {
    if (!handled[sig].ours) signal_install(sig, on_other);
}
static void signal_disable_other(int sig, bool ignore) {
    if (is_library && !ignore)
        sigaction(sig, &handled[sig].before, NULL);
    else
        signal(sig, ignore ? SIG_IGN : SIG_DFL);
    handled[sig].ours = false;
}

void signals_thread_join(M *m, const sigset_t *mask) {
    if (!m->altstack) {
        void *p = mmap(NULL, ALTSTACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) rt_throw("cannot allocate a signal stack");
        m->altstack = p;
    }
    stack_t ss = {.ss_sp = m->altstack, .ss_size = ALTSTACK}, c;
    sigaltstack(&ss, &c);
    bool own = m->foreign && !(c.ss_flags & SS_DISABLE);
    m->c_altstack = own ? c.ss_sp : NULL;
    m->c_altstack_size = own ? c.ss_size : 0;
    pthread_sigmask(SIG_SETMASK, mask, NULL);
}
void signals_swap_altstack(const M *m, bool go) {
    stack_t ss = {.ss_sp = go ? m->altstack : m->c_altstack,
                  .ss_size = go ? ALTSTACK : m->c_altstack_size};
    sigaltstack(&ss, NULL);
}
void signals_thread_leave(void) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
}
void signals_thread_init(M *m) {
    sigset_t none;
    sigemptyset(&none);
    signals_thread_join(m, &none);
}

// SIGHUP and SIGINT that were ignored when the process began stay so: nohup. A library leaves all to
// C that is not a fault or Go's broken pipe, until os/signal asks for it.
void signals_init(void) {
    static const int faulting[] = {SIGSEGV, SIGBUS, SIGFPE};
    for (size_t i = 0; i < sizeof faulting / sizeof *faulting; i++)
        signal_install(faulting[i], on_fault);
    signal_install(SIGURG, on_urg);
    if (is_library) signal_install(SIGPIPE, on_other);
    for (int sig = 1; sig < 64 && !is_library; sig++) {
        struct sigaction old;
        if (handled[sig].ours || (STOPPING >> sig & 1) || sigaction(sig, NULL, &old)) continue;
        handled[sig].nohup = old.sa_handler == SIG_IGN && (sig == SIGHUP || sig == SIGINT);
        if (handled[sig].nohup) continue;
        if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN)
            handled[sig].ours = true; // the collector's
        else
            signal_install(sig, on_other);
    }
}

// os/signal ---------------------------------------------------------------------------------------

static struct {
    _Atomic uint64_t wanted, ignored, pending;
    _Atomic bool inuse;
    Note note;
} sigs;

static bool sig_wanted(int sig) { return sigs.wanted >> sig & 1; }
static bool sig_ignored(int sig) { return sigs.ignored >> sig & 1; }
static bool sig_send(int sig) {
    if (!sigs.inuse) return false;
    sigs.pending |= (uint64_t)1 << sig;
    note_wake(&sigs.note);
    return true;
}
GO_FUNC(void, rt_signal_enable, (uint32_t s), "os/signal.signal_enable") {
    if (s >= 64) return;
    sigs.inuse = true;
    sigs.wanted |= (uint64_t)1 << s;
    sigs.ignored &= ~((uint64_t)1 << s);
    signal_enable_other((int)s);
}
GO_FUNC(void, rt_signal_disable, (uint32_t s), "os/signal.signal_disable") {
    if (s >= 64) return;
    bool faulting = s == SIGURG || s == SIGSEGV || s == SIGBUS || s == SIGFPE;
    if (STOPPING >> s & 1 || handled[s].nohup || (is_library && !faulting))
        signal_disable_other((int)s, handled[s].nohup);
    sigs.wanted &= ~((uint64_t)1 << s);
}
GO_FUNC(void, rt_signal_ignore, (uint32_t s), "os/signal.signal_ignore") {
    if (s >= 64) return;
    sigs.wanted &= ~((uint64_t)1 << s);
    sigs.ignored |= (uint64_t)1 << s;
    if (s != SIGURG && s != SIGSEGV && s != SIGBUS && s != SIGFPE)
        signal_disable_other((int)s, true);
}
GO_FUNC(uint8_t, rt_signal_ignored, (uint32_t s), "os/signal.signal_ignored") {
    struct sigaction sa;
    return s < 64 &&
           (sig_ignored((int)s) || (sigaction((int)s, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN));
}
// os/signal's goroutine: takes a pending signal, or sleeps until the handler wakes it.
GO_FUNC(uint32_t, rt_signal_recv, (void), "os/signal.signal_recv") {
    for (;;) {
        uint64_t p = sigs.pending;
        if (p) {
            uint32_t s = (uint32_t)__builtin_ctzll(p);
            sigs.pending &= ~((uint64_t)1 << s);
            return s;
        }
        note_clear(&sigs.note);
        if (sigs.pending) continue;
        entersyscallblock();
        note_sleep(&sigs.note, -1);
        exitsyscall();
    }
}
GO_FUNC(void, rt_signal_wait_idle, (void), "os/signal.signalWaitUntilIdle") {
    while (sigs.pending) gosched();
}
