// main: the process's start and end. The C library calls main; it sets up heap, processors and
// signals, makes the main goroutine, which runs every package's init and main.main, and ends the
// process with status 0.
#include "runtime/cgo.h"
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/print.h"
#include "runtime/race.h"
#include "runtime/sched.h"
#include "runtime/signal.h"
#include "runtime/symtab.h"
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int rt_argc;
char **rt_argv, **rt_environ;
static bool init_done;
int64_t start_time;
bool is_library;

int64_t nanotime(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000000 + ts.tv_nsec;
}
int64_t walltime(int32_t *nsec) {
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    *nsec = (int32_t)ts.tv_nsec;
    return ts.tv_sec;
}

void rt_write(int fd, const void *p, size_t n) {
    const char *s = p;
    while (n) {
        ssize_t k = write(fd, s, n);
        if (k < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            return;
        }
        s += k;
        n -= (size_t)k;
    }
}

void rt_exit(int code) {
    print_flush();
    _exit(code);
}

extern GO void run_exit_hooks(intptr_t code) GOSYM("runtime.runExitHooks") __attribute__((weak));

// GODEBUG=inittrace=1, in gc's form. The function's symbol is the package's path and ".init".
static void trace_init(GO void (*init)(void)) {
    const char *name = "";
    intptr_t len = 0;
    uintptr_t entry, end;
    symbol_of((uintptr_t)init, &name, &len, &entry, &end);
    const intptr_t suffix = sizeof ".init" - 1;
    const P *p = getm()->p;
    uint64_t bytes = p->nbytes, allocs = p->nmalloc;
    int64_t begun = nanotime();
    init();
    int64_t ns = nanotime() - begun;
    p = getm()->p;
    rt_printlock();
    print_f("init %S @%m ms, %m ms clock, %u bytes, %u allocs\n",
            (AbiString){name, len > suffix ? len - suffix : 0}, begun - start_time, ns,
            p->nbytes - bytes, p->nmalloc - allocs);
    rt_printunlock();
}

// What Delve reads of gc's module data (the overlay's debugger.go): where Go code is, and what the
// addresses of types in debug information count from.
typedef struct Module {
    uintptr_t text, etext, types, etypes;
    void *typemap;
    struct Module *next;
} Module;
extern Module first_module GOSYM("runtime.firstmoduledata");
__attribute__((weak)) Module first_module;
extern const char __ehdr_start[], _end[];
static void describe_module(void) {
    first_module = (Module){.text = (uintptr_t)go_text_begin,
                            .etext = (uintptr_t)go_text_end,
                            .types = VOLE_PIC ? (uintptr_t)__ehdr_start : 0,
                            .etypes = (uintptr_t)_end};
}

// The main goroutine.
static GO void go_main(void *ctx GOCTX) GOSYM("runtime.main");
// Packages are initialised in the order that the driver has found; then main.main, whose return
// ends the program, whatever other goroutines do.
static GO void go_main(void *ctx GOCTX) {
    (void)ctx;
    main_started = true;
    dolockOSThread(); // init functions run on the main thread
    for (void *const *t = vole_inittasks; *t; t++) {
        GO void (*init)(void) = (GO void (*)(void))*t;
        if (unlikely(godebug.inittrace == 1))
            trace_init(init);
        else
            init();
    }
    init_done = true;
    cgo_init_done();
    dounlockOSThread();
    clear_stack();
    if (is_library) return; // its functions are called; main.main is not
    GO void (*main_main)(void) = (GO void (*)(void))vole_main_main;
    main_main();
    __asm__ volatile("");
    if (run_exit_hooks) run_exit_hooks(0);
    if (RACE) race_fini();
    rt_exit(0);
}

// Each needs those before it: settings first, then this thread's M, which heap and signal handlers
// ask for.
NORETURN void rt_start(int argc, char **argv, char **envp) {
    cpu_check();
    rt_argc = argc;
    rt_argv = argv;
    rt_environ = envp;
    start_time = nanotime();
    if (RACE) race_init();
    if (!cgo_linked() && !is_library)
        mallopt(M_ARENA_MAX, 1); // the C library's are 64 MB of addresses a thread
    godebug_read(true);
    describe_module();
    sched_init();
    heap_init();
    if (RACE) race_init_data();
    heap_thread_init(getm());
    if (!is_library) signals_init(); // else C has them already
    signals_thread_init(getm());
    static void *main_closure[] = {(void *)go_main};
    sched_run_main(main_closure);
}

#if VOLE_PIC // C that has the library for an archive has one of its own
__attribute__((weak))
#endif
int main(int argc, char **argv, char **envp) {
    rt_start(argc, argv, envp);
}
