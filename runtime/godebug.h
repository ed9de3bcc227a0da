// godebug: the settings of $GODEBUG that package runtime honours. What other packages ask
// internal/godebug for is not here.
#ifndef VOLE_GODEBUG_H
#define VOLE_GODEBUG_H

#include "runtime/rt.h"

// Name, what holds by default, whether os.Setenv changes it in a program that runs. A new setting
// is a row here and a use of its variable; go.mod and //go:debug set it as well where
// GOROOT/src/internal/godebugs/table.go knows its name.
#define GODEBUG_SETTINGS(S)                                                                        \
    S(asyncpreemptoff, 0, false) /* 1: who computes long is preempted where it calls the runtime, alone */ \
    S(cgocheck, 1, false)   /* 0: pointers that C is given are not checked */                      \
    S(gcsnapshot, 1, false)  /* marking in a child process: 0: never, 2: always */                   \
    S(gctrace, 0, false)    /* 1: a line on stderr for each collection */                          \
    S(inittrace, 0, false)  /* 1: a line for each package that is initialized */                   \
    S(scheddetail, 0, false) /* 1: such a line tells of each P, M and G */ \
    S(schedtrace, 0, false) /* a line about the scheduler every so many milliseconds */            \
    S(tracebackancestors, 0, false) /* so many goroutines are told of that led to one */ \
    S(traceadvanceperiod, 1000000000, false) /* nanoseconds that a generation of a trace takes */ \
    S(torture, 0, false)    /* a collection at every so-maniest allocation, preemption all the time */ \
    S(panicnil, 0, true)    /* 1: panic(nil) panics with nil */

typedef struct Godebug {
#define S(name, initial, changes) int32_t name;
    GODEBUG_SETTINGS(S)
#undef S
} Godebug;
extern Godebug godebug;

// From the program's default and the environment; all settings at the start.
void godebug_read(bool start);

#endif
