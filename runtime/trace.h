// trace: the execution tracer, whose events the scheduler, channels and the collector tell. It is on
// between runtime.StartTrace and StopTrace; all that follows but trace_reader is for where TRACING
// holds, and costs one load elsewhere. Running out of memory for buffers ends the program.
//
// Who tells of an event holds a P, or sched_lock, until the state that the event is about has
// changed: a generation begins while the world is stopped and sched_lock is held, and sees either
// neither or both.
#ifndef VOLE_TRACE_H
#define VOLE_TRACE_H

#include "runtime/sched.h"

extern bool trace_on;
#define TRACING unlikely(LOAD_RELAXED(trace_on))

// This thread's P: it has just got it, is about to give it up.
void trace_proc_start(const M *m);
void trace_proc_stop(void);
void trace_proc_steal(P *p); // from a system call: the caller owns p now
void trace_proc_new(const P *p);
void trace_procs(void); // how many there are has changed

// Goroutines: g, or the running one.
void trace_go_create(G *g, bool blocked);
void trace_go_start(G *g);
void trace_go_stop(bool preempted); // it stays runnable
void trace_go_block(void);
void trace_go_unblock(G *g);
void trace_go_end(void);
void trace_go_switch(G *next, bool end); // a coroutine's
void trace_syscall_begin(void);
void trace_syscall_end(void);         // with the P that it began with
void trace_syscall_end_blocked(void); // runnable: it may have a P again
void trace_thread_joins(G *g);        // a thread of C's calls Go; sched_lock held
void trace_thread_ends(void);         // sched_lock held

void trace_stop_begin(AbiString why); // of the world
void trace_stop_end(void);
// Collections: one that has stopped the world between two times (nanotime()); one that began, and
// goes on beside the program until it ends. Where no goroutine runs nothing is told.
void trace_gc_stopped(int64_t begun, int64_t started);
void trace_gc_begin(int64_t begun, int64_t started);
void trace_gc_end(void);
void trace_heap(uint64_t live);
void trace_heap_goal(uint64_t goal);

// Where gc's stacks begin of who waits for what tracebacks call text, and of who ends that: with the
// runtime's function that Go code called, or so many of Go's frames above it. Tracing or not.
enum { STACK_ENTRY = -1 };
int stack_begin_of_wait(WaitReason reason);
int stack_begin_of_wake(WaitReason reason);

// In SIGPROF's handler.
void trace_cpu_sample(const M *m, const uintptr_t *pcs, uint32_t depth);
// The goroutine that reads the trace, if it waits and there is something to read: it is the
// caller's to wake.
G *trace_reader(void);

#endif
