// rt_test: what a test of the runtime needs to be a program without Go: the symbols that compiled
// code supplies, goroutines of C functions, CHECK. A test file defines test_main, which runs as the
// main goroutine.
#ifndef VOLE_RT_TEST_H
#define VOLE_RT_TEST_H

#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/sched.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void test_main(void);

#define CHECK(cond) ((cond) ? (void)0 : test_failed(#cond, __FILE__, __LINE__))
static NOINLINE NORETURN void test_failed(const char *cond, const char *file, int line) {
    char text[512];
    int n = snprintf(text, sizeof text, "%s:%d: %s does not hold\n", file, line, cond);
    rt_write(2, text, (size_t)n);
    _exit(1);
}

// What would end the process with a message of Go's is a failure.
#define FATAL(name, ...)                                                                           \
    GO NORETURN void name(__VA_ARGS__) GOSYM("runtime." #name);                                    \
    GO NORETURN void name(__VA_ARGS__) { test_failed(#name, "runtime", 0); }
FATAL(panicmem, void)
FATAL(panicmemAddr, uintptr_t addr)
FATAL(panicdivide, void)
FATAL(panicoverflow, void)
FATAL(panicfloat, void)
FATAL(panicTypeAssert, void)
FATAL(preprintPanics, Panic *p)
FATAL(fatalpanic, Panic *p)
FATAL(printPreFatalPanics, Panic *p)
#undef FATAL
#define NO_ERROR(name)                                                                             \
    GO AbiIface name(const AbiType *t) GOSYM("runtime." #name);                                    \
    GO AbiIface name(const AbiType *t) { test_failed(#name, "runtime", 0); }
NO_ERROR(makeUnhashableError)
NO_ERROR(makeUncomparableError)
#undef NO_ERROR

static AbiType string_type = {.size = 16, .ptr_bytes = 8, .kind = ABI_STRING};
static AbiIface error_value(const char *p, intptr_t n) {
    AbiString *s = malloc(sizeof *s);
    *s = (AbiString){p, n};
    return (AbiIface){&string_type, s};
}
GO AbiIface makePlainError(const char *p, intptr_t n) GOSYM("runtime.makePlainError");
GO AbiIface makePlainError(const char *p, intptr_t n) { return error_value(p, n); }
GO AbiIface makeErrorString(const char *p, intptr_t n) GOSYM("runtime.makeErrorString");
GO AbiIface makeErrorString(const char *p, intptr_t n) { return error_value(p, n); }
GO AbiIface makePanicNilError(void) GOSYM("runtime.makePanicNilError");
GO AbiIface makePanicNilError(void) { return error_value("nil", 3); }

static GO void go_test_main(void) {
    signal(SIGURG, SIG_IGN); // ThreadSanitizer delays handlers to places where preemption can't be
    test_main();
    rt_exit(0);
}
void *const vole_inittasks[] = {NULL};
void *const vole_main_main = (void *)go_test_main;
const char vole_goroot[] = "";
const int32_t vole_cpu_level = 0;

// go fn(arg)
typedef struct TestClosure {
    void *code;
    void (*fn)(void *);
    void *arg;
} TestClosure;
static GO void run_closure(TestClosure *c GOCTX) { c->fn(c->arg); }
static inline void go(void (*fn)(void *), void *arg) {
    TestClosure *c = malloc(sizeof *c);
    *c = (TestClosure){(void *)run_closure, fn, arg};
    rt_newproc(c);
}

// Waits, without the parts of the runtime under test, for a count to be reached.
static inline void wait_for(_Atomic int64_t *n, int64_t want) {
    for (int64_t start = nanotime(); *n != want;) {
        gosched();
        CHECK(nanotime() - start < 60000000000);
    }
}

#endif
