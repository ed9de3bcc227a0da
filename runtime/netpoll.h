// netpoll: goroutines that wait for file descriptors.
#ifndef VOLE_NETPOLL_H
#define VOLE_NETPOLL_H

#include "runtime/rt.h"

bool netpoll_inited(void);
bool netpoll_has_waiters(void);
G *netpoll(int64_t delay); // runnable goroutines; delay < 0: block, 0: don't
void netpoll_break(void);

#endif
