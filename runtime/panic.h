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
NORETURN void rt_fatal_str(AbiString msg);
NORETURN void panic_str(const char *msg);    // plainError
NORETURN void panic_errstr(const char *msg); // errorString: "runtime error: " + msg
// Around a signal's report, from its handler: the second prints tracebacks by GOTRACEBACK and ends the
// program.
void signal_start_dying(void);
NORETURN void signal_finish_dying(uintptr_t pc, uintptr_t fp, void *context);

#endif
