// cpu: what processor this is, for internal/cpu and its copies.
#include "runtime/rt.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

typedef struct RetCpuid {
    uint32_t a;
    _Alignas(8) uint32_t b;
    _Alignas(8) uint32_t c;
    _Alignas(8) uint32_t d;
} RetCpuid;
typedef struct RetXgetbv {
    uint32_t a;
    _Alignas(8) uint32_t d;
} RetXgetbv;
#if defined(__x86_64__)
GO_WEAK(RetCpuid, icpu_cpuid, (uint32_t a, uint32_t c), "internal/cpu.cpuid") {
    RetCpuid r = {0};
    __cpuid_count(a, c, r.a, r.b, r.c, r.d);
    return r;
}
GO_WEAK(RetXgetbv, icpu_xgetbv, (void), "internal/cpu.xgetbv") {
    RetXgetbv r = {0};
    __asm__("xgetbv" : "=a"(r.a), "=d"(r.d) : "c"(0));
    return r;
}
#endif
// No features, so that packages choose their portable code.
#define CPUID(pkg, id)                                                                             \
    GO_WEAK(RetCpuid, id##_cpuid, (uint32_t a, uint32_t c), pkg ".cpuid") { return (RetCpuid){0}; } \
    GO_WEAK(RetXgetbv, id##_xgetbv, (void), pkg ".xgetbv") { return (RetXgetbv){0}; }
CPUID("vendor/golang.org/x/sys/cpu", xcpu)
CPUID("golang.org/x/sys/cpu", mcpu)
GO_WEAK(int32_t, cpu_level, (void), "internal/cpu.getGOAMD64level") { return 1; }
#if defined(__aarch64__)
GO_WEAK(uint64_t, cpu_isar0, (void), "internal/cpu.getisar0") { return 0; }
GO_WEAK(uint64_t, cpu_pfr0, (void), "internal/cpu.getpfr0") { return 0; }
GO_WEAK(uint64_t, cpu_midr, (void), "internal/cpu.getMIDR") { return 0; }
GO_WEAK(uint64_t, cpu_zfr0, (void), "internal/cpu.getzfr0") { return 0; }
#endif
