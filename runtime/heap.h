// heap: memory for Go values, from bdwgc; what is allocated belongs to the collector, unless it
// says otherwise. Running out of memory ends the program.
#ifndef VOLE_HEAP_H
#define VOLE_HEAP_H

#include "runtime/rt.h"

void heap_init(void);
void heap_thread_init(M *m);
void heap_thread_leave(void);                   // at the thread's end
void *rt_alloc(size_t size, bool scan);         // zeroed
void *rt_alloc_raw(size_t size, bool scan);     // pointer-free memory isn't zeroed
size_t round_up_size(size_t size, bool noscan); // gc's size classes
// For slices and strings: in a stack or in registers a pointer just past their end, which may be all
// that compiled code keeps of them in a loop, holds them, too (stackscan.c).
void *rt_alloc_array(size_t size, bool scan);
void *rt_alloc_array_raw(size_t size, bool scan);
bool heap_end_holds(const void *object, size_t *size); // is it such an object? *size: its
void gc_collect(void);
void heap_poll(void);     // takes over what a snapshot (snapshot.h) found, when it is over
G *finalizers_wake(void); // who runs finalizers, if there are some to run and it waits
void clear_stack(void);
void *persistent_alloc(size_t n); // zeroed, never freed, not scanned
void *rt_root_alloc(size_t n);    // zeroed, scanned, never freed
// A hidden pointer, outside the collector's heap or in pointer-free memory, that it clears when the
// object goes away. False: the object is not its own.
bool heap_link(void **link, void *object);
void *heap_link_load(void **link);
void heap_unlink(void **link);
// The start of the object that p points into, or NULL; its size, and whether the collector scans it.
void *heap_object(void *p, size_t *size, bool *scanned);
// A collection, while the world is stopped, that first marks what can be reached without some
// goroutines: those that leaves_out says are no roots. rest, called with all else pushed, has to push
// them sooner or later.
typedef struct RootSearch {
    bool (*leaves_out)(const G *g);
    void (*rest)(void (*push)(G *g));
} RootSearch;
void heap_search(const RootSearch *s);
// For heap dumps. What visits objects is called with the collector's lock held, after heap_settle
// while the world is stopped.
void heap_settle(void);
void heap_visit(void (*object)(void *object, size_t size, bool pointers),
                void (*finalizer)(void *object, void *closure, bool queued));
void heap_bounds(uintptr_t *lo, uintptr_t *hi);
// The parts of the program that it can write to.
void statics_visit(void (*fn)(uintptr_t lo, uintptr_t hi, bool zeros));
// Of Go's variables: where those begin that p lies among, with values or zeros at first; 0: none.
uintptr_t go_statics(const void *p);
#define MAX_ALLOC ((uintptr_t)1 << 48)
extern char runtime_zerobase GOSYM("runtime.zerobase");
// small_cells[i] is i: what small integers are in interfaces, strings of one byte.
extern const uint64_t small_cells[256];
static inline void *small_cell(uint64_t i) { return (void *)&small_cells[i]; }

#endif
