// string: strings of the runtime.
#ifndef VOLE_STRING_H
#define VOLE_STRING_H

#include "runtime/rt.h"

// What the C library owns and never changes; NULL is empty.
static inline AbiString c_string(const char *s) {
    return (AbiString){s, s ? (intptr_t)strlen(s) : 0};
}
AbiString go_string(const char *p, intptr_t n); // copies
// -1, 0 or 1. Not for libc without bytes: it loads under a mask, and does so for hundreds of cycles
// from a nil pointer.
static inline intptr_t rt_compare(const char *a, intptr_t an, const char *b, intptr_t bn) {
    intptr_t n = an < bn ? an : bn;
    int c = n ? memcmp(a, b, (size_t)n) : 0;
    if (c) return c < 0 ? -1 : 1;
    return an < bn ? -1 : an > bn;
}

#endif
