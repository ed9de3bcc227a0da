// time: the scheduler's timers. None can be started yet: package time comes with them.
#include "runtime/rt.h"

#define WEAK __attribute__((weak))
WEAK int64_t timers_run(int64_t now, bool *ran) {
    (void)now;
    *ran = false;
    return 0;
}
WEAK int64_t timers_next(void) { return 0; }
WEAK void timers_init(void) {}
