// math: what package math has in assembly.
#include "runtime/heap.h"
#include "runtime/sched.h"
#include <math.h>

extern GO double go_exp(double x) GOSYM("math.exp") __attribute__((weak));
extern GO double go_log(double x) GOSYM("math.log") __attribute__((weak));
extern GO double go_hypot(double x, double y) GOSYM("math.hypot") __attribute__((weak));
GO_WEAK(double, arch_floor, (double x), "math.archFloor") { return floor(x); }
GO_WEAK(double, arch_ceil, (double x), "math.archCeil") { return ceil(x); }
GO_WEAK(double, arch_trunc, (double x), "math.archTrunc") { return trunc(x); }
GO_WEAK(double, arch_exp, (double x), "math.archExp") { return go_exp(x); }
GO_WEAK(double, arch_log, (double x), "math.archLog") { return go_log(x); }
GO_WEAK(double, arch_hypot, (double x, double y), "math.archHypot") { return go_hypot(x, y); }
GO_WEAK(double, arch_exp2, (double x), "math.archExp2") {
    extern GO double go_exp2(double x) GOSYM("math.exp2") __attribute__((weak));
    return go_exp2(x);
}
GO_WEAK(double, arch_modf, (double x), "math.archModf0") { return x; }
