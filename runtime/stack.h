// stack: memory for goroutine stacks. A stack belongs to its G for ever; running out of memory for
// one ends the program.
#ifndef VOLE_STACK_H
#define VOLE_STACK_H

#include "runtime/rt.h"

struct Stack {
    // Usable from base on; lo is higher if the program wants less.
    uintptr_t base, lo, hi;
    enum { STACK_EMPTY, STACK_USED, STACK_UNUSED } use; // unused: not since the last collection
};

Stack *stack_alloc(bool main);
// A dead goroutine's, while the collector has stopped the world; true if it gave memory back.
bool stack_scavenge(Stack *s);
// Bytes of live goroutines' stacks, as deep as they were when they last left the processor, in
// pages.
uint64_t stacks_used(void);
extern uintptr_t stack_max; // debug.SetMaxStack

#endif
