// traceback: walking stacks, and printing them as gc does.
#ifndef VOLE_TRACEBACK_H
#define VOLE_TRACEBACK_H

#include "runtime/stack.h"

// A walk from (pc, fp) up a stack that lies in at, then in home, if that is another part of it. An
// exact pc is a fault's, any other is where a call returns to.
typedef struct Walk {
    uintptr_t pc, fp;
    bool exact;
    Segment at, home;
} Walk;
Walk walk_g(const G *g, uintptr_t pc, uintptr_t fp, bool exact);
uintptr_t walk_next(
    Walk *
        w); // the next frame's return address, of an exact pc pc+1, so that looking up result-1 is right for both; 0 at the end
void traceback_g(G *g, uintptr_t pc, uintptr_t fp);
void traceback_others(G *me, const Bubble *only); // only: of a bubble
// Of a goroutine that does not run, or is in a system call.
void saved_frame(G *g, uintptr_t *pc, uintptr_t *fp);
void print_registers(void *context);
void goroutine_header(G *g);
int traceback_level(bool *all, bool *crash);

#endif
