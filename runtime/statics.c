// statics: which variables are Go's: those before the runtime's and C's in .data and .bss, since the
// linker has the objects in that order. Those without pointers that begin with values are in a
// section of their own and not asked for.
#include "runtime/heap.h"

extern char data[] __asm__("__data_start") __attribute__((weak)),
    data_end[] __asm__("vole_rt_data_begin"), zeros[] __asm__("__bss_start"),
    zeros_end[] __asm__("vole_rt_bss_begin");

#if VOLE_PIC // in a library no start file says where data begins
static uintptr_t data_begin;
static void find_data(uintptr_t lo, uintptr_t hi, bool zero) {
    (void)hi, (void)zero;
    if (!data_begin || lo < data_begin) data_begin = lo;
}
static uintptr_t first(void) {
    if (!data_begin) statics_visit(find_data);
    return data_begin;
}
#else
static uintptr_t first(void) { return (uintptr_t)data; }
#endif

uintptr_t go_statics(const void *p) {
    uintptr_t a = (uintptr_t)p;
    if (a >= first() && a < (uintptr_t)data_end) return first();
    return a >= (uintptr_t)zeros && a < (uintptr_t)zeros_end ? (uintptr_t)zeros : 0;
}
