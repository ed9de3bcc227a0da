// sema: semaphores by address, for the runtime's own locks that a goroutine may wait for.
#ifndef VOLE_SEMA_H
#define VOLE_SEMA_H

#include "runtime/rt.h"
#include "runtime/waitreason.h"

// lifo: before all who wait. reason: what tracebacks say it waits for.
void sem_acquire(_Atomic uint32_t *addr, bool lifo, WaitReason reason);
void sem_release(_Atomic uint32_t *addr, bool handoff); // handoff: who waited runs at once

#endif
