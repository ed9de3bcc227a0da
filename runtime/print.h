// print: text for a user, on stderr, a line of a thread at a time.
#ifndef VOLE_PRINT_H
#define VOLE_PRINT_H

#include "runtime/rt.h"

void print_cstr(const char *s);
void print_str(AbiString s);
void print_hex(uint64_t v);
void print_f(const char *fmt, ...); // %s %d %x %p %S(AbiString) %u
void print_ms(int64_t ns);          // as milliseconds, in two digits that count
void print_flush(void);
// debug.SetCrashOutput: what a dying process prints goes there, too; ~0: nowhere.
extern _Atomic uintptr_t crash_fd;

#endif
