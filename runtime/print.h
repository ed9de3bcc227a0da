// print: text for a user, on stderr, a line of a thread at a time.
#ifndef VOLE_PRINT_H
#define VOLE_PRINT_H

#include "runtime/rt.h"

void print_cstr(const char *s);
void print_str(AbiString s);
void print_hex(uint64_t v);
// %s %d %x %p %S(AbiString) %u, %m: nanoseconds as milliseconds, in two digits that count.
void print_f(const char *fmt, ...);
void print_fixed(int64_t v, int digits); // v / 10**digits, with as many decimals
// While the lock is held output goes to memory instead; the second gives how much there is.
void print_capture(char *p, intptr_t n);
intptr_t print_capture_end(void);
void print_flush(void);
// debug.SetCrashOutput: what a dying process prints goes there, too; ~0: nowhere.
extern _Atomic uintptr_t crash_fd;

#endif
