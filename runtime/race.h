// race: the race detector of programs that are built with -race. gc's own, an object file that
// GOROOT has, is told of memory accesses by compiled code (race.c), of what orders them by the
// runtime. In programs without it RACE is false for the linker's sake: it costs a comparison of
// constants.
#ifndef VOLE_RACE_H
#define VOLE_RACE_H

#include "runtime/sched.h"

extern const char race_linked[] __asm__("__tsan_init") __attribute__((weak));
#define RACE unlikely(race_linked != NULL)

// All that follows is for where RACE holds.
void race_init(void);         // before any memory is allocated
void race_init_data(void);    // the program's variables are watched from now on
void race_fini(void);         // reports how many races there were; with some it ends the program
void *race_heap(size_t size); // memory that can be watched; NULL: none is left
void race_malloc(const void *p, size_t size);
void *race_proc_new(void); // for a P
void *race_go_start(uintptr_t pc);
void race_go_end(void);
void race_finalizer(void); // this goroutine runs finalizers
// A goroutine's (by default the running one's) order with others': what was done before a release of
// an address comes before what follows an acquire of it.
void race_acquire_by(G *g, const void *p);
void race_release_by(G *g, const void *p);
void race_release_acquire_by(G *g, const void *p);
static inline void race_acquire(const void *p) { race_acquire_by(getg(), p); }
static inline void race_release(const void *p) { race_release_by(getg(), p); }
// An access by the function at pc, which was called from callerpc.
void race_access_pc(const void *p, bool write, uintptr_t callerpc, uintptr_t pc);
void race_read_range(const void *p, size_t n, uintptr_t callerpc, uintptr_t pc);
void race_write_range(const void *p, size_t n, uintptr_t callerpc, uintptr_t pc);
void race_object(const AbiType *t, const void *p, bool write, uintptr_t callerpc, uintptr_t pc);
// For a function that Go calls: its caller, and itself.
#define RACE_HERE(self) (uintptr_t)__builtin_return_address(0), (uintptr_t)(self)
// A timer's function runs as if its P were a goroutine; what it was before.
void *race_timer_begin(const void *timer);
void race_timer_end(void *before);
// An atomic operation of package sync/atomic on p, whose arguments and result lie at frame as gc
// passes them; false: p is not watched.
typedef void RaceAtomic(void *ctx, uintptr_t callerpc, uintptr_t pc, void *frame);
bool race_atomic(RaceAtomic *fn, const void *p, void *frame, uintptr_t callerpc, uintptr_t pc);

#endif
