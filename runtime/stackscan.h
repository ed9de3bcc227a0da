// stackscan: a goroutine's stack as roots of a collection. For the collector alone, while it marks.
#ifndef VOLE_STACKSCAN_H
#define VOLE_STACKSCAN_H

#include "runtime/rt.h"
#include "runtime/traceback.h"

void scan_words(uintptr_t lo, uintptr_t hi); // of compiled code, in a stack or saved registers
// From sp on, with what lies beyond it below: up to where a hop left the goroutine's home. from: its
// innermost frame, if that is known to be whole (pc 0: it is not). elsewhere: registers and stacks
// that the goroutine's own code may have pointers to its variables in, at most n.
void scan_stack(const G *g, uintptr_t sp, uintptr_t beyond, Walk from, const Segment *elsewhere,
                size_t n);

#endif
