// link: what GOROOT's packages pull from their runtime by linkname, and what they have in assembly: system calls, environment, byte searching, atomics.
// Arithmetic on big numbers and digests is in vector.c. What needs Go's types is in overlay/src/runtime/linkname.go.
#include "runtime/rt.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

// Weak: where GOROOT has a Go body for an architecture, that is taken.
#define DEF(ret, cname, params, sym)                                                                                             \
    GO ret cname params GOSYM(sym) __attribute__((weak));                                                                        \
    GO ret cname params

// system calls ------------------------------------------------------------------------------------------------------------------

typedef struct RetSys {
    uintptr_t r1, r2, err;
} RetSys;
typedef struct RetSys2 {
    uintptr_t r1, r2;
} RetSys2;

static inline uintptr_t raw_syscall(uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f,
                                    uintptr_t *second) {
#if defined(__x86_64__)
    register uintptr_t r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    uintptr_t rax = n, rdx = c;
    __asm__ volatile("syscall" : "+a"(rax), "+d"(rdx) : "D"(a), "S"(b), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    *second = rdx;
    return rax;
#else
    register uintptr_t x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c,
                          x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0), "+r"(x1) : "r"(x8), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    *second = x1;
    return x0;
#endif
}

DEF(RetSys, sys6, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f),
    "internal/runtime/syscall/linux.Syscall6") {
    uintptr_t second, r = raw_syscall(n, a, b, c, d, e, f, &second);
    if (r > (uintptr_t)-4096) return (RetSys){(uintptr_t)-1, 0, -r};
    return (RetSys){r, second, 0};
}
DEF(RetSys2, sys_no_error, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c), "syscall.rawSyscallNoError") {
    uintptr_t second, r = raw_syscall(n, a, b, c, 0, 0, 0, &second);
    return (RetSys2){r, second};
}
// The child gets its own copy of this stack: compiled code isn't safe on a shared one.
DEF(RetSys2, sys_vfork, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c), "syscall.rawVforkSyscall") {
    enum { VM = 0x100, VFORK = 0x4000 };
    uintptr_t second, r;
    if (n == SYS_clone)
        r = raw_syscall(n, a & ~(uintptr_t)(VM | VFORK), b, c, 0, 0, 0, &second);
    else if (n == 435) { // clone3: flags are the first word of its argument
        uint64_t args[16] = {0};
        memcpy(args, (void *)a, b < sizeof args ? b : sizeof args);
        args[0] &= ~(uint64_t)(VM | VFORK);
        r = raw_syscall(n, (uintptr_t)args, b, c, 0, 0, 0, &second);
    } else {
        r = raw_syscall(n, a, b, c, 0, 0, 0, &second);
    }
    if (r > (uintptr_t)-4096) return (RetSys2){(uintptr_t)-1, -r};
    return (RetSys2){r, 0};
}
DEF(uintptr_t, sys_gettimeofday, (struct timeval * tv), "syscall.gettimeofday") {
    return gettimeofday(tv, NULL) ? (uintptr_t)errno : 0;
}
DEF(intptr_t, sys_pagesize, (void), "syscall.Getpagesize") { return 4096; }

// A call that changes what belongs to the thread, made by all threads: first by this one, then by the others in a signal handler, the collector's
// included. While the world is stopped none is created. The signal is the one that libc uses for setuid and never blocks.
enum { EACH_THREAD = 33 };
static struct {
    uintptr_t args[7];
    RetSys want;
    _Atomic int32_t pending;
    _Atomic bool differs;
} each;

static RetSys each_call(void) {
    const uintptr_t *a = each.args;
    return sys6(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}

static void on_each_thread(int sig, siginfo_t *info, void *context) {
    (void)sig, (void)context;
    if (info->si_code != SI_TKILL || each.pending == 0) return;
    int saved = errno;
    RetSys r = each_call();
    if (r.r1 != each.want.r1 || r.r2 != each.want.r2 || r.err) each.differs = true;
    errno = saved;
    each.pending--;
}

// libc's sigaction refuses its own signals. How a handler returns is as with others.
static void install_each_thread(void) {
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
#if defined(__x86_64__)
        void (*restorer)(void);
#endif
        uint64_t mask;
    } sa;
    syscall(SYS_rt_sigaction, SIGSEGV, NULL, &sa, sizeof sa.mask);
    sa.handler = on_each_thread, sa.mask = ~(uint64_t)0;
    sa.flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    syscall(SYS_rt_sigaction, EACH_THREAD, &sa, NULL, sizeof sa.mask);
}

