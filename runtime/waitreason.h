// waitreason: why a goroutine waits, with gc's numbers (waitReason of its runtime), by which Delve
// tells of it, and its words.
#ifndef VOLE_WAITREASON_H
#define VOLE_WAITREASON_H

#include <stdint.h>

#define WAIT_REASONS(X)                                                                            \
    X(NONE, "")                                                                                    \
    X(GC_ASSIST_MARKING, "GC assist marking")                                                      \
    X(IO, "IO wait")                                                                               \
    X(DUMPING_HEAP, "dumping heap")                                                                \
    X(GARBAGE_COLLECTION, "garbage collection")                                                    \
    X(GARBAGE_COLLECTION_SCAN, "garbage collection scan")                                          \
    X(PANICWAIT, "panicwait")                                                                      \
    X(GC_ASSIST, "GC assist wait")                                                                 \
    X(GC_SWEEP, "GC sweep wait")                                                                   \
    X(GC_SCAVENGE, "GC scavenge wait")                                                             \
    X(FINALIZER, "finalizer wait")                                                                 \
    X(FORCE_GC, "force gc (idle)")                                                                 \
    X(UPDATE_GOMAXPROCS, "GOMAXPROCS updater (idle)")                                              \
    X(SEMACQUIRE, "semacquire")                                                                    \
    X(SLEEP, "sleep")                                                                              \
    X(CHAN_RECEIVE_NIL, "chan receive (nil chan)")                                                 \
    X(CHAN_SEND_NIL, "chan send (nil chan)")                                                       \
    X(SELECT_NO_CASES, "select (no cases)")                                                        \
    X(SELECT, "select")                                                                            \
    X(CHAN_RECEIVE, "chan receive")                                                                \
    X(CHAN_SEND, "chan send")                                                                      \
    X(COND, "sync.Cond.Wait")                                                                      \
    X(MUTEX_LOCK, "sync.Mutex.Lock")                                                               \
    X(RWMUTEX_RLOCK, "sync.RWMutex.RLock")                                                         \
    X(RWMUTEX_LOCK, "sync.RWMutex.Lock")                                                           \
    X(WAITGROUP, "sync.WaitGroup.Wait")                                                            \
    X(TRACE_READER, "trace reader (blocked)")                                                      \
    X(GC_CYCLE, "wait for GC cycle")                                                               \
    X(GC_WORKER_IDLE, "GC worker (idle)")                                                          \
    X(GC_WORKER_ACTIVE, "GC worker (active)")                                                      \
    X(PREEMPTED, "preempted")                                                                      \
    X(DEBUG_CALL, "debug call")                                                                    \
    X(GC_MARK_TERMINATION, "GC mark termination")                                                  \
    X(STOPPING_THE_WORLD, "stopping the world")                                                    \
    X(FLUSH_PROC_CACHES, "flushing proc caches")                                                   \
    X(TRACE_GOROUTINE_STATUS, "trace goroutine status")                                            \
    X(TRACE_PROC_STATUS, "trace proc status")                                                      \
    X(PAGE_TRACE_FLUSH, "page trace flush")                                                        \
    X(COROUTINE, "coroutine")                                                                      \
    X(GC_WEAK_TO_STRONG, "GC weak to strong wait")                                                 \
    X(SYNCTEST_RUN, "synctest.Run")                                                                \
    X(SYNCTEST_WAIT, "synctest.Wait")                                                              \
    X(SYNCTEST_CHAN_RECEIVE, "chan receive (durable)")                                             \
    X(SYNCTEST_CHAN_SEND, "chan send (durable)")                                                   \
    X(SYNCTEST_SELECT, "select (durable)")                                                         \
    X(SYNCTEST_WAITGROUP, "sync.WaitGroup.Wait (durable)")                                         \
    X(CLEANUP, "cleanup wait")

#define WAIT_REASON(name, text) WAIT_##name,
enum { WAIT_REASONS(WAIT_REASON) WAIT_REASON_COUNT };
#undef WAIT_REASON
typedef uint8_t WaitReason;
extern const char *const wait_reason_text[WAIT_REASON_COUNT];

#endif
