// os: the process: time in nanoseconds, its arguments and environment, its end.
#ifndef VOLE_OS_H
#define VOLE_OS_H

#include "runtime/rt.h"

int64_t nanotime(void);
extern int64_t start_time;                                // nanotime() when the process began
static inline int64_t time_after(int64_t t, int64_t ns) { // at most the last time there is
    int64_t sum;
    return __builtin_add_overflow(t, ns, &sum) ? INT64_MAX : sum;
}
int64_t walltime(int32_t *nsec);
void rt_write(int fd, const void *p, size_t n);
NORETURN void rt_exit(int code);
void cpu_check(void); // ends a program that is not for this processor (cpu.c)
NORETURN void rt_start(int argc, char **argv,
                       char **envp); // on the thread that becomes the first M
extern bool is_library;              // of a C program: -buildmode=c-archive, c-shared
extern int rt_argc;
extern char **rt_argv, **rt_environ;

#endif
