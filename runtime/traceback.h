// traceback: walking stacks, and printing them as gc does.
#ifndef VOLE_TRACEBACK_H
#define VOLE_TRACEBACK_H

#include "runtime/stack.h"
#include "runtime/symtab.h"

// A walk from (pc, fp) up a stack that lies in at, then in home, if that is another part of it. An
// exact pc is a fault's, any other is where a call returns to.
typedef struct Walk {
    uintptr_t pc, fp;
    bool exact;
    Segment at, home;
} Walk;
Walk walk_g(const G *g, uintptr_t pc, uintptr_t fp, bool exact);
enum { MAX_INLINED = 32 };
// The source frames at pc, innermost first, without C's and wrappers: at most MAX_INLINED.
int go_frames(uintptr_t pc, SymLoc *locs);
uintptr_t walk_next(
    Walk *
        w); // the next frame's return address, of an exact pc pc+1, so that looking up result-1 is right for both; 0 at the end
// The Go code's return addresses, without symbols: for signal handlers, too. entry: before them, if
// the walk begins in the runtime, one in the function of it that Go code called.
intptr_t stack_pcs(uintptr_t *pcs, intptr_t max, Walk w, bool entry);
void traceback_g(G *g, uintptr_t pc, uintptr_t fp);
// Of the running goroutine, for one that it makes, which it called the runtime for at (pc, fp): as many
// as GODEBUG=tracebackancestors says.
Ancestors *traceback_ancestors(uintptr_t pc, uintptr_t fp);
// The goroutine's traceback begins with C's frames at the signal, which ends the process.
void traceback_signal_in_c(const G *g, void *context);
void traceback_others(G *me, const Bubble *only); // only: of a bubble
// Of a goroutine that does not run, or is in a system call.
void saved_frame(G *g, uintptr_t *pc, uintptr_t *fp);
void print_registers(void *context);
void goroutine_header(G *g);
int traceback_level(bool *all, bool *crash);

#endif
