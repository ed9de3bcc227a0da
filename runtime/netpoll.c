// netpoll: the scheduler's poller. No descriptor can be waited for yet: package os and net come with their own use of it; until then nothing is ever ready.
#include "runtime/rt.h"

#define WEAK __attribute__((weak))
WEAK void netpoll_init(void) {}
WEAK bool netpoll_inited(void) { return false; }
WEAK bool netpoll_has_waiters(void) { return false; }
WEAK G *netpoll(int64_t delay) { return (void)delay, NULL; }
WEAK void netpoll_break(void) {}
