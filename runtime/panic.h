// panic: how programs fail: panics, and errors that nothing recovers from.
#ifndef VOLE_PANIC_H
#define VOLE_PANIC_H

#include "runtime/rt.h"

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

#endif
