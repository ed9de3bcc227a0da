// stubs: what has no counterpart here, and says so by zero, or is trivial.
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/sched.h"
#include <signal.h>

// runtime/debug, pprof, crypto --------------------------------------------------------------------

GO_WEAK(uint8_t, debug_panic_on_fault, (uint8_t v), "runtime/debug.setPanicOnFault") {
    G *g = getg();
    uint8_t old = g->life.paniconfault;
    g->life.paniconfault = v & 1;
    return old;
}
GO_WEAK(void, pprof_set_label, (void *l), "runtime/pprof.runtime_setProfLabel") {
    getg()->life.labels = l;
}
GO_WEAK(void *, pprof_get_label, (void), "runtime/pprof.runtime_getProfLabel") {
    return getg()->life.labels;
}
GO_WEAK(int64_t, pprof_cycles, (void), "runtime/pprof.runtime_cyclesPerSecond") {
    return 1000000000;
}
GO_WEAK(void, rt_procyield, (uint32_t n), "runtime.procyield") {}
GO_WEAK(void, rt_breakpoint, (void), "runtime.Breakpoint") { raise(SIGTRAP); }

// crypto: FIPS mode is off, so there is no checksum; the indicator is the goroutine's.
char fips_info[128] GOSYM("go:fipsinfo");
GO_WEAK(uint8_t, fips_get_indicator, (void), "crypto/internal/fips140.getIndicator") {
    return getg()->life.fips_indicator;
}
GO_WEAK(void, fips_set_indicator, (uint8_t v), "crypto/internal/fips140.setIndicator") {
    getg()->life.fips_indicator = v;
}
GO_WEAK(int64_t, fips_time, (void), "crypto/internal/fips140deps/time.monoTime") {
    return nanotime();
}
GO_WEAK(void, fips_set_bypass, (void), "crypto/fips140.setBypass") {
    getg()->life.fips_bypass = true;
}
GO_WEAK(void, fips_unset_bypass, (void), "crypto/fips140.unsetBypass") {
    getg()->life.fips_bypass = false;
}
GO_WEAK(uint8_t, fips_is_bypassed, (void), "crypto/fips140.isBypassed") {
    return getg()->life.fips_bypass;
}
GO_WEAK(void, boring_standard, (void), "crypto/internal/boring/sig.StandardCrypto") {}
GO_WEAK(void, boring_only, (void), "crypto/internal/boring/sig.FIPSOnly") {}
GO_WEAK(void, boring_crypto, (void), "crypto/internal/boring/sig.BoringCrypto") {}

GO_WEAK(uint8_t, dit_set_enabled, (void), "crypto/subtle.setDITEnabled") { return 1; }
GO_WEAK(void, dit_set_disabled, (void), "crypto/subtle.setDITDisabled") {}

GO_WEAK(void, os_ignore_sigsys, (void), "os.ignoreSIGSYS") {}
GO_WEAK(void, os_restore_sigsys, (void), "os.restoreSIGSYS") {}
