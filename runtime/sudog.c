// sudog: free sudogs of the processor, so that none is allocated for each wait.
#include "runtime/heap.h"
#include "runtime/sched.h"
#include "runtime/sudog.h"

Sudog *acquire_sudog(void) {
    M *m = getm();
    P *p = m->p;
    Sudog *s = p ? p->sudogs : NULL;
    if (s) {
        p->sudogs = s->next;
        p->nsudogs--;
        *s = (Sudog){0};
        return s;
    }
    return persistent_alloc(sizeof *s);
}
void release_sudog(Sudog *s) {
    P *p = getm()->p;
    if (!p) return;
    s->elem = NULL;
    s->next = p->sudogs;
    p->sudogs = s;
    p->nsudogs++;
}
