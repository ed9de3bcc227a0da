// rt: the vocabulary of runtime/*.c, which each of their headers includes: how functions that Go
// code calls are written, and what compiled code calls. What a file gives the others stands in the
// header of its name.
//
//   the process    os.h (main.c, env.c) godebug.h print.h signal.h
//   goroutines     sched.h (sched.c, runq.c, thread.c, world.c, sysmon.c, syscall.c, coro.c) lock.h
//                  stack.h asm.h rand.h synctest.h
//   communication  chan.h sudog.h (sema.c, too) timer.h netpoll.h
//   memory         heap.h (heap.c, weak.c, heapdump.c)
//   types, values  type.h (iface.c, reflect.c, alg.c) string.h (slice.c)
//   code           symtab.h (faultmap.c) traceback.h panic.h profile.h trace.h
//
// What Go's packages have in assembly, or pull from their runtime by linkname, is in atomic.c,
// cpu.c, math.c, pulled.c, stubs.c and vector*.c; what needs Go's types in overlay/src/runtime.
#ifndef VOLE_RT_H
#define VOLE_RT_H

#include "runtime/abi.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// The runtime is built twice: for programs at fixed addresses below 2 GiB, and position independent,
// for all else.
#ifndef VOLE_PIC
#define VOLE_PIC 0
#endif
#if VOLE_PIC
#define TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define TLS_MODEL __attribute__((tls_model("local-exec")))
#endif

#define GO __attribute__((swiftcall))
#define GOSYM(name) __asm__(name)
#define GOCTX __attribute__((swift_context))
#define NORETURN _Noreturn
#define NOINLINE __attribute__((noinline))
#define COLD __attribute__((cold))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
// Plain fields that other threads look at without a lock.
#define LOAD_RELAXED(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE_RELAXED(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define ALIGN_UP(x, a) (((x) + ((a) - 1)) & ~(uintptr_t)((a) - 1))

// A function that Go code calls as symbol. GO_WEAK: where GOROOT has a Go body for an architecture,
// that is taken.
#define GO_FUNC(ret, name, params, symbol)                                                         \
    GO ret name params GOSYM(symbol);                                                              \
    GO ret name params
#define GO_WEAK(ret, name, params, symbol)                                                         \
    GO ret name params GOSYM(symbol) __attribute__((weak));                                        \
    GO ret name params

// Results of Go functions: clang returns these in the registers that swiftcc uses.
typedef struct RetPB {
    void *p;
    uint8_t b;
} RetPB;
typedef struct RetIB {
    intptr_t i;
    uint8_t b;
} RetIB;
typedef struct RetBB {
    uint8_t a;
    _Alignas(8) uint8_t b;
} RetBB; // apart: clang would put two adjacent bytes into one register
typedef struct RetWI {
    int32_t w;
    intptr_t i;
} RetWI;
typedef struct RetC {
    double re, im;
} RetC;

typedef struct G G;
typedef struct M M;
typedef struct P P;
typedef struct Sudog Sudog;
typedef struct Panic Panic;
typedef struct Hchan Hchan;
typedef struct Timer Timer;
typedef struct Bubble Bubble;
typedef struct Stack Stack;
typedef struct Timers Timers;
typedef struct TraceBuf TraceBuf;
typedef struct Ancestors Ancestors;

static inline void call_go(void *closure) {
    void *code = *(void **)closure;
    ((GO void (*)(void *GOCTX))code)(closure);
}

// What compiled code calls.
#define RT(id, symbol, result, args, flags) GO RT_C(result) rt_##id(RT_C_ARGS args) GOSYM(symbol);
#include "runtime/runtime.def"
#undef RT

#endif
