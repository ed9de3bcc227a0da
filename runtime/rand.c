// rand: random numbers of the thread, by xoroshiro128+ (Blackman and Vigna, 2018).
#include "runtime/os.h"
#include "runtime/rand.h"
#include "runtime/sched.h"
#include <unistd.h>

static uint64_t rotl(uint64_t x, int k) { return x << k | x >> (64 - k); }
uint64_t fastrand(void) {
    M *m = getm();
    uint64_t a = m->rand[0], b = m->rand[1], r = a + b;
    b ^= a;
    m->rand[0] = rotl(a, 24) ^ b ^ (b << 16);
    m->rand[1] = rotl(b, 37);
    return r;
}

void rand_seed(M *m) {
    m->rand[0] = (uint64_t)nanotime() * 0x9e3779b97f4a7c15u ^ (uintptr_t)m;
    m->rand[1] = 0xd1342543de82ef95u ^ ((uint64_t)getpid() << 32);
    for (int i = 0; i < 4; i++) {
        uint64_t a = m->rand[0] + m->rand[1];
        m->rand[0] = rotl(m->rand[0] ^ a, 31) * 0xff51afd7ed558ccdu;
        m->rand[1] ^= m->rand[0] >> 29;
    }
}

GO uint64_t rt_rand(void) { return fastrand(); }
GO_WEAK(uint32_t, rt_randn, (uint32_t n), "runtime.randn") { return fastrandn(n); }
GO_WEAK(uint32_t, rt_cheaprand, (void), "runtime.cheaprand") { return (uint32_t)fastrand(); }