static void call_on_each_thread(void *result) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) {
        *(RetSys *)result = (RetSys){(uintptr_t)-1, 0, ENOTSUP};
        return;
    }
    each.want = *(RetSys *)result = each_call();
    int32_t me = getm()->tid;
    if (!each.want.err) {
        install_each_thread();
        for (struct dirent *t; (t = readdir(tasks));) {
            int32_t tid = atoi(t->d_name);
            if (tid <= 0 || tid == me) continue;
            each.pending++;
            if (syscall(SYS_tgkill, getpid(), tid, EACH_THREAD)) each.pending--;
        }
        while (each.pending) sched_yield();
    }
    closedir(tasks);
    if (each.differs) rt_fatal("AllThreadsSyscall6 results differ between threads; runtime corrupted");
}

DEF(RetSys, sys_all_threads, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f),
    "syscall.runtime_doAllThreadsSyscall") {
    RetSys result;
    world_stop();
    memcpy(each.args, (uintptr_t[]){n, a, b, c, d, e, f}, sizeof each.args);
    on_system_stack(call_on_each_thread, &result);
    world_start();
    return result;
}
DEF(uintptr_t, sys_cgocaller, (void *fn), "syscall.cgocaller") {
    (void)fn;
    rt_throw("no cgo");
}
DEF(void, rt_before_exec, (void), "syscall.runtime_BeforeExec") {}
DEF(void, rt_after_exec, (void), "syscall.runtime_AfterExec") {}

