// cpu: what processor this is, for internal/cpu and its copies; is it one that the program is for?
#include "runtime/asm.h"
#include "runtime/os.h"
#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
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
GO_WEAK(int32_t, cpu_level, (void), "internal/cpu.getGOAMD64level") { return vole_cpu_level; }
#endif

// What compiled code looks at where its level does not say (backend/llvm_ops.c), under gc's names.
// Before internal/cpu is initialised, which needs none of it, there is nothing.
uint8_t x86_has_sse41 GOSYM("runtime.x86HasSSE41"), x86_has_popcnt GOSYM("runtime.x86HasPOPCNT"),
    x86_has_fma GOSYM("runtime.x86HasFMA");
GO_WEAK(void, cpu_features, (uint8_t sse41, uint8_t popcnt, uint8_t fma),
        "internal/cpu.setFeatures") {
    x86_has_sse41 = sse41;
    x86_has_popcnt = popcnt;
    x86_has_fma = fma;
}

NORETURN static void refuse(const char *message) {
    rt_write(2, message, strlen(message));
    rt_exit(1);
}

#if defined(__x86_64__)
// What each level adds, as gc's runtime·rt0_go has it.
static const struct Level {
    // Of leaf 1, of leaf 7, of leaf 0x80000001, and what the system keeps of registers.
    uint32_t ecx1, ebx7, ecx_ext, xcr0;
} levels[] = {
    [2] = {bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT, 0,
           bit_LAHF_LM, 0},
    [3] = {bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C, bit_BMI | bit_AVX2 | bit_BMI2,
           bit_LZCNT, 0x6},
    [4] = {0, bit_AVX512F | bit_AVX512DQ | bit_AVX512CD | bit_AVX512BW | bit_AVX512VL, 0, 0xe0},
};

static bool has_level(const struct Level *l) {
    uint32_t a, b, c1 = 0, b7 = 0, c, d, ext = 0, xcr0 = 0;
    if (!__get_cpuid(1, &a, &b, &c1, &d)) return false;
    __get_cpuid_count(7, 0, &a, &b7, &c, &d);
    __get_cpuid(0x80000001, &a, &b, &ext, &d);
    if (c1 & bit_OSXSAVE) xcr0 = icpu_xgetbv().a;
    return !(l->ecx1 & ~c1) && !(l->ebx7 & ~b7) && !(l->ecx_ext & ~ext) && !(l->xcr0 & ~xcr0);
}

// Registers of SSE, AVX and AVX-512: where XSAVE puts the last of them.
uint32_t vole_xsave_size;
enum { XSAVE_STATE = 0xe7, XSAVE_HEADER_END = 576 };
static void measure_registers(void) {
    vole_xsave_size = XSAVE_HEADER_END;
    for (unsigned i = 2; XSAVE_STATE >> i; i++) {
        uint32_t size, at, c, d;
        if (!(XSAVE_STATE >> i & 1) || !__get_cpuid_count(0xd, i, &size, &at, &c, &d)) continue;
        if (at + size > vole_xsave_size) vole_xsave_size = at + size;
    }
}

void cpu_check(void) {
    for (int32_t i = 2; i <= vole_cpu_level; i++) {
        static char message[] = "This program can only be run on AMD64 processors with v0 "
                                "microarchitecture support.\n";
        if (has_level(&levels[i])) continue;
        *strchr(strstr(message, "v0"), '0') = (char)('0' + vole_cpu_level);
        refuse(message);
    }
    if (vole_cpu_level >= 3) measure_registers();
}
#else
void cpu_check(void) {
    if (vole_cpu_level && !(getauxval(AT_HWCAP) & HWCAP_ATOMICS))
        refuse("This program can only run on ARM64 processors with LSE support.\n");
}
#endif

#if defined(__aarch64__)
GO_WEAK(uint64_t, cpu_isar0, (void), "internal/cpu.getisar0") { return 0; }
GO_WEAK(uint64_t, cpu_pfr0, (void), "internal/cpu.getpfr0") { return 0; }
GO_WEAK(uint64_t, cpu_midr, (void), "internal/cpu.getMIDR") { return 0; }
GO_WEAK(uint64_t, cpu_zfr0, (void), "internal/cpu.getzfr0") { return 0; }
#endif
