// stackmap: which variables in the frames of a goroutine its functions no longer use, from the maps
// that the compiler left in the program's file (runtime/abi.h has their form). Without the
// file, or for code without a map, none are known. For the collector: one thread at a time.
#ifndef VOLE_STACKMAP_H
#define VOLE_STACKMAP_H

#include "runtime/traceback.h"

typedef struct DeadVar {
    uintptr_t lo, hi; // whole words
    // The last address that is a pointer to it: just behind its end, as loops have them, unless that
    // is where the frame pointer points, which the next frame keeps.
    uintptr_t last;
    bool found; // by such a pointer, the reader's to set
} DeadVar;

void stackmap_load(void); // before the world is stopped; does nothing but the first time
// Those of the frames from w on, by rising addresses, none overlapping. The array is valid until the
// next call.
DeadVar *stackmap_dead(Walk w, size_t *n);

#endif