static _Thread_local sigset_t fork_mask;
DEF(void, rt_before_fork, (void), "syscall.runtime_BeforeFork") {
    getm()->locks++;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &fork_mask);
}
DEF(void, rt_after_fork, (void), "syscall.runtime_AfterFork") {
    pthread_sigmask(SIG_SETMASK, &fork_mask, NULL);
    getm()->locks--;
}
DEF(void, rt_after_fork_in_child, (void), "syscall.runtime_AfterForkInChild") {
    struct sigaction sa;
    for (int s = 1; s < 65; s++) {
        if (s == SIGKILL || s == SIGSTOP || sigaction(s, NULL, &sa)) continue;
        if (sa.sa_handler != SIG_IGN && sa.sa_handler != SIG_DFL) signal(s, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
}

typedef struct RetFcntl {
    int32_t r;
    _Alignas(8) int32_t err;
} RetFcntl; // apart, each in its register
DEF(RetFcntl, rt_fcntl, (int32_t fd, int32_t cmd, int32_t arg), "runtime.fcntl") {
    int r = fcntl(fd, cmd, arg);
    return r < 0 ? (RetFcntl){-1, errno} : (RetFcntl){r, 0};
}
DEF(RetIB, rt_vgetrandom, (void *p, intptr_t n, intptr_t cap, uint32_t flags), "runtime.vgetrandom") {
    (void)p, (void)n, (void)cap, (void)flags;
    return (RetIB){-1, 0};
}
DEF(int32_t, rt_go_write, (uintptr_t fd, const void *p, int32_t n), "runtime.write") {
    ssize_t r = write((int)fd, p, (size_t)n);
    return r < 0 ? -errno : (int32_t)r;
}

DEF(AbiString, rt_default_goroot, (void), "runtime.defaultGOROOT") {
    return (AbiString){vole_goroot, (intptr_t)strlen(vole_goroot)};
}

// Environment: the C library's copy is what the runtime's own getenv sees.
DEF(void, rt_setenv, (const char *k, intptr_t kn, const char *v, intptr_t vn), "runtime.setenv") {
    char *kc = strndup(k, (size_t)kn), *vc = strndup(v, (size_t)vn);
    setenv(kc, vc, 1);
    free(kc);
    free(vc);
}
DEF(void, rt_unsetenv, (const char *k, intptr_t kn), "runtime.unsetenv") {
    char *kc = strndup(k, (size_t)kn);
    unsetenv(kc);
    free(kc);
}
DEF(void, rt_clearenv, (void), "runtime.clearenv") { clearenv(); }

static AbiSlice string_list(char **list) {
    intptr_t n = 0;
    while (list[n]) n++;
    AbiString *s = rt_alloc((size_t)n * sizeof *s + 1, true);
    for (intptr_t i = 0; i < n; i++) s[i] = (AbiString){list[i], (intptr_t)strlen(list[i])};
    return (AbiSlice){s, n, n};
}
DEF(AbiSlice, rt_envs, (void), "syscall.runtime_envs") { return string_list(rt_environ); }
DEF(AbiSlice, rt_args, (void), "os.runtime_args") { return string_list(rt_argv); }
DEF(AbiString, rt_getenv, (const char *k, intptr_t kn), "runtime.gogetenv") {
    char b[256];
    if ((size_t)kn >= sizeof b) return (AbiString){0};
    memcpy(b, k, (size_t)kn);
    b[kn] = 0;
    const char *v = getenv(b);
    return v ? (AbiString){v, (intptr_t)strlen(v)} : (AbiString){0};
}
DEF(void, rt_go_exit, (int32_t code), "runtime.exit") { rt_exit(code); }
DEF(AbiSlice, rt_auxv, (void), "runtime.getAuxv") {
    uintptr_t *p = (uintptr_t *)rt_environ;
    while (*p) p++;
    p++;
    intptr_t n = 0;
    while (p[n]) n += 2;
    return (AbiSlice){p, n, n};
}

// Tracebacks of the system call begin at the caller of the function with this frame.
static void from_caller(const uintptr_t *fp) {
    G *g = getg();
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
}
DEF(void, go_entersyscall, (void), "runtime.entersyscall") {
    entersyscall();
    from_caller(__builtin_frame_address(0));
}
DEF(void, go_exitsyscall, (void), "runtime.exitsyscall") { exitsyscall(); }

// internal/bytealg, but for vector_search.c's --------------------------------------------------------------------------------------------------------------

DEF(intptr_t, bytes_index_byte, (const char *p, intptr_t n, intptr_t cap, uint8_t c), "internal/bytealg.IndexByte") {
    const char *q = n ? memchr(p, c, (size_t)n) : NULL;
    return q ? q - p : -1;
}
DEF(intptr_t, string_index_byte, (const char *p, intptr_t n, uint8_t c), "internal/bytealg.IndexByteString") {
    const char *q = n ? memchr(p, c, (size_t)n) : NULL;
    return q ? q - p : -1;
}
DEF(intptr_t, bytes_compare, (const char *a, intptr_t an, intptr_t ac, const char *b, intptr_t bn, intptr_t bc),
    "internal/bytealg.Compare") {
    return rt_compare(a, an, b, bn);
}
DEF(AbiSlice, bytes_make_no_zero, (intptr_t n), "internal/bytealg.MakeNoZero") {
    if (n < 0 || (uintptr_t)n > MAX_ALLOC) panic_errstr("makeslice: len out of range");
    size_t cap = round_up_size((size_t)n, true);
    return (AbiSlice){rt_alloc_raw(cap + 1, false), n, (intptr_t)cap};
}

// internal/cpu --------------------------------------------------------------------------------------------------------

typedef struct RetCpuid {
    uint32_t a;
    _Alignas(8) uint32_t b;
    _Alignas(8) uint32_t c;
    _Alignas(8) uint32_t d;
} RetCpuid;
typedef struct RetXgetbv {
    uint32_t a;
    _Alignas(8) uint32_t d;
} RetXgetbv;
DEF(AbiString, icpu_godebug, (void), "internal/cpu.godebug") {
    const char *v = getenv("GODEBUG");
    return v ? (AbiString){v, (intptr_t)strlen(v)} : (AbiString){0};
}
#if defined(__x86_64__)
DEF(RetCpuid, icpu_cpuid, (uint32_t a, uint32_t c), "internal/cpu.cpuid") {
    RetCpuid r = {0};
    __cpuid_count(a, c, r.a, r.b, r.c, r.d);
    return r;
}
DEF(RetXgetbv, icpu_xgetbv, (void), "internal/cpu.xgetbv") {
    RetXgetbv r = {0};
    __asm__("xgetbv" : "=a"(r.a), "=d"(r.d) : "c"(0));
    return r;
}
#endif
// No features, so that packages choose their portable code.
#define CPUID(pkg, id)                                                                                                           \
    DEF(RetCpuid, id##_cpuid, (uint32_t a, uint32_t c), pkg ".cpuid") { return (RetCpuid){0}; }                                  \
    DEF(RetXgetbv, id##_xgetbv, (void), pkg ".xgetbv") { return (RetXgetbv){0}; }
CPUID("vendor/golang.org/x/sys/cpu", xcpu)
CPUID("golang.org/x/sys/cpu", mcpu)
DEF(int32_t, cpu_level, (void), "internal/cpu.getGOAMD64level") { return 1; }
#if defined(__aarch64__)
DEF(uint64_t, cpu_isar0, (void), "internal/cpu.getisar0") { return 0; }
DEF(uint64_t, cpu_pfr0, (void), "internal/cpu.getpfr0") { return 0; }
DEF(uint64_t, cpu_midr, (void), "internal/cpu.getMIDR") { return 0; }
DEF(uint64_t, cpu_zfr0, (void), "internal/cpu.getzfr0") { return 0; }
#endif

// atomics as function values and for what the compiler doesn't treat as operations ------------------------------------

#define ATOMICS(pkg, id, T)                                                                                                      \
    DEF(T, id##_load, (_Atomic T * p), "sync/atomic.Load" pkg) { return *p; }                                                    \
    DEF(void, id##_store, (_Atomic T * p, T v), "sync/atomic.Store" pkg) { *p = v; }                                             \
    DEF(T, id##_swap, (_Atomic T * p, T v), "sync/atomic.Swap" pkg) { return atomic_exchange(p, v); }                            \
    DEF(uint8_t, id##_cas, (_Atomic T * p, T o, T n), "sync/atomic.CompareAndSwap" pkg) {                                        \
        return atomic_compare_exchange_strong(p, &o, n);                                                                         \
    }
#define ATOMICS_INT(pkg, id, T)                                                                                                  \
    ATOMICS(pkg, id, T)                                                                                                          \
    DEF(T, id##_add, (_Atomic T * p, T v), "sync/atomic.Add" pkg) { return atomic_fetch_add(p, v) + v; }                         \
    DEF(T, id##_and, (_Atomic T * p, T v), "sync/atomic.And" pkg) { return atomic_fetch_and(p, v); }                             \
    DEF(T, id##_or, (_Atomic T * p, T v), "sync/atomic.Or" pkg) { return atomic_fetch_or(p, v); }
ATOMICS_INT("Int32", sa_i32, int32_t)
ATOMICS_INT("Int64", sa_i64, int64_t)
ATOMICS_INT("Uint32", sa_u32, uint32_t)
ATOMICS_INT("Uint64", sa_u64, uint64_t)
ATOMICS_INT("Uintptr", sa_up, uintptr_t)
typedef void *pointer;
ATOMICS("Pointer", sa_p, pointer)

#define RA(name) "internal/runtime/atomic." name
DEF(uint8_t, ra_cas_pointer, (_Atomic pointer * p, pointer o, pointer n), RA("casPointer")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
DEF(void, ra_store_pointer, (_Atomic pointer * p, pointer v), RA("storePointer")) { *p = v; }
DEF(uint8_t, ra_casp1, (_Atomic pointer * p, pointer o, pointer n), RA("Casp1")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
DEF(void, ra_storep, (_Atomic pointer * p, pointer v), RA("StorepNoWB")) { *p = v; }
DEF(pointer, ra_loadp, (_Atomic pointer * p), RA("Loadp")) { return *p; }
DEF(uint32_t, ra_load, (_Atomic uint32_t *p), RA("Load")) { return *p; }
DEF(uint64_t, ra_load64, (_Atomic uint64_t *p), RA("Load64")) { return *p; }
DEF(uint8_t, ra_load8, (_Atomic uint8_t *p), RA("Load8")) { return *p; }
DEF(uint32_t, ra_loadacq, (_Atomic uint32_t *p), RA("LoadAcq")) { return *p; }
DEF(void, ra_store, (_Atomic uint32_t *p, uint32_t v), RA("Store")) { *p = v; }
DEF(void, ra_store8, (_Atomic uint8_t *p, uint8_t v), RA("Store8")) { *p = v; }
DEF(void, ra_store64, (_Atomic uint64_t *p, uint64_t v), RA("Store64")) { *p = v; }
DEF(uint8_t, ra_cas, (_Atomic uint32_t *p, uint32_t o, uint32_t n), RA("Cas")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
DEF(uint8_t, ra_cas64, (_Atomic uint64_t *p, uint64_t o, uint64_t n), RA("Cas64")) {
    return atomic_compare_exchange_strong(p, &o, n);
}
DEF(uint32_t, ra_xadd, (_Atomic uint32_t *p, int32_t v), RA("Xadd")) { return atomic_fetch_add(p, (uint32_t)v) + (uint32_t)v; }
DEF(uint64_t, ra_xadd64, (_Atomic uint64_t *p, int64_t v), RA("Xadd64")) {
    return atomic_fetch_add(p, (uint64_t)v) + (uint64_t)v;
}
DEF(uint32_t, ra_xchg, (_Atomic uint32_t *p, uint32_t v), RA("Xchg")) { return atomic_exchange(p, v); }
DEF(uint64_t, ra_xchg64, (_Atomic uint64_t *p, uint64_t v), RA("Xchg64")) { return atomic_exchange(p, v); }
DEF(uint8_t, ra_xchg8, (_Atomic uint8_t *p, uint8_t v), RA("Xchg8")) { return atomic_exchange(p, v); }
DEF(void, ra_and8, (_Atomic uint8_t *p, uint8_t v), RA("And8")) { *p &= v; }
DEF(void, ra_or8, (_Atomic uint8_t *p, uint8_t v), RA("Or8")) { *p |= v; }
DEF(void, ra_and, (_Atomic uint32_t *p, uint32_t v), RA("And")) { *p &= v; }
DEF(void, ra_or, (_Atomic uint32_t *p, uint32_t v), RA("Or")) { *p |= v; }

// math -------------------------------------------------------------------------------------------------------------------------

extern GO double go_exp(double x) GOSYM("math.exp") __attribute__((weak));
extern GO double go_log(double x) GOSYM("math.log") __attribute__((weak));
extern GO double go_hypot(double x, double y) GOSYM("math.hypot") __attribute__((weak));
DEF(double, arch_floor, (double x), "math.archFloor") { return floor(x); }
DEF(double, arch_ceil, (double x), "math.archCeil") { return ceil(x); }
DEF(double, arch_trunc, (double x), "math.archTrunc") { return trunc(x); }
DEF(double, arch_exp, (double x), "math.archExp") { return go_exp(x); }
DEF(double, arch_log, (double x), "math.archLog") { return go_log(x); }
DEF(double, arch_hypot, (double x, double y), "math.archHypot") { return go_hypot(x, y); }
DEF(double, arch_max, (double x, double y), "math.archMax") {
    if (isinf(x) && x > 0) return x;
    if (isinf(y) && y > 0) return y;
    if (x != x || y != y) return __builtin_nan("");
    if (x == 0 && x == y) return signbit(x) ? y : x;
    return x > y ? x : y;
}
DEF(double, arch_min, (double x, double y), "math.archMin") {
    if (isinf(x) && x < 0) return x;
    if (isinf(y) && y < 0) return y;
    if (x != x || y != y) return __builtin_nan("");
    if (x == 0 && x == y) return signbit(x) ? x : y;
    return x < y ? x : y;
}
DEF(double, arch_exp2, (double x), "math.archExp2") {
    extern GO double go_exp2(double x) GOSYM("math.exp2") __attribute__((weak));
    return go_exp2(x);
}
DEF(double, arch_modf, (double x), "math.archModf0") { return x; }

// portable code in Go under another name ---------------------------------------------------------------------------------------------

extern GO void chacha_generic(void *seed, void *blocks, uint32_t counter) GOSYM("internal/chacha8rand.block_generic")
    __attribute__((weak));
DEF(void, chacha_block, (void *seed, void *blocks, uint32_t counter), "internal/chacha8rand.block") {
    chacha_generic(seed, blocks, counter);
}

// pulled by modules (overlay/src/runtime/pulled.go has the rest) ----------------------------------------------------------------

DEF(void, rt_goyield, (void), "runtime.goyield") { goyield(); }
extern GO intptr_t proc_pin(void) GOSYM("sync.runtime_procPin");
extern GO void proc_unpin(void) GOSYM("sync.runtime_procUnpin");
DEF(intptr_t, rt_proc_pin, (void), "runtime.procPin") { return proc_pin(); }
DEF(void, rt_proc_unpin, (void), "runtime.procUnpin") { proc_unpin(); }
extern GO uint8_t can_spin(intptr_t i) GOSYM("internal/sync.runtime_canSpin");
extern GO void do_spin(void) GOSYM("internal/sync.runtime_doSpin");
DEF(uint8_t, rt_can_spin, (intptr_t i), "sync.runtime_canSpin") { return can_spin(i); }
DEF(void, rt_do_spin, (void), "sync.runtime_doSpin") { do_spin(); }
DEF(void *, rt_getm, (void), "runtime.getm") { return getm(); }
DEF(void, rt_entersyscallblock, (void), "runtime.entersyscallblock") {
    entersyscallblock();
    from_caller(__builtin_frame_address(0));
}
DEF(void, rt_goready, (G * g, intptr_t skip), "runtime.goready") { ready(g); }

// unlockf is a Go function that runs on the thread's own stack; nil: parked in any case.
typedef struct ParkCall {
    void *unlockf, *lock;
} ParkCall;
static bool call_unlockf(G *g, void *arg) {
    ParkCall *c = arg;
    if (!c->unlockf) return true;
    return ((GO uint8_t (*)(G *, void *, void *GOCTX)) * (void **)c->unlockf)(g, c->lock, c->unlockf) & 1;
}
DEF(void, rt_gopark, (void *unlockf, void *lock, uint8_t reason, uint8_t trace, intptr_t skip), "runtime.gopark") {
    ParkCall c = {unlockf, lock};
    park(call_unlockf, &c, "parked");
}

typedef struct CCall {
    int32_t (*fn)(void *);
    void *arg;
    int32_t result;
} CCall;
static void call_c(void *arg) {
    CCall *c = arg;
    c->result = c->fn(c->arg);
}
DEF(int32_t, rt_cgocall, (void *fn, void *arg), "runtime.cgocall") {
    CCall c = {(int32_t (*)(void *))fn, arg, 0};
    on_system_stack(call_c, &c);
    return c.result;
}

DEF(AbiItab *, rt_getitab, (AbiInterfaceType * inter, AbiType *t, uint8_t canfail), "runtime.getitab") {
    return canfail & 1 ? rt_assertE2I2(inter, t) : rt_assertE2I(inter, t);
}
DEF(void, rt_memclr_pointers, (void *p, size_t n), "runtime.memclrHasPointers") { memset(p, 0, n); }
DEF(intptr_t, rt_typedslicecopy, (const AbiType *t, void *d, intptr_t dn, const void *s, intptr_t sn), "runtime.typedslicecopy") {
    intptr_t n = dn < sn ? dn : sn;
    memmove(d, s, (size_t)n * t->size);
    return n;
}

extern GO void *heap_base(void *p) GOSYM("runtime.heapBase");
typedef struct RetObject {
    uintptr_t base;
    void *span;
    uintptr_t index;
} RetObject;
DEF(RetObject, rt_find_object, (uintptr_t p, uintptr_t ref, uintptr_t off), "runtime.findObject") {
    return (RetObject){(uintptr_t)heap_base((void *)p), NULL, 0};
}
DEF(uintptr_t, rt_checkptr_base, (void *p), "runtime.checkptrBase") {
    const G *g = getg();
    return (uintptr_t)p >= g->lo && (uintptr_t)p < g->hi ? 1 : (uintptr_t)heap_base(p); // as gc's: 1 is the stack
}

// random --------------------------------------------------------------------------------------------------------------

DEF(uint32_t, rt_randn, (uint32_t n), "runtime.randn") { return fastrandn(n); }
DEF(uint32_t, rt_cheaprand, (void), "runtime.cheaprand") { return (uint32_t)fastrand(); }

// reflect -------------------------------------------------------------------------------------------------------------

DEF(void *, reflect_new, (const AbiType *t), "reflect.unsafe_New") { return rt_newobject(t); }
DEF(void *, reflectlite_new, (const AbiType *t), "internal/reflectlite.unsafe_New") { return rt_newobject(t); }
DEF(void *, reflect_new_array, (const AbiType *t, intptr_t n), "reflect.unsafe_NewArray") { return rt_newarray(t, n); }
DEF(void, reflect_memmove, (void *d, const void *s, size_t n), "reflect.memmove") { memmove(d, s, n); }
DEF(void, reflect_move, (const AbiType *t, void *d, const void *s), "reflect.typedmemmove") {
    if (d != s) memmove(d, s, t->size);
}
DEF(void, reflectlite_move, (const AbiType *t, void *d, const void *s), "internal/reflectlite.typedmemmove") {
    if (d != s) memmove(d, s, t->size);
}
DEF(void, reflect_clear, (const AbiType *t, void *p), "reflect.typedmemclr") { memset(p, 0, t->size); }
DEF(void, reflect_clear_part, (const AbiType *t, void *p, size_t off, size_t n), "reflect.typedmemclrpartial") {
    (void)t, (void)off;
    memset(p, 0, n);
}
DEF(void, reflect_clear_array, (const AbiType *t, void *p, intptr_t n), "reflect.typedarrayclear") {
    memset(p, 0, t->size * (size_t)n);
}
DEF(intptr_t, reflect_slice_copy, (const AbiType *t, void *d, intptr_t dn, intptr_t dc, const void *s, intptr_t sn, intptr_t sc),
    "reflect.typedslicecopy") {
    intptr_t n = dn < sn ? dn : sn;
    memmove(d, s, (size_t)n * t->size);
    return n;
}
extern GO uintptr_t rt_typehash(const AbiType *t, const void *p, uintptr_t h) GOSYM("runtime.typehash");
DEF(uintptr_t, reflect_typehash, (const AbiType *t, const void *p, uintptr_t h), "reflect.typehash") {
    return rt_typehash(t, p, h);
}
DEF(uint8_t, reflect_not_in_heap, (uintptr_t p), "reflect.verifyNotInHeapPtr") { return p != ~(uintptr_t)0; }
DEF(void, reflect_unsafeslice, (const AbiType *t, void *p, intptr_t n), "reflect.unsafeslice") {
    size_t mem;
    if (n < 0 || __builtin_mul_overflow(t->size, (size_t)n, &mem) || mem > -(uintptr_t)p) {
        if (!p) rt_panicunsafeslicenilptr();
        rt_panicunsafeslicelen();
    }
}
DEF(uint8_t *, reflect_aix, (uint8_t *p), "reflect.adjustAIXGCDataForRuntime") { return p; }
DEF(void *, rt_small_cells, (void), "runtime.getStaticuint64s") { return small_cell(0); }

// Descriptors of unnamed types, by their strings: reflect finds existing ones there.
extern AbiType *const typelinks_start[] __asm__("__start_vole_typelinks") __attribute__((weak));
extern AbiType *const typelinks_end[] __asm__("__stop_vole_typelinks") __attribute__((weak));
static AbiType **sorted_types;
static intptr_t n_sorted_types;
static int by_string(const void *a, const void *b) {
    AbiString x = type_string(*(AbiType *const *)a), y = type_string(*(AbiType *const *)b);
    return (int)rt_compare(x.ptr, x.len, y.ptr, y.len);
}
typedef struct RetTypelinks {
    AbiSlice first, rest;
} RetTypelinks;
DEF(RetTypelinks, reflect_typelinks, (void), "reflect.compiledTypelinks") {
    static Mutex m;
    if (!sorted_types) {
        intptr_t n = typelinks_end - typelinks_start;
        AbiType **t = persistent_alloc((size_t)(n + 1) * sizeof *t);
        memcpy(t, typelinks_start, (size_t)n * sizeof *t);
        qsort(t, (size_t)n, sizeof *t, by_string);
        lock(&m);
        sorted_types = t;
        n_sorted_types = n;
        unlock(&m);
    }
    return (RetTypelinks){{sorted_types, n_sorted_types, n_sorted_types}, {NULL, 0, 0}};
}

// runtime/debug, pprof, trace, metrics: what has no counterpart here says so by zero ----------------------------------

extern GO int32_t rt_set_gc_percent(int32_t v) GOSYM("runtime.setGCPercent");
DEF(int32_t, debug_gc_percent, (int32_t v), "runtime/debug.setGCPercent") { return rt_set_gc_percent(v); }
DEF(uint8_t, debug_panic_on_fault, (uint8_t v), "runtime/debug.setPanicOnFault") {
    G *g = getg();
    uint8_t old = g->life.paniconfault;
    g->life.paniconfault = v & 1;
    return old;
}
extern const char vole_build_info[] __attribute__((weak)); // of the main package's object
// ReadBuildInfo takes 16 bytes off either end, where gc's linker puts a mark.
DEF(AbiString, debug_modinfo, (void), "runtime/debug.modinfo") {
    if (!vole_build_info) return (AbiString){NULL, 0};
    size_t n = strlen(vole_build_info);
    char *s = rt_alloc_raw(n + 32, false);
    memset(s, ' ', n + 32);
    for (size_t i = 0; i < n; i++) s[16 + i] = vole_build_info[i];
    return (AbiString){s, (intptr_t)n + 32};
}
// The rest of its line there: what $GODEBUG is by default.
DEF(AbiString, godebug_default, (void), "runtime.godebugDefault") {
    static const char key[] = "\nbuild\tDefaultGODEBUG=";
    const char *s = vole_build_info ? strstr(vole_build_info, key) : NULL;
    if (!s) return (AbiString){NULL, 0};
    s += sizeof key - 1;
    return (AbiString){s, (intptr_t)strcspn(s, "\n")};
}
DEF(void, pprof_set_label, (void *l), "runtime/pprof.runtime_setProfLabel") { getg()->life.labels = l; }
DEF(void *, pprof_get_label, (void), "runtime/pprof.runtime_getProfLabel") { return getg()->life.labels; }
DEF(int64_t, pprof_cycles, (void), "runtime/pprof.runtime_cyclesPerSecond") { return 1000000000; }
DEF(intptr_t, pprof_leak_count, (void), "runtime/pprof.runtime_goroutineleakcount") { return 0; }
DEF(void, pprof_leak_gc, (void), "runtime/pprof.runtime_goroutineLeakGC") {}
DEF(void, trace_task_create, (uint64_t a, uint64_t b, const char *p, intptr_t n), "runtime/trace.userTaskCreate") {}
DEF(void, trace_task_end, (uint64_t a), "runtime/trace.userTaskEnd") {}
DEF(void, trace_region, (uint64_t a, uint64_t b, const char *p, intptr_t n), "runtime/trace.userRegion") {}
DEF(void, trace_log, (uint64_t a, const char *p, intptr_t n, const char *q, intptr_t k), "runtime/trace.userLog") {}
DEF(uint64_t, trace_clock_units, (void), "runtime/trace.runtime_traceClockUnitsPerSecond") { return 1000000000; }
DEF(void, trace_advance, (uint8_t stop), "runtime.traceAdvance") {}
DEF(uint64_t, trace_now, (void), "runtime.traceClockNow") { return (uint64_t)nanotime(); }
DEF(void, rt_procyield, (uint32_t n), "runtime.procyield") {}
DEF(void, rt_breakpoint, (void), "runtime.Breakpoint") { raise(SIGTRAP); }

// crypto: FIPS mode is off, so there is no checksum; the indicator is the goroutine's.
char fips_info[128] GOSYM("go:fipsinfo");
DEF(uint8_t, fips_get_indicator, (void), "crypto/internal/fips140.getIndicator") { return getg()->life.fips_indicator; }
DEF(void, fips_set_indicator, (uint8_t v), "crypto/internal/fips140.setIndicator") { getg()->life.fips_indicator = v; }
DEF(int64_t, fips_time, (void), "crypto/internal/fips140deps/time.monoTime") { return nanotime(); }
DEF(void, fips_set_bypass, (void), "crypto/fips140.setBypass") { getg()->life.fips_bypass = true; }
DEF(void, fips_unset_bypass, (void), "crypto/fips140.unsetBypass") { getg()->life.fips_bypass = false; }
DEF(uint8_t, fips_is_bypassed, (void), "crypto/fips140.isBypassed") { return getg()->life.fips_bypass; }
DEF(void, boring_standard, (void), "crypto/internal/boring/sig.StandardCrypto") {}
DEF(void, boring_only, (void), "crypto/internal/boring/sig.FIPSOnly") {}
DEF(void, boring_crypto, (void), "crypto/internal/boring/sig.BoringCrypto") {}

DEF(uint8_t, dit_set_enabled, (void), "crypto/subtle.setDITEnabled") { return 1; }
DEF(void, dit_set_disabled, (void), "crypto/subtle.setDITDisabled") {}

DEF(void, os_ignore_sigsys, (void), "os.ignoreSIGSYS") {}
DEF(void, os_restore_sigsys, (void), "os.restoreSIGSYS") {}
