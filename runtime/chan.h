// chan: of channels, what the scheduler and timers use.
#ifndef VOLE_CHAN_H
#define VOLE_CHAN_H

#include "runtime/rt.h"

void chan_set_timer(Hchan *c, Timer *t);
bool chan_drain(Hchan *c); // takes out what a timer has sent; was there something?

#endif
