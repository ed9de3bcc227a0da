// cgo: calls from Go to C and back (cgo.c). C runs on the thread's own stack; a Go function that it
// calls runs on the goroutine's, below the call to C.
//
//     goroutine's stack                        thread's stack
//     | main.f             |                   | schedule           |
//     | runtime.cgocall    | ----------------> | C, crosscall2      | <- outer's g0sp: schedule
//     | main.exported      | <---------------- |                    | <- m->g0sp: crosscall2
//     | runtime.cgocall    | ----------------> | C                  |
#ifndef VOLE_CGO_H
#define VOLE_CGO_H

#include "runtime/sched.h"

// A call from C to Go that has not returned. It lies on the thread's stack; the goroutine's list of
// them has the innermost first.
typedef struct Callback {
    struct Callback *outer;
    void (*fn)(void *); // a Go function with one parameter
    void *arg;
    uintptr_t g0sp, sp; // where the M's scheduler, and g, were left
    uintptr_t syscall_pc, syscall_fp;
    uintptr_t context; // what the program noted of C's stack
    bool done;
} Callback;

// Does the program have C of its own, that is package runtime/cgo?
bool cgo_linked(void);
// The packages are initialised: threads of C's may call Go.
void cgo_init_done(void);
// A panic has come to a frame of the running goroutine at p: callbacks that began deeper are gone, with
// the C that called Go. 0: the goroutine ends, and all are.
void cgo_return_to(uintptr_t p);
bool cgo_in_c(const M *m); // does m run C that Go called?
int64_t cgo_calls(void);   // so far

// cgo_traceback.c: C's stacks, by the functions that runtime.SetCgoTraceback was given.
enum { CGO_PCS = 32 };
uintptr_t cgo_context(void); // of C that calls Go: 0 where nobody asks for it
void cgo_context_done(uintptr_t context);
// C's frames at a context, or where a signal arrived; how many.
intptr_t cgo_pcs(uintptr_t context, void *sig_context, uintptr_t *pcs, intptr_t max);
void cgo_print(const uintptr_t *pcs, intptr_t n);
// A walk along a goroutine's stack has come to pc: was it there that C called Go? *callback, the
// goroutine's innermost when the walk begins, becomes the next one.
bool cgo_crossed(const Callback **callback, uintptr_t pc, uintptr_t *context);

#endif
