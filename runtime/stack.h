// stack: memory for goroutine stacks. A goroutine begins on a small stack, its home, which stays
// with its G for ever; when that is used up it hops to a large segment until the call returns
// (rt_hop). Running out of memory for either ends the program.
#ifndef VOLE_STACK_H
#define VOLE_STACK_H

#include "runtime/rt.h"

typedef struct Segment {
    uintptr_t lo, hi;
} Segment;
static inline bool segment_has(Segment s, uintptr_t p) { return p - s.lo < s.hi - s.lo; }

typedef enum StackUse {
    STACK_EMPTY,
    STACK_USED,
    STACK_UNUSED
} StackUse; // unused: not since the last collection

struct Stack {      // a large segment
    uintptr_t base; // what was reserved for it
    Segment at;     // what the program may use, if it wants less
    StackUse use;
    G *g; // that has it; NULL: none
    Stack *link, *all;
};

// A G with a home, which lies below it in the same page: goroutines that wait cost one page. All
// zeros but home, limit and far. main: of the main goroutine, whose home is large.
G *stack_new_g(bool main);
// On the thread's own stack, when g has ended: its segment is for others.
void stack_leave(G *g);
// Before a jump out of calls to a frame at p of this goroutine.
void stack_return_to(uintptr_t p);
// Runs fn(arg) where there is much room.
void stack_far(void (*fn)(void *), void *arg);
// The frame that called the one at fp, a goroutine's: that of hops is passed over.
uintptr_t *stack_caller(const uintptr_t *fp);
// Whether frame a of g is called, directly or not, by frame b.
bool stack_is_deeper(const G *g, uintptr_t a, uintptr_t b);
// While the collector has stopped the world: gives back what has not been used between two
// collections, up to max stacks.
void stacks_scavenge(uint32_t max);
// Bytes of live goroutines' stacks, as deep as they were when they last left the processor, in
// pages.
uint64_t stacks_used(void);
extern uintptr_t stack_max; // debug.SetMaxStack

#endif
