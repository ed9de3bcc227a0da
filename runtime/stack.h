// stack: memory for goroutine stacks. A stack belongs to its G for ever; running out of memory for one ends the program.
#ifndef VOLE_STACK_H
#define VOLE_STACK_H

#include "runtime/rt.h"

struct Stack {
    uintptr_t base, lo, hi;                             // usable from base on; lo is higher if the program wants less
    enum { STACK_EMPTY, STACK_USED, STACK_UNUSED } use; // unused: not since the last collection
};

Stack *stack_alloc(bool main);
bool stack_scavenge(Stack *s); // a dead goroutine's, while the collector has stopped the world; true if it gave memory back
uint64_t stacks_used(void); // bytes of live goroutines' stacks, as deep as they were when they last left the processor, in pages
extern uintptr_t stack_max; // debug.SetMaxStack

#endif
