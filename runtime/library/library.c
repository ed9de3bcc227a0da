// library: a Go program as a library of C's (-buildmode=c-archive, c-shared). When it is loaded a
// thread starts the runtime, which initialises the packages; calls of Go functions wait for that
// (_cgo_wait_runtime_init_done in cgo.c).
#include "runtime/os.h"
#include "runtime/signal.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    int argc;
    char **argv, **envp;
} program; // C's

static void *start(void *arg) {
    (void)arg;
    rt_start(program.argc, program.argv, program.envp);
}

void vole_library_begin(int argc, char **argv, char **envp);
// The C library gives constructors what main gets. Signals are blocked until the runtime has its
// handlers.
__attribute__((constructor)) void vole_library_begin(int argc, char **argv, char **envp) {
    program.argc = argc;
    program.argv = argv;
    program.envp = envp;
    is_library = true;
    signals_init(); // before C installs its own
    pthread_attr_t a;
    pthread_t t;
    sigset_t all, old;
    sigfillset(&all);
    pthread_attr_init(&a);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int e = pthread_create(&t, &a, start, NULL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&a);
    if (!e) return;
    fprintf(stderr, "runtime: cannot start a thread: %s\n", strerror(e));
    abort();
}
