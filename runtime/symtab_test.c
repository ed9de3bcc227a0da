// Functions and lines from the tables: this file's own, inlined calls included, and nothing for addresses
// that have none.
#include "runtime/rt_test.h"
#include "runtime/sched.h"
#include "runtime/symtab.h"

static uintptr_t seen;
enum { INNERMOST = __LINE__ + 4, BETWEEN = __LINE__ + 10, OUTERMOST = __LINE__ + 11 };

static inline __attribute__((always_inline)) void innermost(void) {
#if defined(__x86_64__)
    __asm__ volatile("lea 0f(%%rip), %0\n0: nop" : "=r"(seen));
#else
    __asm__ volatile("adr %0, 0f\n0: nop" : "=r"(seen));
#endif
}

static inline __attribute__((always_inline)) void between(void) { innermost(); }
NOINLINE void outermost(void) { between(); }

static bool named(const SymLoc *s, const char *name) {
    return s->func_len == (intptr_t)strlen(name) && !memcmp(s->func, name, strlen(name));
}

static void test_main(void) {
    outermost();
    SymLoc locs[8];
    for (int again = 0; again < 2; again++) { // the second answer is a remembered one
        CHECK(symbolize(seen, locs, 8) == 3);
        CHECK(named(&locs[0], "innermost") && locs[0].inlined && locs[0].line >= INNERMOST &&
              locs[0].line < BETWEEN);
        CHECK(named(&locs[1], "between") && locs[1].inlined && locs[1].line == BETWEEN);
        CHECK(named(&locs[2], "outermost") && !locs[2].inlined && locs[2].line == OUTERMOST &&
              locs[2].entry == (uintptr_t)outermost);
        CHECK(strstr(locs[0].file, "runtime/symtab_test.c"));
    }
    CHECK(symbolize(seen, locs, 2) == 2);
    CHECK(symbolize(0, locs, 8) == 0 && symbolize((uintptr_t)locs, locs, 8) == 0);
    const char *name;
    intptr_t len;
    uintptr_t entry, end;
    CHECK(symbol_of((uintptr_t)outermost + 1, &name, &len, &entry, &end) &&
          entry == (uintptr_t)outermost && !strcmp(name, "outermost"));
    CHECK(symbol_address("outermost", 9) == entry && symbol_address("outermos", 8) == 0);
}
