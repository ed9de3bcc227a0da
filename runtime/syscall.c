// syscall: system calls for Go: raw ones, those that all threads make, what package syscall wants
// around fork.
#include "runtime/panic.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

typedef struct RetSys {
    uintptr_t r1, r2, err;
} RetSys;
typedef struct RetSys2 {
    uintptr_t r1, r2;
} RetSys2;

static inline uintptr_t raw_syscall(uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
                                    uintptr_t e, uintptr_t f, uintptr_t *second) {
#if defined(__x86_64__)
    register uintptr_t r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    uintptr_t rax = n, rdx = c;
    __asm__ volatile("syscall"
                     : "+a"(rax), "+d"(rdx)
                     : "D"(a), "S"(b), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    *second = rdx;
    return rax;
#else
    register uintptr_t x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b,
                          x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e,
                          x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0), "+r"(x1)
                     : "r"(x8), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    *second = x1;
    return x0;
#endif
}

GO_WEAK(RetSys, sys6,
        (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f),
        "internal/runtime/syscall/linux.Syscall6") {
    uintptr_t second, r = raw_syscall(n, a, b, c, d, e, f, &second);
    if (r > (uintptr_t)-4096) return (RetSys){(uintptr_t)-1, 0, -r};
    return (RetSys){r, second, 0};
}
GO_WEAK(RetSys2, sys_no_error, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c),
        "syscall.rawSyscallNoError") {
    uintptr_t second, r = raw_syscall(n, a, b, c, 0, 0, 0, &second);
    return (RetSys2){r, second};
}
// The child gets its own copy of this stack: compiled code isn't safe on a shared one.
GO_WEAK(RetSys2, sys_vfork, (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c),
        "syscall.rawVforkSyscall") {
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
GO_WEAK(uintptr_t, sys_gettimeofday, (struct timeval * tv), "syscall.gettimeofday") {
    return gettimeofday(tv, NULL) ? (uintptr_t)errno : 0;
}
GO_WEAK(intptr_t, sys_pagesize, (void), "syscall.Getpagesize") { return 4096; }

// A call that changes what belongs to the thread, made by all threads: first by this one, then by
// the others in a signal handler, the collector's included. While the world is stopped none is
// created. The signal is the one that libc uses for setuid and never blocks.
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

typedef void Handler(int, siginfo_t *, void *);
static Handler *libc_handler;

static void on_each_thread(int sig, siginfo_t *info, void *context) {
    if (info->si_code != SI_TKILL) return;
    if (each.pending == 0) { // libc's setuid, which C has called
        if (libc_handler) libc_handler(sig, info, context);
        return;
    }
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
    syscall(SYS_rt_sigaction, EACH_THREAD, NULL, &sa, sizeof sa.mask);
    if (sa.handler != on_each_thread && (uintptr_t)sa.handler > 1) libc_handler = sa.handler;
    syscall(SYS_rt_sigaction, SIGSEGV, NULL, &sa, sizeof sa.mask);
    sa.handler = on_each_thread;
    sa.mask = ~(uint64_t)0;
    sa.flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    syscall(SYS_rt_sigaction, EACH_THREAD, &sa, NULL, sizeof sa.mask);
}

// The first call decides: if it fails here no other thread makes it.
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
    if (each.differs)
        rt_fatal("AllThreadsSyscall6 results differ between threads; runtime corrupted");
}

GO_WEAK(RetSys, sys_all_threads,
        (uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f),
        "syscall.runtime_doAllThreadsSyscall") {
    RetSys result;
    world_stop(c_string("AllThreadsSyscall"));
    memcpy(each.args, (uintptr_t[]){n, a, b, c, d, e, f}, sizeof each.args);
    on_system_stack(call_on_each_thread, &result);
    world_start();
    return result;
}
GO_WEAK(uintptr_t, sys_cgocaller, (void *fn), "syscall.cgocaller") {
    (void)fn;
    rt_throw("no cgo");
}
GO_WEAK(void, rt_before_exec, (void), "syscall.runtime_BeforeExec") {}
GO_WEAK(void, rt_after_exec, (void), "syscall.runtime_AfterExec") {}

static _Thread_local sigset_t fork_mask;
GO_WEAK(void, rt_before_fork, (void), "syscall.runtime_BeforeFork") {
    getm()->locks++;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &fork_mask);
}
GO_WEAK(void, rt_after_fork, (void), "syscall.runtime_AfterFork") {
    pthread_sigmask(SIG_SETMASK, &fork_mask, NULL);
    getm()->locks--;
}
GO_WEAK(void, rt_after_fork_in_child, (void), "syscall.runtime_AfterForkInChild") {
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
GO_WEAK(RetFcntl, rt_fcntl, (int32_t fd, int32_t cmd, int32_t arg), "runtime.fcntl") {
    int r = fcntl(fd, cmd, arg);
    return r < 0 ? (RetFcntl){-1, errno} : (RetFcntl){r, 0};
}
GO_WEAK(RetIB, rt_vgetrandom, (void *p, intptr_t n, intptr_t cap, uint32_t flags),
        "runtime.vgetrandom") {
    (void)p, (void)n, (void)cap, (void)flags;
    return (RetIB){-1, 0};
}
GO_WEAK(int32_t, rt_go_write, (uintptr_t fd, const void *p, int32_t n), "runtime.write") {
    ssize_t r = write((int)fd, p, (size_t)n);
    return r < 0 ? -errno : (int32_t)r;
}

// Tracebacks of the system call begin at the caller of the function with this frame.
static void from_caller(const uintptr_t *fp) {
    G *g = getg();
    g->life.syscall_fp = fp[0];
    g->life.syscall_pc = fp[1];
}
GO_WEAK(void, go_entersyscall, (void), "runtime.entersyscall") {
    entersyscall();
    from_caller(__builtin_frame_address(0));
}
GO_WEAK(void, go_exitsyscall, (void), "runtime.exitsyscall") { exitsyscall(); }
GO_WEAK(void, rt_entersyscallblock, (void), "runtime.entersyscallblock") {
    entersyscallblock();
    from_caller(__builtin_frame_address(0));
}
