// chan: of channels, what the scheduler and timers use.
#ifndef VOLE_CHAN_H
#define VOLE_CHAN_H

#include "runtime/rt.h"

void chan_lock_parked(G *g, void *arg);

#endif
