// signal: signals that become panics, preempt, or go to os/signal.
#ifndef VOLE_SIGNAL_H
#define VOLE_SIGNAL_H

#include "runtime/rt.h"
#include <signal.h>

void signal_install(int sig, void (*fn)(int, siginfo_t *, void *));
void signals_init(void);
void signals_thread_init(M *m);
// The same for a thread that C made, with this mask; and undone at its end.
void signals_thread_join(M *m, const sigset_t *mask);
void signals_thread_leave(void);
// A thread of C's that has a signal stack: Go code gets the M's, C its own back.
void signals_swap_altstack(const M *m, bool go);
NORETURN void signal_die(int sig); // by what the system does for it
void preempt_thread(M *m);
extern const char *const signal_names[];

#endif
