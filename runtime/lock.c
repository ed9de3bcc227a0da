// lock: mutexes and one-shot wake-ups of threads, on futexes.
#include "runtime/os.h"
#include "runtime/sched.h"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long futex(_Atomic uint32_t *addr, int op, uint32_t val, const struct timespec *ts) {
    return syscall(SYS_futex, addr, op | FUTEX_PRIVATE_FLAG, val, ts, NULL, 0);
}

// Between two looks at a lock. A pause takes 40 cycles on one processor and 140 on another.
static void spin(void) {
#if defined(__x86_64__)
    enum { CYCLES = 450 };
    uint64_t from = __builtin_ia32_rdtsc();
    do __builtin_ia32_pause();
    while (__builtin_ia32_rdtsc() - from < CYCLES);
#endif
}

static NOINLINE void lock_slow(Mutex *l) {
    for (int i = 0; i < 40 && ncpu > 1; i++) {
        uint32_t free = 0;
        if (atomic_load_explicit(&l->state, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong(&l->state, &free, 1))
            return;
        spin();
    }
    while (atomic_exchange(&l->state, 2)) futex(&l->state, FUTEX_WAIT, 2, NULL);
}

void lock(Mutex *l) {
    M *m = getm();
    if (m) m->locks++;
    uint32_t free = 0;
    if (!atomic_compare_exchange_strong(&l->state, &free, 1)) lock_slow(l);
}

void unlock(Mutex *l) {
    if (atomic_exchange(&l->state, 0) == 2) futex(&l->state, FUTEX_WAKE, 1, NULL);
    M *m = getm();
    if (m) m->locks--;
}

void note_clear(Note *n) { n->set = 0; }
void note_wake(Note *n) {
    if (atomic_exchange(&n->set, 1) == 0) futex(&n->set, FUTEX_WAKE, 1, NULL);
}
bool note_sleep(Note *n, int64_t ns) {
    int64_t deadline = ns < 0 ? 0 : nanotime() + ns;
    while (!n->set) {
        struct timespec ts, *t = NULL;
        if (ns >= 0) {
            int64_t left = deadline - nanotime();
            if (left <= 0) return n->set;
            ts = (struct timespec){left / 1000000000, left % 1000000000};
            t = &ts;
        }
        futex(&n->set, FUTEX_WAIT, 0, t);
    }
    return true;
}
